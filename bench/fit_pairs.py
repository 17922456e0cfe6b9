"""Make the weights with which actors are chosen: src/tocsin/code/data/pairs.toml.

    python -m bench.fit_pairs [--data ../shared] [--set news-train] [--write] [--l2 1.0] [--folds FOLDER]

In:  reports with gold events. Every coded event that the scorer pairs with a gold event is one example: of all pairs of
     actors that the report offers, which are the gold ones?
Out: the share of right pairs in reports left out of the fit (four folds); with --write the table, fitted on all.
     With --folds, the folder of training, pairs_both.toml is made, from what a model that has not seen the report says.
     The choice is multinomial: the weight of a pair is the sum of the weights of its features (code/pairs.py).
"""

from __future__ import annotations

import argparse
import zlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

import tocsin.code.claims as claims
from bench.events import files_of, read, scorer
from bench.folds import Folds
from tocsin.code import Tools, claims_in
from tocsin.code.found import RULES as BY_RULES
from tocsin.code.pairs import BOTH, FIRST, MODEL, RULES, SECOND, Feature, candidates, features, may_be, together
from tocsin.exchange.event import to_json
from tocsin.model import Report

DATA = Path(__file__).parents[1] / "src/tocsin/code/data"
FOLDS = 4
HALF = ("group", "state", "unnamed", "crowd", "government", "civilians")  # tables of one kind of actor: weaker features
ANY_ORDER = ("Battles", "Protests", "Strategic developments")
HEAD = """\
# What speaks for an actor as actor 1 ("first") and as actor 2 ("second"), made by bench/fit_pairs.py from
# labelled reports. "first": by sign (docs/sides.md). "first group": the same for one kind of actor, added to it.
# "first Battles", "first Armed clash": the kind of actor by event type and by sub-event type, added to each other.
# "both Battles": the two kinds together. Greater is likelier; the pair with the best sum wins.
"""
UNIT = 0.25  # of the log odds of the model, which run from -4.6 to 4.6
Key = tuple[str, str]


@dataclass
class Example:
    """One event: which pairs are possible, which are right, and the features of each."""

    report: str
    sides: tuple[list[list[Feature]], list[list[Feature]]]
    both: dict[tuple[int, int], list[Feature]]
    right: set[tuple[int, int]]


def examples(lines: list[dict[str, Any]], score: Any, folds: Path | None) -> list[Example]:
    tools, found = Tools.load(finder=Folds(folds)) if folds else Tools.load(finder=BY_RULES), []
    conflicts: list[Any] = []
    choose = claims.find_pair
    claims.find_pair = lambda conflict, registry: (conflicts.append(conflict), choose(conflict, registry))[1]
    for line in lines:
        conflicts.clear()
        published = date.fromisoformat(line["published"]) if line.get("published") else None
        report = Report(line["id"], line["text"], line.get("title"), published, line.get("source"), lang=line["lang"])
        coded = claims_in(report, tools)
        events = [(e, c) for e, c in zip(to_json(coded)["events"], coded.claims, strict=True) if e["complete"]]
        for ours, gold in score.pair([event for event, _ in events], line["events"], line["text"]):
            claim = events[ours][1]
            fits = (c for c in conflicts if c.verdict.sub_event_type == claim.sub_event_type.value and _same(c, claim))
            conflict = next(fits, None)
            if conflict:
                found.append(_example(line["id"], conflict, line["events"][gold], tools.registry, score))
    claims.find_pair = choose
    return found


def _same(conflict: Any, claim: Any) -> bool:
    return tuple(dict.fromkeys(frame.span for frame in conflict.frames)) == tuple(claim.event_type.spans)


def _example(report: str, conflict: Any, gold: dict[str, Any], registry: Any, score: Any) -> Example:
    parties, verdict = [*candidates(conflict, registry), None], conflict.verdict
    names = [{"actor1": party.actor.name if party else None} for party in parties]
    good = [[i for i, name in enumerate(names) if _is(score, name, gold, side)] for side in (1, 2)]
    both = {
        (i, j): list(together(one, two, verdict))
        for i, one in enumerate(parties)
        for j, two in enumerate(parties)
        if one and one is not two and may_be(one, FIRST, verdict) and may_be(two, SECOND, verdict)
    }
    right = {(i, j) for i in good[0] for j in good[1]}
    if verdict.event_type in ANY_ORDER:
        right |= {(j, i) for i, j in right}
    rows = tuple([list(features(party, side, verdict)) for party in parties] for side in (FIRST, SECOND))
    return Example(report, rows, both, right & set(both))  # type: ignore[arg-type]


def _is(score: Any, name: dict[str, str | None], gold: dict[str, Any], side: int) -> bool:
    if gold.get(f"actor{side}") is None or name["actor1"] is None:
        return gold.get(f"actor{side}") is None and name["actor1"] is None
    return bool(score.same_actor(name, gold, 1, side))


class Model:
    """Multinomial choice among pairs, fitted by Adam with an L2 penalty."""

    def __init__(self, train: list[Example], l2: float, steps: int = 100) -> None:
        self.index: dict[Key, int] = {}
        for each in train:
            rows = [row for side in each.sides for row in side] + list(each.both.values())
            for part, name, _ in (feature for row in rows for feature in row):
                self.index.setdefault((part, name), len(self.index))
        self.weights = np.zeros(len(self.index))
        self._fit([self._arrays(each) for each in train if each.right], l2, steps)

    def _fit(self, data: list[tuple[np.ndarray, np.ndarray]], l2: float, steps: int) -> None:
        mean, square = np.zeros_like(self.weights), np.zeros_like(self.weights)
        for step in range(1, steps + 1):
            slope = l2 * self.weights
            for pairs, right in data:
                share = np.exp((total := pairs @ self.weights) - total.max())
                wanted = share * right
                slope = slope + (share / share.sum() - wanted / wanted.sum()) @ pairs
            mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
            rate = 0.15 if step < 0.7 * steps else 0.05
            self.weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)

    def _arrays(self, each: Example) -> tuple[np.ndarray, np.ndarray]:
        """A row of feature values for each possible pair, and which pairs are right."""
        rows = np.zeros((len(each.both), len(self.index)), np.float32)
        for row, ((i, j), shared) in zip(rows, each.both.items(), strict=True):
            for part, name, much in (*each.sides[0][i], *each.sides[1][j], *shared):
                if (part, name) in self.index:
                    row[self.index[part, name]] += much * _unit((part, name))
        return rows, np.array([pair in each.right for pair in each.both])

    def right(self, each: Example) -> bool:
        if not each.both:
            return False
        rows, right = self._arrays(each)
        return bool(right[(rows @ self.weights).argmax()])

    def table(self) -> str:
        tables: dict[str, dict[str, float]] = defaultdict(dict)
        for key, at in self.index.items():
            weight = round(float(self.weights[at]) * _unit(key), 2)
            if abs(weight) >= 0.05 or (weight and key[1] in MODEL):
                tables[key[0]][key[1]] = weight
        lines = [HEAD]
        for name in sorted(tables, key=lambda n: (n.split(" ")[0], n)):
            lines += [
                f'["{name}"]',
                *(f'"{k}" = {v}' for k, v in sorted(tables[name].items(), key=lambda i: -i[1])),
                "",
            ]
        return "\n".join(lines)


def _unit(key: Key) -> float:
    """How much of a feature the penalty takes for one."""
    return (0.5 if key[0].partition(" ")[2] in HALF else 1.0) * (UNIT if key[1] in MODEL else 1.0)


def left_out(found: list[Example], l2: float) -> float:
    """Share of right pairs in the reports that a fold did not see."""
    fold = {each.report: zlib.crc32(each.report.encode()) % FOLDS for each in found}
    right = 0
    for part in range(FOLDS):
        model = Model([each for each in found if fold[each.report] != part], l2)
        right += sum(model.right(each) for each in found if fold[each.report] == part)
    return right / len(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--set", default="news-train")
    parser.add_argument("--l2", type=float, default=1.0)
    parser.add_argument("--folds", type=Path, help="fit pairs_both.toml, with the two models in this folder")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    found = examples(list(read(files_of(options.data, options.set, []))), scorer(options.data), options.folds)
    print(f"{len(found)} events; both actors right, left out: {left_out(found, options.l2):.3f}")
    if options.write:
        file = DATA / f"{BOTH if options.folds else RULES}.toml"
        file.write_text(Model(found, options.l2, 120).table(), encoding="utf-8")


if __name__ == "__main__":
    main()
