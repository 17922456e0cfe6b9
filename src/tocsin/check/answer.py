"""Answer statements from events.

In:  Statements as they were read; a Store, or Events.
Out: Checked: the verdict with its reason, the figure with its interval, the events behind it, what was assumed.

Whether the data cover the country and the time is asked before any verdict: no events, no verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from math import isnan
from pathlib import Path

import polars as pl

from tocsin.analyse.doubles import with_doubt
from tocsin.analyse.draws import DRAWS, Draws
from tocsin.analyse.events import Events, events_of, read_events
from tocsin.check import changes, counting, parts, places, records, said
from tocsin.check.found import Found, merged, verdict
from tocsin.check.limits import limits
from tocsin.check.scope import COLUMNS, CannotTell, Case, country_of, day_of, of_types, on_side
from tocsin.check.statement import Asked, Checked, Kind, Statement
from tocsin.store import Filter, Store

ANSWERS: dict[Kind, Callable[[Case], Found]] = {
    "count": counting.count, "deaths": counting.deaths, "first": records.first, "last": records.last,
    "deadliest": records.deadliest, "closest": records.closest, "change": changes.change, "effect": changes.effect,
    "expansion": places.expansion, "encirclement": places.encirclement, "share": parts.share,
    "ranking": parts.ranking, "attribution": said.attribution,
}  # fmt: skip
BY_NAME = ("attribution", "ranking", "status")  # kinds that look for the actor themselves
NO_EVENTS = ("distance", "status")  # kinds that a map, or a list, answers


def check_all(
    statements: Iterable[Statement],
    source: Store | Events,
    draws: Draws = DRAWS,
    *,
    written: date | None = None,
    store: Store | None = None,
) -> Iterator[Checked]:
    """Each statement with its verdict; the events of each country are read once.

    `written`: the day of the text; what happened later was not spoken of. `store`: where reports are looked up, if
    `source` has none.
    """
    held, store = _Held(source, draws), source if isinstance(source, Store) else store
    for statement in statements:
        events, note = held.of(statement.asked)
        found = check(statement, events, draws, written=written, store=store)
        yield replace(found, notes=(*found.notes, note)) if note and found.chance is not None else found


class _Held:
    """The events of each country, read once, with the chance that one is another told again."""

    def __init__(self, source: Store | Events, draws: Draws) -> None:
        self.source, self.draws = source, draws
        self.read: dict[str | None, tuple[Events, str]] = {}

    def of(self, asked: Asked | None) -> tuple[Events, str]:
        """The events that answer the question, and a note on those that may be doubles."""
        if isinstance(self.source, Events):
            return self.source, ""
        if asked is None or asked.kind in NO_EVENTS:
            return events_of([], self.source.name), ""
        country = wanted_country(asked)
        if country not in self.read:
            events = read_events(self.source, Filter(country=country), COLUMNS)
            self.read[country] = with_doubt(events, self.source) if self.draws and len(events) else (events, "")
        return self.read[country]


def check(
    statement: Statement,
    events: Events,
    draws: Draws = DRAWS,
    *,
    written: date | None = None,
    store: Store | None = None,
) -> Checked:
    """The verdict on one statement by these events, which may be of more countries than its own."""
    asked, events = statement.asked, replace(events, name=Path(events.name).name)
    if asked is None:
        return Checked(statement, "not checkable", statement.why or "It states nothing that events can answer.")
    try:
        if asked.kind in NO_EVENTS:
            return _checked(statement, _without_events(asked, written, statement.quote), None)
        case = Case(asked, _scope(events, asked), draws, limits(), written, store, statement.quote)
        _known(case, events)
        found = ANSWERS[asked.kind](case)
        return _checked(statement, found, _loose(case))
    except CannotTell as reason:
        return Checked(statement, "cannot be told", _sentence(str(reason)))


def _without_events(asked: Asked, written: date | None, quote: str) -> Found:
    return places.distance(asked, limits()) if asked.kind == "distance" else said.status(asked, written, quote)


def wanted_country(asked: Asked) -> str | None:
    """Whose events are needed; None: those of all countries, to rank them or because none is named."""
    ranked = asked.place or asked.where
    if asked.kind == "ranking" and ranked and ranked.kind == "country" and (asked.place or not asked.actors):
        return None
    return country_of(asked)


def _scope(events: Events, asked: Asked) -> Events:
    """The events of the country, with a day."""
    country = wanted_country(asked)
    held = events.dated()
    if country is not None:
        held = held.where(pl.col("country").cast(pl.String) == country)
    if not len(held):
        raise CannotTell(f"{events.name} has no event of {country or 'any country'} with a date")
    days = held.table["event_date"].to_list()
    return replace(held, period=(days[0], days[-1]))  # they are sorted


def _known(case: Case, events: Events) -> None:
    """CannotTell: the data have no event at all of the types, or of the actors, or none of the time asked about."""
    asked, named = case.asked, (*case.asked.event_types, *case.asked.sub_event_types)
    if named and not len(events.where(of_types(asked))):
        raise CannotTell(f"{events.name} has no event of the type {' or '.join(named)} at all")
    sides = ("actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2")
    if asked.actors and asked.kind not in BY_NAME and not len(case.events.table.filter(
        on_side(case.events.table, sides, asked.actors)
    )):  # fmt: skip
        raise CannotTell(
            f"{events.name} names {' or '.join(asked.actors)} in no event of {case.place or 'any country'}"
        )
    for text in (asked.since, asked.until, asked.than_since, asked.than_until, asked.event):
        day_of(text)


def _loose(case: Case) -> Found | None:
    """The same with the events of unnamed actors, if the statement names one and there are any."""
    if not case.asked.actors or case.asked.kind in BY_NAME:
        return None
    other = replace(case, unnamed=True)
    if len(other.chosen().table) == len(case.chosen().table):
        return None
    try:
        return ANSWERS[case.asked.kind](other)
    except CannotTell:
        return None


def _checked(statement: Statement, found: Found, loose: Found | None) -> Checked:
    given, reason = verdict(found, loose, limits())
    tried = found.tried
    figure = None if isnan(tried.figure) else tried.figure
    notes = merged(found.notes, [cover.reason for cover in found.covers if cover.reason not in reason])
    return Checked(statement, given, _sentence(reason), figure, tried.low, tried.high, tried.chance, found.ids, notes)


def _sentence(text: str) -> str:
    """With a full stop and a capital letter, but for a file's name."""
    text = text if text.endswith(".") else f"{text}."
    return text if "." in text.split()[0] else text[:1].upper() + text[1:]
