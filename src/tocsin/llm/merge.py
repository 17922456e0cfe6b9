"""Bring together what a model tells twice: of two parts of a report, or by two of its sentences.

In:  Incidents in the order told.
Out: Incidents of which no two are the same people's doing at the same place on the same day, in the order of the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tocsin.code.days import same_day
from tocsin.code.events import Given, Incident
from tocsin.code.families import families
from tocsin.code.nearby import same_place
from tocsin.code.roles import Roles
from tocsin.model import ActorMention


def merge(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """Each happening once."""
    kept: list[Incident] = []
    for incident in sorted(incidents, key=lambda each: each.frames[0].span):
        home = next((each for each in kept if is_same(each, incident)), None)
        if home:
            _join(home, incident)
        else:
            kept.append(incident)
    return tuple(kept)


def is_same(one: Incident, other: Incident) -> bool:
    """The codebook's unit: day, place and actors agree, as far as they are known, and so do the kinds of happening."""
    kinds = any(other.families & families().together[kind] for kind in one.families)
    day = bool(one.day and other.day and same_day(one.day, other.day))
    place = bool(one.place and other.place and same_place(one.place, other.place))
    return kinds and day and place and all(_agree(one, other, role) for role in ("agents", "targets"))


def _agree(one: Incident, other: Incident, role: str) -> bool:
    """Some actor stands in both, or one of them names none."""
    first, second = (_names(getattr(each.frames[0].roles, role)) for each in (one, other))
    return not first or not second or bool(first & second)


def _names(mentions: Iterable[ActorMention]) -> set[tuple[str, str]]:
    return {(mention.kind, mention.key) for mention in mentions}


def _join(home: Incident, other: Incident) -> None:
    """All that is known of the one is known of both; what opens the first one opens both."""
    opening, more = home.frames[0], other.frames[0]
    opening.tactics |= more.tactics
    opening.facts |= more.facts
    opening.roles = _roles(opening.roles, more.roles)
    told = {frame.span for frame in home.frames}
    home.frames += [frame for frame in other.frames if frame.span not in told]
    home.families |= other.families
    home.background = home.background and other.background
    if home.given and other.given:
        home.given = _given(home.given, other.given)


def _roles(one: Roles, other: Roles) -> Roles:
    agents = tuple(dict.fromkeys((*one.agents, *other.agents)))
    targets = tuple(each for each in dict.fromkeys((*one.targets, *other.targets)) if each not in agents)
    return replace(
        one,
        agents=agents,
        targets=targets,
        agent_rule=one.agent_rule or other.agent_rule,
        target_rule=one.target_rule or other.target_rule,
    )


def _given(one: Given, other: Given) -> Given:
    new = [place for place in other.places if not any(same_place(place, known) for known in one.places)]
    return Given(
        actors=tuple(dict.fromkeys((*one.actors, *other.actors))),
        places=(*one.places, *new),
        counts=tuple(sorted({*one.counts, *other.counts}, key=lambda count: (count.span, count.kind))),
    )
