"""Two data sets on the same place and time: what both have, and what each misses.

In:  Events, and a second database or file.
Out: a row for all and for each event type, area, class of deaths and month: how many events are in both, in one only,
     and which part of the other's events each has; further tables: the pairs, with their dead side by side, and the
     events that one set alone has; an estimate of how many there are in all (recapture.py).

Compared are the days that both cover, and the countries that both have. A pair counts for the type, area, class and
month that the first set gives it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW, Answer, number, percent
from tocsin.analyse.draws import DRAWS, Draws, Interval, holding
from tocsin.analyse.events import Events, read_events
from tocsin.analyse.methods.matching import READ, Matches, can_match, matches
from tocsin.analyse.methods.recapture import LEAST, Estimate, estimate
from tocsin.errors import UsageError
from tocsin.locate.distance import kilometres_from
from tocsin.model import Issue

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = READ
MOST = 300_000  # events of both sets that are matched at once
FIELDS = ("event_type", "admin1", "deaths", "month")
CLASSES = ((25, "25 or more"), (5, "5 to 24"), (1, "1 to 4"), (0, "none"))
UNKNOWN = "(not known)"
ASSUMED = (
    "The estimate of all events takes it that the two sets found events independently and each event as easily as any "
    "other, and that pairs are right; where both read the same sources or miss the same places it is too low."
)


def compare(
    events: Events,
    draws: Draws = DRAWS,
    *,
    other: Annotated[str, "The second data set: a database, or a file (--other-kind)."],
    other_kind: Annotated[str | None, "What the second is, if it is no database: acled, ucdp-ged, gdelt, csv."] = None,
    releases: Annotated[
        bool, "The second is another release of the same data set, with the same actors' names."
    ] = False,
) -> Answer:
    """What two data sets on the same place and time both have, what each misses, and how many events there may be."""
    second, unread = _second(events, other, other_kind)
    sides, notes = _common(events, second)
    first, second = sides
    found = matches(first, second, releases=releases)
    drawn = found.drawn(draws) if draws else None
    names = _names(events.name, second.name)
    table = _table(sides, found, drawn)
    pairs = _pairs(sides, found)
    both = None if drawn is None else drawn.sum(axis=1)
    total = None if releases else estimate(len(first), len(second), int(found.joined.sum()), both, draws.seed)
    return Answer(
        "compare",
        _sentence(table, total, names),
        table,
        f"{first.about} | {second.about}",
        (*notes, *unread, *_said(found, total, releases=releases)),
        {"pairs": pairs, "missed": _missed(sides, found), "deaths": _deaths(pairs)}
        | ({"estimate": pl.DataFrame([_row(total)])} if total else {}),
        lambda figure: _draw(figure, table, pairs, names),
    )


# -- the same place and time -----------------------------------------------------------------------------------------


def _second(events: Events, other: str, kind: str | None) -> tuple[Events, list[str]]:
    """The other set by the filter of the first, and a note if rows of it could not be read."""
    odd: list[Issue] = []
    second = read_events(other, events.wanted, COLUMNS, kind=kind, notice=odd.append)
    lost = [issue.message for issue in odd if issue.level == "error"]
    if lost and not len(second):
        raise UsageError(f"{other}: found no event that could be read as {kind} ({len(lost):,} could not; {lost[0]}).")
    return second, [f"Rows of {Path(second.name).name} that could not be read: {len(lost):,}."] if lost else []


def _common(one: Events, two: Events) -> tuple[tuple[Events, Events], list[str]]:
    """What can be compared of both, and what is left out; UsageError if nothing is."""
    held = [each.where(can_match()).demanded(1, "events with a day, a country and a point") for each in (one, two)]
    since, until = max(each.first for each in held), min(each.last for each in held)
    countries = set.intersection(*({*each.table["country"].cast(pl.String)} for each in held))
    inside = pl.col("event_date").is_between(since, until) & pl.col("country").cast(pl.String).is_in(sorted(countries))
    first, second = (replace(each.where(inside), period=(since, until)) for each in held)
    if not len(first) or not len(second):
        spans = " and ".join(f"{Path(each.name).name} ({each.first} to {each.last})" for each in held)
        raise UsageError(f"{spans} have no place and time in common; there is nothing to compare.")
    if len(first) + len(second) > MOST:
        raise UsageError(
            f"{len(first) + len(second):,} events are too many to match (at most {MOST:,}); choose a place or a period."
        )
    left = [f"{Path(all_.name).name}: {len(all_) - len(kept):,}" for all_, kept in ((one, first), (two, second))
            if len(all_) > len(kept)]  # fmt: skip
    period = f"Compared are {since} to {until}, {', '.join(sorted(countries)[:5])}" + ", ..." * (len(countries) > 5)
    rest = "Left out, as outside of that or without a day, country or point: "
    return (first, second), [period + ".", *([rest + "; ".join(left) + "."] if left else [])]


def _names(one: str, two: str) -> tuple[str, str]:
    """What the sets are called; two of one name are told apart."""
    first, second = (Path(each).name.split(".")[0] for each in (one, two))
    return (first, second) if first != second else (f"{first} (first)", f"{second} (second)")


# -- tables ----------------------------------------------------------------------------------------------------------


def _table(sides: tuple[Events, Events], found: Matches, drawn: NDArray[np.bool_] | None) -> pl.DataFrame:
    """`field`, `value`, `both`, `first_only`, `second_only`, `first_has` (of the second's events), `second_has`."""
    parts = [_part(sides, found, drawn, name) for name in ("all", *FIELDS)]
    return pl.concat(parts)


def _part(sides: tuple[Events, Events], found: Matches, drawn: NDArray[np.bool_] | None, field: str) -> pl.DataFrame:
    one, two = (_values(each.table, field) for each in sides)
    names = _ordered(field, Counter([*one, *two]))
    number_of = {name: at for at, name in enumerate(names)}
    first, second = (np.array([number_of[name] for name in each], np.int64) for each in (one, two))
    a, b = found.first[found.joined], found.second[found.joined]
    unknown = first[a] == number_of.get(UNKNOWN, -1)
    first[a] = second[b] = np.where(unknown, second[b], first[a])  # a pair counts where the first has it
    size = len(names)
    has, have = np.bincount(first, minlength=size), np.bincount(second, minlength=size)
    both = np.bincount(first[a], minlength=size)
    columns: dict[str, Any] = {
        "field": [field] * size, "value": names, "both": both, "first_only": has - both, "second_only": have - both,
        "first_has": _part_of(both, have), "second_has": _part_of(both, has),
    }  # fmt: skip
    if drawn is not None:
        counts = np.stack([np.bincount(first[found.first[each]], minlength=size) for each in drawn])
        low, high = np.minimum(np.quantile(counts, [0.05, 0.95], axis=0), np.minimum(has, have))
        band = holding(Interval(low, high), both)
        low, high = band.low, band.high
        columns |= {"both_low": low, "both_high": high}
        columns |= {"first_has_low": _part_of(low, have), "first_has_high": _part_of(high, have)}
        columns |= {"second_has_low": _part_of(low, has), "second_has_high": _part_of(high, has)}
    found_any = pl.any_horizontal(pl.col("both", "first_only", "second_only") > 0)
    return pl.DataFrame(columns).with_columns(pl.col(pl.Float64).fill_nan(None)).filter(found_any)


def _ordered(field: str, count: Counter[str]) -> list[str]:
    """Types and areas with most events first, classes of deaths and months in their order."""
    if field == "deaths":
        return [name for name in (*(name for _, name in CLASSES[::-1]), UNKNOWN) if count[name]]
    return sorted(count) if field == "month" else sorted(count, key=lambda name: (-count[name], name))


def _part_of(both: NDArray[Any], all_: NDArray[Any]) -> NDArray[np.float64]:
    """A share; NaN for fewer than FEW."""
    return np.where(all_ >= FEW, both / np.maximum(all_, 1), np.nan)


def _values(table: pl.DataFrame, field: str) -> list[str]:
    if field == "all":
        return [""] * table.height
    if field == "month":
        return table["event_date"].dt.strftime("%Y-%m").to_list()
    if field == "deaths":
        return [_class(each) for each in table["fatalities"].to_list()]
    return table[field].cast(pl.String).fill_null(UNKNOWN).to_list()


def _class(dead: int | None) -> str:
    return UNKNOWN if dead is None else next((name for least, name in CLASSES if dead >= least), UNKNOWN)


def _pairs(sides: tuple[Events, Events], found: Matches) -> pl.DataFrame:
    """A row for each pair: both ids, days, types and deaths, how far apart they are, the chance that they are one."""
    rows = (found.first[found.joined], found.second[found.joined])
    one, two = (each.table[at] for each, at in zip(sides, rows, strict=True))
    columns: dict[str, Any] = {}
    for name, table in (("first", one), ("second", two)):
        columns |= {f"{name}_id": table["id"], f"{name}_date": table["event_date"]}
        columns |= {f"{name}_type": table["event_type"].cast(pl.String), f"{name}_deaths": table["fatalities"]}
    points = (each[name].to_numpy() for each in (one, two) for name in ("latitude", "longitude"))
    days = (two["event_date"] - one["event_date"]).dt.total_days()
    columns |= {"days": days, "km": kilometres_from(*points), "chance": found.chance[found.joined]}
    return pl.DataFrame(columns)


def _missed(sides: tuple[Events, Events], found: Matches) -> pl.DataFrame:
    """The events that one set alone has; `only` is that set."""
    parts = []
    for name, events, rows in zip(("first", "second"), sides, (found.first, found.second), strict=True):
        alone = ~np.isin(np.arange(len(events)), rows[found.joined])
        held = events.table.filter(pl.Series(alone)).select(
            pl.lit(name).alias("only"), "id", "event_date", pl.col("admin1", "location", "event_type").cast(pl.String),
            deaths="fatalities",
        )  # fmt: skip
        parts.append(held)
    return pl.concat(parts)


def _deaths(pairs: pl.DataFrame) -> pl.DataFrame:
    """One row over the pairs whose deaths both sets tell: the sums, and how often one has more."""
    told = pairs.filter(pl.col("first_deaths").is_not_null() & pl.col("second_deaths").is_not_null())
    one, two = pl.col("first_deaths"), pl.col("second_deaths")
    return told.select(
        pairs=pl.len(), first_deaths=one.cast(pl.Int64).sum(), second_deaths=two.cast(pl.Int64).sum(),
        same=(one == two).sum(), first_more=(one > two).sum(), second_more=(one < two).sum(),
    )  # fmt: skip


def _row(total: Estimate) -> dict[str, float]:
    return {"all": total.number, "all_low": total.low, "all_high": total.high}


# -- saying ----------------------------------------------------------------------------------------------------------


def _sentence(table: pl.DataFrame, total: Estimate | None, names: tuple[str, str]) -> str:
    every = table.row(0, named=True)
    said = f"{number(every['both'], every.get('both_low'), every.get('both_high'), unit='events')} are in both"
    for name, other, share in ((names[0], names[1], "first_has"), (names[1], names[0], "second_has")):
        if every[share] is not None:
            said += f"; {name} has {percent(every[share])} of those of {other}"
    if total:
        said += f"; in all there may be {number(total.number, total.low, total.high)}"
    return said + "."


def _said(found: Matches, total: Estimate | None, *, releases: bool) -> list[str]:
    """What the figures rest on."""
    if releases:
        return ["Two releases of one data set do not find events independently: all events are not estimated."]
    joined = int(found.joined.sum())
    few = f"With {joined} events in both, fewer than {LEAST}, all events are not estimated."
    return [ASSUMED if total else few]


def _draw(figure: Figure, table: pl.DataFrame, pairs: pl.DataFrame, names: tuple[str, str]) -> None:
    from tocsin.analyse.shown.compare import draw

    draw(figure, table, pairs, names)
