"""The countries' borders that come with Tocsin (Natural Earth, as TopoJSON).

In:  the outlines that figures are drawn with, too.
Out: of each country its polygons, and where its name stands.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tocsin.analyse import outlines

THIN = 3e-9  # steradians; the Vatican has 1e-8
Ring = NDArray[np.float64]  # longitude, latitude; the last point is the first
Part = list[Ring]  # an outer ring, and holes


@cache
def countries() -> list[tuple[str, list[Part]]]:
    """Each country's name and parts, as a square map shows them."""
    return [(each.name, [_part(polygon) for polygon in each.polygons]) for each in outlines.countries()]


def _part(polygon: outlines.Polygon) -> Part:
    """Rings without an area, such as a pole, are left out."""
    rings = [_around_pole(_on_one_side(ring)) for ring in polygon]
    return [ring for ring in rings if _middle(ring)[0] > THIN]


def _on_one_side(ring: Ring) -> Ring:
    """A country over the date line goes on behind 180 degrees, else its border would run across the whole map."""
    moved = np.where(ring[:, :1] < 0, ring + np.array([360, 0]), ring)
    return moved if np.ptp(ring[:, 0]) > 180 > np.ptp(moved[:, 0]) else ring


def _around_pole(ring: Ring) -> Ring:
    """Antarctica ends at the lower edge of the map."""
    jumps = np.flatnonzero(np.abs(np.diff(ring[:, 0])) > 180)
    if len(jumps) != 1:
        return ring
    sides, pole = np.sign(ring[jumps[0] : jumps[0] + 2, 0]) * 180, np.sign(ring[:, 1].mean()) * 90
    return np.insert(ring, jumps[0] + 1, [(side, pole) for side in sides], axis=0)


def middles() -> list[tuple[str, float, float, float]]:
    """Each country's name, size in steradians, and where its name stands (longitude, latitude): of a country in many
    parts in the largest, so that France's name is in France."""
    sizes = [[_size(part) for part in parts] for _, parts in countries()]
    names = (name for name, _ in countries())
    return [(name, sum(size for size, _, _ in each), *max(each)[1:]) for name, each in zip(names, sizes, strict=True)]


def _size(part: Part) -> tuple[float, float, float]:
    """Steradians without the holes, and the middle of the outer ring in degrees."""
    (area, x, y), *holes = map(_middle, part)
    return area - sum(hole for hole, _, _ in holes), x, y


def _middle(ring: Ring) -> tuple[float, float, float]:
    """Steradians and the middle in degrees: in a projection that keeps areas (longitude, sine of the latitude)."""
    x, y = np.radians(ring[:, 0]), np.sin(np.radians(ring[:, 1]))
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    twice = float(cross.sum())
    if not twice:
        return 0.0, float(ring[0, 0]), float(ring[0, 1])
    middle = [float(((each[:-1] + each[1:]) * cross).sum()) / (3 * twice) for each in (x, y)]
    return abs(twice) / 2, float(np.degrees(middle[0])), float(np.degrees(np.arcsin(np.clip(middle[1], -1, 1))))
