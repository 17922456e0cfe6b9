"""The figure of actors: when each was active, and whom it met.

In:  the tables of `actors`.
Out: for the most active actors a strip of time (darker: more events a period) beside a matrix of their dyads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.events import Events
from tocsin.analyse.figure import COLOURS, INK, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 12  # actors
LETTERS = 34  # of a name
STEPS = 60  # of the strip
DARK = 0.7  # of the darkest: letters are white from there


def draw(figure: Figure, held: Events, table: pl.DataFrame, dyads: pl.DataFrame, mentions: pl.DataFrame) -> None:
    """Left the strips, with the actors' names and numbers; right the matrix, by number."""
    names = table["actor"].head(SHOWN).to_list()
    left, right = figure.subplots(1, 2, width_ratios=(1.0, 1.15), sharey=True)
    _strips(left, held, names, mentions)
    _matrix(right, _met(dyads, names))
    left.set_yticks(range(len(names)), [f"{_short(name)}  {at + 1}" for at, name in enumerate(names)], fontsize=8)
    left.set_ylim(len(names) - 0.5, -0.5)
    for axes in (left, right):
        axes.grid(visible=False)
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)


def _short(name: str) -> str:
    """What stands before a colon (JNIM: Group for ...) or the beginning."""
    text = name.split(": ")[0].replace("$", r"\$")
    return text if len(text) <= LETTERS else text[: LETTERS - 1].rstrip() + "…"


def _strips(axes: Axes, held: Events, names: list[str], mentions: pl.DataFrame) -> None:
    """Each actor's events over time, each strip against its own most."""
    days = held.days.astype(np.int64)
    edges = np.linspace(days.min(), days.max() + 1, min(STEPS, int(days.max() - days.min()) + 1) + 1)
    for at, name in enumerate(names):
        rows = mentions.filter(pl.col("actor") == name)["row"].to_numpy()
        counts = np.histogram(days[rows], edges)[0]
        shade = np.where(counts > 0, 0.25 + 0.75 * counts / max(1, counts.max()), 0)
        axes.bar(
            edges[:-1].astype("datetime64[D]"), 0.7, np.diff(edges), at - 0.35, align="edge", linewidth=0,
            color=[(*_rgb(COLOURS[0]), each) for each in shade],
        )  # fmt: skip
    axes.set_xlim(edges[0], edges[-1])
    axes.set_title("Events over time", fontsize=9, loc="left", color=SOFT)
    axes.tick_params("x", labelsize=8)
    _few_years(axes)


def _few_years(axes: Axes) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator: Any = AutoDateLocator(minticks=2, maxticks=5)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))  # type: ignore[no-untyped-call]


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def _met(dyads: pl.DataFrame, names: list[str]) -> NDArray[np.int64]:
    """How many events each two of the names have against each other."""
    place = {name: at for at, name in enumerate(names)}
    found = np.zeros((len(names), len(names)), np.int64)
    for one, other, count in (
        dyads.filter(pl.col("one").is_in(names) & pl.col("other").is_in(names))
        .select("one", "other", "events")
        .iter_rows()
    ):
        found[place[one], place[other]] = found[place[other], place[one]] = count
    return found


def _matrix(axes: Axes, met: NDArray[np.int64]) -> None:
    """A square for each two actors; darker: more events (by logarithm)."""
    from matplotlib.colors import LinearSegmentedColormap

    shades = LinearSegmentedColormap.from_list("met", ["#ffffff", COLOURS[1]])
    strength = np.log1p(met) / max(1.0, float(np.log1p(met.max())))
    axes.imshow(strength, cmap=shades, vmin=0, vmax=1, aspect="auto")
    for (row, column), count in np.ndenumerate(met):
        if count:
            white = strength[row, column] > DARK
            axes.text(column, row, f"{count:,}", ha="center", va="center", fontsize=7, color="white" if white else INK)
    edges = np.arange(len(met) + 1) - 0.5
    axes.hlines(edges, -0.5, len(met) - 0.5, color="#e3e6ea", linewidth=0.8)
    axes.vlines(edges, -0.5, len(met) - 0.5, color="#e3e6ea", linewidth=0.8)
    axes.set_xticks(range(len(met)), [str(at + 1) for at in range(len(met))], fontsize=8)
    axes.set_title("Events against each other", fontsize=9, loc="left", color=SOFT)
