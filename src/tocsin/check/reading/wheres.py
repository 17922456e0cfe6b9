"""Statements of places: distance, encirclement, expansion.

In:  a Clause with who acts in it (`Ask`).
Out: `Asked`s; none if the place is not named.
"""

from __future__ import annotations

import re
from dataclasses import replace

from tocsin.check.reading.ask import Ask, ends
from tocsin.check.reading.clause import Clause
from tocsin.check.reading.spots import Named, spot_of
from tocsin.check.statement import Asked, Spot
from tocsin.model import Span

BEFORE_PLACE = 50  # characters before a place in which "into" or "beyond" stands
POSSESSIVE = 3  # characters of "'s "
TIED = 4  # words between: "outside its traditional strongholds in"


def distance(ask: Ask) -> list[Asked]:
    clause = ask.clause
    if not clause.numbers or not clause.places_inside:
        return []
    to = clause.places_inside[-1]
    others = [each for each in clause.places if each is not to and each.spot != to.spot]
    before = [each for each in others if each.span.end <= clause.span.end]
    here = max(before, key=lambda each: each.span.end, default=None) or min(
        others, key=lambda each: each.span.start, default=None
    )
    if here is None or here.spot.kind == "country":
        return []
    amount = clause.numbers[0]
    value = round(amount.value * clause.rule.factor, 1)
    event = _no_event(ask)
    return [replace(event, where=here.spot, place=to.spot, value=value, comparison=clause.comparison(amount))]  # type: ignore[arg-type]


def _no_event(ask: Ask) -> Asked:
    return Asked(kind=ask.clause.rule.kind, unit=ask.clause.rule.unit)  # type: ignore[arg-type]


def encirclement(ask: Ask) -> list[Asked]:
    clause = ask.clause
    past = clause.day and clause.day.first != clause.marked.published
    if past or clause.country is None:
        return []
    towns = [each.spot for each in clause.places if each.spot.kind != "country"]
    place = next((each.spot for each in clause.places_inside if each.spot.kind != "country"), None) or next(
        iter(towns), None
    )
    if place is None and clause.marked.words.cues["capitals"].search(clause.marked.folded, *ends(clause.sentence)):
        place = _capital(clause)
    return [ask.during(place=place, where=clause.country)]


def _capital(clause: Clause) -> Spot | None:
    found = clause.marked.scene.gazetteer.capital(clause.marked.home or "")
    return spot_of(found) if found else None


def expansion(ask: Ask) -> list[Asked]:
    """Where it goes, and beyond where: by the words before each place."""
    clause, words = ask.clause, ask.clause.marked.words.cues
    goal: Named | None = None
    beyond: Named | None = None
    leaving = [Span(*m.span()) for m in words["leaving"].finditer(clause.marked.text, *ends(clause.sentence))]
    for each in clause.places:
        said = clause.marked.text[max(clause.sentence.start, each.span.start - BEFORE_PLACE) : each.span.start]
        left = any(span.start <= each.span.start < span.end for span in leaving)
        if (left or _ends_with(words["beyond"], said)) and beyond is None:
            beyond = each
        elif goal is None and _ends_with(words["into"], said) and each.span.end > clause.span.start:
            goal = each
    if goal is None and beyond is None and not words["beyond"].search(clause.marked.folded, *ends(clause.sentence)):
        inside = [each for each in clause.places_inside if each.span.start > clause.span.start]
        if not inside:
            return []
        goal = inside[-1]
    if goal and goal.spot.kind == "country":  # "Cameroon's Far North"
        own = (
            e
            for e in clause.places
            if 0 < e.span.start - goal.span.end <= POSSESSIVE and e.spot.country == goal.spot.country
        )
        goal = next(own, goal)
    place = clause.joined(goal) if goal else None
    old = beyond.spot if beyond and (place or beyond.spot.kind != "country") else None
    where = place if place and place.kind == "country" else clause.country
    return [ask.during(place=place, beyond=old, where=where)]


def _ends_with(cue: re.Pattern[str], said: str) -> bool:
    """The last such word stands right before the place, with at most a few words between."""
    found = list(cue.finditer(said))
    return bool(found) and len(said[found[-1].end() :].split()) <= TIED
