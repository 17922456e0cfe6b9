"""Make, open and check a database.

In:  a path (SQLite) or postgresql://… .
Out: an SQLAlchemy Engine whose database is ours and of this version; else a StoreError.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url

from tocsin.store.errors import StoreError, told
from tocsin.store.schema import VERSION

log = logging.getLogger(__name__)
WAIT_MS = 5000  # how long one writer waits for another
# Seconds (tcp_user_timeout: ms) after which a server that is silent is one that does not answer.
SILENCE = {"connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3,
           "tcp_user_timeout": 60_000}  # fmt: skip
# NORMAL in WAL: a commit is in the file system's hands before it returns, so it survives kill -9 (not a power cut).
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={WAIT_MS}", "cache_size=-65536")


def create(url: str) -> Engine:
    """A new database; one that is there already must be empty."""
    engine, fresh = _engine(url), is_file(url) and not Path(url).exists()
    try:
        with told(shown(url)), engine.execution_options(write=True).begin() as connection:
            if inspect(connection).get_table_names():
                raise StoreError(f"{shown(url)} holds tables already; give a new path or an empty database.")
            _migrate(connection)
    except BaseException:
        engine.dispose()
        if fresh:
            for end in ("", "-wal", "-shm"):
                Path(url + end).unlink(missing_ok=True)
        raise
    return engine


def connect(url: str) -> Engine:
    """An existing database; one of an older version is brought up to this one."""
    if is_file(url) and not Path(url).exists():
        raise StoreError(f"{url} is not there; make it with `tocsin init {url}`.")
    engine = _engine(url)
    try:
        with told(shown(url)), engine.connect() as connection:
            old = _check(connection, shown(url))
        if old:
            with told(shown(url)), engine.execution_options(write=True).begin() as connection:
                _migrate(connection)
            log.warning("%s was brought from schema %s to %s.", shown(url), old, VERSION)
    except BaseException:
        engine.dispose()
        raise
    return engine


def is_file(url: str) -> bool:
    return "://" not in url


def shown(url: str) -> str:
    """The address without its password, for messages."""
    return url if is_file(url) else make_url(url).render_as_string(hide_password=True)


def _check(connection: Connection, name: str) -> str | None:
    """The version of an older database; None if it is of this version."""
    if not {"alembic_version", "change", "claim", "event_past"} <= set(inspect(connection).get_table_names()):
        raise StoreError(f"{name} is not a Tocsin database; make one with `tocsin init` at another path.")
    found = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
    if found > VERSION:
        raise StoreError(f"{name} has schema {found}, this Tocsin knows up to {VERSION}; install a newer Tocsin.")
    return found if found < VERSION else None


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _engine(url: str) -> Engine:
    if is_file(url):
        engine = create_engine(f"sqlite:///{url}")
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine
    if find_spec("psycopg") is None:
        raise StoreError("PostgreSQL needs one more package; type: pip install 'tocsin[postgres]'")
    given = make_url(url)
    return create_engine(given.set(drivername="postgresql+psycopg"), connect_args=patience(given.query))


def patience(given: Mapping[str, Any]) -> dict[str, Any]:
    """What psycopg is told besides the address, whose own settings win."""
    options = f"-c lock_timeout={WAIT_MS} {given.get('options', '')}".strip()
    return {name: value for name, value in SILENCE.items() if name not in given} | {"options": options}


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, never by the driver
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
