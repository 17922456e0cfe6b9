"""Which finder is the default: rules, model and both side by side, on reports that the model has not seen.

    python -m bench.finders [--data ../shared] [--sets own fresh news-gold news-train] [--folds FOLDER] [--jobs 2]

In:  sets of labelled reports; for news-train the folder of training, with two models that have each not seen a half.
Out: a table for each set: measures down, finders across; detection and strict F1 with the ends of their 95 % interval
     (bootstrap over reports) and, as five-fold figures, their mean and spread over five parts of the reports.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

import numpy as np

from bench.events import Figures, Line, figures, files_of, finder_of, number, ours, read, run, scorer

FINDERS = ("rules", "model", "both")
PARTS = 5
ROWS = ("event detection F1", "  precision", "  recall", "event type", "sub-event type", "date within a day",
        "within 50 km", "both actors", "fatalities exact", "strict F1", "false events, empty reports")  # fmt: skip
SURE = ("event detection F1", "strict F1")
DRAWS = 200


def column(score: Any, lines: list[Line], coded: Mapping[str, Line]) -> dict[str, str]:
    """The figures of one finder, as text."""
    found = figures(score({line["id"]: line for line in lines}, coded))
    shown = {name: number(found[name]) for name in ROWS}
    draws = [drawn(score, lines, coded, seed) for seed in range(DRAWS)]
    parts = [figures(score({line["id"]: line for line in lines[part::PARTS]}, coded)) for part in range(PARTS)]
    for name in SURE:
        low, high = np.percentile([draw[name] for draw in draws], [2.5, 97.5])
        shown[name] += f" ({low:.3f} to {high:.3f})"
        held = [part[name] for part in parts]
        shown[f"{name}, in {PARTS} parts"] = f"{fmean(held):.3f} ± {pstdev(held):.3f}"
    return shown


def drawn(score: Any, lines: list[Line], coded: Mapping[str, Line], seed: int) -> Figures:
    """The figures of as many reports, drawn with replacement."""
    picks = enumerate(random.Random(seed).choices(lines, k=len(lines)))
    pairs = {f"{at} {line['id']}": line for at, line in picks}
    return figures(score(pairs, {name: coded[line["id"]] for name, line in pairs.items()}))


def table(columns: Mapping[str, Mapping[str, str]]) -> str:
    labels = list(next(iter(columns.values())))
    lines = [" " * 30 + "".join(f"{name:>26}" for name in columns)]
    return "\n".join(lines + [f"{label:30}" + "".join(f"{c[label]:>26}" for c in columns.values()) for label in labels])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--sets", nargs="*", default=["own", "fresh", "news-gold"])
    parser.add_argument("--folds", type=Path, help="needed for news-train")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    score = scorer(options.data).score
    for name in options.sets:
        lines = list(read(files_of(options.data, name)))
        columns = {}
        for each in FINDERS:
            coder = partial(ours, finder=finder_of(each, options.folds))
            columns[each] = column(score, lines, run(coder, lines, options.jobs))
        print(f"\n{name}: {len(lines)} reports\n{table(columns)}", flush=True)


if __name__ == "__main__":
    main()
