"""How severe conflict is: the four measures, the index of them, ranks and levels."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta
from math import log1p
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.analyse.draws import NO_DRAWS, Draws
from tocsin.analyse.events import Events, events_of, read_events
from tocsin.analyse.figure import picture
from tocsin.analyse.methods.cells import cells_of, counted, inhabited, middles_of
from tocsin.analyse.methods.measures import COLUMNS, measured, rules
from tocsin.analyse.severity import index, levels, ranks, severity
from tocsin.errors import DataError, UsageError
from tocsin.locate.distance import kilometres_from
from tocsin.store import Filter

LAST = date(2023, 12, 31)
UCDP = Path(__file__).parents[2] / "shared/data/ucdp-ged-events"
TARGETED = "Civilian targeting"


def row(day: date = date(2023, 6, 1), **more: Any) -> dict[str, Any]:
    """A clash in Mali."""
    return {
        "event_date": day, "time_precision": 1, "event_type": "Battles", "sub_event_type": "Armed clash",
        "country": "Mali", "latitude": 14.0, "longitude": -3.0, "geo_precision": 1, "fatalities": 0,
        "actor1": "Northern Front", "inter1": "Rebel group", "actor2": "Military Forces of Mali (2021-)",
        "inter2": "State forces", **more,
    }  # fmt: skip


def events_from(rows: Sequence[dict[str, Any]], **wanted: Any) -> Events:
    return events_of(rows, wanted=Filter(**{"since": "2022-01-01", "until": str(LAST), **wanted}))


def of(rows: Sequence[dict[str, Any]], country: str = "Mali") -> dict[str, Any]:
    table = severity(events_from(rows), NO_DRAWS).table
    return next(each for each in table.iter_rows(named=True) if each["country"] == country)


# -- the measures ----------------------------------------------------------------------------------------------------


def test_deadliness_is_the_dead_of_political_violence_in_the_year() -> None:
    rows = [
        row(fatalities=7),
        row(LAST, fatalities=1),
        row(LAST - timedelta(days=364), fatalities=2),
        row(LAST - timedelta(days=365), fatalities=100),  # a day too early
        row(sub_event_type="Excessive force against protesters", event_type="Protests", fatalities=4),
        row(sub_event_type="Peaceful protest", event_type="Protests", fatalities=50),
        row(sub_event_type="Violent demonstration", event_type="Riots", fatalities=50),  # no political violence
        row(fatalities=None),
        row(country="Niger", fatalities=1000),
    ]
    assert of(rows)["deadliness"] == 14


def test_danger_is_the_violent_events_that_target_civilians() -> None:
    rows = [
        row(civilian_targeting=TARGETED),
        row(civilian_targeting=TARGETED, sub_event_type="Attack", event_type="Violence against civilians"),
        row(civilian_targeting=TARGETED, sub_event_type="Other", event_type="Strategic developments"),
        *[row()] * 4,
    ]
    assert of(rows)["danger"] == 2


def test_diffusion_is_the_share_of_inhabited_cells_with_ten_events() -> None:
    """Two cells have ten events, one has nine; nine more are known to the region only."""
    there = [(14.0, -3.0, 10, 1), (15.0, -3.0, 14, 1), (16.0, -3.0, 9, 2), (16.0, -3.0, 9, 3)]
    rows = [row(latitude=a, longitude=b, geo_precision=c) for a, b, count, c in there for _ in range(count)]
    rows += [row(latitude=None, longitude=None)] * 20
    answer = severity(events_from(rows), NO_DRAWS)
    assert answer.table["diffusion"][0] == pytest.approx(100 * 2 / inhabited()["Mali"])
    assert any(note.startswith("29 events placed worse than 25 km") for note in answer.notes)


def test_fragmentation_counts_named_groups_that_are_no_states() -> None:
    rows = [
        row(),
        row(actor1="Southern Front", actor2="Northern Front", inter2="Rebel group"),
        row(actor1="Dan Na Ambassagou", inter1="Identity militia"),
        row(actor1="Unidentified Armed Group (Mali)", inter1="Political militia"),  # unnamed
        row(actor1="Unidentified Communal Militia (Mali)", inter1="Identity militia"),
        row(actor1="Rioters (Mali)", inter1="Rioters"),
        row(actor1="MINUSMA", inter1="External/Other forces"),
        row(actor1="Late Brigade", inter1="Political militia", sub_event_type="Other",
            event_type="Strategic developments"),  # no violence
        row(LAST - timedelta(days=400), actor1="Old Brigade", inter1="Rebel group"),
        row(country="Niger", actor1="Northern Front"),
    ]  # fmt: skip
    assert of(rows)["fragmentation"] == 3
    assert of(rows, "Niger")["fragmentation"] == 1


def test_groups_of_no_known_kind_are_counted_and_told() -> None:
    """Other data sets do not say what kind of actor a side is; civilians and states are told by their names."""
    rows = [
        row(inter1=None, inter2=None),
        row(actor1="Western Cartel", actor2="Civilians (Mali)", inter1=None, inter2=None),
    ]
    answer = severity(events_from(rows * 3), NO_DRAWS)
    assert answer.table["fragmentation"][0] == 2
    assert any(note.startswith("2 named groups whose kind") for note in answer.notes)


# -- the index -------------------------------------------------------------------------------------------------------


def test_index_is_the_mean_of_the_four_scaled_measures() -> None:
    """A dozen events of three dead and against civilians, in one cell, by one group."""
    found = of([row(fatalities=3, civilian_targeting=TARGETED)] * 12)
    deaths, danger, diffusion, groups = rules().highest
    share = 100 / inhabited()["Mali"]
    parts = (
        log1p(36) / log1p(deaths),
        log1p(12) / log1p(danger),
        log1p(share) / log1p(diffusion),
        log1p(1) / log1p(groups),
    )
    assert found["index"] == pytest.approx(sum(parts) / 4)
    assert found["rank"] == 1


def test_index_of_the_reference_itself_is_one_and_of_nothing_zero() -> None:
    found = index(np.array([rules().highest, [0.0] * 4, [0.0] * 4]), np.array([True, True, False]))
    assert found[:2].tolist() == pytest.approx([1.0, 0.0])
    assert np.isnan(found[2])


def test_equals_share_the_better_rank_and_what_has_no_index_has_none() -> None:
    assert ranks(np.array([0.5, np.nan, 0.7, 0.5, 0.1]))[[0, 2, 3, 4]].tolist() == [2, 1, 2, 4]
    assert np.isnan(ranks(np.array([np.nan]))[0])


def test_levels_are_given_where_fifty_countries_are_ranked() -> None:
    """10 extreme, 20 high, 20 turbulent, the rest low."""
    found = levels(np.arange(1.0, 61.0))
    assert [found.count(level) for level in rules().levels] == [10, 20, 20, 10]
    assert (found[9], found[10], found[29], found[30], found[50]) == ("extreme", "high", "high", "turbulent", "low")
    assert set(levels(np.arange(1.0, 50.0))) == {None}
    assert levels(np.array([*range(1, 51), np.nan], float))[-1] is None


def test_few_events_have_counts_but_no_index() -> None:
    answer = severity(events_from([row(fatalities=9)] * 4), NO_DRAWS)
    assert answer.table.select("deadliness", "index", "rank").rows() == [(36, None, None)]
    assert "No country had the 5 events" in answer.sentence
    assert picture(answer, "png").startswith(b"\x89PNG")


def test_most_severe_country_comes_first() -> None:
    rows = [row(fatalities=1)] * 6 + [row(country="Niger", fatalities=9, civilian_targeting=TARGETED)] * 6
    answer = severity(events_from(rows), Draws(5))
    assert answer.table["country"].to_list() == ["Niger", "Mali"]
    assert answer.sentence.startswith("Of 2 countries, conflict was most severe in Niger in the 365 days to 2023-12-31")
    assert any("need 50 ranked countries" in note for note in answer.notes)
    assert picture(answer, "svg").startswith(b"<?xml")


# -- uncertainty -----------------------------------------------------------------------------------------------------


def test_events_at_one_place_stay_together_when_the_place_is_drawn() -> None:
    """Twelve events in one village: one cell in each draw, wherever the village lies."""
    found = severity(events_from([row()] * 12), Draws(20)).table
    assert found["diffusion_low"][0] == found["diffusion_high"][0] == found["diffusion"][0]


def test_ranges_of_the_dead_make_ranks_unsure() -> None:
    """Two countries whose dead overlap may change places; the third may not."""
    wide = [row(fatalities=5, fatalities_low=0, fatalities_high=20)] * 6
    same = [{**each, "country": "Niger", "fatalities": 6} for each in wide]
    worst = [row(country="Nigeria", fatalities=900, civilian_targeting=TARGETED)] * 12
    table = severity(events_from([*wide, *same, *worst]), Draws(60)).table
    found = {each["country"]: each for each in table.iter_rows(named=True)}
    assert (found["Nigeria"]["rank_low"], found["Nigeria"]["rank_high"]) == (1, 1)
    assert (found["Mali"]["rank_low"], found["Mali"]["rank_high"]) == (2, 3)
    assert found["Mali"]["deadliness_low"] < found["Mali"]["deadliness_high"]
    assert found["Mali"]["index_low"] < found["Mali"]["index_high"]


# -- cells -----------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.floats(-75, 75), st.floats(-180, 179.99))
def test_a_point_lies_within_its_cell(latitude: float, longitude: float) -> None:
    """At most half a diagonal, 7.1 km, from the middle, which is in the same cell."""
    a, b = np.array([latitude]), np.array([longitude])
    cell = cells_of(a, b)
    middle = middles_of(cell)
    assert kilometres_from(*middle, latitude, longitude)[0] < 7.3
    if abs(longitude) < 179.5:
        assert cells_of(*middle).tolist() == cell.tolist()


def test_points_ten_kilometres_apart_lie_in_two_cells() -> None:
    a, b = np.array([14.0, 14.1, 14.0]), np.array([-3.0, -3.0, -3.1])
    assert len(set(cells_of(a, b).tolist())) == 3


def test_inhabited_cells_lie_around_towns_and_go_to_the_nearest(tmp_path: Path) -> None:
    """A circle of 25 km holds about 19.6 cells; two towns 20 km apart in two countries share what lies between."""
    path = tmp_path / "places.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE places (lat REAL, lon REAL, country TEXT, kind TEXT)")
        towns = [(10.0, 10.0, "AAA", "place"), (0.0, 40.0, "BBB", "place"), (0.0, 40.18, "CCC", "place"),
                 (0.0, 80.0, "AAA", "country")]  # fmt: skip
        db.executemany("INSERT INTO places VALUES (?, ?, ?, ?)", towns)
    found = counted(path)
    assert 17 <= found["AAA"] <= 22
    assert 11 <= found["BBB"] < found["AAA"]
    assert abs(found["BBB"] - found["CCC"]) <= 3


def test_wrong_cells_name_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "cells.csv"
    path.write_text("iso3,cells\nMLI,10\nXXX,5\n", "utf-8")
    with pytest.raises(DataError, match=r"cells.csv:3: found .*expected iso3"):
        inhabited(path)


# -- bad input, and real data ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [
        ([], {}, "found 0 events of political violence"),
        ([row(date(2022, 3, 1))], {}, "found 0 events of political violence from 2023-01-01"),
        ([row(country=None)], {}, "found 0 events"),
        ([row()], {"last": date(2090, 1, 1)}, "expected all 365 days to 2090-01-01"),
        ([row()], {"last": date(2022, 6, 1)}, "expected all 365 days to 2022-06-01"),
    ],
)
def test_what_cannot_be_answered_is_said(rows: list[dict[str, Any]], options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        severity(events_from(rows), NO_DRAWS, **options)


def test_one_event_has_no_year() -> None:
    with pytest.raises(UsageError, match="give the period with --since"):
        severity(events_of([row()]), NO_DRAWS)


@pytest.mark.skipif(not UCDP.exists(), reason="needs UCDP's events in ../shared/data")
@pytest.mark.parametrize(
    ("file", "year", "which"), [("ged_syria_2016_2019", 2016, (0, 2, 3)), ("ged241_myanmar", 2021, (1,))]
)
def test_the_reference_is_what_its_data_say(file: str, year: int, which: tuple[int, ...]) -> None:
    events = read_events(UCDP / f"{file}.csv.gz", columns=COLUMNS, kind="ucdp-ged")
    found = measured(events, date(year, 12, 31)).values[0]
    assert [found[at] for at in which] == pytest.approx([rules().highest[at] for at in which], rel=1e-3)
