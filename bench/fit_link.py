"""Fit the weights of link/data/features.toml on labelled pairs: made mentions, and news groups told several times.

    python -m bench.fit_link GROUPS.jsonl MENTIONS.csv [MENTIONS.csv ...] [--data ../shared] [--write]

In:  news groups, as gold claims and as coded by our coder (labelled by the gold event they are paired with);
     files of tools/make_mentions.py.
Out: logistic regression over the levels, in which a better level never weighs less; each kind of data has its share.
     First, held out by country in FOLDS parts: B-cubed and pairwise F1 at several thresholds.
     The weights of `country` and `told` are set by hand, those of `cells` and `cited` by bench/fit_releases.py.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from bench.events import ours, read, run, scorer
from bench.link import items_of, mentions
from tocsin.link.block import pairs
from tocsin.link.columns import columns
from tocsin.link.features import FEATURES
from tocsin.link.item import Item
from tocsin.link.link import link
from tocsin.link.score import Weights, weights
from tocsin.link.words import hash_word

TABLE = Path(__file__).parents[1] / "src/tocsin/link/data/features.toml"
ELSEWHERE = ("country", "told", "cells", "cited")
FITTED = [name for name in FEATURES if name not in ELSEWHERE]
SHARES = {"gold": 0.1, "coded": 0.05, "made": 0.85}  # of all the weight of the pairs
PULL = 1e-4  # towards no evidence, for levels that are seldom seen
FOLDS = 5
THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6)


@dataclass(frozen=True, slots=True)
class Part:
    """Items of one kind of data with their true events, and their candidate pairs as levels (n, features)."""

    kind: str
    items: list[Item]
    truth: list[str]
    levels: np.ndarray
    same: np.ndarray
    fold: np.ndarray


def part(kind: str, items: list[Item], truth: list[str]) -> Part:
    known = columns(items)
    found = np.unique(np.concatenate(list(pairs(items, known))), axis=0)
    found = found[known.told_by[found[:, 0]] != known.told_by[found[:, 1]]]
    i, j = found.T
    names = np.unique(truth, return_inverse=True)[1]
    fold = np.array([hash_word(item.country) % FOLDS for item in items])
    levels = np.stack([FEATURES[name](known, i, j) for name in FITTED], axis=1)
    return Part(kind, items, truth, levels, names[i] == names[j], fold[i])


def gold(lines: list[dict[str, Any]]) -> Part:
    """The gold claims of the reports."""
    found = [each for line in lines for each in items_of(line, line["text"])]
    kept = [(item, event["event_id"]) for event, item in found if item]
    return part("gold", [item for item, _ in kept], [truth for _, truth in kept])


def coded(lines: list[dict[str, Any]], data: Path) -> Part:
    """Our coder's claims that are paired with a gold event."""
    tools, done = scorer(data), run(ours, lines, 2)
    items, truth = [], []
    for line in lines:
        events = list(items_of(done[line["id"]], line["text"]))
        for p, g in tools.pair([event for event, _ in events], line["events"], line["text"]):
            if (item := events[p][1]) is not None:
                items.append(item)
                truth.append(line["events"][g]["event_id"])
    return part("coded", items, truth)


def slopes(table: Weights) -> np.ndarray:
    """(weights, parameters): an ordered level is the one before it less a step; 1 + all levels rows."""
    rows = 1 + sum(len(table.levels[name]) for name in FITTED)
    matrix = np.eye(rows)
    at = 1
    for name in FITTED:
        last = -1
        for level in table.levels[name]:
            if not level.free:
                if last >= 0:
                    matrix[at] = matrix[last]
                    matrix[at, at] = -1.0
                last = at
            at += 1
    return matrix


def fit(levels: np.ndarray, same: np.ndarray, weight: np.ndarray) -> Weights:
    """The fitted table, in log2 odds; steps between ordered levels are never upwards."""
    old = weights()
    sizes = [len(old.levels[name]) for name in FITTED]
    starts = np.cumsum([1, *sizes[:-1]])
    number = levels @ np.cumprod([1, *sizes[:-1]])
    _, first, number = np.unique(number, return_index=True, return_inverse=True)
    at = levels[first] + starts
    yes, no = np.bincount(number, weight * same), np.bincount(number, weight * ~same)
    matrix = slopes(old)

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        x = matrix @ parameters
        z = x[0] + x[at].sum(axis=1)
        value = (yes * np.logaddexp(0, -z) + no * np.logaddexp(0, z)).sum() + PULL * (x[1:] ** 2).sum()
        slope = no - (yes + no) / (1 + np.exp(z))
        gradient = np.bincount(at.ravel(), np.repeat(slope, len(FITTED)), len(x))
        gradient[0] = slope.sum()
        gradient[1:] += 2 * PULL * x[1:]
        return value, matrix.T @ gradient

    bounds = [(0, None) if column.min() < 0 else (None, None) for column in matrix.T]
    found = minimize(loss, np.zeros(len(matrix)), jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 800})
    x = np.round(matrix @ found.x / np.log(2), 2)
    fitted = {
        name: tuple(replace(level, weight=float(x[start + k])) for k, level in enumerate(old.levels[name]))
        for name, start in zip(FITTED, starts, strict=True)
    }
    return Weights(float(x[0]), old.threshold, {**old.levels, **fitted})


def fitted(parts: list[Part], without: int = -1) -> Weights:
    """The table fitted on all folds but one."""
    kept = [each.fold != without for each in parts]
    kinds = [each.kind for each in parts]
    share = [
        np.full(keep.sum(), SHARES[k] / kinds.count(k) / max(1, keep.sum()))
        for keep, k in zip(kept, kinds, strict=True)
    ]
    levels = np.concatenate([each.levels[keep] for each, keep in zip(parts, kept, strict=True)])
    same = np.concatenate([each.same[keep] for each, keep in zip(parts, kept, strict=True)])
    return fit(levels, same, np.concatenate(share))


def held_out(parts: list[Part], tools: Any) -> None:
    """Prints the figures of each kind of data, its countries linked by weights fitted without them."""
    tables = [fitted(parts, fold) for fold in range(FOLDS)]
    for threshold in THRESHOLDS:
        said = []
        for each in parts:
            clusters = {}
            for fold, table in enumerate(tables):
                items = [item for item in each.items if hash_word(item.country) % FOLDS == fold]
                for keys in link(items, table=replace(table, threshold=threshold)):
                    clusters.update(dict.fromkeys(keys, keys[0]))
            figures = tools.merging(
                [(clusters[item.key], event) for item, event in zip(each.items, each.truth, strict=True)]
            )
            said.append(f"{each.kind} {figures['b-cubed']['f1']:.3f} {figures['pairwise']['f1']:.3f}")
        print(f"held out, threshold {threshold}: {'; '.join(said)}")


def write(table: Weights) -> None:
    """The table with new numbers and the old sentences."""
    old = TABLE.read_text("utf-8").split("\n")
    head = [line for line in old[: old.index("")] if not line.startswith("prior")]
    lines = [*head[:-1], f"prior = {table.prior:.2f}", head[-1], ""]
    for name, levels in table.levels.items():
        for level in levels:
            lines += [f"[[{name}]]", f"weight = {level.weight:.2f}", f'why = "{level.why}"']
            lines += ["free = true", ""] if level.free else [""]
    TABLE.write_text("\n".join(lines), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", type=Path)
    parser.add_argument("mentions", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    lines = list(read([arguments.news]))
    parts = [gold(lines), coded(lines, arguments.data), *(part("made", *mentions(path)) for path in arguments.mentions)]
    held_out(parts, scorer(arguments.data))
    table = fitted(parts)
    print("prior", table.prior)
    for name in FITTED:
        print(name, *(f"{level.weight:.2f}" for level in table.levels[name]))
    if arguments.write:
        write(table)


if __name__ == "__main__":
    main()
