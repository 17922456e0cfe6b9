"""Checks of where: the gazetteer against the row.

In:  an event row, Known.
Out: findings. A country of which the gazetteer has no town is not checked.
"""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.codebook import Finding
from tocsin.exchange.checks.known import Known, Row, home, point, text, whole
from tocsin.locate.distance import kilometres
from tocsin.locate.keys import key
from tocsin.model import Place

SWAPPED = "; latitude and longitude look swapped"


def e17_outside(row: Row, known: Known) -> Iterator[Finding]:
    where, here = home(row), point(row)
    if where is None or here is None or not _outside(here, where.iso3, known):
        return
    latitude, longitude = here
    swapped = abs(longitude) <= 90 and _town(longitude, latitude, where.iso3, known) is not None
    found = f"{text(row, 'latitude')}, {text(row, 'longitude')}"
    yield Finding("E17", "latitude", found, f"a point in or near {where.name}{SWAPPED if swapped else ''}")


def _outside(here: tuple[float, float], iso3: str, known: Known) -> bool:
    """Far from every town of the country, and at least twice as near to one of another; at sea none is near."""
    if known.gazetteer.country(iso3) is None:
        return False
    nearest = known.gazetteer.nearest(*here)
    if nearest is None or nearest.country == iso3:
        return nearest is None and _very_far(here, iso3, known)
    own = known.gazetteer.nearest(*here, iso3)
    far = _far(here, own) if own else known.limits.outside_km + 1
    return far > known.limits.outside_km and far > 2 * _far(here, nearest)


def _very_far(here: tuple[float, float], iso3: str, known: Known) -> bool:
    """No town at all is near: is the country in another part of the world?"""
    whole_country = known.gazetteer.country(iso3)
    return whole_country is not None and _far(here, whole_country) > 3 * whole_country.radius_km + 1000


def _town(latitude: float, longitude: float, iso3: str, known: Known) -> Place | None:
    """The country's town within the distance that counts as near."""
    found = known.gazetteer.nearest(latitude, longitude, iso3)
    return found if found and _far((latitude, longitude), found) <= known.limits.outside_km else None


def w4_capital(row: Row, known: Known) -> Iterator[Finding]:
    """A report that names the province only would be placed at its capital, with precision 3."""
    where, location, admin1 = home(row), text(row, "location"), text(row, "admin1")
    quotes = [each["quote"] for claim in row.get("told") or () for each in claim["evidence"] or ()
              if each["field"] == "location"]  # fmt: skip
    if where is None or not quotes or whole(row, "geo_precision") != 1 or key(location) == key(admin1):
        return
    town = known.gazetteer.seat(where.iso3, admin1)
    if town is None or key(town.name) != key(location) or town == known.gazetteer.capital(where.iso3):
        return
    if not any(key(location) in key(quote) or town in known.gazetteer.named(quote) for quote in quotes):
        expected = f"words that name {location}, the capital of {admin1}, or geo_precision 3"
        yield Finding("W4", "location", "; ".join(dict.fromkeys(quotes)), expected)


def w8_far(row: Row, known: Known) -> Iterator[Finding]:
    where, here, admin1 = home(row), point(row), text(row, "admin1")
    unit = known.gazetteer.admin1_of(where.iso3, admin1) if where and admin1 else None
    if where is None or here is None or unit is None or (whole(row, "geo_precision") or 3) > 2:
        return
    most = known.limits.admin_slack * unit.radius_km + known.limits.admin_km
    if (far := _far(here, unit)) > most:
        there = known.gazetteer.admin_for_point(*here, where.iso3)[0]
        if there is None or key(there) != key(unit.name):
            expected = f"a point within {most:.0f} km of its middle; this one is {far:.0f} km off, near {there}"
            yield Finding("W8", "admin1", admin1, expected)


def w9_admin(row: Row, known: Known) -> Iterator[Finding]:
    where = home(row)
    for column in ("admin1", "admin2") if where else ():
        name = text(row, column)
        if where and name and known.new("W9", (where.iso3, column, name)):
            units = [p for p in known.gazetteer.in_country(name, where.iso3) if p.kind == column]
            if not units:
                yield Finding("W9", column, name, f"a unit of {where.name} that the gazetteer has")


def _far(here: tuple[float, float], place: Place) -> float:
    return kilometres(*here, place.latitude, place.longitude)
