"""ACLED's trackers of violent events: surge, threat, change level.

In:  counts of areas by week, the week that is looked at last; data/surge.toml.
Out: for each area whether it surges, is on the threat tracker, and how much it changed.

Source of the definitions: ACLED, early-warning research hub and Trendfinder.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.analyse.methods.settings import DATA, settings

Table = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What data/surge.toml says."""

    month: int
    year: int
    surge: float
    threat: float
    least_mean: float
    large_increase: float
    moderate_increase: float
    large_decrease: float
    quiet_mean: float
    quiet_events: int
    levels: tuple[str, ...]
    baseline: int
    gap: int
    least_baseline: int
    dispersions: tuple[float, ...]
    poisson: float


def thresholds() -> Thresholds:
    return settings(Thresholds, DATA / "surge.toml")


def mean_before(values: Table, weeks: int, skipped: int = 1) -> Numbers | None:
    """The mean of so many weeks for each area, before the last `skipped` weeks; None: there are fewer weeks."""
    end = values.shape[1] - skipped
    return values[:, end - weeks : end].mean(axis=1) if end >= weeks else None


def surging(values: Table) -> Flags | None:
    """Subnational Surge Tracker: the week has at least twice the mean of the four weeks before, which is at least 1."""
    limits, now = thresholds(), values[:, -1]
    mean = mean_before(values, limits.month)
    return None if mean is None else (mean >= limits.least_mean) & (now >= (1 + limits.surge) * mean)


def threatened(values: Table) -> Flags | None:
    """Threat Tracker: the mean of the last four weeks is at least twice that of the 52 before them, and at least 1."""
    limits = thresholds()
    month, year = mean_before(values, limits.month, 0), mean_before(values, limits.year, limits.month)
    if month is None or year is None:
        return None
    return (month >= limits.least_mean) & (month >= (1 + limits.threat) * year)


def change_level(now: Table, mean: Numbers) -> NDArray[np.int64]:
    """The place of each area's level in `levels` of the thresholds."""
    limits = thresholds()
    bounds = np.array([1 + each for each in (limits.moderate_increase, limits.large_increase)])
    risen = (now[:, None] > mean[:, None] * bounds).sum(axis=1)
    level = np.where(now < (1 + limits.large_decrease) * mean, 0, 1 + risen)
    quiet = (mean <= limits.quiet_mean) & (now <= limits.quiet_events)
    return np.where(quiet, 1, level).astype(np.int64)
