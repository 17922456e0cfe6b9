"""The page of questions: the same answers as on the command line, and no more than the role may see."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

pytest.importorskip("polars")

from looked import SMALL, opened
from served import Served
from test_serve import client
from tocsin.analyse.draws import Draws
from tocsin.analyse.events import read_events
from tocsin.analyse.question import NAMES
from tocsin.analyse.trend import trend
from tocsin.analyse.written import as_json
from tocsin.serve.analyse.form import NOT_HERE

ASKED = [name for name in NAMES if name != NOT_HERE]


def test_the_page_answers_as_the_command_line_does(desk: Served) -> None:
    expected = json.loads(as_json(trend(read_events(desk.store, columns=("event_type",)), Draws(100), every="week")))
    with client(desk) as browser:
        found = browser.get("/analyse/answer.json?question=trend&every=week").json()
    assert found["sentence"] == expected["sentence"]
    assert found["table"] == expected["table"]
    assert found["notes"] == expected["notes"]


@pytest.mark.parametrize("name", ASKED)
def test_every_question_is_answered_or_says_why_not(desk: Served, name: str) -> None:
    """Four events are few: an answer or one sentence, never a fault."""
    with client(desk) as browser:
        page = browser.get(f"/analyse?question={name}&on=2023-05-20")
    assert page.status_code in (200, 422)
    assert ('class="lead sentence"' in page.text) != ('role="alert"' in page.text)


def test_the_filter_of_explore_holds(desk: Served) -> None:
    with client(desk) as browser:
        found = browser.get("/analyse/answer.json?question=trend&every=year&country=Togo&since=&actor=").json()
        shown = browser.get("/").text
    assert [row["count"] for row in found["table"]] == [1]
    assert "Togo" in found["source"]
    assert 'href="/analyse?' in shown


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("question=trend&every=fortnight", "expected one of day, week"),
        ("question=trend&rolling=many", "expected a whole number"),
        ("question=trend&since=May", "expected a day"),
        ("question=trend&country=Atlantis", "found 0 events"),
        ("question=change", "Say this first"),
        ("question=nothing", "expected a question"),
        ("question=compare", "on the command line"),
        ("question=trend&by=%3Cscript%3E", "no column to count by"),
    ],
)
def test_a_wrong_option_is_one_sentence(desk: Served, query: str, said: str) -> None:
    with client(desk) as browser:
        page = browser.get(f"/analyse?{query}")
        assert page.status_code == 422
        assert said in page.text
        assert "<script>" not in page.text
        assert browser.get(f"/analyse/answer.csv?{query}").status_code == 400


def test_figures_and_files(desk: Served) -> None:
    with client(desk) as browser:
        svg = browser.get("/analyse/figure.svg?question=trend&every=week")
        assert (svg.headers["content-type"], svg.content[:5]) == ("image/svg+xml", b"<?xml")
        assert browser.get("/analyse/figure.png?question=trend&every=week").content[1:4] == b"PNG"
        assert browser.get("/analyse/answer.csv?question=trend").text.splitlines()[0].startswith("period,count")
        for path in ("/analyse/figure.exe", "/analyse/answer.exe"):
            assert browser.get(f"{path}?question=trend").status_code == 400


def test_an_embargo_holds_for_questions(embargoed: Served) -> None:
    def total(name: str) -> int:
        with client(embargoed, name) as browser:
            found = browser.get("/analyse/answer.json?question=trend&every=year").json()
        return sum(row["count"] for row in found["table"])

    assert total("adam") - total("rita") == 1


def test_the_page_works_in_a_browser(desk: Served, browser: Any) -> None:
    with opened(browser, SMALL) as page:
        page.goto(f"{desk.address}/analyse?country=Togo")
        page.check("input[name=question][value=actors]")
        page.wait_for_url(re.compile("choose=actors"))
        assert page.locator("#country").input_value() == "Togo"
        page.check("input[name=question][value=trend]")
        page.wait_for_url(re.compile("choose=trend"))
        page.select_option("#o-every", "week")
        page.click("button.main")
        page.wait_for_selector("img.figure")
        assert "question=trend" in page.url
        assert "since=" not in page.url
        assert page.locator("img.figure").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.complaints == []
