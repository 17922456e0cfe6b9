"""Rows written column by column are the rows written one by one."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tocsin.serve.objects import objects

CELLS = st.none() | st.text(max_size=5) | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
NAMES = ("a", "b", "c")


@given(st.lists(st.tuples(st.text(max_size=3), st.none() | st.integers(0, 3), CELLS), max_size=8))
def test_each_row_is_an_object_with_its_values(rows: list[tuple[Any, ...]]) -> None:
    columns = {name: [row[at] for row in rows] for at, name in enumerate(NAMES)}
    found = [json.loads(text) for text in objects(columns)]
    assert found == [dict(zip(NAMES, row, strict=True)) for row in rows]


def test_in_blank_columns_nothing_is_an_empty_text() -> None:
    assert list(objects({"a": [None, "é"], "b": [None, 2]}, blank=("a",))) == [
        '{"a": "", "b": null}',
        '{"a": "é", "b": 2}',
    ]
