"""The registry of sources, on both databases: what reports show, what people say, what follows from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from command import ATTACK, Run
from tocsin import project, sources
from tocsin.errors import UsageError
from tocsin.link.events import Policy
from tocsin.model import Report
from tocsin.store import Store, create_store

MORE = (
    "The death toll of Monday's attack on the village of Dano in Burkina Faso has risen to five farmers, killed by "
    "gunmen, residents said."
)


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with create_store(address) as made:
        project.add(made, [
            Report("a", ATTACK, published=date(2024, 3, 12), source="Paper", source_scale="National", lang="en"),
            Report("b", MORE, published=date(2024, 3, 14), source='Voice of "X"', lang="en"),
        ])  # fmt: skip
        yield made


def test_what_reports_show(store: Store) -> None:
    paper, voice = sources.sources(store)
    assert (paper.name, paper.scale, paper.lang, paper.party) == ("Paper", "National", "en", None)
    assert (voice.scale, voice.reports, voice.original, voice.first_seen) == (None, 1, 1, "2024-03-14")


def test_what_people_say_wins_and_stays_in_the_history(store: Store) -> None:
    said = {"country": "mli", "scale": "new media", "lang": "FR", "party": "Yes"}
    assert len(sources.describe(store, 'Voice of "X"', said, who="ann", why="its own page")) == 4
    assert sources.describe(store, 'Voice of "X"', said, who="bob") == []
    sources.describe(store, 'Voice of "X"', {"scale": "unknown"}, who="bob")
    voice = sources.one(store, 'Voice of "X"')
    assert (voice.country, voice.scale, voice.lang, voice.party) == ("Mali", None, "fr", "yes")
    first, second = sources.sayings(store, 'Voice of "X"')
    assert (first.who, "country unknown → Mali" in first.what, "its own page" in first.what) == ("ann", True, True)
    assert (second.who, second.what) == ("bob", "scale New media → unknown")
    assert sources.sayings(store, "Paper") == sources.sayings(store, "Voice of") == []


@pytest.mark.parametrize(("party", "dead"), [("Paper", 5), ('Voice of "X"', 3)])
def test_the_most_reliable_is_no_party_to_the_conflict(store: Store, party: str, dead: int) -> None:
    project.set_policy(store, Policy.most_reliable)
    sources.describe(store, party, {"party": "yes", "scale": "Other"}, who="ann")
    for name in {"Paper", 'Voice of "X"'} - {party}:
        sources.describe(store, name, {"party": "no"}, who="ann")  # "no" is not yes
    project.link_all(store)
    [row] = store.events()
    assert (row["fatalities"], "Other" in row["source_scale"]) == (dead, True)


@pytest.mark.parametrize(
    ("field", "value"), [("country", "Atlantis"), ("scale", "Local"), ("lang", "French"), ("party", "maybe")]
)
def test_odd_values_are_refused(field: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"--{field}: found '{value}'"):
        sources.checked(field, value)


def test_command(run: Run, tmp_path: Path) -> None:
    run("init", "p.db")
    (tmp_path / "a.txt").write_text(ATTACK)
    run("add", "p.db", "a.txt", "--published", "2024-03-12", "--source", "A Paper With a Name That is Rather Long")
    name = json.loads(run("sources", "p.db", "--format", "jsonl").out)["name"]
    assert run("sources", "p.db", name, "--party", "no", "--scale", "International", "--who", "ann").code == 0
    shown = run("sources", "p.db", name, "--format", "table").out
    assert "ann: scale unknown → International, party unknown → no" in shown
    assert "2024-03-12" in shown
    wrong = run("sources", "p.db", name[1:], "--party", "no")
    assert (wrong.code, name in wrong.err) == (2, True)
    assert "NAME" in run("sources", "p.db", "--party", "no").err
