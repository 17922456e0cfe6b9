"""Read one cell.

In:  the text of a cell.
Out: its value, None if it is blank; BadCell says what was expected. Readers of cells that repeat remember them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from tocsin import codebook
from tocsin.codebook.interaction import key
from tocsin.countries import Country, by_name, countries, country
from tocsin.errors import UsageError

Read = Callable[[str], Any]

REMEMBERED = 1 << 14  # different cells of one column; dates, places and actors of a large file fit
LISTED = 8  # most values that a message lists
EXAMPLE = date(2024, 2, 5)  # shows in messages how a day is written
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

    def read(cell: str) -> str | None:
        if not cell.strip():
            return None
        if (found := known.get(key(cell))) is None:
            raise BadCell(choice(cell, list(spellings.values())))
        return found

    return remembered(read)


def choice(cell: str, allowed: Sequence[str]) -> str:
    """What was expected: all that is allowed, or of a long list the entries most like the cell."""
    if len(allowed) <= LISTED:
        return "one of " + ", ".join(allowed)
    near = get_close_matches(cell.strip().casefold(), [each.casefold() for each in allowed], LISTED, 0.5)
    shown = [each for each in allowed if each.casefold() in near] or allowed[:LISTED]
    return f"one of {len(allowed)} known ones such as {', '.join(shown[:LISTED])}"


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
        raise BadCell(f"a whole number from {least} to {most}" if most < 10_000 else "a whole number, not negative")

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
    expected = f"a day such as {as_written(formats)}"

    def read(cell: str) -> str | None:
        cell = cell.strip()
        if not cell:
            return None
        if found := (not first and _iso(cell)) or _formatted(cell, formats) or _iso(cell):
            return found
        raise BadCell(expected)

    return remembered(read)


def as_written(formats: Iterable[str]) -> str:
    """How a day may be written, told by one: "2024-02-05 or 05 February 2024"."""
    *others, last = dict.fromkeys([EXAMPLE.isoformat(), *map(EXAMPLE.strftime, formats)])
    return f"{', '.join(others)} or {last}" if others else last


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
    near = get_close_matches(cell, [each.name for each in countries()], 1)
    raise BadCell("the name of a country" + (f" such as {near[0]}" if near else ""))


def find_country(cell: str) -> Country | None:
    """The country of a name, "Myanmar (Burma)" too, or of an ISO alpha-3 code."""
    code = country(cell) if len(cell) == 3 else None
    return code or by_name(cell, "en") or by_name(BRACKETS.sub("", cell), "en")
