"""The database of a project: what was read, coded, decided and published, now and at any earlier change.

In:  changes (see change.py).
Out: events, histories, members, claims and decisions, as they are or as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, or_, select, text

from tocsin.errors import UsageError
from tocsin.store import schema as s
from tocsin.store.change import Change
from tocsin.store.connect import connect, create, shown
from tocsin.store.errors import told
from tocsin.store.events import EVENT
from tocsin.store.filter import Filter, conditions, inside
from tocsin.store.rows import Row, batches, streamed, unpacked

STREAM = 500  # rows fetched at once
WRITER_LOCK = 0x544F43  # "TOC": the advisory lock that makes PostgreSQL take one writer at a time
ROUGH = 3  # geo_precision of a place known by its region
LONGEST_DAYS = 31  # no claim's date may mean more days than a month

AsOf = int | str | None  # a change number, an ISO time, or now


@dataclass(frozen=True, slots=True)
class Version:
    """One step in an event's history. `changed`: column -> (before, after)."""

    version: int
    since: int
    at: str
    why: str
    cause: str | None
    changed: dict[str, tuple[Any, Any]]
    merged_into: str | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Days (ordinals) and degrees in which to look for claims. `rough`: only those placed by their region."""

    first: int
    last: int
    south: float
    north: float
    west: float
    east: float
    rough: bool = False


def create_store(url: str) -> Store:
    return Store(create(url), shown(url))


def open_store(url: str) -> Store:
    return Store(connect(url), shown(url))


class Store:
    """A project's database; use as a context manager, or `close` it."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine, self.name = engine, name

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def change(self, kind: str, who: str, why: str) -> Iterator[Change]:
        """One transaction: all of it is written, or nothing."""
        with told(self.name), self.engine.execution_options(write=True).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})
            last = connection.execute(select(s.change).order_by(s.change.c.seq.desc()).limit(1)).first()
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            seq, at = (last.seq + 1, max(now, last.at)) if last else (1, now)
            connection.execute(s.change.insert().values(seq=seq, at=at, kind=kind, who=who, why=why))
            yield Change(connection, seq, at)

    def events(self, wanted: Filter | None = None, as_of: AsOf = None) -> Iterator[Row]:
        """The events in the order of their ids, streamed."""
        wanted = wanted or Filter()
        for values in self._stream(wanted, as_of):
            row = unpacked(values[1:], values[0])
            if wanted.near is None or inside(wanted, row["latitude"], row["longitude"]):
                yield row

    def event(self, event_id: str, as_of: AsOf = None) -> Row | None:
        """The event, or None where there was none; see `history` for what became of it."""
        with self._reading() as connection:
            for query in self._queries(connection, as_of, ("id", *s.BODY, "detail")):
                table = query.get_final_froms()[0]
                if found := connection.execute(query.where(table.c.id == event_id)).first():
                    return unpacked(found[1:], found[0])
        return None

    def export_rows(self, wanted: Filter | None = None, as_of: AsOf = None) -> Iterator[tuple[Any, ...]]:
        """ACLED's 31 columns as tuples, streamed: the fast way out."""
        wanted = wanted or Filter()
        latitude, longitude = s.ACLED.index("latitude"), s.ACLED.index("longitude")
        rows = self._stream(wanted, as_of, ("id", *s.BODY))
        if wanted.near is None:
            return rows
        return (row for row in rows if inside(wanted, row[latitude], row[longitude]))

    def history(self, event_id: str) -> list[Version]:
        """What changed from version to version, why, and by which claim or decision."""
        columns = [s.event_past.c[name] for name in EVENT]
        ends = ("until", "merged_into", "gone_why", "gone_cause")
        past = select(*columns, *(s.event_past.c[name] for name in ends)).where(s.event_past.c.id == event_id)
        with self._reading() as connection:
            rows = list(connection.execute(past.order_by(s.event_past.c.version)))
            rows += connection.execute(select(*(s.event.c[n] for n in EVENT)).where(s.event.c.id == event_id))
            changes = {change for row in rows for change in (row.since, getattr(row, "until", None)) if change}
            times = _times(connection, changes)
        return list(_steps(rows, times))

    def members(self, event_id: str, as_of: AsOf = None) -> list[str]:
        """The keys of the event's claims."""
        with self._reading() as connection:
            query = select(s.claim.c.key).join(s.member, s.member.c.claim_id == s.claim.c.id)
            query = query.where(s.member.c.event_id == event_id, self._held(connection, s.member, as_of))
            return list(connection.scalars(query.order_by(s.claim.c.id)))

    def claims(self, keys: Iterable[str]) -> list[Row]:
        """Claims by key, with `key`, `report_id`, `dataset`, `row_id`, `since`, `until`; in the order stored."""
        with self._reading() as connection:
            return _claims(connection, s.claim.c.key.in_(list(keys)))

    def claims_where(self, where: Any) -> list[Row]:
        """Live claims that fit a condition on the claim table, in the order stored."""
        with self._reading() as connection:
            return _claims(connection, where & s.claim.c.until.is_(None))

    def claims_near(self, places: Iterable[Near]) -> list[Row]:
        """Live claims whose days overlap and whose point lies in one of the boxes, each once."""
        c, found = s.claim.c, {}
        with self._reading() as connection:
            for near in places:
                days = c.first.between(near.first - LONGEST_DAYS, near.last) & (c.last >= near.first)
                box = c.latitude.between(near.south, near.north) & c.longitude.between(near.west, near.east)
                where = days & box & c.until.is_(None)
                where = where & (c.geo_precision == ROUGH) if near.rough else where
                found.update({row["key"]: row for row in _claims(connection, where)})
        return list(found.values())

    def events_of(self, keys: Iterable[str]) -> dict[str, str]:
        """The event that each claim is in now."""
        m, c = s.member.c, s.claim.c
        query = select(c.key, m.event_id).join(s.member, m.claim_id == c.id)
        with self._reading() as connection:
            rows = connection.execute(query.where(c.key.in_(list(keys)), m.until.is_(None)))
            return {row.key: row.event_id for row in rows}

    def decisions(self, as_of: AsOf = None) -> list[Row]:
        """What people decided and did not take back, in that order."""
        with self._reading() as connection:
            return _decisions(connection, self._held(connection, s.decision, as_of))

    def decisions_on(self, keys: Iterable[str], event_id: str | None = None) -> list[Row]:
        """Those that hold now and were made of one of these claims, or of the event."""
        d, found = s.decision.c, dict[int, Row]()
        with self._reading() as connection:
            for batch in batches(keys):
                held = _decisions(connection, d.until.is_(None) & d.claim.in_(batch))
                found.update((row["id"], row) for row in held)
            if event_id:
                held = _decisions(connection, d.until.is_(None) & (d.event_id == event_id))
                found.update((row["id"], row) for row in held)
        return [found[number] for number in sorted(found)]

    def table(self, table: Table) -> list[Row]:
        """All rows of a small table: sources, feeds, settings, releases."""
        with self._reading() as connection:
            return [dict(row) for row in connection.execute(select(table)).mappings()]

    def row(self, table: Table, key: str) -> Row | None:
        """The row of a small table with that key (its first column)."""
        with self._reading() as connection:
            found = (
                connection.execute(select(table).where(next(iter(table.primary_key.columns)) == key)).mappings().first()
            )
            return dict(found) if found else None

    def counts(self) -> dict[str, int]:
        tables = (s.change, s.report, s.claim, s.decision, s.event, s.release)
        with self._reading() as connection:
            return {t.name: connection.scalar(select(func.count()).select_from(t)) or 0 for t in tables}

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One state of the database, whatever others write meanwhile."""
        with told(self.name), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    def _stream(
        self, wanted: Filter, as_of: AsOf, columns: tuple[str, ...] = ("id", *s.BODY, "detail")
    ) -> Iterator[tuple[Any, ...]]:
        with self._reading() as connection, ExitStack() as stack:
            streams = []
            for query in self._queries(connection, as_of, columns):
                table = query.get_final_froms()[0]
                query = query.where(*conditions(wanted, table.c)).order_by(*(text(part) for part in s.IN_ORDER))
                streams.append(stack.enter_context(closing(streamed(connection, query, STREAM))))
            yield from streams[0] if len(streams) == 1 else merge(*streams, key=_place)

    def _queries(self, connection: Connection, as_of: AsOf, columns: tuple[str, ...]) -> list[Any]:
        """What holds now; or what held then, from the present and the past table."""
        if as_of is None:
            return [select(*(s.event.c[name] for name in columns))]
        seq, past = self._seq(connection, as_of), s.event_past
        now = select(*(s.event.c[name] for name in columns)).where(s.event.c.since <= seq)
        then = select(*(past.c[name] for name in columns)).where(past.c.since <= seq, past.c.until > seq)
        return [now, then]

    def _held(self, connection: Connection, table: Table, as_of: AsOf) -> Any:
        if as_of is None:
            return table.c.until.is_(None)
        seq = self._seq(connection, as_of)
        return (table.c.since <= seq) & or_(table.c.until.is_(None), table.c.until > seq)

    def _seq(self, connection: Connection, as_of: int | str) -> int:
        if isinstance(as_of, int):
            return as_of
        try:
            moment = datetime.fromisoformat(as_of)
        except ValueError:
            raise UsageError(f"{as_of!r} is no time; write it as 2022-08-01 or 2022-08-01T12:00:00+00:00.") from None
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        at = moment.isoformat(timespec="microseconds")
        return connection.scalar(select(func.max(s.change.c.seq)).where(s.change.c.at <= at)) or 0


def _claims(connection: Connection, where: Any) -> list[Row]:
    about = ("key", "report_id", "dataset", "row_id", "made_by", "position", "since", "until")
    columns = [s.claim.c[name] for name in (*about, *s.BODY, "detail")]
    rows = connection.execute(select(*columns).where(where).order_by(s.claim.c.id))
    return [{**unpacked(row[len(about) :], None), **dict(zip(about, row, strict=False))} for row in rows]


def _decisions(connection: Connection, where: Any) -> list[Row]:
    names = [column.name for column in s.decision.columns]
    rows = connection.execute(select(s.decision).where(where).order_by(s.decision.c.id))
    return [dict(zip(names, row, strict=True)) for row in rows]


def _times(connection: Connection, changes: Iterable[int]) -> dict[int, str]:
    """When these changes were made."""
    query, found = select(s.change.c.seq, s.change.c.at), dict[int, str]()
    for batch in batches(changes):
        found.update((row.seq, row.at) for row in connection.execute(query.where(s.change.c.seq.in_(batch))))
    return found


def _place(row: tuple[Any, ...]) -> tuple[str, int]:
    return row[0][:3], int(row[0][3:])


def _steps(rows: list[Any], times: dict[int, str]) -> Iterator[Version]:
    before: Row = {}
    for row in rows:
        after = unpacked(row[5 : 6 + len(s.BODY)], row.id)
        names = {**before, **after}
        changed = {n: (before.get(n), after.get(n)) for n in names if before.get(n) != after.get(n)}
        yield Version(row.version, row.since, times[row.since], row.why, row.cause, changed)
        before = after
        if getattr(row, "gone_why", None):
            end = (row.until, times[row.until], row.gone_why, row.gone_cause)
            yield Version(row.version, *end, {}, row.merged_into, gone=True)
