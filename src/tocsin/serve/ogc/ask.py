"""Which features a client of OGC's API asks for.

In:  an Index, the parameters of an address.
Out: the mask of the events, and the page. UsageError says what is wrong with the first wrong parameter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_

import numpy as np
from starlette.datastructures import QueryParams

from tocsin.errors import UsageError
from tocsin.serve.api.openapi import DAY, TEXT, WHOLE, parameter
from tocsin.serve.events.index import NO_DAY, Index, Mask, day_number
from tocsin.serve.ogc.cql import where
from tocsin.serve.ogc.queryables import QUERYABLES, box, day, equal, number

LIMIT, MOST = 100, 10_000  # features of a page: if nobody says, and at most
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
FURTHEST = 10**9  # offset
_TYPES = {"number": {"type": "number"}, "text": TEXT, "day": DAY, "truth": {"type": "boolean"}}
_FIELDS = {name: each for name, each in QUERYABLES.items() if each.kind != "place"}  # that an address may name
PARAMETERS = [
    parameter("bbox", {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
              "west,south,east,north in degrees, or six numbers with heights; west > east crosses the date line."),
    parameter("datetime", TEXT, "A day, a moment, or an interval a/b whose ends may be open (..)."),
    parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}, "Features of a page."),
    parameter("cursor", TEXT, "Where the page begins, as the link to it says."),
    parameter("offset", WHOLE | {"maximum": FURTHEST}, "How many features to leave out; links to pages do without."),
    parameter("filter", TEXT, "A filter in CQL2."),
    parameter("filter-lang", TEXT | {"enum": ["cql2-text"]}, "The language of the filter."),
    parameter("filter-crs", TEXT | {"enum": [CRS84]}, "The coordinates of the filter."),
    parameter("f", TEXT | {"enum": ["json", "geojson"]}, "The form: GeoJSON, always."),
    *(parameter(name, _TYPES[each.kind], f"{each.title}: this value.") for name, each in _FIELDS.items()),
]  # fmt: skip
_ALLOWED = {each["name"]: each["schema"]["enum"] for each in PARAMETERS if "enum" in each["schema"]}


@dataclass(frozen=True, slots=True)
class Items:
    """A page of the events of a mask."""

    mask: Mask
    limit: int
    cursor: str | None
    offset: int


def asked_for(index: Index, query: QueryParams) -> Items:
    """All that is given must hold."""
    for name, allowed in _ALLOWED.items():
        if (value := query.get(name, allowed[0])) not in allowed:
            raise UsageError(f"{name}: found {value[:60]!r}, expected {' or '.join(allowed)}.")
    mask = reduce(and_, _masks(index, query), np.ones(len(index), bool))
    limit = min(_whole(query, "limit", LIMIT, least=1), MOST)
    return Items(mask, limit, query.get("cursor"), min(_whole(query, "offset", 0, least=0), FURTHEST))


def _masks(index: Index, query: QueryParams) -> Iterator[Mask]:
    for name, value in query.multi_items():
        if name == "bbox":
            yield box(index, name, _numbers(value))
        elif name == "datetime":
            yield _within(index, value)
        elif name == "filter":
            yield where(index, value)
        elif name in _FIELDS:
            yield equal(index, name, value)


def _within(index: Index, text: str) -> Mask:
    """Events of the days that an instant or an interval touches."""
    ends = text.split("/")
    if len(ends) > 2 or (len(ends) == 1 and text in ("", "..")):
        raise UsageError(f"datetime: found {text[:60]!r}, expected a day, a moment, or an interval a/b, a/.. or ../b.")
    first, last = (None if each in ("", "..") else day_number(day(each).isoformat()) for each in (ends[0], ends[-1]))
    if first is not None and last is not None and first > last:
        raise UsageError(f"datetime: found {text[:60]!r}, whose end is before its start.")
    days = index.days
    mask: Mask = days != NO_DAY
    if first is not None:
        mask &= days >= first
    if last is not None:
        mask &= days <= last
    return mask


def _numbers(text: str) -> list[float]:
    try:
        return [number(part) for part in text.split(",")]
    except ValueError:
        raise UsageError(f"bbox: found {text[:60]!r}, expected west,south,east,north in degrees.") from None


def _whole(query: QueryParams, name: str, usual: int, *, least: int) -> int:
    text = query.get(name, str(usual))
    if not (text.isascii() and text.isdigit()) or len(text) > 12 or int(text) < least:
        raise UsageError(f"{name}: found {text[:40]!r}, expected a whole number from {least}.")
    return int(text)
