"""The tables of `approach`.

In:  its figures, as told and drawn. Out: months, records, rings, the trend, actors.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.draws import Interval
from tocsin.analyse.events import Events
from tocsin.analyse.methods import nearness
from tocsin.analyse.methods.nearing import Asked, Figures
from tocsin.analyse.methods.nearness import LOCAL_KM, RINGS, Near

NAMES = ("nearest_km", "record_km", "near_km", "circle")  # in the order of `nearness.series`
Numbers = NDArray[np.float64]
Bands = dict[str, Interval] | None


def with_bounds(name: str, values: Numbers, band: Interval | None, at: Any) -> dict[str, Numbers]:
    """A column and its bounds, where there are some."""
    bounds = {f"{name}_low": band.low[at], f"{name}_high": band.high[at]} if band else {}
    return {name: values[at], **bounds}


def frame(columns: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(columns).with_columns(pl.col(pl.Float64).fill_nan(None))


def table(told: Figures, band: Bands, asked: Asked) -> pl.DataFrame:
    """One row a month."""
    months = np.arange(asked.window.first, asked.window.last + 1).astype("datetime64[M]").astype("datetime64[D]")
    columns: dict[str, object] = {"month": months, "place": [asked.places[at].name for at in asked.aim_of]}
    for at, name in enumerate(NAMES):
        columns |= with_bounds(name, told.series, band["series"] if band else None, (slice(None), at))
    return frame(columns)


def records(held: Events, found: Near, drawn: list[Figures], asked: Asked) -> pl.DataFrame:
    """One row a record. `chance`: share of the draws in which the event came nearer than all before it."""
    at = nearness.records(found)
    rows = found.row[at]
    made = held.table[at].select("event_date", "id", "actor1", "actor2")
    again = np.mean([np.isin(rows, each.records) for each in drawn], axis=0) if drawn else np.full(len(rows), np.nan)
    low, high = np.maximum(found.km[at] - found.radius[at], 0), found.km[at] + found.radius[at]
    return made.with_columns(
        place=pl.Series([asked.places[each].name for each in found.aim[at]]), km=pl.Series(found.km[at]),
        km_low=pl.Series(low), km_high=pl.Series(high), certain=pl.Series(nearness.sure(found, at)),
        chance=pl.Series(again, nan_to_null=True),
    )  # fmt: skip


def rings(dated: Events, told: Figures, band: Bands, asked: Asked) -> pl.DataFrame:
    """One row a year and ring; events known only by their region are a ring of their own."""
    first, last = asked.window.first // 12, asked.window.last // 12
    names = [f"{low}-{high} km" for low, high in pairwise(RINGS)] + [f"over {RINGS[-1]} km"]
    columns = {"year": np.repeat(np.arange(first, last + 1) + 1970, len(names)), "ring": names * (last - first + 1)}
    values = with_bounds("events", told.rings, band["rings"] if band else None, (slice(None),))
    made = frame({**columns, **{name: each.ravel() for name, each in values.items()}})
    year = pl.col("event_date").dt.year().cast(pl.Int64)
    rough = dated.where((pl.col("radius_km") > LOCAL_KM) | (pl.col("geo_precision").fill_null(3) > 2)).table
    other = rough.group_by(year=year).agg(events=pl.len().cast(pl.Float64)).with_columns(ring=pl.lit("region only"))
    return pl.concat([made, other], how="diagonal").sort("year", maintain_order=True)


def trend(told: Figures, band: Bands, asked: Asked) -> pl.DataFrame:
    columns: dict[str, object] = {"place": [asked.last.name], "years": [asked.years]}
    return frame(columns | with_bounds("km_per_year", np.asarray(told.slope), band["slope"] if band else None, (None,)))


def actors(found: Near, told: Figures, band: Bands, asked: Asked) -> pl.DataFrame:
    """One row an actor with FEW events or more, those with most events within the radius first."""
    current = found.aim == asked.aim_of[-1]
    counts = [int((current & (asked.who == at).any(axis=1)).sum()) for at in range(len(asked.actors))]
    columns: dict[str, object] = {"actor": pl.Series(asked.actors, dtype=pl.String), "events": counts}
    for at, name in enumerate(("within", "nearest_km", "circle")):
        columns |= with_bounds(name, told.actors, band["actors"] if band else None, (slice(None), at))
    return frame(columns)
