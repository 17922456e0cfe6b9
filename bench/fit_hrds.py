"""Learn the weights with which bench/hrds_fill.py chooses, and tell how well they do on articles they have not seen.

    python -m bench.fit_hrds [--data ../shared] [--write]

In:  hrdsattack/train.jsonl: 300 articles and the attack that their annotator chose.
Out: the share of right answers of each field, each fifth of the articles chosen by weights of the others;
     with --write bench/hrds_weights.json, learned from all. It takes two minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bench import hrds, hrds_fill
from bench.events import read
from bench.options import Option, Told, best, told
from bench.weigh import Weights, fit

FOLDS, FEWEST = 5, 4
RIDGE = {"year": 4.0, "country": 2.0, "month": 6.0, "day": 8.0, "city": 4.0}
Case = tuple[Told, Sequence[Any], dict[str, Any]]  # an article, the places of its title, what is wanted
Options = Callable[[Case, dict[str, Weights]], list[Option]]

OPTIONS: dict[str, Options] = {
    "year": lambda case, _: hrds_fill.years(case[0]),
    "country": lambda case, _: hrds_fill.countries(case[0], case[1]),
    "month": lambda case, weights: hrds_fill.months(case[0], _chosen("year", case, weights)),
    "day": lambda case, weights: hrds_fill.days(case[0], _chosen("year", case, weights)),
    "city": lambda case, weights: hrds_fill.towns(*case[:2], _chosen("country", case, weights)),
}


def _chosen(field: str, case: Case, weights: dict[str, Weights]) -> Any:
    return hrds_fill.value(best(weights[field], OPTIONS[field](case, weights)))


def is_right(field: str, wanted: Any, found: Any) -> bool:
    from tocsin.countries import country

    nation = country(found) if field == "country" and found else None
    return hrds.right(field, wanted, nation.name if nation else found)


def learn(cases: Iterable[Case]) -> dict[str, Weights]:
    """A table for each field; those that others need come first."""
    given, weights = list(cases), dict[str, Weights]()
    for field, options in OPTIONS.items():
        asked = [case for case in given if case[2][field] is not None]
        found = [(each, case[2][field]) for case in asked for each in options(case, weights)]
        rows = [option.row for option, _ in found]
        weights[field] = fit(rows, [is_right(field, wanted, one.value) for one, wanted in found], RIDGE[field], FEWEST)
    return weights


def unseen(cases: Sequence[Case]) -> dict[str, float]:
    """The share of right answers, by weights of the other folds."""
    hits: dict[str, list[bool]] = {field: [] for field in OPTIONS}
    for fold in range(FOLDS):
        weights = learn(case for n, case in enumerate(cases) if n % FOLDS != fold)
        for case in cases[fold::FOLDS]:
            for field in OPTIONS:
                if case[2][field] is not None:
                    hits[field].append(is_right(field, case[2][field], _chosen(field, case, weights)))
    return {field: sum(right) / len(right) for field, right in hits.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--write", action="store_true", help="write bench/hrds_weights.json")
    options = parser.parse_args()
    cases: list[Case] = []
    for line in read([options.data / "data/hrdsattack/train.jsonl"]):
        one = told(hrds.article(line))
        cases.append((one, hrds_fill.headed(one), hrds.given(line)))
    print(*(f"{field}: {figure:.3f}" for field, figure in unseen(cases).items()), sep="\n")
    if options.write:
        tables = {field: {k: round(v, 2) for k, v in table.items()} for field, table in learn(cases).items()}
        path = Path(__file__).with_name("hrds_weights.json")
        path.write_text(json.dumps(tables, indent=0, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
