"""Answers in the form that ACLED's clients read: an envelope around the rows, a table, or what went wrong.

In:  rows as tuples, in parts; the names of their columns.
Out: blocks of JSON or CSV; an error as {"status", "success": false, "error": [{"status", "message"}]}.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, StreamingResponse

from tocsin.codebook import inter_number
from tocsin.errors import TocsinError, UsageError
from tocsin.exchange.writers.files import NUMBERS, write_table
from tocsin.serve.acled.query import Wanted, numbers_of
from tocsin.store.errors import StoreError

Part = list[tuple[Any, ...]]
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"description": "Something that was sent is wrong."},
    401: {"description": "Log in first."},
    403: {"description": "Not for this person or token."},
    429: {"description": "Too many requests."},
}  # for the documentation
AT_ONCE = 10_000  # rows; more are sent as they are read
NULL = NUMBERS | {
    "event_date",
    "first_event_date",
    "last_event_date",
    "deleted_timestamp",
    "event_count",
    "mal_actor_id",
}
PACK = json.JSONEncoder(ensure_ascii=False).encode
OTHER = {"actor1": "actor2", "assoc_actor_1": "assoc_actor_2", "inter1": "inter2"}  # the sides of an event
SIDES = OTHER | {second: first for first, second in OTHER.items()}


def answered(parts: Iterable[Part], wanted: Wanted, about: dict[str, Any], name: str) -> Response:
    """The rows as asked for: streamed, if there may be many. `about`: what the envelope says besides."""
    filename = f"{name}.{'csv' if wanted.csv else 'json'}"
    kind = "text/csv; charset=utf-8" if wanted.csv else "application/json"
    headers = {"cache-control": "private, no-cache"}
    if wanted.csv:
        headers["content-disposition"] = f'attachment; filename="{filename}"'
    blocks = _csv(parts, wanted.fields) if wanted.csv else _json(parts, wanted, {**about, "filename": filename})
    if 0 < wanted.limit <= AT_ONCE:
        return Response(b"".join(blocks), media_type=kind, headers=headers)
    return StreamingResponse(blocks, media_type=kind, headers=headers)


def _json(parts: Iterable[Part], wanted: Wanted, about: dict[str, Any]) -> Iterator[bytes]:
    """The envelope; the count of its rows comes after them, so that they can be streamed."""
    head = {"status": 200, "success": True, **about, "messages": list(wanted.messages)}
    yield (PACK(head)[:-1] + ', "data": [').encode()
    count = 0
    for part in parts:
        if part:
            yield (b",\n" if count else b"\n") + _objects(part, wanted.fields).encode("utf-8", "replace")
            count += len(part)
    yield f'\n], "count": {count}}}'.encode()


def _objects(part: Part, names: Sequence[str]) -> str:
    """Column by column, and each different value once: quicker than row by row."""
    columns = []
    for name, cells in zip(names, zip(*part, strict=True), strict=True):
        nothing = "null" if name in NULL else '""'
        told = {cell: f'"{name}": {nothing if cell is None else PACK(cell)}' for cell in set(cells)}
        columns.append(map(told.__getitem__, cells))
    return "{" + "},\n{".join(map(", ".join, zip(*columns, strict=True))) + "}"


def _csv(parts: Iterable[Part], names: Sequence[str]) -> Iterator[bytes]:
    out, head = BytesIO(), names
    write_table((), out, head)
    yield out.getvalue()
    for part in parts:
        out = BytesIO()
        write_table(part, out, ())
        yield out.getvalue()


def shaped(wanted: Wanted) -> tuple[tuple[str, ...], Callable[[Part], Part]]:
    """The columns to read, and what makes the rows asked for out of them."""
    names = wanted.fields
    if wanted.monadic:
        names = (*names, *(each for each in ("actor1", *SIDES) if each not in names))
    names = tuple(dict.fromkeys((*names, *(SIDES[each] for each in names if wanted.monadic and each in SIDES))))

    def shape(part: Part) -> Part:
        part = _by_actor(part, names) if wanted.monadic else part
        part = _numbered(part, names) if wanted.numeric else part
        return [row[: len(wanted.fields)] for row in part] if len(names) > len(wanted.fields) else part

    return names, shape


def _by_actor(part: Part, names: Sequence[str]) -> Part:
    """One row for each main actor, who stands first in it."""
    at = {name: place for place, name in enumerate(names)}
    turned = [at[SIDES.get(name, name)] for name in names]
    rows: Part = []
    for row in part:
        if row[at["actor1"]] or not row[at["actor2"]]:
            rows.append(row)
        if row[at["actor2"]]:
            rows.append(tuple(row[place] for place in turned))
    return rows


def _numbered(part: Part, names: Sequence[str]) -> Part:
    """Kinds of actors as numbers; a kind that is not ACLED's stays as it is."""
    if not part:
        return part
    columns = dict(zip(names, zip(*part, strict=True), strict=True))
    for name in ("inter1", "inter2", "interaction"):
        if name in columns:
            told = {cell: _number(name, cell) for cell in set(columns[name])}
            columns[name] = tuple(map(told.__getitem__, columns[name]))
    return list(zip(*columns.values(), strict=True))


def _number(name: str, cell: Any) -> Any:
    if not cell:
        return 0
    if name == "interaction":
        return numbers_of(name).get(cell, cell)
    try:
        return inter_number(cell)
    except UsageError:
        return cell


class AcledRoute(APIRoute):
    """A route whose errors have the form that ACLED's clients look for."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                answer: Response = await handle(request)
            except HTTPException as error:
                return refused(error.status_code, str(error.detail), error.headers)
            except RequestValidationError as error:
                where = ".".join(str(each) for each in error.errors()[0]["loc"])
                return refused(400, f"{where}: {error.errors()[0]['msg']}.")
            except StoreError as error:
                return refused(503, str(error))
            except TocsinError as error:
                return refused(400, str(error))
            return answer

        return handled


def refused(status: int, message: str, headers: Any = None, more: Mapping[str, Any] | None = None) -> Response:
    """What went wrong: a list, as the clients expect. `more`: what OAuth's own clients look for."""
    told = {"status": status, "success": False, "count": 0, "messages": [message], "data": []}
    errors = [{"status": status, "message": message}]
    return JSONResponse({**told, "error": errors, **(more or {})}, status, headers)
