"""The event types of the codebook, their order and what follows from them.

In:  data/taxonomy.toml.
Out: a `Taxonomy`: type, disorder type, rank and labels of each sub-event type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tocsin.codebook.tables import DATA, Row, Table, read
from tocsin.errors import UsageError

FLAGS = ("political_violence", "organized", "demonstration")


@dataclass(frozen=True, slots=True)
class EventType:
    """One of the six event types; the lower rank wins."""

    name: str
    rank: int
    definition: str
    fr: str


@dataclass(frozen=True, slots=True)
class SubEventType:
    """One of the 25 sub-event types."""

    name: str
    event_type: str
    rank: tuple[int, int]  # of its type, then within it; the lower wins
    disorder_type: str
    flags: frozenset[str]
    usual: frozenset[int]  # interaction numbers seen with it; empty: any
    definition: str
    fr: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All types. Asking for a name that the codebook does not have raises UsageError."""

    event_types: Mapping[str, EventType]
    sub_event_types: Mapping[str, SubEventType]
    disorder_types: tuple[str, ...]

    def sub_event(self, name: str) -> SubEventType:
        if name not in self.sub_event_types:
            raise UsageError(f"{name!r} is no sub-event type; known: {', '.join(self.sub_event_types)}")
        return self.sub_event_types[name]

    def event_type_of(self, sub_event_type: str) -> str:
        return self.sub_event(sub_event_type).event_type

    def disorder_of(self, sub_event_type: str) -> str:
        return self.sub_event(sub_event_type).disorder_type

    def rank(self, sub_event_type: str) -> tuple[int, int]:
        """Place in the hierarchy: of the event type, then within it; the lower wins."""
        return self.sub_event(sub_event_type).rank


def load_taxonomy(path: Path) -> Taxonomy:
    """Read and check a taxonomy file."""
    table = read(path)
    disorders = tuple(row.get("name", str) for row in table.rows("disorder_type", ("name", "fr", "definition"), "name"))
    types = {
        row.get("name", str): _event_type(row)
        for row in table.rows("event_type", ("name", "rank", "fr", "definition"), "name")
    }
    groups = table.data.get("interactions", {})
    subs = {row.get("name", str): _sub_event_type(row, types, disorders, groups) for row in _sub_rows(table)}
    return Taxonomy(types, subs, disorders)


def _sub_rows(table: Table) -> list[Row]:
    keys = ("name", "event_type", "rank", "disorder_type", "flags", "usual", "fr", "definition")
    rows = list(table.rows("sub_event_type", keys, "name"))
    seen: set[tuple[object, object]] = set()
    for row in rows:
        place = (row.values.get("event_type"), row.values.get("rank"))
        if place in seen:
            raise row.wrong(f"a second rank {place[1]} in {place[0]!r}", "each rank once within its type")
        seen.add(place)
    return rows


def _event_type(row: Row) -> EventType:
    return EventType(row.get("name", str), row.get("rank", int), row.get("definition", str), row.get("fr", str))


def _sub_event_type(
    row: Row, types: Mapping[str, EventType], disorders: tuple[str, ...], groups: Mapping[str, list[int]]
) -> SubEventType:
    flags = row.strings("flags")
    if unknown := set(flags) - set(FLAGS):
        raise row.wrong(f"flag {sorted(unknown)[0]!r}", "one of " + ", ".join(FLAGS))
    event_type = row.one_of("event_type", types)
    return SubEventType(
        name=row.get("name", str),
        event_type=event_type,
        rank=(types[event_type].rank, row.get("rank", int)),
        disorder_type=row.one_of("disorder_type", disorders),
        flags=frozenset(flags),
        usual=frozenset(number for entry in row.get("usual", list) for number in _numbers(row, entry, groups)),
        definition=row.get("definition", str),
        fr=row.get("fr", str),
    )


def _numbers(row: Row, entry: Any, groups: Mapping[str, list[int]]) -> list[int]:
    """An interaction number, or those of a group."""
    if isinstance(entry, int):
        return [entry]
    if entry not in groups:
        raise row.wrong(f"usual {entry!r}", "a number or one of " + ", ".join(groups))
    return groups[entry]


@cache
def taxonomy() -> Taxonomy:
    """The codebook's own taxonomy."""
    return load_taxonomy(DATA / "taxonomy.toml")


def disorder_type(sub_event_type: str) -> str:
    """The disorder type that follows from a sub-event type."""
    return taxonomy().disorder_of(sub_event_type)
