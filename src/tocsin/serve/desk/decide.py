"""What people decide on a page: the same for the desk, an event's page and programs.

In:  a verdict, and the version of the event that the person saw.
Out: the events as they are now, and the decision by its number, for undoing. If somebody else changed the event
     meanwhile, nothing is done and the answer (409) says what changed.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import BaseModel, Field
from sqlalchemy import func, select
from starlette.responses import JSONResponse, Response

from tocsin.codebook.columns import columns
from tocsin.errors import UsageError
from tocsin.project import decide, undo
from tocsin.serve.access.people import Person, note
from tocsin.serve.access.rights import needs
from tocsin.store import Store
from tocsin.store import schema as s

router = APIRouter(prefix="/api/v1", tags=["decisions"])
Coder = Annotated[Person, Depends(needs("coder", whole=True))]
LONGEST = 2000


class Verdict(BaseModel):
    """`one`, `other`: event ids or claim keys. `seen`: event -> the version that the person saw."""

    verdict: Literal["same", "different", "unsure", "amend", "accept", "reject"]
    one: str = Field(max_length=200)
    other: str | None = Field(None, max_length=200)
    field: str = Field("", max_length=60)
    value: str | int | float | None = None
    why: str = Field("", max_length=LONGEST)
    seen: dict[str, int] = Field(default_factory=dict)


class Undone(BaseModel):
    """`decision`: the number that `decide` gave."""

    decision: int = Field(ge=1, le=2**31 - 1)


class Decided(BaseModel):
    """`events`: ids as they are now. `decision`: for undoing."""

    events: list[str]
    decision: int | None = None


@router.post("/decisions", response_model=Decided, responses={409: {"description": "Somebody changed the event."}})
def put(request: Request, person: Coder, given: Verdict) -> Response | Decided:
    """Say that two are the same or different, amend a field, accept or reject."""
    store = request.app.state.site.store
    if changed := changes_since(store, given.seen):
        return JSONResponse(
            {"status": 409, "message": "Somebody changed this event meanwhile.", "changed": changed}, 409
        )
    if (given.verdict in ("same", "different", "unsure")) != (given.other is not None):
        raise HTTPException(422, "same, different and unsure are about two; the others about one.")
    if given.verdict == "amend":
        _check(given)
    try:
        events = decide(store, given.verdict, given.one, given.other, field=given.field, value=given.value,
                        who=person.name, why=given.why)  # fmt: skip
    except UsageError as error:
        raise HTTPException(422, str(error)) from None
    note(store, person.name, given.verdict, " ".join(filter(None, (given.one, given.other, given.field))))
    return Decided(events=events, decision=last_decision(store, person.name))


@router.post("/decisions/undo", response_model=Decided)
def take_back(request: Request, person: Coder, given: Undone) -> Decided:
    """Take a decision back; what it had ended holds again."""
    store = request.app.state.site.store
    try:
        events = undo(store, given.decision, who=person.name)
    except UsageError as error:
        raise HTTPException(404, str(error)) from None
    note(store, person.name, "undo", str(given.decision))
    return Decided(events=events)


def last_decision(store: Store, who: str) -> int | None:
    """The number of the person's last decision."""
    with store.engine.connect() as connection:
        found: int | None = connection.scalar(select(func.max(s.decision.c.id)).where(s.decision.c.who == who))
        return found


def changes_since(store: Store, seen: dict[str, int]) -> list[dict[str, Any]]:
    """What happened to the events since those versions."""
    found = []
    for event_id, version in list(seen.items())[:20]:
        for step in store.history(event_id):
            if step.version > version or (step.gone and step.version >= version):
                changed = {
                    name: {"before": old, "after": new}
                    for name, (old, new) in step.changed.items()
                    if name != "timestamp"
                }
                found.append({"event": event_id, "version": step.version, "at": step.at, "why": step.why,
                              "cause": step.cause, "merged_into": step.merged_into, "changed": changed,
                              "gone": step.gone})  # fmt: skip
    return found


def _check(given: Verdict) -> None:
    """HTTPException where the field is none of the codebook's."""
    known = {column.name for column in columns()}
    if given.field not in known:
        raise HTTPException(422, f"field: found {given.field!r}, expected one of {', '.join(sorted(known))}.")
