"""Which events fit what a client of ACLED's API asks, and their rows.

In:  a View, a Wanted.
Out: ids, newest first; rows as tuples, in parts. What the index knows is answered from it, the rest by the database.
     Where rules of publishing hold, the rest is looked up in rows as the rules leave them, so that no filter can tell
     what the rules hide.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import lru_cache, reduce
from itertools import islice
from operator import or_
from typing import Any

import numpy as np
from sqlalchemy import ARRAY, ColumnElement, Connection, Text, and_, any_, cast, func, literal, null, select, true

from tocsin.serve.acled.query import DAY, TEXT, TIME, WHOLE, Term, Wanted
from tocsin.serve.events.index import NO_DAY, Index, Mask, day_number
from tocsin.serve.events.view import View
from tocsin.store import schema as s
from tocsin.store.errors import told
from tocsin.store.rows import batches, streamed

PART = 1000  # rows fetched at once
FEW = 300  # values of a column that a condition may list
NEVER = 2**31 - 1  # no change has this number


def found(view: View, wanted: Wanted) -> Sequence[str]:
    """The ids of the page, in the one order: newest first, of one day the last id first."""
    if wanted.span == slice(0, 0):
        return []
    mask, rest = np.ones(len(view.index), bool), []
    for group in wanted.groups:
        masks = [_mask(view.index, term) for term in group]
        if all(each is not None for each in masks):
            mask &= reduce(or_, masks)
        else:
            rest.append(group)
    if not rest:
        ids: list[str] = view.index.ids[np.flatnonzero(mask)[wanted.span]].tolist()
        return ids
    if view.whole:
        return _by_sql(view, wanted, common=all(term.kind == WHOLE for group in rest for term in group))
    seen = (row for part in batches(view.rows(mask), PART) for row in _stamped(view, part))
    fitting = (row["event_id_cnty"] for row in seen if wanted.holds(row))
    return list(islice(fitting, wanted.span.start, wanted.span.stop))


def rows(view: View, ids: Iterable[str], columns: Sequence[str]) -> Iterator[list[tuple[Any, ...]]]:
    """The events with these columns, in that order, in parts. What ACLED does not have is None."""
    for part in batches(ids, PART):
        if view.whole:
            yield _fetched(view, part, columns)
        else:
            seen = _stamped(view, view.named(part))
            yield [tuple(map(row.get, columns)) for row in seen]


def _fetched(view: View, ids: Sequence[str], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    known = {**{name: s.event.c[name] for name in s.BODY}, "event_id_cnty": s.event.c.id, "timestamp": s.change.c.at}
    query = select(*(known.get(name, null()) for name in columns), s.event.c.id)
    query = query.join_from(s.event, s.change, s.change.c.seq == s.event.c.since)
    with told(view.store.name), view.store.engine.connect() as connection:
        query = query.where(_among(s.event.c.id, ids, connection))
        with closing(streamed(connection, query, PART)) as read:
            held = {row[-1]: row for row in read}
    listed = [held[each] for each in ids if each in held]
    if "timestamp" in columns:
        at = columns.index("timestamp")
        return [(*row[:at], seconds(row[at]), *row[at + 1 : -1]) for row in listed]
    return [row[:-1] for row in listed]


def _among(column: Any, ids: Sequence[str], connection: Connection) -> ColumnElement[bool]:
    """One of many ids, which are one value of the query: it need not be put together anew for each number of them."""
    if connection.dialect.name == "sqlite":
        return column.in_(select(func.json_each(json.dumps(ids)).table_valued("value").c.value))  # type: ignore[no-any-return]
    return column == any_(literal(list(ids), ARRAY(Text)))  # type: ignore[no-any-return]


def _stamped(view: View, seen: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the time of their version, unless a rule took it away."""
    query = select(s.event.c.id, s.change.c.at).join(s.change, s.change.c.seq == s.event.c.since)
    ids = [row["event_id_cnty"] for row in seen]
    with told(view.store.name), view.store.engine.connect() as connection:
        at = {name: seconds(time) for name, time in connection.execute(query.where(s.event.c.id.in_(ids)))}
    hidden = view.public is not None and any("timestamp" in rule.redact for rule in view.public.rules)
    return [{**row, "timestamp": None if hidden else at.get(row["event_id_cnty"])} for row in seen]


@lru_cache(10_000)
def seconds(at: str) -> int:
    """When a change was made, as ACLED writes it. An event's timestamp is that of the change that made its version:
    by it clients ask for what is new here."""
    return int(datetime.fromisoformat(at).timestamp())


def _mask(index: Index, term: Term) -> Mask | None:
    """The events for which the term holds; None if the index does not know."""
    if term.name in index.names:
        column = index.names[term.name]
        chosen: Mask = np.array([term.holds(value) for value in column.values], bool)[column.codes]
        return chosen
    if term.operator == "LIKE":
        return None
    if term.name == "fatalities":
        return np.asarray(term.compare(index.fatalities) & (index.fatalities >= 0))
    if term.name == "event_date":
        numbers = [
            tuple(map(day_number, each)) if isinstance(each, tuple) else day_number(each) for each in term.values
        ]
        days = Term(term.name, DAY, term.operator, tuple(numbers))
        return np.asarray(days.compare(index.days) & (index.days != NO_DAY))
    return None


def _by_sql(view: View, wanted: Wanted, *, common: bool) -> list[str]:
    """`common`: what is asked for is seldom rare. Then a walk from the newest event on ends soon; else all that fit
    are found first, and sorted by an expression that no index has."""
    e = s.event.c
    day = e.event_date if common else func.coalesce(e.event_date, "")
    with told(view.store.name), view.store.engine.connect() as connection:
        low = _lower(connection)
        groups = [
            reduce(or_, [_condition(view.index, term, connection, low) for term in group]) for group in wanted.groups
        ]
        query = select(e.id).where(and_(*groups)).order_by(day.desc().nulls_last(), e.id.desc())
        if wanted.limit:
            query = query.limit(wanted.limit).offset(wanted.span.start)
        return list(connection.scalars(query))


def _lower(connection: Connection) -> Callable[[Any], Any]:
    """Small letters, of every alphabet; SQLite alone knows A to Z."""
    if connection.dialect.name != "sqlite":
        return func.lower
    driver: Any = connection.connection.driver_connection
    driver.create_function("small", 1, lambda text: text and text.lower(), deterministic=True)
    return func.small


def _condition(index: Index, term: Term, connection: Connection, low: Callable[[Any], Any]) -> ColumnElement[bool]:
    if term.kind == TIME:
        return _in_time(term, connection)
    column: Any = s.event.c["id" if term.name == "event_id_cnty" else term.name]
    if term.kind != TEXT and term.operator != "LIKE":
        return term.compare(column)  # type: ignore[no-any-return]
    if term.name in index.names:
        exact = [value for value in index.names[term.name].values if term.holds(value)]
        if len(exact) <= FEW and "" not in exact:
            return column.in_(exact)  # type: ignore[no-any-return]
    text = low(func.coalesce(column if term.kind == TEXT else cast(column, Text), ""))
    if term.operator == "=":
        return text.in_(term.values)  # type: ignore[no-any-return]
    return reduce(or_, [text.contains(part, autoescape=True) for part in term.values])


def _in_time(term: Term, connection: Connection) -> ColumnElement[bool]:
    """Changes are numbered in time: the version was made between two of them."""
    since, parts = s.event.c.since, []
    for value in term.values:
        first, last = value if isinstance(value, tuple) else (value, value)
        low, high = {"<": (None, first), "<=": (None, last + 1), ">": (first + 1, None), ">=": (first, None)}.get(
            term.operator, (first, last + 1)
        )
        after = true() if low is None else since >= _first(connection, low)
        parts.append(after & (true() if high is None else since < _first(connection, high)))
    return reduce(or_, parts)


def _first(connection: Connection, moment: int) -> int:
    """The first change that was made at that second or later."""
    at = datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds")
    return connection.scalar(select(func.min(s.change.c.seq)).where(s.change.c.at >= at)) or NEVER
