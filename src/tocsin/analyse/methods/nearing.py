"""All figures of `approach`: as told, and in each draw.

In:  Events whose place is known, with a column `row`; the places.
Out: `Figures` of one truth, and the intervals of the draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tocsin.analyse.answer import FEW
from tocsin.analyse.draws import Draws, Interval, interval_of
from tocsin.analyse.events import Events
from tocsin.analyse.methods import drift, nearness
from tocsin.analyse.methods.capitals import Aim
from tocsin.analyse.methods.nearness import Near, Window, near
from tocsin.analyse.periods import number_of

ACTORS = 20
DRAWN = 5_000_000  # events over all draws
Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and who took part in each event of the table: `who` is rows x 2, -1 for nobody shown."""

    places: tuple[Aim, ...]
    window: Window
    aim_of: Counts  # of each month
    years: int  # of the trend
    actors: list[str]
    who: Counts

    @property
    def last(self) -> Aim:
        """The place at the end of the period."""
        return self.places[int(self.aim_of[-1])]


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one truth. `records`: rows of the events that set one."""

    series: Numbers
    rings: Numbers
    actors: Numbers  # actors x (events within the radius, nearest, share of the circle)
    slope: float
    records: Counts


def asked(held: Events, places: tuple[Aim, ...], months: int, radius_km: float, years: int) -> Asked:
    """From the month of the first event to that of the last day of the period."""
    last = int(np.datetime64(held.last, "M").astype(np.int64))
    window = Window(months, radius_km, int(number_of(held.days[:1].astype(np.int64), "month")[0]), last)
    names, who = _who(held, places, radius_km)
    return Asked(places, window, nearness.months_of(window, places, held.last), years, names, who)


def _who(held: Events, places: tuple[Aim, ...], radius_km: float) -> tuple[list[str], Counts]:
    """The actors with most events within the radius, and of each row the numbers of its two."""
    sides = held.table.select(pl.col("actor1", "actor2").cast(pl.String))
    within = near(held, places).km <= radius_km
    rows = pl.concat([sides.select(actor=name, within=pl.lit(pl.Series(within))) for name in sides.columns])
    order = rows.drop_nulls().group_by("actor").agg(events=pl.len(), within=pl.col("within").sum())
    order = order.filter(pl.col("events") >= FEW).sort("within", "events", "actor", descending=[True, True, False])
    names = order["actor"].head(ACTORS).to_list()
    at = {name: place for place, name in enumerate(names)}
    codes = [sides[name].replace_strict(at, default=-1, return_dtype=pl.Int64).to_numpy() for name in sides.columns]
    second = np.where(codes[1] == codes[0], -1, codes[1])  # on both sides: one event all the same
    return names, np.stack([codes[0], second], axis=1)


def figures(events: Events, asked: Asked, source: np.random.Generator, *, resample: bool) -> Figures:
    """`resample`: take the months of the trend by chance, for its interval."""
    found, window = near(events, asked.places), asked.window
    first, last = ((each // 12) for each in (window.first, window.last))
    current = (found.aim == asked.aim_of[-1]) & (found.month > window.last - 12 * asked.years)
    recent = np.flatnonzero(current & (found.month <= window.last))
    if resample and len(recent):
        recent = recent[drift.resampled(found.month[recent], source)]
    return Figures(
        nearness.series(found, asked.aim_of, window),
        nearness.rings(found, first, last).astype(float),
        _by_actor(found, asked),
        drift.slope(found.day[recent], found.km[recent], source),
        found.row[nearness.records(found)],
    )


def _by_actor(found: Near, asked: Asked) -> Numbers:
    """Over the whole time of the last place; the circle over the last months."""
    window, who = asked.window, asked.who[found.row]
    made = np.full((len(asked.actors), 3), np.nan)
    current = found.aim == asked.aim_of[-1]
    for at in range(len(asked.actors)):
        own = current & (who == at).any(axis=1)
        within = own & (found.km <= window.radius_km)
        late = within & (found.month > window.last - window.months) & (found.month <= window.last)
        sides = found.sector[late & (found.sector >= 0)]
        share = len(np.unique(sides)) / nearness.SECTORS if len(sides) >= FEW else np.nan
        made[at] = within.sum(), found.km[own].min(initial=np.inf), share
    return np.where(np.isfinite(made), made, np.nan)


def drawn(held: Events, asked: Asked, draws: Draws) -> tuple[list[Figures], int]:
    """The figures of each draw, and how many draws were made."""
    fewer = draws.within(DRAWN, len(held))
    source = np.random.default_rng(draws.seed)
    return [figures(each, asked, source, resample=True) for each in fewer.of(held) if len(each)], fewer.count


def band(told: Figures, drawn: list[Figures]) -> dict[str, Interval] | None:
    """Of each figure, widened to hold what is told: it may be right as it is."""
    if not drawn:
        return None
    return {name: _widened([getattr(each, name) for each in drawn], np.asarray(getattr(told, name)))
            for name in ("series", "rings", "actors", "slope")}  # fmt: skip


def _widened(drawn: list[ArrayLike], told: Numbers) -> Interval:
    band = interval_of(drawn)
    known = ~np.isnan(told)
    low, high = np.fmin(band.low, told), np.fmax(band.high, told)
    return Interval(np.where(known, low, np.nan), np.where(known, high, np.nan))
