"""Events and deaths over time: each figure of short, hand-computed cases."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.analyse.draws import NO_DRAWS, Draws
from tocsin.analyse.events import Events, events_of
from tocsin.analyse.figure import picture
from tocsin.analyse.trend import trend
from tocsin.errors import UsageError
from tocsin.store import Filter


def monthly(*numbers: int, since: date = date(2020, 1, 1), **facts: Any) -> Events:
    """So many events on the 15th of each month, in a period of whole months."""
    rows, month = [], since
    for number in numbers:
        rows += [day(month.replace(day=15), f"{len(rows):04}-{at}", **facts) for at in range(number)]
        last, month = month, date(month.year + month.month // 12, month.month % 12 + 1, 1)
    end = date.fromordinal(month.toordinal() - 1)
    assert last <= end
    return events_of(rows, wanted=Filter(since=str(since), until=str(end)))


def day(when: date, name: str, **facts: Any) -> dict[str, Any]:
    return {"event_id_cnty": name, "event_date": str(when), "time_precision": 1, "fatalities": 1, **facts}


def column(found: Any, name: str) -> list[Any]:
    values = found.table[name].to_list()
    return [None if value is None else round(value, 3) for value in values]


def test_counts_means_and_changes() -> None:
    """A mean of 2 months; a change against fewer than 5 events is not given."""
    found = trend(monthly(6, 9, 3, 0, 12), NO_DRAWS, rolling=2)
    assert column(found, "count") == [6, 9, 3, 0, 12]
    assert column(found, "mean") == [None, 7.5, 6.0, 1.5, 6.0]
    assert column(found, "change") == [None, 0.5, -0.667, None, None]
    assert column(found, "change_year") == [None] * 5
    assert found.table["period"].to_list()[:2] == [date(2020, 1, 1), date(2020, 2, 1)]
    assert found.sentence == "12 events in the month from 2020-05-01; too few before to compare."


def test_the_change_against_a_year_before() -> None:
    """10 in January, 15 in the next: +50 %; the sentence prefers it to the change against the month before."""
    found = trend(monthly(10, *[5] * 11, 15), NO_DRAWS)
    assert column(found, "change_year") == [None] * 12 + [0.5]
    assert found.sentence == "15 events in the month from 2021-01-01, +50 % against a year before (10)."


def test_the_change_against_the_month_before_where_there_is_no_year() -> None:
    found = trend(monthly(10, 8), NO_DRAWS)
    assert found.sentence == "8 events in the month from 2020-02-01, −20 % against the month before (10)."


def test_a_period_that_is_cut_is_not_compared() -> None:
    """The events end on 15 March: February is the last whole month."""
    rows = [day(date(2020, month, 15), f"{month}-{at}") for month in (1, 2, 3) for at in range(6)]
    found = trend(events_of(rows, wanted=Filter(since="2020-01-01")), NO_DRAWS)
    assert found.table["whole"].to_list() == [True, True, False]
    assert column(found, "change") == [None, 0.0, None]
    assert found.sentence == "6 events in the month from 2020-02-01, +0 % against the month before (6)."
    assert "1 period at the ends" in found.notes[0]


def test_deaths_are_summed() -> None:
    found = trend(monthly(2, 3, fatalities=4), NO_DRAWS, measure="fatalities")
    assert column(found, "count") == [8, 12]
    assert found.sentence == "12 fatalities in the month from 2020-02-01, +50 % against the month before (8)."


def test_groups_are_rows_of_their_own() -> None:
    rows = [day(date(2020, 1, 1 + at), f"{at}", admin1="Gao" if at < 2 else None) for at in range(5)]
    found = trend(events_of(rows), NO_DRAWS, every="year", by="admin1")
    assert found.table.select("group", "count").rows() == [("(not known)", 3), ("Gao", 2)]


def test_the_season_is_the_mean_of_each_month_against_all() -> None:
    """Two years of 10 in January and 5 else: mean 65 / 12, January 10 / 5.417."""
    (season,) = trend(monthly(*[10, *[5] * 11] * 2), NO_DRAWS).tables.values()
    assert season["mean"].to_list() == [10.0] + [5.0] * 11
    assert season["ratio"][0] == pytest.approx(10 / (65 / 12))
    assert season["ratio"].mean() == pytest.approx(1.0)


@pytest.mark.parametrize("numbers", [[10] * 23, [1] * 24])
def test_too_short_or_too_few_for_a_season(numbers: list[int]) -> None:
    """Less than two whole years, or less than 5 events for each month of the year."""
    assert not trend(monthly(*numbers), NO_DRAWS).tables


def test_the_interval_of_the_total_is_not_the_sum_of_the_groups_intervals() -> None:
    """20 events of rough days in 20 groups: any of them may be a day too early, but not all."""
    rows = [
        day(date(2020, 2, 1), f"{at:02}", time_precision=2, admin1=f"A{at:02}", geo_precision=1) for at in range(20)
    ]
    events = events_of(rows, wanted=Filter(since="2020-02-01", until="2020-02-29"))
    found = trend(events, Draws(200), by="admin1")
    assert found.table["count_low"].sum() == 0
    assert found.table["count_high"].sum() == 20
    assert found.sentence.startswith("20 events (90 % interval 8 to 20)")


def test_the_interval_of_deaths_lies_between_all_low_and_all_high() -> None:
    events = monthly(10, fatalities=5, fatalities_low=0, fatalities_high=10)
    (found,) = trend(events, Draws(200), measure="fatalities").table.to_dicts()
    assert 0 < found["count_low"] < found["count"] == 50 < found["count_high"] < 100


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=30).filter(any), st.sampled_from([1, 2, 3]))
def test_the_order_of_events_and_certain_draws_change_nothing(numbers: list[int], rolling: int) -> None:
    """Where all is certain the interval is the number; rolling 1 is the count itself."""
    events = monthly(*numbers)
    found = trend(events, Draws(5), rolling=rolling).table
    assert found["count"].to_list() == numbers
    assert found["count_low"].to_list() == found["count_high"].to_list() == numbers
    means = np.convolve(numbers, np.ones(rolling) / rolling, "valid") if len(numbers) >= rolling else []
    assert found["mean"].drop_nulls().to_list() == pytest.approx(list(means))


BAD: list[tuple[Events, dict[str, Any], str]] = [
    (events_of([]), {}, "found 0 events with a date"),
    (events_of([{"event_id_cnty": "a"}]), {}, "found 0 events with a date"),
    (monthly(1), {"rolling": 0}, "--rolling 0: a mean is of 1 period or more"),
    (monthly(1), {"rolling": -2}, "--rolling -2"),
    (monthly(1), {"by": "colour"}, "--by colour: no column"),
]


@pytest.mark.parametrize(("events", "options", "said"), BAD, ids=[said for *_, said in BAD])
def test_what_cannot_be_answered_is_told(events: Events, options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        trend(events, NO_DRAWS, **options)


@pytest.mark.parametrize("every", ["day", "week", "month", "year"])
def test_figures(every: Any) -> None:
    """Drawn for every length of a period, with and without groups, for one event and for many."""
    for events in (monthly(1), monthly(*range(30))):
        for by in (None, "admin1"):
            made = trend(events, Draws(3), every=every, by=by)
            assert picture(made, "svg").startswith(b"<?xml")


def test_events_without_a_day_are_noted() -> None:
    rows = [day(date(2020, 1, 1), "a"), {"event_id_cnty": "b"}]
    found = trend(events_of(rows), NO_DRAWS, every="day")
    assert found.notes == ("1 events have no date and are not counted.",)
    assert isinstance(found.table, pl.DataFrame)
