"""What lies on the desk: an item of the queue or an event, with the words, each field and what can be done.

In:  a Store, the id of an item or of an event, the address of the queue.
Out: `Subject` for the page; UsageError if neither waits or is there (any longer).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from tocsin.errors import UsageError
from tocsin.project.doubt import EVENT
from tocsin.project.review import Item, item, of_event
from tocsin.serve.desk.event import reports, told_by
from tocsin.serve.desk.fields import FIELD_OF, FIELDS, Field, is_blank, shown
from tocsin.serve.desk.quotes import QUESTION_OF, quotes_of
from tocsin.store import Store
from tocsin.store import schema as s

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value that waits for a person."""

    item: str
    said: str
    confidence: float
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One field. `values`: what its editor begins with; `quotes`: the words behind the value or the proposal."""

    field: Field
    said: str
    values: dict[str, Any]
    quotes: tuple[str, ...]
    proposal: Proposal | None

    @property
    def question(self) -> str:
        return QUESTION_OF.get(self.field.name, "").replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Subject:
    """`about`: what verdicts name; `item`: None for an event that nobody doubts; `event`: None if not published."""

    about: str
    item: Item | None
    event: str | None
    version: int
    row: Row
    lines: tuple[Line, ...]
    claims: tuple[Row, ...]
    reports: tuple[Row, ...]
    tellers: tuple[str, ...]  # of the claims, for people

    @property
    def asked(self) -> str:
        """The field that is asked about; blank if the event as a whole is meant."""
        return FIELD_OF[self.item.field] if self.item and self.item.field != EVENT else ""

    @property
    def is_whole(self) -> bool:
        return not self.asked

    @property
    def question(self) -> str:
        """What the coder is asked, in words."""
        if self.item is None:
            return "Is everything right?"
        if self.item.field == EVENT:
            return "Did this happen?"
        label = "Type" if self.item.field == "event_type" else _labels()[self.asked]
        return f"{label}: {said_of(self.item)}?"


def subject_of(store: Store, name: str) -> Subject:
    """An item by its id, or an event by its."""
    if store.event(name):
        return _of_event(store, name, None)
    found = item(store, name)
    return _of_event(store, found.event, found) if found.event else _unpublished(store, found)


def said_of(found: Item) -> str:
    """What an item proposes, in words."""
    if found.field == EVENT:
        row = found.row
        return ", ".join(str(row[name]) for name in ("sub_event_type", "location") if row.get(name)) or "an event"
    return str(found.values.get(found.field, "")) if found.values else ""


def versions(store: Store, events: Iterable[str]) -> dict[str, int]:
    """The version of each event as it is now; ids of none are left out."""
    with store.engine.connect() as connection:
        rows = connection.execute(select(s.event.c.id, s.event.c.version).where(s.event.c.id.in_(list(events))))
        return {row.id: row.version for row in rows}


def amendments(store: Store, claims: Iterable[str]) -> list[dict[str, Any]]:
    """What people have amended about these claims, in the order decided."""
    d = s.decision.c
    query = select(s.decision).where(d.claim.in_(list(claims)), d.kind == "amend", d.until.is_(None)).order_by(d.id)
    with store.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def _labels() -> dict[str, str]:
    return {field.name: field.label for field in FIELDS}


def _of_event(store: Store, event_id: str, asked: Item | None) -> Subject:
    row = store.event(event_id)
    if row is None:
        raise UsageError(f"{event_id} is no event any longer; the queue shows what there is.")
    first = asked.claims if asked else ()
    claims = sorted(store.claims(store.members(event_id)), key=lambda claim: claim["key"] not in first)
    waiting = {FIELD_OF[each.field]: each for each in reversed(of_event(store, event_id))}
    if asked:
        waiting[FIELD_OF[asked.field]] = asked
    lines = tuple(_line(field, row, claims, waiting.get(field.name), asked) for field in FIELDS)
    version = versions(store, [event_id])[event_id]
    about = asked.id if asked else event_id
    return Subject(about, asked, event_id, version, row, lines, tuple(claims), tuple(reports(store, claims)),
                   tuple(map(told_by, claims)))  # fmt: skip


def _unpublished(store: Store, asked: Item) -> Subject:
    """The event as its surest claim tells it, with what people have amended already."""
    said = {row["field"]: json.loads(row["value"]) for row in amendments(store, asked.claims)}
    row = {**asked.row, **said}
    claims = sorted(store.claims(asked.claims), key=lambda claim: asked.claims.index(claim["key"]))
    lines = tuple(_line(field, row, claims, None, asked) for field in FIELDS)
    return Subject(asked.id, asked, None, 0, row, lines, tuple(claims), tuple(reports(store, claims)),
                   tuple(map(told_by, claims)))  # fmt: skip


def _line(field: Field, row: Row, claims: Sequence[Row], waiting: Item | None, asked: Item | None) -> Line:
    said, values = shown(row, field), {name: row.get(name) for name in field.columns}
    if waiting is None:
        best: Row = next((claim for claim in claims if claim.get(field.name) == row.get(field.name)), {})
        quotes = quotes_of(best.get("evidence") or ()).get(field.name, []) if said else []
        return Line(field, said, values, tuple(quotes), None)
    proposal = Proposal(waiting.id, said_of(waiting), waiting.confidence, asked is waiting)
    told = {name: waiting.row.get(name) for name in field.columns if is_blank(values.get(name))}
    return Line(field, said, values | told, waiting.quotes, proposal)
