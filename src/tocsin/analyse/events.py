"""The events that an analysis is about, as a table of columns.

In:  a database, or a file that `import` reads, and a Filter.
Out: `Events`: a Polars table with one row for each event, oldest first, and what it was read from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.codebook import COLUMNS as ACLED
from tocsin.errors import UsageError
from tocsin.exchange.readers import read_rows
from tocsin.exchange.writers.geojson import RADIUS_KM
from tocsin.locate.distance import kilometres_from
from tocsin.model import Issue
from tocsin.store import Filter, Store, open_store
from tocsin.store.errors import told
from tocsin.store.filter import conditions
from tocsin.store.rows import batches, streamed
from tocsin.store.schema import event

PART = 100_000  # rows turned into columns at once
KINDS = {
    "year": pl.Int32, "time_precision": pl.Int8, "geo_precision": pl.Int8, "fatalities": pl.Int32,
    "latitude": pl.Float64, "longitude": pl.Float64, "timestamp": pl.Int64, "iso": pl.Int32, "detail": pl.String,
}  # fmt: skip
CATEGORIES = (
    "event_type", "sub_event_type", "disorder_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2",
    "inter2", "interaction", "civilian_targeting", "region", "country", "admin1", "admin2", "admin3", "location",
    "source", "source_scale",
)  # fmt: skip
WHEN = ("event_date", "time_precision")
WHERE = ("latitude", "longitude", "geo_precision")
WHO = ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2")
TEXT = ("location", "notes")
EQUAL = ("country", "admin1", "event_type", "sub_event_type")  # what a filter compares as a whole
BASE = (*WHEN, *WHERE, "country", "admin1", "event_type", "sub_event_type", "fatalities")
NAMES = tuple(name for name in ACLED if name != "event_id_cnty")  # that is `id` here
ROUGH = {"fatalities_low": pl.Int32, "fatalities_high": pl.Int32, "place_radius_km": pl.Float32}  # lie in `detail`


@dataclass(frozen=True, slots=True)
class Events:
    """Events as a table, sorted by day and id.

    Columns: `id`, those of ACLED's that were asked for, and always `event_date` (a date, or null),
    `fatalities_low`, `fatalities_high` (null: not known), `radius_km` (by how far the point may be off; null: no
    point). Names of types, actors and places are categories; an empty text is null.
    """

    table: pl.DataFrame
    name: str  # of the database or the file
    wanted: Filter
    period: tuple[date, date] | None  # first and last day: as asked for, else of the events; None: no event has a day

    def __len__(self) -> int:
        return self.table.height

    @property
    def days(self) -> NDArray[np.int32]:
        """Days since 1970-01-01 of the events, in their order; events without a date are not to be asked for this."""
        return self.table["event_date"].to_physical().to_numpy()

    @property
    def first(self) -> date:
        """The first day of the period; a subset or a draw of the events keeps the period. UsageError: there is none."""
        return self._period()[0]

    @property
    def last(self) -> date:
        """The last day of the period."""
        return self._period()[1]

    def _period(self) -> tuple[date, date]:
        if self.period is None:
            raise UsageError(f"no event in {self.name} for what was asked has a date; there is no period to look at.")
        return self.period

    @property
    def about(self) -> str:
        """What the events are, for the source line of a figure."""
        asked = [str(value) for name in ("country", "admin1", "event_type", "sub_event_type", "actor", "text")
                 if (value := getattr(self.wanted, name))]  # fmt: skip
        span = "{} to {}".format(*self.period) if self.period else "no dates"
        return f"{Path(self.name).name}: {len(self):,} events" + "".join(f", {each}" for each in asked) + f", {span}"

    def of(self, table: pl.DataFrame) -> Events:
        """The same with another table."""
        return replace(self, table=table)

    def where(self, condition: pl.Expr) -> Events:
        """Those for which the condition holds."""
        return self.of(self.table.filter(condition))

    def dated(self) -> Events:
        """Those with a day."""
        return self.where(pl.col("event_date").is_not_null())

    def placed(self) -> Events:
        """Those with a point."""
        return self.where(pl.col("latitude").is_not_null() & pl.col("longitude").is_not_null())

    def demanded(self, least: int = 1, what: str = "events") -> Events:
        """These events; UsageError says how many there are if they are fewer than `least`."""
        if len(self) < least:
            raise UsageError(
                f"found {len(self)} {what} in {self.name} for what was asked, expected at least {least}. "
                "Widen the period or the place, or look at `tocsin events` to see what is there."
            )
        return self


def read_events(
    source: str | Path | Store,
    wanted: Filter | None = None,
    columns: Sequence[str] = BASE,
    *,
    kind: str | None = None,
    notice: Callable[[Issue], None] = lambda issue: None,
) -> Events:
    """The events of a database, or of a file of a `kind` that `import` reads, that the filter lets through.

    `columns`: those of ACLED's that the analysis needs; the fewer, the faster. UsageError: the source is not there.
    """
    wanted = wanted or Filter()
    names = tuple(dict.fromkeys((*WHEN, *WHERE, "fatalities", *columns, *(_asked(wanted) if kind else ()))))
    if unknown := set(names) - {*NAMES}:
        raise UsageError(f"{', '.join(sorted(unknown))}: no column of an event; known: {', '.join(NAMES)}.")
    if kind:
        return _finished(_of_file(Path(source), kind, wanted, names, notice), names, str(source), wanted)  # type: ignore[arg-type]
    if isinstance(source, Store):
        return _finished(_of_store(source, wanted, names), names, source.name, wanted)
    with open_store(str(source)) as store:
        return _finished(_of_store(store, wanted, names), names, store.name, wanted)


def events_of(rows: Sequence[dict[str, Any]], name: str = "events", wanted: Filter | None = None) -> Events:
    """Events given as rows with ACLED's names, for those who have them in memory."""
    held = [_row(row, NAMES, str(at)) for at, row in enumerate(rows)]
    return _finished(iter([_table(held, (*NAMES, *ROUGH))]), NAMES, name, wanted or Filter())


# -- reading ---------------------------------------------------------------------------------------------------------


def _of_store(store: Store, wanted: Filter, names: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Parts of the table of events; numbers that lie in `detail` are taken out of it."""
    query = _select(wanted, names)
    with told(store.name), store.engine.connect() as connection, closing(streamed(connection, query, 5000)) as rows:
        for part in batches(rows, PART):
            table = _table(part, (*names, "detail"))
            found = [pl.col("detail").str.json_path_match(f"$.{name}").cast(kind, strict=False).alias(name)
                     for name, kind in ROUGH.items()]  # fmt: skip
            yield table.with_columns(found).drop("detail")


def _select(wanted: Filter, names: Sequence[str]) -> Any:
    from sqlalchemy import select

    columns = [event.c[name] for name in names]
    return select(event.c.id, *columns, event.c.detail).where(*conditions(wanted, event.c))


def _of_file(
    path: Path, kind: str, wanted: Filter, names: Sequence[str], notice: Callable[[Issue], None]
) -> Iterator[pl.DataFrame]:
    def good() -> Iterator[tuple[Any, ...]]:
        for at, row in enumerate(read_rows(path, kind)):
            if isinstance(row, Issue):
                notice(row)
            else:
                yield _row(row, names, row.get("event_id_cnty") or row.get("row_id") or str(at))

    for part in batches(good(), PART):
        yield _table(part, (*names, *ROUGH)).filter(_condition(wanted))


def _row(row: dict[str, Any], names: Sequence[str], name: str) -> tuple[Any, ...]:
    day = row.get("event_date")
    given = {**row, "event_date": str(day) if day else None}
    return (row.get("event_id_cnty") or name, *(given.get(each) for each in (*names, *ROUGH)))


def _table(rows: Sequence[tuple[Any, ...]], names: Sequence[str]) -> pl.DataFrame:
    known: dict[str, Any] = {**KINDS, **ROUGH}
    kinds = {"id": pl.String, **{name: known.get(name, pl.String) for name in names}}
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    made = {
        name: pl.Series(name, values, dtype=kind, strict=False)
        for (name, kind), values in zip(kinds.items(), columns, strict=True)
    }
    return pl.DataFrame(made).with_columns(
        pl.col("event_date").str.to_date("%Y-%m-%d", strict=False),
        *(pl.col(name).replace("", None).cast(pl.Categorical) for name in names if name in CATEGORIES),
    )


def _finished(parts: Iterator[pl.DataFrame], names: Sequence[str], name: str, wanted: Filter) -> Events:
    """One table of all parts, with how far off the points may be."""
    table = pl.concat([*parts] or [_table([], (*names, *ROUGH))])
    radius = pl.col("place_radius_km").fill_null(pl.col("geo_precision").fill_null(3).replace_strict(
        RADIUS_KM, default=RADIUS_KM[3], return_dtype=pl.Float32))  # fmt: skip
    low, high = pl.col("fatalities_low"), pl.col("fatalities_high")
    table = table.with_columns(
        radius_km=pl.when(pl.col("latitude").is_not_null()).then(radius),
        fatalities_low=pl.min_horizontal(low.fill_null(pl.col("fatalities")), pl.col("fatalities")),
        fatalities_high=pl.max_horizontal(high.fill_null(pl.col("fatalities")), pl.col("fatalities")),
    ).drop("place_radius_km")
    table = _inside(table, wanted).sort("event_date", "id")
    return Events(table, name, wanted, period_of(table, wanted))


def period_of(table: pl.DataFrame, wanted: Filter) -> tuple[date, date] | None:
    """The period asked for; where it is open, from the first event, to the last."""
    days = table["event_date"].drop_nulls()
    since, until = (date.fromisoformat(each) if each else None for each in (wanted.since, wanted.until))
    ends: list[Any] = [since or days.min(), until or days.max()]
    return None if None in ends else (ends[0], max(ends))


def _inside(table: pl.DataFrame, wanted: Filter) -> pl.DataFrame:
    """Within the circle of the filter, if there is one."""
    if wanted.near is None:
        return table
    latitude, longitude, km = wanted.near
    held = table.filter(pl.col("latitude").is_not_null())
    there = kilometres_from(held["latitude"].to_numpy(), held["longitude"].to_numpy(), latitude, longitude)
    return held.filter(pl.Series(there <= km))


def _asked(wanted: Filter) -> tuple[str, ...]:
    """The columns that the filter looks at, beyond day, point and deaths."""
    equal = tuple(name for name in EQUAL if getattr(wanted, name) is not None)
    return (*equal, *(WHO if wanted.actor else ()), *(TEXT if wanted.text else ()))


def _condition(wanted: Filter) -> pl.Expr:
    """The filter as a condition on the table of a file."""
    found = [pl.lit(value=True)]
    for name in EQUAL:
        if (value := getattr(wanted, name)) is not None:
            found.append(pl.col(name) == value)
    if wanted.since:
        found.append(pl.col("event_date") >= date.fromisoformat(wanted.since))
    if wanted.until:
        found.append(pl.col("event_date") <= date.fromisoformat(wanted.until))
    if wanted.fatalities_min is not None:
        found.append(pl.col("fatalities") >= wanted.fatalities_min)
    if wanted.bbox:
        west, south, east, north = wanted.bbox
        found.append(pl.col("latitude").is_between(south, north) & pl.col("longitude").is_between(west, east))
    for part, among in ((wanted.actor, WHO), (wanted.text, TEXT)):
        if part:
            found.append(pl.any_horizontal(_has(name, part) for name in among))
    return pl.all_horizontal(found)


def _has(name: str, part: str) -> pl.Expr:
    return (
        pl.col(name).cast(pl.String).str.to_lowercase().str.contains(part.lower(), literal=True).fill_null(value=False)
    )
