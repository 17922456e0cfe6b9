"""Learn the weights with which bench/muc4_fill.py fills templates.

    python -m bench.fit_muc4 [--data ../shared] [--write]

In:  muc4/full_train.jsonl.gz: the training texts of MUC-4 (DEV-MUC3) and their templates.
Out: bench/muc4_weights.json: a table of signs for the four types, for the values of four slots, and for a further
     template. No words of the texts but single ones are in it; signs that weigh next to nothing are left out.
     Without --write only the number of signs is printed. It takes about three minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench import muc4, muc4_fill
from bench.events import Line
from bench.killed import _lines
from bench.muc4_fill import KINDS
from bench.options import Option, Told, best
from bench.weigh import Row, Weights, fit

RIDGE = {"kind": 8.0, "place": 2.0, "organisation": 15.0, "number": 6.0, "day": 6.0, "more": 4.0}
FEWEST, SMALLEST = 6, 0.04
Template = dict[str, Any]
Case = tuple[Told, str, list[Template]]  # a text, a type, the templates of that type


def texts(data: Path) -> Iterator[tuple[Told, Line]]:
    for line in _lines(data / "data/muc4/full_train.jsonl.gz"):
        yield muc4_fill.read(line), line


def of_kind(line: Line, kind: str) -> list[Template]:
    return [each for each in line["templates"] if kind in each["type"] and not each["optional"]]


def is_place(gold: Template, names: list[str]) -> bool:
    return muc4.place_of(gold, names) == 1.0


SLOTS: dict[str, tuple[Callable[[Told, str], Sequence[Option]], Callable[[Template, Any], object]]] = {
    "place": (muc4_fill.places, is_place),
    "day": (muc4_fill.days, muc4.date_of),
    "organisation": (muc4_fill.organisations, muc4.organisation_of),
    "number": (muc4_fill.numbers, muc4.number_of),
}


def learn(given: Sequence[tuple[Told, Line]]) -> dict[str, Weights]:
    """All tables."""
    weights: dict[str, Weights] = {}
    for kind in KINDS:
        rows = [muc4_fill.kind_row(one, kind) for one, _ in given]
        weights[kind] = _fit(rows, [bool(of_kind(line, kind)) for _, line in given], "kind")
    cases = [(one, kind, gold) for one, line in given for kind in KINDS if (gold := of_kind(line, kind))]
    for name, (options, right) in SLOTS.items():
        found = [(option, gold) for one, kind, gold in cases for option in options(one, kind)]
        wanted = [any(right(each, option.value) for each in gold) for option, gold in found]
        weights[name] = _fit([option.row for option, _ in found], wanted, name)
    more = [row for case in cases for row in _more(case, weights["place"])]
    weights["more"] = _fit([row for row, _ in more], [wanted for _, wanted in more], "more")
    return weights


def _more(case: Case, weights: Weights) -> Iterator[tuple[Row, bool]]:
    """The towns but the main one, and whether another template than the main one's is there."""
    one, kind, gold = case
    main = best(weights, muc4_fill.places(one, kind))
    if main:
        first = max(range(len(gold)), key=lambda n: muc4.place_of(gold[n], main.value))
        rest = gold[:first] + gold[first + 1 :]
        for option in muc4_fill.further(one, kind, main):
            yield option.row, any(is_place(each, option.value) for each in rest)


def _fit(rows: Sequence[Row], wanted: Sequence[bool], name: str) -> Weights:
    found = fit(rows, wanted, RIDGE[name], FEWEST)
    return {sign: round(weight, 2) for sign, weight in found.items() if abs(weight) >= SMALLEST or not sign}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--write", action="store_true", help="write bench/muc4_weights.json")
    options = parser.parse_args()
    weights = learn(list(texts(options.data)))
    print(*(f"{name}: {len(table)} signs" for name, table in weights.items()), sep="\n")
    if options.write:
        path = Path(__file__).with_name("muc4_weights.json")
        path.write_text(json.dumps(weights, indent=0, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
