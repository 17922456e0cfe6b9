"""The server: who is let in, what every answer carries, what is refused."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.datastructures import QueryParams

from served import PASSWORD, Served
from tocsin import cli_serve
from tocsin.errors import UsageError
from tocsin.serve import Settings
from tocsin.serve.access import login, people
from tocsin.serve.access.limits import Limit
from tocsin.serve.events.asked import Asked
from tocsin.store import open_store

PAGES = ("/", "/paste", "/desk", "/sources", "/actors", "/places")


@contextmanager
def client(served: Served, name: str | None = None) -> Iterator[httpx.Client]:
    """A browser without pictures; logged in, if a name is given."""
    with httpx.Client(base_url=served.address, headers={"accept": "text/html"}, follow_redirects=True) as found:
        if name:
            answer = found.post("/login", data={"name": name, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
        yield found


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_shown_without_login_on_this_machine(desk: Served, path: str) -> None:
    with client(desk) as browser:
        answer = browser.get(path)
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "<script>alert" not in answer.text
    assert not re.search(r"""(src|href)=["'](https?:)?//""", answer.text), "the page asks another host"


@pytest.mark.parametrize("path", PAGES)
def test_where_people_log_in_nobody_else_is_let_in(office: Served, path: str) -> None:
    with httpx.Client(base_url=office.address) as program, client(office) as browser:
        assert program.get(path).status_code == 401
        assert browser.get(path).url.path == "/login"
    with client(office, "rita") as browser:
        assert browser.get(path).url.path == path


def test_a_wrong_password_is_told_alike_for_known_and_unknown_names_and_not_tried_forever(
    office: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "TRIES", Limit(10, seconds=3600))  # however slow the machine is
    with client(office) as browser:
        tries = [browser.post("/login", data={"name": name, "password": "x" * 12}) for name in ("rita", "nobody") * 6]
    assert {answer.status_code for answer in tries} == {403, 429}
    assert tries[0].text == tries[1].text
    assert int(tries[-1].headers["retry-after"]) > 0


def test_another_sites_page_can_neither_send_nor_name_this_server(desk: Served) -> None:
    with httpx.Client(base_url=desk.address) as browser:
        assert browser.post("/logout", headers={"origin": "http://evil.example"}).status_code == 403
        assert browser.get("/", headers={"host": "evil.example"}).status_code == 421
        assert browser.post("/logout").status_code == 403  # without the token of the page


@pytest.mark.parametrize(
    ("query", "events"),
    [("", 4), ("country=Togo", 1), ("country=togo&country=Nigeria", 2), ("fatalities_min=8", 2),
     ("until=2023-05-31", 2),
     ("actor=protest", 1), ("bbox=-5,12,5,15", 2), ("area=-5,12;5,12;5,15;-5,15", 2), ("text=lom", 1),
     ("civilians=yes", 2), ("reviewed=yes", 0), ("source=plateau", 2)],
)  # fmt: skip
def test_filters(desk: Served, query: str, events: int) -> None:
    with client(desk) as browser:
        found = browser.get(f"/explore/data?{query}").json()
    assert found["events"] == events, found["rows"]
    assert sum(sum(counts) for counts in found["timeline"]["types"].values()) == events


@pytest.mark.parametrize(
    "query", ["since=May", "bbox=1,2", "bbox=1,9,2,8", "fatalities_min=-1", "civilians=perhaps", "area=1,1;2,2"]
)
def test_a_wrong_filter_is_explained(desk: Served, query: str) -> None:
    with httpx.Client(base_url=desk.address) as program:
        answer = program.get(f"/explore/data?{query}")
    assert answer.status_code == 400
    assert "found" in answer.json()["message"]


def test_a_filter_written_down_asks_for_the_same() -> None:
    text = "since=2023-01-01&country=Mali&country=Niger&civilians=no&fatalities_min=3&bbox=-5,12,5,15&area=0,0;1,0;1,1"
    asked = Asked.of(QueryParams(text))
    assert Asked.of(QueryParams(asked.query())) == asked
    assert asked.country == ("Mali", "Niger")


def test_serve_refuses_an_open_address_without_an_admin(run: Any, example: Path) -> None:
    found = run("serve", str(example), "--host", "0.0.0.0")
    assert found.code == 2
    assert "tocsin people" in found.err


@pytest.mark.parametrize("command", ["serve", "people"])
def test_without_the_extra_web_it_says_what_to_install(
    run: Any, example: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(cli_serve, "NEEDED", ("fastapi", "no_such_package"))
    found = run(command, str(example))
    assert found.code == 2
    assert "needs no_such_package; type: pip install 'tocsin[web]'" in found.err.replace("\n", " ")


def test_passwords_and_tokens_cannot_be_read_from_the_database(example: Path, tmp_path: Path) -> None:
    path = shutil.copy(example, tmp_path / "p.db")
    with open_store(str(path)) as store:
        people.put_person(store, "amina", "admin", PASSWORD)
        secret, _ = people.log_in(store, people.Person("amina", "admin"))
        token = people.make_token(store, "amina", "script", stay=timedelta(days=1))
        assert people.by_cookie(store, secret)
        assert people.by_token(store, token.text)
        with pytest.raises(UsageError, match="expected 10 to 200"):
            people.put_person(store, "b", "reader", "short")
        people.shut_out(store, "amina")
        assert people.by_cookie(store, secret) is None
        assert people.by_token(store, token.text) is None
    held = b"".join(each.read_bytes() for each in tmp_path.glob("p.db*"))
    assert not any(each.encode() in held for each in (PASSWORD, secret, token.text))


def test_the_map_draws_and_asks_no_other_host(desk: Served, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    asked: list[str] = []
    errors: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(desk.address)
    page.wait_for_selector("#map[data-events]")
    assert int(page.get_attribute("#map", "data-events")) > 0
    context.close()
    assert not errors
    assert all(url.startswith((desk.address, "data:", "blob:")) for url in asked)


def test_settings_know_this_machine() -> None:
    assert Settings().local
    assert not Settings(host="0.0.0.0").local
