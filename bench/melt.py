"""Data sets of the make of MELTT's simulated ones, linked: python -m bench.melt [--seeds 20].

In:  nothing; three data sets are made for each seed, as many rows and as much overlap as in MELTT's fixture (Donnay et
     al. 2019; the R package's example of simulated car crashes): 71, 64 and 60 rows of one month, 34 happenings in two
     or three sets, 8 of the 34 episodes of several days. What sets tell of one happening lies within 4 km and 2 days;
     each set words kind and actors in its own way, one by fine names, one by short ones, one by broad ones.
Out: the published numbers, how many happenings were found again and are right, in the mean and range over the seeds.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from statistics import mean
from typing import Any

from tocsin.codebook import taxonomy
from tocsin.link.item import Item, item_of
from tocsin.link.link import Cluster, link

# In which sets a happening is told, and how many there are of it (episodes among them).
OVERLAPS = {(0, 1): (5, 1), (0, 2): (4, 1), (1, 2): (4, 1), (0, 1, 2): (21, 5)}
ALONE = {(0,): (41, 8), (1,): (34, 7), (2,): (31, 6)}
PUBLISHED = {
    "matches": 34, "duplicates removed": 55, "unique": 140, "events matched": 26, "episodes matched": 8,
    "in sets 1 and 2": 5, "in sets 1 and 3": 4, "in sets 2 and 3": 4, "in all three": 21,
}  # fmt: skip

START, DAYS = date(2012, 1, 1), 31
KM, LATER = 2.0, (0, 0, 0, 1)  # how far from the true point, and how many days late, one set may be
SOUTH, WEST, DEGREES = 12.5, -6.0, 2.5
PLACES = {"each happening in a place of its own": 140, "all in 20 towns": 20}
DEGREE_KM = 111.0
# What one happening is called by each set, from fine to broad.
KINDS = (
    ("Armed clash", "Armed clash", "Armed clash"),
    ("Government regains territory", "Armed clash", "Armed clash"),
    ("Attack", "Attack", "Attack"),
    ("Abduction/forced disappearance", "Abduction/forced disappearance", "Attack"),
    ("Remote explosive/landmine/IED", "Suicide bomb", "Remote explosive/landmine/IED"),
    ("Shelling/artillery/missile attack", "Shelling/artillery/missile attack", "Remote explosive/landmine/IED"),
    ("Peaceful protest", "Protest with intervention", "Peaceful protest"),
    ("Violent demonstration", "Mob violence", "Violent demonstration"),
)
ACTORS = (
    ("MLF: Morning Light Front", "MLF", "Unidentified Armed Group (Mali)"),
    ("FRB: Free River Brigade", "Free River Brigade", "Unidentified Armed Group (Mali)"),
    ("Military Forces of Mali (2012-)", "Army", "Military Forces of Mali"),
    ("Police Forces of Mali (2012-)", "Police", "Police Forces of Mali"),
    ("Students (Mali)", "Students", "Students' Union (Mali)"),
    ("Herders Communal Militia (Mali)", "Herders Militia", "Unidentified Communal Militia (Mali)"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """An Item, the happening it tells, whether that lasts for days."""

    item: Item
    happening: int
    episode: bool


def make(seed: int, places: int) -> list[Row]:
    """Three data sets in one list; their happenings are spread evenly over so many places."""
    draw = random.Random(seed)
    towns = [(SOUTH + draw.random() * DEGREES, WEST + draw.random() * DEGREES) for _ in range(places)]
    made: list[Row] = []
    happenings = 0
    for sets, (count, episodes) in {**OVERLAPS, **ALONE}.items():
        for at in range(count):
            happenings += 1
            made += _told(draw, towns[happenings % places], sets, happenings, at < episodes)
    return made


def _told(
    draw: random.Random, town: tuple[float, float], sets: Sequence[int], happening: int, episode: bool
) -> Iterator[Row]:
    """One happening as each of the sets tells it."""
    day = START + timedelta(days=draw.randrange(DAYS))
    kind, actors = draw.choice(KINDS), draw.sample(ACTORS, 2)
    for number in sets:
        latitude, longitude = (at + draw.uniform(-1, 1) * KM / 2**0.5 / DEGREE_KM for at in town)
        row: dict[str, Any] = {
            "dataset": "abc"[number],
            "event_date": (day + timedelta(days=draw.choice(LATER))).isoformat(),
            "time_precision": 2 if episode else 1,
            "country": "Mali",
            "latitude": latitude,
            "longitude": longitude,
            "event_type": taxonomy().sub_event(kind[number]).event_type,
            "sub_event_type": kind[number],
            "actor1": actors[0][number],
            "actor2": actors[1][number],
        }
        item = item_of(row, f"{number}-{happening:03}", report=None, origin=None)
        assert item is not None
        yield Row(item, happening, episode)


def counted(rows: Sequence[Row], clusters: Sequence[Cluster]) -> dict[str, int]:
    """MELTT's numbers of these clusters."""
    by_key = {row.item.key: row for row in rows}
    found = [keys for keys in clusters if len(keys) > 1]
    told_in = Counter(tuple(sorted(int(key[0]) for key in keys)) for keys in found)
    lasting = sum(all(by_key[key].episode for key in keys) for keys in found)
    numbers = [len(found), len(rows) - len(clusters), len(clusters), len(found) - lasting, lasting]
    return dict(zip(PUBLISHED, [*numbers, *(told_in[sets] for sets in OVERLAPS)], strict=True))


def f1(rows: Sequence[Row], clusters: Sequence[Cluster]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs of rows that were joined."""
    happening = {row.item.key: row.happening for row in rows}
    joined = [pair for keys in clusters for pair in combinations(keys, 2)]
    right = sum(happening[one] == happening[two] for one, two in joined)
    true = sum(n * (n - 1) // 2 for n in Counter(happening.values()).values())
    return right / max(1, len(joined)), right / true, 2 * right / (len(joined) + true)


def show(places: int, seeds: int) -> None:
    """Prints MELTT's numbers beside ours."""
    numbers, scores = [], []
    for seed in range(seeds):
        rows = make(seed, places)
        clusters = link(row.item for row in rows)
        numbers.append(counted(rows, clusters))
        scores.append(f1(rows, clusters))
    for name, published in PUBLISHED.items():
        ours = [each[name] for each in numbers]
        print(f"{name:22}{published:10}{mean(ours):12.1f}{f'{min(ours)}-{max(ours)}':>10}")
    said = zip(("precision", "recall", "F1"), map(mean, zip(*scores, strict=True)), strict=True)
    print("joined pairs, mean:", ", ".join(f"{name} {value:.3f}" for name, value in said))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    seeds = parser.parse_args().seeds
    for name, places in PLACES.items():
        print(f"\n{name}\n{'':22}{'published':>10}{'ours, mean':>12}{'range':>10}")
        show(places, seeds)


if __name__ == "__main__":
    main()
