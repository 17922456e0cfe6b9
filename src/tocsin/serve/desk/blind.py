"""Two coders, each on their own, on the same events.

In:  a batch that an editor makes: events, people. What each person says, field by field.
Out: for the coder the reports, without the machine's values (unless the editor shows them) and without others' answers.

The sentence that the machine took for the event is marked: one report may tell several.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse, Response

from tocsin.errors import UsageError
from tocsin.serve.access.people import ROLES, Person, note, people
from tocsin.serve.access.rights import needs
from tocsin.serve.desk.event import reports
from tocsin.serve.desk.fields import BY_NAME, choices, columns_of, is_blank
from tocsin.serve.desk.tasks import all_batches, answer, answers, in_batch, put_batch, task
from tocsin.serve.pages import page
from tocsin.store import Store, schema

router = APIRouter(prefix="/desk", include_in_schema=False)
Coder = Annotated[Person, Depends(needs("coder", whole=True))]
Editor = Annotated[Person, Depends(needs("editor", whole=True))]
Name = Annotated[str, Query(min_length=1, max_length=100)]
ASKED = tuple(BY_NAME[name] for name in ("event_date", "sub_event_type", "actor1", "actor2", "country", "location",
                                         "fatalities"))  # fmt: skip
LARGEST = 500  # events of a batch
COMPANION = {"location": "latitude", "actor1": "inter1", "actor2": "inter2"}  # without it, the name alone is an answer


class Answered(BaseModel):
    """What a person says of an event: field -> column -> value."""

    task: int = Field(ge=1, le=2**31 - 1)
    answers: dict[str, dict[str, str | int | float | None]] = Field(max_length=20)


@router.get("/batches")
def batches(request: Request, person: Editor) -> Response:
    site = request.app.state.site
    return page(request, "desk_batches", batches=all_batches(site.store), coders=coders(site.store),
                largest=LARGEST)  # fmt: skip


def coders(store: Store) -> list[str]:
    least = ROLES.index("coder")
    return [each["name"] for each in people(store) if each["until"] is None and ROLES.index(each["role"]) >= least]


@router.post("/batches")
def make(
    request: Request, person: Editor, name: Annotated[str, Form(min_length=1, max_length=100)],
    coder: Annotated[list[str], Form()], count: Annotated[int, Form(ge=1, le=LARGEST)] = 20,
    which: Annotated[str, Form(max_length=20)] = "random", events: Annotated[str, Form(max_length=20_000)] = "",
    shown: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    """A new batch: each of the coders gets each of the events."""
    store: Store = request.app.state.site.store
    chosen = list(dict.fromkeys(coder))
    if len(chosen) < 2 or set(chosen) - set(coders(store)):
        raise HTTPException(422, "coder: choose two coders or more.")
    if in_batch(store, name.strip()) or not name.strip():
        raise HTTPException(422, f"name: there is a batch {name[:100]!r} already; choose another name.")
    ids = _chosen(request, person, name, which, events, count)
    with store.change("batch", person.name, f"batch {name.strip()}") as change:
        change.put(schema.setting, key=_key(name.strip()), value=json.dumps({"shown": shown}))
    put_batch(store, name.strip(), ids, chosen)
    note(store, person.name, "made a batch", f"{name.strip()}: {len(ids)} events, {', '.join(chosen)}")
    return RedirectResponse("/desk/batches", 303)


def _chosen(request: Request, person: Person, name: str, which: str, events: str, count: int) -> list[str]:
    """The events of a new batch: those that have a report."""
    store, index = request.app.state.site.store, request.app.state.site.view(person).index
    if which == "listed":
        wanted = list(dict.fromkeys(events.replace(",", " ").upper().split()))
        if unknown := [each for each in wanted if not store.event(each)]:
            raise HTTPException(422, f"events: found {unknown[0][:40]!r}, expected ids of events that are there.")
    else:
        wanted = index.ids.tolist()
        random.Random(name).shuffle(wanted)
        if which == "unsure":
            sure = dict(zip(index.ids.tolist(), index.confidence.tolist(), strict=True))
            wanted.sort(key=lambda each: sure[each])
    found = list(_with_report(store, wanted, LARGEST if which == "listed" else count))
    if not found:
        raise HTTPException(422, "events: none of them has a report; imported events cannot be coded again.")
    return found


def _with_report(store: Store, events: Iterable[str], most: int) -> Iterator[str]:
    count = 0
    for event in events:
        if count == most:
            return
        if any(claim["report_id"] for claim in store.claims(store.members(event))):
            count += 1
            yield event


@router.get("/blind")
def blind(
    request: Request, person: Coder, batch: Name, number: Annotated[int, Query(alias="task", ge=0)] = 0
) -> Response:
    """The next event of the batch, or the one asked for; of one's own tasks only."""
    site = request.app.state.site
    mine = in_batch(site.store, batch, person.name)
    if not mine:
        raise HTTPException(404, f"{person.name} has nothing to code in {batch[:100]!r}.")
    left = [row for row in mine if row["until"] is None]
    here = next((row for row in mine if row["id"] == number), left[0] if left else None)
    shown = is_shown(site.store, batch)
    about = coded(site.store, here["about"], shown) if here else None
    said = answers(site.store, batch).get((here["about"], person.name), {}) if here else {}
    return page(request, "desk_blind", batch=batch, tasks=mine, left=len(left), task=here, about=about, asked=ASKED,
                said=said, machine_shown=shown, given=choices())  # fmt: skip


def coded(store: Store, event: str, shown: bool) -> dict[str, Any]:
    """The reports of an event; the machine's values and the words behind them only if they are shown."""
    claims = store.claims(store.members(event))
    if not shown:
        claims = [{**claim, "evidence": _sentence(claim)} for claim in claims]
    row = store.event(event) or {}
    return {"reports": reports(store, claims), "values": row if shown else {}}


def _sentence(claim: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where the event is told, and nothing else."""
    return [{**each, "field": "event_type"} for each in claim.get("evidence") or () if each["field"] == "trigger"]


def is_shown(store: Store, batch: str) -> bool:
    """Whether the coders of this batch see the machine's values."""
    row = store.row(schema.setting, _key(batch))
    return bool(row and json.loads(row["value"]).get("shown"))


def _key(batch: str) -> str:
    return f"batch {batch}"


@router.post("/answers")
def put(request: Request, person: Coder, given: Answered) -> dict[str, Any]:
    """Keep what a person says; the next task of the batch, if there is one."""
    store: Store = request.app.state.site.store
    mine = task(store, given.task)
    if mine is None or mine["person"] != person.name or mine["batch"] is None:
        raise HTTPException(404, "This is no task of yours.")
    if missing := [field.name for field in ASKED if field.name not in given.answers]:
        raise HTTPException(422, f"answers: {missing[0]} is missing; a blank one is an answer, too.")
    try:
        said = {field.name: answer_of(field.name, given.answers[field.name]) for field in ASKED}
    except UsageError as error:
        raise HTTPException(422, str(error)) from None
    answer(store, given.task, said)
    left = [row["id"] for row in in_batch(store, mine["batch"], person.name) if row["until"] is None]
    return {"left": len(left), "next": left[0] if left else None}


def answer_of(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that an answer sets; {} if nothing is stated."""
    if is_blank(values.get(name)):
        return {}
    if name in COMPANION and is_blank(values.get(COMPANION[name])):
        return {name: str(values[name]).strip()[:300]}
    return columns_of(name, values)
