"""How volatile violence is: the four classes as defined."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from tocsin.analyse.draws import NO_DRAWS, Draws
from tocsin.analyse.events import events_of
from tocsin.analyse.figure import picture
from tocsin.analyse.volatility import index, volatility
from tocsin.errors import UsageError
from weeks import SATURDAY, events_from, only, row, rows_of


@pytest.mark.parametrize(
    ("weeks", "spikes", "baseline", "kind"),
    [
        # mean 60/52 = 1.15, deviation 3.19, spike from 7.54
        ([10] * 6 + [0] * 46, 6, 60 / 52, "growing risk"),
        # mean 84/52 = 1.62, deviation 4.47, spike from 10.56
        ([14] * 6 + [0] * 46, 6, 84 / 52, "extreme risk"),
        ([20] * 5 + [0] * 47, 5, 100 / 52, "consistent risk"),
        ([10] * 5 + [0] * 47, 5, 50 / 52, "low risk"),
        ([2] * 52, 0, 2.0, "consistent risk"),  # all alike: no spikes
        ([1] * 26 + [2] * 26, 0, 1.5, "low risk"),  # exactly 1.5 is not high
        # mean 3 + 10/52, deviation 10/52 * sqrt(51) = 1.37: 13 is a spike, 3 is none
        ([13] + [3] * 51, 1, 3 + 10 / 52, "consistent risk"),
    ],
)
def test_classes(weeks: list[int], spikes: int, baseline: float, kind: str) -> None:
    found = only(volatility(events_from(rows_of({"North": weeks})), NO_DRAWS))
    assert (found["spike_weeks"], found["class"]) == (spikes, kind)
    assert found["baseline"] == pytest.approx(baseline)


def test_exactly_two_deviations_are_a_spike() -> None:
    """One 5 among four 0: mean 1, deviation 2, spike from 5."""
    assert index(np.array([[5, 0, 0, 0, 0]])).spikes.tolist() == [1]


def test_only_the_year_counts() -> None:
    """What lies before the 52 weeks changes nothing."""
    year = [1, 2] * 26
    before = only(volatility(events_from(rows_of({"North": [50, 50, *year]})), NO_DRAWS))
    assert before == only(volatility(events_from(rows_of({"North": year})), NO_DRAWS))


def test_riskiest_areas_come_first_and_are_named() -> None:
    counts = {"Calm": [1] * 52, "Wild": [14] * 6 + [0] * 46, "Steady": [3] * 52}
    answer = volatility(events_from(rows_of(counts)), NO_DRAWS)
    assert answer.table["admin1"].to_list() == ["Wild", "Steady", "Calm"]
    assert "extreme risk 1 (Wild)" in answer.sentence
    assert "low risk 1." in answer.sentence


def test_days_that_are_not_sure_make_the_class_unsure() -> None:
    """Six weeks of ten events, known to the month only, may be spikes or not."""
    rows = [row(SATURDAY - timedelta(days=56 * at - 2), time_precision=3) for at in range(6) for _ in range(10)]
    answer = volatility(events_from(rows), Draws(50))
    found = only(answer)
    assert found["class"] == "growing risk"
    assert found["spike_weeks_low"] < found["spike_weeks_high"]
    assert found["class_chance"] < 1
    assert picture(answer, "svg").startswith(b"<?xml")


@pytest.mark.parametrize(
    ("events", "options", "said"),
    [
        (events_from(rows_of({"North": [1] * 30}), weeks=30), {}, "found 30 whole weeks .* expected 52"),
        (events_from(rows_of({"North": [1] * 60})), {"week": SATURDAY - timedelta(days=100)}, "expected 52"),
        (events_from(rows_of({"North": [1] * 60})), {"week": date(2090, 1, 1)}, "expected the whole week"),
        (events_of([]), {}, "found 0 violent events"),
    ],
)
def test_what_cannot_be_answered_is_said(events: Any, options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        volatility(events, NO_DRAWS, **options)
