"""Choose the two main actors of an event.

In:  the verdict of the codebook, the parties of the report with their signs, the frames of the incident.
Out: actor 1 and actor 2: of those who are named and of the stand-ins of data/actors.toml the two that fit best.
     The weights of data/pairs.toml say what speaks for whom; bench/fit_pairs.py makes them from labelled reports.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from tocsin.code.frames import Frame
from tocsin.code.sides import Party, Where
from tocsin.codebook import Verdict
from tocsin.model import ActorMention, Span
from tocsin.registry import Registry

NOWHERE = Span(0, 0)  # of a stand-in: no words name it
SITES = {"site_military": "military", "site_police": "police", "site_civilian": "civilians"}
FIRST, SECOND = "first", "second"

Weights = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Pair:
    """The two main actors of an event; either may be missing."""

    first: Party | None
    second: Party | None
    first_assoc: tuple[str, ...] = ()
    second_assoc: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is known of the actors before the two main ones are chosen."""

    verdict: Verdict
    parties: Sequence[Party]
    frames: Sequence[Frame]
    where: Where


@cache
def table(name: str) -> dict[str, Any]:
    """A data file of this package."""
    with resources.files(__package__).joinpath(f"data/{name}.toml").open("rb") as file:
        return tomllib.load(file)


def find_pair(conflict: Conflict, registry: Registry) -> Pair:
    """The two that fit best together."""
    weights, found = table("pairs"), candidates(conflict, registry)
    firsts = [(score(each, FIRST, conflict.verdict, weights), each) for each in found]
    seconds = [(score(each, SECOND, conflict.verdict, weights), each) for each in (*found, None)]
    best, pair = -math.inf, Pair(None, None)
    for a, one in firsts:
        for b, two in seconds:
            if may_meet(one, two, conflict.verdict):
                total = a + b + _sum(together(one, two, conflict.verdict), weights)
                if total > best:
                    best, pair = total, Pair(one, two)
    return pair


def may_meet(first: Party | None, second: Party | None, verdict: Verdict) -> bool:
    """Nobody meets himself, and each side is of a kind that data/actors.toml allows for the type."""
    if first is None or first is second:
        return False
    return _allowed(FIRST, first.kind, verdict) and _allowed(SECOND, second.kind if second else "nobody", verdict)


def _allowed(side: str, kind: str, verdict: Verdict) -> bool:
    rules = table("actors")["allowed"]
    rule = rules.get(verdict.sub_event_type) or rules.get(verdict.event_type) or {}
    return kind in rule.get(side, (kind,)) and kind not in rule.get(f"not_{side}", ())


def together(first: Party, second: Party | None, verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Table and key of data/pairs.toml for what the two are to each other."""
    kinds = f"{first.kind}, {second.kind if second else 'nobody'}"
    yield f"both {verdict.event_type}", kinds
    if second and first.actor.country == second.actor.country and {broad(first), broad(second)} == {"state"}:
        yield "both", "same state"


def score(party: Party | None, side: str, verdict: Verdict, weights: Weights) -> float:
    """How much speaks for this actor, or for nobody, on this side."""
    return _sum(features(party, side, verdict), weights)


def _sum(names: Iterable[tuple[str, str]], weights: Weights) -> float:
    return sum(weights.get(part, {}).get(name, 0.0) for part, name in names)


def features(party: Party | None, side: str, verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Table and key of data/pairs.toml: each sign, alone and for this kind of actor; the kind by type of event."""
    kind = party.kind if party else "nobody"
    yield f"{side} {verdict.event_type}", kind
    yield f"{side} {verdict.sub_event_type}", kind
    if party is None:
        return
    for sign in sorted(party.signs):
        yield side, sign
        yield f"{side} {broad(party)}", sign


def broad(party: Party) -> str:
    """Kinds of actors that texts treat alike."""
    if party.group:
        return "group"
    kinds: Mapping[str, str] = table("actors")["broad"]
    return kinds.get(party.kind, party.kind)


def candidates(conflict: Conflict, registry: Registry) -> list[Party]:
    """All parties, and the stand-ins for those whom nobody names."""
    if not conflict.where.country:
        return list(conflict.parties)
    sites = {SITES[fact] for frame in conflict.frames for fact in frame.facts if fact in SITES}
    found = {party.actor.name: party for party in conflict.parties}
    for kind, (mention_kind, key) in table("actors")["stand_in"].items():
        mention = ActorMention(NOWHERE, mention_kind, key)
        actor = registry.resolve(mention, conflict.where.country, conflict.where.day, admin1=conflict.where.admin1)
        known = found.get(actor.name, Party(actor))
        marks = {"stand_in"} if not known.mentions else set()
        marks |= {"site"} if kind in sites else set()
        found[actor.name] = replace(known, signs=known.signs | marks)
    return list(found.values())
