"""A place while the gazetteer is being built."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Draft:
    """A place while it is being put together."""

    id: int
    name: str
    kind: str
    lat: float | None
    lon: float | None
    country: str
    admin1: int | None = None
    admin2: int | None = None
    population: int | None = None
    feature: str | None = None
    radius: float | None = None
    seat: int | None = None
    names: set[str] = field(default_factory=set)
