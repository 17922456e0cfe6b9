"""All figures of `spread`: as told, and in each draw.

In:  Events with days; the kind of areas, the base period.
Out: `Figures` of one truth, and the intervals of the draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW
from tocsin.analyse.draws import Draws, Interval, interval_of
from tocsin.analyse.events import Events
from tocsin.analyse.methods.centre import Middle, Often, centres, middle_of, period_of
from tocsin.analyse.methods.nearness import LOCAL_KM
from tocsin.analyse.methods.outward import Outward, Span, Unit, named, outward
from tocsin.analyse.periods import number_of
from tocsin.errors import UsageError

ACTORS = 15
DRAWN = {"admin1": 10_000_000, "admin2": 10_000_000, "h3": 1_000_000}  # events over all draws
Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]
Bands = dict[str, Interval] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """`areas`: events with an area, `points`: those for the centre; both have a column `row`. `who`: of each row of
    the areas the numbers of its two actors, -1 for nobody shown."""

    areas: Events
    points: Events
    unit: Unit
    resolution: int
    base: date
    span: Span
    middle: Middle
    periods: tuple[int, int, Often]
    actors: list[str]
    who: Counts
    who_asked: str | None


@dataclass(frozen=True, slots=True)
class Figures:
    """`actors`: actors x (events in the base period, events since, new areas since, share outside its own core)."""

    outward: Outward
    centres: Numbers
    actors: Numbers


def asked(dated: Events, unit: Unit, resolution: int, how: tuple[date, float, Often]) -> Asked:
    """UsageError: no event has an area of that kind."""
    base, core, every = how
    local = dated.placed().where((pl.col("radius_km") <= LOCAL_KM) & (pl.col("geo_precision").fill_null(3) <= 2))
    held = named(local if unit == "h3" else dated, unit, resolution)
    if not len(held):
        what = f"a place known to within {LOCAL_KM:g} km" if unit == "h3" else f"a known {unit}"
        other = "admin1" if unit == "h3" else "admin1, or --unit h3 for events with points"
        raise UsageError(f"no event in {dated.name} for what was asked has {what}; try --unit {other}.")
    held = held.of(held.table.with_row_index("row"))
    last = np.datetime64(dated.last, "D")
    months = number_of(np.array([held.days.min(), last.astype(np.int64)], np.int64), "month")
    span = Span(int(np.datetime64(base, "D").astype(np.int64)), int(months[0]), int(months[1]), core)
    points = local.table
    middle = middle_of(points["latitude"].to_numpy(), points["longitude"].to_numpy()) if len(local) else (0.0, 0.0)
    ends = period_of(np.array([dated.days.min(), last.astype(np.int64)], np.int64), every)
    names, who = _who(held)
    return Asked(held, local, unit, resolution, base, span, middle, (int(ends[0]), int(ends[1]), every), names, who,
                 dated.wanted.actor)  # fmt: skip


def _who(held: Events) -> tuple[list[str], Counts]:
    """The actors with most events, and of each row the numbers of its two."""
    sides = held.table.select(pl.col("actor1", "actor2").cast(pl.String))
    both = pl.concat([sides["actor1"], sides["actor2"].alias("actor1")]).drop_nulls().value_counts(name="events")
    order = both.filter(pl.col("events") >= FEW).sort("events", "actor1", descending=[True, False])
    names = order["actor1"].head(ACTORS).to_list()
    at = {name: place for place, name in enumerate(names)}
    codes = [sides[name].replace_strict(at, default=-1, return_dtype=pl.Int64).to_numpy() for name in sides.columns]
    return names, np.stack(codes, axis=1)


def all_figures(asked: Asked, draws: Draws) -> tuple[Figures, list[Figures], int]:
    """As told, of each draw, and how many draws were made."""
    fewer = draws.within(DRAWN[asked.unit], len(asked.areas))
    again = replace(fewer, seed=draws.seed + 1)
    told = _figures(asked.areas, asked.points, asked)
    both = zip(fewer.of(asked.areas), again.of(asked.points), strict=True)
    return told, [_figures(_renamed(areas, asked), points, asked) for areas, points in both], fewer.count


def _renamed(areas: Events, asked: Asked) -> Events:
    """Cells of the points that were drawn; units stay."""
    return named(areas, "h3", asked.resolution) if asked.unit == "h3" and len(areas) else areas


def _figures(areas: Events, points: Events, asked: Asked) -> Figures:
    day, area = areas.days.astype(np.int64), areas.table["area"].to_numpy()
    who = asked.who[areas.table["row"].to_numpy()]
    own = [(who == at).any(axis=1) for at in range(len(asked.actors))]
    actors = [_actor(day[each], area[each], asked.span) for each in own]
    latitudes, longitudes = (points.table[name].to_numpy() for name in ("latitude", "longitude"))
    found = centres(points.days.astype(np.int64), latitudes, longitudes, asked.middle, asked.periods)
    return Figures(outward(day, area, asked.span), found, np.array(actors).reshape(-1, 4))


def _actor(day: Counts, area: Counts, span: Span) -> Sequence[float]:
    found, before = outward(day, area, span), int((day <= span.base).sum())
    return before, len(day) - before, found.reached, found.share


def band(told: Figures, drawn: list[Figures]) -> Bands:
    """Of each figure, widened to hold what is told: it may be right as it is."""
    if not drawn:
        return None
    parts = {name: (getattr(told.outward, name), [getattr(each.outward, name) for each in drawn])
             for name in ("new", "outside", "reached", "share")}  # fmt: skip
    parts |= {name: (getattr(told, name), [getattr(each, name) for each in drawn]) for name in ("centres", "actors")}
    return {
        name: _widened(np.asarray(first, float), np.array(others, float)) for name, (first, others) in parts.items()
    }


def _widened(told: Numbers, drawn: Numbers) -> Interval:
    found, known = interval_of([*drawn]), ~np.isnan(told)
    low, high = np.fmin(found.low, told), np.fmax(found.high, told)
    return Interval(np.where(known, low, np.nan), np.where(known, high, np.nan))
