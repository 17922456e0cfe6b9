"""Make a clean text as dirty as the web: the same words, so the same labels.

In:  an Example, a random generator.
Out: an Example whose text lacks accents, has capitals, broken paragraphs or lines that do not belong, or none of these.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

from tocsin.model import Span
from training.examples import Example

SHARES = {"accents": 0.12, "capitals": 0.05, "paragraphs": 0.12, "lines": 0.2, "title": 0.15, "published": 0.25}


def dirty(one: Example, random: Random) -> Example:
    """The example, with a chance of each kind of dirt."""
    chosen = {kind for kind, share in SHARES.items() if random.random() < share}
    changes: list[Callable[[str], str]] = []
    if "accents" in chosen:
        changes.append(without_accents)
    if "capitals" in chosen:
        changes.append(in_capitals)
    if "paragraphs" in chosen:
        changes.append(lambda text: text.replace("\n\n", random.choice(("  ", "\n ", " \n"))))
    text, title = one.text, one.title
    for change in changes:
        text, title = change(text), change(title) if title else None
    made = replace(
        one,
        text=text,
        title=None if "title" in chosen else title,
        published=None if "published" in chosen else one.published,
    )
    return with_lines(made, random) if "lines" in chosen else made


def without_accents(text: str) -> str:
    """Each letter without its accent; nothing moves."""
    return "".join(unicodedata.normalize("NFD", letter)[0] if letter.isalpha() else letter for letter in text)


def in_capitals(text: str) -> str:
    """Each letter as a capital, where that is one letter; nothing moves."""
    return "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in text)


def with_lines(one: Example, random: Random) -> Example:
    """A line that does not belong, above, below or between two paragraphs."""
    line = random.choice(boilerplate()[one.lang])
    breaks = [0, *(place + 2 for place in range(len(one.text)) if one.text.startswith("\n\n", place))]
    return inserted(one, random.choice(breaks), f"{line}\n\n")


def inserted(one: Example, place: int, words: str) -> Example:
    """The example with words put into its text; all spans move along."""

    def moved(span: Span) -> Span:
        by = len(words)
        return Span(span.start + by * (span.start >= place), span.end + by * (span.end > place))

    return replace(
        one,
        text=one.text[:place] + words + one.text[place:],
        mentions=tuple(replace(mention, span=moved(mention.span)) for mention in one.mentions),
        roles=tuple((event, role, moved(span)) for event, role, span in one.roles),
        others=tuple((moved(span), kind) for span, kind in one.others),
    )


@cache
def boilerplate() -> dict[str, list[str]]:
    """Lines that pages put around their text, by language."""
    data = tomllib.loads(Path(__file__).with_name("boilerplate.toml").read_text(encoding="utf-8"))
    return {lang: list(lines) for lang, lines in data.items()}
