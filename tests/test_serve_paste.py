"""The paste page: what is shown of a report, what is refused, what is kept."""

from __future__ import annotations

import html
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from served import REPORTS, Served, serving
from test_serve import client
from tocsin.acquire import web
from tocsin.errors import StopError
from tocsin.serve.paste import page as paste
from tocsin.serve.paste.coder import Coder, TooBusy, TooLong
from tocsin.serve.paste.shown import unpacked
from tocsin.store import open_store

TEXT = (
    "Gunmen on motorbikes killed six farmers in Titao, northern Burkina Faso, on Tuesday, officials said.\n\n"
    "The government denied that soldiers had shot civilians in Arbinda last month, as two groups "
    "in the capital had said. <script>alert(3)</script>"
)
SAID = {"text": TEXT, "published": "2023-05-05", "source": '"><img src=x onerror=alert(4)>', "title": "<b>Titao</b>"}


@pytest.fixture(scope="module")
def open_desk(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests that keep nothing."""
    path = shutil.copy(example, tmp_path_factory.mktemp("paste") / "paste.db")
    with open_store(str(path)) as store, serving(store) as running:
        yield running


def token(page: str) -> str:
    found = re.search(r'name="csrf" (?:content|value)="([^"]+)"', page)
    assert found
    return found[1]


def send(browser: httpx.Client, file: tuple[str, bytes] | None = None, **said: str) -> httpx.Response:
    """What the form sends."""
    said["csrf"] = token(browser.get("/paste").text)
    return browser.post("/paste", data=said, files={"file": file or ("", b"")}, timeout=60)


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_text_is_shown_with_its_events_and_what_is_none(open_desk: Served) -> None:
    with client(open_desk) as browser:
        page = send(browser, **SAID).text
    assert 'data-marks="1.1:who-first "' in page
    assert re.search(r'<mark [^>]*class="no-event"[^>]*>shot</mark>', page)
    told = words(page)
    for part in ("1 event found", "2023-05-02", "Titao", "civilians.attack", "% sure", "shot denied"):
        assert part in told
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b>Titao" not in page
    assert open_desk.store.counts()["report"] == len(REPORTS), "nothing is kept"


def test_what_is_added_is_kept_once_and_shown_with_its_events(desk: Served) -> None:
    with client(desk) as browser:
        page = send(browser, **SAID).text
        packed = re.search(r'name="report" value="([^"]*)"', page)
        assert packed
        given = {"csrf": token(page), "report": html.unescape(packed[1])}
        first = browser.post("/paste/add", data=given, timeout=60)
        again = browser.post("/paste/add", data=given)
        known = words(send(browser, **SAID).text)
        near = words(send(browser, **{**SAID, "text": TEXT.replace("Tuesday, ", "Tuesday — ")}).text)
    assert (first.status_code, again.status_code) == (200, 200)
    assert re.search(r'href="/event/BFA\d+"', first.text)
    assert "nothing was added twice" in again.text
    assert "This text is in the database already: 1 event" in known
    assert "Nearly the same text is in the database already: <b>Titao</b>" in near
    [report] = [row for row in desk.store.table(paste.schema.report) if row["title"] == "<b>Titao</b>"]
    assert (report["text"], report["published"]) == (TEXT, "2023-05-05"), "as it was pasted"
    assert "added a report" in {row["what"] for row in desk.store.table(paste.schema.audit)}


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (("page.html", (Path(__file__).parent / "data" / "acquire" / "page.html").read_bytes()), "Gunmen kill four"),
        (("two.jsonl", b'{"text": "Gunmen killed four people in Djibo, Burkina Faso."}\n' * 2), "1 event found"),
        (("scan.pdf", b"%PDF-1.4 nothing"), "PDF"),
        (("report.docx", b"PK\x03\x04" + bytes(60)), "a zip archive or Office document"),
        (("deep.html", b"<html><body>" + b"<div>" * 40_000 + b"Soldiers clashed"), "page"),
        (("wide.html", b"<html><body>" + b"<p>a" * 60_000), "over 50,000 elements"),
        (("feed.rss", b"<rss><channel><item><link>http://127.0.0.1/</link></item></channel></rss>"), "a list of"),
        (("feed.txt", b"<rss><channel><item><link>http://127.0.0.1/</link></item></channel></rss>"), "a list of"),
        (("long.txt", b"Soldiers clashed with rebels in the town. " * 2000), "83,999 characters"),
        (("bom.gz", b"\x1f\x8b damaged"), "gzip"),
        (("empty.txt", b""), "no text in it"),
    ],
)
def test_files(open_desk: Served, file: tuple[str, bytes], expected: str) -> None:
    with client(open_desk) as browser:
        answer = send(browser, file)
    assert answer.status_code in (200, 422)
    assert expected.lower() in words(answer.text).lower()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, "nothing to read yet"),
        ({"text": TEXT, "url": "https://a.example/"}, "one of the three"),
        ({"text": TEXT, "published": "May"}, "expected a day"),
        (
            {"text": "Die Polizei hat am Montag die Demonstration aufgelöst und viele Menschen verhaftet."},
            "not served yet",
        ),
        ({"url": "file:///etc/passwd"}, "not http or https"),
        ({"url": "http://[::1]/"}, "private address ::1; this server fetches from the open internet only"),
        ({"url": "http://169.254.169.254/latest/meta-data/"}, "private address 169.254.169.254"),
        ({"url": "http://10.0.0.1/"}, "private address 10.0.0.1"),
        ({"url": "http://localhost/"}, "private address"),
    ],
)
def test_what_is_refused_is_explained(open_desk: Served, said: dict[str, str], expected: str) -> None:
    with client(open_desk) as browser:
        answer = send(browser, **said)
    assert answer.status_code == 422
    assert expected in words(answer.text)


class Site(BaseHTTPRequestHandler):
    """A small site on loopback."""

    def do_GET(self) -> None:
        bodies = {"/report": TEXT.encode(), "/huge": b"a" * 6_000_000, "/feed": b"<rss><channel></channel></rss>"}
        self.send_response(302 if self.path == "/inside" else 200)
        self.send_header("Location", "http://inside.example/")
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        if self.path == "/slow":
            Event().wait(2)
        self.wfile.write(bodies.get(self.path, b""))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The site under a public name: names are looked up here, and the public address is this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()

    class Here(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            assert request.url.host == "93.184.216.34", "only the public address is asked"
            request.url = request.url.copy_with(host="127.0.0.1")
            return super().handle_request(request)

    def resolve(host: str, port: int) -> list[str]:
        return ["93.184.216.34"] if host == "news.example" else ["10.1.2.3"]

    fetch: Callable[..., Any] = partial(web.fetch, resolve=resolve, transport=Here())
    monkeypatch.setattr(paste, "fetch", fetch)
    monkeypatch.setattr(paste, "PATIENCE_S", 0.5)
    yield f"http://news.example:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/report", "1 event found"), ("/inside", "private address 10.1.2.3"), ("/huge", "5 MB"), ("/feed", "a list of"),
     ("/slow", "no answer within 0.5 s")],
)  # fmt: skip
def test_an_address_is_read_by_the_rules_of_the_command_line(
    open_desk: Served, site: str, path: str, expected: str
) -> None:
    with client(open_desk) as browser:
        answer = send(browser, url=site + path, published="2023-05-05")
    assert expected.lower() in words(answer.text).lower()


def test_readers_may_paste_but_neither_fetch_nor_add(office: Served) -> None:
    with client(office, "rita") as browser:
        page = send(browser, **SAID)
        fetched = send(browser, url="https://news.example/")
        report = '{"id": "a", "text": "b"}'
        added = browser.post("/paste/add", data={"csrf": token(page.text), "report": report})
        unsigned = browser.post("/paste", data=SAID)
    assert page.status_code == 200
    assert "Add to the database" not in page.text
    assert 'name="url"' not in page.text
    assert {fetched.status_code, added.status_code, unsigned.status_code} == {403}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"id": "a", "text": 1}', "[" * 100_000, '{"id":"a","text":"b","published":"May"}']
)
def test_a_report_that_did_not_arrive_whole_is_refused(text: str) -> None:
    assert unpacked(text) is None


def test_work_that_takes_too_long_or_breaks_down_is_ended_and_the_next_is_done() -> None:
    coder = Coder(seconds=60.0, waiting=1)
    first = Thread(target=coder, args=(time.sleep, 1.0))
    first.start()
    while not coder._one.locked():
        Event().wait(0.01)
    with pytest.raises(TooBusy, match="try again"):
        coder(abs, -7)
    first.join()
    coder.seconds = 0.2
    with pytest.raises(TooLong, match=r"over 0.2 s"):
        coder(time.sleep, 60.0)
    coder.seconds = 60.0
    with pytest.raises(StopError, match="broke down"):
        coder(os._exit, 3)
    with pytest.raises(StopError, match="TypeError"):
        coder(abs, "long")  # type: ignore[arg-type]
    assert coder(abs, -7) == 7
    coder.end()


DROP = """text => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], "a.txt", { type: "text/plain" }));
  for (const name of ["dragover", "drop"]) document.getElementById("text")
    .dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
}"""


def test_in_the_browser(desk: Served, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(desk.address + "/paste")
    page.fill("#published", "2023-05-05")
    page.evaluate(DROP, TEXT)
    assert "a.txt" in page.inner_text("#state")
    page.press("#source", "Control+Enter")
    page.wait_for_selector(".coded-event")
    page.focus('tr[data-mark="1.1:who-first"]')
    assert page.inner_text("mark.lit") == "Gunmen"
    page.focus(".rejected li")
    assert page.inner_text("mark.no-event.lit") == "shot"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("text=Add to the database")
    page.wait_for_url("**/paste/report/*")
    page.click('a[href^="/event/BFA"]')
    page.wait_for_selector("mark")
    context.close()
    assert not errors
