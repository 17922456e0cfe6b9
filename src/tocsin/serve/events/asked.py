"""Which events a page, a tile or a download is about: the same words in every address.

In:  the query part of an address.
Out: `Asked`, and back: `Asked.query()` is what a link to the same view needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Protocol
from urllib.parse import urlencode

from tocsin.errors import UsageError

Point = tuple[float, float]  # longitude, latitude
CORNERS = 200  # of a drawn area at most
VALUES = 300  # of one list at most
YES, NO = ("1", "true", "yes"), ("0", "false", "no")


class Query(Protocol):
    """The parameters of an address; a name may come several times."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is given must hold; of several values in one list any. Days are ISO, both ends inclusive."""

    since: str | None = None
    until: str | None = None
    country: tuple[str, ...] = ()
    admin1: tuple[str, ...] = ()
    event_type: tuple[str, ...] = ()
    sub_event_type: tuple[str, ...] = ()
    actor: str | None = None  # part of any of the four actor columns
    actor_is: str | None = None  # the whole name of one of the actors
    against: str | None = None  # the whole name of one on the other side than `actor_is`
    location_is: str | None = None  # the whole name of the location
    source: str | None = None  # part of the source column
    text: str | None = None  # part of the location or the notes
    fatalities_min: int | None = None
    fatalities_max: int | None = None
    civilians: bool | None = None  # civilian targeting
    reviewed: bool | None = None  # somebody decided something about it
    confidence_min: float | None = None  # of the least sure field; imported events have none and always hold
    bbox: tuple[float, float, float, float] | None = None  # west, south, east, north
    area: tuple[Point, ...] = ()  # corners of a drawn area

    @classmethod
    def of(cls, query: Query) -> Asked:
        """UsageError says what is wrong with the first wrong value. Other parameters than ours are left alone."""
        given = {field.name: query.getlist(field.name) for field in fields(cls)}
        return cls(**{name: _READ[name](name, values) for name, values in given.items() if any(values)})

    def query(self) -> str:
        """The query part of an address that asks for the same, in one order."""
        return urlencode([(name, text) for name in _READ for text in _written(getattr(self, name))])

    def query_of(self, name: str) -> str:
        """The value of one parameter, as an address writes it."""
        return "".join(_written(getattr(self, name)))


def _written(value: Any) -> Iterable[str]:
    if value is None or value == ():
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, tuple) and value and isinstance(value[0], float):
        return [",".join(f"{part:g}" for part in value)]
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return [";".join(f"{x:.4f},{y:.4f}" for x, y in value)]
    return value if isinstance(value, tuple) else [str(value)]


def _text(_name: str, values: list[str]) -> str:
    return values[0].strip()


def _list(name: str, values: list[str]) -> tuple[str, ...]:
    if len(values) > VALUES:
        raise UsageError(f"{name}: found {len(values)} values, expected at most {VALUES}.")
    return tuple(dict.fromkeys(value for value in values if value))


def _day(name: str, values: list[str]) -> str:
    try:
        return date.fromisoformat(values[0]).isoformat()
    except ValueError:
        raise UsageError(f"{name}: found {values[0][:40]!r}, expected a day such as 2024-03-12.") from None


def _whole(name: str, values: list[str]) -> int:
    if not values[0].isascii() or not values[0].isdigit() or len(values[0]) > 9:
        raise UsageError(f"{name}: found {values[0][:40]!r}, expected a whole number.")
    return int(values[0])


def _share(name: str, values: list[str]) -> float:
    (found,) = _numbers(name, values[0], 1)
    if not 0 <= found <= 1:
        raise UsageError(f"{name}: found {found:g}, expected a number from 0 to 1.")
    return found


def _flag(name: str, values: list[str]) -> bool:
    value = values[0].lower()
    if value not in YES + NO:
        raise UsageError(f"{name}: found {values[0][:40]!r}, expected yes or no.")
    return value in YES


def _box(name: str, values: list[str]) -> tuple[float, float, float, float]:
    west, south, east, north = _numbers(name, values[0], 4)
    if not (-90 <= south <= north <= 90 and -180 <= west <= 180 and -180 <= east <= 180):
        raise UsageError(f"{name}: found {values[0][:60]!r}, expected west,south,east,north in degrees.")
    return west, south, east, north


def _area(name: str, values: list[str]) -> tuple[Point, ...]:
    corners = values[0].split(";")
    if not 3 <= len(corners) <= CORNERS:
        raise UsageError(f"{name}: found {len(corners)} corners, expected 3 to {CORNERS}: lon,lat;lon,lat;lon,lat.")
    return tuple((x, y) for x, y in (_numbers(name, corner, 2) for corner in corners))


def _numbers(name: str, text: str, count: int) -> tuple[float, ...]:
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if len(found) != count or not all(abs(part) < 1e6 for part in found):
        raise UsageError(f"{name}: found {text[:60]!r}, expected {count} numbers parted by commas.")
    return found


_READ: Mapping[str, Any] = {
    "since": _day, "until": _day, "country": _list, "admin1": _list, "event_type": _list, "sub_event_type": _list,
    "actor": _text, "actor_is": _text, "against": _text, "location_is": _text, "source": _text, "text": _text,
    "fatalities_min": _whole, "fatalities_max": _whole,
    "civilians": _flag, "reviewed": _flag, "confidence_min": _share, "bbox": _box, "area": _area,
}  # fmt: skip
