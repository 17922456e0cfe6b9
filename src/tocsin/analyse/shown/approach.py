"""The figure of `approach`: a map of the place and what surrounds it, and the distance of events over time.

In:  the events, the tables of the answer, the places. Out: two axes on a figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tocsin.analyse.events import Events
from tocsin.analyse.methods.nearing import Asked
from tocsin.analyse.methods.nearness import RINGS, SECTORS, near
from tocsin.locate.distance import DEGREE_KM

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN_KM = 230.0  # at least, around the place
NEAREST = 1.0  # km; what is nearer is drawn there, on a scale without 0
NOW, THEN = "#c2410c", "#8f98a6"
BELOW: Any = {"loc": "upper left", "bbox_to_anchor": (0, -0.09), "fontsize": 7.5, "handletextpad": 0.4}


def draw(figure: Figure, held: Events, table: pl.DataFrame, records: pl.DataFrame, asked: Asked) -> None:
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.15))
    _map(left, held, asked)
    _time(right, held, table, records, asked)


def _map(axes: Axes, held: Events, asked: Asked) -> None:
    from tocsin.analyse.figure import map_axes

    place, window = asked.last, asked.window
    reach = max(SHOWN_KM, 1.3 * window.radius_km) / DEGREE_KM
    wide = reach / max(0.05, np.cos(np.radians(place.latitude)))
    map_axes(axes, place.longitude - wide, place.latitude - reach, place.longitude + wide, place.latitude + reach)
    found = near(held, asked.places)
    late = (found.month > window.last - window.months) & (found.aim == asked.aim_of[-1])
    _sectors(axes, np.unique(found.sector[late & (found.km <= window.radius_km) & (found.sector >= 0)]), asked)
    _rings(axes, asked)
    east, north = (held.table[name].to_numpy() for name in ("longitude", "latitude"))
    names = {False: "before", True: f"last {window.months} months"}
    for chosen, colour, size in ((~late, THEN, 7), (late, NOW, 14)):
        axes.scatter(east[chosen], north[chosen], s=size, color=colour, linewidths=0, alpha=0.6, zorder=3,
                     label=names[colour == NOW])  # fmt: skip
    axes.plot(
        place.longitude, place.latitude, marker="*", markersize=13, color="black", markeredgecolor="white", zorder=5
    )
    axes.legend(ncols=2, **BELOW)
    axes.set_title(f"Around {place.name}; shaded: directions with events\nwithin {window.radius_km:g} km in the last "
                   f"{window.months} months", fontsize=9, loc="left")  # fmt: skip


def _circle(asked: Asked, km: float, turns: Any) -> tuple[Any, Any]:
    """Longitudes and latitudes at this distance from the place; turns in degrees from north."""
    place, turn = asked.last, np.radians(turns)
    north = place.latitude + km / DEGREE_KM * np.cos(turn)
    across = max(0.05, np.cos(np.radians(place.latitude)))
    return place.longitude + km / DEGREE_KM * np.sin(turn) / across, north


def _sectors(axes: Axes, sectors: Any, asked: Asked) -> None:
    width, place = 360 / SECTORS, asked.last
    for sector in sectors:
        east, north = _circle(asked, asked.window.radius_km, np.linspace(sector, sector + 1, 6) * width)
        axes.fill(
            [place.longitude, *east], [place.latitude, *north], color="#f3b48b", alpha=0.55, linewidth=0, zorder=1
        )


def _rings(axes: Axes, asked: Asked) -> None:
    for km in RINGS[1:]:
        axes.plot(*_circle(asked, km, np.linspace(0, 360, 181)), color="#667080", linewidth=0.7, linestyle=(0, (4, 3)),
                  zorder=2)  # fmt: skip
        east, north = _circle(asked, km, 180)
        axes.annotate(f"{km} km", (east, north), fontsize=7, ha="center", va="center", zorder=4,
                      bbox={"facecolor": "#eceae4", "edgecolor": "none", "pad": 0.6})  # fmt: skip


def _time(axes: Axes, held: Events, table: pl.DataFrame, records: pl.DataFrame, asked: Asked) -> None:
    from tocsin.analyse.figure import BAND, COLOURS

    km = near(held, asked.places).km
    axes.scatter(held.table["event_date"].to_numpy(), np.maximum(km, NEAREST), s=4, color=THEN, alpha=0.35,
                 linewidths=0, label="events")  # fmt: skip
    for number, name in enumerate(table["place"].unique(maintain_order=True)):
        own = table.filter(pl.col("place") == name)
        months = own["month"].to_numpy()
        if "near_km_low" in own.columns:
            low, high = (_shown(own, f"near_km_{end}") for end in ("low", "high"))
            axes.fill_between(months, low, high, color=BAND, linewidth=0)
        axes.plot(months, _shown(own, "near_km"), color=COLOURS[0], linewidth=1.8,
                  label=None if number else f"5 % of events came within, {asked.window.months} months")  # fmt: skip
        axes.step(months, _shown(own, "record_km"), where="post", color=NOW, linewidth=1.2,
                  label=None if number else "nearest so far")  # fmt: skip
        if number:
            axes.axvline(months[0], color="black", linewidth=0.8, linestyle=":")
            axes.annotate(f" {name}", (months[0], 1.01), xycoords=("data", "axes fraction"), fontsize=7.5)
    _marks(axes, records)
    axes.set_yscale("log")
    axes.set_yticks([1, 10, 25, 50, 100, 200, 500, 1000], ["≤ 1", "10", "25", "50", "100", "200", "500", "1,000"])
    axes.minorticks_off()
    axes.set_ylim(NEAREST * 0.85, max(float(km.max()) * 1.2, 30))
    axes.set_ylabel("km from the place")
    axes.legend(ncols=2, columnspacing=1.0, **BELOW)
    axes.tick_params(axis="x", labelsize=8.5)


def _shown(table: pl.DataFrame, name: str) -> Any:
    return np.maximum(table[name].cast(pl.Float64).to_numpy(), NEAREST)


def _marks(axes: Axes, records: pl.DataFrame) -> None:
    """Records, filled where the place leaves no doubt."""
    for certain, face in ((True, NOW), (False, "white")):
        own = records.filter(pl.col("certain") == certain)
        axes.scatter(own["event_date"].to_numpy(), np.maximum(own["km"].to_numpy(), NEAREST), s=30, facecolor=face,
                     edgecolor=NOW, zorder=4, label="record" if certain else "record, not certain")  # fmt: skip
