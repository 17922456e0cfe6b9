"""Which events changed since a change of the database, or are no more.

In:  a View, a place in the order of changes.
Out: a page of them: each event once, as it changed last, and where the next page begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, null, select

from tocsin.serve.events.view import View
from tocsin.store import schema as s
from tocsin.store.errors import told
from tocsin.store.rows import unpacked

Row = dict[str, Any]
LAST = 2**31 - 1  # no change has a larger number
BEHIND_ALL = "~"  # comes after every event's id


@dataclass(frozen=True, slots=True)
class Since:
    """All of earlier changes is seen; of this change, the events up to `event`."""

    change: int
    event: str = BEHIND_ALL

    @classmethod
    def of(cls, text: str) -> Since:
        change, _, event = text.partition("~")
        return cls(min(int(change), LAST), event or BEHIND_ALL)

    def __str__(self) -> str:
        return str(self.change) if self.event == BEHIND_ALL else f"{self.change}~{self.event}"

    def before(self, change: Any, event: Any) -> ColumnElement[bool]:
        """What comes behind it, as a condition."""
        if self.event == BEHIND_ALL:
            return change > self.change  # type: ignore[no-any-return]
        return (change > self.change) | ((change == self.change) & (event > self.event))  # type: ignore[no-any-return]


def changed_since(view: View, since: Since, limit: int) -> Row:
    """At most `limit` events; fewer, if some may not be seen."""
    with told(view.store.name), view.store.engine.connect() as connection:
        last = connection.scalar(select(func.max(s.change.c.seq))) or 0
        parts = [_rows(connection, query, limit) for query in (_live(since, last), _gone(since, last))]
        found = list(islice(merge(*parts, key=lambda row: (row["change"], row["event"])), limit + 1))
    more = len(found) > limit
    found = found[:limit]
    end = Since(found[-1]["change"], found[-1]["event"]) if more else Since(last)
    return {"changes": list(_seen(view, found)), "next": str(end), "more": more}


def _live(since: Since, last: int) -> Select[Any]:
    """Events as they are, by the change that made them so. What changes again meanwhile comes on the next page."""
    e = s.event.c
    query = select(e.since.label("change"), e.id.label("event"), e.version, e.why, null().label("merged_into"))
    return query.where(since.before(e.since, e.id), e.since <= last).order_by(e.since, e.id)


def _gone(since: Since, last: int) -> Select[Any]:
    """Events that were and are no more."""
    p, later = s.event_past.c, s.event_past.alias().c
    over = and_(p.gone_why.is_not(None), ~exists().where(s.event.c.id == p.id))
    over &= ~exists().where(later.id == p.id, later.version > p.version)
    body = (p[name] for name in (*s.BODY, "detail"))
    query = select(
        p.until.label("change"), p.id.label("event"), p.version, p.gone_why.label("why"), p.merged_into, *body
    )
    return query.where(over, since.before(p.until, p.id), p.until <= last).order_by(p.until, p.id)


def _rows(connection: Connection, query: Select[Any], limit: int) -> list[Row]:
    c = s.change.c
    query = query.add_columns(c.at, c.who).join(s.change, c.seq == query.selected_columns["change"]).limit(limit + 1)
    return [dict(row) for row in connection.execute(query).mappings()]


def _seen(view: View, rows: list[Row]) -> Iterator[Row]:
    """Those that may be seen, with what may be told of them."""
    shown = {row["event"] for row in rows if "detail" not in row}
    if not view.whole:
        shown = {row["event_id_cnty"] for row in view.named(shown, ("event_id_cnty",))}
    for row in rows:
        ended = "detail" in row
        past = [row.get(name) for name in (*s.BODY, "detail")]
        if (row["event"] not in shown) if not ended else not (view.whole or view.shows(unpacked(past, row["event"]))):
            continue
        said = (row["merged_into"], row["why"], row["who"]) if view.whole else (None, None, None)
        told_of = dict(zip(("merged_into", "why", "by"), said, strict=True))
        yield {"change": row["change"], "at": row["at"], "event": row["event"], "version": row["version"],
               "ended": ended, **told_of}  # fmt: skip
