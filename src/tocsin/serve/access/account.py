"""What everybody does for themselves: a new password, tokens for programs.

In:  forms of the page; the old password for a new one.
Out: the page. A token is shown once, right after it was made.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tocsin.errors import UsageError
from tocsin.serve.access.login import address_of, begin, checked
from tocsin.serve.access.people import SCOPES, Person, end_token, make_token, note, put_person, tokens
from tocsin.serve.access.rights import needs
from tocsin.serve.pages import page

router = APIRouter(prefix="/account", include_in_schema=False)
Reader = Annotated[Person, Depends(needs("reader", seated=True))]
Text = Annotated[str, Form()]
DAYS = {"30": "30 days", "90": "90 days", "365": "a year"}
MOST = 50  # tokens of one person


@router.get("")
def account(request: Request, person: Reader) -> HTMLResponse:
    return _account(request, person, changed=request.query_params.get("changed") == "password")


def _account(request: Request, person: Person, status: int = 200, **told: Any) -> HTMLResponse:
    values = {"wrong": "", "fresh": None, "changed": False, **told}
    mine = tokens(request.app.state.site.store, person.name)
    return page(request, "account", status, tokens=mine, days=DAYS, most=MOST, **values)


@router.post("/password")
def new_password(request: Request, person: Reader, old: Text, password: Text, again: Text) -> Response:
    """Every other session of the person ends; this one goes on under a new cookie."""
    store = request.app.state.site.store
    if password != again:
        return _account(request, person, 422, wrong="The new password was typed in two ways.")
    if checked(request, person.name, old) is None:
        return _account(request, person, 403, wrong="The old password is wrong.")
    try:
        put_person(store, person.name, person.role, password)
    except UsageError as error:
        return _account(request, person, 422, wrong=str(error))
    note(store, person.name, "changed the own password", address=address_of(request))
    answer = RedirectResponse("/account?changed=password", 303)
    begin(request, answer, person)
    return answer


@router.post("/tokens")
def new_token(
    request: Request, person: Reader, name: Text, scope: Text = "read", days: Annotated[str, Form()] = "90"
) -> Response:
    """A token that may no more than its person. The answer alone tells it."""
    store, scopes = request.app.state.site.store, tuple(scope.split())
    wrong = _wrong(name, scopes, days)
    if not request.app.state.site.settings.login:
        wrong = "Nobody logs in on this server; programs need no token."
    elif len(tokens(store, person.name)) >= MOST:
        wrong = f"There are {MOST} tokens already; end one first."
    if wrong:
        return _account(request, person, 422, wrong=wrong)
    fresh = make_token(store, person.name, name.strip(), scopes=scopes, stay=timedelta(days=int(days)))
    note(store, person.name, "made a token", f"{name.strip()}: {scope}, {DAYS[days]}", address_of(request))
    return _account(request, person, fresh=fresh)


def _wrong(name: str, scopes: tuple[str, ...], days: str) -> str:
    if not name.strip() or len(name) > 100 or not name.isprintable():
        return "name: expected 1 to 100 letters that say what the token is for."
    if not scopes or not set(scopes) <= set(SCOPES):
        return f"scope: found {' '.join(scopes)[:40]!r}, expected {' or '.join(SCOPES)}."
    return "" if days in DAYS else f"days: found {days[:20]!r}, expected one of {', '.join(DAYS)}."


@router.post("/tokens/end")
def end(request: Request, person: Reader, token: Text) -> Response:
    """Of one's own tokens only; whether others have one of that id is not told."""
    store = request.app.state.site.store
    if end_token(store, token, person.name):
        note(store, person.name, "ended a token", address=address_of(request))
    return RedirectResponse("/account", 303)
