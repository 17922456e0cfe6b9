"""Distances and directions on the globe.

In:  latitudes and longitudes in degrees. Out: kilometres, points, cell numbers.
"""

from __future__ import annotations

from math import asin, atan2, cos, degrees, hypot, radians, sin

import numpy as np
from numpy.typing import NDArray

EARTH_KM = 6371.0
DEGREE_KM = 111.19  # of latitude
Each = NDArray[np.float64]


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance."""
    a, b = radians(lat1), radians(lat2)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, half**0.5))


def kilometres_from(latitudes: Each, longitudes: Each, latitude: float | Each, longitude: float | Each) -> Each:
    """Great-circle distance of each point from one, or from its own; NaN for a point that is not known."""
    a, b = np.radians(latitudes), np.radians(latitude)
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(longitudes - longitude) / 2) ** 2
    found: Each = 2 * EARTH_KM * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return found


def roughly(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Distance as on a flat map: quick, good for a few hundred kilometres."""
    across = ((lon2 - lon1 + 180) % 360 - 180) * cos(radians((lat1 + lat2) / 2))
    return hypot(across, lat2 - lat1) * EARTH_KM * 0.017453292519943295


def moved(lat: float, lon: float, km: float, bearing: float) -> tuple[float, float]:
    """The point `km` away in the direction `bearing` (degrees clockwise from north)."""
    a, b, turn, arc = radians(lat), radians(lon), radians(bearing), km / EARTH_KM
    north = asin(sin(a) * cos(arc) + cos(a) * sin(arc) * cos(turn))
    east = b + atan2(sin(turn) * sin(arc) * cos(a), cos(arc) - sin(a) * sin(north))
    return round(degrees(north), 5), round((degrees(east) + 540) % 360 - 180, 5)


def middle(lat1: float, lon1: float, lat2: float, lon2: float) -> tuple[float, float]:
    """The point halfway; for points less than a few hundred kilometres apart."""
    return round((lat1 + lat2) / 2, 5), round((lon1 + lon2) / 2, 5)


def cell_of(lat: float, lon: float) -> int:
    """Number of the half-degree cell, row by row from the south-west."""
    return int((lat + 90) * 2) * 720 + int((lon + 180) * 2) % 720


def bearing(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Direction from the first point to the second, in degrees from north; good to some hundred kilometres."""
    east = (to_lon - lon) * cos(radians(lat))
    return degrees(atan2(east, to_lat - lat)) % 360
