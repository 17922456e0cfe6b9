"""Who takes part in the events, and who meets whom.

In:  the Index.
Out: `Cast`: every name of the four actor columns with its sums; whom an actor meets, and with whom it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.fold import fold
from tocsin.serve.index import ACTORS, SIDES, Index, parts
from tocsin.serve.totals import Ints, Totals, mostly, spread

NO_KIND = ""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The actors on one side of each event, laid end to end; `starts`: where those of an event begin."""

    starts: Ints
    actors: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """All actors. `kinds`: what each is coded as most often ("Rebel group"); "" if it only stands beside others."""

    index: Index
    names: list[str]
    folded: list[str]
    number: dict[str, int]
    kinds: list[str]
    sides: tuple[Side, Side]
    totals: Totals

    def met(self, actor: int, *, against: bool = True) -> list[tuple[str, int, int]]:
        """Those on the other side, or (`against` false) beside it: name, events, fatalities; the most events first."""
        rows = self.totals.of_group(actor)
        events, dead = np.zeros(len(self.names), np.int64), np.zeros(len(self.names))
        for own, other in ((0, 1), (1, 0)):
            here = rows[self._stands(rows, own, actor)]
            side = self.sides[other if against else own]
            whose, where = spread(side.starts, here)
            found = side.actors[where]
            events += np.bincount(found, minlength=len(self.names))
            dead += np.bincount(found, np.maximum(self.index.fatalities[here[whose]], 0), minlength=len(self.names))
        if not against:
            events[actor] = 0
        return self._counted(events, dead)

    def at(self, rows: Ints) -> list[tuple[str, int, int]]:
        """Those who take part in these events: name, events, fatalities; the most events first."""
        pairs = [
            (rows[whose], side.actors[where]) for side in self.sides for whose, where in [spread(side.starts, rows)]
        ]
        size = max(len(self.names), 1)
        one_each = np.unique(np.concatenate([each * size + found for each, found in pairs]))
        found, dead = one_each % size, np.maximum(self.index.fatalities[one_each // size], 0)
        return self._counted(np.bincount(found, minlength=size), np.bincount(found, dead, minlength=size))

    def _counted(self, events: Ints, dead: NDArray[Any]) -> list[tuple[str, int, int]]:
        order = np.argsort(-events, kind="stable")
        return [(self.names[at], int(events[at]), int(dead[at])) for at in order[: (events > 0).sum()].tolist()]

    def _stands(self, rows: Ints, side: int, actor: int) -> Ints:
        """Places in `rows` of the events on whose side the actor stands."""
        whose, where = spread(self.sides[side].starts, rows)
        return np.unique(whose[self.sides[side].actors[where] == actor])


def cast_of(index: Index) -> Cast:
    """The cast of all events; take it by `index.once(cast_of)`."""
    number: dict[str, int] = {}
    pairs = {name: _pairs(index, name, number) for name in ACTORS}
    sides = (_side(index, [pairs[name] for name in SIDES[0]]), _side(index, [pairs[name] for name in SIDES[1]]))
    rows = np.concatenate([rows for rows, _ in pairs.values()])
    actors = np.concatenate([actors for _, actors in pairs.values()])
    names = list(number)
    return Cast(index, names, [fold(name) for name in names], number, _kinds(index, pairs, len(names)), sides,
                Totals.of(index, actors, rows, len(names)))  # fmt: skip


def _pairs(index: Index, name: str, number: dict[str, int]) -> tuple[Ints, Ints]:
    """Rows and the actors in this column of them; new actors are numbered."""
    column = index.names[name]
    lists = [[] if not value else parts(value) for value in column.values]
    starts = np.cumsum([0, *map(len, lists)])
    actors = np.array([number.setdefault(part, len(number)) for held in lists for part in held], np.int64)
    rows, where = spread(starts, column.codes.astype(np.int64))
    return rows, actors[where]


def _side(index: Index, pairs: list[tuple[Ints, Ints]]) -> Side:
    rows, actors = (np.concatenate([pair[part] for pair in pairs]) for part in (0, 1))
    size = int(actors.max()) + 1 if len(actors) else 1
    one_each = np.unique(rows * size + actors)
    starts = np.concatenate(([0], np.cumsum(np.bincount(one_each // size, minlength=len(index)))))
    return Side(starts, one_each % size)


def _kinds(index: Index, pairs: dict[str, tuple[Ints, Ints]], number: int) -> list[str]:
    """What each actor is coded as most often."""
    both = [(index.names[inter], *pairs[name]) for name, inter in (("actor1", "inter1"), ("actor2", "inter2"))]
    values = {value: at for at, value in enumerate(dict.fromkeys([NO_KIND, *both[0][0].values, *both[1][0].values]))}
    codes = [np.array([values[value] for value in column.values])[column.codes[rows]] for column, rows, _ in both]
    actors = np.concatenate([actors for _, _, actors in both])
    found, texts = mostly(actors, np.concatenate(codes), number, len(values)), list(values)
    return [texts[at] for at in found.tolist()]
