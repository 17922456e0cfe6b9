"""A Frictionless data package: a snapshot that can be cited and checked.

In:  event rows, further tables by name, what to say about them (query, as_of, code_version, codebook_version, ...).
Out: a zip, or a folder, with datapackage.json and one CSV for each table.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from hashlib import file_digest
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from tocsin.codebook import COLUMNS, taxonomy
from tocsin.errors import UsageError
from tocsin.exchange.formats import json_line
from tocsin.exchange.writers.files import NUMBERS, AnyRow, Row, as_tuple, into, writable, write_table

KEYS = ("query", "as_of", "code_version", "codebook_version")
KEY = "event_id_cnty"
TABLE_NAME = re.compile(r"[a-z][a-z0-9_]*")


def write_zip(rows: Iterable[AnyRow], out: BinaryIO, about: Mapping[str, Any]) -> int:
    return write_package(rows, out, about, {})


def write_package(
    rows: Iterable[AnyRow], out: BinaryIO | Path, about: Mapping[str, Any], tables: Mapping[str, Iterable[Row]]
) -> int:
    """A zip on a stream or for a path that ends in .zip; else a new folder."""
    beside = out.parent if isinstance(out, Path) else None
    if isinstance(out, Path) and out.suffix != ".zip":
        _is_free(out)
    with ExitStack() as stack:
        with writable(out if isinstance(out, Path) else Path(tempfile.gettempdir())):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=".package.", dir=beside)))
        whole = folder / "whole"
        whole.mkdir()
        count = fill(whole, rows, about, tables)
        if isinstance(out, Path) and out.suffix != ".zip":
            _is_free(out)
            os.rename(whole, out)
        else:
            _pack(whole, stack.enter_context(into(out)) if isinstance(out, Path) else out)
    return count


def fill(folder: Path, rows: Iterable[AnyRow], about: Mapping[str, Any], tables: Mapping[str, Iterable[Row]]) -> int:
    """Write the tables and then datapackage.json."""
    with (folder / "events.csv").open("wb") as file:
        count = write_table(map(as_tuple, rows), file, COLUMNS)
    fields = [field(name) for name in COLUMNS]
    resources = [_resource(folder, "events", {"fields": fields, "primaryKey": KEY, "missingValues": [""]})]
    for name, table in tables.items():
        if not TABLE_NAME.fullmatch(name) or name == "events":
            raise UsageError(f"{name!r} cannot name a table of a package; use small letters, digits and _.")
        resources += _table(folder, name, table)
    given = {"name": "events", **dict.fromkeys(KEYS), **about}
    (folder / "datapackage.json").write_text(json_line({**given, "resources": resources}) + "\n", encoding="utf-8")
    return count


def field(name: str) -> Row:
    """A column in the words of Table Schema."""
    kind = "number" if name in ("latitude", "longitude") else "integer" if name in NUMBERS else "string"
    limits = {
        "event_id_cnty": {"required": True, "unique": True},
        "event_type": {"enum": list(dict.fromkeys(s.event_type for s in taxonomy().sub_event_types.values()))},
        "sub_event_type": {"enum": list(taxonomy().sub_event_types)},
        "time_precision": {"minimum": 1, "maximum": 3},
        "geo_precision": {"minimum": 1, "maximum": 3},
        "latitude": {"minimum": -90, "maximum": 90},
        "longitude": {"minimum": -180, "maximum": 180},
        "fatalities": {"minimum": 0},
    }.get(name)
    found = {"name": name, "type": "date" if name == "event_date" else kind}
    return {**found, "constraints": limits} if limits else found


def _table(folder: Path, name: str, rows: Iterable[Row]) -> list[Row]:
    """A further table, its columns those of its first row; one that names events refers to them. Empty: left out."""
    left = iter(rows)
    first = next(left, None)
    if first is None:
        return []
    names = tuple(first)
    with (folder / f"{name}.csv").open("wb") as file:
        write_table((_plain(as_tuple(row, names)) for row in chain((first,), left)), file, names)
    schema: Row = {"fields": [{"name": n, "type": "any"} for n in names], "missingValues": [""]}
    if KEY in names:
        schema["foreignKeys"] = [{"fields": KEY, "reference": {"resource": "events", "fields": KEY}}]
    return [_resource(folder, name, schema)]


def _plain(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(json.dumps(v, ensure_ascii=False) if isinstance(v, dict | list) else v for v in values)


def _resource(folder: Path, name: str, schema: Row) -> Row:
    path = folder / f"{name}.csv"
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    kind = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "profile": "tabular-data-resource"}
    about = {"name": name, "path": path.name, **kind, "bytes": path.stat().st_size}
    return {**about, "hash": f"sha256:{digest}", "schema": schema}


def _is_free(out: Path) -> None:
    if out.exists():
        raise UsageError(f"{out} is there already; take it away or choose another name.")


def _pack(folder: Path, out: BinaryIO) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.iterdir()):
            with path.open("rb") as file, packed.open(zipfile.ZipInfo(path.name), "w") as member:
                shutil.copyfileobj(file, member)
