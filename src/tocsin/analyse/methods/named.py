"""Areas that somebody names: countries or first-order units, parted by ";".

In:  Events with the columns country and admin1, names.
Out: the events there; UsageError for a name that no event has, with those that are alike.
"""

from __future__ import annotations

from difflib import get_close_matches

import polars as pl

from tocsin.analyse.events import Events
from tocsin.errors import UsageError

UNITS = ("country", "admin1")


def among(events: Events, area: str | None, compared_with: str | None) -> tuple[Events, Events | None]:
    """The events of the area (left out: of all areas that are not compared with), and those of the others."""
    others = _there(events, "--compared-with", compared_with) if compared_with else None
    own = _there(events, "--area", area) if area else ~others if others is not None else pl.lit(value=True)
    if others is not None and area and len(both := events.where(own & others)):
        raise UsageError(f"--area and --compared-with: found {len(both):,} events in both, expected areas apart.")
    return events.where(own), None if others is None else events.where(others)


def _there(events: Events, option: str, names: str) -> pl.Expr:
    """Is an event in one of these areas? A name may be written small."""
    known = {name.casefold(): name for unit in UNITS for name in _known(events, unit)}
    wanted = [name.strip() for name in names.split(";") if name.strip()]
    if not wanted:
        raise UsageError(f"{option} {names!r}: expected names of countries or regions, parted by a semicolon.")
    for name in wanted:
        if name.casefold() not in known:
            like = [known[each] for each in get_close_matches(name.casefold(), known, 3)]
            hint = f"; did you mean {' or '.join(like)}?" if like else "."
            raise UsageError(f"{option} {name}: no event in {events.name} is in a country or region of that name{hint}")
    found = [known[name.casefold()] for name in wanted]
    return pl.any_horizontal(pl.col(unit).cast(pl.String).is_in(found).fill_null(value=False) for unit in UNITS)


def _known(events: Events, unit: str) -> list[str]:
    return events.table[unit].drop_nulls().cast(pl.String).unique().sort().to_list()
