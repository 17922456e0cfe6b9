"""The map's tiles.

In:  the numbers of a tile and the filter (events/asked.py) in the address.
Out: a Mapbox vector tile, kept until the database changes.
"""

from __future__ import annotations

from collections import OrderedDict
from secrets import token_urlsafe
from threading import Lock
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from tocsin.serve.access.people import Person
from tocsin.serve.access.rights import needs
from tocsin.serve.events.asked import Asked
from tocsin.serve.events.index import Index, Mask
from tocsin.serve.explore.tiles import tile

router = APIRouter(tags=["tiles"])
DEEPEST = 16
START = token_urlsafe(6)  # of this process, whose indexes are numbered
T = TypeVar("T")
Reader = Annotated[Person, Depends(needs("reader"))]


class Kept:
    """The newest values by key, at most `size` of them."""

    def __init__(self, size: int) -> None:
        self.size, self.lock = size, Lock()
        self.held: OrderedDict[object, object] = OrderedDict()

    def get(self, key: object) -> object | None:
        with self.lock:
            if key in self.held:
                self.held.move_to_end(key)
            return self.held.get(key)

    def put(self, key: object, value: T) -> T:
        with self.lock:
            self.held[key] = value
            while len(self.held) > self.size:
                self.held.popitem(last=False)
        return value


MASKS, TILES = Kept(16), Kept(2000)


@router.get("/tiles/{z}/{x}/{y}.mvt", response_class=Response)
def vector_tile(request: Request, person: Reader, z: int, x: int, y: int) -> Response:
    """Events of a tile (Mapbox vector tile, layer `events`); filters as on the Explore page."""
    if not (0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z):
        raise HTTPException(404, f"There is no tile {z}/{x}/{y}.")
    view, asked = request.app.state.site.view(person), Asked.of(request.query_params)
    index = view.index
    headers = {"cache-control": "private, no-cache", "etag": f'"{START}-{index.number}"'}
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(None, 304, headers)
    found = tile_of(index, asked, z, x, y)
    return Response(found, media_type="application/vnd.mapbox-vector-tile", headers=headers)


def tile_of(index: Index, asked: Asked, z: int, x: int, y: int) -> bytes:
    """The tile, worked out once."""
    key = (index.number, asked, z, x, y)
    found = TILES.get(key)
    if found is None:
        found = TILES.put(key, tile(index, mask_of(index, asked), z, x, y))
    assert isinstance(found, bytes)
    return found


def mask_of(index: Index, asked: Asked) -> Mask:
    """The mask, worked out once for all tiles of a view."""
    key = (index.number, asked)
    found = MASKS.get(key)
    return found if found is not None else MASKS.put(key, index.where(asked))  # type: ignore[return-value]
