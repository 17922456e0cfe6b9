"""How a hot spot came about: new, lasting, growing, fading.

In:  for each area and period whether it was a hot spot, and its Gi*.
Out: a class for each area, "" where it was too seldom a hot spot for any.

The classes are those of emerging hot spot analysis as Esri defines them, with Mann and Kendall's trend test (Kendall's
tau between Gi* and time). Those that need cold spots are left out: where most areas have no event, none is colder.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CLASSES = {
    "new": "hot in the last period and never before",
    "consecutive": "hot in an unbroken run of at least two periods up to the last, never before, and in less than 90 %",
    "intensifying": "hot in at least 90 % of the periods and in the last, Gi* rising",
    "persistent": "hot in at least 90 % of the periods and in the last, Gi* neither rising nor falling",
    "diminishing": "hot in at least 90 % of the periods and in the last, Gi* falling",
    "sporadic": "hot in the last period and on and off before, in less than 90 %",
    "historical": "not hot in the last period, but in at least 90 % of all",
}
LASTING = 0.9  # share of the periods
SURE = 0.05  # p of the trend


def classes(hot: NDArray[np.bool_], scores: NDArray[np.float64]) -> list[str]:
    """One for each area. Both tables: areas x periods, in the order of time; at least two periods."""
    return [class_of(row, scores[at]) if row.any() else "" for at, row in enumerate(hot)]


def class_of(hot: NDArray[np.bool_], scores: NDArray[np.float64]) -> str:
    """The class of one area."""
    lasting = hot.mean() >= LASTING
    if not hot[-1]:
        return "historical" if lasting else ""
    if hot.sum() == 1:
        return "new"
    if lasting:
        rise = trend(scores)
        return "intensifying" if rise > 0 else "diminishing" if rise < 0 else "persistent"
    first = int(np.argmax(hot))
    return "consecutive" if hot[first:].all() else "sporadic"


def trend(scores: NDArray[np.float64]) -> int:
    """1 rising, -1 falling, 0 neither (Mann-Kendall, p of `SURE`)."""
    from scipy.stats import kendalltau

    if np.ptp(scores) == 0:
        return 0
    found = kendalltau(np.arange(len(scores)), scores)
    return int(np.sign(found.statistic)) if found.pvalue <= SURE else 0
