"""How many people live near events, nobody counted twice.

In:  Events with exact points.
Out: a row for each radius (1, 2, 5 km, and the best one for each type of event) and group: people, their interval, and
     their share of all that are known.

A person is counted once in each row, however many events are near: the circles around events are dissolved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import Answer, number, percent
from tocsin.analyse.draws import DRAWS, Draws, Interval, holding, interval_of
from tocsin.analyse.events import Events
from tocsin.analyse.methods import people as living
from tocsin.analyse.methods.people import People
from tocsin.analyse.methods.settings import DATA, settings
from tocsin.analyse.methods.sphere import in_space, straight
from tocsin.analyse.shown import people as living_map
from tocsin.codebook import taxonomy
from tocsin.errors import DataError, UsageError

COLUMNS = ("country", "event_type")
PATH = DATA / "exposure.toml"
RADII = (1.0, 2.0, 5.0)  # km
ROWS = ("1 km", "2 km", "5 km", "best")
ALL = "all"
MOST_GROUPS = 300
DRAWN_POINTS = 20_000_000  # over all draws and groups
Table = NDArray[np.float64]  # groups x rows


@dataclass(frozen=True, slots=True)
class Reach:
    within_5_km: tuple[str, ...]
    within_2_km: tuple[str, ...]
    within_1_km: tuple[str, ...]
    people_per_km2: float
    left_out: tuple[str, ...]


def reach(path: Path = PATH) -> Reach:
    """What the file says; DataError for a type that the codebook does not have, or that stands twice."""
    found = settings(Reach, path)
    given = [*found.within_5_km, *found.within_2_km, *found.within_1_km]
    for name in taxonomy().event_types:
        if given.count(name) != 1:
            raise DataError(f"{path}:1: found {name!r} {given.count(name)} times, expected it once among the three")
    if unknown := set(given) - set(taxonomy().event_types):
        raise DataError(f"{path}:1: found {min(unknown)!r}, expected an event type of the codebook")
    if found.people_per_km2 <= 0:
        raise DataError(f"{path}:1: found people_per_km2 = {found.people_per_km2}, expected more than 0")
    return found


def exposure(
    events: Events,
    draws: Draws = DRAWS,
    *,
    by: Annotated[str | None, "Count the people near each value of this column apart: admin1, event_type, ..."] = None,
    precision: Annotated[int, "Take places of up to this precision: 1 exact, 2 also near a place."] = 1,
    raster: Annotated[Path | None, "A GeoTIFF of people per cell (WorldPop); left out: towns of the gazetteer."] = None,
) -> Answer:
    """How many people live within 1, 2 and 5 km of events, and within the radius that suits each type."""
    held = events.placed().where(pl.col("geo_precision").fill_null(3) <= precision)
    held = held.demanded(1, "events whose place is known exactly" if precision == 1 else "events with a known place")
    groups = _groups(held, by)
    rough = float(held.table["radius_km"].max())  # type: ignore[arg-type]
    people = _people(held, max(RADII) + (rough if draws else 0), raster)
    value = _counted(people, held, groups, by)
    fewer = draws.within(DRAWN_POINTS, len(people) * len(groups))
    drawn = [_counted(people, each, groups, by) for each in fewer.of(held)]
    band = holding(interval_of([*drawn]), value) if drawn else None
    share = _counted(replace(people, counts=people.counts * people.home), held, groups, by) / (people.known or np.nan)
    table = _table(groups, value, band, (share, held), by)
    return Answer(
        "exposure",
        _sentence(value[0], band, float(share[0, 2]), held, raster),
        table,
        f"{events.about}; people: {people.source}",
        tuple(_notes(events, held, people, by, (draws, fewer))),
        draw=lambda figure: living_map.draw(figure, _near(people, held), held, (value, band), groups),
    )


def _groups(events: Events, by: str | None) -> list[str]:
    """All events, then each value of the column."""
    if by is None:
        return [ALL]
    if by not in events.table.columns:
        raise UsageError(f"--by {by}: no column to count by; known: {', '.join(events.table.columns)}.")
    found = events.table[by].drop_nulls().cast(pl.String).unique().sort().to_list()
    if len(found) > MOST_GROUPS:
        raise UsageError(f"--by {by}: {len(found):,} values are too many, expected at most {MOST_GROUPS}.")
    return [ALL, *found]


def _people(events: Events, km: float, raster: Path | None) -> People:
    known = reach()
    if raster is not None:
        return living.in_raster(raster, events, km)
    return living.in_towns(events, km, known.people_per_km2, known.left_out)


# -- who is near -----------------------------------------------------------------------------------------------------


def _counted(people: People, events: Events, groups: list[str], by: str | None) -> Table:
    """People near the events of each group, for each of ROWS."""
    points = in_space(people.latitudes, people.longitudes)
    found = [near(points, people.counts, events)]
    for name in groups[1:]:
        found.append(near(points, people.counts, events.where(pl.col(by or "").cast(pl.String) == name)))
    return np.array(found)


def near(points: Table, counts: NDArray[np.float64], events: Events) -> NDArray[np.float64]:
    """People within 1, 2, 5 km of any of the events, and within the radius of its type; each counted once."""
    return np.array([counts[flags].sum() for flags in reached(points, events)])


def reached(points: Table, events: Events) -> NDArray[np.bool_]:
    """ROWS x points: is it near?"""
    from scipy.spatial import cKDTree

    where, best = living.event_points(events), best_km(events)
    far = np.full((len(RADII), len(points)), np.inf)
    for at, km in enumerate(RADII):
        if (best == km).any() and len(points):
            far[at] = cKDTree(where[best == km]).query(points, distance_upper_bound=float(straight(max(RADII))))[0]
    ends = straight(RADII)
    return np.array([*(far.min(axis=0) <= end for end in ends), (far <= ends[:, None]).any(axis=0)])


def best_km(events: Events) -> NDArray[np.float64]:
    """The radius that suits each event; one of no type gets the smallest."""
    known = reach()
    named = {**dict.fromkeys(known.within_5_km, 5.0), **dict.fromkeys(known.within_2_km, 2.0),
             **dict.fromkeys(known.within_1_km, 1.0)}  # fmt: skip
    kinds = events.table["event_type"].cast(pl.String)
    return kinds.replace_strict(named, default=min(RADII), return_dtype=pl.Float64).to_numpy()


# -- what is told ----------------------------------------------------------------------------------------------------


def _near(people: People, events: Events) -> People:
    """Those within the widest radius."""
    near = reached(in_space(people.latitudes, people.longitudes), events)[2]
    return replace(people, latitudes=people.latitudes[near], longitudes=people.longitudes[near],
                   counts=people.counts[near], home=people.home[near])  # fmt: skip


def _table(
    groups: list[str], value: Table, band: Interval | None, found: tuple[Table, Events], by: str | None
) -> pl.DataFrame:
    """One row a group and radius; the group with most people first after all."""
    share, events = found
    named = events.table[by].cast(pl.String) if by else None
    events_of = [len(events), *(int((named == name).sum()) for name in groups[1:] if named is not None)]
    order = [0, *(1 + np.argsort(-value[1:, -1], kind="stable"))]
    columns = {"people": value, **({"people_low": band.low, "people_high": band.high} if band else {})}
    made = pl.DataFrame({
        **({by: np.repeat([groups[at] for at in order], len(ROWS))} if by else {}),
        "radius": ROWS * len(groups), "events": np.repeat([events_of[at] for at in order], len(ROWS)),
        **{name: np.round(each[order]).astype(np.int64).ravel() for name, each in columns.items()},
    })  # fmt: skip
    return made.with_columns(share=pl.Series(share[order].ravel(), nan_to_null=True, dtype=pl.Float64))


def _sentence(value: Table, band: Interval | None, part: float, events: Events, raster: Path | None) -> str:
    def said(at: int) -> str:
        bounds = (_round(band.low[0, at]), _round(band.high[0, at])) if band else (None, None)
        return number(_round(value[at]), *bounds)

    many = f"{len(events):,} event{'s' * (len(events) != 1)}"
    where = "of the raster" if raster else "of all known towns there"
    share = f" ({percent(part)} of the people {where})" if part > 0 else ""
    return f"{said(2)} people live within 5 km of {many}{share}; {said(3)} within the radius that suits each type."


def _round(value: float) -> float:
    """Three digits are as much as anybody knows."""
    return float(f"{value:.3g}")


def _notes(events: Events, held: Events, people: People, by: str | None, made: tuple[Draws, Draws]) -> list[str]:
    notes = []
    if len(events) > len(held):
        notes.append(f"{len(events) - len(held):,} events are left out: their place is not known well enough.")
    if not people.known:
        notes.append("No share is given: the countries of the events are not known.")
    if people.source.startswith("towns"):
        notes.append("People are those of the towns and villages that GeoNames counts; the open country is not among "
                     "them, and numbers may be years old. With --raster each square is counted.")  # fmt: skip
    if by:
        notes.append(f"A person near events of two values of {by} is in both rows, and once in the row of all.")
    if made[1]:
        notes.append("Places are told as the middle of a town; draws move them within it. The interval holds both.")
    if made[1].count < made[0].count:
        notes.append(f"The interval rests on {made[1].count} draws, not {made[0].count}: there are many people.")
    return notes
