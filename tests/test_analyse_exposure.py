"""People near events: few towns, few events, each sum by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.analyse.draws import NO_DRAWS, Draws
from tocsin.analyse.events import Events, events_of, read_events
from tocsin.analyse.exposure import best_km, exposure, reach
from tocsin.analyse.figure import picture
from tocsin.analyse.methods import people
from tocsin.analyse.methods.people import Towns, spread
from tocsin.errors import DataError, UsageError

NIGERIA = Path(__file__).parents[2] / "shared/data/ucdp-ged-events/ged201_nigeria.csv.gz"
KM = 1 / 111.19  # degrees of latitude, and of longitude at the equator
PLACES = (("Small", 0.0, 4000), ("Middling", 20.0, 5000), ("Far", 60.0, 3000))  # km east on the equator, people


def event(east: float, kind: str = "Battles", **facts: Any) -> dict[str, Any]:
    """An event so many km east."""
    return {"event_date": "2022-01-01", "latitude": 0.0, "longitude": east * KM, "geo_precision": 1, "country": "Gabon",
            "event_type": kind, "fatalities": 0, **facts}  # fmt: skip


def told(*rows: dict[str, Any]) -> Events:
    return events_of([{"event_id_cnty": f"{at:04}", **row} for at, row in enumerate(rows)])


@pytest.fixture
def towns(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float, int]]:
    """The three towns alone, in Gabon; each is one point, for none has 5,000 people and a bit."""
    held = list(PLACES)

    def known(left_out: tuple[str, ...] = ()) -> Towns:
        east, count = (np.array([place[at] for place in held], float) for at in (1, 2))
        return Towns(np.zeros(len(held)), east * KM, count, np.array(["GAB"] * len(held)))

    monkeypatch.setattr(people, "towns", known)
    return held


def numbers(events: Events, **options: Any) -> dict[str, list[int]]:
    """People by group within 1, 2, 5 km and the radius of the type."""
    table = exposure(events, NO_DRAWS, **options).table
    by = options.get("by")
    keys = table[by].unique(maintain_order=True).to_list() if by else ["all"]
    return {key: (table.filter(table[by] == key) if by else table)["people"].to_list() for key in keys}


@pytest.mark.parametrize(("rows", "expected"), [
    ([event(0.5)], [4000, 4000, 4000, 4000]),
    ([event(1.5)], [0, 4000, 4000, 4000]),
    ([event(3.0)], [0, 0, 4000, 4000]),
    ([event(6.0)], [0, 0, 0, 0]),
    ([event(3.0, "Protests")], [0, 0, 4000, 0]),
    ([event(1.5, "Riots")], [0, 4000, 4000, 4000]),
    ([event(3.0, "Riots")], [0, 0, 4000, 0]),
    ([event(3.0, "Explosions/Remote violence")], [0, 0, 4000, 4000]),
    ([event(0.5), event(-0.5), event(0.9, "Protests")], [4000, 4000, 4000, 4000]),  # nobody twice
    ([event(0.5), event(21.5)], [4000, 9000, 9000, 9000]),
    ([event(3.0, "Protests"), event(-4.0)], [0, 0, 4000, 4000]),  # the battle reaches them, the protest does not
])  # fmt: skip
def test_sums(towns: list[Any], rows: list[dict[str, Any]], expected: list[int]) -> None:
    assert numbers(told(*rows))["all"] == expected


def test_a_person_is_counted_once_in_each_row(towns: list[Any]) -> None:
    """Two provinces near one town: it is in the row of each, and once in that of all."""
    rows = [event(0.5, admin1="West"), event(-0.5, admin1="East"), event(20.5, admin1="East")]
    assert numbers(told(*rows), by="admin1") == {"all": [9000] * 4, "East": [9000] * 4, "West": [4000] * 4}


def test_the_share_is_of_all_towns_of_the_country(towns: list[Any]) -> None:
    """9,000 of 12,000 people; an event elsewhere has the towns of its own country."""
    found = exposure(told(event(0.5), event(20.5)), NO_DRAWS)
    assert found.table["share"].to_list() == [0.75] * 4
    assert found.sentence == ("9,000 people live within 5 km of 2 events (75 % of the people of all known towns "
                              "there); 9,000 within the radius that suits each type.")  # fmt: skip
    abroad = exposure(told(event(0.5, country="Mali")), NO_DRAWS)
    assert abroad.table["people"].to_list() == [4000] * 4
    assert abroad.table["share"].to_list() == [None] * 4


def test_only_exact_places_unless_asked(towns: list[Any]) -> None:
    rows = told(event(0.5), event(20.5, geo_precision=2), event(60.5, geo_precision=3), event(60.5, geo_precision=None))
    assert numbers(rows)["all"] == [4000] * 4
    assert numbers(rows, precision=2)["all"] == [9000] * 4
    assert exposure(rows, NO_DRAWS).notes[0] == "3 events are left out: their place is not known well enough."


def test_draws_move_events_within_a_town(towns: list[Any]) -> None:
    """Half a km off, give or take 5 km: within 1 km may be nobody, within 5 km may be the town; the same each time."""
    one, two = (exposure(told(event(0.5)), Draws(60, 2)).table for _ in range(2))
    assert one.equals(two)
    assert one["people_low"].to_list()[0] == 0
    assert one["people_high"].to_list() == [4000] * 4


@given(st.lists(st.floats(-8, 70), min_size=1, max_size=12))
@settings(max_examples=30, deadline=None)
def test_more_events_never_reach_fewer(places: list[float]) -> None:
    """Nor does a longer radius; and nobody is there twice."""
    with pytest.MonkeyPatch.context() as patch:
        east, count = (np.array([place[at] for place in PLACES], float) for at in (1, 2))
        held = Towns(np.zeros(3), east * KM, count, np.array(["GAB"] * 3))
        patch.setattr(people, "towns", lambda left_out=(): held)
        before = [0] * 4
        for end in range(1, len(places) + 1):
            now = numbers(told(*(event(place) for place in places[:end])))["all"]
            assert all(a <= b <= 12_000 for a, b in zip(before, now, strict=True))
            assert now[0] <= now[1] <= now[2] == now[3]
            before = now


def test_a_city_is_not_one_point() -> None:
    """500,000 people at 5,000 a km²: 100 points over a circle of 5.64 km. Of the spiral's points √((i + 1/2) / 100) of
    that away, 3 are within 1 km, 13 within 2, 79 within 5."""
    city = Towns(np.array([0.0]), np.array([20.0]), np.array([500_000.0]), np.array(["GAB"]))
    latitudes, longitudes, counts, town = spread(city, 5000.0)
    away = np.hypot(latitudes, longitudes - 20.0) / KM
    assert [int(counts[away <= km].sum()) for km in (1, 2, 5, 6)] == [15_000, 65_000, 395_000, 500_000]
    assert set(town) == {0}


def test_the_towns_of_the_gazetteer() -> None:
    """Mali has some; quarters of a town are not counted beside it."""
    every, held = people.towns(), people.towns(reach().left_out)
    assert (held.people > 0).all()
    assert every.people[every.countries == "MLI"].sum() > 5_000_000
    assert every.people.sum() - held.people.sum() > 50_000_000


def test_types_have_a_radius() -> None:
    kinds = ["Battles", "Violence against civilians", "Protests", None]
    assert best_km(told(*(event(0, kind) for kind in kinds))).tolist() == [5.0, 2.0, 1.0, 1.0]


@pytest.mark.parametrize(("before", "after", "said"), [
    ('"Riots"]', "]", "'Riots' 0 times"),
    ('"Protests"', '"Protests", "Riots"', "'Riots' 2 times"),
    ('"Protests"', '"Protests", "Quarrels"', "'Quarrels'"),
    ("5000.0", "0.0", "more than 0"),
    ("5000.0", '"many"', "people_per_km2"),
])  # fmt: skip
def test_a_wrong_file_says_so(tmp_path: Path, before: str, after: str, said: str) -> None:
    from tocsin.analyse.exposure import PATH

    path = tmp_path / "exposure.toml"
    path.write_text(PATH.read_text(encoding="utf-8").replace(before, after))
    with pytest.raises(DataError, match=said):
        reach(path)


def test_what_cannot_be_asked(towns: list[Any], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected at least 1"):
        exposure(told(event(0, geo_precision=2)), NO_DRAWS)
    with pytest.raises(UsageError, match="--by colour"):
        exposure(told(event(0)), NO_DRAWS, by="colour")


# -- raster ----------------------------------------------------------------------------------------------------------


def test_without_rasterio_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "rasterio", None)
    with pytest.raises(UsageError, match="pip install rasterio"):
        exposure(told(event(0)), NO_DRAWS, raster=tmp_path / "people.tif")


def raster(path: Path, crs: str = "EPSG:4326") -> Path:
    """Ten cells of a km in a row along the equator, from 0 km east: 100, 200 ... people; one without data."""
    rasterio = pytest.importorskip("rasterio", reason="rasterio is not installed")
    values = np.array([[100, 200, 300, 400, 500, 600, 700, 800, 900, -99999]], np.float32)
    place = rasterio.Affine(KM, 0.0, 0.0, 0.0, -KM, KM / 2)
    with rasterio.open(path, "w", driver="GTiff", height=1, width=10, count=1, dtype="float32", crs=crs,
                       transform=place, nodata=-99999) as out:  # fmt: skip
        out.write(values, 1)
    return path


def test_a_raster_by_hand(tmp_path: Path) -> None:
    """Centres lie 0.5, 1.5 ... km east. Of 2, 1.5 and 2.5 are within 1 km, 0.5 to 3.5 within 2, up to 6.5 within 5."""
    path = raster(tmp_path / "people.tif")
    table = exposure(told(event(2.0)), NO_DRAWS, raster=path).table
    assert table["people"].to_list() == [500, 1000, 2800, 2800]
    assert table["share"].to_list() == pytest.approx([500 / 4500, 1000 / 4500, 2800 / 4500, 2800 / 4500])


def test_a_raster_that_is_none(tmp_path: Path) -> None:
    pytest.importorskip("rasterio", reason="rasterio is not installed")
    with pytest.raises(UsageError, match="no such raster"):
        exposure(told(event(0)), NO_DRAWS, raster=tmp_path / "no.tif")
    (tmp_path / "text.tif").write_text("not a raster")
    with pytest.raises(UsageError, match="cannot be read"):
        exposure(told(event(0)), NO_DRAWS, raster=tmp_path / "text.tif")
    with pytest.raises(UsageError, match="expected degrees"):
        exposure(told(event(0)), NO_DRAWS, raster=raster(tmp_path / "metres.tif", "EPSG:3857"))


@pytest.mark.skipif(not NIGERIA.exists(), reason="the UCDP events are not here")
def test_people_near_events_in_nigeria() -> None:
    found = exposure(read_events(NIGERIA, columns=("country", "event_type"), kind="ucdp-ged"), NO_DRAWS)
    one, two, five, best = found.table["people"]
    assert 1_000_000 < one < two < best <= five < 60_000_000
    assert picture(found, "png").startswith(b"\x89PNG")
