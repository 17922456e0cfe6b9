"""Our own interface for programs: events, and for each what it rests on, how it came about, what it was before.

In:  the filter (events/asked.py) in the address, an event's id.
Out: JSON; every answer is in the OpenAPI document at /api/openapi.json.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from pydantic import BaseModel, Field, create_model
from starlette.responses import Response, StreamingResponse

from tocsin.codebook.columns import columns
from tocsin.exchange.told import with_told
from tocsin.exchange.writers.annotate import CONTEXT, annotation, evidence_of
from tocsin.serve.access.people import Person
from tocsin.serve.access.rights import needs
from tocsin.serve.api.openapi import FILTERS, ApiRoute, jsons, refusals
from tocsin.serve.api.past import index_at, number_of, rows_at
from tocsin.serve.api.provenance import provenance
from tocsin.serve.events.asked import Asked
from tocsin.serve.events.view import View
from tocsin.serve.explore.download import download
from tocsin.serve.jsons import packed
from tocsin.serve.paging import part

router = APIRouter(prefix="/api/v1", tags=["events"], route_class=ApiRoute,
                   responses=refusals(400, 401, 403, 404))  # fmt: skip
Reader = Annotated[Person, Depends(needs("reader"))]
Id = Annotated[str, Query(max_length=40)]
LIMIT, MOST = 100, 5000
Limit = Annotated[int, Query(ge=1, le=MOST, description="Rows of a page.")]
Cursor = Annotated[str | None, Query(max_length=80, description="`next` of the page before.")]
AsOf = Annotated[str | None, Query(max_length=40, description="As it was then: the number of a change, or a time.")]
FORMS = {"csv": "acled-csv", "parquet": "parquet", "geojson": "geojson"}
_TYPES: dict[str, Any] = {"str": str, "list": str, "int": int, "float": float, "date": date}
Event = create_model(  # type: ignore[call-overload]
    "Event",
    __doc__="An event with ACLED's columns; null or an empty text: not known.",
    **{each.name: (_TYPES[each.type] | None, None) for each in columns()},
)


class Events(BaseModel):
    """A page of events, newest first."""

    events: list[Event]  # type: ignore[valid-type]
    matched: int = Field(description="Events that fit, on all pages.")
    change: int = Field(description="The change of the database that the page shows; `since` of the change feed.")
    next: str | None = Field(description="`cursor` of the next page; null at the end.")


class Whole(BaseModel):
    """One event and what it rests on; claims and evidence are empty for those who see only what is public."""

    event: dict[str, Any] = Field(description="All that is known of it: ACLED's columns and more.")
    version: int | None
    claims: list[dict[str, Any]]
    evidence: list[dict[str, Any]] = Field(description="W3C Web Annotations.")
    decisions: list[dict[str, Any]]


class Step(BaseModel):
    """One version of an event, or its end. `changed`: column -> before and after."""

    version: int
    change: int
    at: str
    why: str
    cause: str | None
    changed: dict[str, dict[str, Any]]
    ended: bool
    merged_into: str | None


@router.get("/events", openapi_extra={"parameters": FILTERS}, response_model=Events)
def events(
    request: Request, person: Reader, limit: Limit = LIMIT, cursor: Cursor = None, as_of: AsOf = None
) -> Response:
    """Events, newest first; pages keep their place while events come in."""
    view, asked = seen(request, person), Asked.of(request.query_params)
    change = view.index.changed
    if as_of is not None:
        change = min(number_of(see_all(view).store, as_of), change)
        if asked.reviewed is not None and change < view.index.changed:
            raise HTTPException(400, "reviewed: what was decided is known of today only; leave as_of out.")
    index = index_at(view, change)
    page = part(index, index.where(asked), limit, cursor)
    rows = rows_at(view, index.ids[page.rows].tolist(), change)
    return answer({"events": rows, "matched": page.matched, "change": change, "next": page.cursor})


@router.get("/events.{form}", openapi_extra={"parameters": FILTERS}, response_class=StreamingResponse,
            responses={200: {"description": "The file.", "content": {
                "text/csv": {}, "application/vnd.apache.parquet": {}, "application/geo+json": {}}}})  # fmt: skip
def file(request: Request, person: Reader, form: Literal["csv", "parquet", "geojson"]) -> StreamingResponse:
    """All events of the filter as one file, streamed. Other forms are at /export/{form}."""
    return download(request, person, FORMS[form])


@router.get("/events/{event_id}", response_model=Whole)
def event(request: Request, person: Reader, event_id: str) -> Response:
    """One event with its claims, its evidence and what people decided about it."""
    view = seen(request, person)
    row = _event(view, event_id)
    found: dict[str, Any] = {"event": row, "version": None, "claims": [], "evidence": [], "decisions": []}
    if whole := view.dossier(event_id):
        found |= {"version": whole.history[-1].version, "claims": whole.claims, "decisions": whole.decisions,
                  "evidence": _annotations(view, row)}  # fmt: skip
    return answer(found)


@router.get("/events/{event_id}/evidence",
            responses={200: jsons("application/ld+json", {"type": "object"}, "An AnnotationPage.")})  # fmt: skip
def evidence(request: Request, person: Reader, event_id: str) -> Response:
    """The words that support each value, as W3C Web Annotations."""
    view = see_all(seen(request, person))
    found = _annotations(view, _event(view, event_id))
    page = {"@context": CONTEXT, "id": f"urn:tocsin:annotations:{event_id}", "type": "AnnotationPage", "items": found}
    return answer(page, "application/ld+json")


@router.get("/events/{event_id}/history", response_model=list[Step])
def history(request: Request, person: Reader, event_id: str) -> Response:
    """All versions of an event, the first first; also of one that is no more."""
    steps = [
        {"version": each.version, "change": each.since, "at": each.at, "why": each.why, "cause": each.cause,
         "changed": {name: {"before": old, "after": new} for name, (old, new) in each.changed.items()},
         "ended": each.gone, "merged_into": each.merged_into}
        for each in see_all(seen(request, person)).store.history(event_id)
    ]  # fmt: skip
    if not steps:
        raise HTTPException(404, f"There is no event {event_id[:40]!r}.")
    return answer(steps)


@router.get(
    "/events/{event_id}/provenance", responses={200: jsons("application/json", {"type": "object"}, "PROV-JSON.")}
)
def lineage(request: Request, person: Reader, event_id: str) -> Response:
    """How the event came about: reports, claims, changes and who made them, in W3C PROV-JSON."""
    found = provenance(see_all(seen(request, person)).store, event_id)
    if found is None:
        raise HTTPException(404, f"There is no event {event_id[:40]!r}.")
    return answer(found)


def seen(request: Request, person: Person) -> View:
    """The events as this person may see them."""
    view: View = request.app.state.site.view(person)
    return view


def see_all(view: View) -> View:
    """HTTPException 403 for those who see only what is public."""
    if not view.whole:
        raise HTTPException(403, "Reports, claims, decisions and history are not for your role.")
    return view


def _event(view: View, event_id: str) -> dict[str, Any]:
    row = view.event(event_id)
    if row is None:
        last = view.store.history(event_id)[-1:] if view.whole else []
        into = f"; it is part of {last[0].merged_into} now" if last and last[0].merged_into else ""
        raise HTTPException(404, f"There is no event {event_id[:40]!r}{into}.")
    return row


def _annotations(view: View, row: dict[str, Any]) -> list[dict[str, Any]]:
    (found,) = evidence_of(with_told(view.store, [row], text=True))
    return [annotation(row["event_id_cnty"], piece) for piece in found["evidence"]]


def answer(content: Any, kind: str = "application/json") -> Response:
    """JSON; half surrogates, which no text may have, become question marks."""
    return Response(packed(content), media_type=kind)
