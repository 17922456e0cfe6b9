"""People, their sessions and the tokens of their programs, as the database keeps them.

In:  names, passwords, secrets that browsers and programs send.
Out: a Person, or None. Passwords are kept as Argon2 hashes, secrets as SHA-256: nobody can read them out of a copy of
     the database.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from threading import BoundedSemaphore
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, func, select, text, update

from tocsin.errors import UsageError
from tocsin.store import Store, schema
from tocsin.store.errors import told

ROLES = ("reader", "coder", "editor", "admin")  # each may do what those before may do
SHORTEST = 10  # characters of a password
LONGEST = 200
STAY = timedelta(hours=12)  # a session
SCOPES = ("read", "write")
HASHING = BoundedSemaphore(4)  # a hash takes 64 MB: many who try to log in at once wait for each other
TURN = 0x54504C  # "TPL": the lock by which PostgreSQL numbers the audit log one row after another


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. `scopes`: what the token of a program may do; a browser may do all that the role may."""

    name: str
    role: str
    scopes: tuple[str, ...] = SCOPES
    csrf: str = ""  # what a form of this session must send along

    def may(self, role: str) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class Secret:
    """A token as its owner gets it, once."""

    text: str
    until: datetime


def people(store: Store) -> list[dict[str, Any]]:
    """All people with name, role, since, until."""
    return [{name: row[name] for name in ("name", "role", "since", "until")} for row in store.table(schema.person)]


def put_person(store: Store, name: str, role: str, password: str | None = None) -> None:
    """Let a person in, or change what is said of one; without a password the old one stays.

    Whose role or password changes must log in anew: sessions end, and tokens that were got for the password.
    """
    if role not in ROLES:
        raise UsageError(f"role: found {role!r}, expected one of {', '.join(ROLES)}.")
    if not name.strip() or len(name) > LONGEST:
        raise UsageError(f"name: found {name[:40]!r}, expected 1 to {LONGEST} characters.")
    if password is not None and not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"password: found {len(password)} characters, expected {SHORTEST} to {LONGEST}.")
    old = store.row(schema.person, name)
    if old is None and password is None:
        raise UsageError(f"{name} is new here and needs a password.")
    kept = {"role": role, "until": None, **({"password": _hashed(password)} if password else {})}
    with writing(store) as connection:
        if old:
            connection.execute(update(schema.person).where(schema.person.c.name == name).values(**kept))
            if password or role != old["role"]:
                _end(connection, name, ("access", "refresh"))
        else:
            connection.execute(schema.person.insert().values(name=name, since=now(), **kept))


def shut_out(store: Store, name: str) -> None:
    """The person is let in no more; sessions and tokens end."""
    with writing(store) as connection:
        connection.execute(update(schema.person).where(schema.person.c.name == name).values(until=now()))
        _end(connection, name, ("access", "refresh", "api"))


def is_last_admin(store: Store, name: str) -> bool:
    """Would nobody be left who can let people in?"""
    return {row["name"] for row in people(store) if row["role"] == "admin" and row["until"] is None} == {name}


def by_password(store: Store, name: str, password: str) -> Person | None:
    """The person; it takes as long to refuse one who is not there as one whose password is wrong."""
    row = store.row(schema.person, name)
    known = row is not None and row["until"] is None
    try:
        with HASHING:
            _hasher().verify(row["password"] if row and known else _nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return None
    return Person(name, row["role"]) if row and known else None


def log_in(store: Store, person: Person) -> tuple[str, str]:
    """A new session: what the cookie says, what forms send along."""
    secret, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    row = {"id": _hash(secret), "person": person.name, "csrf": csrf, "since": now(), "until": _in(STAY)}
    with writing(store) as connection:
        connection.execute(schema.login.insert().values(**row))
    return secret, csrf


def by_cookie(store: Store, secret: str) -> Person | None:
    """Whose session it is, while it lasts."""
    return _holder(store, schema.login, secret)


def log_out(store: Store, secret: str) -> None:
    with writing(store) as connection:
        connection.execute(update(schema.login).where(schema.login.c.id == _hash(secret)).values(until=now()))


def make_token(
    store: Store, person: str, name: str, *, scopes: Sequence[str] = ("read",), stay: timedelta, kind: str = "api"
) -> Secret:
    """A token for a program. `kind`: api, access or refresh (of OAuth)."""
    if wrong := [scope for scope in scopes if scope not in SCOPES]:
        raise UsageError(f"scope: found {wrong[0]!r}, expected one of {', '.join(SCOPES)}.")
    secret, until = secrets.token_urlsafe(32), datetime.now(UTC) + stay
    row = {"id": _hash(secret), "person": person, "name": name[:LONGEST], "kind": kind, "scopes": " ".join(scopes)}
    with writing(store) as connection:
        connection.execute(schema.token.insert().values(**row, since=now(), until=_text(until), used=None))
    return Secret(secret, until)


def by_token(store: Store, secret: str, kinds: Sequence[str] = ("api", "access")) -> Person | None:
    """Whose token it is, while it lasts."""
    return _holder(store, schema.token, secret, kinds)


def tokens(store: Store, person: str) -> list[dict[str, Any]]:
    """The tokens that a person made and that still hold, the newest first; no secrets, which nobody knows."""
    t = schema.token.c
    query = select(t.id, t.name, t.scopes, t.since, t.until).where(t.person == person, t.kind == "api", t.until > now())
    with told(store.name), store.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query.order_by(t.since.desc())).mappings()]


def end_token(store: Store, key: str, person: str | None = None) -> bool:
    """`key`: the token's id, as lists show it. `person`: only if it is theirs. Was there one?"""
    mine = (schema.token.c.id == key) & (schema.token.c.until > now())
    mine = mine if person is None else mine & (schema.token.c.person == person)
    with writing(store) as connection:
        return bool(connection.execute(update(schema.token).where(mine).values(until=now())).rowcount)


def end_secret(store: Store, secret: str) -> None:
    """The token that says this is used up; OAuth's tokens that are over are forgotten."""
    end_token(store, _hash(secret))
    over = schema.token.c.kind.in_(("access", "refresh")) & (schema.token.c.until <= now())
    with writing(store) as connection:
        connection.execute(schema.token.delete().where(over))


def note(store: Store, who: str, what: str, about: str = "", address: str = "") -> None:
    """Write into the audit log."""
    with writing(store) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TURN})
        last = connection.scalar(select(func.max(schema.audit.c.id))) or 0
        told = {"who": who, "what": what, "about": about[:500], "address": address}
        row = {"id": last + 1, "at": now(), **{name: value.replace("\0", "") for name, value in told.items()}}
        connection.execute(schema.audit.insert().values(**row))


def audited(store: Store, *, who: str = "", before: int = 0, most: int = 100) -> list[dict[str, Any]]:
    """The audit log, the newest first. `before`: only rows of smaller numbers."""
    a = schema.audit.c
    query = select(schema.audit).order_by(a.id.desc()).limit(most)
    query = query.where(a.who == who) if who else query
    query = query.where(a.id < before) if before else query
    with told(store.name), store.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def audited_people(store: Store) -> list[str]:
    """Whose names the audit log has."""
    with told(store.name), store.engine.connect() as connection:
        return list(connection.scalars(select(schema.audit.c.who).distinct().order_by(schema.audit.c.who).limit(500)))


def _end(connection: Connection, name: str, kinds: Sequence[str]) -> None:
    """The person's sessions and tokens of these kinds end; sessions that are long over are forgotten."""
    for table, also in ((schema.login, True), (schema.token, schema.token.c.kind.in_(kinds))):
        mine = (table.c.person == name) & (table.c.until > now()) & also
        connection.execute(update(table).where(mine).values(until=now()))
    connection.execute(delete(schema.login).where(schema.login.c.until < _in(-STAY)))


def _holder(store: Store, table: Any, secret: str, kinds: Sequence[str] = ()) -> Person | None:
    row = store.row(table, _hash(secret))
    if row is None or row["until"] <= now() or (kinds and row["kind"] not in kinds):
        return None
    person = store.row(schema.person, row["person"])
    if person is None or person["until"] is not None:
        return None
    scopes = tuple((row.get("scopes") or " ".join(SCOPES)).split())
    return Person(person["name"], person["role"], scopes, row.get("csrf") or "")


@contextmanager
def writing(store: Store) -> Iterator[Connection]:
    """One transaction that is no change of events."""
    with told(store.name), store.engine.execution_options(write=True).begin() as connection:
        yield connection


def _hashed(password: str) -> str:
    with HASHING:
        return _hasher().hash(password)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def now() -> str:
    """The time, as the tables of people have it."""
    return _text(datetime.now(UTC))


def _in(stay: timedelta) -> str:
    return _text(datetime.now(UTC) + stay)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
