"""How well events of an old release are found again in a new one, ids hidden: python bench/revisions.py [--data DIR].

In:  ucdp-ged-revisions and ucdp-ged-events: UCDP keeps an event's id, so that two releases are their own gold standard.
Out: for each pair of releases the linker's score alone and with the agreement of cells: precision, recall, F1, seconds.

Candidates are the linker's, and pairs that cite the same headline, wherever they were moved to. Two releases of one
data set agree cell by cell where two reports of one event do not, so each cell that agrees adds the log2 of how rare
its value is, and each that does not takes away what a change between releases costs. Matches are one to one.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path

import numpy as np

from tocsin.exchange.readers import Row, read_rows
from tocsin.link.block import pairs
from tocsin.link.columns import Array, columns
from tocsin.link.item import Item, item_of
from tocsin.link.score import score

RELEASES = (
    ("ged191_myanmar", "ged241_myanmar"),
    ("ged191_ukraine", "ged221_ukraine"),
    ("ged201_ukraine", "ged221_ukraine"),
)
BAR = 0.97
CELLS: dict[str, Callable[[Row], object]] = {
    **{name: itemgetter(name) for name in ("event_date", "time_precision", "event_type", "actor1", "actor2", "admin1")},
    "place": itemgetter("location", "latitude", "longitude", "geo_precision"),
    "deaths": itemgetter("fatalities_low", "fatalities_best", "fatalities_high"),
}
CHANGED = 0.1  # share of cells that a revision changes
FEW = 50  # rows that may share one headline and still be compared wherever they lie
EXCHANGED = 0.0001  # share of events whose sources are all exchanged
PARTS = re.compile(r";\s*|\.\s")


def releases(data: Path) -> Iterator[tuple[str, list[Row], list[Row]]]:
    """Name, old and new rows; UCDP's ids stay in `row_id`, which no matcher looks at."""
    for old, new in RELEASES:
        yield (
            f"{old} -> {new}",
            _read(data / "ucdp-ged-revisions" / f"{old}.csv.gz", "old"),
            _read(data / "ucdp-ged-events" / f"{new}.csv.gz", "new"),
        )


def _read(path: Path, dataset: str) -> list[Row]:
    return [row for row in read_rows(path, "ucdp-ged", dataset=dataset) if isinstance(row, dict)]


def items_of(rows: Iterable[Row]) -> list[Item]:
    """An Item for each row; its key tells nothing but its place."""
    found = [item_of(row, f"{at:06}", report=None, origin=None) for at, row in enumerate(rows)]
    assert None not in found, "a row without day, country or point"
    return [item for item in found if item]


def candidates(items: Sequence[Item], rows: Sequence[Row], count_old: int) -> tuple[Array, Array]:
    """Pairs (old, new) and the linker's log2 odds."""
    known = columns(items)
    found = np.concatenate([*pairs(items, known), np.array(list(_same_headline(rows)), dtype=np.int64).reshape(-1, 2)])
    found = np.unique(found, axis=0)
    found = found[(found[:, 0] < count_old) & (found[:, 1] >= count_old)]
    return found, score(known, found)


def headlines(row: Row) -> frozenset[str]:
    """The headlines that UCDP cites, and what it says of the place."""
    return frozenset(part for part in PARTS.split(row["notes"] or "") if part)


def sources(row: Row) -> frozenset[str]:
    return frozenset((row["source"] or "").split("; ")) - {""}


def _same_headline(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Pairs that share a headline that few rows have."""
    told: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        for headline in headlines(row):
            told[headline].append(at)
    for group in told.values():
        if len(group) <= FEW:
            yield from ((one, two) for i, one in enumerate(group) for two in group[i + 1 :])


def agreement(rows: Sequence[Row], found: Array) -> Array:
    """For each pair the log2 odds of its cells: how rare what agrees is, less what disagrees."""
    total = np.zeros(len(found))
    for value_of in CELLS.values():
        values = [value_of(row) for row in rows]
        counts = Counter(values)
        rarity = np.array([np.log2((1 - CHANGED) * len(rows) / counts[value]) for value in values])
        _, number = np.unique([str(value) for value in values], return_inverse=True)
        same = number[found[:, 0]] == number[found[:, 1]]
        total += np.where(same, rarity[found[:, 0]], np.log2(CHANGED))
    return total + sum(cited(rows, found, parts) for parts in (headlines, sources))


def cited(rows: Sequence[Row], found: Array, parts: Callable[[Row], frozenset[str]]) -> Array:
    """The rarest part that both cite; nothing if one cites none."""
    told = [parts(row) for row in rows]
    counts = Counter(part for each in told for part in each)
    values = []
    for one, two in found.tolist():
        both = [np.log2(len(rows) / counts[part]) for part in told[one] & told[two]]
        values.append(max(both) if both else np.log2(EXCHANGED) if told[one] and told[two] else 0.0)
    return np.array(values)


def one_to_one(found: Array, scores: Array, threshold: float) -> list[tuple[int, int]]:
    """The best pairs first, each row once."""
    used: set[int] = set()
    matched = []
    for one, two in found[np.argsort(-scores, kind="stable")][: int((scores >= threshold).sum())].tolist():
        if one not in used and two not in used:
            used |= {one, two}
            matched.append((one, two))
    return matched


def figures(rows: Sequence[Row], count_old: int, matched: Sequence[tuple[int, int]]) -> tuple[float, float, float]:
    """Precision, recall and F1 by UCDP's ids."""
    ids = [row["row_id"] for row in rows]
    gold = len(set(ids[:count_old]) & set(ids[count_old:]))
    hits = sum(ids[one] == ids[two] for one, two in matched)
    return hits / max(1, len(matched)), hits / gold, 2 * hits / (len(matched) + gold)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    print(f"{'releases':34} {'scores':9} precision recall    F1  (bar {BAR})")
    for name, old, new in releases(parser.parse_args().data):
        start, rows = time.perf_counter(), [*old, *new]
        found, linked = candidates(items_of(rows), rows, len(old))
        for label, scores in (("linker", linked), ("and cells", linked + agreement(rows, found))):
            precision, recall, f1 = figures(rows, len(old), one_to_one(found, scores, 0.0))
            print(f"{name:34} {label:9} {precision:9.3f} {recall:6.3f} {f1:5.3f}  {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
