"""Who reports: what came from where, who copies, what only one tells, who fell silent, what new sources do to counts.

In:  what is looked for in the address; what an editor says of a source.
Out: the list, and a page for each source. Events are counted as the role may see them; reports are for those who may
     see reports.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, Form, HTTPException, Request
from sqlalchemy import func, select
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tocsin import sources
from tocsin.countries import countries
from tocsin.errors import UsageError
from tocsin.serve.access.people import Person, note
from tocsin.serve.access.rights import needs
from tocsin.serve.events.index import NO_DAY, Index, Mask, day_number, day_of
from tocsin.serve.events.view import View
from tocsin.serve.pages import page
from tocsin.serve.sources.tellers import (
    OF_WEEKS,
    SILENT_WEEKS,
    STEADY,
    Tellers,
    key_of,
    months,
    newest,
    only_through,
    tellers,
)
from tocsin.store import Store, schema

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs("reader"))]
Editor = Annotated[Person, Depends(needs("editor", whole=True))]
Text = Annotated[str, Form(max_length=200)]
AT_ONCE, REPORTS = 100, 50
SORTS = ("name", "reports", "copies", "events", "only", "first", "last", "scale", "country", "party")
DOWN = ("reports", "copies", "events", "only", "last")  # the largest first
EVENT = ("event_id_cnty", "event_date", "event_type", "sub_event_type", "location", "country", "source")
RULE = {"steady": STEADY, "of": OF_WEEKS, "silent": SILENT_WEEKS}


@dataclass(frozen=True, slots=True)
class Line:
    """A source in the list. Without a report, or for those who may not see reports, `reports` is None."""

    name: str
    key: str
    events: int = 0
    only: int = 0
    first: str | None = None
    last: str | None = None
    reports: int | None = None
    copies: int | None = None
    scale: str | None = None
    country: str | None = None
    lang: str | None = None
    party: str | None = None
    is_registered: bool = False  # some report has it; others are named by data that were imported


@router.get("/sources")
def listing(
    request: Request, person: Reader, text: str = "", sort: str = "events", offset: int = 0,
    since: str = "", until: str = "", country: str = "",
) -> HTMLResponse:  # fmt: skip
    """All sources, who fell silent, and what the new ones of a period do to the counts."""
    view = request.app.state.site.view(person)
    found = tellers(view.index)
    rows = _sorted([line for line in lines(view, found) if text.casefold() in line.name.casefold()], sort)
    start = max(0, offset) if offset < len(rows) else 0
    return page(request, "sources", rows=rows[start : start + AT_ONCE], count=len(rows), offset=start, at_once=AT_ONCE,
                text=text, sort=sort if sort in SORTS else "events", silences=_keyed(found.silent), rule=RULE,
                effect=effect(found, since, until, country), whole=view.whole, known=len(found.names))  # fmt: skip


@router.get("/sources/{key}")
def source(request: Request, person: Reader, key: str, offset: int = 0) -> HTMLResponse:
    """One source: what it told, when, and what people say of it."""
    return _shown(request, person, key, offset=offset)


@router.post("/sources/{key}")
def describe(
    request: Request, person: Editor, key: str, country: Text = "", scale: Text = "", lang: Text = "", party: Text = "",
    why: Annotated[str, Form(max_length=1000)] = "",
) -> Response:  # fmt: skip
    """Write down what an editor says of a source; who, when and why is kept."""
    line = _line(request.app.state.site.view(person), key)
    said = {"country": country, "scale": scale, "lang": lang, "party": party}
    store = request.app.state.site.store
    try:
        changed = sources.describe(store, line.name, said, who=person.name, why=why.strip())
    except UsageError as error:
        return _shown(request, person, key, status=422, problem=str(error).removeprefix("--"), said=said)
    if changed:
        note(store, person.name, "described a source", f"{line.name}: {', '.join(changed)}")
    return RedirectResponse(f"/sources/{key}", 303)


def lines(view: View, found: Tellers) -> list[Line]:
    """Every source that an event or a report names."""
    events, only, (first, last) = found.events(), found.only(), found.ends()
    out = {name: Line(name, key_of(name), int(events[at]), int(only[at]), _day(first[at]), _day(last[at]))
           for at, name in enumerate(found.names)}  # fmt: skip
    for said in sources.sources(view.store) if view.whole else []:
        out[said.name] = replace(
            out.get(said.name) or Line(said.name, key_of(said.name)), reports=said.reports,
            copies=said.reports - said.original, scale=said.scale, country=said.country, lang=said.lang,
            party=said.party, is_registered=True,
        )  # fmt: skip
    return [out[name] for name in sorted(out)]


def effect(found: Tellers, since: str, until: str, country: str) -> dict[str, Any]:
    """Events by month, apart those that would be missing without the sources that began in the period."""
    index = found.index
    last = newest(index) or date.today().isoformat()
    until = until or last
    since = since or str(np.datetime64(last) - np.timedelta64(730, "D"))
    first_day, last_day = _number("since", since), _number("until", until)
    begins, _ = found.ends()
    new = (begins >= first_day) & (begins <= last_day) & (begins != NO_DAY)
    mask = _within(index, first_day, last_day)
    if country:
        mask &= index.names["country"].among([country])
    missing = only_through(found, new)
    return {"since": since, "until": until, "country": country, "months": months(index, mask, missing),
            "new": int(new.sum()), "events": int(mask.sum()), "missing": int((mask & missing).sum()),
            "countries": [name for name, _ in index.names["country"].counts(np.ones(len(index), bool))]}  # fmt: skip


def _within(index: Index, first: int, last: int) -> Mask:
    found: Mask = (index.days >= first) & (index.days <= last) & (index.days != NO_DAY)
    return found


def _shown(
    request: Request, person: Person, key: str, status: int = 200, offset: int = 0, **given: Any
) -> HTMLResponse:
    view = request.app.state.site.view(person)
    line = _line(view, key)
    found = tellers(view.index)
    rows = found.of(line.name)
    alone, mask = np.zeros(len(view.index), bool), np.zeros(len(view.index), bool)
    mask[rows] = True
    alone[found.rows[found.alone]] = True
    shown: dict[str, Any] = {
        "line": line, "months": months(view.index, mask, alone), "rule": RULE, "whole": view.whole,
        "events": view.named(view.index.ids[rows[:AT_ONCE // 4]].tolist(), EVENT),
        "silences": [each for each in found.silent if each.name == line.name],
        "is_editor": person.may("editor") and line.is_registered, "scales": sources.SCALES,
        "countries": sorted(each.name for each in countries()), "problem": "", "reports": [], "offset": offset,
        "at_once": REPORTS, "history": [], "from_whom": [], "by_whom": [],
        "said": {name: getattr(line, name) or "" for name in sources.FIELDS},
    }  # fmt: skip
    if view.whole:
        shown["reports"] = reports_of(view.store, line.name, max(0, offset))
        shown["history"] = list(reversed(sources.sayings(view.store, line.name)))
        shown["from_whom"] = copied(view.store, line.name, of=False)
        shown["by_whom"] = copied(view.store, line.name, of=True)
    return page(request, "sources_one", status, **{**shown, **given})


def reports_of(store: Store, name: str, offset: int) -> list[dict[str, Any]]:
    """Reports of a source, the newest first, with the source of the one that each copies."""
    r, o = schema.report, schema.report.alias()
    query = select(r.c.id, r.c.title, r.c.published, r.c.copy_of, o.c.source.label("original"))
    query = query.outerjoin(o, r.c.copy_of == o.c.id).where(r.c.source == name)
    query = query.order_by(r.c.published.desc(), r.c.id).limit(REPORTS).offset(offset)
    with store.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def copied(store: Store, name: str, *, of: bool) -> list[tuple[str, int]]:
    """Whose reports this source copies, or who copies its own (`of`), and how many; the most first."""
    copy, original = schema.report, schema.report.alias()
    mine, other = (original, copy) if of else (copy, original)
    query = select(other.c.source, func.count()).select_from(copy.join(original, copy.c.copy_of == original.c.id))
    query = query.where(mine.c.source == name, other.c.source.is_not(None)).group_by(other.c.source)
    with store.engine.connect() as connection:
        return [(row[0], row[1]) for row in connection.execute(query.order_by(func.count().desc()).limit(8))]


def _line(view: View, key: str) -> Line:
    found = next((line for line in lines(view, tellers(view.index)) if line.key == key), None)
    if found is None:
        raise HTTPException(404, "There is no such source.")
    return found


def _sorted(rows: list[Line], sort: str) -> list[Line]:
    """By one column; what is not known comes last."""
    name = sort if sort in SORTS else "events"
    known = [row for row in rows if getattr(row, name) is not None]
    return sorted(known, key=lambda row: getattr(row, name), reverse=name in DOWN) + [
        row for row in rows if getattr(row, name) is None
    ]


def _keyed(found: list[Any]) -> list[tuple[str, Any]]:
    return [(key_of(each.name), each) for each in found]


def _day(number: int) -> str | None:
    return None if number == NO_DAY else day_of(int(number))


def _number(name: str, day: str) -> int:
    try:
        return day_number(day)
    except ValueError:
        raise UsageError(f"{name}: found {day[:40]!r}, expected a day such as 2024-03-12.") from None
