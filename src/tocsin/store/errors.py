"""Say in one sentence what is wrong with a database and what to do next.

In:  an error of a driver (sqlite3, psycopg) or of SQLAlchemy.
Out: a StoreError; a fault of the program itself is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from tocsin.errors import TocsinError


class StoreError(TocsinError):
    """The database is missing, locked, full, away, of another version or not ours."""


# What the drivers say, and what we say; the first that fits.
SENTENCES = (
    (r"database is locked|lock timeout|lock_timeout", "is being written by another process; try again when it is done"),
    (r"database or disk is full|No space left", "has no room left on its disk; make room and run the command again"),
    (
        r"disk I/O error|could not (write|read|extend|fsync)",
        "cannot be kept on its disk; look at the disk and its room",
    ),
    (r"file is not a database|malformed", "is not a readable SQLite database; give another path or a backup"),
    (r"unable to open database file|readonly database", "cannot be opened for writing; check the path and its rights"),
    (r"read-only transaction|permission denied", "does not let this user write; ask its owner for the right to"),
    (r'database "[^"]*" does not exist', "is not there; make an empty database of that name first (createdb)"),
    (r"authentication failed|no password|role .* does not exist|pg_hba", "refuses this user; check name and password"),
    (r"resolve|translate host|Name or service", "has a host that is not known; check the address"),
    (r"too many (clients|connections)|connection slots", "has too many users at once; try again later"),
    (
        r"connection .*(failed|refused|closed|lost|reset|timeout)|server closed|SSL|shutting down"
        r"|terminating connection|recovery mode|timed? ?out|consuming input|EOF detected",
        "does not answer; start the server and run the command again",
    ),
)


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn a driver's error about the database `name` into a StoreError."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, DBAPIError) and type(error).__module__.partition(".")[0] not in ("sqlite3", "psycopg"):
            raise
        for pattern, sentence in SENTENCES:
            if re.search(pattern, str(error), re.IGNORECASE):
                raise StoreError(f"{name} {sentence}; nothing of this change was written.") from error
        raise
