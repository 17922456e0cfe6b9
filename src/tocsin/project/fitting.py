"""Whether a column can hold a value that a person sets: what does not fit would stop all who read the events.

In:  a column, a value as a form, a program or a command gives it.
Out: the value as the column has it; UsageError if it does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from math import isfinite
from typing import Any

from tocsin.codebook.columns import Column, columns
from tocsin.errors import UsageError

LIMITS: Mapping[str, tuple[float, float]] = {
    "latitude": (-90, 90), "longitude": (-180, 180), "fatalities": (0, 1_000_000), "place_radius_km": (0, 20_100),
    "year": (1, 9999), "iso": (0, 999), "timestamp": (0, 253_370_764_800),
}  # fmt: skip


def fitted(name: str, value: Any) -> Any:
    """None, what is not known, fits everywhere. Columns that are not ACLED's take any finite value."""
    column = _known().get(name)
    if value is None:
        return None
    try:
        found = _KINDS[column.type][0](value) if column else value
    except (ValueError, TypeError, OverflowError):
        expected = _KINDS[column.type][1] if column else ""
        raise UsageError(f"{name}: found {str(value)[:40]!r}, expected {expected}.") from None
    number = isinstance(found, int | float)
    low, high = LIMITS.get(name, (-1e9, 1e9))
    if number and not (isfinite(found) and low <= found <= high):
        raise UsageError(f"{name}: found {found:.9g}, expected {low:.9g} to {high:.9g}.")
    if number and column and column.values and found not in column.values:
        raise UsageError(f"{name}: found {found:g}, expected one of {', '.join(map(str, column.values))}.")
    return found


def _whole(value: Any) -> int:
    if isinstance(value, float) and value != int(value):
        raise ValueError
    return int(value)


def _day(value: Any) -> str:
    return date.fromisoformat(str(value)).isoformat()


_KINDS: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "int": (_whole, "a whole number"),
    "float": (float, "a number"),
    "date": (_day, "a day such as 2024-03-11"),
    "str": (str, "text"),
    "list": (str, "text"),
}


@cache
def _known() -> Mapping[str, Column]:
    return {column.name: column for column in columns()}
