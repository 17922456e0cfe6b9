"""Actors: the list, a page of each, the registry as people correct it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import quote

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from served import Served
from test_serve import client
from tocsin.model import Report
from tocsin.project import add
from tocsin.serve.events.asked import Asked
from tocsin.serve.events.cast import cast_of
from tocsin.serve.events.index import Index
from tocsin.serve.events.read import index_of

JIHADISTS = "JNIM: Group for Support of Islam and Muslims"
NEW = (
    "Harmattan Front",
    "Fighters of the Harmattan Liberation Front killed six people in Kaya, Burkina Faso, on Tuesday.",
)
NAMES = st.sampled_from(["A", "B", "C; D", "A; B", ""])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "actor1": NAMES, "assoc_actor_1": NAMES, "actor2": NAMES, "assoc_actor_2": NAMES,
            "inter1": st.sampled_from(["Rebel group", "Rioters"]), "inter2": st.just("Civilians"),
            "fatalities": st.none() | st.integers(0, 9), "country": st.sampled_from(["Mali", "Niger"]),
            "event_date": st.none() | st.sampled_from(["2020-01-01", "2021-05-05"]),
        }
    ),
    max_size=12,
)  # fmt: skip


def words(text: str) -> str:
    """The page as it is read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def told(served: Served, title: str, text: str, day: str = "2023-07-05") -> None:
    add(served.store, [Report(title, text, title, date.fromisoformat(day), "Radio Plateau", lang="en")])


def form(page: httpx.Response, **values: Any) -> dict[str, Any]:
    """What a form of the page sends."""
    (csrf,) = set(re.findall(r'name="csrf" (?:content|value)="([^"]+)"', page.text))
    return {"csrf": csrf, **values}


def indexed(rows: list[dict[str, Any]]) -> Index:
    return index_of([{"event_id_cnty": f"MLI{at}", **row} for at, row in enumerate(rows)], 1)


def sides(row: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The actors of each side, read from the row one by one."""
    first, second = (
        {part for name in names for part in row[name].split("; ") if part}
        for names in (("actor1", "assoc_actor_1"), ("actor2", "assoc_actor_2"))
    )
    return first, second


@settings(deadline=None)
@given(ROWS)
def test_sums_are_those_of_a_count_event_by_event(rows: list[dict[str, Any]]) -> None:
    cast = cast_of(indexed(rows))
    for name, number in cast.number.items():
        mine = [row for row in rows if name in set.union(*sides(row))]
        days = [row["event_date"] for row in mine if row["event_date"]]
        totals = cast.totals
        assert totals.events[number] == len(mine)
        assert totals.fatalities[number] == sum(row["fatalities"] or 0 for row in mine)
        if days:
            assert (
                totals.last[number] - totals.first[number]
                == (date.fromisoformat(max(days)) - date.fromisoformat(min(days))).days
            )
        met: Counter[str] = Counter()
        for first, second in map(sides, mine):
            met.update(second if name in first else ())
            met.update(first if name in second else ())
        assert {other: events for other, events, _ in cast.met(number)} == dict(met)


@settings(deadline=None)
@given(ROWS)
def test_the_filters_find_the_events_that_the_profile_counts(rows: list[dict[str, Any]]) -> None:
    index = indexed(rows)
    cast = cast_of(index)
    for name, number in cast.number.items():
        assert index.where(Asked(actor_is=name)).sum() == cast.totals.events[number]
        for other, events, _ in cast.met(number):
            found = index.where(Asked(actor_is=name, against=other)).sum()
            assert found <= events <= 2 * found  # twice, where both stand on both sides


def test_actors_are_listed_searched_and_sorted(desk: Served) -> None:
    with client(desk) as browser:
        whole = words(browser.get("/actors").text)
        alias = words(browser.get("/actors?q=gsim").text)
        country = words(browser.get("/actors?country=Togo").text)
        kind = browser.get("/actors?kind=Protesters&sort=name").text
        odd = browser.get("/actors?sort=x&page=-3&order=y&kind=%00")
    assert "Military Forces of Burkina Faso (2022-)" in whole
    assert "Protesters (Togo)" in country
    assert "Burkina" not in country.partition("any country")[2].partition("Last seen")[2]
    assert "Protesters (Togo)" in kind
    assert "No actor fits" in alias, "no event has it here"
    assert odd.status_code == 200


def test_a_profile_has_dyads_that_lead_to_their_events(desk: Served) -> None:
    with client(desk) as browser:
        page = browser.get(f"/actors/{quote('Military Forces of Burkina Faso (2022-)', safe='')}")
        links = [unescape(link) for link in re.findall(r'href="(/\?actor_is=[^"]+against=[^"]+)"', page.text)]
        counts = [browser.get(f"/explore/data{link[1:]}").json()["events"] for link in links]
    assert page.status_code == 200
    assert counts
    assert all(counts)
    assert "Traoré" in page.text, "the governments of the state"


def test_who_is_not_there_is_not_found(desk: Served) -> None:
    with client(desk) as browser:
        answer = browser.get("/actors/" + quote("<script>alert(1)</script>", safe=""))
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


def test_an_unknown_name_is_shown_with_its_words_and_accepted(desk: Served) -> None:
    told(desk, *NEW)
    with client(desk) as browser:
        page = browser.get("/actors/unknown")
        assert "<mark>" in page.text
        assert "Harmattan Liberation Front" in page.text
        sent = form(page, name="Harmattan Liberation Front", inter="Rebel group", countries="Burkina Faso",
                    aliases_en="Harmattan boys\nHLF", why="three reports", then="/actors/unknown")  # fmt: skip
        after = browser.post("/actors/group", data=sent)
        assert after.url.path == "/actors/unknown"
        assert "Harmattan Liberation Front" not in words(after.text).partition("Changes of the registry")[0]
        assert "three reports" in after.text
    told(desk, "again", "Harmattan boys shot dead four farmers in Djibo, Burkina Faso, on Monday.")
    with client(desk) as browser:
        profile = words(browser.get("/actors/Harmattan%20Liberation%20Front").text)
    assert "2 Events" in profile or "Events 2" in profile
    assert "Harmattan boys" in profile


def test_a_name_is_ignored_and_the_decision_taken_back(desk: Served) -> None:
    told(desk, *NEW)
    with client(desk) as browser:
        page = browser.get("/actors/unknown")
        after = browser.post("/actors/ignore", data=form(page, name="Harmattan Liberation Front"))
        assert "No name waits" in after.text
        (edit,) = re.findall(r'name="edit" value="(\d+)"', after.text)
        back = browser.post("/actors/undo", data=form(after, edit=edit))
        assert "No name waits" not in back.text
        assert "taken back by" in back.text


def test_a_name_is_another_one_of_a_known_actor(desk: Served) -> None:
    told(desk, *NEW)
    with client(desk) as browser:
        page = browser.get("/actors/unknown")
        names = browser.get("/actors/groups?part=gsim").json()
        after = browser.post("/actors/alias", data=form(page, name="Harmattan Liberation Front", of=names[0]))
        wrong = browser.post("/actors/alias", data=form(page, name="Harmattan", of="Nobody"))
    assert names[0] == JIHADISTS
    assert "Harmattan Liberation Front" in words(after.text)
    assert wrong.status_code == 400
    assert "Nobody" in wrong.text


def test_only_editors_change_the_registry(office: Served) -> None:
    sent = {"name": "Harmattan Watch", "inter": "Rebel group"}
    for name, answer in (("rita", 403), ("carl", 403), ("edna", 200)):
        with client(office, name) as browser:
            page = browser.get("/actors")
            assert browser.post("/actors/group", data=sent).status_code == 403, "without the token of the page"
            assert browser.post("/actors/group", data=form(page, **sent)).status_code == answer
            assert browser.get("/actors/unknown").status_code == (403 if name == "rita" else 200)


def test_an_embargo_holds_for_actors(embargoed: Served) -> None:
    with client(embargoed, "rita") as browser:
        assert "Protesters (Togo)" not in browser.get("/actors").text
        assert browser.get("/actors/Protesters%20%28Togo%29").status_code == 404
    with client(embargoed, "adam") as browser:
        assert browser.get("/actors/Protesters%20%28Togo%29").status_code == 200
    with client(embargoed, "edna") as browser:
        page = browser.get("/actors")
        assert browser.get("/actors/unknown").status_code == 403
        assert browser.get("/actors/groups?part=gs").status_code == 403
        assert browser.post("/actors/group", data=form(page, name="New Front", inter="Rebel group")).status_code == 403


def test_the_pages_work_in_a_browser(desk: Served, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(f"{desk.address}/actors")
    page.fill("#q", "togo")
    page.wait_for_selector("#told:has-text('with events') , #list:not(:has-text('Nigeria'))")
    assert "q=togo" in page.url
    page.focus("#list tbody a")
    page.keyboard.press("Enter")
    page.wait_for_selector("#chart svg rect")
    page.wait_for_selector("#map[data-events]")
    assert int(page.get_attribute("#map", "data-events")) > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
    assert not errors
