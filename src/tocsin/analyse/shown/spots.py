"""The map of hot spots: where they are, and beside it how they came about.

In:  Areas, and the table of `hotspots`.
Out: one or two maps on a figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.figure import map_axes
from tocsin.analyse.methods.areas import Areas
from tocsin.analyse.methods.emerging import CLASSES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SPOTS = {"hot": "#c0392b", "cold": "#2f6db5", "": "#d8b98f"}
NAMES = {"hot": "hot spot", "cold": "cold spot", "": "events, no more than by chance"}
KINDS = {
    "new": "#7b3fa0", "consecutive": "#e8590c", "intensifying": "#8b0000", "persistent": "#c0392b",
    "diminishing": "#e59a8f", "sporadic": "#f2b134", "historical": "#6b7f94", "": "#e0d6c6",
}  # fmt: skip


def draw(figure: Figure, areas: Areas, table: pl.DataFrame) -> None:
    """The map of spots; with classes a second one."""
    second = "emerging" in table.columns and (table["emerging"] != "").any()
    left, *right = figure.subplots(1, 2 if second else 1, squeeze=False)[0]
    _map(left, areas, table, table["spot"].to_list(), SPOTS, NAMES)
    left.set_title("Whole period", fontsize=9, loc="left")
    for axes in right:
        told = {**{name: name for name in CLASSES}, "": "no class"}
        _map(axes, areas, table, table["emerging"].to_list(), KINDS, told)
        axes.set_title("Over time", fontsize=9, loc="left")


def _map(
    axes: Axes, areas: Areas, table: pl.DataFrame, kinds: list[str], colours: dict[str, str], names: dict[str, str]
) -> None:
    """Each area in the colour of its kind, and a legend of the kinds that are there."""
    from matplotlib.patches import Patch

    shown = [colours[kind] for kind in kinds]
    if areas.kind == "cells":
        _cells(axes, table["area"].to_list(), shown)
    else:
        axes.scatter(table["longitude"], table["latitude"], c=shown, s=_sizes(table), linewidth=0.5, edgecolor="white")
    latitudes, longitudes = table["latitude"].to_numpy(), table["longitude"].to_numpy()
    map_axes(axes, longitudes.min(), latitudes.min(), longitudes.max(), latitudes.max())
    marks = [Patch(color=colours[kind], label=f"{text} ({kinds.count(kind)})")
             for kind, text in names.items() if kind in kinds]  # fmt: skip
    axes.legend(handles=marks, loc="upper center", bbox_to_anchor=(0.5, 0), ncols=2, fontsize=7.5)


def _cells(axes: Axes, cells: list[str], colours: list[str]) -> None:
    """Hexagons; one that the 180th meridian cuts is left out."""
    import h3
    from matplotlib.collections import PolyCollection

    corners = [np.array(h3.cell_to_boundary(cell))[:, ::-1] for cell in cells]
    whole = [at for at, ring in enumerate(corners) if np.ptp(ring[:, 0]) < 180]
    axes.add_collection(PolyCollection([corners[at] for at in whole], facecolor=[colours[at] for at in whole],
                                       edgecolor="white", linewidth=0.2, zorder=2))  # fmt: skip


def _sizes(table: pl.DataFrame) -> NDArray[np.float64]:
    """Circles as large as the counts, in points."""
    count = table["events" if "events" in table.columns else "fatalities"].to_numpy()
    return np.asarray(15 + 285 * count / max(1, count.max()), float)
