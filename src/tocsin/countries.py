"""Countries and territories by code, name, adjective or seat of government.

In:  countries.csv, one line per country or territory; lists in a cell are parted by `|`.
Out: `Country` values; `None` for a word that is no country.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tocsin.errors import DataError
from tocsin.fold import fold

PATH = Path(__file__).with_name("countries.csv")
LANGUAGES = ("en", "fr")
_ARTICLES = {"en": ("the ",), "fr": ("le ", "la ", "les ", "l'")}


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory as ACLED names it, with its usual names by language."""

    iso3: str
    iso: int  # ISO 3166-1 numeric; 0 where ISO has none (Kosovo)
    name: str  # ACLED country name
    region: str  # ACLED region
    names: dict[str, tuple[str, ...]]  # by language, usual name first
    demonyms: dict[str, tuple[str, ...]]  # by language: adjectives and people, all inflections
    capitals: dict[str, str]  # by language
    metonyms: tuple[str, ...]  # seats that stand for the government, besides the capital

    def __hash__(self) -> int:
        return hash(self.iso3)


def countries() -> tuple[Country, ...]:
    """All countries and territories, by name."""
    return _load(PATH)


def country(iso3: str) -> Country | None:
    """The country with this ISO alpha-3 code."""
    return _by_code().get(iso3.upper())


def by_name(name: str, lang: str) -> Country | None:
    """The country of this name or alias in `lang`, or of this ACLED name; case and accents do not matter."""
    return _by_name(lang).get(_key(name, lang))


def demonym(word: str, lang: str) -> Country | None:
    """The country whose people or adjective `word` is: "Malian", "maliennes". In English the capital letter counts."""
    found = _by_demonym(lang).get(fold(word.strip()))
    if found is None:
        return None
    stored, home = found
    if stored.isupper() or "." in stored:
        return home if word.strip() == stored else None
    return home if lang != "en" or word.strip()[:1].isupper() or stored[:1].islower() else None


def _key(name: str, lang: str) -> str:
    key = fold(name.strip())
    for article in _ARTICLES.get(lang, ()):
        key = key.removeprefix(article)
    return key


@cache
def _load(path: Path) -> tuple[Country, ...]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return tuple(_read(row, f"{path}:{number}") for number, row in enumerate(rows, 2))


def _read(row: dict[str, str], where: str) -> Country:
    if len(row["iso3"]) != 3 or not row["iso"].isdigit():
        raise DataError(f"{where}: found {row['iso3']!r}, {row['iso']!r}, expected ISO alpha-3 and number")
    if not row["name"] or not row["region"]:
        raise DataError(f"{where}: found no name or region, expected both")
    first = {"en": row["name"], "fr": row["name_fr"] or row["name"]}
    return Country(
        iso3=row["iso3"],
        iso=int(row["iso"]),
        name=row["name"],
        region=row["region"],
        names={lang: (first[lang], *_list(row[f"aliases_{lang}"])) for lang in LANGUAGES},
        demonyms={lang: _list(row[f"demonyms_{lang}"]) for lang in LANGUAGES},
        capitals={"en": row["capital"], "fr": row["capital_fr"] or row["capital"]},
        metonyms=_list(row["metonyms"]),
    )


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


@cache
def _by_code() -> dict[str, Country]:
    return {each.iso3: each for each in countries()}


@cache
def _by_name(lang: str) -> dict[str, Country]:
    found: dict[str, Country] = {}
    for each in countries():
        for name in (each.name, *each.names.get(lang, ())):
            other = found.setdefault(_key(name, lang), each)
            if other is not each:
                raise DataError(f"{PATH}: found {name!r} for {other.iso3} and {each.iso3}, expected one country")
    return found


@cache
def _by_demonym(lang: str) -> dict[str, tuple[str, Country]]:
    found: dict[str, tuple[str, Country]] = {}
    for each in countries():
        for word in each.demonyms.get(lang, ()):
            other = found.setdefault(fold(word), (word, each))[1]
            if other is not each:
                raise DataError(f"{PATH}: found {word!r} for {other.iso3} and {each.iso3}, expected one country")
    return found
