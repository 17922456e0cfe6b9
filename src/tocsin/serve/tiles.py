"""Events as vector tiles: in each cell of a tile one point that says how many events it stands for.

In:  an Index, a mask, the numbers of a tile.
Out: a Mapbox vector tile with the layer `events`. No point stands for events that are not drawn, and none is nearer
     than its place is known: `radius` is the largest uncertainty in the cell, in km.
"""

from __future__ import annotations

import mapbox_vector_tile as mvt  # type: ignore[import-untyped]
import numpy as np
from numpy.typing import NDArray

from tocsin.serve.index import Index, Mask

CELLS = 32  # along each side of a tile
EXTENT = 4096
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
    groups, first, group = np.unique(cell, return_index=True, return_inverse=True)
    number = np.bincount(group)
    centre_x, centre_y = (np.bincount(group, part) / number * EXTENT for part in (across, down))
    dead = np.bincount(group, np.maximum(index.fatalities[rows], 0))
    radius = np.zeros(len(groups))
    np.maximum.at(radius, group, index.radius_km[rows])
    kind = index.names["event_type"].codes[rows]
    main = _commonest(group, kind, len(groups))
    types = index.names["event_type"].values
    features = []
    for at in range(len(groups)):
        properties = {"events": int(number[at]), "fatalities": int(dead[at]), "radius": float(radius[at]),
                      "type": types[main[at]]}  # fmt: skip
        if number[at] == 1:
            properties["id"] = str(index.ids[rows[first[at]]])
        point = {"type": "Point", "coordinates": [int(centre_x[at]), int(centre_y[at])]}
        features.append({"geometry": point, "properties": properties})
    layer = {"name": "events", "features": features}
    return bytes(mvt.encode(layer, default_options={"y_coord_down": True, "extents": EXTENT}))


def _commonest(group: NDArray[np.int64], kind: NDArray[np.int32], groups: int) -> NDArray[np.int64]:
    """The commonest kind in each group."""
    kinds = int(kind.max()) + 1
    table = np.bincount(group * kinds + kind, minlength=groups * kinds).reshape(groups, kinds)
    found: NDArray[np.int64] = table.argmax(axis=1)
    return found
