"""Whether the middle event comes nearer, in km a year.

In:  days and distances of events.
Out: the slope of a median regression (Koenker and Bassett 1978), and its draws over months taken by chance.

Events of one month belong together, so that the bootstrap takes whole months with replacement.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

LEAST_EVENTS, LEAST_MONTHS = 20, 12
MOST = 3_000  # events in a fit; more are thinned by chance
YEAR = 365.25
Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]


def slope(day: Counts, km: Numbers, source: np.random.Generator) -> float:
    """Change of the median distance in km a year; NaN for few events, or less than a year with events."""
    if len(km) < LEAST_EVENTS or np.ptp(day) < YEAR * (LEAST_MONTHS - 1) / 12:
        return float("nan")
    if len(km) > MOST:
        chosen = source.choice(len(km), MOST, replace=False)
        day, km = day[chosen], km[chosen]
    return _median_slope((day - day.mean()) / YEAR, km)


def resampled(month: Counts, source: np.random.Generator) -> Counts:
    """Places of the events of so many months, taken by chance with replacement."""
    order = np.argsort(month, kind="stable")
    _, begins, sizes = np.unique(month[order], return_index=True, return_counts=True)
    taken = source.integers(0, len(begins), len(begins))
    found: Counts = order[np.concatenate([np.arange(begins[at], begins[at] + sizes[at]) for at in taken])]
    return found


def _median_slope(years: Numbers, km: Numbers) -> float:
    from statsmodels.regression.quantile_regression import QuantReg

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of the standard error, which is not used; and of many events at one distance
        fitted = QuantReg(km, np.stack([np.ones_like(years), years], axis=1)).fit(q=0.5, max_iter=200)
    return float(fitted.params[1])
