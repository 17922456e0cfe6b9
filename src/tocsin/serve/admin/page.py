"""What only an admin does: let people in, follow feeds, look at who did what.

In:  forms of the admin's pages.
Out: the pages. What is done is written into the audit log.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tocsin import follow
from tocsin.errors import UsageError
from tocsin.serve.access.login import address_of
from tocsin.serve.access.people import (
    ROLES,
    Person,
    audited,
    audited_people,
    is_last_admin,
    note,
    people,
    put_person,
    shut_out,
)
from tocsin.serve.access.rights import needs
from tocsin.serve.pages import page
from tocsin.store import Store, schema

router = APIRouter(prefix="/admin", include_in_schema=False)
Admin = Annotated[Person, Depends(needs("admin", seated=True))]
Text = Annotated[str, Form()]
SHOWN = 100  # rows of the audit log at once
FEEDS = 500  # addresses added at once
LONGEST = 2000  # characters of an address
NOTHING = Form("")


@router.get("")
def everybody(request: Request, person: Admin, did: str = "", name: str = "") -> HTMLResponse:
    return _people(request, said=_said(request, did, name))


def _people(request: Request, status: int = 200, **told: Any) -> HTMLResponse:
    rows = sorted(people(request.app.state.site.store), key=lambda row: (row["until"] is not None, row["name"].lower()))
    return page(request, "admin", status, people=rows, roles=ROLES, **{"said": "", "wrong": "", **told})


@router.post("/people/{do}")
def change(
    request: Request, person: Admin, do: str, name: Text, role: Text = "reader", password: Text = ""
) -> Response:
    """Let in, give another role or password, shut out, let in again."""
    store, name = request.app.state.site.store, name.strip()
    if do not in CHANGES:
        raise HTTPException(404, f"There is nothing called {do[:40]} to do with people.")
    try:
        CHANGES[do](store, name, role, password)
    except UsageError as error:
        return _people(request, 422, wrong=str(error))
    note(
        store, person.name, DONE[do].lower(), f"{name}, {role}" if do in ("add", "role") else name, address_of(request)
    )
    return RedirectResponse(f"/admin?{urlencode({'did': do, 'name': name})}", 303)


def _add(store: Store, name: str, role: str, password: str) -> None:
    if any(row["name"].casefold() == name.casefold() for row in people(store)):
        raise UsageError(f"{name} is there already; change the role or the password in the list.")
    if not name.isprintable():
        raise UsageError("name: found signs that cannot be shown, expected letters.")
    put_person(store, name, role, password)


def _role(store: Store, name: str, role: str, _password: str) -> None:
    if role != "admin":
        _keep_one(store, name)
    put_person(store, _known(store, name), role)


def _password(store: Store, name: str, _role: str, password: str) -> None:
    put_person(store, _known(store, name), _role_of(store, name), password)


def _out(store: Store, name: str, _role: str, _password: str) -> None:
    _keep_one(store, name)
    shut_out(store, _known(store, name))


def _in(store: Store, name: str, _role: str, _password: str) -> None:
    put_person(store, _known(store, name), _role_of(store, name))


CHANGES: dict[str, Callable[[Store, str, str, str], None]] = {
    "add": _add, "role": _role, "password": _password, "out": _out, "in": _in,
}  # fmt: skip
DONE = {"add": "Let in", "role": "Changed the role of", "password": "Set a new password for", "out": "Shut out",
        "in": "Let in again"}  # fmt: skip


def _known(store: Store, name: str) -> str:
    if store.row(schema.person, name) is None:
        raise UsageError(f"{name[:40]} is not among the people here.")
    return name


def _role_of(store: Store, name: str) -> str:
    return str(store.row(schema.person, _known(store, name))["role"])  # type: ignore[index]


def _keep_one(store: Store, name: str) -> None:
    if is_last_admin(store, name):
        raise UsageError(f"{name} is the only admin; make somebody else one first.")


def _said(request: Request, did: str, name: str) -> str:
    """What was done, if the address tells the truth."""
    store = request.app.state.site.store
    return f"{DONE[did]} {name}." if did in DONE and store.row(schema.person, name) else ""


@router.get("/feeds")
def feeds(request: Request, person: Admin) -> HTMLResponse:
    return _feeds(request)


def _feeds(request: Request, status: int = 200, wrong: str = "") -> HTMLResponse:
    rows = request.app.state.site.store.table(schema.feed)
    rows.sort(key=lambda row: (-row["failures"], row["url"]))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return page(request, "admin_feeds", status, feeds=rows, now=now, wrong=wrong)


@router.post("/feeds/add")
def follow_more(request: Request, person: Admin, addresses: Text = "") -> Response:
    """Addresses, one a line. Only addresses: the files of this machine are nobody's business here."""
    names = addresses.split()
    wrong = [each for each in names if not each.lower().startswith(("http://", "https://")) or len(each) > LONGEST]
    if wrong or not 0 < len(names) <= FEEDS:
        found = repr(wrong[0][:80]) if wrong else f"{len(names)} addresses"
        return _feeds(
            request, 422, f"Found {found}, expected 1 to {FEEDS} addresses that begin with https:// or http://."
        )
    follow.subscribe(request.app.state.site.store, names, datetime.now(UTC))
    note(request.app.state.site.store, person.name, "followed", " ".join(names), address_of(request))
    return RedirectResponse("/admin/feeds", 303)


@router.post("/feeds/stop")
def stop(request: Request, person: Admin, address: Text) -> Response:
    store = request.app.state.site.store
    if store.row(schema.feed, address) is not None:
        follow.stop(store, [address], person.name)
        note(store, person.name, "stopped following", address, address_of(request))
    return RedirectResponse("/admin/feeds", 303)


@router.get("/audit")
def audit(request: Request, person: Admin, who: str = "", before: int = 0) -> HTMLResponse:
    store = request.app.state.site.store
    before = min(max(before, 0), 2**31 - 1)
    rows = audited(store, who=who.replace("\0", ""), before=before, most=SHOWN + 1)
    older = rows[SHOWN - 1]["id"] if len(rows) > SHOWN else 0
    return page(request, "admin_audit", rows=rows[:SHOWN], who=who, before=before, older=older,
                names=audited_people(store))  # fmt: skip
