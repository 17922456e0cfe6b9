"""How near events came to a place, month by month.

In:  Events with days and points; the place, or the capitals in the order of time (`Aim`).
Out: `Near`: distances and directions of the events; `series`: the nearest, the record, the 5 % quantile and the share
     of the circle of each month; `records`: events that came nearer than all before.

Only events whose place is known to within `LOCAL_KM` are measured: one that is known only by its region can set no
record. Records, quantiles and the circle start anew with each capital.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW
from tocsin.analyse.events import Events
from tocsin.analyse.methods.capitals import Aim
from tocsin.analyse.periods import number_of
from tocsin.locate.distance import kilometres_from

LOCAL_KM = 25.0  # ACLED's precision 1 and 2: a town, or near it
SHARE, LEAST = 0.05, 20  # the quantile, and how many events it needs: one in twenty is a whole event
SECTORS = 36
RINGS = (0, 25, 50, 100, 200)
EPOCH = np.datetime64("1970-01-01")
Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Near:
    """Of each event: day and month (since 1970), which aim, km, sector (-1: inside the place), its row, its radius."""

    day: Counts
    month: Counts
    aim: Counts
    km: Numbers
    sector: Counts
    row: Counts
    radius: Numbers


@dataclass(frozen=True, slots=True)
class Window:
    """What is looked at: months of the windows, km of the circle, first and last month of all."""

    months: int
    radius_km: float
    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def near(events: Events, places: tuple[Aim, ...]) -> Near:
    """Distance and direction of each event to the place of its day; the events have a column `row`."""
    table, day = events.table, events.days.astype(np.int64)
    since = np.array([place.since for place in places], "datetime64[D]")
    aim = np.searchsorted((since - EPOCH).astype(np.int64), day, side="right") - 1
    latitude, longitude, reach = (np.array([getattr(place, name) for place in places])[aim]
                                  for name in ("latitude", "longitude", "radius_km"))  # fmt: skip
    north, east = (table[name].to_numpy() for name in ("latitude", "longitude"))
    km = kilometres_from(north, east, latitude, longitude)
    across = ((east - longitude + 180) % 360 - 180) * np.cos(np.radians((north + latitude) / 2))
    turn = np.degrees(np.arctan2(across, north - latitude)) % 360
    sector = np.where(km > reach, np.minimum(turn * SECTORS // 360, SECTORS - 1), -1).astype(np.int64)
    radius = table["radius_km"].cast(float).to_numpy()
    return Near(day, number_of(day, "month"), aim, km, sector, table["row"].to_numpy().astype(np.int64), radius)


def months_of(window: Window, places: tuple[Aim, ...], last: date) -> Counts:
    """Which aim each month has: that of its last day, or of the last day of all."""
    ends = np.arange(window.first + 1, window.last + 2).astype("datetime64[M]").astype("datetime64[D]") - 1
    days = np.minimum(ends, np.datetime64(last))
    found: Counts = (
        np.searchsorted(np.array([place.since for place in places], "datetime64[D]"), days, side="right") - 1
    )
    return found


def series(found: Near, aim_of: Counts, window: Window) -> Numbers:
    """Months x (nearest of the month, nearest so far, 5 % quantile, share of the circle); NaN: none, or too few."""
    parts = np.full((window.length, 4), np.nan)
    for aim in np.unique(aim_of):
        there = aim_of == aim
        span = np.flatnonzero(there)
        chosen = (found.aim == aim) & (found.month >= window.first) & (found.month <= window.last)
        at = np.clip(found.month[chosen] - window.first, span[0], span[-1]) - span[0]
        order = np.argsort(at, kind="stable")
        parts[there] = _stretch(at[order], found.km[chosen][order], found.sector[chosen][order], len(span), window)
    return parts


def _stretch(at: Counts, km: Numbers, sector: Counts, length: int, window: Window) -> Numbers:
    """The same for one aim; `at`: the month of each event from the first of the stretch, rising."""
    nearest = np.full(length, np.inf)
    np.minimum.at(nearest, at, km)
    record = np.minimum.accumulate(nearest)
    ends = np.searchsorted(at, np.arange(length), side="right")
    begins = np.searchsorted(at, np.arange(length) - window.months + 1, side="left")
    part = [_quantile(km[begin:end]) for begin, end in zip(begins, ends, strict=True)]
    found = np.stack([nearest, record, np.array(part), _circle(at, km, sector, length, window)], axis=1)
    return np.where(np.isfinite(found), found, np.nan)


def _quantile(km: Numbers) -> float:
    """The distance within which 5 % of them lie, as np.quantile has it; NaN for too few."""
    if len(km) < LEAST:
        return np.nan
    place = SHARE * (len(km) - 1)
    below = int(place)
    low, high = np.partition(km, (below, below + 1))[below : below + 2]
    return float(low + (high - low) * (place - below))


def _circle(at: Counts, km: Numbers, sector: Counts, length: int, window: Window) -> Numbers:
    """Share of the sectors with an event within the radius in the last months; NaN for fewer than FEW events."""
    chosen = (km <= window.radius_km) & (sector >= 0)
    cells = np.bincount(at[chosen] * SECTORS + sector[chosen], minlength=length * SECTORS).reshape(length, SECTORS)
    held = np.vstack([np.zeros((1, SECTORS), np.int64), np.cumsum(cells, axis=0)])
    begin = np.maximum(np.arange(length) - window.months + 1, 0)
    last = held[1:] - held[begin]
    return np.where(last.sum(axis=1) >= FEW, (last > 0).mean(axis=1), np.nan)


def records(found: Near) -> Counts:
    """Places of the events that came nearer than every event of an earlier day, and nearest of their own day."""
    order = np.lexsort((found.row, found.km, found.day, found.aim))
    aim, km = found.aim[order], found.km[order]
    before = np.full(len(km), np.inf)
    for each in np.unique(aim):
        there = np.flatnonzero(aim == each)
        before[there[1:]] = np.minimum.accumulate(km[there])[:-1]
    return order[km < before]


def sure(found: Near, at: Counts) -> NDArray[np.bool_]:
    """Was each of these, at its farthest, nearer than every earlier event at its nearest?"""
    order = np.lexsort((found.day, found.aim))
    aim, day = found.aim[order], found.day[order]
    low = np.maximum(found.km - found.radius, 0)[order]
    lowest = np.concatenate([np.minimum.accumulate(low[aim == each]) for each in np.unique(aim)])
    begins = np.searchsorted(aim, found.aim[at])
    span = day.max() + 1 - min(0, int(day.min()))
    earlier = np.searchsorted(aim * span + day, found.aim[at] * span + found.day[at])  # rows before that day
    before = np.where(earlier > begins, lowest[np.maximum(earlier - 1, 0)], np.inf)
    return np.asarray(found.km[at] + found.radius[at] < before)


def rings(found: Near, first: int, last: int) -> Counts:
    """Years x rings, the last one beyond all; years since 0."""
    year = number_of(found.day, "year")
    chosen = (year >= first) & (year <= last)
    ring = np.searchsorted(np.array(RINGS[1:]), found.km[chosen], side="left")  # 25 km is within 0-25
    cells = np.bincount((year[chosen] - first) * len(RINGS) + ring, minlength=(last - first + 1) * len(RINGS))
    return cells.reshape(-1, len(RINGS))
