"""The map of people near events, and beside it how many.

In:  people, events, what was counted.
Out: a map and bars on a figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tocsin.analyse.draws import Interval
from tocsin.analyse.events import Events
from tocsin.analyse.figure import COLOURS, INK, map_axes
from tocsin.analyse.methods.people import People

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MILLION = 1_000_000
NEAR, EVENT = "#c2410c", "#1b1f24"
SHOWN = 12  # groups
ROWS = ("within 1 km", "within 2 km", "within 5 km", "radius by type")


def draw(
    figure: Figure,
    people: People,
    events: Events,
    found: tuple[NDArray[np.float64], Interval | None],
    groups: list[str],
) -> None:
    """Where people near events live; how many in all, or in each group by the radius that suits the type."""
    left, right = figure.subplots(1, 2, width_ratios=(1.4, 1))
    _map(left, people, events)
    value, band = found
    if len(groups) == 1:
        _bars(right, list(ROWS), value[0], (band.low[0], band.high[0]) if band else None)
        return
    order = [1 + at for at in np.argsort(-value[1:, -1], kind="stable")[:SHOWN]]
    bounds = (band.low[order, -1], band.high[order, -1]) if band else None
    _bars(right, [groups[at] for at in order], value[order, -1], bounds)
    right.set_title("Radius by type of event", fontsize=9, loc="left")


def _map(axes: Axes, people: People, events: Events) -> None:
    latitudes, longitudes = (events.table[name].to_numpy() for name in ("latitude", "longitude"))
    size = np.clip(people.counts / 1500, 0.3, 12)
    axes.scatter(people.longitudes, people.latitudes, s=size, color=NEAR, linewidth=0, label="people near events")
    axes.scatter(longitudes, latitudes, s=2, color=EVENT, linewidth=0, alpha=0.6, label="events")
    map_axes(axes, longitudes.min(), latitudes.min(), longitudes.max(), latitudes.max())
    marks: Any = axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=2, fontsize=8).legend_handles
    for mark in marks:
        mark.set_sizes([20])


def _bars(axes: Axes, names: list[str], value: NDArray[np.float64], bounds: tuple[Any, Any] | None) -> None:
    at = np.arange(len(names))[::-1]
    error = [value - bounds[0], bounds[1] - value] if bounds else None
    axes.barh(at, value, color=COLOURS[0], height=0.6, xerr=error, error_kw={"ecolor": INK, "capsize": 3, "lw": 1})
    axes.set_yticks(at, names, fontsize=8.5)
    many = value.max(initial=0) >= MILLION
    axes.set_xlabel("million people" if many else "people")
    axes.xaxis.set_major_formatter(lambda each, _: f"{each / MILLION:g}" if many else f"{each:,.0f}")
    axes.xaxis.set_major_locator(_few())
    axes.grid(axis="y", visible=False)


def _few() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(4)
