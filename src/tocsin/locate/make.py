"""Make the file of a gazetteer of the user's own.

In:  rows, names and units, in any order; the old file.
Out: a new file in which everything is in order (user.sql).
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from tocsin.locate.distance import cell_of
from tocsin.locate.draft import Draft
from tocsin.locate.gazetteer import shipped
from tocsin.locate.geonames import OtherName, Row, UnitName
from tocsin.locate.keys import ascii_letters, key
from tocsin.locate.naming import AdminWords, kept_names, sounds
from tocsin.locate.userfile import HASHED, PLACE, SQL, attach

BATCH = 20_000  # rows written at once
SETTINGS = """PRAGMA main.locking_mode=EXCLUSIVE; PRAGMA main.journal_mode=OFF; PRAGMA main.synchronous=OFF;
    PRAGMA main.cache_size=-100000;"""
STAGE = """CREATE TABLE stage.names (word, rank, place); CREATE TABLE stage.sounds (word, rank, place);"""
KEPT = """UNION ALL SELECT n.{word}, n.rank, n.place FROM old.{table} n LEFT JOIN main.places p ON p.id = n.place
    WHERE coalesce(p.source <= ?, ?)"""  # still the old row; or a name of a place that only the built-in one has
ORDERED = "INSERT OR IGNORE INTO main.{table} SELECT word, rank, place FROM stage.{table} {kept} ORDER BY 1, 2, 3"
FACTS = """SELECT name, kind, country, population, feature FROM main.places WHERE id = :id
    UNION ALL SELECT name, kind, country, population, feature FROM base.places WHERE id = :id LIMIT 1"""
UNIT = """SELECT p.id FROM base.names n JOIN base.places p ON p.id = n.place
    WHERE n.key = ? AND p.country = ? AND p.kind = ? ORDER BY n.main DESC, p.id LIMIT 1"""
BY_CELL = "CREATE INDEX main.places_by_cell ON places (cell, lat) WHERE cell IS NOT NULL"  # again, when all are there


@dataclass(slots=True)
class Loaded:
    """What a load did. `bad`: rows that could not be taken; `kept`: places in the file afterwards."""

    places: int = 0
    bad: int = 0
    kept: int = 0


@dataclass(slots=True)
class Batch:
    """Rows that wait to be written."""

    places: list[tuple[object, ...]] = field(default_factory=list)
    names: list[tuple[str, int, int]] = field(default_factory=list)
    sounds: list[tuple[str, int, int]] = field(default_factory=list)


class Make:
    """Takes rows, and at the end what the old file has besides."""

    def __init__(self, part: Path, old: Path | None, replace: bool) -> None:
        self.db = sqlite3.connect(f"file:{part}", uri=True, isolation_level=None)
        self.db.executescript(SETTINGS + SQL + "DROP INDEX places_by_cell;")
        self.db.execute("ATTACH '' AS stage")  # names not yet in order: a file without a name, gone with us
        self.db.execute(f"ATTACH 'file:{shipped()}?mode=ro&immutable=1' AS base")
        self.done, self.batch, self.words = Loaded(), Batch(), AdminWords()
        self.units: dict[str, int] = {}  # code -> number
        self.known: dict[str, tuple[int | None, str]] = {}  # code -> GeoNames id and name
        self.files: list[str] = []
        self.replace, self.stamp, self.last_old = replace, "", 0
        if old:
            self.stamp = attach(self.db, old, "old")
        self.db.executescript(STAGE)
        self.db.execute("BEGIN EXCLUSIVE")  # the old file can be read meanwhile, not changed
        self.old = old is not None
        if old:
            self.take_up()

    def take_up(self) -> None:
        rows = list(self.db.execute("SELECT number, code, place, name FROM old.units"))
        self.units = {code: number for number, code, _, _ in rows}
        self.known = {code: (place, name) for _, code, place, name in rows if name}
        [(self.last_old,)] = self.db.execute("SELECT max(number) FROM old.sources")

    def begin(self, path: Path) -> None:
        """The next rows come from this file."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.flush()
        self.files.append(digest)
        self.db.execute("INSERT INTO main.sources VALUES (?, ?, ?)", (self.source, path.name, digest))

    @property
    def source(self) -> int:
        return self.last_old + len(self.files)

    def put(self, row: Row | None) -> None:
        """A place, with its names; None is none."""
        if row is None:
            return
        id_ = row.id or hashed(row)
        draft = Draft(id_, row.name, row.kind, row.lat, row.lon, row.country, population=row.population,
                      feature=row.feature, names=set(row.names))  # fmt: skip
        if row.kind in ("admin1", "admin2"):
            self.name_unit(row, draft)
        batch, rank, cell = self.batch, -(row.population or 0), None
        if row.kind in ("place", "area"):
            cell = cell_of(row.lat, row.lon)
            if row.feature.startswith("PPL"):
                batch.sounds += [(s, rank, id_) for s in sounds(draft)]
        batch.names += [(k, rank, id_) for k in kept_names(draft)]
        batch.places.append((
            id_, draft.name, row.kind, round(row.lat, 5), round(row.lon, 5), row.country, self.unit(row.admin1),
            self.unit(row.admin2), row.population, row.feature, row.radius, cell, self.source, None,
        ))  # fmt: skip
        self.done.places += 1
        if len(batch.places) >= BATCH:
            self.flush()

    def name_unit(self, row: Row, draft: Draft) -> None:
        """A unit is called as in our gazetteer: without "Region of"; and it is what its code means."""
        draft.names = {self.words.strip(name) for name in (row.name, *row.names)}
        draft.name = ascii_letters(self.words.strip(row.name))
        if row.id and (code := row.admin1 if row.kind == "admin1" else row.admin2):
            self.known[code] = row.id, draft.name

    def put_unit(self, unit: UnitName) -> None:
        self.known[unit.code] = unit.id, ascii_letters(self.words.strip(unit.name))

    def put_name(self, other: OtherName | None) -> None:
        """One more name of a place that this file or the built-in gazetteer has."""
        facts = self.db.execute(FACTS, {"id": other.id}).fetchone() if other else None
        if other is None or facts is None:
            return
        id_, name = other
        main, kind, country, population, feature = facts
        if kind in ("admin1", "admin2"):
            name = self.words.strip(name)
        draft = Draft(id_, main, kind, None, None, country, population=population, feature=feature, names={name})
        rank = -(population or 0)
        self.batch.names += [(k, rank, id_) for k in kept_names(draft)]
        if feature and feature.startswith("PPL"):
            self.batch.sounds += [(s, rank, id_) for s in sounds(draft)]
        if len(self.batch.names) >= BATCH:
            self.flush()

    def unit(self, code: str) -> int | None:
        """The number of a unit; a new code gets the next one."""
        return self.units.setdefault(code, len(self.units) + 1) if code else None

    def flush(self) -> None:
        self.db.executemany(PLACE, self.batch.places)
        self.db.executemany("INSERT INTO stage.names VALUES (?, ?, ?)", self.batch.names)
        self.db.executemany("INSERT INTO stage.sounds VALUES (?, ?, ?)", self.batch.sounds)
        self.batch = Batch()

    def finish(self, how: str) -> Loaded:
        """Put all in order. `how`: what besides the files says what is in it."""
        self.flush()
        if self.old:
            self.keep()
        self.order("names", "key")
        self.order("sounds", "sound")
        self.db.execute(BY_CELL)
        self.db.executemany("INSERT INTO main.units VALUES (?, ?, ?, ?)", map(self.unit_row, self.units))
        self.db.execute("INSERT OR IGNORE INTO main.sources VALUES (0, 'added', '')")
        stamp = hashlib.sha256("\n".join([self.stamp, how, *self.files]).encode()).hexdigest()
        self.db.execute("INSERT INTO main.about VALUES ('stamp', ?)", (stamp,))
        [(self.done.kept,)] = self.db.execute("SELECT count(*) FROM main.places")
        self.db.execute("COMMIT")
        return self.done

    def keep(self) -> None:
        """What was added by hand wins over what is loaded; what was loaded earlier stays if it is not loaded anew."""
        self.db.execute("INSERT OR REPLACE INTO main.places SELECT * FROM old.places WHERE source = 0")
        if not self.replace:
            self.db.execute("INSERT OR IGNORE INTO main.places SELECT * FROM old.places WHERE source > 0")
            self.db.execute("INSERT INTO main.sources SELECT * FROM old.sources")

    def order(self, table: str, word: str) -> None:
        """Names in order, so that they are written one after the other."""
        kept = KEPT.format(table=table, word=word) if self.old else ""
        values = (self.last_old, not self.replace) if self.old else ()
        self.db.execute(ORDERED.format(table=table, kept=kept), values)

    def unit_row(self, code: str) -> tuple[int, str, int | None, str | None]:
        """Number, code, GeoNames id and name."""
        if "|" in code and code not in self.known:
            self.known[code] = unit_of(self.db, code, self.words)
        return self.units[code], code, *self.known.get(code, (None, None))

    def close(self) -> None:
        self.db.close()


def hashed(row: Row) -> int:
    """An id for a row without one: the same for the same name, country and point, whatever the order of rows."""
    said = f"{row.country}|{key(row.name)}|{row.lat:.5f}|{row.lon:.5f}"
    return -HASHED - int.from_bytes(hashlib.blake2b(said.encode(), digest_size=6).digest(), "big")


def unit_of(db: sqlite3.Connection, code: str, words: AdminWords) -> tuple[int | None, str]:
    """The GeoNames id and name of a unit that a table calls by name: "MLI|Mopti", "MLI|Mopti|Bandiagara"."""
    country, _, name = code.partition("|")
    kind, name = ("admin2", name.partition("|")[2]) if "|" in name else ("admin1", name)
    found = db.execute(UNIT, (key(words.strip(name)), country, kind)).fetchone()
    return found[0] if found else None, name
