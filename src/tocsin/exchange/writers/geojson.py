"""GeoJSON (RFC 7946) that does not pretend to know the point.

In:  event rows; one without coordinates is left out.
Out: points; `uncertainty_km` says how far off, and at precision 2 and 3 `area` is the circle around the point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import asin, atan2, cos, degrees, pi, radians, sin
from typing import Any, BinaryIO

from tocsin.exchange.formats import json_line
from tocsin.exchange.writers.files import AnyRow, Row, as_dict

RADIUS_KM = {1: 5.0, 2: 25.0, 3: 150.0}  # where the row does not say; as readers/data/ucdp.toml has them
EARTH_KM = 6371.0
CORNERS = 32


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


def feature(row: Row) -> Row:
    """The event as a feature."""
    point = [row["longitude"], row["latitude"]]
    radius = row.get("place_radius_km") or RADIUS_KM.get(row["geo_precision"])
    properties = {**row, "uncertainty_km": radius}
    if radius and (row["geo_precision"] or 0) > 1:
        properties["area"] = circle(row["latitude"], row["longitude"], radius)
    named = {"id": row["event_id_cnty"]} if row["event_id_cnty"] else {}
    return {
        "type": "Feature",
        **named,
        "geometry": {"type": "Point", "coordinates": point},
        "properties": properties,
    }


def circle(latitude: float, longitude: float, km: float) -> Row | None:
    """A polygon around the point, counterclockwise; None where it would cross a pole or the 180th meridian."""
    lat, lon, far = radians(latitude), radians(longitude), km / EARTH_KM
    if abs(lat) + far >= pi / 2:
        return None
    ring = []
    for turn in (-2 * pi * i / CORNERS for i in range(CORNERS)):
        up = asin(sin(lat) * cos(far) + cos(lat) * sin(far) * cos(turn))
        east = atan2(sin(turn) * sin(far) * cos(lat), cos(far) - sin(lat) * sin(up))
        ring.append([round(degrees(lon + east), 4), round(degrees(up), 4)])
    if any(abs(corner[0]) > 180 for corner in ring):
        return None
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
