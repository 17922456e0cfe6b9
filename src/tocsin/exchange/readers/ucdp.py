"""Read UCDP GED and UCDP Candidate events.

In:  a Table with UCDP's columns, all 49 or some; data/ucdp.toml puts its codes into ACLED's words.
Out: claim rows and issues. A range of days becomes its middle with a precision, the sides become actors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from tocsin.codebook import taxonomy
from tocsin.codebook.naming import generic
from tocsin.codebook.tables import Table as Toml
from tocsin.codebook.tables import read
from tocsin.errors import DataError
from tocsin.exchange.readers import cells
from tocsin.exchange.readers.cells import BadCell, Read
from tocsin.exchange.readers.files import Table
from tocsin.exchange.readers.rows import Row, claim_row, plan, rows, unused
from tocsin.model import Issue

PATH = Path(__file__).parent / "data" / "ucdp.toml"
RULE = "import.ucdp-ged"
DEATHS = ("low", "best", "high")
GOVERNMENT = "Government of "
STATED = ("source_office", "source_headline", "where_description", "where_coordinates", "adm_1", "adm_2")

Code = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """What data/ucdp.toml says; each code with what follows from it."""

    needed: tuple[str, ...]
    passed_over: frozenset[str]
    types: Mapping[int, Code]
    places: Mapping[int, Code]
    dates: Mapping[int, Code]
    place_words: re.Pattern[str]
    unit_words: re.Pattern[str]
    countries: Mapping[str, str]


def load_crosswalk(path: Path) -> Crosswalk:
    """Read and check a crosswalk file."""
    table = read(path)
    data = table.data
    return Crosswalk(
        tuple(data["needed"]),
        frozenset(data["passed_over"]),
        _codes(table, "type_of_violence", ("event_type", "sub_event_type", "inter_a", "inter_b", "civilian_targeting")),
        _codes(table, "where_prec", ("geo_precision", "radius_km", "complete")),
        _codes(table, "date_prec", ("time_precision", "complete")),
        re.compile(rf" (?:{'|'.join(data['words']['place'])})$"),
        re.compile(rf" (?:{'|'.join(data['words']['unit'])})$", re.IGNORECASE),
        data["countries"],
    )


def _codes(table: Toml, name: str, keys: tuple[str, ...]) -> dict[int, Code]:
    found = {row.get("code", int): row for row in table.rows(name, ("code", *keys), "code")}
    for row in found.values():
        if "sub_event_type" in row.values:
            row.one_of("sub_event_type", taxonomy().sub_event_types)
    if not found:
        raise DataError(f"{table.path}:1: found no [[{name}]], expected one for each code")
    return {code: row.values for code, row in found.items()}


@cache
def crosswalk() -> Crosswalk:
    return load_crosswalk(PATH)


def readers() -> dict[str, Read]:
    """How to read UCDP's columns."""
    deaths, day = cells.whole(cells.MANY), cells.day()
    return {
        "id": cells.text,
        "type_of_violence": cells.whole(3, 1),
        "where_prec": cells.whole(7, 1),
        "date_prec": cells.whole(5, 1),
        "latitude": cells.number(90, -90),
        "longitude": cells.number(180, -180),
        "country": cells.remembered(_country),
        **dict.fromkeys(("date_start", "date_end"), day),
        **dict.fromkeys(DEATHS, deaths),
        **dict.fromkeys(("side_a", "side_b"), cells.name),
        **dict.fromkeys(STATED, cells.text),
    }


def _country(cell: str) -> str | None:
    found: str | None = cells.home(crosswalk().countries.get(cell.strip(), cell))
    return found


def read_ucdp(table: Table, where: str, dataset: str) -> Iterator[Row | Issue]:
    """The rows of a GED or Candidate table."""
    header = tuple(column.strip().casefold() for column in table.header)
    known, cross = readers(), crosswalk()
    yield from unused([c for c in header if c and c not in known and c not in cross.passed_over], where)
    yield from rows(table, plan(header, known, cross.needed, finish), where, dataset)


def finish(stated: Row) -> Row:
    """The claim row of what one record states."""
    cross = crosswalk()
    violence = cross.types[stated["type_of_violence"]]
    place = cross.places.get(stated.get("where_prec") or 0, {})
    time = cross.dates.get(stated.get("date_prec") or 0, {})
    row = claim_row(
        {
            **{key: violence.get(key) for key in ("event_type", "sub_event_type", "civilian_targeting")},
            **_sides(stated, violence),
            **_place(stated, place),
            "event_date": _middle(stated["date_start"], stated.get("date_end")),
            "time_precision": time.get("time_precision"),
            **_deaths(stated),
            "source": _different(stated.get("source_office")),
            "notes": _notes(stated),
            "row_id": stated["id"],
        },
        _rules(stated),
    )
    row["complete"] &= place.get("complete", True) and time.get("complete", True)
    return row


def _rules(stated: Row) -> list[str]:
    """The import, and the code behind each value that is no copy."""
    codes = (("sub_event_type", "type_of_violence"), ("geo_precision", "where_prec"), ("time_precision", "date_prec"))
    found = [RULE, *(f"{ours}: {RULE}.{code}.{stated[code]}" for ours, code in codes if stated.get(code))]
    given = [stated[name] for name in DEATHS if stated.get(name) is not None]
    return found if given == sorted(given) else [*found, f"fatalities_low: {RULE}.range-out-of-order"]


@lru_cache(cells.REMEMBERED)
def _middle(first: str, last: str | None) -> str:
    """The day in the middle, the earlier of two."""
    if last is None or last == first:
        return first
    if last < first:
        raise BadCell(f"a day not before date_start, {first}", "date_end", last)
    ordinals = date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal()
    return date.fromordinal(sum(ordinals) // 2).isoformat()


def _sides(stated: Row, violence: Code) -> Row:
    """Both sides with the kind of actor, where UCDP's own definitions tell it."""
    one, two, home = stated.get("side_a"), stated.get("side_b"), stated["country"]
    victims = violence.get("inter_b") == "Civilians"
    return {
        "actor1": one,
        "inter1": _inter(one, home) or violence.get("inter_a"),
        "actor2": generic("Civilians", home) if victims else two,
        "inter2": _inter(two, home) or violence.get("inter_b"),
    }


@lru_cache(cells.REMEMBERED)
def _inter(side: str | None, home: str) -> str | None:
    """Forces of a government: at home or abroad; None for any other side."""
    if not side or not side.startswith(GOVERNMENT):
        return None
    state = cells.find_country(side.split(",")[0].removeprefix(GOVERNMENT))
    return "State forces" if state is None or state.name == home else "External/Other forces"


def _place(stated: Row, place: Code) -> Row:
    cross = crosswalk()
    location, unit = stated.get("where_coordinates"), cross.unit_words
    words = unit if (stated.get("where_prec") or 1) in (3, 4) else cross.place_words
    return {
        "country": stated["country"],
        "admin1": _bare(stated.get("adm_1"), unit),
        "admin2": _bare(stated.get("adm_2"), unit),
        "location": _bare(location, words),
        "latitude": stated["latitude"],
        "longitude": stated["longitude"],
        "geo_precision": place.get("geo_precision"),
        "place_radius_km": place.get("radius_km"),
    }


@lru_cache(cells.REMEMBERED)
def _bare(name: str | None, words: re.Pattern[str]) -> str | None:
    """The name without what UCDP adds: 'Homs Governorate' -> 'Homs'."""
    return words.sub("", " ".join(name.split())) if name else None


def _deaths(stated: Row) -> Row:
    """Lowest, best and highest; where UCDP has them out of order, as in one row of 200, the range holds all three."""
    low, best, high = (stated.get(name) for name in DEATHS)
    given = [count for count in (low, best, high) if count is not None]
    return {
        "fatalities": best,
        "fatalities_low": None if low is None else min(given),
        "fatalities_best": best,
        "fatalities_high": None if high is None else max(given),
    }


def _different(names: str | None) -> str | None:
    """The entries of a list, each once."""
    return cells.names("; ".join(dict.fromkeys(part.strip() for part in names.split(";")))) if names else None


def _notes(stated: Row) -> str | None:
    """UCDP's words on the event: headline and place."""
    return ". ".join(filter(None, (stated.get("source_headline"), stated.get("where_description")))) or None
