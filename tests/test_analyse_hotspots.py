"""Hot spots: Gi* and local Moran against the published examples of PySAL, and cases worked out by hand."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import h3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tocsin.analyse.draws import NO_DRAWS, Draws
from tocsin.analyse.events import Events, events_of, read_events
from tocsin.analyse.figure import picture
from tocsin.analyse.hotspots import hotspots
from tocsin.analyse.methods import clusters, emerging
from tocsin.analyse.methods.areas import cells, units
from tocsin.errors import UsageError
from tocsin.store import Filter

NIGERIA = Path(__file__).parents[2] / "shared/data/ucdp-ged-events/ged201_nigeria.csv.gz"


def touching(size: int, *pairs: tuple[int, int]) -> csr_array:
    both = [*pairs, *((b, a) for a, b in pairs)]
    row, column = zip(*both, strict=True)
    return csr_array((np.ones(len(both)), (row, column)), shape=(size, size))


def chessboard(side: int) -> csr_array:
    """Squares that share a side."""
    at = {place: number for number, place in enumerate(product(range(side), repeat=2))}
    pairs = [(at[x, y], at[x + dx, y + dy]) for x, y in at for dx, dy in ((0, 1), (1, 0)) if (x + dx, y + dy) in at]
    return touching(side * side, *pairs)


# -- published examples ----------------------------------------------------------------------------------------------


def test_gi_star_as_esda_publishes_it() -> None:
    """Docstring of esda.G_Local (2.9), binary weights, star: six points, neighbours within 15 km."""
    near = touching(6, (0, 1), (0, 3), (1, 3), (1, 4), (2, 4), (3, 4), (4, 5))
    found = clusters.gi_star(np.array([2, 3, 3.2, 5, 8, 7]), clusters.with_itself(near))
    assert found == pytest.approx([-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331])


def test_gi_star_by_hand() -> None:
    """Values 0 0 6 in a row, mean 2, variance 8: for the last, sum 6, expected 4, error √(8 x 2 x (3 - 2) / 2) = √8."""
    around = clusters.with_itself(touching(3, (0, 1), (1, 2)))
    found = clusters.gi_star(np.array([0, 0, 6]), around)
    assert found == pytest.approx([-4 / np.sqrt(8), 0, 2 / np.sqrt(8)])


def test_local_moran_as_esda_publishes_it() -> None:
    """The example of esda.Moran_Local (de Smith, Goodchild and Longley, figure 5-31): its quadrants, and I by hand."""
    pairs = [(1, 2), (1, 4), (2, 5), (3, 4), (3, 7), (4, 5), (4, 8), (5, 6), (5, 9), (6, 10), (7, 8), (8, 9), (9, 10)]
    near = touching(10, *((a - 1, b - 1) for a, b in pairs))
    values = np.array([2.24, 3.10, 4.55, -5.15, -4.39, 0.46, 5.54, 9.02, -2.09, -3.06])
    found = clusters.local_moran(values, near)
    away = values - values.mean()
    lag = near @ away / near.sum(axis=1)
    quadrant = np.select([(away > 0) & (lag > 0), (away <= 0) & (lag > 0), (away <= 0) & (lag <= 0)], [1, 2, 3], 4)
    assert quadrant.tolist() == [4, 4, 4, 2, 3, 3, 1, 4, 3, 3]
    assert np.sign(found).tolist() == [-1, -1, -1, -1, 1, 1, 1, -1, 1, 1]
    # by hand for the first: mean 1.022, so 1.218 x the mean of 2.078 and -6.172, x 9 / the sum of squares 196.6632
    assert found[0] == pytest.approx(9 * 1.218 * (2.078 - 6.172) / 2 / ((values - 1.022) ** 2).sum())


def test_both_as_esda_works_them_out() -> None:
    """On a board of 12 x 12 with counts as events have them."""
    esda, libpysal = pytest.importorskip("esda"), pytest.importorskip("libpysal")
    values, near = np.random.default_rng(5).poisson(0.4, 144), chessboard(12)
    theirs = libpysal.weights.lat2W(12, 12)
    gi = esda.G_Local(values, theirs, transform="B", star=True, permutations=0)
    assert clusters.gi_star(values, clusters.with_itself(near)) == pytest.approx(gi.Zs)
    moran = esda.Moran_Local(values, libpysal.weights.lat2W(12, 12), permutations=0)
    assert clusters.local_moran(values, near) == pytest.approx(moran.Is)


# -- chance ----------------------------------------------------------------------------------------------------------


def test_chance_by_hand() -> None:
    """Values 0 0 0 1: the sum of two drawn is 0 in 9 of 16, 1 in 6, 2 in 1."""
    found = clusters.tails(np.array([0, 0, 0, 1]), clusters.with_itself(touching(4, (0, 1), (2, 3))))
    assert found.high == pytest.approx([1, 1, 7 / 16, 7 / 16])
    assert found.low == pytest.approx([9 / 16, 9 / 16, 15 / 16, 15 / 16])
    assert found.p == pytest.approx([1, 1, 7 / 8, 7 / 8])


@given(st.lists(st.integers(0, 9), min_size=3, max_size=6), st.integers(1, 3))
@settings(max_examples=50, deadline=None)
def test_chance_is_that_of_all_draws(values: list[int], size: int) -> None:
    """Against every way to draw: the share of draws whose sum is at least, and at most, that of the neighbourhood."""
    held = np.array(values)
    around = csr_array(np.array([[1.0] * size + [0.0] * (len(held) - size)] * len(held)))
    sums = np.array([sum(draw) for draw in product(values, repeat=size)])
    found = clusters.tails(held, around)
    assert found.high == pytest.approx(np.full(len(held), (sums >= held[:size].sum()).mean()))
    assert found.low == pytest.approx(np.full(len(held), (sums <= held[:size].sum()).mean()))


def test_huge_counts_are_worked_out_coarsely() -> None:
    values = np.zeros(50, np.int64)
    values[:2] = 2_000_000_000
    high = clusters.tails(values, clusters.with_itself(touching(50, *((at, at + 1) for at in range(49))))).high
    assert high[0] == pytest.approx(0.04**2)  # both of the two drawn
    assert high[30] == 1


def test_false_discoveries_by_hand() -> None:
    """Benjamini and Hochberg: p x 4 / rank, and never more than that of a larger p."""
    found = clusters.false_share(np.array([0.01, 0.04, 0.03, 0.5]))
    assert found == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_scattered_events_make_no_hot_spots() -> None:
    """Where events fall by chance, at most 5 % of the maps may show one; the normal approximation shows many more."""
    from scipy.stats import norm

    around, ours, normal = clusters.with_itself(chessboard(20)), 0, 0
    for seed in range(100):
        values = np.random.default_rng(seed).poisson(0.1, 400)
        ours += bool((clusters.false_share(clusters.tails(values, around).p) <= 0.05).any())
        usual = 2 * norm.sf(np.abs(clusters.gi_star(values, around)))
        normal += bool((clusters.false_share(usual) <= 0.05).any())
    assert ours <= 5
    assert normal > 50


# -- emerging --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("periods", "scores", "name"), [
    ("0000000001", "flat", "new"),
    ("0000000111", "flat", "consecutive"),
    ("0000000011", "flat", "consecutive"),
    ("1111111111", "flat", "persistent"),
    ("0111111111", "flat", "persistent"),
    ("1111111111", "up", "intensifying"),
    ("1111111111", "down", "diminishing"),
    ("1011111111", "up", "intensifying"),
    ("0100100001", "flat", "sporadic"),
    ("1011011011", "up", "sporadic"),
    ("1111111110", "flat", "historical"),
    ("1111111100", "flat", ""),
    ("0001100000", "flat", ""),
    ("0000000000", "up", ""),
])  # fmt: skip
def test_classes(periods: str, scores: str, name: str) -> None:
    """Ten periods, 1 where the area was hot; nine of ten are 90 %."""
    course = {"up": np.arange(10.0), "down": -np.arange(10.0), "flat": np.array([3.0, 1, 4, 1, 5, 2, 4, 3, 1, 4])}
    hot = np.array([[each == "1" for each in periods]])
    assert emerging.classes(hot, course[scores][None, :]) == [name]


def test_the_trend_by_hand() -> None:
    """Five rising scores: all 10 pairs agree, exact p is 2 / 5! = 0.017; four: 2 / 4! = 0.083, no trend."""
    assert emerging.trend(np.arange(5.0)) == 1
    assert emerging.trend(-np.arange(5.0)) == -1
    assert emerging.trend(np.arange(4.0)) == 0
    assert emerging.trend(np.ones(9)) == 0


# -- the question ----------------------------------------------------------------------------------------------------


def event(latitude: float, longitude: float, day: date = date(2022, 1, 10), **facts: Any) -> dict[str, Any]:
    return {"event_date": str(day), "time_precision": 1, "latitude": latitude, "longitude": longitude,
            "geo_precision": 1, "country": "Mali", "location": "Here", "admin1": "Mopti", "fatalities": 2,
            **facts}  # fmt: skip


def told(rows: list[dict[str, Any]], wanted: Filter | None = None) -> Events:
    return events_of([{"event_id_cnty": f"{at:04}", **row} for at, row in enumerate(rows)], "mali.db", wanted)


MIDDLE = h3.latlng_to_cell(14.5, -4.0, 4)


def cluster(every: int = 6, days: tuple[date, ...] = (date(2022, 1, 10),)) -> list[dict[str, Any]]:
    """So many events in a cell and in each of the six around it, and one in each of eight cells far away."""
    near = [h3.cell_to_latlng(cell) for cell in h3.grid_disk(MIDDLE, 1)]
    far = [(11.2 + at, -8.0 + 0.7 * (at % 3)) for at in range(4)] + [(16.5 + at, -1.0 + 0.6 * at) for at in range(4)]
    return [event(*point, day, location="Core") for day in days for point in near for _ in range(every)] + [
        event(*point, days[0]) for point in far
    ]


def test_a_planted_cluster_is_a_hot_spot() -> None:
    """The middle of seven cells with events is the hottest; lone events are none."""
    found = hotspots(told(cluster()), NO_DRAWS)
    first = found.table.row(0, named=True)
    assert (first["area"], first["spot"], first["cluster"], first["events"]) == (MIDDLE, "hot", "high-high", 6)
    lone = found.table.filter(found.table["events"] == 1)
    assert len(lone) == 8
    assert set(lone["spot"]) == {""}
    assert found.sentence.startswith("7 of 7")  # of some 700 cells of Mali
    assert "they hold 84 % of all; the hottest is Core, Mopti" in found.sentence


def test_all_cells_of_the_country_are_looked_at() -> None:
    """Mali has 1.24 million km², a cell of resolution 4 there 1,600: some 780; a box keeps to its events."""
    assert 750 < len(cells(told(cluster()), 4)) < 810
    assert len(cells(told(cluster(), Filter(bbox=(-8.0, 11.0, 2.0, 20.0))), 4)) < 600


def test_an_event_knows_its_cell_and_its_neighbours() -> None:
    where = cells(told(cluster()), 4)
    assert {where.names[at] for at in where.of(told(cluster(1)))} >= {*h3.grid_disk(MIDDLE, 1)}
    at = where.names.index(MIDDLE)
    assert {where.names[each] for each in where.neighbours[[at]].nonzero()[1]} == {*h3.grid_ring(MIDDLE, 1)}
    assert where.of(told([event(-40.0, 60.0)])).tolist() == [-1]


def test_few_events_are_no_hot_spot() -> None:
    """Four events in a country lie together, but four are too few to say so."""
    rows = [event(14.5, -4.0) for _ in range(4)] + [event(20.0, 0.0)]
    assert set(hotspots(told(rows), NO_DRAWS).table["spot"]) == {""}


def test_a_new_hot_spot() -> None:
    """Lone events from January on, the cluster in June."""
    rows = [*cluster(days=(date(2022, 6, 20),)), event(20.0, 0.0, date(2022, 1, 3))]
    found = hotspots(told(rows, Filter(since="2022-01-01", until="2022-06-30")), NO_DRAWS)
    assert found.table.row(0, named=True)["emerging"] == "new"
    assert found.sentence.endswith("over time: 7 new.")
    early = hotspots(told(rows, Filter(since="2022-01-01", until="2022-07-05")), NO_DRAWS)  # July is cut
    assert early.table["emerging"].to_list() == found.table["emerging"].to_list()
    assert set(hotspots(told(rows, Filter(since="2022-01-01", until="2022-07-31")), NO_DRAWS).table["emerging"]) == {""}


def test_the_dead_can_be_counted() -> None:
    table = hotspots(told(cluster()), NO_DRAWS, measure="fatalities").table
    assert table["fatalities"][0] == 12
    assert table["spot"][0] == "hot"


def test_draws_tell_how_sure_a_spot_is() -> None:
    """Rough places blur the cluster; the same seed gives the same share of draws in which a cell is hot."""
    rows = [{**row, "geo_precision": 2} for row in cluster()]
    one, two = (hotspots(told(rows), Draws(20, 5)).table for _ in range(2))
    assert one.equals(two)
    assert one["hot_in_draws"].is_between(0, 1).all()
    assert one.row(0, named=True)["hot_in_draws"] > 0.5


def test_units() -> None:
    """Nine units in a row, the last three with ten times as many events; their neighbours are the nearest five."""
    rows = [
        event(12.0, -8.0 + at, admin1=f"Unit {at}", geo_precision=3)
        for at in range(9)
        for _ in range(30 if at > 5 else 3)
    ]
    where = units(told(rows))
    assert where.names[0] == "Unit 0, Mali"
    assert where.neighbours[[0]].nonzero()[1].tolist() == [1, 2, 3, 4, 5]
    table = hotspots(told(rows), NO_DRAWS, areas="admin1").table
    assert table["events"].sum() == 108
    assert set(table["area"][:4]) == {f"Unit {at}, Mali" for at in (5, 6, 7, 8)}  # each has the three near itself


@pytest.mark.parametrize(("options", "said"), [
    ({"resolution": 9}, "resolution 9"),
    ({"resolution": -1}, "resolution -1"),
    ({"level": 0.0}, "level 0.0"),
    ({"precision": 0}, "found 0 events"),
    ({"areas": "admin1"}, "first-order units"),
])  # fmt: skip
def test_what_cannot_be_asked(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        hotspots(told(cluster()), NO_DRAWS, **options)


@pytest.mark.skipif(not NIGERIA.exists(), reason="the UCDP events are not here")
def test_the_north_east_of_nigeria_is_hot() -> None:
    found = hotspots(
        read_events(NIGERIA, columns=("country", "admin1", "location"), kind="ucdp-ged"), NO_DRAWS, every="year"
    )
    assert set(found.table.head(5)["spot"]) == {"hot"}
    assert all(place.endswith("Borno") for place in found.table.head(5)["place"])
    assert "consecutive" in found.sentence
    assert picture(found, "png").startswith(b"\x89PNG")
