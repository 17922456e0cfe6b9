"""Give a text in capitals its small letters back, so that the parser and the finders of names can read it.

In:  a text, its language, the words that the language's pipeline knows in small letters and with a capital.
Out: a text of the same length, each character at its place; a text that is not in capitals comes back as it is.
Words whose like is known in small letters are small; unknown words and those known only as names get a capital;
short ones in brackets, "(FMLN)", stay as they are, wherever they stand. Words are in data/case_<lang>.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Protocol

from tocsin.errors import DataError
from tocsin.toml import read_toml

FEWEST = 20  # letters; a shorter text may be a name
SHARE = 0.9  # of letters that are capitals; wires have some "[sic]"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SHORT = re.compile(r"[\[(]([^\W\d_]{2,5})[\])]")
_OPENING = re.compile(r"(?:^|[.!?:]\s+|\n\s*\n\s*|[\"“«(\[]\s*)$")


class Known(Protocol):
    """Words as a pipeline knows them: with and without a capital."""

    def __contains__(self, word: str, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Cases:
    """Endings that only common words take, and what the rules get wrong."""

    endings: tuple[tuple[str, str], ...]  # what is cut off, what is put on
    small: frozenset[str]
    capital: frozenset[str]


def in_capitals(text: str) -> bool:
    """Is it all in capitals, but for a few words?"""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= FEWEST and sum(c.isupper() for c in letters) >= SHARE * len(letters)


def restored(text: str, lang: str, known: Known) -> str:
    """`text` with small letters where they belong; `known` holds "village", "Bamako"."""
    if not in_capitals(text):
        return text
    kept = {match[1] for match in _SHORT.finditer(text) if not _is_word(match[1].lower(), _load(lang), known)}

    def spelt(match: re.Match[str]) -> str:
        word = match[0]
        if word in kept or (len(word) == 1 and text[match.end() : match.end() + 1] == "."):
            return word
        opens = _OPENING.search(text, max(0, match.start() - 12), match.start()) is not None
        small = _lower(word)
        return small if _is_common(small, lang, known) and not opens else word[0] + small[1:]

    return _WORD.sub(spelt, text)


def _lower(word: str) -> str:
    """In small letters, none of which takes two characters."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in word)


def _is_common(word: str, lang: str, known: Known) -> bool:
    """Is it no name?"""
    cases = _load(lang)
    whole, bare = word, re.split("['’]", word)[-1 if _elides(word) else 0]
    if whole in cases.capital or bare in cases.capital:
        return False
    if whole in cases.small or bare in cases.small or len(bare) == 1:
        return True
    if bare not in known:
        return False
    return bare.capitalize() not in known or _has_forms(bare, cases, known)


def _elides(word: str) -> bool:
    """ "l'armée": one letter before the apostrophe; the word comes after it."""
    return len(re.split("['’]", word)[0]) <= 2 and ("'" in word or "’" in word)


def _is_word(word: str, cases: Cases, known: Known) -> bool:
    """Surely no abbreviation."""
    return word in cases.small or _has_forms(word, cases, known)


def _has_forms(word: str, cases: Cases, known: Known) -> bool:
    """ "villages" is known, "bamakos" is not; one such form may be another name, two are none."""
    stems = {word} | {word[: len(word) - len(cut)] + put for cut, put in cases.endings if word.endswith(cut)}
    more = {stem[: len(stem) - len(cut)] + put for stem in stems for cut, put in cases.endings if stem.endswith(cut)}
    found = [form for form in (stems | more) - {word} if form in known]
    return len(found) > 1 or any(form.capitalize() not in known for form in found)


@cache
def _load(lang: str) -> Cases:
    path = resources.files(__package__).joinpath(f"data/case_{lang}.toml")
    data = read_toml(path)
    for name in ("endings", "small", "capital"):
        if name not in data:
            raise DataError(f"{path}:1: found no {name!r}, expected endings, small and capital")
    endings = tuple((cut, put) for cut, put in data["endings"])
    return Cases(endings, frozenset(" ".join(data["small"]).split()), frozenset(" ".join(data["capital"]).split()))
