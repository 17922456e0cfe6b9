"""How near events come to a place: distances, records and directions worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.analyse.answer import Answer
from tocsin.analyse.approach import COLUMNS, approach
from tocsin.analyse.draws import NO_DRAWS, Draws
from tocsin.analyse.events import Events, events_of, read_events
from tocsin.analyse.figure import picture
from tocsin.analyse.methods import drift
from tocsin.analyse.methods.capitals import aims, moved
from tocsin.errors import DataError, UsageError
from tocsin.locate.distance import DEGREE_KM

UCDP = Path(__file__).parents[2] / "shared/data/ucdp-ged-events"
MIDDLE = "0,0"


def at(km: float, turn: float = 0.0, day: int = 0, **facts: Any) -> dict[str, Any]:
    """An event so far from 0, 0, in a direction (degrees from north), on a day from 2020-01-01."""
    facts = {"country": "Mali", "geo_precision": 1, "time_precision": 1, **facts}
    north, east = (km / DEGREE_KM * each(np.radians(turn)) for each in (np.cos, np.sin))
    return {"event_id_cnty": f"{day:05}-{km:g}-{turn:g}", "event_date": str(date(2020, 1, 1) + timedelta(day)),
            "latitude": float(north), "longitude": float(east), **facts}  # fmt: skip


def ask(rows: list[dict[str, Any]], draws: Draws = NO_DRAWS, **options: Any) -> Answer:
    return approach(events_of(rows), draws, **{"place": MIDDLE, **options})


def kms(found: Answer) -> list[int]:
    return [round(each) for each in found.tables["records"]["km"]]


def test_records_are_the_events_nearer_than_all_before() -> None:
    """90 is the first, 120 and 90 again are none, 40 and 39 are; the nearest of a day alone counts."""
    found = ask([at(90), at(120, day=5), at(90, 90, day=6), at(50, day=9), at(40, day=9), at(39, day=40)])
    assert kms(found) == [90, 40, 39]
    assert found.tables["records"]["certain"].to_list() == [True, True, False]  # 39 + 5 km may be farther than 40 - 5
    assert found.table["record_km"].round(0).to_list() == [40, 39]
    assert found.sentence.startswith("The nearest event to 0, 0 so far was 39 km away, on 2020-02-10;")
    assert found.events == ("00040-39-0",)


def test_an_event_known_by_its_region_sets_no_record() -> None:
    """It may have been anywhere within 150 km; it stands in a ring of its own, in draws too."""
    rows = [at(90), at(0, day=3, geo_precision=3), at(10, day=4, place_radius_km=50.0, geo_precision=2)]
    for draws in (NO_DRAWS, Draws(30)):
        found = ask(rows, draws)
        assert kms(found) == [90]
        assert found.tables["rings"].filter(ring="region only")["events"].to_list() == [2]
        assert "2 of 3 events are known only by a district or region" in found.notes[0]
    assert found.table["record_km_low"][0] >= 85


def test_the_chance_of_a_record_and_the_interval_of_the_nearest() -> None:
    """80 then 30 is certain; 29 after 30 comes nearer in about half of the draws."""
    found = ask([at(80), at(30, day=1), at(29, 180, day=2)], Draws(200))
    first, second, third = found.tables["records"]["chance"]
    assert first == second == 1.0
    assert 0.4 < third < 0.7
    end = found.table.row(-1, named=True)
    assert 24 <= end["record_km_low"] < 27 < end["record_km"] <= end["record_km_high"] < 32


def test_rings_hold_their_outer_edge() -> None:
    found = ask([at(0), at(24), at(26), at(99), at(101), at(199), at(201, day=400)])
    rings = found.tables["rings"]
    assert rings.filter(year=2020)["events"].to_list() == [2, 1, 1, 2, 0]
    assert rings.filter(year=2021)["events"].to_list() == [0, 0, 0, 0, 1]


def test_the_quantile_within_which_one_in_twenty_lies() -> None:
    """Of 1, 2, ... 21 km: place 0.05 x 20 = 1, so 2 km; of fewer than 20 events none."""
    found = ask([at(km) for km in range(1, 22)])
    assert found.table["near_km"].to_list() == [pytest.approx(2, abs=0.01)]
    assert ask([at(km) for km in range(1, 20)]).table["near_km"].to_list() == [None]


def test_the_running_quantile_forgets() -> None:
    """20 events at 10 km in January, 20 at 60 km in March: with a window of 2 months March knows only the latter."""
    rows = [at(10, turn) for turn in range(20)] + [at(60, turn, day=70) for turn in range(20)]
    assert [round(each) for each in ask(rows, months=2).table["near_km"]] == [10, 10, 60]


def test_the_share_of_the_circle() -> None:
    """9 of 36 directions; what is farther than the radius, or in the place itself, has none."""
    rows = [at(50, turn) for turn in range(5, 95, 10)] + [at(150, turn) for turn in range(100, 350, 10)] + [at(0.2)]
    assert ask(rows).table["circle"].to_list() == [0.25]
    assert "stood in 25 % of the directions around it" in ask(rows).sentence
    assert ask(rows[:4]).table["circle"].to_list() == [None]  # fewer than 5 events


def test_the_trend_of_the_middle_event() -> None:
    """Every month 5 km nearer: 60 km a year."""
    rows = [at(400 - 5 * month + shift, day=round(month * 365.25 / 12)) for month in range(36) for shift in (-9, 0, 9)]
    found = ask(rows, Draws(40))
    (trend,) = found.tables["trend"].to_dicts()
    assert trend["km_per_year"] == pytest.approx(-60, rel=0.02)
    assert -70 < trend["km_per_year_low"] < -60 < trend["km_per_year_high"] < -50
    assert "over 5 years the middle event came nearer by 60 km (90 % interval " in found.sentence
    assert "over 5 years too few events for a trend" in ask(rows[:30]).sentence


def test_months_taken_by_chance_stay_whole() -> None:
    month = np.array([0, 1, 1, 2, 2, 2])
    taken = month[drift.resampled(month, np.random.default_rng(1))]
    assert all((taken == each).sum() % size == 0 for each, size in ((0, 1), (1, 2), (2, 3)))


def test_actors_of_either_side_count_once() -> None:
    rows = [at(50, 10 * turn + 5, actor1="Reds", actor2="Blues" if turn < 5 else "Reds") for turn in range(8)]
    actors = ask([*rows, at(5, actor1="Greens")]).tables["actors"]
    assert actors.select("actor", "events", "within").rows() == [("Reds", 8, 8), ("Blues", 5, 5)]
    assert [round(each, 3) for each in actors["circle"]] == [round(8 / 36, 3), round(5 / 36, 3)]


# -- places ----------------------------------------------------------------------------------------------------------


def in_country(name: str, *days: str) -> Events:
    return events_of([at(0, country=name, latitude=9.0, longitude=7.0, event_date=day, event_id_cnty=day)
                      for day in days])  # fmt: skip


def test_the_capital_of_the_time() -> None:
    events = in_country("Nigeria", "1991-12-11", "1991-12-12")
    found = approach(events, NO_DRAWS)
    assert found.tables["records"]["place"].to_list() == ["Lagos", "Abuja"]
    assert [round(each / 10) for each in found.tables["records"]["km"]] == [49, 5]
    assert found.sentence.startswith("The nearest event to Abuja so far was 5")
    assert found.notes[0].startswith("The capital was Lagos until 1991-12-12, then Abuja; each event is")
    assert [each.name for each in aims(in_country("Mali", "2020-01-01"), None)] == ["Bamako"]


@pytest.mark.parametrize(
    ("country", "day", "capital"),
    [("Myanmar", "2005-11-05", "Yangon"), ("Burundi", "2020-01-01", "Gitega"), ("Kazakhstan", "1996-01-01", "Almaty"),
     ("Ivory Coast", "2001-01-01", "Yamoussoukro"), ("Tanzania", "2001-01-01", "Dodoma")],
)  # fmt: skip
def test_capitals_that_moved(country: str, day: str, capital: str) -> None:
    assert approach(in_country(country, day), NO_DRAWS).table["place"].to_list()[-1] == capital


def test_a_place_by_name_lies_in_the_country_of_the_events() -> None:
    (found,) = aims(in_country("Ivory Coast", "2020-01-01"), "Kati")
    assert (round(found.latitude), round(found.longitude)) != (13, -8)
    (found,) = aims(in_country("Mali", "2020-01-01"), "kati")
    assert (round(found.latitude, 1), round(found.longitude, 1)) == (12.7, -8.1)
    assert "other places of the name 'kati'" in found.note


@pytest.mark.parametrize(
    ("text", "said"),
    [("iso3,capital,latitude,longitude,radius_km,since,source\nNGA,Abuja,nine,7,12,,law\n", ":2: found could not"),
     ("iso3,capital,latitude,longitude,radius_km,since,source\nNGA,Abuja,9,7,12,1991-12-12,law\n", "(first: none)"),
     ("iso3,capital,latitude,longitude,radius_km,since,source\nNGA,Abuja,9,7,12,,\n", "no source")],
)  # fmt: skip
def test_a_bad_line_of_capitals_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "capitals.csv").write_text(text)
    with pytest.raises(DataError) as found:
        moved(tmp_path / "capitals.csv")
    assert said in str(found.value)


# -- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [([at(9)], {"place": "Nowhereville"}, "no place of that name"), ([at(9)], {"place": "91,0"}, "latitude -90 to 90"),
     ([at(9)], {"place": ""}, "no place of that name"), ([at(9)], {"radius_km": 0.0}, "--radius-km 0"),
     ([at(9)], {"radius_km": float("nan")}, "--radius-km nan"), ([at(9)], {"months": 0}, "--months 0"),
     ([at(9), at(8, country="Niger")], {"place": None}, "expected one country"), ([], {}, "found 0 events with a date"),
     ([at(9, country="Palestine")], {"place": None}, "give --place"),
     ([at(9, country=None)], {"place": None}, "no country"),
     ([at(9, latitude=None, longitude=None)], {}, "found 0 events with a date and a point"),
     ([at(9, event_date=None)], {}, "found 0 events with a date"), ([at(9, geo_precision=3)], {}, "within 25 km")],
)  # fmt: skip
def test_what_cannot_be_answered_is_said(rows: list[dict[str, Any]], options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as found:
        ask(rows, **options)
    assert said in str(found.value)


def test_one_event_is_answered_and_drawn() -> None:
    found = ask([at(30)], Draws(5))
    assert "too few for a 5 % quantile" in found.sentence
    assert picture(found, "png").startswith(b"\x89PNG")


def test_the_record_is_of_the_last_capital() -> None:
    events = in_country("Nigeria", "1991-10-11", "1992-02-12")
    said = "The nearest event to Abuja since it became the capital on 1991-12-12 was 55 km away, on 1992-02-12;"
    assert approach(events, NO_DRAWS).sentence.startswith(said)


def test_no_event_since_the_capital_moved() -> None:
    events = in_country("Burundi", "2018-01-01")
    assert approach(events, NO_DRAWS).table["place"].to_list() == ["Bujumbura"]


# -- properties ------------------------------------------------------------------------------------------------------

EVENTS = st.lists(st.builds(at, st.integers(0, 400), st.integers(0, 359), st.integers(0, 500)), min_size=1, max_size=40,
                  unique_by=lambda row: row["event_id_cnty"])  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(EVENTS, st.randoms(use_true_random=False))
def test_order_never_matters_and_records_only_fall(rows: list[dict[str, Any]], chance: Any) -> None:
    found = ask(rows)
    mixed = list(rows)
    chance.shuffle(mixed)
    again = ask(mixed)
    assert found.table.equals(again.table)
    assert found.sentence == again.sentence
    km = found.tables["records"]["km"].to_list()
    assert km == sorted(km, reverse=True)
    assert len(set(km)) == len(km)
    assert found.table["record_km"].to_list() == sorted(found.table["record_km"].to_list(), reverse=True)
    assert (found.table["nearest_km"].drop_nulls() >= found.table["record_km"][-1]).all()


@settings(max_examples=25, deadline=None)
@given(EVENTS, st.integers(-170, 170))
def test_turning_the_globe_changes_nothing(rows: list[dict[str, Any]], turn: int) -> None:
    """Events and place moved by the same degrees of longitude; 0 among them, and over the date line."""
    there = [{**row, "longitude": (row["longitude"] + turn + 180) % 360 - 180} for row in rows]
    first, second = ask(rows), ask(there, place=f"0,{turn}")
    assert first.table["record_km"].to_list() == pytest.approx(second.table["record_km"].to_list(), abs=1e-6)
    assert first.tables["records"]["id"].to_list() == second.tables["records"]["id"].to_list()


# -- real events -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "capital", "nearest", "since"),
    [("ged201_nigeria", "Abuja", 12, "2011-06-16"), ("ged231_central_african_republic", "Bangui", 6, "1991-08-08"),
     ("ged221_ukraine", "Kyiv", 12, "2014-01-22"), ("ged241_myanmar", "Naypyidaw", 6, "2011-05-18")],
)  # fmt: skip
def test_capitals_in_real_events(file: str, capital: str, nearest: float, since: str) -> None:
    """Violence has reached each capital itself: the record lies within its houses."""
    path = UCDP / f"{file}.csv.gz"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    found = approach(read_events(path, columns=COLUMNS, kind="ucdp-ged"), Draws(5))
    end = found.table.row(-1, named=True)
    assert end["place"] == capital
    assert end["record_km_low"] <= end["record_km"] <= min(nearest, end["record_km_high"])
    assert found.tables["records"]["event_date"].cast(str).to_list()[-1] == since
    assert found.tables["records"].filter(place=capital)["chance"][0] > 0.5
