"""From records to claim rows, whatever the source.

In:  a Table, and a Plan: which of our columns come from which cells, and what follows from them.
Out: claim rows with the keys of exchange/event.py, what is not stated None; an Issue for each record left out for a
     fault, with line, column, value and expectation; at the end one Issue that counts what is left out on purpose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from tocsin import codebook
from tocsin.codebook import COLUMNS, taxonomy
from tocsin.countries import by_name
from tocsin.errors import SourceError
from tocsin.exchange.readers.cells import BadCell, Read
from tocsin.exchange.readers.files import Table
from tocsin.model import Issue

Row = dict[str, Any]
Finish = Callable[[Row], Row]

STAGE = "import"
ADDED = [
    "fatalities_low",
    "fatalities_best",
    "fatalities_high",
    "background",
    "place_radius_km",
    "geonameid",
    "complete",
    "confidence",
    "rules",
    "evidence",
    "dataset",
    "row_id",
]
BLANK: Mapping[str, Any] = dict.fromkeys((*COLUMNS, *ADDED))
COMPLETE = itemgetter("event_date", "event_type", "actor1", "country", "latitude", "longitude")
SHOWN = 60  # characters of a bad cell


class LeftOut(Exception):
    """A sound record that is no event for us; counted by its reason."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a record becomes a row: cell `at[i]` is read by `read[i]` as `names[i]`; then `finish`."""

    names: tuple[str, ...]
    at: tuple[int, ...]
    read: tuple[Read, ...]
    needed: Callable[[Sequence[Any]], Sequence[Any]]  # picks the values that must not be blank
    finish: Finish


def plan(
    header: Sequence[str], readers: Mapping[str, Read], needed: Collection[str], finish: Finish,
    theirs: Sequence[str] = (),
) -> Plan:  # fmt: skip
    """The plan for a header in our names ("" for a column that is not used); SourceError if a needed one is missing.

    `theirs`: the header as it stands in the file, where it is another.
    """
    if missing := [name for name in needed if name not in header]:
        lacks, has = ", ".join(missing), ", ".join(theirs or header)
        other = "Is it another kind of file (--as)" + (" or does it need a --mapping?" if theirs else "?")
        raise SourceError(f"the columns {lacks} are missing; there are {has}. {other}")
    at = tuple(i for i, name in enumerate(header) if name in readers)
    names = tuple(header[i] for i in at)
    if twice := sorted(name for name, count in Counter(names).items() if count > 1):
        raise SourceError(f"the column {twice[0]} is there twice; take one away")
    must = picker([names.index(name) for name in needed])
    return Plan(names, at, tuple(readers[name] for name in names), must, finish)


def picker(at: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Takes the values at these places; several at once is fastest with itemgetter, which gives no sequence of one."""
    return itemgetter(*at) if len(at) > 1 else lambda values: [values[i] for i in at]


def rows(table: Table, how: Plan, where: str, dataset: str) -> Iterator[Row | Issue]:
    """A row or an issue for each record."""
    left_out: Counter[str] = Counter()
    width, pick = len(table.header), picker(how.at)
    names, readers, needed, finish = how.names, how.read, how.needed, how.finish
    for line, cells in table.records:
        if isinstance(cells, str) or len(cells) != width:
            yield Issue("error", STAGE, _misfit(cells, width), f"{where}:{line}")
            continue
        try:
            values = [read(cell) for read, cell in zip(readers, pick(cells), strict=True)]
            if None in needed(values):
                raise BadCell("a value", table.header[how.at[_blank(values, how)]])
            row = finish(dict(zip(names, values, strict=True)))
        except LeftOut as reason:
            left_out[str(reason)] += 1
        except BadCell as bad:
            yield Issue("error", STAGE, _explained(bad, cells, how, table.header), f"{where}:{line}")
        else:
            row["dataset"] = dataset
            row["row_id"] = row["row_id"] or str(line)
            yield row
    if left_out:
        counts = "; ".join(f"{count:,} {reason}" for reason, count in left_out.most_common())
        yield Issue("info", STAGE, f"left out {left_out.total():,} rows: {counts}", where)


def _blank(values: Sequence[Any], how: Plan) -> int:
    """Where among the values the first needed one is missing."""
    return next(int(at) for at in how.needed(range(len(values))) if values[at] is None)


def _misfit(cells: Sequence[str], width: int) -> str:
    if isinstance(cells, str):
        return cells
    return f"found {len(cells)} cells, expected {width}, as in the header"


def _explained(bad: BadCell, cells: Sequence[str], how: Plan, header: Sequence[str]) -> str:
    """Which cell is bad, what it holds and what was expected."""
    if bad.column:
        column = header[how.at[how.names.index(bad.column)]] if bad.column in how.names else bad.column
        return f"column {column}: found {_shown(bad.found)}, expected {bad.expected}"
    for at, read in zip(how.at, how.read, strict=True):
        try:
            read(cells[at])
        except BadCell as found:
            return f"column {header[at]}: found {_shown(cells[at])}, expected {found.expected}"
    return f"expected {bad.expected}"


def _shown(found: object) -> str:
    shown = repr(str(found))
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…'"


def unused(names: Sequence[str], where: str) -> Iterator[Issue]:
    """One issue that names the columns nobody reads."""
    if names:
        yield Issue("info", STAGE, "columns not used: " + ", ".join(_shown(name) for name in names), where)


def claim_row(values: Mapping[str, Any], rules: list[str]) -> Row:
    """A claim row: what is stated, what follows from it, and by which rules it was read; no evidence."""
    row = {**BLANK, **values, "background": False, "confidence": {}, "rules": rules, "evidence": []}
    if day := row["event_date"]:
        row["year"] = int(day[:4])
    if sub := row["sub_event_type"]:
        row["event_type"], row["disorder_type"] = types_of(sub)
    if row["inter1"]:
        row["interaction"] = interaction(row["inter1"], row["inter2"])
    if row["country"]:
        row["iso"], row["region"] = _home(row["country"])
    row["complete"] = None not in COMPLETE(row)
    return row


@lru_cache
def types_of(sub_event_type: str) -> tuple[str, str]:
    """Event type and disorder type."""
    found = taxonomy().sub_event(sub_event_type)
    return found.event_type, found.disorder_type


@lru_cache
def interaction(inter1: str, inter2: str | None) -> str:
    return codebook.interaction(inter1, inter2)


@lru_cache(1024)
def _home(name: str) -> tuple[int | None, str | None]:
    found = by_name(name, "en")
    return (found.iso, found.region) if found else (None, None)
