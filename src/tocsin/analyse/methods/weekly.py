"""Violent events of each area in the weeks before and up to one week.

In:  Events; an area is a first-order unit or a country; the week, by any of its days.
Out: `Weeks`: a count for each area and week, and the same for each draw of the days.

Weeks begin on Saturday. Only events whose day is not sure, or that may be doubles, are drawn; the rest is counted once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.draws import Draws
from tocsin.analyse.events import Events
from tocsin.analyse.methods.violence import violent
from tocsin.analyse.periods import number_of, start_of
from tocsin.errors import UsageError

Unit = Literal["admin1", "country"]
COLUMNS = ("event_type", "sub_event_type", "country", "admin1")
KEYS: dict[Unit, list[str]] = {"admin1": ["country", "admin1"], "country": ["country"]}
MARGIN = timedelta(days=31)  # by how much a draw may move a day
Table = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weeks:
    """`values`: areas x weeks, oldest first; the last is the week that is looked at. `areas`: country, admin1 unless
    areas are countries, latitude and longitude (the middle of the events' points, or null)."""

    areas: pl.DataFrame
    starts: list[date]
    values: Table
    events: Events  # what is counted, with the number of the area in the column `area`

    def drawn(self, draws: Draws) -> Iterator[Table]:
        """The counts as they may have been."""
        rough = pl.col("time_precision").fill_null(1) > 1
        if "doubt" in self.events.table.columns:
            rough |= pl.col("doubt").fill_null(0) > 0
        sure = _counted(self.events.where(~rough), self)
        for each in draws.of(self.events.where(rough)):
            yield sure + _counted(each, self)


def weekly(events: Events, unit: Unit, length: int, week: date | None = None) -> Weeks:
    """Counts of `length` weeks or, if the events' period has fewer whole ones before that week, as many as there are.

    UsageError: no violent event with a day and an area, or the week is not in the period.
    """
    held = events.dated().where(violent()).demanded(1, "violent events with a date")
    held = held.where(pl.all_horizontal(pl.col(name).is_not_null() for name in KEYS[unit]))
    last = _last_week(events, week)
    first = max(_first_week(events), last - length + 1)
    span = (start_of(first, "week"), start_of(last + 1, "week"))
    held = held.where(pl.col("event_date").is_between(span[0] - MARGIN, span[1] + MARGIN))
    held.demanded(1, f"violent events of a known {unit} from {span[0]} to {span[1] - timedelta(days=1)}")
    areas = _areas(held, unit)
    numbered = held.table.join(areas.select(*KEYS[unit], "area"), on=KEYS[unit], maintain_order="left")
    empty = Weeks(areas, [start_of(each, "week") for each in range(first, last + 1)], np.zeros((0, 0), np.int64),
                  held.of(numbered))  # fmt: skip
    return replace(empty, values=_counted(empty.events, empty))


def names_of(table: pl.DataFrame) -> list[str]:
    """What each area of a table is called; first-order units of several countries with their country."""
    countries = table["country"].cast(pl.String).to_list()
    if "admin1" not in table.columns:
        return countries
    units = table["admin1"].cast(pl.String).to_list()
    return (
        [f"{unit}, {home}" for unit, home in zip(units, countries, strict=True)] if len(set(countries)) > 1 else units
    )


def _first_week(events: Events) -> int:
    """The first week that lies wholly in the period."""
    return _week(events.first + timedelta(days=6))


def _last_week(events: Events, asked: date | None) -> int:
    """The week asked for, else the last that lies wholly in the period and is over."""
    over = _week(min(events.last, date.today()) + timedelta(days=1)) - 1
    found = over if asked is None else _week(asked)
    if not _first_week(events) <= found <= over:
        there = f"found events from {events.first} to {events.last} in {events.name}"
        wanted = f"the whole week from {start_of(found, 'week')}" if asked else "at least one whole week"
        raise UsageError(f"{there}, expected {wanted} (weeks begin on Saturday); choose another week or period.")
    return found


def _areas(events: Events, unit: Unit) -> pl.DataFrame:
    """The areas by name, with their number."""
    keys, there = KEYS[unit], pl.col("geo_precision").fill_null(3) < 3  # a centre of a region says little
    points = (pl.coalesce(pl.col(name).filter(there).mean(), pl.col(name).mean()) for name in ("latitude", "longitude"))
    found = events.table.group_by(keys).agg(*points)
    return found.sort(*(pl.col(name).cast(pl.String) for name in keys)).with_row_index("area")


def _counted(events: Events, like: Weeks) -> Table:
    """Areas x weeks; what a draw moved out of the weeks is not counted."""
    first, length = _number(like.starts[0]), len(like.starts)
    at = (events.days.astype(np.int64) - first) // 7
    inside = (at >= 0) & (at < length)
    cells = (events.table["area"].to_numpy().astype(np.int64) * length + at)[inside]
    return np.bincount(cells, minlength=like.areas.height * length).reshape(-1, length).astype(np.int64)


def _week(day: date) -> int:
    return int(number_of(np.array([_number(day)]), "week")[0])


def _number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()
