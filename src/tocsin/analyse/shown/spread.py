"""The figure of `spread`: a map of the core area, new areas and ellipses, and both over time.

In:  the tables of the answer. Out: three axes on a figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tocsin.analyse.methods.centre import on_globe
from tocsin.analyse.methods.spreading import Asked

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 6  # ellipses
NEW, CORE, OTHER = "#c2410c", "#1f5fa8", "#a3aab5"
BELOW: Any = {"loc": "upper left", "bbox_to_anchor": (0, -0.02), "fontsize": 7.5, "handletextpad": 0.3, "ncols": 2}


def draw(figure: Figure, table: pl.DataFrame, further: dict[str, pl.DataFrame], asked: Asked) -> None:
    axes = figure.subplot_mosaic([["map", "new"], ["map", "outside"]], width_ratios=(1.25, 1))
    _map(axes["map"], further, asked)
    _new(axes["new"], table)
    _outside(axes["outside"], table, asked)
    axes["outside"].sharex(axes["new"])


def _map(axes: Axes, further: dict[str, pl.DataFrame], asked: Asked) -> None:
    from tocsin.analyse.figure import map_axes

    placed = further["new"].drop_nulls(["latitude", "longitude"])
    held = pl.col("area").is_in(further["core"]["area"].to_list())
    if not placed.height:
        axes.set_axis_off()
        return
    east, north = (placed[name] for name in ("longitude", "latitude"))
    map_axes(axes, float(east.min()), float(north.min()), float(east.max()), float(north.max()))  # type: ignore[arg-type]
    kinds = ((~held & ~pl.col("since_base"), OTHER, "had events before"), (held, CORE, "core area"),
             (pl.col("since_base"), NEW, f"new since {asked.base}"))  # fmt: skip
    for chosen, colour, name in kinds:
        own = placed.filter(chosen)
        sizes = 9 + 3 * np.minimum(own["events"].to_numpy(), 60)
        axes.scatter(own["longitude"], own["latitude"], s=sizes, color=colour, alpha=0.75, edgecolors="white",
                     linewidths=0.4, zorder=3, label=f"{name} ({own.height})")  # fmt: skip
    _ellipses(axes, further["centres"].drop_nulls(["latitude", "long_km"]), asked)
    axes.legend(**BELOW)
    axes.set_title("Areas with events; ellipses of some years, the later the darker", fontsize=9, loc="left")


def _ellipses(axes: Axes, centres: pl.DataFrame, asked: Asked) -> None:
    """Those of some periods, the later the darker, and the way of the centre."""
    import matplotlib as mpl

    if not centres.height:
        return
    shade = mpl.colormaps["viridis_r"]
    axes.plot(centres["longitude"], centres["latitude"], color="black", linewidth=0.9, zorder=5)
    chosen = np.unique(np.linspace(0, centres.height - 1, SHOWN).round().astype(int))
    for at in chosen:
        row, colour = centres.row(int(at), named=True), shade(0.15 + 0.85 * at / max(1, centres.height - 1))
        axes.plot(*_around(row, asked), color=colour, linewidth=1.3, zorder=4)
        axes.plot(row["longitude"], row["latitude"], "o", color=colour, markersize=5, markeredgecolor="white", zorder=6)
        if at in (chosen[0], chosen[-1]):
            axes.annotate(f"{row['period']:%Y}", (row["longitude"], row["latitude"]), xytext=(5, 4), fontsize=8.5,
                          textcoords="offset points", weight="bold", zorder=7)  # fmt: skip


def _around(row: dict[str, Any], asked: Asked) -> tuple[list[float], list[float]]:
    """Longitudes and latitudes of the ellipse."""
    turn, angle = np.radians(row["turn"]), np.linspace(0, 2 * np.pi, 121)
    long, short = row["long_km"] * np.cos(angle), row["short_km"] * np.sin(angle)
    plane = np.stack([long * np.sin(turn) + short * np.cos(turn), long * np.cos(turn) - short * np.sin(turn)], axis=1)
    middle = (row["latitude"], row["longitude"])
    points = [on_globe(point, middle) for point in plane]
    return [east for _, east in points], [north for north, _ in points]


def _new(axes: Axes, table: pl.DataFrame) -> None:
    """Bars of years, for months of many years are too thin; the base period is grey."""
    years = table.group_by(pl.col("month").dt.year(), "since_base", maintain_order=True).agg(pl.col("new").sum())
    below: dict[int, float] = {}
    for year, late, new in years.iter_rows():
        axes.bar(
            np.datetime64(f"{year}-07-01"), new, width=300, bottom=below.get(year, 0), color=NEW if late else OTHER
        )
        below[year] = below.get(year, 0) + new
    axes.set_title("New areas a year (grey: base period)", fontsize=9, loc="left")
    axes.tick_params(labelbottom=False)


def _outside(axes: Axes, table: pl.DataFrame, asked: Asked) -> None:
    from tocsin.analyse.figure import BAND

    months = table["month"].to_numpy()
    share = {
        name: 100 * table[name].cast(pl.Float64).to_numpy() for name in table.columns if name.startswith("outside")
    }
    if "outside_low" in share:
        axes.fill_between(months, share["outside_low"], share["outside_high"], color=BAND, linewidth=0)
    axes.plot(months, share["outside"], color=CORE, linewidth=1.3, marker="o", markersize=2.5)
    axes.axvline(asked.base, color="black", linewidth=0.8, linestyle=":")  # type: ignore[arg-type]
    axes.set_ylim(0, 100)
    axes.set_title("Events outside the core area, % a month", fontsize=9, loc="left")
    axes.tick_params(axis="x", labelsize=8.5, rotation=30)
