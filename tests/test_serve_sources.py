"""The pages of sources: what is counted, who fell silent, what new sources do, what editors say."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from served import PASSWORD, Served, serving
from test_serve import client
from test_serve_paste import token, words
from tocsin import project, sources
from tocsin.model import Report
from tocsin.serve import Settings
from tocsin.serve.access.people import put_person
from tocsin.serve.events.index import Index
from tocsin.serve.events.read import index_of
from tocsin.serve.sources.tellers import key_of, months, only_through, silences, tellers
from tocsin.store import Store, open_store, schema

HOSTILE = '"><img src=x onerror=alert(2)>'
START = date(2024, 1, 1)  # a Monday


def index(told: Iterable[tuple[int, str, str]]) -> Index:
    """Events of a day (counted from START), a source column and a country."""
    rows = [
        {"event_id_cnty": f"MLI{at}", "event_date": (START + timedelta(day)).isoformat(), "source": source,
         "country": country}
        for at, (day, source, country) in enumerate(told)
    ]  # fmt: skip
    return index_of(rows, 1)


def test_events_and_those_that_only_one_tells() -> None:
    found = tellers(index([(0, "A; B", "Mali"), (1, "A", "Mali"), (9, "", "Mali"), (2, "B; A; B", "Niger")]))
    assert found.names == ["A", "B"]
    assert found.events().tolist() == [3, 2]
    assert found.only().tolist() == [1, 0]
    first, last = found.ends()
    assert (last - first).tolist() == [2, 2]
    assert [found.index.ids[row] for row in found.of("B")] == ["MLI3", "MLI0"]
    assert tellers(index([])).names == []


def weekly(name: str, country: str, weeks: Iterable[int]) -> list[tuple[int, str, str]]:
    return [(7 * week + 2, name, country) for week in weeks]


@pytest.mark.parametrize(
    ("told", "silent"),
    [
        (weekly("A", "Mali", range(12)), ["A"]),
        (weekly("A", "Mali", range(8)), ["A"]),
        (weekly("A", "Mali", range(16)), ["A"]),
        (weekly("A", "Mali", range(7)), []),  # never steady
        (weekly("A", "Mali", range(0, 20, 2)), []),  # every other week is not weekly
        (weekly("A", "Mali", range(17)), []),  # three whole weeks are no silence
        (weekly("A", "Niger", range(12)), []),  # nobody else tells of Niger: it is the database that is not fed
        (weekly("A", "Mali", range(12)) + weekly("A", "Niger", range(21)), ["A"]),  # silent in one country
        (weekly("A", "", range(12)), []),
    ],
)
def test_who_told_weekly_and_tells_no_more_is_named(told: list[tuple[int, str, str]], silent: list[str]) -> None:
    others = weekly("B", "Mali", range(21))
    found = silences(tellers(index(told + others)), START + timedelta(400))
    assert [each.name for each in found] == silent
    assert all(each.country == "Mali" and each.others == each.weeks + 1 for each in found)


def test_the_week_of_a_silence_is_told() -> None:
    told = weekly("A", "Mali", range(12)) + weekly("B", "Mali", range(21))
    [found] = silences(tellers(index(told)), START + timedelta(400))
    assert (found.last, found.weeks, found.others) == ("2024-03-18", 8, 9)


def test_events_in_the_future_do_not_make_others_silent() -> None:
    told = [*weekly("A", "Mali", range(12)), (3000, "B", "Mali")]
    assert silences(tellers(index(told)), START + timedelta(84)) == []


def test_what_new_sources_add_is_told_apart() -> None:
    found = tellers(index([(0, "A", "Mali"), (40, "A; New", "Mali"), (41, "New", "Mali"), (70, "", "Mali")]))
    missing = only_through(found, np.array([name == "New" for name in found.names]))
    counted = months(found.index, np.ones(4, bool), missing)
    assert counted == [
        {"start": "2024-01", "apart": 0, "rest": 1}, {"start": "2024-02", "apart": 1, "rest": 1},
        {"start": "2024-03", "apart": 0, "rest": 1},
    ]  # fmt: skip


def test_many_months_are_shown_by_year() -> None:
    counted = months(index([(0, "", ""), (4000, "", "")]), np.ones(2, bool), np.zeros(2, bool))
    assert (counted[0]["start"], len(counted)) == ("2024", 11)


def test_the_list_counts_reports_copies_and_events(desk: Served) -> None:
    with client(desk) as browser:
        page = browser.get("/sources").text
        found = words(browser.get("/sources?text=PLATEAU&sort=name").text)
    assert "1 source with “PLATEAU” Name contains" in found
    assert re.search(r"Radio Plateau 2 1 50 % 1 2023-05-02 2023-05-04", found)
    assert "<img" not in page
    assert unescape(page).count(HOSTILE) == 1
    assert "4 sources told their first event in this period" in words(page)


@pytest.mark.parametrize(
    "query", ["offset=-5", "offset=900", "sort=__class__", "text=%00", "country=Atlantis", "text=" + "x" * 5000]
)
def test_odd_questions_are_answered(desk: Served, query: str) -> None:
    with client(desk) as browser:
        assert browser.get(f"/sources?{query}").status_code == 200


@pytest.mark.parametrize("query", ["since=May", "until=2024-13-01"])
def test_a_wrong_day_is_explained(desk: Served, query: str) -> None:
    with client(desk) as browser:
        answer = browser.get(f"/sources?{query}")
    assert (answer.status_code, "expected a day" in answer.text) == (400, True)


def test_editors_say_what_a_source_is_and_the_history_keeps_it(office: Served) -> None:
    path = f"/sources/{key_of(HOSTILE)}"
    said = {
        "scale": "New media",
        "country": "Nigeria",
        "lang": "en",
        "party": "yes",
        "why": "<script>alert(5)</script>",
    }
    with client(office, "carl") as browser:
        page = browser.get(path).text
        refused = browser.post(path, data={**said, "csrf": token(page)})
    assert refused.status_code == 403
    assert "<select" not in page
    with client(office, "edna") as browser:
        said["csrf"] = token(browser.get(path).text)
        wrong = browser.post(path, data={**said, "country": "Atlantis"})
        right = browser.post(path, data=said)
    assert wrong.status_code == 422
    assert "country: found 'Atlantis'" in words(wrong.text)
    told = words(right.text)
    assert "edna: scale unknown → New media" in told or "edna: country unknown → Nigeria" in told
    assert "<script>alert" not in right.text
    assert sources.one(office.store, HOSTILE).party == "yes"


def test_a_source_that_is_not_there(desk: Served) -> None:
    with client(desk) as browser:
        assert [browser.get(f"/sources/{key}").status_code for key in ("0" * 16, "x", "..%2f..")] == [404] * 3


def test_copies_name_their_original(tmp_path: Path, run: Any) -> None:
    text = "Gunmen killed nine farmers in the village of Dano in Burkina Faso on Tuesday, residents said. " + " ".join(
        f"word{at}" for at in range(60)
    )
    run("init", "copies.db")
    with open_store(str(tmp_path / "copies.db")) as store:
        for at, name in enumerate(("Agency", "Paper")):
            report = Report(str(at), text + "." * at, f"Dano {name}", START + timedelta(at), name, lang="en")
            project.add(store, [report])
        with serving(store) as running, client(running) as browser:
            paper, agency = (words(browser.get(f"/sources/{key_of(name)}").text) for name in ("Paper", "Agency"))
    assert "1 report, a copy" in paper
    assert "copy of Agency" in paper
    assert "It copies Agency 1" in paper
    assert "It is copied by Paper 1" in agency


@pytest.fixture
def held(example: Path, tmp_path: Path) -> Store:
    return open_store(str(shutil.copy(example, tmp_path / "held.db")))


def test_who_sees_published_events_only_sees_their_counts_only(held: Store, tmp_path: Path) -> None:
    rules = tmp_path / "tocsin.toml"
    rules.write_text('roles = ["reader"]\n[[rule]]\nevent_type = "Protests"\ndrop = true\n')
    put_person(held, "rita", "reader", PASSWORD)
    with held, serving(held, Settings(login=True, public=rules)) as running, client(running, "rita") as browser:
        page = words(browser.get("/sources").text)
        one = words(browser.get(f"/sources/{key_of('Radio Plateau')}").text)
        gone = browser.get(f"/sources/{key_of('Agence du Golfe')}")
        report = browser.get(f"/paste/report/{held.table(schema.report)[0]['id']}")
    assert "Agence du Golfe" not in page
    assert "3 sources" in page
    assert not {"Reports", "Copies", "Party"} & set(page.split())
    assert "What is said of it" not in one
    assert "Kaya" not in one
    assert (gone.status_code, report.status_code) == (404, 404)


def test_the_figure_is_drawn_from_its_table(desk: Served, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(desk.address + "/sources")
    page.wait_for_selector(".drawn rect")
    page.click("text=Radio Plateau")
    page.wait_for_selector(".drawn rect")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.select_option("#scale", "Subnational")
    page.click("text=Save")
    page.wait_for_selector(".history li")
    assert "scale unknown → Subnational" in page.inner_text(".history")
    context.close()
    assert not errors
