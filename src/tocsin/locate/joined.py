"""The built-in gazetteer and the user's own as one.

In:  both files; then as gazetteer.py.
Out: as gazetteer.py. A town that both have stands where the user's file says, and is found under the names of both; a
     unit stays as the built-in one has it, with more names. A place added by hand comes first; its namesakes nearby go.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import cos, radians
from pathlib import Path
from typing import Any, NamedTuple

from tocsin.locate import gazetteer as built_in
from tocsin.locate import own
from tocsin.locate.distance import cell_of, kilometres
from tocsin.locate.gazetteer import Gazetteer, place, placed
from tocsin.locate.keys import key, sound
from tocsin.locate.userfile import SQL, attach
from tocsin.model import Place

MANY = 10_000  # ids looked up at once
MOST = 100  # places of one name; of ours that are smaller none is looked at, so that a look-up stays under 1 ms
BOXES = (0.05, 0.25, 1.0, 4.0)  # degrees around a point in which "nearest" looks, one after the other
DEGREE_KM = 111.0
COLUMNS = """p.id, p.name, p.kind, p.lat, p.lon, p.country, coalesce(a.name, u.name), coalesce(b.name, v.name),
    p.population, p.feature, p.radius, NULL, p.source, p.geonameid FROM mine.places p
    LEFT JOIN mine.units u ON u.number = p.admin1 LEFT JOIN main.places a ON a.id = u.place
    LEFT JOIN mine.units v ON v.number = p.admin2 LEFT JOIN main.places b ON b.id = v.place"""
NAMED = "SELECT rank, place FROM mine.names WHERE key = ? ORDER BY rank, place LIMIT ?"
SOUNDING = "SELECT rank, place FROM mine.sounds WHERE sound = ? ORDER BY rank, place LIMIT ?"
IN_BOX = """SELECT p.id, p.lat, p.lon FROM {}.places p WHERE p.cell IN ({}) AND p.lat BETWEEN ? AND ?
    AND p.lon BETWEEN ? AND ? """
TOWN = "AND p.feature GLOB 'PPL*' AND (? IS NULL OR p.country = ?) "

Rows = Sequence[tuple[Any, ...]]


class Known(NamedTuple):
    """Places by where they come from."""

    added: list[Place]  # by hand
    tabled: list[Place]  # of a table, without GeoNames id
    others: list[Place]  # with one, or built in; the most populous first

    def once(self, alike: bool) -> tuple[Place, ...]:
        """Each place as the first of these says it. `alike`: all were found under one name."""
        tabled = [p for p in self.tabled if not said_by(self.added, p, alike)]
        others = [p for p in self.others if not said_by([*self.added, *tabled], p, alike)]
        return (*self.added, *sorted([*others, *tabled], key=lambda p: -(p.population or 0)))


def said_by(better: Iterable[Place], p: Place, alike: bool) -> bool:
    return any((alike or key(q.name) == key(p.name)) and own.same(q, p) for q in better)


class Joined(Gazetteer):
    """Two files that answer as one."""

    def __init__(self, path: Path, mine: Path | None) -> None:
        """`mine`: None stands for an empty one."""
        super().__init__(path)
        self.mine = mine
        if mine:
            attach(self._db, mine, "mine")
        else:
            self._db.execute("ATTACH ':memory:' AS mine")
            self._db.executescript(SQL.replace("CREATE TABLE ", "CREATE TABLE mine.").replace("INDEX ", "INDEX mine."))

    def __reduce__(self) -> tuple[Any, ...]:
        return Joined, (self.path, self.mine)

    def _named(self, name: str) -> tuple[Place, ...]:
        rows = self._db.execute(built_in.NAMED, (key(name),)).fetchall()
        return self.gathered(rows, self.ids(NAMED, key(name), rows), own.by_name().get(key(name), ())).once(True)

    def sounding(self, name: str) -> tuple[Place, ...]:
        rows, known = self._db.execute(built_in.SOUNDING, (sound(name),)).fetchall(), own.by_sound()
        return self.gathered(rows, self.ids(SOUNDING, sound(name), rows), known.get(sound(name), ())).once(True)

    def around(self, latitude: float, longitude: float, km: float) -> list[tuple[float, Place]]:
        """Places within a distance, the nearest first, each with its distance in km."""
        ids = [row[0] for row in self.in_box("mine", latitude, longitude, km / DEGREE_KM)]
        near = [row[0] for row in self.in_box("main", latitude, longitude, km / DEGREE_KM)]
        found = self.gathered(self.built_in(near), ids, ()).once(False)
        far = [(kilometres(latitude, longitude, p.latitude, p.longitude), p) for p in found]
        return sorted(((d, p) for d, p in far if d <= km), key=lambda each: (each[0], each[1].name))

    def with_id(self, geonameid: int) -> Place | None:
        """The place with this GeoNames id."""
        return next(iter(self.gathered(self.built_in([geonameid]), [geonameid], ()).once(True)), None)

    def origin(self, p: Place) -> tuple[str, str]:
        """By what it is called in `tocsin places`, and which file says it."""
        row = self._db.execute(
            """SELECT p.id, s.name FROM mine.places p JOIN mine.sources s ON s.number = p.source
            WHERE p.id = ? OR (p.cell = ? AND p.lat = ? AND p.lon = ? AND p.id < 0 AND p.name = ?) ORDER BY p.id""",
            (p.geonameid, cell_of(p.latitude, p.longitude), p.latitude, p.longitude, p.name),
        ).fetchone()
        if row is None or (row[0] > 0 and self.built_in([row[0]]) and p.kind not in ("place", "area")):
            return str(p.geonameid or ""), "built in"
        return f"u{-row[0]}" if row[1] == "added" else str(p.geonameid or ""), row[1]

    def found_as(self, p: Place) -> list[str]:
        """The names under which the place is found, as they are looked up: without accents and capitals."""
        query = "SELECT key FROM {}.names WHERE place = ? ORDER BY key"
        number = self.origin(p)[0]
        mine = -int(number[1:]) if number.startswith("u") else p.geonameid
        keys = [
            *self._db.execute(query.format("mine"), (mine,)),
            *self._db.execute(query.format("main"), (p.geonameid,)),
        ]
        return list(dict.fromkeys(row[0] for row in keys))

    def ids(self, query: str, word: str, theirs: Rows) -> list[int]:
        """Ours of that name: those among the largest that either file has, and all that have no GeoNames id."""
        ours = self._db.execute(query, (word, MOST)).fetchall()
        ranked = sorted({*ours, *((-(row[8] or 0), row[0]) for row in theirs)})
        last = ranked[MOST - 1] if len(ranked) > MOST else (1, 0)
        return [id_ for rank, id_ in ours if id_ < 0 or (rank, id_) <= last]

    def gathered(self, rows: Rows, ids: Sequence[int], extras: tuple[Place, ...]) -> Known:
        """Rows of the built-in file, and of ours those with these ids or theirs, put together."""
        known = {row[0]: placed(row) for row in rows}
        known |= {row[0]: placed(row) for row in self.built_in([i for i in ids if i > 0 and i not in known])}
        mine = self.own_rows({*ids, *(i for i in known if i > 0)})
        added = [replace(place(row[:12]), geonameid=row[13]) for row in mine if row[12] == 0]
        corrected = {row[13] for row in mine if row[12] == 0}
        ours = {row[0]: place(row[:12]) for row in mine if row[0] > 0}
        tabled = [place(row[:12]) for row in mine if row[0] < 0 and row[12] > 0]
        both = [merged(known.get(i), ours.get(i)) for i in dict.fromkeys((*known, *ours)) if i not in corrected]
        both.sort(key=lambda p: (-(p.population or 0), p.geonameid or 0))
        return Known(added, tabled, list(own.joined(both, extras)))

    def built_in(self, ids: Iterable[int]) -> Rows:
        return self.rows(f"SELECT {built_in.COLUMNS} WHERE p.id IN ({{0}})", ids)

    def own_rows(self, ids: Iterable[int]) -> Rows:
        """Our rows with these ids, and those that correct them, the last added first."""
        found = self.rows(f"SELECT {COLUMNS} WHERE p.id IN ({{0}}) OR p.geonameid IN ({{0}})", ids)
        return sorted(found, key=lambda row: (row[0] > 0, -row[0]))

    def rows(self, query: str, ids: Iterable[int]) -> Rows:
        wanted, found = sorted(ids), list[tuple[Any, ...]]()
        for start in range(0, len(wanted), MANY):
            some = wanted[start : start + MANY]
            found += self._db.execute(query.format(",".join(f"?{i}" for i in range(1, len(some) + 1))), some)
        return found

    def _near(self, latitude: float, longitude: float, iso3: str | None, more: str) -> Place | None:
        theirs, ours = super()._near(latitude, longitude, iso3, more), self.nearest_own(latitude, longitude, iso3, more)
        found = [p for p in (ours, theirs) if p and (p.admin1 or not more)]
        best = min(found, key=lambda p: kilometres(latitude, longitude, p.latitude, p.longitude), default=None)
        if more and best and theirs and best.admin2 is None and best.admin1 == theirs.admin1:
            return replace(best, admin2=theirs.admin2)  # a dump may not say it
        return best

    def nearest_own(self, latitude: float, longitude: float, iso3: str | None, more: str) -> Place | None:
        for size in BOXES:
            rows = self.in_box("mine", latitude, longitude, size, TOWN + more, (iso3, iso3))
            far, id_ = min(((kilometres(latitude, longitude, r[1], r[2]), r[0]) for r in rows), default=(0.0, 0))
            if id_ and (far <= size * DEGREE_KM or size == BOXES[-1]):
                known = self.gathered((), [id_], ())
                return next(iter((*known.added, *known.tabled, *known.others)), None)
        return None

    def in_box(
        self, schema: str, latitude: float, longitude: float, size: float, more: str = "", values: tuple[Any, ...] = ()
    ) -> Rows:
        """Ids and points within `size` degrees of latitude, north, south, east and west."""
        wide = min(size / max(cos(radians(latitude)), 0.01), 20.0)
        south, north, west, east = latitude - size, latitude + size, longitude - wide, longitude + wide
        across = (-180.0, 180.0) if west < -180 or east > 180 else (west, east)
        low, columns = cell_of(max(south, -90.0), longitude), int(wide * 2) + 1
        middle = low % 720
        cells = [
            row + (middle + step) % 720
            for row in range(low - middle, cell_of(min(north, 90.0), longitude) + 1, 720)
            for step in range(-columns, columns + 1)
        ]
        query = IN_BOX.format(schema, ",".join(map(str, sorted(set(cells))))) + more
        return self._db.execute(query, (south, north, *across, *values)).fetchall()


def merged(theirs: Place | None, ours: Place | None) -> Place:
    """One place of two rows with one id: where ours says, in the units of either; a unit stays as it is built in."""
    if ours is None or (theirs is not None and theirs.kind != "place"):
        assert theirs is not None
        return theirs
    if theirs is None:
        return ours
    return replace(
        ours,
        admin1=ours.admin1 or theirs.admin1,
        admin2=ours.admin2 or theirs.admin2,
        population=ours.population or theirs.population,
        feature=ours.feature or theirs.feature,
        radius_km=max(ours.radius_km, theirs.radius_km),
    )
