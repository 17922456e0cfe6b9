"""Statements of change: more or fewer than earlier, before and after a date.

In:  a Case.
Out: Found; both times must be covered, since a change of what is reported looks like a change of what happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import isnan, nan
from operator import ge, gt, le, lt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW
from tocsin.check.counting import PER_EVENT, measured, shared, total
from tocsin.check.found import Found, ids
from tocsin.check.limits import Limits
from tocsin.check.scope import CannotTell, Case, Tried, around, before, day_of, within
from tocsin.check.statement import Asked

BLOCK = 30  # days that are drawn together when chance is told from change
LEAST_BLOCKS = 3
UNEQUAL = 2  # times as long as the other: neither totals nor events a day are what such a text compares
RISES = {"fewer": lt, "less than": lt, "at most": le, "at least": ge}  # without a number; "not more" is at most
SIZED = ("more", "fewer", "about", "exactly")  # comparisons that state a size, not a bound
BOTH = (True, True)  # yes and no rest on events that are not there, too


@dataclass(frozen=True, slots=True)
class Times:
    """Two periods, first and last day of each, both inclusive."""

    then: tuple[date, date]
    now: tuple[date, date]


def change(case: Case) -> Found:
    """More or fewer than in an earlier period: as many a day."""
    times = _times(case, day_of(case.asked.since) or _months_before(case.end, case.limits.before_months))
    return _compared(case, times)


def effect(case: Case) -> Found:
    """More or fewer since a date than in as long a time before; months are drawn again, to tell change from chance."""
    start = day_of(case.asked.event or case.asked.since)
    if start is None:
        raise CannotTell(f"the day of the {case.asked.happening or 'happening'} is not known; give it as `since`")
    found = _compared(case, _times(case, start), by_chance=True)
    return Found(found.said, found.tried, found.ids, found.covers, found.absent,
                 (*found.notes, "what came after need not have come of it"), found.doubt)  # fmt: skip


def _compared(case: Case, times: Times, *, by_chance: bool = False) -> Found:
    asked = case.asked
    if asked.comparison is None and asked.value is None:
        raise CannotTell("the text does not say whether there are more or fewer")
    unit = measured(asked)
    covers = (case.cover(*times.then), case.cover(*times.now))
    held = around(case.chosen(), min(times.then[0], times.now[0]), max(times.then[1], times.now[1]))
    there = case.there
    lengths = [(last - first).days + 1 for first, last in (times.then, times.now)]
    if max(lengths) > UNEQUAL * min(lengths):
        raise CannotTell(f"{lengths[1]} days are compared with {lengths[0]}; the text does not say how it does that")
    source = np.random.default_rng(case.draws.seed)

    def ask(table: pl.DataFrame) -> tuple[float, bool]:
        chance = source if by_chance and table is not held.table else None
        table = there(table)
        figures = [_figure(within(table, *each), each, unit, chance) for each in (times.then, times.now)]
        each_day = lengths if unit != PER_EVENT else [1, 1]
        then, now = (figure / length for figure, length in zip(figures, each_day, strict=True))
        return (now / then - 1 if then else nan), changed(asked, then, now, figures[1] - figures[0], case.limits)

    base = there(held.table)
    then, now = (within(base, *each) for each in (times.then, times.now))
    _enough(asked, len(then), len(now), times, by_chance)
    tried = case.tried(held, ask)
    said = _said(times, total(then, unit), total(now, unit), unit, tried, rated=len(then) >= FEW)
    doubt = "" if tried.holds else _more_so(asked, tried.figure)
    return Found(said, tried, ids(now) + ids(then), covers, BOTH, _notes(case, times, lengths), doubt)


def _more_so(asked: Asked, figure: float) -> str:
    """Why a change that is not as large as stated is no contradiction: it is larger."""
    if asked.value is None or asked.unit not in ("percent", "times") or asked.comparison not in (*SIZED, None):
        return ""
    down = asked.comparison == "fewer" or asked.value < 0
    wanted = _factor(abs(asked.value), asked.unit, down=down) - 1
    larger = figure < wanted < 0 if down else figure > wanted > 0
    return "the change is of that kind, but larger than the text says" if larger else ""


def changed(asked: Asked, then: float, now: float, more: float, limits: Limits) -> bool:
    """Whether what was `then` a day and is `now` has changed as the text says; `more`: by how many in all."""
    if asked.comparison == "none before":
        return then == 0 < now
    if asked.value is None:
        return bool(RISES.get(asked.comparison or "more", gt)(now, then))
    down = asked.comparison == "fewer" or asked.value < 0
    if asked.unit not in ("percent", "times"):
        return -more >= abs(asked.value) if down else more >= asked.value
    if not then:
        return False
    wanted = _factor(abs(asked.value), asked.unit, down=down)
    ratio = now / then
    match asked.comparison:
        case "at least" | "more than":
            return ratio >= wanted
        case "at most" | "less than":
            return ratio <= wanted
    return abs(ratio / wanted - 1) <= limits.about if wanted else ratio <= limits.about


def _factor(value: float, unit: str, *, down: bool) -> float:
    """ "By 30 percent" is 1.3 (fewer: 0.7) times as many; "twice as many" 2 (fewer: half)."""
    if unit == "percent":
        return max(0.0, 1 - value / 100) if down else 1 + value / 100
    return 1 / value if down and value > 1 else value


def _figure(table: pl.DataFrame, period: tuple[date, date], unit: str, source: np.random.Generator | None) -> float:
    """The total of a period; with a source of chance, of as many of its blocks of days, drawn again."""
    if source is None:
        return total(table, unit)
    blocks = _blocks(table, period)
    events, dead = source.choice(blocks, len(blocks)).sum(axis=0)
    return float(dead / max(1, events) if unit == PER_EVENT else dead if unit == "deaths" else events)


def _blocks(table: pl.DataFrame, period: tuple[date, date]) -> NDArray[np.float64]:
    """Blocks x events and deaths; each of about BLOCK days, all as long as each other."""
    first, last = period
    days = (last - first).days + 1
    count = max(1, round(days / BLOCK))
    at = (table["event_date"] - first).dt.total_days().to_numpy() * count // days
    dead = table["fatalities"].fill_null(0).to_numpy()
    return np.stack([np.bincount(at, weights, count).astype(float) for weights in (None, dead)], axis=1)


def _enough(asked: Asked, then: int, now: int, times: Times, by_chance: bool) -> None:
    """CannotTell: too few events for a rate, or too short a time to tell change from chance."""
    size = asked.value is not None
    if then + now < FEW or (size and then < FEW) or (asked.measure == PER_EVENT and min(then, now) < FEW):
        few = f"{then} events in {times.then[0]} to {times.then[1]} and {now} in {times.now[0]} to {times.now[1]}"
        raise CannotTell(f"{few} are too few for a rate; {FEW} are needed")
    shortest = min((last - first).days + 1 for first, last in (times.then, times.now))
    if by_chance and shortest < LEAST_BLOCKS * BLOCK:
        raise CannotTell(
            f"{shortest} days are too few to tell an effect from chance; {LEAST_BLOCKS * BLOCK} are needed"
        )


def _times(case: Case, since: date) -> Times:
    """The period and the earlier one; as long a time before, if the text names none."""
    now = (since, case.end)
    if now[0] > now[1]:
        raise CannotTell(f"there is no time from {now[0]} to {now[1]}")
    then_since, then_until = day_of(case.asked.than_since), day_of(case.asked.than_until)
    until = then_until or before(since)
    return Times((then_since or before(until, (now[1] - now[0]).days), until), now)


def _months_before(end: date, months: int) -> date:
    return end - timedelta(days=round(months * 365.25 / 12) - 1)


def _said(times: Times, then: float, now: float, unit: str, tried: Tried, *, rated: bool) -> str:
    (a, b), (c, d) = times.now, times.then
    places, each = (1, "") if unit == PER_EVENT else (0, " a day")
    rate = ""
    if rated and not isnan(tried.figure):
        rate = f": {shared(tried, signed=True)}{each}"
    return f"{now:,.{places}f} {unit} from {a} to {b}, {then:,.{places}f} from {c} to {d}{rate}"


def _notes(case: Case, times: Times, lengths: list[int]) -> tuple[str, ...]:
    notes = []
    if not case.asked.since and not case.asked.event:
        notes.append(f"no period is stated; the last {case.limits.before_months} months are looked at")
    if not case.asked.than_since:
        notes.append(f"compared with {times.then[0]} to {times.then[1]}, as long a time before")
    elif lengths[0] != lengths[1]:
        notes.append(f"the periods are {lengths[1]} and {lengths[0]} days long; compared a day")
    return tuple(notes)
