"""The generator of training reports: exact spans, all types in both languages, the same bytes for the same seed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from training.generate.compose import Composer
from training.generate.dirty import soil
from training.generate.draft import Draft
from training.generate.grammar import Agree, Choice, Mark, Slot, line, parse
from training.generate.lines import record
from training.generate.tables import LANGUAGES, language, types
from training.generate.teller import STATUSES

from tocsin.errors import DataError

NUMBER = 160
NEWS_TRAIN = Path(__file__).parents[2] / "shared" / "data" / "news-train" / "westafrica.jsonl"


def make(number: int, seed: int = 5, dirty: float = 0.0) -> list[dict[str, Any]]:
    rng, records = Random(seed), []
    for index, made in enumerate(Composer(seed, LANGUAGES).reports(number)):
        if rng.random() < dirty:
            soil(made, rng)
        records.append(record(made, index))
    return records


@pytest.fixture(scope="module")
def reports() -> list[dict[str, Any]]:
    return make(NUMBER)


def spans(report: dict[str, Any]) -> list[dict[str, Any]]:
    mentions = [span for event in report["events"] for found in event["mentions"].values() for span in found]
    return [*mentions, *report["non_events"]]


@pytest.mark.parametrize("dirty", [0.0, 1.0])
def test_spans_quote_the_text(dirty: float) -> None:
    """Every span quotes the text, is not empty and does not begin or end in a space, in soiled reports too."""
    for report in make(NUMBER, dirty=dirty):
        for span in spans(report):
            quote = report["text"][span["start"] : span["end"]]
            assert quote == span["quote"]
            assert quote, report["id"]
            assert quote == quote.strip(), report["id"]


def test_soiled_spans_mark_the_same_words() -> None:
    """Faults change letters and spaces, not what a span covers."""
    clean, soiled = make(NUMBER), make(NUMBER, dirty=1.0)
    changed = 0
    for one, other in zip(clean, soiled, strict=True):
        changed += one["text"] != other["text"]
        for left, right in zip(spans(one), spans(other), strict=True):
            letters = [len([char for char in each["quote"] if char.isalnum()]) for each in (left, right)]
            assert letters[0] == letters[1], (left, right)
    assert changed > NUMBER // 2


def test_same_seed_same_reports(reports: list[dict[str, Any]]) -> None:
    """A seed gives the same bytes; another one other reports."""
    assert json.dumps(make(NUMBER)) == json.dumps(reports)
    assert json.dumps(make(NUMBER, seed=6)) != json.dumps(reports)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_type_and_status_appears(reports: list[dict[str, Any]], lang: str) -> None:
    """All 25 types, all nine statuses and reports without events are made in both languages."""
    mine = [report for report in reports if report["lang"] == lang]
    made = Counter(event["sub_event_type"] for report in mine for event in report["events"])
    assert set(made) == {spec.sub for spec in types().specs}
    assert len(made) == 25
    assert {other["status"] for report in mine for other in report["non_events"]} == set(STATUSES)
    assert any(not report["events"] for report in mine)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_type_is_told_in_twelve_ways(lang: str) -> None:
    """At least twelve sentences for each type, each with a trigger, and noun phrases to come back to it."""
    for key, telling in language(lang).telling.items():
        assert len(telling.core) >= 12, key
        assert telling.ref
        assert telling.title
        for each in telling.core:
            assert "<trigger" in each.slots, each.source


def test_events_keep_the_rules_of_the_codebook(reports: list[dict[str, Any]]) -> None:
    """Battles have two armed sides; violence against civilians has civilians; deaths told are deaths coded."""
    for report in reports:
        for event in report["events"]:
            name = f"{report['id']}: {event['evidence']}"
            assert event["mentions"]["trigger"], name
            assert event["fatalities_low"] <= event["fatalities"] <= event["fatalities_high"], name
            if event["event_type"] == "Battles":
                assert not {event["inter1"], event["inter2"]} & {"Civilians", "Protesters", "Rioters", None}, name
            if event["event_type"] == "Violence against civilians":
                assert event["inter2"] == "Civilians", name
                assert event["civilian_targeting"], name
            if event["fatalities"] and event["sub_event_type"] != "Suicide bomb":
                assert event["mentions"]["fatalities"], name


def test_texts_read_as_texts(reports: list[dict[str, Any]]) -> None:
    """No slot is left open, no space is doubled or stands before a comma."""
    for report in reports:
        for wrong in ("{", "}", "<", ">", "[", "|", "  ", " ,", " .", ",.", ",,", " de le ", " à le ", " de des "):
            assert wrong not in report["text"].replace(" | ", ""), (wrong, report["text"])


@pytest.mark.skipif(not NEWS_TRAIN.exists(), reason="the training reports lie outside the repository (../shared)")
def test_format_is_that_of_the_training_reports(reports: list[dict[str, Any]]) -> None:
    """The same keys in reports, events and mentions."""
    theirs = json.loads(NEWS_TRAIN.read_text(encoding="utf-8").splitlines()[0])
    ours = next(report for report in reports if report["events"])
    assert ours.keys() == theirs.keys()
    assert ours["events"][0]["mentions"].keys() == theirs["events"][0]["mentions"].keys()
    assert theirs["events"][0].keys() <= ours["events"][0].keys() | {"type_alternatives", "place_alternatives"}


def test_notation() -> None:
    """Slots, agreement, alternatives, marks and plain parentheses."""
    assert parse("{a1:de} (x) (on|)") == (Slot("a1", "de"), " ", "(", "x", ")", " ", Choice((("on",), ())))
    assert parse("[hit {a2}]") == (Mark("trigger", ("hit ", Slot("a2", ""))),)
    assert parse("{a1#a|ont}") == (Agree("a1", ("a", "ont")),)
    assert line("?dead,one <dead:x> y").needs == {"dead", "one"}
    with pytest.raises(DataError, match="not closed"):
        parse("[hit")


def test_draft_keeps_spaces_and_capitals_right() -> None:
    """A draft writes one space, no space before a comma, a capital after a full stop; marks are trimmed."""
    draft = Draft()
    draft.write("gunmen ")
    with draft.mark(0, "trigger"):
        draft.write(" attacked ")
    draft.write(", then left. ")
    draft.write("the end")
    assert draft.finish() == "Gunmen attacked, then left. The end"
    assert [(mark.start, mark.end) for mark in draft.marks] == [(7, 15)]
