"""When a verdict may be given: the numbers of data/cover.toml.

In:  the file.
Out: `Limits`, one value each; a number that is missing, or has the wrong shape, names file and line.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from tocsin.errors import DataError
from tocsin.toml import line_of, parse_toml

TABLES = ("verdict", "cover", "words", "places")
PARTS = ("supported", "contradicted", "part", "bloodless", "about", "exactly", "around", "core")  # between 0 and 1


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers by name; data/cover.toml says what each is."""

    supported: float
    contradicted: float
    gap_months: int
    events: int
    sources: int
    edge_days: int
    part: float
    ever_years: int
    bloodless: float
    unnamed: tuple[str, ...]
    either_side: tuple[str, ...]
    near_days: tuple[int, ...]
    about: float
    exactly: float
    about_km: float
    road: float
    around: float
    new_units: int
    town_km: float
    coarse_km: float
    recent_days: int
    sectors: int
    ring_km: float
    core: float
    before_months: int


@cache
def limits() -> Limits:
    """The numbers that come with Tocsin."""
    return read_limits(resources.files(__package__).joinpath("data/cover.toml"))


def read_limits(path: Traversable) -> Limits:
    """The numbers of a file; DataError if it has others than these, or one that cannot be."""
    text = path.read_text(encoding="utf-8")
    tables = parse_toml(text, str(path))
    given = {name: value for table in TABLES for name, value in tables.get(table, {}).items()}
    wanted = {each.name: str(each.type) for each in fields(Limits)}
    if wrong := set(tables) - set(TABLES) or set(given) ^ set(wanted):
        name = min(wrong)
        raise DataError(f"{path}:{line_of(text, name)}: found {name}, expected {', '.join(wanted)}, each once")
    for name, value in given.items():
        if problem := _problem(name, value, wanted[name]):
            raise DataError(f"{path}:{line_of(text, name)}: found {name} = {value!r}, expected {problem}")
    if given["contradicted"] >= given["supported"]:
        raise DataError(f"{path}:{line_of(text, 'contradicted')}: found contradicted >= supported, expected less")
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return Limits(**values)


def _problem(name: str, value: Any, kind: str) -> str | None:
    """What is expected instead, if the value cannot be."""
    if kind.startswith("tuple"):
        each = int if "int" in kind else str
        good = isinstance(value, list) and len(value) == (3 if each is int else len(value) or -1)
        return None if good and all(isinstance(one, each) and one for one in value) else f"a list of {kind[6:9]}"
    if isinstance(value, bool) or not isinstance(value, int if kind == "int" else (int, float)) or value < 0:
        return "a whole number, not negative" if kind == "int" else "a number, not negative"
    return "a part of 1" if name in PARTS and value > 1 else None
