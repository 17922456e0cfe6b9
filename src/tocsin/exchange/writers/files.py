"""What every writer needs: rows of one shape, text on a byte stream, and files that appear when they are whole.

In:  rows, a path or a stream.
Out: rows as dictionaries; CSV cells that no spreadsheet runs.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from tocsin.codebook import COLUMNS
from tocsin.errors import UsageError
from tocsin.exchange.formats import FORMULA_STARTS

Row = dict[str, Any]
AnyRow = Row | tuple[Any, ...]
Write = Callable[[Iterable[AnyRow], BinaryIO, Mapping[str, Any]], int]

BATCH = 500  # rows put into text at once; more leave the processor's cache
NUMBERS = frozenset(
    ("year", "time_precision", "iso", "latitude", "longitude", "geo_precision", "fatalities", "timestamp")
)
STARTS = frozenset(FORMULA_STARTS)
TEXT = {str, type(None)}


def as_dict(row: AnyRow) -> Row:
    return dict(zip(COLUMNS, row, strict=True)) if isinstance(row, tuple) else row


def as_tuple(row: AnyRow, names: Sequence[str] = COLUMNS) -> tuple[Any, ...]:
    return row if isinstance(row, tuple) else tuple(map(row.get, names))


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """What the block cannot write is told with its path."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}); choose another folder.") from None


@contextmanager
def into(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes the path's place when the block ends well; else nothing is changed."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder; give the name of a file in it, such as {path / 'events'}.")
    with writable(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_table(rows: Iterable[tuple[Any, ...]], out: BinaryIO, names: Sequence[str], tags: Sequence[str] = ()) -> int:
    """RFC 4180: a header and the rows, None as nothing; cells of text that start like a formula get an apostrophe.

    `tags`: a row of HXL hashtags under the header.
    Column by column, and each different text once: twice as fast as the csv module.
    """
    for head in filter(None, (names, tags)):
        out.write((",".join(head) + "\r\n").encode())
    count, left = 0, iter(rows)
    while batch := list(islice(left, BATCH)):
        columns = [_column(cells) for cells in zip(*batch, strict=True)]
        lines = map(",".join, zip(*columns, strict=True))
        out.write(("\r\n".join(lines) + "\r\n").encode("utf-8", "replace"))
        count += len(batch)
    return count


def _column(cells: Sequence[Any]) -> list[str]:
    kinds = set(map(type, cells))
    if kinds == {int} or kinds == {float}:
        return list(map(str, cells))
    if kinds <= TEXT:
        known = {cell: _cell(cell) for cell in set(cells)}
        return list(map(known.__getitem__, cells))
    return list(map(_cell, cells))


def _cell(value: Any) -> str:
    """The value as a cell: guarded, and quoted where it must be."""
    if not isinstance(value, str):
        return "" if value is None else str(value)
    text = f"'{value}" if value[:1] in STARTS else value
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
