"""Who asks, and whether they may: for every route.

In:  a request with a session's cookie, a token, or neither.
Out: a Person; Refused (401, 403) where the role does not do. A request that changes something must carry the token of
     its session (field `csrf` or header `x-csrf-token`), unless it comes with a token of its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from getpass import getuser
from typing import Any

from fastapi import HTTPException, Request

from tocsin.serve.access.people import Person, by_cookie, by_token

COOKIE = "tocsin"
SAFE = ("GET", "HEAD", "OPTIONS")


def needs(role: str, *, seated: bool = False, whole: bool = False) -> Callable[[Request], Any]:
    """A dependency: the person who asks, if the role is at least this one.

    `seated`: only at a browser, so that a program's token can neither make other tokens nor let anybody in.
    `whole`: nobody for whom the project's embargo holds; who sees part cannot decide about the rest.
    """

    async def check(request: Request) -> Person:
        person = who(request)
        if person is None:
            raise HTTPException(401, "Log in first.", {"WWW-Authenticate": "Bearer"})
        if not person.may(role):
            raise HTTPException(403, f"This needs the role {role}; {person.name} is {person.role}.")
        if whole and not request.app.state.site.shows_all(person):
            raise HTTPException(403, f"The role {person.role} sees here what may be published, and no more.")
        if seated and not person.csrf:
            raise HTTPException(403, "This is done in the browser; a program's token does not do.")
        if request.method not in SAFE:
            await _sent_by_us(request, person)
        elif "read" not in person.scopes:
            raise HTTPException(403, "This token may write only.")
        return person

    check.asks = role, whole  # type: ignore[attr-defined]
    return check


def asked_by(route: Any) -> Iterator[tuple[str, bool]]:
    """The role that a route asks for, and whether it must see all; nothing, if the route decides by itself."""
    for each in route.dependant.dependencies:
        if asks := getattr(each.call, "asks", None):
            yield asks


def who(request: Request) -> Person | None:
    """The person who asks; kept in `request.state.person` for the page."""
    site = request.app.state.site
    found = _named(request)
    if found is None and not site.settings.login:
        found = Person(_local_name(), "admin", csrf=site.csrf)
    request.state.person = found
    return found


def _named(request: Request) -> Person | None:
    store = request.app.state.site.store
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return by_token(store, secret.strip())
    cookie = request.cookies.get(COOKIE)
    return by_cookie(store, cookie) if cookie else None


async def _sent_by_us(request: Request, person: Person) -> None:
    if not person.csrf:  # a token of its own: no page of another site can send it
        if "write" not in person.scopes:
            raise HTTPException(403, "This token may read only.")
        return
    given = request.headers.get("x-csrf-token", "")
    if not given and "form" in request.headers.get("content-type", ""):
        given = str((await request.form()).get("csrf", ""))
    if not secrets.compare_digest(given.encode(), person.csrf.encode()):
        raise HTTPException(403, "The page is out of date: load it again, then repeat what you did.")


def _local_name() -> str:
    try:
        return getuser()
    except (OSError, KeyError):
        return "local"
