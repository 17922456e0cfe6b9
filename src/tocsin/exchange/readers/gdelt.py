"""Read GDELT's event files, 2.0 and 1.0.

In:  a Table of GDELT's 61 or 58 columns; data/cameo.csv, fips.csv and gdelt.toml put its codes into ACLED's words.
Out: claim rows of what ACLED covers and GDELT places better than in a country; an Issue counts what is left out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from tocsin.codebook import inter_label, taxonomy
from tocsin.codebook.naming import generic
from tocsin.codebook.tables import read
from tocsin.countries import country
from tocsin.errors import DataError, SourceError
from tocsin.exchange.readers import cells
from tocsin.exchange.readers.cells import BadCell, Read
from tocsin.exchange.readers.files import Lines, Table, records
from tocsin.exchange.readers.rows import LeftOut, Row, claim_row, plan, rows, types_of
from tocsin.model import Issue

DATA = Path(__file__).parent / "data"
RULE = "import.gdelt"
NEEDED = ("GLOBALEVENTID", "SQLDATE", "EventCode")
TEXTS = (
    *("GLOBALEVENTID", "EventCode", "SOURCEURL", "DATEADDED"),
    *("Actor1Name", "Actor2Name", "Actor1CountryCode", "Actor2CountryCode", "Actor1Type1Code", "Actor2Type1Code"),
    *("ActionGeo_Type", "ActionGeo_FullName", "ActionGeo_CountryCode", "ActionGeo_Lat", "ActionGeo_Long"),
)
OTHER_CODE = "no protest or violence that ACLED codes"
ONLY_COUNTRY = "placed no better than in a country"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a CAMEO code is in ACLED's words; no sub-event type: it is left out."""

    sub_event_type: str | None
    actor1: str | None  # "Protesters" or "Rioters"


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """The three data files."""

    columns: tuple[str, ...]
    older_columns: tuple[str, ...]
    places: Mapping[int, Mapping[str, Any]]
    inter: Mapping[str, str]
    codes: Mapping[str, Meaning]
    countries: Mapping[str, str]


def load_crosswalk(folder: Path) -> Crosswalk:
    """Read and check gdelt.toml, cameo.csv and fips.csv in a folder."""
    table = read(folder / "gdelt.toml")
    data = table.data
    places = {row.get("code", int): row.values for row in table.rows("place", ("code", "geo_precision", "radius_km"))}
    return Crosswalk(
        tuple(data["columns"]),
        tuple(name for name in data["columns"] if name not in data["not_in_58"]),
        places,
        {code: inter_label(name) for code, name in data["inter"].items()},
        {row["code"]: _meaning(row, where) for where, row in _lines(folder / "cameo.csv")},
        {row["fips"]: _home(row, where) for where, row in _lines(folder / "fips.csv")},
    )


def _lines(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from ((f"{path}:{line}", row) for line, row in enumerate(csv.DictReader(lines), 2))


def _meaning(row: Mapping[str, str], where: str) -> Meaning:
    sub = row["sub_event_type"]
    if sub and sub not in taxonomy().sub_event_types:
        raise DataError(f"{where}: found {sub!r}, expected one of {', '.join(taxonomy().sub_event_types)}")
    return Meaning(sub or None, row["actor1"] or None)


def _home(row: Mapping[str, str], where: str) -> str:
    if not (found := country(row["iso3"])):
        raise DataError(f"{where}: found {row['iso3']!r}, expected ISO alpha-3")
    return found.name


@cache
def crosswalk() -> Crosswalk:
    return load_crosswalk(DATA)


def gdelt_table(stream: IO[bytes]) -> Table:
    """The records of a file without a header, under the names of its columns; their number tells the version."""
    lines = Lines(stream)
    found = records(lines, iter(lines), delimiter="\t", quoting=csv.QUOTE_NONE)
    first = next(found, None)
    cross = crosswalk()
    versions = {len(each): each for each in (cross.columns, cross.older_columns)}
    if first is None:
        return Table(cross.columns, (), found)
    if isinstance(first[1], str) or len(first[1]) not in versions:
        expected = " or ".join(map(str, versions))
        raise SourceError(f"the first line has not {expected} columns with tabs between, as GDELT's have")
    return Table(versions[len(first[1])], (), chain([first], found))


@lru_cache(4096)
def meaning(code: str) -> Meaning:
    """What the longest known beginning of a code means."""
    known = crosswalk().codes
    lengths = range(len(code), 1, -1)
    return next((known[code[:length]] for length in lengths if code[:length] in known), Meaning(None, None))


def readers() -> dict[str, Read]:
    """How to read the columns that are used; most rows are left out by their code, so places wait for `finish`."""
    return {**dict.fromkeys(TEXTS, cells.text), "SQLDATE": cells.day(("%Y%m%d",))}


def read_gdelt(table: Table, where: str, dataset: str) -> Iterator[Row | Issue]:
    """The rows of a GDELT file."""
    yield from rows(table, plan(table.header, readers(), NEEDED, finish), where, dataset)


def finish(stated: Row) -> Row:
    """The claim row of one record; LeftOut if ACLED does not code it or GDELT does not place it."""
    found = meaning(stated["EventCode"])
    if found.sub_event_type is None:
        raise LeftOut(OTHER_CODE)
    place = _place(stated)
    event_type = types_of(found.sub_event_type)[0]
    code, url = stated["EventCode"], stated.get("SOURCEURL")
    return claim_row(
        {
            **place,
            **_actors(stated, found, place["country"]),
            "sub_event_type": found.sub_event_type,
            "civilian_targeting": "Civilians targeted" if event_type == "Violence against civilians" else None,
            "event_date": stated["SQLDATE"],
            "time_precision": 1,
            "source": _host(url),
            "notes": f"CAMEO {code}: {url}" if url else None,
            "timestamp": _seconds(stated.get("DATEADDED") or ""),
            "row_id": stated["GLOBALEVENTID"],
        },
        [RULE, f"sub_event_type: {RULE}.cameo.{code}", f"geo_precision: {RULE}.geo-type.{stated['ActionGeo_Type']}"],
    )


_type, _latitude, _longitude = cells.whole(5), cells.number(90, -90), cells.number(180, -180)


def _place(stated: Row) -> Row:
    """Where it happened; LeftOut if that is only a country."""
    type_ = _cell(stated, "ActionGeo_Type", _type)
    how, home = crosswalk().places.get(type_ or 0), crosswalk().countries.get(stated["ActionGeo_CountryCode"] or "")
    latitude, longitude = _cell(stated, "ActionGeo_Lat", _latitude), _cell(stated, "ActionGeo_Long", _longitude)
    if how is None or home is None or latitude is None or longitude is None:
        raise LeftOut(ONLY_COUNTRY)
    parts = [part.strip() for part in (stated["ActionGeo_FullName"] or "").split(",")]
    return {
        "country": home,
        "admin1": parts[0] if how["geo_precision"] == 3 else parts[1] if len(parts) > 2 else None,
        "location": parts[0] or None,
        "latitude": latitude,
        "longitude": longitude,
        "geo_precision": how["geo_precision"],
        "place_radius_km": how["radius_km"],
    }


def _cell(stated: Row, column: str, reader: Read) -> Any:
    try:
        return reader(stated[column] or "")
    except BadCell as bad:
        raise BadCell(bad.expected, column, stated[column]) from None


def _actors(stated: Row, found: Meaning, home: str) -> Row:
    """Both actors by GDELT's names; a crowd is named as ACLED does, with GDELT's name beside it."""
    one, two = stated.get("Actor1Name"), stated.get("Actor2Name")
    crowd = found.actor1
    return {
        "actor1": generic(crowd, home) if crowd else one,
        "assoc_actor_1": one if crowd else None,
        "inter1": crowd or _inter(stated, "Actor1", home),
        "actor2": two,
        "inter2": _inter(stated, "Actor2", home),
    }


def _inter(stated: Row, actor: str, home: str) -> str | None:
    kind = crosswalk().inter.get(stated.get(f"{actor}Type1Code") or "")
    origin = country(stated.get(f"{actor}CountryCode") or "")
    return "External/Other forces" if kind == "State forces" and origin and origin.name != home else kind


@lru_cache(cells.REMEMBERED)
def _host(url: str | None) -> str | None:
    try:
        host = urlsplit(url).hostname if url else None
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


@lru_cache(cells.REMEMBERED)
def _seconds(added: str) -> int | None:
    """Unix seconds of YYYYMMDD or YYYYMMDDHHMMSS."""
    try:
        return int(datetime.strptime(added.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None
