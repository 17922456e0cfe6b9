"""Reports go in, events come out: on both databases, in any order, once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tocsin import project
from tocsin.errors import SourceError
from tocsin.model import Issue, Report
from tocsin.store import Store, create_store

RAID = "Gunmen killed three farmers in the village of Dano in Burkina Faso on Monday, residents said."
TEXTS = {
    "first": (RAID, 12),
    "toll": ("The toll of Monday's attack on the village of Dano in Burkina Faso rose to five farmers, killed by "
             "gunmen, residents said.", 14),
    "french": ("Des hommes armés ont tué quatre cultivateurs lundi à Dano, au Burkina Faso, selon des habitants.", 13),
    "elsewhere": ("Gunmen killed three farmers in the town of Djibo in Burkina Faso on Monday, residents said.", 12),
    "march": ("Hundreds of people marched in Ouagadougou in Burkina Faso on Sunday against insecurity.", 12),
}  # fmt: skip
REPORTS = [
    Report(name, text, published=date(2024, 3, day), source=name, lang="fr" if name == "french" else "en")
    for name, (text, day) in TEXTS.items()
]


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with create_store(address) as made:
        yield made


def told(store: Store) -> dict[frozenset[str], dict[str, Any]]:
    """The events by their claims, without their ids."""
    return {
        frozenset(store.members(row["event_id_cnty"])): {k: v for k, v in row.items() if k != "event_id_cnty"}
        for row in store.events()
    }


def test_reports_of_one_raid_are_one_event(store: Store) -> None:
    tally = project.add(store, REPORTS)
    assert (tally.reports, tally.known, tally.failed) == (5, 0, 0)
    raid = next(row for row in list(store.events()) if row["location"] == "Dano")
    assert (raid["sources"], raid["fatalities"], raid["fatalities_low"], raid["fatalities_high"]) == (3, 5, 3, 5)
    assert len(list(store.events())) == 3


def test_adding_again_changes_nothing(store: Store) -> None:
    project.add(store, REPORTS)
    before = told(store)
    assert project.add(store, REPORTS).known == 5
    assert told(store) == before


def test_a_copy_is_no_further_source(store: Store) -> None:
    padding = (
        "The governor of the region promised to send more soldiers. He asked people to report strangers to the police, "
        "and said that the curfew would stay. A funeral was to be held in the town on Thursday, after prayers."
    )
    project.add(store, [Report("a", f"{RAID}\n\n{padding}", published=date(2024, 3, 12), source="Agency", lang="en")])
    sold = Report("b", f"{RAID}\n\n{padding} With agencies.", published=date(2024, 3, 13), source="Paper", lang="en")
    assert project.add(store, [sold]).copies == 1
    [row] = store.events()
    assert row["sources"] == 1
    assert row["source"] == "Agency; Paper"


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_adding_never_matters(seed: int, tmp_path: Path) -> None:
    """One by one in any order, or all linked at once: the same events."""
    shuffled = random.Random(seed).sample(REPORTS, len(REPORTS))
    with create_store(str(tmp_path / "a.db")) as one, create_store(str(tmp_path / "b.db")) as other:
        project.add(one, REPORTS)
        project.add(other, shuffled)
        assert told(one) == told(other)
        project.link_all(one)
        assert told(one) == told(other)


def test_decisions_are_undone_without_a_trace_in_the_events(store: Store) -> None:
    project.add(store, REPORTS)
    before, [raid] = told(store), [row["event_id_cnty"] for row in store.events() if row["location"] == "Dano"]
    key = store.members(raid)[0]
    project.decide(store, "different", raid, key, why="another Dano")
    assert len(told(store)) == len(before) + 1
    first, *others = store.decisions()
    assert others  # one for each claim that it is told apart from
    project.undo(store, first["id"])
    assert (told(store), store.decisions()) == (before, [])


def test_a_later_decision_takes_the_place_of_an_earlier_one_until_it_is_undone(store: Store) -> None:
    project.add(store, REPORTS)
    [raid] = [row["event_id_cnty"] for row in store.events() if row["location"] == "Dano"]
    one, other, *_ = store.members(raid)
    together = told(store)
    project.decide(store, "different", one, other, why="another Dano")
    apart = told(store)
    assert apart != together
    project.decide(store, "same", one, other, why="the same after all")
    assert told(store) == together
    [same] = store.decisions()
    assert same["kind"] == "same"
    project.undo(store, same["id"])
    assert (told(store), [row["kind"] for row in store.decisions()]) == (apart, ["different"])


def test_the_last_amendment_of_a_field_holds(store: Store) -> None:
    project.add(store, REPORTS)
    [raid] = [row["event_id_cnty"] for row in store.events() if row["location"] == "Dano"]
    for dead in (7, 9):
        project.decide(store, "amend", raid, field="fatalities", value=dead)
    last = store.decisions()[-1]
    assert (store.event(raid) or {})["fatalities"] == 9
    project.undo(store, last["id"])
    assert (store.event(raid) or {})["fatalities"] == 7


def test_an_event_that_is_accepted_again_is_back(store: Store) -> None:
    project.add(store, REPORTS)
    before = told(store)
    [raid] = [row["event_id_cnty"] for row in store.events() if row["location"] == "Dano"]
    claims = store.members(raid)
    project.decide(store, "reject", raid, why="a rumour")
    assert len(told(store)) == len(before) - 1
    for key in claims:
        project.decide(store, "accept", key, why="confirmed")
    after = told(store)
    assert after.keys() == before.keys()
    assert after[frozenset(claims)].pop("confidence")["trigger"] == 1.0  # a person says so
    assert before[frozenset(claims)].pop("confidence")["trigger"] < 1.0
    assert after == before


def incident(n: int, **changes: Any) -> dict[str, Any]:
    return {
        "dataset": "d",
        "row_id": str(n),
        "event_date": "2024-03-11",
        "country": "Mali",
        "notes": f"Note {n}",
    } | changes


def test_a_row_that_is_there_twice_is_told_however_far_apart(store: Store) -> None:
    heard: list[Issue] = []
    project.import_rows(store, [incident(99)], name="y")
    rows = [incident(n % 5) for n in range(12)]
    for claims, known, failed in ((5, 0, 7), (0, 12, 0)):
        tally = project.import_rows(store, rows, name="x", notice=heard.append, batch=4)
        assert (tally.reports, tally.claims, tally.known, tally.failed) == (12, claims, known, failed)
    assert all("is there twice" in issue.message for issue in heard)


@pytest.mark.parametrize("bad", [Issue("error", "import", "found 'x', expected a day", "a.csv:9"), incident(0)])
def test_a_strict_import_takes_all_or_nothing(store: Store, bad: Issue | dict[str, Any]) -> None:
    rows = [incident(n) for n in range(12)]
    with pytest.raises(SourceError, match="Nothing of x was taken in"):
        project.import_rows(store, [*rows, bad, incident(12)], name="x", strict=True, batch=4)
    assert not any(store.counts().values())
    assert project.import_rows(store, rows, name="x", strict=True, batch=4).claims == 12
    assert (store.counts()["change"], store.counts()["event"]) == (1, 12)
    assert project.import_rows(store, rows, name="x", strict=True).known == 12


def test_a_bad_row_is_told_and_the_rest_goes_in(store: Store) -> None:
    heard: list[Issue] = []
    bad = Issue("error", "import", "found 'x', expected a day", "a.csv:9")
    tally = project.import_rows(store, [incident(0), bad, incident(1), incident(0)], name="x", notice=heard.append)
    assert (tally.claims, tally.known, tally.failed) == (2, 0, 2)
    assert bad in heard
