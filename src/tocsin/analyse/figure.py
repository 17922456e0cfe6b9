"""Figures: one look for all, legible when small, with a line that says what they rest on.

In:  an Answer with something to draw.
Out: a PNG or SVG file.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from tocsin.analyse.answer import Answer
from tocsin.analyse.outlines import outlines
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = (8.0, 5.0)  # inches
FORMS = ("png", "svg")
INK, SOFT, BAND, LAND = "#1b1f24", "#667080", "#c9d7ea", "#eceae4"
COLOURS = ("#1f5fa8", "#c2410c", "#2f7d4f", "#7b3fa0", "#b08900", "#5b6470", "#b23a6f", "#178a94")  # told apart by all
STYLE: Any = {
    "font.family": "DejaVu Sans", "font.size": 10, "axes.spines.top": False, "axes.spines.right": False,
    "axes.edgecolor": SOFT, "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK, "ytick.color": INK,
    "axes.grid": True, "grid.color": "#e3e6ea", "grid.linewidth": 0.8, "axes.axisbelow": True,
    "legend.frameon": False, "svg.hashsalt": "tocsin", "svg.fonttype": "none",
}  # fmt: skip


def save(answer: Answer, path: Path) -> None:
    """Write the figure; it appears when it is whole. UsageError: another ending, or nothing to draw."""
    form = path.suffix.lower().lstrip(".")
    if form not in FORMS:
        raise UsageError(f"{path}: a figure is a .png or .svg file.")
    part = path.with_name(path.name + ".part")
    part.write_bytes(picture(answer, form))
    part.replace(path)


def picture(answer: Answer, form: str = "svg") -> bytes:
    """The figure as PNG or SVG."""
    if answer.draw is None:
        raise UsageError(f"{answer.question}: there is nothing to draw; {answer.sentence}")
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        drawn = Figure(figsize=SIZE, dpi=150, layout="constrained")
        FigureCanvasAgg(drawn)
        answer.draw(drawn)
        drawn.suptitle(_plain(fill(answer.sentence, 84)), x=0.01, ha="left", fontsize=10.5, fontweight="bold")
        drawn.supxlabel(_plain(fill("Source: " + answer.source, 120)), x=0.01, ha="left", fontsize=7.5, color=SOFT)
        out = BytesIO()
        drawn.savefig(out, format=form, metadata={"Date": None} if form == "svg" else {"Software": None})
    return out.getvalue()


def _plain(text: str) -> str:
    """Two dollar signs are no formula."""
    return text.replace("$", r"\$")


def map_axes(axes: Axes, west: float, south: float, east: float, north: float) -> None:
    """A plain map of this window: land, borders, and no axes' numbers; degrees of longitude as wide as they are."""
    from matplotlib.collections import PolyCollection

    margin = 0.06 * max(east - west, north - south, 0.5)
    axes.set_xlim(west - margin, east + margin)
    axes.set_ylim(south - margin, north + margin)
    axes.set_aspect(1 / max(0.05, np.cos(np.radians((south + north) / 2))))
    rings = [ring for polygons in outlines().values() for polygon in polygons for ring in polygon]
    axes.add_collection(PolyCollection(rings, facecolor=LAND, edgecolor="#a9adb3", linewidth=0.6, zorder=0))
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    for side in axes.spines.values():
        side.set_visible(False)
