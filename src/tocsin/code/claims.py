"""Code the incidents of one report: what the codebook calls each, who, when, where, how many died.

In:  the Incidents, the Scene they come from, the registry.
Out: Claims in which every value carries the words or the rule behind it; an incident that meets no definition is rejected.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from tocsin.code.events import Incident
from tocsin.code.frames import Scene
from tocsin.code.sides import Party, Where, sides
from tocsin.codebook import Happening, Verdict, decide
from tocsin.codebook.fatalities import Toll, fatalities
from tocsin.countries import country as country_of
from tocsin.model import ActorMention, Claim, Count, Span, Value
from tocsin.registry import Registry

T = TypeVar("T")

SITE_TARGET = {"site_military": "state", "site_police": "state", "site_civilian": "civilians"}
STAND_IN = {
    "armed": ("armed", "gunmen"),
    "police": ("state", "police"),
    "military": ("state", "military"),
    "protesters": ("crowd", "protesters"),
    "rioters": ("crowd", "rioters"),
    "civilians": ("civilians", "civilians"),
}
NOWHERE = Span(0, 0)  # of a stand-in: no words name it
BATTLE_CONTEXT = {"Battles": "battle", "Riots": "crowd", "Protests": "crowd"}
SUB_CONTEXT = {"Air/drone strike": "air_strike", "Shelling/artillery/missile attack": "shelling"}


@cache
def _tables() -> dict[str, Any]:
    with resources.files(__package__).joinpath("data/actors.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True, slots=True)
class Pair:
    """The two main actors of an event; either may be missing."""

    first: Party | None
    second: Party | None
    first_assoc: tuple[str, ...] = ()
    second_assoc: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coder:
    """Codes the incidents of one report."""

    scene: Scene
    registry: Registry
    incidents: Sequence[Incident]

    def claim(self, incident: Incident) -> Claim | None:
        """The claim; None if no definition of the codebook is met."""
        where = _where(incident)
        agents, targets = sides(incident.frames, where, self.registry) if where.country else ([], [])
        counts = self.counts(incident)
        verdict = decide(_happening(incident, agents, targets, counts))
        if verdict is None:
            return None
        pair = self._pair(verdict, agents, targets, where, incident)
        return _build(incident, verdict, pair, fatalities(counts, _context(verdict, incident)), where)

    def counts(self, incident: Incident) -> list[Count]:
        """Counts in the sentences that tell the incident, and in what follows them in their paragraphs."""
        reading = self.scene.reading
        if len(self.incidents) == 1:
            return list(reading.counts)
        own = {frame.sentence.index for frame in incident.frames}
        others = {frame.sentence.index for other in self.incidents for frame in other.frames} - own
        for index in sorted(own):
            for sentence in reading.sentences[index + 1 :]:
                if sentence.index in others or sentence.paragraph != reading.sentences[index].paragraph:
                    break
                own.add(sentence.index)
        return [count for count in reading.counts if reading.sentence_at(count.span.start).index in own]

    def _pair(
        self, verdict: Verdict, agents: list[Party], targets: list[Party], where: Where, incident: Incident
    ) -> Pair:
        """The main actors: those named, those the codebook fixes, else the stand-ins of data/actors.toml."""
        tables, kind = _tables(), verdict.sub_event_type
        default = tables["default"][kind]
        if kind in tables["fixed"]:
            return self._crowd_pair(tables["fixed"][kind], default["second"], [*agents, *targets], where, kind)
        first = _first(agents, lambda p: p.side not in ("civilians", "protesters"))
        victims_only = kind in tables["victims"]["types"]
        second = _first(targets, lambda p: not victims_only or p.side in ("civilians", "protesters", "rioters"))
        if verdict.event_type == "Battles":
            armed = [p for p in (*agents, *targets) if p.side not in ("civilians", "protesters", "rioters")]
            first = first or _first(armed, lambda p: True)
            second = _first(armed, lambda p: first is None or p.actor.name != first.actor.name)
        if kind in tables["alone"]["types"] and second and second.side == "civilians":
            second = None
        first = first or self._stand_in(default["first"], where)
        if second is None and kind not in tables["alone"]["types"]:
            second = self._stand_in(_site_default(incident, default["second"], victims_only), where)
        return Pair(first, second)

    def _crowd_pair(self, crowd: str, other: str, parties: Sequence[Party], where: Where, kind: str) -> Pair:
        first = _first(parties, lambda p: p.side == crowd) or self._stand_in(crowd, where)
        second = _first(parties, lambda p: p.side not in ("protesters", "rioters", "civilians"))
        if second is None and kind == "Mob violence":
            second = _first(parties, lambda p: p.side == "civilians")
        if kind == "Peaceful protest":
            second = None
        return Pair(first, second or self._stand_in(other, where))

    def _stand_in(self, name: str, where: Where) -> Party | None:
        if not name or not where.country:
            return None
        kind, key = STAND_IN[name]
        mention = ActorMention(NOWHERE, kind, key)  # type: ignore[arg-type]
        actor = self.registry.resolve(mention, where.country, where.day, admin1=where.admin1)
        return Party(actor, (), 0.0, "actor.default")


def _first(parties: Sequence[Party], wanted: Any) -> Party | None:
    return next((party for party in parties if wanted(party)), None)


def _site_default(incident: Incident, default: str, victims_only: bool) -> str:
    """An attack on a base without a named defender meets the army, one on a police post the police."""
    facts = set().union(*(frame.facts for frame in incident.frames))
    if victims_only or default not in ("civilians", "military"):
        return default
    if "site_police" in facts:
        return "police"
    if "site_military" in facts and "site_civilian" not in facts:
        return "military"
    return default


def _where(incident: Incident) -> Where:
    place = incident.place.place if incident.place else None
    day = incident.day.day if incident.day else None
    return Where(place.country if place else "", day, place.admin1 if place else None)


def _happening(incident: Incident, agents: list[Party], targets: list[Party], counts: Sequence[Count]) -> Happening:
    """The incident as the facts that the codebook decides on."""
    facts = set().union(*(frame.facts for frame in incident.frames))
    tactics = set().union(*(frame.tactics for frame in incident.frames))
    side1, side2 = {p.side for p in agents[:2]}, {p.side for p in targets[:2]}
    if not side2:
        side2 = {SITE_TARGET[fact] for fact in facts if fact in SITE_TARGET}
    if any(c.kind == "killed" and c.number.best != 0 and not c.cumulative for c in counts):
        facts.add("deaths")
    if any(c.kind == "injured" and c.number.best != 0 for c in counts):
        facts.add("serious_injuries")
    return Happening(frozenset(tactics), frozenset(side1), frozenset(side2), frozenset(facts))


def _context(verdict: Verdict, incident: Incident) -> frozenset[str]:
    """What the 3-or-10 rule for unknown plurals looks at."""
    tactics = set().union(*(frame.tactics for frame in incident.frames))
    found = {BATTLE_CONTEXT.get(verdict.event_type, ""), SUB_CONTEXT.get(verdict.sub_event_type, "")}
    return frozenset((found | ({"massacre"} & tactics)) - {""})


def _build(incident: Incident, verdict: Verdict, pair: Pair, toll: Toll, where: Where) -> Claim:
    trigger = tuple(dict.fromkeys(frame.span for frame in incident.frames))
    told = tuple(dict.fromkeys(frame.sentence.span for frame in incident.frames[:1]))
    place, day = incident.place, incident.day
    first, second = pair.first, pair.second
    kind = _value(verdict.sub_event_type, verdict.rule, trigger, 0.75)
    nation = country_of(where.country) if where.country else None
    at = _Located(place.rule, tuple(place.spans), place.confidence) if place else _Located("", (), 0.0)
    return Claim(
        event_type=_value(verdict.event_type, verdict.rule, trigger, 0.85),
        sub_event_type=kind,
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
