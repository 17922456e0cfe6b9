"""Which events are violent, and which are political violence.

In:  the columns event_type and sub_event_type; data/violence.toml and the codebook's taxonomy.
Out: conditions on a table of events. An event whose type is not known is neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tocsin.analyse.methods.settings import DATA, settings
from tocsin.codebook import taxonomy
from tocsin.errors import DataError

PATH = DATA / "violence.toml"


@dataclass(frozen=True, slots=True)
class Violence:
    event_types: tuple[str, ...]
    sub_event_types: tuple[str, ...]


def violence(path: Path = PATH) -> Violence:
    """What the file calls violent; DataError for a type that the codebook does not have."""
    found, known = settings(Violence, path), taxonomy()
    for name in (*found.event_types, *found.sub_event_types):
        if name not in known.event_types and name not in known.sub_event_types:
            raise DataError(f"{path}:1: found {name!r}, expected a type or sub-event type of the codebook")
    return found


def violent() -> pl.Expr:
    """Battles, explosions, violence against civilians, riots, and excessive force against protesters."""
    return _among("event_type", violence().event_types) | _among("sub_event_type", violence().sub_event_types)


def political_violence() -> pl.Expr:
    """Sub-event types that the codebook calls political violence, demonstrations among them or not."""
    subs = taxonomy().sub_event_types.values()
    return _among("sub_event_type", tuple(sub.name for sub in subs if "political_violence" in sub.flags))


def _among(column: str, names: tuple[str, ...]) -> pl.Expr:
    return pl.any_horizontal(pl.col(column) == name for name in names).fill_null(value=False)
