"""What the events may have been: each draw is one possible truth.

In:  Events; how many draws, and the seed.
Out: Events with other points, days and deaths, and without those that may be another event told again; the interval of
     a figure over all draws.

Drawn are: the point, evenly within the circle by which it may be off; the day, evenly among those that its precision
leaves open (ACLED's 2: a week, 3: a month); the deaths, between low and high, with best in the middle; whether an event
that may be a double (`doubt`, the probability) is there at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tocsin.analyse.events import Events
from tocsin.locate.distance import DEGREE_KM

LEVEL = 0.90  # of every interval
FEWEST = 20  # draws, however many events there are
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """The lowest and highest value of `LEVEL` of the draws, in the shape of the figure. NaN: no draw has the figure."""

    low: Numbers
    high: Numbers


@dataclass(frozen=True, slots=True)
class Draws:
    """How uncertainty is carried through. `count` 0: not at all."""

    count: int = 100
    seed: int = 1

    def __bool__(self) -> bool:
        return self.count > 0

    def within(self, most: int, size: int, least: int = FEWEST) -> Draws:
        """These draws, or fewer of them where much is drawn each time: `most` in all, `size` in each. Not fewer than
        `least`, unless fewer were asked for."""
        return replace(self, count=min(self.count, max(least, most // max(1, size))))

    def of(self, events: Events) -> Iterator[Events]:
        """Possible truths, the same ones for the same seed."""
        source = np.random.default_rng(self.seed)
        for _ in range(self.count):
            yield drawn(events, source)

    def interval(self, events: Events, figure: Callable[[Events], ArrayLike]) -> Interval | None:
        """The interval of a figure (a number, or an array of one shape); None if nothing is drawn."""
        if not self:
            return None
        return interval_of([figure(each) for each in self.of(events)])


DRAWS, NO_DRAWS = Draws(), Draws(0)


def interval_of(figures: list[ArrayLike]) -> Interval:
    """The interval of a figure that was worked out for each draw."""
    found = np.sort(np.asarray(figures, float), axis=0)  # NaN go last
    known = (~np.isnan(found)).sum(axis=0)
    return Interval(_quantile(found, known, (1 - LEVEL) / 2), _quantile(found, known, (1 + LEVEL) / 2))


def _quantile(found: Numbers, known: NDArray[np.int64], share: float) -> Numbers:
    """As np.nanquantile, which is slow for many columns; `known`: how many of each sorted column are not NaN."""
    at = np.round(share * np.maximum(known - 1, 0), 9)
    below, above = np.floor(at).astype(np.int64), np.ceil(at).astype(np.int64)
    first, second = (np.take_along_axis(found, each[None], axis=0)[0] for each in (below, above))
    between: Numbers = first + (second - first) * (at - below)
    return between


def holding(band: Interval, value: ArrayLike) -> Interval:
    """The interval, widened to hold the figure of the events as they are told: they may be right as they are."""
    return Interval(np.fmin(band.low, value), np.fmax(band.high, value))


def drawn(events: Events, source: np.random.Generator) -> Events:
    """One possible truth; rows stay in their order, so days need not."""
    table = events.table
    if "doubt" in table.columns:
        table = table.filter(pl.Series(source.random(table.height) >= table["doubt"].fill_null(0).to_numpy()))
    return events.of(table.with_columns(*_points(table, source), *_days(table, source), *_deaths(table, source)))


def _points(table: pl.DataFrame, source: np.random.Generator) -> list[pl.Series]:
    count = table.height
    latitude, longitude = (table[name].to_numpy() for name in ("latitude", "longitude"))
    away = table["radius_km"].to_numpy() * np.sqrt(source.random(count))
    turn = source.random(count) * 2 * np.pi
    north = np.clip(latitude + away * np.cos(turn) / DEGREE_KM, -90, 90)
    across = np.maximum(np.cos(np.radians(latitude)), 0.01)
    east = (longitude + away * np.sin(turn) / (DEGREE_KM * across) + 180) % 360 - 180
    found = {"latitude": north, "longitude": east}
    return [pl.Series(name, values, nan_to_null=True) for name, values in found.items()]


def _days(table: pl.DataFrame, source: np.random.Generator) -> list[pl.Series]:
    """A week lies around its middle day, a month is the calendar month, as link/days.py reads them."""
    rough = table["time_precision"].fill_null(1).to_numpy()
    if not (rough > 1).any():
        return []
    day, chance = table["event_date"], source.random(table.height)
    first = day.dt.month_start().to_physical().fill_null(0).to_numpy()
    length = day.dt.month_end().to_physical().fill_null(0).to_numpy() - first + 1
    at = day.to_physical().fill_null(0).to_numpy()
    week = at - 3 + (chance * 7).astype(np.int32)
    month = first + (chance * length).astype(np.int32)
    chosen = np.where(rough == 2, week, np.where(rough == 3, month, at)).astype(np.int32)
    found = pl.Series("event_date", chosen).cast(pl.Date)
    return [found.set(day.is_null(), None)]


def _deaths(table: pl.DataFrame, source: np.random.Generator) -> list[pl.Series]:
    """As often less than the best number as more: a triangle from low up to best, or from best down to high.

    One chance for all events of a draw, because reports err together: the sum of the best numbers lies within its
    interval, and the interval does not shrink with the number of events.
    """
    low, best, high = (
        table[name].cast(pl.Float64).to_numpy() for name in ("fatalities_low", "fatalities", "fatalities_high")
    )
    if not (high > low).any():
        return []
    chance = source.random()
    if chance < 0.5:
        found = low + (best - low) * np.sqrt(2 * chance)
    else:
        found = high - (high - best) * np.sqrt(2 * (1 - chance))
    return [pl.Series("fatalities", np.round(found), nan_to_null=True).cast(pl.Int32)]
