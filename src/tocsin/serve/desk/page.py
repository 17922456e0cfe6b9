"""The desk: what waits for a person, the most worth deciding first, each with the report that it rests on.

In:  the queue of the database; `?event=ID` brings an event that nobody doubts.
Out: the page, the queue as it is now, an item with its words, events to merge with; items given to coders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import select
from starlette.responses import Response

from tocsin.errors import UsageError
from tocsin.project import queue
from tocsin.project.doubt import EVENT
from tocsin.project.review import Item, item
from tocsin.serve.access.people import ROLES, Person, note, people
from tocsin.serve.access.rights import needs
from tocsin.serve.desk.fields import FIELD_OF, FIELDS, choices
from tocsin.serve.desk.subject import said_of, subject_of, versions
from tocsin.serve.desk.tasks import all_batches, give, given_to, holders
from tocsin.serve.desk.verdicts import progress, settled
from tocsin.serve.pages import page
from tocsin.store import Store
from tocsin.store import schema as s
from tocsin.store.filter import Filter

router = APIRouter(prefix="/desk", include_in_schema=False)
Coder = Annotated[Person, Depends(needs("coder", whole=True))]
Editor = Annotated[Person, Depends(needs("editor", whole=True))]
Short = Annotated[str, Query(max_length=200)]
SHOWN = 40  # items of the queue at once
MOST = 1000  # that one page asks for
NEAR_DAYS, NEAR_KM, CANDIDATES = 3, 50.0, 20  # events that may be the same
LABELS = {EVENT: "Did it happen", **{field.name: field.label for field in FIELDS}}
TOLD = ("event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "actor2", "location", "country",
        "fatalities", "notes")  # fmt: skip


class Given(BaseModel):
    """Items, or the `first` of the queue that nobody has yet, for a person; no person takes them back."""

    person: str = Field("", max_length=200)
    items: list[str] = Field(default_factory=list, max_length=1000)
    first: int = Field(0, ge=0, le=1000)
    country: str = Field("", max_length=100)


@router.get("")
def desk(request: Request, person: Coder, event: Short = "", item: Short = "", country: Short = "",
         mine: bool = False) -> Response:  # fmt: skip
    site = request.app.state.site
    lines = waiting(site.store, person, country, mine)
    about = event or item or (lines[0]["id"] if lines else "")
    coders = [each["name"] for each in people(site.store) if _codes(each)] if person.may("editor") else []
    batches = [batch for batch in all_batches(site.store) if any(_open(each, person) for each in batch["people"])]
    return page(
        request, "desk", lines=lines, shown=_shown(site.store, about), event=event, country=country, mine=mine,
        countries_waiting=countries_waiting(site.store), coders=coders, batches=batches, about=about,
        given=len(given_to(site.store, person.name)), **progress(site.store, person.name), **choices(),
    )  # fmt: skip


def _codes(each: Mapping[str, Any]) -> bool:
    return each["until"] is None and ROLES.index(each["role"]) >= ROLES.index("coder")


def _open(each: Mapping[str, Any], person: Person) -> bool:
    return bool(each["person"] == person.name and each["done"] < each["tasks"])


def _shown(store: Store, about: str) -> dict[str, Any]:
    """The subject, or why there is none."""
    if not about:
        return {"subject": None, "gone": ""}
    try:
        return {"subject": subject_of(store, about), "gone": ""}
    except UsageError:
        return {"subject": None, "gone": settled(store, about)}


@router.get("/queue")
def lines(request: Request, person: Coder, country: Short = "", mine: bool = False,
          count: Annotated[int, Query(ge=1, le=MOST)] = SHOWN) -> dict[str, Any]:  # fmt: skip
    """The queue as it is now, the first `count` of it."""
    site = request.app.state.site
    found = waiting(site.store, person, country, mine, count)
    given = len(given_to(site.store, person.name))
    return {"items": found, "given": given, "more": SHOWN, **progress(site.store, person.name)}


@router.get("/subject")
def subject(request: Request, person: Coder, about: Short) -> Response:
    """An item or an event as a part of the page."""
    site = request.app.state.site
    shown = _shown(site.store, about)
    coders = [each["name"] for each in people(site.store) if _codes(each)] if person.may("editor") else []
    return page(request, "desk_subject", 410 if shown["gone"] else 200, shown=shown, coders=coders, **choices())


def waiting(store: Store, person: Person, country: str, mine: bool, count: int = SHOWN) -> list[dict[str, Any]]:
    """Lines of the queue."""
    if mine:
        found = _still(store, given_to(store, person.name))[:count]
    else:
        found = queue(store, country=country or None, limit=count)
    given = holders(store, [each.id for each in found])
    return [_line(each, given.get(each.id, "")) for each in found]


def _still(store: Store, names: Iterable[str]) -> list[Item]:
    """The items that still wait, the most worth first."""
    found = []
    for name in names:
        try:
            found.append(item(store, name))
        except UsageError:  # decided meanwhile
            continue
    return sorted(found, key=lambda each: -each.worth)


def _line(each: Item, holder: str) -> dict[str, Any]:
    row = each.row
    return {
        "id": each.id,
        "label": LABELS[FIELD_OF[each.field]],
        "said": said_of(each),
        "event": each.event,
        "event_type": row.get("event_type"),
        "sub_event_type": row.get("sub_event_type"),
        "place": row.get("location") or row.get("admin1") or row.get("country"),
        "country": row.get("country"),
        "day": row.get("event_date"),
        "sure": round(100 * each.confidence),
        "holder": holder,
    }


def countries_waiting(store: Store) -> list[str]:
    query = select(s.claim.c.country).distinct().join(s.doubt, s.doubt.c.claim == s.claim.c.key)
    with store.engine.connect() as connection:
        return sorted(name for name in connection.scalars(query) if name)


@router.get("/near")
def near(request: Request, person: Coder, about: Short, part: Short = "") -> list[dict[str, Any]]:
    """Events that may be the same: named by id, having these words, or else close in space and time."""
    site = request.app.state.site
    found = subject_of(site.store, about)
    if part.strip():
        named = site.store.event(part.strip().upper())
        wanted = Filter(text=part.strip())
        others = [named] if named else islice(site.store.events(wanted), CANDIDATES + 1)
    else:
        others = islice(site.store.events(_around(found.row)), CANDIDATES + 1)
    rows = [row for row in others if row["event_id_cnty"] != found.event][:CANDIDATES]
    version = versions(site.store, [row["event_id_cnty"] for row in rows])
    return [{**{name: row.get(name) for name in TOLD}, "version": version.get(row["event_id_cnty"])} for row in rows]


def _around(row: Mapping[str, Any]) -> Filter:
    """Events of the same country, within some days and kilometres, as far as both are known."""
    day = date.fromisoformat(row["event_date"]) if row.get("event_date") else None
    point = (row["latitude"], row["longitude"], NEAR_KM) if row.get("latitude") is not None else None
    reach = timedelta(days=NEAR_DAYS)
    return Filter(country=row.get("country"), near=point, since=(day - reach).isoformat() if day else None,
                  until=(day + reach).isoformat() if day else None)  # fmt: skip


@router.post("/tasks")
def hand_out(request: Request, person: Editor, given: Given) -> dict[str, Any]:
    """Give items of the queue to a coder."""
    store: Store = request.app.state.site.store
    if given.person and given.person not in [each["name"] for each in people(store) if _codes(each)]:
        raise HTTPException(422, f"person: found {given.person[:40]!r}, expected a coder of this project.")
    chosen = given.items or _first_free(store, given.first, given.country)
    give(store, given.person or None, chosen)
    note(store, person.name, "gave" if given.person else "took back", f"{len(chosen)} items: {given.person}")
    return {"items": len(chosen)}


def _first_free(store: Store, count: int, country: str) -> list[str]:
    """The first of the queue that nobody has been given."""
    found = [each.id for each in queue(store, country=country or None, limit=max(1, 2 * count + 100))]
    taken = holders(store, found)
    return [name for name in found if name not in taken][:count]
