"""The file of a gazetteer of the user's own, opened and checked.

In:  its path. Out: a connection; its stamp, which tells its content from any other.
"""

from __future__ import annotations

import sqlite3
from importlib.resources import files
from pathlib import Path

from tocsin.errors import DataError

SQL = files("tocsin.locate").joinpath("user.sql").read_text(encoding="utf-8")
PLACE = f"INSERT OR REPLACE INTO main.places VALUES ({','.join('?' * 14)})"
HASHED = 1 << 20  # ids below minus this are made from the row; those above are counted, and added by hand


def uri(path: Path, mode: str = "ro") -> str:
    return f"{path.absolute().as_uri()}?mode={mode}"


def connected(path: Path, mode: str = "ro") -> sqlite3.Connection:
    """A connection without transactions of its own."""
    return sqlite3.connect(uri(path, mode), uri=True, isolation_level=None)


def attach(db: sqlite3.Connection, path: Path, schema: str) -> str:
    """Attach the file under that name; gives its stamp."""
    try:
        db.execute(f"ATTACH ? AS {schema}", (uri(path),))
    except sqlite3.DatabaseError as error:
        raise DataError(f"{path}: cannot be read as a gazetteer ({error}); name another file, or delete it.") from error
    return stamp_of(db, path, schema)


def stamp_of(db: sqlite3.Connection, path: Path, schema: str = "main") -> str:
    """The stamp in an open file; it has one if it is a user's gazetteer."""
    try:
        row = db.execute(f"SELECT value FROM {schema}.about WHERE word = 'stamp'").fetchone()
    except sqlite3.DatabaseError:
        row = None
    if row is None:
        raise DataError(f"{path}: found no gazetteer made by `tocsin places`; name another file, or delete this one.")
    return str(row[0])
