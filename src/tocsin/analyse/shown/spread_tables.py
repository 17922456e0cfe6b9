"""The tables of `spread`.

In:  its figures, as told and drawn. Out: months, centres, new areas, the core area, actors.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from tocsin.analyse.methods import outward
from tocsin.analyse.methods.centre import MONTHS, NAMES
from tocsin.analyse.methods.spreading import Asked, Bands, Figures
from tocsin.analyse.periods import number_of, start_of
from tocsin.analyse.shown.approach_tables import frame, with_bounds


def table(told: Figures, band: Bands, asked: Asked) -> pl.DataFrame:
    """One row a month; `since_base`: the month lies after the base period."""
    span = asked.span
    months = np.arange(span.first, span.last + 1)
    days = asked.areas.days.astype(np.int64)
    events = np.bincount(number_of(days, "month") - span.first, minlength=span.length)
    base = int(number_of(np.array([span.base + 1], np.int64), "month")[0])
    columns: dict[str, Any] = {"month": months.astype("datetime64[M]").astype("datetime64[D]"), "events": events}
    columns |= with_bounds("new", told.outward.new, band["new"] if band else None, ...)
    columns |= {"areas": np.cumsum(told.outward.new).astype(int)}
    columns |= with_bounds("outside", told.outward.outside, band["outside"] if band else None, ...)
    return frame(columns | {"since_base": months >= base})


def centres(told: Figures, band: Bands, asked: Asked) -> pl.DataFrame:
    """One row a period; `turn`: the direction of the long half axis, in degrees from north."""
    first, last, every = asked.periods
    starts = [start_of(at * MONTHS[every], "month") for at in range(first, last + 1)]
    columns: dict[str, Any] = {"period": starts}
    for at, name in enumerate(NAMES):
        bounds = band["centres"] if band and name != "turn" else None  # a direction has no lowest value
        columns |= with_bounds(name, told.centres, bounds, (slice(None), at))
    return frame(columns)


def new(asked: Asked) -> pl.DataFrame:
    """One row an area: its first event, how many it had in all, and whether the place of one is `exact`."""
    held = asked.areas.table.sort("event_date", "id").with_columns(name=_names(asked))
    found = held.group_by("name", maintain_order=True).agg(
        first=pl.col("event_date").first(), id=pl.col("id").first(), latitude=pl.col("latitude").mean(),
        longitude=pl.col("longitude").mean(), events=pl.len(), exact=(pl.col("geo_precision") == 1).any(),
    )  # fmt: skip
    return found.rename({"name": "area"}).with_columns(since_base=pl.col("first") > asked.base)


def core(asked: Asked) -> pl.DataFrame:
    """One row an area of the core, the one with most events first."""
    before = asked.areas.table.filter(pl.col("event_date") <= asked.base)
    held = outward.core(before["area"].to_numpy(), asked.span.core).tolist()
    found = before.with_columns(name=_names(asked)).filter(pl.col("area").is_in(held))
    return found.group_by(area="name").agg(
        events=pl.len(), latitude=pl.col("latitude").mean(), longitude=pl.col("longitude").mean()
    ).sort("events", "area", descending=[True, False])  # fmt: skip


def _names(asked: Asked) -> pl.Expr:
    """Names of units; of cells, as H3 writes them."""
    if asked.unit != "h3":
        return pl.col("name")
    return pl.col("area").map_elements(lambda cell: f"{cell:x}", return_dtype=pl.String)


def actors(told: Figures, band: Bands, asked: Asked) -> pl.DataFrame:
    """One row an actor: where it had no events before, and its share outside its own earlier core area."""
    columns: dict[str, Any] = {"actor": pl.Series(asked.actors, dtype=pl.String)}
    for at, name in enumerate(("events_base", "events_since", "new", "outside")):
        columns |= with_bounds(name, told.actors, band["actors"] if band and at > 1 else None, (slice(None), at))
    return frame(columns)
