"""The index kept beside the database is used where it fits, and never where it does not."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from test_serve_renew import told
from tocsin.project import decide, import_rows
from tocsin.serve import Settings, app
from tocsin.serve.access.people import Person
from tocsin.serve.events import kept
from tocsin.serve.events.index import Index
from tocsin.serve.events.kept import keep, opened, path_of
from tocsin.serve.events.read import read_index
from tocsin.store import Store, create_store, open_store


@pytest.fixture
def store(example: Path, tmp_path: Path) -> Store:
    return open_store(str(shutil.copy(example, tmp_path / "p.db")))


def file_of(store: Store) -> Path:
    """The kept index; it is there."""
    keep(store, read_index(store), least=0)
    path = path_of(store)
    assert path is not None
    assert path.exists()
    return path


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often all events were read anew."""
    times = list[int]()

    def noted(store: Store) -> object:
        times.append(1)
        return read_index(store)

    monkeypatch.setattr(kept, "read_index", noted)
    return lambda: len(times)


def same(store: Store) -> bool:
    """Does the index that the server would open say what the database says?"""
    return told(opened(store)) == told(read_index(store))


def test_the_kept_index_is_used_and_says_the_same(store: Store, unread: Callable[[], int]) -> None:
    path = file_of(store)
    assert same(store)
    assert unread() == 0
    assert path.stat().st_mode & 0o777 == Path(store.name).stat().st_mode & 0o777
    assert sorted(each.name for each in path.parent.iterdir() if "index" in each.name) == ["p.db.index"]


def test_what_happened_since_is_read(store: Store, unread: Callable[[], int]) -> None:
    file_of(store)
    one, two = [row["event_id_cnty"] for row in store.events()][:2]
    decide(store, "reject", one, who="p", why="")
    decide(store, "amend", two, field="actor1", value="Group 7", who="p", why="")
    import_rows(store, [{**next(store.events()), "dataset": "d", "row_id": "1"}], name="d")
    assert same(store)
    assert unread() == 0


def test_it_is_written_again_only_after_changes(store: Store) -> None:
    path = file_of(store)
    before = path.stat().st_ino
    assert file_of(store).stat().st_ino == before
    decide(store, "reject", next(store.events())["event_id_cnty"], who="p", why="")
    assert file_of(store).stat().st_ino != before


@pytest.mark.parametrize("part", [0.01, 0.3, 0.6, 0.97])
def test_a_damaged_file_is_not_used(store: Store, unread: Callable[[], int], part: float) -> None:
    path = file_of(store)
    held = bytearray(path.read_bytes())
    at = int(part * len(held))
    held[at : at + 40] = bytes(255 - byte for byte in held[at : at + 40])
    path.write_bytes(held)
    assert same(store)
    assert unread() == 1


@pytest.mark.parametrize("held", [b"", b"no index", b"PK\x03\x04"])
def test_another_file_of_that_name_is_not_used(store: Store, unread: Callable[[], int], held: bytes) -> None:
    file_of(store).write_bytes(held)
    assert same(store)
    assert unread() == 1


def test_columns_that_do_not_go_together_are_not_used(store: Store, unread: Callable[[], int]) -> None:
    path = file_of(store)
    with np.load(path) as found:
        held = {name: found[name] for name in found.files}
    for name, wrong in {"days": held["days"][1:], "codes country": held["codes country"] + 99}.items():
        with path.open("wb") as file:
            np.savez(file, **{**held, name: wrong})
        assert same(store)
    assert unread() == 2


def test_the_index_of_another_database_is_not_used(store: Store, tmp_path: Path, unread: Callable[[], int]) -> None:
    with create_store(str(tmp_path / "other.db")) as other:
        import_rows(
            other, [{**row, "dataset": "d", "row_id": str(at)} for at, row in enumerate(store.events())], name="d"
        )
        while len(other.table(kept.schema.change)) < len(store.table(kept.schema.change)):
            with other.change("note", "p", ""):
                pass
        shutil.copy(file_of(other), path_of(store) or "")
    assert same(store)
    assert unread() == 1


def test_an_index_of_the_future_is_not_used(store: Store, tmp_path: Path, unread: Callable[[], int]) -> None:
    with sqlite3.connect(store.name) as now, sqlite3.connect(tmp_path / "backup.db") as backup:
        now.backup(backup)
    decide(store, "reject", next(store.events())["event_id_cnty"], who="p", why="")
    shutil.copy(file_of(store), tmp_path / "backup.db.index")
    with open_store(str(tmp_path / "backup.db")) as restored:
        assert same(restored)
        assert unread() == 1
        other = [row["event_id_cnty"] for row in restored.events()][1]
        decide(restored, "reject", other, who="p", why="")  # the same number of changes, another change
        assert same(restored)
        assert unread() == 2


def test_an_index_of_another_version_is_not_used(
    store: Store, unread: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    file_of(store)
    monkeypatch.setattr(kept, "LAYOUT", kept.LAYOUT + 1)
    assert same(store)
    assert unread() == 1


def test_events_that_are_missing_in_the_file_are_found(store: Store, unread: Callable[[], int]) -> None:
    file_of(store)
    with sqlite3.connect(store.name) as connection:  # as no change of Tocsin's does it
        connection.execute("DELETE FROM event WHERE id = (SELECT min(id) FROM event)")
    assert same(store)
    assert unread() == 1


def test_few_events_are_not_kept(store: Store) -> None:
    keep(store, read_index(store))
    path = path_of(store)
    assert path is not None
    assert not path.exists()


def test_a_folder_that_cannot_be_written_to_is_left_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(kept, "mkstemp", refused)
    keep(store, read_index(store), least=0)
    assert "the next start takes longer" in caplog.text


def test_the_server_keeps_what_those_see_who_see_all_and_nothing_else(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_ones = list[int]()

    def noted(store: Store, index: Index) -> None:
        kept_ones.append(len(index))
        keep(store, index, least=0)

    monkeypatch.setattr(app, "keep", noted)
    rules = tmp_path / "rules.toml"
    rules.write_text('roles = ["reader"]\n[[rule]]\nevent_type = "Protests"\ndrop = true\n', encoding="utf-8")
    site = app.Site(store, Settings(public=rules))
    public, whole = site.view(Person("", "reader")).index, site.view(Person("", "admin")).index
    path = path_of(store)
    assert path is not None
    end = monotonic() + 10
    while not path.exists() and monotonic() < end:
        sleep(0.01)
    assert len(public) < len(whole)
    assert kept_ones == [len(whole)]
    assert same(store)
