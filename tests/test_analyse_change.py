"""What a date changed: planted effects are found again, with intervals that cover them as often as they say."""

from __future__ import annotations

import csv
import gzip
import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tocsin.analyse.answer import Answer
from tocsin.analyse.change import COLUMNS, change, change_of
from tocsin.analyse.draws import NO_DRAWS, Draws
from tocsin.analyse.events import Events, events_of, read_events
from tocsin.analyse.figure import picture
from tocsin.analyse.methods.breaks import breaks
from tocsin.analyse.methods.effect import Asked, Series, effect_of
from tocsin.analyse.methods.segmented import fit
from tocsin.errors import UsageError
from tocsin.store import Filter

DATA = Path(__file__).parents[2] / "shared/data"
START = date(2010, 1, 1)
ON = date(2015, 1, 1)  # after 60 months
Values = NDArray[np.int64]


def months(count: int) -> list[date]:
    return [date(START.year + at // 12, at % 12 + 1, 1) for at in range(count)]


def asked(values: list[int] | Values, on: date = ON, **options: Any) -> Answer:
    return change_of(months(len(values)), values, on, **options)


def effect(found: Answer, name: str = "ratio") -> tuple[float, float, float]:
    """Over all periods after the date."""
    row = found.table.row(0, named=True)
    return row[name], row[f"{name}_low"], row[f"{name}_high"]


# -- the regression --------------------------------------------------------------------------------------------------

SETTINGS = [  # name, months before and after, mean, ratio, dispersion, spread and how lasting it is
    ("Poisson", 60, 12, 20, 2.0, 0.0, 0.0, 0.0),
    ("small counts", 60, 24, 3, 0.5, 0.3, 0.0, 0.0),
    ("overdispersed", 60, 12, 20, 2.0, 0.3, 0.0, 0.0),
    ("autocorrelated", 60, 12, 20, 2.0, 0.0, 0.4, 0.5),
    ("autocorrelated and overdispersed", 60, 24, 20, 1.0, 0.2, 0.4, 0.5),
    ("autocorrelated, small counts", 60, 24, 4, 1.5, 0.1, 0.4, 0.6),
]


@pytest.mark.parametrize("kind", SETTINGS, ids=[kind[0] for kind in SETTINGS])
def test_intervals_cover_planted_effects(kind: tuple[Any, ...]) -> None:
    """90 % intervals of 120 series cover from 85 to 95 % (bench/analyse_change.py has more settings and series)."""
    _, before, after, mean, ratio, dispersion, spread, lasting = kind
    source, at, inside = np.random.default_rng(11), np.arange(before + after), []
    for _ in range(120):
        wave = source.normal(size=len(at))
        for each in at[1:]:
            wave[each] = lasting * wave[each - 1] + np.sqrt(1 - lasting**2) * wave[each]
        rate = mean * np.exp(0.3 * np.sin(at * np.pi / 6) + spread * wave - spread**2 / 2)
        rate *= np.where(at >= before, ratio, 1)
        found = fit(_counts(rate, dispersion, source), at, before, 12)
        log, error = found.effect(at >= before)
        inside.append(abs(log - np.log(ratio)) <= found.margin * error)
    assert 0.85 <= np.mean(inside) <= 0.95


def test_intervals_against_others_cover_where_both_share_what_befalls_them() -> None:
    """A planted doubling beside areas that rose by half as well, with shocks of both and of each."""
    source, at, inside = np.random.default_rng(3), np.arange(72), []
    for _ in range(120):
        waves = source.normal(size=(3, 72)) * 0.3
        for month in at[1:]:
            waves[:, month] = 0.5 * waves[:, month - 1] + np.sqrt(0.75) * waves[:, month]
        own, others = (_counts(20 * np.exp(waves[0] + wave) * np.where(at >= 60, ratio, 1), 0.05, source)
                       for wave, ratio in zip(waves[1:], (3.0, 1.5), strict=True))  # fmt: skip
        found = effect_of(Series(at, own, others), Asked(date(1975, 1, 1), "month", "events", 60, 12))
        log, error = found.against(found.after)
        inside.append(abs(log - np.log(2)) <= found.own.margin * error)
    assert 0.85 <= np.mean(inside) <= 0.95


def _counts(rate: NDArray[np.float64], dispersion: float, source: np.random.Generator) -> Values:
    drawn = source.gamma(1 / dispersion, dispersion * rate) if dispersion else rate
    return source.poisson(drawn)


def test_estimates_are_those_of_the_library() -> None:
    """The same design and dispersion given to statsmodels' negative binomial: the same coefficients; and where nothing
    is correlated, standard errors near its own."""
    source = np.random.default_rng(2)
    values = _counts(np.r_[np.full(60, 30.0), np.full(24, 60.0)], 0.2, source)
    found = fit(values, np.arange(84), 60, 12)
    family = sm.families.NegativeBinomial(alpha=found.dispersion)
    theirs = sm.GLM(values, found.design, family=family).fit()
    assert found.beta == pytest.approx(theirs.params, abs=1e-4)
    assert np.sqrt(np.diag(found.covariance))[:4] == pytest.approx(theirs.bse[:4], rel=0.3)
    assert found.dispersion == pytest.approx(0.2, abs=0.1)


def test_a_trend_and_a_season_are_no_effect() -> None:
    """Counts that rise by 3 % a month and by half each summer go on as they were: the ratio is about 1."""
    at = np.arange(84)
    values = np.round(20 * 1.03**at * np.exp(0.4 * np.sin(at * np.pi / 6))).astype(int)
    middle, low, high = effect(asked(values, after=24))
    assert middle == pytest.approx(1, abs=0.03)
    assert low < 1 < high


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=40, max_size=80), st.integers(20, 30))
def test_whatever_the_counts_are_it_answers_or_tells_why_not(values: list[int], at: int) -> None:
    """No warning, no traceback; bounds are around the ratio."""
    with suppress(UsageError):
        found = asked(values, months(80)[at])
        for row in found.table.iter_rows(named=True):
            if row["ratio"] is not None:
                assert 0 <= row["ratio_low"] <= row["ratio"] <= row["ratio_high"]


# -- the answer ------------------------------------------------------------------------------------------------------


def noisy(*levels: tuple[int, float], seed: int = 4) -> Values:
    """So many months of each mean."""
    rate = np.concatenate([np.full(count, float(mean)) for count, mean in levels])
    return _counts(rate, 0.02, np.random.default_rng(seed))


def test_a_rise_is_told_with_its_interval_dates_before_and_the_change_point() -> None:
    values, on = noisy((96, 20), (12, 60)), months(97)[96]
    found = asked(values, on)
    assert 2 < effect(found)[1] < 3 < effect(found)[2] < 5
    assert found.sentence.startswith(f"{values[96:].sum()} events in the 12 months after 2018-01-01, ")
    assert "times what the 60 months before let expect. At none of 25 dates before does a change" in found.sentence
    points = found.tables["change points"].to_dicts()
    assert [(row["month"], round(row["support"], 1)) for row in points] == [(on, 1.0)]
    assert found.table["month"].to_list() == ["1 to 12", "1", "3", "6", "12"]
    assert found.table["observed"].to_list()[:2] == [values[96:].sum(), values[96]]


def test_no_change_is_told_as_chance() -> None:
    found = asked(noisy((40, 20)), months(40)[28])
    assert "This may be chance." in found.sentence
    assert found.tables["change points"].is_empty()
    assert "to try dates before" in " ".join(found.notes)


def test_a_period_in_which_the_date_lies_is_left_out() -> None:
    """In the month of the date everything happens: it counts neither before nor after."""
    values = noisy((73, 20))
    values[60] = 5000
    found = asked(values, date(2015, 1, 14))
    assert found.table.row(0, named=True)["since"] == date(2015, 2, 1)
    assert found.table["observed"][0] == values[61:].sum()
    assert found.notes[0] == "The month from 2015-01-01 is left out: the date lies within it."


def test_silence_after_a_ceasefire_gives_no_ratio_but_what_was_expected() -> None:
    found = asked(np.r_[noisy((60, 20)), np.zeros(12, int)])
    assert found.sentence.startswith(
        "0 events in the 12 months after 2015-01-01, where the 60 months before let expect "
    )
    assert found.sentence.endswith("): too few for a ratio.")
    row = found.table.row(0, named=True)
    assert row["ratio"] is None
    assert row["expected_low"] < 240 < row["expected_high"]
    assert picture(found, "svg").startswith(b"<?xml")


def test_other_areas_that_rose_as_well_take_the_effect_away() -> None:
    """All rose threefold, and here a month's chance is the same: nothing is left of it against the others."""
    values = noisy((60, 20), (12, 60))
    found = asked(values, others=values * 2)
    assert effect(found)[1] > 2
    middle, low, high = effect(found, "compared")
    assert middle == pytest.approx(1, abs=0.05)
    assert low < 1 < high
    assert re.search(r"2.98 times what .* times in the areas compared with: (0.9|1.0)\d \(90 %", found.sentence)
    assert picture(found, "png").startswith(b"\x89PNG")


def test_other_areas_that_did_not_rise_leave_it() -> None:
    found = asked(noisy((60, 20), (12, 60)), others=noisy((72, 30), seed=9))
    middle, low, _ = effect(found, "compared")
    assert 2 < low < middle < 5


# -- change points ---------------------------------------------------------------------------------------------------


def test_change_points_between_levels() -> None:
    found = breaks(np.array([3] * 20 + [30] * 20 + [8] * 20))
    assert [(each.at, each.before, each.after) for each in found] == [(20, 3, 30), (40, 30, 8)]
    assert all(each.low <= each.at <= each.high and each.support > 0.9 for each in found)


@pytest.mark.parametrize("values", [[], [1], [0] * 50, [4] * 50, [0, 9] * 3])
def test_no_change_points_where_there_is_one_level(values: list[int]) -> None:
    assert breaks(np.array(values, int)) == []


def test_chance_is_rarely_taken_for_a_change_point() -> None:
    """Of 100 series of one level at most 5 have a change point."""
    source = np.random.default_rng(3)
    assert sum(bool(breaks(_counts(np.full(100, 15.0), 0.3, source))) for _ in range(100)) <= 5


# -- events ----------------------------------------------------------------------------------------------------------


def placed(*levels: tuple[int, int], name: str, **facts: Any) -> list[dict[str, Any]]:
    """So many months of so many events each, on the 15th."""
    each = [count for length, count in levels for _ in range(length)]
    days = [month.replace(day=15) for month, count in zip(months(len(each)), each, strict=True) for _ in range(count)]
    return [{"event_id_cnty": f"{name}{at}", "event_date": str(day), "country": name, "fatalities": 2,
             "time_precision": 1, **facts} for at, day in enumerate(days)]  # fmt: skip


def some(*rows: list[dict[str, Any]], until: str = "2015-12-31") -> Events:
    return events_of([row for part in rows for row in part], wanted=Filter(since=str(START), until=until))


MALI = placed((60, 4), (12, 12), name="Mali")
NIGER = placed((72, 5), name="Niger")


def test_events_are_counted_by_area() -> None:
    alone = change(some(MALI, NIGER), NO_DRAWS, on=ON, area="mali")
    assert alone.table["observed"][0] == 144
    assert effect(alone)[0] == pytest.approx(3, abs=0.1)
    both = change(some(MALI, NIGER), NO_DRAWS, on=ON, compared_with="Niger")
    assert effect(both, "compared")[0] == pytest.approx(3, abs=0.1)
    assert effect(both, "others")[0] == pytest.approx(1, abs=0.1)
    dead = change(some(MALI, NIGER), NO_DRAWS, on=ON, area="Mali", measure="fatalities")
    assert dead.table["observed"][0] == 288


def test_rough_dates_widen_the_interval() -> None:
    rough = some(placed((60, 4), (12, 12), name="Mali", time_precision=2))
    sure = effect(change(rough, NO_DRAWS, on=ON, every="week"))
    drawn = effect(change(rough, Draws(10), on=ON, every="week"))
    assert drawn[0] == sure[0]
    assert drawn[2] / drawn[1] > sure[2] / sure[1]


BAD = [
    (some(MALI), {"on": date(2040, 1, 1)}, "found 60 whole months before|found 0 whole months|expected at least 12"),
    (some(MALI), {"on": date(2010, 3, 1)}, "found 2 whole months before 2010-03-01 and 12 after it"),
    (some(MALI), {"on": ON, "before": 0}, "--before 0: expected from 1"),
    (some(MALI), {"on": ON, "area": "Mai"}, "--area Mai: no event .* did you mean Mali"),
    (some(MALI), {"on": ON, "area": " ; "}, "--area ' ; ': expected names"),
    (some(MALI), {"on": ON, "compared_with": "Mali"}, "found 0 events in the 60 months before"),
    (some(MALI, NIGER), {"on": ON, "area": "Mali", "compared_with": "Niger; Mali"}, "in both, expected areas apart"),
    (some(MALI[:1]), {"on": ON}, "found 1 events in the 60 months before 2015-01-01, expected at least 5"),
    (events_of([]), {"on": ON}, "found 0 events with a date"),
    (events_of([{"event_id_cnty": "a"}]), {"on": ON}, "found 0 events with a date"),
    (events_of([{"event_id_cnty": "a", "event_date": "2099-01-01"}]), {"on": ON}, "found 0 events with a date up to"),
]


@pytest.mark.parametrize(("events", "options", "said"), BAD, ids=[said for *_, said in BAD])
def test_what_cannot_be_answered_is_told(events: Events, options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        change(events, NO_DRAWS, **options)


@pytest.mark.parametrize("values", [[1, 2], [-1] * 80])
def test_a_series_is_one_count_a_period(values: list[int]) -> None:
    with pytest.raises(UsageError, match="expected one count of 0 or more for each month, in the order of time"):
        change_of(months(80), values, ON)


# -- real data -------------------------------------------------------------------------------------------------------


def real(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return path


def test_mexico_in_december_2006() -> None:
    """The army is sent into Michoacan on 11 December 2006: events multiply, and a change point is found there."""
    path = real("ucdp-ged-events/ged241_mexico.csv.gz")
    events = read_events(path, Filter(since="1999-01-01", until="2010-12-31"), COLUMNS, kind="ucdp-ged")
    found = change(events, Draws(10), on=date(2006, 12, 11))
    middle, low, high = effect(found)
    assert 2 < low < 10 < middle < 30 < high
    assert "events in the 12 months after 2006-12-11" in found.sentence
    assert date(2007, 1, 1) in found.tables["change points"]["month"].to_list()


def test_ukraine_in_february_2022() -> None:
    path = real("ucdp-country-month/cm_total_best.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [(row["month"], int(row["best"])) for row in csv.DictReader(lines) if row["country"] == "Ukraine"]
    starts, values = zip(*((date.fromisoformat(f"{month}-01"), count) for month, count in sorted(rows)), strict=True)
    found = change_of(starts, values, date(2022, 2, 24), measure="fatalities")
    middle, low, high = effect(found)
    assert 150 < low < middle < high < 1000
    assert "At none of" in found.sentence
    turns = found.tables["change points"]["month"].to_list()
    assert {date(2014, 5, 1), date(2015, 3, 1), date(2022, 2, 1)} <= {*turns}
