"""Read ACLED's files: today's 31 columns, older ones, with or without a row of HXL tags.

In:  a Table with ACLED's header; data/acled.toml knows older names of columns, types and dates.
Out: claim rows and issues. Columns that follow from others are worked out anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tocsin.codebook import COLUMNS, taxonomy
from tocsin.codebook.tables import read
from tocsin.errors import DataError
from tocsin.exchange.readers import cells
from tocsin.exchange.readers.cells import BadCell, Read
from tocsin.exchange.readers.files import Table
from tocsin.exchange.readers.rows import Row, claim_row, plan, rows, types_of, unused
from tocsin.model import Issue

PATH = Path(__file__).parent / "data" / "acled.toml"
RULE = "import.acled"
SIGNS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class OldType:
    """An event type as it was called before 2019."""

    event_type: str
    sub_event_type: str | None
    unless_rioters: str | None


@dataclass(frozen=True, slots=True)
class Names:
    """What data/acled.toml says."""

    needed: tuple[str, ...]
    passed_over: frozenset[str]
    columns: Mapping[str, str]
    formats: tuple[str, ...]
    old_types: Mapping[str, OldType]
    sub_event_types: Mapping[str, str]


def load_names(path: Path) -> Names:
    """Read and check a file of older names."""
    table = read(path)
    keys = ("name", "event_type", "sub_event_type", "unless_rioters")
    old = {row.get("name", str): _old_type(row.values, row.wrong) for row in table.rows("old_type", keys, "name")}
    data = table.data
    for found, allowed in ((data["columns"], COLUMNS), (data["sub_event_types"], taxonomy().sub_event_types)):
        if wrong := sorted(set(found.values()) - set(allowed)):
            raise DataError(f"{path}:1: found {wrong[0]!r}, expected one of {', '.join(allowed)}")
    return Names(
        tuple(data["needed"]), frozenset(data["passed_over"]), data["columns"], tuple(data["dates"]["formats"]), old,
        data["sub_event_types"],
    )  # fmt: skip


def _old_type(values: Mapping[str, str], wrong: Callable[[object, str], DataError]) -> OldType:
    found = OldType(values.get("event_type", ""), values.get("sub_event_type"), values.get("unless_rioters"))
    for name in (found.event_type, found.unless_rioters or found.event_type):
        if name not in taxonomy().event_types:
            raise wrong(f"event_type {name!r}", "one of " + ", ".join(taxonomy().event_types))
    if found.sub_event_type and types_of(found.sub_event_type)[0] != found.event_type:
        raise wrong(f"sub_event_type {found.sub_event_type!r}", f"one of {found.event_type}")
    return found


@cache
def known_names() -> Names:
    return load_names(PATH)


def our_name(column: str) -> str:
    """The column's name as we write it."""
    plain = SIGNS.sub("_", column.strip().casefold()).strip("_")
    return known_names().columns.get(plain, plain)


def readers(formats: tuple[str, ...] = ()) -> dict[str, Read]:
    """How to read each column that does not follow from others."""
    names = known_names()
    precision, whole = cells.whole(3, 1), cells.whole(cells.MANY)
    by_type: dict[str, Read] = {
        "event_date": cells.day(formats or names.formats),
        "event_type": cells.one_of(taxonomy().event_types, dict(zip(names.old_types, names.old_types, strict=True))),
        "sub_event_type": cells.one_of(taxonomy().sub_event_types, names.sub_event_types),
        "civilian_targeting": cells.one_of(("Civilians targeted",)),
        "country": cells.home,
        **dict.fromkeys(("time_precision", "geo_precision"), precision),
        **dict.fromkeys(("inter1", "inter2"), cells.inter),
        **dict.fromkeys(("assoc_actor_1", "assoc_actor_2", "source", "tags"), cells.names),
        **dict.fromkeys(("actor1", "actor2", "admin1", "admin2", "admin3", "location", "source_scale"), cells.name),
        **dict.fromkeys(("event_id_cnty", "notes"), cells.text),
        "latitude": cells.number(90, -90),
        "longitude": cells.number(180, -180),
        "fatalities": whole,
        "timestamp": cells.whole(cells.SECONDS),
    }
    return by_type


def read_acled(table: Table, where: str, dataset: str) -> Iterator[Row | Issue]:
    """The rows of ACLED's table."""
    header = tuple(our_name(column) for column in table.header)
    known = readers()
    unknown = [c for c, name in zip(table.header, header, strict=True) if name not in known and _is_new(name)]
    yield from unused(unknown, where)
    yield from rows(
        table, plan(header, {**known, "year": cells.whole(9999)}, known_names().needed, finish), where, dataset
    )


def _is_new(name: str) -> bool:
    return bool(name) and name not in known_names().passed_over


def finish(row: Row) -> Row:
    """The claim row of what one record states."""
    year = row.pop("year", None)
    if year and row["event_date"][:4] != str(year):
        raise BadCell(f"{row['event_date'][:4]}, the year of event_date", "year", year)
    types(row)
    row["fatalities_best"] = row.get("fatalities")
    row["row_id"] = row["event_id_cnty"]
    return claim_row(row, [RULE])


def types(row: Row) -> None:
    """Today's types for older ones; BadCell if type and sub-type do not belong together."""
    event_type, sub = row["event_type"], row.get("sub_event_type")
    if old := known_names().old_types.get(event_type):
        rioters = old.unless_rioters and "Rioters" in (row.get("inter1"), row.get("inter2"))
        event_type = row["event_type"] = old.unless_rioters if rioters else old.event_type
        sub = row["sub_event_type"] = sub or old.sub_event_type
    if sub and event_type and types_of(sub)[0] != event_type:
        raise BadCell(f"{types_of(sub)[0]}, the type of {sub}", "event_type", event_type)
