"""The sentences of a briefing, by language: data/brief.toml.

In:  the file.
Out: `Words`; a language that lacks a word that pages need names file and what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

from tocsin.errors import DataError, UsageError
from tocsin.toml import read_toml

FILE: Any = resources.files("tocsin.check").joinpath("data/brief.toml")
SENTENCES = {  # and what each is filled with
    "counted": {"country", "count", "month"}, "counted_least": {"country", "low", "month"},
    "died": {"count"}, "died_least": {"low"}, "more": {"before", "then", "now"}, "fewer": {"before", "then", "now"},
    "deadliest": {"location", "day", "dead", "since"}, "worst": {"admin1", "count"}, "actor": {"actor", "share"},
    "civilians": {"low"}, "closest": {"capital", "km", "location", "day", "since"},
    "title": {"country", "month"}, "interval": {"value", "low", "high"}, "month": {"name", "year"},
    "rest_on": {"count"},
}  # fmt: skip
NEEDED = (
    "title", "subtitle", "happened", "who", "where", "events", "earlier", "left", "rests", "rest_on", "figures",
    "source", "not_stated", "deaths", "interval", "months", "month", "map", "trend", "none",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language."""

    lang: str
    texts: dict[str, Any]

    def __getitem__(self, name: str) -> str:
        return str(self.texts[name])

    def has(self, name: str) -> bool:
        return name in self.texts

    def say(self, name: str, /, **values: object) -> str:
        """The sentence, filled in."""
        return self[name].format(**values)

    def month(self, day: date) -> str:
        """The month of a day."""
        return self.say("month", name=self.texts["months"][day.month - 1], year=day.year)

    def ranged(self, value: float, low: float | None, high: float | None) -> str:
        """A figure with its interval, where it is one."""
        value, low, high = (None if each is None else round(each) for each in (value, low, high))  # type: ignore[assignment]
        if low is None or high is None or low == high:
            return f"{value:,}"
        return self.say("interval", value=f"{value:,}", low=f"{low:,}", high=f"{high:,}")


def words(lang: str) -> Words:
    """The words of a language; UsageError if there are none."""
    known = read_words(FILE)
    if lang not in known:
        raise UsageError(f"--lang: found {lang!r}, expected one of {', '.join(known)}.")
    return known[lang]


@cache
def read_words(path: Any) -> dict[str, Words]:
    """All languages of a file (a path); DataError says what one lacks, or what it would fill in that nobody gives."""
    found = {}
    for lang, texts in read_toml(path).items():
        if missing := [name for name in NEEDED if name not in texts]:
            raise DataError(f"{path}: found no {', '.join(missing)} in [{lang}], expected all of {', '.join(NEEDED)}")
        for name, given in SENTENCES.items():
            asked = {part for _, part, _, _ in Formatter().parse(str(texts.get(name, ""))) if part}
            if asked - given:
                raise DataError(f"{path}: found {{{', '.join(sorted(asked - given))}}} in {name} of [{lang}], expected "
                                f"only {', '.join(sorted(given))}")  # fmt: skip
        found[lang] = Words(lang, texts)
    return found
