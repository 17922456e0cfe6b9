"""What lies under the events on the map: countries, and names of towns from the gazetteer that comes with Tocsin.

In:  nothing.
Out: vector tiles of countries; GeoJSON points of towns with `name` and `zoom`, from which on the map has room for it.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import cache
from typing import Any

from fastapi import APIRouter, HTTPException, Response

from tocsin.locate.gazetteer import shipped
from tocsin.serve.explore.land import DEEPEST, land_tile

router = APIRouter(include_in_schema=False)
ZOOMS = ((3_000_000, 3), (1_000_000, 4), (400_000, 5), (150_000, 6), (50_000, 7), (20_000, 8), (0, 9))
SMALLEST = 15_000
KEPT = {"cache-control": "public, max-age=86400"}


@router.get("/map/land/{z}/{x}/{y}.mvt")
def land(z: int, x: int, y: int) -> Response:
    """Countries and their names, as a vector tile."""
    if not (0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z):
        raise HTTPException(404, f"There is no tile {z}/{x}/{y}.")
    return Response(land_tile(z, x, y), media_type="application/vnd.mapbox-vector-tile", headers=KEPT)


@router.get("/map/towns.json")
def towns() -> Response:
    """Towns of SMALLEST people and more, the largest first."""
    return Response(_towns(), media_type="application/json", headers=KEPT)


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
