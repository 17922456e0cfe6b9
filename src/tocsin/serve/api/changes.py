"""What changed since a program last asked: as a list to fetch, and as a stream of server-sent events.

In:  the cursor that the last answer gave: the number of a change of the database.
Out: each event that changed since, once, as it changed last; events that are no more. Who sees only what is public is
     told of the events alone that he may see.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response, StreamingResponse

from tocsin.errors import UsageError
from tocsin.serve.access.rights import who
from tocsin.serve.api.changed import Since, changed_since
from tocsin.serve.api.events import Reader, answer, seen
from tocsin.serve.api.openapi import ApiRoute, refusals
from tocsin.serve.api.watch import Watch
from tocsin.serve.events.read import last_change
from tocsin.serve.explore.vector import Kept

router = APIRouter(prefix="/api/v1", tags=["changes"], route_class=ApiRoute, responses=refusals(400, 401, 403))
LIMIT, MOST = 500, 5000
READERS = 200  # of the stream at once
HEARTBEAT = 15.0  # seconds of silence after which a reader is told that we are still here
CURSOR = r"^[0-9]{1,18}(~[0-9A-Za-z_]{1,40})?$"
Limit = Annotated[int, Query(ge=1, le=MOST, description="Events at most.")]
PAGES = Kept(64)  # the same page is worked out once for all readers


class ChangedEvent(BaseModel):
    """An event as it changed last. `by`, `why` and `merged_into` are for those alone who may see all."""

    change: int = Field(description="The change of the database that made it what it is.")
    at: str = Field(description="When.")
    event: str
    version: int
    ended: bool = Field(description="It is no longer an event: joined with another, rejected, or no longer reported.")
    merged_into: str | None
    why: str | None
    by: str | None


class Changes(BaseModel):
    """Events that changed, in the order of their changes."""

    changes: list[ChangedEvent]
    next: str = Field(description="What `since` says next time; it stays the same while nothing changes.")
    more: bool = Field(description="Is there more to fetch now?")


@router.get("/changes", response_model=Changes)
def changes(
    request: Request,
    person: Reader,
    since: Annotated[str, Query(pattern=CURSOR, description="0, or `next` of the answer before.")] = "0",
    limit: Limit = LIMIT,
) -> Response:
    """Events that changed or ended since."""
    return answer(_page(request, person, since, limit))


@router.get("/changes/stream", response_class=StreamingResponse,
            responses={200: {"description": "Server-sent events named `changes`; the data are as of /changes.",
                             "content": {"text/event-stream": {"schema": {"type": "string"}}}}})  # fmt: skip
async def stream(
    request: Request,
    person: Reader,
    since: Annotated[str | None, Query(pattern=CURSOR, description="From now on, if nothing is said.")] = None,
    last_event_id: Annotated[str | None, Header(description="The last one seen; goes before `since`.")] = None,
) -> StreamingResponse:
    """The same as it happens. After a break, browsers go on where they were by themselves."""
    watch = _watch(request)
    if watch.readers >= READERS:
        raise HTTPException(
            503, f"{READERS} programs listen already; fetch /api/v1/changes instead.", {"Retry-After": "60"}
        )
    cursor = last_event_id or since
    if cursor is not None and not re.fullmatch(CURSOR, cursor):
        raise UsageError(f"last-event-id: found {cursor[:40]!r}, expected the id of an event of this stream.")
    request.scope["ending"] = watch.close  # the server calls it when it stops (access/slow.py)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_told(request, watch, cursor), media_type="text/event-stream", headers=headers)


async def _told(request: Request, watch: Watch, cursor: str | None) -> AsyncIterator[str]:
    """Nobody's thread waits: one look a second at the database serves all readers."""
    async with watch.reading():
        if cursor is None:
            cursor = str(await asyncio.to_thread(last_change, watch.store))
        begun = False
        while not watch.closed:
            seen_now = watch.last
            async with watch.one_at_a_time:
                found = await asyncio.to_thread(_again, request, cursor)
            if found is None:
                return
            if found["changes"] or not begun:
                yield f"id: {found['next']}\nevent: changes\ndata: {json.dumps(found)}\n\n"
            cursor, begun = found["next"], True
            while not found["more"] and not watch.closed and not await watch.beyond(seen_now, HEARTBEAT):
                yield ": still here\n\n"


def _again(request: Request, cursor: str) -> dict[str, Any] | None:
    """The next page; None if the reader may no longer see anything."""
    person = who(request)
    if person is None or "read" not in person.scopes:
        return None
    return _page(request, person, cursor, LIMIT)


def _page(request: Request, person: Any, since: str, limit: int) -> dict[str, Any]:
    view = seen(request, person)
    key = (view.store.name, view.whole, view.index.changed, since, limit)
    found = PAGES.get(key)
    if found is None:
        found = PAGES.put(key, changed_since(view, Since.of(since), limit))
    assert isinstance(found, dict)
    return found


def _watch(request: Request) -> Watch:
    state = request.app.state
    if not hasattr(state, "watch"):
        state.watch = Watch(state.site.store)
    found: Watch = state.watch
    return found
