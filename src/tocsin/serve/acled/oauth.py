"""How ACLED's clients log in: a token for a password (OAuth), a session's cookie, or a key in the address.

In:  a name and a password, a refresh token, a cookie, a bearer token, or `key` and `email` in the address.
Out: tokens for 24 hours, and others for 14 days that get new ones; the Person who asks. Where nobody logs in, on this
     machine alone, any name will do.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Body, Form, HTTPException, Request
from starlette.responses import JSONResponse, Response

from tocsin.serve.access.limits import Limit
from tocsin.serve.access.login import address_of, checked, keep
from tocsin.serve.access.people import Person, by_token, end_secret, log_in, log_out, make_token, note
from tocsin.serve.access.rights import COOKIE, who
from tocsin.serve.acled.answer import REFUSALS, AcledRoute, refused

router = APIRouter(tags=["log in"], route_class=AcledRoute, responses=REFUSALS)
ACCESS, REFRESH = timedelta(hours=24), timedelta(days=14)
ASKED = Limit(1200, seconds=60)  # by one person
WRONG = "unrecognised username or password"


def caller(request: Request) -> Person:
    """The person who asks for data; HTTPException 401, 403, 429."""
    site = request.app.state.site
    person = who(request)
    if person is None and "authorization" not in request.headers:  # some clients send their token as key, too
        person = by_token(site.store, request.query_params.get("key", ""))
    if person is None:
        raise HTTPException(401, "invalid or expired token: log in first", {"WWW-Authenticate": "Bearer"})
    if "read" not in person.scopes:
        raise HTTPException(403, "access denied: this token may not read")
    if site.settings.login and (wait := ASKED.wait(person.name)):
        raise HTTPException(429, f"too many requests; wait {wait} s", {"Retry-After": str(wait)})
    return person


caller.role = "reader"  # type: ignore[attr-defined]  # as routes tell of themselves: access.role_of


@router.post("/oauth/token", response_class=JSONResponse)
def token(
    request: Request,
    grant_type: Annotated[str, Form()] = "password",
    username: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    refresh_token: Annotated[str, Form()] = "",
) -> Response:
    """A bearer token for a name and a password, or for a refresh token, which is then used up."""
    if grant_type not in ("password", "refresh_token"):
        wrong = f"grant_type: found {grant_type[:40]!r}, expected password or refresh_token"
        return refused(400, wrong, more={"error": "unsupported_grant_type", "error_description": wrong})
    if not request.app.state.site.settings.login:
        return _tokens(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    if grant_type == "password":
        person = checked(request, username, password)
    else:
        person = by_token(request.app.state.site.store, refresh_token, ("refresh",))
    if person is None:
        wrong = WRONG if grant_type == "password" else "invalid or expired refresh token"
        return refused(400, wrong, more={"error": "invalid_grant", "error_description": wrong, "message": wrong})
    return _given(request, person, refresh_token)


def _given(request: Request, person: Person, used: str) -> Response:
    store = request.app.state.site.store
    end_secret(store, used)
    if not used:
        note(store, person.name, "got a token", address=address_of(request))
    access = make_token(store, person.name, "oauth", stay=ACCESS, kind="access")
    refresh = make_token(store, person.name, "oauth", stay=REFRESH, kind="refresh")
    return _tokens(access.text, refresh.text)


def _tokens(access: str, refresh: str) -> Response:
    told = {"token_type": "Bearer", "expires_in": int(ACCESS.total_seconds()), "access_token": access,
            "refresh_token": refresh, "refresh_token_expires_in": int(REFRESH.total_seconds())}  # fmt: skip
    return JSONResponse(told, headers={"cache-control": "no-store"})


@router.post("/user/login", response_class=JSONResponse)
def cookie(request: Request, given: Annotated[dict[str, Any], Body()]) -> Response:
    """A session's cookie for `{"name": …, "pass": …}`."""
    site = request.app.state.site
    if not site.settings.login:
        return _session(request, who(request) or Person("", "reader"), secrets.token_urlsafe(32), site.csrf)
    person = checked(request, str(given.get("name", "")), str(given.get("pass", "")))
    if person is None:
        return refused(400, WRONG, more={"message": WRONG})
    log_out(site.store, request.cookies.get(COOKIE, ""))  # whatever session the browser had ends
    secret, csrf = log_in(site.store, person)
    note(site.store, person.name, "logged in", address=address_of(request))
    return _session(request, person, secret, csrf)


def _session(request: Request, person: Person, secret: str, csrf: str) -> Response:
    user: Mapping[str, Any] = {"uid": person.name, "name": person.name, "roles": [person.role]}
    answer = JSONResponse({"current_user": user, "csrf_token": csrf, "logout_token": csrf})
    keep(request, answer, secret)
    return answer


@router.post("/user/logout", status_code=204, response_class=Response)
def leave(request: Request, token: str = "") -> Response:
    """The session ends, for who knows its logout token."""
    person = who(request)
    if person is None or not person.csrf or not secrets.compare_digest(token.encode(), person.csrf.encode()):
        raise HTTPException(403, "access denied: this is not the session's logout token")
    log_out(request.app.state.site.store, request.cookies.get(COOKIE, ""))
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE)
    return answer
