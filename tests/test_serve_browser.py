"""What people do on the server's pages, by a real browser: from a pasted report to a corrected event that is exported,
on a desktop and a phone, by keyboard alone, two at once."""

from __future__ import annotations

import csv
import io
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from looked import SAID, SMALL, WIDE, opened, visit
from served import PASSWORD, Served

SIZES = pytest.mark.parametrize("size", [WIDE, SMALL], ids=["desktop", "phone"])


def add(page: Any, served: Served) -> str:
    """Paste SAID, see what is found, add it; the new event's id."""
    visit(page, served, "/paste")
    page.fill("#text", SAID)
    page.fill("#published", "2023-05-05")
    page.fill("#source", "Radio Nord")
    page.click("#paste-form button.main")
    page.wait_for_selector(".coded-event")
    assert "Titao" in page.inner_text(".coded-event h3")
    assert page.locator(".report mark").count() > 3
    assert "denied" in page.inner_text(".rejected")
    page.click("form.add button")
    page.wait_for_selector("#its-events")
    return str(page.inner_text("tbody a"))


def amend(page: Any, dead: int) -> None:
    """On the desk, by keys: another number of fatalities for the event that is shown."""
    page.wait_for_selector("body[data-ready]")
    page.locator("[data-edit=fatalities]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type(str(dead))
    page.keyboard.press("Enter")


@SIZES
def test_a_pasted_report_becomes_an_event_on_the_map_that_is_amended_and_exported(
    desk: Served, browser: Any, size: dict[str, int]
) -> None:
    with opened(browser, size) as page:
        name = add(page, desk)
        visit(page, desk, "/?text=Titao")
        page.wait_for_selector("#map[data-events='1']")
        assert "1 event," in page.inner_text("#summary")
        assert name in page.inner_text("#table")
        visit(page, desk, f"/event/{name}")
        assert "six" in page.inner_text("tr[data-field=fatalities]")
        page.click("text=Amend on the desk")
        amend(page, 8)
        page.wait_for_selector("#told.done")
        visit(page, desk, f"/event/{name}")
        assert "fatalities: 6 → 8" in page.inner_text(".history")
        visit(page, desk, "/?text=Titao")
        assert page.inner_text("#summary strong:nth-of-type(2)") == "8"
        page.click("text=Download")
        with page.expect_download() as found:
            page.click("[data-form=acled-csv]")
        rows = list(csv.DictReader(io.StringIO(found.value.path().read_text(encoding="utf-8"))))
        assert [(row["event_id_cnty"], row["fatalities"]) for row in rows] == [(name, "8")]
        assert not page.complaints


def test_the_pages_are_used_by_keyboard_alone(desk: Served, browser: Any) -> None:
    with opened(browser, WIDE) as page:
        visit(page, desk, "/")
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Skip to the content"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.locator("#filters input[name=event_type]").first.focus()
        before = page.inner_text("#summary")
        page.keyboard.press("Space")
        page.locator("#summary", has_text="(of 4 events)").wait_for()
        assert page.inner_text("#summary") != before
        assert "event_type=" in page.url
        page.locator("nav a", has_text="Paste").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#paste-form")
        page.locator("#text").focus()
        page.keyboard.insert_text(SAID)
        page.keyboard.press("Control+Enter")
        page.wait_for_selector(".coded-event")
        page.goto(f"{desk.address}/desk?event=TGO1")
        page.wait_for_selector("body[data-ready]")
        page.keyboard.press("?")
        page.wait_for_selector("#keys[open]")
        page.keyboard.press("Escape")
        page.keyboard.press("a")
        page.wait_for_selector("#told.done")
        page.keyboard.press("u")
        page.locator("#told", has_text="Taken back").wait_for()
        assert not page.complaints


def test_of_two_at_once_the_second_is_told_what_changed_and_loses_nothing(office: Served, browser: Any) -> None:
    with ExitStack() as stack:
        pages = [stack.enter_context(opened(browser, WIDE)) for _ in range(2)]
        for page, name in zip(pages, ("carl", "cora"), strict=True):
            page.goto(f"{office.address}/login?then=/desk?event=TGO1")
            page.fill("[name=name]", name)
            page.fill("[name=password]", PASSWORD)
            page.click("main button")
            page.goto(f"{office.address}/desk?event=TGO1")
            page.wait_for_selector("body[data-ready]")
        first, second = pages
        amend(first, 2)
        first.wait_for_selector("#told.done")
        amend(second, 3)
        second.wait_for_selector("#told.problem")
        assert "carl" in second.inner_text("#told")
        assert "2" in second.inner_text("#told")
        second.click("text=Show it as it is now")
        second.wait_for_selector(".line.has-draft")
        second.locator("[data-editor=fatalities] button[type=submit]").click()
        second.wait_for_selector("#told.done")
    row = office.store.event("TGO1")
    assert row
    assert row["fatalities"] == 3
    assert [step.changed.get("fatalities") for step in office.store.history("TGO1")][1:] == [(0, 2), (2, 3)]


def test_a_decision_shows_on_the_open_map_when_it_is_looked_at_again(desk: Served, browser: Any) -> None:
    with opened(browser, WIDE) as page, httpx.Client(base_url=desk.address) as program:
        visit(page, desk, "/?country=Togo")
        token = page.get_attribute("meta[name=csrf]", "content")
        said = {"verdict": "reject", "one": "TGO1", "seen": {}}
        program.post("/api/v1/decisions", json=said, headers={"x-csrf-token": token}).raise_for_status()
        page.reload()
        page.locator("#page", has_text="No event fits").wait_for()
        page.wait_for_selector("#map[data-events='0']")
