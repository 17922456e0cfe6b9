"""Who stands on which side of an incident.

In:  an Incident's frames, its country, day and admin1, the registry.
Out: for each side the actors with the words that name them, best first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tocsin.code.frames import Frame
from tocsin.model import Actor, ActorMention, Span
from tocsin.registry import Registry

WEIGHT = {"role.parse": 2.0, "role.order": 1.0}
GRADE_WEIGHT = {"event": 1.5, "weak": 1.2, "harm": 1.2, "mention": 1.0}
NAMED = 0.6  # added for a named group or state body: it says more than "gunmen"

CLASS_OF_INTER = {
    "State forces": "state", "External/Other forces": "external", "Rebel group": "rebel", "Political militia": "political_militia",
    "Identity militia": "identity_militia", "Rioters": "rioters", "Protesters": "protesters", "Civilians": "civilians",
}


@dataclass(frozen=True, slots=True)
class Party:
    """One actor on one side, with the words that put it there."""

    actor: Actor
    mentions: tuple[ActorMention, ...]
    weight: float
    rule: str

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(mention.span for mention in self.mentions)

    @property
    def side(self) -> str:
        if self.actor.name.startswith("Unidentified"):
            return "unidentified_armed"
        return CLASS_OF_INTER.get(self.actor.inter, "civilians")


@dataclass(frozen=True, slots=True)
class Where:
    """What the registry needs to know of the incident."""

    country: str
    day: date | None
    admin1: str | None


def sides(frames: Sequence[Frame], where: Where, registry: Registry) -> tuple[list[Party], list[Party]]:
    """Agents and targets, best first; an actor on both sides stays where it weighs more."""
    agents = _parties(((m, _weight(f, f.roles.agent_rule)) for f in frames for m in f.roles.agents), where, registry)
    targets = _parties(((m, _weight(f, f.roles.target_rule)) for f in frames for m in f.roles.targets), where, registry)
    strongest = {party.actor.name: party.weight for party in agents}
    targets = [p for p in targets if p.weight > strongest.get(p.actor.name, 0)]
    weaker = {party.actor.name for party in targets}
    return [p for p in agents if p.actor.name not in weaker], targets


def _weight(frame: Frame, rule: str) -> float:
    return WEIGHT.get(rule, 1.0) * GRADE_WEIGHT[frame.grade] * (0.5 if frame.quoted else 1.0)


def _parties(votes: Iterable[tuple[ActorMention, float]], where: Where, registry: Registry) -> list[Party]:
    actors: dict[str, Actor] = {}
    mentions: dict[str, list[ActorMention]] = defaultdict(list)
    weights: dict[str, float] = defaultdict(float)
    for mention, weight in votes:
        actor = registry.resolve(mention, where.country, where.day, admin1=where.admin1)
        actors[actor.name] = actor
        mentions[actor.name].append(mention)
        weights[actor.name] += weight + (NAMED if mention.kind in ("group", "state") else 0.0)
    found = [Party(actors[n], tuple(dict.fromkeys(mentions[n])), weights[n], actors[n].rule) for n in actors]
    return sorted(found, key=lambda p: (-p.weight, p.mentions[0].span))
