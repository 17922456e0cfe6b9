"""All words that can name an actor in one language, ready to be looked up in a text.

In:  the registry's tables and `generic_<lang>.toml`.
Out: a `Words`: `hits(text)` gives every listed form with its place, longest first where several start together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import ahocorasick  # type: ignore[import-not-found,unused-ignore]

from tocsin.errors import DataError
from tocsin.fold import accented, fold, spell

Kind = Literal["group", "state", "armed", "crowd", "civilians", "adjective", "country", "metonym", "people", "head"]
KINDS = ("state", "armed", "crowd", "civilians")
Cased = list[tuple[str, "tuple[Sense, ...]"]]  # as it is written, and what it then means
_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Sense:
    """What a form can mean. `key` is a registry id or the key of the word list."""

    kind: Kind
    key: str
    country: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A form found in a text."""

    start: int
    end: int
    senses: tuple[Sense, ...]


@dataclass(frozen=True, slots=True)
class Joins:
    """How words of one language tie an actor to a country or to a name."""

    links: frozenset[str]  # between a noun and the name after it: "of the"
    between: frozenset[str]  # between a country's adjective and the noun: "government"
    possessive: tuple[str, ...]
    conjunctions: frozenset[str]
    facing: tuple[str, ...]  # before two peoples that face each other: "between the"
    envoys: tuple[str, ...]  # after two peoples: those who speak for their armed men
    adjective_first: bool
    small: frozenset[str]  # nouns of names that are often written without a capital


def spellings(form: str) -> list[str]:
    """`"soldier(s)"` is two words, `"m(a|e)n"` too; a hyphen may be a space."""
    parts = _CHOICE.split(form)
    options = [_options(part) if i % 2 else [part] for i, part in enumerate(parts)]
    whole = ["".join(choice) for choice in product(*options)]
    return list(dict.fromkeys(whole + [form.replace("-", " ") for form in whole if "-" in form]))


def _options(part: str) -> list[str]:
    return part.split("|") if "|" in part else ["", part]


def generic(table: dict[str, Any], path: object) -> Iterator[tuple[str, Sense]]:
    """The forms of a `generic_<lang>.toml`."""
    for number, entry in enumerate(table.get("actor", ()), 1):
        if entry.get("kind") not in KINDS or not entry.get("key"):
            expected = f"one of {', '.join(KINDS)} and a key"
            raise DataError(f"{path}: actor {number}: found kind {entry.get('kind')!r}, expected {expected}")
        sense = Sense(entry["kind"], entry["key"], unit=entry.get("unit"))
        for form in entry["words"]:
            yield from ((spelling, sense) for spelling in spellings(form))
    for part in ("heads", "means"):
        for form in table["joins"].get(part, ()):
            yield from ((spelling, Sense("head", part)) for spelling in spellings(form))


def joins(table: dict[str, Any]) -> Joins:
    part = table["joins"]
    return Joins(
        links=frozenset(map(fold, part["links"])),
        between=frozenset(map(fold, part["between"])),
        possessive=tuple(part["possessive"]),
        conjunctions=frozenset(map(fold, part["conjunctions"])),
        facing=tuple(f" {fold(words)} " for words in part["facing"]),
        envoys=tuple(f" {fold(words)}" for words in part["envoys"]),
        adjective_first=part["order"] == "before",
        small=frozenset(part.get("small", ())),
    )


class Words:
    """Forms of one language in one automaton."""

    def __init__(self, forms: Iterable[tuple[str, Sense]], ties: Joins) -> None:
        self.joins = ties
        entries: dict[str, dict[str, list[Sense]]] = {}
        for form, sense in forms:
            senses = entries.setdefault(fold(form), {}).setdefault(form, [])
            if sense not in senses:
                senses.append(sense)
        self._automaton = ahocorasick.Automaton()
        for folded, cased in entries.items():
            value = sorted(
                ((form, tuple(senses)) for form, senses in cased.items()), key=lambda each: each[1][0].kind == "head"
            )
            self._automaton.add_word(folded, (len(folded), value))
        self._automaton.make_automaton()

    def senses(self) -> set[Sense]:
        """All that the words of this language can mean."""
        return {sense for _, cased in self._automaton.values() for _, senses in cased for sense in senses}

    def hits(self, text: str) -> list[Hit]:
        """Forms in `text` at word boundaries, the longest of those that overlap, left to right."""
        folded, known = fold(text), accented(text)
        found = [
            hit for last, entry in self._automaton.iter(folded) if (hit := _hit(text, folded, known, last + 1, *entry))
        ]
        found.sort(key=lambda hit: (hit.start, -hit.end))
        kept: list[Hit] = []
        for hit in found:
            if not kept or hit.start >= kept[-1].end:
                kept.append(hit)
        return kept


def _hit(text: str, folded: str, known: bool, end: int, length: int, cased: Cased) -> Hit | None:
    """The hit that ends at `end`, if it stands between word boundaries and is written so."""
    start = end - length
    if (start and folded[start - 1].isalnum()) or (end < len(folded) and folded[end].isalnum()):
        return None
    senses = [sense for form, each in cased if _is_written(form, text[start:end], known) for sense in each]
    return Hit(start, end, tuple(dict.fromkeys(senses))) if senses else None


def _is_written(form: str, words: str, known: bool) -> bool:
    """Whether `words` have the capitals of the form, or, if it has none, its last -é (unless nothing is `known`)."""
    if form != form.lower():
        return all(letter.isupper() for letter, wanted in zip(words, form, strict=True) if wanted.isupper())
    return not known or spell(words) == spell(form)
