"""Feeds, sitemaps and lists of feeds: read, fetched politely, followed. The server is real, on loopback."""

from __future__ import annotations

import contextlib
import gzip
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from command import Run
from tocsin import follow
from tocsin.acquire import Options, reports
from tocsin.acquire.entries import listing_of
from tocsin.acquire.feeds import _plain, feed_of
from tocsin.acquire.kinds import listing_root
from tocsin.acquire.polite import MAX_PAUSE_S, Guest
from tocsin.acquire.sitemaps import MAX_LINKS, opml_of, sitemap_of
from tocsin.acquire.web import Away
from tocsin.errors import SourceError, UsageError
from tocsin.model import Issue, Report
from tocsin.store import Store, create_store, schema

HERE = Options(allow_private=True, timeout_s=2.0, pause_s=0.0)
NOW = datetime(2024, 3, 12, 12, 0, tzinfo=UTC)
EVERY = timedelta(minutes=15)
LONG = "Gunmen killed three farmers in the village of Dano in Burkina Faso on Monday, residents said. " * 4


@dataclass
class Site:
    """Pages by path: (status, headers, body). `asked`: what was asked for, with the headers."""

    url: str = ""
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> str:
        data = body.replace("{site}", self.url).encode() if isinstance(body, str) else body
        self.pages[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, data)
        return self.url + path

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            status, headers, body = site.pages.get(self.path, (404, {}, b"nothing here"))
            if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
            self.send_response(status)
            for name, value in {"Content-Type": "text/xml", "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    yield site
    server.shutdown()
    server.server_close()


def rss(*items: str, title: str = "Sahel Wire") -> str:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{body}</channel></rss>'


def item(link: str, text: str = "", day: str = "Tue, 12 Mar 2024 10:00:00 GMT", title: str = "Attack") -> str:
    return f"<title>{title}</title><link>{link}</link><pubDate>{day}</pubDate><description>{text}</description>"


def article(site: Site, path: str, words: str = "three") -> str:
    """A page without a date or a site name of its own."""
    text = LONG.replace("three", words).replace(". G", ".</p><p>G")
    return site.put(path, f"<html><body><article><p>{text}</p></article></body></html>", Content_Type="text/html")


def told(found: Iterator[Report | Issue]) -> tuple[list[Report], list[Issue]]:
    rows = list(found)
    return [row for row in rows if isinstance(row, Report)], [row for row in rows if isinstance(row, Issue)]


# -- what listings say -----------------------------------------------------------------------------------------------


def test_rss_and_atom_say_the_same() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Sahel Wire</title><entry><title>A &amp; B</title>
      <link href="/one"/><published>2024-03-12T10:00:00Z</published><content type="html">&lt;p&gt;x&lt;/p&gt;y</content>
      </entry></feed>"""
    one = item("/one", "&lt;p&gt;x&lt;/p&gt;y", title="A &amp; B")
    found = [listing_of(text.encode(), "http://news.example/feed") for text in (atom, rss(one))]
    assert found[0] == found[1]
    [entry] = found[0].entries
    assert (entry.link, entry.title, entry.text) == ("http://news.example/one", "A & B", "x\n\ny")
    assert (found[0].title, entry.published) == ("Sahel Wire", date(2024, 3, 12))


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "ftp://a.example/x", ""])
def test_only_web_links_are_links(link: str) -> None:
    assert feed_of(rss(f"<title>a</title><link>{link}</link>").encode(), "").entries[0].link is None


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    """Neither a file of ours nor a thousand laughs get into a title."""
    (tmp_path / "secret").write_text("SECRET")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(9))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">{laughs}]>'
    feed = head + rss("<title>&e;&l8;</title><link>http://a.example/</link>").partition("?>")[2]
    maps = head + "<urlset><url><loc>http://a.example/</loc><title>&e;&l8;</title></url></urlset>"
    opml = head + '<opml><body><outline text="&l8;" xmlUrl="http://a.example/"/></body></opml>'
    for text in (feed, maps, opml):
        found = repr(listing_of(text.encode(), ""))
        assert "SECRET" not in found
        assert len(found) < 1_000


def test_broken_xml_gives_what_came_whole() -> None:
    whole = rss(item("http://a.example/1"), item("http://a.example/2"), item("http://a.example/33"))
    found = feed_of(whole.partition("33")[0].encode(), "")
    assert [entry.link for entry in found.entries] == ["http://a.example/1", "http://a.example/2"]
    assert "breaks off" in (found.problem or "")
    unclosed = feed_of(whole.replace("</title>", "", 1).replace("&", "&&").encode(), "")
    assert unclosed.entries[-1].link == "http://a.example/33"


def test_feed_cut_anywhere_gives_a_beginning_of_it_or_a_sentence() -> None:
    """No entry is made up, and none is half."""
    data = rss(*(item(f"http://a.example/{n}00", "Gunmen &lt;b&gt;killed&lt;/b&gt; 3") for n in range(3))).encode()
    whole = feed_of(data, "").entries
    for end in range(0, len(data), 5):
        try:
            found = feed_of(data[:end], "").entries
        except SourceError:
            found = ()
        assert found == whole[: data[:end].count(b"</item>")]


def test_huge_feed_is_refused_in_a_sentence() -> None:
    with pytest.raises(SourceError, match="over 5 MB"):
        feed_of(b"<rss>" + b"<item></item>" * 1_000_000, "")


def test_hostile_markup_in_a_feed_costs_no_more_than_its_length() -> None:
    """Half a million opened tags end; with a pattern that looks ahead from each they would take minutes."""
    for mark in ("<", "<br", "<br "):
        assert _plain(mark * 500_000) is not None


def test_nested_opml_names_each_feed_once() -> None:
    deep = "<outline text='g'>" * 50 + "<outline xmlUrl='http://a.example/1'/>" + "</outline>" * 50
    more = "<outline xmlurl='http://a.example/2'/><outline xmlUrl='http://a.example/1'/><outline xmlUrl='file:///x'/>"
    found = opml_of(f"<opml version='2.0'><body>{deep}{more}</body></opml>".encode())
    assert found.others == ("http://a.example/1", "http://a.example/2")


def test_sitemap_newest_first_and_limited() -> None:
    one = "<url><loc>http://a.example/{n}</loc><lastmod>{day}</lastmod></url>"
    rows = "".join(one.format(n=n, day=date.fromordinal(738_000 + n)) for n in range(MAX_LINKS + 5))
    found = sitemap_of(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode())
    assert (found.entries[0].link, len(found.entries)) == (f"http://a.example/{MAX_LINKS + 4}", MAX_LINKS)
    assert "5 more" in (found.problem or "")
    assert found.entries[0].published is None  # lastmod is no publication date


@pytest.mark.parametrize(
    ("data", "root"),
    [
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a --><rss version="2.0">', "rss"),
        (b'<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]><rss>', "rss"),
        (b"<rdf:RDF xmlns:rdf='x'>", "rdf"),
        (b"<html><body><rss>", None),
        (b"Gunmen <rss>", None),
        (b"<!---->" * 500 + b"<html>", None),
    ],
)
def test_listings_are_told_by_their_root(data: bytes, root: str | None) -> None:
    assert listing_root(data) == root


# -- as inputs -------------------------------------------------------------------------------------------------------


def test_feed_address_becomes_reports(site: Site) -> None:
    """The page is read; date and source come from the feed where the page is silent; a link counts once."""
    link = article(site, "/one")
    feed = site.put("/feed", rss(item(link), item(link)), Content_Type="application/rss+xml")
    [report], issues = told(reports([feed], HERE))
    assert (report.published, report.source, report.url) == (date(2024, 3, 12), "Sahel Wire", link)
    assert ("Dano" in report.text, issues, site.paths().count("/one")) == (True, [], 1)


def test_own_text_stands_in_for_a_page_that_is_gone(site: Site) -> None:
    feed = site.put("/feed", rss(item("{site}/gone", LONG), item("{site}/lost", "Gunmen killed three.")))
    [report], issues = told(reports([feed], HERE))
    assert report.text.startswith("Gunmen killed three farmers")
    assert [(issue.level, (issue.where or "")[-5:]) for issue in issues] == [("warning", "/gone"), ("error", "/lost")]
    assert "404" in issues[1].message


def test_files_of_every_kind(site: Site, tmp_path: Path) -> None:
    """OPML, sitemap index (packed) and feed lead to the same report, from a file or an address."""
    link = article(site, "/one")
    feed = site.put("/feed", rss(item(link)))
    urls = f"<urlset><url><loc>{link}</loc></url></urlset>"
    child = site.put("/map.xml.gz", gzip.compress(urls.encode()), Content_Type="application/gzip")
    index = site.put("/index", f"<sitemapindex><sitemap><loc>{child}</loc></sitemap></sitemapindex>")
    (tmp_path / "list.opml").write_text(f"<opml><body><outline xmlUrl='{feed}'/></body></opml>")
    (tmp_path / "feed.xml").write_text(rss(item(link)))
    for name in (str(tmp_path / "list.opml"), str(tmp_path / "feed.xml"), feed, child, index):
        found, issues = told(reports([name], HERE))
        assert [report.url for report in found] == [link], name
        assert [issue.level for issue in issues if issue.level == "error"] == []


def test_feed_cut_by_the_network_is_read_as_far_as_it_came(site: Site) -> None:
    link = article(site, "/one")
    body = rss(item(link), item("{site}/two")).partition("/two")[0]
    [report], [issue] = told(reports([site.put("/feed", body, Content_Length="9999")], HERE))
    assert (report.url, "broke off" in issue.message) == (link, True)
    whole = site.pages["/one"]
    site.pages["/one"] = (200, {**whole[1], "Content-Length": "9999"}, whole[2])
    found, [issue] = told(reports([link], HERE))
    assert (found, issue.level) == ([], "error")  # half a report is none


def test_private_addresses_in_a_feed_are_refused(site: Site, tmp_path: Path) -> None:
    """Neither the links of a feed nor the feeds of a list lead into a private network."""
    (tmp_path / "feed.xml").write_text(rss(item(article(site, "/one"))))
    (tmp_path / "list.opml").write_text(f"<opml><body><outline xmlUrl='{site.url}/feed'/></body></opml>")
    for name in ("feed.xml", "list.opml"):
        found, [issue] = told(reports([str(tmp_path / name)], Options()))
        assert (found, "private address" in issue.message, site.asked) == ([], True, [])


def test_feed_that_redirects_into_a_private_network_is_refused() -> None:
    """The robots.txt of the private host is not asked for either."""
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(302, headers={"Location": "http://10.0.0.1/feed"})

    guest = Guest(Options(pause_s=0.0), resolve=lambda host, port: ["93.184.216.34" if "news" in host else host],
                  transport=httpx.MockTransport(handler))  # fmt: skip
    with pytest.raises(SourceError, match="private address"):
        guest.fetch("http://news.example/feed")
    assert all("10.0.0.1" not in url for url in seen)


def test_link_that_was_read_before_is_not_fetched(site: Site) -> None:
    link = article(site, "/one")
    feed = site.put("/feed", rss(item(link)))
    options = replace(HERE, known=lambda url: url == link)
    assert (list(reports([feed], options)), "/one" in site.paths()) == ([], False)


# -- politeness ------------------------------------------------------------------------------------------------------


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def visitor(pause: float = 1.0) -> tuple[Guest, Clock]:
    clock = Clock()
    options = Options(allow_private=True, timeout_s=2.0, pause_s=pause)
    return Guest(options, sleep=clock.sleep, clock=lambda: clock.now), clock


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ("User-agent: *\nDisallow: /private", False),
        ("User-agent: tocsin\nDisallow: /", False),
        ("User-agent: other\nDisallow: /", True),
        ("User-agent: *\nDisallow: /\nAllow: /private/a", True),
    ],
)
def test_robots_are_obeyed(site: Site, rules: str, allowed: bool) -> None:
    site.put("/robots.txt", rules)
    link, (guest, _) = site.put("/private/a", "text"), visitor()
    if allowed:
        assert guest.fetch(link).body == b"text"
    else:
        with pytest.raises(SourceError, match=r"robots\.txt"):
            guest.fetch(link)
    assert ("/private/a" in site.paths()) is allowed
    assert all("tocsin" in headers["User-Agent"] for _, headers in site.asked)


def test_robots_hold_for_redirects_too(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /private")
    guest, _ = visitor()
    with pytest.raises(SourceError, match=r"robots\.txt"):
        guest.fetch(site.put("/open", "", 302, Location="/private/a"))


def test_robots_that_cannot_be_had(site: Site) -> None:
    """A server in trouble is left alone: nobody knows what it allows."""
    site.put("/robots.txt", "", 503)
    guest, _ = visitor()
    with pytest.raises(Away, match=r"robots\.txt"):
        guest.fetch(site.put("/a", "text"))
    assert site.paths() == ["/robots.txt"]


@pytest.mark.parametrize(("delay", "pause"), [("", 1.0), ("Crawl-delay: 7", 7.0), ("Crawl-delay: 9999", MAX_PAUSE_S)])
def test_a_host_is_asked_with_pauses(site: Site, delay: str, pause: float) -> None:
    site.put("/robots.txt", f"User-agent: *\n{delay}\nDisallow: /x")
    link, (guest, clock) = site.put("/a", "text"), visitor()
    for _ in range(3):
        guest.fetch(link)
    assert (clock.slept, site.paths().count("/robots.txt")) == ([pause, pause], 1)


@pytest.mark.parametrize(("status", "again"), [(429, "120"), (503, "120"), (429, "")])
def test_a_host_that_asks_for_time_gets_it(site: Site, status: int, again: str) -> None:
    link = site.put("/a", "", status, **({"Retry_After": again} if again else {}))
    guest, clock = visitor()
    for _ in range(2):
        with pytest.raises(Away):
            guest.fetch(link)
    assert site.paths().count("/a") == 1
    clock.now += 301
    site.put("/a", "text")
    assert guest.fetch(link).body == b"text"


# -- following -------------------------------------------------------------------------------------------------------


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    with create_store(address) as store:
        yield store


def state(store: Store) -> dict[str, dict[str, object]]:
    return {str(row["url"]): row for row in store.table(schema.feed)}


def looked(store: Store, now: datetime = NOW) -> follow.Watched:
    """One round by a guest who knows nothing yet."""
    return follow.watch(store, Guest(HERE), EVERY, now)


def test_new_reports_come_once(site: Site, store: Store) -> None:
    """Unchanged: 304. Changed: only the new link is fetched."""
    feed = site.put("/feed", rss(item(article(site, "/one"))), ETag='"1"')
    assert follow.subscribe(store, [feed, feed], NOW) == 1
    assert looked(store).tally.reports == 1
    assert looked(store, NOW + EVERY / 2).states == {}  # not due
    assert looked(store, NOW + EVERY).tally.reports == 0
    assert site.asked[-1][1]["If-None-Match"] == '"1"'
    site.put("/feed", rss(item(article(site, "/two", "nine")), item("{site}/one")), ETag='"2"')
    assert looked(store, NOW + EVERY * 2).tally.reports == 1
    assert (site.paths().count("/one"), site.paths().count("/two")) == (1, 1)
    assert store.counts()["report"] == 2


def test_link_without_a_report_is_asked_once_and_a_busy_one_again(site: Site, store: Store) -> None:
    site.put("/busy", "", 500)
    feed = site.put("/feed", rss(item("{site}/gone"), item("{site}/busy")), ETag='"1"')
    follow.subscribe(store, [feed], NOW)
    assert looked(store).tally.failed == 2
    article(site, "/busy")
    assert looked(store, NOW + EVERY).tally.reports == 1  # although the feed itself has not changed
    assert (site.paths().count("/gone"), site.paths().count("/busy")) == (1, 2)


def test_failing_feed_is_asked_ever_less_often(site: Site, store: Store) -> None:
    feed = site.put("/feed", "", 404)
    follow.subscribe(store, [feed], NOW)
    now, pauses = NOW, []
    for _ in range(9):
        assert looked(store, now).failed
        after = datetime.fromisoformat(str(state(store)[feed]["next"]))
        pauses.append((after - now) / EVERY)
        now = after
    assert pauses == [2, 4, 8, 16, 32, 64, 96, 96, 96]  # a day
    assert "404" in str(state(store)[feed]["problem"])
    site.put("/feed", rss(item(article(site, "/one"))))
    assert looked(store, now).tally.reports == 1
    assert (state(store)[feed]["failures"], state(store)[feed]["problem"]) == (0, None)


def test_retry_after_sets_the_next_time(site: Site, store: Store) -> None:
    feed = site.put("/feed", "", 429, Retry_After="7200")
    follow.subscribe(store, [feed], NOW)
    looked(store)
    assert state(store)[feed]["next"] == "2024-03-12T14:00:00+00:00"


def test_opml_address_brings_its_feeds(site: Site, store: Store) -> None:
    feed = site.put("/feed", rss(item(article(site, "/one"))))
    opml = site.put("/list", f"<opml><body><outline><outline xmlUrl='{feed}'/></outline></body></opml>")
    follow.subscribe(store, [opml], NOW)
    assert looked(store).tally.reports == 1
    assert {url: row["kind"] for url, row in state(store).items()} == {opml: "opml", feed: "feed"}


def test_one_bad_feed_does_not_stop_the_others(site: Site, store: Store) -> None:
    good = site.put("/good", rss(item(article(site, "/one"))))
    bad = [site.put(f"/bad{n}", body) for n, body in enumerate((b"", b"\x00\xff", b"<html>", b"<rss", b"<opml>"))]
    follow.subscribe(store, [*bad, good], NOW)
    done = looked(store)
    assert (done.tally.reports, state(store)[good]["failures"]) == (1, 0)


def test_interrupted_round_is_done_again(site: Site, store: Store) -> None:
    """What was added is kept and not fetched again; the rest still comes."""
    feed = site.put("/feed", rss(item(article(site, "/one")), item(article(site, "/two", "nine"))), ETag='"1"')
    follow.subscribe(store, [feed], NOW)

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow.watch(store, Guest(HERE), EVERY, NOW, step=interrupt)
    assert (store.counts()["report"], state(store)[feed]["etag"]) == (1, None)
    assert looked(store).tally.reports == 1
    assert (site.paths().count("/one"), store.counts()["report"]) == (1, 2)


def test_a_stopped_feed_is_left_alone(site: Site, store: Store) -> None:
    """Not even a list of feeds brings it back; naming it does. Its reports stay."""
    feed = site.put("/feed", rss(item(article(site, "/one"))))
    opml = site.put("/list", f"<opml><body><outline xmlUrl='{feed}'/></body></opml>")
    follow.subscribe(store, [opml], NOW)
    looked(store)
    assert follow.stop(store, [feed], "ann") == 1
    article(site, "/two", "nine")
    site.put("/feed", rss(item("{site}/two")))
    assert looked(store, NOW + EVERY).tally.reports == 0
    assert (set(state(store)), store.counts()["report"]) == ({opml}, 1)
    with pytest.raises(UsageError, match="is not followed"):
        follow.stop(store, [feed], "ann")
    follow.subscribe(store, [feed], NOW)
    assert looked(store, NOW + EVERY).tally.reports == 1


def test_a_feed_stopped_during_a_round_stays_stopped(site: Site, store: Store) -> None:
    feed = site.put("/feed", rss(item(article(site, "/one"))))
    follow.subscribe(store, [feed], NOW)
    follow.watch(store, Guest(HERE), EVERY, NOW, step=lambda: follow.stop(store, [feed], "ann") and None)
    assert (state(store), store.counts()["report"]) == ({}, 1)


def test_a_server_that_dies_mid_answer_costs_no_report(store: Store) -> None:
    """The feed says how long it is, and the socket is closed half-way: what came whole is read, the rest next time."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        text = LONG + LONG.replace("three", "nine")
        whole = rss(*(item(f"{url}/{n}", text.replace("Dano", f"Dano {n}")) for n in range(9))).encode()
        thread = Thread(target=_die_at, args=(door, whole, len(whole) // 2), daemon=True)
        thread.start()
        follow.subscribe(store, [f"{url}/feed"], NOW)
        done = looked(store)
        door.shutdown(socket.SHUT_RDWR)
        thread.join()
    row = state(store)[f"{url}/feed"]
    assert row["etag"] is None  # so that it is read whole the next time
    assert store.counts()["report"] == done.tally.reports == 4


def _die_at(door: socket.socket, body: bytes, where: int) -> None:
    """Answer each request with the beginning of the body, and hang up; pages of robots.txt are not there."""
    head = f'HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: "1"\r\nContent-Length: {len(body)}\r\n\r\n'
    with contextlib.suppress(OSError):
        while True:
            line, _ = door.accept()
            with line:
                asked = line.recv(65536)
                if b"GET /feed" in asked:
                    line.sendall(head.encode() + body[:where])
                elif b"robots.txt" in asked:
                    line.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def test_odd_feed_names(store: Store, tmp_path: Path) -> None:
    (tmp_path / "empty.opml").write_text("<opml><body/></opml>")
    for name in (tmp_path / "none.opml", tmp_path / "empty.opml"):
        with pytest.raises(UsageError, match="OPML"):
            follow.subscribe(store, [str(name)], NOW)


def test_command(site: Site, run: Run) -> None:
    feed = site.put("/feed", rss(item(article(site, "/one"))))
    run("init", "a.db")
    done = run("watch", "a.db", feed, "--once", "--allow-private", "--pause", "0")
    assert (done.code, "1 reports added" in done.err) == (0, True), done.err
    health = run("watch", "a.db", "--health")
    assert (health.out.startswith(feed), "\twell\n" in health.out) == (True, True)
    assert run("watch", "a.db", "--every", "soon").code == 2
    stopped = run("watch", "a.db", "--stop", feed)
    assert (stopped.code, "1 feeds are followed no longer" in stopped.err) == (0, True)
    assert run("watch", "a.db", "--health").out == ""
    assert run("watch", "a.db", "--stop", feed).code == 2
    gone = run("watch", "a.db", feed + "/gone", "--once", "--allow-private", "--pause", "0")
    assert (gone.code, "404" in gone.err) == (1, True)
