"""`tocsin check`, `tocsin analyse` and `tocsin brief` as people type them: real input, and bad input."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("polars")

from command import Run

TEXT = ("Gunmen killed seven villagers in Barsalogho, Burkina Faso, on 2 May. There were at least 2 attacks in Burkina "
        "Faso in May 2023. The worst is still to come, a resident said.")  # fmt: skip


@pytest.fixture
def typed(example: Path, tmp_path: Path, run: Run) -> Run:
    """The command, in a folder with a database and a text."""
    shutil.copy(example, tmp_path / "sahel.db")
    (tmp_path / "article.txt").write_text(TEXT)
    return run


def test_verdicts_are_told_with_how_they_were_read(typed: Run) -> None:
    done = typed("check", "article.txt", "--db", "sahel.db", "--published", "2023-05-20", "-f", "table")
    assert done.code == 0, done.err
    assert "read as: how many events" in done.out
    assert "at least 2 events" in done.out
    assert "statement" in done.err


def test_readings_are_corrected_and_given_back(typed: Run, tmp_path: Path) -> None:
    assert typed("check", "article.txt", "--db", "sahel.db", "--published", "2023-05-20", "-f", "toml", "-o",
                 "r.toml").code == 0  # fmt: skip
    readings = tmp_path / "r.toml"
    readings.write_text(readings.read_text().replace("value = 2\n", "value = 40\n").replace("value = 2 ", "value = 40 ")
                        .replace("value = 2.0", "value = 40.0"))  # fmt: skip
    done = typed("check", "article.txt", "--db", "sahel.db", "--readings", "r.toml", "-f", "json")
    assert 40 in [each["asked"]["value"] for each in map(json.loads, done.out.splitlines()) if each["asked"]]
    readings.write_text("[[statement]]\nquote = 3\n")
    done = typed("check", "article.txt", "--db", "sahel.db", "--readings", "r.toml")
    assert (done.code, done.out) == (1, "")
    assert "r.toml:2" in done.err


def test_claim_reviews_are_json_ld(typed: Run) -> None:
    done = typed("check", "article.txt", "--db", "sahel.db", "--published", "2023-05-20", "-f", "claimreview")
    assert json.loads(done.out)["@context"] == "https://schema.org"


def test_an_empty_database_never_contradicts(typed: Run) -> None:
    assert typed("init", "empty.db").code == 0
    done = typed("check", "article.txt", "--db", "empty.db", "--published", "2023-05-20", "-f", "json")
    told = [json.loads(line)["verdict"] for line in done.out.splitlines()]
    assert done.code == 0
    assert told
    assert "contradicted" not in told


def test_answers_are_printed_and_written(typed: Run, tmp_path: Path) -> None:
    done = typed("analyse", "trend", "sahel.db", "--every", "week", "--figure", "t.svg", "-o", "t.csv", "-f", "table")
    assert done.code == 0, done.err
    assert " in the week from " in done.out
    assert "Source: sahel.db" in done.err
    assert (tmp_path / "t.svg").read_bytes().startswith(b"<?xml")
    assert (tmp_path / "t.csv").read_text().startswith("period,count")
    answer = json.loads(typed("analyse", "trend", "sahel.db", "--country", "Togo").out)
    assert sum(row["count"] for row in answer["table"]) == 1
    assert typed("analyse", "trend", "sahel.db", "-o", "t.parquet").code == 0
    assert (tmp_path / "t.parquet").read_bytes()[:4] == b"PAR1"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("analyse trend nothing.db", "nothing.db"),
        ("analyse trend sahel.db --country Atlantis", "expected the English name"),
        ("analyse trend sahel.db --country Mali", "found 0 events"),
        ("analyse trend sahel.db --since 2099", "found 0 events"),
        ("analyse trend sahel.db --since 2023-99", "expected a day, month or year"),
        ("analyse trend sahel.db --figure a.pdf", ".png or .svg"),
        ("analyse trend sahel.db -o a.xlsx", "expected one of"),
        ("analyse trend sahel.db --by colour", "no column"),
        ("analyse approach sahel.db --place Nowhereatall", "Nowhereatall"),
        ("analyse guess sahel.db", "No such command"),
        ("check missing.txt --db sahel.db", "missing.txt"),
        ("check article.txt --db missing.db", "missing.db"),
        ("check article.txt --db sahel.db --lang xx", "--lang"),
        ("brief sahel.db --country Mali --month 2023-05 -o b.html", "found 0 events"),
        ("brief sahel.db --country Togo --month 2023-06 -o b.docx", "expected .html or .md"),
    ],
)
def test_bad_input_is_one_sentence(typed: Run, tmp_path: Path, line: str, said: str) -> None:
    done = typed(*line.split())
    assert done.code in (1, 2)
    assert said in done.err
    assert "Traceback" not in done.err
    assert "unexpected" not in done.err
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".pdf", ".xlsx", ".docx", ".part")]
