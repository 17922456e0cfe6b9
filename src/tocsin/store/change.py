"""One change: everything that is written in one transaction, under one number of the clock.

In:  reports, claims, decisions, clusters of claims with their built rows.
Out: rows in the tables; claims.py and events.py write theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Table, func, select

from tocsin.model import Report
from tocsin.store import schema as s
from tocsin.store.claims import Claims, Hear
from tocsin.store.events import Cluster, Events
from tocsin.store.rows import Row, batches, clean, indexed_later, insert

BULK = 5000  # imported rows written at once


def report_id(text: str) -> str:
    """The id of a report: the hash of its text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Change:
    """Writes of one transaction; made by `Store.change` only."""

    def __init__(self, connection: Connection, seq: int, at: str) -> None:
        self.connection, self.seq, self.at = connection, seq, at
        self._claims, self._events = Claims(connection, seq), Events(connection, seq)

    def put_report(self, report: Report, *, signature: str | None = None) -> tuple[str, bool]:
        """The report's id, and whether it is new."""
        key, table = report_id(report.text), s.report
        if self.connection.scalar(select(table.c.id).where(table.c.id == key)):
            return key, False
        fields = {name: getattr(report, name) for name in ("text", "title", "url", "lang", "source", "source_scale")}
        published = report.published.isoformat() if report.published else None
        values = {"id": key, "change": self.seq, "published": published, "signature": signature}
        self.connection.execute(table.insert().values(**values, **{name: clean(fields[name]) for name in fields}))
        return key, True

    def put_bands(self, report: str, bands: Iterable[int]) -> None:
        """Where a report's signature is looked up by later copies."""
        insert(self.connection, s.band, ((band, report) for band in set(bands)), ("value", "report_id"))

    def set_origins(self, origins: Mapping[str, str]) -> None:
        """Of which report each is a copy; an origin is a copy of none."""
        table = s.report
        for name, origin in origins.items():
            copy_of = None if name == origin else origin
            self.connection.execute(table.update().where(table.c.id == name).values(copy_of=copy_of))

    def put_claims(self, rows: Iterable[Row], *, report: str | None = None, made_by: str = "rules") -> list[str]:
        """The claims' keys, in order. A claim that is there already stays as it is."""
        return self._claims.put(rows, report, made_by)

    def retire_claims(self, keys: Iterable[str]) -> None:
        """These claims hold no longer: a better reading replaced them."""
        for batch in batches(keys):
            self._claims.retire(batch)

    def restore_claims(self, keys: Iterable[str]) -> None:
        """These claims hold again: what took them away was taken back."""
        for batch in batches(keys):
            self._claims.restore(batch)

    def import_rows(
        self, rows: Iterable[Row], *, made_by: str, why: str, first: int | None = None, twice: Hear = lambda key: None
    ) -> int:
        """Claims of a data set, each an event of its own; how many were new. The rows are streamed.

        Of rows with the same key the first is kept; `twice` hears the key of each further one that came since the
        change `first` (left out: this change). Older ones are known, and nothing is said of them.
        """
        total = 0
        with indexed_later(self.connection, () if self.has_claims else s.FOR_READING):
            for some in batches(rows, BULK):
                before = self._claims.last
                new = self._claims.put_new(some, made_by, first or self.seq, twice)
                self._events.put_alone(before, new, why)
                total += len(new)
        return total

    @property
    def has_claims(self) -> bool:
        """Is there any claim, retired or not, from this change or an earlier one?"""
        return self._claims.last > 0

    def apply_events(self, clusters: Iterable[Cluster]) -> list[str]:
        """The event ids of the clusters, in order. Hand over every live claim of each event that is touched."""
        given = list(clusters)
        return self._events.apply(given, self._claims.ids(key for cluster in given for key in cluster.claims))

    def remove_empty(self, names: Iterable[str], why: str, cause: str) -> None:
        """End events without a live claim (all of them retired)."""
        self._events.remove_empty(names, why, cause)

    def hold_back(self, clusters: Sequence[Cluster]) -> None:
        """The claims of these are in no event until they are handed over again; an event of none but them ends."""
        ids = self._claims.ids(key for cluster in clusters for key in cluster.claims)
        placed = self._events.placed(ids.values())
        for cluster in clusters:
            keys = [key for key in cluster.claims if ids[key] in placed]
            if keys:
                self._claims.move_anchors(keys)
                self._events.hold_back([ids[key] for key in keys], cluster.why, cluster.cause)

    def waits(self, doubt: str) -> bool:
        """Does this still wait for a person?"""
        return self.connection.scalar(select(s.doubt.c.id).where(s.doubt.c.id == doubt)) is not None

    def put_doubts(self, rows: Iterable[Row]) -> None:
        """What waits for a person from now on (columns of the table `doubt`)."""
        names = [column.name for column in s.doubt.c]
        insert(self.connection, s.doubt, (tuple(row[name] for name in names) for row in rows), names)

    def end_doubts(self, keys: Iterable[str] | None = None) -> None:
        """What waited about these claims, or about any, waits no longer."""
        if keys is None:
            self.connection.execute(s.doubt.delete())
        elif self.connection.scalar(select(s.doubt.c.id).limit(1)):
            for batch in batches(keys):
                self.connection.execute(s.doubt.delete().where(s.doubt.c.claim.in_(batch)))

    def put_decision(self, **fields: Any) -> int:
        """Append a decision (who, kind, claim, other, event_id, field, value, why); its id."""
        key = (self.connection.scalar(select(func.max(s.decision.c.id))) or 0) + 1
        values = {name: clean(value) for name, value in fields.items()}
        self.connection.execute(s.decision.insert().values(id=key, since=self.seq, **values))
        return key

    def end_decision(self, key: int) -> None:
        """The decision holds no longer from this change on; its row stays."""
        where = (s.decision.c.id == key, s.decision.c.until.is_(None))
        self.connection.execute(s.decision.update().where(*where).values(until=self.seq))

    def resume_decisions(self, ended: int) -> list[Row]:
        """The decisions that the change `ended` had ended hold again; they are returned."""
        d = s.decision
        rows = [dict(row) for row in self.connection.execute(select(d).where(d.c.until == ended)).mappings()]
        self.connection.execute(d.update().where(d.c.until == ended).values(until=None))
        return rows

    def put_registry_edit(self, **fields: Any) -> int:
        """Append what a person says of actors (kind, name, value); its id."""
        table = s.registry_edit
        key = (self.connection.scalar(select(func.max(table.c.id))) or 0) + 1
        values = {name: clean(value) for name, value in fields.items()}
        self.connection.execute(table.insert().values(id=key, since=self.seq, **values))
        return key

    def end_registry_edit(self, key: int) -> None:
        """It holds no longer from this change on; its row stays."""
        table = s.registry_edit
        self.connection.execute(table.update().where(table.c.id == key).values(until=self.seq))

    def put(self, table: Table, **values: Any) -> None:
        """Set the row of a source, feed, setting or release by its first column."""
        key = next(iter(table.primary_key.columns))
        self.connection.execute(table.delete().where(key == values[key.name]))
        self.connection.execute(table.insert().values(**{name: clean(value) for name, value in values.items()}))
