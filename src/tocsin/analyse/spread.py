"""Where events spread: areas that had none before, the mean centre and its ellipse, what lies outside the core area.

In:  Events.
Out: a row for each month: events, new areas, the share outside the earlier core area; centres and ellipses, the new
     areas with their first events, actors.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import numpy as np
import polars as pl

from tocsin.analyse.answer import FEW, Answer, number, percent
from tocsin.analyse.draws import DRAWS, Draws
from tocsin.analyse.events import Events
from tocsin.analyse.methods import spreading
from tocsin.analyse.methods.centre import Often
from tocsin.analyse.methods.nearness import LOCAL_KM
from tocsin.analyse.methods.outward import Unit
from tocsin.analyse.methods.spreading import Asked, Figures
from tocsin.analyse.shown import spread_tables as tables
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = ("country", "admin1", "admin2", "actor1", "actor2")
FINEST = 6  # resolution of H3; finer cells are smaller than a point is sure
WORDS = {"admin1": "first-order unit", "admin2": "second-order unit", "h3": "cell"}
TOWARDS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def spread(
    events: Events,
    draws: Draws = DRAWS,
    *,
    unit: Annotated[Unit, "Areas: first- or second-order units, or cells of H3's grid."] = "admin2",
    resolution: Annotated[int, "Of H3's cells: 3 is some 120 km wide, 4 some 45 km, 5 some 17 km."] = 4,
    base_until: Annotated[date | None, "Last day of the base period. Left out: a year ago, at least half-way."] = None,
    core: Annotated[float, "Share of the events of the base period that the core area holds."] = 0.8,
    every: Annotated[Often, "How often centre and ellipse are worked out."] = "year",
) -> Answer:
    """Where events spread: new areas, the way of their centre, and the share outside the earlier core area."""
    if not 0 < core <= 1 or not 0 <= resolution <= FINEST:
        raise UsageError(f"--core {core:g}, --resolution {resolution}: expected a share up to 1, and 0 to {FINEST}.")
    dated = events.dated().demanded(1, "events with a date")
    base = _base(dated, base_until)
    asked = spreading.asked(dated, unit, resolution, (base, core, every))
    told, drawn, made = spreading.all_figures(asked, draws)
    band = spreading.band(told, drawn)
    table, further = _tables(told, band, asked)
    return Answer(
        "spread",
        _sentence(told, band, further, asked),
        table,
        events.about,
        tuple(_notes(events, dated, asked, (draws.count, made))),
        further,
        lambda figure: _draw(figure, table, further, asked),
        tuple(further["new"].filter(pl.col("since_base"))["id"]),
        newest_last=True,
    )


def _tables(told: Figures, band: spreading.Bands, asked: Asked) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """The table of months, and the further ones."""
    return tables.table(told, band, asked), {
        "centres": tables.centres(told, band, asked),
        "new": tables.new(asked),
        "core": tables.core(asked),
        "actors": tables.actors(told, band, asked),
    }


def _base(dated: Events, asked: date | None) -> date:
    """The last day of the base period: a year before the last day, but not before the middle of the period."""
    first, last = dated.first, dated.last
    if asked is None:
        return max(first + (last - first) / 2, last - timedelta(days=365))
    if not first <= asked < last:
        raise UsageError(f"--base-until {asked}: expected a day from {first} up to the day before {last}.")
    return asked


def _sentence(told: Figures, band: spreading.Bands, further: dict[str, pl.DataFrame], asked: Asked) -> str:
    who = f"events with {asked.who_asked}" if asked.who_asked else "events"
    low, high = _ends(band, "reached")
    reached = number(told.outward.reached, low, high, unit=_areas(asked, told.outward.reached))
    said = f"Since {asked.base} {who} have reached {reached} that had none before"
    if np.isnan(told.outward.share):
        return f"{said}; too few events to tell the share outside the earlier core area."
    (low, high), held = _ends(band, "share"), further["core"].height
    said += f"; {percent(told.outward.share, low, high)} of the events since then lie outside the core area, which " \
            f"held {percent(asked.span.core)} before ({held} {_areas(asked, held)})"  # fmt: skip
    return f"{said}{_moved(further['centres'])}."


def _areas(asked: Asked, count: float) -> str:
    return WORDS[asked.unit] + "s" * (count != 1)


def _ends(band: spreading.Bands, name: str) -> tuple[float | None, float | None]:
    return (float(band[name].low), float(band[name].high)) if band else (None, None)


def _moved(centres: pl.DataFrame) -> str:
    """How far and where the centre moved between the first and the last period."""
    known = centres.drop_nulls("latitude")
    if known.height < 2:
        return ""
    start, end = known.row(0, named=True), known.row(-1, named=True)
    east = ((end["longitude"] - start["longitude"] + 180) % 360 - 180) * np.cos(np.radians(start["latitude"]))
    turn = np.degrees(np.arctan2(east, end["latitude"] - start["latitude"])) % 360
    if end["moved_km"] < 1:
        return f"; their centre in {end['period']:%Y} is that of {start['period']:%Y}"
    km = number(end["moved_km"], end.get("moved_km_low"), end.get("moved_km_high"), unit="km")
    way = TOWARDS[round(turn / 45) % 8]
    return f"; their centre moved {km} to the {way} from {start['period']:%Y} to {end['period']:%Y}"


def _notes(events: Events, dated: Events, asked: Asked, made: tuple[int, int]) -> list[str]:
    notes, areas, points = [], len(asked.areas), len(asked.points)
    if len(events) > len(dated):
        notes.append(f"{len(events) - len(dated):,} events without a date are left out.")
    if len(dated) > areas:
        why = f"whose place is off by more than {LOCAL_KM:g} km" if asked.unit == "h3" else "whose unit is not known"
        notes.append(f"{len(dated) - areas:,} of {len(dated):,} events {why} are in no area.")
    exact = tables.new(asked).filter(pl.col("since_base") & pl.col("exact")).height
    notes.append(f"{exact:,} of the new areas have an event whose place is exactly known.")
    notes.append("Draws move points, those near a border into the next cell, so that they find rather more new cells."
                 if asked.unit == "h3" else "Units are taken as reported: the draws move days, not units.")  # fmt: skip
    if len(dated) > points:
        notes.append(f"Centre and ellipse rest on the {points:,} events known to within {LOCAL_KM:g} km.")
    notes.append(f"The base period ends on {asked.base}. At the beginning of the data every area is new. A month with "
                 f"fewer than {FEW} events has no share.")  # fmt: skip
    if made[1] < made[0]:
        notes.append(f"The intervals rest on {made[1]} draws, not {made[0]}: there are many events.")
    return notes


def _draw(figure: Figure, table: pl.DataFrame, further: dict[str, pl.DataFrame], asked: Asked) -> None:
    from tocsin.analyse.shown.spread import draw

    draw(figure, table, further, asked)
