"""How many people a text says died in its main incident, whatever kind of incident it was.

In:  the `Count`s of a text.
Out: a `Toll` by the codebook's rules for figures of dead. A man, his name and "the victim" are one person, told again:
     people who are named one by one add up only where the text joins them ("and", "another").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tocsin.codebook.fatalities import Toll, fatalities
from tocsin.model import Count, Side

CAME_TO_KILL = "bomber."  # rules of those who die by their own hand


def told(counts: Sequence[Count], without: Iterable[Side] = ()) -> Toll:
    """The dead of a text, but for those of the sides `without`; attackers who killed themselves are counted."""
    left_out = set(without)
    dead = [c for c in counts if c.kind == "killed" and not c.cumulative and c.side not in left_out]
    dead = _without_repeats(dead)
    nobody = [c for c in counts if c.kind == "killed" and c.number.rule == "none"]
    return fatalities(dead or nobody, frozenset())


def _without_repeats(dead: Sequence[Count]) -> list[Count]:
    """Single people beside a figure are among it; of single people alone, the longest row that "and" joins."""
    figures = [c for c in dead if c.number.rule not in ("singular", "several", "none") and _above_one(c)]
    if figures:
        return [c for c in dead if c in figures or c.rule.endswith(".and")]
    rows: list[list[Count]] = []
    for count in (c for c in dead if c.number.rule != "none"):
        if rows and count.rule.endswith(".and"):
            rows[-1].append(count)
        else:
            rows.append([count])
    return max(rows, key=len, default=[])


def _above_one(count: Count) -> bool:
    return count.number.best is None or count.number.best > 1
