"""The words in which the event finder describes a happening.

In:  data/tactics.toml (what was done), data/facts.toml (what else is known, and who acts and is hit).
Out: a `Vocabulary`: each word with its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tocsin.codebook.tables import DATA, Row, read
from tocsin.codebook.taxonomy import taxonomy


@dataclass(frozen=True, slots=True)
class Tactic:
    """Something that is done; `leads_to` sub-event types, the usual one first."""

    id: str
    meaning: str
    fr: str
    leads_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All tactics; facts and sides with their meanings; names for several sides."""

    tactics: Mapping[str, Tactic]
    facts: Mapping[str, str]
    sides: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]


def load_vocabulary(tactics: Path, facts: Path) -> Vocabulary:
    """Read and check both files."""
    done = {
        row.get("id", str): _tactic(row)
        for row in read(tactics).rows("tactic", ("id", "meaning", "fr", "leads_to"), "id")
    }
    known = read(facts)
    meanings = {}
    for row in known.rows("fact", ("id", "meaning"), "id"):
        if row.get("id", str) in done:
            raise row.wrong(f"{row.values['id']!r}, a tactic", "an id that no tactic has")
        meanings[row.get("id", str)] = row.get("meaning", str)
    sides = {row.get("id", str): row.get("meaning", str) for row in known.rows("side", ("id", "meaning"), "id")}
    return Vocabulary(done, meanings, sides, _groups(Row(known.data.get("groups", {}), f"{facts}:1"), sides))


def _tactic(row: Row) -> Tactic:
    leads_to = row.strings("leads_to")
    for name in leads_to:
        if name not in taxonomy().sub_event_types:
            raise row.wrong(f"leads_to {name!r}", "sub-event types of taxonomy.toml")
    return Tactic(row.get("id", str), row.get("meaning", str), row.get("fr", str), leads_to)


def _groups(row: Row, sides: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    for name in row.values:
        if unknown := set(row.strings(name)) - set(sides):
            raise row.wrong(f"side {sorted(unknown)[0]!r} in group {name!r}", "one of " + ", ".join(sides))
    return {name: row.strings(name) for name in row.values}


@cache
def vocabulary() -> Vocabulary:
    """The codebook's own vocabulary."""
    return load_vocabulary(DATA / "tactics.toml", DATA / "facts.toml")
