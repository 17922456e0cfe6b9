"""The admin's page of long work: add files of reports, look at the feeds, link all claims anew.

In:  files, or the name of the work.
Out: the page; how far each job is, for the page to show while it stays open.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import asdict
from datetime import date
from pathlib import Path, PurePath
from tempfile import mkdtemp
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tocsin.acquire import Options
from tocsin.serve.access.login import address_of
from tocsin.serve.access.people import Person, note
from tocsin.serve.access.rights import needs
from tocsin.serve.admin import works
from tocsin.serve.pages import page

router = APIRouter(prefix="/admin/jobs", include_in_schema=False)
Admin = Annotated[Person, Depends(needs("admin", seated=True))]
NAMES = {"add": "Add reports", "watch": "Look at the feeds", "link": "Link all claims anew"}
WORKS = {"watch": works.watch, "link": works.link}


@router.get("")
def jobs(request: Request, person: Admin) -> HTMLResponse:
    return _jobs(request)


def _jobs(request: Request, status: int = 200, wrong: str = "") -> HTMLResponse:
    return page(request, "admin_jobs", status, jobs=_told(request), wrong=wrong)


@router.get("/state")
def state(request: Request, person: Admin) -> list[dict[str, Any]]:
    """How far each job is."""
    return _told(request)


def _told(request: Request) -> list[dict[str, Any]]:
    return [{**asdict(job), "name": NAMES[job.kind], "open": job.is_open} for job in request.app.state.jobs.all()]


@router.post("/add")
async def add(request: Request, person: Admin) -> Response:
    """Files as the command `add` takes them, and archives (.zip) of such files."""
    async with request.form() as form:
        try:
            options = _options(form)
        except ValueError:
            return _jobs(request, 422, "published: expected a day such as 2024-03-12.")
        files = [each for each in form.getlist("files") if isinstance(each, UploadFile) and each.filename]
        if not files:
            return _jobs(request, 422, "Choose at least one file.")
        folder = await run_in_threadpool(_kept, files)
    about = ", ".join(_plain(each) for each in files)
    return await run_in_threadpool(_begin, request, person, "add", about, works.add(_store(request), folder, options))


@router.post("/start/{kind}")
def start(request: Request, person: Admin, kind: str) -> Response:
    if kind not in WORKS:
        raise HTTPException(404, f"There is no work called {kind[:40]}; there is {', '.join(WORKS)}.")
    if any(job.is_open and job.kind == kind for job in request.app.state.jobs.all()):
        return _jobs(request, 409, f"{NAMES[kind]}: this is under way already.")
    return _begin(request, person, kind, "", WORKS[kind](_store(request)))


@router.post("/stop/{number}")
def stop(request: Request, person: Admin, number: int) -> Response:
    job = request.app.state.jobs.stop(number)
    if job is None:
        raise HTTPException(404, f"There is no job {number}.")
    note(_store(request), person.name, "stopped a job", f"{number}: {NAMES[job.kind]}", address_of(request))
    return RedirectResponse("/admin/jobs", 303)


def _begin(request: Request, person: Person, kind: str, about: str, work: Any) -> Response:
    note(_store(request), person.name, "started a job", f"{NAMES[kind]} {about}".strip(), address_of(request))
    request.app.state.jobs.put(kind, about, person.name, work)
    return RedirectResponse("/admin/jobs", 303)


def _store(request: Request) -> Any:
    return request.app.state.site.store


def _options(form: FormData) -> Options:
    published, source = str(form.get("published") or ""), str(form.get("source") or "").strip()[:200]
    return Options(published=date.fromisoformat(published) if published else None, source=source or None)


def _kept(files: list[UploadFile]) -> Path:
    """The files in a folder of their own, in the order given."""
    folder = Path(mkdtemp(prefix="tocsin-add-"))
    for number, each in enumerate(files, 1):
        with (folder / f"{number:04} {_plain(each)}").open("wb") as out:
            shutil.copyfileobj(each.file, out, 1 << 20)
    return folder


def _plain(file: UploadFile) -> str:
    """The last part of the file's name, in signs that mean nothing to a file system."""
    name = PurePath((file.filename or "").replace("\\", "/")).name
    return re.sub(r"[^\w.() -]", "_", name)[-100:].lstrip(".") or "file"
