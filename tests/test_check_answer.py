"""Statements are answered from events: counts, records; and nothing from data that do not cover them."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checked import CAPITAL, GROUP, KATI, MALI, NORTH, OTHER, UNNAMED, answered, asked, data, event, quiet
from tocsin.analyse.draws import Draws
from tocsin.analyse.events import events_of
from tocsin.check.answer import check, check_all
from tocsin.check.statement import COMPARISONS, KINDS, MEASURES, UNITS, Asked, Spot, Statement

MAY = {"since": "2022-05-01", "until": "2022-05-31"}
FIVE = [event(f"2022-05-{day:02}") for day in range(5, 10)]
ARMY = "Military Forces of Mali (2021-)"
YES, NO, UNKNOWN = "supported", "contradicted", "cannot be told"


# -- counts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comparison", "value", "verdict"),
    [
        ("at least", 5, YES), ("at least", 6, NO), ("more than", 5, NO), ("more than", 4, YES), ("at most", 5, YES),
        ("at most", 4, NO), ("less than", 5, NO), ("exactly", 5, YES), ("exactly", 7, NO), ("about", 6, YES),
        ("about", 8, NO), (None, 5, YES), ("none before", None, NO),
    ],
)  # fmt: skip
def test_a_count_of_a_covered_month(comparison: Any, value: float | None, verdict: str) -> None:
    found = answered(asked("count", comparison=comparison, value=value, unit="events", **MAY), data(*FIVE))
    assert (found.verdict, found.figure, len(found.events)) == (verdict, 5, 5)
    assert "5 events from 2022-05-01 to 2022-05-31" in found.reason


@pytest.mark.parametrize(
    ("comparison", "value", "verdict"),
    [
        ("at least", 5, YES),
        ("at least", 6, UNKNOWN),
        ("at most", 4, NO),
        ("at most", 5, UNKNOWN),
        ("exactly", 5, UNKNOWN),
    ],
)
def test_without_cover_only_what_is_there_decides(comparison: Any, value: float, verdict: str) -> None:
    """Five are there: that is enough for "at least 5" and against "at most 4", and for nothing else."""
    assert (
        answered(asked("count", comparison=comparison, value=value, **MAY), data(*FIVE, covered=False)).verdict
        == verdict
    )


def test_a_count_that_dates_leave_open() -> None:
    """Four events known to the month alone, all inside it; one known to the week at its edge may lie outside."""
    rows = [event("2022-05-15", time_precision=3) for _ in range(4)] + [event("2022-05-31", time_precision=2)]
    found = answered(asked("count", comparison="at least", value=5, **MAY), data(*rows))
    assert found.verdict == UNKNOWN
    assert (found.low, found.high) == (4, 5)
    assert 0.2 < (found.chance or 0) < 0.9
    assert "of what the events may have been" in found.reason


def test_data_of_deadly_events_never_contradict_a_count_of_attacks() -> None:
    rows = [event(f"2022-{month:02}-{day}") for month in range(1, 13) for day in ("04", "20")]
    few = answered(asked("count", comparison="at least", value=50, since="2022-01-01", until="2022-12-31"),
                   events_of([{**row, "source": None} for row in rows], "deadly.csv"))  # fmt: skip
    assert few.verdict == UNKNOWN
    assert "nobody died" in few.reason


def test_only_what_the_text_speaks_of_is_counted() -> None:
    rows = [
        event("2022-05-05", actor1=OTHER),
        event("2022-05-06", event_type="Battles", sub_event_type="Armed clash", actor1=ARMY, actor2=GROUP),
        event("2022-05-07", actor1=ARMY),
        event("2022-05-08", admin1="Mopti", location="Mopti", latitude=14.49, longitude=-4.2),
        event("2022-05-09"),
    ]  # fmt: skip
    question = asked("count", comparison="at least", value=1, **MAY)
    for more, count in (
        ({}, 5), ({"actors": (GROUP,)}, 3), ({"actors": (OTHER,)}, 1), ({"event_types": ("Battles",)}, 1),
        ({"against": ("Civilians",)}, 4), ({"actors": (GROUP,), "against": ("Civilians",)}, 2), ({"where": NORTH}, 4),
        ({"where": Spot("Gao", "place", "Mali", 16.27, -0.04)}, 4), ({"sub_event_types": ("Peaceful protest",)}, 2),
    ):  # fmt: skip
        found = answered(Asked(**{**question_of(question), **more}), data(*rows))
        assert found.figure == count, more


def question_of(question: Asked) -> dict[str, Any]:
    return {name: getattr(question, name) for name in Asked.__slots__}


def test_an_event_of_a_region_does_not_lie_in_its_seat() -> None:
    """It has the seat's name and point, but may be anywhere in the region."""
    rows = [event("2022-05-05"), event("2022-05-06", geo_precision=3, place_radius_km=150.0)]
    question = asked("count", where=Spot("Gao", "place", "Mali", 16.27, -0.04), comparison="at least", value=2, **MAY)
    found = answered(question, data(*rows))
    assert (found.low, found.verdict) == (1, NO)


def test_unnamed_actors_may_be_the_ones_that_are_named() -> None:
    rows = [*FIVE, *(event(f"2022-05-{day}", actor1=UNNAMED) for day in range(10, 15))]
    question = asked("count", actors=(GROUP,), comparison="at least", value=8, **MAY)
    found = answered(question, data(*rows))
    assert (found.verdict, found.figure) == (UNKNOWN, 5)
    assert "unnamed" in found.reason
    assert answered(Asked(**{**question_of(question), "value": 20}), data(*rows)).verdict == NO
    assert answered(Asked(**{**question_of(question), "value": 5}), data(*rows)).verdict == YES


def test_other_data_sets_call_a_group_by_another_name() -> None:
    rows = [event("2022-05-05", actor1="JNIM"), event("2022-05-06", actor1=f"{GROUP} (Katiba Macina)")]
    found = answered(asked("count", actors=(GROUP,), comparison="at least", value=2, **MAY), data(*rows))
    assert (found.verdict, found.figure) == (YES, 2)


# -- deaths ----------------------------------------------------------------------------------------------------------


def test_the_dead_of_a_period() -> None:
    rows = [
        event("2022-05-05", fatalities=30, fatalities_low=20, fatalities_high=40),
        event("2022-05-06", fatalities=None),
    ]
    for value, verdict in ((15, YES), (60, NO), (30, UNKNOWN)):
        found = answered(asked("deaths", comparison="at least", value=value, unit="deaths", **MAY), data(*rows))
        assert (found.verdict, found.figure) == (verdict, 30)
        assert found.low is not None
        assert 20 <= found.low < 30
        assert any("1 of the events do not say" in note or "do not say how many died" in note for note in found.notes)


@pytest.mark.parametrize(
    ("comparison", "value", "verdict"),
    [
        ("at least", 50, YES),
        ("exactly", 86, YES),
        ("exactly", 60, UNKNOWN),
        ("exactly", 200, NO),
        ("at least", 100, NO),
    ],
)
def test_the_dead_of_one_happening_need_no_cover(comparison: Any, value: float, verdict: str) -> None:
    rows = [event("2022-07-22", fatalities=86, fatalities_low=50, fatalities_high=86)]
    question = asked("deaths", comparison=comparison, value=value, unit="deaths", event="2022-07-22")
    found = answered(question, data(*rows, covered=False))
    assert (found.verdict, found.events) == (verdict, ("0",))


def test_a_happening_that_is_not_there_cannot_be_told() -> None:
    found = answered(asked("deaths", comparison="at least", value=3, event="2021-01-01"), data(*FIVE))
    assert (found.verdict, found.figure) == (UNKNOWN, None)
    assert "has no event of 2021-01-01" in found.reason


def test_which_of_two_happenings_is_meant_cannot_be_told() -> None:
    rows = [event("2022-07-22", fatalities=8), event("2022-07-22", fatalities=8, location="Mopti", admin1="Mopti")]
    found = answered(asked("deaths", comparison="at least", value=10, event="2022-07-22"), data(*rows))
    assert found.verdict == UNKNOWN
    assert "which of these events" in found.reason


# -- first, last, deadliest ------------------------------------------------------------------------------------------


def test_the_first_since_a_year() -> None:
    """One in 2017 itself is what "since 2017" means; one in 2019 breaks the record."""
    question = asked("first", since="2017-01-01", event="2022-07-22", comparison="none before")
    old, own = event("2017-03-01"), event("2022-07-22")
    assert answered(question, data(old, own), quote="the first since 2017").verdict == YES
    assert answered(question, data(old, own), quote="the first this year").verdict == NO
    found = answered(question, data(old, own, event("2019-05-05")), quote="the first since 2017")
    assert (found.verdict, found.figure, found.events) == (NO, 1, ("2",))
    assert "2019-05-05" in found.reason


def test_the_first_needs_a_time_that_is_covered() -> None:
    question = asked("first", since="2001-01-01", event="2022-07-22", comparison="none before")
    found = answered(question, data(event("2022-07-22")))
    assert found.verdict == UNKNOWN
    assert "covers 35 % of 2001-01-01 to 2022-07-21" in found.reason
    assert answered(question, data(event("2022-07-22"), event("2018-01-05"))).verdict == NO


def test_a_record_of_all_times_is_told_for_the_years_that_are_covered() -> None:
    question = asked("first", event="2022-07-22", comparison="none before")
    found = answered(question, data(event("2022-07-22")))
    assert found.verdict == YES
    assert any("2015-01-03 to 2022-07-21" in note and "covered" in note for note in found.notes)
    short = events_of([event("2022-07-22"), *quiet(2020, 2022)], "short.csv")
    assert answered(question, short).verdict == UNKNOWN


def test_the_first_of_a_text_that_names_no_day_is_among_the_newest() -> None:
    """An earlier one is no contradiction: the text may speak of it."""
    question = asked("first", since="2020-01-01", comparison="none before")
    assert answered(question, data(event("2022-07-22"))).verdict == YES
    assert answered(question, data(event("2022-07-22"), event("2022-07-30"))).verdict == YES
    found = answered(question, data(event("2022-07-22"), event("2021-07-22")))
    assert (found.verdict, "of which day" in found.reason) == (UNKNOWN, True)
    assert answered(question, data()).verdict == UNKNOWN


def test_the_last_one() -> None:
    question = asked("last", since="2019-01-01", until="2019-12-31")
    assert answered(question, data(event("2019-05-05"))).verdict == YES
    found = answered(question, data(event("2019-05-05"), event("2021-05-05")))
    assert (found.verdict, found.events) == (NO, ("1",))
    assert answered(question, data(event("2018-05-05"))).verdict == UNKNOWN
    assert answered(question, data(event("2019-05-05"), event("2021-05-05")), written="2020-06-01").verdict == YES


def test_the_deadliest() -> None:
    question = asked("deadliest", since="2016-01-01", event="2022-07-22", comparison="none before", measure="deaths")
    own, small = event("2022-07-22", fatalities=40), event("2019-05-05", fatalities=39)
    assert answered(question, data(own, small)).verdict == YES
    found = answered(question, data(own, small, event("2020-01-01", fatalities=90)))
    assert (found.verdict, found.events, found.figure) == (NO, ("2",), 90)
    open_ = event("2020-01-01", fatalities=40, fatalities_low=30, fatalities_high=50)
    assert answered(question, data(own, open_)).verdict == UNKNOWN
    later = event("2022-11-11", fatalities=90)
    assert answered(question, data(own, small, later), written="2022-07-30").verdict == YES
    assert answered(question, data(event("2022-07-22", fatalities=None), small)).verdict == UNKNOWN
    stated = asked("deadliest", since="2016-01-01", value=95, unit="deaths")
    assert answered(stated, data(own, small)).verdict == YES


def test_what_may_be_told_twice_is_counted_once_in_some_draws() -> None:
    """Two of five may be doubles; the one that the text speaks of is there in any case."""
    rows = [event(f"2022-05-{day:02}", fatalities=9) for day in range(5, 10)]
    held = data(*rows)
    doubtful = pl.when(pl.col("id").is_in(["0", "1"])).then(0.5).otherwise(0.0)
    held = held.of(held.table.with_columns(doubt=doubtful))
    found = answered(asked("count", comparison="at least", value=5, **MAY), held)
    assert (found.verdict, found.figure, found.low) == (UNKNOWN, 5, 3)
    own = asked("deaths", comparison="at least", value=9, event="2022-05-05")
    assert answered(own, held).verdict == YES
    assert answered(asked("deadliest", since="2016-01-01", event="2022-05-05"), held, "2022-05-31").verdict == YES


# -- closest ---------------------------------------------------------------------------------------------------------

NEAR = {"latitude": KATI.latitude, "longitude": KATI.longitude, "location": "Kati", "admin1": "Koulikoro"}
CLOSE = asked("closest", place=CAPITAL, event="2022-07-22", comparison="none before", unit="km")


def test_the_closest_of_all_times() -> None:
    found = answered(CLOSE, data(event("2022-07-22", **NEAR), event("2019-01-05")))
    assert found.verdict == YES
    assert "13 km from Bamako" in found.reason or "12 km from Bamako" in found.reason
    assert any("no beginning is stated" in note for note in found.notes)


def test_a_nearer_one_breaks_the_record() -> None:
    nearer = event("2019-01-05", latitude=12.66, longitude=-8.01, location="Bamako")
    found = answered(CLOSE, data(event("2022-07-22", **NEAR), nearer))
    assert (found.verdict, found.events) == (NO, ("1",))
    assert "2019-01-05 (Bamako)" in found.reason


@pytest.mark.parametrize("rough", [{"geo_precision": 3}, {"geo_precision": 2, "place_radius_km": 80.0}])
def test_an_event_known_by_its_region_is_no_record(rough: dict[str, Any]) -> None:
    """Its point is the capital's only because that is the seat of the region."""
    vague = event("2019-01-05", latitude=12.65, longitude=-8.0, **rough)
    found = answered(CLOSE, data(event("2022-07-22", **NEAR), vague))
    assert found.verdict == YES
    assert any("1 events whose place is known only roughly" in note for note in found.notes)
    own = event("2022-07-22", **{**NEAR, **rough})
    assert answered(CLOSE, data(own)).verdict == UNKNOWN


def test_as_near_as_another_within_what_is_known_cannot_be_told() -> None:
    found = answered(CLOSE, data(event("2022-07-22", **NEAR), event("2019-01-05", **NEAR)))
    assert found.verdict == UNKNOWN


# -- no data, no verdict ---------------------------------------------------------------------------------------------

ALL = [
    asked("count", value=15, comparison="at least", **MAY), asked("deaths", value=15, comparison="at least", **MAY),
    asked("deaths", value=15, comparison="at least", event="2022-07-22"), asked("first", since="2012-01-01"),
    asked("last", until="2019-12-31"), asked("deadliest", since="2012-01-01"), CLOSE,
    asked("change", comparison="more", since="2022-01-01"), asked("effect", comparison="more", since="2022-02-17"),
    asked("expansion", actors=(GROUP,)), asked("encirclement", place=CAPITAL), asked("share", actors=(GROUP,)),
    asked("ranking", place=NORTH), asked("attribution", actors=(GROUP,), event="2022-07-22"),
]  # fmt: skip


@pytest.mark.parametrize("question", ALL, ids=lambda question: question.kind)
@pytest.mark.parametrize("rows", [[], quiet(2020, 2022, "Niger"), [event(None)]], ids=["empty", "elsewhere", "undated"])  # type: ignore[arg-type]
def test_data_without_the_country_never_give_a_verdict(question: Asked, rows: list[dict[str, Any]]) -> None:
    found = answered(question, events_of(rows, "other.csv"))
    assert found.verdict == UNKNOWN
    assert "other.csv has no event of" in found.reason


@pytest.mark.parametrize("question", ALL, ids=lambda question: question.kind)
def test_data_of_another_time_never_give_a_verdict(question: Asked) -> None:
    rows = [event("2005-01-05"), *quiet(2003, 2006)]
    assert answered(question, events_of(rows, "old.csv")).verdict == UNKNOWN


def test_every_kind_is_tried_here() -> None:
    assert {question.kind for question in ALL} | {"distance", "status"} == set(KINDS)


def test_types_and_actors_that_the_data_do_not_have_at_all_cannot_be_told() -> None:
    bombs = answered(
        asked("count", value=3, comparison="at most", sub_event_types=("Suicide bomb",), **MAY), data(*FIVE)
    )
    assert "no event of the type Suicide bomb at all" in bombs.reason
    other = answered(asked("count", value=3, comparison="at most", actors=(OTHER,), **MAY), data(*FIVE))
    assert "names Islamic State Sahel Province (ISSP) in no event of Mali" in other.reason
    assert {bombs.verdict, other.verdict} == {UNKNOWN}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"where": Spot("Sahel", "region", None)}, "Sahel begins and ends is not known"),
        ({"where": Spot("Kidal", "admin1", "Mali")}, "event lies in a unit (admin1) of the name Kidal"),
        ({"since": "May"}, "is no day"),
        ({"since": "2023-01-01", "until": "2022-01-01"}, "no period"),
        ({"value": None}, "states no number"),
        ({"where": Spot("Gao", "place", "Mali")}, "is not known"),
        ({"since": "2030-01-01", "until": "2030-12-31"}, "has no event from 2030-01-01"),
    ],
)
def test_a_reading_that_cannot_be_answered_says_why(change: dict[str, Any], reason: str) -> None:
    question = asked("count", value=3, comparison="at least", **MAY)
    found = answered(Asked(**{**question_of(question), **change}), data(*FIVE))
    assert (found.verdict, reason in found.reason) == (UNKNOWN, True), found.reason


def test_a_statement_without_a_country_is_not_contradicted_by_what_is_missing() -> None:
    question = Asked("count", value=30, comparison="at least", **MAY)  # type: ignore[arg-type]
    found = answered(question, data(*FIVE))
    assert found.verdict == UNKNOWN
    assert "names no country" in found.reason


def test_what_is_not_checkable_stays_so() -> None:
    [found] = check_all([Statement("a clear setback", 0, 15, None, "An opinion.")], data())
    assert (found.verdict, found.reason, found.chance) == ("not checkable", "An opinion.", None)


def test_without_draws_there_is_no_chance() -> None:
    from tocsin.analyse.draws import NO_DRAWS

    statement = Statement("five", 0, 4, asked("count", value=5, comparison="at least", **MAY))
    found = check(statement, data(*FIVE), NO_DRAWS)
    assert (found.verdict, found.chance, found.low) == (YES, None, None)


# -- properties ------------------------------------------------------------------------------------------------------

days = st.dates().map(lambda day: day.replace(year=2022, month=5).isoformat())
rows = st.lists(
    st.builds(
        lambda day, precision, dead, far: event(
            day, time_precision=precision, fatalities=dead, geo_precision=far, place_radius_km=None
        ),
        days, st.sampled_from([1, 1, 2, 3]), st.integers(0, 9) | st.none(), st.sampled_from([1, 2, 3]),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(rows, rows, st.integers(0, 15), st.booleans(), st.sampled_from(["count", "deaths"]))
def test_more_events_never_turn_at_least_against_itself(
    some: list[dict[str, Any]], more: list[dict[str, Any]], value: int, covered: bool, kind: str
) -> None:
    question = asked(kind, value=value, comparison="at least", since="2022-04-01", until="2022-06-30")
    one = answered(question, data(*some, covered=covered))
    both = answered(question, data(*some, *more, covered=covered))
    if one.verdict == YES:
        assert both.verdict == YES
    assert (both.figure or 0) >= (one.figure or 0)


def maybe(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


any_day = maybe("2016-01-01", "2021-07-22", "2022-05-07", "2022-12-31", "2030-01-01")
any_spot = maybe(MALI, NORTH, CAPITAL, KATI, Spot("Sahel", "region", None), Spot("Here", "place", "Mali"))
questions = st.builds(
    Asked, st.sampled_from(KINDS), st.sampled_from([(), ("Battles",), ("Violence against civilians",)]),
    st.sampled_from([(), ("Attack",)]), st.sampled_from([(), (GROUP,), (OTHER,)]),
    st.sampled_from([(), ("Civilians",)]),
    any_spot, any_spot, any_day, any_day, maybe(*COMPARISONS), maybe(0.0, 1.0, 5.0, 50.0, -3.0), maybe(*UNITS), any_day,
    any_day, st.sampled_from([(), ("admin1",), ("actors",), ("country",), ("event types",), ("against",)]), any_day,
    maybe(*MEASURES), maybe("coup", "withdrawal", "feast"), any_spot,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(questions, st.booleans(), maybe(None, "2022-05-31", "2022-12-31"))
def test_no_reading_breaks_the_check(question: Asked, covered: bool, written: str | None) -> None:
    """Whatever a person writes into a reading, there is a verdict with a reason; never one from data of elsewhere."""
    statement = Statement("since 2016", 0, 10, question)
    day = date.fromisoformat(written) if written else None
    blank = event("2022-05-08", latitude=None, longitude=None, geo_precision=None, place_radius_km=None, admin1=None,
                  location=None, sub_event_type=None, actor1=None, source=None)  # fmt: skip
    rows = [*FIVE, event("2021-07-22"), event("2022-05-07", actor1=OTHER, fatalities=None), blank]
    events = data(*rows, covered=covered)
    found = check(statement, events, Draws(3), written=day)
    assert found.verdict in (YES, NO, UNKNOWN)
    assert found.reason.endswith(".")
    empty = check(statement, events_of([], "none.csv"), Draws(3), written=day)
    assert empty.verdict == UNKNOWN or question.kind in ("distance", "status")


@settings(max_examples=15, deadline=None)
@given(rows, st.sampled_from(ALL))
def test_figures_lie_in_their_intervals_and_events_are_known(some: list[dict[str, Any]], question: Asked) -> None:
    events = data(*some)
    found = answered(question, events)
    assert found.verdict in (YES, NO, UNKNOWN)
    assert set(found.events) <= set(events.table["id"].to_list())
    if found.low is not None and found.figure is not None:
        assert found.low <= found.figure <= (found.high or 0)
    assert found.reason.endswith(".")
    assert found == answered(question, events)


def test_two_days_are_not_compared_with_a_month() -> None:
    """The text was written on the second of the month: neither totals nor events a day would be fair."""
    question = asked("change", comparison="more", value=2, unit="times", since="2022-03-01", until="2022-03-02",
                     than_since="2022-02-01", than_until="2022-02-28")  # fmt: skip
    days = [*(f"2022-02-{day:02}" for day in range(1, 29)), "2022-03-01"]
    found = answered(question, data(*map(event, days)))
    assert found.verdict == "cannot be told"
    assert "2 days are compared with 28" in found.reason
