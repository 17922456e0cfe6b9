"""Read the registry's data files.

In:  the CSV and TOML files of `data/`, or of a user's folder laid out alike.
Out: frozen rows; a wrong line stops the start with its place in the file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tocsin.errors import DataError

INTERS = ("State forces", "Rebel group", "Political militia", "Identity militia", "Rioters", "Protesters", "Civilians",
          "External/Other forces")  # fmt: skip

PEOPLES = ("Ethnic", "Clan", "Communal", "Tribal")


@dataclass(frozen=True, slots=True)
class Group:
    """A named organisation. Dates as far as known: "2012", "2012-04", "2012-04-17"; "" is open."""

    id: str
    name: str
    aliases: dict[str, tuple[str, ...]] = field(hash=False)
    inter: str
    countries: tuple[str, ...]  # ISO alpha-3, home first
    valid_from: str
    valid_to: str
    parent: str


@dataclass(frozen=True, slots=True)
class Regime:
    """A government of a state; ACLED puts its years behind the names of the state's bodies."""

    state: str
    start: str
    end: str  # "" while it lasts
    leader: str

    @property
    def years(self) -> str:
        return f"{self.start[:4]}-{self.end[:4]}"


@dataclass(frozen=True, slots=True)
class State:
    """A de facto or former state, or a rival government, that is no country of its own in ACLED."""

    code: str
    name: str
    home: str  # the ACLED country it lies in
    names: dict[str, tuple[str, ...]]
    demonyms: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Body:
    """A body of a state with a name of its own: FAMa, CRPF, Peshmerga."""

    state: str
    body: str
    unit: str | None
    names: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class People:
    """A people, clan or community after which ACLED names its armed men."""

    name: str
    kind: str
    countries: tuple[str, ...]
    forms: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Succession:
    """From a day on, a group is the state."""

    group: str
    state: str
    body: str
    unit: str | None
    start: str


def rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The lines of a CSV file with their place, each checked for its columns. A file that is not there has none."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if missing := [name for name in columns if name not in (reader.fieldnames or ())]:
            raise DataError(f"{path}:1: found no column {', '.join(missing)}, expected {', '.join(columns)}")
        for row in reader:
            where = f"{path}:{reader.line_num}"
            if None in row or None in row.values():
                raise DataError(f"{where}: found {len([v for v in row.values() if v])} cells, expected {len(columns)}")
            yield where, {key: value.strip() for key, value in row.items()}


def listed(cell: str) -> tuple[str, ...]:
    """The parts of a cell parted by `|`."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def groups(path: Path) -> Iterator[Group]:
    columns = ("id", "name", "aliases_en", "aliases_fr", "inter", "countries", "valid_from", "valid_to", "parent")
    for where, row in rows(path, columns):
        if row["inter"] not in INTERS:
            raise DataError(f"{where}: found inter {row['inter']!r}, expected one of {', '.join(INTERS)}")
        if not row["id"] or not row["name"]:
            raise DataError(f"{where}: found no id or name, expected both")
        aliases = {lang: listed(row[f"aliases_{lang}"]) for lang in ("en", "fr")}
        yield Group(row["id"], row["name"], aliases, row["inter"], listed(row["countries"]),
                    row["valid_from"], row["valid_to"], row["parent"])  # fmt: skip


def regimes(path: Path) -> Iterator[Regime]:
    for where, row in rows(path, ("state", "from", "to", "leader")):
        if row["to"] and row["to"] < row["from"]:
            raise DataError(f"{where}: found an end {row['to']} before the start {row['from']}, expected a later day")
        yield Regime(row["state"], row["from"], row["to"], row["leader"])


def states(path: Path) -> Iterator[State]:
    columns = ("code", "name", "home", "aliases_en", "aliases_fr", "demonyms_en", "demonyms_fr")
    for _, row in rows(path, columns):
        names = {lang: listed(row[f"aliases_{lang}"]) for lang in ("en", "fr")}
        demonyms = {lang: listed(row[f"demonyms_{lang}"]) for lang in ("en", "fr")}
        yield State(row["code"], row["name"], row["home"], names, demonyms)


def bodies(path: Path) -> Iterator[Body]:
    for _, row in rows(path, ("state", "body", "unit", "names_en", "names_fr")):
        names = {lang: listed(row[f"names_{lang}"]) for lang in ("en", "fr")}
        yield Body(row["state"], row["body"], row["unit"] or None, names)


def peoples(path: Path) -> Iterator[People]:
    for where, row in rows(path, ("name", "kind", "countries", "forms_en", "forms_fr")):
        if row["kind"] not in PEOPLES:
            raise DataError(f"{where}: found kind {row['kind']!r}, expected one of {', '.join(PEOPLES)}")
        forms = {lang: listed(row[f"forms_{lang}"]) for lang in ("en", "fr")}
        yield People(row["name"], row["kind"], listed(row["countries"]), forms)


def successions(path: Path) -> Iterator[Succession]:
    for _, row in rows(path, ("group", "state", "body", "unit", "from")):
        yield Succession(row["group"], row["state"], row["body"], row["unit"] or None, row["from"])


def territories(path: Path) -> dict[str, tuple[str, str | None]]:
    """Territory -> the state whose forces serve there, and the unit's name in ACLED."""
    found = rows(path, ("territory", "state", "unit"))
    return {row["territory"]: (row["state"], row["unit"] or None) for _, row in found}
