"""Change points: when counts went over to another level, found without being told a date.

In:  counts of periods of one length.
Out: `Break`s: the period in which the new level begins, by how much, and how sure the period is.

PELT (Killick et al. 2012, from ruptures) with the likelihood of negative-binomial counts of one level; the dispersion
is estimated within the levels that were found, in turn. A break must gain `PENALTY` log(periods) of log likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ruptures import Pelt
from ruptures.base import BaseCost

from tocsin.analyse.draws import LEVEL

SHORTEST = 3  # periods of a level
PENALTY = 2.0
ROUNDS = 4
STRAY = 9.0  # squared differences count at most so many variances: breaks must not look like dispersion
MOST = 600  # periods
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Break:
    """`at`: place of the first period of the new level; `low`, `high`: it lies between them with 90 %; `support`: how
    likely it is `at` itself or a neighbour; `before`, `after`: mean counts of the two levels."""

    at: int
    low: int
    high: int
    support: float
    before: float
    after: float


def breaks(values: NDArray[np.int64]) -> list[Break]:
    """The breaks, oldest first."""
    if len(values) < 2 * SHORTEST:
        return []
    dispersion, found = _between(values), [len(values)]
    for _ in range(ROUNDS):
        cost = Level(dispersion)
        again = Pelt(custom_cost=cost, min_size=SHORTEST, jump=1).fit_predict(
            values.astype(float), PENALTY * log(len(values))
        )
        if again == found:
            break
        found, dispersion = again, max(_within(values, again), dispersion)
    cost = Level(dispersion).fit(values.astype(float))
    edges = [0, *found]
    return [_break(values, cost, *each) for each in zip(edges, edges[1:], edges[2:], strict=False)]


class Level(BaseCost):  # type: ignore[misc]
    """What counts of one level cost: minus their log likelihood, without what is the same for each level."""

    model = "negative binomial"
    min_size = SHORTEST

    def __init__(self, dispersion: float) -> None:
        self.dispersion = dispersion
        self.signal: Any = None
        self.sums: list[float] = []

    def fit(self, signal: Numbers) -> Level:
        self.signal, self.sums = signal, np.r_[0.0, np.cumsum(signal)].tolist()
        return self

    def error(self, start: int, end: int) -> float:
        total, count, a = self.sums[end] - self.sums[start], end - start, self.dispersion
        mean = total / count
        if not total:
            return 0.0
        if not a:
            return total - total * log(mean)
        return count / a * log(1 + a * mean) - total * log(mean / (1 + a * mean))


def _break(values: NDArray[np.int64], cost: Level, start: int, at: int, end: int) -> Break:
    """Where between the neighbouring breaks this one may be as well."""
    places = np.arange(start + SHORTEST, end - SHORTEST + 1)
    costs = np.array([cost.error(start, int(each)) + cost.error(int(each), end) for each in places])
    chance = np.exp(costs.min() - costs)
    chance /= chance.sum()
    low, high = places[np.searchsorted(np.cumsum(chance), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])]
    support = float(chance[np.abs(places - at) <= 1].sum())
    return Break(at, int(low), int(high), support, float(values[start:at].mean()), float(values[at:end].mean()))


def _between(values: NDArray[np.int64]) -> float:
    """Dispersion told from neighbours: half the squared difference is the variance where the level is one."""
    now, then = values[1:].astype(float), values[:-1].astype(float)
    return _solved((now - then) ** 2 / 2, (now + then) / 2)


def _within(values: NDArray[np.int64], ends: list[int]) -> float:
    """Dispersion around the means of the levels."""
    means = np.concatenate([np.full(b - a, values[a:b].mean()) for a, b in pairwise([0, *ends])])
    return _solved((values - means) ** 2 * len(values) / (len(values) - len(ends)), means)


def _solved(squares: Numbers, means: Numbers) -> float:
    """The dispersion at which squares are as large as their variance, on average; 0 if they are smaller anyway."""
    squares, means = squares[means > 0], means[means > 0]
    low, high = 0.0, 100.0
    for _ in range(40):
        middle = (low + high) / 2
        size = np.minimum(squares / (means + middle * means**2), STRAY).mean() if len(means) else 0.0
        low, high = (middle, high) if size > 1 else (low, middle)
    return low if low > 1e-6 else 0.0
