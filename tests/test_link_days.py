"""Which days a claim's date may mean: the same for the linker and for the store's look-up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.link.days import days_meant
from tocsin.link.item import item_of
from tocsin.store.rows import days
from tocsin.store.store import LONGEST_DAYS


@pytest.mark.parametrize(
    ("day", "precision", "first", "last"),
    [
        ("2024-03-13", 1, "2024-03-13", "2024-03-13"),
        ("2024-03-13", None, "2024-03-13", "2024-03-13"),
        ("2024-03-13", 2, "2024-03-10", "2024-03-16"),
        ("2024-03-01", 2, "2024-02-27", "2024-03-04"),
        ("2024-02-15", 3, "2024-02-01", "2024-02-29"),
        ("2023-12-31", 3, "2023-12-01", "2023-12-31"),
    ],
)
def test_days_meant(day: str, precision: int | None, first: str, last: str) -> None:
    ends = date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal()
    assert days_meant(day, precision) == days_meant(date.fromisoformat(day), precision) == ends


@given(day=st.dates(date(1900, 1, 8), date(2100, 1, 1)), precision=st.sampled_from([None, 1, 2, 3]))
def test_the_store_looks_where_the_linker_compares(day: date, precision: int | None) -> None:
    row = {"event_date": day.isoformat(), "time_precision": precision, "country": "Mali", "latitude": 1, "longitude": 1}
    item = item_of(row, "a", report=None, origin="a")
    assert item is not None
    assert (item.first, item.last) == days(row)
    assert item.first <= item.day <= item.last < item.first + LONGEST_DAYS


def test_a_row_without_a_day_has_no_days() -> None:
    assert days({"event_date": None}) == (None, None)
