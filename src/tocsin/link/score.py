"""How much speaks for two claims telling the same happening, and why.

In:  columns, pairs of item numbers, the weights of data/features.toml.
Out: log2 odds for each pair; `explain` gives the sum's parts with a reason each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from tocsin.errors import DataError
from tocsin.link.columns import Array, Columns
from tocsin.link.features import FEATURES

PATH = "link/data/features.toml"


@dataclass(frozen=True, slots=True)
class Level:
    """One line of features.toml."""

    weight: float
    why: str


@dataclass(frozen=True, slots=True)
class Weights:
    """The prior and the levels of each feature, all in log2 odds."""

    prior: float
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
    """The table in `text`; DataError where a feature is missing or unknown."""
    table = tomllib.loads(text)
    prior = float(table.pop("prior", 0.0))
    if table.keys() != FEATURES.keys():
        odd = sorted(table.keys() ^ FEATURES.keys())
        raise DataError(f"{PATH}:1: found features {odd} on one side only, expected those of features.py")
    levels = {name: tuple(Level(float(level["weight"]), level["why"]) for level in table[name]) for name in FEATURES}
    return Weights(prior, levels)


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
