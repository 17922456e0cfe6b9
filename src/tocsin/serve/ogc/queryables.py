"""The properties of events that the filters of OGC's API may name.

In:  an Index, a property, an operator, a value.
Out: `Truth`: the events for which it holds, and those for which it does not.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any, Literal

import numpy as np

from tocsin.errors import UsageError
from tocsin.serve.events.asked import Asked
from tocsin.serve.events.index import NAMES, NO_DAY, Column, Index, Mask, day_number

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
Kind = Literal["text", "number", "day", "truth", "place"]


@dataclass(frozen=True, slots=True)
class Queryable:
    """A property that filters may name."""

    kind: Kind
    title: str


QUERYABLES: dict[str, Queryable] = {
    "event_id_cnty": Queryable("text", "Id"),
    "event_date": Queryable("day", "Day"),
    "year": Queryable("number", "Year"),
    **{name: Queryable("text", name.replace("_", " ").capitalize()) for name in NAMES},
    "civilian_targeting": Queryable("text", "'Civilians targeted' or nothing"),
    "fatalities": Queryable("number", "Fatalities"),
    "latitude": Queryable("number", "Latitude"),
    "longitude": Queryable("number", "Longitude"),
    "uncertainty_km": Queryable("number", "Kilometres by which the point may be off"),
    "confidence": Queryable("number", "Confidence of the least sure field"),
    "reviewed": Queryable("truth", "Whether somebody decided something about it"),
    "geometry": Queryable("place", "Place"),
}


@dataclass(frozen=True, slots=True)
class Truth:
    """Of each event whether a condition holds, or does not; neither where the value is not known."""

    yes: Mask
    no: Mask

    @classmethod
    def of(cls, right: Any, known: Mask) -> Truth:
        return cls(right & known, ~right & known)

    def __invert__(self) -> Truth:
        return Truth(self.no, self.yes)

    def __pos__(self) -> Truth:
        return self

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.yes | other.yes, self.no & other.no)


def equal(index: Index, name: str, text: str) -> Mask:
    """The events whose property has this value, written as in an address."""
    kind = kind_of(name)
    value: Any = text
    if kind == "number":
        value = number(text) if re.fullmatch(r"[+-]?[\d.]+(e[+-]?\d+)?", text, re.ASCII | re.I) else text
    elif kind == "truth":
        value = {"true": True, "false": False}.get(text.lower(), text)
    return compared(index, name, "=", value, folded=False).yes


def kind_of(name: str) -> Kind:
    """UsageError if there is no such property."""
    if name not in QUERYABLES:
        raise UsageError(f"found the property {name[:40]!r}, expected one of {', '.join(QUERYABLES)}.")
    return QUERYABLES[name].kind


def compared(index: Index, name: str, sign: str, value: Any, *, folded: bool) -> Truth:
    """The comparison of a property with a value; `folded`: capital letters do not matter."""
    kind, compare = kind_of(name), OPERATORS[sign]
    if kind == "day":
        number = day_number((value if isinstance(value, date) else day(str(value))).isoformat())
        return Truth.of(compare(index.days, number), known(index, name))
    _check(name, kind, value)
    if kind == "number":
        return Truth.of(compare(_numbers(index, name), value), known(index, name))
    if kind == "truth":
        return Truth.of(compare(index.reviewed, value), known(index, name))
    if name == "event_id_cnty":
        return Truth.of(compare(index.ids, value), known(index, name))
    if folded:
        return texts(index, name, lambda text: compare(text.casefold(), value.casefold()))
    return texts(index, name, lambda text: compare(text, value))


def _check(name: str, kind: Kind, value: Any) -> None:
    wanted = {"number": (float, "a number"), "text": (str, "a text in single quotes"), "truth": (bool, "true or false")}
    if kind not in wanted:
        raise UsageError(f"{name} cannot be compared with a value; ask S_INTERSECTS({name}, BBOX(...)).")
    if not isinstance(value, wanted[kind][0]):
        raise UsageError(f"{name}: found {value!r:.40}, expected {wanted[kind][1]}.")


def known(index: Index, name: str) -> Mask:
    """Of which events the property is known."""
    kind = kind_of(name)
    if kind == "text" and name != "event_id_cnty":
        return np.asarray(_column(index, name).codes != 0)
    if kind == "number":
        numbers = _numbers(index, name)
        return np.asarray(index.fatalities >= 0 if name == "fatalities" else ~np.isnan(numbers))
    if kind == "day":
        return np.asarray(index.days != NO_DAY)
    if kind == "place":
        return ~(np.isnan(index.longitude) | np.isnan(index.latitude))
    return np.ones(len(index), bool)


def texts(index: Index, name: str, holds: Callable[[str], bool]) -> Truth:
    """Of each different text it is asked once."""
    column = _column(index, name)
    right = np.array([holds(value) for value in column.values], bool)[column.codes]
    return Truth.of(right, column.codes != 0)


def box(index: Index, name: str, numbers: Sequence[float]) -> Mask:
    """The events in a box of four numbers, or of six with heights; it may cross the date line."""
    if len(numbers) not in (4, 6):
        raise UsageError(f"{name}: found {len(numbers)} numbers, expected west,south,east,north.")
    west, south, east, north = (*numbers[:2], *numbers[len(numbers) // 2 :][:2])
    if not all(map(isfinite, numbers)) or south > north:
        raise UsageError(f"{name}: found {list(numbers)}, expected west,south,east,north in degrees.")
    west, east = max(west, -180.0), min(east, 180.0)
    return index.where(Asked(bbox=(west, south, east, north)))


def number(text: str) -> float:
    found = float(text)
    if not isfinite(found):
        raise UsageError(f"found the number {text[:40]}, which is too large.")
    return found


def day(text: str) -> date:
    """The day of a day or of a moment, which counts by its day in UTC."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
        return (found.astimezone(UTC) if found.tzinfo else found).date()
    except (ValueError, OverflowError):
        raise UsageError(f"found {text[:40]!r}, expected a day such as 2024-03-12, or 2024-03-12T00:00:00Z.") from None


def _column(index: Index, name: str) -> Column:
    if name == "civilian_targeting":
        return Column(("", "Civilians targeted"), index.civilians.astype(np.int32))
    return index.names[name]


def _numbers(index: Index, name: str) -> Any:
    """The values; not a number where they are not known, but for fatalities."""
    if name == "year":
        years = index.days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.float64) + 1970
        years[index.days == NO_DAY] = np.nan
        return years
    return {"fatalities": index.fatalities, "latitude": index.latitude, "longitude": index.longitude,
            "uncertainty_km": index.radius_km, "confidence": index.confidence}[name]  # fmt: skip
