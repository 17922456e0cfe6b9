"""Who is active, since when and against whom.

In:  Events.
Out: a row for each actor: events, deaths, share, first and last seen, whether it is new or silent; a table of who meets
     whom (dyads); a table of actors newly seen in a first-level area, as ACLED's Emerging Actor Tracker flags them.

An actor is its name as coded; columns that hold several names count for each. Every actor of an event, associated ones
too, is in the event once, and the event's dead count for each of its actors: sums over actors are more than all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW, Answer, number, percent
from tocsin.analyse.draws import DRAWS, Draws, Interval, holding, interval_of
from tocsin.analyse.events import WHO, Events
from tocsin.codebook.columns import LIST_SEPARATOR
from tocsin.errors import UsageError
from tocsin.link.events import UNNAMED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = (*WHO, "inter1", "inter2", "country", "admin1", "fatalities")
DRAWN = 10_000_000  # events times draws; of more events fewer draws are made
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """`rows`: which of the events each mention is in; `codes`: of whom (or of which pair, or of whom where)."""

    rows: NDArray[np.int64]
    codes: NDArray[np.int64]
    count: int  # different codes


def actors(
    events: Events,
    draws: Draws = DRAWS,
    *,
    recent: Annotated[int, "Days at the end: who is first seen in them is new, who is not seen in them silent."] = 180,
) -> Answer:
    """Activity of each actor, who is new and who is silent, who fights whom, and who is new in a place."""
    if recent < 1:
        raise UsageError(f"--recent {recent}: expected 1 day or more.")
    held = events.dated()
    mentions = _mentions(held.table)
    events.of(held.table.filter(pl.Series(np.isin(np.arange(len(held)), mentions["row"])))).demanded(
        1, "events with a date and an actor"
    )
    length = (held.last - held.first).days + 1
    since, is_long = held.last - timedelta(days=min(recent, length) - 1), length >= 2 * recent
    drawn, left = _fewer(draws, held)
    pairs, places = _pairs(held.table), _places(held.table, mentions)
    bands = _bands(drawn, held, [_seen(each) for each in (mentions, pairs, places)], since)
    table = _active(held, mentions, pairs, bands[0], since if is_long else None)
    dyads = _counted(held, pairs, ["one", "other"], bands[1]).drop("share", "share_low", "share_high", strict=False)
    arrivals = _arrivals(held, places, bands[2], since) if is_long else None
    return Answer(
        "actors",
        _sentence(table, len(held), recent),
        table,
        events.about,
        tuple(_notes(events, held, mentions, left, recent, is_long=is_long)),
        {"dyads": dyads} | ({"arrivals": arrivals} if arrivals is not None else {}),
        lambda figure: _draw(figure, held, table, dyads, mentions),
    )


# -- who is in which event -------------------------------------------------------------------------------------------


def _named(table: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    """Columns `row` and `name`: a line for each name in that column of each event."""
    parts = pl.DataFrame({column: table[column].unique().drop_nulls()}).with_columns(
        pl.col(column).cast(pl.String).str.split(LIST_SEPARATOR).alias(name)
    )
    parts = parts.explode(name).with_columns(pl.col(name).str.strip_chars()).filter(pl.col(name) != "")
    rows = table.select(column).with_row_index("row")
    return rows.join(parts, on=column).select(pl.col("row").cast(pl.Int64), name)


def _mentions(table: pl.DataFrame) -> pl.DataFrame:
    """`row`, `actor`: each actor once an event."""
    return pl.concat([_named(table, column, "actor") for column in WHO]).unique().sort("actor", "row")


def _pairs(table: pl.DataFrame) -> pl.DataFrame:
    """`row`, `one`, `other`: each actor of the first side with each of the second; `one` is first in the alphabet."""
    both = _named(table, "actor1", "a").join(_named(table, "actor2", "b"), on="row")
    ordered = both.select("row", one=pl.min_horizontal("a", "b"), other=pl.max_horizontal("a", "b"))
    return ordered.unique().sort("one", "other", "row")


def _places(table: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """`row`, `actor`, `country`, `admin1` of actors with a name, where the area is known."""
    where = table.select(pl.col("country", "admin1").cast(pl.String)).with_row_index("row").cast({"row": pl.Int64})
    is_named = ~pl.any_horizontal(pl.col("actor").str.starts_with(each) for each in UNNAMED)
    found = mentions.filter(is_named).join(where.filter(pl.col("admin1").is_not_null()), on="row")
    return found.sort("actor", "country", "admin1", "row", nulls_last=True)


def _seen(mentions: pl.DataFrame) -> Seen:
    """The lines as numbers; a code for each different value of all columns but `row`, in sorted order."""
    names = [name for name in mentions.columns if name != "row"]
    codes = mentions.select(pl.struct(names).rle_id()).to_series().to_numpy().astype(np.int64)
    return Seen(mentions["row"].to_numpy(), codes, int(codes[-1]) + 1 if len(codes) else 0)


# -- counting --------------------------------------------------------------------------------------------------------


def _bands(draws: Draws, held: Events, seen: list[Seen], since: date) -> list[Any]:
    """Intervals of (events, deaths, share) of actors and of pairs, and the chance that who is where is new there."""
    if not draws:
        return [None, None, None]
    numbered = held.of(held.table.with_row_index("row"))
    told = np.ones(len(held), bool), held.table["fatalities"].fill_null(0).to_numpy().astype(float)
    who: list[Any] = []
    dyads: list[Any] = []
    places = []
    for each in draws.of(numbered):
        there, dead, day = _drawn(each, held)
        who.append(_counts(seen[0], there, dead))
        dyads.append(_counts(seen[1], there, dead))
        first = np.full(seen[2].count, np.iinfo(np.int32).max)
        np.minimum.at(first, seen[2].codes, np.where(there, day, first.max(initial=0))[seen[2].rows])
        places.append(first >= (since - date(1970, 1, 1)).days)
    bands = (holding(interval_of(each), _counts(at, *told)) for each, at in ((who, seen[0]), (dyads, seen[1])))
    return [*bands, np.mean(places, axis=0)]


def _drawn(each: Events, held: Events) -> tuple[NDArray[np.bool_], Numbers, NDArray[np.int64]]:
    """For all events: whether the draw has them within the period, how many died, and the day."""
    there, dead, day = np.zeros(len(held), bool), np.zeros(len(held)), np.zeros(len(held), np.int64)
    rows = each.table["row"].to_numpy()
    there[rows] = each.table["event_date"].is_between(held.first, held.last).to_numpy()
    dead[rows] = each.table["fatalities"].fill_null(0).to_numpy()
    day[rows] = each.days
    return there, dead, day


def _counts(seen: Seen, there: NDArray[np.bool_], dead: Numbers) -> Numbers:
    """(3, codes): events, deaths, share of all events."""
    count = np.bincount(seen.codes, there[seen.rows], seen.count)
    died = np.bincount(seen.codes, (dead * there)[seen.rows], seen.count)
    return np.stack([count, died, count / max(1, int(there.sum()))])


def _counted(held: Events, mentions: pl.DataFrame, by: list[str], band: Interval | None) -> pl.DataFrame:
    """A row for each value of `by`: events, deaths, share (none for fewer than FEW events in all), first, last."""
    about = held.table.select("event_date", pl.col("fatalities").fill_null(0)).with_row_index("row")
    found = mentions.join(about.cast({"row": pl.Int64}), on="row", maintain_order="left")
    table = found.group_by(by, maintain_order=True).agg(
        events=pl.len().cast(pl.Int64), fatalities=pl.col("fatalities").cast(pl.Int64).sum(),
        first=pl.col("event_date").min(), last=pl.col("event_date").max(),
    )  # fmt: skip
    enough = len(held) >= FEW
    table = table.with_columns(share=pl.when(enough).then(pl.col("events") / max(1, len(held))))
    for at, name in enumerate(("events", "fatalities", "share") if band else ()):
        low, high = (pl.Series(each[at]) if enough or name != "share" else None for each in (band.low, band.high))  # type: ignore[union-attr]
        table = table.with_columns(pl.lit(low).alias(f"{name}_low"), pl.lit(high).alias(f"{name}_high"))
    figures = [f"{name}{end}" for name in ("events", "fatalities", "share") for end in ("", "_low", "_high")]
    order = [*by, *(name for name in figures if name in table.columns), "first", "last"]
    return table.select(order).sort("events", *by, descending=[True, *[False] * len(by)])


def _active(
    held: Events, mentions: pl.DataFrame, pairs: pl.DataFrame, band: Interval | None, since: date | None
) -> pl.DataFrame:
    """The table of actors; `new` and `silent` are null where the period is too short to tell."""
    either = [pairs.select(actor=a, against=b) for a, b in (("one", "other"), ("other", "one"))]
    opponents = pl.concat(either).group_by("actor").agg(opponents=pl.col("against").n_unique().cast(pl.Int64))
    areas = mentions.join(
        held.table.select("country", "admin1").with_row_index("row").cast({"row": pl.Int64}), on="row"
    ).filter(pl.col("admin1").is_not_null())
    areas = areas.group_by("actor").agg(areas=pl.struct("country", "admin1").n_unique().cast(pl.Int64))
    table = _counted(held, mentions, ["actor"], band)
    for other in (_kinds(held.table), opponents, areas):
        table = table.join(other, on="actor", how="left", maintain_order="left")
    new, silent = (pl.col("first") >= since, pl.col("last") < since) if since else (pl.lit(None, pl.Boolean),) * 2
    return table.with_columns(pl.col("opponents", "areas").fill_null(0), new=new, silent=silent)


def _kinds(table: pl.DataFrame) -> pl.DataFrame:
    """`actor`, `kind`: how the actor is coded most often; of equals the first in the alphabet."""
    pairs = (("actor1", "inter1"), ("actor2", "inter2"))
    both = pl.concat([table.select(actor=pl.col(a).cast(pl.String), kind=pl.col(k).cast(pl.String)) for a, k in pairs])
    counts = (
        both.drop_nulls().group_by("actor", "kind").len().sort("actor", "len", "kind", descending=[False, True, False])
    )
    return counts.group_by("actor", maintain_order=True).first().select("actor", "kind")


def _arrivals(held: Events, places: pl.DataFrame, chance: Numbers | None, since: date) -> pl.DataFrame:
    """Actors first seen in an area since then; `elsewhere`: it was seen in another area before."""
    table = _counted(held, places, ["actor", "country", "admin1"], None).sort(
        "actor", "country", "admin1", nulls_last=True
    )
    if chance is not None:
        table = table.with_columns(chance=pl.Series(chance))
    earliest = pl.col("first").min().over("actor")
    found = table.with_columns(elsewhere=earliest < since).filter(pl.col("first") >= since)
    return found.drop("share").sort("first", "actor", "country", "admin1", nulls_last=True)


# -- saying ----------------------------------------------------------------------------------------------------------


def _fewer(draws: Draws, held: Events) -> tuple[Draws, str]:
    """Draws for that many events, and a note if they are fewer than asked for."""
    fewer = draws.within(DRAWN, len(held))
    if fewer == draws:
        return draws, ""
    return fewer, f"Intervals rest on {fewer.count} draws, as {len(held):,} events are many."


def _sentence(table: pl.DataFrame, total: int, recent: int) -> str:
    top = table.row(0, named=True)
    said = (
        f"{top['actor']} is in the most events: {number(top['events'], top.get('events_low'), top.get('events_high'))}"
    )
    if top["share"] is not None:
        said += f", {percent(top['share'])} of all {total:,}"
    if table["new"].null_count():
        return f"{said}, from {top['first']} to {top['last']}."
    new, silent = int(table["new"].sum()), int(table["silent"].sum())
    return (
        f"{said}; of {len(table):,} actors {new:,} came in the last {recent} days and {silent:,} were not seen in them."
    )


def _notes(events: Events, held: Events, mentions: pl.DataFrame, left: str, recent: int, *, is_long: bool) -> list[str]:
    notes = ["An actor is its name as coded; other names of the same group are other actors here."]
    if without := len(events) - len(held):
        notes.append(f"Events without a date, which are not counted: {without:,}.")
    if unnamed := len(held) - mentions["row"].n_unique():
        notes.append(f"Events that name no actor: {unnamed:,}.")
    if not is_long:
        notes.append(f"The period is shorter than {2 * recent} days: who is new or silent cannot be told (--recent).")
    return [*notes, *([left] if left else [])]


def _draw(figure: Figure, held: Events, table: pl.DataFrame, dyads: pl.DataFrame, mentions: pl.DataFrame) -> None:
    from tocsin.analyse.shown.actors import draw

    draw(figure, held, table, dyads, mentions)
