"""How fast other people's data are read: python bench/readers.py [--rows 100000] [--data DIR].

In:  a made file of ACLED's 31 columns, with notes of ACLED's usual length; UCDP's files where they are there.
Out: rows a second of one core, checks included, and the peak of memory.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

from tocsin import codebook
from tocsin.codebook import COLUMNS, taxonomy
from tocsin.countries import countries
from tocsin.exchange.readers import read_rows

BAR = 25_000
FIRST = date(1997, 1, 1)
NOTE = "On {day:%d %B %Y}, members of {actor} did something in {place}. " + "More words of a note follow here. " * 5


def made_rows(count: int, seed: int = 1) -> Iterator[list[object]]:
    """Rows that ACLED could have written."""
    dice, homes, subs = random.Random(seed), countries(), list(taxonomy().sub_event_types.values())
    labels = [codebook.inter_label(number) for number in range(1, 9)]
    for number in range(count):
        home, sub, day = dice.choice(homes), dice.choice(subs), FIRST + timedelta(dice.randrange(10_000))
        one, two, place = dice.choice(labels), dice.choice([*labels, "", ""]), f"Town {dice.randrange(20_000)}"
        actor = f"Group {dice.randrange(3_000)} ({home.name})"
        yield [
            *(f"{home.iso3}{number}", day, day.year, dice.choice("1123"), sub.disorder_type, sub.event_type, sub.name),
            *(actor, f"Students ({home.name}); Women ({home.name})" if dice.random() < 0.5 else "", one),
            *(f"Civilians ({home.name})" if two else "", "", two, codebook.interaction(one, two), ""),
            *(home.iso, home.region, home.name, f"Province {len(place)}", "", "", place),
            *(round(dice.uniform(-80, 80), 4), round(dice.uniform(-170, 170), 4), dice.choice("1123")),
            *(f"Radio {dice.randrange(2_000)}; Wire", "National", NOTE.format(day=day, actor=actor, place=place)),
            *(dice.choice([0, 0, 0, 3, 10]), "crowd size=no report", 1_600_000_000 + number),
        ]


def measured(path: Path, kind: str) -> str:
    """One line with the speed of reading a file."""
    start, rows, others = time.process_time(), 0, 0
    for found in read_rows(path, kind):
        rows += isinstance(found, dict)
        others += not isinstance(found, dict)
    speed = (rows + others) / (time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{path.name:34} {kind:9} {rows:9,} rows {others:4} issues {speed:8,.0f} rows/s (bar {BAR:,}) {peak:5.0f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "acled.csv"
        with path.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows(chain([COLUMNS], made_rows(options.rows)))
        print(measured(path, "acled"))
    for path in sorted((options.data / "ucdp-ged-events").glob("*.csv.gz")):
        print(measured(path, "ucdp-ged"))


if __name__ == "__main__":
    main()
