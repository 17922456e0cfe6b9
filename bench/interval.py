"""How far a figure may be off: bootstrap over the items it was measured on (texts, reports).

In:  one row of counts for each item, and how the figure comes from their sums.
Out: the figure with the ends of its 95 % interval. The same rows give the same interval.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

DRAWS, SEED = 1000, 0
Statistic = Callable[[np.ndarray], np.ndarray]  # (draws, k) sums -> (draws,) figures


def share(sums: np.ndarray) -> np.ndarray:
    """Right / asked of rows (right, asked)."""
    return np.asarray(sums[..., 0] / np.maximum(sums[..., 1], 1e-9))


def f1(sums: np.ndarray) -> np.ndarray:
    """Of rows (right, found, wanted)."""
    return np.asarray(2 * sums[..., 0] / np.maximum(sums[..., 1] + sums[..., 2], 1e-9))


def interval(rows: Sequence[Sequence[float]], statistic: Statistic = share) -> tuple[float, float, float]:
    """The figure, and where it lies in 95 % of draws of as many items."""
    table = np.array(rows, float)
    picks = np.random.default_rng(SEED).multinomial(len(table), np.full(len(table), 1 / len(table)), DRAWS)
    drawn = statistic(picks @ table)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(statistic(table.sum(0))), float(low), float(high)
