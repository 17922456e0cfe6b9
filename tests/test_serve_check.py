"""The page on which a text is checked: verdicts beside the text, corrected readings, files, embargo."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

pytest.importorskip("polars")

from looked import SMALL, opened
from served import Served
from test_serve import client

TEXT = ("Gunmen killed seven villagers in Barsalogho, Burkina Faso, on 2 May. There were at least 2 attacks in Burkina "
        "Faso in May 2023. <b>It will get worse</b>, said a resident.")  # fmt: skip


def csrf(page: str) -> str:
    [found] = set(re.findall(r'<meta name="csrf" content="([^"]*)"', page))
    return str(found)


def sent(browser: Any, **given: str) -> Any:
    page = browser.get("/check").text
    return browser.post(
        "/check", data={"csrf": csrf(page), "text": TEXT, "published": "2023-05-20", **given}, timeout=120
    )


def test_statements_are_read_and_answered(desk: Served) -> None:
    with client(desk) as browser:
        page = sent(browser)
    assert page.status_code == 200
    assert "at least 2 events" in page.text
    assert "<b>It will get worse</b>" not in page.text
    assert re.search(r'class="card verdict (supported|cannot|contradicted)"', page.text)


def test_corrected_readings_are_answered_and_given_as_files(desk: Served) -> None:
    with client(desk) as browser:
        page = sent(browser).text
        readings = unescape(re.findall(r'<textarea id="readings"[^>]*>(.*?)</textarea>', page, re.DOTALL)[0])
        more = re.sub(r"value = 2(\.0)?\b", "value = 40", readings)
        assert more != readings
        changed = sent(browser, readings=more).text
        assert "at least 40 events" in changed
        told = sent(browser, readings=more, shape="json").json()
        assert 40 in [each["asked"]["value"] for each in told if each["asked"]]
        review = json.loads(sent(browser, readings=more, shape="claimreview").text)
        assert review["@context"] == "https://schema.org"
        assert {each["@type"] for each in review["@graph"]} == {"ClaimReview"}
        wrong = sent(browser, readings="[[statement]]\nquote = 3\n")
        assert wrong.status_code == 422
        assert "the readings:" in wrong.text


@pytest.mark.parametrize(
    ("given", "said"),
    [({"text": ""}, "nothing to check"), ({"published": "May"}, "expected a day"), ({"lang": "xx"}, "xx"),
     ({"text": "x" * 60_001}, "60,000 at most")],
)  # fmt: skip
def test_what_is_wrong_is_said(desk: Served, given: dict[str, str], said: str) -> None:
    with client(desk) as browser:
        page = sent(browser, **given)
    assert page.status_code == 422
    assert said in unescape(page.text)


def test_without_the_token_of_the_page_nothing_is_read(desk: Served) -> None:
    with client(desk) as browser:
        assert browser.post("/check", data={"text": TEXT}).status_code == 403


def test_an_embargo_holds_for_verdicts(embargoed: Served) -> None:
    """Readers see no protests there: the march is in no verdict of theirs."""
    text = "There was at least 1 protest in Togo in June 2023."

    def told(name: str) -> Any:
        with client(embargoed, name) as browser:
            return sent(browser, text=text, published="2023-07-01", shape="json").json()

    assert [each["verdict"] for each in told("adam")] == ["supported"]
    assert [(each["verdict"], each["events"]) for each in told("rita")] == [("cannot be told", [])]


def test_the_page_works_by_keyboard_on_a_phone(desk: Served, browser: Any) -> None:
    with opened(browser, SMALL) as page:
        page.goto(f"{desk.address}/check")
        page.focus("#text")
        page.keyboard.insert_text(TEXT)
        page.fill("#published", "2023-05-20")
        page.focus("#text")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector(".verdict")
        page.locator("a.said").first.focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.classList.contains('verdict')")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.complaints == []
