"""Linking: order never matters, adding bit by bit equals all at once, decisions hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.link.cluster import clusters
from tocsin.link.columns import columns
from tocsin.link.features import FEATURES
from tocsin.link.item import Item, item_of
from tocsin.link.link import link, relink
from tocsin.link.score import explain, weights

DETAILS = ("ambush bus", "ferry reeds", "granary", "")
ACTORS = ("JNIM: Group for Support of Islam and Muslims", "Unidentified Armed Group (Mali)", "Civilians (Mali)", "")


def claim(number: int, day: int = 1, east: float = 0.0, **other: Any) -> Item:
    row = {
        "event_date": f"2024-03-{day:02}",
        "country": "Mali",
        "admin1": "Mopti",
        "location": "Bankass",
        "latitude": 14.07,
        "longitude": -3.5 + east,
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        **other,
    }
    found = item_of(row, f"c{number:03}", report=f"r{number}", origin=None)
    assert found is not None
    return found


@st.composite
def claims(draw: st.DrawFn) -> list[Item]:
    count = draw(st.integers(1, 14))
    return [
        claim(
            number,
            draw(st.integers(1, 6)),
            draw(st.sampled_from([0.0, 0.04, 0.12])),
            actor1=draw(st.sampled_from(ACTORS)),
            notes=draw(st.sampled_from(DETAILS)),
            fatalities=draw(st.sampled_from([None, 0, 3, 12])),
            time_precision=draw(st.sampled_from([1, 1, 2])),
        )
        for number in range(count)
    ]


PAIRS = st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)).filter(lambda pair: pair[0] != pair[1]), max_size=3)


def keys(pairs: list[tuple[int, int]]) -> list[tuple[str, str]]:
    return [(f"c{one:03}", f"c{two:03}") for one, two in pairs]


@settings(max_examples=40, deadline=None)
@given(claims(), PAIRS, PAIRS, st.randoms(use_true_random=False))
def test_order_never_matters(items: list[Item], same: Any, different: Any, random: Any) -> None:
    mixed = random.sample(items, len(items))
    assert link(mixed, keys(same)[::-1], keys(different)[::-1]) == link(items, keys(same), keys(different))


@settings(max_examples=30, deadline=None)
@given(claims(), PAIRS, PAIRS, st.randoms(use_true_random=False))
def test_one_by_one_equals_all_at_once(items: list[Item], same: Any, different: Any, random: Any) -> None:
    known: dict[str, Item] = {}
    standing: set[tuple[str, ...]] = set()
    for item in random.sample(items, len(items)):
        changed = relink([item], lambda _: list(known.values()), keys(same), keys(different))
        touched = {key for cluster in changed for key in cluster}
        standing = {cluster for cluster in standing if not touched & set(cluster)} | set(changed)
        known[item.key] = item
    assert sorted(standing) == link(items, keys(same), keys(different))


@settings(max_examples=40, deadline=None)
@given(claims(), PAIRS)
def test_different_always_holds(items: list[Item], different: Any) -> None:
    for cluster in link(items, (), keys(different)):
        assert not any(one in cluster and two in cluster for one, two in keys(different))


def test_same_joins_what_lies_far_apart() -> None:
    far = [claim(0), claim(1, 30, 3.0)]
    assert link(far) == [("c000",), ("c001",)]
    assert link(far, same=[("c000", "c001")]) == [("c000", "c001")]


def test_one_bad_pair_chains_nothing() -> None:
    two_threes = [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5), (2, 3)]
    found = clusters(6, np.array(two_threes), np.array([9.0] * 7))
    assert found.tolist() == [0, 0, 0, 3, 3, 3]


def test_claims_of_one_report_are_different() -> None:
    row = {"event_date": "2024-03-01", "country": "Mali", "latitude": 14.0, "longitude": -3.5}
    both = [item_of(row, key, report="r", origin=None) for key in "ab"]
    assert link([item for item in both if item]) == [("a",), ("b",)]


@pytest.mark.parametrize("missing", ["event_date", "country", "latitude"])
def test_nothing_to_link_by(missing: str) -> None:
    row = {"event_date": "2024-03-01", "country": "Mali", "latitude": 14.0, "longitude": -3.5, missing: None}
    assert item_of(row, "a", report=None, origin=None) is None


@settings(max_examples=30, deadline=None)
@given(claims())
def test_every_level_has_a_sentence(items: list[Item]) -> None:
    known = columns(items)
    for at in range(len(items)):
        assert [part.feature for part in explain(known, 0, at)] == list(FEATURES)
    assert all(level.why for levels in weights().levels.values() for level in levels)
