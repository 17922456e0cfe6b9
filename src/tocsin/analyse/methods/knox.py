"""The Knox test over bands of distance and time: are events that are near in space also near in time?

In:  points and days of events; the upper ends of the bands.
Out: pairs of events in each band of distance and time: how many there are, how many there were if the same days had
     fallen on the same places by chance, and how often a shuffle of the days has as many.

Knox 1964; the table of bands is the near-repeat table of Townsley, Homel and Chaseling 2003. A pair is in the first
band whose upper end it does not exceed, so that a table of one band is pointpats' `Knox` (delta, tau inclusive); here
all shuffles go over the near pairs alone, which are sought once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.analyse.methods.sphere import Points

Ints = NDArray[np.int64]
Table = NDArray[np.float64]  # bands of distance x bands of time


@dataclass(frozen=True, slots=True)
class Near:
    """Pairs of points within the last band. `first`, `second`: which points; `band`: of their distance."""

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    band: NDArray[np.int32]
    bands: int
    points: int


def near(points: Points, ends: Points) -> Near:
    """All pairs no farther apart than the last of `ends` (rising, in the unit of the points)."""
    from scipy.spatial import cKDTree

    pairs = cKDTree(points).query_pairs(ends[-1], output_type="ndarray").astype(np.int32)
    first, second = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
    far = np.linalg.norm(points[first] - points[second], axis=1)
    return Near(first, second, np.searchsorted(ends, far).astype(np.int32), len(ends), len(points))


def pairs_within(points: Points, end: float) -> int:
    """How many pairs there are, without making them."""
    from scipy.spatial import cKDTree

    tree = cKDTree(points)
    return (int(tree.count_neighbors(tree, end)) - len(points)) // 2


def observed(pairs: Near, days: NDArray[np.int32], ends: Ints) -> Ints:
    """Near pairs in each band of distance and of days between."""
    last = int(ends[-1])
    band_of = np.searchsorted(ends, np.arange(last + 2)).astype(np.int32)  # of each gap; beyond the last: one more
    gaps = np.minimum(np.abs(days[pairs.first] - days[pairs.second]), last + 1)
    wide = len(ends) + 1
    cells = np.bincount(pairs.band * np.int32(wide) + band_of[gaps], minlength=(pairs.bands + 1) * wide)
    return cells.reshape(-1, wide)[: pairs.bands, :-1]  # a distance that rounding put beyond the last band is left out


def expected(pairs: Near, days: NDArray[np.int32], ends: Ints) -> Table:
    """The mean over all shuffles of the days: near pairs x pairs near in time / all pairs (exact)."""
    close = np.bincount(pairs.band, minlength=pairs.bands)[: pairs.bands]
    soon = _pairs_by_gap(days, int(ends[-1]))
    starts = np.concatenate([[0], ends[:-1] + 1])
    return np.outer(close, np.add.reduceat(soon, starts)) / max(1, pairs.points * (pairs.points - 1) / 2)


def _pairs_by_gap(days: NDArray[np.int32], last: int) -> Table:
    """Pairs of events with 0, 1, ... `last` days between them."""
    held = np.bincount(days - days.min()).astype(float)
    apart = [held[:-gap] @ held[gap:] if gap < len(held) else 0.0 for gap in range(1, last + 1)]
    return np.array([(held * (held - 1)).sum() / 2, *apart])


def shuffled(pairs: Near, days: NDArray[np.int32], ends: Ints, count: int, seed: int) -> Ints:
    """The observed table of each of `count` shuffles of the days."""
    source = np.random.default_rng(seed)
    return np.array([observed(pairs, source.permutation(days), ends) for _ in range(count)])


def chance(found: Ints, shuffles: Ints) -> Table:
    """p of each cell: the share of shuffles, with what was found as one of them, that have at least as many pairs."""
    share: Table = (1 + (shuffles >= found).sum(axis=0)) / (len(shuffles) + 1)
    return share
