"""Places added by hand, as people name them: the same for the command and the pages.

In:  a name, a point, a country's name or code.
Out: a row in the user's gazetteer; `u3`, by which it is called and removed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tocsin.errors import UsageError
from tocsin.locate import mine
from tocsin.locate.gazetteer import shipped
from tocsin.locate.geonames import BadRow, Row, rule_of
from tocsin.locate.joined import Joined
from tocsin.locate.own import SAME_KM
from tocsin.locate.sheets import country_of
from tocsin.model import Place


@dataclass(frozen=True, slots=True)
class Said:
    """A place as somebody says it. Units left out are those of the nearest town; the radius that of its kind."""

    name: str
    latitude: float
    longitude: float
    country: str
    admin1: str | None = None
    admin2: str | None = None
    kind: str = "PPL"  # a GeoNames feature code
    population: int | None = None
    also: tuple[str, ...] = ()
    geonameid: int | None = None  # of the place that this corrects
    radius_km: float | None = None


def together(path: Path | None) -> Joined:
    """The built-in gazetteer with the one at `path`, if that is there."""
    return Joined(shipped(), path if path and path.exists() else None)


def target() -> Path:
    """The file that pages add to; UsageError where the user's gazetteer is switched off."""
    if os.environ.get(mine.VARIABLE) == "":
        raise UsageError(f"{mine.VARIABLE} is empty, so that no place of your own is used; unset it to add places.")
    return mine.usual_path()


def add(path: Path, said: Said) -> tuple[str, Said]:
    """Add the place; it wins over the gazetteers where they say otherwise. Its number, and what is kept of it."""
    places = together(path)
    try:
        home = country_of(said.country)
    except BadRow as wrong:
        raise UsageError(f"--country: {wrong}.") from wrong
    if twin := twin_of(places, said.name, home, said.latitude, said.longitude):
        raise UsageError(
            f"{said.name} has been added before as {twin}. To change it: tocsin places remove {twin}, then add."
        )
    near = places.admin_for_point(said.latitude, said.longitude, home)
    one = said.admin1 or near[0]
    two = said.admin2 or (near[1] if one == near[0] else None)
    rule = rule_of(said.kind.upper())
    units = (f"{home}|{one}" if one else "", f"{home}|{one or ''}|{two}" if two else "")
    row = Row(said.geonameid, said.name, list(said.also), rule.kind, said.latitude, said.longitude, home, *units,
              said.population, said.kind.upper(), said.radius_km or rule.radius)  # fmt: skip
    return f"u{mine.add(path, row)}", replace(said, country=home, admin1=one, admin2=two)


def remove(path: Path, number: str) -> str:
    """Remove a place that was added; its name."""
    if not (found := re.fullmatch(r"u?(\d{1,7})", number)):
        raise UsageError(f"found {number!r}, expected u and a number; `tocsin places show NAME` tells it.")
    return mine.remove(path, int(found[1]))


def twin_of(places: Joined, name: str, country: str, latitude: float, longitude: float) -> str | None:
    """The number of a place that was added under this name, nearby."""
    near = [place for far, place in places.around(latitude, longitude, SAME_KM) if place.country == country]
    same = [place for place in places.named(name) if place in near]
    return next((id_ for id_ in numbers(places, same) if id_), None)


def numbers(places: Joined, found: Iterable[Place]) -> list[str]:
    """Of each place the number under which it was added by hand; "" of the others."""
    ids = (places.origin(place)[0] for place in found)
    return [id_ if id_.startswith("u") else "" for id_ in ids]
