"""One change: everything that is written in one transaction, under one number of the clock.

In:  reports, claims, decisions, clusters of claims with their built rows.
Out: rows in the tables; events keep their ids, earlier versions and tombstones go to event_past.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Table, func, select

from tocsin.countries import by_name
from tocsin.errors import UsageError
from tocsin.model import Report
from tocsin.store import schema as s
from tocsin.store.rows import Row, batches, body, clean, days, insert

CLAIM = (
    "id",
    "key",
    "report_id",
    "dataset",
    "row_id",
    "made_by",
    "position",
    "since",
    "first",
    "last",
    *s.BODY,
    "detail",
)
EVENT = ("id", "version", "since", "why", "cause", *s.BODY, "detail")
Hear = Callable[[str], None]
NOWHERE = "ZZZ"  # ISO 3166 leaves it to users: an event whose country is not known


@dataclass(frozen=True, slots=True)
class Cluster:
    """One event as linking hands it over. `cause`: the claim key or decision that brought it about."""

    claims: tuple[str, ...]
    row: Row
    why: str
    cause: str


def report_id(text: str) -> str:
    """The id of a report: the hash of its text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Change:
    """Writes of one transaction; made by `Store.change` only."""

    def __init__(self, connection: Connection, seq: int, at: str) -> None:
        self.connection, self.seq, self.at = connection, seq, at
        self._claim = self._top(s.claim, "id")
        self._numbers = {row.iso3: row.last for row in connection.execute(select(s.counter))}

    def put_report(
        self, report: Report, *, copy_of: str | None = None, signature: str | None = None
    ) -> tuple[str, bool]:
        """The report's id, and whether it is new."""
        key, table = report_id(report.text), s.report
        if self.connection.scalar(select(table.c.id).where(table.c.id == key)):
            return key, False
        fields = {name: getattr(report, name) for name in ("text", "title", "url", "lang", "source", "source_scale")}
        published = report.published.isoformat() if report.published else None
        values = {"id": key, "change": self.seq, "published": published, "copy_of": copy_of, "signature": signature}
        self.connection.execute(table.insert().values(**values, **{name: clean(fields[name]) for name in fields}))
        return key, True

    def put_claims(self, rows: Iterable[Row], *, report: str | None = None, made_by: str = "rules") -> list[str]:
        """The claims' keys, in order. A claim that is there already stays as it is."""
        keys = []
        for batch in batches(enumerate(rows)):
            found = {claim_key(row, position, report, made_by): (position, row) for position, row in batch}
            if len(found) < len(batch):
                raise UsageError("two of the rows have the same dataset and row_id; give each row an id of its own.")
            keys += list(found)
            known = self._ids(found)
            new = {key: found[key] for key in found if key not in known}
            bodies = {key: body(row) for key, (_, row) in new.items()}
            insert(self.connection, s.claim, self._claims(new, report, made_by, bodies), CLAIM)
        return keys

    def import_rows(
        self, rows: Iterable[Row], *, made_by: str, why: str, batch: int = 5000, twice: Hear = lambda key: None
    ) -> int:
        """Claims of a data set, each an event of its own; how many were new. `twice` hears the key of a repeated row.

        Of rows with the same key in one batch the first is kept.
        """
        total = 0
        for some in batches(rows, batch):
            found: dict[str, tuple[int, Row]] = {}
            for row in some:
                key = claim_key(row, 0, None, made_by)
                if found.setdefault(key, (0, row))[1] is not row:
                    twice(key)
            known = self._ids(found)
            new = {key: found[key] for key in found if key not in known}
            before, bodies = self._claim, {key: body(row) for key, (_, row) in new.items()}
            insert(self.connection, s.claim, self._claims(new, None, made_by, bodies), CLAIM)
            clusters = [
                (before + 1 + n, Cluster((key,), row, why, key)) for n, (key, (_, row)) in enumerate(new.items())
            ]
            self._insert_new([([number], cluster) for number, cluster in clusters], list(bodies.values()))
            total += len(new)
        self._save_counters()
        return total

    def retire_claims(self, keys: Iterable[str]) -> None:
        """These claims hold no longer: a better reading replaced them."""
        for batch in batches(keys):
            table = s.claim
            changed = table.update().where(table.c.key.in_(batch), table.c.until.is_(None))
            self.connection.execute(changed.values(until=self.seq))
            self._move_anchors(batch)

    def _move_anchors(self, keys: Sequence[str]) -> None:
        """An event whose anchor is retired keeps its id: its oldest live claim holds it, at best one free to do so."""
        c, m, a = s.claim.c, s.member.c, s.anchor.c
        held = select(a.claim_id, a.event_id).join(s.claim, c.id == a.claim_id).where(c.key.in_(keys))
        for old, name in list(self.connection.execute(held)):
            rest = select(m.claim_id, a.event_id).join(s.claim, c.id == m.claim_id)
            rest = rest.outerjoin(s.anchor, a.claim_id == m.claim_id)
            rest = rest.where(m.event_id == name, m.until.is_(None), c.until.is_(None))
            for heir, _ in sorted(self.connection.execute(rest), key=lambda row: (row[1] is not None, row[0]))[:1]:
                self.connection.execute(s.anchor.delete().where(a.claim_id.in_([old, heir])))
                self.connection.execute(s.anchor.insert().values(claim_id=heir, event_id=name))

    def restore_claims(self, keys: Iterable[str]) -> None:
        """These claims hold again: what took them away was taken back."""
        for batch in batches(keys):
            self.connection.execute(s.claim.update().where(s.claim.c.key.in_(batch)).values(until=None))

    def put_decision(self, **fields: Any) -> int:
        """Append a decision (who, kind, claim, other, event_id, field, value, why); its id."""
        key = self._top(s.decision, "id") + 1
        values = {name: clean(value) for name, value in fields.items()}
        self.connection.execute(s.decision.insert().values(id=key, since=self.seq, **values))
        return key

    def end_decision(self, key: int) -> None:
        """The decision holds no longer from this change on; its row stays."""
        where = (s.decision.c.id == key, s.decision.c.until.is_(None))
        self.connection.execute(s.decision.update().where(*where).values(until=self.seq))

    def put_bands(self, report: str, bands: Iterable[int]) -> None:
        """Where a report's signature is looked up by later copies."""
        insert(self.connection, s.band, ((band, report) for band in set(bands)), ("value", "report_id"))

    def put(self, table: Table, **values: Any) -> None:
        """Set the row of a source, feed, setting or release by its first column."""
        key = next(iter(table.primary_key.columns))
        self.connection.execute(table.delete().where(key == values[key.name]))
        self.connection.execute(table.insert().values(**{name: clean(value) for name, value in values.items()}))

    def apply_events(self, clusters: Iterable[Cluster]) -> list[str]:
        """The event ids of the clusters, in order. Hand over every live claim of each event that is touched."""
        given = list(clusters)
        ids = self._ids(key for cluster in given for key in cluster.claims)
        numbered = [([ids[key] for key in cluster.claims], cluster) for cluster in given]
        claims = [number for numbers, _ in numbered for number in numbers]
        if len(set(claims)) < len(claims):
            raise UsageError("a claim is in two clusters; hand over each claim once.")
        old = self._members(claims)
        self._demand_whole(old, set(claims))
        anchors = self._anchors(claims)
        names = [self._oldest([anchors[n] for n in numbers if n in anchors]) for numbers, _ in numbered]
        unnamed = [item for item, name in zip(numbered, names, strict=True) if name is None]
        fresh = iter(self._insert_new(unnamed, [body(cluster.row) for _, cluster in unnamed]))
        kept = [item for item, name in zip(numbered, names, strict=True) if name]
        named = [name or next(fresh) for name in names]
        homes = {n: name for name, (numbers, _) in zip(named, numbered, strict=True) for n in numbers}
        live = self._current({*old, *(name for name in names if name)})
        self._update([(name, item) for name, item in zip([n for n in names if n], kept, strict=True)], live, old)
        self._end_lost(
            {name: old.get(name, set()) for name in live if name not in set(named)},
            homes,
            dict(zip(named, given, strict=True)),
        )
        self._move(old, {name: set(numbers) for name, (numbers, _) in zip(named, numbered, strict=True)}, set(names))
        self._save_counters()
        return named

    def _update(
        self, items: Sequence[tuple[str, tuple[list[int], Cluster]]], live: dict[str, Any], old: dict[str, set[int]]
    ) -> None:
        """A new version of each event whose row or claims changed; the old one goes to the past."""
        for name, (numbers, cluster) in items:
            before, values = live.get(name), body(cluster.row)
            if before is not None and tuple(before)[5:] == values and old.get(name) == set(numbers):
                continue
            if before is not None:
                self._end(before)
            else:
                self._lives_on(name)
            version = self._last_version(name) + 1
            insert(self.connection, s.event, [(name, version, self.seq, cluster.why, cluster.cause, *values)], EVENT)

    def _end_lost(self, lost: dict[str, set[int]], homes: dict[int, str], given: dict[str, Cluster]) -> None:
        """Tombstones: an event that lost its anchor to another, or all its claims."""
        live = self._current(lost)
        for name in sorted(lost):
            into = Counter(sorted(homes[n] for n in lost[name] if n in homes)).most_common(1)
            cluster = given[into[0][0]] if into else None
            why = f"joined with {into[0][0]}" if into else "no claim is left"
            self._end(live[name], into[0][0] if into else None, why, cluster.cause if cluster else None)

    def _end(self, row: Any, into: str | None = None, why: str | None = None, cause: str | None = None) -> None:
        end = (self.seq, into, why, cause)
        past = (*EVENT, "until", "merged_into", "gone_why", "gone_cause")
        self.connection.execute(s.event.delete().where(s.event.c.id == row.id))
        if row.since < self.seq:
            insert(self.connection, s.event_past, [(*row, *end)], past)
        else:  # made and ended within one change: never seen, and the version before it is the last
            self._last_words(row.id, into, why, cause)

    def _lives_on(self, name: str) -> None:
        """What ended earlier in this change and is back was never gone."""
        self._last_words(name, None, None, None)

    def _last_words(self, name: str, into: str | None, why: str | None, cause: str | None) -> None:
        ended = s.event_past.update().where(s.event_past.c.id == name, s.event_past.c.until == self.seq)
        self.connection.execute(ended.values(merged_into=into, gone_why=why, gone_cause=cause))

    def remove_empty(self, names: Iterable[str], why: str, cause: str) -> None:
        """End events without a live claim (all of them retired)."""
        for row in self._current(names).values():
            self._end(row, None, why, cause)
            where = (s.member.c.event_id == row.id, s.member.c.until.is_(None))
            self.connection.execute(s.member.update().where(*where).values(until=self.seq))

    def _move(self, old: dict[str, set[int]], new: dict[str, set[int]], kept: set[str | None]) -> None:
        for name, numbers in old.items():
            for batch in batches(sorted(numbers - new.get(name, set()))):
                where = (s.member.c.event_id == name, s.member.c.claim_id.in_(batch), s.member.c.until.is_(None))
                self.connection.execute(s.member.update().where(*where).values(until=self.seq))
        joined = ((name, n, self.seq) for name in new if name in kept for n in sorted(new[name] - old.get(name, set())))
        insert(self.connection, s.member, joined, ("event_id", "claim_id", "since"))

    def _insert_new(self, items: Sequence[tuple[list[int], Cluster]], bodies: Sequence[tuple[Any, ...]]) -> list[str]:
        """Events that were never there, with their packed rows: id, row, members, anchor."""
        names = [self._name(cluster.row) for _, cluster in items]
        both = list(zip(names, items, strict=True))
        parts = zip(both, bodies, strict=True)
        rows = ((name, 1, self.seq, c.why, c.cause, *packed) for (name, (_, c)), packed in parts)
        insert(self.connection, s.event, rows, EVENT)
        members = ((name, n, self.seq) for name, (numbers, _) in both for n in numbers)
        insert(self.connection, s.member, members, ("event_id", "claim_id", "since"))
        insert(self.connection, s.anchor, ((min(ns), name) for name, (ns, _) in both), ("claim_id", "event_id"))
        return names

    def _claims(
        self, new: dict[str, tuple[int, Row]], report: str | None, made_by: str, bodies: dict[str, tuple[Any, ...]]
    ) -> Iterator[tuple[Any, ...]]:
        for key, (position, row) in new.items():
            self._claim += 1
            home = (report, row.get("dataset"), row.get("row_id"), made_by, position)
            yield (self._claim, key, *home, self.seq, *days(row), *bodies[key])

    def _ids(self, keys: Iterable[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for batch in batches(keys):
            query = select(s.claim.c.key, s.claim.c.id).where(s.claim.c.key.in_(batch))
            found.update((key, number) for key, number in self.connection.execute(query))
        return found

    def _anchors(self, claims: Sequence[int]) -> dict[int, str]:
        found: dict[int, str] = {}
        for batch in batches(claims):
            query = select(s.anchor).where(s.anchor.c.claim_id.in_(batch))
            found.update((row.claim_id, row.event_id) for row in self.connection.execute(query))
        return found

    def _members(self, claims: Sequence[int]) -> dict[str, set[int]]:
        """The live members of each event that holds one of the claims."""
        names: set[str] = set()
        m = s.member.c
        for batch in batches(claims):
            names |= set(self.connection.scalars(select(m.event_id).where(m.claim_id.in_(batch), m.until.is_(None))))
        found: dict[str, set[int]] = {name: set() for name in names}
        for some in batches(sorted(names)):
            query = select(m.event_id, m.claim_id).where(m.event_id.in_(some), m.until.is_(None))
            for name, number in self.connection.execute(query):
                found[name].add(number)
        return found

    def _demand_whole(self, old: dict[str, set[int]], claims: set[int]) -> None:
        left = {n: name for name, numbers in old.items() for n in numbers - claims}
        for batch in batches(sorted(left)):
            query = select(s.claim.c.id).where(s.claim.c.id.in_(batch), s.claim.c.until.is_(None)).limit(1)
            for number in self.connection.scalars(query):
                raise UsageError(f"{left[number]} has a claim that was not handed over; link all of its claims again.")

    def _current(self, names: Iterable[str]) -> dict[str, Any]:
        query = select(*(s.event.c[name] for name in EVENT))
        found: dict[str, Any] = {}
        for batch in batches(sorted(names)):
            found.update((row.id, row) for row in self.connection.execute(query.where(s.event.c.id.in_(batch))))
        return found

    def _oldest(self, names: Sequence[str]) -> str | None:
        """The id that was made first; of those made in one change the one with the smallest number."""
        if len(names) < 2:
            return names[0] if names else None
        first: dict[str, int] = {}
        for table in (s.event.c, s.event_past.c):
            query = select(table.id, func.min(table.since)).where(table.id.in_(names)).group_by(table.id)
            for name, since in self.connection.execute(query):
                first[name] = min(since, first.get(name, since))
        return min(names, key=lambda name: (first.get(name, self.seq), int(name[3:]), name))

    def _last_version(self, name: str) -> int:
        past = s.event_past.c
        return self.connection.scalar(select(func.max(past.version)).where(past.id == name)) or 0

    def _name(self, row: Row) -> str:
        iso3 = _iso3(row.get("country"))
        self._numbers[iso3] = self._numbers.get(iso3, 0) + 1
        return f"{iso3}{self._numbers[iso3]}"

    def _save_counters(self) -> None:
        self.connection.execute(s.counter.delete())
        insert(self.connection, s.counter, sorted(self._numbers.items()), ("iso3", "last"))

    def _top(self, table: Table, column: str) -> int:
        return self.connection.scalar(select(func.max(table.c[column]))) or 0


@cache
def _iso3(country: str | None) -> str:
    home = by_name(country, "en") if country else None
    return home.iso3 if home else NOWHERE


def claim_key(row: Row, position: int, report: str | None, made_by: str) -> str:
    """The stable key of a claim: its report, place in it and coder; or its data set and row."""
    return f"{report}:{position}:{made_by}" if report else f"{row['dataset']}:{row['row_id']}"
