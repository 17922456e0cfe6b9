"""Every route as each role: who is let in where, and that no answer tells what the project's embargo withholds.

A route that ROUTES does not name fails the test: say there who may, and what to ask it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import asinh, pi, radians, tan
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import httpx
import mapbox_vector_tile as mvt  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from fastapi.routing import APIRoute

from served import REPORTS, Served, filled, serving
from tocsin.exchange.public import load_public
from tocsin.serve import Settings
from tocsin.serve.access import people
from tocsin.serve.access.people import ROLES, Person, put_person
from tocsin.serve.access.rights import COOKIE
from tocsin.serve.routes import ROUTERS
from tocsin.store import Store, report_id

PEOPLE = {"rita": "reader", "carl": "coder", "edna": "editor", "adam": "admin"}
HELD = ("reader", "coder")  # for whom the embargo holds
LAST = date(2023, 6, 14)  # the last day that they see
RULES = """embargo_days = {days}
coarsen_to = "admin1"
redact = ["notes", "source"]
roles = ["reader", "coder"]
[[rule]]
event_type = "Protests"
drop = true
"""


@dataclass(frozen=True, slots=True)
class Route:
    """`role`: the least that is let in; None: anybody. `ok`: the answer to who is; `held`: to whom the embargo holds.

    `asks`: more to ask than the plain address; {seen} and {unseen} are events, {report}, {source}, {actor} hidden ones.
    """

    role: str | None = "reader"
    ok: int = 200
    held: int | None = None
    asks: tuple[str, ...] = ()


EVENTS = ("?limit=0", "?event_id_cnty={unseen}", "?notes=villagers", "?actor1=Protesters", "?location=Barsalogho",
          "?source=Radio", "?_format=csv", "?fields=notes|source|latitude", "?export_type=monadic")  # fmt: skip
EXPORTS = tuple(f"/export/{form}" for form in ("acled-json", "geojson", "geojsonl", "parquet", "ucdp-csv", "hapi-csv",
                                               "annotations", "datapackage", "acled-csv?source=Radio"))  # fmt: skip
TILES = (
    "/tiles/5/16/14.mvt",
    "/tiles/6/32/29.mvt",
    "/tiles/0/0/0.mvt?actor=Protesters",
    "/tiles/0/0/0.mvt?source=radio",
)
ACLED = r"(/api)?/(acled|deleted|cast|actor|actortype|country|region)/read(/|\.json|\.csv)?"

ROUTES: dict[str, Route] = {  # method and path (a pattern) -> who may
    "GET /login": Route(None),
    "POST /login": Route(None, 422),
    "POST /logout": Route(ok=303),
    "POST /oauth/token": Route(None, 400),
    "POST /user/login": Route(None, 400),
    "POST /user/logout": Route(None, 403),
    "GET /map/land/{z}/{x}/{y}.mvt": Route(None),
    "GET /map/towns.json": Route(None),
    # -- what everybody who logged in may see
    "GET /": Route(asks=("/?actor=Protesters", "/?text=Barsalogho")),
    "GET /explore/event/{event_id}": Route(asks=("/explore/event/{unseen}",)),
    "GET /explore/actors": Route(ok=422, asks=("/explore/actors?part=e", "/explore/actors?part=Police")),
    "GET /explore/data": Route(asks=("/explore/data?source=radio", "/explore/data?text=villagers",
                                     "/explore/data?bbox=-1.2,13.3,-1.0,13.5", "/explore/data?actor=Protesters")),
    "GET /event/{event_id}": Route(asks=("/event/{unseen}",)),
    "GET /export/{form}": Route(asks=EXPORTS),
    "GET /analyse": Route(asks=("?question=trend&by=location", "?question=actors", "?question=hotspots")),
    "GET /analyse/answer.{form}": Route(ok=400, asks=("/analyse/answer.json?question=trend&by=source",
        "/analyse/answer.json?question=trend&by=location", "/analyse/answer.csv?question=actors")),
    "GET /analyse/figure.{form}": Route(ok=400, asks=("/analyse/figure.svg?question=actors",)),
    "GET /check": Route(),
    "POST /check": Route(ok=422),
    "GET /tiles/{z}/{x}/{y}.mvt": Route(asks=TILES),
    rf"GET {ACLED}": Route(asks=EVENTS),
    r"GET /ogc/?": Route(),
    r"GET /ogc/(conformance|api|collections)": Route(),
    "GET /ogc/collections/{collection}": Route(),
    "GET /ogc/collections/{collection}/(queryables|schema)": Route(),
    "GET /ogc/collections/{collection}/items": Route(asks=("/ogc/collections/events/items?limit=1000",
        "/ogc/collections/events/items?filter=source%20LIKE%20%27%25Radio%25%27")),
    "GET /ogc/collections/{collection}/items/{item}": Route(asks=("/ogc/collections/events/items/{unseen}",)),
    "GET /actors": Route(asks=("/actors?q=police", "/actors?name=Protesters")),
    "GET /actors/{name:path}": Route(ok=404, asks=("/actors/{actor}",)),
    "GET /sources": Route(),
    "GET /sources/{key}": Route(ok=404, asks=("/sources/{source}",)),
    "GET /paste": Route(),
    "GET /paste/ready": Route(),
    "POST /paste": Route(ok=422),
    "GET /paste/report/{key}": Route(ok=404, asks=("/paste/report/{report}",)),
    "GET /places": Route(asks=("/places?q=bar",)),
    "GET /places/{location:path}": Route(ok=404, asks=("/places/{place}", "/places/Barsalogho")),
    "GET /api/v1/events": Route(asks=("/api/v1/events?limit=1000", "/api/v1/events?source=radio")),
    "GET /api/v1/events.{form}": Route(asks=("/api/v1/events.geojson", "/api/v1/events.parquet")),
    "GET /api/v1/events/{event_id}": Route(asks=("/api/v1/events/{unseen}",)),
    "GET /api/v1/events/{event_id}/evidence": Route(held=403, asks=("/api/v1/events/{unseen}/evidence",)),
    "GET /api/v1/events/{event_id}/history": Route(held=403, asks=("/api/v1/events/{unseen}/history",)),
    "GET /api/v1/events/{event_id}/provenance": Route(held=403, asks=("/api/v1/events/{unseen}/provenance",)),
    "GET /api/v1/(reports|claims|decisions)": Route(held=403, asks=("?limit=100",)),
    "GET /api/v1/reports/{report_id}": Route(ok=404, held=403, asks=("/api/v1/reports/{report}",)),
    "GET /api/v1/claims/{key:path}": Route(ok=404, held=403, asks=("/api/v1/claims/{report}:0:rules",)),
    "GET /api/v1/changes": Route(asks=("?since=0", "?since=1&limit=1000")),
    "GET /api/v1/changes/stream": Route(asks=("?since=0",)),
    "GET /account": Route(),
    r"POST /account/(password|tokens|tokens/end)": Route(ok=422),
    # -- who decides
    r"POST /api/v1/decisions(/undo)?": Route("coder", 422, held=403),
    "POST /paste/add": Route("coder", 422, held=403),
    r"GET /actors/unknown": Route("coder", held=403),
    r"GET /actors/groups": Route("coder", 422, asks=("/actors/groups?part=e",)),
    r"GET /places/unknown": Route("coder", held=403),
    r"POST /places/(add|ignore|undo)": Route("editor", 422),
    r"POST /actors/(group|alias|ignore|undo)": Route("editor", 422),
    "POST /sources/{key}": Route("editor", 404),
    r"GET /desk(/queue)?": Route("coder", held=403),
    r"GET /desk/(subject|near|places|actors|blind)": Route("coder", 422, held=403),
    "GET /desk/batches": Route("editor"),
    "GET /desk/agreement": Route("editor", 422),
    r"POST /desk/(verdicts|answers)": Route("coder", 422, held=403),
    r"POST /desk/(tasks|batches)": Route("editor", 422),
    # -- who lets others in
    "GET /admin": Route("admin"),
    "POST /admin/people/{do}": Route("admin", 422),
    r"GET /admin/(feeds|audit|jobs|jobs/state|backups)": Route("admin"),
    "POST /admin/feeds/add": Route("admin", 422),
    "POST /admin/feeds/stop": Route("admin", 422),
    "POST /admin/jobs/add": Route("admin", 422),
    "POST /admin/jobs/start/{kind}": Route("admin", 404),
    "POST /admin/jobs/stop/{number}": Route("admin", 404),
    "POST /admin/backups/copy": Route("admin"),
}  # fmt: skip
PLAIN = {"event_id": "{seen}", "z": "0", "x": "0", "y": "0", "collection": "events",
         "item": "{seen}", "report_id": "nobody", "location": "Nowhere", "name": "Nobody",
    "key": "nobody", "number": "99", "kind": "x", "do": "add"}  # fmt: skip


def all_routes() -> list[tuple[str, str]]:
    """Method and path of every route."""
    return sorted({(method, route.path) for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)
                   for method in route.methods - {"HEAD"}})  # fmt: skip


def each_once() -> list[str]:
    """One path of every function that answers questions."""
    found = {route.endpoint: route.path for router in ROUTERS for route in reversed(router.routes)
             if isinstance(route, APIRoute) and "GET" in route.methods}  # fmt: skip
    return sorted(set(found.values()) - {"/map/towns.json", "/map/land/{z}/{x}/{y}.mvt"})  # the world's own names


def named(method: str, path: str) -> Route:
    """What ROUTES says of a route; parameters stand in its patterns as in the path."""
    for pattern, route in ROUTES.items():
        plain = re.sub(r"\{[^}]*\}", lambda found: re.escape(found[0]), pattern.replace(":path", ""))
        if re.fullmatch(plain, f"{method} {path.replace(':path', '')}"):
            return route
    pytest.fail(f"{method} {path} is new: say in ROUTES of {Path(__file__).name} who may ask it, and what it answers")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with an embargo, for people who log in."""
    folder = tmp_path_factory.mktemp("walk")
    rules = folder / "tocsin.toml"
    rules.write_text(RULES.format(days=(datetime.now(UTC).date() - LAST).days))
    with filled(str(folder / "walk.db")) as store:
        for name, role in PEOPLE.items():
            put_person(store, name, role, "a long password")
        with serving(store, Settings(login=True, public=rules)) as running:
            yield running


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, in a session of their own."""

    http: httpx.Client
    csrf: str


Askers = dict[str | None, Asker]


@pytest.fixture(scope="module")
def askers(guarded: Served) -> Iterator[Askers]:
    found: Askers = {None: Asker(httpx.Client(base_url=guarded.address), "")}
    for name, role in PEOPLE.items():
        secret, csrf = people.log_in(guarded.store, Person(name, role))
        found[role] = Asker(httpx.Client(base_url=guarded.address, cookies={COOKIE: secret}, timeout=30), csrf)
    yield found
    for each in found.values():
        each.http.close()


def events(store: Store) -> dict[str, dict[str, Any]]:
    return {row["event_id_cnty"]: row for row in store.events()}


def filler(store: Store) -> dict[str, str]:
    """What the words in braces stand for."""
    rows = events(store)
    seen = next(name for name, row in rows.items() if row["location"] == "Barsalogho")
    unseen = next(name for name, row in rows.items() if row["country"] == "Nigeria")
    return {"seen": seen, "unseen": unseen, "report": report_id(REPORTS[0][3]), "source": quote("Radio Plateau"),
            "actor": quote(rows[unseen]["actor2"] or rows[unseen]["actor1"]),
            "place": quote(rows[unseen]["location"])}  # fmt: skip


def ask(asker: Asker, method: str, where: str, **more: Any) -> httpx.Response:
    """The answer; of one that does not end what comes at once."""
    if not where.partition("?")[0].endswith("/stream"):
        return asker.http.request(method, where, **more)
    told = b""
    with asker.http.stream(method, where, timeout=0.4, **more) as answer:
        try:
            for chunk in answer.iter_bytes():
                told += chunk
        except httpx.ReadTimeout:
            pass
    return httpx.Response(answer.status_code, headers=answer.headers, content=told)


def address(path: str, words: dict[str, str]) -> str:
    own = {"form": "csv" if path.startswith("/api") else "acled-csv"}
    plain = re.sub(r"\{(\w+)(:path)?\}", lambda found: (PLAIN | own).get(found[1], found[0]), path)
    return plain.format_map(words)


# -- who is let in


@pytest.mark.parametrize(("method", "path"), all_routes(), ids=lambda each: str(each))
def test_who_is_let_in(guarded: Served, askers: Askers, method: str, path: str) -> None:
    route, words = named(method, path), filler(guarded.store)
    for role, asker in askers.items():
        if path == "/logout" and role:
            continue  # it ends the session: see test_serve_security.py
        answer = ask(asker, method, address(path, words), headers={"x-csrf-token": asker.csrf})
        assert answer.status_code == expected(route, role), (role, answer.text[:300])


def expected(route: Route, role: str | None) -> int:
    if route.role is None:
        return route.ok
    if role is None:
        return 401
    if ROLES.index(role) < ROLES.index(route.role):
        return 403
    return route.held if route.held and role in HELD else route.ok


@pytest.mark.parametrize("path", [path for method, path in all_routes() if method == "POST"])
def test_nothing_is_changed_without_the_token_of_the_page(guarded: Served, askers: Askers, path: str) -> None:
    route = named("POST", path)
    if route.role is None:
        return
    for headers in (
        {},
        {"x-csrf-token": "x"},
        {"x-csrf-token": askers["editor"].csrf},
        {"origin": "https://evil.example"},
    ):
        answer = askers["admin"].http.post(address(path, filler(guarded.store)), headers=headers)
        assert answer.status_code == 403, headers


def test_the_documentation_names_no_other_route(guarded: Served) -> None:
    told = httpx.get(f"{guarded.address}/api/openapi.json").json()["paths"]
    for path, methods in told.items():
        for method in methods:
            named(method.upper(), path)


def test_the_menu_shows_what_one_may_open(askers: Askers) -> None:
    page = {"accept": "text/html"}
    for role, asker in askers.items():
        if role is None:
            assert 'href="/admin"' not in asker.http.get("/login", headers=page).text
            continue
        text = asker.http.get("/", headers=page).text
        menu = re.findall(r'href="([^"]+)"', text.partition('aria-label="Pages"')[2].partition("</nav>")[0])
        assert ("/admin" in menu) == (role == "admin")
        assert 'href="/account"' in text
        for path in menu:
            assert asker.http.get(path, headers=page).status_code == 200, (role, path)


# -- what is told


TELLING = (
    "event_id_cnty", "location", "admin2", "notes", "source", "actor1", "actor2", "assoc_actor_1", "assoc_actor_2",
)  # fmt: skip


@pytest.fixture(scope="module")
def secret(guarded: Served) -> set[str]:
    """Words that nobody under the embargo may be told: of events held back, and of those shown in part."""
    store, rules = guarded.store, Path(guarded.store.name).with_name("tocsin.toml")
    rows = list(store.events())
    shown = list(load_public(rules).apply(rows, datetime.now(UTC).date(), Counter()))
    known = " ".join(str(value) for row in shown for value in row.values())
    quotes = {each["quote"] for row in rows for each in row.get("evidence") or ()}
    words = {each for each in quotes if len(each) > 14}
    for row in rows:
        words |= {str(row.get(name) or "") for name in TELLING}
        words |= {f"{row[name]:.4f}".rstrip("0") for name in ("latitude", "longitude") if row[name] is not None}
    for title, _, source, text in REPORTS:
        words |= {source, report_id(text), *(part.strip() for part in re.split(r"[.,]", text) if len(part) > 25)}
        words |= {title} if len(title) > 5 else set()
    for row in rows:
        words |= set(store.members(row["event_id_cnty"]))
    assert shown
    return {each for each in words if len(each) > 3 and each not in known}


def readable(answer: httpx.Response) -> str:
    """All that an answer tells, whatever it is written in."""
    kind, body = answer.headers.get("content-type", ""), answer.content
    if "vector-tile" in kind:
        return str(mvt.decode(body)) if body else ""
    if "parquet" in kind:
        return str(pq.read_table(io.BytesIO(body)).to_pylist())
    if "zip" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return " ".join(unread(archive.read(name), name) for name in archive.namelist())
    return answer.text + str(dict(answer.headers))


def unread(data: bytes, name: str) -> str:
    return str(pq.read_table(io.BytesIO(data)).to_pylist()) if name.endswith("parquet") else data.decode()


@pytest.mark.parametrize("path", each_once())
def test_no_answer_tells_what_is_withheld(guarded: Served, askers: Askers, secret: set[str], path: str) -> None:
    route, words = named("GET", path), filler(guarded.store)
    asks = [each if each.startswith("/") else path + each for each in route.asks]
    for role in (None, *HELD):
        for each in [path, *asks]:
            where = address(each, words)
            for accept in ("text/html", "application/json"):
                answer = ask(askers[role], "GET", where, headers={"accept": accept})
                assert answer.status_code < 500
                told, echoed = readable(answer), unquote(where)  # what was asked may be repeated
                found = {word for word in secret if word in told and word not in echoed}
                assert not found, (role, where, answer.status_code)


def test_the_same_addresses_tell_it_to_whom_it_may_be_told(guarded: Served, askers: Askers, secret: set[str]) -> None:
    """Else the test above would find nothing wherever it looks."""
    for each in ("/explore/data", "/api/acled/read?limit=0", "/event/{unseen}", *EXPORTS[:4], "/export/datapackage",
                "/tiles/6/34/29.mvt", "/ogc/collections/events/items?limit=1000"):  # fmt: skip
        told = readable(askers["editor"].http.get(address(each, filler(guarded.store))))
        assert any(word in told for word in secret), each


def test_what_is_hidden_looks_like_what_is_not_there(guarded: Served, askers: Askers) -> None:
    words = filler(guarded.store)
    for path in ("/event/{}", "/explore/event/{}", "/ogc/collections/events/items/{}"):
        hidden, none = (askers["reader"].http.get(path.format(name)) for name in (words["unseen"], "ZZZ999"))
        assert hidden.status_code == none.status_code == 404
        assert hidden.text.replace(words["unseen"], "ZZZ999") == none.text


def test_a_coarse_place_is_not_drawn_where_it_is(guarded: Served, askers: Askers) -> None:
    index = guarded.store
    row = events(index)[filler(index)["seen"]]
    at = 2**14
    x = int((row["longitude"] + 180) / 360 * at)
    y = int((1 - asinh(tan(radians(row["latitude"]))) / pi) / 2 * at)
    tiles = {role: askers[role].http.get(f"/tiles/14/{x}/{y}.mvt").content for role in ("reader", "coder", "admin")}
    assert not tiles["reader"]
    assert not tiles["coder"]
    assert tiles["admin"]


def test_who_sees_part_cannot_learn_the_rest_by_deciding(guarded: Served, askers: Askers, secret: set[str]) -> None:
    words, coder = filler(guarded.store), askers["coder"]
    for body in ({"verdict": "accept", "one": words["unseen"], "seen": {words["unseen"]: 0}},
                 {"verdict": "same", "one": words["seen"], "other": words["unseen"]}):  # fmt: skip
        answer = coder.http.post("/api/v1/decisions", json=body, headers={"x-csrf-token": coder.csrf})
        assert answer.status_code in (403, 404), answer.text
        assert not [each for each in secret if each in answer.text and each != words["unseen"]]
    assert guarded.store.decisions() == []
