"""A clash at a border is one event, whichever country each report puts it in; what lies further inside is not."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tocsin import project
from tocsin.link.columns import columns
from tocsin.link.features import FEATURES
from tocsin.link.item import Item, item_of
from tocsin.link.link import link, over_borders, relink
from tocsin.store import Store, create_store

KM = 1 / 111.2  # degrees of latitude


def row(key: str, country: str = "Mali", km: float = 0.0, **other: Any) -> dict[str, Any]:
    """A raid that the source `key` puts `km` north of a border post."""
    return {
        "dataset": key, "row_id": "1", "event_date": "2024-03-01", "country": country, "latitude": 15.0 + km * KM,
        "longitude": 2.0, "geo_precision": 1, "event_type": "Battles", "sub_event_type": "Armed clash",
        "actor1": "JNIM", "actor2": "Army", "fatalities": 7, "location": "Tamalat",
        "notes": "Ambush of the customs convoy",
    } | other  # fmt: skip


def item(*told: Any, **other: Any) -> Item:
    made = row(*told, **other)
    found = item_of(made, f"{made['dataset']}:1", report=None, origin=None)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("other", "joined"),
    [
        (row("b", "Niger", 9.0), True),
        (row("b", "Niger", 9.0, event_date="2024-03-02"), True),
        (row("b", "Niger", 13.5), True),
        (row("b", "Niger", 16.0), False),
        (row("b", "Niger", 9.0, geo_precision=3), False),
        (row("b", "Niger", 9.0, event_date="2024-03-09"), False),
        (row("b", "Niger", 9.0, sub_event_type="Peaceful protest", event_type="Protests", fatalities=0), False),
        (row("b", "Mali", 16.0), True),
    ],
)
def test_claims_of_two_countries(other: dict[str, Any], *, joined: bool) -> None:
    both = [item("a"), item_of(other, "b:1", report=None, origin=None)]
    assert link([each for each in both if each]) == ([("a:1", "b:1")] if joined else [("a:1",), ("b:1",)])


@pytest.mark.parametrize(
    ("country", "km", "level"), [("Mali", 200.0, 0), ("Niger", 9.0, 1), ("Niger", 30.0, 2), ("Chad", 900.0, 2)]
)
def test_levels_of_country(country: str, km: float, level: int) -> None:
    known = columns([item("a"), item("b", country, km)])
    assert FEATURES["country"](known, np.array([0]), np.array([1])).tolist() == [level]


def test_only_likely_pairs_of_two_countries_span_a_border() -> None:
    march = {"sub_event_type": "Peaceful protest", "event_type": "Protests", "fatalities": 0}
    claims = [item("a"), item("b", "Niger", 5.0), item("c", km=1.0), item("d", "Niger", 3.0, **march)]
    assert over_borders(claims) == {"a:1", "b:1", "c:1"}
    assert over_borders([]) == set()


def test_a_new_claim_reaches_over_the_border() -> None:
    known = [item("a"), item("b", "Niger", 5.0)]
    assert relink([item("c", "Niger", 6.0)], lambda asked: known) == [("a:1", "b:1", "c:1")]


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with create_store(address) as made:
        yield made


def events(store: Store) -> set[frozenset[str]]:
    return {frozenset(store.members(event["event_id_cnty"])) for event in store.events()}


ROWS = [
    row("a"),
    row("b", "Niger", 5.0),
    row("c", km=2.0),
    row("d", km=60.0, location="Ansi"),
    row("e", "Niger", 300.0, location="Dosso"),
]


@pytest.mark.parametrize("seed", range(2))
def test_all_claims_linked_at_once_are_linked_over_borders(store: Store, seed: int) -> None:
    """Linking country by country gives what all claims give together, and doing it again changes nothing."""
    project.import_rows(store, random.Random(seed).sample(ROWS, len(ROWS)), name="rows.csv")
    expected = {frozenset({"a:1", "b:1", "c:1"}), frozenset({"d:1"}), frozenset({"e:1"})}
    for _ in range(2):
        assert project.link_all(store) == len(expected)
        assert events(store) == expected
    together = link(each for each in (item_of(r, f"{r['dataset']}:1", report=None, origin=None) for r in ROWS) if each)
    assert {frozenset(keys) for keys in together} == expected
    assert max(version.version for event in store.events() for version in store.history(event["event_id_cnty"])) <= 2


def test_a_decision_joins_two_countries_for_good(store: Store) -> None:
    project.import_rows(store, ROWS, name="rows.csv")
    project.link_all(store)
    project.decide(store, "same", "d:1", "e:1", why="the same convoy")
    joined = events(store)
    assert frozenset({"d:1", "e:1"}) in joined
    project.link_all(store)
    assert events(store) == joined


def test_an_event_that_spans_a_border_no_longer_is_parted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other weights, say of a later version, may part what was one event."""
    project.import_rows(store, ROWS, name="rows.csv")
    project.link_all(store)
    monkeypatch.setattr(project.linking, "over_borders", lambda items: set())
    monkeypatch.setattr("tocsin.link.block.over_border", lambda columns, i, j: np.zeros(len(i), dtype=bool))
    project.link_all(store)
    assert {"b:1"} in events(store)
    assert {"a:1", "c:1"} in events(store)
