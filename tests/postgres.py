"""A real PostgreSQL for a test session."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest


@contextmanager
def served() -> Iterator[str]:
    """The address of a server of our own, which ends with us; skips without pgserver."""
    pytest.importorskip("pgserver", reason="pgserver, a PostgreSQL for tests, is not installed", exc_type=ImportError)
    folder = Path(tempfile.mkdtemp(prefix="tocsin-pg-"))
    folder.chmod(0o755)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pgserver's platformdirs speaks of XDG_RUNTIME_DIR
        import pgserver

        server = pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def empty_database(address: str) -> str:
    """The address of a new, empty database on the server."""
    name = f"t{uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return address.replace("/postgres?", f"/{name}?")
