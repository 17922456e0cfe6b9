"""The tables of GeoNames: https://download.geonames.org/export/dump/readme.txt

In:  lines of a dump (19 columns, no header), of alternateNamesV2, of admin1CodesASCII or admin2Codes.
Out: `Row`, `OtherName`, `UnitName`; None for one that is not wanted. `BadRow` says what is wrong and where.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tocsin.locate import tables

DUMP, OTHER_NAMES, UNIT_NAMES = 19, 10, 4  # columns
NO_LANGUAGE = frozenset(["link", "post", "iata", "icao", "faac", "tcid", "unlc", "wkdt", "phon", "piny", "abbr"])
CLASSES = ("P", "A", "L", "S", "T", "H", "V", "R")


class BadRow(ValueError):
    """A row that cannot be taken. `column`: its name, or "" for the whole row."""

    def __init__(self, column: str, found: str, expected: str) -> None:
        super().__init__(f"{column + ': ' if column else ''}found {found}, expected {expected}")


class Row(NamedTuple):
    """A place as a table has it. `admin1`, `admin2`: codes, or names if `named`. `id`: None if the table has none."""

    id: int | None
    name: str
    names: list[str]
    kind: str
    lat: float
    lon: float
    country: str  # ISO alpha-3; "" for seas
    admin1: str
    admin2: str
    population: int | None
    feature: str
    radius: float | None


class OtherName(NamedTuple):
    """One more name of the place with that GeoNames id."""

    id: int
    name: str


class UnitName(NamedTuple):
    """What a code such as "ML.04" means."""

    code: str
    id: int
    name: str


class Rule(NamedTuple):
    """What becomes of a feature: data/features.csv."""

    kind: str
    radius: float | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is taken of a dump. No countries: all; no classes: what features.csv says."""

    countries: frozenset[str] = frozenset()  # ISO alpha-3
    classes: frozenset[str] = frozenset()

    def rule(self, group: str, code: str) -> Rule | None:
        return rules(self.classes).get((group, code)) or rules(self.classes).get((group, "*"))

    def has(self, country: str) -> bool:
        return not self.countries or country in self.countries


@cache
def features(path: Path = tables.DATA / "features.csv") -> list[tuple[str, str, Rule, bool]]:
    kinds = ("place", "area", "admin1", "admin2")
    return tables.read(path, lambda r: (
        r["class"], r["code"], Rule(tables.one_of(r["kind"], kinds), float(r["radius_km"] or 0) or None),
        tables.one_of(r["loaded"], ("yes", "no")) == "yes",
    ))  # fmt: skip


@cache
def rules(classes: frozenset[str]) -> dict[tuple[str, str], Rule]:
    return {(group, code): rule for group, code, rule, yes in features() if (group in classes if classes else yes)}


@cache
def rule_of(code: str) -> Rule:
    """The rule of a feature code whose class is not said."""
    return next((rule for _, own, rule, _ in features() if own == code), Rule("place", None))


@cache
def iso3_of(path: Path = tables.DATA / "iso2.csv") -> dict[str, str]:
    """ISO alpha-2 and alpha-3 -> alpha-3."""
    pairs = tables.read(path, lambda r: (r["iso2"], r["iso3"]))
    return {"": ""} | dict(pairs) | {three: three for _, three in pairs}


def dump_row(line: str, wanted: Wanted) -> Row | None:
    """One line of a country's dump or of allCountries."""
    cells = line.split("\t")
    if len(cells) != DUMP:
        raise BadRow("", f"{len(cells)} columns", f"{DUMP}, parted by tabs")
    rule = wanted.rule(cells[6], cells[7])
    country = iso3_of().get(cells[8])
    if rule is None or (country and not wanted.has(country)):
        return None
    if country is None:
        raise BadRow("country code", repr(cells[8]), "two letters such as ML")
    name = cells[1].strip()
    if not name:
        raise BadRow("name", "nothing", "a name")
    names = cells[3].split(",") if cells[3] else []
    if cells[2] != name:
        names.append(cells[2])
    home = cells[8]
    one = f"{home}.{cells[10]}" if cells[10] and cells[10] != "00" else ""
    two = f"{one}.{cells[11]}" if one and cells[11] else ""
    return Row(
        whole("geonameid", cells[0]), name, names, rule.kind, degrees("latitude", cells[4], 90),
        degrees("longitude", cells[5], 180), country, one, two, people(cells[14]), cells[7], rule.radius,
    )  # fmt: skip


def other_name(line: str) -> OtherName | None:
    """One line of alternateNamesV2: not one that is no name, nor one of old times."""
    cells = line.split("\t")
    if len(cells) not in (8, OTHER_NAMES):
        raise BadRow("", f"{len(cells)} columns", f"{OTHER_NAMES}, parted by tabs")
    if cells[2] in NO_LANGUAGE or not cells[3]:
        return None
    return OtherName(whole("geonameid", cells[1]), cells[3])


def unit_name(line: str) -> UnitName:
    """One line of admin1CodesASCII or admin2Codes."""
    cells = line.split("\t")
    if len(cells) != UNIT_NAMES:
        raise BadRow("", f"{len(cells)} columns", f"{UNIT_NAMES}, parted by tabs")
    return UnitName(cells[0], whole("geonameid", cells[3]), cells[1])


def whole(column: str, cell: str) -> int:
    """A GeoNames id."""
    if not cell.isascii() or not cell.isdigit() or not 0 < int(cell[:20]) < 1 << 40:
        raise BadRow(column, repr(cell[:40]), "a whole number above 0")
    return int(cell)


def people(cell: str) -> int | None:
    if cell and not (cell.isascii() and cell.isdigit() and len(cell) < 12):
        raise BadRow("population", repr(cell[:40]), "a whole number or nothing")
    return int(cell or 0) or None


def degrees(column: str, cell: str, most: int) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = most + 1.0
    if not -most <= number <= most:
        raise BadRow(column, repr(cell[:40]), f"degrees from -{most} to {most}")
    return number
