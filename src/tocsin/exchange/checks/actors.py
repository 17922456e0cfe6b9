"""Checks of who: the registry and the other events against the row.

In:  an event row, Known.
Out: findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tocsin.codebook import Finding, inter_label, parse_name
from tocsin.countries import by_name
from tocsin.errors import UsageError
from tocsin.exchange.checks.known import Known, Row, day, home, listed, text
from tocsin.locate.keys import key
from tocsin.model import ActorMention, Span

SIDES = (("actor1", "inter1"), ("actor2", "inter2"))
BODIES = {"military": "military", "police": "police", "government": "government"}  # pattern -> body of a state
NAMED = ("plain", "abbreviated")
WORD = re.compile(r"[^\W\d]+")
SHORTEST = 8  # letters; shorter names that differ by one letter are often others


def e5_kind(row: Row, known: Known) -> Iterator[Finding]:
    for actor, inter in SIDES:
        name = text(row, actor)
        expected = _kind(name, row, known) if name else None
        found = text(row, inter)
        if expected and found and _label(found) not in (expected, None):
            yield Finding("E5", inter, found, f"{expected}, the kind of {name} in {text(row, 'country')}")


def _label(inter: str) -> str | None:
    """The label of a number or an older label; None for what E6 finds."""
    try:
        return inter_label(inter)
    except UsageError:
        return None


def _kind(name: str, row: Row, known: Known) -> str | None:
    """The kind of the actor in the row's country on its day, None if nothing tells it."""
    where, parsed = home(row), parse_name(name)
    if group := known.groups.get(key(name)):
        if where is None:
            return None
        found = known.registry.resolve(ActorMention(Span(0, 0), "group", group.id), where.iso3, day(row))
        return found.inter if found.name == name else None
    if parsed.kind not in BODIES:
        return parsed.inter
    state = _state(parsed.parts["state"], known)
    if where is None or state is None:
        return None
    mention = ActorMention(Span(0, 0), "state", BODIES[parsed.kind], state)
    return known.registry.resolve(mention, where.iso3, day(row)).inter


def _state(name: str, known: Known) -> str | None:
    """The code of a country, or of a state that is none."""
    if found := by_name(name, "en"):
        return found.iso3
    return next((state.code for state in known.registry.states.values() if state.name == name), None)


def w10_unknown(row: Row, known: Known) -> Iterator[Finding]:
    for column, _ in SIDES:
        name = text(row, column)
        if name and parse_name(name).kind in NAMED and known.new("W10", name) and key(name) not in known.groups:
            yield Finding("W10", column, name, "a group of the registry, or a name as the codebook writes it")


def w11_spelling(row: Row, known: Known) -> Iterator[Finding]:
    names = [(column, text(row, column)) for column, _ in SIDES]
    names += [(column, name) for column in ("assoc_actor_1", "assoc_actor_2") for name in listed(row, column)]
    for column, name in names:
        if name and known.new("W11 name", name):
            others = (known.first("W11", form, name) for form in alike(name))
            if other := next(filter(None, others), None):
                yield Finding("W11", column, name, f"{other}, as in another event, or both alike")


def alike(name: str) -> list[str]:
    """Forms that two spellings of one name share: without signs and accents, and without any one letter.

    Digits stay, they tell regimes and brigades apart; so do names of countries, such as Iran and Iraq.
    """
    plain = key(name)
    if len(plain) < SHORTEST:
        return [plain]
    words = [(found.start(), found.end()) for found in WORD.finditer(plain) if not by_name(found[0], "en")]
    return [plain, *dict.fromkeys(plain[:i] + plain[i + 1 :] for start, end in words for i in range(start, end))]
