"""UCDP GED's 49 columns, for events that UCDP would know: a death, a place, two sides.

In:  event rows.
Out: CSV; numbers that only UCDP gives (conflicts, dyads, Gleditsch-Ward) are empty. low <= best <= high always.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from hashlib import blake2b
from math import floor
from typing import Any, BinaryIO

from tocsin.exchange.writers.files import AnyRow, Row, as_dict, as_tuple, write_table

NAMES = """id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name
    dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b
    number_of_sources source_article source_office source_date source_headline source_original where_prec
    where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region
    event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa
    gwnob"""
COLUMNS = tuple(NAMES.split())
STATE, ONE_SIDED, NON_STATE = 1, 3, 2
UNARMED = ("Civilians", "Protesters")
FORCES = re.compile(r"^(?:Military|Police) Forces of (.+?)(?: \(.*)?$|^Government of (.+?)(?: \(.*)?$")
EVENT_ID = re.compile(r"[A-Z]{3}(\d{1,12})")
WEEK = timedelta(days=3)
DATE_PREC = {1: 1, 2: 3, 3: 4}
TOWN_KM = 25.0  # what UCDP calls near
REGIONS = {"Africa": "Africa", "Middle East": "Middle East", "Europe": "Europe", "America": "Americas",
           "Caribbean": "Americas", "Asia": "Asia", "Oceania": "Asia"}  # fmt: skip


def write_csv(rows: Iterable[AnyRow], out: BinaryIO, about: Mapping[str, Any]) -> int:
    return write_table((as_tuple(row, COLUMNS) for row in converted(rows)), out, COLUMNS)


def converted(rows: Iterable[AnyRow]) -> Iterator[Row]:
    """The events that UCDP would know, in its columns."""
    for row in map(as_dict, rows):
        kind, (low, best, high) = type_of_violence(row), deaths(row)
        if kind and best and row["event_date"] and row["country"] and None not in (row["latitude"], row["longitude"]):
            yield {**_sides(row, kind), **_place(row), **_days(row), **_about(row), "type_of_violence": kind,
                   "low": low, "best": best, "high": high, "deaths_a": 0, "deaths_b": 0,
                   "deaths_civilians": best if kind == ONE_SIDED else 0,
                   "deaths_unknown": 0 if kind == ONE_SIDED else best}  # fmt: skip


def type_of_violence(row: Row) -> int | None:
    """1 state-based, 2 non-state, 3 one-sided; None for what UCDP does not know."""
    if not row["actor1"] or not row["actor2"]:
        return None
    armed = [inter for inter in (row["inter1"], row["inter2"]) if inter not in UNARMED]
    if len(armed) == 1:
        return ONE_SIDED
    if len(armed) != 2 or row["event_type"] not in ("Battles", "Explosions/Remote violence"):
        return None
    return STATE if any(government(row[actor]) for actor in ("actor1", "actor2")) else NON_STATE


def deaths(row: Row) -> tuple[int, int, int]:
    """low <= best <= high."""
    best = row.get("fatalities_best")
    best = (row["fatalities"] or 0) if best is None else best
    low, high = row.get("fatalities_low"), row.get("fatalities_high")
    return min(best if low is None else low, best), best, max(best if high is None else high, best)


def government(actor: str) -> str | None:
    """'Military Forces of Mali (2021-)' -> 'Government of Mali'; None for who is no state."""
    found = FORCES.match(actor)
    return f"Government of {found[1] or found[2]}" if found else None


def priogrid(latitude: float, longitude: float) -> int:
    """The half-degree cell of PRIO-GRID, 1 to 259,200."""
    row, column = min(floor((latitude + 90) * 2), 359), min(floor((longitude + 180) * 2), 719)
    return row * 720 + column + 1


def _sides(row: Row, kind: int) -> Row:
    """The government first; in one-sided violence the armed side first."""
    one, two = (government(row[actor]) or row[actor] for actor in ("actor1", "actor2"))
    if kind == ONE_SIDED:
        one, two = (two if row["inter1"] in UNARMED else one), "Civilians"
    elif kind == STATE and not government(row["actor1"]):
        one, two = two, one
    return {"side_a": one, "side_b": two, "dyad_name": f"{one} - {two}"}


def _place(row: Row) -> Row:
    lat, lon = row["latitude"], row["longitude"]
    near = (row.get("place_radius_km") or TOWN_KM) <= TOWN_KM
    region = next((ours for word, ours in REGIONS.items() if word in (row["region"] or "")), None)
    return {
        "where_prec": {1: 1, 2: 2 if near else 3, 3: 4}.get(row["geo_precision"]),
        "where_coordinates": row["location"], "adm_1": row["admin1"], "adm_2": row["admin2"],
        "latitude": lat, "longitude": lon, "geom_wkt": f"POINT ({lon} {lat})", "priogrid_gid": priogrid(lat, lon),
        "country": row["country"], "region": region,
    }  # fmt: skip


def _days(row: Row) -> Row:
    """First and last day that the date may mean."""
    day, precision = date.fromisoformat(row["event_date"]), row["time_precision"]
    first = last = day
    if precision == 2:
        first, last = day - WEEK, day + WEEK
    elif precision == 3:
        first, last = day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return {"year": day.year, "date_prec": DATE_PREC.get(precision), "date_start": first.isoformat(),
            "date_end": last.isoformat()}  # fmt: skip


def _about(row: Row) -> Row:
    sources = [name for name in (row["source"] or "").split("; ") if name]
    return {
        "id": number(row), "relid": row["event_id_cnty"], "code_status": "Clear", "event_clarity": 1,
        "number_of_sources": len(sources) or -1, "source_office": row["source"], "source_article": row["source"],
        "where_description": row["notes"],
    }  # fmt: skip


def number(row: Row) -> int:
    """UCDP's ids are numbers: the country's, then the event's own; of an id of another form its hash."""
    name = row["event_id_cnty"] or ""
    if (found := EVENT_ID.fullmatch(name)) and row["iso"]:
        return int(row["iso"]) * 10**12 + int(found[1])
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") >> 1
