"""Choose the two main actors of an event.

In:  the verdict of the codebook, the parties of the report with their signs, the frames of the incident.
Out: actor 1 and actor 2: of those who are named and of the stand-ins of data/actors.toml the two that fit best.
     The weights of data/pairs.toml say what speaks for whom, those of data/pairs_both.toml if the model was asked too;
     bench/fit_pairs.py makes them from labelled reports.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from tocsin.code.frames import Frame
from tocsin.code.sides import Party, Where
from tocsin.codebook import Verdict
from tocsin.fold import fold
from tocsin.model import ActorMention, Span
from tocsin.registry import Registry
from tocsin.toml import read_toml

NOWHERE = Span(0, 0)  # of a stand-in: no words name it
SITES = {"site_military": "military", "site_police": "police", "site_civilian": "civilians"}
CROWDS = ("protesters", "rioters")
PEOPLE = (*CROWDS, "civilians")
FIRST, SECOND = "first", "second"
MODEL = ("model.actor1", "model.actor2", "model.any.actor1", "model.any.actor2")  # the odds of a Party
RULES, BOTH = "pairs", "pairs_both"  # tables of weights

Weights = Mapping[str, Mapping[str, float]]
Feature = tuple[str, str, float]  # part and key of a table of weights, how much of it


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
    told: str = ""  # the sentence that opens the incident


@cache
def table(name: str) -> dict[str, Any]:
    """A data file of this package."""
    return read_toml(resources.files(__package__).joinpath(f"data/{name}.toml"))


@cache
def _things() -> dict[str, re.Pattern[str]]:
    """Words for what stands for people: "the convoy", "a market"."""
    lists = table("actors")["things"]
    return {kind: re.compile(rf"\b(?:{'|'.join(map(fold, words))})\b") for kind, words in lists.items()}


def find_pair(conflict: Conflict, registry: Registry) -> Pair:
    """The two that fit best together."""
    found, verdict, weights = candidates(conflict, registry), conflict.verdict, weights_of(conflict.parties)
    firsts = [(_score(each, FIRST, verdict, weights), each) for each in found if may_be(each, FIRST, verdict)]
    seconds = [
        (_score(each, SECOND, verdict, weights), each) for each in (*found, None) if may_be(each, SECOND, verdict)
    ]
    best, pair = -math.inf, Pair(None, None)
    for a, one in firsts:
        for b, two in seconds:
            total = a + b + _sum(together(one, two, verdict), weights) if one is not two else -math.inf
            if one and total > best:
                best, pair = total, Pair(*_led(one, two, verdict))
    return replace(
        pair,
        first_assoc=tuple(dict.fromkeys(associated(pair.first, pair.second, "agent.parse", conflict, registry))),
        second_assoc=tuple(dict.fromkeys(associated(pair.second, pair.first, "target.parse", conflict, registry))),
    )


def _led(first: Party, second: Party | None, verdict: Verdict) -> tuple[Party, Party | None]:
    """The two, the one in front who by data/actors.toml leads in events of this type, or else, in battles, who acts."""
    if second is None:
        return first, second
    leads = table("actors")["leads"].get(verdict.sub_event_type, ())
    led = second.kind in leads and first.kind not in leads
    acts = not leads and verdict.event_type == "Battles" and _acts(second) > _acts(first)
    return (second, first) if led or acts else (first, second)


def _acts(party: Party) -> int:
    """1: the sentence says that it acts; -1: that something is done to it; 0: both or neither."""
    return ("agent.parse" in party.signs) - ("target.parse" in party.signs)


def associated(
    party: Party | None, other: Party | None, role: str, conflict: Conflict, registry: Registry
) -> Iterator[str]:
    """Allies in the same role, and the groups of people that a crowd or the victims belong to."""
    if party is None:
        return
    taken = {each.actor.name for each in (party, other) if each}
    for each in conflict.parties:
        ally = each.actor.name not in taken and role in each.signs and broad(each) == broad(party)
        if ally and each.kind not in PEOPLE:
            yield each.actor.name
        same_people = each.actor.name == party.actor.name or (party.kind in CROWDS and "agent.parse" in each.signs)
        if party.kind in PEOPLE and each.kind == "civilians" and same_people:
            told = (m for m in each.mentions if conflict.frames[0].sentence.span.covers(m.span))
            names = (registry.associated(m, conflict.where.country, conflict.where.day) for m in told)
            yield from (name for name in names if name)


def may_be(party: Party | None, side: str, verdict: Verdict) -> bool:
    """Whether data/actors.toml allows this kind on this side for the type."""
    rules, kind = table("actors")["allowed"], party.kind if party else "nobody"
    if party and party.by_office and verdict.event_type not in table("actors")["by_office"]:
        return False
    rule = rules.get(verdict.sub_event_type) or rules.get(verdict.event_type) or {}
    return kind in rule.get(side, (kind,)) and kind not in rule.get(f"not_{side}", ())


def weights_of(parties: Sequence[Party]) -> Weights:
    """The table for rules and model together, if the model was asked about anybody."""
    weights: Weights = table(BOTH if any(party.odds for party in parties) else RULES)
    return weights


def together(first: Party, second: Party | None, verdict: Verdict) -> Iterator[Feature]:
    """What the two are to each other."""
    kinds = f"{first.kind}, {second.kind if second else 'nobody'}"
    yield f"both {verdict.event_type}", kinds, 1.0
    if second and first.actor.country == second.actor.country and broad(first) == broad(second) == "state":
        yield "both", "same state", 1.0


def _score(party: Party | None, side: str, verdict: Verdict, weights: Weights) -> float:
    """How much speaks for this actor, or for nobody, on this side."""
    return _sum(features(party, side, verdict), weights)


def _sum(found: Iterable[Feature], weights: Weights) -> float:
    return sum(weights.get(part, {}).get(name, 0.0) * much for part, name, much in found)


def features(party: Party | None, side: str, verdict: Verdict) -> Iterator[Feature]:
    """Each sign, alone and for this kind of actor; the kind by type of event; the log odds of the model."""
    kind = party.kind if party else "nobody"
    yield f"{side} {verdict.event_type}", kind, 1.0
    yield f"{side} {verdict.sub_event_type}", kind, 1.0
    if party is None:
        return
    alike = f"{side} {broad(party)}"
    for sign in sorted(party.signs):
        yield side, sign, 1.0
        yield alike, sign, 1.0
    for name, odds in zip(MODEL, party.odds or (), strict=False):
        if "blamed" in party.signs and name == MODEL[0]:
            odds = max(odds, 0.0)  # who is blamed later in the report stands far from the event's words
        yield side, name, odds
        yield alike, name, odds
    if "foe" in party.signs:
        yield f"{side} foe", verdict.event_type, 1.0


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
    things = {kind for kind, words in _things().items() if words.search(fold(conflict.told))}
    found = {party.actor.name: party for party in conflict.parties}
    for kind, (mention_kind, key) in table("actors")["stand_in"].items():
        mention = ActorMention(NOWHERE, mention_kind, key)
        actor = registry.resolve(mention, conflict.where.country, conflict.where.day, admin1=conflict.where.admin1)
        known = found.get(actor.name, Party(actor))
        marks = {"stand_in"} if not known.mentions else set()
        marks |= {"site"} if kind in sites else set()
        marks |= {"thing"} if kind in things else set()
        found[actor.name] = replace(known, signs=known.signs | marks)
    return [*_with_foe(found, conflict.where, registry).values()]


def _with_foe(found: dict[str, Party], where: Where, registry: Registry) -> dict[str, Party]:
    """Add the army that is at war with the country, or mark its forces: nobody says whose missile it was."""
    foe = registry.foe(where.country, where.day)
    if foe is None:
        return found
    actor = registry.resolve(ActorMention(NOWHERE, "state", "military", foe), where.country, where.day)
    known = found.get(actor.name, Party(actor, signs=frozenset({"stand_in"})))
    return {**found, actor.name: replace(known, signs=known.signs | {"foe"})}
