"""Words of a text with offsets, folded for look-up, and the inflected forms of a lemma.

In:  a text, or a lemma with its language.
Out: `Word`s (accents folded, lower case, punctuation dropped) or the set of forms as `spell` gives them.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import NamedTuple

from tocsin.fold import accented, plain, spell
from tocsin.toml import read_toml

WORD = re.compile(r"\w+")
BREAK = re.compile(r"[.!?;:,\n]")  # a pattern never reaches over these


class Word(NamedTuple):
    """One word: its `form` without accents, characters `start` to `end`; `run` counts the stops before it.

    `spelt` is the form with a last -é, None where the text has no accents and nobody can tell.
    """

    form: str
    start: int
    end: int
    run: int
    spelt: str | None


def words(text: str) -> list[Word]:
    """All words of `text`, in order."""
    found, run, last, known = [], 0, 0, accented(text)
    for match in WORD.finditer(text):
        start, end = match.span()
        if text[last:start] != " " and BREAK.search(text, last, start):
            run += 1
        spelt = spell(match.group())
        found.append(Word(plain(spelt), start, end, run, spelt if known else None))
        last = end
    return found


@cache
def _tables(lang: str) -> dict[str, dict[str, str]]:
    return read_toml(resources.files(__package__).joinpath(f"data/inflect_{lang}.toml"))


@cache
def forms(lemma: str, lang: str) -> frozenset[str]:
    """Every inflected form of a verb (or noun), as `spell` gives it, the lemma included.

    Irregular ones are listed in data/inflect_<lang>.toml, the rest follows the endings given there.
    """
    tables = _tables(lang)
    listed = tables["irregular"].get(lemma)
    if listed:
        return frozenset(spell(form) for form in [lemma, *listed.split()])
    for ending, endings in tables["endings"].items():
        if lemma.endswith(ending):
            stem = lemma[: len(lemma) - len(ending)]
            made = {stem + end for end in endings.split()}
            return frozenset(spell(form) for form in made | {lemma})
    return frozenset(spell(form) for form in (lemma, *_english(lemma)))


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
