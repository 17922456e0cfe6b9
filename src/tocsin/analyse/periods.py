"""Events counted in days, weeks or months, with the periods in which nothing happened.

In:  Events with days.
Out: `Counts`: a number for each period and group.

A week begins on Saturday, as ACLED's do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.events import Events
from tocsin.errors import UsageError

Every = Literal["day", "week", "month", "year"]
Measure = Literal["events", "fatalities"]
SATURDAY = 2  # 1970-01-03, in days since 1970-01-01
EPOCH = date(1970, 1, 1).toordinal()
MOST = 500_000  # cells of one table; each draw has as many


@dataclass(frozen=True, slots=True)
class Counts:
    """`values`: periods x groups. `starts`: the first day of each period. `whole`: is all of the period in the events'
    period? `groups`: their names ("" for the one group of all events)."""

    every: Every
    starts: list[date]
    groups: list[str]
    values: NDArray[np.int64]
    whole: NDArray[np.bool_]


def counts(events: Events, every: Every = "month", by: str | None = None, measure: Measure = "events") -> Counts:
    """How many events, or dead, in each period of the events' whole period; `by`: for each value of a column.

    Events without a day are not counted; those that a draw moved out of the period are neither.
    """
    held = events.dated()
    first, last = (number_of(np.array([_number(day)], np.int64), every)[0] for day in (events.first, events.last))
    at = number_of(held.days.astype(np.int64), every) - first
    inside = (at >= 0) & (at <= last - first)
    groups, codes = _groups(held, by)
    length = int(last - first) + 1
    if length * len(groups) > MOST:
        raise UsageError(
            f"{length:,} periods of {len(groups):,} groups are too many; choose longer periods or a filter."
        )
    weights = held.table["fatalities"].fill_null(0).to_numpy()[inside] if measure == "fatalities" else None
    cells = (at * len(groups) + codes)[inside]
    found = np.bincount(cells, weights, length * len(groups)).astype(np.int64).reshape(length, len(groups))
    starts = [start_of(int(first) + each, every) for each in range(length)]
    ends = [start_of(int(first) + each + 1, every) - timedelta(days=1) for each in range(length)]
    whole = np.array([start >= events.first and end <= events.last for start, end in zip(starts, ends, strict=True)])
    return Counts(every, starts, groups, found, whole)


def number_of(days: NDArray[np.int64], every: Every) -> NDArray[np.int64]:
    """The number of the period of each day (days since 1970): months and years since 0, weeks since 1970-01-03."""
    if every == "day":
        return days
    if every == "week":
        return (days - SATURDAY) // 7
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months if every == "month" else months // 12


def start_of(number: int, every: Every) -> date:
    """The first day of a period, within the calendar (years 1 to 9999)."""
    if every in ("day", "week"):
        day = number if every == "day" else number * 7 + SATURDAY
    else:
        month = np.datetime64(number if every == "month" else number * 12, "M")
        day = int(month.astype("datetime64[D]").astype(np.int64))
    return date.fromordinal(min(max(day + EPOCH, 1), date.max.toordinal()))


def _groups(events: Events, by: str | None) -> tuple[list[str], NDArray[np.int64]]:
    if by is None:
        return [""], np.zeros(len(events), np.int64)
    if by not in events.table.columns:
        raise UsageError(f"--by {by}: no column to count by; known: {', '.join(events.table.columns)}.")
    values = events.table[by].cast(pl.String).fill_null("(not known)")
    names = values.unique().sort().to_list()
    place = {name: at for at, name in enumerate(names)}
    return names, values.replace_strict(place, return_dtype=pl.Int64).to_numpy() if names else np.zeros(0, np.int64)


def _number(day: date) -> int:
    return day.toordinal() - EPOCH
