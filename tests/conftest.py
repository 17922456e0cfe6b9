"""Fixtures that several tests use."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from command import Result, Run
from postgres import empty_database, served
from tocsin import cli

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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write expected.json of the golden reports anew")
