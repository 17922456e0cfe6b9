"""How far people agree who code the same things.

In:  for each thing the values that people gave it.
Out: Cohen's kappa (two coders), Krippendorff's alpha (any number of coders, values may be missing); None where all gave
     one value, so that chance cannot be told from agreement. Pure functions.

Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability; Cohen, J. (1960), A Coefficient of Agreement for
Nominal Scales.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from itertools import product
from typing import Any

Distance = Callable[[Any, Any], float]


def nominal(one: Hashable, other: Hashable) -> float:
    """The same, or not."""
    return float(one != other)


def interval(one: float, other: float) -> float:
    """For days and other numbers of which the difference counts."""
    return float(one - other) ** 2


def ratio(one: float, other: float) -> float:
    """For counts: 1 and 2 differ more than 101 and 102."""
    return ((one - other) / (one + other)) ** 2 if one + other else 0.0


def same(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """The share of pairs that agree."""
    return sum(one == other for one, other in pairs) / len(pairs) if pairs else None


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa: the agreement beyond chance, as a share of what is possible beyond chance."""
    total = len(pairs)
    if not total:
        return None
    left, right = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(left[value] * right[value] for value in left) / total**2
    observed = same(pairs) or 0.0
    return None if chance == 1 else (observed - chance) / (1 - chance)


def alpha(units: Sequence[Sequence[Any]], distance: Distance = nominal) -> float | None:
    """Krippendorff's alpha: 1 less the disagreement within units over the disagreement that chance gives.

    A unit is what the people said of one thing; those who said nothing are left out, and so are units of one value.
    """
    compared = [unit for unit in units if len(unit) > 1]
    held = Counter(value for unit in compared for value in unit)
    total = held.total()
    within = sum(_apart(Counter(unit), distance) / (len(unit) - 1) for unit in compared)
    by_chance = _apart(held, distance)
    return 1 - (total - 1) * within / by_chance if by_chance else None


def _apart(values: Counter[Any], distance: Distance) -> float:
    """The sum of distances over all pairs of values, each pair in both directions."""
    return sum(distance(one, other) * values[one] * values[other] for one, other in product(values, repeat=2))
