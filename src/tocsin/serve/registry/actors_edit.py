"""What people change in the registry of actors, and the names that wait for somebody to say what they are.

In:  forms of the pages of actors.
Out: the registry of this database, changed; the coder goes by it from then on. Every change can be taken back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse

from tocsin.countries import by_name, country
from tocsin.errors import UsageError
from tocsin.fold import fold
from tocsin.project.registering import (
    GROUP,
    IGNORE,
    edits,
    ignore,
    new_id,
    put_group,
    registry_of,
    renamed,
    take_back,
    with_alias,
)
from tocsin.registry.tables import INTERS, Group
from tocsin.serve.access.people import Person, note
from tocsin.serve.access.rights import needs
from tocsin.serve.events.read import last_change
from tocsin.serve.pages import page
from tocsin.serve.registry.actors import group_named, profile
from tocsin.serve.registry.unknown import LISTED, unknown_actors

router = APIRouter(include_in_schema=False)
Coder = Annotated[Person, Depends(needs("coder"))]
Editor = Annotated[Person, Depends(needs("editor"))]
Line = Annotated[str, Form(max_length=500)]
Lines = Annotated[str, Form(max_length=20_000)]
SUGGESTED, RECENT = 12, 50
WAITING = "/actors/unknown"


@router.get(WAITING)
def unknown(request: Request, person: Coder) -> HTMLResponse:
    view = request.app.state.site.view(person)
    _whole(view.whole)
    said = [edit for edit in edits(view.store) if edit.kind in (GROUP, IGNORE)][:RECENT]
    waiting = unknown_actors(view.store, last_change(view.store))
    return page(request, "actors_unknown", names=waiting[:LISTED], total=len(waiting), history=said,
                inters=INTERS, is_editor=person.may("editor"))  # fmt: skip


@router.get("/actors/groups")
def groups(request: Request, person: Coder, part: str) -> list[str]:
    """Names of the registry with this part, or of groups with another name with it."""
    view, wanted = request.app.state.site.view(person), fold(part)
    _whole(view.whole)
    found = [group.name for group in registry_of(view.store).groups.values() if any(
        wanted in fold(name) for name in (group.name, *group.aliases["en"], *group.aliases["fr"]))]  # fmt: skip
    return sorted(found, key=lambda name: (not fold(name).startswith(wanted), name))[:SUGGESTED]


@router.post("/actors/group")
def put(
    request: Request, person: Editor, name: Line, inter: Line, id: Line = "", countries: Line = "",
    valid_from: Line = "", valid_to: Line = "", aliases_en: Lines = "", aliases_fr: Lines = "", why: Line = "",
    then: Line = "",
) -> RedirectResponse:  # fmt: skip
    """Add an actor, or say how one that is known is to be."""
    store = request.app.state.site.store
    _whole(request.app.state.site.view(person).whole)
    registry = registry_of(store)
    old = registry.groups.get(id)
    if id and old is None:
        raise HTTPException(404, f"The registry has no entry {id[:40]!r}.")
    aliases = {"en": _listed(aliases_en), "fr": _listed(aliases_fr)}
    base = old or Group(new_id(registry, name), " ".join(name.split()), {}, inter, (), "", "", "")
    new = replace(base, aliases=aliases, inter=inter, countries=_countries(countries), valid_from=valid_from.strip(),
                  valid_to=valid_to.strip())  # fmt: skip
    new = renamed(new, " ".join(name.split()))
    put_group(store, new, who=person.name, why=why.strip() or (f"{new.name} was {'changed' if old else 'added'}"))
    note(store, person.name, "changed the registry", new.name)
    return RedirectResponse(WAITING if then == WAITING else profile(new.name, saved="1"), 303)


@router.post("/actors/alias")
def alias(request: Request, person: Editor, name: Line, of: Line, why: Line = "", then: Line = "") -> RedirectResponse:
    """The name is another one of an actor that is known."""
    store = request.app.state.site.store
    _whole(request.app.state.site.view(person).whole)
    group = group_named(registry_of(store), " ".join(of.split()))
    if group is None:
        raise UsageError(f"The registry has no {of[:80]!r}; take a name that is offered while you type.")
    put_group(store, with_alias(group, name), who=person.name, why=why.strip() or f"{name} is {group.name}")
    note(store, person.name, "changed the registry", f"{name} is {group.name}")
    return RedirectResponse(WAITING if then == WAITING else profile(group.name, saved="1"), 303)


@router.post("/actors/ignore")
def skip(request: Request, person: Editor, name: Line, why: Line = "") -> RedirectResponse:
    """The name is no actor."""
    store = request.app.state.site.store
    _whole(request.app.state.site.view(person).whole)
    ignore(store, name, who=person.name, why=why.strip())
    note(store, person.name, "changed the registry", f"{name} is no actor")
    return RedirectResponse(WAITING, 303)


@router.post("/actors/undo")
def undo(request: Request, person: Editor, edit: Annotated[int, Form(ge=1)], then: Line = "") -> RedirectResponse:
    store = request.app.state.site.store
    _whole(request.app.state.site.view(person).whole)
    found = take_back(store, edit, who=person.name)
    note(store, person.name, "changed the registry", f"edit {edit} was taken back")
    known = found.group and group_named(registry_of(store), then)
    return RedirectResponse(profile(then) if known else WAITING, 303)


def _whole(whole: bool) -> None:
    if not whole:
        raise HTTPException(403, "Names of reports are not shown to your role.")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))


def _countries(text: str) -> tuple[str, ...]:
    """Codes of countries by name or code; UsageError names one that is none."""
    found = []
    for said in filter(None, (part.strip() for part in text.split(","))):
        home = by_name(said, "en") or by_name(said, "fr") or (country(said) if len(said) == 3 else None)
        if home is None:
            raise UsageError(f"countries: found {said[:40]!r}, expected names of countries parted by commas.")
        found.append(home.iso3)
    return tuple(dict.fromkeys(found))
