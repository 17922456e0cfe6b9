"""The page on which people look at all events: map, timeline, table, linked by one filter in the address.

In:  the filter (events/asked.py) in the address.
Out: the page, and what it asks for when the filter changes.
"""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, HTTPException, Request
from numpy.typing import NDArray
from starlette.responses import HTMLResponse, Response

from tocsin.serve.access.people import Person
from tocsin.serve.access.rights import needs
from tocsin.serve.events.asked import Asked
from tocsin.serve.events.index import NO_DAY, Index, Mask, day_of
from tocsin.serve.events.view import View
from tocsin.serve.explore.vector import Kept, mask_of
from tocsin.serve.jsons import packed
from tocsin.serve.pages import page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs("reader"))]
FORMS = (
    ("acled-csv", "ACLED columns (CSV)"),
    ("acled-json", "ACLED columns (JSON)"),
    ("geojson", "GeoJSON"),
    ("geojsonl", "GeoJSON, a line each"),
    ("parquet", "Parquet"),
    ("ucdp-csv", "UCDP GED (CSV)"),
    ("hapi-csv", "HAPI, HXL (CSV)"),
    ("annotations", "Quotes (W3C annotations)"),
    ("datapackage", "Data package (ZIP)"),
)
SUGGESTED = 12
SHORTEST = 30  # days that the timeline shows at least
SHOWN = 50  # events in the table at once
COLUMNS = ("event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "actor2", "location", "admin1",
           "country", "geo_precision", "fatalities", "source", "civilian_targeting")  # fmt: skip
ANSWERS = Kept(200)
SIDE = ("country", "event_type", "sub_event_type", "admin1")


@router.get("/")
def explore(request: Request, person: Reader) -> HTMLResponse:
    asked = Asked.of(request.query_params)
    return page(request, "explore", asked=asked, forms=FORMS)


@router.get("/explore/event/{event_id}")
def event(request: Request, person: Reader, event_id: str) -> dict[str, Any]:
    """What the map says of one event."""
    found: list[dict[str, Any]] = request.app.state.site.view(person).named([event_id], COLUMNS)
    if not found:
        raise HTTPException(404, f"There is no event {event_id[:40]}.")
    return found[0]


@router.get("/explore/actors")
def actors(request: Request, person: Reader, part: str) -> list[str]:
    """Names of actors with this part, those of most events first."""
    names = request.app.state.site.view(person).index.names
    found: Counter[str] = Counter()
    for name in ("actor1", "actor2"):
        column = names[name]
        found.update(dict(column.counts(column.having(part))))
    return [name for name, _ in found.most_common(SUGGESTED)]


@router.get("/explore/data")
def data(request: Request, person: Reader, offset: int = 0) -> Response:
    """All that the page shows besides the map: counts, the timeline, the first events. Kept until something changes."""
    view, asked = request.app.state.site.view(person), Asked.of(request.query_params)
    return Response(answer(view, asked, offset), media_type="application/json")


def answer(view: View, asked: Asked, offset: int = 0) -> bytes:
    key = (view.index.number, asked, offset)
    found = ANSWERS.get(key)
    if found is None:
        found = ANSWERS.put(key, packed(_data(view, asked, offset)))
    assert isinstance(found, bytes)
    return found


def _data(view: View, asked: Asked, offset: int) -> dict[str, Any]:
    index = view.index
    mask = mask_of(index, asked)
    rows = np.flatnonzero(mask)
    known = index.fatalities[rows]
    return {
        "events": len(rows),
        "of": len(index),
        "fatalities": int(known[known > 0].sum()),
        "timeline": timeline(index, mask),
        "counts": {name: index.names[name].counts(mask)[:300] for name in SIDE},
        "bounds": bounds(index, rows),
        "rows": view.named(index.ids[rows[offset : offset + SHOWN]].tolist(), COLUMNS),
        "offset": offset,
    }


def timeline(index: Index, mask: Mask) -> dict[str, Any]:
    """Events of each type in each week, month or year: as many steps as can be told apart."""
    days, types = index.days[mask], index.names["event_type"].codes[mask]
    known = days != NO_DAY
    if not known.any():
        return {"step": "week", "starts": [], "types": {}}
    first, last = int(days[known].min()), int(days.max())
    spare = max(0, SHORTEST - (last - first))  # one event alone is no bar as wide as the page
    first, last = first - spare // 2, last + spare - spare // 2
    step = "day" if last - first <= 92 else "week" if last - first <= 1100 else "month"
    if step == "month":
        number = index.once(_months)[mask] - _month(first)
    else:
        number = (days - first) // (7 if step == "week" else 1)
    months, values = _month(last) - _month(first), index.names["event_type"].values
    steps = 1 + (months if step == "month" else (last - first) // (7 if step == "week" else 1))
    table = np.bincount((types * steps + number)[known], minlength=len(values) * steps).reshape(-1, steps)
    counts = {value: line.tolist() for value, line in zip(values, table, strict=True) if line.any()}
    return {"step": step, "starts": [_start(step, first, each) for each in range(steps)], "types": counts}


def _months(index: Index) -> NDArray[np.int32]:
    """The month of each event, since 1970."""
    return index.days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int32)


def bounds(index: Index, rows: np.ndarray[Any, Any]) -> list[float] | None:
    """West, south, east, north of the events."""
    x, y = index.longitude[rows], index.latitude[rows]
    known = ~np.isnan(x)
    if not known.any():
        return None
    return [float(each) for each in (x[known].min(), y[known].min(), x[known].max(), y[known].max())]


def _month(day: int) -> int:
    return int(np.datetime64(day, "D").astype("datetime64[M]").astype(np.int64))


def _start(step: str, first: int, number: int) -> str:
    if step == "month":
        return str(np.datetime64(_month(first) + number, "M")) + "-01"
    return day_of(first + number * (7 if step == "week" else 1))
