"""Our own interface for programs: what it tells, to whom, and what it tells as it happens."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from postgres import empty_database
from served import PASSWORD, PEOPLE, Served, filled, serving
from test_serve import client
from tocsin.project import decide, undo
from tocsin.serve import Settings, create_app
from tocsin.serve.access.people import put_person, shut_out
from tocsin.serve.access.slow import Patient
from tocsin.serve.api.openapi import FILTERS
from tocsin.serve.events.asked import Asked
from tocsin.store import Store, open_store

API = "/api/v1"
JSON = {"accept": "application/json"}
Row = dict[str, Any]


@pytest.fixture
def program(desk: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=desk.address, headers=JSON, timeout=20) as found:
        yield found


@pytest.fixture(scope="module")
def reading(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of one server for all tests that change nothing."""
    path = shutil.copy(example, tmp_path_factory.mktemp("api") / "api.db")
    with (
        open_store(str(path)) as store,
        serving(store) as running,
        httpx.Client(base_url=running.address, headers=JSON, timeout=20) as found,
    ):
        yield found


def told(program: httpx.Client, path: str, **query: Any) -> Any:
    answer = program.get(API + path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def all_ids(program: httpx.Client, **query: Any) -> list[str]:
    return [each["event_id_cnty"] for each in told(program, "/events", **query)["events"]]


def test_the_document_names_every_filter() -> None:
    assert {each["name"] for each in FILTERS} == {field.name for field in fields(Asked)}


def test_events_come_newest_first_page_by_page(reading: httpx.Client) -> None:
    every = told(reading, "/events")
    assert (every["matched"], every["next"]) == (4, None)
    days = [each["event_date"] for each in every["events"]]
    assert days == sorted(days, reverse=True)
    found, cursor = [], ""
    while cursor is not None:
        page = told(reading, "/events", limit=3, **({"cursor": cursor} if cursor else {}))
        found += page["events"]
        cursor = page["next"]
    assert found == every["events"]
    assert [each["country"] for each in told(reading, "/events", country="Togo")["events"]] == ["Togo"]


@pytest.mark.parametrize("path", [
    "/events?x=1", "/events?limit=0", "/events?limit=5001", "/events?limit=x", "/events?cursor=%00",
    "/events?since=May",
    "/events?cursor=2023-02-30~A1", "/events?as_of=May", "/events?text=%00", "/events.xml",
    "/reports?since=x",
    "/claims?cursor=x", "/claims?cursor=-1", "/decisions?cursor=1e3", "/decisions?ended=perhaps", "/changes?since=-1",
    "/changes?since=1~%27", "/changes?limit=99999999999999999999", "/changes/stream?since=x",
    "/events?as_of=99999-01-01",
    "/events/TGO1/history?x=1", "/claims?report=" + "x" * 300,
])  # fmt: skip
def test_a_wrong_parameter_is_explained(reading: httpx.Client, path: str) -> None:
    answer = reading.get(API + path)
    assert answer.status_code == 400, answer.text
    assert answer.json().keys() == {"status", "message"}


@pytest.mark.parametrize("path", ["/events/XXX1", "/events/XXX1/history", "/events/XXX1/evidence", "/claims/a/b",
                                  "/events/XXX1/provenance", "/reports/x", "/events/%ED%A0%80/history"])  # fmt: skip
def test_what_is_not_there_is_told(reading: httpx.Client, path: str) -> None:
    assert reading.get(API + path).status_code == 404


def test_an_event_tells_what_it_rests_on(reading: httpx.Client) -> None:
    (killed,) = [each for each in told(reading, "/events")["events"] if each["location"] == "Barsalogho"]
    event = told(reading, f"/events/{killed['event_id_cnty']}")
    assert event["event"].items() >= killed.items()
    assert len(event["claims"]) == 2
    assert event["version"] == len(told(reading, f"/events/{killed['event_id_cnty']}/history"))
    page = reading.get(f"{API}/events/{killed['event_id_cnty']}/evidence")
    assert page.headers["content-type"] == "application/ld+json"
    assert page.json()["items"] == event["evidence"]
    texts = {claim["report_id"]: told(reading, f"/reports/{claim['report_id']}") for claim in event["claims"]}
    assert event["evidence"]
    for note in event["evidence"]:
        quote, position = note["target"]["selector"]
        report = texts[note["target"]["source"].removeprefix("urn:tocsin:report:")]
        assert report["text"][position["start"] : position["end"]] == quote["exact"]
    for key in (claim["key"] for claim in event["claims"]):
        assert told(reading, f"/claims/{key}")["event"] == killed["event_id_cnty"]
    claims = told(reading, "/claims", event=killed["event_id_cnty"])["claims"]
    assert [each["key"] for each in claims] == [each["key"] for each in event["claims"]]


def test_reports_and_claims_come_page_by_page(reading: httpx.Client) -> None:
    for name, query in (("reports", {}), ("claims", {})):
        every = told(reading, f"/{name}", **query)[name]
        first = told(reading, f"/{name}", limit=2)
        rest = told(reading, f"/{name}", limit=4000, cursor=first["next"])
        assert first[name] + rest[name] == every
        assert rest["next"] is None
    assert {each["source"] for each in told(reading, "/reports", source="SAHEL")["reports"]} == {
        "Le Quotidien du Sahel"
    }
    assert len(told(reading, "/reports", since="2023-06-11", until="2023-06-11")["reports"]) == 1
    assert told(reading, "/reports", source="%")["reports"] == []


def test_files_are_streamed_in_three_forms(reading: httpx.Client) -> None:
    rows = list(csv.DictReader(io.StringIO(reading.get(f"{API}/events.csv?country=Togo").text)))
    assert [row["country"] for row in rows] == ["Togo"]
    assert len(reading.get(f"{API}/events.geojson").json()["features"]) == 4
    assert reading.get(f"{API}/events.parquet").content[:4] == b"PAR1"


def test_the_past_is_as_it_was(desk: Served, program: httpx.Client) -> None:
    before = told(program, "/events")
    event = before["events"][0]["event_id_cnty"]
    time_before = told(program, "/changes", since=before["change"] - 1)["changes"]
    decide(desk.store, "amend", event, field="fatalities", value=99, who="edna")
    now = told(program, "/events")
    assert now["change"] > before["change"]
    assert [each["fatalities"] for each in now["events"] if each["event_id_cnty"] == event] == [99]
    for moment in (before["change"], *(each["at"] for each in time_before[-1:])):
        then = told(program, "/events", as_of=moment)
        assert (then["events"], then["change"]) == (before["events"], before["change"])
    assert told(program, "/events", as_of=0)["events"] == []
    assert told(program, "/events", as_of=now["change"] + 5)["events"] == now["events"]
    assert all_ids(program, as_of=before["change"], fatalities_min=99) == []
    steps = told(program, f"/events/{event}/history")
    assert steps[-1]["changed"]["fatalities"]["after"] == 99
    assert told(program, "/decisions")["decisions"][0]["who"] == "edna"
    assert told(program, "/decisions", event=event)["decisions"] == told(program, "/decisions")["decisions"]


BAD = [(field, value) for field in ("fatalities", "latitude", "event_date")
       for value in ("1e400", "99999999999999999999999", '"x"', "-91", "90.5", "[1]", '"\\ud800"')]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), BAD)
def test_no_value_that_a_column_cannot_hold_is_taken(reading: httpx.Client, field: str, value: str) -> None:
    """One of them would stop every route for everybody."""
    page = reading.get("/", headers={"accept": "text/html"}).text
    (token,) = re.findall(r'<meta name="csrf" content="([^"]+)">', page)
    body = f'{{"verdict": "amend", "one": "{all_ids(reading)[0]}", "field": "{field}", "value": {value}}}'
    headers = {"x-csrf-token": token, "content-type": "application/json"}
    answer = reading.post(f"{API}/decisions", content=body.encode(), headers=headers)
    assert answer.status_code == 422, answer.text
    assert told(reading, "/events")["matched"] == 4


def test_provenance_names_nothing_that_it_does_not_describe(desk: Served, program: httpx.Client) -> None:
    first, second = all_ids(program)[:2]
    decide(desk.store, "amend", first, field="fatalities", value=99, who="edna")
    decide(desk.store, "same", first, second, who="edna")
    for event in (first, second):
        found = told(program, f"/events/{event}/provenance")
        things = {name: kind for kind in ("entity", "activity", "agent") for name in found[kind]}
        ends = {"prov:agent": "agent", "prov:activity": "activity"}
        for relation in set(found) - {"prefix", "entity", "activity", "agent"}:
            for each in found[relation].values():
                for role, name in each.items():
                    if role not in ("prov:type", "prov:time"):
                        assert things[name] == ends.get(role, "entity"), (relation, role)
        assert found["agent"]["tocsin:agent/edna"]["prov:type"]["$"] == "prov:Person"
        assert found["agent"]["tocsin:agent/tocsin"]["prov:type"]["$"] == "prov:SoftwareAgent"
        assert any(
            each.get("prov:type", {}).get("$") == "prov:PrimarySource" for each in found["wasDerivedFrom"].values()
        )
    ended = [each for each in (first, second) if "wasInvalidatedBy" in told(program, f"/events/{each}/provenance")]
    assert len(ended) == 1


# -- what changed -----------------------------------------------------------------------------------------------------


def follow(program: httpx.Client, since: str, limit: int = 500) -> tuple[list[Row], str]:
    found = []
    while True:
        page = told(program, "/changes", since=since, limit=limit)
        assert len(page["changes"]) <= limit
        found += page["changes"]
        since = page["next"]
        if not page["more"]:
            return found, since


def test_a_copy_kept_by_the_feed_is_the_same_as_the_database(desk: Served, program: httpx.Client) -> None:
    copy: set[str] = set()

    def kept_up(since: str, limit: int) -> str:
        changed, since = follow(program, since, limit)
        assert len({each["event"] for each in changed}) == len(changed), "each event once"
        for each in changed:
            (copy.discard if each["ended"] else copy.add)(each["event"])
        assert copy == set(all_ids(program))
        return since

    since = kept_up("0", 1)
    assert follow(program, since) == ([], since)
    first, second, third, _ = sorted(copy)
    decide(desk.store, "same", first, second, who="edna")
    (number,) = [row["id"] for row in desk.store.decisions()][-1:]
    changed, _ = follow(program, since)
    (gone,) = [each for each in changed if each["ended"]]
    assert gone["merged_into"] in (first, second)
    assert gone["by"] == "edna"
    answer = program.get(f"{API}/events/{gone['event']}")
    assert answer.status_code == 404
    assert gone["merged_into"] in answer.json()["message"]
    since = kept_up(since, 1)
    undo(desk.store, number, who="edna")  # it is an event again
    since = kept_up(since, 1)
    decide(desk.store, "reject", third, who="edna")
    kept_up(since, 500)
    kept_up("0", 2)


@contextmanager
def listening(address: str, cookies: Any = None, **headers: str) -> Iterator[Iterator[tuple[str, Row]]]:
    """The messages of a stream: id, data. A heartbeat is ("", {})."""
    with ExitStack() as stack:
        program = stack.enter_context(httpx.Client(base_url=address, timeout=20, cookies=cookies, headers=headers))
        answer = stack.enter_context(program.stream("GET", f"{API}/changes/stream"))
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield messages(answer.iter_lines())


def messages(lines: Iterator[str]) -> Iterator[tuple[str, Row]]:
    number = ""
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "id":
            number = value
        elif name == "data":
            yield number, json.loads(value)
        elif line.startswith(":"):
            yield "", {}


def test_changes_are_told_as_they_happen_and_after_a_break(desk: Served, program: httpx.Client) -> None:
    first, second, *_ = all_ids(program)
    with listening(desk.address) as heard:
        number, start = next(heard)
        assert start["changes"] == []
        assert number == start["next"] == str(told(program, "/events")["change"])
        decide(desk.store, "amend", first, field="fatalities", value=99, who="edna")
        _, found = next(heard)
        assert [each["event"] for each in found["changes"]] == [first]
    decide(desk.store, "amend", second, field="fatalities", value=98, who="edna")
    with listening(desk.address, **{"last-event-id": number}) as heard:
        _, found = next(heard)
        assert [each["event"] for each in found["changes"]] == [first, second]
        assert found["next"] == told(program, "/changes", since=number)["next"]


def test_who_waits_is_told_that_we_are_there(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.serve.api.changes.HEARTBEAT", 0.05)
    with listening(desk.address) as heard:
        next(heard)
        assert next(heard) == ("", {})


def test_many_who_wait_hold_up_nobody(desk: Served, program: httpx.Client) -> None:
    with ExitStack() as stack:
        all_heard = [stack.enter_context(listening(desk.address)) for _ in range(50)]  # more than there are threads
        for heard in all_heard:
            next(heard)
        first = all_ids(program)[0]
        decide(desk.store, "amend", first, field="fatalities", value=99, who="edna")
        for heard in all_heard:
            assert [each["event"] for each in next(heard)[1]["changes"]] == [first]


def test_the_stream_ends_with_the_server(example: Path, tmp_path: Path) -> None:
    with open_store(str(shutil.copy(example, tmp_path / "p.db"))) as store:
        server = uvicorn.Server(uvicorn.Config(create_app(store), port=0, log_level="error", ws="none", http=Patient))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        with listening(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}") as heard:
            next(heard)
            server.should_exit = True
            assert list(heard) == []  # a whole answer: httpx would tell one that breaks off
        thread.join(10)
        assert not thread.is_alive()


def test_who_is_shut_out_hears_no_more(office: Served) -> None:
    with client(office, "rita") as browser, listening(office.address, browser.cookies) as heard:
        next(heard)
        shut_out(office.store, "rita")
        event = next(iter(office.store.events()))["event_id_cnty"]
        decide(office.store, "amend", event, field="fatalities", value=99, who="edna")
        assert list(heard) == []


# -- who may see what -------------------------------------------------------------------------------------------------

WHOLE = ("/reports", "/claims", "/decisions", "/events/{id}/history", "/events/{id}/evidence",
         "/events/{id}/provenance", "/claims/{key}", "/reports/{report}", "/events?as_of=1")  # fmt: skip
RULES = """
embargo_days = 1
roles = ["reader"]
redact = ["notes", "source"]
[[rule]]
event_type = "Protests"
drop = true
"""


@pytest.fixture
def guarded(example: Path, tmp_path: Path) -> Iterator[Served]:
    """A server whose readers see no protests, no notes and no sources."""
    rules = tmp_path / "tocsin.toml"
    rules.write_text(RULES, encoding="utf-8")
    with open_store(str(shutil.copy(example, tmp_path / "guarded.db"))) as store:
        for name in ("rita", "carl"):
            put_person(store, name, PEOPLE[name], PASSWORD)
        with serving(store, Settings(login=True, public=rules)) as running:
            yield running


def ids_of(store: Store) -> dict[str, str]:
    protest = next(row for row in store.events() if row["event_type"] == "Protests")
    (key, *_) = store.members(protest["event_id_cnty"])
    (claim,) = store.claims([key])
    return {"id": protest["event_id_cnty"], "key": key, "report": claim["report_id"]}


def test_who_sees_the_public_part_alone_is_told_nothing_else(guarded: Served) -> None:
    hidden = ids_of(guarded.store)
    with client(guarded, "rita") as reader, client(guarded, "carl") as coder:
        reader.headers.update(JSON)
        for path in WHOLE:
            assert reader.get(API + path.format(**hidden)).status_code == 403, path
            assert coder.get(API + path.format(**hidden)).status_code == 200, path
        assert hidden["id"] not in all_ids(reader)
        assert len(all_ids(reader)) == 3
        for path in (f"{API}/events/{hidden['id']}", f"/ogc/collections/events/items/{hidden['id']}"):
            assert reader.get(path).status_code == 404
            assert coder.get(path).status_code == 200
        other = all_ids(reader)[0]
        whole = told(reader, f"/events/{other}")
        assert whole["claims"] == whole["evidence"] == whole["decisions"] == []
        assert whole["event"]["notes"] is None
        assert not whole["event"].get("evidence")
        features = reader.get("/ogc/collections/events/items").json()
        assert features["numberMatched"] == 3
        assert {each["properties"]["notes"] for each in features["features"]} == {None}
        assert reader.get("/ogc/collections/events/items", params={"filter": "event_type = 'Protests'"}).json()[
            "features"] == []  # fmt: skip
        assert (
            reader.get("/ogc/collections/events/items", params={"source": "Agence du Golfe"}).json()["features"] == []
        )


def test_changes_of_hidden_events_are_not_told(guarded: Served) -> None:
    hidden = ids_of(guarded.store)["id"]
    with client(guarded, "rita") as reader, client(guarded, "carl") as coder:
        seen = next(each for each in all_ids(coder) if each != hidden)
        assert hidden in {each["event"] for each in follow(coder, "0")[0]}
        found, since = follow(reader, "0")
        assert {each["event"] for each in found} == set(all_ids(reader))
        assert {each["by"] for each in found} == {each["why"] for each in found} == {None}
        decide(guarded.store, "reject", hidden, who="edna")
        decide(guarded.store, "reject", seen, who="edna")
        found, _ = follow(reader, since)
        assert [(each["event"], each["ended"]) for each in found] == [(seen, True)]


def test_the_same_on_postgresql(server: str) -> None:
    with filled(empty_database(server)) as store, serving(store) as running:  # noqa: SIM117
        with httpx.Client(base_url=running.address, headers=JSON, timeout=20) as program:
            first, second, third, _ = all_ids(program)
            before = told(program, "/events")
            decide(store, "same", first, second, who="edna")
            found, _ = follow(program, str(before["change"]), 1)
            assert [each["ended"] for each in found].count(True) == 1
            assert len(follow(program, "0", 1)[0]) == 4
            assert told(program, "/events", as_of=before["change"])["events"] == before["events"]
            for path in (f"/events/{third}", f"/events/{third}/provenance", "/reports?source=sahel", "/decisions"):
                assert told(program, path)
            assert told(program, "/claims", event=third)["claims"]
            assert told(program, "/decisions", event=first, ended=True)["decisions"]
            for path in (f"/events/{third}%00", "/events?text=%00", "/reports?source=%00", "/claims/%00"):
                assert program.get(API + path).status_code in (400, 404)
            assert program.get(f"{API}/decisions?cursor=9223372036854775807").status_code == 200
            assert program.get(f"{API}/changes?since=999999999999999999").status_code == 200
