"""What people say of places, and the names that no gazetteer has.

In:  forms of the pages of places.
Out: the user's gazetteer, changed; reports are coded by it from then on. Every change can be taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse

from tocsin.errors import UsageError
from tocsin.fold import fold
from tocsin.locate.added import Said
from tocsin.locate.mine import stamp
from tocsin.project.placing import put_place, take_place_back
from tocsin.project.registering import NO_PLACE, PLACE, edits, ignore, ignored, take_back
from tocsin.serve.access.people import Person, note
from tocsin.serve.access.rights import needs
from tocsin.serve.events.read import last_change
from tocsin.serve.pages import page
from tocsin.serve.registry.places import FEATURES, gazetteer, iso3
from tocsin.serve.registry.unknown import LISTED, QUOTES, Quote, claims_ruled, quote, spans
from tocsin.store import Store
from tocsin.store.lookup import about

router = APIRouter(include_in_schema=False)
Coder = Annotated[Person, Depends(needs("coder"))]
Editor = Annotated[Person, Depends(needs("editor"))]
Line = Annotated[str, Form(max_length=500)]
Lines = Annotated[str, Form(max_length=20_000)]
WAITING = "/places/unknown"
RECENT = 50


@dataclass(frozen=True, slots=True)
class Nowhere:
    """A name that no gazetteer has. The point is that which stands in for it: a place nearby that the report names."""

    name: str
    country: str
    admin1: str
    latitude: float | None
    longitude: float | None
    radius_km: float | None
    reports: int
    quotes: tuple[Quote, ...]


@router.get(WAITING)
def unknown(request: Request, person: Coder) -> HTMLResponse:
    view = request.app.state.site.view(person)
    _whole(view.whole)
    said = [edit for edit in edits(view.store) if edit.kind in (PLACE, NO_PLACE)][:RECENT]
    waiting = unknown_places(view.store, last_change(view.store), stamp())
    return page(request, "places_unknown", names=waiting[:LISTED], total=len(waiting), history=said,
                features=FEATURES, is_editor=person.may("editor"))  # fmt: skip


@router.post("/places/add")
def put(
    request: Request, person: Editor, name: Line, latitude: Line, longitude: Line, country: Line, admin1: Line = "",
    kind: Line = "PPL", radius: Line = "", population: Line = "", also: Lines = "", geonameid: Line = "",
    instead_of: Line = "", why: Line = "", then: Line = "",
) -> RedirectResponse:  # fmt: skip
    """Add a place, or say how one that is known is to be."""
    store = request.app.state.site.store
    _whole(request.app.state.site.view(person).whole)
    names = tuple(dict.fromkeys(" ".join(line.split()) for line in also.splitlines() if line.strip()))
    said = Said(
        " ".join(name.split()), _number("latitude", latitude), _number("longitude", longitude), country.strip(),
        admin1.strip() or None, kind=kind.strip() or "PPL", population=_count("population", population), also=names,
        geonameid=_count("GeoNames id", geonameid), radius_km=_number("radius", radius) if radius.strip() else None,
    )  # fmt: skip
    put_place(store, said, who=person.name, why=why.strip(), instead_of=instead_of)
    note(store, person.name, "changed the gazetteer", said.name)
    return RedirectResponse(_here(then, "saved=1"), 303)


@router.post("/places/ignore")
def skip(request: Request, person: Editor, name: Line, country: Line = "", why: Line = "") -> RedirectResponse:
    """The name is no place."""
    store = request.app.state.site.store
    _whole(request.app.state.site.view(person).whole)
    ignore(store, f"{name}, {country}", who=person.name, why=why.strip(), kind=NO_PLACE)
    note(store, person.name, "changed the gazetteer", f"{name} is no place")
    return RedirectResponse(WAITING, 303)


@router.post("/places/undo")
def undo(request: Request, person: Editor, edit: Annotated[int, Form(ge=1)], then: Line = "") -> RedirectResponse:
    store = request.app.state.site.store
    _whole(request.app.state.site.view(person).whole)
    is_place = any(each.id == edit and each.kind == PLACE for each in edits(store))
    (take_place_back if is_place else take_back)(store, edit, who=person.name)
    note(store, person.name, "changed the gazetteer", f"edit {edit} was taken back")
    return RedirectResponse(_here(then), 303)


@lru_cache(maxsize=2)
def unknown_places(store: Store, change: int, places: str) -> list[Nowhere]:
    """Names of places that stand elsewhere because nobody knows them. `change`, `places`: what they were read from."""
    known, skipped = gazetteer(), ignored(store, NO_PLACE)
    held: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for claim in claims_ruled(store, ".unknown."):
        ruled = any(rule.startswith("location: ") and ".unknown." in rule for rule in claim.get("rules") or ())
        if ruled and claim["location"] and claim["country"]:
            held[fold(claim["location"]), claim["country"]].append(claim)
    found = []
    for (name, country), claims in held.items():
        if f"{name}, {fold(country)}" in skipped or known.in_country(name, iso3(country)):
            continue
        found.append(_nowhere(store, claims))
    return sorted(found, key=lambda each: (-each.reports, each.name))


def _nowhere(store: Store, claims: list[Mapping[str, Any]]) -> Nowhere:
    first, by_report = claims[0], {claim["report_id"]: claim for claim in claims}
    reports = about(store, list(by_report)[:QUOTES], text=True)
    quotes = [quote(row, span) for row in reports for span in spans(by_report[row["id"]], "location")[:1]]
    return Nowhere(first["location"], first["country"], first["admin1"] or "", first["latitude"], first["longitude"],
                   first.get("place_radius_km"), len(by_report), tuple(quotes))  # fmt: skip


def _number(name: str, text: str) -> float:
    try:
        found = float(text.replace(",", ".").strip())
    except ValueError:
        found = float("nan")
    if not abs(found) < 1e6:
        raise UsageError(f"{name}: found {text[:40]!r}, expected a number such as 13.75.")
    return found


def _count(name: str, text: str) -> int | None:
    said = text.replace(",", "").replace(" ", "")
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) < 12):
        raise UsageError(f"{name}: found {text[:40]!r}, expected a whole number.")
    return int(said)


def _here(then: str, more: str = "") -> str:
    """A page of places, whatever the form asks for."""
    if not then.startswith("/places/") or then == WAITING or not then.isprintable():
        return WAITING
    return f"{then}&{more}" if more and "?" in then else then


def _whole(whole: bool) -> None:
    if not whole:
        raise HTTPException(403, "Names of reports are not shown to your role.")
