"""Fixtures that several tests use."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from command import Result, Run
from postgres import empty_database, served
from served import PASSWORD, PEOPLE, Served, chromium, filled, serving
from tocsin import cli
from tocsin.serve import Settings
from tocsin.serve.access.people import put_person
from tocsin.store import open_store

os.environ["TOCSIN_PLACES"] = ""  # whatever places the person has who runs the tests


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Type a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def type_in(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["tocsin", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        return Result(code, *capfd.readouterr())

    return type_in


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL of our own, one for all tests."""
    with served() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new database can be made, on each kind in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "p.db")
    return empty_database(request.getfixturevalue("server"))


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a few events, coded once; copy it to change it."""
    path = tmp_path_factory.mktemp("example") / "example.db"
    filled(str(path)).close()
    return path


@pytest.fixture
def desk(example: Path, tmp_path: Path) -> Iterator[Served]:
    """A server on this machine, without login, with a copy of the example."""
    with open_store(str(shutil.copy(example, tmp_path / "desk.db"))) as store, serving(store) as running:
        yield running


@pytest.fixture
def office(example: Path, tmp_path: Path) -> Iterator[Served]:
    """A server where people log in: PEOPLE by name and role, all with PASSWORD."""
    with open_store(str(shutil.copy(example, tmp_path / "office.db"))) as store:
        for name, role in PEOPLE.items():
            put_person(store, name, role, PASSWORD)
        with serving(store, Settings(login=True)) as running:
            yield running


@pytest.fixture
def embargoed(example: Path, tmp_path: Path) -> Iterator[Served]:
    """A server that shows readers no protests, and no reports."""
    rules = tmp_path / "tocsin.toml"
    rules.write_text('roles = ["reader", "editor"]\n[[rule]]\nevent_type = "Protests"\ndrop = true\n')
    with open_store(str(shutil.copy(example, tmp_path / "held.db"))) as store:
        for name, role in (("rita", "reader"), ("edna", "editor"), ("adam", "admin")):
            put_person(store, name, role, PASSWORD)
        with serving(store, Settings(login=True, public=rules)) as running:
            yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real Chromium; each test takes a `new_context()` of it."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-quic"])
        yield found
        found.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write expected.json of the golden reports anew")


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes have no say in a test's name: archives hold the second in which they were made."""
    return argname if isinstance(val, bytes) else None
