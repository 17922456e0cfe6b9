"""The land under the events: countries where they are, names that stand in them, tiles that fit together."""

from __future__ import annotations

import mapbox_vector_tile as mvt  # type: ignore[import-untyped]
import numpy as np
import pytest
import shapely  # type: ignore[import-untyped]
from shapely.geometry import shape  # type: ignore[import-untyped]

from tocsin.serve.explore.borders import countries, middles
from tocsin.serve.explore.land import EDGE, EXTENT, land_tile

SPHERE = 4 * np.pi


def layers(z: int, x: int, y: int) -> dict[str, list[dict[str, object]]]:
    """The features of a tile by layer, as a map reads them."""
    found = mvt.decode(land_tile(z, x, y), default_options={"y_coord_down": True})
    return {name: layer["features"] for name, layer in found.items()}


def is_land(longitude: float, latitude: float, z: int) -> bool:
    """Does the tile of this zoom have a country at the point?"""
    across = (longitude + 180) / 360 * 2**z
    down = (1 - np.arcsinh(np.tan(np.radians(latitude))) / np.pi) / 2 * 2**z
    point = shapely.Point(across % 1 * EXTENT, down % 1 * EXTENT)
    return any(shape(each["geometry"]).buffer(0).contains(point) for each in layers(z, int(across), int(down))["land"])


def test_countries_have_closed_rings_that_do_not_cross_the_whole_map() -> None:
    found = countries()
    assert len(found) > 200
    for name, parts in found:
        assert parts, name
        for ring in (ring for part in parts for ring in part):
            assert (ring[0] == ring[-1]).all(), name
            assert name == "Antarctica" or np.ptp(ring[:, 0]) < 180


def test_together_the_countries_are_the_land_of_the_earth() -> None:
    assert sum(size for _, size, _, _ in middles()) / SPHERE == pytest.approx(0.29, abs=0.005)


@pytest.mark.parametrize(
    ("name", "west", "south", "east", "north"),
    [("France", -2, 44, 7, 49), ("Mali", -8, 13, 0, 21), ("Fiji", 177, -19, 181, -16), ("Russia", 60, 55, 130, 70)],
)
def test_a_name_stands_in_the_largest_part_of_its_country(
    name: str, west: float, south: float, east: float, north: float
) -> None:
    ((_, size, longitude, latitude),) = [each for each in middles() if each[0] == name]
    assert west < longitude < east
    assert south < latitude < north
    assert size > 0


@pytest.mark.parametrize("z", [0, 1, 3, 7])
@pytest.mark.parametrize(
    ("longitude", "latitude", "land"),
    [
        (-3.0, 17.0, True),  # Mali
        (-30.0, 0.0, False),  # the Atlantic
        (28.2, -29.6, True),  # Lesotho, a hole in South Africa
        (-175.0, 67.0, True),  # Chukotka, over the date line
        (175.0, 67.5, True),
        (0.0, -80.0, True),  # Antarctica, around the pole
        (-160.0, 20.0, False),
    ],
)
def test_a_tile_has_land_where_there_is_land(z: int, longitude: float, latitude: float, land: bool) -> None:
    assert is_land(longitude, latitude, z) is land


def test_tiles_show_a_little_of_their_neighbours_and_no_more() -> None:
    for each in layers(3, 4, 3)["land"]:
        west, south, east, north = shape(each["geometry"]).bounds
        assert min(west, south) >= -EDGE
        assert max(east, north) <= EXTENT + EDGE


def test_each_name_is_in_one_tile_of_a_zoom() -> None:
    found = [
        each["properties"]["name"]  # type: ignore[index]
        for x in range(4)
        for y in range(4)
        for each in layers(2, x, y).get("names", [])
    ]
    assert sorted(found) == sorted(name for name, _, _, _ in middles())
