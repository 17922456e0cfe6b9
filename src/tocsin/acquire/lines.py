"""Report lines: JSON Lines with one report each.

In:  a stream of bytes, one JSON object per line: text, and perhaps id, title, published, source, source_scale,
     url, lang.
Out: a Draft per line, its text exactly as given; an Issue with file and line number for each line that is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import IO, Any

from tocsin.acquire.dates import iso_date
from tocsin.acquire.draft import STAGE, Draft
from tocsin.acquire.options import Options
from tocsin.acquire.streams import megabytes
from tocsin.errors import SourceError
from tocsin.model import Issue

KINDS = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}


def drafts(stream: IO[bytes], where: str, options: Options) -> Iterator[Draft | Issue]:
    """One draft or issue per line, in order; blank lines are skipped."""
    for number, line in _numbered(stream, options.max_bytes):
        here = f"{where}:{number}"
        try:
            if len(line) > options.max_bytes:
                raise SourceError(f"the line is longer than {megabytes(options.max_bytes)}; raise --max-bytes")
            if line.strip():
                yield draft_of(parse(line), here, is_dated=options.published is not None)
        except SourceError as error:
            yield Issue("error", STAGE, str(error), here)


def looks_like_lines(line: bytes) -> bool:
    """The line is a JSON object."""
    try:
        return bool(line.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and parse(line))
    except SourceError:
        return False


def parse(line: bytes) -> dict[str, Any]:
    """The object on a line; SourceError says what is there instead."""
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        shown = line[:40].decode("utf-8", "replace").strip()
        raise SourceError(f"not JSON ({error.msg} at column {error.colno}): found {shown!r}, {_EXPECTED}") from error
    except UnicodeDecodeError as error:
        raise SourceError("the line is not UTF-8; save the file as UTF-8") from error
    except (RecursionError, ValueError) as error:
        raise SourceError(f"JSON nested too deeply or with too large a number: {_EXPECTED}") from error
    if not isinstance(value, dict):
        raise SourceError(f"found {_kind(value)}, {_EXPECTED}")
    return value


_EXPECTED = 'expected an object with "text" on one line'


def draft_of(row: dict[str, Any], where: str, is_dated: bool = False) -> Draft:
    """The draft of one report line; SourceError names the field that is wrong."""
    text = _string(row, "text")
    if text is None:
        raise SourceError('the object has no "text", or an empty one; every report line needs it')
    return Draft(
        text=text,
        where=where,
        title=_string(row, "title"),
        published=None if is_dated else _published(row),
        source=_string(row, "source"),
        source_scale=_string(row, "source_scale"),
        url=_string(row, "url"),
        lang=_string(row, "lang"),
        id=_id(row),
    )


def _string(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise SourceError(f'"{name}" is {_kind(value)}, expected text in quotes')
    if value and not _is_encodable(value):
        raise SourceError(f'"{name}" holds half a character (a lone \\ud800 to \\udfff escape); write the file anew')
    return value if value and value.strip() else None


def _is_encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _id(row: dict[str, Any]) -> str | None:
    value = row.get("id")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _string(row, "id")


def _published(row: dict[str, Any]) -> date | None:
    value = row.get("published")
    if value is None or value == "":
        return None
    day = iso_date(value) if isinstance(value, str) else None
    if day is None:
        raise SourceError(f'"published" is {value!r:.60}, expected YYYY-MM-DD or an ISO date and time')
    return day


def _kind(value: object) -> str:
    return "null" if value is None else KINDS[type(value)]


def _numbered(stream: IO[bytes], limit: int) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers; of one that is too long the first `limit` + 1 bytes, the rest is skipped."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        yield number, line
        while len(line) > limit and not line.endswith(b"\n"):
            line = stream.readline(limit + 1)
