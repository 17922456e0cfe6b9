"""Events made up for measuring a server: the same for the same seed, spread as real ones are.

In:  how many; the gazetteer's towns.
Out: rows with ACLED's columns: a few countries, towns and actors have most of the events, later years more than
     earlier ones.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import numpy as np

from tocsin.codebook import taxonomy
from tocsin.locate.gazetteer import shipped

SEED, COUNTRIES, ACTORS, PART = 20, 80, 6000, 20_000
FIRST, DAYS = date(1997, 1, 1), 10_500
TOWNS = """SELECT p.name, p.lat, p.lon, c.name, a.name FROM places p
           JOIN places c ON c.kind = 'country' AND c.country = p.country
           LEFT JOIN places a ON a.id = p.admin1 WHERE p.kind = 'place' ORDER BY p.id"""
SOURCES = (
    "Wire",
    "Radio Plateau",
    "Le Quotidien",
    "Morning Post",
    "Agence du Golfe",
    "Local partner",
    "Mission report",
)
INTER = ("State forces", "Rebel group", "Political militia", "Identity militia", "Rioters", "Protesters", "Civilians")
NOTES = "On {day}, {one} and {two} met in {place} ({admin1}); {dead} people were killed, residents and officials said."


def events(rows: int, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """Rows with the numbers 0 to `rows`."""
    chance = np.random.default_rng(seed)
    towns, kinds = _towns(chance), list(taxonomy().sub_event_types.values())
    for start in range(0, rows, PART):
        size = min(PART, rows - start)
        where, who, whom, what = (_few(chance, size, of) for of in (len(towns), ACTORS, ACTORS, len(kinds)))
        ages = np.minimum(chance.exponential(DAYS / 4, size).astype(int), DAYS - 1)
        dead = np.minimum(chance.pareto(1.2, size) * (chance.random(size) < 0.4), 900).astype(int)
        sure = chance.choice((1, 2, 3), size, p=(0.6, 0.3, 0.1))
        drawn = zip(*(each.tolist() for each in (where, who, whom, what, ages, dead, sure)), strict=True)
        for n, (town, one, two, kind, age, killed, precision) in enumerate(drawn, start):
            yield _row(n, towns[town], one, two, kinds[kind], age, killed, precision)


def _few(chance: np.random.Generator, size: int, of: int) -> np.ndarray[Any, Any]:
    """Numbers below `of`, the low ones far more often."""
    return (of * chance.random(size) ** 3).astype(int)


def _towns(chance: np.random.Generator) -> list[Any]:
    """Towns of some countries in any order."""
    with closing(sqlite3.connect(f"file:{shipped()}?mode=ro", uri=True)) as gazetteer:
        found = gazetteer.execute(TOWNS).fetchall()
    homes = sorted({town[3] for town in found})
    some = set(chance.choice(homes, COUNTRIES, replace=False).tolist())
    kept = [town for town in found if town[3] in some]
    return [kept[at] for at in chance.permutation(len(kept)).tolist()]


def _row(n: int, town: Any, one: int, two: int, kind: Any, age: int, dead: int, precision: int) -> dict[str, Any]:
    day = (FIRST + timedelta(DAYS - 1 - age)).isoformat()
    place, latitude, longitude, country, admin1 = town
    first, second = f"Armed Group {one}", f"Armed Group {two}" if two % 3 else "Civilians"
    notes = NOTES.format(day=day, one=first, two=second, place=place, admin1=admin1, dead=dead)
    return {
        "dataset": "bench", "row_id": str(n), "event_date": day, "year": int(day[:4]), "time_precision": 1,
        "disorder_type": "Political violence", "event_type": kind.event_type, "sub_event_type": kind.name,
        "actor1": first, "inter1": INTER[one % 7], "actor2": second, "inter2": INTER[two % 7] if two % 3 else INTER[6],
        "interaction": f"{INTER[one % 7]}-{INTER[two % 7]}", "region": "World", "country": country, "admin1": admin1,
        "civilian_targeting": None if two % 3 else "Civilian targeting", "location": place, "latitude": latitude,
        "longitude": longitude, "geo_precision": precision, "source": SOURCES[n % 7], "source_scale": "National",
        "notes": notes, "fatalities": dead, "timestamp": 1_700_000_000 + n,
    }  # fmt: skip
