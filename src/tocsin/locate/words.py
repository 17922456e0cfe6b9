"""The words around place names in one language.

In:  data/places_<lang>.toml and data/names.txt. Out: one `Words` value with sets and compiled patterns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from tocsin.errors import DataError
from tocsin.fold import fold
from tocsin.locate import tables

LANGUAGES = ("en", "fr")
# What may stand between a description and its place: "8 km from the (town of) X", "au nord de (la ville de) X".
LEAD = r"(?:the |la |le |les |l')?(?:(?:[a-z-]+ ){0,3}?(?:of |de |du |d'|des )?)?$"
SETS = (
    "stop",
    "titles",
    "before",
    "strong_before",
    "taken",
    "kinds_before",
    "appositions",
    "metonym_after",
    "organisation_after",
    "binders",
    "soft_stop",
    "facilities",
    "people",
    "rulers",
)


@dataclass(frozen=True, slots=True)
class Words:
    """What the finder knows about a language. All words are folded (see fold.py)."""

    lang: str
    stop: frozenset[str]
    soft_stop: frozenset[str]  # of the stop words those that are places after "in", "at" or "province of"
    facilities: frozenset[str]  # begin the name of a street or building, never of a town
    people: frozenset[str]  # "men of", "forces de": who follows is no place
    rulers: frozenset[str]  # "the Damascus government", "le gouvernement de Kiev"
    homes: frozenset[str]  # ISO alpha-3 of countries whose own press writes in this language, if that tells anything
    elsewhere: re.Pattern[str]  # "evacuated to", "on the road to": where the event was not
    titles: frozenset[str]
    before: frozenset[str]
    strong_before: frozenset[str]
    taken: frozenset[str]  # verbs of taking and entering: "overran X", "ont repris X"
    kinds_before: frozenset[str]
    appositions: frozenset[str]
    metonym_after: frozenset[str]
    auxiliaries: frozenset[str]  # may stand between a capital and its verb
    organisation_after: frozenset[str]
    binders: frozenset[str]  # particles that tie two capitalised words into one name
    first_names: frozenset[str]
    kind_of: dict[str, str]  # word for a kind of place -> place, admin1, admin2, area
    numbers: dict[str, float]
    units: dict[str, float]
    directions: dict[str, float]
    far: re.Pattern[str]  # "25 km north of "
    side: re.Pattern[str]  # "north of "
    near: re.Pattern[str]  # "near "
    between: tuple[str, str]
    road: frozenset[str]
    here: re.Pattern[str]  # "the capital", "the town"
    capital: frozenset[str]


@cache
def words(lang: str) -> Words:
    """Words of the language; English for one that we do not have."""
    lang = lang if lang in LANGUAGES else "en"
    name = f"places_{lang}.toml"
    raw = tables.toml(name)
    try:
        return make(lang, raw)
    except KeyError as missing:
        raise DataError(f"{tables.DATA / name}:1: found no {missing}, expected it") from missing


def make(lang: str, raw: dict[str, Any]) -> Words:
    sets = {name: frozenset(fold(raw[name]).split()) for name in SETS}
    numbers = {fold(k): float(v) for k, v in raw["numbers"].items()}
    units = {fold(k): float(v) for k, v in raw["units"].items()}
    directions = {fold(k): float(v) for k, v in raw["directions"].items()}
    kinds = {fold(k): v for k, v in (raw["kinds_after"] | raw.get("kind_of", {})).items()}
    return Words(
        lang=lang, **sets,
        first_names=frozenset(fold((tables.DATA / "names.txt").read_text(encoding="utf-8").split("\n", 1)[1]).split()),
        kind_of=kinds, numbers=numbers, units=units, directions=directions,
        far=far_pattern(raw, numbers, units, directions), side=side_pattern(lang, directions),

        near=re.compile(rf"\b(?:{one_of(raw['near'])})\s*{LEAD}"),
        homes=frozenset(raw["homes"].split()),
        auxiliaries=frozenset(fold(raw["auxiliaries"]).split()),
        between=(raw["between"][0], raw["between"][1]), road=frozenset(map(fold, raw["road"])),
        elsewhere=re.compile(rf"\b(?:{one_of(raw['elsewhere'])})\b[^.;\n]{{0,25}}$"),
        here=re.compile(rf"\b(?:{one_of([*raw['capital'], *raw['town']])})\b"),
        capital=frozenset(map(fold, raw["capital"])),
    )  # fmt: skip


def one_of(options: Any) -> str:
    return "|".join(re.escape(fold(o)) for o in sorted(options, key=len, reverse=True))


def far_pattern(
    raw: dict[str, Any], numbers: dict[str, float], units: dict[str, float], directions: dict[str, float]
) -> re.Pattern[str]:
    """Finds "about 25 km north-west of", "a une quinzaine de kilometres au nord de"; the direction may be missing."""
    number = rf"(?P<number>\d+(?:[.,]\d+)?|{one_of(numbers)})"
    to = rf"(?:\s*(?:-|a|to|or|ou)\s*(?:\d+|{one_of(numbers)}))?"
    unit = rf"[\s-]*(?P<unit>{one_of(units)})\b\.?"
    toward = r"(?:to the |due |au |a l'|plus au |en direction du |direction )?"
    way = rf"(?:\s*,?\s*{toward}(?P<way>{one_of(directions)})\b)?"
    link = r"\s*,?\s*(?:away from |of |from |outside |off |beyond |de |des |du |d'|a )?"
    return re.compile(r"(?<![\w.])" + number + to + unit + way + link + LEAD)


def side_pattern(lang: str, directions: dict[str, float]) -> re.Pattern[str]:
    """Finds "north of", "au nord de" without a distance."""
    link = r"\s+of " if lang == "en" else r"\s+(?:de |des |du |d')"
    before = r"\b(?:just |to the |the )?" if lang == "en" else r"\b(?:au |a l'|plus au )"
    return re.compile(before + rf"(?P<way>{one_of(directions)}){link}" + LEAD)
