"""The desk: what waits for a person, decided by keys, by two people at once, by two who know nothing of each other."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from served import PASSWORD, PEOPLE, REPORTS, Served, serving
from test_serve import client
from tocsin.errors import UsageError
from tocsin.model import Report
from tocsin.project import ReadReport, link_all
from tocsin.serve import Settings
from tocsin.serve.access.people import Person, log_in, put_person
from tocsin.serve.access.rights import COOKIE
from tocsin.serve.desk import tasks
from tocsin.serve.desk.agreement import alpha, interval, kappa, nominal, ratio
from tocsin.serve.desk.fields import columns_of
from tocsin.serve.desk.page import countries_waiting
from tocsin.serve.desk.verdicts import progress
from tocsin.store import create_store, open_store

LEAST = 0.8
PAGES = ("/desk", "/desk/queue", "/desk/subject?about=BFA1", "/desk/near?about=BFA1", "/desk/places?part=Dj",
         "/desk/actors?part=Po", "/desk/batches", "/desk/blind?batch=b", "/desk/agreement?batch=b")  # fmt: skip
# Krippendorff (2011), section E: four observers, twelve units; None: nothing said.
UNITS = [[1, 1, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4], [4, 4, 4, 4], [1, 1, 2, 1],
         [2, 2, 2, 2], [5, 5, 5], [1, 1], [3]]  # fmt: skip


@pytest.fixture(scope="module")
def doubted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with what is not sure withheld: three values, and an event in Togo. How sure is said here."""
    path = tmp_path_factory.mktemp("doubted") / "d.db"
    with create_store(str(path)) as store:
        for at, (title, day, source, text) in enumerate(REPORTS):
            report = Report(f"report {at}", text, title, date.fromisoformat(day), source, lang="en")
            rows = [_judged(row) for row in ReadReport()(report).rows]
            with store.change("add", "test", "report") as change:
                key, _ = change.put_report(report)
                change.put_claims(rows, report=key)
        link_all(store)
    return path


def _judged(row: dict[str, Any]) -> dict[str, Any]:
    unsure = {"Djibo": {"actor1": 0.56, "actor2": 0.33}, "Maiduguri": {"fatalities": 0.73}, "Lomé": {"trigger": 0.73}}
    sure = dict.fromkeys(row["confidence"], 0.95) | unsure.get(row["location"], {})
    dead = {"Maiduguri": 5, "Djibo": 12}.get(row["location"], row["fatalities"])
    return {**row, "confidence": sure, "min_confidence": LEAST, "fatalities": dead}


@pytest.fixture
def table(doubted: Path, tmp_path: Path) -> Iterator[Served]:
    """A server without login."""
    with open_store(str(shutil.copy(doubted, tmp_path / "table.db"))) as store, serving(store) as running:
        yield running


@pytest.fixture(scope="module")
def peopled(doubted: Path) -> Path:
    """The same with PEOPLE."""
    path = doubted.with_name("peopled.db")
    with open_store(str(shutil.copy(doubted, path))) as store:
        for name, role in PEOPLE.items():
            put_person(store, name, role, PASSWORD)
    return path


@pytest.fixture
def room(peopled: Path, tmp_path: Path) -> Iterator[Served]:
    """A server where people log in."""
    with (
        open_store(str(shutil.copy(peopled, tmp_path / "room.db"))) as store,
        serving(store, Settings(login=True)) as running,
    ):
        yield running


def session(served: Served, name: str) -> str:
    """What the cookie of a person says who has just logged in."""
    return log_in(served.store, Person(name, PEOPLE[name]))[0]


class At:
    """A person at the desk, without a browser."""

    def __init__(self, served: Served, name: str | None, stack: ExitStack) -> None:
        self.http: httpx.Client = stack.enter_context(client(served))
        if name:
            self.http.cookies.set(COOKIE, session(served, name))
        self.csrf = re.search(r'name="csrf" content="([^"]*)"', self.http.get("/").text)[1]  # type: ignore[index]
        self.http.headers.update({"x-csrf-token": self.csrf, "accept": "application/json"})

    def queue(self, query: str = "") -> list[dict[str, Any]]:
        return list(self.http.get(f"/desk/queue?{query}").json()["items"])

    def item(self, label: str) -> str:
        return str(next(line["id"] for line in self.queue() if line["label"] == label))

    def says(self, about: str, verdict: str, **more: Any) -> httpx.Response:
        return self.http.post("/desk/verdicts", json={"about": about, "verdict": verdict, **more})


@pytest.fixture
def seats() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def events(served: Served) -> dict[str, dict[str, Any]]:
    return {row["event_id_cnty"]: row for row in served.store.events()}


# -- who may ---------------------------------------------------------------------------------------------------------


def test_readers_have_no_desk(room: Served, seats: ExitStack) -> None:
    rita = At(room, "rita", seats)
    assert {path for path in PAGES if rita.http.get(path).status_code != 403} == set()
    assert {path for path in PAGES if httpx.get(room.address + path).status_code != 401} == set()


def test_coders_under_an_embargo_see_nothing_withheld_from_them(
    peopled: Path, tmp_path: Path, seats: ExitStack
) -> None:
    """The desk shows reports and what is not published: a role that may not see those has no desk."""
    rules = tmp_path / "rules.toml"
    rules.write_text('embargo_days = 10000\nroles = ["reader", "coder"]\n')
    with (
        open_store(str(shutil.copy(peopled, tmp_path / "e.db"))) as store,
        serving(store, Settings(login=True, public=rules)) as running,
    ):
        carl = At(running, "carl", seats)
        assert {path for path in PAGES if carl.http.get(path).status_code != 403} == set()
        assert carl.says("BFA1", "accept").status_code == 403
        assert At(running, "edna", seats).http.get("/desk").status_code == 200


def test_a_verdict_needs_the_pages_token(table: Served) -> None:
    said = {"about": "BFA1", "verdict": "reject"}
    assert httpx.post(f"{table.address}/desk/verdicts", json=said).status_code == 403
    assert "BFA1" in events(table)


# -- what is decided ---------------------------------------------------------------------------------------------------


def test_the_queue_has_the_most_worth_first_and_an_item_its_words(table: Served, seats: ExitStack) -> None:
    desk = At(table, None, seats)
    assert [line["label"] for line in desk.queue()] == ["Fatalities", "Actor 1", "Actor 2", "Did it happen"]
    assert [line["event"] for line in desk.queue("country=Togo")] == [None]
    page = desk.http.get(f"/desk/subject?about={desk.item('Fatalities')}").text
    assert "Fatalities: 5?" in page
    assert re.search(r'<mark data-marks="[^"]*how-many-dead[^"]*"[^>]*>four </mark>', page)
    assert not any(hostile in page for hostile in ("<b>No group", "<script>alert", "<img"))
    assert "&lt;b&gt;No group&lt;/b&gt;" in page


def test_accept_reject_and_amend_settle_items_and_undo_brings_them_back(table: Served, seats: ExitStack) -> None:
    desk, before = At(table, None, seats), events(table)
    dead, first, happened = desk.item("Fatalities"), desk.item("Actor 1"), desk.item("Did it happen")
    answers = [
        desk.says(dead, "amend", field="fatalities", values={"fatalities": "4"}),
        desk.says(first, "reject"),
        desk.says(happened, "accept"),
    ]
    assert [answer.status_code for answer in answers] == [200] * 3, [answer.text for answer in answers]
    assert answers[-1].json() == {
        "events": ["TGO1"], "decision": answers[-1].json()["decision"], "meanwhile": [], "today": 3, "waiting": 1,
    }  # fmt: skip
    now = events(table)
    assert (now["NGA1"]["fatalities"], now["BFA2"]["actor1"], now["TGO1"]["location"]) == (4, None, "Lomé")
    for answer in reversed(answers):
        taken = desk.http.post("/api/v1/decisions/undo", json={"decision": answer.json()["decision"]})
        assert taken.status_code == 200
    assert events(table) == before
    assert len(desk.queue()) == 4


def test_an_event_that_is_not_published_can_be_amended_before_it_is_accepted(table: Served, seats: ExitStack) -> None:
    desk = At(table, None, seats)
    happened = desk.item("Did it happen")
    [place, *_] = desk.http.get("/desk/places?part=Kara&country=Togo").json()
    assert (place["country"], place["geo_precision"]) == ("Togo", 1)
    assert desk.says(happened, "amend", field="location", values=place).status_code == 200
    assert "TGO1" not in events(table)
    assert "Kara" in desk.http.get(f"/desk/subject?about={happened}").text
    desk.says(happened, "accept")
    assert events(table)["TGO1"]["location"] == "Kara"


def test_any_field_of_a_published_event_can_be_amended(table: Served, seats: ExitStack) -> None:
    desk = At(table, None, seats)
    page = desk.http.get("/desk?event=BFA1").text
    assert "Is everything right?" in page
    [djibo, *_] = desk.http.get("/desk/places?part=Djibo&country=Burkina+Faso").json()
    for field, values in (
        ("location", djibo),
        ("event_date", {"event_date": "2023-05-01", "time_precision": "2"}),
        ("sub_event_type", {"sub_event_type": "Armed clash", "civilian_targeting": None}),
        ("actor1", {"actor1": "JNIM: Group for Support of Islam and Muslims", "inter1": "Rebel group"}),
        ("actor2", {"actor2": None, "inter2": None}),
        ("fatalities", {"fatalities": None}),
        ("notes", {"notes": "<i>told twice</i>"}),
    ):
        answer = desk.says("BFA1", "amend", field=field, values=values)
        assert answer.status_code == 200, answer.text
    now = events(table)["BFA1"]
    assert (now["location"], now["latitude"], now["admin2"], now["iso"]) == ("Djibo", 14.0986, "Soum", 854)
    assert (now["year"], now["time_precision"], now["event_type"]) == (2023, 2, "Battles")
    assert (now["interaction"], now["actor2"], now["inter2"], now["civilian_targeting"]) == (
        "Rebel group only", None, None, None,
    )  # fmt: skip
    assert (now["fatalities"], now["fatalities_high"], now["notes"]) == (None, None, "<i>told twice</i>")


@pytest.mark.parametrize(
    ("field", "values", "wrong"),
    [("event_date", {"event_date": "May"}, "expected a day"), ("event_date", {"event_date": None}, "expected a value"),
     ("sub_event_type", {"sub_event_type": "Brawl"}, "Brawl"), ("fatalities", {"fatalities": -1}, "0 to"),
     ("fatalities", {"fatalities": "many"}, "whole number"), ("location", {"location": "Here"}, "latitude"),
     ("location", {"location": "X", "latitude": "nan", "longitude": 1}, "-90 to 90"),
     ("actor1", {"actor1": "Someone"}, "inter1"), ("country", {"country": "Atlantis"}, "Atlantis"),
     ("fatalities", {"country": "Togo"}, "expected fatalities"), ("claims", {}, "expected one of event_date"),
     ("notes", {"notes": "x" * 5000}, "at most 4000")],
)  # fmt: skip
def test_a_wrong_value_is_told_and_not_written(field: str, values: dict[str, Any], wrong: str) -> None:
    with pytest.raises(UsageError, match=wrong):
        columns_of(field, values)


def test_split_and_merge_are_undone_by_one_step_each(table: Served, seats: ExitStack) -> None:
    desk, before = At(table, None, seats), events(table)
    keys = table.store.members("BFA1")
    assert len(keys) == 2
    assert desk.says("BFA1", "different", claims=keys).status_code == 422
    split = desk.says("BFA1", "different", claims=keys[1:]).json()
    assert len(split["events"]) == 2
    other = next(name for name in split["events"] if name != "BFA1")
    near = desk.http.get("/desk/near?about=BFA1").json()
    assert other in [row["event_id_cnty"] for row in near]
    assert [row["event_id_cnty"] for row in desk.http.get("/desk/near?about=BFA1&part=nga1").json()] == ["NGA1"]
    merged = desk.says("BFA1", "same", other=other, seen={row["event_id_cnty"]: row["version"] for row in near}).json()
    assert merged["events"] == ["BFA1"]
    for step in (merged, split):
        desk.http.post("/api/v1/decisions/undo", json={"decision": step["decision"]})
    assert events(table).keys() == before.keys()
    assert desk.says("BFA1", "same", other="BFA1").status_code == 422


# -- two at once -------------------------------------------------------------------------------------------------------


def test_of_two_who_decide_one_item_the_second_is_told_who_and_what(room: Served, seats: ExitStack) -> None:
    carl, cora = At(room, "carl", seats), At(room, "cora", seats)
    dead = carl.item("Fatalities")
    assert carl.says(dead, "amend", field="fatalities", values={"fatalities": 4}).status_code == 200
    late = cora.says(dead, "accept")
    assert late.status_code == 409
    assert "carl amended this at" in late.json()["message"]
    assert "fatalities is 4" in late.json()["message"]
    assert events(room)["NGA1"]["fatalities"] == 4
    assert cora.http.get(f"/desk/subject?about={dead}").status_code == 410


def test_of_many_at_the_same_moment_one_decides(room: Served, seats: ExitStack) -> None:
    people = [At(room, name, seats) for name in ("carl", "cora", "edna", "adam")]
    dead = people[0].item("Fatalities")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda each: each.says(dead, "accept"), people * 2))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert len(room.store.decisions()) == 1


def test_of_two_who_amend_one_event_only_what_touches_the_same_is_stopped(room: Served, seats: ExitStack) -> None:
    carl, cora = At(room, "carl", seats), At(room, "cora", seats)
    seen = {"BFA1": room.store.history("BFA1")[-1].version}
    carl.says("BFA1", "amend", field="fatalities", values={"fatalities": 8}, seen=seen)
    late = cora.says("BFA1", "amend", field="fatalities", values={"fatalities": 6}, seen=seen)
    assert late.status_code == 409
    assert late.json()["changed"][0]["changed"]["fatalities"] == {"before": 9, "after": 8}
    assert "carl" in late.json()["changed"][0]["cause"]
    other = cora.says("BFA1", "amend", field="event_date", values={"event_date": "2023-05-01"}, seen=seen).json()
    assert other["meanwhile"][0]["changed"]["fatalities"]["after"] == 8  # told, but not stopped
    assert (events(room)["BFA1"]["fatalities"], events(room)["BFA1"]["event_date"]) == (8, "2023-05-01")
    assert cora.says("BFA1", "reject", seen=seen).status_code == 409


def test_a_proposal_that_somebody_rejected_meanwhile_is_not_amended_unknowing(room: Served, seats: ExitStack) -> None:
    """The event itself did not change by it: what was withheld stays unknown."""
    carl, cora = At(room, "carl", seats), At(room, "cora", seats)
    second, first = carl.item("Actor 2"), carl.item("Actor 1")
    carl.says(second, "reject")
    late = cora.says(first, "amend", field="actor2", proposal=second, values={"actor2": "X", "inter2": "Civilians"})
    assert late.status_code == 409
    assert "carl rejected this" in late.json()["message"]


def test_editors_give_items_to_coders(room: Served, seats: ExitStack) -> None:
    carl, cora, edna = (At(room, name, seats) for name in ("carl", "cora", "edna"))
    dead = edna.item("Fatalities")
    assert carl.http.post("/desk/tasks", json={"person": "carl", "items": [dead]}).status_code == 403
    assert edna.http.post("/desk/tasks", json={"person": "rita", "items": [dead]}).status_code == 422
    edna.http.post("/desk/tasks", json={"person": "carl", "items": [dead]})
    assert edna.http.post("/desk/tasks", json={"person": "cora", "first": 2}).json() == {"items": 2}
    assert [line["holder"] for line in carl.queue()] == ["carl", "cora", "cora", ""]
    assert [line["id"] for line in carl.queue("mine=1")] == [dead]
    edna.http.post("/desk/tasks", json={"items": [dead]})
    assert carl.queue("mine=1") == []
    cora.says(cora.queue("mine=1")[0]["id"], "accept")
    assert len(cora.queue("mine=1")) == 1


# -- blind -------------------------------------------------------------------------------------------------------------


def answers(**changed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    told = {
        "event_date": {"event_date": "2023-05-02"}, "sub_event_type": {"sub_event_type": "Attack"},
        "actor1": {"actor1": "Unidentified Armed Group (Burkina Faso)"}, "actor2": {"actor2": "Civilians"},
        "country": {"country": "Burkina Faso"}, "location": {"location": "Barsalogho"}, "fatalities": {"fatalities": 9},
    }  # fmt: skip
    return told | changed


def test_two_code_blind_and_an_editor_decides_between_them(room: Served, seats: ExitStack) -> None:
    carl, cora, edna = (At(room, name, seats) for name in ("carl", "cora", "edna"))
    made = {"csrf": edna.csrf, "name": "May", "coder": ["carl", "cora"], "which": "listed", "events": "bfa1, BFA2"}
    assert carl.http.post("/desk/batches", data=made | {"csrf": carl.csrf}).status_code == 403
    assert edna.http.post("/desk/batches", data=made).status_code == 200
    assert edna.http.post("/desk/batches", data=made).status_code == 422  # the name is taken
    tasks = {who.http.get("/desk/blind?batch=May").text: who for who in (carl, cora)}
    for page, who in tasks.items():
        assert "Barsalogho" in page
        assert 'value="Barsalogho"' not in page
        assert 'value="9"' not in page
        assert len(re.findall("<mark", page)) == 2  # the sentence in each of two reports, and nothing else
        number = int(re.search(r'data-task="(\d+)"', page)[1])  # type: ignore[index]
        said = (
            answers() if who is carl else answers(fatalities={"fatalities": None}, location={"location": "barsalogho"})
        )
        other = cora if who is carl else carl
        assert other.http.post("/desk/answers", json={"task": number, "answers": said}).status_code == 404
        assert who.http.post("/desk/answers", json={"task": number, "answers": {}}).status_code == 422
        answer = who.http.post("/desk/answers", json={"task": number, "answers": said})
        assert answer.json()["left"] == 1, answer.text
    assert carl.http.get("/desk/agreement?batch=May").status_code == 403
    page = edna.http.get("/desk/agreement?batch=May").text
    assert re.search(r'Fatalities</th><td class="num">1</td><td class="num">0 %</td>', page)
    assert re.search(r'Place</th><td class="num">1</td><td class="num">100 %</td>', page)
    assert "Fatalities of carl" in page
    seen = {"BFA1": room.store.history("BFA1")[-1].version}
    taken = edna.says("BFA1", "amend", field="fatalities", values={"fatalities": 9}, why="both", seen=seen)
    assert taken.status_code == 200
    assert "edna decided" in edna.http.get("/desk/agreement?batch=May").text


def test_kappa_and_alpha_are_those_of_the_papers() -> None:
    """Cohen's example of fifty grants (0.40); Krippendorff's of four observers (.743, .849, .797)."""
    grants = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappa(grants) == pytest.approx(0.4)
    assert [round(alpha(UNITS, each) or 0, 3) for each in (nominal, interval, ratio)] == [0.743, 0.849, 0.797]


def test_nothing_is_said_of_agreement_where_chance_cannot_be_told_from_it() -> None:
    assert kappa([]) is None
    assert kappa([("a", "a")] * 3) is None
    assert alpha([["a", "a"], ["a", "a"]]) is None
    assert alpha([["a"], []]) is None
    assert alpha([["a", "b"], ["b", "a"]]) == pytest.approx(-0.5)


def test_tasks_are_kept_alike_on_both_databases(address: str) -> None:
    with create_store(address) as store:
        tasks.give(store, "carl", ["a", "b"])
        tasks.give(store, "cora", ["b"])
        assert tasks.holders(store, ["a", "b", "c"]) == {"a": "carl", "b": "cora"}
        assert tasks.given_to(store, "carl") == []  # neither waits
        tasks.put_batch(store, "May", ["BFA1", "BFA2"], ["carl", "cora"])
        [first, _] = tasks.in_batch(store, "May", "carl")
        for dead in (3, 4):
            tasks.answer(store, first["id"], {"fatalities": {"fatalities": dead}})
        assert tasks.answers(store, "May") == {("BFA1", "carl"): {"fatalities": {"fatalities": 4}}}
        [batch] = tasks.all_batches(store)
        assert [(each["person"], each["done"], each["tasks"]) for each in batch["people"]] == [
            ("carl", 1, 2), ("cora", 0, 2),
        ]  # fmt: skip
        assert (progress(store, "carl"), countries_waiting(store)) == ({"today": 0, "waiting": 0}, [])


# -- in the browser ----------------------------------------------------------------------------------------------------


def opened(browser: Any, served: Served, name: str | None = None, path: str = "/desk", **context: Any) -> Any:
    made = browser.new_context(**context)
    if name:
        made.add_cookies([{"name": COOKIE, "value": session(served, name), "url": served.address}])
    page = made.new_page()
    page.set_default_timeout(8000)
    page.goto(served.address + path)
    page.wait_for_selector("body[data-ready]")
    return page


def told(page: Any, words: str) -> None:
    page.wait_for_selector(f"#told:has-text('{words}')")


def test_all_is_done_by_keyboard_and_a_draft_survives_a_reload(table: Served, browser: Any) -> None:
    page = opened(browser, table)
    press = page.keyboard.press
    page.wait_for_selector("text=Fatalities: 5?")
    press("?")
    page.wait_for_selector("#keys[open]")
    press("Escape")
    press("e")
    page.wait_for_selector("#edit-fatalities-fatalities:focus")
    page.keyboard.type("4")
    page.reload()
    page.wait_for_selector(".draft:has-text('was not saved yet')")
    assert page.input_value("#edit-fatalities-fatalities") == "4"
    assert events(table)["NGA1"]["fatalities"] is None
    press("e")
    press("Enter")
    told(page, "Amended: Fatalities")
    assert events(table)["NGA1"]["fatalities"] == 4
    page.wait_for_selector("#question:has-text('Actor 1')")
    press("j")
    page.wait_for_selector("#question:has-text('Actor 2')")
    press("k")
    page.wait_for_selector("#question:has-text('Actor 1')")
    press("a")
    told(page, "Accepted")
    page.wait_for_selector("#question:has-text('Actor 2')")
    press("r")
    told(page, "Rejected")
    page.wait_for_selector("#question:has-text('Did this happen')")
    press("u")
    told(page, "Taken back")
    page.wait_for_selector("#question:has-text('Actor 2')")
    assert page.text_content("#progress") == "2 of 4 today"
    page.context.close()


def test_split_and_merge_by_keyboard(table: Served, browser: Any) -> None:
    page = opened(browser, table, path="/desk?event=BFA1")
    press = page.keyboard.press
    press("s")
    page.wait_for_selector("[data-dialog=split][open]")
    page.focus("[data-dialog=split] [name=claim] >> nth=1")
    press("Space")
    press("Enter")
    told(page, "Split")
    assert len(events(table)) == 4
    page.wait_for_selector(".subject[data-event=BFA1]")
    press("m")
    page.wait_for_selector("[data-dialog=merge] [name=other]")
    press("ArrowDown")
    press("Enter")
    told(page, "Merged")
    assert len(events(table)) == 3
    page.context.close()


def test_a_place_is_found_while_typing_and_brings_its_point(table: Served, browser: Any) -> None:
    page = opened(browser, table, path="/desk?event=BFA1")
    page.keyboard.press("5")
    page.wait_for_selector("#edit-location-location:focus")
    page.keyboard.type("Djib")
    page.wait_for_selector("#edit-location-location-list [role=option]:has-text('Burkina Faso')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("#edit-location-latitude") == "14.0986"
    page.keyboard.press("Enter")
    told(page, "Amended")
    assert (events(table)["BFA1"]["location"], events(table)["BFA1"]["admin2"]) == ("Djibo", "Soum")
    page.context.close()


def test_the_second_of_two_browsers_is_told_and_loses_nothing(room: Served, browser: Any) -> None:
    carl, cora = opened(browser, room, "carl"), opened(browser, room, "cora")
    for page, dead in ((carl, "4"), (cora, "6")):
        page.keyboard.press("e")
        page.wait_for_selector("#edit-fatalities-fatalities:focus")
        page.keyboard.type(dead)
    carl.keyboard.press("Enter")
    told(carl, "Amended")
    cora.keyboard.press("Enter")
    told(cora, "carl amended this")
    assert cora.input_value("#edit-fatalities-fatalities") == "6"
    cora.click("text=Show it as it is now")
    cora.wait_for_selector("[data-about=NGA1] .draft:has-text('was not saved yet')")
    assert cora.input_value("#edit-fatalities-fatalities") == "6"
    assert events(room)["NGA1"]["fatalities"] == 4
    cora.context.close()
    carl.context.close()


def test_letters_are_keys_only_outside_of_fields_and_only_if_wanted(table: Served, browser: Any) -> None:
    page = opened(browser, table)
    page.keyboard.press("0")
    page.wait_for_selector("#edit-notes-notes:focus")
    page.keyboard.type("raj")
    assert page.input_value("#edit-notes-notes").startswith("raj")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.uncheck("#letters")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.press("a")
    page.wait_for_selector("#question:has-text('Fatalities')")
    assert page.text_content("#progress") == "0 of 4 today"
    page.context.close()


def test_a_phone_has_room_for_all_of_it(table: Served, browser: Any) -> None:
    page = opened(browser, table, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.is_visible("#lines a >> nth=0")
    page.click("#queue > summary")
    page.click("#lines a >> nth=1")
    page.wait_for_selector("#question:has-text('Actor 1')")
    page.click("[data-do=accept]")
    told(page, "Accepted")
    page.context.close()


def test_blind_answers_survive_a_reload_and_are_sent(room: Served, browser: Any, seats: ExitStack) -> None:
    edna = At(room, "edna", seats)
    made = {"csrf": edna.csrf, "name": "B & <b>", "coder": ["carl", "cora"], "which": "listed", "events": "NGA1"}
    edna.http.post("/desk/batches", data=made)
    page = opened(browser, room, "carl")
    page.click("text=Begin")
    page.wait_for_selector("body[data-ready] #answers")
    page.fill("#code-fatalities-fatalities", "4")
    page.select_option("#code-sub_event_type-sub_event_type", "Suicide bomb")
    page.reload()
    page.wait_for_selector(".draft:has-text('were not saved yet')")
    assert page.input_value("#code-fatalities-fatalities") == "4"
    page.focus("#code-fatalities-fatalities")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=All of it is coded")
    page.context.close()
