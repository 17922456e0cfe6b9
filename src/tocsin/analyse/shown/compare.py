"""The figure of two data sets: what each has alone and both have, and the dead of the pairs side by side.

In:  the tables of `compare`.
Out: bars by type and by area; a scatter of deaths on scales of logarithms that begin at 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from tocsin.analyse.answer import FEW
from tocsin.analyse.figure import COLOURS, INK, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TYPES, AREAS = 6, 8  # shown
ONLY_FIRST, BOTH, ONLY_SECOND = COLOURS[0], "#8a94a3", COLOURS[1]
LETTERS = 26
TICKS = (0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10000)


def draw(figure: Figure, table: pl.DataFrame, pairs: pl.DataFrame, names: tuple[str, str]) -> None:
    """Left the bars, right the deaths; without pairs the bars alone."""
    told = pairs.filter(pl.col("first_deaths").is_not_null() & pl.col("second_deaths").is_not_null())
    plots = figure.subplots(1, 2, width_ratios=(1.25, 1)) if told.height else [figure.subplots()]
    _bars(plots[0], table, names)
    if told.height:
        _dead(plots[1], told, names)


def _bars(axes: Axes, table: pl.DataFrame, names: tuple[str, str]) -> None:
    """Shares of 100 %, so that small areas can be read, too; the number of events stands behind."""
    held = pl.concat(
        table.filter(pl.col("field") == field).head(most)
        for field, most in (("all", 1), ("event_type", TYPES), ("admin1", AREAS))
    )
    many = pl.sum_horizontal("first_only", "second_only", "both") >= FEW
    held = held.filter(many | (pl.col("field") == "all"))
    counts = held.select("first_only", "both", "second_only").to_numpy().astype(float)
    total = np.maximum(counts.sum(axis=1), 1)
    places = np.cumsum([0, *(1.6 if a != b else 1.0 for a, b in zip(held["field"], held["field"][1:], strict=False))])
    left = np.zeros(len(held))
    labels = (f"only {_short(names[0])}", "both", f"only {_short(names[1])}")
    for at, colour in enumerate((ONLY_FIRST, BOTH, ONLY_SECOND)):
        part = 100 * counts[:, at] / total
        axes.barh(places, part, 0.75, left, color=colour, label=labels[at])
        left += part
    for place, count in zip(places, counts.sum(axis=1), strict=True):
        axes.text(101, place, f"{count:,.0f}", va="center", fontsize=7.5, color=SOFT)
    named = [_short(value) if value else "all events" for value in held["value"]]
    axes.set_yticks(places, named, fontsize=8)
    axes.set(xlim=(0, 112), ylim=(places[-1] + 0.6, -0.6), xticks=[0, 50, 100], xlabel="% of the events of either")
    axes.grid(visible=False)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.35, 1.0), ncols=3, fontsize=7.5, handlelength=1, columnspacing=1)


def _dead(axes: Axes, told: pl.DataFrame, names: tuple[str, str]) -> None:
    """A dot for each pair of numbers, larger where more pairs have it; on the line both say the same."""
    counts = told.group_by("first_deaths", "second_deaths").len().sort("first_deaths", "second_deaths")
    one, two = (np.log1p(counts[name].to_numpy().astype(float)) for name in ("first_deaths", "second_deaths"))
    most = float(max(one.max(), two.max(), np.log1p(3)))
    axes.plot([0, most], [0, most], color=INK, linewidth=0.8)
    axes.scatter(one, two, 12 * np.sqrt(counts["len"].to_numpy()), color=COLOURS[2], alpha=0.5, linewidth=0)
    ticks = [each for each in TICKS if np.log1p(each) <= most * 1.02]
    for axis, name in ((axes.xaxis, names[0]), (axes.yaxis, names[1])):
        axis.set_ticks(np.log1p(ticks), [f"{each:,}" for each in ticks], fontsize=8)
        axis.set_label_text(f"deaths, {_short(name)}", fontsize=8)
    axes.set_title(f"Deaths of {told.height:,} pairs", fontsize=9, loc="left", color=SOFT)


def _short(name: str) -> str:
    text = name.replace("$", r"\$")
    return text if len(text) <= LETTERS else text[: LETTERS - 1].rstrip() + "…"
