"""Datable political happenings that statements count from: "since the French withdrawal", "the second coup since 2020".

In:  the words after "since", the country; data/happenings.csv and data/happenings_<lang>.toml.
Out: the kind of happening and its day; None where the file does not know one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from tocsin.check.reading.patterns import compiled
from tocsin.countries import country
from tocsin.errors import DataError
from tocsin.toml import read_toml

COLUMNS = ["date", "kind", "country", "party", "what", "source"]
YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
BEFORE_KIND = 40  # characters before the words for a happening in which who did it and when may stand
AFTER_KIND = 60


@dataclass(frozen=True, slots=True)
class Happening:
    """`country`: ISO alpha-3 of where; `party`: who left, came or began: ISO alpha-3, or a name of the data files."""

    day: date
    kind: str
    country: str
    party: str
    what: str


@dataclass(frozen=True, slots=True)
class Words:
    """`clause`: the words after which a happening may stand; `kinds` in the order in which they are tried."""

    since: re.Pattern[str]  # those among them that always begin a period
    after: re.Pattern[str]
    before: re.Pattern[str]
    kinds: Mapping[str, re.Pattern[str]]
    parties: Mapping[str, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A happening as a text speaks of it: `start` to `end` are the words for it."""

    kind: str
    start: int
    end: int
    parties: frozenset[str]
    year: int | None


def spoken_of(text: str, lang: str, adjectives: frozenset[str]) -> Spoken | None:
    """The first happening of folded `text`. `adjectives`: countries named in it ("French": FRA)."""
    words = load(lang)
    found = [(m.start(), n, kind, m) for n, (kind, p) in enumerate(words.kinds.items()) if (m := p.search(text))]
    if not found:
        return None
    near = min(at for at, *_ in found) + BEFORE_KIND
    _, _, kind, match = min((each for each in found if each[0] <= near), key=lambda each: each[1])
    around = text[max(0, match.start() - BEFORE_KIND) : match.end() + AFTER_KIND]
    parties = {party for party, pattern in words.parties.items() if pattern.search(around)} | adjectives
    year = YEAR.search(around)
    return Spoken(kind, match.start(), match.end(), frozenset(parties), int(year[1]) if year else None)


def resolve(spoken: Spoken, home: str | None, published: date | None) -> Happening | None:
    """The last such happening in that country up to the day of the text; None if the file has none."""
    kinds = [spoken.kind, *(each for each in ("withdrawal", "withdrawal announced") if "withdrawal" in spoken.kind)]
    for kind in dict.fromkeys(kinds):
        found = [
            each
            for each in happenings()
            if each.kind == kind
            and each.country == home
            and (published is None or each.day <= published)
            and (spoken.year is None or each.day.year == spoken.year)
        ]
        of_party = [each for each in found if each.party in spoken.parties]
        rivals = spoken.parties - {home} and kind.startswith("withdrawal")
        if of_party or (found and not rivals):
            return max(of_party or found, key=lambda each: each.day)
    return None


def counted(kind: str, home: str, first: date | None, last: date | None) -> tuple[Happening, ...]:
    """Happenings of a kind in a country in a time: "two coups since 2020"."""
    return tuple(
        each
        for each in happenings()
        if each.kind == kind and each.country == home and (first or date.min) <= each.day <= (last or date.max)
    )


@cache
def happenings() -> tuple[Happening, ...]:
    """All of the file, by day."""
    path = resources.files("tocsin.check").joinpath("data/happenings.csv")
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    if rows.fieldnames != COLUMNS:
        raise DataError(f"{path}:1: found columns {rows.fieldnames}, expected {', '.join(COLUMNS)}")
    return tuple(sorted((_happening(row, f"{path}:{n}") for n, row in enumerate(rows, 2)), key=lambda each: each.day))


def _happening(row: dict[str, str], where: str) -> Happening:
    try:
        day = date.fromisoformat(row["date"])
    except ValueError:
        raise DataError(f"{where}: found date {row['date']!r}, expected a day such as 2022-08-15") from None
    if not country(row["country"]) or not row["source"]:
        raise DataError(
            f"{where}: found country {row['country']!r} and source {row['source']!r}, expected ISO alpha-3 and a source"
        )
    if row["kind"] not in load("en").kinds:
        raise DataError(f"{where}: found kind {row['kind']!r}, expected one of {', '.join(load('en').kinds)}")
    return Happening(day, row["kind"], row["country"], row["party"], row["what"])


@cache
def load(lang: str) -> Words:
    """The words of one language, checked and compiled."""
    path = resources.files("tocsin.check").joinpath(f"data/happenings_{lang}.toml")
    table = read_toml(path)

    def read(name: str, patterns: list[str]) -> re.Pattern[str]:
        return compiled(patterns, table.get("lists", {}), lang, f"{path}: {name}")

    return Words(
        read("since", table["since"]),
        read("after", table["after"]),
        read("before", table["before"]),
        {name: read(name, patterns) for name, patterns in table["kind"].items()},
        {name: read(name, patterns) for name, patterns in table["party"].items()},
    )
