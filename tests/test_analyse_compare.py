"""Two data sets on the same place and time: pairs, what each misses, how many there are in all."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.analyse.answer import Answer
from tocsin.analyse.compare import COLUMNS, compare
from tocsin.analyse.draws import NO_DRAWS, Draws
from tocsin.analyse.events import Events, events_of, read_events
from tocsin.analyse.figure import picture
from tocsin.analyse.methods.matching import can_match, matches
from tocsin.analyse.methods.recapture import LEAST, chapman, estimate
from tocsin.errors import UsageError
from tocsin.store import Filter

DATA = Path(__file__).parents[2] / "shared" / "data"
Row = dict[str, Any]


def row(name: str, **changes: Any) -> Row:
    """An attack on a village on 11 March 2024 with 3 dead."""
    day = changes.get("event_date", "2024-03-11")
    return {
        "event_id_cnty": name, "event_date": day, "year": day[:4], "time_precision": 1,
        "event_type": "Violence against civilians", "sub_event_type": "Attack", "actor1": "Lake Front",
        "actor2": "Civilians (Mali)", "inter2": "Civilians", "country": "Mali", "admin1": "Mopti", "location": "Dano",
        "latitude": 14.5, "longitude": -4.2, "geo_precision": 1, "fatalities": 3, **changes,
    }  # fmt: skip


def far(name: str, at: int, **changes: Any) -> Row:
    """One of many events that are too far from each other to be one: 20 days, half a degree apart."""
    day = date(2022, 1, 1) + timedelta(20 * at)
    place = {"latitude": 10 + at % 17 / 2, "longitude": -8 + at // 17 / 2, "location": f"Place {chr(97 + at % 26)}"}
    return row(name, event_date=str(day), **place, **changes)


def written(path: Path, rows: list[Row]) -> str:
    names = list(rows[0])
    lines = [names, *([str("" if each[name] is None else each[name]) for name in names] for each in rows)]
    path.write_text("\n".join(",".join(line) for line in lines) + "\n")
    return str(path)


def compared(tmp_path: Path, one: list[Row], two: list[Row], draws: Draws = NO_DRAWS, **options: Any) -> Answer:
    other = written(tmp_path / "two.csv", two)
    return compare(events_of(one, "one.db"), draws, other=other, other_kind="acled", **options)


def test_both_and_what_each_has_alone(tmp_path: Path) -> None:
    """12 and 10 events, 8 of them in both: 80 % of the 10, 67 % of the 12; 13 x 11 / 9 - 1 = 14.9 in all."""
    one = [far(f"a{at}", at) for at in range(12)]
    two = [far(f"b{at}", at, fatalities=4) for at in range(8)] + [far(f"c{at}", at) for at in (10, 11)]
    two = [*two[:8], *[{**each, "latitude": -5.0 - at, "location": "Elsewhere"} for at, each in enumerate(two[8:])]]
    answer = compared(tmp_path, one, two)
    every = answer.table.row(0, named=True)
    assert (every["both"], every["first_only"], every["second_only"]) == (8, 4, 2)
    assert (every["first_has"], every["second_has"]) == (0.8, pytest.approx(8 / 12))
    pairs = answer.tables["pairs"]
    assert pairs.select("first_id", "second_id").rows() == [(f"a{at}", f"b{at}") for at in range(8)]
    assert pairs["days"].to_list() == [0] * 8
    assert answer.tables["deaths"].row(0) == (8, 24, 32, 0, 0, 8)
    assert sorted(answer.tables["missed"]["id"]) == ["a10", "a11", "a8", "a9", "c10", "c11"]
    assert answer.sentence == (
        "8 events are in both; one has 80 % of those of two; two has 67 % of those of one; in all there may be 15 "
        "(90 % interval 14 to 19)."
    )


def test_a_pair_counts_where_the_first_set_has_it(tmp_path: Path) -> None:
    """The sets disagree in type; what the first does not know is taken from the second."""
    one = [row("a", admin1=None), row("x", event_date="2024-03-30", latitude=10.0, location="Gao")]
    two = [row("b", event_type="Battles", sub_event_type="Armed clash", admin1="Segou"), far("y", 45)]
    table = compared(tmp_path, one, two).table
    found = {(field, value): n for field, value, n in table.select("field", "value", "both").rows()}
    assert found["event_type", "Violence against civilians"] == 1
    assert ("event_type", "Battles") not in found
    assert found["admin1", "Segou"] == 1
    assert found["deaths", "1 to 4"] == 1
    assert found["month", "2024-03"] == 1


def test_an_event_is_in_one_pair_only(tmp_path: Path) -> None:
    """Two alike events of the second set: one of them is the first's, the other is alone."""
    answer = compared(tmp_path, [row("a"), far("x", 0)], [row("b"), row("c"), far("y", 0)])
    assert answer.table.row(0, named=True)["both"] == 2
    assert answer.table.row(0, named=True)["second_only"] == 1


def test_only_the_same_place_and_time_is_compared(tmp_path: Path) -> None:
    """Days before the second set begins, and countries that it has not, are left out and told."""
    one = [row("a"), row("old", event_date="2020-01-01"), row("chad", country="Chad"), row("z", latitude=None)]
    two = [row("b"), row("c", event_date="2024-03-01", latitude=12.0, location="Kati")]
    answer = compared(tmp_path, one, two)
    assert answer.table.row(0, named=True)["first_only"] == 0
    assert "one.db: 3" in answer.notes[1]
    assert answer.notes[0] == "Compared are 2024-03-01 to 2024-03-11, Mali."


def test_the_filter_holds_for_both(tmp_path: Path) -> None:
    other = written(tmp_path / "two.csv", [row("b"), far("y", 3)])
    events = events_of([row("a")], "one.db", Filter(country="Mali", since="2024-01-01"))
    assert compare(events, NO_DRAWS, other=other, other_kind="acled").table.row(0, named=True)["second_only"] == 0


def test_few_in_both_give_no_estimate(tmp_path: Path) -> None:
    """6 are too few, 7 are enough; releases never tell."""
    for count, has in ((LEAST - 1, False), (LEAST, True)):
        sets = [[far(f"{name}{at}", at) for at in range(count)] for name in "ab"]
        answer = compared(tmp_path, *sets)
        assert ("estimate" in answer.tables) is has
        assert ("fewer than 7" in answer.notes[-1]) is not has
    assert "estimate" not in compared(tmp_path, *sets, releases=True).tables


def test_intervals_hold_the_figures(tmp_path: Path) -> None:
    """Draws of pairs that are not sure: low <= both <= high <= what each set has."""
    one = [far(f"a{at}", at) for at in range(30)]
    two = [far(f"b{at}", at, admin1="Gao", actor1="Unidentified Armed Group", fatalities=9) for at in range(30)]
    two = [{**each, "latitude": each["latitude"] + 0.1, "location": "Other"} for each in two]
    answer = compared(tmp_path, one, two, Draws(100))
    every = answer.table.row(0, named=True)
    assert every["both_low"] <= every["both"] <= every["both_high"] <= 30
    assert every["both_low"] < every["both_high"]


BAD: list[tuple[list[Row], list[Row], str]] = [
    ([], [row("b")], "found 0 events with a day, a country and a point in one.db"),
    ([row("a", latitude=None)], [row("b")], "found 0 events with a day, a country and a point"),
    ([row("a")], [row("b", country="Chad")], "have no place and time in common"),
    ([row("a")], [row("b", event_date="2030-01-01")], "have no place and time in common"),
]


@pytest.mark.parametrize(("one", "two", "said"), BAD)
def test_what_cannot_be_compared_is_told(tmp_path: Path, one: list[Row], two: list[Row], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        compared(tmp_path, one, two)


def test_rows_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """A row of the second file whose day is none."""
    other = [row("b"), {**row("c"), "event_date": "yesterday"}]
    assert "Rows of two.csv that could not be read: 1." in compared(tmp_path, [row("a")], other).notes


def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no event that could be read as acled"):
        compared(tmp_path, [row("a")], [{**row("b"), "event_date": "yesterday"}])


def test_two_sets_of_one_name_are_told_apart(tmp_path: Path) -> None:
    rows = [far(f"a{at}", at) for at in range(6)]
    other = written(tmp_path / "same.csv", rows)
    answer = compare(events_of(rows, "elsewhere/same.csv"), NO_DRAWS, other=other, other_kind="acled")
    assert "same (first) has 100 % of those of same (second)" in answer.sentence


def test_figures(tmp_path: Path) -> None:
    """With deaths and without, of one pair and of none."""
    for one, two in (([row("a")], [row("b")]), ([row("a", fatalities=None)], [row("b")]),
                     ([row("a"), far("x", 5)], [far("y", 3), far("z", 10)])):  # fmt: skip
        assert picture(compared(tmp_path, one, two), "png")


def test_chapman_s_estimate() -> None:
    """20 and 15, 9 in both: 21 x 16 / 10 - 1 = 32.6, variance 21 x 16 x 11 x 6 / (100 x 11) = 20.16."""
    number, spread = chapman(20, 15, 9)
    assert (float(number), float(spread)) == (pytest.approx(32.6), pytest.approx(20.16))
    found = estimate(20, 15, 9)
    assert found is not None
    unseen = 32.6 - 26
    width = 1.645 * np.sqrt(np.log1p(20.16 / unseen**2))
    assert (found.low, found.high) == (
        pytest.approx(26 + unseen / np.exp(width)),
        pytest.approx(26 + unseen * np.exp(width)),
    )
    assert estimate(20, 15, 6) is None


def test_the_interval_covers_as_often_as_it_says() -> None:
    """1,000 populations of 500, found with chances of 0.4 and 0.3: 90 % of the intervals hold 500, give or take 3 %."""
    source = np.random.default_rng(5)
    held = 0
    for _ in range(1000):
        one, two = source.random(500) < 0.4, source.random(500) < 0.3
        found = estimate(int(one.sum()), int(two.sum()), int((one & two).sum()))
        held += found is not None and found.low <= 500 <= found.high
    assert 0.87 <= held / 1000 <= 0.93


@settings(max_examples=100, deadline=None)
@given(st.integers(LEAST, 500), st.integers(0, 500), st.integers(0, 500), st.integers(1, 20))
def test_an_estimate_is_never_less_than_what_is_seen(both: int, a: int, b: int, draws: int) -> None:
    drawn = np.random.default_rng(draws).integers(max(1, both - 5), both + 1, draws)
    found = estimate(both + a, both + b, both, drawn)
    assert found is not None
    assert a + b + both - 1e-6 <= found.low <= found.number <= found.high


def gold(old: str, new: str) -> tuple[Events, Events]:
    folders = ("ucdp-ged-revisions", "ucdp-ged-events")
    one, two = (
        read_events(DATA / folder / f"{name}.csv.gz", columns=COLUMNS, kind="ucdp-ged").where(can_match())
        for folder, name in zip(folders, (old, new), strict=True)
    )
    return one, two


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data")
@pytest.mark.parametrize(
    ("old", "new", "least"), [("ged191_myanmar", "ged241_myanmar", 0.99), ("ged191_ukraine", "ged221_ukraine", 0.97)]
)
def test_releases_of_one_data_set_are_matched(old: str, new: str, least: float) -> None:
    """UCDP keeps the ids over its releases: F1 of the pairs."""
    one, two = gold(old, new)
    found = matches(one, two, releases=True)
    ids = [each.table["id"].to_numpy() for each in (one, two)]
    right = (ids[0][found.first] == ids[1][found.second])[found.joined].sum()
    same = len(np.intersect1d(*ids))
    assert 2 * right / (found.joined.sum() + same) >= least
    assert abs(found.drawn(Draws(50)).sum(axis=1).mean() - same) / same < 0.03
