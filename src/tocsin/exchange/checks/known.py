"""What checks look at besides the row.

In:  a gazetteer, a registry, the numbers of checks.toml, today.
Out: look-ups that remember; `first` for what was seen in an earlier event.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tocsin.countries import Country, by_name
from tocsin.exchange.checks.table import Limits, limits
from tocsin.locate.gazetteer import Gazetteer
from tocsin.locate.keys import key
from tocsin.registry import Registry
from tocsin.registry.tables import Group

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """Good for one pass over the events: it remembers what it has seen."""

    gazetteer: Gazetteer
    registry: Registry
    groups: Mapping[str, Group]  # of the registry, by the key of their name
    today: date
    limits: Limits = field(default_factory=limits)
    _seen: dict[tuple[str, Hashable], str] = field(default_factory=dict)

    def first(self, code: str, key: Hashable, name: str) -> str | None:
        """What was here first under this key: an earlier name, or None, and then it is `name` from now on."""
        found = self._seen.setdefault((code, key), name)
        return None if found == name else found

    def new(self, code: str, key: Hashable) -> bool:
        """Is this key here for the first time?"""
        count = len(self._seen)
        self._seen.setdefault((code, key), "")
        return len(self._seen) > count


def known(today: date) -> Known:
    """The gazetteer and the registry that come with Tocsin."""
    registry = Registry.load()
    groups = {key(group.name): group for group in registry.groups.values()}
    return Known(Gazetteer.open(), registry, groups, today)


def home(row: Row) -> Country | None:
    """The country of the row, None if it names none that is known."""
    name = text(row, "country")
    return by_name(name, "en") if name else None


def day(row: Row) -> date | None:
    try:
        return date.fromisoformat(text(row, "event_date"))
    except ValueError:
        return None


def point(row: Row) -> tuple[float, float] | None:
    """Latitude and longitude, None if one is missing or no number on the globe."""
    try:
        latitude, longitude = float(text(row, "latitude")), float(text(row, "longitude"))
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def whole(row: Row, column: str) -> int | None:
    found = text(row, column)
    return int(found) if found.isascii() and found.isdecimal() else None


def text(row: Row, column: str) -> str:
    """The cell as text, "" if it is blank."""
    value = row.get(column)
    return "" if value is None else str(value).strip()


def listed(row: Row, column: str) -> list[str]:
    """The entries of a list cell."""
    return [part.strip() for part in text(row, column).split(";") if part.strip()]
