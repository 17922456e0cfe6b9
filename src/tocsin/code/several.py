"""One telling, several places: "raids on Moura, Dogo and Tena killed nine" are three events.

In:  an Incident and the place mentions of its report.
Out: the Incident once for each place named beside its own; the dead are split evenly by the codebook's rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tocsin.code.frames import Scene
from tocsin.code.nearby import apart
from tocsin.codebook.fatalities import Toll, split
from tocsin.locate import Located, place_event
from tocsin.model import PlaceMention

if TYPE_CHECKING:
    from tocsin.code.events import Incident

JOINT = re.compile(
    r"\s*(,|;|and|et|&|puis|then|as well as|ainsi que)(\s*(and|et|,))?(\s+(in|at|à|de|du|d['’]|on|sur|near))?\s*",
    re.IGNORECASE,
)
AND = re.compile(r"\b(and|et)\b|&", re.IGNORECASE)
APART_KM = 2  # nearer than this the names mean one place


def places_of(incident: Incident, scene: Scene) -> list[Located | None]:
    """The incident's place, and those joined to it by commas and "and"; the places given with it, if they are."""
    if incident.given:
        return [*incident.given.places] or [None]
    if incident.place is None or not incident.place.spans or not incident.place.rule.startswith("sentence"):
        return [incident.place]
    names = [m for m in scene.places if m.role == "at" and m.place and m.place.kind == "place"]
    at = next((i for i, m in enumerate(names) if m.span.overlaps(incident.place.spans[0])), None)
    if at is None:
        return [incident.place]
    first = last = at
    while first > 0 and _joined(names[first - 1], names[first], scene.reading.text):
        first -= 1
    while last + 1 < len(names) and _joined(names[last], names[last + 1], scene.reading.text):
        last += 1
    found = [incident.place if i == at else _located(names[i], scene) for i in range(first, last + 1)]
    if last == first or not AND.search(scene.reading.text[names[last - 1].span.end : names[last].span.start]):
        return [incident.place]  # "Tank, Khyber Pakhtunkhwa" is one place; a list ends with "and"
    return _apart([place for place in found if place])


def _joined(one: PlaceMention, other: PlaceMention, text: str) -> bool:
    return bool(JOINT.fullmatch(text[one.span.end : other.span.start]))


def _located(mention: PlaceMention, scene: Scene) -> Located | None:
    reading = scene.reading
    return place_event(mention.span, mention.span, (), scene.places, scene.gazetteer, reading.text, reading.lang)


def _apart(places: Sequence[Located]) -> list[Located | None]:
    """Without those that are the place of another; the list ends with 'X, in Y' and the like otherwise."""
    kept: list[Located | None] = []
    for here in places:
        if all(other is None or apart(here, other) > APART_KM or here.name != other.name for other in kept):
            kept.append(here)
    return kept


def share(toll: Toll, part: int, parts: int) -> Toll:
    """The part of the dead that falls to one of several places: even, the remainder to the first."""
    if parts == 1:
        return toll
    best, low, high = (split(n, parts)[part] for n in (toll.best, toll.low, toll.high))
    return replace(
        toll, best=best, low=low, high=high, rule=toll.rule + ".split", note=f"{toll.best} over {parts} places"
    )
