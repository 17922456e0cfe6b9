"""Words of a text with offsets, folded for look-up, and the inflected forms of a lemma.

In:  a text, or a lemma with its language.
Out: `Word`s (accents folded, lower case, punctuation dropped) or the set of folded forms.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

WORD = re.compile(r"\w+")
BREAK = re.compile(r"[.!?;:,\n]")  # a pattern never reaches over these


class Word(NamedTuple):
    """One word: folded `form`, characters `start` to `end`; `run` counts the stops before it."""

    form: str
    start: int
    end: int
    run: int


@lru_cache(maxsize=1 << 16)  # more than the words of a language that the press uses; names come and go
def fold(text: str) -> str:
    """Lower case without accents: 'Érigé' -> 'erige'. Ligatures are spelt out."""
    text = text.casefold().replace("œ", "oe").replace("æ", "ae")
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def words(text: str) -> list[Word]:
    """All words of `text`, in order."""
    found, run, last = [], 0, 0
    for match in WORD.finditer(text):
        start, end = match.span()
        if text[last:start] != " " and BREAK.search(text, last, start):
            run += 1
        found.append(Word(fold(match.group()), start, end, run))
        last = end
    return found


@cache
def _tables(lang: str) -> dict[str, dict[str, str]]:
    with resources.files(__package__).joinpath(f"data/inflect_{lang}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def forms(lemma: str, lang: str) -> frozenset[str]:
    """Every inflected form of a verb (or noun), folded, the lemma included.

    Irregular ones are listed in data/inflect_<lang>.toml, the rest follows the endings given there.
    """
    tables = _tables(lang)
    listed = tables["irregular"].get(lemma)
    if listed:
        return frozenset(fold(form) for form in [lemma, *listed.split()])
    for ending, endings in tables["endings"].items():
        if lemma.endswith(ending):
            stem = lemma[: len(lemma) - len(ending)]
            made = {stem + end for end in endings.split()}
            return frozenset(fold(form) for form in made | {lemma})
    return frozenset(fold(form) for form in (lemma, *_english(lemma)))


def _english(lemma: str) -> tuple[str, ...]:
    """-s, -ed, -ing with the usual changes of spelling."""
    if lemma.endswith("e"):
        return lemma + "s", lemma + "d", lemma[:-1] + "ing"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"
    plural = lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s")
    short = re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprtv]|kidnap|abet|permit|commit|repel|expel|compel|dispel", lemma)
    double = lemma + lemma[-1] if short else lemma
    return plural, double + "ed", double + "ing", lemma + "ed", lemma + "ing"
