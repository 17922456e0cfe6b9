"""Events as vector tiles: in each cell of a tile one point that says how many events it stands for.

In:  an Index, a mask, the numbers of a tile.
Out: a Mapbox vector tile with the layer `events`. No point stands for events that are not drawn, and none is nearer
     than its place is known: `radius` is the largest uncertainty in the cell, in km, and
     `spread` the same in pixels at zoom 0.
"""

from __future__ import annotations

import mapbox_vector_tile as mvt  # type: ignore[import-untyped]
import numpy as np
from numpy.typing import NDArray

from tocsin.serve.events.index import Index, Mask

CELLS = 32  # along each side of a tile
EXTENT = 4096
WIDE = 78_271.5  # metres in a pixel of the map at zoom 0, on the equator
DEEPEST = 14  # from this zoom on each place has its own point


def tile(index: Index, mask: Mask, z: int, x: int, y: int) -> bytes:
    """The tile; empty bytes if nothing is in it."""
    size = 1 / 2**z
    across, down = index.x / size - x, index.y / size - y
    rows = np.flatnonzero(mask & (across >= 0) & (across < 1) & (down >= 0) & (down < 1))
    if not len(rows):
        return b""
    across, down = across[rows], down[rows]
    cells = CELLS if z < DEEPEST else EXTENT
    cell = (down * cells).astype(np.int64) * cells + (across * cells).astype(np.int64)
    group, groups = _grouped(cell, cells)
    number = np.bincount(group, minlength=groups)
    centre_x, centre_y = (np.bincount(group, part) / number * EXTENT for part in (across, down))
    dead = np.bincount(group, np.maximum(index.fatalities[rows], 0))
    radius = np.zeros(groups, np.float32)
    np.maximum.at(radius, group, index.radius_km[rows])
    spread = _spread(radius, (y + centre_y / EXTENT) * size)
    main = _commonest(group, index.names["event_type"].codes[rows], groups)
    one = np.zeros(groups, np.int64)
    one[group] = rows
    types, layer = index.names["event_type"].values, []
    for at in range(groups):
        point = {"type": "Point", "coordinates": [int(centre_x[at]), int(centre_y[at])]}
        said = {"events": int(number[at]), "fatalities": int(dead[at]), "radius": float(radius[at]),
                "spread": float(spread[at])}  # fmt: skip
        who = {"id": str(index.ids[one[at]])} if number[at] == 1 else {}
        layer.append({"geometry": point, "properties": {**said, **who, "type": types[main[at]]}})
    options = {"y_coord_down": True, "extents": EXTENT}
    return bytes(mvt.encode({"name": "events", "features": layer}, default_options=options))


def _spread(radius_km: NDArray[np.float32], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many pixels wide the uncertainty is at zoom 0: the further from the equator, the more."""
    return np.asarray(radius_km * 1000 / WIDE * np.cosh(np.pi * (1 - 2 * y)), np.float64)


def _grouped(cell: NDArray[np.int64], cells: int) -> tuple[NDArray[np.int64], int]:
    """For each event the number of its group, and how many groups there are; events in one cell are one group."""
    if cells > CELLS:  # few events, too many cells to count
        found, group = np.unique(cell, return_inverse=True)
        return group, len(found)
    taken = np.bincount(cell, minlength=cells * cells) > 0
    return (np.cumsum(taken) - 1)[cell], int(taken.sum())


def _commonest(group: NDArray[np.int64], kind: NDArray[np.int32], groups: int) -> NDArray[np.int64]:
    """The commonest kind in each group."""
    kinds = int(kind.max()) + 1
    table = np.bincount(group * kinds + kind, minlength=groups * kinds).reshape(groups, kinds)
    found: NDArray[np.int64] = table.argmax(axis=1)
    return found
