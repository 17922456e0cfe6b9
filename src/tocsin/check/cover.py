"""Does a database know a country in a time well enough that what it does not have did not happen?

In:  the events of the country, and the days asked about.
Out: `Cover`: the part that is covered, or why it is not.

A stretch of time is covered if it has enough events of the country, of whatever kind, from enough sources, and no hole
of months without any; the numbers are in data/cover.toml. This is told from the events alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from tocsin.analyse.events import Events
from tocsin.analyse.periods import number_of
from tocsin.check.limits import Limits

YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class Cover:
    """`since`, `until`: the covered part (None: nothing). `share`: of the days asked about. `events`: of the country in
    these days, whatever their kind. `reason`: why the cover is not good enough; empty if it is."""

    since: date | None
    until: date | None
    share: float
    events: int
    reason: str = ""

    @property
    def good(self) -> bool:
        return not self.reason

    @property
    def told(self) -> str:
        """What is covered, in words."""
        part = f"{self.since} to {self.until}" if self.since else "none of the time asked about"
        return f"{part} is covered well, with {counted(self.events)} of any kind"


def cover_of(
    events: Events, since: date | None, until: date | None, limits: Limits, place: str | None, *, ever: bool = False
) -> Cover:
    """How well the events cover these days; without `since` from their beginning, without `until` to their end.

    `place`: what the events are of; None: no country was named. `ever`: a record that has no beginning is asked about.
    """
    held = events.table["event_date"].drop_nulls()
    if held.is_empty():
        return Cover(None, None, 0.0, 0, f"{events.name} has no event of {place or 'that'} with a date")
    last = until or max(_day(held.max()), since or date.min)
    first = since or min(_day(held.min()), last)
    inside = int(held.is_between(first, last).sum())
    parts = [(max(a, first), min(b, last)) for a, b in stretches(events.table, limits) if a <= last and b >= first]
    days = sum((b - a).days + 1 for a, b in parts)
    share = min(1.0, days / max(1, (last - first).days + 1))
    begin, end = (parts[0][0], parts[-1][1]) if parts else (None, None)
    reason = _reason(events, (first, last), inside, share, limits, place)
    if not reason and ever and since is None and days < limits.ever_years * YEAR_DAYS:
        reason = f"{events.name} covers only {begin} to {end}, too short for a record without a beginning"
    return Cover(begin, end, share, inside, reason)


def stretches(table: pl.DataFrame, limits: Limits) -> Iterator[tuple[date, date]]:
    """First and last day of each covered stretch of time, in their order."""
    held = table.filter(pl.col("event_date").is_not_null()).sort("event_date")
    months = number_of(held["event_date"].to_physical().to_numpy().astype(np.int64), "month")
    cuts = np.flatnonzero(np.diff(months) > limits.gap_months + 1) + 1
    edge = timedelta(days=limits.edge_days)
    for part in np.split(np.arange(len(months)), cuts):
        rows = held[part.tolist()]
        if len(rows) >= limits.events and _sources(rows, limits.sources):
            yield _day(rows["event_date"][0]) - edge, _day(rows["event_date"][-1]) + edge


def counted(events: int) -> str:
    """ "1 event", "1,200 events"."""
    return f"{events:,} event{'s' * (events != 1)}"


def deadly_only(events: Events, limits: Limits) -> bool:
    """Whether the data seem to leave out events in which nobody died, as UCDP's do: few have a best figure of 0."""
    dead = events.table["fatalities"].drop_nulls()
    return len(dead) >= limits.events and int((dead == 0).sum()) < limits.bloodless * len(dead)


def _sources(rows: pl.DataFrame, least: int) -> bool:
    if "source" not in rows.columns or rows["source"].null_count() == len(rows):
        return True
    named = rows["source"].cast(pl.String).drop_nulls().str.split(";").explode().str.strip_chars()
    return named.n_unique() >= least


def _reason(
    events: Events, asked: tuple[date, date], inside: int, share: float, limits: Limits, place: str | None
) -> str:
    """Why what is not there may have happened all the same."""
    held = events.table["event_date"].drop_nulls()
    has = f"{counted(len(held))} of {place or 'all countries'} from {_day(held.min())} to {_day(held.max())}"
    if not inside:
        days = f"from {asked[0]} to {asked[1]}" if asked[0] < asked[1] else f"until {asked[1]}"
        return f"{events.name} has no event {days}; it has {has}"
    if place is None:
        return f"the text names no country, and {events.name} need not have all of them"
    if share < limits.part:
        return f"{events.name} covers {100 * share:.0f} % of {asked[0]} to {asked[1]}; it has {has}"
    return ""


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value
