"""ACLED's own forms: the CSV of its exports and the JSON of its API.

In:  event rows.
Out: 31 columns in ACLED's order; in JSON text that is missing is "", a missing number null, as clients expect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from tocsin.codebook import COLUMNS
from tocsin.exchange.formats import json_line
from tocsin.exchange.hxl import acled_tags
from tocsin.exchange.writers.files import NUMBERS, AnyRow, as_tuple, write_table


def write_csv(rows: Iterable[AnyRow], out: BinaryIO, about: Mapping[str, Any]) -> int:
    """The table; with `hxl` in `about` a row of HXL hashtags under its header."""
    return write_table(map(as_tuple, rows), out, COLUMNS, acled_tags(COLUMNS) if about.get("hxl") else ())


def write_json(rows: Iterable[AnyRow], out: BinaryIO, about: Mapping[str, Any]) -> int:
    """The envelope of ACLED's API; `count` comes after the rows, so that they can be streamed."""
    out.write(b'{"status": 200, "success": true, "last_update": 0, "messages": [], "data": [\n')
    count = 0
    for row in rows:
        values = zip(COLUMNS, as_tuple(row), strict=True)
        record = {name: "" if value is None and name not in NUMBERS else value for name, value in values}
        out.write(((",\n" if count else "") + json_line(record)).encode("utf-8", "replace"))
        count += 1
    out.write(f'\n], "count": {count}, "filename": "", "about": {json_line(dict(about))}}}\n'.encode())
    return count
