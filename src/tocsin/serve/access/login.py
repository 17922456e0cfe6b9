"""Log in and out by the browser.

In:  a name and a password from the form.
Out: a session's cookie. Ten wrong tries a minute from one address, thirty for one name; all are in the audit log.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tocsin.serve.access.limits import Limit
from tocsin.serve.access.people import STAY, Person, by_password, log_in, log_out, note
from tocsin.serve.access.rights import COOKIE, needs, who
from tocsin.serve.pages import page

router = APIRouter(include_in_schema=False)
TRIES, NAMES = Limit(10, seconds=60), Limit(30, seconds=60)


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
    found = RedirectResponse(_here(then), 303)
    begin(request, found, person)
    note(store, person.name, "logged in", address=address)
    return found


def begin(request: Request, answer: Response, person: Person) -> str:
    """A new session; whatever session the browser had ends. What its forms send along."""
    site = request.app.state.site
    log_out(site.store, request.cookies.get(COOKIE, ""))
    secret, csrf = log_in(site.store, person)
    keep(request, answer, secret)
    return csrf


def keep(request: Request, answer: Response, secret: str) -> None:
    """Give the browser the cookie of a session."""
    secure = request.app.state.site.settings.secure or request.url.scheme == "https"
    answer.set_cookie(COOKIE, secret, max_age=int(STAY.total_seconds()), httponly=True, samesite="lax", secure=secure)


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
    store, address, name = request.app.state.site.store, address_of(request), name.replace("\0", "")
    if wait := TRIES.wait(address) or NAMES.wait(name):
        raise HTTPException(429, f"Too many tries; wait {wait} s.", {"Retry-After": str(wait)})
    person = by_password(store, name, password)
    if person is None:
        note(store, name[:100], "was refused", "wrong name or password", address)
    else:  # who knows the password costs nobody else a try
        TRIES.forgive(address)
        NAMES.forgive(name)
    return person


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def _here(then: str) -> str:
    """A page of ours: no address of another host can be brought in."""
    plain = then.startswith("/") and not then.startswith(("//", "/\\")) and then.isprintable()
    return then if plain else "/"
