"""What is withheld waits for a person: the queue, and what decisions make of it, on both databases."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin import project
from tocsin.errors import DataError, UsageError
from tocsin.model import Report
from tocsin.project import doubt as doubts
from tocsin.project import review
from tocsin.store import Change, Store, create_store, schema

RAID = "Gunmen killed three farmers in the village of Dano in Burkina Faso on Monday, residents said."
TOLD = (
    RAID,
    "The toll of Monday's attack on the village of Dano in Burkina Faso rose to five farmers, killed by gunmen.",
    "Armed men clashed with soldiers near Djibo in Burkina Faso on Monday; several people were killed.",
)
SURE = {"trigger": 0.9, "event_type": 0.9, "sub_event_type": 0.9, "event_date": 0.9, "country": 0.9,
        "admin1": 0.9, "location": 0.8, "latitude": 0.8, "longitude": 0.8, "actor1": 0.8, "actor2": 0.8,
        "fatalities": 0.9}  # fmt: skip


def row(**changes: Any) -> dict[str, Any]:
    """A coded claim; `sure` changes how sure its fields are."""
    sure, told = SURE | changes.pop("sure", {}), {
        "event_date": "2024-03-11", "year": 2024, "time_precision": 1, "disorder_type": "Political violence",
        "event_type": "Violence against civilians", "sub_event_type": "Attack", "actor1": "Unidentified Armed Group",
        "inter1": "Political militia", "actor2": "Civilians (Burkina Faso)", "inter2": "Civilians",
        "civilian_targeting": "Civilians targeted", "country": "Burkina Faso", "iso": 854, "admin1": "Sud-Ouest",
        "location": "Dano", "latitude": 11.15, "longitude": -3.06, "geo_precision": 1, "place_radius_km": 3.0,
        "fatalities": 3, "fatalities_low": 3, "fatalities_best": 3, "fatalities_high": 3, "complete": True,
        "background": False, "source": "A", "min_confidence": 0.6,
        "evidence": [{"field": "location", "start": 42, "end": 46, "quote": "Dano"}],
    }  # fmt: skip
    return {**told, "confidence": sure, **changes}


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with create_store(address) as made:
        yield made


def add(store: Store, *rows: dict[str, Any]) -> list[str]:
    """Claims of a report each, placed as `add` places them; their keys."""
    keys = []
    for n, each in enumerate(rows):
        with store.change("add", "t", "t") as change:
            report, _ = change.put_report(Report("r", f"{n} {RAID}", published=date(2024, 3, 12), source=f"S{n}"))
            keys += change.put_claims([each], report=report)
    project.link_all(store)
    return keys


def fields(store: Store) -> list[str]:
    return [item.field for item in project.queue(store)]


def state(store: Store) -> tuple[Any, ...]:
    return list(store.events()), store.table(schema.doubt)


def test_a_doubtful_value_is_unknown_until_a_person_accepts_it(store: Store) -> None:
    add(store, row(sure={"location": 0.5, "latitude": 0.5}))
    before = state(store)
    [event] = store.events()
    assert (event["location"], event["latitude"], event["place_radius_km"], event["complete"]) == (None,) * 3 + (False,)
    assert event["admin1"] == "Sud-Ouest"
    assert "Dano" not in event["notes"]
    assert "location" not in event["confidence"]
    [item] = project.queue(store)
    assert (item.field, item.event, item.confidence) == ("location", "BFA1", 0.5)
    assert item.values["location"] == "Dano"
    assert item.quotes == ("Dano",)
    assert item.sentence == f"0 {RAID}"
    assert project.settle(store, item.id[:6], "accept", who="ann") == ["BFA1"]
    [after] = store.events()
    assert (after["location"], after["latitude"], after["complete"], fields(store)) == ("Dano", 11.15, True, [])
    assert after["confidence"]["location"] == 1.0
    project.undo(store, 1, who="ann")
    assert state(store) == before


def test_an_amended_value_stands_with_what_follows_from_it(store: Store) -> None:
    add(store, row(sure={"location": 0.5, "actor1": 0.2, "event_date": 0.3}))
    before = state(store)
    for field, values in (
        ("location", {"location": "Diébougou", "latitude": "10.97", "longitude": -3.25}),
        ("actor1", {"actor1": "JNIM", "inter1": "Rebel group"}),
        ("event_date", {"event_date": "2023-12-31"}),
    ):
        [item] = [item for item in project.queue(store) if item.field == field]
        project.settle(store, item.id, "amend", values, who="ann")
    [event] = store.events()
    assert (event["location"], event["latitude"], event["geo_precision"]) == ("Diébougou", 10.97, 1)
    assert (event["actor1"], event["interaction"], event["year"]) == ("JNIM", "Rebel group-Civilians", 2023)
    assert (event["complete"], fields(store)) == (True, [])
    project.link_all(store)
    assert list(store.events()) == [event]
    for decision in sorted({held["since"]: held["id"] for held in store.decisions()}.values(), reverse=True):
        project.undo(store, decision)
    assert state(store) == before


def test_a_rejected_value_stays_unknown_and_is_not_asked_again(store: Store) -> None:
    add(store, row(sure={"fatalities": 0.4}), row(sure={"fatalities": 0.3}))
    [item] = project.queue(store)
    assert len(item.claims) == 2
    project.settle(store, item.id, "reject")
    project.link_all(store)
    [event] = store.events()
    assert (event["fatalities"], event["fatalities_high"], fields(store)) == (None, None, [])


def test_a_doubtful_event_is_published_when_a_person_accepts_it(store: Store) -> None:
    add(store, row(sure={"trigger": 0.4, "actor2": 0.1}))
    before = state(store)
    assert before[0] == []
    [item] = project.queue(store)
    assert (item.field, item.event) == ("trigger", None)
    assert project.settle(store, item.id, "accept") == ["BFA1"]
    assert [event["actor2"] for event in store.events()] == [None]
    assert fields(store) == ["actor2"]
    project.undo(store, 1)
    assert state(store) == before
    project.settle(store, item.id, "reject")
    assert state(store) == ([], [])
    project.undo(store, 2)
    assert state(store) == before


def test_an_event_that_one_report_is_sure_of_is_published(store: Store) -> None:
    """The doubtful report is a source of it; nobody is asked."""
    add(store, row(sure={"trigger": 0.4, "location": 0.2}), row())
    [event] = store.events()
    assert (event["location"], event["sources"], event["confidence"]["trigger"]) == ("Dano", 2, 0.9)
    assert fields(store) == []


def test_an_event_ends_when_the_only_sure_claim_is_rejected(store: Store) -> None:
    _, sure = add(store, row(sure={"trigger": 0.4}), row())
    before = state(store)
    project.decide(store, "reject", sure)
    assert (list(store.events()), fields(store)) == ([], ["trigger"])
    project.undo(store, 1)
    assert state(store) == before


def test_all_is_whole_where_nothing_is_asked_for(store: Store) -> None:
    add(store, row(min_confidence=None, sure=dict.fromkeys(SURE, 0.02)))
    [event] = store.events()
    assert (event["location"], event["fatalities"], fields(store)) == ("Dano", 3, [])


def test_the_least_confidence_of_the_project_wins_and_can_be_taken_back(store: Store) -> None:
    add(store, row(sure={"location": 0.5}))
    before = state(store)
    project.set_least(store, 0.85)
    project.link_all(store)
    assert set(fields(store)) == {"location", "actor1", "actor2"}
    project.set_least(store, 0.0)
    project.link_all(store)
    assert (fields(store), next(store.events())["location"]) == ([], "Dano")
    project.set_least(store, 0.6)
    project.link_all(store)
    assert state(store) == before


def test_the_queue_begins_with_what_is_most_worth_deciding(store: Store) -> None:
    """Even chances before near certainty, many dead before none, the event before one of its fields."""
    many = {"fatalities": 60, "fatalities_low": 60, "fatalities_best": 60, "fatalities_high": 60}
    add(
        store,
        row(event_date="2024-01-01", sure={"location": 0.5}),
        row(event_date="2024-02-01", sure={"location": 0.5}, **many),
        row(event_date="2024-03-01", sure={"location": 0.05}, **many),
        row(event_date="2024-04-01", sure={"trigger": 0.5}, **many),
    )
    found = project.queue(store)
    assert [item.row["event_date"][5:7] for item in found] == ["04", "02", "01", "03"]
    assert [item.id for item in project.queue(store, limit=2, after=1)] == [item.id for item in found[1:3]]
    assert review.length(store) == 4
    assert (project.queue(store, country="Mali"), review.length(store, country="Burkina Faso")) == ([], 4)


def test_what_somebody_decided_meanwhile_is_not_decided_twice(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add(store, row(sure={"location": 0.5}))
    [item] = project.queue(store)
    project.settle(store, item.id, "reject", who="ann")
    with pytest.raises(UsageError, match="waits no longer"):
        project.settle(store, item.id, "accept", who="ben")
    monkeypatch.setattr(review, "item", lambda *_: item)  # he looked before she decided
    with pytest.raises(UsageError, match="was decided meanwhile"):
        project.settle(store, item.id, "accept", who="ben")
    assert len(store.decisions()) == 1


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_adding_never_matters(seed: int, tmp_path: Path) -> None:
    """One by one in any order, or all linked at once: the same events, and the same doubts."""
    reports = [Report(f"r{n}", text, published=date(2024, 3, 12 + n), source=f"S{n}", lang="en")
               for n, text in enumerate(TOLD)]  # fmt: skip
    shuffled = random.Random(seed).sample(reports, len(reports))
    with create_store(str(tmp_path / "a.db")) as one, create_store(str(tmp_path / "b.db")) as other:
        project.add(one, reports, least=0.85)
        project.add(other, shuffled, least=0.85)
        assert asked(other) == asked(one) != []
        project.link_all(other)
        assert asked(other) == asked(one)


def asked(store: Store) -> list[tuple[Any, ...]]:
    """What waits, without the ids of events; then what is published."""
    waits = [(d["field"], *sorted(json.loads(d["claims"])), d["worth"]) for d in store.table(schema.doubt)]
    published = [tuple(sorted((name, str(event[name])) for name in event if name != "event_id_cnty"))
                 for event in store.events()]  # fmt: skip
    return [*sorted(waits), *sorted(published)]


def test_a_decision_and_what_follows_from_it_are_one_change(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever ends it midway, nothing of it is there."""
    add(store, row(sure={"location": 0.5}))
    before, [item] = state(store), project.queue(store)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    for step in ("put_decision", "apply_events", "put_doubts"):
        with monkeypatch.context() as broken:
            broken.setattr(Change, step, fail)
            with pytest.raises(RuntimeError, match="killed"):
                project.settle(store, item.id, "accept")
        assert (state(store), store.decisions()) == (before, [])


@pytest.mark.parametrize(
    ("field", "values", "said"),
    [
        ("trigger", {}, "accepted or rejected"),
        ("location", {"actor1": "x"}, "found 'actor1', expected location, latitude"),
        ("location", {"location": "Kati"}, "latitude is missing: to amend location, set location, latitude, longitude"),
        (
            "location",
            {"location": "Kati", "latitude": "far", "longitude": 1},
            "latitude: found 'far', expected",
        ),
        ("event_date", {"event_date": "Monday"}, "event_date: found 'Monday', expected a day"),
        ("event_type", {"sub_event_type": "Raid"}, "sub_event_type: found 'Raid', expected one of"),
        ("country", {"country": "Atlantis"}, "found 'Atlantis'"),
        ("actor1", {"actor1": "JNIM", "inter1": "Bandits"}, "inter1: found 'Bandits', expected one of State forces"),
        ("fatalities", {"fatalities": "dozens"}, "fatalities: found 'dozens', expected a whole number"),
    ],
)
def test_a_person_s_value_is_checked(field: str, values: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        review.amended(field, values)


def test_what_follows_from_a_person_s_value_is_set() -> None:
    assert review.amended("country", {"country": "Mali"}) == {"country": "Mali", "iso": 466, "region": "Western Africa"}
    assert review.amended("event_type", {"sub_event_type": "Attack"}) == {"sub_event_type": "Attack"}


@given(sure=st.dictionaries(st.sampled_from(sorted(SURE)), st.floats(0, 1)), least=st.floats(0, 1))
def test_what_stands_is_sure_enough_and_the_rest_is_told(sure: dict[str, float], least: float) -> None:
    whole = row(sure=sure)
    left = doubts.standing(whole, least)
    for field in doubts.CHOSEN:
        stands = left[field] is not None
        assert stands == (whole["confidence"][field] >= least)
        assert all((left.get(name) is not None) <= stands for name in doubts.COLUMNS[field])
    assert doubts.standing(whole, 0.0) is whole


@given(sure=st.floats(0, 1), dead=st.integers(0, 10_000))
def test_even_chances_and_many_dead_are_worth_most(sure: float, dead: int) -> None:
    event = {"fatalities": dead}
    assert 0 <= doubts.worth(event, "location", sure) <= doubts.worth(event, "location", 0.5)
    assert doubts.worth(event, "location", 0.5) <= doubts.worth({"fatalities": dead + 1}, "location", 0.5)


def test_wrong_weights_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {**doubts.weights(), "event": {"always": 1.0, "doubling": -1, "civilians": 1.0}}
    monkeypatch.setattr(doubts, "read_toml", lambda path: table)
    doubts.weights.cache_clear()
    with pytest.raises(DataError, match=r"worth\.toml:1: \[event\]: found a problem with doubling"):
        doubts.weights()
    doubts.weights.cache_clear()
