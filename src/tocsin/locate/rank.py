"""Choose which place each name of a text means: a weighed sum of signs, learned by bench/fit_places.py.

In:  the spots of a text with their candidates, the weights of rank.toml.
Out: for each candidate of each spot its chance.
The first round looks at each name and what stands beside it, the later ones also at what the other names most likely
are.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tocsin.errors import DataError
from tocsin.locate import tables
from tocsin.locate.scene import ALONE, TOGETHER, Scene, alone, together

Floats = NDArray[np.float64]
ROUNDS = 2


def chances(scene: Scene, first: Floats | None = None, later: Floats | None = None) -> Floats:
    """The chance of each candidate; they sum to 1 for each spot. Other weights than those of rank.toml may be given."""
    first = weights("first", ALONE) if first is None else first
    later = weights("later", (*ALONE, *TOGETHER)) if later is None else later
    signs = alone(scene)
    chance = shares(scene, signs @ first)
    for _ in range(ROUNDS):
        chance = shares(scene, np.hstack([signs, together(scene, chance)]) @ later)
    return chance


def shares(scene: Scene, points: Floats) -> Floats:
    """Points as chances, spot by spot."""
    if not len(points):
        return points
    most = np.maximum.reduceat(points, scene.begins)
    raised = np.exp(points - most[scene.owner])
    return np.asarray(raised / np.add.reduceat(raised, scene.begins)[scene.owner])


@cache
def weights(part: str, names: Sequence[str]) -> Floats:
    """One table of rank.toml; a sign that it does not name weighs nothing."""
    table = tables.toml("rank.toml")[part]
    if wrong := [name for name in table if name not in names]:
        raise DataError(f"{tables.DATA / 'rank.toml'}:1: found {wrong[0]!r}, expected one of {', '.join(names)}")
    return np.array([float(table.get(name, 0.0)) for name in names])
