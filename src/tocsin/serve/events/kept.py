"""The index kept beside the database, so that the server is ready at once.

In:  a Store; the file `<database>.index`, if there is one.
Out: the Index as the database is now, and the file for the next start.

The file is never needed and may be deleted. It is used only if it is whole, of this version of Tocsin, and of this very
database at a change that it still has; else all is read anew.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from tempfile import mkstemp
from typing import Any

import numpy as np
from sqlalchemy import func, select

from tocsin import __version__
from tocsin.serve.events.index import NAMES, Column, Index
from tocsin.serve.events.read import read_index
from tocsin.serve.events.renew import ROWS, renewed
from tocsin.store import Store, schema

log = logging.getLogger(__name__)
LAYOUT = 1  # raise it when an index says something else of the same events
LEAST = 100_000  # events; fewer are read within a second
About = dict[str, Any]


def opened(store: Store) -> Index:
    """The index of all events: the kept one brought up to date, or read anew."""
    kept = _fitting(store)
    if kept is not None:
        found = renewed(kept, store)
        if len(found) == _events(store):
            return found
        log.warning("%s does not fit the database; all events are read anew.", path_of(store))
    return read_index(store)


def keep(store: Store, index: Index, least: int = LEAST) -> None:
    """Write the file, if there is none like it; a folder where that cannot be done is left alone."""
    path = path_of(store)
    if path is None or len(index) < least:
        return
    about = _about(store, index.changed)
    if about is None or _said(path) == about:
        return
    try:
        _write(path, index, about)
    except OSError as error:
        log.warning("The index could not be kept in %s (%s); the next start takes longer.", path, error.strerror)


def path_of(store: Store) -> Path | None:
    """Where the index is kept; None where the database is no file of this machine."""
    name = store.engine.url.database
    return Path(f"{name}.index") if store.engine.dialect.name == "sqlite" and name else None


def _about(store: Store, change: int) -> About | None:
    """What the file of this database says of itself at a change: no other database was changed at the same two moments.
    None: there was no such change."""
    c = schema.change.c
    with store.engine.connect() as connection:
        first, then = (connection.scalar(select(c.at).where(c.seq == seq)) for seq in (1, change))
    if then is None:
        return None
    return {"layout": LAYOUT, "tocsin": __version__, "schema": schema.VERSION, "change": change, "at": [first, then]}


def _events(store: Store) -> int:
    with store.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(schema.event)) or 0


def _said(path: Path) -> About | None:
    """What the file says of itself; None if it cannot be read."""
    try:
        with path.open("rb") as file, np.load(file) as held:
            return dict(_texts(held["about"])[0])
    except Exception:  # what is wrong with a damaged file may be anything
        return None


def _fitting(store: Store) -> Index | None:
    """The index that was kept, if it is of this database as it is or was."""
    path = path_of(store)
    about = _said(path) if path else None
    if path is None or about is None or about != _about(store, int(about.get("change", 0))):
        return None
    try:
        with path.open("rb") as file, np.load(file) as held:
            return _index(held, about["change"])
    except Exception as error:
        log.warning("%s is damaged (%s); all events are read anew.", path, error)
        return None


def _write(path: Path, index: Index, about: About) -> None:
    """In one step: who reads meanwhile sees the old file or the new one. As secret as the database."""
    held: dict[str, Any] = {name: getattr(index, name) for name in ("ids", *ROWS)}
    for name, column in index.names.items():
        held |= {f"codes {name}": column.codes, f"values {name}": _packed(column.values)}
    number, part = mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(number, "wb") as file:
            np.savez(file, about=_packed([about]), **held)
        Path(part).chmod(path.with_suffix("").stat().st_mode & 0o777)
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)


def _index(held: Any, change: int) -> Index:
    """ValueError: the columns do not go together."""
    names = {name: Column(_texts(held[f"values {name}"]), held[f"codes {name}"]) for name in NAMES}
    found = Index(changed=change, ids=held["ids"], names=names, **{name: held[name] for name in ROWS})
    sizes = {len(getattr(found, name)) for name in ROWS} | {len(column.codes) for column in names.values()}
    if sizes != {len(found)}:
        raise ValueError("columns of different lengths")
    for name, column in names.items():
        if len(found) and not 0 <= column.codes.min() <= column.codes.max() < len(column.values):
            raise ValueError(f"{name}: numbers without a value")
    return found


def _packed(values: list[Any]) -> Any:
    """As JSON in an array of bytes: numpy's own texts are all as long as the longest."""
    return np.frombuffer(json.dumps(values).encode(), np.uint8)


def _texts(packed: Any) -> list[Any]:
    return list(json.loads(packed.tobytes()))
