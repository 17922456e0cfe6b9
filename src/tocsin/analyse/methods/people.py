"""Where people live: as points of a square kilometre each, from the towns of the gazetteer, or from a raster.

In:  the gazetteer (the user's own with it), or a GeoTIFF of people per cell such as WorldPop's.
Out: `People`: points and how many live at each.

The people of a town stand evenly in a circle around its point: on a sunflower's spiral, one point for each square
kilometre, at the density that data/exposure.toml says. A town of less than a square kilometre is one point.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.events import Events
from tocsin.analyse.methods.sphere import in_space, straight
from tocsin.countries import countries
from tocsin.errors import UsageError
from tocsin.locate.distance import DEGREE_KM
from tocsin.locate.gazetteer import shipped
from tocsin.locate.mine import used
from tocsin.locate.userfile import attach, connected

Numbers = NDArray[np.float64]
GOLDEN = np.pi * (3 - np.sqrt(5))  # the turn from one seed of a sunflower to the next
ROWS = 512  # of a raster, read at once
# The user's own places that have no GeoNames id may stand for a town that is counted already.
TOWNS = """SELECT id, lat, lon, population, country, coalesce(feature, '') FROM {}.places
    WHERE kind = 'place' AND population > 0 AND (id > 0 OR '{}' = 'main')"""


@dataclass(frozen=True, slots=True)
class People:
    """`home`: 1 for those in the countries of the events, else 0. `known`: how many the source knows there in all."""

    latitudes: Numbers
    longitudes: Numbers
    counts: Numbers
    home: Numbers
    known: float
    source: str

    def __len__(self) -> int:
        return len(self.counts)


@dataclass(frozen=True, slots=True)
class Towns:
    latitudes: Numbers
    longitudes: Numbers
    people: Numbers
    countries: NDArray[np.str_]  # ISO alpha-3

    def of(self, chosen: NDArray[Any]) -> Towns:
        return Towns(self.latitudes[chosen], self.longitudes[chosen], self.people[chosen], self.countries[chosen])


def towns(left_out: tuple[str, ...] = ()) -> Towns:
    """All towns whose population is known; where the user's own gazetteer has one, too, as that has it."""
    return read_towns(shipped(), used(), left_out)


@cache
def read_towns(path: Path, mine: Path | None, left_out: tuple[str, ...]) -> Towns:
    """`left_out`: GeoNames features."""
    with closing(connected(path)) as db:
        rows = {row[0]: row for row in db.execute(TOWNS.format("main", "main"))}
        if mine:
            attach(db, mine, "mine")
            rows |= {row[0]: row for row in db.execute(TOWNS.format("mine", "mine"))}
    held = [row for row in rows.values() if row[5] not in left_out]
    latitudes, longitudes, people = (np.array([row[at] for row in held], float) for at in (1, 2, 3))
    return Towns(latitudes, longitudes, people, np.array([row[4] for row in held], str))


def spread(held: Towns, density: float) -> tuple[Numbers, Numbers, Numbers, NDArray[np.int64]]:
    """Latitudes, longitudes and numbers of the people of towns, and of which town; `density`: people a km²."""
    seeds = np.maximum(1, np.ceil(held.people / density)).astype(int)
    town = np.repeat(np.arange(len(seeds)), seeds)
    seed = np.arange(len(town)) - np.repeat(np.cumsum(seeds) - seeds, seeds)
    radius = np.where(seeds > 1, np.sqrt(held.people / density / np.pi), 0)  # km
    away, turn = radius[town] * np.sqrt((seed + 0.5) / seeds[town]), seed * GOLDEN
    latitudes, longitudes = held.latitudes[town], held.longitudes[town]
    wide = DEGREE_KM * np.maximum(0.01, np.cos(np.radians(latitudes)))
    north, east = latitudes + away * np.cos(turn) / DEGREE_KM, longitudes + away * np.sin(turn) / wide
    return north, east, (held.people / seeds)[town], town


def in_towns(events: Events, km: float, density: float, left_out: tuple[str, ...]) -> People:
    """The people of towns within `km` of an event."""
    from scipy.spatial import cKDTree

    held = towns(left_out)
    named = events.table["country"].drop_nulls().unique().cast(pl.String).to_list()
    home = np.isin(held.countries, [each.iso3 for each in countries() if each.name in named])
    reach = straight(km + np.sqrt(held.people / density / np.pi))
    tree = cKDTree(event_points(events))
    near = tree.query(in_space(held.latitudes, held.longitudes), distance_upper_bound=reach.max())[0] <= reach
    latitudes, longitudes, counts, town = spread(held.of(near), density)
    known, source = float(held.people[home].sum()), "towns of the gazetteer (GeoNames)"
    return People(latitudes, longitudes, counts, home[near][town].astype(float), known, source)


def event_points(events: Events) -> Numbers:
    """Events x 3, in km."""
    return in_space(events.table["latitude"], events.table["longitude"])


# -- raster ----------------------------------------------------------------------------------------------------------


def in_raster(path: Path, events: Events, km: float) -> People:
    """The people of a raster's cells within about `km` of an event; known are those of all its cells.

    UsageError: no such file, no raster of degrees, or rasterio is not installed.
    """
    try:
        rasterio: Any = import_module("rasterio")
    except ImportError as error:
        raise UsageError(
            "--raster needs rasterio, which is not installed: pip install rasterio. "
            "Without --raster people are counted in the towns of the gazetteer."
        ) from error
    if not path.is_file():
        raise UsageError(f"{path}: no such raster; WorldPop has one for each country, in people per cell.")
    try:
        with rasterio.open(path) as raster:
            turned = raster.transform[1] or raster.transform[3] or raster.transform[4] >= 0
            if turned or not (raster.crs and raster.crs.is_geographic):
                raise UsageError(f"{path}: found the projection {raster.crs}, expected degrees, north up (EPSG:4326).")
            parts = list(_strips(raster, events, km))
    except rasterio.errors.RasterioIOError as error:
        raise UsageError(f"{path}: cannot be read ({error}); expected a GeoTIFF of people per cell.") from error
    latitudes, longitudes, counts = (np.concatenate([part[at] for part in parts]) for at in range(3))
    return People(latitudes, longitudes, counts, np.ones(len(counts)), sum(part[3] for part in parts), path.name)


def _strips(raster: Any, events: Events, km: float) -> Iterator[tuple[Numbers, Numbers, Numbers, float]]:
    """Cells near events with people in them, and the people of all cells, strip by strip."""
    window = import_module("rasterio.windows").Window
    boxes = _boxes(raster, events, km)
    for top in range(0, raster.height, ROWS):
        high = min(ROWS, raster.height - top)
        values = raster.read(1, window=window(0, top, raster.width, high), masked=True).filled(0).astype(float)
        values[~(values > 0)] = 0  # no data is told in many ways
        near = np.zeros(values.shape, bool)
        for first, last, left, right in boxes[(boxes[:, 0] < top + high) & (boxes[:, 1] > top)]:
            near[max(0, first - top) : last - top, left:right] = True
        row, column = np.nonzero(near & (values > 0))
        wide, _, west, _, tall, north = raster.transform[:6]
        yield north + tall * (row + top + 0.5), west + wide * (column + 0.5), values[row, column], values.sum()


def _boxes(raster: Any, events: Events, km: float) -> NDArray[np.int64]:
    """Rows and columns around each event: first, last (not among them), left, right."""
    latitudes, longitudes = (np.unique(np.round(events.table.select("latitude", "longitude").to_numpy(), 3), axis=0)).T
    wide, _, west, _, tall, north = raster.transform[:6]
    up = km / DEGREE_KM
    aside = up / np.maximum(0.01, np.cos(np.radians(latitudes)))
    rows = [(latitudes + up - north) / tall, (latitudes - up - north) / tall + 1]
    columns = [(longitudes - aside - west) / wide, (longitudes + aside - west) / wide + 1]
    ends = np.stack([*rows, *columns], axis=1).astype(int)
    return np.asarray(np.clip(ends, 0, [raster.height, raster.height, raster.width, raster.width]))
