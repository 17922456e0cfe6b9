"""Places: the list, a page of each, the gazetteer as people correct it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from served import Served
from test_serve import client
from test_serve_actors import form, told, words
from tocsin.locate import added
from tocsin.locate import mine as own
from tocsin.serve.events.read import index_of
from tocsin.serve.events.spots import spots_of

LOST = (
    "Gunmen killed six farmers in the village of Tinzagore in northern Burkina Faso on Tuesday. "
    "The village lies in Soum province."
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "location": st.sampled_from(["Kaya", "Djibo", "", None]),
            "country": st.sampled_from(["Mali", "Niger"]),
            "admin1": st.sampled_from(["Nord", None]),
            "latitude": st.none() | st.sampled_from([13.0, 14.0]),
            "fatalities": st.none() | st.integers(0, 9),
        }
    ),
    max_size=15,
)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A gazetteer of one's own, empty."""
    path = tmp_path / "places.sqlite"
    own.create(path)
    monkeypatch.setenv("TOCSIN_PLACES", str(path))
    return path


@settings(deadline=None)
@given(ROWS)
def test_sums_are_those_of_a_count_event_by_event(rows: list[dict[str, Any]]) -> None:
    spots = spots_of(index_of([{"event_id_cnty": f"X{at}", "longitude": row["latitude"], "event_date": "2020-01-01",
                                **row} for at, row in enumerate(rows)], 1))  # fmt: skip
    named = {(row["location"], row["country"], row["admin1"] or "") for row in rows if row["location"]}
    assert set(zip(spots.locations, spots.countries, spots.admin1s, strict=True)) == named
    for at, key in enumerate(zip(spots.locations, spots.countries, spots.admin1s, strict=True)):
        here = [row for row in rows if (row["location"], row["country"], row["admin1"] or "") == key]
        assert spots.totals.events[at] == len(here)
        assert spots.totals.fatalities[at] == sum(row["fatalities"] or 0 for row in here)
        points = [row["latitude"] for row in here if row["latitude"] is not None]
        if points:
            assert points.count(spots.latitude[at]) == max(map(points.count, points))
        else:
            assert np.isnan(spots.latitude[at])


def test_places_are_listed_and_searched_without_accents(desk: Served) -> None:
    with client(desk) as browser:
        whole = words(browser.get("/places").text)
        found = words(browser.get("/places?q=lome").text)
        there = words(browser.get("/places?country=Nigeria&sort=name&order=desc").text)
    assert all(name in whole for name in ("Barsalogho", "Djibo", "Lomé", "Maiduguri"))
    assert "1 place" in found
    assert "Lomé" in found
    assert "1 place" in there


def test_a_profile_tells_events_actors_neighbours_and_the_gazetteer(desk: Served) -> None:
    with client(desk) as browser:
        page = browser.get("/places/Barsalogho?country=Burkina Faso")
        links = [unescape(link) for link in re.findall(r'href="(/\?location_is=[^"]+actor_is=[^"]+)"', page.text)]
        counts = [browser.get(f"/explore/data{link[1:]}").json()["events"] for link in links]
        numbered = browser.get("/places/2365267")
        gone = browser.get("/places/Atlantis")
    said = words(page.text)
    assert counts == [1] * len(links)
    assert links
    assert "Djibo" in said.partition("Places around")[2]
    assert "town or village" in said.partition("Gazetteer")[2]
    assert "GeoNames 2365267" in words(numbered.text), "Lomé by its GeoNames id"
    assert gone.status_code == 404


def test_an_unknown_place_is_said_where_it_is_and_later_reports_stand_there(desk: Served, mine: Path) -> None:
    told(desk, "lost", LOST)
    with client(desk) as browser:
        page = browser.get("/places/unknown")
        assert "<mark>Tinzagore</mark>" in page.text
        sent = form(page, name="Tinzagore", latitude="14,25", longitude="-1.5", country="Burkina Faso", radius="4",
                    why="on the map of the commune", then="/places/unknown")  # fmt: skip
        after = browser.post("/places/add", data=sent)
        assert "No name waits" in after.text
        assert "on the map of the commune" in after.text
        told(
            desk,
            "again",
            "Soldiers clashed with gunmen in Tinzagore, Burkina Faso, on 3 August 2023, killing two.",
            "2023-08-04",
        )
        profile = words(browser.get("/places/Tinzagore?country=Burkina Faso").text)
    (event,) = [row for row in desk.store.events() if row["location"] == "Tinzagore" and row["event_date"] > "2023-08"]
    assert (event["latitude"], event["longitude"], event["place_radius_km"]) == (14.25, -1.5, 4.0)
    assert "added by hand (u1)" in profile


def test_an_entry_is_corrected_twice_and_each_is_taken_back(desk: Served, mine: Path) -> None:
    def points() -> list[float]:
        return [place.latitude for place in added.together(mine).named("Barsalogho")]

    with client(desk) as browser:
        page = browser.get("/places/Barsalogho?country=Burkina Faso")
        values = dict(re.findall(r'name="(geonameid|then|admin1)" value="([^"]*)"', unescape(page.text)))
        before = points()
        sent = {"name": "Barsalogho", "longitude": "-1.06", "country": "Burkina Faso", **values}
        page = browser.post("/places/add", data=form(page, latitude="13.40", **sent))
        assert "Saved." in page.text
        assert points()[0] == 13.40
        (number,) = re.findall(r'name="instead_of" value="(u\d+)"', page.text)
        page = browser.post("/places/add", data=form(page, latitude="13.43", instead_of=number, **sent))
        assert points()[0] == 13.43
        for left in (13.40, before[0]):
            newest = re.findall(r'name="edit" value="(\d+)"', page.text)[0]
            page = browser.post("/places/undo", data=form(page, edit=newest, then=values["then"]))
            assert points()[0] == left


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"latitude": "north"}, "a number"), ({"latitude": "91"}, "latitude, then longitude"),
     ({"country": "Atlantis"}, "country"), ({"population": "many"}, "whole number"), ({"name": "X"}, "2 to 200")],
)  # fmt: skip
def test_what_cannot_be_is_refused(desk: Served, mine: Path, wrong: dict[str, str], said: str) -> None:
    with client(desk) as browser:
        good = {"name": "Tinzagore", "latitude": "14", "longitude": "-1.5", "country": "Burkina Faso"}
        answer = browser.post("/places/add", data=form(browser.get("/places"), **{**good, **wrong}))
    assert answer.status_code == 400
    assert said in words(answer.text)


def test_only_editors_change_the_gazetteer(office: Served, mine: Path) -> None:
    sent = {"name": "Tinzagore", "latitude": "14", "longitude": "-1.5", "country": "Burkina Faso"}
    for name, answer in (("rita", 403), ("carl", 403), ("edna", 200)):
        with client(office, name) as browser:
            page = browser.get("/places")
            assert browser.post("/places/add", data=sent).status_code == 403, "without the token of the page"
            assert browser.post("/places/add", data=form(page, **sent)).status_code == answer


def test_an_embargo_holds_for_places(embargoed: Served) -> None:
    with client(embargoed, "rita") as browser:
        assert "Lomé" not in browser.get("/places").text
        assert browser.get("/places/Lomé").status_code == 404
    with client(embargoed, "edna") as browser:
        assert browser.get("/places/unknown").status_code == 403


def test_the_map_shows_the_radius(desk: Served, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(f"{desk.address}/places/Djibo?country=Burkina+Faso")
    page.wait_for_selector("#chart svg rect")
    page.wait_for_selector("#map[data-events]")
    assert float(page.get_attribute("#map", "data-km")) > 0
    page.click("#theme")
    page.wait_for_selector("html[data-theme=dark]")
    context.close()
    assert not errors
