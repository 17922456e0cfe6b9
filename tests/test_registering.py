"""What people say of actors, and that the coder goes by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tocsin.errors import UsageError
from tocsin.model import Report
from tocsin.project import add
from tocsin.project.registering import (
    edits,
    groups_of,
    ignore,
    ignored,
    new_id,
    put_group,
    registry_of,
    renamed,
    take_back,
    with_alias,
)  # fmt: skip
from tocsin.registry import Registry
from tocsin.registry.tables import Group
from tocsin.store import Store, create_store

NEW = Group(
    "harmattan", "Harmattan Watch", {"en": ("Harmattan boys",), "fr": ()}, "Political militia", ("BFA",), "", "", ""
)
DAY = date(2023, 5, 4)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with create_store(str(tmp_path / "p.db")) as found:
        yield found


def actors(store: Store, text: str) -> set[str | None]:
    """The first actors of the events of a database to which the text is added."""
    add(store, [Report(f"report {len(text)}", text, "", DAY, "Radio Plateau", lang="en")])
    return {event["actor1"] for event in store.events()}


def test_a_new_actor_is_found_in_reports_that_are_added_later(store: Store) -> None:
    assert "Harmattan Watch" not in actors(store, "Harmattan boys killed six people in Kaya, Burkina Faso, on Tuesday.")
    number = put_group(store, NEW, who="edna", why="named by three reports")
    assert "Harmattan Watch" in actors(store, "Harmattan boys killed nine people in Djibo, Burkina Faso, on Monday.")
    (edit,) = edits(store)
    assert (edit.id, edit.who, edit.why, edit.group) == (number, "edna", "named by three reports", NEW)
    assert Registry.load().groups.get("harmattan") is None, "another database is not meant"


def test_what_is_taken_back_brings_what_was_before(store: Store) -> None:
    put_group(store, NEW, who="edna")
    second = put_group(store, renamed(NEW, "Harmattan Guard"), who="edna")
    assert groups_of(store)[0].name == "Harmattan Guard"
    assert "Harmattan Watch" in groups_of(store)[0].aliases["en"]
    take_back(store, second, who="adam")
    assert groups_of(store) == (NEW,)
    assert [(edit.ended_by, bool(edit.ended)) for edit in edits(store)] == [("adam", True), (None, False)]
    with pytest.raises(UsageError, match="no edit"):
        take_back(store, second, who="adam")


def test_a_known_actor_gets_another_name(store: Store) -> None:
    jnim = Registry.load().groups["jnim"]
    put_group(store, with_alias(jnim, "Katiba of the Two Rivers"), who="edna")
    text = "The Katiba of the Two Rivers attacked an army post in Djibo, Burkina Faso, on Tuesday, killing 4 soldiers."
    assert jnim.name in actors(store, text)
    assert registry_of(store).groups["jnim"].inter == jnim.inter


def test_a_name_that_is_no_actor_is_remembered(store: Store) -> None:
    ignore(store, "Électoral Commission", who="edna")
    assert ignored(store) == {"electoral commission"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (replace(NEW, inter="Bandits"), "kind"),
        (replace(NEW, name="X"), "3 to 200"),
        (with_alias(NEW, "fighters"), "a word like others"),
        (replace(NEW, countries=("Atlantis",)), "country"),
        (replace(NEW, valid_from="May"), "years"),
        (replace(NEW, name=Registry.load().groups["jnim"].name), "already"),
    ],
)
def test_what_cannot_be_is_refused(store: Store, wrong: Group, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        put_group(store, wrong, who="edna")
    assert edits(store) == []


def test_ids_are_new() -> None:
    assert new_id(Registry.load(), "Dry River Front (DRF)") == "dry-river-front-drf"
    assert new_id(Registry.load(), "JNIM") == "jnim-2"
