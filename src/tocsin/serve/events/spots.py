"""The places of the events, as they are named.

In:  the Index.
Out: `Spots`: every location with its country and first-order unit, its point and its sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.fold import fold
from tocsin.locate.distance import kilometres_from
from tocsin.serve.events.index import Index
from tocsin.serve.events.totals import Ints, Totals

EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """All places. Each stands where most of its events do."""

    index: Index
    locations: list[str]
    countries: list[str]
    admin1s: list[str]
    folded: list[str]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    radius_km: NDArray[np.float64]
    totals: Totals

    def named(self, location: str, country: str = "", admin1: str | None = None) -> list[int]:
        """The places of this name, the most events first. `admin1` "": those whose unit is not stated."""
        found = [
            at
            for at, name in enumerate(self.locations)
            if name == location and country in ("", self.countries[at]) and admin1 in (None, self.admin1s[at])
        ]
        return sorted(found, key=lambda at: -int(self.totals.events[at]))

    def near(self, spot: int, most: int, km: float) -> list[tuple[float, int]]:
        """The nearest other places with events: how far each is."""
        far = kilometres_from(self.latitude, self.longitude, self.latitude[spot], self.longitude[spot])
        far[spot] = np.inf
        close = np.argsort(far, kind="stable")[:most]
        return [(float(far[at]), int(at)) for at in close if far[at] <= km]


def spots_of(index: Index) -> Spots:
    """The places of all events; take them by `index.once(spots_of)`. Events without a location are left out."""
    location, country, admin1 = (index.names[name] for name in ("location", "country", "admin1"))
    rows = np.flatnonzero(location.codes > 0)
    homes, units = len(country.values), len(admin1.values)
    keys = (location.codes[rows].astype(np.int64) * homes + country.codes[rows]) * units + admin1.codes[rows]
    found, groups = np.unique(keys, return_inverse=True)
    at, home, unit = found // (homes * units), found // units % homes, found % units
    texts = location.values, country.values, admin1.values, [fold(name) for name in location.values]
    named, lie, within, folded = (
        [values[code] for code in codes.tolist()] for values, codes in zip(texts, (at, home, unit, at), strict=True)
    )
    totals = Totals.of(index, groups, rows, len(found))
    return Spots(index, named, lie, within, folded, *_points(index, totals), totals)


def _points(index: Index, totals: Totals) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Latitude, longitude and radius of each place; NaN where none is known."""
    where = index.longitude + 1j * index.latitude.astype(np.complex128)
    known = np.flatnonzero(~np.isnan(where))
    _, first, same = np.unique(where[known], return_index=True, return_inverse=True)
    codes = np.zeros(len(index), np.int64)
    codes[known] = same + 1
    best = totals.mostly(codes, len(first) + 1)
    rows = np.concatenate(([0], known[first]))[best]
    values = (np.asarray(column, np.float64) for column in (index.latitude, index.longitude, index.radius_km))
    latitude, longitude, radius = (np.where(best > 0, each[rows], np.nan) if len(each) else each for each in values)
    return latitude, longitude, radius


def points(spots: Spots, spot: int) -> Ints:
    """How many events stand at each point of the place, the most first."""
    rows = spots.totals.of_group(spot)
    pairs = np.stack([spots.index.latitude[rows], spots.index.longitude[rows]])
    _, times = np.unique(pairs[:, ~np.isnan(pairs[0])], axis=1, return_counts=True)
    return -np.sort(-times)
