"""All events as columns in memory, for what must be quick: the map, the timeline, the counts beside the filters.

In:  columns that go together (read.py makes them).
Out: `Index`: which events are asked for (a mask), and sums over them. About 170 bytes an event; the events themselves
     stay in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tocsin.serve.events.asked import Asked

T = TypeVar("T")
Mask = NDArray[np.bool_]
NAMES = ("country", "admin1", "admin2", "event_type", "sub_event_type", "actor1", "assoc_actor_1", "actor2",
         "assoc_actor_2", "location", "source", "region", "disorder_type", "inter1", "inter2",
         "interaction")  # fmt: skip
ACTORS = ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2")
SIDES = (ACTORS[:2], ACTORS[2:])
EPOCH = date(1970, 1, 1).toordinal()
NO_DAY = np.iinfo(np.int32).min
NUMBERS = count()  # of the indexes of this process


class Column:
    """A column of texts: each value once, and its number for each event. 0 is no value."""

    def __init__(self, values: Iterable[str], codes: NDArray[np.int32]) -> None:
        self.values, self.codes = list(values), codes

    def among(self, wanted: Iterable[str]) -> Mask:
        """Whose value is one of these, whatever the case."""
        folded = {each.casefold() for each in wanted}
        return self._those([value.casefold() in folded for value in self.values])

    def having(self, part: str) -> Mask:
        """Whose value has this part, whatever the case."""
        return self._those([part.casefold() in value.casefold() for value in self.values])

    def naming(self, name: str) -> Mask:
        """Whose value is this name, or a list parted by semicolons with it; the case counts."""
        return self._those([name == value or name in parts(value) for value in self.values])

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
    fatalities_low: NDArray[np.int32]  # where nobody says less: `fatalities`
    fatalities_high: NDArray[np.int32]
    time_precision: NDArray[np.int8]  # 0: not known; the same below
    geo_precision: NDArray[np.int8]
    x: NDArray[np.float64]  # web mercator, 0 to 1 from west to east; NaN: no place
    y: NDArray[np.float64]  # 0 to 1 from north to south
    longitude: NDArray[np.float32]
    latitude: NDArray[np.float32]
    radius_km: NDArray[np.float32]
    civilians: Mask
    reviewed: Mask
    confidence: NDArray[np.float32]  # of the least sure field; 1 where nobody said
    number: int = field(default_factory=NUMBERS.__next__)  # no other index of this process has it
    _once: dict[Callable[[Index], Any], Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.ids)

    def once(self, make: Callable[[Index], T]) -> T:
        """What `make` works out of the events; worked out once, as long as they stay the same."""
        if make not in self._once:
            self._once[make] = make(self)
        found: T = self._once[make]
        return found

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
        if asked.actor_is or asked.against:
            yield self._meeting(asked.actor_is or asked.against or "", asked.against if asked.actor_is else None)
        if asked.location_is:
            yield self.names["location"].naming(asked.location_is)
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

    def _meeting(self, name: str, other: str | None) -> Mask:
        """Where the actor takes part; with `other`, where that one stands on the other side."""
        first, second = self._sides(name)
        if other is None:
            return first | second
        there, here = self._sides(other)
        return (first & here) | (second & there)

    def _sides(self, name: str) -> list[Mask]:
        """Where the actor stands on the first side, and where on the second."""
        return [np.logical_or.reduce([self.names[column].naming(name) for column in side]) for side in SIDES]

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


def parts(value: str) -> list[str]:
    """The names in a column that may hold several."""
    return [part for each in value.split(";") if (part := each.strip())] if ";" in value else [value]


def day_number(day: str) -> int:
    return date.fromisoformat(day).toordinal() - EPOCH


def day_of(number: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=int(number))).isoformat()
