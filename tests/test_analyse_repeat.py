"""Near repeats: the Knox test against pointpats' published example, and short cases counted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.analyse.draws import NO_DRAWS, Draws
from tocsin.analyse.events import Events, events_of, read_events
from tocsin.analyse.figure import picture
from tocsin.analyse.methods import knox
from tocsin.analyse.methods.sphere import in_space, straight
from tocsin.analyse.repeat import repeat
from tocsin.errors import UsageError

NIGERIA = Path(__file__).parents[2] / "shared/data/ucdp-ged-events/ged201_nigeria.csv.gz"
FIRST = date(2022, 1, 1)
KM = 1 / 111.19  # degrees of latitude


def event(day: int, north: float = 0.0, **facts: Any) -> dict[str, Any]:
    """An event so many days after the first, so many km north of the equator."""
    return {"event_date": str(FIRST + timedelta(day)), "time_precision": 1, "latitude": north * KM, "longitude": 20.0,
            "geo_precision": 1, "fatalities": 0, **facts}  # fmt: skip


def told(*rows: dict[str, Any]) -> Events:
    return events_of([{"event_id_cnty": f"{at:04}", **row} for at, row in enumerate(rows)])


def burkitt() -> tuple[np.ndarray, np.ndarray]:
    """Points and days of the 188 cases that pointpats' documentation counts."""
    libpysal = pytest.importorskip("libpysal")
    table = libpysal.io.open(libpysal.examples.get_path("burkitt.dbf"))
    columns = {name: np.array(table.by_col(name)) for name in ("X", "Y", "T")}
    table.close()
    return np.stack([columns["X"], columns["Y"]], axis=1).astype(float), columns["T"].astype(np.int32)


def test_the_published_example_of_pointpats() -> None:
    """Docstring of pointpats.Knox (2.5): delta 20, tau 5 give 13 pairs, 10.1438161 expected; p of 99 shuffles 0.21."""
    points, days = burkitt()
    ends, pairs = np.array([5]), knox.near(points, np.array([20.0]))
    count = knox.observed(pairs, days, ends)
    assert count.tolist() == [[13]]
    assert len(pairs.first) == 13 + 3416
    assert knox.expected(pairs, days, ends)[0, 0] == pytest.approx(10.1438161, abs=1e-7)
    assert knox.chance(count, knox.shuffled(pairs, days, ends, 999, 1))[0, 0] == pytest.approx(0.20, abs=0.04)


def test_bands_hold_what_a_look_at_all_pairs_finds() -> None:
    """Each pair is in the first band whose end it does not exceed."""
    points, days = np.array([[0, 0], [3, 4], [3, 4], [30, 0]], float), np.array([0, 2, 9, 3], np.int32)
    pairs = knox.near(points, np.array([5.0, 26.0]))
    # 0-1: 5 apart, 2 days; 0-2: 5, 9 days; 1-2: 0, 7 days; 1-3, 2-3: 27.3 apart, out; 0-3: 30, out
    assert knox.observed(pairs, days, np.array([2, 7])).tolist() == [[1, 1], [0, 0]]
    # days between all six pairs: 2, 9, 3, 7, 1, 6: two within 2, three within 7; three near pairs of six
    assert knox.expected(pairs, days, np.array([2, 7])).tolist() == [[1.0, 1.5], [0.0, 0.0]]


cases = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 20)), min_size=2, max_size=25)


@given(cases)
@settings(max_examples=60, deadline=None)
def test_pairs_are_those_of_every_two_events(given_cases: list[tuple[int, int, int]]) -> None:
    """The tree finds what two loops find; the expected number is the mean of all shuffles' by its formula."""
    points = np.array([each[:2] for each in given_cases], float)
    days = np.array([each[2] for each in given_cases], np.int32)
    far, long = np.array([2.0, 5.0]), np.array([0, 3])
    wanted, near, soon = np.zeros((2, 2)), np.zeros(2), np.zeros(2)
    for one in range(len(points)):
        for two in range(one):
            a = int(np.searchsorted(far, np.linalg.norm(points[one] - points[two])))
            b = int(np.searchsorted(long, abs(int(days[one]) - int(days[two]))))
            near[a : a + 1] += 1
            soon[b : b + 1] += 1
            if a < 2 and b < 2:
                wanted[a, b] += 1
    pairs = knox.near(points, far)
    assert knox.observed(pairs, days, long).tolist() == wanted.tolist()
    number = len(points) * (len(points) - 1) / 2
    assert knox.expected(pairs, days, long) == pytest.approx(np.outer(near, soon) / number)


def test_expected_is_the_mean_of_many_shuffles() -> None:
    source = np.random.default_rng(3)
    points, days = source.uniform(0, 10, (80, 2)), source.integers(0, 40, 80).astype(np.int32)
    pairs, ends = knox.near(points, np.array([1.0, 3.0])), np.array([3, 10])
    mean = knox.shuffled(pairs, days, ends, 800, 1).mean(axis=0)
    assert mean == pytest.approx(knox.expected(pairs, days, ends), rel=0.06)


def test_a_straight_line_stands_for_a_distance_on_the_globe() -> None:
    """A quarter of the way around is √2 radii straight; a point of the equator and the pole are so far apart."""
    assert straight(6371.0 * np.pi / 2) == pytest.approx(6371.0 * np.sqrt(2))
    a, b = in_space([0.0, 90.0], [10.0, 0.0])
    assert np.linalg.norm(a - b) == pytest.approx(6371.0 * np.sqrt(2))


def volleys() -> list[dict[str, Any]]:
    """Ten places far apart, at each three events on three days running, 60 days after those of the last place."""
    return [event(60 * place + day, 100.0 * place) for place in range(10) for day in range(3)]


def test_volleys_repeat() -> None:
    """30 near pairs, all within 2 days; of all 435 pairs 30 are within 2 days: chance makes 30 x 30 / 435 = 2.07."""
    found = repeat(told(*volleys()), NO_DRAWS, distances="5", days="2")
    row = found.table.row(0, named=True)
    assert (row["km_from"], row["km_to"], row["days_from"], row["days_to"]) == (0, 5, 0, 2)
    assert (row["pairs"], row["p"]) == (30, 0.01)
    assert row["expected"] == pytest.approx(900 / 435)
    assert row["ratio"] == pytest.approx(435 / 30)
    assert found.sentence == ("Within 5 km and 2 days there are 14.50 times as many pairs of events as by chance "
                              "(p = 0.01, 99 shuffles); the excess reaches 5 km and 2 days.")  # fmt: skip


def test_chance_does_not_repeat() -> None:
    """Days drawn at random on places drawn at random: p is 0.05 or less in about one of 20 sets of events."""
    low = 0
    for seed in range(20):
        source = np.random.default_rng(seed)
        days, places = source.integers(0, 90, 60), source.uniform(0, 200, 60)
        rows = [event(int(day), north) for day, north in zip(days, places, strict=True)]
        low += repeat(told(*rows), NO_DRAWS, distances="20", days="7").table["p"][0] <= 0.05
    assert low <= 4


def test_bands_with_few_pairs_have_no_ratio() -> None:
    found = repeat(told(*volleys()), NO_DRAWS, distances="5,50", days="2,7")
    assert found.table["pairs"].to_list() == [30, 0, 0, 0]
    assert found.table["ratio"].is_null().to_list() == [False, True, True, True]


def test_rough_days_and_places_are_left_out() -> None:
    rows = [*volleys(), event(1, 0, geo_precision=2), event(1, 0, time_precision=2), event(1, 0, geo_precision=None)]
    found = repeat(told(*rows), NO_DRAWS, distances="5", days="2")
    assert found.table["pairs"].to_list() == [30]
    assert "3 events without an exact day or place are left out." in found.notes
    assert repeat(told(*rows), NO_DRAWS, distances="5", days="2", precision=2).table["pairs"].to_list() == [33]


def test_draws_move_events_within_a_town() -> None:
    """The interval holds the figure of the events as they are told, and is the same for the same seed."""
    rows = [*volleys(), *(event(60 * place + 30, 100.0 * place + 4) for place in range(10))]  # a month later, 4 km off
    one, two = (repeat(told(*rows), Draws(20, 3), distances="3,10", days="2").table for _ in range(2))
    assert one.equals(two)
    row = one.row(0, named=True)
    assert row["ratio_low"] < row["ratio"] <= row["ratio_high"]


def test_more_events_than_can_be_paired_are_sampled() -> None:
    rows = [event(at % 300, (at * 7) % 900) for at in range(21_000)]
    found = repeat(told(*rows), NO_DRAWS, permutations=1)
    assert any(note.startswith("Pairs are counted among ") and "of 21,000 events" in note for note in found.notes)


@pytest.mark.parametrize("options", [{"distances": "10,5"}, {"distances": "a"}, {"distances": "0,5"}, {"days": ""},
                                     {"days": "-1,2"}, {"days": "9999"}, {"permutations": 0},
                                     {"permutations": 10**9}])  # fmt: skip
def test_options_that_make_no_bands(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="expected"):
        repeat(told(*volleys()), NO_DRAWS, **options)


def test_nothing_to_pair() -> None:
    with pytest.raises(UsageError, match="expected at least 5"):
        repeat(told(event(1), event(2)), NO_DRAWS)


@pytest.mark.skipif(not NIGERIA.exists(), reason="the UCDP events are not here")
def test_attacks_in_nigeria_repeat() -> None:
    found = repeat(read_events(NIGERIA, kind="ucdp-ged"), NO_DRAWS)
    assert found.table["ratio"][0] > 3
    assert found.table["p"][0] == 0.01
    assert picture(found, "png").startswith(b"\x89PNG")
