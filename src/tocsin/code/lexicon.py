"""Words that report events: data files of patterns, and where they match.

In:  data/lexicon_<lang>.toml, and the words of a text.
Out: `Trigger`s and `Cue`s with their spans and the entry that matched.

A pattern is a row of words. `{open}` is any form of that verb, `a|b` either word, `on+fire|ablaze` either of one
word or several, `word?` may be missing, `*` stands for up to four words of the same sentence. Accents and hyphens
are ignored.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

from tocsin.errors import DataError
from tocsin.model import Span
from tocsin.read.words import Word, fold, forms

GAP = 4  # words that `*` may stand for; longer gaps joined words of different clauses in news-train
GRADES = ("event", "weak", "harm", "mention", "means")


@dataclass(frozen=True, slots=True)
class Entry:
    """A group of patterns of one meaning.

    `grade`: "event" reports an event by itself; "weak" only with the `agent` or `target` classes it asks for; "harm"
    is a consequence (deaths) that is an event only if nothing else is; "mention" is a noun that may refer to an event
    told elsewhere; "means" (weapons and manners) colours the event of its sentence.
    """

    id: str
    tactic: str
    grade: str
    agent: frozenset[str]
    target: frozenset[str]
    facts: frozenset[str]
    noun: bool


@dataclass(frozen=True, slots=True)
class Match:
    """An entry at a place of the text."""

    span: Span
    entry: Entry
    first: int  # index of the first word
    last: int  # index of the last word


@dataclass(frozen=True, slots=True)
class Slot:
    """One element of a pattern: folded words that fit, whether it may be missing, or a gap."""

    words: frozenset[str]
    optional: bool = False
    gap: bool = False


Pattern = tuple[Slot, ...]


def compile_pattern(text: str, lang: str) -> list[Pattern]:
    """Read the pattern language of this module's docstring; choices of several words make several patterns."""
    parts = text.replace("'", " ").replace("’", " ").replace("-", " ").split()
    choices = [_choices(part) for part in parts]
    return [tuple(_slot(part, lang) for part in " ".join(row).split()) for row in product(*choices)]


def _choices(part: str) -> list[str]:
    """'on+fire|ablaze|alight' -> ['on fire', 'ablaze|alight']."""
    options = part.split("|")
    long = [option.replace("+", " ") for option in options if "+" in option]
    short = "|".join(option for option in options if "+" not in option)
    return long + ([short] if short else [])


def _slot(part: str, lang: str) -> Slot:
    if part == "*":
        return Slot(frozenset(), gap=True)
    optional = part.endswith("?")
    found: set[str] = set()
    for choice in part.rstrip("?").split("|"):
        if choice.startswith("{") and choice.endswith("}"):
            found |= forms(choice[1:-1], lang)
        else:
            found.add(fold(choice))
    return Slot(frozenset(found), optional=optional)


class Patterns:
    """Many patterns with what each means, indexed by their first word."""

    def __init__(self, entries: Iterable[tuple[Pattern, Entry]]) -> None:
        self._by_first: dict[str, list[tuple[frozenset[str] | None, Pattern, Entry]]] = defaultdict(list)
        for pattern, entry in entries:
            second = _second(pattern)
            for word in pattern[0].words:
                self._by_first[word].append((second, pattern, entry))

    def find(self, words: Sequence[Word]) -> list[Match]:
        """Every match, the longest at each place for each meaning; matches may overlap."""
        found: list[Match] = []
        following = [*(word.form for word in words[1:]), ""]
        for at, word in enumerate(words):
            if word.form not in self._by_first:
                continue
            best: dict[Entry, int] = {}
            for second, pattern, entry in self._by_first[word.form]:
                end = _match(pattern, words, at) if second is None or following[at] in second else None
                if end is not None:
                    best[entry] = max(end, best.get(entry, 0))
            found += [Match(Span(word.start, words[end - 1].end), entry, at, end - 1) for entry, end in best.items()]
        return found


def _second(pattern: Pattern) -> frozenset[str] | None:
    """The words of which one must follow the first; None if any may."""
    found: frozenset[str] = frozenset()
    for slot in pattern[1:]:
        if slot.gap:
            return None
        found = found | slot.words if found else slot.words  # most often shared, not copied
        if not slot.optional:
            return found
    return None


def _match(pattern: Pattern, words: Sequence[Word], at: int) -> int | None:
    """Index after the last word that `pattern` takes at `at`, or None."""
    slots, run = len(pattern), words[at].run

    def step(slot: int, word: int) -> int | None:
        if slot == slots:
            return word
        here = pattern[slot]
        if here.gap:
            ends = (step(slot + 1, word + skip) for skip in range(GAP + 1))
            return next((end for end in ends if end is not None), None)
        if word < len(words) and words[word].run == run and words[word].form in here.words:
            end = step(slot + 1, word + 1)
            if end is not None:
                return end
        return step(slot + 1, word) if here.optional else None

    return step(0, at)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All triggers of one language."""

    lang: str
    patterns: Patterns
    entries: tuple[Entry, ...]

    def find(self, words: Sequence[Word]) -> list[Match]:
        return self.patterns.find(words)


@cache
def load(lang: str, name: str = "lexicon") -> Lexicon:
    """data/<name>_<lang>.toml: "lexicon" or "cues". A wrong entry raises DataError with its number and id."""
    path = resources.files(__package__).joinpath(f"data/{name}_{lang}.toml")
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["entry"]
    entries, compiled = [], []
    for number, row in enumerate(rows, 1):
        entry = _entry(row, f"{path.name}: entry {number} ({row.get('id', '?')})")
        entries.append(entry)
        compiled += [(pattern, entry) for text in row["words"] for pattern in compile_pattern(text, lang)]
    return Lexicon(lang, Patterns(compiled), tuple(entries))


def _entry(row: dict[str, Any], where: str) -> Entry:
    unknown = set(row) - {"id", "tactic", "grade", "agent", "target", "facts", "noun", "words"}
    if unknown or not row.get("words") or row.get("grade") not in GRADES:
        raise DataError(f"{where}: expected id, tactic, words and a grade of {', '.join(GRADES)}; found {sorted(row)}")
    return Entry(
        id=row["id"],
        tactic=row["tactic"],
        grade=row["grade"],
        agent=frozenset(row.get("agent", ())),
        target=frozenset(row.get("target", ())),
        facts=frozenset(row.get("facts", ())),
        noun=row.get("noun", False),
    )
