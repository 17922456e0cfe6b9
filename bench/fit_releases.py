"""Fit the weights of `cells` and `cited` (link/data/features.toml) on old and new releases of UCDP GED.

    python -m bench.fit_releases [--data ../shared/data] [--write]

In:  the releases of bench/revisions.py, matched by UCDP's ids, and the other weights as they are.
Out: for each old row the choice among its candidates and none of them (multinomial); a better level never weighs less.
     First, each country held out: the weights fitted without it, and F1 with them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from bench.fit_link import write
from bench.revisions import Releases, figures, items_of, matched, releases
from tocsin.link.block import pairs
from tocsin.link.columns import columns
from tocsin.link.features import FEATURES
from tocsin.link.score import Weights, score, weights

FITTED = ("cells", "cited")
PULL = 0.01  # towards no evidence, for levels that are seldom seen
HELD_OUT = ("myanmar", "ukraine")


@dataclass(frozen=True, slots=True)
class Part:
    """Candidate pairs of two releases, in the order of the old rows."""

    name: str
    old: np.ndarray  # (n,) which old row, counted from 0 without gaps
    levels: np.ndarray  # (n, fitted)
    base: np.ndarray  # (n,) log2 odds by the other features
    same: np.ndarray


def part(name: str, old: Sequence[Any], new: Sequence[Any], table: Weights) -> Part:
    rows = [*old, *new]
    items = items_of(rows)
    known, ids = columns(items), np.array([row["row_id"] for row in rows])
    found = np.unique(np.concatenate(list(pairs(items, known))), axis=0)
    i, j = found[(found[:, 0] < len(old)) & (found[:, 1] >= len(old))].T
    levels = np.stack([FEATURES[name](known, i, j) for name in FITTED], axis=1)
    base = score(known, np.stack([i, j], axis=1), table)
    return Part(name, np.unique(i, return_inverse=True)[1], levels, base, ids[i] == ids[j])


def without(table: Weights) -> Weights:
    """The table with no evidence from the fitted features."""
    none = {name: tuple(replace(level, weight=0.0) for level in table.levels[name]) for name in FITTED}
    return replace(table, levels={**table.levels, **none})


def steps(table: Weights) -> np.ndarray:
    """(weights, parameters): an ordered level is the one before it less a step; the last, not two releases, is 0."""
    matrix = np.eye(sum(len(table.levels[name]) for name in FITTED))
    at = 0
    for name in FITTED:
        levels = table.levels[name]
        for k in range(1, len(levels)):
            if not levels[k].free:
                matrix[at + k] = matrix[at + k - 1]
                matrix[at + k, at + k] = -1.0
        at += len(levels)
        matrix[at - 1] = 0.0
    return matrix


def fitted(parts: Sequence[Part], table: Weights) -> Weights:
    """The table with the fitted weights."""
    sizes = [len(table.levels[name]) for name in FITTED]
    starts = np.cumsum([0, *sizes[:-1]])
    matrix = steps(table)

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        x = matrix @ parameters
        value, slope = PULL * float((x**2).sum()), 2 * PULL * x
        for each in parts:
            said, step = _choice(each, x, each.levels + starts)
            value, slope = value + said, slope + step
        return value, matrix.T @ slope

    bounds = [(0, None) if column.min() < 0 else (None, None) for column in matrix.T]
    found = minimize(loss, np.zeros(len(matrix)), jac=True, bounds=bounds, method="L-BFGS-B").x
    weighed = np.split(np.round(matrix @ found / np.log(2), 2), starts[1:])
    levels = {
        name: tuple(replace(level, weight=float(x)) for level, x in zip(table.levels[name], of, strict=True))
        for name, of in zip(FITTED, weighed, strict=True)
    }
    return replace(table, levels={**table.levels, **levels})


def _choice(each: Part, x: np.ndarray, at: np.ndarray) -> tuple[float, np.ndarray]:
    """Loss and slope: each old row chooses one of its candidates, or none."""
    z = np.minimum(each.base * np.log(2) + x[at].sum(axis=1), 500.0)
    top = np.zeros(each.old.max() + 1)
    np.maximum.at(top, each.old, z)
    power = np.exp(z - top[each.old])
    total = np.exp(-top) + np.bincount(each.old, power)
    slope = np.bincount(at.ravel(), np.repeat(power / total[each.old] - each.same, at.shape[1]), len(x))
    return float((np.log(total) + top).sum() - z[each.same].sum()), slope


def show(table: Weights) -> str:
    return "; ".join(" ".join([name, *(f"{level.weight:.2f}" for level in table.levels[name])]) for name in FITTED)


def held_out(read: Sequence[Releases], parts: Sequence[Part], table: Weights) -> None:
    """Prints what the weights fitted without a country give for it."""
    for country in HELD_OUT:
        trained = fitted([each for each in parts if country not in each.name], table)
        print(f"without {country}: {show(trained)}")
        for name, old, new in read:
            if country in name:
                f1 = figures([*old, *new], len(old), matched(items_of([*old, *new]), len(old), trained))[2]
                print(f"  {name}: F1 {f1:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    table, read = without(weights()), list(releases(options.data))
    parts = [part(*each, table) for each in read]
    held_out(read, parts, table)
    best = fitted(parts, table)
    print(f"all: {show(best)}")
    if options.write:
        write(best)


if __name__ == "__main__":
    main()
