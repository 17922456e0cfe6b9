"""The four measures of the conflict index, of one year and each country.

In:  Events; the last day of the year; data/severity.toml.
Out: `Year`: countries x measures, and the same for each draw.

Source of the measures: ACLED, Conflict Index. Deadliness: reported deaths of political violence. Danger: violent events
that target civilians. Diffusion: per cent of the inhabited cells of 10 x 10 km with at least 10 events. Fragmentation:
distinct named armed groups that are no state's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.draws import Draws
from tocsin.analyse.events import Events
from tocsin.analyse.methods.cells import cells_of, inhabited
from tocsin.analyse.methods.settings import DATA, settings
from tocsin.analyse.methods.violence import political_violence
from tocsin.codebook import parse_name

NAMES = ("deadliness", "danger", "diffusion", "fragmentation")
COLUMNS = ("sub_event_type", "civilian_targeting", "country", "actor1", "inter1", "actor2", "inter2", "fatalities")
MARGIN = timedelta(days=31)  # by how much a draw may move a day
PART = 1 << 40  # more than there are cells or groups
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rules:
    """What data/severity.toml says."""

    days: int
    cell_events: int
    close_km: float
    kinds: tuple[str, ...]
    unnamed: tuple[str, ...]
    reference: str
    highest: tuple[float, ...]
    levels: tuple[str, ...]
    ranks: tuple[int, ...]


def rules() -> Rules:
    return settings(Rules, DATA / "severity.toml")


@dataclass(frozen=True, slots=True)
class Year:
    """`values`: countries x measures (NaN: no inhabited cells are known). `counts`: events of each country."""

    last: date
    countries: list[str]
    values: Numbers
    counts: NDArray[np.int64]
    events: Events  # of political violence in the year and a month around it, with the numbers below
    points: Events  # the distinct points, so that events at one place stay together in a draw
    cells: Numbers  # inhabited ones of each country
    vague: int  # events that diffusion leaves out
    no_kind: int  # groups counted though their kind is not known

    def drawn(self, draws: Draws) -> Iterator[Numbers]:
        """The measures as they may have been."""
        others = Draws(draws.count, draws.seed + 1)
        for events, points in zip(draws.of(self.events), others.of(self.points), strict=True):
            yield _measures(events, _cells(points), self.cells, self.last)


def measured(events: Events, last: date) -> Year:
    """The measures of the year up to `last`. UsageError: no political violence of a known country and day in it."""
    rule, first = rules(), last - timedelta(days=rules().days - 1)
    held = events.dated().where(political_violence() & pl.col("country").is_not_null())
    held.where(pl.col("event_date").is_between(first, last)).demanded(1, f"events of political violence from {first}")
    held = held.where(pl.col("event_date").is_between(first - MARGIN, last + MARGIN))
    names, codes = _numbered(held.table["country"])
    points = _points(held.table)
    groups, unknown = _groups(held.table)
    at = ("latitude", "longitude")
    table = held.table.join(points.select(*at, "point"), on=at, how="left", nulls_equal=True, maintain_order="left")
    close = pl.col("radius_km").fill_null(np.inf) <= rule.close_km
    table = table.with_columns(home=codes, civilians=pl.col("civilian_targeting").is_not_null(), close=close, **groups)
    known = inhabited()
    cells = np.array([known.get(name) or np.nan for name in names], float)
    numbered, places = held.of(table), held.of(points)
    inside = table.filter(pl.col("event_date").is_between(first, last))
    counts = np.bincount(inside["home"].to_numpy(), minlength=len(names))
    vague = int((~inside["close"]).sum())
    values = _measures(numbered, _cells(places), cells, last)
    return Year(last, names, values, counts, numbered, places, cells, vague, unknown)


def _points(table: pl.DataFrame) -> pl.DataFrame:
    """The distinct points with their number; as far off as the event there that is placed best."""
    drawn = ("time_precision", "event_date", "fatalities", "fatalities_low", "fatalities_high")
    found = table.group_by("latitude", "longitude", maintain_order=True).agg(
        pl.col("radius_km").min(), pl.col(drawn).first()
    )
    return found.with_row_index("point")


def _numbered(names: pl.Series) -> tuple[list[str], NDArray[np.int64]]:
    """The distinct names in order, and the place of each row's name."""
    texts = names.cast(pl.String)
    order = texts.unique().sort().to_list()
    return order, texts.replace_strict(order, range(len(order)), return_dtype=pl.Int64).to_numpy()


def _groups(table: pl.DataFrame) -> tuple[dict[str, NDArray[np.int64]], int]:
    """A number for the group on each side, -1 for what is no named armed group; and how many have no known kind."""
    rule, columns, unknown = rules(), {}, set()
    numbers: dict[str, int] = {}
    for side in ("1", "2"):
        pairs = table.select(actor=pl.col(f"actor{side}").cast(pl.String), kind=pl.col(f"inter{side}").cast(pl.String))
        place = {}
        for actor, kind in pairs.unique().iter_rows():
            pattern = parse_name(actor).kind if actor else ""
            named = bool(actor) and pattern not in rule.unnamed
            counted = named and (kind in rule.kinds if kind else pattern in ("plain", "abbreviated", "islamic_state"))
            place[actor, kind] = numbers.setdefault(actor, len(numbers)) if counted else -1
            unknown |= {actor} if counted and not kind else set()
        given = pl.DataFrame([(*pair, at) for pair, at in place.items()],
                             {"actor": pl.String, "kind": pl.String, "at": pl.Int64}, orient="row")  # fmt: skip
        found = pairs.join(given, on=("actor", "kind"), how="left", nulls_equal=True, maintain_order="left")
        columns[f"group{side}"] = found["at"].to_numpy()
    return columns, len(unknown)


def _cells(points: Events) -> NDArray[np.int64]:
    """The cell of each point; -1 without coordinates."""
    latitude, longitude = (points.table[name].to_numpy() for name in ("latitude", "longitude"))
    there = ~np.isnan(latitude + longitude)
    found = np.full(len(latitude), -1, np.int64)
    found[there] = cells_of(latitude[there], longitude[there])
    return found


def _measures(events: Events, cells: NDArray[np.int64], inhabited: Numbers, last: date) -> Numbers:
    rule = rules()
    table = events.table.filter(pl.col("event_date").is_between(last - timedelta(days=rule.days - 1), last))
    home, size = table["home"].to_numpy(), len(inhabited)
    deaths = np.bincount(home, table["fatalities"].fill_null(0).to_numpy(), size)
    danger = np.bincount(home[table["civilians"].to_numpy()], minlength=size)
    cell, close = cells[table["point"].to_numpy()], table["close"].to_numpy()
    kept = close & (cell >= 0)
    there, count = np.unique(home[kept] * PART + cell[kept], return_counts=True)
    hot = np.bincount(there[count >= rule.cell_events] // PART, minlength=size)
    sides = [(home, table[name].to_numpy()) for name in ("group1", "group2")]
    active = np.unique(np.concatenate([of[group >= 0] * PART + group[group >= 0] for of, group in sides]))
    share = np.minimum(100.0, 100 * hot / inhabited)
    return np.stack([deaths, danger, share, np.bincount(active // PART, minlength=size)], axis=1).astype(float)
