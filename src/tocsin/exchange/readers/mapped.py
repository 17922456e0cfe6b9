"""Read any table of events, by a mapping, by HXL tags or by columns that have our names.

In:  a Table and a Mapping (docs/import.md): our columns by theirs, constants, values in our words, form of the days.
Out: claim rows and issues.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tocsin.codebook import COLUMNS
from tocsin.errors import DataError, SourceError
from tocsin.exchange.hxl import read_tags
from tocsin.exchange.readers import acled, cells
from tocsin.exchange.readers.cells import BadCell, Read
from tocsin.exchange.readers.files import Table
from tocsin.exchange.readers.rows import Row, claim_row, plan, rows, unused
from tocsin.model import Issue
from tocsin.toml import parse_toml

RULE = "import.csv"
NEEDED = ("event_date", "event_type", "country")
DERIVED = ("year", "disorder_type", "interaction", "iso", "region")
SETTINGS = ("dataset", "delimiter", "date_format", "columns", "constants", "values", "ignore")


@dataclass(frozen=True, slots=True)
class HowToRead:
    """A mapping. `columns`: ours -> theirs; `values`: ours -> their value -> ours."""

    dataset: str = "csv"
    delimiter: str = ""
    formats: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()


def readers(formats: tuple[str, ...] = ()) -> dict[str, Read]:
    """How to read each of our columns that does not follow from others."""
    deaths = dict.fromkeys(("fatalities_low", "fatalities_best", "fatalities_high"), cells.whole(cells.MANY))
    radius = {"place_radius_km": cells.number(20_038), "geonameid": cells.whole(cells.SECONDS)}
    return {**acled.readers(formats), **deaths, **radius, "row_id": cells.text}


def load_mapping(path: Path | None) -> HowToRead:
    """Read and check a mapping file; without one, nothing is mapped."""
    if path is None:
        return HowToRead()
    try:
        text = path.read_text(encoding="utf-8")
        data = parse_toml(text, str(path))
    except OSError as error:
        raise DataError(f"{path}: the mapping cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}:1: found {error}, expected TOML") from error
    return _Checker(path, text.splitlines()).mapping(data)


@dataclass(frozen=True, slots=True)
class _Checker:
    """Reads the parts of a mapping and knows where it is wrong."""

    path: Path
    lines: Sequence[str]

    def mapping(self, data: Mapping[str, Any]) -> HowToRead:
        self.known(data, SETTINGS)
        formats, ignore = self.strings(data, "date_format"), self.strings(data, "ignore")
        reading = readers(formats)
        values = self.table(data, "values")
        self.known(values, reading)
        return HowToRead(
            dataset="".join(self.strings(data, "dataset")) or "csv",
            delimiter=self.delimiter(data),
            formats=formats,
            columns=self.columns(data, reading),
            constants=self.constants(self.table(data, "constants"), reading),
            values={name: self.texts(values, name) for name in values},
            ignore=frozenset(ignore),
        )

    def strings(self, data: Mapping[str, Any], name: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        found = data.get(name, [])
        found = [found] if isinstance(found, str) else found
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise self.wrong(name, found, "text in quotes")
        return tuple(found)

    def delimiter(self, data: Mapping[str, Any]) -> str:
        found = "".join(self.strings(data, "delimiter"))
        if len(found) > 1 or found in tuple('"\r\n'):
            raise self.wrong("delimiter", found, "one sign")
        return found

    def columns(self, data: Mapping[str, Any], reading: Mapping[str, Read]) -> dict[str, str]:
        found = self.texts(data, "columns")
        self.known(found, reading)
        for ours, theirs in found.items():
            if list(found.values()).count(theirs) > 1:
                raise self.wrong(ours, theirs, "each of their columns once")
        return found

    def known(self, found: Mapping[str, Any], allowed: Sequence[str] | Mapping[str, Any]) -> None:
        for name in found:
            if name in DERIVED:
                raise self.wrong(name, name, "it left out, as it follows from other columns")
            if name not in allowed:
                raise self.wrong(name, name, "one of " + ", ".join(allowed))

    def table(self, data: Mapping[str, Any], name: str) -> dict[str, Any]:
        found = data.get(name, {})
        if not isinstance(found, dict):
            raise self.wrong(name, found, f"a table [{name}]")
        return found

    def texts(self, data: Mapping[str, Any], name: str) -> dict[str, str]:
        """A table that holds nothing but texts."""
        found = self.table(data, name)
        for key, value in found.items():
            if not isinstance(value, str):
                raise self.wrong(key, value, "text in quotes")
        return found

    def constants(self, found: Mapping[str, Any], reading: Mapping[str, Read]) -> dict[str, Any]:
        self.known(found, reading)
        return {name: self.constant(name, value, reading[name]) for name, value in found.items()}

    def constant(self, name: str, value: Any, read: Read) -> Any:
        try:
            return read(str(value))
        except BadCell as bad:
            raise self.wrong(name, value, bad.expected) from None

    def wrong(self, word: str, found: object, expected: str) -> DataError:
        """An error that points at the first line that begins with the word."""
        starts = (i for i, line in enumerate(self.lines, 1) if line.lstrip(' "[').startswith(str(word)))
        return DataError(f"{self.path}:{next(starts, 1)}: found {found!r}, expected {expected}")


def read_mapped(table: Table, where: str, dataset: str, how: HowToRead) -> Iterator[Row | Issue]:
    """The rows of any table."""
    header = our_header(table, how)
    reading = {name: _translated(read, how.values.get(name)) for name, read in readers(how.formats).items()}
    unread = [theirs for ours, theirs in zip(header, table.header, strict=True) if not ours]
    yield from unused([name for name in unread if name and name not in (*how.ignore, *DERIVED)], where)
    needed = [name for name in NEEDED if name not in how.constants]
    if "sub_event_type" in header or "sub_event_type" in how.constants:
        needed = [name for name in needed if name != "event_type"]
    found = plan(header, reading, needed, lambda row: finish({**how.constants, **row}), table.header)
    yield from rows(table, found, where, dataset)


def our_header(table: Table, how: HowToRead) -> tuple[str, ...]:
    """Our name for each of their columns, "" for one that is not used."""
    theirs = [column.strip() for column in table.header]
    if missing := [name for name in how.columns.values() if name not in theirs]:
        raise SourceError(f"the mapping names {missing[0]!r}, which is no column; there are {', '.join(theirs)}")
    if how.columns:
        named = {name: ours for ours, name in how.columns.items()}
        return tuple(named.get(column, "") for column in theirs)
    if table.tags:
        return tuple(tags().get(_tag(tag), "") for tag in table.tags)
    known = readers()
    return tuple(name if (name := acled.our_name(column)) in known else "" for column in theirs)


@cache
def tags() -> dict[frozenset[str], str]:
    """Our columns by HXL tag."""
    return {_tag(tag): name for name, tag in read_tags({*COLUMNS, *readers()}).items()}


def _tag(tag: str) -> frozenset[str]:
    """A tag and its attributes, in no order."""
    return frozenset(tag.casefold().replace(" ", "").split("+"))


def _translated(read: Read, values: Mapping[str, str] | None) -> Read:
    """The reader, after their value is put into ours."""
    if not values:
        return read
    return lambda cell: read(values.get(cell.strip(), cell))


def finish(row: Row) -> Row:
    """The claim row of what one record states."""
    row.setdefault("event_type", None)
    acled.types(row)
    if row["event_type"] is None and row.get("sub_event_type") is None:
        raise BadCell("a value", "event_type")
    best = row.get("fatalities_best")
    row["fatalities"] = row.get("fatalities") if row.get("fatalities") is not None else best
    row["fatalities_best"] = best if best is not None else row["fatalities"]
    row["row_id"] = row.get("row_id") or row.get("event_id_cnty")
    return claim_row(row, [RULE])
