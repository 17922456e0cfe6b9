"""Points of the globe as points in space, so that neighbours within some km are found by a tree.

In:  latitudes and longitudes in degrees.
Out: points x 3, in km from the middle of the Earth; the straight line through the Earth that a distance on it spans.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tocsin.locate.distance import EARTH_KM

Points = NDArray[np.float64]


def in_space(latitudes: ArrayLike, longitudes: ArrayLike) -> Points:
    """Points x 3, in km."""
    north, east = np.radians(np.asarray(latitudes, float)), np.radians(np.asarray(longitudes, float))
    around = np.cos(north)
    return EARTH_KM * np.stack([around * np.cos(east), around * np.sin(east), np.sin(north)], axis=-1)


def straight(km: ArrayLike) -> Points:
    """The straight line that spans a great-circle distance of up to half the way around; both in km."""
    return 2 * EARTH_KM * np.sin(np.asarray(km, float) / (2 * EARTH_KM))
