"""Where high values lie together: Getis and Ord's Gi*, Anselin's local Moran, and which of them are no chance.

In:  a whole number for each area, and which areas are neighbours (a sparse matrix of 0 and 1).
Out: the statistics as esda's `G_Local(star=True, transform="B")` and `Moran_Local(transformation="r")` have them; for
     each area how likely chance alone would have its neighbourhood so high or so low; the share of false discoveries.

Ord and Getis 1995; Anselin 1995; Benjamini and Hochberg 1995. The normal approximation of the statistics finds hot
spots everywhere where most areas have no event. Here chance is the sum of as many values drawn at random among all
areas, whose distribution is worked out exactly (drawn with replacement: a little cautious where areas are few).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
FINEST = 2**21  # steps of the distribution of a sum; larger sums are counted in coarser steps
LEAST_P = 1e-12  # rounding does not let us tell less


@dataclass(frozen=True, slots=True)
class Tails:
    """For each area the chance of a sum at least, and at most, as large as its own."""

    high: Floats
    low: Floats

    @property
    def p(self) -> Floats:
        """Two-sided."""
        return np.asarray(np.minimum(1.0, 2 * np.minimum(self.high, self.low)))


def with_itself(neighbours: csr_array) -> csr_array:
    """The neighbourhoods of Gi*: each area belongs to its own."""
    from scipy.sparse import csr_array, eye_array

    return csr_array(neighbours + eye_array(neighbours.shape[0], dtype=neighbours.dtype))


def gi_star(values: Ints, around: csr_array) -> Floats:
    """The z-score of the sum of each neighbourhood (`around` holds the area itself); 0 if all values are the same."""
    count, mean = len(values), values.mean()
    spread, size = values.std(), around.sum(axis=1)
    error = spread * np.sqrt(size * (count - size) / max(1, count - 1))
    return _divided(around @ values - size * mean, error)


def local_moran(values: Ints, neighbours: csr_array) -> Floats:
    """Ii: the area's deviation times the mean of its neighbours', in units of the variance times n / (n - 1)."""
    count, away = len(values), values - values.mean()
    lag = _divided(neighbours @ away, neighbours.sum(axis=1))
    return _divided((count - 1) * away * lag, np.full(count, (away**2).sum()))


def _divided(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.divide(a, b, out=np.zeros(len(a)), where=b > 0))


def tails(values: Ints, around: csr_array) -> Tails:
    """How likely the sum of each neighbourhood is if values lay on the areas by chance."""
    sizes = np.asarray(around.sum(axis=1)).astype(int)
    step = int(values.max(initial=0)) * int(sizes.max(initial=0)) // FINEST + 1
    coarse = values // step
    sums = np.asarray(around @ coarse).astype(np.int64)
    high, low = np.ones(len(values)), np.ones(len(values))
    for size in np.unique(sizes[sizes > 0]):
        there, chance = sizes == size, _sums(coarse, int(size))
        high[there] = np.cumsum(chance[::-1])[::-1][sums[there]]
        low[there] = np.cumsum(chance)[sums[there]]
    return Tails(np.clip(high, LEAST_P, 1), np.clip(low, LEAST_P, 1))


def _sums(values: Ints, size: int) -> Floats:
    """The chance of each sum of `size` values drawn at random."""
    from scipy.fft import irfft, next_fast_len, rfft

    share = np.bincount(values) / len(values)
    length = (len(share) - 1) * size + 1
    room = next_fast_len(length, real=True)
    return np.asarray(np.maximum(0, irfft(rfft(share, room) ** size, room)[:length]))


def false_share(p: Floats) -> Floats:
    """Benjamini and Hochberg's q: the share of false discoveries if all with at most this p are taken."""
    order = np.argsort(p)
    ranked = p[order] * len(p) / np.arange(1, len(p) + 1)
    found = np.empty(len(p))
    found[order] = np.minimum(1, np.minimum.accumulate(ranked[::-1])[::-1])
    return found
