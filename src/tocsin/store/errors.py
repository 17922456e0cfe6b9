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
    (r"file is not a database|malformed", "is not a readable SQLite database; give another path or a backup"),
    (r"unable to open database file|readonly database", "cannot be opened for writing; check the path and its rights"),
    (
        r"connection .*(failed|refused|closed|lost|reset)|terminat|server closed|SSL|shutting down|recovery mode",
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
