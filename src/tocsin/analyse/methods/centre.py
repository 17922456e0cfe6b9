"""The mean centre of events and the ellipse in which they spread, period by period.

In:  days and points of events.
Out: periods x (latitude, longitude, km moved since the first period, half axes in km, direction of the long one, area).

Mean centre and standard deviational ellipse (Lefever 1926; Yuill 1971) as pointpats has them, on a plane around the
middle of all points, in km.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW
from tocsin.analyse.periods import number_of
from tocsin.locate.distance import DEGREE_KM

Often = Literal["half-year", "year"]
MONTHS = {"half-year": 6, "year": 12}
NAMES = ("latitude", "longitude", "moved_km", "long_km", "short_km", "turn", "area_km2")
Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]
Middle = tuple[float, float]  # latitude and longitude


def middle_of(latitudes: Numbers, longitudes: Numbers) -> Middle:
    """The middle of the points on the globe, so that the date line is no border."""
    turn = np.exp(1j * np.radians(longitudes)).mean()
    return float(latitudes.mean()), float(np.degrees(np.angle(turn))) if abs(turn) > 1e-9 else 0.0


def period_of(day: Counts, every: Often) -> Counts:
    """The number of each day's period since 1970."""
    return number_of(day, "month") // MONTHS[every]


def centres(
    day: Counts, latitudes: Numbers, longitudes: Numbers, middle: Middle, periods: tuple[int, int, Often]
) -> Numbers:
    """`periods`: the first, the last, and how long they are. A period with fewer than FEW events is NaN."""
    first, last, every = periods
    at, plane = period_of(day, every) - first, on_plane(latitudes, longitudes, middle)
    found = np.full((last - first + 1, len(NAMES)), np.nan)
    start = None
    for period in range(len(found)):
        points = plane[at == period]
        if len(points) >= FEW:
            centre = points.mean(axis=0)
            start = centre if start is None else start
            found[period] = *on_globe(centre, middle), np.hypot(*(centre - start)), *_ellipse(points)
    return found


def on_plane(latitudes: Numbers, longitudes: Numbers, middle: Middle) -> Numbers:
    """Points x (km to the east, km to the north)."""
    east = ((longitudes - middle[1] + 180) % 360 - 180) * DEGREE_KM * _narrow(middle)
    return np.stack([east, (latitudes - middle[0]) * DEGREE_KM], axis=1)


def on_globe(point: Numbers, middle: Middle) -> Middle:
    east = point[0] / (DEGREE_KM * _narrow(middle))
    return middle[0] + float(point[1]) / DEGREE_KM, float((middle[1] + east + 180) % 360 - 180)


def _narrow(middle: Middle) -> float:
    return max(0.05, float(np.cos(np.radians(middle[0]))))


def _ellipse(points: Numbers) -> tuple[float, float, float, float]:
    """Half axes, the direction of the long one (degrees from north, 0 to 180) and the area; NaN: points on a line."""
    from pointpats.centrography import ellipse

    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    if spread[1] < 1e-6 * max(1.0, spread[0]):
        return np.nan, np.nan, np.nan, np.nan
    with np.errstate(all="ignore"):
        first, second, theta = (float(each) for each in ellipse(points))
    turn = (90 if first >= second else 0) - np.degrees(theta)  # theta runs from east to north
    return max(first, second), min(first, second), turn % 180, float(np.pi * first * second)
