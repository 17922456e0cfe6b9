"""What the store says when a database is locked, full, away, foreign, newer or older."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from command import ATTACK, ENVIRONMENT, process
from postgres import empty_database, served
from tocsin.store import StoreError, connect, create_store, open_store
from tocsin.store.schema import metadata
from tocsin.store.store import WRITER_LOCK


def test_a_locked_database_is_said_to_be_locked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "PRAGMAS", (*connect.PRAGMAS, "busy_timeout=20"))
    monkeypatch.setattr(connect, "WAIT_MS", 20)
    with create_store(address) as store, open_store(address) as other, store.change("add", "t", "t"):
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


def test_a_killed_server_costs_the_change_that_was_under_way_only(tmp_path: Path) -> None:
    """The server is killed with all its processes while `add` is in the middle of its change: it waits for its turn."""
    (tmp_path / "r.txt").write_text(ATTACK)
    with server_to_kill() as (server, revive):
        address = empty_database(server.get_uri())
        with create_store(address) as store, store.change("add", "t", "t") as change:
            change.put_claims([{"dataset": "d", "row_id": "1"}])
        with contextlib.closing(psycopg.connect(address)) as other:
            other.execute("SELECT pg_advisory_lock(%s)", (WRITER_LOCK,))
            adding = process("add", address, "r.txt", "--published", "2024-03-12", "--jobs", "1", cwd=tmp_path)
            waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            until(lambda: other.execute(waiting).fetchone() == (1,))
            kill(server.get_pid())
            _, said = adding.communicate(timeout=60)
        assert (adding.returncode, said.strip().count("\n")) == (1, 0), said
        assert "does not answer; start the server" in said
        with pytest.raises(StoreError, match="does not answer"):
            open_store(address)
        revive()
        with open_store(address) as store:
            assert (store.counts()["change"], store.counts()["report"], store.counts()["claim"]) == (1, 0, 1)


@contextmanager
def server_to_kill() -> Iterator[tuple[Any, Callable[[], None]]]:
    """A PostgreSQL server of our own, and what starts it again.

    A killed server may stay a zombie until init reaps it, and pgserver would wait a minute for its end: so it is told
    to leave its servers alone, and what runs at the end is killed here.
    """
    pgserver = pytest.importorskip("pgserver", reason="pgserver is not installed", exc_type=ImportError)
    folder = Path(tempfile.mkdtemp(prefix="tocsin-pg-"))
    folder.chmod(0o755)
    started = [pgserver.get_server(folder / "data", cleanup_mode=None)]

    def revive() -> None:
        for left in ("postmaster.pid", ".s.PGSQL.5432.lock", ".s.PGSQL.5432"):  # as long as its number is not reaped
            (folder / "data" / left).unlink(missing_ok=True)
        started.append(pgserver.postgres_server.PostgresServer(folder / "data", cleanup_mode=None))

    try:
        yield started[0], revive
    finally:
        kill(started[-1].get_pid())
        shutil.rmtree(folder, ignore_errors=True)


def kill(postmaster: int) -> None:
    """Kill a server and all its processes."""
    import psutil  # type: ignore[import-untyped]

    with contextlib.suppress(psutil.NoSuchProcess):
        first = psutil.Process(postmaster)
        for each in (first, *first.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()


def accepted(address: str) -> int:
    with open_store(address) as store:
        return store.counts()["report"]


def until(met: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_server_that_never_says_a_word_is_not_waited_for_long() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"postgresql://a:secret@127.0.0.1:{mute.getsockname()[1]}/p?connect_timeout=2"
        with pytest.raises(StoreError, match="does not answer") as told:
            open_store(address)
        assert "secret" not in str(told.value)


def test_settings_of_the_address_win() -> None:
    ours = connect.patience({})
    assert (ours["connect_timeout"], ours["options"]) == (10, "-c lock_timeout=5000")
    given = connect.patience({"connect_timeout": "3", "options": "-c lock_timeout=9"})
    assert "connect_timeout" not in given
    assert given["options"].endswith("-c lock_timeout=9")


@pytest.mark.parametrize(
    ("change", "said"),
    [({"database": "none"}, "is not there"), ({"username": "nobody"}, "refuses this user"),
     ({"query": {"host": "/nowhere"}}, "does not answer")],
)  # fmt: skip
def test_a_wrong_address_is_told_apart(change: dict[str, Any], said: str, server: str) -> None:
    with pytest.raises(StoreError, match=said):
        open_store(make_url(server).set(**change).render_as_string(hide_password=False))


def test_a_full_disk_of_a_real_file_system(tmp_path: Path) -> None:
    """`add` on a file system of 700 kB: exit code 1, one sentence, and what was accepted before stands."""
    (tmp_path / "disk").mkdir()
    mount = ["unshare", "-rm", "bash", "-c", 'mount -t tmpfs -o size=700k none disk && exec "$@"', "-"]
    if subprocess.run([*mount, "true"], cwd=tmp_path, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    lines = [{"id": str(n), "text": ATTACK.replace("three", str(n)),
              "published": "2024-03-12", "lang": "en"} for n in range(3, 150)]  # fmt: skip
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    steps = 't() { python -m tocsin "$@"; }; t init disk/p.db; t add disk/p.db r.jsonl --jobs 1; echo $?; cp disk/* .'
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    found = subprocess.run([*mount, "bash", "-c", steps], cwd=tmp_path, env={**ENVIRONMENT, "PATH": path}, text=True,
                           capture_output=True, check=False)  # fmt: skip
    assert (found.stdout, "no room left" in found.stderr, "Traceback" in found.stderr) == ("1\n", True, False), found
    with open_store(str(tmp_path / "p.db")) as store:
        counts = store.counts()
        assert counts["report"] == counts["claim"] < len(lines)
        with store.engine.connect() as connection:
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"


def test_a_file_too_large_for_its_owner_leaves_nothing_half_written(tmp_path: Path) -> None:
    """A limit on the size of files, as a quota: the system refuses to write on."""
    code = (
        "import resource; from tocsin.store import *; store = create_store('p.db');"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "with store.change('add', 't', 't') as change:\n"
        "    change.put_claims({'dataset': 'd', 'row_id': str(n), 'notes': 'x' * 9000} for n in range(500))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=ENVIRONMENT, text=True, capture_output=True,
                           check=False)  # fmt: skip
    assert "StoreError: p.db cannot be kept on its disk" in found.stderr, found.stderr
    assert accepted(str(tmp_path / "p.db")) == 0


def test_a_file_that_may_not_be_written(tmp_path: Path) -> None:
    """It says so; as root, which may write anything, this is tried on a file system mounted to be read only."""
    create_store(str(tmp_path / "p.db")).close()
    bind = ["unshare", "-rm", "bash", "-c", 'mount --bind . . && mount -o remount,bind,ro . && cd . && exec "$@"', "-"]
    if subprocess.run([*bind, "true"], cwd=tmp_path, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    code = f"from tocsin.store import *\nwith open_store({str(tmp_path / 'p.db')!r}).change('a', 't', 't'): pass"
    found = subprocess.run([*bind, sys.executable, "-c", code], cwd=tmp_path, env=ENVIRONMENT, text=True,
                           capture_output=True, check=False)  # fmt: skip
    assert "cannot be opened for writing; check the path and its rights" in found.stderr, found.stderr


def test_two_writers_at_once_take_turns(address: str) -> None:
    create_store(address).close()

    def write(name: str) -> None:
        with open_store(address) as store:
            for n in range(10):
                with store.change("add", name, "t") as change:
                    change.put_claims([{"dataset": name, "row_id": str(n)}])

    threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_store(address) as store:
        assert (store.counts()["change"], store.counts()["claim"]) == (20, 20)


def test_a_database_of_a_newer_version_is_left_as_it_is(address: str) -> None:
    with create_store(address) as store, store.change("x", "t", "t") as change:
        change.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="install a newer Tocsin"):
        open_store(address)


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
