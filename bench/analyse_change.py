"""How often the interval of a planted effect covers it: python -m bench.analyse_change [SERIES]

In:  nothing but a seed.
Out: a line for each kind of series: how often the 90 % interval of the effect over all periods after the date
     covers the planted one, that of the last period, how often Newey-West's would (statsmodels, same estimate), and
     the mean width as a factor, upper bound by lower; then how often the ratio to other areas is covered.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from statsmodels.genmod.families import NegativeBinomial, Poisson

from tocsin.analyse.methods.effect import Asked, Series, effect_of
from tocsin.analyse.methods.segmented import Fit, fit

SERIES = 300


@dataclass(frozen=True, slots=True)
class Kind:
    """Months before and after, the mean count, by what the date multiplies it, the dispersion of counts, and how much
    (`spread`, of the logarithm) and how lastingly (`lasting`) months differ beyond that."""

    name: str
    before: int
    after: int
    mean: float
    ratio: float
    dispersion: float = 0.0
    spread: float = 0.0
    lasting: float = 0.0
    season: float = 0.3
    yearly: int = 12


KINDS = (
    Kind("Poisson, 20 a month", 60, 12, 20, 2),
    Kind("Poisson, 1 a month", 60, 12, 1, 2, season=0),
    Kind("overdispersed, 20 a month", 60, 12, 20, 2, 0.3),
    Kind("overdispersed, 2 a month", 60, 12, 2, 2, 0.3),
    Kind("overdispersed, halved, 3 a month", 60, 24, 3, 0.5, 0.3),
    Kind("strongly overdispersed, no effect", 60, 24, 40, 1, 1.0),
    Kind("autocorrelated", 60, 12, 20, 2, 0, 0.4, 0.5),
    Kind("autocorrelated, halved, two years", 60, 24, 20, 0.5, 0, 0.4, 0.5),
    Kind("autocorrelated and overdispersed", 60, 12, 20, 1, 0.2, 0.4, 0.5),
    Kind("autocorrelated, 3 a month", 60, 24, 3, 1.5, 0.1, 0.5, 0.6),
    Kind("strongly autocorrelated", 60, 12, 50, 1, 0, 0.5, 0.8),
    Kind("short: 36 months before", 36, 12, 100, 1.5, 0.05, 0.3, 0.5),
    Kind("weekly", 104, 26, 6, 1.5, 0.2, 0.3, 0.6, yearly=52),
)


def planted(kind: Kind, source: np.random.Generator) -> NDArray[np.int64]:
    """One series in which the effect is there."""
    at = np.arange(kind.before + kind.after)
    wave = np.empty(len(at))
    wave[0] = source.normal()
    for each in at[1:]:
        wave[each] = kind.lasting * wave[each - 1] + np.sqrt(1 - kind.lasting**2) * source.normal()
    log = np.log(kind.mean) + kind.season * np.sin(2 * np.pi * at / kind.yearly) + kind.spread * wave
    rate = np.exp(log - kind.spread**2 / 2) * np.where(at >= kind.before, kind.ratio, 1.0)
    if kind.dispersion:
        rate = source.gamma(1 / kind.dispersion, kind.dispersion * rate)
    return source.poisson(rate)


def covers(kind: Kind, values: NDArray[np.int64]) -> tuple[bool, bool, bool, float]:
    """Does the interval cover: of all periods after, of the last one, by Newey-West; and its width, a log."""
    at = np.arange(len(values))
    found = fit(values, at, kind.before, kind.yearly)
    all_, last = at >= kind.before, at == at[-1]
    usual = replace(found, covariance=newey_west(found, values))
    said = [(each.effect(rows), each.margin) for each, rows in ((found, all_), (found, last), (usual, all_))]
    inside = [abs(log - np.log(kind.ratio)) <= margin * error for (log, error), margin in said]
    return inside[0], inside[1], inside[2], 2 * found.margin * said[0][0][1]


def newey_west(found: Fit, values: NDArray[np.int64]) -> NDArray[np.float64]:
    """The covariance by Newey and West, with the usual number of lags."""
    family = NegativeBinomial(alpha=found.dispersion) if found.dispersion else Poisson()
    lags = int(4 * (len(values) / 100) ** (2 / 9))
    kind = {"maxlags": lags, "use_correction": True}
    model = sm.GLM(values, found.design, family=family)
    covariance: NDArray[np.float64] = model.fit(
        start_params=found.beta, maxiter=50, cov_type="HAC", cov_kwds=kind
    ).cov_params()
    return covariance


def against(spread: tuple[float, float], lasting: float, series: int) -> float:
    """How often the ratio to other areas is covered; `spread`: of what befalls both, and each."""
    source, at, inside = np.random.default_rng(1), np.arange(72), []
    for _ in range(series):
        waves = source.normal(size=(3, 72))
        for month in at[1:]:
            waves[:, month] = lasting * waves[:, month - 1] + np.sqrt(1 - lasting**2) * waves[:, month]
        logs = spread[0] * waves[0] + spread[1] * waves[1:]
        rates = 20 * np.exp(logs) * np.where(at >= 60, [[3.0], [1.5]], 1)
        own, others = source.poisson(source.gamma(20, rates / 20))
        found = effect_of(Series(at, own, others), Asked(date(1975, 1, 1), "month", "events", 60, 12))
        log, error = found.against(found.after)
        inside.append(abs(log - np.log(2)) <= found.own.margin * error)
    return float(np.mean(inside))


def main(series: int) -> None:
    print(f"{'90 % intervals cover, of ' + str(series) + ' series':42}   all  last  Newey-West  width")
    for kind in KINDS:
        source = np.random.default_rng(1)
        found = np.array([covers(kind, planted(kind, source)) for _ in range(series)])
        mean, last, usual, width = found.mean(axis=0)
        print(f"{kind.name:42} {mean:5.3f} {last:5.3f} {usual:11.3f} {np.exp(width):6.2f}", flush=True)
    for name, spread in (("shared", (0.4, 0.0)), ("shared and own", (0.3, 0.3)), ("own", (0.0, 0.4))):
        print(f"{'against others, ' + name + ' shocks':42} {against(spread, 0.5, series):5.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else SERIES)
