"""Names of towns for the map, from the gazetteer that comes with Tocsin.

In:  nothing.
Out: GeoJSON points with `name` and `zoom`, from which on the map has room for the name.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import cache
from typing import Any

from fastapi import APIRouter, Response

from tocsin.locate.gazetteer import shipped

router = APIRouter(include_in_schema=False)
ZOOMS = ((3_000_000, 3), (1_000_000, 4), (400_000, 5), (150_000, 6), (50_000, 7), (20_000, 8), (0, 9))
SMALLEST = 15_000


@router.get("/map/towns.json")
def towns() -> Response:
    """Towns of SMALLEST people and more, the largest first."""
    return Response(_towns(), media_type="application/json", headers={"cache-control": "public, max-age=86400"})


@cache
def _towns() -> bytes:
    query = "SELECT name, lon, lat, population FROM places WHERE kind = 'place' AND population >= ? ORDER BY 4 DESC"
    with closing(sqlite3.connect(f"file:{shipped()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(query, (SMALLEST,)).fetchall()
    found = {"type": "FeatureCollection", "features": [_feature(*row) for row in rows]}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _feature(name: str, lon: float, lat: float, people: int) -> dict[str, Any]:
    zoom = next(zoom for least, zoom in ZOOMS if people >= least)
    point = {"type": "Point", "coordinates": [round(lon, 3), round(lat, 3)]}
    return {"type": "Feature", "geometry": point, "properties": {"name": name, "zoom": zoom}}
