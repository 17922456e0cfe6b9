"""What the events rest on, for programs: reports, claims, decisions. For those alone who may see all.

In:  filters in the address, an id.
Out: JSON, a page at a time; `next` is the cursor of the next page.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import Select, func, select
from starlette.responses import Response

from tocsin.errors import UsageError
from tocsin.serve.api.events import LIMIT, Cursor, Limit, Reader, answer, see_all, seen
from tocsin.serve.api.openapi import ApiRoute, refusals
from tocsin.store import Store
from tocsin.store import schema as s
from tocsin.store.errors import told
from tocsin.store.lookup import ABOUT
from tocsin.store.lookup import about as reports_named

router = APIRouter(prefix="/api/v1", tags=["reports, claims, decisions"], route_class=ApiRoute,
                   responses=refusals(400, 401, 403, 404))  # fmt: skip
Row = dict[str, Any]
Part = Annotated[str | None, Query(max_length=200)]
Day = Annotated[str | None, Query(pattern=r"^\d{4}-\d\d-\d\d$")]
CLAIM = ("id", "key", "report_id", "dataset", "row_id", "made_by")
LARGEST = 2**63 - 1  # number of a claim
LAST = 2**31 - 1  # number of a decision


class Report(BaseModel):
    """Where a text came from. `copy_of`: the report that says the same and was there before."""

    id: str
    title: str | None
    published: str | None
    url: str | None
    lang: str | None
    source: str | None
    source_scale: str | None
    copy_of: str | None


class Text(Report):
    """A report with its text; offsets of evidence count its Unicode code points."""

    text: str
    claims: list[str] = Field(description="Keys of the claims read in it.")


class Reports(BaseModel):
    """A page of reports, in the order of their ids."""

    reports: list[Report]
    next: str | None


class Claims(BaseModel):
    """A page of claims, in the order in which they were stored."""

    claims: list[dict[str, Any]]
    next: str | None


class Claim(BaseModel):
    """What one report says, coded; with the words that support each value and the event that it is part of."""

    claim: dict[str, Any]
    event: str | None


class Decisions(BaseModel):
    """A page of decisions, the last first. `until`: the change that ended it."""

    decisions: list[dict[str, Any]]
    next: str | None


@router.get("/reports", response_model=Reports)
def reports(
    request: Request, person: Reader, source: Part = None, since: Day = None, until: Day = None,
    limit: Limit = LIMIT, cursor: Cursor = None,
) -> Response:  # fmt: skip
    """Reports without their texts; by part of the source's name and day of publication."""
    store, r = see_all(seen(request, person)).store, s.report.c
    query = select(*(r[name] for name in ABOUT if name != "signature")).order_by(r.id).limit(limit + 1)
    if source:
        query = query.where(func.lower(r.source).contains(source.lower(), autoescape=True))
    if since:
        query = query.where(r.published >= since)
    if until:
        query = query.where(r.published < f"{until}~")  # a time of that day is before it
    if cursor:
        query = query.where(r.id > cursor)
    rows = _rows(store, query)
    return answer({"reports": rows[:limit], "next": rows[limit - 1]["id"] if len(rows) > limit else None})


@router.get("/reports/{report_id}", response_model=Text)
def report(request: Request, person: Reader, report_id: str) -> Response:
    """One report with its text."""
    store = see_all(seen(request, person)).store
    found = reports_named(store, [report_id], text=True)
    if not found:
        raise HTTPException(404, f"There is no report {report_id[:40]!r}.")
    claims = store.claims_where(s.claim.c.report_id == report_id)
    row = {name: value for name, value in found[0].items() if name != "signature"}
    return answer({**row, "claims": [claim["key"] for claim in claims]})


@router.get("/claims", response_model=Claims)
def claims(
    request: Request, person: Reader, report: Part = None, event: Part = None, limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:  # fmt: skip
    """Claims that hold now; those of a report, of an event, or all."""
    store, c, m = see_all(seen(request, person)).store, s.claim.c, s.member.c
    query = select(c.id, c.key).where(c.until.is_(None), c.id > _number(cursor, 0)).order_by(c.id).limit(limit + 1)
    if report:
        query = query.where(c.report_id == report)
    if event:
        query = query.join(s.member, m.claim_id == c.id).where(m.event_id == event, m.until.is_(None))
    keys = _rows(store, query)
    found = store.claims(row["key"] for row in keys[:limit])
    return answer({"claims": found, "next": str(keys[limit - 1]["id"]) if len(keys) > limit else None})


@router.get("/claims/{key:path}", response_model=Claim)
def claim(request: Request, person: Reader, key: str) -> Response:
    """One claim, also one that no longer holds."""
    store = see_all(seen(request, person)).store
    found = store.claims([key])
    if not found:
        raise HTTPException(404, f"There is no claim {key[:60]!r}.")
    return answer({"claim": found[0], "event": store.events_of([key]).get(key)})


@router.get("/decisions", response_model=Decisions)
def decisions(
    request: Request, person: Reader, event: Part = None, ended: bool = False, limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:  # fmt: skip
    """What people decided; with `ended` also what they took back or decided anew."""
    store, d = see_all(seen(request, person)).store, s.decision.c
    query = select(s.decision).where(d.id < min(_number(cursor, LAST), LAST)).order_by(d.id.desc()).limit(limit + 1)
    if event:
        query = query.where((d.event_id == event) | d.claim.in_(store.members(event)))
    if not ended:
        query = query.where(d.until.is_(None))
    rows = _rows(store, query)
    return answer({"decisions": rows[:limit], "next": str(rows[limit - 1]["id"]) if len(rows) > limit else None})


def _number(cursor: str | None, usual: int) -> int:
    if cursor is None:
        return usual
    if not (cursor.isascii() and cursor.isdigit()) or int(cursor) > LARGEST:
        raise UsageError(f"cursor: found {cursor[:40]!r}, expected `next` of the page before.")
    return int(cursor)


def _rows(store: Store, query: Select[Any]) -> list[Row]:
    with told(store.name), store.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
