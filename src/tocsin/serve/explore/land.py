"""The land under the events as vector tiles: what a map needs of the borders, no more.

In:  the numbers of a tile.
Out: a Mapbox vector tile with the layers `land` (countries) and `names` (points with `name` and `size` in steradians).
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import mapbox_vector_tile as mvt  # type: ignore[import-untyped]
import numpy as np
import shapely  # type: ignore[import-untyped]
from numpy.typing import NDArray

from tocsin.serve.explore.borders import countries, middles

EXTENT = 4096
EDGE = 64  # units that a tile shows of its neighbours, so that no border is drawn where it ends
COARSE = 4.0  # units: half a pixel; lines are no more exact than that
DEEPEST = 7  # from here on the file has no more to show; maps draw these tiles larger
MOST_NORTH = 89.0  # where the map of the web still is a number


@lru_cache(maxsize=1000)
def land_tile(z: int, x: int, y: int) -> bytes:
    """The tile."""
    corner, unit = np.array([x, y]) / 2**z, 1 / 2**z / EXTENT
    west, north = corner - EDGE * unit
    east, south = corner + (EXTENT + EDGE) * unit
    shapes, tree = _shapes()
    here = shapely.clip_by_rect(shapes[tree.query(shapely.box(west, north, east, south))], west, north, east, south)
    here = shapely.simplify(here, COARSE * unit, preserve_topology=False)
    inside = shapely.transform(here[~shapely.is_empty(here)], lambda points: (points - corner) / unit)
    layers = [{"name": "land", "features": [{"geometry": shape, "properties": {}} for shape in inside]},
              {"name": "names", "features": _names(corner, unit)}]  # fmt: skip
    return bytes(mvt.encode(layers, default_options={"y_coord_down": True, "extents": EXTENT}))


@cache
def _shapes() -> tuple[NDArray[Any], shapely.STRtree]:
    """All parts of countries; those that go on behind 180 degrees also where they come in again."""
    parts = [part for _, parts in countries() for part in parts]
    rings = [[_flat(ring) for ring in part] for part in parts]
    rings += [[ring - np.array([1, 0]) for ring in part] for part in rings if part[0][:, 0].max() > 1]
    shapes = np.array([shapely.Polygon(outer, holes) for outer, *holes in rings])
    return shapes, shapely.STRtree(shapes)


@cache
def _points() -> list[tuple[str, float, NDArray[np.float64]]]:
    return [(name, size, _flat(np.array([(x, y)]))[0]) for name, size, x, y in middles()]


def _names(corner: NDArray[np.float64], unit: float) -> list[dict[str, Any]]:
    """The names that stand in the tile."""
    at = [(name, size, (point - corner) / unit) for name, size, point in _points()]
    return [{"geometry": shapely.Point(point), "properties": {"name": name, "size": size}}
            for name, size, point in at if point.min() >= 0 and point.max() < EXTENT]  # fmt: skip


def _flat(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Degrees as the map of the web has them: 0 to 1 from west to east and from north to south."""
    latitude = np.radians(np.clip(points[:, 1], -MOST_NORTH, MOST_NORTH))
    return np.stack([(points[:, 0] + 180) / 360, (1 - np.arcsinh(np.tan(latitude)) / np.pi) / 2], axis=1)
