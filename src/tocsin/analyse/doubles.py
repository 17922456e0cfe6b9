"""Which events may be another one told again: the linker left the two apart, but was not sure.

In:  Events of a database.
Out: the same with the column `doubt`: the probability that an event is the same happening as an earlier one of them.
     Draws leave the event out that often.

The chance of two events is what the linker looked at when it left them apart: the mean chance over the pairs of their
claims (link/score.py, fitted on labelled pairs), times LEFT_APART. It is 0 where one report or one data set tells of
both, and where a person has told them apart. What is no candidate for linking (other country, days or places apart)
has no chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import select

from tocsin.analyse.events import Events
from tocsin.link.cluster import chances
from tocsin.link.columns import columns
from tocsin.link.item import Item, item_of
from tocsin.link.link import scored_pairs
from tocsin.link.score import weights
from tocsin.store import Store, open_store
from tocsin.store import schema as s
from tocsin.store.errors import told
from tocsin.store.rows import batches, unpacked

MOST = 20_000  # events
LEFT_APART = 1.5  # of the pairs left apart with a mean chance of p, 1.5 p are one (python -m bench.doubles)
Pair = tuple[int, int]
Chances = NDArray[np.float64]


def with_doubt(events: Events, source: str | Path | Store) -> tuple[Events, str]:
    """The events with `doubt`, and a note; without it if they are too many to look for doubles in each analysis."""
    if len(events) > MOST:
        return events, f"More than {MOST:,} events: it was not weighed which of them may be one event told twice."
    if not isinstance(source, Store):
        with open_store(str(source)) as store:
            return with_doubt(events, store)
    found = doubts(*_claims(source, events.table["id"].to_list()), len(events), _apart(source))
    note = (
        f"About {found.sum():.0f} of {len(events):,} events are another one told again; draws leave doubtful ones out."
    )
    return events.of(events.table.with_columns(doubt=pl.Series(found))), note if found.sum() >= 0.5 else ""


def doubts(items: Sequence[Item], event: Sequence[int], count: int, apart: Iterable[tuple[str, str]] = ()) -> Chances:
    """For each of `count` events the probability that it is one before it. `event`: the number of each item's event.

    `apart`: keys of claims that a person has told apart.
    """
    miss = np.ones(count)
    if not items:
        return 1 - miss
    for (_, later), chance in sorted(left_apart(items, event, apart).items()):
        miss[later] *= 1 - chance
    return 1 - miss


def left_apart(items: Sequence[Item], event: Sequence[int], apart: Iterable[tuple[str, str]] = ()) -> dict[Pair, float]:
    """The chance that two events are one, for each two that have any."""
    known = columns(items)
    found, scores = scored_pairs(items, known)
    found, first = np.unique(found, axis=0, return_index=True)  # a cell and a name may both give a pair
    of, size, tellers = np.asarray(event), Counter(event), _tellers(event, known.teller.tolist())
    sums: Counter[Pair] = Counter()
    for (a, b), chance in zip(np.sort(of[found], axis=1).tolist(), chances(scores)[first].tolist(), strict=True):
        sums[a, b] += chance
    barred, most = _barred(items, event, apart), weights().threshold
    return {
        (a, b): LEFT_APART * min(total / (size[a] * size[b]), most)
        for (a, b), total in sums.items()
        if a != b and (a, b) not in barred and tellers[a].isdisjoint(tellers[b])
    }


def _tellers(event: Sequence[int], tellers: Sequence[int]) -> dict[int, set[int]]:
    """The reports and data sets that tell of each event."""
    found: dict[int, set[int]] = {at: set() for at in event}
    for at, teller in zip(event, tellers, strict=True):
        found[at] |= {teller} - {-1}
    return found


def _barred(items: Sequence[Item], event: Sequence[int], apart: Iterable[tuple[str, str]]) -> set[Pair]:
    """The events of claims that a person has told apart."""
    of = {item.key: at for item, at in zip(items, event, strict=True)}
    pairs = ((of[one], of[two]) for one, two in apart if one in of and two in of)
    return {(min(pair), max(pair)) for pair in pairs}


def _apart(store: Store) -> list[tuple[str, str]]:
    decided = (row for row in store.decisions() if row["kind"] == "different")
    return [(row["claim"], row["other"]) for row in decided if row["claim"] and row["other"]]


def _claims(store: Store, names: list[str]) -> tuple[list[Item], list[int]]:
    """The claims of these events that can be compared, and for each the number of its event; none if all are of one
    data set or report, which told them apart."""
    c, m = s.claim.c, s.member.c
    if len(set(_selected(store, names, [c.report_id, c.dataset]))) < 2:
        return [], []
    number, items, event = {name: at for at, name in enumerate(names)}, [], []
    body = [c[name] for name in (*s.BODY, "detail")]
    for row in _selected(store, names, [m.event_id, c.key, c.report_id, c.dataset, *body]):
        if item := _item(row):
            items.append(item)
            event.append(number[row[0]])
    return items, event


def _selected(store: Store, names: list[str], columns: list[Any]) -> Iterator[Any]:
    """Columns of the claims that now are in these events."""
    c, m = s.claim.c, s.member.c
    query = select(*columns).select_from(s.member).join(s.claim, m.claim_id == c.id)
    query = query.where(m.until.is_(None), c.until.is_(None)).order_by(c.id)
    with told(store.name), store.engine.connect() as connection:
        for batch in batches(names):
            yield from connection.execute(query.where(m.event_id.in_(batch)))


def _item(row: Any) -> Item | None:
    """As project/linking.py makes it: with the words that were kept when the report was read."""
    _, key, report, dataset, *values = row
    body = unpacked(values, None) | {"dataset": dataset}
    item = item_of(body, key, report=report, origin=None)
    return replace(item, words=tuple(body["words"])) if item and body.get("words") else item
