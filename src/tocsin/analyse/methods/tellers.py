"""Who tells of the events before a date and after it: sources that were there throughout, new ones, lost ones.

In:  Events with the column `source` (several are parted by "; "), the date, and how many months on either side.
Out: `Tellers`: the sources and what each is; for each event by whom alone it would be known.

A source was there *throughout* if it told events in at least half of the months before, and of those after. It is
*new* if its first event of all that were read lies after the date, *back* if it told events earlier, but none in the
months before, *lost* if it told events in the months before and none in those after. All others are *occasional*: their
counts say as much of their attention as of the events; and so are those with fewer than FEW events in all these months,
which chance alone makes come and go. An event is told by sources there throughout if one of its sources is one; if none
is, by occasional ones if one of its sources is one; else it is known only through sources that came, or went.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW
from tocsin.analyse.events import Events
from tocsin.codebook.columns import LIST_SEPARATOR
from tocsin.read.dates_calendar import months_later

THROUGHOUT, OCCASIONAL, CAME, WENT, NOBODY = KINDS = ("throughout", "occasional", "new", "lost", "no source")
BACK = "back"  # events that only such sources tell are known through new ones
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Months:
    """Months around a date: `edges` are the first days of each and the day after the last one."""

    edges: list[date]

    @property
    def each_side(self) -> int:
        return len(self.edges) // 2

    def of(self, days: NDArray[np.int32]) -> NDArray[np.int64]:
        """Which month each day (since 1970) lies in; -1 or their number: in none."""
        edges = np.array(self.edges, "datetime64[D]").astype(np.int64)
        return np.searchsorted(edges, days, side="right") - 1


@dataclass(frozen=True, slots=True)
class Tellers:
    """`sources`: one a row: source, kind, before, after, only_before, only_after (events that no other tells),
    months_before, months_after (in which it told any), first, last. `by_text`: source as it stands with the events,
    `known` (one of KINDS), `tellers` (how many)."""

    sources: pl.DataFrame
    by_text: pl.DataFrame


def months_around(day: date, count: int) -> Months:
    """So many months before and after a date."""
    return Months([months_later(day, at) for at in range(-count, count + 1)])


def tellers(events: Events, months: Months) -> Tellers:
    """Who tells of these events. Events of all times are looked at, for who is new."""
    table, side = events.table, months.each_side
    at = months.of(events.days)
    numbered = table.select("source", day="event_date", at=pl.Series(at, dtype=pl.Int32))
    texts = numbered.group_by("source", "at").agg(
        events=pl.len().cast(pl.Int64), first=pl.col("day").min(), last=pl.col("day").max()
    ).with_columns(pl.col("source").cast(pl.String), before=pl.col("at").is_between(0, side - 1),
                   after=pl.col("at").is_between(side, 2 * side - 1))  # fmt: skip
    named = texts.with_columns(name=names_of(pl.col("source"))).explode("name").drop_nulls("name")
    told = named.group_by("source").agg(tellers=pl.col("name").n_unique())
    sources = _sources(named.join(told, on="source"), months)
    kinds = named.join(sources.select(name="source", kind="kind"), on="name").group_by("source").agg(
        tellers=pl.col("name").n_unique(), known=_known()
    )  # fmt: skip
    by_text = texts.select("source").unique().join(kinds, on="source", how="left", nulls_equal=True)
    return Tellers(sources, by_text.with_columns(pl.col("known").fill_null(NOBODY), pl.col("tellers").fill_null(0)))


def names_of(text: pl.Expr) -> pl.Expr:
    """The sources of a text, each once."""
    parts = text.str.split(LIST_SEPARATOR).list.eval(pl.element().str.strip_chars())
    return parts.list.eval(pl.element().filter(pl.element() != "")).list.unique(maintain_order=True)


def _sources(named: pl.DataFrame, months: Months) -> pl.DataFrame:
    alone, sides = pl.col("tellers") == 1, ("before", "after")
    found = named.group_by("name").agg(
        pl.col("first").min(), pl.col("last").max(),
        *(pl.col("events").filter(pl.col(side)).sum().alias(side) for side in sides),
        *(pl.col("events").filter(pl.col(side) & alone).sum().alias(f"only_{side}") for side in sides),
        *(pl.col("at").filter(pl.col(side)).n_unique().alias(f"months_{side}") for side in sides),
    )  # fmt: skip
    steady = pl.min_horizontal(f"months_{side}" for side in sides) * 2 >= months.each_side
    kind = (
        pl.when(pl.col("before") + pl.col("after") < FEW).then(pl.lit(OCCASIONAL))
        .when(steady).then(pl.lit(THROUGHOUT))
        .when(pl.col("first") >= months.edges[months.each_side]).then(pl.lit(CAME))
        .when(pl.col("before") == 0).then(pl.lit(BACK))
        .when(pl.col("after") == 0).then(pl.lit(WENT))
        .otherwise(pl.lit(OCCASIONAL))
    )  # fmt: skip
    found = found.with_columns(kind=kind).sort(pl.col("before") + pl.col("after"), "name", descending=[True, False])
    return found.select(pl.col("name").alias("source"), "kind", "before", "after", "only_before", "only_after",
                        "months_before", "months_after", "first", "last")  # fmt: skip


def _known() -> pl.Expr:
    """By whom an event is known, best first."""
    kind = pl.col("kind")
    return (
        pl.when((kind == THROUGHOUT).any()).then(pl.lit(THROUGHOUT))
        .when((kind == OCCASIONAL).any()).then(pl.lit(OCCASIONAL))
        .when(kind.is_in([CAME, BACK]).any()).then(pl.lit(CAME))
        .otherwise(pl.lit(WENT))
    )  # fmt: skip


def counted(events: Events, months: Months) -> Counts:
    """Months x KINDS: events that carry the column `known` (the place among KINDS)."""
    size = 2 * months.each_side
    at = months.of(events.days)
    inside = (at >= 0) & (at < size)
    cells = at[inside] * len(KINDS) + events.table["known"].to_numpy().astype(np.int64)[inside]
    return np.bincount(cells, minlength=size * len(KINDS)).reshape(size, len(KINDS)).astype(np.int64)
