"""Statements about parts of a whole: shares, and who or what has most.

In:  a Case.
Out: Found.
"""

from __future__ import annotations

from dataclasses import replace
from math import nan

import polars as pl

from tocsin.analyse.answer import FEW
from tocsin.analyse.events import Events
from tocsin.check.compare import fits
from tocsin.check.counting import PER_EVENT, measured, shared, span, total
from tocsin.check.found import Found, ids
from tocsin.check.scope import CannotTell, Case, Keep, Tried, around, day_of, is_one_of, within
from tocsin.check.statement import Asked, Spot
from tocsin.fold import fold

COLUMN = {  # what a share or a ranking is of -> the column whose values are compared
    "admin1": "admin1", "admin2": "admin2", "places": "admin1", "location": "location", "towns": "location",
    "countries": "country", "country": "country", "actors": "actor1", "actor1": "actor1", "actor": "actor1",
    "event types": "event_type", "event_type": "event_type", "event_types": "event_type",
    "sub_event_type": "sub_event_type", "sub_event_types": "sub_event_type",
}  # fmt: skip
MOST = 50.0  # percent: "most" is more
BOTH = (True, True)


def share(case: Case) -> Found:
    """A part of all events, or of all the dead: those of the actor, of the type, of the place."""
    since, until = span(case)
    unit, cover = measured(case.asked), case.cover(day_of(case.asked.since), until)
    asked, dropped = _valued(case.asked), _dropped(case.asked)
    whole, there = _whole(case, dropped), case.there if dropped != "where" else _all
    inside, mine = _in_part(case, dropped), case.chosen().table["id"].to_list()
    whole = around(whole.of(whole.table.with_columns(is_part=pl.col("id").is_in(mine))), since, until)

    def of(table: pl.DataFrame) -> pl.DataFrame:
        return inside(table.filter("is_part"))

    def ask(table: pl.DataFrame) -> tuple[float, bool]:
        every = within(there(table), since, until)
        figure = total(of(every), unit) / all_ if (all_ := total(every, unit)) else nan
        return figure, fits(asked, 100 * figure, case.limits)

    every = within(there(whole.table), since, until)
    if len(every) < FEW or not total(every, unit):
        raise CannotTell(f"{len(every)} events from {since} to {until} are too few for a share; {FEW} are needed")
    tried = case.tried(whole, ask)
    said = (f"{shared(tried)} of {total(every, unit):,.0f} {unit} from {since} to "
            f"{until}; the text says {asked.comparison or 'about'} {asked.value:g} %")  # fmt: skip
    return Found(said, tried, ids(of(every)), (cover,), BOTH, (cover.told,))


def _whole(case: Case, dropped: str) -> Events:
    """All events that the part is of; for a type of violence all violence, else all types."""
    if dropped == "none":
        return case.chosen()
    if dropped == "types":
        violence = replace(case, asked=replace(case.asked, event_types=(), sub_event_types=())).chosen()
        if set(case.chosen().table["id"]) <= set(violence.table["id"]):
            return violence
    return case.chosen(**{dropped: False})


def _all(table: pl.DataFrame) -> pl.DataFrame:
    return table


def _in_part(case: Case, dropped: str) -> Keep:
    """Keeps what lies in the place that is the part, if a place is the part."""
    if case.asked.place:
        return case.inside(case.asked.place)
    return case.there if dropped == "where" else _all


def _dropped(asked: Asked) -> str:
    """What is given up to get from the part to the whole; a place that is the part lies in the whole anyway."""
    columns = {COLUMN.get(name, "") for name in asked.than} - {""}
    if columns & {"actor1"} or (not columns and (asked.actors or asked.against) and not asked.place):
        return "actors"
    types = asked.event_types or asked.sub_event_types
    if columns & {"event_type", "sub_event_type"} or (not columns and types and not asked.place):
        return "types"
    if asked.place or (asked.where and asked.where.kind != "country"):
        return "where" if not asked.place else "none"
    if asked.actors or asked.against:
        return "actors"
    raise CannotTell("the text does not say of what it is a part")


def _valued(asked: Asked) -> Asked:
    """With the value that "most" has."""
    if asked.value is not None:
        return asked
    less = asked.comparison in ("fewer", "less than")
    return replace(asked, comparison="less than" if less else "more than", value=MOST)


def ranking(case: Case) -> Found:
    """The one with most events, or most dead; `value` 2 is the second. The fewest, if it says so."""
    since, until = span(case)
    cover = case.cover(day_of(case.asked.since), until)
    column, name = _ranked(case)
    unit = measured(case.asked)
    held, wanted = case.chosen(actors=column != "actor1", where=_wide(case)), int(case.asked.value or 1)
    up = case.asked.comparison in ("fewer", "less than")

    def ask(table: pl.DataFrame) -> tuple[float, bool]:
        sums = _sums(within(table, since, until), column, unit)
        own = sums.get(name, 0.0)
        ahead = sum(other < own if up else other > own for each, other in sums.items() if each != name)
        return float(ahead + 1), ahead + 1 == wanted and (own > 0 or up)

    rows = within(held.table, since, until)
    sums = _sums(rows, column, unit)
    if len(rows) < FEW or len(sums) < 2:
        raise CannotTell(f"{len(rows)} events in {len(sums)} of what is compared ({column}) are too few for a ranking")
    tried = case.tried(around(held, since, until), ask)
    best = sorted(sums.items(), key=lambda item: item[1], reverse=not up)[0]
    said = (f"{name} is number {_rank(tried)} with {sums.get(name, 0):,.0f} {unit} from {since} to {until}; first is "
            f"{best[0]} with {best[1]:,.0f}")  # fmt: skip
    own = rows.filter(pl.col(column).cast(pl.String) == name)
    left = rows[column].null_count()
    notes = (f"{left} events name none ({column}) and are not ranked",) if left else ()
    return Found(said, tried, ids(own), (cover,), BOTH, (cover.told, *notes))


def _wide(case: Case) -> bool:
    """Whether `where` is what is ranked within, not what is ranked."""
    spot = case.asked.where
    if case.asked.place or case.asked.actors:
        return True
    return (
        spot is not None and spot.kind == "country" and "country" not in [COLUMN.get(each) for each in case.asked.than]
    )


def _rank(tried: Tried) -> str:
    if tried.low is None or tried.high is None or tried.low == tried.high:
        return f"{tried.figure:.0f}"
    return f"{tried.figure:.0f} (90 % interval {tried.low:.0f} to {tried.high:.0f})"


def _ranked(case: Case) -> tuple[str, str]:
    """The column that is compared, and the value of it that the text says is first."""
    asked, given = case.asked, next((COLUMN[name] for name in case.asked.than if name in COLUMN), None)
    spot = asked.place or (asked.where if not asked.actors else None)
    if given == "actor1" or (given is None and asked.actors and asked.place is None):
        if not asked.actors:
            raise CannotTell("the text does not say which actor is first")
        return "actor1", _value(case, "actor1", asked.actors[0])
    if given in ("event_type", "sub_event_type"):
        names = asked.event_types if given == "event_type" else asked.sub_event_types
        if not names:
            raise CannotTell("the text does not say which type of events is first")
        return given, names[0]
    if spot is None:
        raise CannotTell("the text does not say which place is first")
    column = given if given and spot.kind != "country" else _column(spot)
    return column, _value(case, column, spot.name)


def _column(spot: Spot) -> str:
    return spot.kind if spot.kind in ("country", "admin1", "admin2") else "location"


def _value(case: Case, column: str, name: str) -> str:
    """The name as the events have it."""
    values = case.events.table[column].cast(pl.String).unique().drop_nulls().to_list()
    same = [value for value in values if fold(value) == fold(name) or is_one_of(value, (name,))]
    if not same:
        raise CannotTell(f"{case.events.name} has no event of {name} ({column}), in whatever time")
    return str(min(same))


def _sums(table: pl.DataFrame, column: str, unit: str) -> dict[str, float]:
    if table.is_empty():
        return {}
    sums = table.group_by(pl.col(column).cast(pl.String)).agg(events=pl.len(), deaths=pl.col("fatalities").sum())
    sums = sums.with_columns((pl.col("deaths") / pl.col("events")).alias(PER_EVENT))
    return {name: float(value) for name, value in sums.select(column, unit).iter_rows() if name is not None}
