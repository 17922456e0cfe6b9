"""Statements like those of an article about an attack near a capital, over events coded from a few reports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checked import CAPITAL, DRAWS, GROUP, KATI, MALI, asked
from tocsin import project
from tocsin.check.answer import check_all
from tocsin.check.statement import Asked, Checked, Spot, Statement
from tocsin.model import Report
from tocsin.store import Store, create_store

DEMO = Path(__file__).parents[2] / "shared/data/sahel_demo/reports.jsonl"
pytestmark = pytest.mark.skipif(not DEMO.exists(), reason="no ../shared/data/sahel_demo: the reports are kept apart")
READ = ("Kati", "Seytenga")  # reports that name one of these are read
BURKINA = Spot("Burkina Faso", "country", "Burkina Faso")
SEYTENGA = Spot("Seytenga", "place", "Burkina Faso", 14.05, 0.31)
YES, NO, UNKNOWN = "supported", "contradicted", "cannot be told"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    rows = [json.loads(line) for line in DEMO.read_text(encoding="utf-8").splitlines()]
    reports = [Report(row["doc_id"], row["text"], row["title"], date.fromisoformat(row["published"]), row["doc_id"],
                      lang=row["lang"]) for row in rows if any(name in row["text"] for name in READ)]  # fmt: skip
    with create_store(str(tmp_path_factory.mktemp("demo") / "demo.db")) as store:
        project.add(store, reports)
        yield store


def checked(store: Store, question: Asked, quote: str = "said") -> Checked:
    [found] = check_all([Statement(quote, 0, len(quote), question)], store, DRAWS, written=date(2022, 8, 5))
    return found


KATI_TEXT: list[tuple[dict[str, Any], str]] = [  # what such an article says, and what a handful of reports can tell
    ({"kind": "distance", "where": KATI, "place": CAPITAL, "value": 15, "unit": "km"}, YES),
    ({"kind": "attribution", "where": KATI, "actors": (GROUP,), "event": "2022-07-22"}, YES),
    ({"kind": "status", "happening": "coup", "value": 2, "comparison": "exactly", "since": "2020-01-01"}, YES),
    ({"kind": "deaths", "where": KATI, "event": "2022-07-22", "value": 5, "comparison": "at least"}, YES),
    ({"kind": "closest", "place": CAPITAL, "actors": (GROUP,), "event": "2022-07-22"}, UNKNOWN),
    ({"kind": "count", "since": "2022-06-01", "until": "2022-07-31", "value": 15, "comparison": "at least"}, UNKNOWN),
    ({"kind": "effect", "since": "2022-02-17", "comparison": "more", "happening": "withdrawal announced"}, UNKNOWN),
    ({"kind": "effect", "since": "2022-02-17", "comparison": "more", "measure": "deaths per event"}, UNKNOWN),
    ({"kind": "expansion", "actors": (GROUP,)}, UNKNOWN),
    ({"kind": "encirclement", "place": CAPITAL, "comparison": "more"}, UNKNOWN),
    ({"kind": "first", "since": "2012-01-01", "event": "2022-07-22", "where": KATI}, UNKNOWN),
    ({"kind": "share", "actors": (GROUP,), "comparison": "more than", "value": 50}, UNKNOWN),
]


@pytest.mark.parametrize(
    ("facts", "verdict"), KATI_TEXT, ids=lambda each: each["kind"] if isinstance(each, dict) else ""
)
def test_an_article_is_not_contradicted_by_what_a_few_reports_lack(
    demo: Store, facts: dict[str, Any], verdict: str
) -> None:
    found = checked(demo, Asked(**{"where": MALI, **facts}))
    assert found.verdict == verdict, found.reason
    assert verdict == YES or "demo.db" in found.reason or "too few" in found.reason


@pytest.mark.parametrize(
    ("comparison", "value", "verdict"), [("at least", 50, YES), ("exactly", 79, UNKNOWN), ("exactly", 300, NO)]
)
def test_a_toll_that_rose_from_report_to_report(demo: Store, comparison: Any, value: float, verdict: str) -> None:
    question = asked("deaths", where=SEYTENGA, event="2022-06-12", value=value, comparison=comparison, unit="deaths")
    assert checked(demo, question).verdict == verdict


def test_what_the_reports_have_is_enough_for_a_verdict(demo: Store) -> None:
    """The raid of 9 June had fewer dead than the one two days later, whatever else the database lacks."""
    own = asked("deadliest", where=BURKINA, since="2022-01-01", event="2022-06-09", measure="deaths")
    found = checked(demo, own)
    assert (found.verdict, len(found.events)) == (NO, 1)
    assert checked(demo, asked("count", where=BURKINA, since="2022-06-01", until="2022-06-30", value=2,
                               comparison="at least")).verdict == YES  # fmt: skip
