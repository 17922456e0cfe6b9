"""The command `tocsin`, as a user meets it."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tocsin
from command import ATTACK, ENVIRONMENT, EXAMPLES, Result, Run, process
from tocsin import cli


def many(path: Path, count: int) -> Path:
    """A file of reports, each a little different."""
    with path.open("w", encoding="utf-8") as lines:
        for number in range(count):
            text = ATTACK.replace("three", str(number % 9 + 2))
            lines.write(json.dumps({"id": f"r{number}", "text": text, "published": "2024-03-12", "lang": "en"}) + "\n")
    return path


def test_version(run: Run) -> None:
    """The version alone, for scripts."""
    assert run("--version") == Result(0, f"tocsin {tocsin.__version__}\n", "")


def test_start_is_quick() -> None:
    """Help needs no model and no table: nothing heavy is loaded for it."""
    heavy = ("spacy", "numpy", "trafilatura", "httpx")
    script = f"import sys, tocsin, tocsin.cli; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=ENVIRONMENT, check=True)
    assert found.stdout == "[]\n"


def test_examples_are_coded_as_a_table(run: Run) -> None:
    """What `make run` shows: each report, its events, the sentences behind them."""
    found = run("examples")
    assert (found.code, found.err) == (0, "")
    for words in ("Djibo", "2024-03-10", "Battles / Armed clash", "“", "Sokodé", "no event", "--explain says why"):
        assert words in found.out


def test_examples_can_be_copied_and_coded(run: Run, tmp_path: Path) -> None:
    """The reports become files of one's own."""
    assert run("examples", "--copy-to", "mine").code == 0
    assert {path.name for path in (tmp_path / "mine").iterdir()} == {path.name for path in EXAMPLES.iterdir()}
    found = run("code", "mine")
    lines = [json.loads(line) for line in found.out.splitlines()]
    assert len(lines) == 6
    by_id = {line["id"]: line for line in lines}
    assert by_id["nairobi"]["events"] == []


def test_json_line_of_a_text(run: Run, tmp_path: Path) -> None:
    """One line, offsets in the text, each value with a quote or a rule."""
    (tmp_path / "a.txt").write_text(ATTACK)
    found = run("code", "a.txt", "--published", "2024-03-12", "--source", "Example Wire", "--title", "Dano")
    assert found.code == 0
    [event] = json.loads(found.out)["events"]
    assert (event["event_date"], event["country"], event["fatalities"]) == ("2024-03-11", "Burkina Faso", 3)
    assert (event["source"], event["sub_event_type"]) == ("Example Wire", "Attack")
    assert all(ATTACK[item["start"] : item["end"]] == item["quote"] for item in event["evidence"])
    ruled = {rule.split(": ")[0] for rule in event["rules"]}
    free = {
        "event_id_cnty",
        "source",
        "source_scale",
        "notes",
        "tags",
        "timestamp",
    }  # about the report, or made of others
    assert {name for name in cli_columns() if event[name] is not None} - ruled <= free


def cli_columns() -> tuple[str, ...]:
    from tocsin.exchange import COLUMNS

    return COLUMNS


@pytest.mark.parametrize(("option", "ending"), [("csv", "csv"), ("geojson", "geojson"), ("jsonl", "jsonl")])
def test_ending_of_out_is_the_format(option: str, ending: str, run: Run, tmp_path: Path) -> None:
    """`-o events.csv` needs no --format."""
    many(tmp_path / "in.jsonl", 5)
    to_file = run("code", "in.jsonl", "-o", f"out.{ending}")
    assert (to_file.code, to_file.out) == (0, "")
    assert "5 events from 5 reports are in out" in to_file.err
    assert run("code", "in.jsonl", "--format", option).out == (tmp_path / f"out.{ending}").read_text()


def test_incomplete_events_are_counted_not_written(run: Run, tmp_path: Path) -> None:
    """The ACLED table cannot hold an event without a date; the user is told."""
    (tmp_path / "a.txt").write_text(ATTACK.replace(" on Monday", ""))
    found = run("code", "a.txt", "--format", "csv")
    assert len(list(csv.DictReader(io.StringIO(found.out)))) == 0
    assert "1 event left out" in found.err


def test_explain(run: Run, tmp_path: Path) -> None:
    """Every field with quote and rule, then what was not coded and why."""
    (tmp_path / "a.txt").write_text(ATTACK + " The army denied that it had shelled Djibo.")
    found = run("code", "a.txt", "--published", "2024-03-12", "--explain")
    assert found.code == 0
    for words in ("event_date", "on Monday", "fatalities", "three", "Not coded", "denied", "had shelled Djibo"):
        assert words in found.out


def test_standard_input() -> None:
    """`cat text | tocsin code - --published ...`"""
    found = process("code", "-", "--published", "2024-03-12", stdin=subprocess.PIPE)
    out, err = found.communicate(ATTACK)
    assert (found.returncode, err) == (0, "")
    assert json.loads(out)["events"][0]["event_date"] == "2024-03-11"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("code",), "INPUTS"),
        (("code", "a.txt", "--published", "yesterday"), "2024-03-12"),
        (("code", "a.txt", "--format", "xml"), "geojson"),
        (("code", "a.txt", "--lang", "xx"), "xx"),
        (("code", "a.txt", "--jobs", "0"), "jobs"),
        (("code", "a.txt", "--explain", "--format", "csv"), "Drop one"),
        (("code", "a.txt", "--resume"), "need -o OUT"),
        (("code", "a.txt", "-o", "no/such/out.csv"), "folder that exists"),
        (("code", "a.txt", "-o", "out.csv", "--resume"), "Nothing to resume"),
        (("cide",), "cide"),
    ],
)
def test_wrong_usage_is_one_sentence_and_code_2(
    arguments: tuple[str, ...], words: str, run: Run, tmp_path: Path
) -> None:
    """What is wrong, and what would be right; never a traceback."""
    (tmp_path / "a.txt").write_text(ATTACK)
    found = run(*arguments)
    assert (found.code, found.out) == (2, "")
    assert words in found.err
    assert "Traceback" not in found.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
def test_unexpected_error_is_one_sentence(tmp_path: Path) -> None:
    """A full disk: said in one line, no traceback, exit code 1."""
    (tmp_path / "a.txt").write_text(ATTACK)
    typed = [sys.executable, "-m", "tocsin", "code", "a.txt"]
    with open("/dev/full", "w") as full:
        found = subprocess.run(typed, stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=ENVIRONMENT)
    assert found.returncode == 1
    assert "No space left" in found.stderr.splitlines()[-1]
    assert "Traceback" not in found.stderr


def test_bad_input_costs_only_itself(run: Run, tmp_path: Path) -> None:
    """A wrong line, a missing file and an empty one are named; the rest is coded; exit code 1."""
    (tmp_path / "in.jsonl").write_text(
        json.dumps({"id": "good", "text": ATTACK, "published": "2024-03-12"}) + "\n{oops\n"
    )
    (tmp_path / "empty.txt").write_text("")
    found = run("code", "in.jsonl", "missing.txt", "empty.txt")
    assert found.code == 1
    assert [json.loads(line)["id"] for line in found.out.splitlines()] == ["good"]
    assert re.search(r"in\.jsonl:2: ", found.err)
    assert all(name in found.err for name in ("missing.txt", "empty.txt"))
    assert "Traceback" not in found.err


def test_output_is_the_same_whatever_the_number_of_processes(run: Run, tmp_path: Path) -> None:
    """Byte for byte, in the order given."""
    many(tmp_path / "in.jsonl", 40)
    one = run("code", "in.jsonl", "--jobs", "1")
    two = run("code", "in.jsonl", "--jobs", "2")
    assert one == two
    assert [json.loads(line)["id"] for line in one.out.splitlines()] == [f"r{number}" for number in range(40)]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_interrupted_run_goes_on_where_it_was(stop: signal.Signals, run: Run, tmp_path: Path) -> None:
    """Stopped half-way, typed again: said so, nothing coded twice, the same file as without the stop."""
    many(tmp_path / "in.jsonl", 300)
    assert run("code", "in.jsonl", "-o", "whole.jsonl", "--jobs", "1").code == 0
    stopped = process("code", "in.jsonl", "-o", "out.jsonl", "--jobs", "2", cwd=tmp_path)
    journal = tmp_path / "out.jsonl.part.journal"
    deadline = time.monotonic() + 60
    while not (journal.exists() and journal.read_bytes().count(b"\n") > 3) and time.monotonic() < deadline:
        time.sleep(0.005)
    stopped.send_signal(stop)
    _, err = stopped.communicate()
    if stop == signal.SIGINT:
        assert (stopped.returncode, "the same command goes on" in err) == (cli.INTERRUPTED, True)
    assert not (tmp_path / "out.jsonl").exists()
    before = journal.read_text().count("\n")
    again = run("code", "in.jsonl", "-o", "out.jsonl", "--jobs", "1")
    assert again.code == 0
    assert "Going on with out.jsonl.part" in again.err
    assert before > 3
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_reader_that_stops_early_is_no_error(tmp_path: Path) -> None:
    """`tocsin code ... | head -1` ends without a word."""
    many(tmp_path / "in.jsonl", 200)
    found = process("code", "in.jsonl", "--jobs", "1", cwd=tmp_path)
    assert found.stdout is not None
    assert found.stderr is not None
    found.stdout.readline()
    found.stdout.close()
    err = found.stderr.read()
    found.stderr.close()
    assert (found.wait(), err) == (0, "")


def test_python_call_is_the_same_as_the_command(run: Run, tmp_path: Path) -> None:
    """`tocsin.code(text, ...)`, with the package's own names still there."""
    from datetime import date

    from tocsin.code import claims_in
    from tocsin.exchange import to_json

    (tmp_path / "a.txt").write_text(ATTACK)
    coded = tocsin.code(ATTACK, published=date(2024, 3, 12), lang="en")
    typed = json.loads(run("code", "a.txt", "--published", "2024-03-12").out)
    assert [event["rules"] for event in to_json(coded)["events"]] == [event["rules"] for event in typed["events"]]
    assert callable(claims_in)
