"""JSON is the same whoever writes it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.serve import jsons

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
WRITERS = [None, *([jsons.orjson] if jsons.orjson is not None else [])]


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: "json" if writer is None else "orjson")
class TestWriters:
    @given(value=VALUES)
    def test_what_is_written_is_read_again(self, writer: Any, value: Any) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(jsons, "orjson", writer)
            assert json.loads(jsons.packed(value)) == value

    @pytest.mark.parametrize(("value", "text"), [("a\udc80b", '"a?b"'), (2**70, str(2**70)), ("é", '"é"')])
    def test_odd_values_are_written(self, writer: Any, value: Any, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jsons, "orjson", writer)
        assert jsons.packed(value).decode() == text
