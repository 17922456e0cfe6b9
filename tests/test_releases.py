"""Releases of more events than are sorted in memory at once."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.exchange import releases
from tocsin.exchange.releases import CHUNK, Change, canonical, diff, in_order, make, verify


def rows(count: int) -> list[dict[str, Any]]:
    return [{"event_id_cnty": f"MLI{n}", "fatalities": n % 7} for n in range(count)]


def test_a_release_of_more_than_one_chunk_has_one_hash_in_any_order() -> None:
    many = rows(CHUNK + 5000)
    found, count = make(reversed(many))
    assert (found, count) == (sha256(b"".join(sorted(map(canonical, many)))).hexdigest(), len(many))
    assert verify(many, found)
    assert not verify(many[1:], found)


def test_what_differs_is_found_beyond_one_chunk() -> None:
    before = rows(CHUNK + 5000)
    after = [*before[1:-1], {**before[-1], "fatalities": 9}, {"event_id_cnty": "NER1"}]
    last = before[-1]
    assert sorted(diff(before, reversed(after)), key=lambda change: change.kind) == [
        Change("added", "NER1"),
        Change("changed", last["event_id_cnty"], {"fatalities": (last["fatalities"], 9)}),
        Change("removed", "MLI0"),
    ]


@pytest.mark.parametrize("chunk", [1, 3, 1000])
def test_lines_are_sorted_whatever_the_chunk(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "CHUNK", chunk)

    @given(st.lists(st.binary(max_size=4).map(lambda line: line.replace(b"\n", b"") + b"\n")))
    def check(lines: list[bytes]) -> None:
        assert list(in_order(lines)) == sorted(lines)

    check()
