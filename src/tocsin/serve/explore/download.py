"""What is shown, as a file, in every form of export.

In:  the filter (events/asked.py) in the address, the form.
Out: the file, streamed as it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from queue import Queue
from threading import Thread
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import StreamingResponse

from tocsin import __version__
from tocsin.exchange.writers import FORMS, write
from tocsin.serve.access.people import Person
from tocsin.serve.access.rights import needs
from tocsin.serve.events.asked import Asked
from tocsin.serve.events.view import View

router = APIRouter(tags=["events"])
KINDS = {  # form -> ending, media type
    "acled-csv": ("csv", "text/csv; charset=utf-8"),
    "acled-json": ("json", "application/json"),
    "geojson": ("geojson", "application/geo+json"),
    "geojsonl": ("geojsonl", "application/x-ndjson"),
    "ucdp-csv": ("ucdp.csv", "text/csv; charset=utf-8"),
    "hapi-csv": ("hapi.csv", "text/csv; charset=utf-8"),
    "parquet": ("parquet", "application/vnd.apache.parquet"),
    "annotations": ("annotations.json", "application/ld+json"),
    "datapackage": ("zip", "application/zip"),
}
BLOCK = 1 << 16  # bytes that go out at once
AHEAD = 16  # blocks written before they are taken


@router.get("/export/{form}", response_class=StreamingResponse)
def download(request: Request, person: Annotated[Person, Depends(needs("reader"))], form: str) -> StreamingResponse:
    """The events of the filter in a form of export; filters as on the Explore page."""
    if form not in FORMS:
        raise HTTPException(404, f"There is no form {form[:40]!r}; there are {', '.join(FORMS)}.")
    view, asked = request.app.state.site.view(person), Asked.of(request.query_params)
    ending, kind = KINDS[form]
    headers = {"content-disposition": f'attachment; filename="events.{ending}"'}
    return StreamingResponse(written(view, asked, form), media_type=kind, headers=headers)


def written(view: View, asked: Asked, form: str) -> Iterator[bytes]:
    """The file in blocks. It is written in a thread of its own, never far ahead of who reads it."""
    blocks: Queue[bytes | Exception | None] = Queue(AHEAD)
    pipe = _Pipe(blocks)

    def fill() -> None:
        try:
            write(_rows(view, asked, form), pipe, form, about=about(asked))  # type: ignore[arg-type]
            pipe.flush()
            blocks.put(None)
        except _Left:
            return
        except Exception as error:  # told to who reads, whatever it was
            blocks.put(error)

    Thread(target=fill, daemon=True).start()
    try:
        while (block := blocks.get()) is not None:
            if isinstance(block, Exception):
                raise block
            yield block
    finally:
        pipe.left = True
        while not blocks.empty():
            blocks.get_nowait()


def _rows(view: View, asked: Asked, form: str) -> Iterator[Any]:
    if view.whole and asked == Asked() and form == "acled-csv":
        return view.store.export_rows()  # all of it: the fast way
    return view.rows(view.index.where(asked))


def about(asked: Asked) -> dict[str, Any]:
    """What the file says of itself."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"as_of": now, "query": asked.query() or "all", "code_version": __version__, "codebook_version": "ACLED",
            "since": asked.since, "until": asked.until}  # fmt: skip


class _Left(Exception):
    """Nobody reads any more."""


class _Pipe:
    """A file to write to, whose blocks go into a queue."""

    def __init__(self, blocks: Queue[bytes | Exception | None]) -> None:
        self.blocks, self.held, self.size, self.left = blocks, list[bytes](), 0, False

    def write(self, data: bytes) -> int:
        self.held.append(bytes(data))
        self.size += len(data)
        if self.size >= BLOCK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self.left:
            raise _Left
        if self.held:
            self.blocks.put(b"".join(self.held))
        self.held, self.size = [], 0

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        """Closed by its reader."""

    closed = False
