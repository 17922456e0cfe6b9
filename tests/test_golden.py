"""Golden reports: whole reports, coded by hand, beside what the coder makes of them.

tests/golden/<date>-<slug>/ holds report.json, expected.json and note.md (why it is hard). An event of expected.json is
known by `trigger`, words that tell it, and lists only the fields that matter. What the coder gets wrong today stands
under `known_wrong` with the reason: the test fails when it comes out right, so that the entry is taken out.
`pytest --update-golden` writes what the coder says now: read the diff like code.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tocsin.code import claims_in
from tocsin.model import Claim, Coded, Report, Span
from whole import as_json, best, report_of

GOLDEN = Path(__file__).parent / "golden"
FOLDERS = sorted(path for path in GOLDEN.iterdir() if path.is_dir())
FIELDS = (
    *("event_date", "time_precision", "event_type", "sub_event_type", "actor1", "actor2"),
    *("country", "admin1", "location", "geo_precision", "fatalities"),
)


@pytest.fixture(params=FOLDERS, ids=lambda path: path.name)
def folder(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    if request.config.getoption("--update-golden"):
        update(path)
    return path


@cache
def coded(folder: Path) -> Coded:
    return claims_in(report_of(folder / "report.json"), best())


def expected(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return found


def pairs(folder: Path) -> list[tuple[dict[str, Any], Claim | None]]:
    """Each event that is expected with the claim that has its trigger; of several the one that agrees best."""
    here, free, made = coded(folder), list(coded(folder).claims), []
    for event in expected(folder)["events"]:
        told = [claim for claim in free if any(span.overlaps(where(event, here)) for span in told_by(claim))]
        claim = max(told, key=lambda c: sum(value(c, name) == event.get(name) for name in FIELDS), default=None)
        free = [other for other in free if other is not claim]
        made.append((event, claim))
    return made


def where(event: dict[str, Any], here: Coded) -> Span:
    """Where the trigger stands: its first place in the text."""
    start = here.report.text.index(event["trigger"])
    return Span(start, start + len(event["trigger"]))


def told_by(claim: Claim) -> tuple[Span, ...]:
    return claim.event_type.spans


def value(claim: Claim, name: str) -> Any:
    return as_json(claim.background if name == "background" else getattr(claim, name).value)


def update(folder: Path) -> None:
    """Write what the coder says now, with the fields that each event listed before."""
    old, here = expected(folder), coded(folder)
    events = [_updated(event, claim) for event, claim in pairs(folder)]
    known = {id(claim) for _, claim in pairs(folder)}
    new = [{"trigger": here.report.text[s.start : s.end], **{n: value(c, n) for n in FIELDS}}
           for c in here.claims if id(c) not in known for s in told_by(c)[:1]]  # fmt: skip
    rejected = [mention for mention in old["rejected"] if _is_rejected(mention, here)]
    text = json.dumps({"events": [e for e in events if e] + new, "rejected": rejected}, ensure_ascii=False, indent=2)
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8")


def _updated(event: dict[str, Any], claim: Claim | None) -> dict[str, Any]:
    if claim is None:
        return {}
    return {
        name: old if name == "trigger" else value(claim, name) for name, old in event.items() if name != "known_wrong"
    }


def _is_rejected(mention: dict[str, Any], here: Coded) -> bool:
    start = here.report.text.index(mention["quote"])
    quote = Span(start, start + len(mention["quote"]))
    reasons = mention["reason"] if isinstance(mention["reason"], list) else [mention["reason"]]
    return any(found.span.overlaps(quote) and found.reason in reasons for found in here.rejected)


def test_every_event_is_coded_as_expected(folder: Path) -> None:
    """Right in all listed fields, but for those known to be wrong, which are still wrong."""
    wrong, mended = [], []
    for event, claim in pairs(folder):
        known = event.get("known_wrong", {})
        if claim is None or "event" in known:
            (wrong if claim is None and "event" not in known else mended if claim else []).append(event["trigger"])
            continue
        for name in (name for name in (*FIELDS, "background") if name in event):
            said = f"{event['trigger']}: {name} is {value(claim, name)!r}, expected {event[name]!r}"
            if (value(claim, name) != event[name]) != (name in known):
                (mended if name in known else wrong).append(said)
    assert not wrong
    assert not mended, "known_wrong, but right now: take the entry out of expected.json"


def test_nothing_else_is_coded(folder: Path) -> None:
    """No claim without an expected event, but for those known to be false."""
    matched = {id(claim) for _, claim in pairs(folder)}
    extra = [here.trigger.value for here in coded(folder).claims if id(here) not in matched]
    assert len(extra) == len(expected(folder).get("known_false", [])), extra


def test_mentions_are_rejected_for_the_right_reason(folder: Path) -> None:
    """What only sounds like an event is listed with its reason."""
    missing = [mention for mention in expected(folder)["rejected"] if not _is_rejected(mention, coded(folder))]
    assert not missing


def test_every_folder_says_why_it_is_hard(folder: Path) -> None:
    """Three files, a note of a sentence at least, and triggers that stand in the text."""
    assert {path.name for path in folder.iterdir()} == {"report.json", "expected.json", "note.md"}
    assert len((folder / "note.md").read_text(encoding="utf-8")) > 60
    text = coded(folder).report.text
    assert all(event["trigger"] in text for event in expected(folder)["events"])


def test_both_languages_have_golden_reports() -> None:
    langs = [report_of(folder / "report.json").lang for folder in FOLDERS]
    assert langs.count("en") >= 6
    assert langs.count("fr") >= 6


def test_the_language_is_found_when_it_is_not_given(folder: Path) -> None:
    """The same events without the language in the report."""
    from tocsin.acquire import report_from_text

    known: Report = coded(folder).report
    found = report_from_text(known.text, published=known.published, title=known.title, source=known.source)
    again = claims_in(replace(found, id=known.id, text=known.text), best())
    assert found.lang == known.lang
    assert [claim.sub_event_type.value for claim in again.claims] == [
        claim.sub_event_type.value for claim in coded(folder).claims
    ]
