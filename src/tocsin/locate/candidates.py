"""All places that a name can mean, in any text.

In:  a name as written, its language, the gazetteer.
Out: `Candidate` values: a place and how the name leads to it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

from tocsin import countries
from tocsin.locate import tables
from tocsin.locate.gazetteer import Gazetteer
from tocsin.locate.keys import key, spellings
from tocsin.locate.words import Words, words
from tocsin.model import Place, PlaceKind

MOST = 60  # candidates of one name; the smallest villages of a common name are left out


class Candidate(NamedTuple):
    """`way`: main, other (another name of it), short, adjective, kind (a word such as "County" was cut off), part."""

    place: Place
    way: str


@lru_cache(maxsize=16_384)
def candidates(name: str, lang: str, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    """The places of that name, by the first way that finds any; a country and a short form come first."""
    plain = " ".join(name.split())
    found = [*direct(plain, lang, gazetteer)]
    if kind := cut_kind(plain, words(lang)):
        found = [*found, *of_kind(*kind, gazetteer)]
    if not found:
        found = [Candidate(c.place, "part") for part in parts(plain) for c in direct(part, lang, gazetteer)]
    found.sort(key=lambda c: c.place.kind == "place")  # stable: villages, least populous last, may be left out
    once = {(c.place.geonameid, c.place.latitude, c.place.kind): c for c in reversed(found)}
    return tuple(reversed(once.values()))[:MOST]


def direct(name: str, lang: str, gazetteer: Gazetteer) -> Iterator[Candidate]:
    yield from country_of(name, lang, gazetteer)
    yield from stood_for(tables.short_names().get(name), "short", lang, gazetteer)
    yield from stood_for(tables.adjectives().get(name), "adjective", lang, gazetteer)
    yield from (Candidate(region, "main") for region in regions().get(key(name), ()))
    yield from named(name, gazetteer)


def country_of(name: str, lang: str, gazetteer: Gazetteer) -> Iterator[Candidate]:
    home, way = countries.by_name(name, lang), "main"
    if home is None and (home := countries.demonym(name, lang)):
        way = "adjective"
    place = gazetteer.country(home.iso3) if home else None
    if place:
        yield Candidate(at_point(place), way)


def stood_for(short: tables.Short | None, way: str, lang: str, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """The one place that a short or adjectival form stands for: the widest of that name in its country."""
    if short is None:
        return
    found = [*regions().get(key(short.name), ())] if not short.country else []
    found += [c.place for c in named(short.name, gazetteer) if c.place.country == short.country]
    if found:
        yield Candidate(max(found, key=lambda p: (WIDTH.get(p.kind, 0), p.population or 0)), way)


WIDTH = {"region": 3, "admin1": 2, "area": 1, "admin2": -1}


def named(name: str, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """Those of the gazetteer under that name, or under the name with its short words written out."""
    for written in dict.fromkeys((name, full(name))):
        for p in gazetteer.named(written):
            if p.kind != "country" and p.feature != "RGN":
                yield Candidate(at_point(p), "main" if key(p.name) == key(written) else "other")


def at_point(place: Place) -> Place:
    """A wide unit or country stands in the middle of its area."""
    point = (
        tables.country_points().get(place.country)
        if place.kind == "country"
        else tables.unit_points().get(place.geonameid or 0)
    )
    return replace(place, latitude=point[0], longitude=point[1]) if point else place


@lru_cache(maxsize=16384)
def full(name: str) -> str:
    """ "St. Louis Co." -> "Saint Louis County"."""
    raw = tables.toml("name_parts.toml")
    said = [raw["shortened"].get(word, word) for word in name.split(" ")[:-1]] + name.split(" ")[-1:]
    return " ".join([*said[:-1], raw["shortened_last"].get(said[-1], said[-1]) if len(said) > 1 else said[-1]])


def cut_kind(name: str, spoken: Words) -> tuple[str, str] | None:
    """ "Kebbi State" -> ("Kebbi", "admin1"), "City of Lagos" -> ("Lagos", "place"); None if no such word is there."""
    said = full(name).split(" ")
    for size in (1, 2):
        if len(said) > size and (kind := spoken.kind_of.get(key(" ".join(said[-size:])))):
            return " ".join(said[:-size]), kind
    kind = spoken.kind_of.get(key(said[0]))
    size = 2 if said[1:2] and said[1] in ("of", "de", "du", "des") else 1
    return (" ".join(said[size:]), kind) if kind and len(said) > size else None


SAME_KIND = {"admin1": ("admin1", "admin2"), "admin2": ("admin2", "admin1"), "place": ("place",), "area": ("area",)}


def of_kind(name: str, kind: str, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """Places of the kind said; if there is none, all of that name."""
    found, allowed = [*named(name, gazetteer)], SAME_KIND[kind]
    fitting = [c for c in found if c.place.kind in allowed]
    for c in fitting or found:
        yield Candidate(c.place, "kind" if fitting and c.way == "main" else "part")


def parts(name: str) -> Iterator[str]:
    """What is left of a longer name: "northern Mali", "Da Nang International Airport"."""
    for pattern in left_out():
        short = pattern.sub("", name)
        if short and short != name:
            yield short


@cache
def left_out() -> tuple[re.Pattern[str], re.Pattern[str]]:
    raw = tables.toml("name_parts.toml")
    before, after = (
        "|".join(re.escape(w) for w in sorted(raw[side], key=len, reverse=True)) for side in ("before", "after")
    )
    return re.compile(rf"^(?:(?:{before})(?:\s+|(?<=')))+", re.I), re.compile(rf"\s(?:{after})$", re.I)


@cache
def regions() -> dict[str, tuple[Place, ...]]:
    """Key -> the seas, regions and ranges of regions.csv that are called so."""
    found: dict[str, list[Place]] = defaultdict(list)
    for r in tables.regions():
        country = r.countries[0] if len(r.countries) == 1 else ""
        kind: PlaceKind = "region" if r.kind == "region" else "area"
        place = Place(r.name, kind, r.lat, r.lon, r.radius_km, country, geonameid=r.geonameid, feature="RGN")
        for k in {k for name in (r.name, *r.names) for k in spellings(name)}:
            found[k].append(place)
    return {k: tuple(places) for k, places in found.items()}
