"""How near events come to a place: the capital, a town, a point.

In:  Events; a place.
Out: a row for each month: the nearest event, the nearest so far, the distance within which 5 % of the last events lie,
     and the share of the circle around the place that has events; the record days, rings by year, and actors.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import polars as pl

from tocsin.analyse.answer import Answer, number, percent
from tocsin.analyse.draws import DRAWS, Draws
from tocsin.analyse.events import Events
from tocsin.analyse.methods import nearing
from tocsin.analyse.methods.capitals import aims
from tocsin.analyse.methods.nearing import Asked
from tocsin.analyse.methods.nearness import LEAST, LOCAL_KM, near
from tocsin.analyse.shown import approach_tables as tables
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = ("country", "actor1", "actor2")


def approach(
    events: Events,
    draws: Draws = DRAWS,
    *,
    place: Annotated[str | None, "A town, or latitude,longitude. Left out: the country's capital of the time."] = None,
    radius_km: Annotated[float, "Km around the place within which events surround it."] = 100.0,
    months: Annotated[int, "Months of the running quantile and of the circle."] = 12,
    years: Annotated[int, "Years of the trend, up to the last day."] = 5,
) -> Answer:
    """How near events come to a place: records, the nearest 5 %, the trend, and how far they surround it."""
    _checked(radius_km, months, years)
    dated = events.dated().placed().demanded(1, "events with a date and a point")
    places = aims(dated, place)
    local = (pl.col("radius_km") <= LOCAL_KM) & (pl.col("geo_precision").fill_null(3) <= 2)
    held = dated.where(local).demanded(1, f"events whose place is known to within {LOCAL_KM:g} km")
    held = held.of(held.table.with_row_index("row"))
    asked = nearing.asked(held, places, months, radius_km, years)
    table, further, made = _tables(dated, held, draws, asked)
    latest = further["records"].filter(pl.col("place") == asked.last.name).tail(1)
    return Answer(
        "approach",
        _sentence(table, latest, further["trend"], asked),
        table,
        events.about,
        (*_left_out(events, dated, held), *_notes(held, asked, (draws.count, made))),
        further,
        lambda figure: _draw(figure, held, table, further["records"], asked),
        tuple(latest["id"]),
        newest_last=True,
    )


def _checked(radius_km: float, months: int, years: int) -> None:
    if not 1 <= radius_km <= 20_000:
        raise UsageError(f"--radius-km {radius_km:g}: expected 1 to 20000 km.")
    if not 1 <= months <= 1200 or not 1 <= years <= 100:
        raise UsageError(f"--months {months}, --years {years}: expected 1 to 1200 months and 1 to 100 years.")


def _tables(
    dated: Events, held: Events, draws: Draws, asked: Asked
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame], int]:
    """The table of months, the further ones, and how many draws were made."""
    found = near(held, asked.places)
    told = nearing.figures(held, asked, np.random.default_rng(draws.seed), resample=False)
    drawn, made = nearing.drawn(held, asked, draws)
    band = nearing.band(told, drawn)
    further = {
        "records": tables.records(held, found, drawn, asked),
        "rings": tables.rings(dated, told, band, asked),
        "trend": tables.trend(told, band, asked),
        "actors": tables.actors(found, told, band, asked),
    }
    return tables.table(told, band, asked), further, made


# -- words -----------------------------------------------------------------------------------------------------------


def _sentence(table: pl.DataFrame, latest: pl.DataFrame, trend: pl.DataFrame, asked: Asked) -> str:
    """The record and its day, how near the last events came, whether they come nearer, how far they surround it."""
    end, name, window = table.row(-1, named=True), asked.last.name, asked.window
    if not latest.height:
        return f"No event whose place is known has happened since {name} became the capital."
    since = f"since it became the capital on {asked.last.since}" if len(set(asked.aim_of.tolist())) > 1 else "so far"
    said = f"The nearest event to {name} {since} was {_bounded(end, 'record_km')} away, on {latest['event_date'][0]}"
    last = f"the last {window.months} months" if window.months > 1 else "the last month"
    if end["near_km"] is None:
        said += f"; {last} had fewer than {LEAST} events, too few for a 5 % quantile"
    else:
        said += f"; in {last} 5 % of events came within {_bounded(end, 'near_km')}"
    if end["circle"] is not None:
        share = percent(end["circle"], end.get("circle_low"), end.get("circle_high"))
        said += f", and events within {window.radius_km:g} km stood in {share} of the directions around it"
    return f"{said}; {_direction(trend.row(0, named=True), asked.years)}."


def _direction(trend: dict[str, Any], years: int) -> str:
    """In words only as far as the interval is on one side of 0."""
    value, low, high = (trend.get(each) for each in ("km_per_year", "km_per_year_low", "km_per_year_high"))
    over = f"over {years} years" if years > 1 else "over a year"
    if value is None:
        return f"{over} too few events for a trend"
    if low is not None and high is not None and low <= 0 <= high:
        sign = "" if abs(value) < 0.5 else "+" if value > 0 else "−"
        return f"{over} the middle event shows no clear trend: {sign}{number(abs(value), low, high, unit='km')} a year"
    way = "came nearer by" if value < 0 else "moved away by"
    low, high = (low, high) if value >= 0 or low is None or high is None else (-high, -low)
    return f"{over} the middle event {way} {number(abs(value), low, high, unit='km')} a year"


def _bounded(row: dict[str, Any], name: str) -> str:
    return number(row[name], row.get(f"{name}_low"), row.get(f"{name}_high"), unit="km")


def _left_out(events: Events, dated: Events, held: Events) -> list[str]:
    notes = []
    if len(events) > len(dated):
        notes.append(f"{len(events) - len(dated):,} events without a date or a point are left out.")
    if len(dated) > len(held):
        notes.append(f"{len(dated) - len(held):,} of {len(dated):,} events are known only by a district or region "
                     f"(off by more than {LOCAL_KM:g} km); they set no record and are a ring apart.")  # fmt: skip
    return notes


def _notes(held: Events, asked: Asked, made: tuple[int, int]) -> list[str]:
    place, notes = asked.last, []
    for before, after in pairwise(asked.places):
        if held.table["event_date"][0] < after.since <= held.last:
            notes.append(f"The capital was {before.name} until {after.since}, then {after.name}; each event is "
                         f"measured to the capital of its day, records start anew. Source: {after.note}.")  # fmt: skip
    if place.note and len(asked.places) == 1:
        notes.append(place.note)
    notes.append(f"Distances are to the middle of {place.name}; an event within {place.radius_km:g} km of it "
                 "(as far as its houses may reach) has no direction.")  # fmt: skip
    if made[1] < made[0]:
        notes.append(f"The intervals rest on {made[1]} draws, not {made[0]}: there are many events.")
    if made[1]:
        notes.append("The interval of the trend also takes whole months by chance, with replacement (bootstrap).")
    return notes


def _draw(figure: Figure, held: Events, table: pl.DataFrame, records: pl.DataFrame, asked: Asked) -> None:
    from tocsin.analyse.shown.approach import draw

    draw(figure, held, table, records, asked)
