"""What an analysis answers: one sentence, a table, a figure.

In:  what a question found.
Out: `Answer`; its table as CSV, JSON or Parquet, its figure as PNG or SVG.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FEW = 5  # events; a rate, a share or a change that rests on fewer is not given


@dataclass(frozen=True, slots=True)
class Answer:
    """`table`: tidy, one thing a row; bounds of a column NAME are NAME_low and NAME_high. A value that rests on too few
    events is null, and `notes` says so."""

    question: str
    sentence: str
    table: pl.DataFrame
    source: str
    notes: tuple[str, ...] = ()
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)  # further ones, by name
    draw: Callable[[Figure], None] | None = None  # onto an empty figure
    events: tuple[str, ...] = ()  # ids of the events that the sentence speaks of, if it speaks of some
    newest_last: bool = False  # the table goes on in time: its end is what people look for


def number(
    value: float, low: float | None = None, high: float | None = None, *, unit: str = "", places: int = 0
) -> str:
    """A figure as people read it: "12 events (90 % interval 10 to 15)"; without bounds the figure alone."""
    return _said(
        [f"{round(each, places) + 0.0:,.{places}f}" for each in _known(value, low, high)], f" {unit}" if unit else ""
    )


def percent(value: float, low: float | None = None, high: float | None = None, *, signed: bool = False) -> str:
    """A share, given as a part of 1: "25 % (90 % interval 10 % to 40 %)"; `signed`: a change, "+25 %"."""
    sign = "+" if signed else ""
    return _said([f"{round(100 * each, 0) + 0.0:{sign},.0f} %" for each in _known(value, low, high)], "")


def _known(value: float, low: float | None, high: float | None) -> list[float]:
    """The value, and its bounds if both are known."""
    bounds = [] if low is None or high is None or np.isnan([low, high]).any() else [low, high]
    return [value, *bounds]


def _said(found: list[str], unit: str) -> str:
    value, *bounds = (each.replace("-", "−") for each in found)
    return f"{value}{unit}" + (f" (90 % interval {bounds[0]} to {bounds[1]})" if bounds else "")
