"""Fixtures that several tests use."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from command import Result, Run
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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write expected.json of the golden reports anew")
