"""Events as columns, what they may have been, periods, sentences and figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tocsin import project
from tocsin.analyse import question as asking
from tocsin.analyse.answer import Answer, number, percent
from tocsin.analyse.draws import NO_DRAWS, Draws, interval_of
from tocsin.analyse.events import Events, events_of, read_events
from tocsin.analyse.figure import picture, save
from tocsin.analyse.periods import MOST, counts, number_of, start_of
from tocsin.analyse.question import Option, question
from tocsin.analyse.written import as_csv, as_json, readable, write
from tocsin.errors import UsageError
from tocsin.exchange.readers import read_rows
from tocsin.locate.distance import kilometres_from
from tocsin.store import Filter, create_store

HEAD = "event_id_cnty,event_date,time_precision,event_type,actor1,country,admin1,location,latitude,longitude,fatalities"
LINES = (
    "A1,2024-01-05,1,Battles,Red Front,Mali,Mopti,Douentza,15.0,-2.9,3",
    "A2,2024-02-07,1,Riots,Rioters (Mali),Mali,Gao,Gao,16.3,0.0,0",
    "A3,2024-03-09,1,Battles,Blue Guard,Niger,Tahoua,Tahoua,14.9,5.3,9",
)


def row(name: str = "a", **changes: Any) -> dict[str, Any]:
    """A battle on 5 January 2024 with 2 dead, at a known place."""
    return {
        "event_id_cnty": name, "event_date": "2024-01-05", "time_precision": 1, "latitude": 12.0, "longitude": -8.0,
        "geo_precision": 1, "fatalities": 2, "country": "Mali", "event_type": "Battles", **changes,
    }  # fmt: skip


def some(*changes: dict[str, Any], wanted: Filter | None = None) -> Events:
    return events_of([row(f"e{at:03}", **each) for at, each in enumerate(changes)], wanted=wanted)


# -- reading ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text("\n".join((HEAD, *LINES)) + "\n")
    return path


FILTERS: list[tuple[Filter, list[str]]] = [
    (Filter(), ["A1", "A2", "A3"]),
    (Filter(country="Mali"), ["A1", "A2"]),
    (Filter(admin1="Gao"), ["A2"]),
    (Filter(event_type="Battles", since="2024-02-01"), ["A3"]),
    (Filter(until="2024-02-07"), ["A1", "A2"]),
    (Filter(actor="front"), ["A1"]),
    (Filter(text="tahou"), ["A3"]),
    (Filter(fatalities_min=3), ["A1", "A3"]),
    (Filter(bbox=(-3, 14, 1, 17)), ["A1", "A2"]),
    (Filter(near=(15.0, -2.9, 50.0)), ["A1"]),
    (Filter(country="Chad"), []),
]


@pytest.mark.parametrize(("wanted", "found"), FILTERS, ids=str)
def test_a_filter_needs_no_columns_that_the_question_does_not_read(
    file: Path, wanted: Filter, found: list[str]
) -> None:
    """The columns that the filter looks at are read, too, whatever the question asks for."""
    events = read_events(file, wanted, ("fatalities",), kind="acled")
    assert events.table["id"].to_list() == found
    assert "fatalities_low" in events.table.columns


def test_a_database_reads_as_the_file_that_was_imported(file: Path, address: str) -> None:
    """The same events, kinds and bounds, by every filter, on both databases; ids are the database's own."""
    with create_store(address) as store:
        project.import_rows(store, read_rows(file, "acled"), name="events.csv")
        project.link_all(store)
        for wanted, _ in FILTERS:
            one = read_events(file, wanted, ("actor1", "location"), kind="acled").table.drop("id")
            two = read_events(store, wanted, ("actor1", "location")).table.drop("id")
            assert_frame_equal(two, one.select(two.columns))


def test_an_empty_file_has_the_columns_that_were_asked_for(tmp_path: Path) -> None:
    """So that a question can look at them."""
    path = tmp_path / "none.csv"
    path.write_text(HEAD + "\n")
    events = read_events(path, columns=("actor1", "admin1"), kind="acled")
    assert len(events) == 0
    assert {"actor1", "admin1", "radius_km"} <= set(events.table.columns)


def test_a_column_that_is_none_is_named(file: Path) -> None:
    with pytest.raises(UsageError, match="colour: no column of an event"):
        read_events(file, columns=("colour",), kind="acled")


def test_columns_have_their_kinds() -> None:
    """Days are days, empty texts are nothing, bounds of deaths are the number where none are given."""
    (found,) = some({"actor1": "", "fatalities_high": 5}).table.to_dicts()
    assert found["event_date"] == date(2024, 1, 5)
    assert found["actor1"] is None
    assert (found["fatalities_low"], found["fatalities"], found["fatalities_high"]) == (2, 2, 5)
    assert found["radius_km"] == 5.0


@pytest.mark.parametrize(
    ("given", "bounds"),
    [
        ({"fatalities": 5, "fatalities_low": 7, "fatalities_high": 3}, (5, 5)),
        ({"fatalities": None}, (None, None)),
        ({"fatalities": None, "fatalities_low": 1, "fatalities_high": 4}, (1, 4)),
    ],
)
def test_low_is_never_above_high(given: dict[str, Any], bounds: tuple[int | None, int | None]) -> None:
    """The bounds always hold the number."""
    (found,) = some(given).table.to_dicts()
    assert (found["fatalities_low"], found["fatalities_high"]) == bounds


def test_events_are_oldest_first_whatever_their_order() -> None:
    """Sorted by day, then by id; those without a day come first."""
    rows = [row("b"), row("a"), row("c", event_date="2023-12-31"), row("d", event_date=None)]
    assert events_of(rows).table["id"].to_list() == ["d", "c", "a", "b"]
    assert events_of(rows[::-1]).table.equals(events_of(rows).table)


PERIODS: list[tuple[Filter | None, tuple[str, str]]] = [
    (None, ("2024-01-05", "2024-01-09")),
    (Filter(since="2023-12-01"), ("2023-12-01", "2024-01-09")),
    (Filter(until="2024-02-01"), ("2024-01-05", "2024-02-01")),
]


@pytest.mark.parametrize(("wanted", "period"), PERIODS, ids=str)
def test_the_period_is_the_one_asked_for_else_that_of_the_events(
    wanted: Filter | None, period: tuple[str, str]
) -> None:
    events = some({}, {"event_date": "2024-01-09"}, wanted=wanted)
    assert (str(events.first), str(events.last)) == period


def test_without_a_day_there_is_no_period() -> None:
    with pytest.raises(UsageError, match="there is no period"):
        _ = some({"event_date": None}).first


def test_too_few_events_are_told() -> None:
    with pytest.raises(UsageError, match="found 1 events"):
        some({}).demanded(2)


@pytest.mark.parametrize(
    ("point", "km"), [((0.0, 1.0), 111.19), ((90.0, 77.0), 10007.5), ((0.0, 180.0), 20015.1), ((0.0, 0.0), 0.0)]
)
def test_kilometres(point: tuple[float, float], km: float) -> None:
    """A degree of the equator, a quarter and half of the globe (radius 6371 km)."""
    found = kilometres_from(np.array([point[0]]), np.array([point[1]]), 0.0, 0.0)
    assert found[0] == pytest.approx(km, abs=0.2)


# -- draws -----------------------------------------------------------------------------------------------------------

EVENTS = st.lists(
    st.fixed_dictionaries({
        "event_date": st.dates(date(2020, 1, 1), date(2024, 12, 31)).map(str),
        "time_precision": st.sampled_from([None, 1, 2, 3]),
        "geo_precision": st.sampled_from([None, 1, 2, 3]),
        "latitude": st.none() | st.floats(-90, 90), "longitude": st.floats(-180, 180),
        "fatalities": st.none() | st.integers(0, 500),
        "fatalities_low": st.none() | st.integers(0, 500), "fatalities_high": st.none() | st.integers(0, 500),
    }), min_size=1, max_size=30,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(EVENTS, st.integers(0, 99))
def test_a_draw_stays_within_what_is_known(changes: list[dict[str, Any]], seed: int) -> None:
    """Within the radius, the days that the precision leaves open, and low to high; what is not known stays so."""
    events = some(*changes)
    (drawn,) = Draws(1, seed).of(events)
    assert drawn.table["id"].equals(events.table["id"])
    for one, other in zip(events.table.to_dicts(), drawn.table.to_dicts(), strict=True):
        _check_place(one, other)
        _check_day(one, other)
        assert (one["fatalities"] is None) == (other["fatalities"] is None)
        if one["fatalities"] is not None:
            assert one["fatalities_low"] <= other["fatalities"] <= one["fatalities_high"]


def _check_place(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (one["latitude"] is None) == (other["latitude"] is None)
    if one["latitude"] is None:
        return
    assert -180 <= other["longitude"] <= 180
    assert -90 <= other["latitude"] <= 90
    if abs(one["latitude"]) < 80:  # near a pole the plane is too rough
        at = (np.array([other["latitude"]]), np.array([other["longitude"]]))
        assert kilometres_from(*at, one["latitude"], one["longitude"])[0] <= one["radius_km"] * 1.15 + 0.1


def _check_day(one: dict[str, Any], other: dict[str, Any]) -> None:
    was, now = one["event_date"], other["event_date"]
    if one["time_precision"] in (None, 1):
        assert now == was
    elif one["time_precision"] == 2:
        assert abs((now - was).days) <= 3
    else:
        assert (now.year, now.month) == (was.year, was.month)


def test_every_day_left_open_is_drawn() -> None:
    """All 7 days around a week's middle, all 29 of February 2024: each about as often."""
    events = some({"time_precision": 2}, {"event_date": "2024-02-10", "time_precision": 3})
    days = [each.table["event_date"].to_list() for each in Draws(2000).of(events)]
    week, month = ({at: found.count(at) for at in found} for found in (list(each) for each in zip(*days, strict=True)))
    assert set(week) == {date(2024, 1, 5) + timedelta(each) for each in range(-3, 4)}
    assert set(month) == {date(2024, 2, 1) + timedelta(each) for each in range(29)}
    assert min(week.values()) > 200  # 286 on average
    assert min(month.values()) > 35  # 69 on average


def test_a_quarter_of_points_lies_within_half_the_radius() -> None:
    """Points are even over the circle's area, not along its radius."""
    events = some(*[{"geo_precision": 2}] * 4000)
    (drawn,) = Draws(1).of(events)
    at = drawn.table["latitude"].to_numpy(), drawn.table["longitude"].to_numpy()
    near = kilometres_from(*at, 12.0, -8.0) <= events.table["radius_km"][0] / 2
    assert near.mean() == pytest.approx(0.25, abs=0.03)


def test_deaths_are_as_often_less_than_the_best_number_as_more() -> None:
    """Low 0, best 100, high 400: half of the draws below 100, a quarter of the triangle's area below 100 / sqrt(2)."""
    events = some({"fatalities": 100, "fatalities_low": 0, "fatalities_high": 400})
    drawn = np.array([each.table["fatalities"][0] for each in Draws(4000).of(events)])
    assert (drawn < 100).mean() == pytest.approx(0.5, abs=0.03)
    assert (drawn < 100 / np.sqrt(2)).mean() == pytest.approx(0.25, abs=0.03)
    assert (drawn > 400 - 300 / np.sqrt(2)).mean() == pytest.approx(0.25, abs=0.03)


def test_reports_err_together() -> None:
    """The best total, 100 x 2, is the middle of its interval's draws, which reach towards all low and all high."""
    events = some(*[{"fatalities": 2, "fatalities_low": 0, "fatalities_high": 20}] * 100)
    band = Draws(400).interval(events, lambda each: float(each.table["fatalities"].sum() or 0))
    assert band is not None
    assert (float(band.low), float(band.high)) == (pytest.approx(100, abs=1), pytest.approx(1400, abs=101))


def test_a_doubtful_event_is_there_as_often_as_it_is_no_double() -> None:
    """`doubt` 0.75: in a quarter of the draws; 0, null: always; 1: never."""
    events = some({}, {}, {}, {})
    doubted = events.of(events.table.with_columns(doubt=pl.Series([0.0, None, 0.75, 1.0])))
    times = dict.fromkeys(events.table["id"], 0)
    for each in Draws(1000).of(doubted):
        for name in each.table["id"]:
            times[name] += 1
    assert list(times.values())[:2] == [1000, 1000]
    assert times["e002"] == pytest.approx(250, abs=45)
    assert times["e003"] == 0


def test_the_same_seed_draws_the_same() -> None:
    events = some(*[{"time_precision": 3, "fatalities_high": 9}] * 20)
    one, same, other = ([each.table for each in Draws(3, seed).of(events)] for seed in (1, 1, 2))
    assert all(a.equals(b) for a, b in zip(one, same, strict=True))
    assert not one[0].equals(other[0])
    assert not one[0].equals(one[1])


def test_no_draws_no_interval() -> None:
    assert not NO_DRAWS
    assert NO_DRAWS.interval(some({}), lambda events: 1.0) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.none() | st.floats(-1e6, 1e6), min_size=3, max_size=3), min_size=1, max_size=20))
def test_the_interval_is_numpy_s(figures: list[list[float | None]]) -> None:
    """The 5 % and 95 % quantiles of the draws that have the figure; NaN where none has."""
    found = np.array(figures, float)
    interval = interval_of(list(found))
    for at in range(3):
        known = found[~np.isnan(found[:, at]), at]
        low, high = np.quantile(known, [0.05, 0.95]) if len(known) else (np.nan, np.nan)
        assert [interval.low[at], interval.high[at]] == pytest.approx([low, high], nan_ok=True)


def test_the_interval_of_one_number() -> None:
    """0 to 100: 5 and 95."""
    interval = interval_of(list(range(101)))
    assert (float(interval.low), float(interval.high)) == (5.0, 95.0)


# -- periods ---------------------------------------------------------------------------------------------------------

STARTS: list[tuple[str, Any, str]] = [
    ("2024-01-05", "day", "2024-01-05"),
    ("2024-01-05", "week", "2023-12-30"),  # a Friday: the week began on Saturday
    ("2024-01-06", "week", "2024-01-06"),
    ("1969-12-31", "week", "1969-12-27"),
    ("2024-02-29", "month", "2024-02-01"),
    ("1969-12-31", "month", "1969-12-01"),
    ("2024-12-31", "year", "2024-01-01"),
    ("1900-03-01", "year", "1900-01-01"),
    ("0001-01-01", "week", "0001-01-01"),  # nothing is before year 1
    ("9999-12-31", "month", "9999-12-01"),
]


@pytest.mark.parametrize(("day", "every", "start"), STARTS)
def test_periods_begin(day: str, every: Any, start: str) -> None:
    days = np.array([date.fromisoformat(day).toordinal() - date(1970, 1, 1).toordinal()])
    assert str(start_of(int(number_of(days, every)[0]), every)) == start


@settings(max_examples=100, deadline=None)
@given(st.dates(date(1, 1, 9)), st.sampled_from(["day", "week", "month", "year"]))
def test_a_day_lies_in_its_period(day: date, every: Any) -> None:
    """From its start, to before the next one's."""
    at = int(number_of(np.array([day.toordinal() - date(1970, 1, 1).toordinal()]), every)[0])
    start, after = start_of(at, every), start_of(at + 1, every)
    assert start <= day
    assert day < after or after == date.max


def test_counts_have_periods_in_which_nothing_happened() -> None:
    """January 2 events and 4 dead, February none, March 1 event whose dead are not known."""
    events = some({}, {"event_date": "2024-01-31"}, {"event_date": "2024-03-02", "fatalities": None})
    assert counts(events).values.tolist() == [[2], [0], [1]]
    assert counts(events, measure="fatalities").values.tolist() == [[4], [0], [0]]
    assert counts(events).whole.tolist() == [False, True, False]


def test_counts_of_each_value_of_a_column() -> None:
    """In the order of names; a value that is not known is a group, too."""
    events = some({"admin1": "Mopti"}, {"admin1": "Gao"}, {"admin1": "Gao", "event_date": "2024-02-01"}, {})
    found = counts(events, by="admin1")
    assert found.groups == ["(not known)", "Gao", "Mopti"]
    assert found.values.tolist() == [[1, 1, 1], [0, 1, 0]]


def test_a_day_that_was_drawn_out_of_the_period_is_not_counted() -> None:
    events = some({"event_date": "2024-01-05"}, wanted=Filter(since="2024-01-01", until="2024-01-31"))
    moved = events.of(events.table.with_columns(event_date=pl.lit(date(2024, 2, 2))))
    assert counts(moved).values.tolist() == [[0]]


@settings(max_examples=60, deadline=None)
@given(EVENTS, st.sampled_from(["day", "week", "month", "year"]))
def test_counts_add_up(changes: list[dict[str, Any]], every: Any) -> None:
    """Every event with a day is in one period, and groups add up to all."""
    events = some(*[{**each, "admin1": f"A{at % 3}"} for at, each in enumerate(changes)])
    assert counts(events, every).values.sum() == len(changes)
    assert (counts(events, every, "admin1").values.sum(axis=1) == counts(events, every).values[:, 0]).all()
    dead = sum(each["fatalities"] or 0 for each in changes)
    assert counts(events, every, measure="fatalities").values.sum() == dead


def test_a_table_that_is_too_large_is_refused() -> None:
    events = some({"event_date": "0700-01-01"}, {"event_date": "2500-01-01"})
    assert (date(2500, 1, 1) - date(700, 1, 1)).days > MOST
    with pytest.raises(UsageError, match="too many; choose longer periods"):
        counts(events, "day")


def test_counting_by_what_is_no_column_is_told() -> None:
    with pytest.raises(UsageError, match="--by colour: no column"):
        counts(some({}), by="colour")


# -- sentences, tables, figures --------------------------------------------------------------------------------------

NUMBERS: list[tuple[str, str]] = [
    (number(12, 10, 15, unit="events"), "12 events (90 % interval 10 to 15)"),
    (number(1234.5, unit="km", places=1), "1,234.5 km"),
    (number(3, None, 4), "3"),
    (number(3, float("nan"), float("nan")), "3"),
    (number(-2, -3, -1), "−2 (90 % interval −3 to −1)"),
    (number(-0.2), "0"),
    (percent(0.25, 0.1, 0.4), "25 % (90 % interval 10 % to 40 %)"),
    (percent(0.25, signed=True), "+25 %"),
    (percent(-0.5, signed=True), "−50 %"),
    (percent(-0.001, signed=True), "+0 %"),
]


@pytest.mark.parametrize(("said", "expected"), NUMBERS)
def test_figures_in_sentences(said: str, expected: str) -> None:
    assert said == expected


def answer(**changes: Any) -> Answer:
    table = pl.DataFrame({
        "day": [date(2024, 1, 5), None], "name": ["=1+1", "Gao"], "count": [2, 0], "count_low": [1.0, None],
        "count_high": [3.0, float("nan")],
    })  # fmt: skip
    return Answer(**{"question": "trend", "sentence": "It rose.", "table": table, "source": "a.db", **changes})


def test_tables_are_written_in_three_forms(tmp_path: Path) -> None:
    """CSV is safe to open in a spreadsheet; JSON has no NaN; Parquet keeps the kinds."""
    found = answer()
    for form in ("csv", "json", "parquet"):
        write(found, tmp_path / f"t.{form}")
    lines = (tmp_path / "t.csv").read_text().splitlines()
    assert lines[0] == "day,name,count,count_low,count_high"
    assert not lines[1].split(",")[1].startswith("=")
    assert json.loads((tmp_path / "t.json").read_text())["table"][1]["count_high"] is None
    assert pl.read_parquet(tmp_path / "t.parquet")["day"].dtype == pl.Date
    assert as_csv(found.table).decode().splitlines()[2].startswith(",Gao,0,")
    with pytest.raises(UsageError, match=r"found the ending '\.xlsx'"):
        write(found, tmp_path / "t.xlsx")


def test_all_of_an_answer_is_in_its_json() -> None:
    found = json.loads(as_json(answer(notes=("One.",), events=("a",), tables={"more": pl.DataFrame({"x": [1]})})))
    assert (found["sentence"], found["notes"], found["events"]) == ("It rose.", ["One."], ["a"])
    assert found["tables"] == {"more": [{"x": 1}]}


def test_bounds_stand_behind_their_value() -> None:
    """Columns NAME_low and NAME_high are not columns of their own where people read."""
    shown, left = readable(answer().table, 80)
    assert ([column.header for column in shown.columns], left) == (["day", "name", "count"], [])
    assert list(shown.columns[2].cells) == ["2 (1 to 3)", "0"]


def test_columns_without_room_are_named() -> None:
    table = pl.DataFrame({f"column_{at}": ["x" * 20] for at in range(6)})
    shown, left = readable(table, 70)
    assert [str(column.header) for column in shown.columns] + left == [f"column {at}" for at in range(6)]
    assert len(shown.columns) == 3


def lines_of(figure: Any) -> None:
    figure.add_subplot().plot([1, 2], [3, 4], label="a")


@pytest.mark.parametrize(("form", "begin"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_pictures(tmp_path: Path, form: str, begin: bytes) -> None:
    """A sentence with two dollar signs is no formula; the same answer gives the same bytes."""
    found = answer(draw=lines_of, sentence="From 5 $ to_ 6^ $, 5 % more.", source="a$b$c.db: 1 event")
    made = picture(found, form)
    assert made.startswith(begin)
    assert made == picture(found, form)
    save(found, tmp_path / f"f.{form}")
    assert [path.name for path in tmp_path.iterdir()] == [f"f.{form}"]


def test_figures_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.png or \.svg"):
        save(answer(draw=lines_of), tmp_path / "f.gif")
    with pytest.raises(UsageError, match="nothing to draw"):
        picture(answer())


# -- questions -------------------------------------------------------------------------------------------------------


def test_a_question_tells_its_options() -> None:
    """As `trend` has them: type, default and help come from its signature."""
    found = question("trend")
    assert found.help.startswith("Events or fatalities per period")
    assert [option.name for option in found.options] == ["every", "by", "measure", "rolling"]
    assert found.options[0] == Option("every", Literal["day", "week", "month", "year"], "month", "Length of a period.")


def test_a_question_that_is_none_is_told() -> None:
    with pytest.raises(UsageError, match="found 'why', expected a question"):
        question("why")


def test_an_option_without_help_has_none() -> None:
    def asked(*, top: int = 3, word: Annotated[str | None, "A word."] = None) -> None: ...

    from inspect import signature

    given: Sequence[Any] = list(signature(asked, eval_str=True).parameters.values())
    assert [asking._option(each).help for each in given] == ["", "A word."]
