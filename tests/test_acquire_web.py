"""Pages are fetched with care: sizes, times, kinds and addresses are checked at every hop."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from tocsin.acquire import Options, reports
from tocsin.acquire.web import fetch, is_public
from tocsin.errors import SourceError
from tocsin.model import Issue, Report

PAGE = (Path(__file__).parent / "data" / "acquire" / "page.html").read_bytes()
LINE = b'{"id": "a", "text": "Gunmen killed four people in the town."}\n'
HERE = Options(allow_private=True, timeout_s=1.0, max_bytes=100_000)


class Site(BaseHTTPRequestHandler):
    """A small site on loopback."""

    def do_GET(self) -> None:
        answers: dict[str, Callable[[], None]] = {
            "/page": lambda: self.answer(200, "text/html; charset=utf-8", PAGE),
            "/text": lambda: self.answer(200, "text/plain", b"Gunmen killed four people in the town."),
            "/lines": lambda: self.answer(200, "application/x-ndjson", LINE * 3),
            "/picture": lambda: self.answer(200, "image/png", b"\x89PNG"),
            "/packed": lambda: self.answer(200, "text/html", gzip.compress(PAGE), {"Content-Encoding": "gzip"}),
            "/bomb": lambda: self.answer(200, "text/html", BOMB, {"Content-Encoding": "gzip"}),
            "/twice": lambda: self.answer(200, "text/html", BOMB, {"Content-Encoding": "gzip, gzip"}),
            "/large": lambda: self.answer(200, "text/html", b"a" * 200_000),
            "/hop": lambda: self.answer(302, "text/html", b"", {"Location": "/page"}),
            "/loop": lambda: self.answer(302, "text/html", b"", {"Location": "/loop"}),
            "/to-file": lambda: self.answer(302, "text/html", b"", {"Location": "file:///etc/passwd"}),
            "/slow": lambda: time.sleep(2),
            "/drip": self.drip,
        }
        answers.get(self.path, lambda: self.answer(404, "text/html", PAGE))()

    def answer(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def drip(self) -> None:
        """A byte every tenth of a second: no single read takes too long, all of them do."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            for _ in range(30):
                self.wfile.write(b"a")
                time.sleep(0.1)
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


BOMB = gzip.compress(b"a" * 50_000_000)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["/page", "/hop", "/packed"])
def test_page(site: str, path: str) -> None:
    (report,) = reports([site + path], HERE)
    assert isinstance(report, Report)
    assert report.title == "Gunmen kill four farmers in Kaduna"
    assert report.url == site + ("/page" if path == "/hop" else path)


def test_text_and_lines(site: str) -> None:
    found = [one for one in reports([site + "/text", site + "/lines"], HERE) if isinstance(one, Report)]
    assert [report.text for report in found] == ["Gunmen killed four people in the town."] * 4


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/none", "answered 404"),
        ("/picture", "image/png"),
        ("/large", "larger than 100,000 bytes"),
        ("/bomb", "larger than 100,000 bytes"),
        ("/twice", "packed as"),
        ("/loop", "redirected more than"),
        ("/to-file", "not http or https"),
        ("/slow", "no answer within 1 s"),
        ("/drip", "takes over 1 s"),
    ],
)
def test_refused_pages(site: str, path: str, message: str) -> None:
    (issue,) = reports([site + path], HERE)
    assert isinstance(issue, Issue)
    assert message in issue.message
    assert issue.where == site + path


def test_private_addresses_are_refused_unless_allowed(site: str) -> None:
    (issue,) = reports([site + "/page"], Options())
    assert isinstance(issue, Issue)
    assert "private address 127.0.0.1" in issue.message


def test_nobody_answers() -> None:
    (issue,) = reports(["http://127.0.0.1:9/"], HERE)
    assert isinstance(issue, Issue)
    assert "does not answer" in issue.message


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://a b/", "https://user:pw@a.example/", "http://\x00/"])
def test_odd_addresses(url: str) -> None:
    (issue,) = reports([url], HERE)
    assert isinstance(issue, Issue)


# Names are made up here: no look-up leaves the machine


def answering(handler: Callable[[httpx.Request], httpx.Response]) -> httpx.MockTransport:
    return httpx.MockTransport(handler)


def test_connection_goes_to_the_address_that_was_checked() -> None:
    """A second look-up could give another address; there is none."""
    seen: list[httpx.Request] = []
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"]

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, headers={"Content-Type": "text/html"}, stream=httpx.ByteStream(PAGE))

    page = fetch("https://news.example:8443/a", Options(), resolve=resolve, transport=answering(handler))
    assert asked == ["news.example"]
    assert seen[0].url.host == "93.184.216.34"
    assert seen[0].headers["Host"] == "news.example:8443"
    assert seen[0].extensions["sni_hostname"] == "news.example"
    assert page.url == "https://news.example:8443/a"


@pytest.mark.parametrize("location", ["http://inside.example/", "http://127.0.0.1/", "http://[::1]/", "//10.0.0.1/x"])
def test_redirect_into_a_private_network_is_refused(location: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        return {"news.example": ["93.184.216.34"], "inside.example": ["93.184.216.34", "10.1.2.3"]}.get(host, [host])

    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "93.184.216.34"
        return httpx.Response(302, headers={"Location": location})

    with pytest.raises(SourceError, match="private address"):
        fetch("http://news.example/", Options(), resolve=resolve, transport=answering(handler))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("::ffff:93.184.216.34", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("172.16.5.4", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("240.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public
