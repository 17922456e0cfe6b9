"""Counts before and after a date, as a regression: what the run before lets expect, and by how much it was changed.

In:  counts of periods of one length, the number of each period, and the first one after the date.
Out: `Fit`: what was expected without the date, and the ratio of what was to that, with standard errors of logarithms.

log(mean) = level + trend + season + [after the date] (change of level + change of trend): a segmented regression
(Wagner et al. 2002) with negative-binomial counts, fitted by statsmodels; the dispersion is the one at which Pearson's
chi-square equals the degrees of freedom (Breslow 1984). Neighbouring periods may be alike: the covariance is that of
the estimate under errors of autocorrelation 1, c f, c f^2, ..., averaged over `LASTING` and `SHARES` by how well they
fit what is left (restricted likelihood). Newey-West's covers too little in series so short (python -m
bench.analyse_change prints both).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from warnings import catch_warnings

import numpy as np
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW
from tocsin.analyse.draws import LEVEL
from tocsin.errors import UsageError

SHARES = (0.5, 1.0)  # c: how much of what is left is alike in neighbours
LASTING = (0.3, 0.6, 0.8, 0.93)  # f: how much of that lasts to the next period
ALONE = 0.55  # how much is believed beforehand that neighbours are not alike
ROUNDS = 4  # of mean and dispersion in turn
FADES = 6  # periods after the date from which a change of trend can be told
WAVES = (0.2, 0.1)  # a first and a second wave of the year, if their standard error is no more than this
WILD = 30.0  # a logarithm of a count that no trend can mean
TINY = 1e-9  # keeps a matrix from being singular
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """`design`: periods x coefficients; `changed`: which of them are what the date changes. `told`: are events after
    the date enough for a ratio? If not, the coefficients are those of the periods before."""

    design: Numbers
    changed: slice
    after: NDArray[np.bool_]
    told: bool
    beta: Numbers
    dispersion: float
    covariance: Numbers
    left: Numbers  # Pearson residuals of the periods that were fitted
    numbers: NDArray[np.int64]  # of these periods
    margin: float  # standard errors from an estimate to either end of its interval

    def fitted(self) -> Numbers:
        """Counts as they were, without chance."""
        return _mean(self.design, self.beta)

    def effect(self, rows: NDArray[np.bool_]) -> tuple[float, float]:
        """log of the ratio of the sum over these periods to what was expected of them, and its standard error."""
        (now, turn_now), (then, turn_then) = (_sum(each[rows], self.beta) for each in (self.design, self._without()))
        return now - then, self._error(turn_now - turn_then)

    def expected(self, rows: NDArray[np.bool_]) -> tuple[float, float]:
        """log of the sum over these periods that was expected without the date, and its standard error."""
        log, turn = _sum(self._without()[rows], self.beta)
        return log, self._error(turn)

    def course(self) -> tuple[Numbers, Numbers, Numbers]:
        """Counts that were expected without the date in each period, with the bounds of their mean."""
        without = self._without()
        log = without @ self.beta
        off = self.margin * np.sqrt(np.einsum("ij,jk,ik->i", without, self.covariance, without))
        low, middle, high = (np.exp(np.clip(each, -30, 30)) for each in (log - off, log, log + off))
        return middle, low, high

    def _without(self) -> Numbers:
        found = self.design.copy()
        found[:, self.changed] = 0.0
        return found

    def _error(self, turn: Numbers) -> float:
        return float(np.sqrt(turn @ self.covariance @ turn))


def ratio(log: float, error: float, margin: float) -> tuple[float, float, float]:
    """A ratio and its bounds, of its logarithm."""
    middle, low, high = np.exp(np.clip([log, log - margin * error, log + margin * error], -30, 30))
    return float(middle), float(low), float(high)


def fit(
    values: NDArray[np.int64], numbers: NDArray[np.int64], first: int, yearly: float, *, errors: bool = True,
    like: Fit | None = None,
) -> Fit:  # fmt: skip
    """The regression. `numbers`: of the periods, gaps are allowed; `first`: that of the first after the date; `yearly`:
    periods of a year. `errors` False: no covariance, for those who need estimates only. `like`: has the same columns.
    """
    after = numbers >= first
    told = bool(values[after].sum() >= FEW)
    sloped = bool(after.sum() >= FADES and values[after].sum() >= 2 * FEW)
    if like:
        sloped, design = like.changed == slice(2, 4), like.design
    else:
        design = _design(values, numbers, first, yearly, sloped)
    rows = np.ones_like(after) if told else ~after
    known, held = design[rows], values[rows].astype(float)
    beta, dispersion = _estimate(known, held)
    mean = _mean(known, beta)
    left = (held - mean) / np.sqrt(mean + dispersion * mean**2)
    weighted = known * np.sqrt(_weights(mean, dispersion))[:, None]
    covariance = _covariance(weighted, left, numbers[rows]) if errors else np.zeros((len(beta), len(beta)))
    margin = _margin(len(held) - len(beta))
    return Fit(design, slice(2, 3 + sloped), after, told, beta, dispersion, covariance, left, numbers[rows], margin)


def apart(one: Fit, other: Fit) -> Fit:
    """The first fit with the covariance of the difference of both: what befell both areas at once is in neither."""
    weights = [_weights(each.fitted(), each.dispersion) for each in (one, other)]
    both = 1 / (1 / weights[0] + 1 / weights[1])
    left = (one.left / np.sqrt(weights[0]) - other.left / np.sqrt(weights[1])) * np.sqrt(both)
    chance = float((both * (1 / one.fitted() + 1 / other.fitted())).mean())
    return replace(one, covariance=_covariance(one.design * np.sqrt(both)[:, None], left, one.numbers, chance))


def _weights(mean: Numbers, dispersion: float) -> Numbers:
    """How much a count tells of the logarithm of its mean."""
    return mean / (1 + dispersion * mean)


def _sum(design: Numbers, beta: Numbers) -> tuple[float, Numbers]:
    """log of the sum of counts, and how it turns with each coefficient."""
    mean = _mean(design, beta)
    turn: Numbers = mean @ design / mean.sum()
    return float(np.log(mean.sum())), turn


def _design(values: NDArray[np.int64], numbers: NDArray[np.int64], first: int, yearly: float, sloped: bool) -> Numbers:
    """Level, trend per year, changes, and waves of the year where two years or more are known and can tell them."""
    years, after = (numbers - first) / yearly, numbers >= first
    columns = [np.ones(len(numbers)), years, after.astype(float)]
    if sloped:
        columns.append(np.where(after, years, 0.0))
    early = ~after
    waves = 0
    if early.sum() >= 2 * yearly:
        _, dispersion = _estimate(np.stack(columns[:2], axis=1)[early], values[early].astype(float))
        error = np.sqrt(2 / early.sum() * (1 / values[early].mean() + dispersion))
        waves = int((error <= np.array(WAVES)).sum())
    for wave in range(1, waves + 1):
        turn = 2 * np.pi * wave * numbers / yearly
        columns += [np.cos(turn), np.sin(turn)]
    return np.stack(columns, axis=1)


def _estimate(design: Numbers, values: Numbers) -> tuple[Numbers, float]:
    """Coefficients and dispersion (0: as Poisson). UsageError: no trend and level fit these counts."""
    import statsmodels.api as sm
    from statsmodels.genmod.families import NegativeBinomial, Poisson

    dispersion, beta = 0.0, np.zeros(design.shape[1])
    beta[0] = np.log(values.mean() + TINY)
    for _ in range(ROUNDS):
        family: Any = NegativeBinomial(alpha=dispersion) if dispersion else Poisson()
        with np.errstate(all="ignore"), catch_warnings(action="ignore"):  # it is looked at below
            try:
                beta = sm.GLM(values, design, family=family).fit(start_params=beta, maxiter=50, tol=1e-7).params
            except (ValueError, np.linalg.LinAlgError):
                beta = np.full_like(beta, np.nan)
        if not np.isfinite(beta).all() or np.abs(design @ beta).max() > WILD:
            raise UsageError("counts before the date are too uneven to tell what to expect; look at other periods.")
        found = _dispersion(values, _mean(design, beta), len(values) - design.shape[1])
        if abs(found - dispersion) <= 0.01 * found:
            break
        dispersion = found
    return beta, dispersion


def _dispersion(values: Numbers, mean: Numbers, freedom: int) -> float:
    """Where Pearson's chi-square is as large as its degrees of freedom; 0 if it is smaller anyway."""
    from scipy.optimize import brentq

    def excess(log: float) -> float:
        return float(((values - mean) ** 2 / (mean + np.exp(log) * mean**2)).sum() - freedom)

    if excess(np.log(1e-4)) <= 0:
        return 0.0
    return float(np.exp(brentq(excess, np.log(1e-4), np.log(1e4), xtol=1e-4))) if excess(np.log(1e4)) < 0 else 1e4


def _covariance(weighted: Numbers, left: Numbers, numbers: NDArray[np.int64], chance: float = 1.0) -> Numbers:
    """Of the coefficients: A X'RX A for each correlation R, averaged by how well R fits the residuals.

    `chance`: the variance of these that Poisson counts have.
    """
    correlations, roots, sizes = _correlations(tuple((numbers - numbers[0]).tolist()))
    count, free = len(left), len(left) - weighted.shape[1]
    turned, rest = roots @ weighted, roots @ left
    inner = _firm(np.swapaxes(turned, 1, 2) @ turned)
    across = (np.swapaxes(turned, 1, 2) @ rest[:, :, None])[:, :, 0]
    squares = (rest**2).sum(axis=1) - np.einsum("gi,gi->g", across, np.linalg.solve(inner, across[:, :, None])[:, :, 0])
    squares = np.maximum(squares, TINY * count)
    fits = -sizes - np.linalg.slogdet(inner)[1] / 2 - free / 2 * np.log(squares)
    prior = np.r_[ALONE, np.full(len(fits) - 1, (1 - ALONE) / (len(fits) - 1))]
    belief = prior * np.exp(fits - fits.max())
    scale = squares / free
    scale[0] = max(scale[0], chance)  # counts are not more even than Poisson's
    bread = np.linalg.inv(_firm(weighted.T @ weighted))
    sides = weighted @ bread
    middle = np.tensordot(belief / belief.sum() * scale, correlations, axes=1)
    found: Numbers = sides.T @ middle @ sides
    return found


@lru_cache(maxsize=128)
def _correlations(numbers: tuple[int, ...]) -> tuple[Numbers, Numbers, Numbers]:
    """Each correlation matrix, the inverse of its root, and half the log of its determinant; the first is unity."""
    at = np.array(numbers)
    away, one = np.abs(at[:, None] - at), np.eye(len(at))
    found = np.stack([one, *((1 - c) * one + c * f**away for c in SHARES for f in LASTING)])
    roots = np.linalg.cholesky(found)
    return found, np.linalg.inv(roots), np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1)


def _firm(matrix: Numbers) -> Numbers:
    """So that it can be inverted, whatever the counts are."""
    size = matrix.shape[-1]
    found: Numbers = matrix + TINY * np.trace(matrix, axis1=-2, axis2=-1)[..., None, None] * np.eye(size)
    return found


def _mean(design: Numbers, beta: Numbers) -> Numbers:
    found: Numbers = np.exp(np.clip(design @ beta, -30, 30))
    return found


@lru_cache
def _margin(freedom: int) -> float:
    from scipy.stats import t

    return float(t.ppf((1 + LEVEL) / 2, freedom))
