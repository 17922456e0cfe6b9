"""Who takes part in the events, and who meets whom.

In:  the Index.
Out: `Cast`: every name of the four actor columns with its sums; whom an actor meets, and with whom it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.fold import fold
from tocsin.serve.events.index import ACTORS, SIDES, Index, parts
from tocsin.serve.events.totals import Ints, Totals, distinct, mostly, spread

NO_KIND = ""


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """The actors that each value of a column names, laid end to end; `starts`: where those of a value begin."""

    codes: NDArray[np.int32]  # of each event its value
    starts: Ints
    actors: Ints

    def of(self, rows: Ints) -> tuple[Ints, Ints]:
        """The actors of these events: for each its place in `rows`, and its number."""
        whose, where = spread(self.starts, self.codes[rows].astype(np.int64))
        return whose, self.actors[where]


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """All actors. `kinds`: what each is coded as most often ("Rebel group"); "" if it only stands beside others."""

    index: Index
    names: list[str]
    folded: list[str]
    number: dict[str, int]
    kinds: list[str]
    lists: dict[str, Lists]  # by column
    totals: Totals

    def met(self, actor: int, *, against: bool = True) -> list[tuple[str, int, int]]:
        """Those on the other side, or (`against` false) beside it: name, events, fatalities; the most events first."""
        rows, found = self.totals.of_group(actor), []
        for own, other in (SIDES, SIDES[::-1]):
            whose, actors = self._side(rows, own)
            here = rows[distinct(whose[actors == actor])]
            whose, actors = self._side(here, other if against else own)
            found.append((here[whose], actors))
        met, who = (np.concatenate(each) for each in zip(*found, strict=True))
        return self._counted(met[who != actor] if not against else met, who[who != actor] if not against else who)

    def at(self, rows: Ints) -> list[tuple[str, int, int]]:
        """Those who take part in these events: name, events, fatalities; the most events first."""
        whose, actors = self._side(rows, ACTORS)
        return self._counted(rows[whose], actors)

    def _side(self, rows: Ints, columns: Sequence[str]) -> tuple[Ints, Ints]:
        """The actors in these columns of the events, each once an event: places in `rows`, numbers."""
        both = [self.lists[name].of(rows) for name in columns]
        size = max(len(self.names), 1)
        pairs = distinct(np.concatenate([whose * size + actors for whose, actors in both]))
        return pairs // size, pairs % size

    def _counted(self, rows: Ints, actors: Ints) -> list[tuple[str, int, int]]:
        events = np.bincount(actors, minlength=len(self.names))
        dead = np.bincount(actors, np.maximum(self.index.fatalities[rows], 0), minlength=len(self.names))
        order = np.argsort(-events, kind="stable")
        return [(self.names[at], int(events[at]), int(dead[at])) for at in order[: (events > 0).sum()].tolist()]


def cast_of(index: Index) -> Cast:
    """The cast of all events; take it by `index.once(cast_of)`."""
    number: dict[str, int] = {}
    lists = {name: _lists(index, name, number) for name in ACTORS}
    every = np.arange(len(index))
    pairs = {name: lists[name].of(every) for name in ACTORS}
    rows, actors = (np.concatenate([pair[part] for pair in pairs.values()]) for part in (0, 1))
    names = list(number)
    return Cast(index, names, [fold(name) for name in names], number, _kinds(index, pairs, len(names)), lists,
                Totals.of(index, actors, rows, len(names)))  # fmt: skip


def _lists(index: Index, name: str, number: dict[str, int]) -> Lists:
    """The actors of a column; new ones are numbered."""
    column = index.names[name]
    held = [parts(value) if value else [] for value in column.values]
    actors = np.array([number.setdefault(part, len(number)) for some in held for part in some], np.int64)
    return Lists(column.codes, np.cumsum([0, *map(len, held)]), actors)


def _kinds(index: Index, pairs: dict[str, tuple[Ints, Ints]], number: int) -> list[str]:
    """What each actor is coded as most often."""
    both = [(index.names[inter], *pairs[name]) for name, inter in (("actor1", "inter1"), ("actor2", "inter2"))]
    values = {value: at for at, value in enumerate(dict.fromkeys([NO_KIND, *both[0][0].values, *both[1][0].values]))}
    codes = [np.array([values[value] for value in column.values])[column.codes[rows]] for column, rows, _ in both]
    actors = np.concatenate([actors for _, _, actors in both])
    found, texts = mostly(actors, np.concatenate(codes), number, len(values)), list(values)
    return [texts[at] for at in found.tolist()]
