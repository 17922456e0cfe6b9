"""Read our own place tables, with a message that names file and line when one is wrong.

In:  the CSV and TOML files of `data/`. Out: plain rows.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from tocsin.errors import DataError
from tocsin.locate.keys import key
from tocsin.toml import read_toml

Row = TypeVar("Row")
DATA = Path(str(files("tocsin.locate"))) / "data"


class Region(NamedTuple):
    """A stretch of land that is no admin unit: forest, lake basin, border area, historical region."""

    name: str
    names: tuple[str, ...]
    kind: str  # region (large) or area (forest, lake, range)
    countries: tuple[str, ...]
    lat: float
    lon: float
    radius_km: float
    geonameid: int | None = None


class Short(NamedTuple):
    """A shortened or adjectival name and what it stands for."""

    name: str
    country: str  # ISO alpha-3; "" for a region over several countries
    after: bool  # only right after a place and a comma: "Rockport, ME"


class Extra(NamedTuple):
    """A place that GeoNames cities500 lacks."""

    name: str
    names: tuple[str, ...]
    country: str
    admin1: str
    lat: float
    lon: float
    feature: str


def regions(path: Path = DATA / "regions.csv") -> list[Region]:
    return read(path, lambda r: Region(
        r["name"], split(r["aliases"]), one_of(r["kind"], ("region", "area")), split(r["countries"]),
        latitude(r["lat"]), longitude(r["lon"]), float(r["radius_km"]), int(r["geonameid"] or 0) or None,
    ))  # fmt: skip


def extras(path: Path = DATA / "places_extra.csv") -> list[Extra]:
    return read(path, lambda r: Extra(
        r["name"], split(r["aliases"]), r["country"], r["admin1"], latitude(r["lat"]), longitude(r["lon"]),
        r["feature"] or "PPL",
    ))  # fmt: skip


def admin1_names(path: Path = DATA / "admin1_names.csv") -> dict[tuple[str, str], tuple[str, ...]]:
    """(ISO alpha-3, key of GeoNames' name) -> the name that conflict data use, then others."""
    return dict(read(path, lambda r: ((r["iso3"], key(r["found"])), (r["name"], *split(r["aliases"])))))


def country_points(path: Path = DATA / "country_points.csv") -> dict[str, tuple[float, float]]:
    return dict(read(path, lambda r: (r["iso3"], (latitude(r["lat"]), longitude(r["lon"])))))


@cache
def unit_points(path: Path = DATA / "unit_points.csv") -> dict[int, tuple[float, float]]:
    """GeoNames id of a wide unit -> the middle of its area; the gazetteer has the middle of its towns."""
    return dict(read(path, lambda r: (int(r["geonameid"]), (latitude(r["lat"]), longitude(r["lon"])))))


@cache
def short_names(path: Path = DATA / "short_names.csv") -> dict[str, Short]:
    """ "Calif.", "NSW" -> what they stand for."""
    where = ("", "after")
    return dict(read(path, lambda r: (r["short"], Short(r["name"], r["country"], one_of(r["where"], where) != ""))))


@cache
def adjectives(path: Path = DATA / "adjectives.csv") -> dict[str, Short]:
    """ "Texan", "Scots" -> the unit, region or town."""
    rows = read(path, lambda r: [(word, Short(r["name"], r["country"], False)) for word in split(r["words"])])
    return {word: short for row in rows for word, short in row}


@cache
def context(path: Path = DATA / "context.csv") -> dict[str, str]:
    """Groups, forces and people that place a report -> ISO alpha-3; a word of two countries is left out."""
    found: dict[str, set[str]] = {}
    for country, words in read(path, lambda r: (r["country"], split(r["words"]))):
        for word in words:
            found.setdefault(word, set()).add(country)
    return {word: next(iter(homes)) for word, homes in found.items() if len(homes) == 1}


def read(path: Path, make: Callable[[dict[str, str]], Row]) -> list[Row]:
    rows = []
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        for row in reader:
            try:
                rows.append(make({name: (value or "").strip() for name, value in row.items()}))
            except (KeyError, ValueError) as wrong:
                raise DataError(f"{path}:{reader.line_num}: {wrong}") from wrong
    return rows


def split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split("|") if part.strip())


def one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(f"found {value!r}, expected one of {', '.join(allowed)}")
    return value


def latitude(value: str) -> float:
    return degrees(value, 90)


def longitude(value: str) -> float:
    return degrees(value, 180)


def degrees(value: str, most: int) -> float:
    number = float(value)
    if not -most <= number <= most:
        raise ValueError(f"found {number}, expected -{most} to {most}")
    return number


@cache
def toml(name: str) -> dict[str, Any]:
    """One TOML file of `data/`, read once."""
    return read_toml(DATA / name)
