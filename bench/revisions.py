"""How well events of an old release are found again in a new one, ids hidden: python -m bench.revisions [--data DIR].

In:  ucdp-ged-revisions and ucdp-ged-events: UCDP keeps an event's id, so that two releases are their own gold standard.
Out: for each pair of releases precision, recall and F1 of the pairs that `link` joins, and seconds: as two data sets
     that have nothing to do with each other, and as two releases of one data set.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tocsin.exchange.readers import Row, read_rows
from tocsin.link.item import Item, item_of
from tocsin.link.link import link
from tocsin.link.score import Weights

RELEASES = (
    ("ged191_myanmar", "ged241_myanmar"),
    ("ged191_ukraine", "ged221_ukraine"),
    ("ged201_ukraine", "ged221_ukraine"),
)
SAMPLE = "ged251_global_sample10k"  # 12 columns: no sources, no precision, no range of deaths
SAMPLED = (
    ("ged241_mexico", "Mexico"),
    ("ged_syria_2016_2019", "Syria"),
    ("ged201_nigeria", "Nigeria"),
)
BAR = 0.97

Releases = tuple[str, list[Row], list[Row]]


def releases(data: Path) -> Iterator[Releases]:
    """Name, old and new rows; UCDP's ids stay in `row_id`, which no matcher looks at."""
    for old, new in RELEASES:
        yield (
            f"{old} -> {new}",
            _read(data / "ucdp-ged-revisions" / f"{old}.csv.gz", "ged 1"),
            _read(data / "ucdp-ged-events" / f"{new}.csv.gz", "ged 2"),
        )


def sampled(data: Path) -> Iterator[Releases]:
    """A newer release of which few rows and few columns are left, beside an older one; not in the fit."""
    sample = _read(data / "ucdp-ged-events" / f"{SAMPLE}.csv.gz", "ged 1")
    for name, country in SAMPLED:
        older = _read(data / "ucdp-ged-events" / f"{name}.csv.gz", "ged 2")
        years = {row["year"] for row in older}
        yield f"sample -> {name}", [r for r in sample if r["country"] == country and r["year"] in years], older


def _read(path: Path, dataset: str) -> list[Row]:
    return [row for row in read_rows(path, "ucdp-ged", dataset=dataset) if isinstance(row, dict)]


def items_of(rows: Iterable[Row]) -> list[Item]:
    """An Item for each row; its key tells nothing but its place."""
    found = [item_of(row, f"{at:06}", report=None, origin=None) for at, row in enumerate(rows)]
    assert None not in found, "a row without day, country or point"
    return [item for item in found if item]


def matched(items: Sequence[Item], count_old: int, table: Weights | None = None) -> list[tuple[int, int]]:
    """The pairs (old, new) that the linker joins."""
    pairs = []
    for keys in link(items, table=table):
        numbers = [int(key) for key in keys]
        old, new = ([at for at in numbers if (at < count_old) is side] for side in (True, False))
        pairs += [(one, two) for one in old for two in new]
    return pairs


def figures(rows: Sequence[Row], count_old: int, found: Sequence[tuple[int, int]]) -> tuple[float, float, float]:
    """Precision, recall and F1 by UCDP's ids."""
    ids = [row["row_id"] for row in rows]
    gold = len(set(ids[:count_old]) & set(ids[count_old:]))
    hits = sum(ids[one] == ids[two] for one, two in found)
    return hits / max(1, len(found)), hits / gold, 2 * hits / (len(found) + gold)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    print(f"{'releases':34} {'as':14} precision recall    F1  (bar {BAR})")
    for name, old, new in (*releases(data), *sampled(data)):
        for label, other in (("two data sets", "other"), ("two releases", "ged 2")):
            start, rows = time.perf_counter(), [*old, *({**row, "dataset": other} for row in new)]
            precision, recall, f1 = figures(rows, len(old), matched(items_of(rows), len(old)))
            print(f"{name:34} {label:14} {precision:9.3f} {recall:6.3f} {f1:5.3f}  {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
