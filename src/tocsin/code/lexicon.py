"""Words that report events: data files of patterns, and where they match.

In:  data/lexicon_<lang>.toml, and the words of a text.
Out: `Trigger`s and `Cue`s with their spans and the entry that matched.

A pattern is a row of words. `{open}` is any form of that verb, `a|b` either word, `on+fire|ablaze` either of one
word or several, `word?` may be missing, `*` stands for up to four words of the same sentence. Hyphens are
ignored, and so are accents but that of a last -é, which is a letter of its own: "incendié" is no "incendie". In a text
without any accent it is ignored too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

from tocsin.errors import DataError
from tocsin.fold import plain, spell
from tocsin.model import Span
from tocsin.read.words import Word, forms
from tocsin.toml import read_toml

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
    """One element of a pattern: the words that fit, plain and as spelt, whether it may be missing, or a gap."""

    words: frozenset[str]
    spelt: frozenset[str] = frozenset()
    optional: bool = False
    gap: bool = False

    def fits(self, word: Word) -> bool:
        return word.form in self.words and (word.spelt is None or word.spelt in self.spelt)


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
            found.add(spell(choice))
    return Slot(frozenset(map(plain, found)), frozenset(found), optional)


Row = tuple[int, Pattern, Entry]  # numbered, so that matches keep the order of the data file


class Patterns:
    """Many patterns with what each means, indexed by their first two words."""

    def __init__(self, entries: Iterable[tuple[Pattern, Entry]]) -> None:
        self._by_first: dict[str, list[Row]] = defaultdict(list)  # those that any word may follow
        self._by_two: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for number, (pattern, entry) in enumerate(entries):
            seconds = _second(pattern)
            for first in pattern[0].words:
                if seconds is None:
                    self._by_first[first].append((number, pattern, entry))
                for second in seconds or ():
                    self._by_two[first, second].append((number, pattern, entry))

    def find(self, words: Sequence[Word]) -> list[Match]:
        """Every match, the longest at each place for each meaning; matches may overlap."""
        found: list[Match] = []
        following = [*(word.form for word in words[1:]), ""]
        for at, word in enumerate(words):
            alone, paired = self._by_first.get(word.form), self._by_two.get((word.form, following[at]))
            if not (alone or paired):
                continue
            best: dict[Entry, int] = {}
            for _, pattern, entry in sorted([*alone, *paired]) if alone and paired else alone or paired or ():
                end = _match(pattern, words, at)
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
    return _end(pattern, 0, words, at, words[at].run)


def _end(pattern: Pattern, slot: int, words: Sequence[Word], at: int, run: int) -> int | None:
    """Index after the last word that `pattern` takes from `slot` on at `at`, all before the next stop, or None."""
    while slot < len(pattern):
        here = pattern[slot]
        slot += 1
        if here.gap:
            for after in range(at, at + GAP + 1):
                end = _end(pattern, slot, words, after, run)
                if end is not None:
                    return end
            return None
        fits = at < len(words) and words[at].run == run and here.fits(words[at])
        if here.optional:
            end = _end(pattern, slot, words, at + 1, run) if fits else None
            return _end(pattern, slot, words, at, run) if end is None else end
        if not fits:
            return None
        at += 1
    return at


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
    rows = read_toml(path)["entry"]
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
