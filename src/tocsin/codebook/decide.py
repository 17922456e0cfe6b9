"""Decide what the codebook calls a happening, and by which rule.

In:  a `Happening`: what was done, by whom, to whom, and what else is known of it, in the words of `vocabulary()`.
Out: a `Verdict`, or None if no definition is met; `explain` tells why either way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tocsin.codebook.conditions import Condition, compile_condition, mask
from tocsin.codebook.tables import DATA, Row, Table, read
from tocsin.codebook.taxonomy import taxonomy
from tocsin.codebook.vocabulary import Vocabulary, vocabulary

NOTHING = frozenset[str]()
SIDE_PREFIXES = {1: ("by:", "side:"), 2: ("on:", "side:")}


@dataclass(frozen=True, slots=True)
class Happening:
    """What is known of one happening. A side that nobody named is empty; words the vocabulary lacks are not seen."""

    tactics: frozenset[str]
    side1: frozenset[str] = NOTHING  # classes of those who act
    side2: frozenset[str] = NOTHING  # classes of those who are hit
    facts: frozenset[str] = NOTHING

    def unknown_words(self) -> frozenset[str]:
        """Words that the vocabulary lacks; they change nothing in a decision."""
        words = vocabulary()
        sides = (self.side1 | self.side2) - set(words.sides)
        return (self.tactics - set(words.tactics)) | (self.facts - set(words.facts)) | sides


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the codebook calls a happening.

    `alternatives`: sub-event types that later rules would give. `victim_first`: False where the victim must be
    actor2, None where the order of actors says nothing.
    """

    event_type: str
    sub_event_type: str
    rule: str
    civilian_targeting: bool
    disorder_type: str
    victim_first: bool | None = None
    alternatives: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of data/rules.toml. `gives` is "" for rules that say why something is no event."""

    id: str
    gives: str
    basis: str
    note: str
    vectors: tuple[str, ...]
    types: frozenset[str]
    condition: Condition


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a happening is what it is: the rules that hold, the deciding one first, each with its basis."""

    verdict: Verdict | None
    rules: tuple[tuple[str, str], ...]
    terms: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Rules:
    """A compiled rule file."""

    tactics: Mapping[str, int]
    facts: Mapping[str, int]
    sides: Mapping[int, Mapping[str, int]]
    unknown_side: Mapping[int, int]
    terms: tuple[tuple[str, int, Condition], ...]
    rules: tuple[Rule, ...]
    outside: tuple[Rule, ...]
    targeting: Mapping[str, tuple[Condition, ...]]
    needs: Mapping[str, tuple[Condition, ...]]

    def words(self, happening: Happening) -> int:
        """The happening and all terms that hold for it, as bits."""
        words = mask(happening.tactics, self.tactics) | mask(happening.facts, self.facts)
        words |= mask(happening.side1, self.sides[1]) if happening.side1 else self.unknown_side[1]
        words |= mask(happening.side2, self.sides[2]) if happening.side2 else self.unknown_side[2]
        for _, bit, condition in self.terms:
            if condition.holds(words):
                words |= bit
        return words

    def decide(self, happening: Happening) -> Verdict | None:
        words = self.words(happening)
        holding = [rule for rule in self.rules if rule.condition.holds(words)]
        if not holding:
            return None
        first = holding[0]
        given = dict.fromkeys(rule.gives for rule in holding[1:] if rule.gives != first.gives)
        return replace(self._verdict(first.gives, first.id, words), alternatives=tuple(given), note=first.note)

    def proposed(self, happening: Happening, sub_event_type: str, rule: str) -> Verdict | None:
        words = self.words(happening)
        if not all(condition.holds(words) for condition in self.needs.get(sub_event_type, ())):
            return None
        return self._verdict(sub_event_type, rule, words)

    def _verdict(self, sub_event_type: str, rule: str, words: int) -> Verdict:
        """What follows from the type."""
        kind = taxonomy().sub_event(sub_event_type)
        return Verdict(
            event_type=kind.event_type,
            sub_event_type=kind.name,
            rule=rule,
            civilian_targeting=any(condition.holds(words) for condition in self.targeting.get(kind.name, ())),
            disorder_type=kind.disorder_type,
            victim_first=False if kind.event_type == "Violence against civilians" else None,
        )

    def explain(self, happening: Happening) -> Explanation:
        words = self.words(happening)
        verdict = self.decide(happening)
        holding = [rule for rule in (self.rules if verdict else self.outside) if rule.condition.holds(words)]
        reason = holding[0].basis if holding else _nothing_met(happening)
        terms = tuple(name for name, bit, _ in self.terms if words & bit)
        return Explanation(verdict, tuple((rule.id, rule.basis) for rule in holding), terms, reason)


def _nothing_met(happening: Happening) -> str:
    if not happening.tactics:
        return "nothing is said to have been done"
    return "no definition of the codebook is met by: " + ", ".join(sorted(happening.tactics))


def load_rules(path: Path, words: Vocabulary) -> Rules:
    """Read, check and compile a rule file."""
    table = read(path)
    bits = {name: 1 << number for number, name in enumerate((*words.tactics, *words.facts, *_side_words(words)))}
    terms = []
    for row in table.rows("term", ("id", "meaning", "when"), "id"):
        name = row.get("id", str)
        if name in bits:
            raise row.wrong(f"term {name!r}, which is a word already", "a new word")
        terms.append((name, 1 << len(bits), compile_condition(row, bits)))
        bits[name] = 1 << len(bits)
    return Rules(
        tactics={name: bits[name] for name in words.tactics},
        facts={name: bits[name] for name in words.facts},
        sides={number: _side_bits(words, bits, number) for number in SIDE_PREFIXES},
        unknown_side={1: bits["by:unknown"], 2: bits["on:unknown"]},
        terms=tuple(terms),
        rules=_rules(table, "rule", bits),
        outside=_rules(table, "outside", bits),
        targeting=_by_type(_rules(table, "targeting", bits)),
        needs=_by_type(_rules(table, "needs", bits)),
    )


def _side_words(words: Vocabulary) -> list[str]:
    names = (*words.sides, *words.groups, "unknown")
    return [prefix + name for prefix in ("by:", "on:", "side:") for name in names]


def _side_bits(words: Vocabulary, bits: Mapping[str, int], number: int) -> dict[str, int]:
    """For each class of actor its own word and those of its groups."""
    names = {side: (side, *(g for g, members in words.groups.items() if side in members)) for side in words.sides}
    return {side: mask((p + name for p in SIDE_PREFIXES[number] for name in own), bits) for side, own in names.items()}


def _rules(table: Table, kind: str, bits: Mapping[str, int]) -> tuple[Rule, ...]:
    keys = ("id", "gives", "basis", "vectors", "note", "types", "when")
    return tuple(_rule(row, kind, bits) for row in table.rows(kind, keys, "id"))


def _rule(row: Row, kind: str, bits: Mapping[str, int]) -> Rule:
    types = taxonomy().sub_event_types
    if unknown := [name for name in row.strings("types") if name not in types]:
        raise row.wrong(f"types {unknown[0]!r}", "sub-event types of taxonomy.toml")
    return Rule(
        id=row.get("id", str),
        gives=row.one_of("gives", types) if kind == "rule" else "",
        basis=row.get("basis", str),
        note=row.get("note", str, ""),
        vectors=row.strings("vectors"),
        types=frozenset(row.strings("types")),
        condition=compile_condition(row, bits),
    )


def _by_type(rules: Iterable[Rule]) -> dict[str, tuple[Condition, ...]]:
    found: dict[str, tuple[Condition, ...]] = {}
    for rule in rules:
        for name in rule.types:
            found[name] = (*found.get(name, ()), rule.condition)
    return found


@cache
def rules() -> Rules:
    """The codebook's own rules."""
    return load_rules(DATA / "rules.toml", vocabulary())


def decide(happening: Happening) -> Verdict | None:
    """The type by the first rule that holds; None if no definition is met."""
    return rules().decide(happening)


def proposed(happening: Happening, sub_event_type: str, rule: str) -> Verdict | None:
    """The verdict if somebody else proposes the type; None if it cannot be that. UsageError: no such type."""
    return rules().proposed(happening, sub_event_type, rule)


def explain(happening: Happening) -> Explanation:
    """Every rule that holds, or why the happening is not an event."""
    return rules().explain(happening)
