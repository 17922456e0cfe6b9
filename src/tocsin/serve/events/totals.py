"""Sums over the events of each actor or place: all of them at once, without a look at single events.

In:  which event has which group: two arrays of numbers that go together.
Out: `Totals`: events, fatalities, first and last day of each group, and the rows of a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.fold import fold
from tocsin.serve.events.index import NO_DAY, Column, Index, Mask

Ints = NDArray[np.int64]
LATE = np.iinfo(np.int32).max
DENSE = 1_000_000  # numbers that are counted one by one in any case
SHOWN = 50  # lines of a list at once


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """Rows of the index by group, the newest first within each; and the sums, a value for each group."""

    index: Index
    groups: Ints
    rows: Ints
    starts: Ints  # where the rows of each group begin; one more at the end
    events: Ints
    fatalities: Ints
    first: Ints  # days since 1970; NO_DAY where no event has a day
    last: Ints

    @classmethod
    def of(cls, index: Index, groups: Ints, rows: Ints, number: int) -> Totals:
        """`number`: how many groups there are. An event counts once in each of its groups."""
        one_each = distinct(groups * max(len(index), 1) + rows)
        return cls._summed(index, one_each // max(len(index), 1), one_each % max(len(index), 1), number)

    @classmethod
    def _summed(cls, index: Index, groups: Ints, rows: Ints, number: int) -> Totals:
        events = np.bincount(groups, minlength=number)
        starts = np.concatenate(([0], np.cumsum(events)))
        dead = np.bincount(groups, weights=np.maximum(index.fatalities[rows], 0), minlength=number)
        first, last = np.full(number, NO_DAY, np.int64), np.full(number, NO_DAY, np.int64)
        some = np.flatnonzero(events)
        if len(some):
            days = index.days[rows].astype(np.int64)
            earliest = np.minimum.reduceat(np.where(days == NO_DAY, LATE, days), starts[some])
            first[some] = np.where(earliest == LATE, NO_DAY, earliest)
            last[some] = np.maximum.reduceat(days, starts[some])
        return cls(index, groups, rows, starts, events, dead.astype(np.int64), first, last)

    def within(self, mask: Mask) -> Totals:
        """The same of some of the events."""
        some = mask[self.rows]
        return self._summed(self.index, self.groups[some], self.rows[some], len(self.events))

    def of_group(self, group: int) -> Ints:
        """The rows of the group's events, the newest first."""
        return self.rows[self.starts[group] : self.starts[group + 1]]

    def mostly(self, codes: NDArray[Any], kinds: int) -> Ints:
        """Of each group the code that most of its events have. `codes`: of each event, below `kinds`; 0 is none."""
        return mostly(self.groups, codes[self.rows], len(self.events), kinds)


def mostly(groups: Ints, codes: NDArray[Any], number: int, kinds: int) -> Ints:
    """Of each group the code that comes most often with it; 0 if it has none."""
    known = codes > 0
    pairs, times = _times(groups[known] * kinds + codes[known], number * kinds)
    found = np.zeros(number, np.int64)
    order = np.argsort(times, kind="stable")  # the last one that is set is the most frequent
    found[pairs[order] // kinds] = pairs[order] % kinds
    return found


def _times(values: Ints, below: int) -> tuple[Ints, Ints]:
    """Each number and how often it comes."""
    if below > 4 * len(values) + DENSE:
        return np.unique(values, return_counts=True)
    times = np.bincount(values, minlength=below)
    found = np.flatnonzero(times)
    return found, times[found]


def distinct(values: Ints) -> Ints:
    """Each number once, in order. Many times quicker than numpy's `unique`, which hashes them."""
    ordered = np.sort(values)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


def spread(starts: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """Of lists laid end to end the members of those chosen: of which of them (place in `chosen`), and where it lies."""
    lengths = starts[chosen + 1] - starts[chosen]
    whose = np.repeat(np.arange(len(chosen)), lengths)
    where = np.arange(int(lengths.sum())) + np.repeat(starts[chosen] - np.cumsum(lengths) + lengths, lengths)
    return whose, where


def counted(index: Index, rows: Ints, column: Column) -> list[tuple[str, int, int]]:
    """The values of the events, each with its number of events and fatalities, the most frequent first."""
    codes, dead = column.codes[rows], np.maximum(index.fatalities[rows], 0)
    events = np.bincount(codes, minlength=len(column.values))
    deaths = np.bincount(codes, weights=dead, minlength=len(column.values))
    order = np.argsort(-events, kind="stable")
    return [(column.values[at], int(events[at]), int(deaths[at])) for at in order.tolist() if events[at] and at]


def fitting(texts: Sequence[str], words: str) -> Mask:
    """Which of the folded texts have all the words."""
    parts = fold(words).split()
    return np.fromiter((all(part in text for part in parts) for text in texts), bool, len(texts))
