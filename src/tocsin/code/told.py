"""How many people a text says died in its main incident, whatever kind of incident it was.

In:  the `Count`s of a text.
Out: a `Toll` by the codebook's rules for figures of dead. A man, his name and "the victim" are one person, told again,
     as are two names and "both": people add up only where the text joins them ("and", "another"). Of several tolls the
     one that the text tells most often is taken; what it tells first, and more than one dead, count as told once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tocsin.codebook.fatalities import Toll, fatalities
from tocsin.model import Count, Side

BY_OWN_HAND = "bomber."  # rules of those who die by what they do themselves
BY_ANOTHER = ("kill.", "fell.")  # and of those whom somebody else kills
NEAR = 120  # characters between two deaths told in one breath


def told(counts: Sequence[Count], without: Iterable[Side] = ()) -> Toll:
    """The dead of a text, but for those of the sides `without`; attackers who killed themselves are counted."""
    left_out = set(without)
    killed = [c for c in counts if c.kind == "killed" and not c.cumulative]
    rows = _rows([c for c in killed if c.number.rule != "none" and c.side not in left_out])
    tolls = [toll for row in rows if (toll := fatalities(row, frozenset())).best]
    if not tolls:
        return fatalities([c for c in counts if c.kind == "killed" and c.number.rule == "none"], frozenset())
    times = Counter(toll.best for toll in tolls)
    return max(tolls, key=lambda toll: times[toll.best] + (toll.best > 1) + (toll is tolls[0]))


def _rows(dead: Iterable[Count]) -> list[list[Count]]:
    """People and those that the text joins to them; mere plurals ("the victims") only if there is nothing else."""
    rows: list[list[Count]] = []
    for count in dead:
        if rows and (count.rule.endswith(".and") or _himself(count, rows[-1])):
            rows[-1].append(count)
        else:
            rows.append([count])
    return [row for row in rows if any(count.number.rule != "several" for count in row)] or rows


def _himself(count: Count, row: list[Count]) -> bool:
    """ "He shot his wife dead, then killed himself": the killer dies beside those told right before."""
    alone = count.rule.startswith(BY_OWN_HAND) and not any(c.rule.startswith(BY_OWN_HAND) for c in row)
    return alone and row[-1].rule.startswith(BY_ANOTHER) and 0 <= count.span.start - row[-1].span.end <= NEAR
