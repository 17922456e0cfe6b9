"""The events that a role may see, as analyses want them.

In:  a View and a filter.
Out: `Events`, the same table that `tocsin analyse` reads of a database.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.events import CATEGORIES, Events, period_of
from tocsin.serve.events.asked import Asked
from tocsin.serve.events.index import NO_DAY, Column, Index, Mask
from tocsin.store import Filter


def events_of(index: Index, mask: Mask, asked: Asked, name: str) -> Events:
    """The events of the mask, oldest first. What the role may not see is not in its index."""
    rows = np.flatnonzero(mask)[::-1]  # the index begins with the newest
    latitude, longitude = index.latitude[rows].astype(float), index.longitude[rows].astype(float)
    table = pl.DataFrame({
        "id": index.ids[rows],
        "event_date": pl.Series(_unless(index.days[rows], NO_DAY)).cast(pl.Date),
        "time_precision": pl.Series(_unless(index.time_precision[rows], 0)),
        "latitude": pl.Series(latitude, nan_to_null=True), "longitude": pl.Series(longitude, nan_to_null=True),
        "geo_precision": pl.Series(_unless(index.geo_precision[rows], 0)),
        "radius_km": pl.Series(np.where(np.isnan(latitude), np.nan, index.radius_km[rows]), nan_to_null=True),
        **{part: pl.Series(_unless(getattr(index, part)[rows], -1))
           for part in ("fatalities", "fatalities_low", "fatalities_high")},
        **{part: _named(column, rows) for part, column in index.names.items() if part in CATEGORIES},
        "civilian_targeting": pl.Series(np.where(index.civilians[rows], "Civilians targeted", "")).replace("", None),
    })  # fmt: skip
    wanted = _filter(asked)
    return Events(table.sort("event_date", "id"), name, wanted, period_of(table, wanted))


def _unless(values: NDArray[Any], nothing: int) -> pl.Series:
    held = pl.Series("", values)
    return held.set(pl.Series("", values == nothing), None)


def _named(column: Column, rows: NDArray[np.int64]) -> pl.Series:
    """Each value once as a category; number 0 is no value."""
    values = pl.Series("", [None, *column.values[1:]], dtype=pl.String).cast(pl.Categorical)
    return values.gather(column.codes[rows])


def _filter(asked: Asked) -> Filter:
    """The filter in the words of a source line."""
    country, admin1, event_type, sub_event_type = (
        ", ".join(each) or None for each in (asked.country, asked.admin1, asked.event_type, asked.sub_event_type)
    )
    return Filter(country, admin1, event_type, sub_event_type, asked.actor_is or asked.actor, asked.since, asked.until)
