"""Statements of records: the first, the last, the deadliest, the closest.

In:  a Case.
Out: Found. An event that breaks the record is enough for a no; a yes needs data that would have it.
"""

from __future__ import annotations

from datetime import date
from math import inf, isinf, nan

import polars as pl

from tocsin.analyse.answer import number
from tocsin.check.counting import happening
from tocsin.check.cover import Cover
from tocsin.check.found import Found, ids
from tocsin.check.scope import ROUGH, CannotTell, Case, Tried, after_named, away, before, day_of, point_of, sure, within

RECORD = (True, False)  # a yes rests on events that are not there, a no on one that is


def first(case: Case) -> Found:
    """Nothing like it before: no event from `since` to the day before."""
    rows = _spoken_of(case)
    day = _first_day(rows)
    cover, since = _earlier(case, before(day))
    others = case.events.of(without(case.chosen().table, rows))
    there = case.there

    def ask(table: pl.DataFrame) -> tuple[float, bool]:
        found = len(within(there(table), since, before(day)))
        return float(found), found == 0

    tried, earlier = case.tried(others, ask), within(there(others.table), since, before(day))
    said = f"{_so_many(tried.figure)} before {day}, since {since}{_latest(earlier)}"
    return Found(
        said, tried, ids(earlier) or ids(rows), (cover,), RECORD, _notes(case, cover, since, rows), _other(case, tried)
    )


def last(case: Case) -> Found:
    """Nothing like it after: an event in the time named, none from then to the end."""
    end = day_of(case.asked.event or case.asked.until or case.asked.since)
    if end is None:
        raise CannotTell("the text does not say when the last one was")
    rows = happening(case) if case.asked.event else _period(case, end)
    until = case.written or case.events.last
    if until <= end:
        raise CannotTell(f"{case.events.name} has nothing after {end}")
    cover = case.cover(before(end, -1), until)
    others, there = case.events.of(without(case.chosen().table, rows)), case.there

    def ask(table: pl.DataFrame) -> tuple[float, bool]:
        found = len(within(there(table), before(end, -1), until))
        return float(found), found == 0

    tried, later = case.tried(others, ask), within(there(others.table), before(end, -1), until)
    said = f"{_so_many(tried.figure)} after {end}, until {until}{_latest(later)}"
    return Found(said, tried, ids(later) or ids(rows), (cover,), RECORD, (cover.told,))


def deadliest(case: Case) -> Found:
    """None with more dead, in the time named."""
    rows = _spoken_of(case, needed=case.asked.value is None)
    day = _first_day(rows) if len(rows) else case.end
    until = max(day, day_of(case.asked.until) or case.written or day)
    cover, since = _earlier(case, until)
    if len(rows) and rows["fatalities"].null_count() == len(rows):
        raise CannotTell("the event that the text speaks of does not say how many died")
    held, there, own = case.chosen(), case.there, rows["id"].to_list()

    def ask(table: pl.DataFrame) -> tuple[float, bool]:
        mine = table["id"].is_in(own)
        here = case.asked.value if case.asked.value is not None else table.filter(mine)["fatalities"].max()
        other = within(there(table.filter(~mine)), since, until)["fatalities"].max()
        return (nan if other is None else float(other)), float(other or 0) <= float(here or 0)  # type: ignore[arg-type]

    tried = case.tried(sure(held, rows), ask)
    others = without(within(there(held.table), since, until), rows)
    own_dead = case.asked.value if case.asked.value is not None else rows["fatalities"].max()
    deadlier = others.filter(pl.col("fatalities") > pl.lit(own_dead)).sort("fatalities", descending=True)
    said = f"{number(float(own_dead or 0))} deaths against {_most(others)} in any other event from {since} to {until}"  # type: ignore[arg-type]
    return Found(
        said, tried, ids(deadlier) or ids(rows), (cover,), RECORD, _notes(case, cover, since, rows), _other(case, tried)
    )


def closest(case: Case) -> Found:
    """None nearer to the place before. An event known by its region only, or as badly, is no record."""
    if case.asked.place is None:
        raise CannotTell("the text does not say to what place")
    latitude, longitude = point_of(case.asked.place)
    rows = fine(case, _spoken_of(case, needed=case.asked.value is None))
    if rows.is_empty() and case.asked.value is None:
        raise CannotTell("the place of the event that the text speaks of is known too badly to measure from")
    day = _first_day(rows) if len(rows) else case.end
    cover, since = _earlier(case, before(day))
    chosen, there, own = case.chosen(), case.there, rows["id"].to_list()
    held = case.events.of(fine(case, chosen.table))

    def ask(table: pl.DataFrame) -> tuple[float, bool]:
        mine = table["id"].is_in(own)
        here = case.asked.value if case.asked.value is not None else _least(table.filter(mine), latitude, longitude)
        other = _least(within(there(table.filter(~mine)), since, before(day)), latitude, longitude)
        return (nan if isinf(other) else other), other >= here

    tried = case.tried(sure(held, rows), ask)
    others = within(there(without(held.table, rows)), since, before(day))
    others = others.with_columns(km=away(others, latitude, longitude)).sort("km")
    here = case.asked.value if case.asked.value is not None else _least(rows, latitude, longitude)
    said = f"{here:,.0f} km from {case.asked.place.name}; {_nearest(others, tried.low, tried.high)} since {since}"
    left = len(within(there(chosen.table), since, before(day))) - len(others) - len(within(rows, since, before(day)))
    notes = (f"{left} events whose place is known only roughly are left out",) if left > 0 else ()
    nearer = others.filter(pl.col("km") < here)
    return Found(said, tried, ids(nearer) or ids(rows), (cover,), RECORD, (*_notes(case, cover, since, rows), *notes),
                 _other(case, tried))  # fmt: skip


# -- the event that is spoken of, and those that it is compared with -------------------------------------------------


def _spoken_of(case: Case, *, needed: bool = True) -> pl.DataFrame:
    """The happening of the text; where it names no day, the newest events that fit. CannotTell: there is none."""
    try:
        if case.asked.event:
            return happening(case)
        held = within(case.there(case.chosen().table), day_of(case.asked.since), case.end)
        if held.is_empty():
            raise CannotTell(f"{case.events.name} has no event that fits what the text says, until {case.end}")
        newest = _last_day(held)
        return within(held, before(newest, case.limits.recent_days), newest)
    except CannotTell:
        if needed:
            raise
        return case.events.table.head(0)


def _period(case: Case, end: date) -> pl.DataFrame:
    found = within(case.there(case.chosen().table), day_of(case.asked.since), end)
    if found.is_empty():
        raise CannotTell(
            f"{case.events.name} has no event from {case.asked.since or 'the beginning'} to {end} that fits"
        )
    return found


def _earlier(case: Case, until: date) -> tuple[Cover, date]:
    """How well the time before is covered, and its first day."""
    since = after_named(day_of(case.asked.since), until, case.quote)
    if since and since > until:
        raise CannotTell(f"there is no time from {since} to {until}")
    cover = case.cover(since, until, ever=True)
    return cover, since or min(cover.since or until, case.events.first)


def _notes(case: Case, cover: Cover, since: date, rows: pl.DataFrame) -> tuple[str, ...]:
    asked = day_of(case.asked.since)
    return tuple(note for note in (
        cover.told,
        f"{asked.year} itself is not looked at: since then there was one" if asked and asked < since else "",
        "" if asked else f"no beginning is stated; looked at from {since}",
        "" if case.asked.event or rows.is_empty() else f"taken to be one of {_first_day(rows)} to {_last_day(rows)}",
    ) if note)  # fmt: skip


def _other(case: Case, tried: Tried) -> str:
    """Why an event that breaks the record is no contradiction: it may be the one that the text speaks of."""
    return "" if case.asked.event or tried.holds else "the reading does not say of which day the event is"


def _last_day(rows: pl.DataFrame) -> date:
    day = rows["event_date"].max()
    assert isinstance(day, date)
    return day


def _first_day(rows: pl.DataFrame) -> date:
    day = rows["event_date"].min()
    assert isinstance(day, date)
    return day


def without(table: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The table without these events."""
    return table.filter(~pl.col("id").is_in(rows["id"].to_list()))


def fine(case: Case, table: pl.DataFrame) -> pl.DataFrame:
    """Those whose place is known well enough to measure."""
    rough = (pl.col("geo_precision").fill_null(ROUGH) >= ROUGH) | (pl.col("radius_km") > case.limits.coarse_km)
    return table.filter(pl.col("latitude").is_not_null() & pl.col("longitude").is_not_null() & ~rough)


def _least(table: pl.DataFrame, latitude: float, longitude: float) -> float:
    found = away(table, latitude, longitude).drop_nans().min()
    return inf if found is None else float(found)  # type: ignore[arg-type]


# -- words -----------------------------------------------------------------------------------------------------------


def _so_many(figure: float) -> str:
    return f"{figure:,.0f} such event{'s' * (figure != 1)}" if figure else "no such event"


def _latest(rows: pl.DataFrame) -> str:
    if rows.is_empty():
        return ""
    row = rows.sort("event_date").row(-1, named=True)
    return f" (the latest on {row['event_date']}, {row['location'] or row['admin1'] or row['country']})"


def _most(others: pl.DataFrame) -> str:
    known = others.filter(pl.col("fatalities").is_not_null()).sort("fatalities")
    if known.is_empty():
        return "none known"
    row = known.row(-1, named=True)
    dead = number(row["fatalities"], *_bounds(row["fatalities_low"], row["fatalities_high"]))
    return f"{dead} on {row['event_date']} ({row['location'] or row['country']})"


def _bounds(low: float, high: float) -> tuple[float | None, float | None]:
    return (None, None) if low == high else (low, high)


def _nearest(others: pl.DataFrame, low: float | None, high: float | None) -> str:
    if others.is_empty():
        return "no other event with a place"
    row = others.row(0, named=True)
    return (
        f"the nearest other is at {number(row['km'], low, high, unit='km')} on {row['event_date']} ({row['location']})"
    )
