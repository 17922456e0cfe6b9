"""What all pages share: the templates, the menu, how an error looks.

In:  a template's name and its values.
Out: a page; for programs that ask for JSON the same error as JSON.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from tocsin import __version__
from tocsin.codebook import taxonomy
from tocsin.errors import TocsinError
from tocsin.serve.access.people import Person
from tocsin.store import StoreError

MENU = (("Explore", "/"), ("Analyse", "/analyse"), ("Paste", "/paste"), ("Check", "/check"), ("Desk", "/desk"),
        ("Actors", "/actors"), ("Places", "/places"), ("Sources", "/sources"), ("Admin", "/admin"))  # fmt: skip

_environment = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True,
                           undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)  # fmt: skip
templates = Jinja2Templates(env=_environment)


def page(request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page made of `templates/NAME.html`."""
    site = request.app.state.site
    person = getattr(request.state, "person", None)
    shared = {
        "person": person,
        "csrf": person.csrf if person else "",
        "site_login": site.settings.login,
        "menu": menu(request, person),
        "here": request.url.path,
        "version": __version__,
        "database": Path(site.store.name).name,
        "types": taxonomy(),
    }
    return templates.TemplateResponse(request, f"{name}.html", {**shared, **values}, status_code=status)


def menu(request: Request, person: Person | None) -> list[tuple[str, str]]:
    """The pages that this person may open, as their routes say."""
    if person is None:
        return []
    asks, all_of_it = request.app.state.asks, request.app.state.site.shows_all(person)
    return [each for each in MENU if each[1] in asks and person.may(asks[each[1]][0]) and asks[each[1]][1] <= all_of_it]


async def problem(request: Request, error: Exception) -> Response:
    """An error as a page for people and as JSON for programs; never how it came about."""
    status = error.status_code if isinstance(error, HTTPException) else 400 if isinstance(error, TocsinError) else 500
    status = 503 if isinstance(error, StoreError) else status
    message = str(error.detail if isinstance(error, HTTPException) else error)
    message = f"There is no page {request.url.path[:80]}." if message == "Not Found" else message
    headers = getattr(error, "headers", None)
    if status == 401 and "text/html" in request.headers.get("accept", ""):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/login?{urlencode({'then': request.url.path + query})}", 303)
    if "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/"):
        found = page(request, "problem", status, code=status, message=message)
        found.headers.update(headers or {})
        return found
    return JSONResponse({"status": status, "message": message}, status, headers)
