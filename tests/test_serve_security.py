"""Attacks: each is tried on a real server, and must fail."""

from __future__ import annotations

import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from served import PASSWORD, PEOPLE, Served, serving
from test_serve import client
from test_serve_walk import address, each_once
from tocsin.model import Report
from tocsin.project import add, decide
from tocsin.serve import Settings
from tocsin.serve.access import guard, people
from tocsin.serve.access.limits import Limit
from tocsin.serve.access.login import NAMES, TRIES
from tocsin.serve.access.people import Person, put_person
from tocsin.serve.access.rights import COOKIE
from tocsin.serve.access.slow import Patient
from tocsin.store import open_store, schema

HOSTILE = ("<script>document.title='owned'</script>", "\"><img src=x onerror=\"document.title='owned'\">",
           "' onmouseover='document.title=1", "{{ 7*7 }}", "</textarea><svg onload=document.title=1>")  # fmt: skip


@pytest.fixture(autouse=True)
def patient() -> None:
    """Tests log in more often than people."""
    TRIES.clear()
    NAMES.clear()


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Passwords are hashed as always, but not for so long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=64))
        yield


@pytest.fixture(scope="module")
def office(quick: None, example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all that leaves it as it was; people log in."""
    with open_store(str(shutil.copy(example, tmp_path_factory.mktemp("office") / "office.db"))) as store:
        for name, role in PEOPLE.items():
            put_person(store, name, role, PASSWORD)
        with serving(store, Settings(login=True)) as running:
            yield running


def session(served: Served, name: str, role: str, **more: Any) -> httpx.Client:
    """A client in a session of its own, with the token of its forms."""
    secret, csrf = people.log_in(served.store, Person(name, role))
    headers = {"x-csrf-token": csrf, **more}
    return httpx.Client(base_url=served.address, cookies={COOKIE: secret}, headers=headers)


def raw(served: Served, text: bytes, *, wait_s: float = 5.0) -> bytes:
    """What the server answers to these bytes, until it hangs up."""
    where = urlsplit(served.address)
    with closing(socket.create_connection((where.hostname, where.port), wait_s)) as connection:
        connection.sendall(text)
        found = b""
        try:
            while some := connection.recv(65536):
                found += some
        except (TimeoutError, ConnectionResetError):
            found += b" [still open]" if not found else b""
        return found


def statuses(answer: bytes) -> list[int]:
    return [int(each) for each in re.findall(rb"HTTP/1\.1 (\d{3})", answer)]


# -- sessions


def test_a_sessions_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(office: Served) -> None:
    form = {"name": "rita", "password": PASSWORD}
    told = httpx.post(f"{office.address}/login", data=form).headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=lax" in told
    assert "secure" not in told
    with serving(office.store, Settings(login=True, secure=True)) as behind_tls:
        assert "secure" in httpx.post(f"{behind_tls.address}/login", data=form).headers["set-cookie"].lower()


def test_a_session_brought_along_is_not_taken_over_at_login(office: Served) -> None:
    with client(office, "rita") as browser:
        first = browser.cookies[COOKIE]
        browser.post("/login", data={"name": "rita", "password": PASSWORD})
        assert browser.cookies[COOKIE] != first
    planted = httpx.post(
        f"{office.address}/login", data={"name": "rita", "password": PASSWORD}, cookies={COOKIE: "planted"}
    )
    assert planted.cookies[COOKIE] != "planted"
    assert httpx.get(office.address, cookies={COOKIE: first}).status_code == 401


def test_a_session_ends_for_good_when_one_logs_out_or_time_is_up(office: Served) -> None:
    with session(office, "rita", "reader") as browser:
        cookie = browser.cookies[COOKIE]
        assert browser.post("/logout").status_code == 303
        assert httpx.get(office.address, cookies={COOKIE: cookie}).status_code == 401
    with session(office, "rita", "reader") as browser:
        assert browser.get("/").status_code == 200
        with office.store.engine.begin() as connection:
            connection.execute(update(schema.login).values(until="2020-01-01T00:00:00.000+00:00"))
        assert browser.get("/").status_code == 401


@pytest.mark.parametrize("change", ["role", "password", "out"])
def test_sessions_end_when_rights_change(office: Served, change: str) -> None:
    put_person(office.store, "cora", "coder", PASSWORD)
    token = people.make_token(office.store, "cora", "x", stay=timedelta(days=1), kind="access").text
    with session(office, "cora", "coder") as cora, session(office, "adam", "admin") as adam:
        form = {"name": "cora", "role": "reader", "password": "another password"}
        assert adam.post(f"/admin/people/{change}", data=form).status_code == 303
        assert cora.get("/").status_code == 401
        assert adam.get("/").status_code == 200
    bearer = {"authorization": f"Bearer {token}"}
    assert httpx.get(f"{office.address}/api/acled/read", headers=bearer).status_code == 401


# -- tokens


@pytest.mark.parametrize(
    ("scopes", "method", "path", "status"),
    [(("read",), "GET", "/explore/data", 200), (("read",), "POST", "/api/v1/decisions", 403),
     (("write",), "GET", "/explore/data", 403), (("read", "write"), "POST", "/api/v1/decisions", 422),
     (("read", "write"), "GET", "/account", 403), (("read", "write"), "POST", "/account/tokens", 403),
     (("read", "write"), "GET", "/admin", 403), (("read", "write"), "POST", "/admin/people/add", 403)],
)  # fmt: skip
def test_a_token_does_what_its_scopes_say_and_lets_nobody_in(
    office: Served, scopes: tuple[str, ...], method: str, path: str, status: int
) -> None:
    token = people.make_token(office.store, "adam", "x", scopes=scopes, stay=timedelta(days=1)).text
    headers = {"authorization": f"Bearer {token}"}
    assert httpx.request(method, office.address + path, headers=headers).status_code == status


def test_a_token_ends_when_its_time_is_up(office: Served) -> None:
    for stay, status in ((timedelta(days=1), 200), (timedelta(seconds=-1), 401)):
        token = people.make_token(office.store, "rita", "x", stay=stay).text
        assert (
            httpx.get(f"{office.address}/explore/data", headers={"authorization": f"Bearer {token}"}).status_code
            == status
        )


# -- how much, how often, how slowly


def test_who_asks_too_often_waits_and_nobody_else_does(office: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BY_ONE", 5)
    with (
        serving(office.store, Settings(login=True)) as served,
        session(served, "rita", "reader") as rita,
        session(served, "carl", "coder") as carl,
    ):
        answers = [rita.get("/explore/actors") for _ in range(8)]
        assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 3
        assert int(answers[-1].headers["retry-after"]) > 0
        assert carl.get("/explore/actors").status_code == 422


def test_tokens_are_not_guessed_without_end(office: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "UNKNOWN", 5)
    with serving(office.store, Settings(login=True)) as served:
        tries = [
            httpx.get(f"{served.address}/explore/data", headers={"authorization": f"Bearer {n}"}) for n in range(7)
        ]
    assert [answer.status_code for answer in tries] == [401] * 5 + [429] * 2


def test_a_limit_gives_back_what_it_takes_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("tocsin.serve.access.limits.monotonic", lambda: now)
    limit = Limit(3, seconds=60)
    assert [limit.wait("a") for _ in range(4)] == [0, 0, 0, 21]
    assert limit.wait("b") == 0
    now = 21.0
    assert [limit.wait("a"), limit.wait("a") > 0] == [0, True]
    limit.forgive("a")
    assert limit.wait("a") == 0


def test_a_right_password_costs_no_try(office: Served) -> None:
    with httpx.Client(base_url=office.address) as browser:
        for _ in range(12):
            assert browser.post("/login", data={"name": "rita", "password": PASSWORD}).status_code == 303


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused(desk: Served, chunked: bool) -> None:
    whole = b"x" * (guard.LARGEST + 1)
    parts = (whole[at : at + 65536] for at in range(0, len(whole), 65536))
    headers = {"content-type": "application/json"}
    try:
        answer = httpx.post(f"{desk.address}/user/login", content=parts if chunked else whole, headers=headers)
    except httpx.WriteError:  # hung up on while sending: as good
        return
    assert answer.status_code == 413
    assert "bytes" in answer.text


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "text",
    [b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
     b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n"
     b"Content-Type: " + FORM.encode() + b"\r\n\r\nname=", b""],
    ids=["head", "body", "nothing"],
)  # fmt: skip
def test_who_sends_too_slowly_is_cut_off(desk: Served, monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    monkeypatch.setattr(Patient, "head_s", 0.4)
    monkeypatch.setattr(Patient, "body_s", 0.4)
    assert b"[still open]" not in raw(desk, text, wait_s=8)
    assert httpx.get(desk.address).status_code == 200


def test_who_sends_slowly_but_steadily_is_heard(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Patient, "body_s", 0.3)
    monkeypatch.setattr(Patient, "least", 10)

    def parts() -> Iterator[bytes]:
        for _ in range(8):
            time.sleep(0.1)
            yield b"name=rita&" * 5

    answer = httpx.post(f"{desk.address}/login", content=parts(), headers={"content-type": FORM})
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "head",
    [b"Content-Length: 5\r\nTransfer-Encoding: chunked", b"Content-Length: 5\r\nContent-Length: 6",
     b"Transfer-Encoding: xchunked", b"Transfer-Encoding : chunked", b"Content-Length: +5", b"Content-Length: 5, 6",
     b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", b"Content-Length: -1", b"X: a\x00b"],
)  # fmt: skip
def test_where_a_request_ends_is_not_left_to_guess(desk: Served, head: bytes) -> None:
    second = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
    first = b"POST /login HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n\r\n0\r\n\r\n"
    told = raw(desk, first + second, wait_s=2)
    assert statuses(told)
    assert statuses(told)[0] in (400, 413, 501)
    assert len(statuses(told)) == 1, "what followed was taken for a second request"


@pytest.mark.parametrize("count", [200, 5000])
def test_many_cookies_and_long_addresses_bring_nothing_down(office: Served, count: int) -> None:
    cookie = "; ".join(f"c{n}=vvvvvvvvvvvvvv" for n in range(count)).encode()
    told = raw(office, b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie + b"\r\nConnection: close\r\n\r\n")
    assert statuses(told)[0] in (400, 401, 431)
    assert httpx.get(f"{office.address}/?text={'x' * 20000}").status_code == 414


# -- what is told and to whom


def test_a_fault_is_told_without_how_it_came_about(
    desk: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret is 42 in /home/somebody")

    monkeypatch.setattr("tocsin.serve.explore.page.bounds", broken)
    for accept in ("text/html", "application/json"):
        answer = httpx.get(f"{desk.address}/explore/data?text=never+asked", headers={"accept": accept})
        assert answer.status_code == 500
        assert "went wrong" in answer.text
        assert not re.search("42|somebody|Traceback|RuntimeError", answer.text)
        assert answer.headers["content-security-policy"] == guard.POLICY
    assert "the secret is 42" in caplog.text  # for those who run the server


@pytest.mark.parametrize(
    "path",
    ["/static/../pages.py", "/static/%2e%2e/pages.py", "/static/..%2fpages.py", "/static/vendor/../../pages.py",
     "/static/....//pages.py", "/static/%2fetc/passwd", "/static//etc/passwd", "/static/..\\pages.py", "/static/%00",
     "/static/style.css%00.js", "/export/../../etc/passwd", "/static/%252e%252e/pages.py"],
)  # fmt: skip
def test_no_path_leads_out_of_the_static_files(desk: Served, path: str) -> None:
    told = raw(desk, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert statuses(told)[0] in (400, 404)
    assert b"import" not in told
    assert b"root:" not in told


def test_no_answer_repeats_the_host_that_it_was_asked_under(office: Served) -> None:
    for path in ("/", "/login", "/desk/", "/static", "/actors/", "/account"):
        answer = httpx.get(office.address + path, headers={"host": "evil.example", "accept": "text/html"})
        assert "evil.example" not in answer.text + str(answer.headers), path
    for then in (
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
    ):
        answer = httpx.post(f"{office.address}/login", data={"name": "rita", "password": PASSWORD, "then": then})
        assert answer.headers["location"] == "/"


def test_logins_and_decisions_are_written_down(office: Served) -> None:
    event, before = next(office.store.events())["event_id_cnty"], len(people.audited(office.store))
    with client(office) as browser:
        browser.post("/login", data={"name": "carl", "password": "wrong password"})
    with client(office, "carl") as browser:
        csrf = re.search(r'name="csrf" content="([^"]+)"', browser.get("/").text)
        assert csrf
        headers = {"x-csrf-token": csrf[1]}
        made = browser.post("/api/v1/decisions", json={"verdict": "accept", "one": event}, headers=headers).json()
        browser.post("/api/v1/decisions/undo", json={"decision": made["decision"]}, headers=headers)
        browser.post("/logout", headers=headers)
    told = [(row["who"], row["what"], row["about"]) for row in people.audited(office.store)][::-1][before:]
    assert told == [("carl", "was refused", "wrong name or password"), ("carl", "logged in", ""),
                    ("carl", "accept", event), ("carl", "undo", str(made["decision"])),
                    ("carl", "logged out", "")]  # fmt: skip
    assert people.audited(office.store)[0]["address"] == "127.0.0.1"


# -- words that are code elsewhere

STRANGE = ("' OR 1=1 --", '"; DROP TABLE event; --', "%' ESCAPE '", "\x00", "\ud800".encode("utf-8", "surrogatepass"),
           "9" * 40, "-1", "NaN", "1e999", "../../etc/passwd", "{{7*7}}", "\u202e",
           "a" * 3000, "%", "_", "()", "$ne")  # fmt: skip


@pytest.mark.parametrize("path", [path for path in each_once() if "stream" not in path])
def test_strange_words_break_no_route(office: Served, path: str) -> None:
    before = len(list(office.store.events()))
    told = httpx.get(f"{office.address}/api/openapi.json").json()["paths"].get(path, {}).get("get", {})
    names = [each["name"] for each in told.get("parameters", ()) if each["in"] == "query"]
    names = (
        names or ["q", "name", "who", "before", "actor", "country", "page", "offset", "text", "then", "since", "part"]
    )[:40]
    with session(office, "adam", "admin") as adam:
        for word in STRANGE:
            query = "&".join(f"{name}={quote(word)}" for name in names)
            places = {each: quote(word, safe="") or "x" for each in re.findall(r"\{(\w+)", path)}
            inside = re.sub(r"\{(\w+)(:path)?\}", lambda found, places=places: places[found[1]], path)
            for where in {inside, f"{inside}?{query}"[:16000]}:
                assert adam.get(where).status_code < 500, where[:200]
    assert len(list(office.store.events())) == before


@pytest.fixture
def hostile(example: Path, tmp_path: Path) -> Iterator[Served]:
    """Everything that comes from outside is a trap: text, title, source, address, notes, names, feeds, the log."""
    with open_store(str(shutil.copy(example, tmp_path / "hostile.db"))) as store:
        for at, trap in enumerate(HOSTILE):
            text = f"Gunmen {trap} killed four people in Djibo, Burkina Faso, on {3 + at} May 2023, {trap} police said."
            add(
                store,
                [Report(f"r{at}", text, title=trap, source=trap, url="javascript:document.title='owned'", lang="en")],
            )
        for row in list(store.events()):
            trap = HOSTILE[hash(row["event_id_cnty"]) % len(HOSTILE)]
            for field in ("notes", "actor1", "location", "source"):
                decide(store, "amend", row["event_id_cnty"], field=field, value=f"{trap} {field}", who=trap, why=trap)
        for trap in HOSTILE:
            put_person(store, trap, "reader", PASSWORD)
            people.note(store, trap, trap, trap, trap)
            with store.change("feed", "t", "t") as change:
                change.put(
                    schema.feed, url=f"https://a.example/{trap}", kind=trap, failures=1, problem=trap, next="2023"
                )
        put_person(store, "adam", "admin", PASSWORD)
        with serving(store, Settings(login=True)) as running:
            yield running


def test_nothing_from_outside_runs_on_any_page(hostile: Served, browser: Any) -> None:
    """A browser opens every page; the policy would report what got in, even where it stops it."""
    secret, _ = people.log_in(hostile.store, Person("adam", "admin"))
    context = browser.new_context()
    context.add_cookies([{"name": COOKIE, "value": secret, "url": hostile.address}])
    page, told = context.new_page(), []
    page.on("console", lambda message: told.append(message.text) if "Content Security" in message.text else None)
    page.on("dialog", lambda dialog: told.append(dialog.message))
    for path in pages(hostile):
        page.goto(hostile.address + path, wait_until="load")
        assert page.title().endswith("Tocsin"), path
        wrong = page.query_selector_all(
            "script:not([src]), [onerror], [onload], [onmouseover], a[href^='javascript' i], style"
        )
        assert not [each for each in wrong if each.evaluate("e => !e.closest('.maplibregl-map, figure')")], path
        assert "49" not in page.title()
        assert told == [], path
    context.close()


def pages(served: Served) -> list[str]:
    """The address of every page, with the traps in its parameters."""
    event = next(served.store.events())["event_id_cnty"]
    row = served.store.event(event) or {}
    words = {
        "seen": event,
        "unseen": event,
        "report": "x",
        "source": quote(HOSTILE[0], safe=""),
        "actor": "x",
        "place": "x",
    }
    found = [address(path, words) for path in each_once() if not re.search("stream|export|tiles|acled", path)]
    with session(served, "adam", "admin", accept="text/html") as adam:
        plain = [path for path in found if "text/html" in adam.get(path).headers.get("content-type", "")]
    named = [f"/actors/{quote(row['actor1'], safe='')}", f"/places/{quote(row['location'], safe='')}"]
    return [*plain, *named, *(f"/?text={quote(trap)}&actor={quote(trap)}" for trap in HOSTILE),
            f"/login?then={quote(HOSTILE[1])}", f"/admin/audit?who={quote(HOSTILE[1])}",
            f"/event/{quote(HOSTILE[1], safe='')}",
            f"/admin?did=out&name={quote(HOSTILE[0])}"]  # fmt: skip


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/login", "http://localhost:{port}/", "http://[::1]/",
                                 "file:///etc/passwd", "http://169.254.169.254/latest/", "http://0x7f000001/",
                                 "gopher://127.0.0.1/"])  # fmt: skip
def test_the_server_fetches_nothing_from_its_own_network(desk: Served, url: str) -> None:
    with client(desk) as browser:
        csrf = re.search(r'name="csrf" content="([^"]+)"', browser.get("/paste").text)
        assert csrf
        given = {"url": url.format(port=urlsplit(desk.address).port), "csrf": csrf[1]}
        answer = browser.post("/paste", data=given)
    assert answer.status_code == 422
    assert "root:" not in answer.text
    assert 'role="alert"' in answer.text or "problem" in answer.text
