"""How two claims agree: one function for each feature of features.toml, giving the level for many pairs at once.

In:  columns and two arrays of item numbers.
Out: for each pair the number of a level, counted from 0 as in features.toml.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_matrix

from tocsin.link.columns import SLOTS, TOKENS, Array, Columns
from tocsin.link.tables import side_words, taken_for

EARTH_KM = 6371.0
NEAR_KM = 14.0  # the finest cells that are compared, and their neighbours, hold all that is nearer
EXACT_KM = 30.0  # widest radius of a place that may be said to be close to a border
FAR_KM = 50.0  # beyond what both places may mean: a place of another name is another place
EXPECTED_WORDS = 2000.0  # two texts of m and n rare words share m * n / 2000 by chance
MANY_WORDS = 8  # rare words of a paragraph; a line of notes has fewer

Feature = Callable[[Columns, Array, Array], Array]


def day(c: Columns, i: Array, j: Array) -> Array:
    """Days between what the two dates may mean: 0, 1, 2, 3; 4 when a date is not exact but may agree."""
    gap = np.maximum(np.maximum(c.first[i] - c.last[j], c.first[j] - c.last[i]), 0)
    vague = (c.first[i] != c.last[i]) | (c.first[j] != c.last[j])
    level: Array = np.where(vague & (gap == 0), 4, np.minimum(gap, 3))
    return level


def distance_km(c: Columns, i: Array, j: Array) -> Array:
    """Kilometres between the two points."""
    chord = np.sqrt(((c.point[i] - c.point[j]) ** 2).sum(axis=1))
    km: Array = 2 * EARTH_KM * np.arcsin(np.minimum(chord / 2, 1.0))
    return km


def distance(c: Columns, i: Array, j: Array) -> Array:
    """0-5: under 1, 3, 7, 12, 20 km, further; 6: too far for two names; 7: within what a rough place may mean."""
    km = distance_km(c, i, j)
    level = np.searchsorted([1.0, 3.0, 7.0, 12.0, 20.0], km, "right")
    rough = np.maximum(c.radius_km[i], c.radius_km[j])
    far = (km > c.radius_km[i] + c.radius_km[j] + FAR_KM) & (c.place[i] != c.place[j])
    return np.where((km >= 7.0) & (rough > 30.0) & (km <= rough), 7, np.where(far, 6, level))


def country(c: Columns, i: Array, j: Array) -> Array:
    """0 the same country, 1 two countries but close to the border, 2 two countries."""
    level = np.zeros(len(i), dtype=np.int64)
    other = np.flatnonzero(c.country[i] != c.country[j])
    level[other] = np.where(over_border(c, i[other], j[other]), 1, 2)
    return level


def over_border(c: Columns, i: Array, j: Array) -> Array:
    """Whether claims of two countries may tell of one place at their border: exact places, near each other."""
    widest = np.maximum(c.radius_km[i], c.radius_km[j])
    close: Array = (widest <= EXACT_KM) & (distance_km(c, i, j) <= NEAR_KM)
    return close


def place(c: Columns, i: Array, j: Array) -> Array:
    """0 same name, 1 alike, 2 other name, 3 no name."""
    one, two = c.trigrams[i], c.trigrams[j]
    shared = np.bitwise_count(one & two).sum(axis=1, dtype=np.int64)
    total = np.bitwise_count(one | two).sum(axis=1, dtype=np.int64)
    level = np.where(shared * 2 >= total, 1, 2)
    level[c.place[i] == c.place[j]] = 0
    level[(total == 0) | (shared == 0) & ((c.place[i] < 0) | (c.place[j] < 0))] = 3
    return level


def admin1(c: Columns, i: Array, j: Array) -> Array:
    """0 same, 1 other, 2 unknown."""
    unknown = (c.admin1[i] < 0) | (c.admin1[j] < 0)
    return np.where(unknown, 2, np.where(c.admin1[i] == c.admin1[j], 0, 1))


def groups(c: Columns, i: Array, j: Array) -> Array:
    """0 two groups in common, 1 the one of both, 2 one and others differ, 3 one differs, 4 two differ, 5 unnamed."""
    named = np.minimum(c.named[i], c.named[j])
    most = np.maximum(c.named[i], c.named[j])
    shared = np.minimum(_matched(c, i, j), _matched(c, j, i))
    level = np.where(shared >= 2, 0, np.where(most == 1, 1, 2))
    level = np.where(shared == 0, np.where(named == 1, 3, 4), level)
    return np.where(named == 0, 5, level)


def _matched(c: Columns, i: Array, j: Array) -> Array:
    """How many of i's named actors share a distinctive word with any of j's."""
    count = np.zeros(len(i), dtype=np.int64)
    both = np.flatnonzero((c.named[i] > 0) & (c.named[j] > 0))
    others = c.tokens[j[both]].reshape(-1, SLOTS * TOKENS)
    for slot in range(int(c.named.max(initial=0))):
        hit = np.zeros(len(both), dtype=bool)
        for token in c.tokens[i[both], slot].T:
            hit |= (token > 0) & (others == token[:, None]).any(axis=1)
        count[both] += hit
    return count


def sides(c: Columns, i: Array, j: Array) -> Array:
    """0 the same kinds of people, 1 one names fewer, 2 some in common, 3 none, 4 unknown."""
    one, two = c.sides[i], c.sides[j]
    both = one & two
    level = np.where((both == one) | (both == two), 1, np.where((both > 0) | _may_be(one, two), 2, 3))
    return np.where((one == 0) | (two == 0), 4, np.where(one == two, 0, level))


def _may_be(one: Array, two: Array) -> Array:
    """Whether only one of the two names the group: unidentified gunmen may be of any group."""
    group, unidentified = 1 << len(side_words()), 1 << len(side_words()) - 1
    may_be: Array = (((one & group) * (two & unidentified)) | ((two & group) * (one & unidentified))) > 0
    return may_be


def kind(c: Columns, i: Array, j: Array) -> Array:
    """0 same sub-event type, 1 same event type and taken for each other, 2 taken, 3 same event type, 4 others."""
    taken = _taken_for(c)[c.sub_kind[i], c.sub_kind[j]]
    level = np.where(c.kind[i] == c.kind[j], np.where(taken, 1, 3), np.where(taken, 2, 4))
    return np.where(c.sub_kind[i] == c.sub_kind[j], 0, level)


def _taken_for(c: Columns) -> Array:
    """Whether one coder calls this what another calls that, for each two of the columns' kinds."""
    number = {name: at for at, name in enumerate(c.kinds)}
    table = np.zeros((len(number), len(number)), dtype=bool)
    for one, others in taken_for().items():
        for two in others:
            if one in number and two in number:
                table[number[one], number[two]] = table[number[two], number[one]] = True
    return table


def toll(c: Columns, i: Array, j: Array) -> Array:
    """0 the same deaths, 1 close, 2 apart, 3 far apart, 4 none in one only, 5 none in both, 6 unknown."""
    unknown = (c.high[i] < 0) | (c.high[j] < 0)
    gap = np.maximum(np.maximum(c.low[i] - c.high[j], c.low[j] - c.high[i]), 0)
    largest, smallest = np.maximum(c.high[i], c.high[j]), np.minimum(c.high[i], c.high[j])
    close, apart = gap <= np.maximum(1, largest // 4), gap <= np.maximum(3, largest // 2)
    told = np.select([unknown, largest == 0, gap == 0, smallest == 0], [6, 5, 0, 4], -1)
    return np.where(told >= 0, told, np.where(close, 1, np.where(apart, 2, 3)))


def rare(c: Columns, i: Array, j: Array) -> Array:
    """Rare words shared beyond chance: 0 three, 1 two, 2 one, 3 none of one, 4 of a few, 5 of many, 6 no words."""
    length = np.diff(c.words.indptr)
    shared = np.asarray(c.words[i].multiply(c.words[j]).sum(axis=1)).ravel()
    fewer = np.minimum(length[i], length[j])
    beyond = shared - length[i] * length[j] / EXPECTED_WORDS
    return np.select(
        [fewer == 0, beyond > 2.5, beyond > 1.5, beyond > 0.5, fewer < 2, fewer < MANY_WORDS], [6, 0, 1, 2, 3, 4], 5
    )


def told(c: Columns, i: Array, j: Array) -> Array:
    """0 other reports, 1 the same report, 2 rows of the same data set."""
    report = (c.told_by[i] == c.told_by[j]) & (c.told_by[i] >= 0)
    rows = (c.dataset[i] == c.dataset[j]) & (c.dataset[i] >= 0)
    return np.where(report, 1, np.where(rows, 2, 0))


def cells(c: Columns, i: Array, j: Array) -> Array:
    """0-4: how many of day, point, actors and deaths are not the very same in two releases; 5 not two releases."""
    level = np.full(len(i), 5)
    at = _two_releases(c, i, j)
    one, two = i[at], j[at]
    point = (c.point[one] == c.point[two]).all(axis=1)
    level[at] = 4 - sum((each[one] == each[two] for each in (c.day, c.actors, c.best)), point.astype(np.int64))
    return level


def cited(c: Columns, i: Array, j: Array) -> Array:
    """0 two releases have a sentence in common, 1 a source, 2 neither, 3 one cites nothing; 4 not two releases."""
    level = np.full(len(i), 4)
    at = _two_releases(c, i, j)
    sentence, source = (_in_common(of, i[at], j[at]) for of in (c.sentences, c.sources))
    said, unsaid = (sentence == YES) & (source != NO), (sentence == UNKNOWN) & (source == UNKNOWN)
    level[at] = np.select([said, source == YES, unsaid], [0, 1, 3], 2)
    return level


def _two_releases(c: Columns, i: Array, j: Array) -> Array:
    """Which of the pairs are rows of two releases of one data set."""
    if c.release.max(initial=-1) < 0:
        return np.empty(0, dtype=np.int64)
    two = (c.release[i] == c.release[j]) & (c.release[i] >= 0) & (c.dataset[i] != c.dataset[j])
    return np.flatnonzero(two)


NO, YES, UNKNOWN = range(3)


def _in_common(of: csr_matrix, i: Array, j: Array) -> Array:
    """Whether two rows of the matrix share a column: NO, YES, or UNKNOWN if one has none."""
    length = np.diff(of.indptr)
    shared = np.asarray(of[i].multiply(of[j]).sum(axis=1)).ravel()
    return np.where(np.minimum(length[i], length[j]) == 0, UNKNOWN, np.where(shared > 0, YES, NO))


FEATURES: dict[str, Feature] = {
    "day": day,
    "distance": distance,
    "country": country,
    "place": place,
    "admin1": admin1,
    "groups": groups,
    "sides": sides,
    "kind": kind,
    "toll": toll,
    "rare": rare,
    "told": told,
    "cells": cells,
    "cited": cited,
}
LEVELS = {
    "day": 5, "distance": 8, "country": 3, "place": 4, "admin1": 3, "groups": 6, "sides": 5, "kind": 5, "toll": 7,
    "rare": 7, "told": 3, "cells": 6, "cited": 5,
}  # fmt: skip
