"""What people decide.

In:  a Store, a verdict on events or claims.
Out: the decision, written down; the events as they are by it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tocsin.errors import UsageError
from tocsin.project.linking import MACHINE, Decided, place, with_origin
from tocsin.store import Store


def decide(
    store: Store, verdict: str, one: str, other: str | None = None, *, field: str = "", value: Any = None,
    who: str = MACHINE, why: str = "",
) -> list[str]:  # fmt: skip
    """Write a person's decision down and link again what it touches; the ids of the events as they are now.

    `one` and `other` are event ids or claim keys. same, different, unsure: about two of them; amend: `field` and
    `value` of an event; accept, reject: an event or a claim.
    """
    left, right = claims_of(store, one), claims_of(store, other) if other else []
    about_it = {"who": who, "kind": verdict, "event_id": None if one not in left else one, "why": why}
    packed = json.dumps(value, ensure_ascii=False) if field else None
    with store.change("decide", who, why or verdict) as change:
        for claim, against in _decided_pairs(verdict, left, right):
            change.put_decision(claim=claim, other=against, field=field or None, value=packed, **about_it)
    return relink_claims(store, [*left, *right], f"{verdict}: {why}" if why else verdict, f"decision by {who}")


def _decided_pairs(verdict: str, left: Sequence[str], right: Sequence[str]) -> list[tuple[str, str | None]]:
    """The claims that a decision is written down for: `different` holds for every pair, `same` needs one."""
    pairs: list[tuple[str, str | None]] = [(a, b) for a in left for b in right if a != b]
    if not right:
        pairs = [(key, None) for key in left]
    return pairs if verdict in ("different", "reject") else pairs[:1]


def undo(store: Store, decision: int, *, who: str = MACHINE) -> list[str]:
    """Take a decision back; the events are as if it had never been made, the record of it stays."""
    row = next((row for row in store.decisions() if row["id"] == decision), None)
    if row is None:
        raise UsageError(f"there is no decision {decision} that holds; `tocsin show` lists an event's decisions.")
    with store.change("undo", who, f"decision {decision} was taken back") as change:
        change.end_decision(decision)
    keys = [key for key in (row["claim"], row["other"]) if key]
    return relink_claims(store, keys, f"decision {decision} was taken back", f"decision {decision}")


def claims_of(store: Store, name: str) -> list[str]:
    """The claims of an event, or the one claim of that key (`claim:` before it is allowed)."""
    key = name.removeprefix("claim:")
    if store.event(name):
        return store.members(name)
    if store.claims([key]):
        return [key]
    raise UsageError(f"{name} is neither an event nor a claim of {store.name}; `tocsin events` lists what is there.")


def relink_claims(store: Store, keys: Sequence[str], why: str, cause: str) -> list[str]:
    """Link these claims again, with all that stand or stood in one event with them."""
    members = {name: store.members(name) for name in set(store.events_of(keys).values())}
    rows = with_origin(store, store.claims({*keys, *(key for held in members.values() for key in held)}))
    rejected = Decided(store).rejected
    with store.change("link", MACHINE, why) as change:
        change.retire_claims(key for key in keys if key in rejected)
        change.remove_empty((name for name, held in members.items() if rejected.issuperset(held)), why, cause)
        change.restore_claims(key for key in keys if key not in rejected)
        return place(store, change, [row for row in rows if row["key"] not in rejected], why, cause)
