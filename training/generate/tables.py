"""Load and check the data files.

In:  data/*.toml, data/countries.csv.
Out: `Language` (templates and words of one language), `Spec` (the types), `Land` (the countries).
"""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tocsin.errors import DataError
from training.generate.grammar import Line, line

DATA = Path(__file__).with_name("data")
LANGUAGES = ("en", "fr")
FIRST = re.compile(r"^(?:\[?\((?:[^|()]+\|)+|\[?(?:<\w+:)?\(?[^\W\d_])")  # the letter, or the letters of alternatives


@dataclass(frozen=True, slots=True)
class Spec:
    """One sub-event type: who does it to whom, and what it costs. Shares are between 0 and 1."""

    key: str
    event: str
    sub: str
    sides: tuple[tuple[str, str, int], ...]
    dead: float
    many: int
    vague: int
    victims: str
    hurt: float
    war: bool


@dataclass(frozen=True, slots=True)
class Abroad:
    """An army that fights in another country, between two days."""

    state: str
    at: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Types:
    """types.toml"""

    specs: tuple[Spec, ...]
    kinds: dict[str, list[str]]
    fallback: dict[str, str]
    instead: dict[str, dict[str, str]]
    unnamed: tuple[str, ...]
    abroad: tuple[Abroad, ...]


@dataclass(frozen=True, slots=True)
class Land:
    """A country, with the words for it that need a preposition or agreement, by language."""

    iso3: str
    war: bool
    share: int
    within: dict[str, str]
    of: dict[str, str]
    adjective: dict[str, dict[str, str]]  # language -> agreement -> form
    since: int


@dataclass(frozen=True, slots=True)
class Telling:
    """How one type is told in one language."""

    core: tuple[Line, ...]
    ref: tuple[tuple[str, Line], ...]  # agreement, noun phrase
    title: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """Everything of one language: words as written, phrases as read templates."""

    code: str
    words: dict[str, Any]
    telling: dict[str, Telling]
    phrases: dict[str, tuple[Line, ...]]  # "official", "toll.dead", "status.denied", "story.sport.lead", ...
    actors: dict[str, tuple[tuple[str, Line], ...]]  # kind of side -> agreement, noun phrase


def _toml(name: str) -> dict[str, Any]:
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)


@cache
def types() -> Types:
    """The 25 types."""
    data = _toml("types.toml")
    specs = tuple(Spec(**{**row, "sides": tuple(map(tuple, row["sides"]))}) for row in data["type"])
    abroad = tuple(
        Abroad(each["state"], each["at"], each["since"], each.get("until", date.max)) for each in data["abroad"]
    )
    return Types(specs, data["kinds"], data["fallback"], data["instead"], tuple(data["unnamed"]["countries"]), abroad)


@cache
def lands() -> dict[str, Land]:
    """The countries by ISO alpha-3 code."""
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso3"]: _land(row, number) for number, row in enumerate(csv.DictReader(file), 2)}


def _land(row: dict[str, str], number: int) -> Land:
    if not (row["war"].isdigit() and row["share"].isdigit() and row["since"].isdigit()):
        raise DataError(f"countries.csv:{number}: found {row}, expected numbers in war, share and since")
    masculine, feminine = row["adj_fr_m"], row["adj_fr_f"]
    french = {"m": masculine, "f": feminine, "mp": masculine + "s" * (masculine[-1] not in "sx"), "fp": feminine + "s"}
    return Land(
        row["iso3"],
        row["war"] == "1",
        int(row["share"]),
        {"en": row["en_in"], "fr": row["fr_in"]},
        {"en": row["en_of"], "fr": row["fr_of"]},
        {"en": dict.fromkeys(("", "m", "f", "mp", "fp"), row["adj_en"]), "fr": {**french, "": masculine}},
        int(row["since"]),
    )


@cache
def language(code: str) -> Language:
    """The templates and words of a language; a mistake in a file is a DataError that names it."""
    words, events, context = (_toml(f"{part}_{code}.toml") for part in ("words", "events", "context"))
    known = {spec.key for spec in types().specs}
    if known != events.keys():
        raise DataError(f"events_{code}.toml: found types {sorted(events)}, expected {sorted(known)}")
    telling = {key: _telling(f"events_{code}.toml [{key}]", part) for key, part in events.items()}
    phrases = dict(_phrases("", context, f"context_{code}.toml"))
    for part in ("when", "where", "circ", "site", "count", "target", "moving", "body", "again"):
        phrases |= dict(_phrases(part, words[part], f"words_{code}.toml"))
    actors = {kind: _nouns(f"words_{code}.toml [actor.{kind}]", lists) for kind, lists in words["actor"].items()}
    return Language(code, words, telling, phrases, actors)


def _telling(where: str, part: dict[str, Any]) -> Telling:
    nouns = {key: value for key, value in part.items() if key not in ("core", "title")}
    core = (line(_small(text), where) for text in part["core"].strip().splitlines())
    title = (line(text, where) for text in part["title"].strip().splitlines())
    return Telling(tuple(core), _nouns(where, nouns), tuple(title))


def _small(text: str) -> str:
    """The sentence as it stands inside another one: its first letter small, in each of its wordings."""
    needs, _, rest = text.partition(" ") if text.startswith("?") else ("", "", text)
    return f"{needs} {FIRST.sub(lambda found: found[0].lower(), rest, count=1)}".strip()


def _nouns(where: str, lists: dict[str, list[str]]) -> tuple[tuple[str, Line], ...]:
    return tuple((agreement, line(text, where)) for agreement, texts in lists.items() for text in texts)


def _phrases(prefix: str, value: Any, where: str) -> list[tuple[str, tuple[Line, ...]]]:
    """All banks of phrases below a table, by their path; "phrase." and a last ".lines" are left out of it."""
    if isinstance(value, dict):
        parts = [(f"{prefix}.{key}" if prefix else key, inner) for key, inner in value.items()]
        return [found for path, inner in parts for found in _phrases(path, inner, where)]
    texts = value.strip().splitlines() if isinstance(value, str) else value
    path = prefix.removeprefix("phrase.").removesuffix(".lines")
    shown = map(_small, texts) if path.startswith("wrap") else texts  # they may follow "Meanwhile, "
    return [(path, tuple(line(text, f"{where} [{path}]") for text in shown))]
