"""The index brought up to date: only what changed is read, so that a decision shows at once among a million events.

In:  an Index, the Store.
Out: another Index. The old one stays as it was, for those who are still reading it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import or_, select

from tocsin.serve.events.index import NAMES, NUMBERS, Column, Index
from tocsin.serve.events.read import Numbers, index_of, index_since, reviewed
from tocsin.store import Store, schema
from tocsin.store.lookup import events_named
from tocsin.store.rows import Row

ROWS = ("days", "fatalities", "fatalities_low", "fatalities_high", "time_precision", "geo_precision", "x", "y",
        "longitude", "latitude", "radius_km", "civilians", "reviewed", "confidence")  # fmt: skip


def renewed(old: Index, store: Store) -> Index:
    """With all that the database holds now."""
    fresh = index_since(store, old.changed, numbers(old))
    if fresh.changed == old.changed:
        return old
    merged = joined(old, fresh, _ended(store, old.changed, fresh.changed))
    touched = _touched(store, old.changed)
    if touched:
        rows = np.flatnonzero(np.isin(merged.ids, list(touched)))
        merged.reviewed[rows] = np.isin(merged.ids[rows], list(reviewed(store, touched)))
    return merged


def renewed_by(old: Index, rows: Iterable[Row], changed: int, store: Store) -> Index:
    """The same, if the rows of the new events do not come from the database as they are."""
    return joined(old, index_of(rows, changed, numbers(old)), _ended(store, old.changed, changed))


def fresh_rows(store: Store, change: int) -> list[Row]:
    """The events whose version is newer than the change, with all that is known of them."""
    with store.engine.connect() as connection:
        ids = list(connection.scalars(select(schema.event.c.id).where(schema.event.c.since > change)))
    return events_named(store, ids, whole=True)


def numbers(index: Index) -> dict[str, Numbers]:
    """The numbers of the texts, to go on from."""
    return {name: Numbers({value: at for at, value in enumerate(index.names[name].values)}) for name in NAMES}


def joined(old: Index, fresh: Index, ended: Iterable[str]) -> Index:
    """The rows of both, newest first, without those that ended or have a newer version."""
    gone = list({*ended, *fresh.ids.tolist()})
    stays = np.flatnonzero(~np.isin(old.ids, gone)) if gone else np.arange(len(old))
    kept = _rows_of(old, stays) if len(stays) < len(old) else old
    at = _places(kept, fresh)
    ids = np.insert(kept.ids.astype(np.result_type(kept.ids, fresh.ids)), at, fresh.ids)
    names = {name: _column(kept.names[name], fresh.names[name], at) for name in NAMES}
    rows = {name: np.insert(getattr(kept, name), at, getattr(fresh, name)) for name in ROWS}
    return replace(kept, changed=fresh.changed, ids=ids, names=names, number=next(NUMBERS), _once={}, **rows)


def _rows_of(index: Index, rows: NDArray[np.int64]) -> Index:
    names = {name: Column(column.values, column.codes[rows]) for name, column in index.names.items()}
    return replace(index, ids=index.ids[rows], names=names, **{name: getattr(index, name)[rows] for name in ROWS})


def _places(kept: Index, fresh: Index) -> NDArray[np.int64]:
    """Before which row each of the fresh events belongs: newest first, of one day the last id first."""
    days, wanted = -kept.days.astype(np.int64), -fresh.days.astype(np.int64)
    firsts, ends = (np.searchsorted(days, wanted, side) for side in ("left", "right"))
    spans = zip(firsts.tolist(), ends.tolist(), fresh.ids.tolist(), strict=True)
    found = [end - int(np.searchsorted(kept.ids[first:end][::-1], name)) for first, end, name in spans]
    return np.asarray(found, np.int64)


def _column(kept: Column, fresh: Column, at: NDArray[np.int64]) -> Column:
    """Both columns; values that no event has any more are forgotten. The fresh one's numbers go on from the old."""
    codes = np.insert(kept.codes, at, fresh.codes)
    used = np.bincount(codes, minlength=len(fresh.values)) > 0
    used[0] = True  # no value
    if used.all():
        return Column(fresh.values, codes)
    values = [value for value, some in zip(fresh.values, used.tolist(), strict=True) if some]
    return Column(values, (np.cumsum(used) - 1).astype(np.int32)[codes])


def _ended(store: Store, change: int, last: int) -> list[str]:
    """Events of which a version ended since, up to the last change that is looked at."""
    past = schema.event_past.c
    with store.engine.connect() as connection:
        return list(connection.scalars(select(past.id).where(past.until > change, past.until <= last).distinct()))


def _touched(store: Store, change: int) -> set[str]:
    """Events about which somebody decided something, or took it back, since."""
    d = schema.decision.c
    with store.engine.connect() as connection:
        new = connection.execute(select(d.claim, d.event_id).where(or_(d.since > change, d.until > change))).all()
    by_claim = store.events_of(row.claim for row in new if row.claim)
    return {row.event_id for row in new if row.event_id} | set(by_claim.values())
