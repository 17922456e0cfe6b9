"""Where events reach areas that had none, and what share lies outside the earlier core area.

In:  for each event its area and day; the last day of the base period.
Out: `Outward`: new areas and the share outside of each month, and of all time since the base period.

The core area is the smallest set of areas that held a given share (80 %) of the events of the base period.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW
from tocsin.analyse.events import Events
from tocsin.analyse.methods.areas import cells_of
from tocsin.analyse.periods import number_of

Unit = Literal["admin1", "admin2", "h3"]
Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Span:
    """The last day of the base period (since 1970), and the first and last month of all (since 1970)."""

    base: int
    first: int
    last: int
    core: float  # share of the events of the base period that the core area holds

    @property
    def length(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Outward:
    """`new`, `outside`: of each month; since the base period `reached` areas and the `share` outside. NaN: too few."""

    new: Numbers
    outside: Numbers
    reached: float
    share: float


def named(events: Events, unit: Unit, resolution: int) -> Events:
    """The events with a column `area`: a number, or of cells H3's; those whose area is not known are left out."""
    if unit == "h3":
        return events.of(events.table.with_columns(area=pl.Series(cells_of(events, resolution), dtype=pl.Int64)))
    columns = ("admin1", "country") if unit == "admin1" else ("admin2", "admin1", "country")
    name = pl.concat_str([pl.col(each).cast(pl.String) for each in columns], separator=", ")
    known = events.table.with_columns(name=name).drop_nulls(["name", unit])
    return events.of(known.with_columns(area=(pl.col("name").rank("dense") - 1).cast(pl.Int64)))


def outward(day: Counts, area: Counts, span: Span) -> Outward:
    """Of events in any order; those of months outside the span are passed over."""
    month = number_of(day, "month")
    inside = (month >= span.first) & (month <= span.last)
    day, area, month = day[inside], area[inside], month[inside] - span.first
    order = np.argsort(day, kind="stable")
    first = order[np.unique(area[order], return_index=True)[1]]
    new = np.bincount(month[first], minlength=span.length).astype(float)
    late, held = day > span.base, core(area[day <= span.base], span.core)
    out = late & ~np.isin(area, held)
    events = np.bincount(month[late], minlength=span.length)
    share = np.bincount(month[out], minlength=span.length) / np.maximum(events, 1)
    enough = late.sum() >= FEW and (~late).sum() >= FEW
    return Outward(
        new,
        np.where((events >= FEW) & enough, share, np.nan),
        float((day[first] > span.base).sum()),
        float(out.sum() / late.sum()) if enough else float("nan"),
    )


def core(area: Counts, share: float) -> Counts:
    """The areas with most events that together hold at least this share of them."""
    names, events = np.unique(area, return_counts=True)
    order = np.lexsort((names, -events))
    held = np.cumsum(events[order])
    return np.asarray(names[order][: int(np.searchsorted(held, share * len(area) - 1e-9)) + 1])
