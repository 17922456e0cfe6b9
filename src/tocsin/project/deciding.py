"""What people decide.

In:  a Store, a verdict on events or claims.
Out: the decision, written down; the events as they are by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tocsin.errors import UsageError
from tocsin.project.linking import MACHINE, Decided, place, with_origin
from tocsin.store import Store

SUPERSEDES = {  # verdict -> earlier ones on the same claims that it ends
    "same": {"different", "unsure"},
    "different": {"same", "unsure"},
    "unsure": {"same", "different"},
    "amend": {"amend"},
    "accept": {"reject"},
    "reject": {"accept"},
}


def decide(
    store: Store, verdict: str, one: str, other: str | None = None, *, field: str = "", value: Any = None,
    who: str = MACHINE, why: str = "",
) -> list[str]:  # fmt: skip
    """Write a person's decision down and link again what it touches; the ids of the events as they are now.

    `one` and `other` are event ids or claim keys. same, different, unsure: about two of them; amend: `field` and
    `value` of an event; accept, reject: an event or a claim. What was decided against it before holds no longer.
    """
    left, right = claims_of(store, one), claims_of(store, other) if other else []
    about_it = {"who": who, "kind": verdict, "event_id": one if store.event(one) else None, "why": why}
    packed = json.dumps(value, ensure_ascii=False) if field else None
    with store.change("decide", who, why or verdict) as change:
        for row in _superseded(store, verdict, left, right, field):
            change.end_decision(row["id"])
        for claim, against in _decided_pairs(verdict, left, right):
            change.put_decision(claim=claim, other=against, field=field or None, value=packed, **about_it)
    return relink_claims(store, [*left, *right], f"{verdict}: {why}" if why else verdict, f"decision by {who}")


def _decided_pairs(verdict: str, left: Sequence[str], right: Sequence[str]) -> list[tuple[str, str | None]]:
    """The claims that a decision is written down for: `different` holds for every pair, `same` needs one."""
    pairs: list[tuple[str, str | None]] = [(a, b) for a in left for b in right if a != b]
    if not right:
        pairs = [(key, None) for key in left]
    return pairs if verdict in ("different", "reject") else pairs[:1]


def _superseded(
    store: Store, verdict: str, left: Sequence[str], right: Sequence[str], field: str
) -> Iterator[dict[str, Any]]:
    """The decisions that hold and say otherwise of the same claims."""
    about = {frozenset((a, b)) for a in left for b in right or (None,)}
    for row in store.decisions():
        against = row["kind"] in SUPERSEDES[verdict] and frozenset((row["claim"], row["other"])) in about
        if against and (verdict != "amend" or row["field"] == field):
            yield row


def undo(store: Store, decision: int, *, who: str = MACHINE) -> list[str]:
    """Take a decision back, with what was decided in the same step; what it had ended holds again.

    The events are as if it had never been made; the record of it stays.
    """
    held = store.decisions()
    step = next((row["since"] for row in held if row["id"] == decision), None)
    if step is None:
        raise UsageError(f"there is no decision {decision} that holds; `tocsin show` lists an event's decisions.")
    rows = [row for row in held if row["since"] == step]
    with store.change("undo", who, f"decision {decision} was taken back") as change:
        for row in rows:
            change.end_decision(row["id"])
        rows += change.resume_decisions(step)
    keys = dict.fromkeys(key for row in rows for key in (row["claim"], row["other"]) if key)
    return relink_claims(store, list(keys), f"decision {decision} was taken back", f"decision {decision}")


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
