"""The eight kinds of actor and the 44 interactions between them.

In:  a kind of actor as a label, an alias or a number; data/inter.toml.
Out: its label, and the interaction of two kinds as text or number. An empty kind is no actor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tocsin.codebook.tables import DATA, read
from tocsin.errors import UsageError


@dataclass(frozen=True, slots=True)
class Inters:
    """Labels by number, and numbers by any accepted spelling (lower case)."""

    labels: Mapping[int, str]
    numbers: Mapping[str, int]
    alone: str


def load_inters(path: Path) -> Inters:
    """Read and check a file of actor kinds."""
    table = read(path)
    labels: dict[int, str] = {}
    numbers: dict[str, int] = {}
    for row in table.rows("inter", ("number", "name", "fr", "aliases", "meaning"), "number"):
        number, name = row.get("number", int), row.get("name", str)
        labels[number] = name
        for spelling in {key(name), *map(key, row.strings("aliases")), str(number)}:
            if spelling in numbers:
                raise row.wrong(f"{spelling!r} for a second number", "each spelling once")
            numbers[spelling] = number
    return Inters(labels, numbers, table.data["alone"]["suffix"])


def key(spelling: str) -> str:
    return " ".join(spelling.split()).casefold()


@cache
def inters() -> Inters:
    return load_inters(DATA / "inter.toml")


def inter_number(value: str | int | None) -> int:
    """1 to 8, or 0 for no actor."""
    text = key(str(value)) if value is not None else ""
    if text in ("", "0"):
        return 0
    if text not in inters().numbers:
        raise UsageError(f"{value!r} is no kind of actor; known: {', '.join(inters().labels.values())}")
    return inters().numbers[text]


def inter_label(value: str | int | None) -> str:
    """The label as ACLED writes it now; "" for no actor."""
    number = inter_number(value)
    return inters().labels[number] if number else ""


def interaction_number(inter1: str | int | None, inter2: str | int | None = None) -> int:
    """The smaller number, then the larger; one-sided is the number times ten; 0 without actors."""
    present = sorted(n for n in (inter_number(inter1), inter_number(inter2)) if n)
    if len(present) == 2:
        return present[0] * 10 + present[1]
    return present[0] * 10 if present else 0


def interaction(inter1: str | int | None, inter2: str | int | None = None) -> str:
    """The interaction as text: "State forces-Civilians", "Protesters only"; "" without actors."""
    number = interaction_number(inter1, inter2)
    return interactions().get(number, "")


@cache
def interactions() -> Mapping[int, str]:
    """All 44 interactions: number -> text."""
    labels = inters().labels
    pairs = {a * 10 + b: f"{labels[a]}-{labels[b]}" for a in labels for b in labels if a <= b}
    pairs[78] = f"{labels[8]}-{labels[7]}"  # the one that ACLED prints with the larger number first
    return pairs | {a * 10: f"{labels[a]} {inters().alone}" for a in labels}
