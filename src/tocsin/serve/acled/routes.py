"""ACLED's API: the same addresses, parameters and answers, so that scripts need another host and nothing else.

In:  the parameters of query.py; who asks (oauth.py).
Out: events, what was deleted, forecasts, lists of actors, kinds of actors, countries and regions, as JSON or CSV.
     Each is at /api/NAME/read and, as it once was, at /NAME/read; a slash, .json or .csv may follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import func, select
from starlette.datastructures import ImmutableMultiDict

from tocsin.codebook import COLUMNS
from tocsin.serve.access.people import Person
from tocsin.serve.acled import lists
from tocsin.serve.acled.answer import REFUSALS, AcledRoute, answered, shaped
from tocsin.serve.acled.find import found, rows
from tocsin.serve.acled.oauth import caller
from tocsin.serve.acled.query import EVENT, Kinds, Wanted, read
from tocsin.serve.events.view import View
from tocsin.store import schema

router = APIRouter(tags=["ACLED"], route_class=AcledRoute, responses=REFUSALS)
Caller = Annotated[Person, Depends(caller)]
NO_FORECASTS = "There are no forecasts here yet."
PAGING = {"limit": "Rows of a page; 5000, if nothing is said; 0: all.", "page": "From 1.", "fields": "Columns: a|b|c.",
          "_format": "json or csv."}  # fmt: skip


def events(request: Request, person: Caller) -> Response:
    """Events, newest first; filters as ACLED has them."""
    view, wanted = request.app.state.site.view(person), asked(request)
    names, shape = shaped(wanted)
    parts = (shape(part) for part in rows(view, found(view, wanted), names))
    return answered(parts, wanted, about(view), "acled")


def deleted(request: Request, person: Caller) -> Response:
    """Events that are no more, with the reason and the event that they were joined with."""
    return _list(request, person, lists.DELETED, lists.deleted, "deleted")


def forecasts(request: Request, person: Caller) -> Response:
    """Forecasts; none yet."""
    return _list(request, person, lists.CAST, lambda _view: [], "cast", NO_FORECASTS)


def actors(request: Request, person: Caller) -> Response:
    """Names of actors, those of most events first."""
    return _list(request, person, lists.ACTOR, lists.actors, "actor")


def actor_types(request: Request, person: Caller) -> Response:
    """Kinds of actors."""
    return _list(request, person, lists.ACTOR_TYPE, lists.actor_types, "actortype")


def countries(request: Request, person: Caller) -> Response:
    """Countries with events."""
    return _list(request, person, lists.COUNTRY, lists.countries, "country")


def regions(request: Request, person: Caller) -> Response:
    """Regions with events."""
    return _list(request, person, lists.REGION, lists.regions, "region")


def asked(request: Request, kinds: Kinds = EVENT, columns: tuple[str, ...] = COLUMNS) -> Wanted:
    """What is asked for. A form in the path counts, too: read.csv."""
    given = [(name.strip().lower(), value) for name, value in request.query_params.multi_items()]
    if request.url.path.endswith((".csv", ".json")):
        given.append(("_format", request.url.path.rpartition(".")[2]))
    query = ImmutableMultiDict(given)
    return read(query, list(query), kinds, columns)


def about(view: View) -> dict[str, Any]:
    """What the envelope says of the data as a whole."""
    with view.store.engine.connect() as connection:
        last = connection.scalar(select(func.max(schema.change.c.at)))
    now = datetime.now(UTC)
    hours = int((now - datetime.fromisoformat(last)).total_seconds() // 3600) if last else 0
    days = view.public.embargo_days if view.public else 0
    until = (now.date() - timedelta(days=days)).isoformat()
    held = {"date_recency": {"quantity": days, "unit": "Days", "date": until}} if days else {}
    return {"last_update": max(hours, 0), "data_query_restrictions": held}


def _list(
    request: Request,
    person: Person,
    kinds: Kinds,
    made: Callable[[View], list[dict[str, Any]]],
    name: str,
    say: str = "",
) -> Response:
    """A list that is small: made as a whole, then looked through."""
    view, wanted = request.app.state.site.view(person), asked(request, kinds, tuple(kinds))
    if say:
        wanted = replace(wanted, messages=(*wanted.messages, say))
    fitting = [tuple(map(row.get, wanted.fields)) for row in made(view) if wanted.holds(row)]
    return answered([fitting[wanted.span]], wanted, about(view), name)


def _add(name: str, handle: Callable[..., Response], kinds: Kinds) -> None:
    """The route under all its addresses; the first is in the documentation."""
    paths = [f"{before}/{name}/read{after}" for before in ("/api", "") for after in ("", "/", ".json", ".csv")]
    responses: Any = {200: {"description": "The rows.", "content": {"application/json": {}, "text/csv": {}}}}
    for path in paths:
        router.add_api_route(
            path,
            handle,
            methods=["GET", "HEAD"],
            response_class=Response,
            responses=responses,
            include_in_schema=path == paths[0],
            openapi_extra={"parameters": _said(kinds)},
        )


def _said(kinds: Kinds) -> list[dict[str, Any]]:
    """The parameters, as the documentation lists them."""
    filters = {name: f"{operator} {kind}; others with {name}_where" for name, (kind, operator) in kinds.items()}
    return [{"name": name, "in": "query", "schema": {"type": "string"}, "description": text}
            for name, text in (filters | PAGING).items()]  # fmt: skip


_add("acled", events, EVENT)
_add("deleted", deleted, lists.DELETED)
_add("cast", forecasts, lists.CAST)
_add("actor", actors, lists.ACTOR)
_add("actortype", actor_types, lists.ACTOR_TYPE)
_add("country", countries, lists.COUNTRY)
_add("region", regions, lists.REGION)
