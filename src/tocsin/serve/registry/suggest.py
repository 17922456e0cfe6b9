"""What the desk suggests while a person types: places of the gazetteer, actors of the database.

In:  the first letters.
Out: places with all that the coded columns say of a place; actors with their kind. Coders only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import func, select

from tocsin import countries
from tocsin.locate.gazetteer import COLUMNS, Gazetteer, place, shipped
from tocsin.locate.keys import key
from tocsin.model import Place
from tocsin.serve.access.people import Person
from tocsin.serve.access.rights import needs
from tocsin.serve.explore.page import actors as actors_named
from tocsin.store import schema as s

router = APIRouter(include_in_schema=False)
Coder = Annotated[Person, Depends(needs("coder", whole=True))]
Part = Annotated[str, Query(min_length=1, max_length=100)]
SHOWN = 8
READ = 60  # names that begin so; of these the best are shown
BEGINNING = f"""SELECT {COLUMNS} JOIN names n ON n.place = p.id WHERE n.key >= ? AND n.key < ?
    AND p.kind IN ('place', 'admin1', 'admin2') ORDER BY n.main DESC, p.population DESC LIMIT {READ}"""
PRECISIONS = {"place": 1, "admin2": 2, "admin1": 3}


@router.get("/desk/places")
def places(person: Coder, part: Part, country: Annotated[str, Query(max_length=100)] = "") -> list[dict[str, Any]]:
    """Places of that name, then those that begin so; those of the country first."""
    home = countries.by_name(country, "en") if country else None
    found = {(p.name, p.latitude, p.longitude): p for p in (*_gazetteer().named(part), *_beginning(key(part)))}
    kept = [p for p in found.values() if p.kind in PRECISIONS and countries.country(p.country)]
    exact = key(part)
    kept.sort(key=lambda p: (home is not None and p.country != home.iso3, key(p.name) != exact, -(p.population or 0)))
    return [_columns(p) for p in kept[:SHOWN]]


@router.get("/desk/actors")
def actors(request: Request, person: Coder, part: Part) -> list[dict[str, str]]:
    """Actors of the database with this part, those of most events first, each with its kind."""
    names = actors_named(request, person, part)
    found: dict[str, str] = {}
    with request.app.state.site.store.engine.connect() as connection:
        for name, kind in (("actor1", "inter1"), ("actor2", "inter2")):
            column, kinds = s.event.c[name], s.event.c[kind]
            query = select(column, func.max(kinds)).where(column.in_(names), kinds.is_not(None)).group_by(column)
            found |= {row[0]: row[1] for row in connection.execute(query)}
    return [{"name": name, "inter": found.get(name, "")} for name in names]


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer.open()


def _beginning(start: str) -> Iterable[Place]:
    if not start:
        return []
    with closing(sqlite3.connect(f"file:{shipped()}?mode=ro", uri=True)) as connection:
        return [place(row) for row in connection.execute(BEGINNING, (start, start + "\U0010ffff"))]


def _columns(p: Place) -> dict[str, Any]:
    """The place as the columns of an event have it."""
    home = countries.country(p.country)
    return {
        "location": p.name,
        "latitude": round(p.latitude, 4),
        "longitude": round(p.longitude, 4),
        "geo_precision": PRECISIONS[p.kind],
        "place_radius_km": p.radius_km,
        "geonameid": p.geonameid,
        "admin1": p.admin1,
        "admin2": p.admin2,
        "country": home.name if home else None,
    }
