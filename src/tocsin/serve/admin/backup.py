"""Copies of the database.

In:  a Store.
Out: a consistent copy as it is at one moment, streamed, while others read and write; for PostgreSQL the command that
     makes one. Who took a copy, and when, is in the audit log.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from sqlalchemy import select
from starlette.responses import HTMLResponse, StreamingResponse

from tocsin.serve.access.login import address_of
from tocsin.serve.access.people import Person, note
from tocsin.serve.access.rights import needs
from tocsin.serve.pages import page
from tocsin.store import Store, schema
from tocsin.store.errors import told

router = APIRouter(prefix="/admin/backups", include_in_schema=False)
Admin = Annotated[Person, Depends(needs("admin", seated=True))]
BLOCK = 1 << 20
TOOK = "took a copy"
LISTED = 50


@router.get("")
def backups(request: Request, person: Admin) -> HTMLResponse:
    store = request.app.state.site.store
    a = schema.audit.c
    query = select(a.at, a.who, a.about).where(a.what == TOOK).order_by(a.id.desc()).limit(LISTED)
    with told(store.name), store.engine.connect() as connection:
        taken = [dict(row) for row in connection.execute(query).mappings()]
    size = _size(Path(store.name)) if _is_file(store) else None
    return page(request, "admin_backups", taken=taken, size=size, is_file=_is_file(store), command=_command(store))


@router.post("/copy")
def copy(request: Request, person: Admin) -> StreamingResponse:
    """The copy, as a download."""
    store = request.app.state.site.store
    if not _is_file(store):
        raise HTTPException(409, f"This database is on PostgreSQL; copy it there: {_command(store)}")
    folder = TemporaryDirectory(prefix=".tocsin-copy-", dir=_room(Path(store.name)))
    try:
        made = copied(Path(store.name), Path(folder.name) / "copy.db")
        now = datetime.now(UTC)
        name = f"{Path(store.name).stem}-{now:%Y-%m-%d-%H%M}.db"
        note(store, person.name, TOOK, f"{name}, {made.stat().st_size:,} bytes", address_of(request))
    except BaseException:
        folder.cleanup()
        raise
    headers = {
        "content-disposition": f'attachment; filename="{_ascii(name)}"',
        "content-length": str(made.stat().st_size),
    }
    return StreamingResponse(_blocks(made, folder), media_type="application/vnd.sqlite3", headers=headers)


def copied(path: Path, to: Path) -> Path:
    """One reading of the whole database: what is written meanwhile is not in it, and waits for nothing."""
    with (
        told(str(path)),
        closing(sqlite3.connect(f"file:{_quoted(path)}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(to)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    return to


def _blocks(path: Path, folder: TemporaryDirectory[str]) -> Iterator[bytes]:
    with folder, path.open("rb") as stream:
        while block := stream.read(BLOCK):
            yield block


def _is_file(store: Store) -> bool:
    return bool(store.engine.dialect.name == "sqlite")


def _size(path: Path) -> int:
    return sum(each.stat().st_size for each in (path, Path(f"{path}-wal")) if each.exists())


def _command(store: Store) -> str:
    return f"pg_dump --format=custom --file=tocsin-$(date +%F).dump '{store.name}'"


def _room(path: Path) -> str:
    """Beside the database, where there is room for another; else where temporary files go."""
    return str(path.parent) if os.access(path.parent, os.W_OK) else gettempdir()


def _quoted(path: Path) -> str:
    return quote(str(path.resolve()))


def _ascii(name: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in name)
