"""Read one cell.

In:  the text of a cell.
Out: its value, None if it is blank; BadCell says what was expected. Readers of cells that repeat remember them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from tocsin import codebook
from tocsin.codebook.interaction import key
from tocsin.countries import Country, by_name, country
from tocsin.errors import UsageError

Read = Callable[[str], Any]

REMEMBERED = 1 << 14  # different cells of one column; dates, places and actors of a large file fit
MANY = 100_000_000  # more people than any event counts
SECONDS = 1 << 33  # of the clock: far beyond this century
ESCAPED = tuple(f"'{start}" for start in "=+-@\t\r")  # an apostrophe that keeps spreadsheets from running a cell
ISO = re.compile(r"\d{4}-\d\d-\d\d")
BRACKETS = re.compile(r"\s*\(.*\)$|^Kingdom of ")


class BadCell(Exception):
    """A cell that cannot be used; `column` and `found` are left out where the caller knows them."""

    def __init__(self, expected: str, column: str = "", found: object = "") -> None:
        super().__init__(expected)
        self.expected, self.column, self.found = expected, column, found


def remembered(read: Read) -> Read:
    """The same reader, which works out each different cell once."""
    return lru_cache(REMEMBERED)(read)


def text(cell: str) -> str | None:
    """Text without spaces around it, and without the apostrophe that guards against formulas."""
    cell = cell.strip()
    return (cell[1:] if cell.startswith(ESCAPED) else cell) or None


@remembered
def name(cell: str) -> str | None:
    """A name on one line with single spaces."""
    return text(" ".join(cell.split()))


@remembered
def names(cell: str) -> str | None:
    """Several names, "; " between them."""
    found = text(cell) or ""
    return "; ".join(part for part in (part.strip() for part in found.split(";")) if part) or None


def one_of(allowed: Iterable[str], others: Mapping[str, str] | None = None) -> Read:
    """One of the values, or another spelling of one; case and spaces do not matter."""
    spellings = {key(value): value for value in allowed}
    known = {**spellings, **{key(other): value for other, value in (others or {}).items()}}
    expected = "one of " + ", ".join(spellings.values())

    def read(cell: str) -> str | None:
        if not cell.strip():
            return None
        if (found := known.get(key(cell))) is None:
            raise BadCell(expected)
        return found

    return remembered(read)


def whole(most: int, least: int = 0) -> Read:
    """A whole number; "3.0" is one too, as tables with gaps often have it."""

    def read(cell: str) -> int | None:
        cell = cell.strip()
        if not cell:
            return None
        digits = cell.removesuffix(".0")
        sign = digits.startswith("-")
        if digits[sign:].isdecimal() and digits.isascii() and least <= int(digits[:20]) <= most:
            return int(digits[:20])
        raise BadCell(f"a whole number from {least} to {most}" if most < 1000 else "a whole number, not negative")

    return remembered(read)


def number(most: float, least: float = 0.0) -> Read:
    """A number between two others; the point is the decimal mark."""

    def read(cell: str) -> float | None:
        try:
            found = float(cell)
        except ValueError:
            if not cell.strip():
                return None
            found = most + 1
        if least <= found <= most and "_" not in cell:
            return found
        raise BadCell(f"a number from {least:g} to {most:g}")

    return read


def day(formats: tuple[str, ...] = ()) -> Read:
    """A day as YYYY-MM-DD; read by `formats` of strptime, or ISO with or without a time."""
    first = any(form.startswith("%Y-") for form in formats)  # could be taken for ISO

    def read(cell: str) -> str | None:
        cell = cell.strip()
        if not cell:
            return None
        if found := (not first and _iso(cell)) or _formatted(cell, formats) or _iso(cell):
            return found
        raise BadCell("a day written YYYY-MM-DD" + "".join(f" or {form}" for form in formats))

    return remembered(read)


def _iso(cell: str) -> str | None:
    if not ISO.match(cell) or cell[10:11] not in ("", "T", " "):
        return None
    try:
        return date.fromisoformat(cell[:10]).isoformat()
    except ValueError:
        return None


def _formatted(cell: str, formats: tuple[str, ...]) -> str | None:
    """The day by the first format that fits."""
    for form in formats:
        try:
            return datetime.strptime(cell, form).date().isoformat()
        except ValueError:
            continue
    return None


@remembered
def inter(cell: str) -> str | None:
    """A kind of actor by label, older label or number."""
    try:
        return codebook.inter_label(cell.strip().removesuffix(".0")) or None
    except UsageError:
        raise BadCell("a kind of actor: " + ", ".join(codebook.inter_label(at) for at in range(1, 9))) from None


@remembered
def home(cell: str) -> str | None:
    """A country by name, former name in brackets, or ISO alpha-3; ACLED's name for it."""
    if not (cell := cell.strip()):
        return None
    if found := find_country(cell):
        return found.name
    raise BadCell("the name of a country")


def find_country(cell: str) -> Country | None:
    """The country of a name, "Myanmar (Burma)" too, or of an ISO alpha-3 code."""
    code = country(cell) if len(cell) == 3 else None
    return code or by_name(cell, "en") or by_name(BRACKETS.sub("", cell), "en")
