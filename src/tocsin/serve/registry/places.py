"""Places: a list of all where events happened, and a page of each.

In:  words to search for; a place's name with its country and first-order unit, or a GeoNames id, in the address.
Out: the pages, from the events that the role may see; what the gazetteer knows of the place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import numpy as np
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tocsin.countries import by_name
from tocsin.locate import added
from tocsin.locate.distance import kilometres
from tocsin.locate.joined import Joined
from tocsin.locate.mine import used
from tocsin.model import Place
from tocsin.project.placing import said_in
from tocsin.project.registering import PLACE, edits
from tocsin.serve.access.people import Person
from tocsin.serve.access.rights import needs
from tocsin.serve.events.cast import cast_of
from tocsin.serve.events.index import Index
from tocsin.serve.events.spots import Spots, points, spots_of
from tocsin.serve.events.totals import Ints, counted, fitting
from tocsin.serve.events.view import View
from tocsin.serve.explore.page import FORMS
from tocsin.serve.pages import page
from tocsin.serve.registry.actors import TOP, facts, type_of
from tocsin.serve.registry.listed import Listed, day, ranks

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs("reader"))]
SORTS = ("name", "country", "events", "fatalities", "last")
NEIGHBOURS, AROUND_KM = 12, 150.0
SAME_KM = 60.0  # an entry of the gazetteer that is further away is another place of the name
FEATURES = {"PPL": "town or village", "PPLX": "quarter of a town", "PPLC": "capital", "PPLA": "seat of a first-order "
            "unit", "PPLA2": "seat of a second-order unit", "ADM1": "first-order unit", "ADM2": "second-order unit",
            "CMPRF": "camp of refugees", "MILB": "military base", "MN": "mine", "PRN": "prison", "AIRP": "airport",
            "FRST": "forest", "ISL": "island", "MT": "mountain", "RGN": "region"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What the gazetteer has of a place. `number`: of one that people added ("u3"); `found_as`: names to look it up."""

    place: Place
    number: str
    source: str
    found_as: list[str]
    km: float  # from the point of the events


@router.get("/places")
def places(request: Request, person: Reader) -> HTMLResponse:
    view = request.app.state.site.view(person)
    asked = Listed.of("/places", request.query_params, ("q", "country"), SORTS)
    spots: Spots = view.index.once(spots_of)
    found, totals = _found(spots, asked.given), spots.totals
    keys = {"name": view.index.once(_alphabet), "country": view.index.once(_by_country), "events": totals.events,
            "fatalities": totals.fatalities, "last": totals.last}  # fmt: skip
    lines = [
        {"name": spots.locations[at], "address": address(spots, at), "admin1": spots.admin1s[at],
         "country": spots.countries[at], "events": int(totals.events[at]), "fatalities": int(totals.fatalities[at]),
         "last": day(totals.last[at])}
        for at in asked.shown(found, keys).tolist()
    ]  # fmt: skip
    return page(request, "places", asked=replace(asked, found=len(found)), lines=lines, whole=view.whole,
                countries=sorted(set(spots.countries) - {""}))  # fmt: skip


@router.get("/places/{location:path}")
def place(request: Request, person: Reader, location: str, country: str = "", admin1: str | None = None) -> Response:
    view = request.app.state.site.view(person)
    spots: Spots = view.index.once(spots_of)
    found = spots.named(location, country, admin1)
    if not found and location.isascii() and location.isdigit() and len(location) < 12:
        known = gazetteer().with_id(int(location))
        found = _called(spots, known) if known else []
        if len(found) == 1:
            return RedirectResponse(address(spots, found[0]), 302)
    if not found:
        raise HTTPException(404, f"No event that you may see is at {location[:80]!r}.")
    if len(found) > 1:
        return page(request, "places_alike", location=location, lines=[
            (address(spots, at), spots.admin1s[at], spots.countries[at], int(spots.totals.events[at])) for at in found
        ])  # fmt: skip
    return _profile(request, person, view, spots, found[0])


def address(spots: Spots, spot: int) -> str:
    """The address of a place's page."""
    more = {"country": spots.countries[spot], "admin1": spots.admin1s[spot]}
    return f"/places/{quote(spots.locations[spot], safe='')}?{urlencode(more)}"


def gazetteer() -> Joined:
    """The gazetteer as it is now, with what people added."""
    return added.together(used())


def _profile(request: Request, person: Person, view: View, spots: Spots, spot: int) -> HTMLResponse:
    index, rows = view.index, spots.totals.of_group(spot)
    where = {"location_is": spots.locations[spot], "country": spots.countries[spot], "admin1": spots.admin1s[spot]}
    entry = _entry(spots, spot)
    said = [edit for edit in edits(view.store) if edit.kind == PLACE and edit.name == spots.locations[spot]
            and said_in(edit).country == iso3(spots.countries[spot])] if view.whole else []  # fmt: skip
    return page(
        request, "place", location=spots.locations[spot], country=spots.countries[spot], admin1=spots.admin1s[spot],
        here_is=address(spots, spot), filter=urlencode({name: value for name, value in where.items() if value}),
        forms=FORMS, top=TOP, **facts(index, rows), point=_point(spots, spot), points=len(points(spots, spot)),
        actors=index.once(cast_of).at(rows), subs=counted(index, rows, index.names["sub_event_type"]),
        type_of={sub: type_of(sub) for sub in index.names["sub_event_type"].values}, near=_near(spots, spot),
        entry=entry, features=FEATURES, history=said, saved="saved" in request.query_params,
        is_editor=person.may("editor") and view.whole,
    )  # fmt: skip


def _point(spots: Spots, spot: int) -> tuple[float, float, float] | None:
    """Latitude, longitude, radius in km."""
    found = tuple(float(values[spot]) for values in (spots.latitude, spots.longitude, spots.radius_km))
    return None if np.isnan(found[0]) else (found[0], found[1], found[2])


def _near(spots: Spots, spot: int) -> list[dict[str, Any]]:
    """Other places with events around."""
    return [
        {"km": km, "name": spots.locations[at], "address": address(spots, at), "events": int(spots.totals.events[at])}
        for km, at in spots.near(spot, NEIGHBOURS, AROUND_KM)
    ]


def _entry(spots: Spots, spot: int) -> Entry | None:
    """The nearest entry of this name in the country, if it can be the place."""
    home, point, known = iso3(spots.countries[spot]), _point(spots, spot), gazetteer()
    if point is None:
        return None
    alike = [(kilometres(point[0], point[1], each.latitude, each.longitude), each)
             for each in known.named(spots.locations[spot]) if each.country == home]  # fmt: skip
    fits = [
        (km, each) for km, each in alike if km <= max(SAME_KM, each.radius_km) or each.admin1 == spots.admin1s[spot]
    ]
    if not fits:
        return None
    km, best = min(fits, key=lambda pair: (not known.origin(pair[1])[0].startswith("u"), pair[0]))
    number, source = known.origin(best)
    return Entry(best, number if number.startswith("u") else "", source, known.found_as(best), km)


def iso3(name: str) -> str:
    found = by_name(name, "en")
    return found.iso3 if found else ""


def _called(spots: Spots, known: Place) -> list[int]:
    """The places of events that an entry of the gazetteer is."""
    alike = [at for at in spots.named(known.name) if iso3(spots.countries[at]) == known.country]
    return [at for at in alike if spots.admin1s[at] == known.admin1] or alike


def _found(spots: Spots, given: Mapping[str, str]) -> Ints:
    mask = np.ones(len(spots.locations), bool)
    if home := given.get("country"):
        mask &= np.array([each == home for each in spots.countries], bool)
    if words := given.get("q"):
        mask &= fitting(spots.folded, words)
    return np.flatnonzero(mask)


def _by_country(index: Index) -> Ints:
    return ranks(index.once(spots_of).countries)


def _alphabet(index: Index) -> Ints:
    return ranks(index.once(spots_of).folded)
