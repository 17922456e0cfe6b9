"""Which events are asked for.

In:  a Filter.
Out: SQL conditions on an event table; `near` is a box in SQL, then a circle in `inside`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any

from sqlalchemy import ColumnElement, func, or_

EARTH_KM = 6371.0088
DEGREE_KM = 111.19


@dataclass(frozen=True, slots=True)
class Filter:
    """All that is given must hold. Days are ISO, both ends inclusive; `bbox` is west, south, east, north."""

    country: str | None = None
    admin1: str | None = None
    event_type: str | None = None
    sub_event_type: str | None = None
    actor: str | None = None  # part of any of the four actor columns
    since: str | None = None
    until: str | None = None
    near: tuple[float, float, float] | None = None  # latitude, longitude, km
    fatalities_min: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    text: str | None = None  # part of the notes or the location


def conditions(wanted: Filter, c: Any) -> Iterator[ColumnElement[bool]]:
    """The filter on the columns `c` of a table of events."""
    for name in ("country", "admin1", "event_type", "sub_event_type"):
        if (value := getattr(wanted, name)) is not None:
            yield c[name] == value
    if wanted.since:
        yield c.event_date >= wanted.since
    if wanted.until:
        yield c.event_date <= wanted.until
    if wanted.fatalities_min is not None:
        yield c.fatalities >= wanted.fatalities_min
    if wanted.actor:
        yield _any(wanted.actor, c.actor1, c.assoc_actor_1, c.actor2, c.assoc_actor_2)
    if wanted.text:
        yield _any(wanted.text, c.notes, c.location)
    for west, south, east, north in _boxes(wanted):
        yield c.latitude.between(south, north)
        yield c.longitude.between(west, east)


def inside(wanted: Filter, latitude: float, longitude: float) -> bool:
    """Within the circle of `near`, if there is one."""
    return wanted.near is None or distance_km(*wanted.near[:2], latitude, longitude) <= wanted.near[2]


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    a, b = radians(lat1), radians(lat2)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def _boxes(wanted: Filter) -> Iterator[tuple[float, float, float, float]]:
    if wanted.bbox:
        yield wanted.bbox
    if wanted.near:
        lat, lon, km = wanted.near
        high = km / DEGREE_KM
        edge = abs(lat) + high  # the box is widest at its edge towards the pole
        wide = high / cos(radians(edge)) if edge < 89 else 360.0
        around = abs(lon) + wide > 180  # over the date line: all longitudes, the circle decides
        yield (-180.0 if around else lon - wide, lat - high, 180.0 if around else lon + wide, lat + high)


def _any(part: str, *columns: Any) -> ColumnElement[bool]:
    escaped = part.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(*(func.lower(column).like(f"%{escaped}%", escape="\\") for column in columns))
