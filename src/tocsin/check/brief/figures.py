"""The map and the trend of a briefing.

In:  the events of a country up to the end of a month.
Out: SVG pictures with a text that says the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from tocsin.analyse.answer import Answer
from tocsin.analyse.events import Events
from tocsin.analyse.figure import COLOURS, INK, map_axes, picture
from tocsin.analyse.periods import counts
from tocsin.check.brief.words import Words
from tocsin.check.scope import within
from tocsin.check.statement import Spot
from tocsin.locate.distance import DEGREE_KM

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MONTHS = 24  # of the trend
ROUGH_KM = 10.0  # from here on the ring is drawn


@dataclass(frozen=True, slots=True)
class Picture:
    """`svg`: the picture; `text`: what it shows."""

    name: str
    svg: bytes
    text: str


def pictures(events: Events, first: date, last: date, capital: Spot | None, words: Words) -> Iterator[Picture]:
    """The trend; the map, if some event has a point."""
    yield _picture("trend", words["trend"], events, lambda figure: _trend(figure, events, first))
    placed = events.of(within(events.placed().table, first, last))
    if len(placed):
        yield _picture("map", words["map"], placed, lambda figure: _map(figure, placed, events, capital))


def _picture(name: str, text: str, events: Events, draw: object) -> Picture:
    answer = Answer(name, text, pl.DataFrame(), events.about, draw=draw)  # type: ignore[arg-type]
    return Picture(name, picture(answer, "svg"), text)


def _trend(figure: Figure, events: Events, first: date) -> None:
    found = counts(events, "month")
    values = found.values[:, 0][-MONTHS:]
    starts = np.array(found.starts[-MONTHS:], "datetime64[D]")
    axes = figure.add_subplot()
    colours = [COLOURS[1] if start == first else COLOURS[0] for start in found.starts[-MONTHS:]]
    axes.bar(starts, values, width=np.timedelta64(24, "D"), align="edge", color=colours)
    axes.set_ylim(bottom=0)


def _map(figure: Figure, placed: Events, events: Events, capital: Spot | None) -> None:
    from matplotlib.patches import Ellipse

    axes = figure.add_subplot()
    every = events.placed().table
    west, east = (every["longitude"].quantile(part) or 0.0 for part in (0.01, 0.99))
    south, north = (every["latitude"].quantile(part) or 0.0 for part in (0.01, 0.99))
    map_axes(axes, west, south, east, north)
    if capital and capital.latitude is not None and capital.longitude is not None:
        axes.plot(capital.longitude, capital.latitude, "*", color=INK, markersize=9)
        axes.annotate(capital.name, (capital.longitude, capital.latitude), (6, 4), textcoords="offset points")
    for longitude, latitude, km in placed.table.select("longitude", "latitude", "radius_km").iter_rows():
        if km and km >= ROUGH_KM:
            high = 2 * km / DEGREE_KM
            ring = Ellipse((longitude, latitude), high / max(0.05, np.cos(np.radians(latitude))), high, fill=False,
                           edgecolor=COLOURS[1], linewidth=0.7, alpha=0.6)  # fmt: skip
            axes.add_patch(ring)
    table = placed.table
    size = 12 + 4 * np.sqrt(table["fatalities"].fill_null(0).to_numpy())
    axes.scatter(table["longitude"], table["latitude"], s=size, color=COLOURS[1], linewidth=0.4, edgecolor="white")
