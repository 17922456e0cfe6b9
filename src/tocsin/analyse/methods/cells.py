"""Cells of 10 x 10 km, and in how many of them people live.

In:  points; data/inhabited_cells.csv.
Out: the number of each point's cell; the number of inhabited cells of a country.

`python -m tocsin.analyse.methods.cells FILE.csv` counts the inhabited cells anew, from the towns of the gazetteer. The
gazetteer knows far from all villages, so that a cell counts as inhabited if its middle is at most 25 km from a town,
and belongs to the country of the nearest town. With counts from a population grid (WorldPop, at least 100 people a
cell, as ACLED counts) the file can be replaced.
"""

from __future__ import annotations

import csv
import sqlite3
import sys
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tocsin.analyse.methods.settings import DATA
from tocsin.countries import countries, country
from tocsin.errors import DataError
from tocsin.locate.distance import DEGREE_KM

PATH = DATA / "inhabited_cells.csv"
SIDE_KM = 10.0
NEAR_KM = 25.0
ROW = 10_000  # cells numbered for each row, more than go around the equator
Numbers = NDArray[np.float64]
Cells = NDArray[np.int64]


def cells_of(latitudes: Numbers, longitudes: Numbers) -> Cells:
    """The number of each point's cell; rows run from the south, cells of a row from the west."""
    row = np.floor((latitudes + 90) * DEGREE_KM / SIDE_KM).astype(np.int64)
    column = np.floor((longitudes + 180) % 360 * DEGREE_KM * _narrow(row) / SIDE_KM).astype(np.int64)
    return row * ROW + column


def middles_of(cells: Cells) -> tuple[Numbers, Numbers]:
    """Latitude and longitude of the cells' middles."""
    row, column = np.divmod(cells, ROW)
    return (row + 0.5) * SIDE_KM / DEGREE_KM - 90, (column + 0.5) * SIDE_KM / (DEGREE_KM * _narrow(row)) - 180


def _narrow(row: Cells) -> Numbers:
    """By how much a degree of longitude is shorter there than at the equator."""
    found: Numbers = np.maximum(np.cos(np.radians((row + 0.5) * SIDE_KM / DEGREE_KM - 90)), 0.001)
    return found


@cache
def inhabited(path: Path = PATH) -> dict[str, int]:
    """Inhabited cells by the country's ACLED name."""
    found = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for at, row in enumerate(csv.DictReader(lines), 2):
            home = country(row.get("iso3") or "")
            if home is None or not (row.get("cells") or "").isdigit():
                raise DataError(f"{path}:{at}: found {row}, expected iso3 of a country and a number of cells")
            found[home.name] = int(row["cells"])
    return found


def counted(path: Path) -> dict[str, int]:
    """Inhabited cells by ISO alpha-3, from the towns of the gazetteer at `path`."""
    with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as db:
        rows = db.execute("SELECT lat, lon, country FROM places WHERE kind = 'place' AND country <> ''").fetchall()
    latitudes, longitudes = (np.array([row[at] for row in rows]) for at in (0, 1))
    cells = _around(latitudes, longitudes)
    far, nearest = _nearest((latitudes, longitudes), middles_of(cells))
    homes = np.array([row[2] for row in rows])[nearest[far <= NEAR_KM]]
    names, totals = np.unique(homes, return_counts=True)
    return dict(zip(names.tolist(), totals.tolist(), strict=True))


def _around(latitudes: Numbers, longitudes: Numbers) -> Cells:
    """Every cell that may lie within reach of a town."""
    steps = np.arange(-3, 4) * SIDE_KM
    found = []
    for north in steps:
        there = np.clip(latitudes + north / DEGREE_KM, -89.9, 89.9)
        wide = DEGREE_KM * np.maximum(np.cos(np.radians(there)), 0.001)
        found += [cells_of(there, (longitudes + east / wide + 180) % 360 - 180) for east in steps]
    return np.unique(np.concatenate(found))


def _nearest(towns: tuple[Numbers, Numbers], points: tuple[Numbers, Numbers]) -> tuple[Numbers, Cells]:
    """How far the nearest town of each point is in km, and which it is."""
    from scipy.spatial import cKDTree

    from tocsin.locate.distance import EARTH_KM

    straight, nearest = cKDTree(_space(*towns)).query(_space(*points))
    return 2 * EARTH_KM * np.arcsin(straight / 2), nearest


def _space(latitudes: Numbers, longitudes: Numbers) -> Numbers:
    """Points of the unit sphere in space."""
    a, b = np.radians(latitudes), np.radians(longitudes)
    return np.stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)], axis=1)


def main(out: str) -> None:
    from tocsin.locate.gazetteer import shipped

    found = counted(shipped())
    with Path(out).open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["iso3", "cells"])
        lines.writerows([each.iso3, found[each.iso3]] for each in countries() if each.iso3 in found)


if __name__ == "__main__":
    main(sys.argv[1])
