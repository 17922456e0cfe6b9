"""The commands that keep a database, as a user types them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import true

from command import ENVIRONMENT, EXAMPLES, Run
from tocsin import __version__
from tocsin.store import open_store

FIRST = "Gunmen killed three farmers in the village of Dano in Burkina Faso on Monday, residents said."
LATER = (
    "The death toll of Monday's attack on the village of Dano in Burkina Faso has risen to five farmers, killed by "
    "gunmen, residents said."
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the example reports."""
    path = tmp_path_factory.mktemp("made") / "p.db"
    for line in (["init", str(path)], ["add", str(path), str(EXAMPLES)]):
        subprocess.run([sys.executable, "-m", "tocsin", *line], env=ENVIRONMENT, check=True)
    return path


@pytest.fixture
def database(made: Path, tmp_path: Path) -> str:
    """A copy of it, to be changed at will."""
    shutil.copy(made, tmp_path / "p.db")
    return "p.db"


def rows(run: Run, *arguments: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in run("events", *arguments, "--format", "jsonl").out.splitlines()]


def test_adding_twice_changes_nothing(run: Run, database: str) -> None:
    before = rows(run, database)
    again = run("add", database, str(EXAMPLES))
    assert "0 reports added" in again.err
    assert "6 known already" in again.err
    assert rows(run, database) == before


def test_a_later_toll_updates_the_event_and_its_history(run: Run, tmp_path: Path) -> None:
    run("init", "p.db")
    for name, text, day in (("first", FIRST, "2024-03-12"), ("later", LATER, "2024-03-14")):
        (tmp_path / f"{name}.txt").write_text(text)
        assert run("add", "p.db", f"{name}.txt", "--published", day, "--source", name).code == 0
    [event] = rows(run, "p.db")
    assert (event["fatalities"], event["fatalities_low"], event["sources"]) == (5, 3, 2)
    shown = " ".join(run("show", "p.db", str(event["event_id_cnty"])).out.split())
    assert "fatalities: 3 → 5" in shown
    assert "the same day" in shown  # why joined
    run("link", "p.db", "--policy", "lowest")
    assert rows(run, "p.db")[0]["fatalities"] == 3
    [then] = rows(run, "p.db", "--as-of", "1")
    assert then["fatalities"] == 3
    assert then["sources"] == 1


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("--country", "Togo"), {"Sokodé"}),
        (("--near", "Goma", "--radius", "500km"), {"Drodro", "Fataki", "Mavivi", "Butembo"}),
        (("--near", "14.1,-1.6", "--radius", "60"), {"Djibo", "Pobé-Mengao"}),
        (("--since", "2023-05-11", "--until", "2023-05"), {"Fataki", "Mavivi", "Butembo"}),
        (("--type", "Air/drone strike"), {"Nyala"}),
        (("--actor", "codeco"), {"Drodro", "Fataki"}),
        (("--fatalities", "7"), {"Djibo", "Nyala"}),
        (("--country", "Peru"), set()),
    ],
)
def test_events_are_found_by(asked: tuple[str, ...], expected: set[str], run: Run, database: str) -> None:
    assert {row["location"] for row in rows(run, database, *asked)} == expected


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_the_table_fits_the_terminal(columns: int, run: Run, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for each event; id, day and number of dead are never cut."""
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = run("events", database, "--format", "table").out.splitlines()
    assert len(lines) == 10
    assert max(len(line.rstrip()) for line in lines) <= columns
    for line, row in zip(lines[1:], rows(run, database), strict=True):
        assert line.startswith(f"{row['event_id_cnty']}   {row['event_date']}  ")
        assert line.split()[-2:] == [str(row["fatalities"]), str(row["sources"])]


def test_a_wide_table_cuts_nothing(run: Run, database: str) -> None:
    shown = run("events", database, "--format", "table", "--wide").out
    assert "JNIM: Group for Support of Islam and Muslims – Military Forces of Burkina Faso (2022-)" in shown
    assert "…" not in shown


def test_a_decision_holds_until_it_is_undone(run: Run, database: str) -> None:
    before = rows(run, database)
    assert run("decide", database, "same", "COD1", "COD2", "--who", "ann").code == 0
    assert run("link", database).code == 0
    assert len(rows(run, database)) == len(before) - 1
    gone = run("show", database, "COD2")
    assert "see COD1" in gone.err
    assert run("undo", database, "1").code == 0
    assert rows(run, database) == before


def test_a_rejected_event_is_gone_until_it_is_undone(run: Run, database: str) -> None:
    before = rows(run, database)
    run("decide", database, "reject", "TGO1", "--why", "a rumour")
    assert "TGO1" not in {row["event_id_cnty"] for row in rows(run, database)}
    run("undo", database, "1")
    assert rows(run, database) == before


def test_an_amended_number_survives_linking(run: Run, database: str) -> None:
    run("decide", database, "amend", "BFA1", "--set", "fatalities=9")
    run("link", database)
    [row] = [row for row in rows(run, database) if row["event_id_cnty"] == "BFA1"]
    assert row["fatalities"] == 9


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("init p.db", 1, "holds tables already"),
        ("add none.db x.txt", 1, "tocsin init none.db"),
        ("add p.db none.txt", 1, "none.txt"),
        ("show p.db MLI9", 2, "MLI9 is no event"),
        ("undo p.db 7", 2, "no decision 7"),
        ("decide p.db same COD1", 2, "needs two"),
        ("decide p.db same COD1 COD77", 2, "COD77 is neither"),
        ("decide p.db amend COD1", 2, "--set FIELD=VALUE"),
        ("events p.db --since yesterday", 2, "found 'yesterday'"),
        ("events p.db --near Nowhereville", 2, "no place 'Nowhereville'"),
        ("events p.db --near Goma --radius far", 2, "expected kilometres"),
        ("events p.db --type Raid", 2, "no sub-event type"),
        ("link none.jsonl", 2, "none.jsonl"),
        ("review p.db accept", 2, "Give the item"),
        ("review p.db accept 00", 2, "waits no longer, or never did"),
        ("review p.db amend 00", 2, "--set FIELD=VALUE"),
    ],
)
def test_a_mistake_gets_one_clear_sentence(line: str, code: int, said: str, run: Run, database: str) -> None:
    found = run(*line.split())
    assert (found.code, said in found.err) == (code, True), found.err
    assert "Traceback" not in found.err


def test_lines_are_linked_without_a_database(run: Run, tmp_path: Path) -> None:
    lines = [
        {"id": "a", "text": FIRST, "published": "2024-03-12", "source": "x"},
        {"id": "b", "text": LATER, "published": "2024-03-14", "source": "y"},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + "{broken\n")
    found = run("link", "in.jsonl", "--explain")
    first, second = (json.loads(line) for line in found.out.splitlines())
    assert found.code == 1
    assert "in.jsonl:3" in found.err
    assert [line["events"][0]["cluster"] for line in (first, second)] == ["a:0", "a:0"]
    assert first["events"][0]["joined"][0]["claims"] == ["a:0", "b:0"]
    (tmp_path / "coded.jsonl").write_text(run("code", "in.jsonl", "--format", "jsonl").out)
    again = run("link", "coded.jsonl", "-o", "out.jsonl")
    assert again.code == 0
    clusters = [json.loads(line)["events"][0]["cluster"] for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert clusters == ["a:0", "a:0"]


def test_claims_say_what_coded_them_and_how_sure_they_had_to_be(run: Run, tmp_path: Path) -> None:
    """The finder with the hash of its model, and the least confidence, whatever is typed later."""
    (tmp_path / "first.txt").write_text(FIRST)
    (tmp_path / "later.txt").write_text(LATER)
    run("init", "p.db")
    assert run("add", "p.db", "first.txt", "--published", "2024-03-12", "--finder", "rules").code == 0
    asked = ("--published", "2024-03-14", "--min-confidence", "0.3")
    assert run("add", "p.db", "later.txt", *asked).code == 0
    with open_store("p.db") as store:
        made = [(row["made_by"], row.get("min_confidence")) for row in store.claims_where(true())]
    assert made[0] == (f"rules {__version__}", None)
    assert re.fullmatch(rf"both {re.escape(__version__)} [0-9a-f]{{8}}", made[1][0])
    assert made[1][1] == 0.3


def test_the_cost_of_a_language_model_is_told_before_anything_is_added(run: Run, database: str, tmp_path: Path) -> None:
    (tmp_path / "first.txt").write_text(FIRST)
    server = ("--finder", "llm", "--llm-url", "http://127.0.0.1:9/v1", "--llm-model", "m")
    told = run("add", database, "first.txt", *server, "--llm-estimate", "--llm-cache", "c.sqlite")
    assert (told.code, "reports" in told.out) == (0, True), told.err
    assert run("watch", database, *server, "--llm-estimate").code == 2


def test_what_is_not_sure_enough_waits_until_somebody_decides(run: Run, tmp_path: Path) -> None:
    """Listed with value and words, decided by the first letters of its id, taken back by undo, left out of exports."""
    (tmp_path / "first.txt").write_text(FIRST)
    run("init", "p.db")
    added = run("add", "p.db", "first.txt", "--published", "2024-03-12", "--min-confidence", "0.99")
    assert "wait for you: tocsin review p.db" in added.err
    assert rows(run, "p.db") == []  # not even the event is that sure
    [happened] = waiting(run, "--limit", "1")
    assert happened["field"] == "trigger"
    assert run("review", "p.db", "accept", str(happened["id"])[:8], "--who", "ann", "--why", "seen").code == 0
    before = rows(run, "p.db")
    assert (before[0]["event_id_cnty"], before[0]["fatalities"]) == ("BFA1", None)
    shown = run("review", "p.db", "--format", "table").out
    assert "fatalities: 3?" in shown
    assert FIRST[:40] in " ".join(shown.split())
    assert "fatalities: 3?" in run("show", "p.db", "BFA1").out
    [dead] = [item for item in waiting(run) if item["field"] == "fatalities"]
    done = run("review", "p.db", "amend", str(dead["id"]), "--set", "fatalities=4", "--set", "fatalities_low=2")
    assert "tocsin undo p.db 3" in done.err
    assert (rows(run, "p.db")[0]["fatalities"], rows(run, "p.db")[0]["fatalities_low"]) == (4, 2)
    assert run("undo", "p.db", "3").code == 0
    assert rows(run, "p.db") == before
    assert waiting(run, "--country", "Mali") == []
    run("link", "p.db", "--min-confidence", "0")
    assert "Nothing waits." in run("review", "p.db", "--format", "table").err
    assert rows(run, "p.db")[0]["fatalities"] == 3
    exported = run("export", "p.db", "--as", "acled-csv", "--min-confidence", "0.99")
    assert "values" in exported.err
    assert "3 fatalities" not in exported.out


def waiting(run: Run, *options: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in run("review", "p.db", *options, "--format", "jsonl").out.splitlines()]
