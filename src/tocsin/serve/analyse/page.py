"""Questions about events, asked in the browser: the sentence, the figure, the table, the notes.

In:  a question, its options and the filter (events/asked.py) in the address.
Out: the page, the figure (SVG, PNG), the table (CSV) and the whole answer (JSON), each at an address of its own.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, Response

from tocsin.errors import TocsinError, UsageError
from tocsin.serve.access.people import Person
from tocsin.serve.access.rights import needs
from tocsin.serve.events.asked import Asked
from tocsin.serve.events.index import Index
from tocsin.serve.explore.vector import Kept, mask_of
from tocsin.serve.pages import page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs("reader"))]
ANSWERS, FIGURES = Kept(50), Kept(50)
BUSY = Lock()  # one answer is worked out at a time: they take memory and all of a core
ROWS = 100  # of a table that is shown
WORK = 2_000_000  # events drawn in all
PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


@router.get("/analyse")
def analyse(request: Request, person: Reader) -> HTMLResponse:
    """The form, and the answer if a question is asked."""
    from tocsin.serve.analyse.form import fields, questions

    view, given = request.app.state.site.view(person), _given(request)
    known = questions()
    wanted = given.get("question") or given.get("choose")
    chosen = next((each for each in known if each.name == wanted), known[0])
    answer, problem = None, ""
    try:
        asked = Asked.of(request.query_params)
        answer = _answer(request, view.index) if "question" in given else None
    except TocsinError as error:
        asked, problem = Asked(), str(error)
    countries = sorted(name for name in view.index.names["country"].values if name)
    shown = {} if answer is None else _tables(answer)
    return page(request, "analyse", 422 if problem else 200, questions=known, chosen=chosen, asked=asked,
                fields=fields(chosen, given), answer=answer, problem=problem, countries=countries, tables=shown,
                rows=ROWS, query=str(request.url.query))  # fmt: skip


@router.get("/analyse/figure.{form}")
def figure(request: Request, person: Reader, form: str) -> Response:
    """The figure of the answer."""
    from tocsin.analyse.figure import picture

    if form not in PICTURES:
        raise UsageError(f"A figure is {' or '.join(PICTURES)}, not {form[:20]}.")
    index = request.app.state.site.view(person).index
    answer = _answer(request, index)
    key = (index.number, str(request.url.query), form)
    found: Any = FIGURES.get(key)
    if found is None:
        with BUSY:
            found = FIGURES.put(key, picture(answer, form))
    return Response(found, media_type=PICTURES[form], headers={"cache-control": "private, no-cache"})


@router.get("/analyse/answer.{form}")
def answer_file(request: Request, person: Reader, form: str) -> Response:
    """The table as CSV, or all of the answer as JSON."""
    from tocsin.analyse.written import as_csv, as_json

    answer = _answer(request, request.app.state.site.view(person).index)
    if form == "json":
        return Response(as_json(answer), media_type="application/json")
    if form != "csv":
        raise UsageError(f"An answer is csv or json, not {form[:20]}.")
    headers = {"content-disposition": f'attachment; filename="{answer.question}.csv"'}
    return Response(as_csv(answer.table), media_type="text/csv; charset=utf-8", headers=headers)


def _given(request: Request) -> dict[str, str]:
    """The parameters of the address; of several the last. An empty field is none."""
    return {name: value for name, value in request.query_params.items() if value.strip()}


def _answer(request: Request, index: Index) -> Any:
    """The answer to what the address asks; kept until the events change."""
    from tocsin.analyse.doubles import with_doubt
    from tocsin.analyse.draws import Draws
    from tocsin.analyse.question import question
    from tocsin.serve.analyse.columns import events_of
    from tocsin.serve.analyse.form import NOT_HERE, options

    given, asked = _given(request), Asked.of(request.query_params)
    key = (index.number, str(request.url.query))
    if (known := ANSWERS.get(key)) is not None:
        return known
    name = given.get("question", "")
    if name == NOT_HERE:
        raise UsageError("Two data sets are compared on the command line: tocsin analyse compare --help")
    what = question(name)
    own = options(what, given)
    with BUSY:
        site = request.app.state.site
        events, note = events_of(index, mask_of(index, asked), asked, Path(site.store.name).name), ""
        if site.view(request.state.person).whole:  # who may not see reports is not told which are alike
            events, note = with_doubt(events, site.store)
        found = what.ask(events, Draws().within(WORK, len(events), least=10), **own)
        return ANSWERS.put(key, replace(found, notes=(*found.notes, note)) if note else found)


def _tables(answer: Any) -> dict[str, tuple[list[str], list[list[str]], int]]:
    """Headings, rows as they are read, and how many there are, of each table."""
    from tocsin.analyse.written import cells

    found = {}
    for name, table in {"": answer.table, **answer.tables}.items():
        shown = table.tail(ROWS).reverse() if answer.newest_last else table.head(ROWS)
        found[name] = (*cells(shown), table.height)
    return found
