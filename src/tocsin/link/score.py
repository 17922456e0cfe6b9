"""How much speaks for two claims telling the same happening, and why.

In:  columns, pairs of item numbers, the weights of data/features.toml.
Out: log2 odds for each pair; `explain` gives the sum's parts with a reason each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np

from tocsin.errors import DataError
from tocsin.link.columns import Array, Columns
from tocsin.link.features import FEATURES, LEVELS
from tocsin.link.tables import tables
from tocsin.toml import line_of

PATH = "link/data/features.toml"


@dataclass(frozen=True, slots=True)
class Level:
    """One line of features.toml. A `free` level stands outside the order from best to worst."""

    weight: float
    why: str
    free: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """The prior and the levels of each feature in log2 odds, and the chance from which claims are one happening."""

    prior: float
    threshold: float
    levels: dict[str, tuple[Level, ...]]


@dataclass(frozen=True, slots=True)
class Score:
    """What one feature says about a pair."""

    feature: str
    weight: float
    why: str


@cache
def weights() -> Weights:
    """The fitted table."""
    return read_weights((files("tocsin.link") / "data" / "features.toml").read_text("utf-8"))


def read_weights(text: str) -> Weights:
    """The table in `text`; DataError where features or levels are missing or a better level weighs less."""
    table = tables(PATH, text)
    prior, threshold = float(table.pop("prior", 0.0)), float(table.pop("threshold", 0.5))
    if table.keys() != LEVELS.keys():
        odd = sorted(table.keys() ^ LEVELS.keys())
        raise DataError(f"{PATH}:1: found features {odd} on one side only, expected those of features.py")
    return Weights(prior, threshold, {name: _levels(text, name, table[name]) for name in LEVELS})


def _levels(text: str, name: str, rows: list[dict[str, Any]]) -> tuple[Level, ...]:
    at = f"{PATH}:{line_of(text, name)}"
    if len(rows) != LEVELS[name]:
        raise DataError(f"{at}: found {len(rows)} levels of {name}, expected {LEVELS[name]}")
    levels = tuple(Level(float(row["weight"]), row["why"], bool(row.get("free"))) for row in rows)
    for better, worse in pairwise(level for level in levels if not level.free):
        if better.weight < worse.weight:
            raise DataError(f"{at}: found {worse.why!r} above {better.why!r}, expected no better level to weigh less")
    return levels


def score(columns: Columns, pairs: Array, table: Weights | None = None) -> Array:
    """Log2 odds for each row of `pairs` (n, 2)."""
    table = table or weights()
    i, j = pairs[:, 0], pairs[:, 1]
    total = np.full(len(pairs), table.prior)
    for name, feature in FEATURES.items():
        total += np.array([level.weight for level in table.levels[name]])[feature(columns, i, j)]
    return total


def explain(columns: Columns, i: int, j: int) -> Sequence[Score]:
    """What each feature says about items `i` and `j`, in the order of features.toml."""
    one, two = np.array([i]), np.array([j])
    found = ((name, weights().levels[name][int(feature(columns, one, two)[0])]) for name, feature in FEATURES.items())
    return [Score(name, level.weight, level.why) for name, level in found]
