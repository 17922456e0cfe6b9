"""Code the incidents of one report: what the codebook calls each, who, when, where, how many died.

In:  the Incidents, the Scene they come from, the registry.
Out: Claims in which every value carries the words or the rule behind it; what meets no definition is rejected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from tocsin.code.events import Incident
from tocsin.code.frames import Frame, Scene
from tocsin.code.kinds import weigh
from tocsin.code.pairs import Conflict, Pair, find_pair
from tocsin.code.several import places_of, share
from tocsin.code.sides import Cast, Party, Where, by_roles
from tocsin.code.tolls import share_out, toll_of
from tocsin.code.unforeseen import GRADE as UNFORESEEN
from tocsin.codebook import Happening, Verdict, decide
from tocsin.codebook.fatalities import Toll
from tocsin.countries import country as country_of
from tocsin.model import Claim, Count, Rejected, Span, Value
from tocsin.registry import Registry

T = TypeVar("T")

SITE_TARGET = {"site_military": "state", "site_police": "state", "site_civilian": "civilians"}
BY_RULE = 0.75  # how likely the codebook's rules alone are right about the sub-event type
LATER = 0.4  # weight of a tactic named after the sentence that opens the incident; see bench/events.py
ENOUGH = 0.8
TELLING = frozenset({"dispersal", "tear_gas", "live_fire", "intervention", "arrests_of_protesters"})  # what police did


@dataclass(frozen=True)
class Coder:
    """Codes the incidents of one report."""

    scene: Scene
    registry: Registry
    incidents: Sequence[Incident]
    rejected: Sequence[Rejected] = ()

    @cached_property
    def cast(self) -> Cast:
        return Cast.of(self.scene, [frame for each in self.incidents for frame in each.frames], self.registry)

    @cached_property
    def counts(self) -> list[list[Count]]:
        shared = share_out(self.incidents, self.scene, self.rejected)
        return [
            list(each.given.counts) if each.given else mine for each, mine in zip(self.incidents, shared, strict=True)
        ]

    def claims(self, incident: Incident) -> list[Claim]:
        """One claim for each place of the incident; none if no definition of the codebook is met."""
        places = places_of(incident, self.scene)
        counts = next(mine for other, mine in zip(self.incidents, self.counts, strict=True) if other is incident)
        made = [
            self._claim(replace(incident, place=place), counts, part, len(places)) for part, place in enumerate(places)
        ]
        return [claim for claim in made if claim]

    def _claim(self, incident: Incident, counts: Sequence[Count], part: int, parts: int) -> Claim | None:
        where = _where(incident)
        people = incident.given.actors if incident.given else None
        parties = self.cast.parties(incident.frames, where, people) if where.country else []
        agents, targets = by_roles(parties)
        happening = _happening(incident, agents, targets, counts)
        verdict, chance = decide(happening), BY_RULE
        if verdict is None:
            return None
        if self.scene.sight:
            verdict, chance = weigh(verdict, happening, incident.frames, self.scene.sight)
        told = incident.frames[0].sentence.span.of(self.scene.reading.text)
        pair = find_pair(Conflict(verdict, parties, incident.frames, where, told), self.registry)
        toll = share(toll_of(incident, verdict, counts), part, parts)
        return _build(incident, verdict, chance, pair, toll, where)


def _where(incident: Incident) -> Where:
    place = incident.place.place if incident.place else None
    day = incident.day.day if incident.day else None
    return Where(place.country if place else "", day, place.admin1 if place else None)


def _happening(incident: Incident, agents: list[Party], targets: list[Party], counts: Sequence[Count]) -> Happening:
    """The incident as the facts that the codebook decides on."""
    facts = set(_weighty(incident, lambda frame: frame.facts))
    foreseen = _weighty(incident, lambda frame: set() if frame.grade == UNFORESEEN else frame.tactics)
    tactics = foreseen or _weighty(incident, lambda frame: frame.tactics)
    side1, side2 = {p.side for p in agents[:2]}, {p.side for p in targets[:2]}
    if not side2:
        side2 = {SITE_TARGET[fact] for fact in facts if fact in SITE_TARGET}
    if any(c.kind == "killed" and c.number.best != 0 and not c.cumulative for c in counts):
        facts.add("deaths")
    if any(c.kind == "injured" and c.number.best != 0 for c in counts):
        facts.add("serious_injuries")
    return Happening(frozenset(tactics), frozenset(side1), frozenset(side2), frozenset(facts))


def _weighty(incident: Incident, of: Callable[[Frame], set[str]]) -> frozenset[str]:
    """What the opening sentence says, and what later ones say often enough: an aside makes no battle of a protest."""
    opening = incident.frames[0].sentence.index
    weights: dict[str, float] = defaultdict(float)
    for frame in incident.frames:
        for name in of(frame):
            told = frame.sentence.index == opening or name in TELLING
            weights[name] += 1.0 if told else LATER
    return frozenset(name for name, weight in weights.items() if weight >= ENOUGH)


def _build(incident: Incident, verdict: Verdict, chance: float, pair: Pair, toll: Toll, where: Where) -> Claim:
    trigger = tuple(dict.fromkeys(frame.span for frame in incident.frames))
    told = tuple(dict.fromkeys(frame.sentence.span for frame in incident.frames[:1]))
    place, day = incident.place, incident.day
    first, second = pair.first, pair.second
    nation = country_of(where.country) if where.country else None
    at = _Located(place.rule, tuple(place.spans), place.confidence) if place else _Located("", (), 0.0)
    return Claim(
        event_type=_value(verdict.event_type, verdict.rule, trigger, 0.85),
        sub_event_type=_value(verdict.sub_event_type, verdict.rule, trigger, chance),
        event_date=_value(day.day, day.rule, day.spans, day.confidence) if day else _nothing("date"),
        time_precision=_value(day.precision, day.rule, day.spans, day.confidence) if day else _nothing("date"),
        actor1=_party(first),
        inter1=_inter(first),
        assoc_actor_1=Value(pair.first_assoc or None, "actor.associated"),
        actor2=_party(second),
        inter2=_inter(second),
        assoc_actor_2=Value(pair.second_assoc or None, "actor.associated"),
        civilian_targeting=_value(verdict.civilian_targeting, "codebook.civilian_targeting", trigger, 0.85),
        country=at.value(nation.name if nation else None),
        admin1=at.value(place.place.admin1 if place else None),
        admin2=at.value(place.place.admin2 if place else None),
        location=at.value(place.name if place else None),
        latitude=at.value(place.place.latitude if place else None),
        longitude=at.value(place.place.longitude if place else None),
        geo_precision=at.value(place.geo_precision if place else None),
        place_radius_km=at.value(place.radius_km if place else None),
        geonameid=at.value(place.place.geonameid if place else None),
        fatalities=_value(toll.best, toll.rule, toll.spans, 0.8),
        fatalities_low=_value(toll.low, toll.rule, toll.spans, 0.8),
        fatalities_best=_value(toll.best, toll.rule, toll.spans, 0.8),
        fatalities_high=_value(toll.high, toll.rule, toll.spans, 0.8),
        trigger=Value(incident.frames[0].trigger.entry.id, "trigger." + incident.frames[0].trigger.entry.id, told),
        background=incident.background,
        complete=bool(day and place and first),
    )


@dataclass(frozen=True, slots=True)
class _Located:
    """What all values of one place share."""

    rule: str
    spans: tuple[Span, ...]
    confidence: float

    def value(self, value: T | None) -> Value[T]:
        if value is None:
            return Value(None, "not stated", (), 0.0)
        return Value(value, self.rule, self.spans, self.confidence)


def _value(value: T, rule: str, spans: Sequence[Span], confidence: float) -> Value[T]:
    return Value(value, rule, tuple(spans), confidence)


def _nothing(field: str) -> Value[Any]:
    return Value(None, f"{field} not stated", (), 0.0)


def _party(party: Party | None) -> Value[str]:
    if party is None:
        return Value(None, "no actor named")
    return Value(party.actor.name, party.rule, party.spans, 0.8 if party.mentions else 0.5)


def _inter(party: Party | None) -> Value[str]:
    return Value(party.actor.inter, "registry.inter", party.spans) if party else Value(None, "no actor named")
