"""How often events that the linker left apart are one: python -m bench.doubles MENTIONS.csv [MENTIONS.csv ...]

In:  files of tools/make_mentions.py, with the true event of each mention.
Out: for pairs of events by the chance that analyse/doubles.py gives them: how many, the chance, and how many are one;
     the events expected to be another one told again, and how many are.
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np

from bench.link import mentions
from tocsin.analyse.doubles import doubts, left_apart
from tocsin.link.link import link

EDGES = (0.03, 0.15, 0.3, 0.45, 0.6, 0.76)


def measure(path: Path) -> None:
    items, truth = mentions(path)
    at = {item.key: number for number, item in enumerate(items)}
    event = np.zeros(len(items), np.int64)
    most = []
    for number, keys in enumerate(link(items)):
        event[[at[key] for key in keys]] = number
        most.append(Counter(truth[at[key]] for key in keys).most_common(1)[0][0])
    found = left_apart(items, event.tolist())
    said = np.array([*found.values()])
    one = np.array([most[a] == most[b] for a, b in found])
    for low, high in pairwise(EDGES):
        held = (said >= low) & (said < high)
        print(
            f"{low:.2f} to {high:.2f}: {held.sum():5} pairs, said {said[held].mean():.2f}, are {one[held].mean():.2f}"
        )
    expected = doubts(items, event.tolist(), len(most)).sum()
    print(f"{len(most)} events, expected doubles {expected:.0f}, true ones {len(most) - len(set(most))}")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(name)
        measure(Path(name))
