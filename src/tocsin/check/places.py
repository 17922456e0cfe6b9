"""Statements about places: how far one is from another, into which areas violence spreads, what it surrounds.

In:  a Case.
Out: Found.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import nan

import numpy as np
import polars as pl

from tocsin.analyse.answer import FEW, number, percent
from tocsin.check.compare import valued
from tocsin.check.counting import shared
from tocsin.check.found import Found, ids
from tocsin.check.limits import Limits
from tocsin.check.records import fine, without
from tocsin.check.scope import CannotTell, Case, Keep, Tried, around, away, before, day_of, point_of, within
from tocsin.check.statement import Asked
from tocsin.locate.distance import kilometres

UNIT = "admin1"  # areas that an actor spreads into, and that its strongholds are
Period = tuple[date, date]


def distance(asked: Asked, limits: Limits) -> Found:
    """How far two places are apart in a straight line; no events are needed."""
    if asked.where is None or asked.place is None:
        raise CannotTell("two places are needed, and the text names one")
    km, value = kilometres(*point_of(asked.where), *point_of(asked.place)), valued(asked)
    slack = max(limits.about_km, limits.about * value)
    low, high = km - slack, km + slack
    holds = {"at least": high >= value, "more than": high > value, "at most": low <= value, "less than": low < value}
    true = holds.get(asked.comparison or "about", low <= value <= high)
    said = f"{asked.where.name} is {number(km, unit='km')} from {asked.place.name} in a straight line"
    by_road = not true and km < value <= km * limits.road + slack
    doubt = f"the text says {value:,g} km, which may be by road" if by_road else ""
    notes = (f"centre to centre; {slack:,.0f} km more or less are allowed, as towns are wide",)
    return Found(said, Tried(km, true), notes=notes, doubt=doubt)


def expansion(case: Case) -> Found:
    """Into a place, or outside the strongholds: a larger part of the events there than earlier."""
    then, now = periods(case)
    covers = (case.cover(*then), case.cover(*now))
    held, there = case.chosen(), case.there
    counts = [len(within(there(held.table), *each)) for each in (then, now)]
    if min(counts) < FEW:
        raise CannotTell(f"{counts[0]} events from {then[0]} to {then[1]} and {counts[1]} from {now[0]} to {now[1]} "
                         f"are too few to tell where they spread; {FEW} are needed in each")  # fmt: skip
    outside, name = _new(case, within(there(held.table), *then))

    def ask(table: pl.DataFrame) -> tuple[float, bool]:
        table = there(table)
        was, is_ = (_share(outside(part), part) for part in (within(table, *then), within(table, *now)))
        return is_, is_ > was

    tried = case.tried(around(held, min(then[0], now[0]), now[1]), ask)
    was = _share(outside(within(there(held.table), *then)), within(there(held.table), *then))
    rows = outside(within(there(held.table), *now))
    said = (f"{shared(tried)} of {counts[1]} events {name} from {now[0]} to {now[1]}, "
            f"{percent(was)} of {counts[0]} from {then[0]} to {then[1]}")  # fmt: skip
    return Found(said, tried, ids(rows), covers, (True, True), _compared_with(case, then))


def encirclement(case: Case) -> Found:
    """Around a place: the part of the circle with events, now and earlier."""
    if case.asked.place is None:
        raise CannotTell("the text does not say what is surrounded")
    latitude, longitude = point_of(case.asked.place)
    then, now = periods(case)
    rises, limits = case.asked.comparison in (None, "more"), case.limits
    covers = (case.cover(*then), case.cover(*now)) if rises else (case.cover(*now),)
    held = case.events.of(fine(case, case.chosen().table))

    def circled(table: pl.DataFrame) -> float:
        return len(set(_sectors(table, latitude, longitude, limits))) / limits.sectors

    def ask(table: pl.DataFrame) -> tuple[float, bool]:
        was, is_ = circled(within(table, *then)), circled(within(table, *now))
        return is_, is_ > was if rises else is_ >= limits.around

    rows = within(held.table, *now)
    near = rows.filter(away(rows, latitude, longitude) <= limits.ring_km)
    earlier = within(held.table, *then)
    if len(near) + rises * len(earlier.filter(away(earlier, latitude, longitude) <= limits.ring_km)) < FEW:
        raise CannotTell(f"{len(near)} events within {limits.ring_km} km of {case.asked.place.name} from {now[0]} to "
                         f"{now[1]} are too few to tell what they surround; {FEW} are needed")  # fmt: skip
    tried = case.tried(around(held, min(then[0], now[0]), now[1]), ask)
    said = (f"events within {limits.ring_km} km lie in {shared(tried)} of the circle "
            f"around {case.asked.place.name} from {now[0]} to {now[1]}, in {percent(circled(earlier))} from "
            f"{then[0]} to {then[1]}")  # fmt: skip
    own = (f"only events of {case.place} are looked at, not those over its borders",) if case.place else ()
    return Found(said, tried, ids(near), covers, (rises, True), (*_compared_with(case, then), *own))


# -- periods, areas, directions ---------------------------------------------------------------------------------------


def periods(case: Case) -> tuple[Period, Period]:
    """The earlier and the later time; without a beginning the last months are the later one."""
    months = timedelta(days=round(case.limits.before_months * 365.25 / 12) - 1)
    since = day_of(case.asked.since) or case.end - months
    until = day_of(case.asked.than_until) or before(since)
    then = day_of(case.asked.than_since) or until - max(case.end - since, months)
    if since > case.end or then > until:
        raise CannotTell(f"there is no time from {min(since, then)} to {case.end}")
    return (then, until), (since, case.end)


def _compared_with(case: Case, then: Period) -> tuple[str, ...]:
    return () if case.asked.than_since else (f"compared with {then[0]} to {then[1]}; the text names no earlier time",)


def _new(case: Case, earlier: pl.DataFrame) -> tuple[Keep, str]:
    """What lies in the place that the text says it spreads into; else outside where it was, or its strongholds."""
    into, beyond = case.asked.place, case.asked.beyond
    if into:
        return case.inside(into), f"lie in {into.name}"
    if beyond:
        inside = case.inside(beyond)
        return lambda table: without(table, inside(table)), f"lie outside {beyond.name}"
    return _outside_core(case, earlier)


def _outside_core(case: Case, earlier: pl.DataFrame) -> tuple[Keep, str]:
    """What lies outside the fewest areas that had most of the earlier events."""
    counts = (
        earlier.group_by(pl.col(UNIT).cast(pl.String)).len().drop_nulls().sort("len", UNIT, descending=[True, False])
    )
    held, core = 0, []
    for name, found in counts.iter_rows():
        if held >= case.limits.core * len(earlier):
            break
        core.append(name)
        held += found
    names = ", ".join(core)
    inside = pl.col(UNIT).cast(pl.String).is_in(core)
    return lambda table: table.filter(~inside), f"lie outside the earlier strongholds ({names})"


def _share(part: pl.DataFrame, whole: pl.DataFrame) -> float:
    return len(part) / len(whole) if len(whole) else nan


def _sectors(table: pl.DataFrame, latitude: float, longitude: float, limits: Limits) -> list[int]:
    """The part of the circle, clockwise from north, in which each near event lies."""
    near = table.filter(away(table, latitude, longitude) <= limits.ring_km)
    north = near["latitude"].to_numpy() - latitude
    east = ((near["longitude"].to_numpy() - longitude + 180) % 360 - 180) * np.cos(np.radians(latitude))
    turn = np.degrees(np.arctan2(east, north)) % 360
    found: list[int] = (turn // (360 / limits.sectors)).astype(int).tolist()
    return found
