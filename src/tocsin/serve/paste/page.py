"""The page on which a report is pasted: its text with the words marked, the coded events beside it, what is no event.

In:  a text, a file or an address, and what the person says about it.
Out: the page; nothing is kept until a coder adds the report. Addresses are fetched for coders only, and by the rules
     of the command line: no private network, no file, not too large, not too slow.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tocsin.acquire import Options
from tocsin.acquire.language import served
from tocsin.acquire.web import Page, fetch
from tocsin.errors import SourceError, StopError
from tocsin.link.copies import COPY, likeness, signature
from tocsin.link.copies import Signature as Signed
from tocsin.project.registering import groups_of
from tocsin.serve.access.people import Person, note
from tocsin.serve.access.rights import needs
from tocsin.serve.events.view import View
from tocsin.serve.pages import page
from tocsin.serve.paste import read as paste_read
from tocsin.serve.paste.coder import CODER, TooBusy, TooLong
from tocsin.serve.paste.read import LANGUAGES, LARGEST, LONGEST, Given, day_of
from tocsin.serve.paste.shown import shown, unpacked
from tocsin.store import Store, report_id, schema
from tocsin.store.lookup import about, like

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs("reader"))]
Coder = Annotated[Person, Depends(needs("coder", whole=True))]
Text = Annotated[str, Form()]
KEY = re.compile("[0-9a-f]{32}")
PATIENCE_S = 15.0  # for a page of the web
INSTEAD = {  # what only the command line has
    "; allow it with --allow-private": "; this server fetches from the open internet only",
    "split it, or raise the limit (--max-bytes)": "split it",
    "say so with --lang": "choose it above",
}
EVENT = ("event_id_cnty", "event_date", "event_type", "sub_event_type", "location", "country")


@router.get("/paste")
def ask(request: Request, person: Reader) -> HTMLResponse:
    return _page(request, person)


@router.get("/paste/ready")
def is_ready(person: Reader) -> dict[str, bool]:
    """Whether the language data is loaded; if not, that begins."""
    CODER.wake(paste_read.ready)
    return {"ready": CODER.is_ready}


@router.post("/paste")
def answer(
    request: Request,
    person: Reader,
    text: Text = "",
    url: Text = "",
    title: Text = "",
    source: Text = "",
    published: Text = "",
    lang: Text = "",
    file: UploadFile | None = None,
) -> HTMLResponse:
    """The reports as coded, or what is wrong. Nothing is kept."""
    said = {"text": text, "url": url, "title": title, "source": source, "published": published, "lang": lang}
    try:
        given = _given(said, file, person)
        outcome = CODER(paste_read.coded, given, groups_of(request.app.state.site.store))
    except SourceError as error:
        return _page(request, person, 422, said=said, problems=[_plain(str(error))])
    except StopError as error:
        status = 503 if isinstance(error, TooBusy | TooLong) else 422
        return _page(request, person, status, said=said, problems=[str(error)])
    found = [shown(pasted, at) for at, pasted in enumerate(outcome.pasted, 1)]
    view = request.app.state.site.view(person)
    for each in found:
        each["known"] = known(view, each["report"].text) if view.whole else None
    problems = [_plain(each) for each in outcome.problems]
    return _page(request, person, 200 if found else 422, said=said, problems=problems, reports=found)


@router.post("/paste/add")
def add(request: Request, person: Coder, report: Text) -> Response:
    """Keep the report with its events, as `tocsin add` does."""
    found = unpacked(report)
    if found is None or len(found.text) > LONGEST:
        raise HTTPException(422, "The report did not arrive whole: paste it again.")
    store = request.app.state.site.store
    key = report_id(found.text)
    was_known = bool(about(store, [key]))
    problems = [] if was_known else CODER(paste_read.added, _address(store), found)
    if not about(store, [key]):
        raise HTTPException(422, " ".join(problems) or "The report could not be added.")
    if not was_known:
        note(store, person.name, "added a report", key)
    return RedirectResponse(f"/paste/report/{key}{'?was=known' if was_known else ''}", 303)


@router.get("/paste/report/{key}")
def report_page(request: Request, person: Reader, key: str, was: str = "") -> HTMLResponse:
    """What became of a report: its events, and whether it is a copy."""
    view = request.app.state.site.view(person)
    rows = about(view.store, [key]) if view.whole and KEY.fullmatch(key) else []
    if not rows:
        raise HTTPException(404, "There is no such report.")
    of = rows[0]["copy_of"] if rows[0]["copy_of"] != key else None
    original = next(iter(about(view.store, [of])), None) if of else None
    return page(request, "paste_added", report=rows[0], events=events_of(view, key), original=original,
                was_known=was == "known", is_coder=person.may("coder"))  # fmt: skip


def known(view: View, text: str) -> dict[str, Any]:
    """What the database has of this text: the same report with its events, or one that it is a copy of."""
    key = report_id(text)
    if about(view.store, [key]):
        return {"same": key, "events": events_of(view, key), "copies": []}
    signed = signature(text)
    alike = like(view.store, signed.bands()) if signed else []
    copies = [row for row in alike if signed and likeness(signed, Signed.from_text(row["signature"])) >= COPY]
    return {"same": None, "events": [], "copies": copies[:5]}


def events_of(view: View, key: str) -> list[dict[str, Any]]:
    """The events that the claims of a report are in."""
    claims = [claim["key"] for claim in view.store.claims_where(schema.claim.c.report_id == key)]
    return view.named(sorted(set(view.store.events_of(claims).values())), EVENT)


def fetched(url: str) -> Page:
    """The page at an address, by the rules of the command line; the person at the page cannot lift them."""
    found = fetch(url.strip(), Options(max_bytes=LARGEST, timeout_s=PATIENCE_S))
    return replace(found, etag=None, last_modified=None)


def _given(said: dict[str, str], file: UploadFile | None, person: Person) -> Given:
    """What is to be read. SourceError says what is wrong with it."""
    told: dict[str, Any] = {name: said[name].strip()[:500] or None for name in ("title", "source", "lang")}
    told["published"] = day_of(said["published"])
    data = file.file.read(LARGEST + 1) if file and file.filename else b""
    ways = [bool(said["text"].strip()), bool(said["url"].strip()), bool(file and file.filename)]
    if not any(ways):
        raise SourceError("There is nothing to read yet: paste a text, choose a file or give an address.")
    if sum(ways) > 1:
        raise SourceError("Give one of the three: a text, a file or an address.")
    if ways[0]:
        return Given(said["text"].encode("utf-8", "replace"), **told)
    if ways[2]:
        if len(data) > LARGEST:
            raise SourceError(f"A file may have {LARGEST:,} bytes here; `tocsin add` takes larger ones.")
        return Given(data, str(file.filename) if file else "", **told)
    if not person.may("coder"):
        raise HTTPException(403, f"To fetch an address needs the role coder; {person.name} is {person.role}. "
                                 "Paste the text instead.")  # fmt: skip
    return Given(page=fetched(said["url"]), **told)


def _plain(message: str) -> str:
    """The message without what only the command line has."""
    for said, instead in INSTEAD.items():
        message = message.replace(said, instead)
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "?", ")")) else ".")


def _address(store: Store) -> str:
    """Where another process finds the same database."""
    url = store.engine.url
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=False)


def _page(request: Request, person: Person, status: int = 200, **given: Any) -> HTMLResponse:
    nothing = dict.fromkeys(("text", "url", "title", "source", "published", "lang"), "")
    languages = {code: LANGUAGES.get(code, code) for code in served()}
    shared = {"said": nothing, "problems": [], "reports": [], "languages": languages, "longest": LONGEST,
              "is_coder": person.may("coder")}  # fmt: skip
    return page(request, "paste", status, **{**shared, **given})
