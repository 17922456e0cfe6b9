"""What people decide.

In:  a Store, a verdict on events or claims.
Out: the decision, written down; the events as they are by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tocsin.errors import UsageError
from tocsin.project.building import MACHINE, Decided
from tocsin.project.doubt import COLUMNS
from tocsin.project.fitting import fitted
from tocsin.project.linking import place_by, with_origin
from tocsin.store import Change, Store

Row = dict[str, Any]
NOTHING: Mapping[str, Any] = {}
SUPERSEDES = {  # verdict -> earlier ones on the same claims that it ends
    "same": {"different", "unsure"},
    "different": {"same", "unsure"},
    "unsure": {"same", "different"},
    "amend": {"amend"},
    "accept": {"reject", "amend"},
    "reject": {"accept", "amend"},
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
    event_id = one if store.event(one) else None
    return decide_on(store, verdict, left, right, {field: value} if field else {}, event_id=event_id, who=who, why=why)


def decide_on(
    store: Store, verdict: str, left: Sequence[str], right: Sequence[str] = (), fields: Mapping[str, Any] = NOTHING, *,
    event_id: str | None = None, doubt: str | None = None, who: str = MACHINE, why: str = "",
) -> list[str]:  # fmt: skip
    """The same on claims. `fields`: what is said of which field; without, the claims themselves are meant.

    One change: the decision with all that follows from it, or nothing. `doubt`: what it settles; UsageError if somebody
    else has done so meanwhile.
    """
    fields = {name: fitted(name, value) for name, value in fields.items()}
    about_it = {"who": who, "kind": verdict, "event_id": event_id, "why": why}
    with store.change("decide", who, why or verdict) as change:
        if doubt and not change.waits(doubt):
            raise UsageError(f"{doubt} was decided meanwhile; `tocsin review {store.name}` lists what still waits.")
        held = store.decisions()
        ended = list(_superseded(held, verdict, left, right, fields))
        for row in ended:
            change.end_decision(row["id"])
        made = []
        for claim, against in _decided_pairs(verdict, left, right):
            for field, value in (fields or {"": None}).items():
                packed = json.dumps(value, ensure_ascii=False) if field else None
                row = {**about_it, "claim": claim, "other": against, "field": field or None, "value": packed}
                made.append(row | {"id": change.put_decision(**row)})
        said = Decided([*(row for row in held if row not in ended), *made])
        why = f"{verdict}: {why}" if why else verdict
        return _relink(store, change, said, [*left, *right], why, f"decision by {who}")


def _decided_pairs(verdict: str, left: Sequence[str], right: Sequence[str]) -> list[tuple[str, str | None]]:
    """The claims that a decision is written down for: `different` holds for every pair, `same` needs one."""
    pairs: list[tuple[str, str | None]] = [(a, b) for a in left for b in right if a != b]
    if not right:
        pairs = [(key, None) for key in left]
    return pairs if verdict in ("different", "reject") else pairs[:1]


def _superseded(
    held: Sequence[Row], verdict: str, left: Sequence[str], right: Sequence[str], fields: Mapping[str, Any]
) -> Iterator[Row]:
    """The decisions that hold and say otherwise of the same claims and fields."""
    about = {frozenset((a, b)) for a in left for b in right or (None,)}
    names: set[str | None] = {*fields} or {None}
    if verdict in ("accept", "reject"):  # what a person made of the value's parts is meant, too
        names |= {column for field in fields for column in COLUMNS.get(field, ())}
    for row in held:
        same = frozenset((row["claim"], row["other"])) in about and row["field"] in names
        if same and row["kind"] in SUPERSEDES[verdict]:
            yield row


def undo(store: Store, decision: int, *, who: str = MACHINE) -> list[str]:
    """Take a decision back, with what was decided in the same step; what it had ended holds again.

    The events are as if it had never been made; the record of it stays.
    """
    with store.change("undo", who, f"decision {decision} was taken back") as change:
        held = store.decisions()
        step = next((row["since"] for row in held if row["id"] == decision), None)
        if step is None:
            raise UsageError(f"there is no decision {decision} that holds; `tocsin show` lists an event's decisions.")
        rows = [row for row in held if row["since"] == step]
        for row in rows:
            change.end_decision(row["id"])
        back = change.resume_decisions(step)
        said = Decided([*(row for row in held if row not in rows), *back])
        keys = dict.fromkeys(key for row in (*rows, *back) for key in (row["claim"], row["other"]) if key)
        why = f"decision {decision} was taken back"
        return _relink(store, change, said, list(keys), why, f"decision {decision}")


def claims_of(store: Store, name: str) -> list[str]:
    """The claims of an event, or the one claim of that key (`claim:` before it is allowed)."""
    key = name.removeprefix("claim:")
    if store.event(name):
        return store.members(name)
    if store.claims([key]):
        return [key]
    raise UsageError(f"{name} is neither an event nor a claim of {store.name}; `tocsin events` lists what is there.")


def _relink(store: Store, change: Change, said: Decided, keys: Sequence[str], why: str, cause: str) -> list[str]:
    """Link these claims again, with all that stand or stood in one event with them."""
    members = {name: store.members(name) for name in set(store.events_of(keys).values())}
    rows = with_origin(store, store.claims({*keys, *(key for held in members.values() for key in held)}))
    rejected = said.rejected
    change.end_doubts(row["key"] for row in rows)
    change.retire_claims(key for key in keys if key in rejected)
    change.remove_empty((name for name, held in members.items() if rejected.issuperset(held)), why, cause)
    change.restore_claims(key for key in keys if key not in rejected)
    return place_by(store, change, said, [row for row in rows if row["key"] not in rejected], why, cause)
