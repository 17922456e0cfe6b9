"""Log in and out by the browser.

In:  a name and a password from the form.
Out: a session's cookie. Ten tries a minute from one address; all are in the audit log.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tocsin.serve.access import COOKIE, needs, who
from tocsin.serve.limits import Limit
from tocsin.serve.pages import page
from tocsin.serve.people import STAY, Person, by_password, log_in, log_out, note

router = APIRouter(include_in_schema=False)
TRIES = Limit(10, seconds=60)


@router.get("/login")
def ask(request: Request, then: str = "/") -> HTMLResponse:
    who(request)
    return page(request, "login", then=_here(then), wrong=False)


@router.post("/login")
def answer(
    request: Request, name: Annotated[str, Form()], password: Annotated[str, Form()], then: Annotated[str, Form()] = "/"
) -> Response:
    """A session, or the form again. The form needs no token: it gives nobody any right that the password does not."""
    store, address = request.app.state.site.store, address_of(request)
    person = checked(request, name, password)
    if person is None:
        request.state.person = None
        return page(request, "login", 403, then=_here(then), wrong=True)
    secret, _ = log_in(store, person)
    note(store, person.name, "logged in", address=address)
    found = RedirectResponse(_here(then), 303)
    secure = request.app.state.site.settings.secure or request.url.scheme == "https"
    found.set_cookie(COOKIE, secret, max_age=int(STAY.total_seconds()), httponly=True, samesite="lax", secure=secure)
    return found


@router.post("/logout")
def leave(request: Request, person: Annotated[Person, Depends(needs("reader"))]) -> Response:
    store = request.app.state.site.store
    log_out(store, request.cookies.get(COOKIE, ""))
    note(store, person.name, "logged out", address=address_of(request))
    found = RedirectResponse("/login", 303)
    found.delete_cookie(COOKIE)
    return found


def checked(request: Request, name: str, password: str) -> Person | None:
    """The person, if the password is right; HTTPException 429 after too many tries. Every way in comes by here."""
    store, address = request.app.state.site.store, address_of(request)
    if wait := TRIES.wait(address):
        raise HTTPException(429, f"Too many tries; wait {wait} s.", {"Retry-After": str(wait)})
    person = by_password(store, name, password)
    if person is None:
        note(store, name[:100], "was refused", "wrong name or password", address)
    return person


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def _here(then: str) -> str:
    """A page of ours: no address of another host can be brought in."""
    return then if then.startswith("/") and not then.startswith(("//", "/\\")) else "/"
