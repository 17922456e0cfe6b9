"""How many there are in all, from two lists and what they have in common (capture and recapture).

In:  how many events each list has, and how many are in both.
Out: Chapman's estimate with its interval; none for too few in both.

Chapman 1951: N = (a + 1)(b + 1) / (m + 1) - 1, nearly without bias from m = 7 on (Robson and Regier 1964). The interval
is log-normal in the number that neither list has (Chao 1987), so that it is never less than what is seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEAST = 7  # in both
Z = 1.645  # of 90 %
REPEATS = 50  # of the sample's doubt for each draw of the matching


@dataclass(frozen=True, slots=True)
class Estimate:
    """`number` with its bounds; all in all, those that neither list has, too."""

    number: float
    low: float
    high: float


def chapman(a: ArrayLike, b: ArrayLike, m: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The estimated total, and the variance of it (Seber 1970)."""
    first, second, both = (np.asarray(each, float) for each in (a, b, m))
    number = (first + 1) * (second + 1) / (both + 1) - 1
    spread = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    return number, spread


def estimate(a: int, b: int, m: int, drawn: NDArray[np.int64] | None = None, seed: int = 1) -> Estimate | None:
    """The total, with the doubt of the sample and, by `drawn` (numbers that may be in both), of the matching.

    None for fewer than LEAST in both.
    """
    if m < LEAST:
        return None
    both = np.array([m]) if drawn is None or not len(drawn) else np.clip(drawn, 1, min(a, b))
    number, spread = chapman(a, b, both)
    seen = a + b - both
    unseen = np.maximum(number - seen, 1e-9)
    width = np.sqrt(np.log1p(spread / unseen**2))
    if drawn is None or not len(drawn):
        low, high = (float((seen + unseen * np.exp(sign * Z * width))[0]) for sign in (-1, 1))
    else:
        chance = np.random.default_rng(seed).standard_normal((REPEATS, len(both)))
        low, high = np.quantile(seen + unseen * np.exp(chance * width), [0.05, 0.95]).tolist()
    likely = float(chapman(a, b, m)[0])
    return Estimate(likely, min(low, likely), max(high, likely))
