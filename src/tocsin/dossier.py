"""All about one event: what it rests on, why its claims were joined, its history and what people decided.

In:  a Store and an event's id.
Out: a Dossier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.errors import UsageError
from tocsin.link.columns import columns
from tocsin.link.item import Item
from tocsin.link.score import explain
from tocsin.project import items_of, with_origin
from tocsin.store import Store, Version

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dossier:
    """An event with what it rests on. `joined`: for each further claim the one it agrees with most, and why."""

    row: Row | None
    claims: list[Row]
    quotes: dict[str, list[str]]
    joined: list[tuple[str, str, list[tuple[str, float, str]]]]
    history: list[Version]
    decisions: list[Row]


def dossier(store: Store, event_id: str) -> Dossier:
    """What is known about the event, also if it is no longer published; UsageError if it never was."""
    past = store.history(event_id)
    if not past:
        raise UsageError(f"{event_id} is no event of {store.name}; `tocsin events` lists what is there.")
    keys = store.members(event_id)
    claims = with_origin(store, store.claims(keys))
    quotes = {claim["key"]: _quotes(claim) for claim in claims}
    said = store.decisions_on(keys, event_id)
    return Dossier(store.event(event_id), claims, quotes, joined(items_of(claims)), past, said)


def _quotes(claim: Row) -> list[str]:
    """The words that report the event, then those that count the dead."""
    found = [each["quote"] for name in ("trigger", "fatalities") for each in claim.get("evidence") or ()
             if each["field"] == name]  # fmt: skip
    return list(dict.fromkeys(found))


def joined(items: Sequence[Item]) -> list[tuple[str, str, list[tuple[str, float, str]]]]:
    """For each item after the first the earlier one that it agrees with most: keys, and each feature's part."""
    found = []
    known = columns(items) if items else None
    for at in range(1, len(items)):
        assert known is not None
        parts = [explain(known, other, at) for other in range(at)]
        best = max(range(at), key=lambda other: sum(part.weight for part in parts[other]))
        why = [(part.feature, part.weight, part.why) for part in parts[best]]
        found.append((items[best].key, items[at].key, why))
    return found
