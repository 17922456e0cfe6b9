"""What the OpenAPI document says of all routes: how errors look, who may ask, which filters there are.

In:  the application with its routes.
Out: the document; `ApiRoute`, whose parameters are those that the document names, and no others.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.params import ParamTypes
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from tocsin.serve.access.rights import COOKIE
from tocsin.serve.events.asked import NO, YES

Json = dict[str, Any]
ABOUT = """Events of political violence and protest, with what they rest on.

Filters have the same names on every address. Times are UTC, days ISO 8601. A token goes into the header
`Authorization: Bearer …`; the page Admin makes tokens."""
REFUSALS = {400: "A parameter is wrong; the message says what was found and what is expected.", 401: "Log in first.",
            403: "Not for this person or token.", 404: "There is no such thing."}  # fmt: skip

LIMITS = {413: "Too much was sent at once.", 414: "The address is too long.", 429: "Too many requests."}


class Problem(BaseModel):
    """Why there is no answer."""

    status: int
    message: str = Field(description="What was found, what was expected.")


def refusals(*statuses: int) -> dict[int | str, Json]:
    """How a route says that it answers these errors."""
    return {status: {"model": Problem, "description": REFUSALS[status]} for status in statuses}


def parameter(name: str, schema: Json, text: str) -> Json:
    return {"name": name, "in": "query", "schema": schema, "description": text, "style": "form", "explode": False}


TEXT, DAY, WHOLE = {"type": "string"}, {"type": "string", "format": "date"}, {"type": "integer", "minimum": 0}
FLAG = {"type": "string", "enum": [*YES, *NO]}
_LISTS = {"country": "Country, by its English name.", "admin1": "Region of a country.",
          "event_type": "Type of event.", "sub_event_type": "Sub-type of event."}  # fmt: skip
FILTERS = [
    parameter("since", DAY, "First day."),
    parameter("until", DAY, "Last day."),
    *({**parameter(name, {"type": "array", "items": TEXT, "maxItems": 300}, f"{text} Several: any of them."),
       "explode": True} for name, text in _LISTS.items()),
    parameter("actor", TEXT, "Part of the name of any actor."),
    parameter("actor_is", TEXT, "The whole name of an actor."),
    parameter("against", TEXT, "The whole name of an actor on the other side than actor_is."),
    parameter("location_is", TEXT, "The whole name of the location."),
    parameter("source", TEXT, "Part of the name of a source."),
    parameter("text", TEXT, "Part of the name of the place."),
    parameter("fatalities_min", WHOLE | {"maximum": 999_999_999}, "At least so many killed."),
    parameter("fatalities_max", WHOLE | {"maximum": 999_999_999}, "At most so many killed."),
    parameter("civilians", FLAG, "Whether civilians were the target."),
    parameter("reviewed", FLAG, "Whether somebody decided something about the event."),
    parameter("confidence_min", {"type": "number", "minimum": 0, "maximum": 1}, "Of the least sure field."),
    parameter("bbox", TEXT, "west,south,east,north in degrees; west > east crosses the date line."),
    parameter("area", TEXT, "Corners of an area: lon,lat;lon,lat;lon,lat."),
]  # fmt: skip


class ApiRoute(APIRoute):
    """A wrong parameter is an error 400, and so is one that the document does not name."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()
        given = get_flat_params(self.dependant)
        known = {field.alias for field in given if getattr(field.field_info, "in_", None) == ParamTypes.query}
        known |= {each["name"] for each in (self.openapi_extra or {}).get("parameters", ())}

        async def handled(request: Request) -> Response:
            if "\0" in request.url.path or any(
                "\0" in part for pair in request.query_params.multi_items() for part in pair
            ):
                raise HTTPException(400, "found a NUL character, which no parameter may have.")
            if wrong := [name for name in request.query_params if name not in known]:
                raise HTTPException(400, f"found the parameter {wrong[0][:40]!r}, expected one of {_listed(known)}.")
            try:
                answer: Response = await handle(request)
            except RequestValidationError as error:
                first = error.errors()[0]
                raise HTTPException(400, f"{first['loc'][-1]}: {first['msg']}.") from None
            return answer

        return handled


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def describe(app: FastAPI) -> None:
    """Make the document of this application, once somebody asks for it."""

    def document() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.add_exception_handler(RequestValidationError, _not_understood)
    app.openapi = document  # type: ignore[method-assign]


async def _not_understood(_request: Request, error: Exception) -> Response:
    """What was sent is not as documented. It is not sent back: it may be anything."""
    assert isinstance(error, RequestValidationError)
    told = [{name: each[name] for name in ("loc", "msg", "type")} for each in error.errors()]
    return Response(json.dumps({"detail": told}), 422, media_type="application/json")


def _document(app: FastAPI) -> Json:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GET and HEAD of a route have one name: HEAD is left out of the document
        found = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes)
    parts = found.setdefault("components", {})
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token made on the page Admin or by OAuth."},
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "A browser that is logged in."},
    }
    parts.setdefault("schemas", {}).setdefault("Problem", Problem.model_json_schema())
    found["security"] = [{"token": []}, {"session": []}, {}]  # {}: a server on this machine alone asks nobody
    for path in found["paths"].values():
        path.pop("head", None)
        for method, operation in path.items():
            operation["operationId"] = f"{operation['operationId'].rpartition('_')[0]}_{method}"
            _complete(operation)
    return found


def _complete(operation: Json) -> None:
    """The errors that each route can answer. One that says what its 400 means has no other for wrong parameters."""
    responses: Json = operation["responses"]
    if "400" in responses:
        responses.pop("422", None)
    for status, text in (REFUSALS | LIMITS).items():
        responses.setdefault(str(status), {"description": text})


def jsons(kind: str, schema: Mapping[str, Any], text: str) -> Json:
    """An answer of this media type, for `responses`."""
    return {"description": text, "content": {kind: {"schema": schema}}}
