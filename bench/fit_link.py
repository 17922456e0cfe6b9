"""Fit the weights of link/data/features.toml on labelled pairs: made mentions, and news groups told several times.

Usage: python bench/fit_link.py NEWS.jsonl MENTIONS.csv [MENTIONS.csv …] [--write]
Logistic regression over the levels; each kind of data counts the same. The `told` weights are set by hand.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from tocsin.link.block import pairs
from tocsin.link.columns import columns
from tocsin.link.features import FEATURES
from tocsin.link.item import Item, item_of
from tocsin.link.score import weights

TABLE = Path(__file__).parents[1] / "src/tocsin/link/data/features.toml"
FITTED = [name for name in FEATURES if name != "told"]
NEWS_SHARE = 0.1  # of all the weight of the pairs
PULL = 1e-5  # towards no evidence, for levels that are seldom seen


def mentions(path: Path) -> tuple[list[Item], list[str]]:
    """Items and true events of a file by make_mentions.py."""
    items, truth = [], []
    with path.open(newline="") as lines:
        for row in csv.DictReader(lines):
            key = f"m{int(row['mention_id']):08}"
            claim: dict[str, Any] = {name: value or None for name, value in row.items()}
            item = item_of(claim, key, report=key, origin=key, text=row["notes"])
            assert item is not None
            items.append(item)
            truth.append(row["true_event"])
    return items, truth


def news(path: Path) -> tuple[list[Item], list[str]]:
    """Items and event ids of gold news claims; each report's whole text counts."""
    items, truth = [], []
    for line in path.open(encoding="utf-8"):
        report = json.loads(line)
        for position, row in enumerate(report["events"]):
            text = f"{report.get('title') or ''} {report['text']}"
            found = item_of(row, f"{report['id']}:{position}", report=report["id"], origin=None, text=text)
            if found:
                items.append(found)
                truth.append(row["event_id"])
    return items, truth


def labelled(items: list[Item], truth: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Levels (n, features) of all candidate pairs of different reports, and whether they are the same event."""
    known = columns(items)
    found = np.concatenate(list(pairs(items, known)))
    found = found[known.told_by[found[:, 0]] != known.told_by[found[:, 1]]]
    i, j = found.T
    names = np.unique(truth, return_inverse=True)[1]
    return np.stack([FEATURES[name](known, i, j) for name in FITTED], axis=1), names[i] == names[j]


def fit(levels: np.ndarray, same: np.ndarray, weight: np.ndarray) -> tuple[float, list[np.ndarray]]:
    """The prior and the weights of each feature's levels, in log2 odds."""
    sizes = [len(weights().levels[name]) for name in FITTED]
    starts = np.cumsum([1, *sizes[:-1]])
    kinds, number = np.unique(levels @ np.cumprod([1, *sizes[:-1]]), return_inverse=True)
    first = np.zeros(len(kinds), dtype=np.int64)
    first[number] = np.arange(len(number))
    at = levels[first] + starts
    yes = np.bincount(number, weight * same, len(kinds))
    no = np.bincount(number, weight * ~same, len(kinds))

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        z = x[0] + x[at].sum(axis=1)
        value = (yes * np.logaddexp(0, -z) + no * np.logaddexp(0, z)).sum() + PULL * (x[1:] ** 2).sum()
        slope = no - (yes + no) / (1 + np.exp(z))
        gradient = np.bincount(at.ravel(), np.repeat(slope, len(FITTED)), len(x))
        gradient[0] = slope.sum()
        gradient[1:] += 2 * PULL * x[1:]
        return value, gradient

    best = minimize(loss, np.zeros(1 + sum(sizes)), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x / np.log(2)
    return float(best[0]), [best[start : start + size] for start, size in zip(starts, sizes, strict=True)]


def write(prior: float, fitted: list[np.ndarray]) -> None:
    """The table with new numbers and the old sentences."""
    new = dict(zip(FITTED, fitted, strict=True))
    lines = [TABLE.read_text("utf-8").split("\n")[0], f"prior = {prior:.2f}", ""]
    for name, levels in weights().levels.items():
        for at, level in enumerate(levels):
            weight = float(new[name][at]) if name in new else level.weight
            lines += [f"[[{name}]]", f"weight = {weight:.2f}", f'why = "{level.why}"', ""]
    TABLE.write_text("\n".join(lines), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("news", type=Path)
    parser.add_argument("mentions", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    parts = [labelled(*news(arguments.news)), *(labelled(*mentions(path)) for path in arguments.mentions)]
    shares = [NEWS_SHARE] + [(1 - NEWS_SHARE) / (len(parts) - 1)] * (len(parts) - 1)
    weight = np.concatenate(
        [np.full(len(same), share / len(same)) for (_, same), share in zip(parts, shares, strict=True)]
    )
    prior, fitted = fit(np.concatenate([p for p, _ in parts]), np.concatenate([s for _, s in parts]), weight)
    print("prior", round(prior, 2))
    for name, levels in zip(FITTED, fitted, strict=True):
        print(name, np.round(levels, 2).tolist())
    if arguments.write:
        write(prior, fitted)


if __name__ == "__main__":
    main()
