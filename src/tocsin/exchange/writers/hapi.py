"""The monthly table of conflict events that OCHA's HAPI takes.

In:  event rows, in any order; one without a day or a country is left out.
Out: 19 columns, UTF-8 with BOM, a row for each unit, month and event type, zeros too. Types overlap: never add them.
     In memory: one count for each unit, month and type. about: `admin_level` 0 or 2 (default), `since`, `until`,
     `hxl` for a row of HXL hashtags under the header.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from tocsin.countries import by_name
from tocsin.exchange.hxl import hapi_tags
from tocsin.exchange.writers.files import AnyRow, Row, as_dict, as_tuple, write_table

NAMES = """location_code has_hrp in_gho provider_admin1_name provider_admin2_name admin1_code admin1_name admin2_code
    admin2_name admin_level event_type events fatalities reference_period_start reference_period_end dataset_hdx_id
    resource_hdx_id warning error"""
COLUMNS = tuple(NAMES.split())
TYPES = ("civilian_targeting", "demonstration", "political_violence")
BOM = b"\xef\xbb\xbf"

Unit = tuple[str, str, str]  # ISO alpha-3, admin1, admin2; "" where the level or the name is missing


def write_csv(rows: Iterable[AnyRow], out: BinaryIO, about: Mapping[str, Any]) -> int:
    level = int(about.get("admin_level", 2))
    events, deaths = counted(rows, level)
    out.write(BOM)
    found = _records(events, deaths, level, about)
    tags = hapi_tags(COLUMNS) if about.get("hxl") else ()
    return write_table((as_tuple(row, COLUMNS) for row in found), out, COLUMNS, tags)


def counted(rows: Iterable[AnyRow], level: int) -> tuple[Counter[Any], Counter[Any]]:
    """Events and deaths by (unit, month, type); a unit is there with type "" even if no type fits."""
    events: Counter[Any] = Counter()
    deaths: Counter[Any] = Counter()
    for row in map(as_dict, rows):
        home = by_name(row["country"], "en") if row["country"] else None
        if home and row["event_date"]:
            unit = (home.iso3, row["admin1"] or "", row["admin2"] or "") if level else (home.iso3, "", "")
            for kind in ("", *types(row)):
                events[unit, row["event_date"][:7], kind] += 1
                deaths[unit, row["event_date"][:7], kind] += row["fatalities"] or 0
    return events, deaths


def types(row: Row) -> list[str]:
    """The event types that the event counts for: none, one or several."""
    disorder = row["disorder_type"] or ""
    fits = (bool(row["civilian_targeting"]), "Demonstrations" in disorder, "Political violence" in disorder)
    return [kind for kind, yes in zip(TYPES, fits, strict=True) if yes]


def _records(events: Counter[Any], deaths: Counter[Any], level: int, about: Mapping[str, Any]) -> Iterator[Row]:
    seen = [month for _, month, _ in events]
    first = str(about.get("since") or min(seen, default=""))[:7]
    last = str(about.get("until") or max(seen, default=""))[:7]
    for unit in sorted({unit for unit, _, _ in events}):
        for month in months(first, last):
            for kind in TYPES:
                key = (unit, month, kind)
                dead = None if kind == "demonstration" else deaths[key]
                yield {**_unit(unit, level), **_month(month), "event_type": kind, "events": events[key],
                       "fatalities": dead}  # fmt: skip


def months(first: str, last: str) -> Iterator[str]:
    """Each month from "2022-11" to "2023-02"."""
    year, month = map(int, first.split("-"))
    while (found := f"{year:04}-{month:02}") <= last:
        yield found
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _unit(unit: Unit, level: int) -> Row:
    iso3, admin1, admin2 = unit
    names = {"provider_admin1_name": admin1, "provider_admin2_name": admin2}
    return {"location_code": iso3, "admin_level": level, **names}


def _month(month: str) -> Row:
    last = monthrange(*map(int, month.split("-")))[1]
    return {"reference_period_start": f"{month}-01", "reference_period_end": f"{month}-{last:02}"}
