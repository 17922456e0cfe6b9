"""What was asked and answered, spent and learnt: one SQLite file that several processes share.

In:  keys of requests, answers, tokens.
Out: the answers given before; how long to wait; an error when the budget is spent.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tocsin.errors import StopError
from tocsin.llm.settings import Settings

TABLES = """
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY, model TEXT, content TEXT, is_cut INTEGER, sent INTEGER, received INTEGER);
CREATE TABLE IF NOT EXISTS spent (run TEXT PRIMARY KEY, calls INTEGER, sent INTEGER, received INTEGER);
CREATE TABLE IF NOT EXISTS dialect (url TEXT, model TEXT, name TEXT, PRIMARY KEY (url, model));
CREATE TABLE IF NOT EXISTS pace (url TEXT PRIMARY KEY, next REAL);
"""
PATIENCE_S = 30.0  # for another process that writes


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sent. `is_cut`: it ran into its limit. Tokens `sent` and `received` as the server counts them."""

    content: str
    is_cut: bool
    sent: int
    received: int


@dataclass(frozen=True, slots=True)
class Book:
    """The file. It is opened for each look-up, so that it can be sent to another process."""

    path: Path

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(sqlite3.connect(self.path, timeout=PATIENCE_S, isolation_level=None)) as db:
                db.executescript(TABLES)
                yield db
        except (OSError, sqlite3.Error) as error:
            raise StopError(f"--llm-cache: {self.path} cannot be used ({error}); name another file.") from error

    def answer(self, key: str) -> Reply | None:
        """What was answered to this request before."""
        with self._open() as db:
            row = db.execute("SELECT content, is_cut, sent, received FROM answer WHERE key = ?", (key,)).fetchone()
        return Reply(row[0], bool(row[1]), row[2], row[3]) if row else None

    def keep(self, key: str, model: str, reply: Reply) -> None:
        """Write an answer down; the first one stays, so that all processes go on with the same."""
        row = (key, model, reply.content, reply.is_cut, reply.sent, reply.received)
        with self._open() as db:
            db.execute("INSERT OR IGNORE INTO answer VALUES (?, ?, ?, ?, ?, ?)", row)

    def take(self, settings: Settings, wanted: int) -> float:
        """Allow one call of about `wanted` tokens; how many seconds to wait first. StopError if it is one too many."""
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            row = db.execute("SELECT calls, sent + received FROM spent WHERE run = ?", (settings.run,)).fetchone()
            calls, spent = row or (0, 0)
            _check(settings, calls, spent, wanted)
            db.execute("INSERT OR IGNORE INTO spent VALUES (?, 0, 0, 0)", (settings.run,))
            db.execute("UPDATE spent SET calls = calls + 1 WHERE run = ?", (settings.run,))
            pause = _turn(db, settings)
            db.execute("COMMIT")
        return pause

    def count(self, settings: Settings, reply: Reply) -> None:
        """Write down what a call has used."""
        with self._open() as db:
            db.execute(
                "UPDATE spent SET sent = sent + ?, received = received + ? WHERE run = ?",
                (reply.sent, reply.received, settings.run),
            )

    def spent(self, run: str) -> tuple[int, int, int]:
        """Calls, tokens sent and tokens received of a run."""
        with self._open() as db:
            row = db.execute("SELECT calls, sent, received FROM spent WHERE run = ?", (run,)).fetchone()
        return tuple(row) if row else (0, 0, 0)

    def dialect(self, settings: Settings) -> str | None:
        """How the server wants to be told the form of the answer, if that is known."""
        with self._open() as db:
            row = db.execute(
                "SELECT name FROM dialect WHERE url = ? AND model = ?", (settings.url, settings.model)
            ).fetchone()
        return str(row[0]) if row else None

    def learn(self, settings: Settings, name: str) -> None:
        with self._open() as db:
            db.execute("INSERT OR REPLACE INTO dialect VALUES (?, ?, ?)", (settings.url, settings.model, name))


def _check(settings: Settings, calls: int, spent: int, wanted: int) -> None:
    if settings.calls and calls >= settings.calls:
        raise StopError(f"the {settings.calls:,} calls of --llm-calls are made; what is done is kept.")
    if settings.budget and spent + wanted > settings.budget:
        raise StopError(
            f"the budget is spent: {spent:,} tokens used, about {wanted:,} more needed for the next part, "
            f"--llm-budget is {settings.budget:,}; what is done is kept."
        )


def _turn(db: sqlite3.Connection, settings: Settings) -> float:
    """Seconds until the turn of this call, so that all processes together keep to the rate."""
    if not settings.per_minute:
        return 0.0
    now = time.time()
    row = db.execute("SELECT next FROM pace WHERE url = ?", (settings.url,)).fetchone()
    gap = 60 / settings.per_minute
    turn = min(max(now, row[0]), now + 3600) if row else now
    db.execute("INSERT OR REPLACE INTO pace VALUES (?, ?)", (settings.url, turn + gap))
    return max(0.0, turn - now)
