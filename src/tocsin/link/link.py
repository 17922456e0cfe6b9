"""Link claims: candidate pairs, scores, clusters; all at once or only what new claims touch.

In:  items, people's `same` and `different` decisions by key.
Out: clusters of keys. Adding claims one by one, in any order, ends in the same clusters as all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tocsin.link.block import pairs
from tocsin.link.cluster import chances, clusters
from tocsin.link.columns import Array, Columns, columns
from tocsin.link.item import Item
from tocsin.link.score import Weights, score, weights

THREADS = 2
LEAST = -6.0  # log2 odds; less counts as no chance

Cluster = tuple[str, ...]  # keys of one happening's claims, sorted
KeyPair = tuple[str, str]
Near = Callable[[Sequence[Item]], Iterable[Item]]


def scored_pairs(items: Sequence[Item], known: Columns, table: Weights | None = None) -> tuple[Array, Array]:
    """All candidate pairs with at least LEAST log2 odds, and their scores."""

    def scored(found: Array) -> tuple[Array, Array]:
        value = score(known, found, table)
        keep = value >= LEAST
        return found[keep].astype(np.int32), value[keep].astype(np.float32)

    kept = [(np.empty((0, 2), dtype=np.int32), np.empty(0, dtype=np.float32))]
    waiting = []
    with ThreadPoolExecutor(THREADS) as pool:
        for found in pairs(items, known):
            waiting.append(pool.submit(scored, found))
            if len(waiting) > 2 * THREADS:  # so that unscored pairs do not pile up
                kept.append(waiting.pop(0).result())
        kept += [part.result() for part in waiting]
    return np.concatenate([pair for pair, _ in kept]), np.concatenate([value for _, value in kept])


def link(
    items: Iterable[Item],
    same: Iterable[KeyPair] = (),
    different: Iterable[KeyPair] = (),
    table: Weights | None = None,
) -> list[Cluster]:
    """The clusters of all `items`, in the order of their first keys. Decisions on absent claims wait."""
    held = sorted(items, key=lambda item: item.key)
    if not held:
        return []
    number = {item.key: at for at, item in enumerate(held)}
    table = table or weights()
    known = columns(held)
    found, scores = scored_pairs(held, known, table)
    decided = _numbers(same, number), _numbers(different, number)
    labels = clusters(len(held), found, scores, *decided, table.threshold, known.teller)
    members: dict[int, list[str]] = {}
    for item, label in zip(held, labels.tolist(), strict=True):
        members.setdefault(label, []).append(item.key)
    return sorted(tuple(keys) for keys in members.values())


def over_borders(items: Iterable[Item]) -> set[str]:
    """Keys of the claims that are in a likely pair of two countries: what `link` of one country alone would part."""
    held = sorted(items, key=lambda item: item.key)
    known, keys = columns(held), set[str]()
    for found in pairs(held, known) if held else ():
        i, j = found[known.country[found[:, 0]] != known.country[found[:, 1]]].T
        likely = chances(score(known, np.stack([i, j], axis=1))) >= weights().threshold
        keys |= {held[at].key for at in (*i[likely].tolist(), *j[likely].tolist())}
    return keys


def relink(
    new: Iterable[Item], near: Near, same: Sequence[KeyPair] = (), different: Sequence[KeyPair] = ()
) -> list[Cluster]:
    """The clusters of every component that `new` items touch; no other cluster can have changed.

    `near(items)` gives the known claims that may be compared with `items` (day and cell), and those that a decision
    ties to them. For a retired claim pass the claims it stood with as `new`, after it is gone from what `near` knows.
    """
    held = {item.key: item for item in new}
    edge = list(held.values())
    while edge:
        known = {**held, **{item.key: item for item in near(edge)}}
        reached = _touched(known, held.keys(), same)
        edge = [known[key] for key in sorted(reached - held.keys())]
        held |= {item.key: item for item in edge}
    return link(held.values(), same, different)


def _touched(known: dict[str, Item], held: Iterable[str], same: Iterable[KeyPair]) -> set[str]:
    """Keys that are in one component of likely pairs with a held one."""
    items = sorted(known.values(), key=lambda item: item.key)
    found, scores = scored_pairs(items, columns(items))
    beside: dict[str, set[str]] = {}
    likely = found[chances(scores) >= weights().threshold].tolist()
    for one, two in (*((items[i].key, items[j].key) for i, j in likely), *same):
        beside.setdefault(one, set()).add(two)
        beside.setdefault(two, set()).add(one)
    reached, edge = set(held), list(held)
    while edge:
        fresh = (beside.get(edge.pop(), set()) & known.keys()) - reached
        reached |= fresh
        edge += fresh
    return reached


def _numbers(decided: Iterable[KeyPair], number: dict[str, int]) -> list[tuple[int, int]]:
    return [(number[one], number[two]) for one, two in decided if one in number and two in number]
