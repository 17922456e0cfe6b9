"""Fit the weights of src/tocsin/code/data/kinds.toml: the codebook's verdict and the model's view of the type.

    python -m bench.fit_kinds --folds FOLDER [--data ../shared] [--sets news-train own] [--write]

Every incident of the labelled reports that the scorer pairs with a labelled event is an example, and every snippet with
one event; the model has not seen them (bench/folds.py). A logistic regression with ridge penalty chooses among the 25
types; where a labelled event has types that are as good, any of them is right. Prints the share of right types by the
rules alone and with the model, on reports left out of the fit (five folds), then the weights.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench.events import files_of, finder_of, read, scorer
from bench.snippets import NONE, news_train
from tocsin.code import Tools, claims, kinds, look
from tocsin.code.claims import Coder
from tocsin.code.found import Finder
from tocsin.code.kinds import SIGNS
from tocsin.codebook import taxonomy
from tocsin.exchange.event import event
from tocsin.model import Report

FILE = Path(kinds.__file__).with_name("data") / "kinds.toml"
RIDGE = 1.0
FOLDS = 5
TINY = 1e-12
TYPES = tuple(taxonomy().sub_event_types)
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """One incident: the signs of each type (types, signs), which types are right, and which one the rules give."""

    report: str
    signs: Array
    right: NDArray[np.bool_]
    ruled: int


class Watched:
    """Codes reports and keeps the signs of each incident; the type stays that of the rules."""

    def __init__(self, finder: Finder) -> None:
        self.tools = Tools.load(finder=finder)
        self.seen: list[dict[str, kinds.Signs]] = []

    def code(self, line: dict[str, Any]) -> list[tuple[dict[str, Any], Array]]:
        """The complete events of a report, or all of a snippet, with their signs."""
        published = date.fromisoformat(line["published"]) if line.get("published") else None
        report = Report(line["id"], line["text"], line.get("title"), published, line.get("source"), lang=line["lang"])
        found = self.tools.finder.find(look(report, self.tools))
        coder = Coder(found.scene, self.tools.registry, found.incidents, found.rejected)
        coded: list[tuple[dict[str, Any], Array]] = []
        for incident in found.incidents:
            self.seen.clear()
            for claim, signs in zip(coder.claims(incident), self.seen, strict=True):
                if claim.complete or not published:
                    coded.append((event(claim, report, len(coded)), np.array([signs[name] for name in TYPES])))
        return coded

    def weigh(self, verdict: Any, happening: Any, frames: Any, sight: Any) -> tuple[Any, float]:
        self.seen.append(kinds.signs(verdict, happening, frames, sight))
        return verdict, 0.0


def examples(data: Path, sets: Sequence[str], folds: Path) -> Iterator[Example]:
    """Those of the reports, then those of the snippets."""
    watched, score = Watched(finder_of("both", folds)), scorer(data)
    claims.weigh = watched.weigh  # type: ignore[attr-defined]
    plain = {score.plain(name): number for number, name in enumerate(TYPES)}
    for name in sets:
        for line in read(files_of(data, name)):
            coded = watched.code(line)
            for ours, gold in score.pair([each for each, _ in coded], line["events"], line["text"]):
                right = {plain[sub] for _, sub in score.types(line["events"][gold])}
                yield _example(line["id"], coded[ours], right)
    for line in news_train(data):
        coded = watched.code(line) if line["wanted"] != NONE else []
        if coded:
            yield _example(line["id"], coded[0], {TYPES.index(line["wanted"])})
    claims.weigh = kinds.weigh  # type: ignore[attr-defined]


def _example(report: str, coded: tuple[dict[str, Any], Array], right: set[int]) -> Example:
    one, signs = coded
    return Example(report, signs, np.isin(np.arange(len(TYPES)), list(right)), TYPES.index(one["sub_event_type"]))


def fit(rows: Sequence[Example], ridge: float = RIDGE) -> Array:
    """Weights in the order of SIGNS: the penalised likelihood of a right type is greatest."""
    signs, right = np.stack([row.signs for row in rows]), np.stack([row.right for row in rows])

    def loss(weights: Array) -> tuple[float, Array]:
        chances = _chances(signs @ weights)
        wanted = (chances * right).sum(axis=1, keepdims=True) + TINY
        slope = np.einsum("nt,nts->s", chances - chances * right / wanted, signs) + ridge * weights
        return float(ridge / 2 * (weights**2).sum() - np.log(wanted).sum()), slope

    found: Array = minimize(loss, np.zeros(len(SIGNS)), jac=True, method="L-BFGS-B").x
    return found


def _chances(marks: Array) -> Array:
    raised: Array = np.exp(marks - marks.max(axis=1, keepdims=True))
    chances: Array = raised / raised.sum(axis=1, keepdims=True)
    return chances


def left_out(rows: Sequence[Example]) -> NDArray[np.bool_]:
    """Whether each example's best type is right, by weights fitted without its report."""
    reports = sorted({row.report for row in rows})
    random.Random(0).shuffle(reports)
    hit = np.zeros(len(rows), bool)
    for fold in range(FOLDS):
        out = set(reports[fold::FOLDS])
        weights = fit([row for row in rows if row.report not in out])
        for number, row in enumerate(rows):
            if row.report in out:
                hit[number] = row.right[int((row.signs @ weights).argmax())]
    return hit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--sets", nargs="*", default=["news-train", "own"])
    parser.add_argument("--folds", type=Path, required=True, help="the folder of training")
    parser.add_argument("--write", action="store_true", help=f"put the weights into {FILE.name}")
    options = parser.parse_args()
    rows = [row for row in examples(options.data, options.sets, options.folds) if row.right.any()]
    hits = left_out(rows)
    ruled = [bool(row.right[row.ruled]) for row in rows]
    print(f"{len(rows)} incidents; type right: rules {np.mean(ruled):.3f}, with the model {hits.mean():.3f} (left out)")
    weights = fit(rows)
    text = FILE.read_text(encoding="utf-8")
    for name, weight in zip(SIGNS, weights, strict=True):
        print(f"{name} = {weight:.2f}")
        text = re.sub(rf"^{name} = \S+", f"{name} = {weight:.2f}", text, flags=re.MULTILINE)
    if options.write:
        FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
