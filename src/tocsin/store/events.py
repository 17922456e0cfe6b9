"""The events of one change.

In:  clusters of claims with their built rows; or claims of a data set, each an event of its own.
Out: rows in `event` and `member`; events keep their ids, earlier versions and tombstones go to `event_past`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, literal, select

from tocsin.errors import UsageError
from tocsin.store import schema as s
from tocsin.store.names import Names
from tocsin.store.rows import Row, batches, body, insert

EVENT = ("id", "version", "since", "why", "cause", *s.BODY, "detail")
MEMBER = ("event_id", "claim_id", "since")
ANCHOR = ("claim_id", "event_id")


@dataclass(frozen=True, slots=True)
class Cluster:
    """One event as linking hands it over. `cause`: the claim key or decision that brought it about."""

    claims: tuple[str, ...]
    row: Row
    why: str
    cause: str


Numbered = tuple[list[int], Cluster]  # the numbers of its claims, the cluster


class Events:
    """What one change does to events."""

    def __init__(self, connection: Connection, seq: int) -> None:
        self.connection, self.seq = connection, seq
        self._names = Names(connection)

    def apply(self, clusters: Iterable[Cluster], ids: Mapping[str, int]) -> list[str]:
        """The event ids of the clusters, in order. `ids`: the numbers of their claims."""
        given = list(clusters)
        numbered = [([ids[key] for key in cluster.claims], cluster) for cluster in given]
        claims = [number for numbers, _ in numbered for number in numbers]
        if len(set(claims)) < len(claims):
            raise UsageError("a claim is in two clusters; hand over each claim once.")
        old = self._members(claims)
        self._demand_whole(old, set(claims))
        anchors = self._anchors(claims)
        names = [self._oldest([anchors[n] for n in numbers if n in anchors]) for numbers, _ in numbered]
        unnamed = [item for item, name in zip(numbered, names, strict=True) if name is None]
        fresh = iter(self._insert_new(unnamed))
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
        self._names.save()
        return named

    def put_alone(self, after: int, rows: Sequence[Row], why: str) -> None:
        """Each claim numbered above `after` is an event of its own; `rows`: those claims, in order."""
        named = ((number, self._names.new(row.get("country"))) for number, row in enumerate(rows, after + 1))
        insert(self.connection, s.anchor, named, ANCHOR)
        a, c, seq, ends = s.anchor.c, s.claim.c, literal(self.seq), (after + 1, after + len(rows))
        packed = (c[name] for name in (*s.BODY, "detail"))  # copied within the database: faster than sent again
        events = select(a.event_id, literal(1), seq, literal(why), c.key, *packed).join(s.claim, c.id == a.claim_id)
        these = a.claim_id.between(*ends) & c.id.between(*ends)  # both ends: without, PostgreSQL reads all claims
        self.connection.execute(s.event.insert().from_select(EVENT, events.where(these)))
        members = select(a.event_id, a.claim_id, seq).where(a.claim_id.between(*ends))
        self.connection.execute(s.member.insert().from_select(MEMBER, members))
        self._names.save()

    def placed(self, numbers: Iterable[int]) -> set[int]:
        """Those of the claims that are in an event."""
        m, found = s.member.c, set[int]()
        for batch in batches(numbers):
            query = select(m.claim_id).where(m.claim_id.in_(batch), m.until.is_(None))
            found.update(self.connection.scalars(query))
        return found

    def hold_back(self, numbers: Sequence[int], why: str, cause: str) -> None:
        """These claims leave their events; those in which no live claim is left end."""
        m, events = s.member.c, self._members(numbers)
        for batch in batches(numbers):
            where = (m.claim_id.in_(batch), m.until.is_(None))
            self.connection.execute(s.member.update().where(*where).values(until=self.seq))
        rest = {name: members - set(numbers) for name, members in events.items()}
        live = set(self._live(n for members in rest.values() for n in members))
        self.remove_empty((name for name, members in rest.items() if not members & live), why, cause)

    def remove_empty(self, names: Iterable[str], why: str, cause: str) -> None:
        """End events without a live claim (all of them retired)."""
        for row in self._current(names).values():
            self._end(row, None, why, cause)
            where = (s.member.c.event_id == row.id, s.member.c.until.is_(None))
            self.connection.execute(s.member.update().where(*where).values(until=self.seq))

    def _update(self, items: Sequence[tuple[str, Numbered]], live: dict[str, Any], old: dict[str, set[int]]) -> None:
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

    def _move(self, old: dict[str, set[int]], new: dict[str, set[int]], kept: set[str | None]) -> None:
        for name, numbers in old.items():
            for batch in batches(sorted(numbers - new.get(name, set()))):
                where = (s.member.c.event_id == name, s.member.c.claim_id.in_(batch), s.member.c.until.is_(None))
                self.connection.execute(s.member.update().where(*where).values(until=self.seq))
        joined = ((name, n, self.seq) for name in new if name in kept for n in sorted(new[name] - old.get(name, set())))
        insert(self.connection, s.member, joined, MEMBER)

    def _insert_new(self, items: Sequence[Numbered]) -> list[str]:
        """Events that were never there: id, row, members, anchor."""
        names = [self._names.new(cluster.row.get("country")) for _, cluster in items]
        both = list(zip(names, items, strict=True))
        rows = ((name, 1, self.seq, c.why, c.cause, *body(c.row)) for name, (_, c) in both)
        insert(self.connection, s.event, rows, EVENT)
        insert(self.connection, s.member, ((name, n, self.seq) for name, (ns, _) in both for n in ns), MEMBER)
        insert(self.connection, s.anchor, ((min(ns), name) for name, (ns, _) in both), ANCHOR)
        return names

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
        for number in self._live(left):
            raise UsageError(f"{left[number]} has a claim that was not handed over; link all of its claims again.")

    def _live(self, numbers: Iterable[int]) -> Iterator[int]:
        """Those of the claims that hold."""
        for batch in batches(sorted(numbers)):
            yield from self.connection.scalars(
                select(s.claim.c.id).where(s.claim.c.id.in_(batch), s.claim.c.until.is_(None))
            )

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
