"""Which events are asked for.

In:  a Filter.
Out: SQL conditions on an event table; `near` is a box in SQL, then a circle in `inside`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, func, or_

from tocsin.locate.distance import DEGREE_KM, kilometres

Box = tuple[float, float, float, float]


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
    return wanted.near is None or kilometres(*wanted.near[:2], latitude, longitude) <= wanted.near[2]


def box(lat: float, lon: float, km: float) -> Box:
    """West, south, east, north of all that lies within `km`; all longitudes where it crosses the date line."""
    high = km / DEGREE_KM
    edge = abs(lat) + high  # the box is widest at its edge towards the pole
    wide = high / cos(radians(edge)) if edge < 89 else 360.0
    around = abs(lon) + wide > 180
    return -180.0 if around else lon - wide, lat - high, 180.0 if around else lon + wide, lat + high


def _boxes(wanted: Filter) -> Iterator[Box]:
    if wanted.bbox:
        yield wanted.bbox
    if wanted.near:
        yield box(*wanted.near)  # the circle decides


def _any(part: str, *columns: Any) -> ColumnElement[bool]:
    return or_(*(func.lower(column).contains(part.lower(), autoescape=True) for column in columns))
