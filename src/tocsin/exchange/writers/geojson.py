"""GeoJSON (RFC 7946) that does not pretend to know the point.

In:  event rows; one without coordinates is left out.
Out: points; `uncertainty_km` says how far off, and at precision 2 and 3 `area` is the circle around the point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import degrees
from typing import Any, BinaryIO

from tocsin.exchange.formats import json_line
from tocsin.exchange.writers.files import AnyRow, Row, as_dict
from tocsin.locate.distance import EARTH_KM, moved

RADIUS_KM = {1: 5.0, 2: 25.0, 3: 150.0}  # where the row does not say; as readers/data/ucdp.toml has them
CORNERS = 32
POLE = 89.99  # degrees; nearer than a kilometre is at the pole
Ring = list[tuple[float, float]]  # longitude, latitude


def write_collection(rows: Iterable[AnyRow], out: BinaryIO, about: Mapping[str, Any]) -> int:
    out.write(f'{{"type": "FeatureCollection", "about": {json_line(dict(about))}, "features": [\n'.encode())
    count = 0
    for found in features(rows):
        out.write(((",\n" if count else "") + json_line(found)).encode("utf-8", "replace"))
        count += 1
    out.write(b"\n]}\n")
    return count


def write_lines(rows: Iterable[AnyRow], out: BinaryIO, about: Mapping[str, Any]) -> int:
    """One feature on each line."""
    count = 0
    for found in features(rows):
        out.write((json_line(found) + "\n").encode("utf-8", "replace"))
        count += 1
    return count


def features(rows: Iterable[AnyRow]) -> Iterator[Row]:
    for row in map(as_dict, rows):
        if row["latitude"] is not None and row["longitude"] is not None:
            yield feature(row)


def feature(row: Row, *, area: bool = True) -> Row:
    """The event as a feature; `area`: with the circle in which it lies, if its place is not exact."""
    point = [row["longitude"], row["latitude"]]
    radius = row.get("place_radius_km") or RADIUS_KM.get(row["geo_precision"])
    properties = {**row, "uncertainty_km": radius}
    if area and radius and (row["geo_precision"] or 0) > 1:
        properties["area"] = circle(row["latitude"], row["longitude"], radius)
    named = {"id": row["event_id_cnty"]} if row["event_id_cnty"] else {}
    return {
        "type": "Feature",
        **named,
        "geometry": {"type": "Point", "coordinates": point},
        "properties": properties,
    }


def circle(latitude: float, longitude: float, km: float) -> Row | None:
    """A ring around the point, counterclockwise; cut in two at the 180th meridian; None where it would hold a pole."""
    if abs(latitude) + degrees(km / EARTH_KM) >= POLE:
        return None
    corners = [moved(latitude, longitude, km, -360 * i / CORNERS) for i in range(CORNERS)]
    ring = [(longitude + (east - longitude + 180) % 360 - 180, north) for north, east in corners]
    parts = [[(x - turn, y) for x, y in _cut(_cut(ring, turn - 180, 1), turn + 180, -1)] for turn in (-360, 0, 360)]
    rings = [[_closed(part)] for part in parts if part]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings[0]}
    return {"type": "MultiPolygon", "coordinates": rings}


def _cut(ring: Ring, edge: float, side: int) -> Ring:
    """The part of the ring east (side 1) or west (-1) of a meridian; Sutherland and Hodgman's way."""
    kept: Ring = []
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        if (x1 - edge) * side >= 0:
            kept.append((x1, y1))
        if (x1 - edge) * (x2 - edge) < 0:
            kept.append((edge, y1 + (y2 - y1) * (edge - x1) / (x2 - x1)))
    return kept if any(x != edge for x, _ in kept) else []


def _closed(ring: Ring) -> list[list[float]]:
    corners = [[round(x, 4), round(y, 4)] for x, y in ring]
    return [*corners, corners[0]]
