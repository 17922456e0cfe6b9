"""Where violence surges: the trackers as defined, and alarms at the rate that is stated."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tocsin.analyse.draws import NO_DRAWS, Draws
from tocsin.analyse.events import events_of
from tocsin.analyse.figure import picture
from tocsin.analyse.methods.settings import DATA
from tocsin.analyse.methods.settings import settings as read_settings
from tocsin.analyse.methods.trackers import Thresholds, change_level, surging, threatened, thresholds
from tocsin.analyse.methods.unusual import Score, _log_chance, false_alarms, limits, score
from tocsin.analyse.methods.violence import violence
from tocsin.analyse.methods.weekly import weekly
from tocsin.analyse.surge import surge
from tocsin.errors import DataError, UsageError
from weeks import SATURDAY, events_from, only, row, rows_of

YEAR = [0] * 52


# -- the trackers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ([1, 1, 1, 1], 2, True),  # +100 % of a mean of 1
        ([1, 1, 1, 1], 1, False),
        ([1, 1, 1, 0], 5, False),  # a mean below 1
        ([2, 2, 2, 2], 3, False),  # +50 %
        ([4, 0, 0, 4], 4, True),
    ],
)
def test_surge_tracker(before: list[int], now: int, expected: bool) -> None:
    """The week against the mean of the four weeks before it."""
    assert surging(np.array([[*before, now]])).tolist() == [expected]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        ([1, 0] * 26, [1, 1, 1, 1], True),  # 0.5 a week, then 1
        ([1, 0] * 26, [1, 1, 1, 0], False),  # a month's mean below 1
        ([1] * 52, [2, 2, 2, 1], False),
        ([1] * 52, [0, 0, 0, 8], True),
        ([0] * 52, [4, 0, 0, 0], True),
    ],
)
def test_threat_tracker(year: list[int], month: list[int], expected: bool) -> None:
    """The last four weeks, the week among them, against the 52 before."""
    assert threatened(np.array([[*year, *month]])).tolist() == [expected]  # type: ignore[union-attr]


def test_trackers_say_nothing_without_the_weeks_they_compare() -> None:
    assert surging(np.ones((1, 4), int)) is None
    assert threatened(np.ones((1, 55), int)) is None


@pytest.mark.parametrize(
    ("now", "mean", "expected"),
    [
        (6, 4.0, "large increase"),  # +50 %
        (5, 4.0, "moderate increase"),  # +25 %
        (12, 10.0, "moderate increase"),
        (11, 10.0, "limited change"),  # +10 %
        (4, 4.0, "limited change"),
        (3, 4.0, "limited change"),  # -25 %
        (2, 3.0, "large decrease"),
        (5, 2.0, "limited change"),  # quiet
        (6, 2.0, "large increase"),
        (0, 2.0, "limited change"),
        (0, 2.25, "large decrease"),
    ],
)
def test_change_levels(now: int, mean: float, expected: str) -> None:
    at = change_level(np.array([now]), np.array([mean]))[0]
    assert thresholds().levels[at] == expected


# -- what is unusual -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 3, 20])
def test_chances_are_the_binomial_and_the_beta_binomial(count: int) -> None:
    """Without dispersion each event falls into one of 53 weeks alike; with it the weeks differ."""
    among, weeks = np.array([40]), 52
    alone, spread = (np.exp(_log_chance(np.array([count]), among, weeks, shape))[0] for shape in (np.inf, 2.0))
    assert alone == pytest.approx(stats.binom.pmf(count, 40, 1 / 53), rel=1e-9)
    assert spread == pytest.approx(stats.betabinom.pmf(count, 40, 2.0, 104.0), rel=1e-9)


def test_alarm_right_at_the_limit_is_a_part_of_one() -> None:
    """0.03 lie above, 0.05 at the count: for a rate of 0.05 it is 0.4 of an alarm."""
    found = Score(np.array([0.04, 0.08, 0.3]), np.array([0.01, 0.03, 0.2]))
    assert found.alarm(0.05).tolist() == pytest.approx([1.0, 0.4, 0.0])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), min_size=30, max_size=30), min_size=1, max_size=4))
def test_limit_is_the_last_count_that_is_no_sure_alarm(weeks: list[list[int]]) -> None:
    baseline = np.array(weeks)
    limit = limits(baseline, 0.05)
    assert (score(baseline, limit).at_least > 0.05).all()
    assert (score(baseline, limit + 1).at_least <= 0.05).all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=52, max_size=52), st.integers(0, 50))
def test_more_events_are_never_less_unusual(weeks: list[int], count: int) -> None:
    baseline = np.array([weeks])
    less, more = (score(baseline, np.array([each])).at_least[0] for each in (count, count + 1))
    assert more <= less + 1e-12


def test_false_alarms_come_at_the_stated_rate() -> None:
    """Quiet series, Poisson and negative binomial: each measured rate is within 20 % of the stated 5 %."""
    found = false_alarms((0.5, 2.0, 10.0, 50.0), (0.0, 0.1, 0.5, 2.0), alpha=0.05, series=6000, least=5, seed=7)
    worst = (found["measured"] / 0.05 - 1).abs().max()
    assert worst < 0.2, found


def test_rarer_false_alarms_come_at_the_stated_rate_over_many_areas() -> None:
    """At 1 % a year of weeks tells less: the rate holds over areas of all kinds together."""
    found = false_alarms((0.5, 2.0, 10.0, 50.0), (0.0, 0.1, 0.5, 2.0), alpha=0.01, series=4000, least=5, seed=7)
    assert abs(found["measured"].mean() / 0.01 - 1) < 0.2, found  # type: ignore[operator]


# -- the question ----------------------------------------------------------------------------------------------------


def test_a_planted_surge_is_found() -> None:
    """Two a week for a year, then twelve: surging, a large increase, and unusual."""
    quiet = [2] * 58
    answer = surge(events_from(rows_of({"North": [*quiet, 2, 12], "South": [*quiet, 2, 2]})), NO_DRAWS)
    north, south = only(answer), only(answer, "South")
    assert (north["events"], north["mean_month"], north["change_month"]) == (12, 2.0, 5.0)
    assert (north["surge"], north["threat"], north["unusual"]) == (True, True, "yes")
    assert north["level_month"] == north["level_year"] == "large increase"
    assert (south["surge"], south["threat"], south["unusual"], south["level_year"]) == (
        False, False, "no", "limited change")  # fmt: skip
    assert "surging 1 (North: 12)" in answer.sentence
    assert answer.table["admin1"][0] == "North"


def test_alarm_is_that_of_the_weeks_before_the_gap() -> None:
    """The 52 weeks that end three weeks before are the baseline."""
    source = np.random.default_rng(3)
    weeks = source.poisson(3, 55)
    weeks[-3:] = 9
    found = only(surge(events_from(rows_of({"North": weeks.tolist()})), NO_DRAWS))
    assert found["p"] == pytest.approx(score(weeks[None, :52], weeks[-1:]).at_least[0])
    assert found["limit"] == limits(weeks[None, :52], 0.05)[0]


@pytest.mark.parametrize(
    ("event_type", "sub_event_type", "counted"),
    [
        ("Riots", "Violent demonstration", True),
        ("Protests", "Excessive force against protesters", True),
        ("Protests", "Peaceful protest", False),
        ("Protests", "Protest with intervention", False),
        ("Strategic developments", "Looting/property destruction", False),
    ],
)
def test_what_is_violent(event_type: str, sub_event_type: str, counted: bool) -> None:
    """One more event of this type in the week is counted, or is not."""
    more = row(SATURDAY, event_type=event_type, sub_event_type=sub_event_type)
    assert only(surge(events_from([*rows_of({"North": [1, 1, 1]}), more]), NO_DRAWS))["events"] == 1 + counted


def test_weeks_run_from_saturday_to_friday() -> None:
    days = [SATURDAY - timedelta(days=1), SATURDAY, SATURDAY + timedelta(days=6)]
    assert weekly(events_from([row(day) for day in days]), "admin1", 2).values.tolist() == [[1, 2]]


def test_the_last_week_that_is_whole_is_looked_at() -> None:
    """Events end on a Wednesday: their own week is not over."""
    rows = [*rows_of({"North": [1] * 10}), row(SATURDAY + timedelta(days=11))]
    assert weekly(events_of(rows), "admin1", 4).starts[-1] == SATURDAY
    assert weekly(events_of(rows), "admin1", 4, SATURDAY - timedelta(days=5)).starts[-1] == SATURDAY - timedelta(days=7)


def test_areas_of_one_name_in_two_countries_are_two() -> None:
    rows = [row(SATURDAY), row(SATURDAY, country="Niger"), row(SATURDAY, country="Niger")]
    answer = surge(events_from(rows), NO_DRAWS)
    assert answer.table.select("country", "admin1", "events").rows() == [("Niger", "North", 2), ("Mali", "North", 1)]
    by_country = surge(events_from(rows), NO_DRAWS, unit="country")
    assert by_country.table["events"].to_list() == [2, 1]
    assert "admin1" not in by_country.table.columns


def test_few_events_are_not_tested() -> None:
    """Four events in all weeks: no score, no change, and a note."""
    answer = surge(events_from(rows_of({"North": [*YEAR, 0, 0, 0, 4]})), NO_DRAWS)
    found = only(answer)
    assert (found["unusual"], found["p"], found["limit"], found["change_month"]) == (None,) * 4
    assert any("fewer than 5" in note for note in answer.notes)


def test_few_weeks_say_what_they_can() -> None:
    """Six weeks: the surge can be told, the threat and the year cannot."""
    answer = surge(events_from(rows_of({"North": [2, 2, 2, 2, 2, 5]}), weeks=6), NO_DRAWS)
    found = only(answer)
    assert (found["surge"], found["threat"], found["level_year"], found["unusual"]) == (True, None, None, None)
    assert "Only 6 whole weeks" in answer.notes[0]
    assert "surge" in surge(events_from(rows_of({"North": [2]}), weeks=1), NO_DRAWS).sentence


def test_days_that_are_not_sure_widen_the_counts() -> None:
    """Events known to the week may lie in the one before; those known to the day stay."""
    rough = rows_of({"North": [0, 0, 0, 8]}, time_precision=2)
    events = events_from([*rough, *rows_of({"North": [5] * 10, "South": [5] * 10})])
    answer = surge(events, Draws(50))
    north, south = only(answer), only(answer, "South")
    assert north["events_low"] < north["events"] == 13
    assert south["events_low"] == south["events_high"] == 5
    assert 0 < north["surge_chance"] < 1
    assert south["surge_chance"] == 0
    assert "90 % interval" in answer.sentence
    assert surge(events, Draws(50)).table.equals(answer.table)


def test_a_figure_is_drawn_with_and_without_points() -> None:
    for more in ({}, {"latitude": None, "longitude": None}):
        answer = surge(events_from(rows_of({"North": [2] * 59 + [9]}, **more)), Draws(5))
        assert picture(answer, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [
        ([], {}, "found 0 violent events"),
        ([row(SATURDAY, event_type="Protests", sub_event_type="Peaceful protest")], {}, "found 0 violent events"),
        ([row(SATURDAY, admin1=None)], {}, "of a known admin1"),
        ([row(SATURDAY)], {"week": date(2090, 1, 1)}, "expected the whole week from 2089-12-31"),
        ([row(SATURDAY)], {"week": date(1990, 1, 1)}, "expected the whole week"),
        ([row(SATURDAY)], {"alpha": 0.0}, "--alpha 0.0"),
        ([{**row(SATURDAY), "event_date": None}], {}, "with a date"),
    ],
)
def test_what_cannot_be_answered_is_said(rows: list[dict[str, Any]], options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        surge(events_from(rows), **options)


def test_one_event_has_no_whole_week() -> None:
    with pytest.raises(UsageError, match="expected at least one whole week"):
        surge(events_of([row(SATURDAY)]))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("month = 4 ", 'month = "four" ', "surge.toml:4: found month = 'four', expected int"),
        ("surge = 1.0 ", "sorge = 1.0 ", "surge.toml:6: found 'sorge', expected one of"),
        ("gap = 2 ", "", "surge.toml:1: found no 'gap'"),
        ("levels = [", "levels = [3, ", "expected a list of str"),
        ("levels = [", "levels = ", "surge.toml"),
    ],
)
def test_wrong_settings_name_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "surge.toml"
    path.write_text((DATA / path.name).read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(DataError, match=said):
        read_settings(Thresholds, path)


def test_unknown_type_of_violence_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "violence.toml"
    path.write_text('event_types = ["Skirmishes"]\nsub_event_types = []\n', "utf-8")
    with pytest.raises(DataError, match="found 'Skirmishes'"):
        violence(path)


def test_areas_of_several_countries_are_named_with_theirs() -> None:
    quiet, more = [2] * 59, {"country": "Niger"}
    answer = surge(events_from([*rows_of({"Diffa": [*quiet, 9]}, **more), *rows_of({"Mopti": [*quiet, 2]})]), NO_DRAWS)
    assert "surging 1 (Diffa, Niger: 9)" in answer.sentence
    assert "0.1 expected by chance" in answer.sentence
