"""Events that may be another one told again: how likely, and what keeps two apart."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin import project
from tocsin.analyse import doubles
from tocsin.analyse.doubles import LEFT_APART, doubts, left_apart, with_doubt
from tocsin.analyse.draws import Draws
from tocsin.analyse.events import events_of, read_events
from tocsin.link.item import Item, item_of
from tocsin.link.link import link
from tocsin.link.score import weights
from tocsin.model import Report
from tocsin.store import create_store, open_store


def row(**changes: Any) -> dict[str, Any]:
    """An attack of gunmen on a village with 3 dead."""
    return {
        "event_date": "2024-03-11", "year": 2024, "time_precision": 1, "disorder_type": "Political violence",
        "event_type": "Violence against civilians", "sub_event_type": "Attack",
        "actor1": "Unidentified Armed Group (Burkina Faso)", "inter1": "Political militia",
        "actor2": "Civilians (Burkina Faso)", "inter2": "Civilians", "country": "Burkina Faso", "iso": 854,
        "admin1": "Sud-Ouest", "location": "Dano", "latitude": 11.15, "longitude": -3.06, "geo_precision": 1,
        "place_radius_km": 3.0, "fatalities": 3, "fatalities_low": 3, "fatalities_best": 3, "fatalities_high": 3,
        "complete": True, "background": False, **changes,
    }  # fmt: skip


UNSURE = {"event_date": "2024-03-13", "location": "Oronkua", "latitude": 11.2, "fatalities": 4, "fatalities_low": 4,
          "fatalities_best": 4, "fatalities_high": 4}  # fmt: skip
SURELY_OTHER = {"event_date": "2024-06-01", "location": "Djibo", "latitude": 14.1, "longitude": -1.63}


def item(name: str, report: str | None = None, **changes: Any) -> Item:
    found = item_of(row(**changes), name, report=report or name, origin=None)
    assert found
    return found


def test_two_events_that_the_linker_left_apart_have_its_chance() -> None:
    """The chance of their two claims, corrected; an event far away has none."""
    items = [item("a"), item("b", **UNSURE), item("c", **SURELY_OTHER)]
    assert len(link(items)) == 3
    found = left_apart(items, [0, 1, 2])
    assert list(found) == [(0, 1)]
    assert 0.02 < found[0, 1] < LEFT_APART * weights().threshold
    assert doubts(items, [0, 1, 2], 3).tolist() == [0, pytest.approx(found[0, 1]), 0]


def test_the_chance_is_the_mean_over_the_claims_of_both() -> None:
    """A second claim of an event, so far away in time that it has no chance, halves it."""
    one = left_apart([item("a"), item("b", **UNSURE)], [0, 1])[0, 1]
    far = item("c", **{**UNSURE, "event_date": "2024-03-19"})
    assert left_apart([item("a"), item("b", **UNSURE), far], [0, 1, 1])[0, 1] == pytest.approx(one / 2)


def test_an_event_may_be_any_of_those_before_it() -> None:
    """1 - (1 - p)(1 - q): two events before it, two chances."""
    items = [item("a"), item("b", **UNSURE), item("c", **UNSURE, actor1="Police Forces of Burkina Faso")]
    chance = left_apart(items, [0, 1, 2])
    expected = 1 - (1 - chance.get((0, 2), 0)) * (1 - chance.get((1, 2), 0))
    assert doubts(items, [0, 1, 2], 3)[2] == pytest.approx(expected)


APART: list[tuple[str, list[Item], list[tuple[str, str]]]] = [
    ("one report tells of both", [item("a", "r1"), item("b", "r1", **UNSURE)], []),
    ("one data set has both", [_ for n, c in (("a", {}), ("b", UNSURE)) if (_ := item_of(
        row(dataset="d", **c), n, report=None, origin=None))], []),
    ("a person told them apart", [item("a"), item("b", **UNSURE)], [("b", "a")]),
    ("two countries, not at their border", [item("a"), item("b", **{**UNSURE, "latitude": 11.4}, country="Mali")], []),
]  # fmt: skip


@pytest.mark.parametrize(("why", "items", "apart"), APART, ids=[why for why, *_ in APART])
def test_what_keeps_two_apart(why: str, items: list[Item], apart: list[tuple[str, str]]) -> None:
    assert len(items) == 2, why
    assert doubts(items, [0, 1], 2, apart).tolist() == [0, 0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=12))
def test_doubt_is_a_probability_and_the_first_event_has_none(told: list[tuple[int, int, int]]) -> None:
    """Whatever is told, and in whatever order the claims come."""
    items = [
        item(f"{at:02}", event_date=f"2024-03-0{day}", latitude=11 + north / 50, fatalities_high=3 + more)
        for at, (day, north, more) in enumerate(told)
    ]
    event = list(range(len(items)))
    found = doubts(items, event, len(items))
    assert found[0] == 0
    assert ((found >= 0) & (found < 1)).all()
    assert doubts(items[::-1], event[::-1], len(items)).tolist() == pytest.approx(found.tolist())


def test_no_claims_no_doubt() -> None:
    assert doubts([], [], 2).tolist() == [0, 0]


def filled(address: str) -> list[str]:
    """A database of two doubtful events and one far away, each of a report of its own; the ids in order of time."""
    with create_store(address) as store:
        for at, changes in enumerate(({}, UNSURE, SURELY_OTHER)):
            with store.change("add", "t", "t") as change:
                report, _ = change.put_report(Report("r", f"Report {at}.", published=date(2024, 3, 15), source="S"))
                change.put_claims([row(**changes)], report=report)
        project.link_all(store)
        found = sorted(store.events(), key=lambda event: str(event["event_date"]))
        return [event["event_id_cnty"] for event in found]


def test_events_of_a_database_get_their_doubt(address: str) -> None:
    """On both databases; draws leave the event out that often."""
    assert len(filled(address)) == 3
    events, note = with_doubt(read_events(address), address)
    first, second, third = events.table["doubt"].to_list()
    assert first == third == 0
    assert 0 < second < 1
    assert not note or "told again" in note
    left = [len(each) for each in Draws(200).of(events)]
    assert left.count(2) / 200 == pytest.approx(second, abs=0.12)


def test_one_data_set_has_no_doubles(tmp_path: Path) -> None:
    """Whoever made it told its events apart."""
    address = str(tmp_path / "p.db")
    with create_store(address) as store:
        rows = [row(dataset="d", row_id=str(at), **changes) for at, changes in enumerate(({}, UNSURE))]
        project.import_rows(store, rows, name="d")
    events, note = with_doubt(read_events(address), address)
    assert (len(events), events.table["doubt"].sum(), note) == (2, 0, "")


def test_a_decision_ends_the_doubt(tmp_path: Path) -> None:
    address = str(tmp_path / "p.db")
    one, two, _ = filled(address)
    with open_store(address) as store:
        project.decide(store, "different", one, two, who="anna", why="two villages")
    events, note = with_doubt(read_events(address), address)
    assert events.table["doubt"].sum() == 0
    assert note == ""


def test_too_many_events_are_not_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubles, "MOST", 1)
    events, note = with_doubt(events_of([row(event_id_cnty=each) for each in "ab"]), "nothing is opened")
    assert "doubt" not in events.table.columns
    assert note.startswith("More than 1 events")
