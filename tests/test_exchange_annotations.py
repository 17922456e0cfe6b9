"""Evidence as W3C Web Annotations: the words are where the annotation says, and redaction holds."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import frictionless
import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import ATTACK, Run
from test_writers import CLASH, written
from tocsin.exchange.writers.annotate import annotation, evidence_of

TEXT = "🔴 In Sévaré, fighters of a rebel group attacked an army post on Friday, killing three soldiers."
KEYS = {"id", "type", "motivation", "body", "target"}


def told(text: str, *quotes: str, **about: Any) -> dict[str, Any]:
    """A row with one claim that rests on these words."""
    spans = [(text.index(quote), quote) for quote in quotes]
    evidence = [{"field": "fatalities", "start": at, "end": at + len(quote), "quote": quote} for at, quote in spans]
    claim = {"key": "c1", "report_id": "r1", "text": text, "url": None, "published": None, "values": {"fatalities": 3}}
    return {**CLASH, "told": [{**claim, "evidence": evidence, **about}]}


def page(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    found = json.loads(written("annotations", *evidence_of(rows), as_of="2024-01-01"))
    assert (found["@context"], found["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationPage")
    assert found["id"] == "urn:tocsin:annotations:2024-01-01"
    return list(found["items"])


def test_the_words_are_found_by_quote_and_by_position() -> None:
    """Offsets count code points: the sign before the text is one."""
    (item,) = page(told(TEXT, "three soldiers", url="https://news.example/a", published="2022-06-03"))
    quote, place = item["target"]["selector"]
    assert set(item) == KEYS
    assert (quote["type"], place["type"]) == ("TextQuoteSelector", "TextPositionSelector")
    assert TEXT[place["start"] : place["end"]] == quote["exact"] == "three soldiers"
    assert quote["prefix"] + quote["exact"] + quote["suffix"] in TEXT
    assert [body["value"] for body in item["body"]] == ["fatalities=3", "MLI123"]
    assert item["target"]["source"] == "https://news.example/a"
    assert item["target"]["state"] == {"type": "TimeState", "sourceDate": "2022-06-03T00:00:00Z"}


@given(st.text(min_size=1), st.data())
def test_any_words_of_any_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : data.draw(st.integers(start + 1, len(text)))]
    [row] = evidence_of([told(text, quote)])
    [piece] = row["evidence"]
    target = annotation("MLI1", piece)["target"]
    assert target["source"] == "urn:tocsin:report:r1"
    assert "state" not in target
    assert target["selector"][0]["prefix"] + quote + target["selector"][0]["suffix"] in text


def test_the_same_words_have_the_same_id_and_others_another() -> None:
    one, two = page(told(TEXT, "three soldiers", "killing"))
    again, _ = page(told(TEXT, "three soldiers", "killing"))
    assert one["id"] == again["id"] != two["id"]


@pytest.mark.parametrize("row", [CLASH, {**CLASH, "evidence": None}, {**CLASH, "evidence": []}])
def test_a_row_without_evidence_has_no_annotation(row: dict[str, Any]) -> None:
    assert json.loads(written("annotations", row))["items"] == []


SETTINGS = {"embargo_days = 1": True, 'redact = ["source"]': False, 'coarsen_to = "admin1"': False}


def test_what_is_held_back_is_not_quoted(run: Run, tmp_path: Path) -> None:
    """From the command: with --public no words of an event whose place or source is held back."""
    (tmp_path / "a.txt").write_text(ATTACK, encoding="utf-8")
    run("init", "t.db")
    run("add", "t.db", "a.txt", "--published", "2024-03-12", "--jobs", "1")
    whole = json.loads(run("export", "t.db", "--as", "annotations").out)["items"]
    assert len(whole) > 5
    for item in whole:
        quote, place = item["target"]["selector"]
        assert ATTACK[place["start"] : place["end"]] == quote["exact"]
    for settings, some in SETTINGS.items():
        packed = tmp_path / f"{len(list(tmp_path.iterdir()))}.zip"
        (tmp_path / "tocsin.toml").write_text(settings, encoding="utf-8")
        shown = json.loads(run("export", "t.db", "--as", "annotations", "--public").out)["items"]
        assert shown == (whole if some else [])
        run("export", "t.db", "--as", "datapackage", "--public", "-o", packed.name)
        with zipfile.ZipFile(packed) as package:
            assert ("evidence.csv" in package.namelist()) is some
            about = json.loads(package.read("datapackage.json"))
        assert bool(about["held_back"]) is not some
    run("release", "t.db", "v1", "--public")
    assert "public, held back: place coarsened to admin1 1" in run("release", "t.db").out


def test_a_package_holds_the_evidence_of_its_events(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ATTACK, encoding="utf-8")
    run("init", "t.db")
    run("add", "t.db", "a.txt", "--published", "2024-03-12", "--jobs", "1")
    assert run("export", "t.db", "--as", "datapackage", "-o", "p").code == 0
    longest = csv.field_size_limit()
    report = frictionless.validate(str(tmp_path / "p" / "datapackage.json"))
    csv.field_size_limit(longest)  # frictionless sets it for everybody
    assert report.valid, report.flatten(["message"])
    with (tmp_path / "p" / "evidence.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["event_id_cnty"] for row in rows} == {"BFA1"}
    assert all(ATTACK[int(row["start"]) : int(row["end"])] == row["quote"] for row in rows)
