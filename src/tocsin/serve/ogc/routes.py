"""OGC API - Features (17-069r4 and, for filters, 19-079r2): the events as a layer of QGIS and other GIS programs.

In:  a box, a time, properties or a filter in CQL2 (cql.py).
Out: GeoJSON features, newest first; documents that say what there is. All of it is below /ogc.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import numpy as np
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import Response

from tocsin.codebook import COLUMNS
from tocsin.exchange.writers.geojson import feature
from tocsin.serve.access.people import Person
from tocsin.serve.access.rights import needs
from tocsin.serve.api.openapi import ApiRoute, jsons, refusals
from tocsin.serve.events.index import NO_DAY, Index, day_of
from tocsin.serve.events.view import View
from tocsin.serve.explore.page import bounds
from tocsin.serve.jsons import packed
from tocsin.serve.ogc.ask import PARAMETERS, asked_for
from tocsin.serve.ogc.say import COLLECTION, CONFORMS, FEATURE, FEATURES, LANDING, LINKS, queryables
from tocsin.serve.paging import only, part

router = APIRouter(prefix="/ogc", tags=["OGC API Features"], route_class=ApiRoute,
                   responses=refusals(400, 401, 403, 404))  # fmt: skip
Reader = Annotated[Person, Depends(needs("reader"))]
Form = Annotated[Literal["json", "geojson"], Query(description="The form: JSON, always.")]
NAME, CRS84 = "events", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
GEOJSON, SCHEMA = "application/geo+json", "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SHOWN = (*COLUMNS, "fatalities_low", "fatalities_best", "fatalities_high")  # columns of a feature


@router.get("/", include_in_schema=False)
@router.get("", responses={200: jsons("application/json", LANDING, "Links to all there is.")})
def landing(request: Request, person: Reader, f: Form = "json") -> Response:
    """The landing page."""
    base = _base(request)
    links = [_link("self", base), _link("service-desc", f"{base}/api", OPENAPI, "The definition of this interface"),
             _link("conformance", f"{base}/conformance"), _link("data", f"{base}/collections")]  # fmt: skip
    return _json({"title": "Tocsin", "description": "Events of political violence and protest.", "links": links})


@router.get("/conformance", responses={200: jsons("application/json", CONFORMS, "Classes of the standards.")})
def conformance(person: Reader, f: Form = "json") -> Response:
    """What this interface conforms to."""
    return _json({"conformsTo": CONFORMS["properties"]["conformsTo"]["example"]})


@router.get("/api", responses={200: jsons(OPENAPI, {"type": "object"}, "An OpenAPI 3.0 document.")})
def definition(request: Request, person: Reader, f: Form = "json") -> Response:
    """This interface alone as OpenAPI 3.0, which GIS programs read."""
    whole = request.app.openapi()
    paths = {path.removeprefix("/ogc") or "/": each for path, each in whole["paths"].items() if path.startswith("/ogc")}
    limit = next(each for each in PARAMETERS if each["name"] == "limit")
    parts = {**whole["components"], "parameters": {"limit": limit}}
    parts["schemas"] = {name: parts["schemas"][name] for name in ("Problem",)}
    found = {"openapi": "3.0.3", "info": whole["info"], "servers": [{"url": _base(request)}], "paths": paths,
             "components": parts, "security": whole["security"]}  # fmt: skip
    return _json(found, OPENAPI)


@router.get("/collections", responses={200: jsons("application/json", LINKS, "The collections.")})
def collections(request: Request, person: Reader, f: Form = "json") -> Response:
    """The collections: there is one."""
    base = _base(request)
    found = _collection(base, request.app.state.site.view(person).index)
    return _json({"links": [_link("self", f"{base}/collections")], "collections": [found]})


@router.get("/collections/{collection}", responses={200: jsons("application/json", COLLECTION, "The collection.")})
def collection(request: Request, person: Reader, collection: str, f: Form = "json") -> Response:
    """What the collection holds: place, time, links."""
    _known(collection)
    return _json(_collection(_base(request), request.app.state.site.view(person).index))


@router.get("/collections/{collection}/queryables",
            responses={200: jsons(SCHEMA, {"type": "object"}, "A JSON Schema.")})  # fmt: skip
def queryable(request: Request, person: Reader, collection: str, f: Form = "json") -> Response:
    """The properties that filters may name."""
    _known(collection)
    return _json(queryables(f"{_base(request)}/collections/{NAME}/queryables"), SCHEMA)


@router.get("/collections/{collection}/items", openapi_extra={"parameters": PARAMETERS},
            responses={200: jsons(GEOJSON, FEATURES, "A page of features.")})  # fmt: skip
def items(request: Request, person: Reader, collection: str) -> Response:
    """Events, newest first. An event without a known place has no geometry."""
    _known(collection)
    view = request.app.state.site.view(person)
    asked = asked_for(view.index, request.query_params)
    page = part(view.index, asked.mask, asked.limit, asked.cursor, asked.offset)
    features = [_feature(row) for row in view.rows(only(view.index, page))]
    here = f"{_base(request)}/collections/{NAME}"
    given = [(name, value) for name, value in request.query_params.multi_items() if name not in ("cursor", "offset")]
    links = [_link("self", _absolute(request, request.query_params.multi_items()), GEOJSON),
             _link("collection", here)]  # fmt: skip
    if page.cursor:
        links.append(_link("next", f"{here}/items?{urlencode([*given, ('cursor', page.cursor)])}", GEOJSON))
    found = {"type": "FeatureCollection", "numberMatched": page.matched, "numberReturned": len(features),
             "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "links": links,
             "features": features}  # fmt: skip
    return _json(found, GEOJSON)


@router.get("/collections/{collection}/items/{item}", responses={200: jsons(GEOJSON, FEATURE, "The feature.")})
def item(request: Request, person: Reader, collection: str, item: str, f: Form = "json") -> Response:
    """One event; `area` is the circle in which it lies, if its place is not known exactly."""
    _known(collection)
    view: View = request.app.state.site.view(person)
    row = view.event(item)
    if row is None:
        raise HTTPException(404, f"There is no event {item[:40]!r}.")
    here = f"{_base(request)}/collections/{NAME}"
    links = [_link("self", f"{here}/items/{row['event_id_cnty']}", GEOJSON), _link("collection", here)]
    return _json({**_feature(row, area=True), "links": links}, GEOJSON)


def _feature(row: dict[str, Any], *, area: bool = False) -> dict[str, Any]:
    """The event with flat properties, as GIS programs like them."""
    shown = {**{name: row.get(name) for name in SHOWN}, "place_radius_km": row.get("place_radius_km")}
    found = feature(shown, area=area)
    if row.get("latitude") is None or row.get("longitude") is None:
        found["geometry"] = None
    del found["properties"]["place_radius_km"]
    return found


def _collection(base: str, index: Index) -> dict[str, Any]:
    here = f"{base}/collections/{NAME}"
    days = index.days[index.days != NO_DAY]
    box = bounds(index, np.arange(len(index))) or [-180.0, -90.0, 180.0, 90.0]
    span = [f"{day_of(days.min())}T00:00:00Z", f"{day_of(days.max())}T23:59:59Z"] if len(days) else [None, None]
    extent = {"spatial": {"bbox": [box], "crs": CRS84}, "temporal": {"interval": [span], "trs": GREGORIAN}}
    links = [_link("self", here), _link("items", f"{here}/items", GEOJSON, "Events"),
             _link("http://www.opengis.net/def/rel/ogc/1.0/queryables", f"{here}/queryables", SCHEMA)]  # fmt: skip
    return {"id": NAME, "title": "Events", "description": "Events of political violence and protest, ACLED's columns.",
            "itemType": "feature", "crs": [CRS84], "storageCrs": CRS84, "extent": extent, "links": links}  # fmt: skip


def _known(collection: str) -> None:
    if collection != NAME:
        raise HTTPException(404, f"There is no collection {collection[:40]!r}; there is {NAME}.")


def _base(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/ogc"


def _absolute(request: Request, given: list[tuple[str, str]]) -> str:
    return f"{_base(request)}/collections/{NAME}/items" + (f"?{urlencode(given)}" if given else "")


def _link(rel: str, href: str, kind: str = "application/json", title: str = "") -> dict[str, str]:
    return {"rel": rel, "href": href, "type": kind, **({"title": title} if title else {})}


def _json(content: Any, kind: str = "application/json") -> Response:
    return Response(packed(content), media_type=kind)
