"""What waits for a person: values and events that are withheld, the most worth deciding first.

In:  a Store.
Out: rows of the table `doubt`, with the claim that each is about.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from tocsin.store import schema as s
from tocsin.store.errors import told
from tocsin.store.rows import Row
from tocsin.store.store import Store


def waiting(store: Store, *, country: str | None = None, limit: int | None = None, after: int = 0) -> list[Row]:
    """The doubts by their worth, without the first `after`."""
    query = _asked(select(s.doubt), country).order_by(s.doubt.c.worth.desc(), s.doubt.c.id)
    return _rows(store, query.offset(after).limit(limit) if limit else query.offset(after))


def count_waiting(store: Store, *, country: str | None = None) -> int:
    [row] = _rows(store, _asked(select(func.count().label("count")).select_from(s.doubt), country))
    return int(row["count"])


def beginning_with(store: Store, name: str) -> list[Row]:
    """The doubts whose id begins so."""
    return _rows(store, select(s.doubt).where(s.doubt.c.id.startswith(name, autoescape=True)))


def about_event(store: Store, event_id: str) -> list[Row]:
    """The doubts about one event, the most worth deciding first."""
    query = select(s.doubt).where(s.doubt.c.event_id == event_id)
    return _rows(store, query.order_by(s.doubt.c.worth.desc(), s.doubt.c.id))


def _asked(query: Select[Any], country: str | None) -> Select[Any]:
    if country is None:
        return query
    return query.join(s.claim, s.claim.c.key == s.doubt.c.claim).where(s.claim.c.country == country)


def _rows(store: Store, query: Select[Any]) -> list[Row]:
    with told(store.name), store.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
