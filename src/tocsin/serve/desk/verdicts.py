"""What a coder decides on the desk. Of two who decide the same, the second is told what the first did.

In:  a verdict on an item of the queue or on an event; the version of the event that the person saw.
Out: the events as they are now, the decision's number for undoing, how much waits. 409: what somebody else did; nothing
     is done then.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import BaseModel, Field
from sqlalchemy import func, select
from starlette.responses import JSONResponse, Response

from tocsin.errors import UsageError
from tocsin.project import length, settle
from tocsin.project.deciding import decide_on
from tocsin.project.doubt import EVENT, Doubt
from tocsin.project.review import Item, item, of_event
from tocsin.serve.access.people import Person, note
from tocsin.serve.access.rights import needs
from tocsin.serve.desk.decide import changes_since, last_decision
from tocsin.serve.desk.fields import BY_NAME, FIELD_OF, columns_of, is_blank
from tocsin.serve.desk.subject import versions
from tocsin.store import Store
from tocsin.store import schema as s
from tocsin.store.doubts import beginning_with

router = APIRouter(prefix="/desk", tags=["decisions"], include_in_schema=False)
Coder = Annotated[Person, Depends(needs("coder", whole=True))]
Changes = list[dict[str, Any]]
PAST = {"accept": "accepted", "reject": "rejected", "amend": "amended"}
ONE_AT_A_TIME = threading.Lock()  # between looking at what others did and deciding


class Said(BaseModel):
    """`about`: an item or an event. amend: `field`, `values`, the item that `proposal` was seen to propose a value.

    same: the `other` event. different: the `claims` that part from the rest.
    """

    about: str = Field(max_length=200)
    verdict: Literal["accept", "reject", "amend", "same", "different"]
    field: str = Field("", max_length=60)
    proposal: str = Field("", max_length=60)
    values: dict[str, str | int | float | None] = Field(default_factory=dict, max_length=20)
    other: str = Field("", max_length=200)
    claims: list[str] = Field(default_factory=list, max_length=500)
    why: str = Field("", max_length=2000)
    seen: dict[str, int] = Field(default_factory=dict, max_length=20)


@router.post("/verdicts")
def put(request: Request, person: Coder, said: Said) -> Response:
    """Decide, if nobody else has decided the same meanwhile."""
    site = request.app.state.site
    store: Store = site.store
    with ONE_AT_A_TIME:
        try:
            found = None if store.event(said.about) else item(store, said.about)
            late = said.proposal if said.proposal and not beginning_with(store, said.proposal) else ""
        except UsageError:
            late = said.about
        if late:
            return _late(settled(store, late), _meanwhile(store, said.seen))
        meanwhile = _meanwhile(store, said.seen)
        if _concerns(said, found, meanwhile):
            return _late("Somebody changed this event meanwhile.", meanwhile)
        try:
            events = decided(store, said, found, person.name)
        except UsageError as error:
            if found and not beginning_with(store, found.id):  # another server on this database was quicker
                return _late(settled(store, found.id), _meanwhile(store, said.seen))
            raise HTTPException(422, str(error)) from None
        number = last_decision(store, person.name)
    note(store, person.name, said.verdict, " ".join(filter(None, (said.about, said.field, said.other))))
    told = {"events": events, "decision": number, "meanwhile": meanwhile, **progress(store, person.name)}
    return JSONResponse(told)


def decided(store: Store, said: Said, found: Item | None, who: str) -> list[str]:
    """Write the verdict down; the events as they are now."""
    event = found.event if found else said.about
    about: dict[str, Any] = {"event_id": event, "who": who, "why": said.why}
    waits = found.id if found and not found.event else None
    claims = store.members(event) if event else list(found.claims if found else ())
    if said.verdict == "same":
        if said.other == event or not (others := store.members(said.other) if store.event(said.other) else []):
            raise UsageError(f"merge: found {said.other[:40]!r}, expected the id of another event.")
        return decide_on(store, "same", claims, others, doubt=waits, **about)
    if said.verdict == "different":
        chosen, rest = [key for key in claims if key in said.claims], [key for key in claims if key not in said.claims]
        if not chosen or not rest:
            raise UsageError("split: choose some of the claims, but not all of them.")
        return decide_on(store, "different", chosen, rest, **about)
    if said.verdict == "amend":
        return _amend(store, said, found, claims, about)
    if found:
        return settle(store, found.id, said.verdict, who=who, why=said.why)
    return decide_on(store, said.verdict, claims, **about)


def _amend(store: Store, said: Said, found: Item | None, claims: list[str], about: dict[str, Any]) -> list[str]:
    """Set a field; if its value is in doubt, that is settled by it."""
    columns = columns_of(said.field, said.values)
    waiting = [found] if found else []
    waiting += of_event(store, about["event_id"]) if about["event_id"] else []
    settles = next((each for each in waiting if FIELD_OF[each.field] == said.field), None)
    if settles and is_blank(columns.get(said.field)):
        return settle(store, settles.id, "reject", who=about["who"], why=about["why"])
    keys = settles.claims if settles else found.claims if found else claims
    doubt = settles or (found if found and not found.event else None)
    return decide_on(store, "amend", keys[:1], fields=columns, doubt=doubt.id if doubt else None, **about)


def _concerns(said: Said, found: Item | None, meanwhile: Changes) -> bool:
    """Whether what others did touches what is decided; an item that still waits has been touched by nobody."""
    if any(step["gone"] for step in meanwhile):
        return True
    if said.verdict == "amend" and said.field in BY_NAME:
        return any(name in step["changed"] for step in meanwhile for name in BY_NAME[said.field].columns)
    return bool(meanwhile) and (found is None or said.verdict in ("same", "different"))


def _meanwhile(store: Store, seen: dict[str, int]) -> Changes:
    """What happened to the events since those versions; the history is read of those only that have changed."""
    now = versions(store, seen)
    return changes_since(store, {event: version for event, version in seen.items() if now.get(event) != version})


def settled(store: Store, name: str) -> str:
    """Who decided the item that waits no longer, when and what; an item's id tells its claim and field."""
    d = s.decision.c
    with store.engine.connect() as connection:
        newest = connection.execute(select(s.decision).where(d.until.is_(None)).order_by(d.id.desc())).yield_per(500)
        for row in newest.mappings():
            fields = {row["field"] or EVENT} | ({"event_type"} if row["field"] == "sub_event_type" else set())
            if any(Doubt(field, (row["claim"] or "",), 0.0, 0.0).id == name for field in fields):
                at = when(store, row["since"])[:16].replace("T", " ")
                value = f": {row['field']} is {row['value']}" if row["kind"] == "amend" else ""
                return f"{row['who']} {PAST.get(row['kind'], 'decided')} this at {at} UTC{value}."
    return "This waits no longer: other decisions or newer reports settled it."


def when(store: Store, change: Any) -> str:
    """The time of a change."""
    return str((store.row(s.change, change) or {}).get("at", ""))


def _late(message: str, changed: Changes) -> Response:
    return JSONResponse({"status": 409, "message": message, "changed": changed}, 409)


def progress(store: Store, who: str) -> dict[str, int]:
    """How many decisions of this person, today, still hold; how much waits."""
    day, d = datetime.now(UTC).date().isoformat(), s.decision.c
    query = select(func.count(d.since.distinct())).join(s.change, s.change.c.seq == d.since)
    with store.engine.connect() as connection:
        today = connection.scalar(query.where(d.who == who, d.until.is_(None), s.change.c.at >= day)) or 0
    return {"today": today, "waiting": length(store)}
