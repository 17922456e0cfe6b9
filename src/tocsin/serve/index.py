"""All events as columns in memory, for what must be quick: the map, the timeline, the counts beside the filters.

In:  a Store.
Out: `Index`: which events are asked for (a mask), and sums over them. About 60 bytes an event; the events themselves
     stay in the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from tocsin.serve.asked import Asked
from tocsin.store import Store, schema
from tocsin.store.rows import streamed

Mask = NDArray[np.bool_]
NAMES = ("country", "admin1", "event_type", "sub_event_type", "actor1", "assoc_actor_1", "actor2", "assoc_actor_2",
         "location", "source")  # fmt: skip
ACTORS = ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2")
READ = (
    "id",
    "event_date",
    *NAMES,
    "fatalities",
    "latitude",
    "longitude",
    "geo_precision",
    "civilian_targeting",
    "detail",
)
EPOCH = date(1970, 1, 1).toordinal()
NO_DAY = np.iinfo(np.int32).min
RADII = {1: 5.0, 2: 25.0, 3: 100.0}  # km that a geo_precision stands for where the event does not say
MOST_NORTH = 85.0511287798066  # where the square map of the web ends


@dataclass
class Column:
    """A column of texts: each value once, and its number for each event. 0 is no value."""

    values: list[str] = field(default_factory=lambda: [""])
    number: dict[str, int] = field(default_factory=lambda: {"": 0})
    codes: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))

    def code(self, value: str | None) -> int:
        found = self.number.setdefault(value or "", len(self.values))
        if found == len(self.values):
            self.values.append(value or "")
        return found

    def among(self, wanted: Iterable[str]) -> Mask:
        """Whose value is one of these, whatever the case."""
        folded = {each.casefold() for each in wanted}
        return self._those([value.casefold() in folded for value in self.values])

    def having(self, part: str) -> Mask:
        """Whose value has this part, whatever the case."""
        return self._those([part.casefold() in value.casefold() for value in self.values])

    def counts(self, mask: Mask) -> list[tuple[str, int]]:
        """Values and how many of the events in the mask have them, the most first."""
        found = np.bincount(self.codes[mask], minlength=len(self.values))
        order = np.argsort(-found, kind="stable")
        return [(self.values[each], int(found[each])) for each in order.tolist() if found[each] and each]

    def _those(self, right: Sequence[bool]) -> Mask:
        chosen: Mask = np.asarray(right, bool)[self.codes]
        return chosen


@dataclass
class Index:
    """The events, newest first. Rows of all arrays go together; `changed`: the last change of the database seen."""

    changed: int
    ids: NDArray[np.str_]
    days: NDArray[np.int32]  # days since 1970; NO_DAY: no date
    names: dict[str, Column]
    fatalities: NDArray[np.int32]  # -1: not known
    x: NDArray[np.float64]  # web mercator, 0 to 1 from west to east; NaN: no place
    y: NDArray[np.float64]  # 0 to 1 from north to south
    longitude: NDArray[np.float32]
    latitude: NDArray[np.float32]
    radius_km: NDArray[np.float32]
    civilians: Mask
    reviewed: Mask
    confidence: NDArray[np.float32]  # of the least sure field; 1 where nobody said

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def place_of(self) -> dict[str, int]:
        """The row of each event."""
        return {name: row for row, name in enumerate(self.ids.tolist())}

    def where(self, asked: Asked) -> Mask:
        """Which events are asked for."""
        mask = np.ones(len(self), bool)
        for part in self._conditions(asked):
            mask &= part
        return mask

    def _conditions(self, asked: Asked) -> Iterator[Mask]:
        if asked.since:
            yield self.days >= day_number(asked.since)
        if asked.until:
            yield (self.days <= day_number(asked.until)) & (self.days != NO_DAY)
        for name in ("country", "admin1", "event_type", "sub_event_type"):
            if wanted := getattr(asked, name):
                yield self.names[name].among(wanted)
        if asked.actor:
            yield np.logical_or.reduce([self.names[name].having(asked.actor) for name in ACTORS])
        if asked.source:
            yield self.names["source"].having(asked.source)
        if asked.text:
            yield self.names["location"].having(asked.text)
        if asked.fatalities_min is not None:
            yield self.fatalities >= asked.fatalities_min
        if asked.fatalities_max is not None:
            yield (self.fatalities <= asked.fatalities_max) & (self.fatalities >= 0)
        if asked.civilians is not None:
            yield self.civilians == asked.civilians
        if asked.reviewed is not None:
            yield self.reviewed == asked.reviewed
        if asked.confidence_min is not None:
            yield self.confidence >= asked.confidence_min
        if asked.bbox:
            yield self._in_box(*asked.bbox)
        if asked.area:
            yield self._in_area(np.asarray(asked.area))

    def _in_box(self, west: float, south: float, east: float, north: float) -> Mask:
        wide = (self.longitude >= west) & (self.longitude <= east)
        if west > east:  # over the date line
            wide = (self.longitude >= west) | (self.longitude <= east)
        found: Mask = wide & (self.latitude >= south) & (self.latitude <= north)
        return found

    def _in_area(self, corners: NDArray[np.float64]) -> Mask:
        """Inside the polygon: a line to the east crosses its border an odd number of times."""
        inside = np.zeros(len(self), bool)
        for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            if y1 == y2:
                continue
            between = (self.latitude >= min(y1, y2)) & (self.latitude < max(y1, y2))
            crossing = x1 + (self.latitude - y1) / (y2 - y1) * (x2 - x1)
            inside ^= between & (self.longitude < crossing)
        return inside


def read_index(store: Store) -> Index:
    """The index of all events of the database."""
    with store.engine.connect() as connection:
        changed = connection.scalar(select(func.max(schema.change.c.seq))) or 0
        query = select(*(schema.event.c[name] for name in READ))
        query = query.order_by(schema.event.c.event_date.desc(), schema.event.c.id.desc())
        with closing(streamed(connection, query, 5000)) as rows:
            return _built(rows, changed, _reviewed(store))


def index_of(rows: Iterable[Mapping[str, Any]], changed: int) -> Index:
    """The index of event rows in any order."""
    newest = sorted(rows, key=lambda row: (row["event_date"] or "", row["event_id_cnty"]), reverse=True)
    values = ((row["event_id_cnty"], *(row.get(name) for name in READ[1:-1]), json.dumps(
        {name: row.get(name) for name in ("place_radius_km", "confidence")})) for row in newest)  # fmt: skip
    return _built(values, changed, set())


def last_change(store: Store) -> int:
    """The number of the database's last change."""
    with store.engine.connect() as connection:
        return connection.scalar(select(func.max(schema.change.c.seq))) or 0


def day_number(day: str) -> int:
    return date.fromisoformat(day).toordinal() - EPOCH


def day_of(number: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=int(number))).isoformat()


def _reviewed(store: Store) -> set[str]:
    """Events about which somebody decided something."""
    decisions = store.decisions()
    by_claim = store.events_of(row["claim"] for row in decisions if row["claim"])
    return {row["event_id"] for row in decisions if row["event_id"]} | set(by_claim.values())


def _built(rows: Iterable[tuple[Any, ...]], changed: int, reviewed: set[str]) -> Index:
    names = {name: Column() for name in NAMES}
    coders = [names[name].code for name in NAMES]
    ids, days, codes, numbers = [], [], [], []
    known: dict[str | None, int] = {None: NO_DAY, "": NO_DAY}
    for event_id, day, *rest in rows:
        ids.append(event_id)
        if day not in known:
            known[day] = day_number(day)
        days.append(known[day])
        texts, (dead, latitude, longitude, precision, civilians, detail) = rest[: len(NAMES)], rest[len(NAMES) :]
        codes.append([code(text) for code, text in zip(coders, texts, strict=True)])
        numbers.append((-1 if dead is None else dead, _or_nan(latitude), _or_nan(longitude),
                        *_detail(detail, precision), bool(civilians)))  # fmt: skip
    table = np.array(codes, np.int32).reshape(len(ids), len(NAMES))
    for at, name in enumerate(NAMES):
        names[name].codes = np.ascontiguousarray(table[:, at])
    held = np.array(numbers, np.float64).reshape(len(ids), 6)
    latitude = np.clip(held[:, 1], -MOST_NORTH, MOST_NORTH)
    return Index(
        changed, np.array(ids, dtype=str), np.array(days, np.int32), names, held[:, 0].astype(np.int32),
        (held[:, 2] + 180) / 360, (1 - np.arcsinh(np.tan(np.radians(latitude))) / np.pi) / 2,
        held[:, 2].astype(np.float32), held[:, 1].astype(np.float32), held[:, 3].astype(np.float32),
        held[:, 5] > 0, np.array([each in reviewed for each in ids], bool), held[:, 4].astype(np.float32),
    )  # fmt: skip


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _detail(detail: str, precision: int | None) -> tuple[float, float]:
    """Kilometres by which the point may be off, and the confidence of the least sure field."""
    if detail == "{}":
        return RADII.get(precision or 3, 100.0), 1.0
    held = json.loads(detail)
    radius, sure = held.get("place_radius_km"), held.get("confidence")
    least = min(sure.values()) if isinstance(sure, dict) and sure else 1.0
    return float(radius if radius is not None else RADII.get(precision or 3, 100.0)), float(least)
