"""What the store says when a database is locked, full, away, foreign, newer or older."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from postgres import empty_database, served
from tocsin.store import StoreError, connect, create_store, open_store
from tocsin.store.schema import metadata


def test_a_locked_database_is_said_to_be_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "PRAGMAS", (*connect.PRAGMAS, "busy_timeout=20"))
    path = str(tmp_path / "p.db")
    with create_store(path) as store, open_store(path) as other, store.change("add", "t", "t"):
        with pytest.raises(StoreError, match="being written by another process"), other.change("add", "t", "t"):
            pass
        assert other.counts()["change"] == 0  # reading goes on


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    def fill() -> None:
        with store.change("add", "t", "t") as change:
            change.connection.execute(text("PRAGMA max_page_count=1"))
            change.put_claims({"dataset": "d", "row_id": str(n), "notes": "x" * 9000} for n in range(50))

    with create_store(str(tmp_path / "p.db")) as store:
        with pytest.raises(StoreError, match="no room left"):
            fill()
        assert not any(store.counts().values())


def test_a_server_that_goes_away_mid_change_leaves_nothing_half_written() -> None:
    with served() as address:
        store = create_store(empty_database(address))

        def lose() -> None:
            with store.change("add", "t", "t") as change:
                change.put_claims([{"dataset": "d", "row_id": "1"}])
                number = change.connection.scalar(text("SELECT pg_backend_pid()"))
                with psycopg.connect(address) as other:
                    other.execute("SELECT pg_terminate_backend(%s)", (number,))
                change.put_claims([{"dataset": "d", "row_id": "2"}])

        with pytest.raises(StoreError, match="does not answer"):
            lose()
        assert not any(store.counts().values())
        store.close()


def test_two_writers_at_once_take_turns(tmp_path: Path) -> None:
    path = str(tmp_path / "p.db")
    create_store(path).close()

    def write(name: str) -> None:
        with open_store(path) as store:
            for n in range(10):
                with store.change("add", name, "t") as change:
                    change.put_claims([{"dataset": name, "row_id": str(n)}])

    threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_store(path) as store:
        assert (store.counts()["change"], store.counts()["claim"]) == (20, 20)


def test_a_foreign_a_newer_and_no_database(tmp_path: Path) -> None:
    path = str(tmp_path / "p.db")
    with pytest.raises(StoreError, match="is not there"):
        open_store(path)
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE other (x)")
    other.close()
    with pytest.raises(StoreError, match="not a Tocsin database"):
        open_store(path)
    with pytest.raises(StoreError, match="holds tables already"):
        create_store(path)
    assert Path(path).exists()
    (tmp_path / "text.db").write_text("no database, but a text that is long enough " * 9)
    with pytest.raises(StoreError, match="not a readable SQLite database"):
        open_store(str(tmp_path / "text.db"))
    with create_store(str(tmp_path / "n.db")) as store, store.change("x", "t", "t") as change:
        change.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="install a newer Tocsin"):
        open_store(str(tmp_path / "n.db"))


def test_a_failed_create_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise StoreError("failed")

    monkeypatch.setattr(connect, "_migrate", fail)
    with pytest.raises(StoreError, match="failed"):
        create_store(str(tmp_path / "p.db"))
    assert not list(tmp_path.iterdir())


def test_the_migrations_make_the_schema(tmp_path: Path) -> None:
    create_store(str(tmp_path / "p.db")).close()
    found = sqlite3.connect(tmp_path / "p.db")
    for table in metadata.sorted_tables:
        columns = [(row[1], bool(row[3]), bool(row[5])) for row in found.execute(f"PRAGMA table_info({table.name})")]
        assert columns == [(c.name, not c.nullable, c.primary_key) for c in table.columns]
        names = {row[1] for row in found.execute(f"PRAGMA index_list({table.name})")}
        assert {index.name for index in table.indexes} == {name for name in names if not name.startswith("sqlite_")}
    found.close()
