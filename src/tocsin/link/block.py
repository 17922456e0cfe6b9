"""Which claims are compared at all: near in day and place, given what each is unsure of, or of one place name.

In:  items with their columns.
Out: candidate pairs (n, 2), i < j, in order. No cap: nothing is lost in a crowded place; days bound the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import h3.api.numpy_int as h3
import numpy as np

from tocsin.link.columns import Array, Columns
from tocsin.link.features import EXACT_KM, NEAR_KM, distance_km, over_border
from tocsin.link.item import Item

FINEST = 5  # H3 resolution
NAME_KM = 300.0  # that two claims on one place name may lie apart
DAYS = 3  # that reports differ, beyond what their dates may mean
# (H3 resolution, widest radius in km, most days either side): an item belongs to the first that holds it.
# A ring of neighbours around a cell reaches at least NEAR_KM, 100 and 700 km.
SCALES = ((FINEST, EXACT_KM, 0), (FINEST, EXACT_KM, 15), (3, 100.0, 15), (1, 20_100.0, 366))


def scale_of(radius_km: Array, half: Array) -> Array:
    """For each item the first of SCALES that holds it."""
    scale = np.full(len(half), len(SCALES) - 1)
    for at in range(len(SCALES) - 1, -1, -1):
        scale[(radius_km <= SCALES[at][1]) & (half <= SCALES[at][2])] = at
    return scale


def is_wide(item: Item) -> bool:
    """Whether it belongs to the last of SCALES: known by its region or year only."""
    radius, half = np.array([item.radius_km]), np.array([(item.last - item.first + 1) // 2])
    return bool(scale_of(radius, half)[0] == len(SCALES) - 1)


def pairs(items: Sequence[Item], columns: Columns, most: int = 1 << 19) -> Iterator[Array]:
    """Candidate pairs in batches of about `most`; a pair that a cell and a name both give may come twice."""
    half = (columns.last - columns.first + 1) // 2
    scales = scale_of(columns.radius_km, half)
    for at, (resolution, _, widest) in enumerate(SCALES):
        asking, held = scales == at, np.flatnonzero(scales <= at)
        if asking.any():
            cells = np.array(
                [h3.latlng_to_cell(items[k].latitude, items[k].longitude, resolution) for k in held.tolist()]
            )
            different, numbers = np.unique(cells, return_inverse=True)
            yield from _in_window(columns, held, numbers, asking, _rings(different), DAYS + 2 * widest, most)
    yield from _by_name(columns, half, most)
    yield from _in_releases(columns, most)


def _by_name(columns: Columns, half: Array, most: int) -> Iterator[Array]:
    """Pairs of one place name that lie further apart than cells reach: one of the two may be badly placed."""
    itself = [np.arange(int(columns.place.max(initial=0)) + 1)]
    for least, widest in ((0, 0), (1, 15)):
        asking = (half >= least) & (half <= widest)
        held = np.flatnonzero((columns.place >= 0) & (half <= widest))
        if len(held) and asking.any():
            for found in _in_window(columns, held, columns.place[held], asking, itself, DAYS + 2 * widest, most):
                km = distance_km(columns, found[:, 0], found[:, 1])
                yield found[(km > NEAR_KM) & (km <= NAME_KM)]


def _in_releases(columns: Columns, most: int) -> Iterator[Array]:
    """Pairs of two releases of one data set of one day with the same actors: a revision may have moved the place."""
    held = np.flatnonzero(columns.release >= 0)
    if not len(held):
        return
    about = np.stack([columns.release, columns.actors], axis=1)[held]
    different, numbers = np.unique(about, axis=0, return_inverse=True)
    asking, itself = np.ones(len(columns.day), dtype=bool), [np.arange(len(different))]
    for found in _in_window(columns, held, numbers.ravel(), asking, itself, 0, most):
        i, j = found.T
        km = distance_km(columns, i, j)
        yield found[(columns.dataset[i] != columns.dataset[j]) & (km > NEAR_KM) & (km <= NAME_KM)]


def _in_window(
    columns: Columns, held: Array, numbers: Array, asking: Array, rings: Iterable[Array], days: int, most: int
) -> Iterator[Array]:
    """Pairs of an asking item with a held one that is within `days` and in the same or, by `rings`, the next block.

    `numbers`: the block of each held item; `asking`: (n,) bool over all items.
    """
    start = int(columns.day.min()) - days
    span = int(columns.day.max()) - start + days + 1
    sort_key = numbers.astype(np.int64) * span + (columns.day[held] - start)
    order = np.lexsort((held, sort_key))
    sort_key, held, block = sort_key[order], held[order], numbers[order]
    is_asking = asking[held]
    for ring in rings:
        beside = ring[block]
        rows = np.flatnonzero(is_asking & (beside >= 0))
        day = columns.day[held[rows]] - start
        low = np.searchsorted(sort_key, beside[rows] * span + day - days, "left")
        high = np.searchsorted(sort_key, beside[rows] * span + day + days, "right")
        yield from _expand(columns, held, is_asking, rows, low, high, most)


def _rings(cells: Array) -> Iterator[Array]:
    """Seven arrays: for each cell the number of its k-th neighbour (itself too), -1 where it is empty."""
    number = {int(cell): at for at, cell in enumerate(cells)}
    around = [[number.get(int(other), -1) for other in h3.grid_disk(int(cell), 1)] for cell in cells]
    table = np.array([(row + [-1] * 7)[:7] for row in around])
    yield from table.T


def _expand(
    columns: Columns, held: Array, is_asking: Array, rows: Array, low: Array, high: Array, most: int
) -> Iterator[Array]:
    counts = high - low
    ends = np.cumsum(counts)
    cuts = np.searchsorted(ends, np.arange(most, (int(ends[-1]) if len(ends) else 0) + most, most), "left") + 1
    begin = 0
    for cut in np.minimum(cuts, len(rows)):
        part = slice(begin, int(cut))
        begin = int(cut)
        count = counts[part]
        left = np.repeat(rows[part], count)
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        right = np.repeat(low[part], count) + offset
        once = (left < right) | ~is_asking[right]  # two asking items find each other twice
        once &= left != right
        one, two = held[left[once]], held[right[once]]
        found = np.stack([np.minimum(one, two), np.maximum(one, two)], axis=1)
        yield found[_near(columns, found[:, 0], found[:, 1])]


def _near(columns: Columns, i: Array, j: Array) -> Array:
    """Whether the days may be the same, and the country is or both points are close to the border."""
    gap = np.maximum(columns.first[i] - columns.last[j], columns.first[j] - columns.last[i])
    near: Array = gap <= DAYS
    other = np.flatnonzero(near & (columns.country[i] != columns.country[j]))
    near[other] = over_border(columns, i[other], j[other])
    return near
