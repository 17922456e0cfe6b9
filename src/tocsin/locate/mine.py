"""The user's own gazetteer: where it is, and places added by hand.

In:  the environment TOCSIN_PLACES (a file; empty: none), else `tocsin/places.sqlite` in the user's data folder.
Out: a path; a changed file. Each change changes its stamp, so that files with one stamp hold the same.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tocsin.errors import DataError, UsageError
from tocsin.locate.distance import cell_of
from tocsin.locate.draft import Draft
from tocsin.locate.gazetteer import shipped
from tocsin.locate.geonames import Row
from tocsin.locate.make import unit_of
from tocsin.locate.naming import AdminWords, kept_names, sounds
from tocsin.locate.userfile import HASHED, PLACE, SQL, connected, stamp_of, uri

VARIABLE = "TOCSIN_PLACES"


def usual_path() -> Path:
    """The file that the environment names, or the one in the user's data folder."""
    if given := os.environ.get(VARIABLE):
        return Path(given)
    home = Path.home()
    if sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return folder / "tocsin" / "places.sqlite"


def used() -> Path | None:
    """The user's gazetteer, if there is one to be used."""
    given, path = os.environ.get(VARIABLE), usual_path()
    if given == "":
        return None
    if path.exists():
        return path
    if given:
        raise DataError(f"{VARIABLE}: {path} is not there. Make it with `tocsin places load`, or unset {VARIABLE}.")
    return None


def stamp() -> str:
    """What tells the content of the user's gazetteer from any other; "" without one."""
    path = used()
    if path is None:
        return ""
    with closing(connected(path)) as db:
        return stamp_of(db, path)


def create(path: Path) -> None:
    """An empty gazetteer."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(connected(path, "rwc")) as db:
            db.executescript(f"BEGIN; {SQL} INSERT INTO about VALUES ('stamp', ''); COMMIT;")
            db.execute("INSERT INTO sources VALUES (0, 'added', '')")
    except (OSError, sqlite3.OperationalError) as error:
        raise UsageError(f"Cannot write {path}: {error}. Name another file with --gazetteer.") from error


@contextmanager
def changed(path: Path, what: str) -> Iterator[sqlite3.Connection]:
    """One change of the file, whole or not at all."""
    with closing(connected(path, "rw")) as db:
        before = stamp_of(db, path)
        db.execute("ATTACH ? AS base", (uri(shipped()) + "&immutable=1",))
        try:
            db.execute("BEGIN IMMEDIATE")
            yield db
            after = hashlib.sha256(f"{before}\n{what}".encode()).hexdigest()
            db.execute("UPDATE about SET value = ? WHERE word = 'stamp'", (after,))
            db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise UsageError(f"Cannot write {path}: {error}. If a load is going on, wait until it is done.") from error


def add(path: Path, row: Row) -> int:
    """Add a place; `row.id` is the GeoNames id of one that it corrects. Gives its number, by which it is removed."""
    if not path.exists():
        create(path)
    with changed(path, f"add {row}") as db:
        [(last,)] = db.execute("SELECT coalesce(min(id), 0) FROM places WHERE id BETWEEN ? AND 0", (-HASHED,))
        id_, rank = last - 1, -(row.population or 0)
        draft = Draft(id_, row.name, row.kind, row.lat, row.lon, row.country, population=row.population,
                      feature=row.feature, names=set(row.names))  # fmt: skip
        db.execute(PLACE, (
            id_, row.name, row.kind, row.lat, row.lon, row.country, unit(db, row.admin1), unit(db, row.admin2),
            row.population, row.feature, row.radius, cell_of(row.lat, row.lon), 0, row.id,
        ))  # fmt: skip
        db.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?)", [(k, rank, id_) for k in kept_names(draft)])
        db.executemany("INSERT OR IGNORE INTO sounds VALUES (?, ?, ?)", [(s, rank, id_) for s in sounds(draft)])
    return -int(id_)


def unit(db: sqlite3.Connection, code: str) -> int | None:
    """The number of a unit that is called by name: "MLI|Mopti"."""
    if not code:
        return None
    if (row := db.execute("SELECT number FROM units WHERE code = ?", (code,)).fetchone()) is None:
        [(last,)] = db.execute("SELECT coalesce(max(number), 0) FROM units")
        row = (last + 1, code, *unit_of(db, code, AdminWords()))
        db.execute("INSERT INTO units VALUES (?, ?, ?, ?)", row)
    return int(row[0])


def remove(path: Path, number: int) -> str:
    """Remove a place that was added by hand; gives its name."""
    if not path.exists():
        raise UsageError(f"{path}: no such gazetteer, so there is nothing to remove.")
    with changed(path, f"remove {number}") as db:
        row = db.execute("SELECT name FROM places WHERE id = ? AND source = 0", (-number,)).fetchone()
        if row is None:
            raise UsageError(f"u{number}: no such place was added. `tocsin places show NAME` tells the number.")
        for table, column in (("places", "id"), ("names", "place"), ("sounds", "place")):
            db.execute(f"DELETE FROM {table} WHERE {column} = ?", (-number,))
    return str(row[0])
