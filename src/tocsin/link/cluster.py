"""Group claims so that the pairs of a group agree on average: one bad pair cannot chain two happenings together.

In:  the number of items, scored pairs in log2 odds, and people's decisions.
Out: a label for each item: the smallest item number of its cluster.
     Items must be numbered in the order of their keys for the answer not to depend on the order of input.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from tocsin.link.columns import Array

DECIMALS = 9

Pair = tuple[int, int]


def chances(scores: Array) -> Array:
    """Log2 odds as chances from 0 to 1."""
    return np.asarray(1.0 / (1.0 + np.exp2(-np.clip(scores, -60.0, 60.0))))


def clusters(
    n: int,
    pairs: Array,
    scores: Array,
    same: Iterable[Pair] = (),
    different: Iterable[Pair] = (),
    threshold: float = 0.5,
    tellers: Array | None = None,
) -> Array:
    """Labels (n,). A pair not in `pairs` has no chance; `different` wins over `same`.

    `threshold`: mean chance, over all pairs between two groups, from which they are joined.
    `tellers` (n,): items of one teller (a report, a data set) are joined by a decision only; -1 for none.
    """
    chance = chances(scores)
    apart = {(min(pair), max(pair)) for pair in different}
    joined = sorted({(min(pair), max(pair)) for pair in same} - apart)
    labels = np.arange(n)
    part = _components(n, pairs[chance >= threshold], joined)
    inside = part[pairs[:, 0]] == part[pairs[:, 1]]
    pairs, chance = pairs[inside], chance[inside]
    size = np.bincount(part, minlength=n)
    decided = np.zeros(n, dtype=bool)
    decided[part[[at for pair in (*apart, *joined) for at in pair]]] = True
    twos = (size[part[pairs[:, 0]]] == 2) & ~decided[part[pairs[:, 0]]]
    labels[pairs[twos, 1]] = pairs[twos, 0]
    told = np.full(n, -1) if tellers is None else tellers
    rules = _Rules(_by_component(joined, part), _by_component(apart, part), told, threshold)
    _in_components(labels, part, pairs[~twos], chance[~twos], rules)
    return labels


def _components(n: int, pairs: Array, joined: list[Pair]) -> Array:
    edges = np.concatenate([pairs, np.array(joined, dtype=np.int64).reshape(-1, 2)])
    graph = csr_matrix((np.ones(len(edges), dtype=bool), (edges[:, 0], edges[:, 1])), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1])


@dataclass(frozen=True, slots=True)
class _Rules:
    """What holds besides the chances; decided pairs are listed by component."""

    forced: dict[int, list[Pair]]
    banned: dict[int, list[Pair]]
    tellers: Array
    threshold: float


def _by_component(pairs: Iterable[Pair], part: Array) -> dict[int, list[Pair]]:
    """The pairs that lie within one component, in order."""
    found: dict[int, list[Pair]] = {}
    for pair in sorted(pairs):
        if part[pair[0]] == part[pair[1]]:
            found.setdefault(int(part[pair[0]]), []).append(pair)
    return found


def _in_components(labels: Array, part: Array, pairs: Array, chance: Array, rules: _Rules) -> None:
    """Average link inside each component, one after the other: memory stays that of the largest."""
    of = part[pairs[:, 0]]
    order = np.lexsort((pairs[:, 1], pairs[:, 0], of))
    pairs, chance, of = pairs[order], chance[order], of[order]
    cuts = [0, *(np.flatnonzero(np.diff(of)) + 1).tolist(), len(of)]
    done = set()
    for begin, end in pairwise(cuts):
        if begin < end:
            key = int(of[begin])
            done.add(key)
            edges = zip(pairs[begin:end].tolist(), chance[begin:end].tolist(), strict=True)
            _join(labels, {(i, j): p for (i, j), p in edges}, key, rules)
    for key in rules.forced.keys() - done:
        _join(labels, {}, key, rules)


class _Groups:
    """Groups of items with the summed chances between them; a group is named by its smallest item."""

    def __init__(self, edges: dict[Pair, float], forced: list[Pair], banned: list[Pair], tellers: Array) -> None:
        self.sums: dict[int, dict[int, float]] = {}
        self.apart: dict[int, set[int]] = {}
        self.members: dict[int, list[int]] = {}
        for i, j in (*edges, *forced, *banned):
            for at in (i, j):
                self.members.setdefault(at, [at])
                self.sums.setdefault(at, {})
                self.apart.setdefault(at, set())
        for (i, j), chance in edges.items():
            self.sums[i][j] = self.sums[j][i] = chance
        self.told = {at: {int(tellers[at])} - {-1} for at in self.members}
        for i, j in banned:
            self.apart[i].add(j)
            self.apart[j].add(i)

    def mean(self, a: int, b: int) -> float:
        chance = self.sums[a][b] / (len(self.members[a]) * len(self.members[b]))
        return round(chance, DECIMALS)

    def barred(self, a: int, b: int) -> bool:
        """A decision, or a report that tells of both, keeps the two groups apart."""
        return b in self.apart[a] or not self.told[a].isdisjoint(self.told[b])

    def join(self, a: int, b: int) -> int:
        """The two groups become one, named by the smaller name."""
        a, b = min(a, b), max(a, b)
        for name, chance in self.sums.pop(b).items():
            del self.sums[name][b]
            if name != a:
                self.sums[a][name] = self.sums[name][a] = self.sums[a].get(name, 0.0) + chance
        for name in self.apart.pop(b):
            self.apart[name].discard(b)
            self.apart[name].add(a)
            self.apart[a].add(name)
        self.members[a] += self.members.pop(b)
        self.told[a] |= self.told.pop(b)
        return a


def _join(labels: Array, edges: dict[Pair, float], component: int, rules: _Rules) -> None:
    forced = rules.forced.get(component, [])
    groups = _Groups(edges, forced, rules.banned.get(component, []), rules.tellers)
    name = {at: at for at in groups.members}
    for i, j in forced:
        a, b = name[i], name[j]
        if a != b and b not in groups.apart[a]:
            kept = groups.join(a, b)
            name.update(dict.fromkeys(groups.members[kept], kept))
    heap = [(-groups.mean(a, b), a, b) for a, near in groups.sums.items() for b in near if a < b]
    heap = [entry for entry in heap if -entry[0] >= rules.threshold]
    heapq.heapify(heap)
    while heap:
        chance, a, b = heapq.heappop(heap)
        if b not in groups.sums.get(a, ()) or groups.mean(a, b) != -chance or groups.barred(a, b):
            continue
        a = groups.join(a, b)
        for other in groups.sums[a]:
            if (mean := groups.mean(a, other)) >= rules.threshold:
                heapq.heappush(heap, (-mean, min(a, other), max(a, other)))
    for kept, members in groups.members.items():
        labels[members] = kept
