"""Statements that count: events of a time, the dead of a time or of one happening.

In:  a Case.
Out: Found.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from tocsin.analyse.answer import number, percent
from tocsin.check.compare import OPEN_ABOVE, doubtful, fits, stated
from tocsin.check.cover import deadly_only
from tocsin.check.found import Found, ids
from tocsin.check.scope import CannotTell, Case, Tried, around, day_of, sure, within
from tocsin.check.statement import Asked

WIDE = ("country", "admin1", "admin2", "region", "area")  # kinds of spots that are no town
PER_EVENT = "deaths per event"
DEADLY = "the data seem to leave out events in which nobody died, and the text may count them"


def count(case: Case) -> Found:
    """How many events there were."""
    return _counted(case, "events")


def deaths(case: Case) -> Found:
    """How many died: in the happening that the text speaks of, else in the time."""
    return of_happening(case) if case.asked.event else _counted(case, "deaths")


def measured(asked: Asked) -> str:
    """What is counted: events, deaths, or deaths per event."""
    return asked.measure or ("deaths" if asked.unit == "deaths" else "events")


def total(table: pl.DataFrame, unit: str) -> float:
    """Events, the dead of all of them, or of one of them in the mean; an event with unknown dead adds none."""
    if unit == PER_EVENT:
        return total(table, "deaths") / max(1, len(table))
    return float(table["fatalities"].fill_null(0).sum()) if unit == "deaths" else float(len(table))


def span(case: Case) -> tuple[date, date]:
    """First and last day of the statement, as far as the events go where the text says nothing."""
    since = day_of(case.asked.since) or case.events.first
    if since > case.end:
        raise CannotTell(f"{case.asked.since} to {case.end} is no period")
    return since, case.end


def _counted(case: Case, unit: str) -> Found:
    since, until = span(case)
    cover = case.cover(day_of(case.asked.since), until)
    held, there = around(case.chosen(), since, until), case.there

    def ask(table: pl.DataFrame) -> tuple[float, bool]:
        figure = total(within(there(table), since, until), unit)
        return figure, fits(case.asked, figure, case.limits)

    tried = case.tried(held, ask)
    rows = within(there(held.table), since, until)
    said = f"{worded(tried, unit)} from {since} to {until}; the text says {stated(case.asked)}"
    yes, no = case.asked.comparison not in OPEN_ABOVE, tried.figure < (case.asked.value or 0)
    notes = [cover.told, *_unknown(rows, unit)]
    doubt = doubtful(case.asked, tried.holds, tried.low, tried.high)
    if unit == "events" and no and not tried.holds and deadly_only(case.events, case.limits):
        doubt = DEADLY
    return Found(said, tried, ids(rows), (cover,), (yes, no), tuple(notes), doubt)


def worded(tried: Tried, unit: str) -> str:
    """ "12 events (90 % interval 10 to 13)"; the interval only where it is one."""
    one = tried.low == tried.high
    unit = unit[:-1] if tried.figure == 1 and unit.endswith("s") else unit
    return number(tried.figure, None if one else tried.low, None if one else tried.high, unit=unit)


def shared(tried: Tried, *, signed: bool = False) -> str:
    """ "52 % (90 % interval 48 % to 55 %)"; the interval only where it is one."""
    if tried.low is None or tried.high is None or percent(tried.low) == percent(tried.high):
        return percent(tried.figure, signed=signed)
    return percent(tried.figure, tried.low, tried.high, signed=signed)


def _unknown(rows: pl.DataFrame, unit: str) -> list[str]:
    blank = rows["fatalities"].null_count()
    return [f"{blank} of the events do not say how many died; they add none"] if unit == "deaths" and blank else []


# -- one happening ---------------------------------------------------------------------------------------------------


def happening(case: Case, *, actors: bool = True) -> pl.DataFrame:
    """The events of the day that the text speaks of, at its place; those of the very day, else of days beside it.

    CannotTell: there is none.
    """
    day = day_of(case.asked.event)
    assert day is not None
    held = case.there(case.chosen(actors=actors).table)
    spot = case.asked.place
    if spot and spot.kind not in WIDE and case.asked.kind not in ("closest", "encirclement", "expansion"):
        held = case.town(spot)(held)
    off = (pl.col("event_date") - pl.lit(day)).dt.total_days().abs()
    may = pl.col("time_precision").fill_null(1).clip(1, 3).replace_strict(
        {1: case.limits.near_days[0], 2: case.limits.near_days[1], 3: case.limits.near_days[2]}, return_dtype=pl.Int64
    )  # fmt: skip
    near = held.with_columns(off=off).filter(pl.col("off") <= may)
    found = near.filter(pl.col("off") == near["off"].min()) if len(near) else near
    if found.is_empty():
        raise CannotTell(
            f"{case.events.name} has no event of {day} ({_around(held, day)}) that fits what the text says"
        )
    return found.drop("off")


def _around(held: pl.DataFrame, day: date) -> str:
    near = len(within(held, day - timedelta(days=30), day + timedelta(days=30)))
    return f"{near} in the month before and after" if near else "nor any in the month before and after"


def of_happening(case: Case) -> Found:
    """The dead of the happening. Of several events on that day the text may mean one, or all."""
    rows = happening(case)
    known = rows.filter(pl.col("fatalities").is_not_null())
    if known.is_empty():
        raise CannotTell("the event of that day does not say how many died")
    held = sure(case.events.of(known), known)

    def of(figure: pl.Expr) -> Tried:
        def ask(table: pl.DataFrame) -> tuple[float, bool]:
            value = float(table.select(figure).item() or 0)
            return value, fits(case.asked, value, case.limits)

        return case.tried(held, ask)

    all_, most = _known_range(case, of(pl.col("fatalities").sum()), known), of(pl.col("fatalities").max())
    several = f" in {len(known)} events" if len(known) > 1 else ""
    said = f"{worded(all_, 'deaths')} on {case.asked.event}{several}; the text says {stated(case.asked)}"
    doubt = doubtful(case.asked, all_.holds, all_.low, all_.high)
    if all_.holds != most.holds:
        doubt = "the text does not say which of these events it means"
    return Found(said, all_, ids(known), doubt=doubt)


def _known_range(case: Case, tried: Tried, known: pl.DataFrame) -> Tried:
    """For a bare number the range that the reports give, undrawn: no draw is likely to hit one number of many."""
    if case.asked.comparison not in ("exactly", "about", None):
        return tried
    low, high = (float(known[name].sum()) for name in ("fatalities_low", "fatalities_high"))
    return Tried(tried.figure, tried.holds, low, high)
