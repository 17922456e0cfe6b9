"""Where things happen: real places of the gazetteer, said in one of several ways.

In:  the project's gazetteer; a country, a random generator.
Out: `Spot`s with the coordinates and precision that a coder would give.
"""

from __future__ import annotations

import math
import re
import sqlite3
import unicodedata
from dataclasses import dataclass
from functools import cache
from random import Random

from tocsin.locate.gazetteer import shipped

NAME = re.compile(r"(?![A-Z]+$|Le |Les |The )[^\W\d]{3,}(?:['’ -][^\W\d]+){0,2}")
UNIT = re.compile(r"\s*(?:Region|Province|State|District|Governorate|County|Department|Prefecture|Division)$")
TOWNS, VILLAGES = 40, 80
ROWS = """
    SELECT p.name, a.name, p.lat, p.lon FROM places p JOIN places a ON a.id = p.admin1
    WHERE p.country = ? AND p.kind = 'place'
        AND (p.feature LIKE 'PPL%' OR p.feature IS NULL) AND p.feature IS NOT 'PPLX'
    ORDER BY p.feature = 'PPLC' DESC, coalesce(p.population, 0) DESC, p.id
"""


@dataclass(frozen=True, slots=True)
class Site:
    """A populated place."""

    name: str
    admin1: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Atlas:
    """The places of one country: its capital, its towns, smaller places."""

    capital: Site
    towns: tuple[Site, ...]
    villages: tuple[Site, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of an event. `kind` is how it is told: capital, town, village, near, admin."""

    kind: str
    site: Site
    other: Site  # a town nearby
    km: int
    direction: int  # eighths of a turn from north, clockwise
    latitude: float
    longitude: float
    precision: int


@cache
def atlas(iso3: str) -> Atlas:
    """The places of a country, the biggest first; those whose names would not read well are left out."""
    with sqlite3.connect(f"file:{shipped()}?mode=ro&immutable=1", uri=True) as db:
        rows = db.execute(ROWS, (iso3,)).fetchall()
    sites = [Site(_plain(row[0]), *row[1:]) for row in rows if NAME.fullmatch(_plain(row[0]))]
    few = min(TOWNS, max(3, len(sites) // 3))
    rest = sites[few:] or sites
    step = max(1, len(rest) // VILLAGES)
    return Atlas(sites[0], tuple(sites[:few]), tuple(rest[::step][:VILLAGES]))


def spot(iso3: str, kind: str, rng: Random) -> Spot:
    """A place of an event in the country."""
    places = atlas(iso3)
    if kind in ("capital", "town", "admin"):
        site = places.capital if kind == "capital" else rng.choice(places.towns)
        if kind == "admin":  # the principal town stands for the unit
            site = next(town for town in places.towns if town.admin1 == site.admin1)
        precision = 3 if kind == "admin" else 1
        return Spot(kind, site, rng.choice(places.towns), 0, 0, site.latitude, site.longitude, precision)
    if kind == "village":
        site = rng.choice(places.villages)
        other = _nearest(iso3, site)
        km, direction = _bearing(other, site)
        return Spot(kind, site, other, km, direction, site.latitude, site.longitude, 1)
    site, km, direction = rng.choice(places.towns), rng.choice((5, 7, 10, 12, 15, 18, 20)), rng.randrange(8)
    latitude, longitude = _moved(site, km, direction)
    return Spot(kind, site, _nearest(iso3, site), km, direction, latitude, longitude, 2)


def unit_name(admin1: str) -> str:
    """The first-level unit without the word for what it is: "Upper East Region" -> "Upper East"."""
    return UNIT.sub("", admin1)


def _plain(name: str) -> str:
    """The name as newsrooms print it: accents of western Europe only (Kandahār: Kandahar)."""
    parts = (
        char if ord(char) < 256 else unicodedata.normalize("NFD", char) for char in unicodedata.normalize("NFC", name)
    )
    return "".join(char for part in parts for char in part if not unicodedata.combining(char))


@cache
def _nearest(iso3: str, site: Site) -> Site:
    others = [town for town in atlas(iso3).towns if town.name != site.name]
    return min(others, key=lambda town: _bearing(town, site)[0], default=site)


def _bearing(origin: Site, target: Site) -> tuple[int, int]:
    """Distance (km, at least 1) and direction (eighth of a turn) between places; flat, for short ones."""
    north = (target.latitude - origin.latitude) * 111.2
    east = (target.longitude - origin.longitude) * 111.2 * math.cos(math.radians(origin.latitude))
    return max(1, round(math.hypot(north, east))), round(math.atan2(east, north) / math.tau * 8) % 8


def _moved(site: Site, km: float, direction: int) -> tuple[float, float]:
    angle = math.tau * direction / 8
    latitude = site.latitude + km * math.cos(angle) / 111.2
    return latitude, site.longitude + km * math.sin(angle) / (111.2 * math.cos(math.radians(site.latitude)))
