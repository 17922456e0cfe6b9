"""Names of organisations that the registry does not know.

In:  a text, its language, the spans of the actors that were found.
Out: suggestions, each with its span and the pattern that found it: work for whoever keeps the registry, not an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tocsin.model import Span
from tocsin.toml import read_toml

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that looks like an armed or political organisation."""

    span: Span
    name: str
    abbreviation: str | None
    pattern: str


def suggest(text: str, known: Iterable[Span], lang: str) -> list[Suggestion]:
    """Unknown organisations in `text`, each name once, in the order of the text."""
    taken = list(known)
    found: dict[str, Suggestion] = {}
    for pattern, expression in _patterns(lang):
        for match in expression.finditer(text):
            span = Span(*match.span("name"))
            if not any(span.overlaps(other) for other in taken):
                name = span.of(text)
                found.setdefault(name.casefold(), Suggestion(span, name, match["short"], pattern))
    return sorted(found.values(), key=lambda each: each.span)


@cache
def _patterns(lang: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The patterns of a language; NOUN stands for its nouns, WORD for a capitalised word."""
    table = read_toml(DATA / "organisations.toml")[lang]
    nouns = "|".join(sorted(map(re.escape, table["nouns"]), key=len, reverse=True))
    word = r"(?:[^\W\d_a-zà-ÿ][\w'’-]*|\d+(?:st|nd|rd|th|er|e)?)"
    short = r"(?:\s\((?P<short>[A-Z][A-Za-z0-9-]{1,9})\))?"
    made = []
    for name, pattern in table["patterns"].items():
        body = pattern.replace("NOUN", f"(?:{nouns})").replace("WORD", word)
        made.append((name, re.compile(rf"\b(?P<name>{body})\b{short}")))
    return tuple(made)
