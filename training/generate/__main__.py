"""`python -m training.generate --reports 4000 --seed 1 --out DIR`: write made reports, one JSON line each."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from random import Random

from training.generate.compose import Composer
from training.generate.dirty import soil
from training.generate.lines import record
from training.generate.stats import show


def main() -> None:
    """Read the options, write `made.jsonl` into the folder, print tables if asked."""
    options = _options()
    out = options.out / "made.jsonl"
    options.out.mkdir(parents=True, exist_ok=True)
    rng = Random(options.seed + 1)
    composer = Composer(options.seed, tuple(options.langs.split(",")))
    with out.open("w", encoding="utf-8") as file:
        for number, made in enumerate(composer.reports(options.reports), 1):
            if rng.random() < options.dirty:
                soil(made, rng)
            file.write(json.dumps(record(made, number), ensure_ascii=False) + "\n")
    print(f"{out}: {options.reports} reports")
    if options.stats:
        show(out, options.beside)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.generate", description=__doc__)
    parser.add_argument("--reports", type=int, default=4000, help="how many reports (default 4000)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same bytes")
    parser.add_argument("--out", type=Path, required=True, help="folder for made.jsonl")
    parser.add_argument("--langs", default="en,fr", help="languages, in turn (default en,fr)")
    parser.add_argument("--dirty", type=float, default=0.0, help="share of reports with the faults of the web")
    parser.add_argument("--stats", action="store_true", help="print balance and diversity")
    parser.add_argument("--beside", type=Path, help="a folder of reports to compare the diversity with")
    return parser.parse_args()


if __name__ == "__main__":
    main()
