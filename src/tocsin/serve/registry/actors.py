"""Actors: a list of all that take part in events, and a page of each.

In:  words to search for, an actor's name in the address.
Out: the pages, from the events that the role may see; what the registry knows of the actor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import numpy as np
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import HTMLResponse

from tocsin.codebook import taxonomy
from tocsin.codebook.naming import parse_name
from tocsin.countries import countries, country
from tocsin.fold import fold
from tocsin.project.registering import Edit, edits, registry_of
from tocsin.registry import Registry
from tocsin.registry.tables import INTERS, Group, Regime
from tocsin.serve.access.people import Person
from tocsin.serve.access.rights import needs
from tocsin.serve.events.cast import Cast, cast_of
from tocsin.serve.events.index import Index
from tocsin.serve.events.totals import Ints, counted, fitting
from tocsin.serve.events.view import View
from tocsin.serve.explore.page import FORMS
from tocsin.serve.pages import page
from tocsin.serve.registry.listed import Listed, day, ranks

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs("reader"))]
SORTS = ("name", "kind", "events", "fatalities", "first", "last")
TOP = 15  # lines of each list of a profile
COUNTRIES = 3  # named in a line of the list
PATTERNS = ("military", "police", "government", "mutiny")  # names with the years of a regime


@router.get("/actors")
def actors(request: Request, person: Reader) -> HTMLResponse:
    view = request.app.state.site.view(person)
    asked = Listed.of("/actors", request.query_params, ("q", "kind", "country"), SORTS)
    cast: Cast = view.index.once(cast_of)
    found, totals = _found(view, cast, asked.given)
    keys = {"name": view.index.once(_alphabet), "kind": ranks(cast.kinds), "events": totals.events,
            "fatalities": totals.fatalities, "first": totals.first, "last": totals.last}  # fmt: skip
    lines = [
        {"name": cast.names[at], "kind": cast.kinds[at], "events": int(totals.events[at]),
         "fatalities": int(totals.fatalities[at]), "first": day(totals.first[at]), "last": day(totals.last[at]),
         "countries": [name for name, *_ in counted(view.index, totals.of_group(at), view.index.names["country"])]}
        for at in asked.shown(found, keys).tolist()
    ]  # fmt: skip
    kinds, homes = set(cast.kinds) - {""}, filter(None, view.index.names["country"].values)
    return page(request, "actors", asked=replace(asked, found=len(found)), lines=lines, kinds=sorted(kinds),
                countries=sorted(homes), most=COUNTRIES, whole=view.whole)  # fmt: skip


def profile(name: str, **more: str) -> str:
    """The address of an actor's page."""
    return f"/actors/{quote(name, safe='')}" + (f"?{urlencode(more)}" if more else "")


@router.get("/actors/{name:path}")
def actor(request: Request, person: Reader, name: str) -> HTMLResponse:
    view = request.app.state.site.view(person)
    cast: Cast = view.index.once(cast_of)
    registry = registry_of(view.store) if view.whole else Registry.load()
    group, number = group_named(registry, name), cast.number.get(name)
    if number is None and group is None:
        raise HTTPException(404, f"No event and no entry of the registry has the actor {name[:80]!r}.")
    rows = cast.totals.of_group(number) if number is not None else np.zeros(0, np.int64)
    return page(
        request, "actor", called=name, filter=urlencode({"actor_is": name}), forms=FORMS, top=TOP,
        kind=cast.kinds[number] if number is not None else (group.inter if group else ""), **facts(view.index, rows),
        met=cast.met(number) if number is not None else [], beside=_beside(cast, number),
        subs=counted(view.index, rows, view.index.names["sub_event_type"]),
        group=group, parent=registry.groups.get(group.parent) if group else None, regimes=regimes(registry, name),
        names_of=_countries_named(group), history=history(view, group), inters=INTERS, whole=view.whole,
        is_editor=person.may("editor") and view.whole, saved="saved" in request.query_params,
        type_of={sub: type_of(sub) for sub in view.index.names["sub_event_type"].values},
    )  # fmt: skip


def facts(index: Index, rows: Ints) -> dict[str, Any]:
    """What a profile says first: events, fatalities, first and last day, countries and first-order units."""
    dead, days = np.maximum(index.fatalities[rows], 0), index.days[rows]
    known = days[days > np.iinfo(np.int32).min]
    return {
        "events": len(rows),
        "fatalities": int(dead.sum()),
        "untold": int((index.fatalities[rows] < 0).sum()),
        "first": day(int(known.min())) if len(known) else None,
        "last": day(int(known.max())) if len(known) else None,
        "countries": counted(index, rows, index.names["country"]),
        "admin1s": units(index, rows),
    }


def units(index: Index, rows: Ints) -> list[tuple[str, str, int, int]]:
    """First-order units with their country, events and fatalities, the most events first."""
    home, unit = index.names["country"], index.names["admin1"]
    pairs = home.codes[rows].astype(np.int64) * len(unit.values) + unit.codes[rows]
    found, back = np.unique(pairs[unit.codes[rows] > 0], return_inverse=True)
    dead = np.maximum(index.fatalities[rows[unit.codes[rows] > 0]], 0)
    events, deaths = np.bincount(back, minlength=len(found)), np.bincount(back, dead, minlength=len(found))
    order = np.argsort(-events, kind="stable")
    return [(unit.values[found[at] % len(unit.values)], home.values[found[at] // len(unit.values)], int(events[at]),
             int(deaths[at])) for at in order.tolist()]  # fmt: skip


def group_named(registry: Registry, name: str) -> Group | None:
    """The registry's entry of this name; else the only one that has it among its other names."""
    if exact := next((group for group in registry.groups.values() if group.name == name), None):
        return exact
    alike = [g for g in registry.groups.values() if any(name in held for held in g.aliases.values())]
    return alike[0] if len(alike) == 1 else None


def regimes(registry: Registry, name: str) -> list[tuple[Regime, bool]]:
    """The governments of the state that a name is of, and whether the name has the years of each."""
    said = parse_name(name)
    if said.kind not in PATTERNS:
        return []
    state, years = said.parts["state"], said.parts.get("years")
    code = next((each.iso3 for each in countries() if each.name == state), None) or next(
        (each.code for each in registry.states.values() if each.name == state), ""
    )
    return [(regime, regime.years == years) for regime in registry.regimes.get(code, ())]


def history(view: View, group: Group | None) -> list[Edit]:
    """What people said of the actor; nothing for those who may not see reports."""
    return [edit for edit in edits(view.store) if group and edit.name == group.id] if view.whole else []


@cache
def type_of(sub: str) -> str:
    found = taxonomy().sub_event_types.get(sub)
    return found.event_type if found else ""


def _found(view: View, cast: Cast, given: Mapping[str, str]) -> tuple[Ints, Any]:
    """The actors asked for, and the sums of their events (in the country, if one is asked for)."""
    totals = cast.totals
    if home := given.get("country"):
        totals = totals.within(view.index.names["country"].among([home]))
    mask = totals.events > 0
    if kind := given.get("kind"):
        mask &= np.array([each == kind for each in cast.kinds], bool)
    if words := given.get("q"):
        also = _called(registry_of(view.store) if view.whole else Registry.load(), words)
        mask &= fitting(cast.folded, words) | np.array([name in also for name in cast.names], bool)
    return np.flatnonzero(mask), totals


def _called(registry: Registry, words: str) -> set[str]:
    """Names of groups that have another name with these words."""
    parts = fold(words).split()
    return {group.name for group in registry.groups.values() if all(part in _aliases(group) for part in parts)}


@cache
def _aliases(group: Group) -> str:
    return fold(" | ".join(name for held in group.aliases.values() for name in held))


def _alphabet(index: Index) -> Ints:
    return ranks(index.once(cast_of).folded)


def _beside(cast: Cast, number: int | None) -> list[tuple[str, int, int]]:
    return cast.met(number, against=False) if number is not None else []


def _countries_named(group: Group | None) -> list[str]:
    return [found.name if (found := country(code)) else code for code in (group.countries if group else ())]
