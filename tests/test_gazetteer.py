"""The gazetteer: names, points, units, and what happens when it is missing."""

from __future__ import annotations

import lzma
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import DataError, UsageError
from tocsin.locate import gazetteer as module
from tocsin.locate import own, tables
from tocsin.locate.distance import kilometres, moved
from tocsin.locate.gazetteer import Gazetteer
from tocsin.locate.keys import key, sound, spellings
from tocsin.model import Place


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Sévaré", "sevare"),
        ("SAINT-LOUIS", "saint louis"),
        ("N’Djamena", "n djamena"),
        ("Łódź", "lodz"),
        ("Xızı", "xizi"),
    ],
)
def test_a_key_ignores_case_accents_and_signs(written: str, expected: str) -> None:
    assert key(written) == expected


@given(st.text(max_size=30))
def test_a_key_of_a_key_is_itself(name: str) -> None:
    assert key(key(name)) == key(name)


def test_an_apostrophe_may_be_left_out() -> None:
    assert spellings("N'Djamena") == {"n djamena", "ndjamena"}


@pytest.mark.parametrize(("one", "other"), [("Djowhar", "Jowhar"), ("Tarhouna", "Tarhuna"), ("Koupiansk", "Kupyansk")])
def test_spellings_of_one_sound_agree(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("name", "iso3", "admin1", "lat", "lon"),
    [
        ("Kati", "MLI", "Koulikoro", 12.75, -8.07),
        ("Tombouctou", "MLI", "Tombouctou", 16.77, -3.0),
        ("Sévaré", "MLI", "Mopti", 14.53, -4.09),
        ("Barsalogho", "BFA", "Centre-Nord", 13.42, -1.06),
        ("Goma", "COD", "Nord-Kivu", -1.67, 29.22),
        ("Bamenda", "CMR", "Nord-Ouest", 5.96, 10.16),
        ("Avdiivka", "UKR", "Donetsk", 48.14, 37.74),
        ("Jenin", "PSE", "West Bank", 32.46, 35.3),
        ("Deir ez-Zor", "SYR", "Deir ez Zor", 35.33, 40.14),
        ("Erbil", "IRQ", "Erbil", 36.19, 44.01),
        ("Peshawar", "PAK", "Khyber Pakhtunkhwa", 34.0, 71.57),
    ],
)
def test_towns_have_the_units_that_conflict_data_use(
    gazetteer: Gazetteer, name: str, iso3: str, admin1: str, lat: float, lon: float
) -> None:
    towns = [p for p in gazetteer.in_country(name, iso3) if p.kind == "place"]
    assert towns[0].admin1 == admin1
    assert kilometres(towns[0].latitude, towns[0].longitude, lat, lon) < 15


def test_names_are_found_most_populous_first(gazetteer: Gazetteer) -> None:
    towns = [p for p in gazetteer.named("Tripoli") if p.kind == "place"]
    assert [p.country for p in towns[:2]] == ["LBY", "LBN"]


def test_unknown_names_give_nothing(gazetteer: Gazetteer) -> None:
    assert gazetteer.named("Qwxzyville") == ()
    assert gazetteer.admin1_of("MLI", "Borno") is None


def test_units_have_seats_and_countries_capitals(gazetteer: Gazetteer) -> None:
    seat, capital = gazetteer.seat("NGA", "Borno"), gazetteer.capital("MLI")
    assert seat is not None
    assert seat.name == "Maiduguri"
    assert capital is not None
    assert capital.name == "Bamako"
    assert gazetteer.seat("NGA", "Atlantis") is None


def test_the_nearest_town_stays_in_its_country(gazetteer: Gazetteer) -> None:
    brazzaville, kinshasa = gazetteer.nearest(-4.3, 15.28), gazetteer.nearest(-4.3, 15.28, "COG")
    assert brazzaville is not None
    assert kinshasa is not None
    assert kinshasa.country == "COG"
    assert gazetteer.nearest(-48.0, -123.0) is None


def test_a_point_gets_its_units(gazetteer: Gazetteer) -> None:
    assert gazetteer.admin_for_point(11.85, 13.16, "NGA")[0] == "Borno"


def test_other_processes_open_the_file_themselves(gazetteer: Gazetteer) -> None:
    again = pickle.loads(pickle.dumps(gazetteer))
    assert again.named("Gao") == gazetteer.named("Gao")


def test_a_missing_file_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"tocsin\.locate\.build"):
        Gazetteer.open(tmp_path / "none.sqlite")


def test_a_source_checkout_unpacks_on_first_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "packed.xz"
    packed.write_bytes(lzma.compress(b"a database"))
    monkeypatch.setattr(module, "PACKED", packed)
    monkeypatch.setattr(module, "SHIPPED", tmp_path / "out.sqlite")
    assert module.shipped().read_bytes() == b"a database"
    assert [p.name for p in tmp_path.iterdir() if p.suffix not in (".xz", ".sqlite")] == []


@given(st.floats(-70, 70), st.floats(-179, 179), st.floats(0.1, 300), st.floats(0, 359))
def test_a_moved_point_is_as_far_as_asked(lat: float, lon: float, km: float, bearing: float) -> None:
    assert kilometres(lat, lon, *moved(lat, lon, km, bearing)) == pytest.approx(km, rel=0.01, abs=0.01)


def test_our_tables_are_right() -> None:
    assert len(tables.extras()) > 300
    assert len(tables.regions()) > 100
    assert all(r.radius_km > 0 for r in tables.regions())


def test_a_wrong_row_is_named_by_its_line(tmp_path: Path) -> None:
    wrong = tmp_path / "regions.csv"
    wrong.write_text("name,aliases,kind,countries,lat,lon,radius_km\nSahel,,region,MLI,95,0,10\n")
    with pytest.raises(DataError, match=r"regions\.csv:2: found 95"):
        tables.regions(wrong)


def test_an_own_place_counts_without_a_new_build(gazetteer: Gazetteer) -> None:
    assert [(p.country, p.admin1) for p in gazetteer.named("Makuwana")] == [("NGA", "Sokoto")]
    assert any(p.country == "NER" for p in gazetteer.sounding("Dolbell"))


def test_a_place_that_both_have_stays_the_gazetteers() -> None:
    known = Place("Kati", "place", 12.74, -8.07, 3.0, "MLI", "Koulikoro", geonameid=1)
    taken = Place("Kati", "place", 12.80, -8.07, 3.0, "MLI", "Koulikoro")
    near, abroad = replace(taken, latitude=12.75), replace(taken, country="GIN")
    assert own.joined([known, taken], (near, abroad)) == (known, abroad)


def test_a_unit_without_towns_stands_at_our_place_of_its_name(gazetteer: Gazetteer) -> None:
    own_places = {p for places in own.by_name().values() for p in places}
    units = [u for p in own_places for u in gazetteer.named(p.name) if u.kind == "admin2" and own.seat_for(u) == p]
    seated = [u for u in units if gazetteer.seat_of(u) == own.seat_for(u)]
    assert seated
    assert all(
        kilometres(u.latitude, u.longitude, s.latitude, s.longitude) < 1 for u in seated for s in [own.seat_for(u)] if s
    )
