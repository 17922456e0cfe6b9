"""Look places up.

In:  a name, a point, or a country's ISO alpha-3 code.
Out: `Place` values, most populous first; nothing found is an empty tuple or `None`.

The file is only read, so that any number of processes can share it.
"""

from __future__ import annotations

import lzma
import os
import sqlite3
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from math import cos, radians
from pathlib import Path
from typing import Any

from tocsin.errors import DataError, UsageError
from tocsin.locate import own
from tocsin.locate.distance import cell_of
from tocsin.locate.keys import key, sound
from tocsin.model import Place

SHIPPED = Path(str(files("tocsin.locate"))) / "gazetteer.sqlite"
PACKED = SHIPPED.parents[3] / "data" / "gazetteer.sqlite.xz"  # in a source checkout
COLUMNS = """p.id, p.name, p.kind, p.lat, p.lon, p.country, a.name, b.name, p.population, p.feature, p.radius, p.seat
    FROM places p LEFT JOIN places a ON a.id = p.admin1 LEFT JOIN places b ON b.id = p.admin2"""
NAMED = f"SELECT {COLUMNS} JOIN names n ON n.place = p.id WHERE n.key = ? ORDER BY p.population DESC, p.id"
SEAT = f"SELECT {COLUMNS} JOIN places u ON u.seat = p.id WHERE u.id = ?"
SOUNDING = f"SELECT {COLUMNS} JOIN sounds s ON s.place = p.id WHERE s.sound = ? ORDER BY p.population DESC, p.id"
NEAREST = """SELECT p.id FROM places p WHERE p.cell IN ({}) AND (? IS NULL OR p.country = ?) {}
    ORDER BY (p.lat - ?) * (p.lat - ?) + (p.lon - ?) * (p.lon - ?) * ?, p.id LIMIT 1"""
RINGS = (1, 3, 8)  # half-degree cells around a point in which "nearest" looks, one after the other


class Gazetteer:
    """Places by name and by point. Cheap to open; keeps what it has looked up."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._db.execute("PRAGMA mmap_size=268435456")
        self.named = lru_cache(maxsize=50_000)(self._named)
        self.seat_of = lru_cache(maxsize=10_000)(self._seat_of)
        self.admin_for_point = lru_cache(maxsize=10_000)(self._admin_for_point)
        self._countries = lru_cache(maxsize=1)(self._all_countries)

    @classmethod
    def open(cls, path: str | Path | None = None) -> Gazetteer:
        """The gazetteer at `path`, or the one that comes with Tocsin together with the user's own."""
        if path is not None and not Path(path).exists():
            raise UsageError(f"{path}: no such gazetteer; build one with `python -m tocsin.locate.build {path}`")
        return cls(Path(path)) if path is not None else with_own(shipped())

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process opens the file itself."""
        return Gazetteer, (self.path,)

    def _named(self, name: str) -> tuple[Place, ...]:
        """All places of that name, whatever their kind, most populous first."""
        rows = [placed(row) for row in self._db.execute(NAMED, (key(name),))]
        return own.joined(rows, own.by_name().get(key(name), ()))

    def sounding(self, name: str) -> tuple[Place, ...]:
        """Places whose name sounds like it, where spellings vary: "Djowhar" gives Jowhar."""
        rows = [place(row) for row in self._db.execute(SOUNDING, (sound(name),))]
        return own.joined(rows, own.by_sound().get(sound(name), ()))

    def in_country(self, name: str, iso3: str) -> tuple[Place, ...]:
        return tuple(p for p in self.named(name) if p.country == iso3)

    def country(self, iso3: str) -> Place | None:
        return self._countries().get(iso3)

    def _all_countries(self) -> dict[str, Place]:
        rows = self._db.execute(f"SELECT {COLUMNS} WHERE p.kind = 'country' ORDER BY p.id")
        return {found.country: found for found in map(place, rows)}

    def capital(self, iso3: str) -> Place | None:
        home = self.country(iso3)
        return self.seat_of(home) if home else None

    def admin1_of(self, iso3: str, name: str) -> Place | None:
        """The first-order unit of that name."""
        return next((p for p in self.in_country(name, iso3) if p.kind == "admin1"), None)

    def seat(self, iso3: str, name: str) -> Place | None:
        """The principal town of an admin unit (first or second order)."""
        units = sorted((p for p in self.in_country(name, iso3) if p.kind.startswith("admin")), key=lambda p: p.kind)
        return self.seat_of(units[0]) if units else None

    def _seat_of(self, unit: Place) -> Place | None:
        """The principal town of this very unit; of a country its capital."""
        row = self._db.execute(SEAT, (unit.geonameid,)).fetchone()
        return place(row) if row else own.seat_for(unit) if unit.kind == "admin2" else None

    def nearest(self, latitude: float, longitude: float, iso3: str | None = None) -> Place | None:
        """The nearest town (of a country), if there is one within four degrees."""
        return self._near(latitude, longitude, iso3, "")

    def _admin_for_point(self, latitude: float, longitude: float, iso3: str) -> tuple[str | None, str | None]:
        """Names of the first- and second-order unit: those of the nearest town that has any."""
        near = self._near(latitude, longitude, iso3, "AND p.admin1 IS NOT NULL")
        return (near.admin1, near.admin2) if near else (None, None)

    def _near(self, latitude: float, longitude: float, iso3: str | None, more: str) -> Place | None:
        middle, shrink = cell_of(latitude, longitude), cos(radians(latitude)) ** 2
        for ring in RINGS:
            cells = [middle + 720 * i + j for i in range(-ring, ring + 1) for j in range(-ring, ring + 1)]
            query = NEAREST.format(",".join(map(str, cells)), more)
            row = self._db.execute(query, (iso3, iso3, latitude, latitude, longitude, longitude, shrink)).fetchone()
            if row:
                return place(self._db.execute(f"SELECT {COLUMNS} WHERE p.id = ?", row).fetchone())
        return None


def place(row: tuple[Any, ...]) -> Place:
    id_, name, kind, lat, lon, country, admin1, admin2, population, feature, radius, _ = row
    if kind == "admin1":
        admin1 = name
    if kind == "admin2":
        admin2 = name
    return Place(
        name, kind, lat, lon, radius or radius_of(kind, population), country, admin1, admin2,
        id_ if id_ > 0 else None, population, feature,
    )  # fmt: skip


def placed(row: tuple[Any, ...]) -> Place:
    """A unit without towns of its own stands at the centre of its province; an own place of its name knows better."""
    found = place(row)
    seat = own.seat_for(found) if found.kind == "admin2" and row[-1] is None else None
    return replace(found, latitude=seat.latitude, longitude=seat.longitude, radius_km=30.0) if seat else found


def radius_of(kind: str, population: int | None) -> float:
    """How far from the point of a town its houses reach, in km; bigger towns reach further."""
    people = population or 0
    return 12.0 if people >= 1_000_000 else 6.0 if people >= 100_000 else 3.0


def with_own(path: Path) -> Gazetteer:
    """The gazetteer at `path`, joined with the user's own if there is one."""
    from tocsin.locate.joined import Joined  # they stand on this file
    from tocsin.locate.mine import used

    mine = used()
    return Joined(path, mine) if mine else Gazetteer(path)


def shipped() -> Path:
    """The gazetteer of the package; in a source checkout it is unpacked on first use."""
    if not SHIPPED.exists():
        if not PACKED.exists():
            raise DataError(f"{SHIPPED}: no gazetteer here, and no {PACKED}; install Tocsin again or `make gazetteer`")
        part = SHIPPED.with_suffix(f".{os.getpid()}")
        part.write_bytes(lzma.decompress(PACKED.read_bytes()))
        part.replace(SHIPPED)
    return SHIPPED
