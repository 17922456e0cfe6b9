"""The events as one role may see them: every route asks here, so that no route can tell more.

In:  a Store; the project's rules for publishing, if they hold for the role.
Out: `View`: the index, rows by id, rows of a mask, the dossier of an event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from tocsin.dossier import Dossier, dossier
from tocsin.exchange.public import Public
from tocsin.serve.events.index import Index, Mask
from tocsin.serve.events.kept import opened
from tocsin.serve.events.read import index_of, last_change
from tocsin.serve.events.renew import fresh_rows, renewed, renewed_by
from tocsin.store import Store
from tocsin.store.lookup import events_named
from tocsin.store.rows import batches
from tocsin.store.schema import ACLED

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """`public`: None for those who see all."""

    store: Store
    index: Index
    public: Public | None = None
    day: date | None = None  # when it was read

    def holds(self, changed: int) -> bool:
        """Is it as new as this change, and of today where the day matters?"""
        return self.index.changed >= changed and (self.public is None or self.day == _today())

    @classmethod
    def read(cls, store: Store, public: Public | None = None, before: View | None = None) -> View:
        """The index is of what the role may see: counts and the map tell no more than the rows do. `before`: the view
        as it was, so that only what changed is read; a new day may end an embargo, and then all is read."""
        day, changed = _today(), last_change(store)
        if public is None:
            return cls(store, renewed(before.index, store) if before else opened(store), None, day)
        if before is None or before.day != day:
            return cls(store, index_of(public.apply(store.events(), day, Counter()), changed), public, day)
        rows = public.apply(fresh_rows(store, before.index.changed), day, Counter())
        return cls(store, renewed_by(before.index, rows, changed, store), public, day)

    @property
    def whole(self) -> bool:
        """May reports, claims, quotes and history be seen?"""
        return self.public is None

    def named(self, ids: Iterable[str], columns: Iterable[str] = ACLED) -> list[Row]:
        """Events by id, in that order, with these of ACLED's columns; what may not be seen is left out."""
        if self.public is None:
            return events_named(self.store, ids, columns)
        wanted = tuple(columns)
        seen = self.public.apply(events_named(self.store, ids, whole=True), _today(), Counter())
        return [{name: row.get(name) for name in wanted} for row in seen]

    def rows(self, mask: Mask) -> Iterator[Row]:
        """The events of a mask with all that is known of them, newest first, streamed."""
        for batch in batches(self.index.ids[np.flatnonzero(mask)].tolist()):
            found: Iterable[Row] = events_named(self.store, batch, whole=True)
            yield from found if self.public is None else self.public.apply(found, _today(), Counter())

    def event(self, event_id: str) -> Row | None:
        """One event with all that is known of it."""
        found = self.store.event(event_id)
        if found is None or self.public is None:
            return found
        return next(iter(self.public.apply([found], _today(), Counter())), None)

    def shows(self, row: Row) -> bool:
        """May the role see this row, a past version of an event, at all?"""
        return self.public is None or any(True for _ in self.public.apply([row], _today(), Counter()))

    def dossier(self, event_id: str) -> Dossier | None:
        """All about one event; None for those who may not see reports and claims."""
        return dossier(self.store, event_id) if self.public is None else None


def _today() -> date:
    return datetime.now(UTC).date()
