"""The figure of `surge`: a map of change levels, and the areas that had most events against what is usual.

In:  the table of the answer. Out: two axes on a figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tocsin.analyse.methods.trackers import thresholds
from tocsin.analyse.methods.weekly import names_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN, NAMED = 12, 6  # areas in the chart, names on the map
BELOW: Any = {
    "loc": "upper left",
    "bbox_to_anchor": (0, -0.14),
    "ncols": 2,
    "markerscale": 0.8,
}  # a legend that hides nothing
LEVEL_COLOURS = ("#1f5fa8", "#b9b4a8", "#f0a04b", "#c2410c")  # in the order of the levels
FLAG, QUIET = "#c2410c", "#5b6470"


def draw(figure: Figure, table: pl.DataFrame, alpha: float) -> None:
    table = table.with_columns(name=pl.Series(names_of(table)))
    left, right = figure.subplots(1, 2, width_ratios=(1.15, 1))
    _map(left, table)
    _areas(right, table.sort("events", "mean_year", descending=True, nulls_last=True).head(SHOWN)[::-1], alpha)


def _map(axes: Axes, table: pl.DataFrame) -> None:
    """A circle for each area with events, as large as they are many, in the colour of its level against the month."""
    from matplotlib.lines import Line2D

    from tocsin.analyse.figure import map_axes

    placed = table.drop_nulls(("latitude", "longitude"))
    if placed.height:
        east, north = (placed[name].to_numpy() for name in ("longitude", "latitude"))
        map_axes(axes, east.min(), north.min(), east.max(), north.max())
        levels = dict(zip(thresholds().levels, LEVEL_COLOURS, strict=True))
        colours = [levels.get(each or "", "white") for each in placed["level_month"]]
        sizes = 14 + 10 * np.minimum(placed["events"].to_numpy(), 60)
        axes.scatter(east, north, s=sizes, c=colours, edgecolors="white", linewidths=0.7, zorder=3)
        keys = [Line2D([], [], marker="o", ls="", color=colour, label=name) for name, colour in levels.items()]
        axes.legend(handles=keys[::-1], fontsize=7.5, handletextpad=0.2, **BELOW)
        for row in _flagged(placed).head(NAMED).iter_rows(named=True):
            name = row.get("admin1") or row["country"]
            axes.annotate(
                name, (row["longitude"], row["latitude"]), xytext=(9, 5), textcoords="offset points", fontsize=8
            )
    else:
        axes.set_axis_off()
    axes.set_title("Change against the month before", fontsize=9, loc="left")


def _flagged(table: pl.DataFrame) -> pl.DataFrame:
    """Areas that surge or are unusual for sure."""
    return table.filter(pl.col("surge").fill_null(value=False) | (pl.col("unusual") == "yes").fill_null(value=False))


def _areas(axes: Axes, table: pl.DataFrame, alpha: float) -> None:
    """The week's events as a dot, the year's mean as a bar, the limit as a tick."""
    at, now = np.arange(table.height), table["events"].to_numpy()
    axes.barh(at, table["mean_year"].fill_null(0).to_numpy(), color="#dfe3e8", label="mean of the past year")
    limit = table["limit"].to_numpy()
    axes.plot(limit, at, ls="", marker="|", ms=13, mew=1.6, color="#1b1f24", label=f"limit ({alpha:.0%} false alarms)")
    if "events_low" in table.columns:
        axes.hlines(at, table["events_low"], table["events_high"], color=QUIET, linewidth=1.4)
    flagged = table["name"].is_in(_flagged(table)["name"].implode()).to_numpy()
    for there, colour, label in ((flagged, FLAG, "surge or unusual"), (~flagged, QUIET, "events in the week")):
        axes.plot(now[there], at[there], ls="", marker="o", ms=6, color=colour, label=label)
    axes.set_yticks(at, table["name"].to_list(), fontsize=8)
    axes.set_xlim(left=-0.02 * max(1.0, *axes.get_xlim()))
    axes.set_xlabel("violent events in the week")
    axes.grid(visible=False, axis="y")
    axes.legend(fontsize=7.5, **BELOW)
