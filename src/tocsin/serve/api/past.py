"""The events as they were at an earlier change of the database.

In:  a View that shows all, the number of a change or a time.
Out: an Index of the events as they were then; their rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from sqlalchemy import func, select

from tocsin.errors import UsageError
from tocsin.serve.events.index import Index
from tocsin.serve.events.read import index_of
from tocsin.serve.events.view import View
from tocsin.serve.explore.vector import Kept
from tocsin.store import Store
from tocsin.store import schema as s
from tocsin.store.errors import told
from tocsin.store.rows import batches

Row = dict[str, Any]
HELD = Kept(2)  # indexes of the past: what was does not change
_making = Lock()
LAST = 2**31 - 1


def number_of(store: Store, as_of: str) -> int:
    """The change that a number or a time means: the last one up to then."""
    if as_of.isascii() and as_of.isdigit() and len(as_of) < 11:
        return min(int(as_of), LAST)
    try:
        moment = datetime.fromisoformat(as_of)
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f"as_of: found {as_of[:40]!r}, expected the number of a change, or a time such as 2024-03-12T10:00:00Z."
        ) from None
    with told(store.name), store.engine.connect() as connection:
        until = s.change.c.at <= moment.isoformat(timespec="microseconds")
        return connection.scalar(select(func.max(s.change.c.seq)).where(until)) or 0


def index_at(view: View, change: int) -> Index:
    """The events as they were then; who decided what is not part of it."""
    if change >= view.index.changed:
        return view.index
    key = (view.store.name, change)
    with _making:
        found = HELD.get(key)
        if found is None:
            found = HELD.put(key, index_of(view.store.events(as_of=change), change))
    assert isinstance(found, Index)
    return found


def rows_at(view: View, ids: Sequence[str], change: int) -> list[Row]:
    """The events with these ids, in that order, with ACLED's columns as they were then."""
    if change >= view.index.changed:
        return view.named(ids)
    found: dict[str, Row] = {}
    now, then = s.event.c, s.event_past.c
    with told(view.store.name), view.store.engine.connect() as connection:
        for batch in batches(ids):
            for c, held in ((now, now.since <= change), (then, (then.since <= change) & (then.until > change))):
                query = select(c.id, *(c[name] for name in s.BODY)).where(c.id.in_(batch), held)
                found |= {row[0]: dict(zip(s.ACLED, row, strict=True)) for row in connection.execute(query)}
    return [found[each] for each in ids if each in found]
