"""The place that events may come near to: a place by its name, a point, or the capital of the time.

In:  Events, and what was typed; data/capitals.csv for capitals that moved, the gazetteer for all others.
Out: `Aim` values in the order of time; UsageError for a place that is not found.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from tocsin.analyse.events import Events
from tocsin.analyse.methods.settings import DATA
from tocsin.countries import countries
from tocsin.errors import DataError, UsageError

if TYPE_CHECKING:
    from tocsin.model import Place

PATH = DATA / "capitals.csv"
POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*")
EVER = date.min


@dataclass(frozen=True, slots=True)
class Aim:
    """The place from the day `since` on. `radius_km`: how far its houses reach around the point."""

    name: str
    latitude: float
    longitude: float
    radius_km: float
    since: date = EVER
    note: str = ""


def aims(events: Events, place: str | None) -> tuple[Aim, ...]:
    """What was typed; if nothing was, the capitals of the events' country in the order of time."""
    if place is None:
        return _capitals(_home(events))
    if point := POINT.fullmatch(place):
        return (_point(float(point[1]), float(point[2])),)
    return (_named(place.strip(), events),)


def _point(latitude: float, longitude: float) -> Aim:
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise UsageError(f"--place {latitude:g},{longitude:g}: expected latitude -90 to 90, longitude -180 to 180.")
    return Aim(f"{latitude:g}, {longitude:g}", latitude, longitude, 1.0)


def _home(events: Events) -> str:
    """The ISO alpha-3 code of the one country of the events."""
    names = _countries(events)
    known = {each.name: each.iso3 for each in countries()}
    if len(names) != 1 or names[0] not in known:
        shown = f"{', '.join(names[:3])}{', ...' if len(names) > 3 else ''}" or "no country"
        raise UsageError(f"found events of {shown}, expected one country whose capital is meant: "
                         "give --country, or --place with a name or a point such as 12.65,-8.")  # fmt: skip
    return known[names[0]]


def _countries(events: Events) -> list[str]:
    """Names of the events' countries, those with most events first."""
    found = events.table["country"].drop_nulls().cast(pl.String).value_counts(sort=True, name="events")
    return found.sort("events", "country", descending=[True, False])["country"].to_list()


def _capitals(iso3: str) -> tuple[Aim, ...]:
    if iso3 in moved():
        return moved()[iso3]
    from tocsin.locate.gazetteer import Gazetteer

    found = Gazetteer.open().capital(iso3)
    if found is None:
        raise UsageError(f"the gazetteer has no capital of {iso3}; give --place with a name or a point.")
    return (_aim(found),)


def _aim(found: Place) -> Aim:
    return Aim(found.name, found.latitude, found.longitude, found.radius_km)


def _named(name: str, events: Events) -> Aim:
    """The most populous place of that name, in a country of the events if it can be."""
    from tocsin.locate.gazetteer import Gazetteer

    codes = {each.iso3 for each in countries() if each.name in _countries(events)}
    found = [place for place in Gazetteer.open().named(name) if place.kind == "place"] if name else []
    near = [place for place in found if place.country in codes] or found
    if not near:
        raise UsageError(f"--place {name!r}: the gazetteer has no place of that name; "
                         "give its point such as 12.65,-8 (latitude, longitude).")  # fmt: skip
    others = f"{len(found) - 1} other places of the name {name!r} are known; " if len(found) > 1 else ""
    note = f"{others}{near[0].name} ({near[0].country}, {near[0].latitude:.2f}, {near[0].longitude:.2f}) was taken."
    return replace(_aim(near[0]), note=note if others else "")


@cache
def moved(path: Path = PATH) -> dict[str, tuple[Aim, ...]]:
    """Capitals of countries whose capital moved, by ISO alpha-3, in the order of time."""
    found: dict[str, tuple[Aim, ...]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for at, row in enumerate(csv.DictReader(lines), 2):
            before = found.get(row["iso3"] or "", ())
            found[row["iso3"]] = (*before, _read(row, f"{path}:{at}", before))
    return found


def _read(row: dict[str, str], where: str, before: tuple[Aim, ...]) -> Aim:
    try:
        since = date.fromisoformat(row["since"]) if row["since"] else EVER
        made = Aim(row["capital"], float(row["latitude"]), float(row["longitude"]), float(row["radius_km"]), since,
                   row["source"])  # fmt: skip
    except (TypeError, ValueError, KeyError) as error:
        raise DataError(f"{where}: found {error}, expected capital, latitude, longitude, radius_km, since") from error
    if bool(before) != bool(row["since"]) or (before and before[-1].since >= since):
        raise DataError(
            f"{where}: found since = {row['since']!r}, expected a day after the capital before (first: none)"
        )
    if not made.name or not row["source"]:
        raise DataError(f"{where}: found no capital or no source, expected both")
    return made
