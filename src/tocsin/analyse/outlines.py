"""The outlines of all countries (Natural Earth 1:50 million, as the pages' map has them).

In:  serve/static/vendor/countries-50m.json.
Out: the polygons of each country; a polygon is its outer ring and its holes, a ring is points of longitude and
     latitude, the last one the first.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ring = NDArray[np.float64]
Polygon = tuple[Ring, ...]
WITHOUT_CODE = {"Somaliland": 706, "N. Cyprus": 196}  # areas that ISO counts to another country; others are 0


@dataclass(frozen=True, slots=True)
class Country:
    """`code`: ISO 3166-1 numeric; 0 for an area that has none."""

    name: str
    code: int
    polygons: tuple[Polygon, ...]


@cache
def countries() -> tuple[Country, ...]:
    """TopoJSON's quantised arcs put together."""
    topology = json.loads(files("tocsin").joinpath("serve/static/vendor/countries-50m.json").read_bytes())
    scale, shift = (np.array(topology["transform"][name]) for name in ("scale", "translate"))
    arcs = [np.cumsum(arc, axis=0) * scale + shift for arc in topology["arcs"]]
    return tuple(_country(shape, arcs) for shape in topology["objects"]["countries"]["geometries"])


@cache
def outlines() -> dict[int, tuple[Polygon, ...]]:
    """The polygons by code; those of areas without one together."""
    found: dict[int, tuple[Polygon, ...]] = {}
    for each in countries():
        found[each.code] = (*found.get(each.code, ()), *each.polygons)
    return found


def _country(shape: dict[str, Any], arcs: list[Ring]) -> Country:
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]] if "arcs" in shape else []
    name = shape["properties"]["name"]
    made = tuple(tuple(_ring(arcs, ring) for ring in polygon) for polygon in polygons)
    return Country(name, int(shape.get("id") or WITHOUT_CODE.get(name, 0)), made)


def _ring(arcs: list[Ring], numbers: list[int]) -> Ring:
    """The arcs one after the other, where they meet once; a number below 0 is an arc run backwards."""
    lines = [arcs[at] if at >= 0 else arcs[~at][::-1] for at in numbers]
    return np.concatenate([lines[0], *(line[1:] for line in lines[1:])])
