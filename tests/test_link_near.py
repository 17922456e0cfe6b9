"""The database finds every claim that linking may compare with another, whichever of the two comes first."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tocsin.link.block import pairs
from tocsin.link.columns import columns
from tocsin.link.item import Item, item_of
from tocsin.link.link import link
from tocsin.store import create_store
from tocsin.store.lookup import near

PLACES = (("Gao", 16.27, -0.04), ("Ménaka", 15.92, 2.4), ("Mopti", 14.49, -4.18), ("Kidal", 18.44, 1.41))


def row(name: int, **other: Any) -> dict[str, Any]:
    place, latitude, longitude = PLACES[name % len(PLACES)]
    return {
        "dataset": f"set {name}", "row_id": str(name), "event_date": "2024-03-02", "time_precision": 1,
        "country": "Mali", "location": place, "latitude": latitude, "longitude": longitude, "geo_precision": 1,
        "event_type": "Violence against civilians", "sub_event_type": "Attack", "fatalities": 3 + name,
        "actor1": "Unidentified Armed Group (Mali)", "actor2": "Civilians (Mali)", "assoc_actor_2": "Farmers (Mali)",
    } | other  # fmt: skip


def item(given: dict[str, Any]) -> Item:
    found = item_of(given, given["key"], report=None, origin=None)
    assert found is not None
    return found


def some_rows(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    """Claims of a few days and places, known exactly or roughly."""
    for name in range(count):
        yield row(
            name,
            event_date=f"2024-03-{chance.choice((1, 2, 5, 20)):02d}",
            time_precision=chance.choice((1, 1, 2, 3)),
            geo_precision=chance.choice((1, 2, 3)),
            place_radius_km=chance.choice((3.0, 90.0, 140.0, 600.0)),
        )


@pytest.mark.parametrize("seed", [1, 2])
def test_each_of_a_pair_finds_the_other(seed: int, tmp_path: Path) -> None:
    made = list(some_rows(random.Random(seed), 30))
    with create_store(str(tmp_path / "p.db")) as store:
        with store.change("import", "test", "rows") as change:
            keys = change.put_claims(made, made_by="test")
        items = [item({**each, "key": key}) for each, key in zip(made, keys, strict=True)]
        found = {one.key: {each["key"] for each in near(store, [one])} for one in items}
        missing = [
            (items[i].key, items[j].key)
            for some in pairs(items, columns(items))
            for i, j in some.tolist()
            if items[j].key not in found[items[i].key] or items[i].key not in found[items[j].key]
        ]
    assert missing == []


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ({}, {}, False),  # Gao and Ménaka: 260 km apart
        ({"geo_precision": 3, "place_radius_km": 104.0}, {}, False),  # somewhere around Gao is not Ménaka
        ({"geo_precision": 3, "place_radius_km": 300.0}, {}, True),  # the region may hold it
        ({}, {"location": "Gao", "latitude": 16.3}, True),
    ],
)
def test_rough_places_are_joined_within_their_reach_only(
    one: dict[str, Any], other: dict[str, Any], *, joined: bool
) -> None:
    both = [item(row(0, key="a", fatalities=3) | one), item(row(1, key="b", fatalities=3) | other)]
    assert link(both) == ([("a", "b")] if joined else [("a",), ("b",)])


def test_what_civilians_do_for_a_living_is_no_group() -> None:
    items = [item(row(0, key="a")), item(row(0, key="b"))]
    assert columns(items).named.tolist() == [0, 0]
