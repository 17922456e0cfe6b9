"""Where events lie together more than by chance, and how these places came about.

In:  Events with points, or with first-order units.
Out: a row for each area with events: Gi* and whether it is a hot or a cold spot, local Moran and its kind of cluster,
     in how many periods it was hot, and its class as an emerging hot spot; in how many draws it is one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW, Answer, number, percent
from tocsin.analyse.draws import DRAWS, Draws, holding, interval_of
from tocsin.analyse.events import Events
from tocsin.analyse.methods import areas as places
from tocsin.analyse.methods import clusters, emerging
from tocsin.analyse.methods.areas import Areas, Kind
from tocsin.analyse.periods import Measure, number_of, start_of
from tocsin.analyse.shown import spots as spot_map
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

COLUMNS = ("fatalities", "country", "admin1", "location")
DRAWN_EVENTS = 3_000_000  # over all draws
MOST_CUBE = 60_000_000  # areas x periods
FINE = 1000  # steps of a logarithm, so that sums of whole numbers can be worked out
Steps = Literal["week", "month", "year"]
Scale = Literal["log", "plain"]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """The options that matter to every step."""

    measure: Measure
    every: Steps
    scale: Scale
    level: float


@dataclass(frozen=True, slots=True)
class Spots:
    """For each area. `q`: share of false discoveries if all as sure as this one are taken."""

    counts: Ints
    gi: Floats
    p: Floats
    q: Floats
    hot: Flags
    cold: Flags


@dataclass(frozen=True, slots=True)
class Cube:
    """For each area: the periods in which it was hot, and its class."""

    periods: int
    hot: Ints
    classes: list[str]


def hotspots(
    events: Events,
    draws: Draws = DRAWS,
    *,
    areas: Annotated[Kind, "Count in cells of H3's grid, or in first-order units."] = "cells",
    resolution: Annotated[int, "Of the grid: 3 is 120 km wide, 4 is 45 km, 5 is 17 km, 6 is 6 km."] = 4,
    measure: Annotated[Measure, "Count events, or the dead."] = "events",
    every: Annotated[Steps, "Period of emerging hot spots."] = "month",
    scale: Annotated[Scale, "Compare log(1 + count), so that one big city does not hide all else, or counts."] = "log",
    level: Annotated[float, "Share of false discoveries among the hot spots."] = 0.05,
    precision: Annotated[int, "Take places of up to this precision: 1 exact, 2 near a place, 3 a province."] = 2,
) -> Answer:
    """Where events cluster (Gi*, local Moran), and which hot spots are new, growing, lasting or fading."""
    if not 0 < level < 1:
        raise UsageError(f"--level {level}: expected a share between 0 and 1, such as 0.05.")
    asked = Asked(measure, every, scale, level)
    held = _held(events, areas, precision).demanded(FEW, "events whose place is known well enough")
    where = places.cells(held, resolution) if areas == "cells" else places.units(held)
    around = clusters.with_itself(where.neighbours)
    at = where.of(held)
    spots = _spots(_counted(at, held, len(where), asked), around, asked)
    cube = _cube(at, held, around, asked)
    fewer = draws.within(DRAWN_EVENTS, len(held))
    drawn = [_spots(_counted(where.of(each), each, len(where), asked), around, asked) for each in fewer.of(held)]
    table = _table(where, _places(where, at, held), (spots, drawn), cube, asked)
    return Answer(
        "hotspots",
        _sentence(where, (spots, drawn), table, asked),
        table,
        events.about,
        tuple(_notes(events, held, spots, cube, (draws, fewer))),
        draw=lambda figure: spot_map.draw(figure, where, table),
    )


def _held(events: Events, areas: Kind, precision: int) -> Events:
    if areas == "admin1":
        return events.where(pl.col("admin1").is_not_null() & pl.col("country").is_not_null())
    return events.placed().where(pl.col("geo_precision").fill_null(3) <= precision)


def _counted(at: Ints, events: Events, areas: int, asked: Asked) -> Ints:
    """Events or dead in each area; `at`: that of each event."""
    return np.bincount(at[at >= 0], _weights(events, asked)[at >= 0], areas).astype(np.int64)


def _weights(events: Events, asked: Asked) -> Floats:
    if asked.measure == "events":
        return np.ones(len(events))
    return events.table["fatalities"].fill_null(0).to_numpy().astype(float)


def _spots(counts: Ints, around: csr_array, asked: Asked) -> Spots:
    values = _scaled(counts, asked.scale)
    gi, p = clusters.gi_star(values, around), clusters.tails(values, around).p
    q = clusters.false_share(p)
    sure, enough = q <= asked.level, around @ counts >= FEW
    return Spots(counts, gi, p, q, sure & enough & (gi > 0), sure & (gi < 0))


def _scaled(counts: Ints, scale: Scale) -> Ints:
    return np.round(FINE * np.log1p(counts)).astype(np.int64) if scale == "log" else counts


# -- over time -------------------------------------------------------------------------------------------------------


def _cube(at: Ints, events: Events, around: csr_array, asked: Asked) -> Cube | None:
    """Hot spots of each period; None: one period, or too many areas and periods."""
    days, areas = events.table["event_date"].to_physical(), around.shape[0]
    if days.null_count() == len(days):
        return None
    first, periods = _periods(events, asked.every)
    if periods < 2 or periods * areas > MOST_CUBE:
        return None
    when = number_of(days.fill_null(0).to_numpy().astype(np.int64), asked.every) - first
    inside = (at >= 0) & (when >= 0) & (when < periods) & days.is_not_null().to_numpy()
    cells = (when * areas + at)[inside]
    counts = np.bincount(cells, _weights(events, asked)[inside], periods * areas).astype(np.int64).reshape(periods, -1)
    hot, scores = np.zeros(counts.shape, bool), np.zeros(counts.shape)
    for period in np.flatnonzero(counts.any(axis=1)):
        found = _spots(counts[period], around, asked)
        hot[period], scores[period] = found.hot, found.gi
    return Cube(periods, hot.sum(axis=0), emerging.classes(hot.T, scores.T))


def _periods(events: Events, every: Steps) -> tuple[int, int]:
    """The number of the first period and how many there are; a last one that is cut in its first half is none."""
    days = np.array([events.first, events.last], "datetime64[D]").astype(np.int64)
    first, last = (int(each) for each in number_of(days, every))
    start, end = start_of(last, every), start_of(last + 1, every)
    cut = 2 * ((events.last - start).days + 1) < (end - start).days
    return first, last - first + (0 if cut else 1)


# -- what is told ----------------------------------------------------------------------------------------------------


def _table(
    areas: Areas, named: list[str], spots: tuple[Spots, list[Spots]], cube: Cube | None, asked: Asked
) -> pl.DataFrame:
    """One row an area with events, or that is a spot; the hottest first."""
    found, drawn = spots
    values = _scaled(found.counts, asked.scale)
    made = pl.DataFrame({
        "area": areas.names, "place": named,
        "latitude": areas.latitudes, "longitude": areas.longitudes,
        asked.measure: found.counts, "gi": found.gi, "p": found.p, "q": found.q,
        "spot": np.where(found.hot, "hot", np.where(found.cold, "cold", "")),
        **({"hot_in_draws": np.mean([each.hot for each in drawn], axis=0)} if drawn else {}),
        "moran": clusters.local_moran(values, areas.neighbours),
        "cluster": _kinds(values, areas.neighbours, asked.level),
        **({"hot_periods": cube.hot, "emerging": cube.classes} if cube else {}),
    })  # fmt: skip
    told = pl.any_horizontal(pl.col(asked.measure) > 0, *(pl.col(name) != "" for name in ("spot", "cluster")))
    return made.filter(told).sort("gi", "area", descending=[True, False])


def _kinds(values: Ints, neighbours: csr_array, level: float) -> list[str]:
    """Local Moran's kinds: the area's value and its neighbours', high or low; "" where chance would do."""
    sure = clusters.false_share(clusters.tails(values, neighbours).p) <= level
    own = (values > values.mean()).astype(int)
    others = (neighbours @ values > neighbours.sum(axis=1) * values.mean()).astype(int)
    names = (("low-low", "low-high"), ("high-low", "high-high"))
    return [names[a][b] if known else "" for known, a, b in zip(sure, own, others, strict=True)]


def _places(areas: Areas, at: Ints, events: Events) -> list[str]:
    """The place that most of the events of an area name."""
    if areas.kind == "admin1":
        return list(areas.names)
    named = [pl.col(name).cast(pl.String) for name in ("location", "admin1")]
    name = pl.concat_str(named, separator=", ", ignore_nulls=True)
    table = events.table.select(at=pl.Series(at), name=name)
    most = table.drop_nulls().group_by("at", "name").len().sort("len", "name").group_by("at").last()
    found = dict(most.select("at", "name").iter_rows())
    return [found.get(number, "") for number in range(len(areas))]


def _sentence(areas: Areas, spots: tuple[Spots, list[Spots]], table: pl.DataFrame, asked: Asked) -> str:
    """How many hot spots, what they hold, the hottest, and what emerges."""
    measure, cells = asked.measure, "cells" if areas.kind == "cells" else "first-order units"
    if not spots[0].hot.any():
        return f"None of {len(areas):,} {cells} is a hot spot: nowhere do {measure} lie together more than by chance."
    many = number(float(spots[0].hot.sum()), *_bounds(*spots, lambda each: float(each.hot.sum())))
    part = percent(_inside(spots[0]), *_bounds(*spots, _inside))
    first = table.filter(pl.col("spot") == "hot").row(0, named=True)
    said = (f"{many} of {len(areas):,} {cells} are hot spots of {measure}, at most {percent(asked.level)} by chance; "
            f"they hold {part} of all; the hottest is {first['place'] or first['area']}")  # fmt: skip
    if "emerging" not in table.columns:
        return said + "."
    kinds = dict(table["emerging"].value_counts().iter_rows())
    told = [f"{kinds[name]} {name}" for name in emerging.CLASSES if kinds.get(name)]
    return f"{said}; over time: {', '.join(told)}." if told else f"{said}."


def _inside(spots: Spots) -> float:
    """The share of all events, or dead, in hot spots."""
    return float(spots.counts[spots.hot].sum() / max(1, spots.counts.sum()))


def _bounds(spots: Spots, drawn: list[Spots], figure: Callable[[Spots], float]) -> tuple[float | None, float | None]:
    """The interval of a figure, which holds that of the events as they are told."""
    if not drawn:
        return None, None
    band = holding(interval_of([figure(each) for each in drawn]), figure(spots))
    return float(band.low), float(band.high)


def _notes(events: Events, held: Events, spots: Spots, cube: Cube | None, made: tuple[Draws, Draws]) -> list[str]:
    notes = []
    if len(events) > len(held):
        notes.append(f"{len(events) - len(held):,} events are left out: no place, or not known well enough.")
    few = int((spots.counts > 0).sum() - (spots.counts >= FEW).sum())
    if few:
        notes.append(f"{few:,} areas have fewer than {FEW} events; they are hot only together with their neighbours.")
    if cube is None:
        notes.append("No classes of emerging hot spots: there is one period only, or too many areas and periods.")
    if made[1].count < made[0].count:
        notes.append(f"The intervals rest on {made[1].count} draws, not {made[0].count}: there are many events.")
    return notes
