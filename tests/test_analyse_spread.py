"""Where events spread: new areas, core areas, centres and ellipses worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.analyse.answer import Answer
from tocsin.analyse.draws import NO_DRAWS, Draws
from tocsin.analyse.events import events_of, read_events
from tocsin.analyse.figure import picture
from tocsin.analyse.methods.centre import centres, middle_of, on_globe, on_plane
from tocsin.analyse.methods.outward import Span, core, outward
from tocsin.analyse.spread import COLUMNS, spread
from tocsin.errors import UsageError
from tocsin.store import Filter

UCDP = Path(__file__).parents[2] / "shared/data/ucdp-ged-events"
BASE = date(2020, 12, 31)


def event(day: int, unit: str | None, north: float = 14.0, east: float = -3.0, **facts: Any) -> dict[str, Any]:
    """An event on a day from 2020-01-01."""
    return {"event_id_cnty": f"{day:05}-{unit}-{north}-{east}", "event_date": str(date(2020, 1, 1) + timedelta(day)),
            "country": "Mali", "admin1": "Mopti", "admin2": unit, "latitude": north, "longitude": east,
            "geo_precision": 1, "time_precision": 1, **facts}  # fmt: skip


def ask(rows: list[dict[str, Any]], draws: Draws = NO_DRAWS, **options: Any) -> Answer:
    return spread(events_of(rows), draws, **{"base_until": BASE, **options})


def many(number: int, first: int, unit: str, **facts: Any) -> list[dict[str, Any]]:
    return [event(first + at, unit, **facts) for at in range(number)]


TWO_YEARS = [*many(8, 0, "Bankass"), *many(2, 40, "Douentza"), *many(3, 400, "Bankass"), *many(1, 420, "Douentza"),
             *many(4, 430, "Koro"), *many(2, 520, "Mopti")]  # fmt: skip


def test_new_areas_core_and_the_share_outside() -> None:
    """8 of 10 events until 2020 in Bankass: the core. Of the 10 since 1 + 4 + 2 lie outside; Koro, Mopti are new."""
    found = ask(TWO_YEARS)
    assert found.tables["core"].select("area", "events").rows() == [("Bankass, Mopti, Mali", 8)]
    assert found.sentence == (
        "Since 2020-12-31 events have reached 2 second-order units that had none before; 70 % of the events since then "
        "lie outside the core area, which held 80 % before (1 second-order unit); their centre in 2021 is that of 2020."
    )
    rows = found.table.filter(found.table["new"] > 0).select("month", "new", "areas").rows()
    assert rows == [
        (date(2020, 1, 1), 1, 1),
        (date(2020, 2, 1), 1, 2),
        (date(2021, 3, 1), 1, 3),
        (date(2021, 6, 1), 1, 4),
    ]
    assert found.tables["new"].filter(found.tables["new"]["since_base"])["area"].to_list() == [
        "Koro, Mopti, Mali", "Mopti, Mopti, Mali"]  # fmt: skip
    assert found.events == ("00430-Koro-14.0--3.0", "00520-Mopti-14.0--3.0")


def test_a_month_with_few_events_has_no_share() -> None:
    """February 2021 has 3 events and the one in Douentza; March has 4, June 2: none has 5."""
    assert ask(TWO_YEARS).table["outside"].drop_nulls().to_list() == []
    more = [*TWO_YEARS, *many(6, 430, "Koro", north=14.1), *many(2, 431, "Bankass", north=14.2)]
    assert ask(more).table["outside"].drop_nulls().to_list() == [pytest.approx(10 / 12)]


def test_too_few_to_tell_the_share() -> None:
    found = ask([*many(4, 0, "Bankass"), *many(9, 400, "Koro")])
    assert "reached 1 second-order unit " in found.sentence
    assert "too few events to tell the share" in found.sentence


@pytest.mark.parametrize(
    ("share", "held"), [(0.5, [7]), (0.7, [7, 2]), (0.8, [7, 2]), (0.81, [7, 2, 9]), (1.0, [7, 2, 9])]
)
def test_the_core_is_the_smallest_set_that_holds_the_share(share: float, held: list[int]) -> None:
    """5 events in area 7, 3 in area 2, 2 in area 9."""
    assert core(np.array([7, 2, 7, 9, 7, 2, 7, 9, 7, 2]), share).tolist() == held


def test_actors_are_measured_against_their_own_core() -> None:
    """The Reds stay in Bankass, the Blues leave it."""
    rows = [event(day, "Bankass", actor1="Reds", actor2="Blues") for day in range(6)]
    rows += [event(400 + day, "Bankass", actor1="Reds") for day in range(6)]
    rows += [event(400 + day, "Koro", actor1="Blues") for day in range(6)]
    actors = ask(rows).tables["actors"]
    assert actors.rows() == [("Blues", 6, 6, 1, 1.0), ("Reds", 6, 6, 0, 0.0)]


def test_units_of_one_name_in_two_regions_are_two() -> None:
    rows = [*many(5, 0, "Centre"), *many(5, 400, "Centre", admin1="Gao")]
    assert "reached 1 second-order unit " in ask(rows).sentence
    assert "reached 1 first-order unit " in ask(rows, unit="admin1").sentence


def test_cells_take_points_that_are_known_and_draws_move_them() -> None:
    """What is known by its region is in no cell."""
    rows = [*many(6, 0, "Bankass"), *many(6, 400, "Koro", east=0.0), event(450, "Gao", 17.0, 1.0, geo_precision=3)]
    found = ask(rows, Draws(20), unit="h3", resolution=3)
    assert "reached 1 cell (90 % interval 1 to" in found.sentence
    assert found.notes[0] == "1 of 13 events whose place is off by more than 25 km are in no area."
    assert len(found.tables["new"]["area"][0]) == 15


def test_the_base_period_left_out() -> None:
    """A year before the last day; of a short time its middle."""
    long = spread(events_of([*many(9, 0, "A"), *many(9, 1100, "B")]), NO_DRAWS)
    assert "Since 2022-01-13" in long.sentence
    assert "Since 2020-02-20" in spread(events_of([event(0, "A"), event(100, "B")]), NO_DRAWS).sentence


# -- centres ---------------------------------------------------------------------------------------------------------


def test_the_mean_centre_and_the_ellipse_of_pointpats_example() -> None:
    """The points of pointpats' own example, as km around 0, 0: half axes 50.13 and 37.95 km, 0.3466 from east."""
    plane = np.array([
        [66.22, 32.54], [22.52, 22.39], [31.01, 81.21], [9.47, 31.02], [30.78, 60.10], [75.21, 58.93], [79.26, 7.68],
        [8.23, 39.93], [98.73, 77.17], [89.78, 42.53], [65.19, 92.08]])  # fmt: skip
    points = np.array([on_globe(point, (0.0, 0.0)) for point in plane])
    (found,) = centres(np.full(11, 18300), points[:, 0], points[:, 1], (0.0, 0.0), (50, 50, "year"))
    assert on_plane(found[:1], found[1:2], (0.0, 0.0))[0] == pytest.approx(plane.mean(axis=0))
    assert found[3:5] == pytest.approx([50.13029, 37.95223], rel=1e-4)
    assert found[5] == pytest.approx(90 - np.degrees(0.3465582), abs=0.01)
    assert found[6] == pytest.approx(np.pi * 50.13029 * 37.95223, rel=1e-4)


@pytest.mark.parametrize("turn", [0, 30, 60, 90, 135, 170])
def test_the_direction_of_the_long_axis(turn: float) -> None:
    """Points along a line that runs `turn` degrees from north, a little beside it."""
    along, aside = np.linspace(-1, 1, 40), 0.02 * np.tile([1, -1, -1, 1], 10)
    way = np.radians(turn)
    north, east = (along * np.cos(way) - aside * np.sin(way)), (along * np.sin(way) + aside * np.cos(way))
    (found,) = centres(np.full(40, 18300), north, east, (0.0, 0.0), (50, 50, "year"))
    assert min(abs(found[5] - turn), 180 - abs(found[5] - turn)) < 1


def test_events_on_a_line_have_a_centre_and_no_ellipse() -> None:
    found = ask([*many(6, 0, "A"), *[event(400 + at, "A", 14.0 + at) for at in range(6)]])
    assert found.tables["centres"]["long_km"].to_list() == [None, None]
    assert found.tables["centres"]["moved_km"].to_list() == [0, pytest.approx(2.5 * 111.19, rel=1e-6)]
    assert "moved 278 km to the north from 2020 to 2021" in found.sentence


def test_the_date_line_is_no_border() -> None:
    middle = middle_of(np.zeros(2), np.array([179.0, -179.0]))
    assert abs(middle[1]) == pytest.approx(180)
    assert np.abs(on_plane(np.zeros(2), np.array([179.0, -179.0]), middle)).max() == pytest.approx(111.19, rel=1e-6)


# -- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [([], {}, "found 0 events with a date"), ([event(0, "A"), event(400, None)], {"core": 0.0}, "--core 0"),
     ([event(0, "A"), event(9, "A")], {}, "--base-until 2020-12-31: expected a day from 2020-01-01"),
     ([event(0, None), event(400, None)], {}, "has a known admin2"),
     ([event(0, "A"), event(400, "A")], {"resolution": 9}, "0 to 6"),
     ([event(0, "A", geo_precision=3), event(400, "A", geo_precision=3)], {"unit": "h3"}, "within 25 km; try --unit"),
     ([event(0, "A", latitude=None), event(400, "A", latitude=None)], {"unit": "h3"}, "within 25 km; try --unit")],
)  # fmt: skip
def test_what_cannot_be_answered_is_said(rows: list[dict[str, Any]], options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as found:
        ask(rows, **options)
    assert said in str(found.value)


def test_events_without_points_have_areas_and_no_centre() -> None:
    found = ask([{**row, "latitude": None, "longitude": None} for row in TWO_YEARS], Draws(3))
    assert "reached 2 " in found.sentence
    assert "centre" not in found.sentence
    assert picture(found, "png").startswith(b"\x89PNG")


def test_one_event_is_drawn() -> None:
    found = spread(events_of([event(0, "A")], wanted=Filter(until="2020-06-30")), Draws(3))
    assert "reached 0 second-order units" in found.sentence
    assert picture(found, "png").startswith(b"\x89PNG")


# -- properties ------------------------------------------------------------------------------------------------------

EVENTS = st.lists(st.tuples(st.integers(0, 700), st.sampled_from("ABCDEFG")), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(EVENTS, st.randoms(use_true_random=False), st.integers(0, 700))
def test_order_never_matters_and_each_area_is_new_once(pairs: list[tuple[int, str]], chance: Any, base: int) -> None:
    mixed = list(pairs)
    chance.shuffle(mixed)
    first, second = (
        outward(np.array([18262 + day for day, _ in each]), np.array([ord(area) for _, area in each]),
                Span(18262 + base, 600, 624, 0.8)) for each in (pairs, mixed)
    )  # fmt: skip
    assert first.new.sum() == len({area for _, area in pairs})
    assert first.reached == len({a for _, a in pairs} - {a for day, a in pairs if day <= base})
    for name in ("new", "outside", "reached", "share"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


# -- real events -----------------------------------------------------------------------------------------------------


def test_boko_haram_in_real_events() -> None:
    """The core until 2013 has Maiduguri first; the centre moves to the east, to Borno."""
    path = UCDP / "ged201_nigeria.csv.gz"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    events = read_events(path, Filter(actor="Jama'atu Ahlis"), COLUMNS, kind="ucdp-ged")
    found = spread(events, Draws(3), base_until=date(2013, 12, 31))
    assert found.tables["core"]["area"][0] == "Maiduguri, Borno, Nigeria"
    assert "to the east from 2009 to 2017" in found.sentence
