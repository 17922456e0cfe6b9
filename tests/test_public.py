"""What is published, and what a release holds."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from test_writers import CLASH
from tocsin.errors import DataError
from tocsin.exchange import public
from tocsin.exchange.public import Public, Rule, coarse, load_public
from tocsin.exchange.releases import diff, make, verify
from tocsin.locate.distance import kilometres
from tocsin.locate.gazetteer import Gazetteer
from tocsin.locate.joined import Joined
from tocsin.locate.mine import create

ROWS = st.lists(
    st.builds(
        lambda i, n: {"event_id_cnty": f"MLI{i}", "fatalities": n}, st.integers(0, 99), st.none() | st.integers()
    ),
    unique_by=lambda row: row["event_id_cnty"],
)


def published(policy: Public, *rows: dict[str, Any]) -> tuple[list[dict[str, Any]], Counter[str]]:
    done: Counter[str] = Counter()
    return list(policy.apply(rows, date(2022, 7, 1), done)), done


@pytest.mark.parametrize(("days", "kept"), [(0, 1), (28, 1), (29, 0)])
def test_recent_events_are_held_back(days: int, kept: int) -> None:
    rows, done = published(Public(days), CLASH)
    assert (len(rows), done.total()) == (kept, 1 - kept)


def test_nothing_gives_a_coarse_place_away() -> None:
    """The point is the middle of the province, with its reach: two events of one unit look the same."""
    row = coarse({**CLASH, "admin2": "Bandiagara", "evidence": [{"quote": "Sévaré"}]}, "admin1")
    assert (row["location"], row["admin2"], row["geo_precision"]) == ("Mopti", None, 3)
    assert kilometres(row["latitude"], row["longitude"], CLASH["latitude"], CLASH["longitude"]) > 20
    assert 100 < row["place_radius_km"] < 200
    assert "Sévaré" not in str(row)
    there = {**CLASH, "location": "Douentza", "admin2": "Douentza", "latitude": 15.0016, "longitude": -2.9496}
    assert coarse(there, "admin1") == row


@pytest.mark.parametrize(
    ("row", "to", "precision", "placed"),
    [
        ({"admin2": "Bandiagara"}, "admin2", 2, True),
        ({"admin2": "Bandiagara", "geo_precision": 3}, "admin2", 3, True),
        ({"admin2": None}, "admin2", 3, True),  # the province stands for it
        ({"admin2": "Oz"}, "admin2", 2, False),
        ({"admin1": "Oz"}, "admin1", 3, False),
        ({"admin1": None}, "admin1", 3, False),
        ({"country": None}, "admin1", 3, False),
        ({"admin1": "Borno"}, "admin1", 3, False),  # of another country
    ],
)
def test_a_unit_that_is_not_known_has_no_point(row: dict[str, Any], to: str, precision: int, placed: bool) -> None:
    found = coarse({**CLASH, **row}, to)
    assert found["geo_precision"] == precision
    places = [found[name] is not None for name in ("latitude", "longitude", "place_radius_km")]
    assert places == [placed] * 3


def test_a_coarse_place_depends_on_its_unit_only() -> None:
    """Whatever the exact point, precision and radius were, the published point is the same."""
    rows = [
        {**CLASH, "latitude": lat, "longitude": -4.0, "place_radius_km": km} for lat, km in ((14.1, 1.0), (15.2, 9.0))
    ]
    one, two = ({**coarse(row, "admin1"), "event_id_cnty": "", "evidence": None} for row in rows)
    assert one == two


@given(st.floats(-80, 80), st.floats(-170, 170), st.floats(1, 200))
def test_points_of_one_cell_are_the_same(latitude: float, longitude: float, km: float) -> None:
    once = coarse({**CLASH, "latitude": latitude, "longitude": longitude}, km)
    assert abs(once["latitude"] - latitude) * 111.2 <= km / 2 + 0.1
    assert once["place_radius_km"] >= km * 0.7


def test_rules_drop_and_redact_what_they_name() -> None:
    policy = Public(0, (Rule(redact=("source", "fatalities")), Rule(event_type="Protests", drop=True)))
    row = {**CLASH, "sources": ["RFI"], "fatalities_best": 3, "evidence": [{"quote": "RFI says three"}]}
    (kept,), done = published(policy, row, {**CLASH, "event_type": "Protests"})
    assert (kept["source"], kept["fatalities_best"], kept["evidence"], "sources" in kept) == (None, None, None, False)
    assert done == {"source redacted": 1, "fatalities redacted": 1, "dropped by a rule": 1}


def test_settings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "public.toml"
    path.write_text('embargo_days = 7\nredact = ["notes"]\n[[rule]]\ntag = "sensitive"\ncoarsen_to = 25\n')
    assert load_public(path) == Public(7, (Rule(redact=("notes",)), Rule(tag="sensitive", coarsen_to=25)))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("embargo_days = -1", "2: found embargo_days = -1, expected a number of days"),
        ('coarsen_to = "town"', "2: found coarsen_to = 'town', expected admin1, admin2 or"),
        ('redact = ["notes", "latitude"]', "2: found redact = 'latitude', expected a column other than"),
        ("embargo = 3", "2: found 'embargo', expected one of"),
        ('[[rule]]\nevent_type = "Protest"\ndrop = true', "3: found event_type = 'Protest', expected one of Battles"),
        ('[[rule]]\nsub_event_type = "Protests"', "3: found sub_event_type = 'Protests', expected one of"),
        ('[[rule]]\ntag = "x"\ndrop = 1', "4: found drop = 1, expected true or false"),
        ("embargo_days = ", "2: found "),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, line: str, message: str) -> None:
    """With file and line: a rule that never fits would publish what it should hold back."""
    path = tmp_path / "public.toml"
    path.write_text(f"# what the public may see\n{line}")
    with pytest.raises(DataError, match=re.escape(f"public.toml:{message}")):
        load_public(path)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", None])
def test_settings_that_are_no_text_are_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "public.toml"
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(DataError, match=r"public\.toml:1: the settings cannot be read"):
        load_public(path)


@given(ROWS)
def test_the_order_of_rows_does_not_change_the_hash(rows: list[dict[str, Any]]) -> None:
    found, count = make(rows)
    assert (make(rows[::-1])[0], count, verify(rows, found)) == (found, len(rows), True)
    assert not verify([*rows, {"event_id_cnty": "NER1"}], found)


@given(ROWS, ROWS)
def test_a_difference_turns_one_release_into_the_other(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    new = {row["event_id_cnty"]: row for row in after}
    made = {row["event_id_cnty"]: dict(row) for row in before}
    for change in diff(before, after):
        if change.kind == "removed":
            del made[change.id]
        elif change.kind == "added":
            made[change.id] = new[change.id]
        else:
            made[change.id] |= {name: pair[1] for name, pair in change.fields.items()}
    assert made == new


def test_units_are_those_that_come_with_tocsin_whatever_places_a_person_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a release made here would not verify elsewhere."""
    mine = tmp_path / "places.sqlite"
    create(mine)
    monkeypatch.setenv("TOCSIN_PLACES", str(mine))
    assert type(Gazetteer.open()) is Joined
    public.gazetteer.cache_clear()
    assert type(public.gazetteer()) is Gazetteer
    public.gazetteer.cache_clear()
