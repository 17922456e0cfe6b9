"""Who looks at what: items given to coders, and batches that several code blind.

In:  a Store; people, ids of items (or of events, in a batch); what a person answers.
Out: rows of the tables `task` and `answer`. An item's task ends when it is taken back, a batch's when it is answered.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from tocsin.serve.access.people import now, writing
from tocsin.store import Store
from tocsin.store import schema as s
from tocsin.store.errors import told
from tocsin.store.rows import batches

Row = dict[str, Any]
T, A = s.task.c, s.answer.c


def give(store: Store, person: str | None, items: Sequence[str]) -> None:
    """These items are this person's from now on, and nobody else's; None takes them back."""
    with writing(store) as connection:
        for some in batches(items):
            where = (T.about.in_(some), T.batch.is_(None), T.until.is_(None))
            connection.execute(s.task.update().where(*where).values(until=now()))
        if person:
            _put(connection, ((None, about, person) for about in items))


def holders(store: Store, items: Iterable[str]) -> dict[str, str]:
    """Item -> to whom it is given."""
    return {
        row["about"]: row["person"]
        for some in batches(items)
        for row in _tasks(store, T.about.in_(some), T.batch.is_(None), T.until.is_(None))
    }


def given_to(store: Store, person: str) -> list[str]:
    """The items that a person has been given and that still wait, the first given first."""
    waits = T.about.in_(select(s.doubt.c.id))
    return [row["about"] for row in _tasks(store, T.person == person, T.batch.is_(None), T.until.is_(None), waits)]


def put_batch(store: Store, batch: str, events: Sequence[str], people: Sequence[str]) -> None:
    """Each of these people codes each of these events."""
    with writing(store) as connection:
        _put(connection, ((batch, about, person) for person in people for about in events))


def in_batch(store: Store, batch: str, person: str | None = None) -> list[Row]:
    """The tasks of a batch, or one person's."""
    return _tasks(store, T.batch == batch, *([T.person == person] if person else []))


def all_batches(store: Store) -> list[Row]:
    """Each batch with its people and how many of their tasks are answered; the newest first."""
    done, last = func.count(T.until), func.max(T.id).label("last")
    query = select(T.batch, T.person, func.count().label("tasks"), done.label("done"), last)
    query = query.where(T.batch.is_not(None)).group_by(T.batch, T.person).order_by(T.batch, T.person)
    found: dict[str, Row] = {}
    for row in _rows(store, query):
        batch = found.setdefault(row["batch"], {"batch": row["batch"], "people": [], "last": 0})
        batch["people"].append({name: row[name] for name in ("person", "tasks", "done")})
        batch["last"] = max(batch["last"], row["last"])
    return sorted(found.values(), key=lambda batch: -batch["last"])


def task(store: Store, number: int) -> Row | None:
    return next(iter(_tasks(store, T.id == number)), None)


def answer(store: Store, number: int, answers: Mapping[str, Mapping[str, Any]]) -> None:
    """What the person says, field -> columns; what was said before is replaced."""
    with writing(store) as connection:
        connection.execute(s.answer.delete().where(A.task_id == number))
        rows = [{"task_id": number, "field": field, "value": json.dumps(said, ensure_ascii=False), "at": now()}
                for field, said in answers.items()]  # fmt: skip
        if rows:
            connection.execute(s.answer.insert(), rows)
        connection.execute(s.task.update().where(T.id == number).values(until=now()))


def answers(store: Store, batch: str) -> dict[tuple[str, str], dict[str, Row]]:
    """(event, person) -> field -> columns, of all tasks of a batch that are answered."""
    query = select(T.about, T.person, A.field, A.value).join(s.answer, A.task_id == T.id).where(T.batch == batch)
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in _rows(store, query.order_by(T.id)):
        found.setdefault((row["about"], row["person"]), {})[row["field"]] = json.loads(row["value"])
    return found


def _put(connection: Connection, rows: Iterable[tuple[str | None, str, str]]) -> None:
    last = connection.scalar(select(func.max(T.id))) or 0
    values = [{"id": last + at, "batch": batch, "about": about, "person": person, "since": now(), "until": None}
              for at, (batch, about, person) in enumerate(rows, 1)]  # fmt: skip
    if values:
        connection.execute(s.task.insert(), values)


def _tasks(store: Store, *where: ColumnElement[bool]) -> list[Row]:
    return _rows(store, select(s.task).where(*where).order_by(T.id))


def _rows(store: Store, query: Any) -> list[Row]:
    with told(store.name), store.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
