"""Places that reports speak of and GeoNames lacks: data/places_extra.csv, read when first asked for.

In:  names, sounds. Out: `Place` values without a GeoNames id. A corrected line counts without building anything.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from tocsin.locate import tables
from tocsin.locate.distance import roughly
from tocsin.locate.keys import sound, spellings
from tocsin.model import Place

SAME_KM = 25.0  # an own place is the known one of that name if it is this near
RADIUS_KM = 3.0


@cache
def by_name() -> dict[str, tuple[Place, ...]]:
    """Key -> own places that are called so."""
    found: dict[str, list[Place]] = defaultdict(list)
    for extra in tables.extras():
        place = made(extra)
        for key in {k for name in (extra.name, *extra.names) for k in spellings(name)}:
            found[key].append(place)
    return {key: tuple(places) for key, places in found.items()}


@cache
def by_sound() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for extra in tables.extras():
        place = made(extra)
        for said in {sound(name) for name in (extra.name, *extra.names)}:
            found[said].append(place)
    return {said: tuple(places) for said, places in found.items()}


def made(e: tables.Extra) -> Place:
    return Place(e.name, "place", e.lat, e.lon, RADIUS_KM, e.country, e.admin1 or None, feature=e.feature)


def joined(known: list[Place], own: tuple[Place, ...]) -> tuple[Place, ...]:
    """The places of the gazetteer, then our own; one that both have stays the gazetteer's."""
    theirs = [p for p in known if not is_own(p)]
    return (*theirs, *(e for e in own if not any(same(e, p) for p in theirs)))


def is_own(p: Place) -> bool:
    """A row that the gazetteer took from our table when it was built."""
    return p.geonameid is None and p.kind == "place" and p.feature != "AIRP"


def same(e: Place, p: Place) -> bool:
    near = roughly(e.latitude, e.longitude, p.latitude, p.longitude) < SAME_KM
    return p.kind == "place" and p.country == e.country and near


def seat_for(unit: Place) -> Place | None:
    """An own place that is called like a second-order unit, in the same first-order unit: its seat."""
    places = (p for key in spellings(unit.name) for p in by_name().get(key, ()))
    return next((p for p in places if p.country == unit.country and p.admin1 == unit.admin1), None)
