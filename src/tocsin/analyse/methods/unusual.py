"""Is a week's count unusual against quiet weeks before it?

In:  counts of areas in the weeks of the baseline and in one week.
Out: the chance of as many events or more, the alarm, the upper limit; and how often there are false alarms.

As Farrington's and the EARS methods do, the week is held against a baseline of weeks, with a negative binomial for the
counts. Their limits take the fitted mean and dispersion as known; here both are not:
* the mean drops out: given the total of baseline and week, the week's share of a negative binomial with dispersion d is
  beta-binomial with parameters 1/d and weeks/d, whatever the mean (binomial for d = 0, the Poisson);
* the dispersion is averaged over a grid, each weighted by how likely it makes the baseline given its total.

Counts are whole numbers, so that no limit has exactly the false-alarm rate that is asked for. A count above the limit
is an alarm of 1; one right at the limit is a part of an alarm, the part that makes the rate right on average.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.methods.trackers import thresholds

Table = NDArray[np.int64]
Numbers = NDArray[np.float64]
HIGHEST = 1 << 20  # events a week that no limit reaches


@dataclass(frozen=True, slots=True)
class Score:
    """For each area: the chance of at least, and of more than, as many events in a week like those of the baseline."""

    at_least: Numbers
    more: Numbers

    def alarm(self, alpha: float) -> Numbers:
        """1: more than the limit; 0: less; between: right at the limit. Its mean over quiet weeks is `alpha`."""
        width = np.maximum(self.at_least - self.more, np.finfo(float).tiny)
        return np.clip((alpha - self.more) / width, 0, 1)


def score(baseline: Table, week: Table) -> Score:
    """How unusual the week of each area is. `baseline`: areas x weeks; `week`: areas."""
    return _scored(_weights(baseline), baseline.sum(axis=1), baseline.shape[1], week)


def limits(baseline: Table, alpha: float) -> Table:
    """The most events of each area that are not an alarm for sure: P(at least as many) > alpha."""
    weights, total, weeks = _weights(baseline), baseline.sum(axis=1), baseline.shape[1]

    def usual(count: Table) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = _scored(weights, total, weeks, count).at_least > alpha
        return found

    low: Table = np.zeros_like(total)
    high: Table = np.ones_like(total)
    while (again := usual(high) & (high < HIGHEST)).any():
        low, high = np.where(again, high, low), np.where(again, high * 2, high)
    while (high - low > 1).any():
        middle = (low + high) // 2
        there = usual(middle)
        low, high = np.where(there, middle, low), np.where(there, high, middle)
    return low


def false_alarms(
    means: tuple[float, ...], dispersions: tuple[float, ...], *, alpha: float, series: int, least: int, seed: int = 1
) -> pl.DataFrame:
    """How often quiet series raise an alarm: a row for each mean and dispersion (0: Poisson), with the rate measured
    over so many simulated series of a baseline and a week that have at least `least` events, and its standard error."""
    source, weeks = np.random.default_rng(seed), thresholds().baseline
    rows = []
    for mean in means:
        for dispersion in dispersions:
            values = _quiet(mean, dispersion, (series, weeks + 1), source)
            values = values[values.sum(axis=1) >= least]
            found = score(values[:, :-1], values[:, -1]).alarm(alpha)
            rows.append((mean, dispersion, alpha, found.mean(), found.std() / np.sqrt(len(found)), len(found)))
    return pl.DataFrame(rows, ["mean", "dispersion", "stated", "measured", "error", "series"], orient="row")


def _quiet(mean: float, dispersion: float, shape: tuple[int, int], source: np.random.Generator) -> Table:
    rates = source.gamma(1 / dispersion, mean * dispersion, shape) if dispersion else np.full(shape, mean)
    return source.poisson(rates)


def _weights(baseline: Table) -> Numbers:
    """How much each dispersion (0 first, then those of the thresholds) is believed: areas x dispersions, rows sum to 1.

    The chance of the counts given their total is Dirichlet-multinomial, free of the mean.
    """
    from scipy.special import gammaln

    given, weeks, total = thresholds(), baseline.shape[1], baseline.sum(axis=1)
    counts = np.arange(int(baseline.max(initial=0)) + 1)
    found = [-total * np.log(weeks)]
    for shape in 1 / np.array(given.dispersions):
        rising = gammaln(counts + shape) - gammaln(shape)
        found.append(rising[baseline].sum(axis=1) + gammaln(weeks * shape) - gammaln(total + weeks * shape))
    prior = np.r_[given.poisson, np.full(len(given.dispersions), (1 - given.poisson) / len(given.dispersions))]
    chance = np.stack(found, axis=1) + np.log(prior)
    chance = np.exp(chance - chance.max(axis=1, keepdims=True))
    weights: Numbers = chance / chance.sum(axis=1, keepdims=True)
    return weights


def _scored(weights: Numbers, total: Table, weeks: int, week: Table) -> Score:
    """The two tails of the beta-binomial of each dispersion, averaged: all counts up to the week's in one long row."""
    start = np.cumsum(week + 1) - (week + 1)
    area = np.repeat(np.arange(len(week)), week + 1)
    count = np.arange(len(area)) - start[area]
    shapes = np.r_[np.inf, 1 / np.array(thresholds().dispersions)]
    mixed = np.zeros(len(area))
    for shape, weight in zip(shapes, weights.T, strict=True):
        mixed += weight[area] * np.exp(_log_chance(count, (total + week)[area], weeks, shape))
    below = np.add.reduceat(mixed, start) if len(area) else np.zeros(0)
    same = mixed[start + week]
    more = np.clip(1 - below, 0, 1)
    return Score(np.clip(more + same, 0, 1), more)


def _log_chance(count: Table, total: Table, weeks: int, shape: float) -> Numbers:
    """Of `count` among `total` events falling into the one week and not into the others."""
    from scipy.special import gammaln

    rest = total - count
    ways = gammaln(total + 1) - gammaln(count + 1) - gammaln(rest + 1)
    if np.isinf(shape):
        found: Numbers = ways + rest * np.log(weeks / (weeks + 1)) - count * np.log(weeks + 1)
        return found
    parts = gammaln(count + shape) - gammaln(shape) + gammaln(rest + weeks * shape) - gammaln(weeks * shape)
    found = ways + parts + gammaln((weeks + 1) * shape) - gammaln(total + (weeks + 1) * shape)
    return found
