"""The outlines of all countries (Natural Earth 1:50 million, as the pages' map has them).

In:  serve/static/vendor/countries-50m.json.
Out: polygons by ISO 3166-1 numeric code; a polygon is its outer ring and its holes, a ring is points of longitude and
     latitude.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ring = NDArray[np.float64]
Polygon = tuple[Ring, ...]
WITHOUT_CODE = {"Somaliland": 706, "N. Cyprus": 196}  # areas that ISO counts to another country; others are 0


@cache
def outlines() -> dict[int, tuple[Polygon, ...]]:
    """TopoJSON's quantised arcs put together."""
    topology = json.loads(files("tocsin").joinpath("serve/static/vendor/countries-50m.json").read_text("utf-8"))
    scale, shift = (np.array(topology["transform"][name]) for name in ("scale", "translate"))
    arcs = [np.cumsum(arc, axis=0) * scale + shift for arc in topology["arcs"]]
    found: dict[int, list[Polygon]] = defaultdict(list)
    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]] if "arcs" in shape else []
        found[_code(shape)] += [tuple(_ring(arcs, ring) for ring in polygon) for polygon in polygons]
    return {code: tuple(polygons) for code, polygons in found.items()}


def _code(shape: dict[str, Any]) -> int:
    return int(shape.get("id") or WITHOUT_CODE.get(shape["properties"]["name"], 0))


def _ring(arcs: list[Ring], ring: list[int]) -> Ring:
    """A number below 0 is an arc run backwards."""
    return np.concatenate([arcs[at] if at >= 0 else arcs[~at][::-1] for at in ring])
