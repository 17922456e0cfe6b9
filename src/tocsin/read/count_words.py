"""The words that tell what became of people, of one language.

In:  data/counts_<lang>.toml.  Out: a `Lexicon`, checked and compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Literal, get_args

from tocsin.errors import DataError
from tocsin.model import CountKind, Side
from tocsin.toml import read_toml

Frame = Literal["of", "self", "dies", "verb", "noun", "again"]
FRAMES: tuple[Frame, ...] = get_args(Frame)  # in the order in which they are tried
SIDES: tuple[Side, ...] = ("attackers", "state", "civilians")


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words that say what became of people, and where these people stand in the sentence."""

    id: str
    kind: CountKind
    frame: Frame


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The word lists of one language, compiled."""

    triggers: dict[str, Trigger]
    pattern: re.Pattern[str]
    around: dict[str, re.Pattern[str]]
    sides: tuple[tuple[Side | None, re.Pattern[str]], ...]
    lang: str
    head_first: bool  # the head noun comes before its adjectives, as in French


@lru_cache(maxsize=1 << 16)
def side_of(form: str, lang: str) -> Side | Literal["unknown"] | None:
    """The side of a word; None: a word for people in general."""
    return next((side for side, pattern in load_lexicon(lang).sides if pattern.fullmatch(form)), "unknown")


@cache
def load_lexicon(lang: str) -> Lexicon:
    """The word lists of one language, checked and compiled."""
    path = resources.files(__package__).joinpath(f"data/counts_{lang}.toml")
    data = read_toml(path)
    triggers: dict[str, Trigger] = {}
    parts: list[str] = []
    for n, entry in enumerate(data["trigger"]):
        if entry["frame"] not in FRAMES:
            raise DataError(f"{path}:1: found frame {entry['frame']!r} ({entry['id']}), expected {', '.join(FRAMES)}")
        triggers[f"t{n}"] = Trigger(entry["id"], entry["kind"], entry["frame"])
        parts.append(f"(?P<t{n}>{_words(entry['words'], path, data['around']['n'])})")
    order = sorted(range(len(parts)), key=lambda n: FRAMES.index(triggers[f"t{n}"].frame))
    pattern = re.compile(r"(?<![\w-])(?:" + "|".join(parts[n] for n in order) + r")(?:(?<=')|(?![\w-]|'(?=[st]\b)))")
    around = {name: re.compile(rf"(?<!\w)(?:{words})(?!\w)") for name, words in data["around"].items()}
    sides: list[tuple[Side | None, re.Pattern[str]]] = [(side, re.compile(data["sides"][side])) for side in SIDES]
    sides.append((None, re.compile(data["sides"]["general"])))
    return Lexicon(triggers, pattern, around, tuple(sides), lang, data["head_first"])


def _words(entries: Iterable[str], path: object, number: str) -> str:
    words = [entry.replace("{n}", number) for entry in entries]
    for word in words:
        try:
            re.compile(word)
        except re.error as error:
            raise DataError(f"{path}:1: found the pattern {word!r}, expected a regular expression ({error})") from None
    return "|".join(words)
