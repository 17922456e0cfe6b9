"""The index, read from the database.

In:  a Store, or event rows.
Out: an Index.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from tocsin.exchange.writers.geojson import RADIUS_KM
from tocsin.serve.events.index import EPOCH, NAMES, NO_DAY, Column, Index
from tocsin.store import Store, schema
from tocsin.store.rows import batches, streamed

READ = ("id", "event_date", *NAMES, "fatalities", "latitude", "longitude", "time_precision", "geo_precision",
        "civilian_targeting", "detail")  # fmt: skip
DETAILS = ("place_radius_km", "fatalities_low", "fatalities_high")  # numbers that lie in `detail`
RADII = np.array([RADIUS_KM[3], *(RADIUS_KM[each] for each in (1, 2, 3))])  # by geo_precision; 0: not known
PART = 2000  # rows made into arrays at once: as many as a processor holds near
MOST_NORTH = 85.0511287798066  # where the square map of the web ends
Arrays = dict[str, Any]  # name -> array


class Numbers(dict[str | None, int]):
    """A number for each text, in the order in which they come; 0 is no text."""

    def __missing__(self, value: str | None) -> int:
        found: int = self.setdefault(value or "", len(self))
        return found


class Days(dict[str | None, int]):
    """Days since 1970 of ISO days; NO_DAY of none."""

    def __missing__(self, day: str | None) -> int:
        found: int = self.setdefault(day, date.fromisoformat(str(day)).toordinal() - EPOCH)
        return found


def read_index(store: Store) -> Index:
    """The index of all events of the database."""
    return index_since(store, 0, _none())


def index_since(store: Store, change: int, numbers: dict[str, Numbers]) -> Index:
    """The index of the events whose version is newer than the change."""
    with store.engine.connect() as connection:
        changed = connection.scalar(select(func.max(schema.change.c.seq))) or 0
        query = select(*(schema.event.c[name] for name in READ))
        query = query.where(schema.event.c.since > change) if change else query
        with closing(streamed(connection, query, PART)) as rows:
            found = _built(rows, changed, numbers)
    found.reviewed = np.isin(found.ids, list(reviewed(store, found.ids.tolist() if change else None)))
    return found


def index_of(rows: Iterable[Mapping[str, Any]], changed: int, numbers: dict[str, Numbers] | None = None) -> Index:
    """The index of event rows in any order."""
    return _built(map(_values, rows), changed, numbers or _none())


def _values(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What the database would say in the columns of READ."""
    detail = {name: row[name] for name in (*DETAILS, "confidence") if row.get(name) is not None}
    return (row["event_id_cnty"], *map(row.get, READ[1:-1]), json.dumps(detail))


def _none() -> dict[str, Numbers]:
    return {name: Numbers({"": 0}) for name in NAMES}


def last_change(store: Store) -> int:
    """The number of the database's last change."""
    with store.engine.connect() as connection:
        return connection.scalar(select(func.max(schema.change.c.seq))) or 0


def reviewed(store: Store, ids: Iterable[str] | None = None) -> set[str]:
    """Events about which somebody decided something. `ids`: only these are of interest."""
    d, c, m = schema.decision.c, schema.claim.c, schema.member.c
    named = select(d.event_id).where(d.until.is_(None), d.event_id.is_not(None))
    held = select(m.event_id).join(schema.claim, m.claim_id == c.id).join(schema.decision, d.claim == c.key)
    held = held.where(d.until.is_(None), m.until.is_(None))
    with store.engine.connect() as connection:
        if ids is None:
            return {*connection.scalars(named), *connection.scalars(held)}
        found = set[str]()
        for some in batches(ids):
            found.update(connection.scalars(named.where(d.event_id.in_(some))))
            found.update(connection.scalars(held.where(m.event_id.in_(some))))
        return found


def _built(rows: Iterator[tuple[Any, ...]], changed: int, numbers: dict[str, Numbers]) -> Index:
    """The index of rows with the columns of READ, in any order; read in parts, so that no part weighs much."""
    days = Days({None: NO_DAY, "": NO_DAY})
    held = _joined([_part(dict(zip(READ, zip(*batch, strict=True), strict=True)), numbers, days)
                    for batch in batches(rows, PART)])  # fmt: skip
    newest = np.lexsort((held["ids"], held["days"]))[::-1]  # quicker than an index of the database
    held = {name: values[newest] for name, values in held.items()}
    latitude = np.clip(held["latitude"], -MOST_NORTH, MOST_NORTH)
    return Index(
        changed=changed,
        names={name: Column(map(str, numbers[name]), held.pop(name)) for name in NAMES},
        x=(held["longitude"] + 180) / 360,
        y=(1 - np.arcsinh(np.tan(np.radians(latitude))) / np.pi) / 2,
        longitude=held.pop("longitude").astype(np.float32),
        latitude=held.pop("latitude").astype(np.float32),
        reviewed=np.zeros(len(newest), bool),
        **held,
    )


def _joined(parts: list[Arrays]) -> Arrays:
    """One array of each column."""
    empty = _part(dict.fromkeys(READ, ()), {name: Numbers() for name in NAMES}, Days())
    return {name: np.concatenate([part[name] for part in [*parts, empty]]) for name in empty}


def _part(given: Mapping[str, tuple[Any, ...]], numbers: Mapping[str, Numbers], days: Days) -> Arrays:
    """The arrays of some rows, named as those of the Index are."""
    radius, low, high, sure = _details(given["detail"]).T
    dead, geo = np.array(given["fatalities"], np.float64), _whole(given["geo_precision"], np.int8, 0)
    return {
        "ids": np.array(given["id"], np.str_),
        "days": np.fromiter(map(days.__getitem__, given["event_date"]), np.int32),
        **{name: np.fromiter(map(numbers[name].__getitem__, given[name]), np.int32) for name in NAMES},
        "fatalities": _whole(dead, np.int32, -1),
        "fatalities_low": _whole(np.fmin(low, dead), np.int32, -1),
        "fatalities_high": _whole(np.fmax(high, dead), np.int32, -1),
        "time_precision": _whole(given["time_precision"], np.int8, 0),
        "geo_precision": geo,
        "latitude": np.array(given["latitude"], np.float64),  # None becomes NaN
        "longitude": np.array(given["longitude"], np.float64),
        "radius_km": np.where(np.isnan(radius), RADII[np.where(geo > 3, 0, geo)], radius).astype(np.float32),
        "confidence": sure.astype(np.float32),
        "civilians": np.array(list(map(bool, given["civilian_targeting"])), bool),
    }


def _whole(values: Any, kind: type[np.signedinteger[Any]], unknown: int) -> NDArray[Any]:
    """Whole numbers; those that the column cannot hold become its greatest."""
    found = np.array(values, np.float64)  # None becomes NaN
    return np.clip(np.where(np.isnan(found), unknown, found), unknown, np.iinfo(kind).max).astype(kind)


def _details(given: Sequence[str]) -> NDArray[np.float64]:
    """Of each event the radius in km, the fewest and the most dead (NaN: not said), the confidence of the least sure
    field (1 where nobody said)."""
    found = np.tile((np.nan, np.nan, np.nan, 1.0), (len(given), 1))
    for at, detail in enumerate(given):
        if detail != "{}":
            held = json.loads(detail)
            sure = held.get("confidence")
            found[at, :3] = [np.nan if held.get(name) is None else float(held[name]) for name in DETAILS]
            found[at, 3] = min(sure.values()) if isinstance(sure, dict) and sure else 1.0
    return found
