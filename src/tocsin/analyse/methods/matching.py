"""Which events of two data sets are the same happenings, and how sure that is.

In:  two Events.
Out: `Matches`: pairs of row numbers with their chance. The linker (link/) joins them as it joins claims: an event with
     at most one of the other set, none with one of its own. Pairs that it left apart are there, too, with the smaller
     chance of analyse/doubles.py, where neither of the two is joined with another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.doubles import LEFT_APART
from tocsin.analyse.draws import Draws
from tocsin.analyse.events import Events
from tocsin.link.cluster import chances, clusters
from tocsin.link.columns import columns
from tocsin.link.item import Item, item_of
from tocsin.link.link import scored_pairs
from tocsin.link.score import weights

READ = ("event_date", "time_precision", "latitude", "longitude", "geo_precision", "country", "admin1", "location",
        "event_type", "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2",
        "source", "notes", "fatalities")  # fmt: skip
SEVERAL, RELEASES = ("first", "second"), ("release 1", "release 2")  # the linker knows releases by their digits
Whole = NDArray[np.int64]
Part = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Matches:
    """`first`, `second`: rows of the two tables; `chance`: that they are one; `joined`: whether the linker joined them.

    No row is in two pairs.
    """

    first: Whole
    second: Whole
    chance: Part
    joined: NDArray[np.bool_]

    def drawn(self, draws: Draws) -> NDArray[np.bool_]:
        """(draws, pairs): which of the pairs are one happening in each draw."""
        source = np.random.default_rng(draws.seed)
        return source.random((draws.count, len(self.chance))) < self.chance


def matches(first: Events, second: Events, *, releases: bool = False) -> Matches:
    """The pairs of two sets; every event must have a day, a country and a point (`can_match`)."""
    names = RELEASES if releases else SEVERAL
    items = [*_items(first, names[0]), *_items(second, names[1])]
    known = columns(items)
    found, scores = scored_pairs(items, known)
    labels = clusters(len(items), found, scores, threshold=weights().threshold, tellers=known.teller)
    across = (found[:, 0] < len(first)) & (found[:, 1] >= len(first))
    pairs, at = np.unique(found[across], axis=0, return_index=True)
    chance = chances(scores[across][at]).astype(float)
    one, other = pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64)
    joined = labels[one] == labels[other]
    taken = np.isin(labels, labels[one[joined]])
    rest = _best(one, other, np.where(joined | taken[one] | taken[other], 0, chance))
    chosen = np.sort(np.concatenate([np.flatnonzero(joined), rest]))
    chance = np.where(joined, chance, LEFT_APART * np.minimum(chance, weights().threshold))
    return Matches(one[chosen], other[chosen] - len(first), chance[chosen], joined[chosen])


def can_match() -> pl.Expr:
    """Whether an event says enough to be compared."""
    return pl.all_horizontal(pl.col("event_date", "country", "latitude", "longitude").is_not_null())


def _items(events: Events, dataset: str) -> list[Item]:
    found = []
    for at, row in enumerate(events.table.select(*READ, "fatalities_low", "fatalities_high", "radius_km").to_dicts()):
        given: dict[str, Any] = {**row, "dataset": dataset}
        if row["geo_precision"] in (1, 2):
            given["place_radius_km"] = row["radius_km"]
        item = item_of(given, f"{dataset}:{at:09}", report=None, origin=None)
        assert item is not None, "an event without day, country or point"
        found.append(item)
    return found


def _best(one: Whole, other: Whole, chance: Part) -> Whole:
    """The likeliest pairs so that nobody is in two; pairs without a chance are left out."""
    order = np.lexsort((other, one, -chance))
    taken, found = set[int](), list[int]()
    for at in order[chance[order] > 0].tolist():
        a, b = int(one[at]), int(other[at])
        if a not in taken and b not in taken:
            taken |= {a, b}
            found.append(at)
    return np.array(found, np.int64)
