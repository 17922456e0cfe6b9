"""The figure of `change`: counts, what was fitted, what was expected without the date, and change points.

In:  the course of the counts and the change points, as tables.
Out: lines on a figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tocsin.analyse.figure import BAND, COLOURS, INK, SOFT
from tocsin.analyse.methods.effect import Asked

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEEP = 30  # times the middle count: then the axis is a logarithm
TOP = 3  # times the highest count: no higher is the axis, whatever the interval is


def draw(figure: Figure, course: pl.DataFrame, turns: pl.DataFrame, asked: Asked) -> None:
    """One panel, and a second one for the areas compared with."""
    compared = "others" in course.columns
    panels: Any = figure.subplots(1 + compared, 1, sharex=True, squeeze=False)[:, 0]
    _panel(panels[0], course, asked, "")
    low, high = panels[0].get_ylim()
    seen = turns.filter(pl.col(asked.every).is_between(course[asked.every].min(), course[asked.every].max()))
    if seen.height:
        panels[0].plot(seen[asked.every], np.full(seen.height, low), "^", color=COLOURS[1], markersize=9,
                       clip_on=False, label="change point, found without the date", zorder=5)  # fmt: skip
    panels[0].set_ylim(low, high)
    panels[0].legend(loc="best", fontsize=8)
    if compared:
        _panel(panels[1], course, asked, "others")
        panels[1].set_title("Areas compared with", loc="left", fontsize=9)


def _panel(axes: Axes, course: pl.DataFrame, asked: Asked, which: str) -> None:
    days = course[asked.every].to_numpy()
    values = course[which or "count"].to_numpy()
    name = f"{which}_" if which else ""
    after = course["after"].to_numpy()
    counted = f"{asked.measure} per {asked.every}"
    for part in (~after, after):
        axes.plot(days[part], values[part], ".-", color=SOFT, linewidth=0.7, markersize=4,
                  label=counted if part is after else None)  # fmt: skip
        axes.plot(days[part], course[f"{name}fitted"].to_numpy()[part], color=COLOURS[0], linewidth=2,
                  label="fitted" if part is after else None)  # fmt: skip
    axes.plot(days[after], course[f"{name}expected"].to_numpy()[after], "--", color=INK, linewidth=1.6,
              label="expected without the date")  # fmt: skip
    if not which:
        low, high = (course[f"expected_{end}"].to_numpy()[after] for end in ("low", "high"))
        axes.fill_between(days[after], low, high, color=BAND, linewidth=0, label="its 90 % interval")
    axes.axvline(np.datetime64(asked.on), color=COLOURS[1], linewidth=1.4)  # type: ignore[arg-type]
    top = max(1.0, float(values.max()))
    if top > STEEP * max(1.0, float(np.median(values))):
        axes.set_yscale("symlog", linthresh=10)
        axes.set_ylim(0, top * TOP)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    else:
        axes.set_ylim(0, min(axes.get_ylim()[1], top * 1.5))
    axes.annotate(f" {asked.on}", (np.datetime64(asked.on), axes.get_ylim()[1]), va="top", fontsize=8,
                  color=COLOURS[1])  # fmt: skip
    axes.set_ylabel(counted + (", logarithm" if axes.get_yscale() == "symlog" else ""))
