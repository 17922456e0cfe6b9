"""The areas in which events are counted: cells of H3's grid, or first-order units.

In:  Events.
Out: `Areas`: names, points, neighbours; the area of each event.

Cells are all those of the countries that the events name, with or without events, so that quiet land counts as quiet;
where a part was asked for (a box, a circle, a unit), those in the window of the events. Units are those that the events
name, each at the middle of its events, its neighbours the nearest `NEAREST`, for we have no borders of units.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.events import Events
from tocsin.analyse.methods.sphere import in_space
from tocsin.analyse.outlines import outlines
from tocsin.countries import countries
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Kind = Literal["cells", "admin1"]
NEAREST = 5
FINEST = 7  # resolution of H3; a finer cell is smaller than a point is sure
MOST, ROUGH = 400_000, 3  # cells; the resolution at which they are estimated
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Areas:
    """`neighbours`: 1 where two areas touch, none with itself. `corners`: of cells, to draw them."""

    kind: Kind
    names: tuple[str, ...]
    latitudes: NDArray[np.float64]
    longitudes: NDArray[np.float64]
    neighbours: csr_array
    resolution: int = 0
    numbers: Numbers | None = None  # of cells, rising

    def __len__(self) -> int:
        return len(self.names)

    def of(self, events: Events) -> Numbers:
        """The place of each event's area among these; -1 for one in none."""
        if self.numbers is None:
            at = {name: place for place, name in enumerate(self.names)}
            return _unit(events.table).replace_strict(at, default=-1, return_dtype=pl.Int64).to_numpy()
        cells = cells_of(events, self.resolution)
        there = np.minimum(np.searchsorted(self.numbers, cells), len(self.numbers) - 1)
        return np.where(self.numbers[there] == cells, there, -1)


def cells_of(events: Events, resolution: int) -> Numbers:
    """The H3 cell of each event; each point is looked up once."""
    from h3.api import numpy_int as h3

    points = events.table.select("latitude", "longitude")
    known = points.unique()
    found = [h3.latlng_to_cell(*point, resolution) for point in known.iter_rows()]
    joined = points.join(known.with_columns(cell=pl.Series(found, dtype=pl.Int64)), on=points.columns, how="left",
                         maintain_order="left")  # fmt: skip
    return joined["cell"].to_numpy()


def cells(events: Events, resolution: int) -> Areas:
    """The cells of the countries of the events; UsageError for a resolution that is not to be had."""
    from h3.api import numpy_int as h3

    if not 0 <= resolution <= FINEST:
        raise UsageError(f"--resolution {resolution}: expected 0 (cells 2,200 km wide) to {FINEST} (2.5 km).")
    named = events.table["country"].drop_nulls().unique().cast(pl.String).to_list()
    asked = tuple(sorted(each.iso for each in countries() if each.name in named))
    wanted = events.wanted
    window = _window(events) if wanted.bbox or wanted.near or wanted.admin1 or not asked else None
    land = _land(asked, resolution)
    numbers = np.unique(np.concatenate([land, cells_of(events, resolution)]))
    points = np.array([h3.cell_to_latlng(int(cell)) for cell in numbers])
    if window is not None:
        west, south, east, north = window
        inside = (points[:, 0] >= south) & (points[:, 0] <= north) & (points[:, 1] >= west) & (points[:, 1] <= east)
        inside |= np.isin(numbers, cells_of(events, resolution))
        numbers, points = numbers[inside], points[inside]
    names = tuple(h3.int_to_str(int(cell)) for cell in numbers)
    return Areas("cells", names, points[:, 0], points[:, 1], _touching(numbers), resolution, numbers)


def _window(events: Events) -> tuple[float, float, float, float]:
    """West, south, east and north of the events."""
    latitudes, longitudes = (events.table[name].to_numpy() for name in ("latitude", "longitude"))
    return longitudes.min(), latitudes.min(), longitudes.max(), latitudes.max()


@lru_cache(maxsize=8)
def _land(codes: tuple[int, ...], resolution: int) -> Numbers:
    """The cells whose middle lies in one of these countries."""
    from h3 import H3BaseException
    from h3.api import numpy_int as h3

    if resolution > ROUGH and (many := len(_land(codes, ROUGH)) * 7 ** (resolution - ROUGH)) > MOST:
        raise UsageError(f"--resolution {resolution}: about {many:,} cells, expected at most {MOST:,}; "
                         "choose a lower one, or one country.")  # fmt: skip
    found: list[Numbers] = [np.zeros(0, np.int64)]
    for polygon in (polygon for code in codes for polygon in outlines().get(code, ())):
        rings = [[(float(north), float(east)) for east, north in ring] for ring in polygon]
        try:
            found.append(h3.h3shape_to_cells(h3.LatLngPoly(*rings), resolution).astype(np.int64))
        except H3BaseException:  # a polygon around a pole; its cells are those of its events
            continue
    return np.concatenate(found)


def _touching(numbers: Numbers) -> csr_array:
    from h3.api import numpy_int as h3

    rings = [h3.grid_disk(int(cell), 1) for cell in numbers]
    row = np.repeat(np.arange(len(numbers)), [len(ring) for ring in rings])
    near = np.concatenate(rings).astype(np.int64)
    column = np.minimum(np.searchsorted(numbers, near), len(numbers) - 1)
    real = (numbers[column] == near) & (column != row)
    return _matrix(row[real], column[real], len(numbers))


def _matrix(row: Numbers, column: Numbers, size: int) -> csr_array:
    from scipy.sparse import csr_array

    return csr_array((np.ones(len(row)), (row, column)), shape=(size, size))


def units(events: Events) -> Areas:
    """The first-order units that the events name."""
    from scipy.spatial import cKDTree

    table = events.table.with_columns(unit=_unit(events.table)).drop_nulls(["unit", "latitude"])
    middle = table.group_by("unit").agg(pl.col("latitude").mean(), pl.col("longitude").median()).sort("unit")
    if middle.height < NEAREST + 2:
        raise UsageError(f"found {middle.height} first-order units with events, expected at least {NEAREST + 2}; "
                         "ask with --areas cells, or about more countries.")  # fmt: skip
    latitudes, longitudes = (middle[name].to_numpy() for name in ("latitude", "longitude"))
    points = in_space(latitudes, longitudes)
    near = cKDTree(points).query(points, NEAREST + 1)[1][:, 1:]
    row, column = np.repeat(np.arange(middle.height), NEAREST), near.ravel()
    other = row != column  # two units may stand at one point
    touching = _matrix(row[other], column[other], middle.height)
    return Areas("admin1", tuple(middle["unit"]), latitudes, longitudes, touching)


def _unit(table: pl.DataFrame) -> pl.Series:
    """The unit of each event with its country, for names come twice; null: not known."""
    both = pl.concat_str([pl.col("admin1").cast(pl.String), pl.col("country").cast(pl.String)], separator=", ")
    return table.select(both.alias("unit"))["unit"]
