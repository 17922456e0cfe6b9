"""ACLED's API: its own clients run against it, and every filter gives what it says."""

from __future__ import annotations

import csv
import io
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from starlette.datastructures import QueryParams

from served import PASSWORD, Served, serving
from tocsin.codebook import COLUMNS, disorder_type, inter_number, interaction, interaction_number, taxonomy
from tocsin.countries import countries, country
from tocsin.exchange.public import load_public
from tocsin.project import decide, undo
from tocsin.serve import Settings
from tocsin.serve.access import people
from tocsin.serve.access.limits import Limit
from tocsin.serve.access.login import TRIES
from tocsin.serve.access.people import put_person
from tocsin.serve.acled.find import found, rows
from tocsin.serve.acled.query import read
from tocsin.serve.events.view import View
from tocsin.store import Store, create_store, open_store, schema

Row = dict[str, Any]
Fits = Callable[[Row], bool]
KINDS = ("State forces", "Rebel group", "Political militia", "Protesters", "Civilians", "External/Other forces")
ACTORS = ("JNIM: Group for Support of Islam and Muslims", "Protesters (Mali)", "Forces d'État 100%", "a_b", "CÔTE (x)")
PLACES = ("Lomé", "Éfoulan", "a|b", "Kati - Nord", "=1+1")
SECOND = 1_704_153_600  # 2 January 2024; changes are made at noon
NOTES = ('He said "go", and 5% _left_', "Ünïcode\nlines", "back\\slash", "État", "")


def invented(number: int, chance: random.Random) -> Row:
    """A row with some of everything: odd letters, empty cells, equal days."""
    home = country(chance.choice(("MLI", "NER", "GEO", "ARM", "BRA")))
    assert home
    kinds = chance.choice(KINDS), chance.choice((*KINDS, ""))
    sub = chance.choice(list(taxonomy().sub_event_types))
    day = date(2021, 12, 20) + timedelta(days=chance.randrange(30))
    return {
        "event_date": day.isoformat(), "year": day.year, "time_precision": chance.choice((1, 2, 3)),
        "disorder_type": disorder_type(sub), "event_type": taxonomy().sub_event_types[sub].event_type,
        "sub_event_type": sub, "actor1": chance.choice(ACTORS), "assoc_actor_1": chance.choice(("", "Women (Mali)")),
        "inter1": kinds[0], "actor2": chance.choice(ACTORS) if kinds[1] else "", "assoc_actor_2": None,
        "inter2": kinds[1], "interaction": interaction(*kinds),
        "civilian_targeting": chance.choice((None, "Civilians targeted")),
        "iso": home.iso, "region": home.region, "country": home.name, "admin1": chance.choice(("Kayes", "Gao", None)),
        "admin2": chance.choice((None, "Kita")), "admin3": None, "location": chance.choice(PLACES),
        "latitude": chance.choice((12.5, -3.0607, None)), "longitude": chance.choice((1.25, -3.0)),
        "geo_precision": chance.choice((1, 2)), "source": "Wire; Radio", "source_scale": "National",
        "notes": chance.choice(NOTES), "fatalities": chance.choice((0, 0, 1, 5, 12, None)), "tags": None,
        "timestamp": 1, "dataset": "d", "row_id": str(number),
    }  # fmt: skip


def fill(store: Store, count: int = 90) -> Store:
    """Invented events, added on three days."""
    chance = random.Random(5)
    for day, numbers in enumerate((range(count // 3), range(count // 3, count // 2), range(count // 2, count)), 1):
        with store.change("import", "t", "t") as change:
            change.import_rows([invented(n, chance) for n in numbers], made_by="m", why="w")
        with store.engine.execution_options(write=True).begin() as connection:
            at = datetime(2024, 1, day, 12, tzinfo=UTC).isoformat(timespec="microseconds")
            connection.execute(update(schema.change).where(schema.change.c.seq == change.seq).values(at=at))
    return store


@pytest.fixture(autouse=True)
def patient() -> None:
    """Tests log in more often than people."""
    TRIES.clear()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invented events; nobody writes there."""
    path = tmp_path_factory.mktemp("acled") / "many.db"
    fill(create_store(str(path))).close()
    return path


@pytest.fixture(scope="module")
def many(database: Path) -> Iterator[Served]:
    """They are served without login."""
    with open_store(str(database)) as store, serving(store) as running:
        yield running


@pytest.fixture
def guarded(database: Path, tmp_path: Path) -> Iterator[Served]:
    """The same for people who log in; readers see old events without notes, in the middle of their province."""
    rules = tmp_path / "tocsin.toml"
    days = (datetime.now(UTC).date() - date(2022, 1, 10)).days
    rules.write_text(f'embargo_days = {days}\ncoarsen_to = "admin1"\nredact = ["notes", "actor2", "fatalities"]\n')
    with open_store(str(shutil.copy(database, tmp_path / "guarded.db"))) as store:
        for name, role in (("rita", "reader"), ("adam", "admin")):
            put_person(store, name, role, PASSWORD)
        with serving(store, Settings(login=True, public=rules)) as running:
            yield running


def asked(served: Served, query: str = "", path: str = "/api/acled/read", **headers: str) -> Row:
    answer = httpx.get(f"{served.address}{path}?{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert told["success"] is True
    assert told["count"] == len(told["data"])
    return told


def bearer(served: Served, name: str) -> dict[str, str]:
    form = {"grant_type": "password", "client_id": "acled", "username": name, "password": PASSWORD}
    answer = httpx.post(f"{served.address}/oauth/token", data=form)
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


# -- the client that people have


@pytest.fixture
def acled(monkeypatch: pytest.MonkeyPatch) -> Callable[[Served], Any]:
    """The Python client of ACLED's users, as it is in the package index, pointed at a server."""
    package = pytest.importorskip("acled")
    auth = pytest.importorskip("acled.auth")
    base = pytest.importorskip("acled.clients.base_http_client").BaseHttpClient

    def point(served: Served) -> Any:
        monkeypatch.setattr(base, "BASE_URL", f"{served.address}/api")
        monkeypatch.setattr(auth.OAuthTokenAuth, "TOKEN_ENDPOINT", f"{served.address}/oauth/token")
        monkeypatch.setattr(auth.CookieAuth, "LOGIN_ENDPOINT", f"{served.address}/user/login?_format=json")
        return package.AcledClient

    return point


@pytest.mark.filterwarnings("ignore:Legacy key:DeprecationWarning")
@pytest.mark.parametrize("way", ["oauth", "cookie", "legacy", "auto"])
def test_the_python_client_logs_in_every_way(office: Served, acled: Any, way: str) -> None:
    key = people.make_token(office.store, "rita", "script", stay=timedelta(days=1)).text
    said = (
        {"api_key": key, "email": "rita@example.org"} if way == "legacy" else {"username": "rita", "password": PASSWORD}
    )
    with acled(office)(auth_method=None if way == "auto" else way, **said) as client:
        found = client.get_data(country="Togo", limit=2, query_params={"fatalities_where": ">="}, fatalities=0)
    assert [(row["country"], row["event_date"]) for row in found] == [("Togo", date(2023, 6, 10))]


def test_the_python_client_reads_every_list(many: Served, acled: Any) -> None:
    with acled(many)(username="anyone", password="anything") as client:
        dead = client.get_data(fatalities=1, query_params={"fatalities_where": ">"}, fields="event_id_cnty|fatalities")
        assert dead
        assert all(set(row) == {"event_id_cnty", "fatalities"} and row["fatalities"] > 1 for row in dead)
        assert len(client.get_data(year=2022, export_type="monadic", limit=5)) > 5
        assert client.get_data(region=13, event_date="2022-01-01|2022-01-05", limit=1000,
                               query_params={"event_date_where": "BETWEEN"})  # fmt: skip
        assert client.get_actor_data(actor_name="jnim")[0]["actor_name"].startswith("JNIM")
        assert {row["actor_type_id"] for row in client.get_actor_type_data()} == set(map(inter_number, KINDS))
        assert {row["iso3"] for row in client.get_country_data()} == {"MLI", "NER", "GEO", "ARM", "BRA"}
        assert {row["region"] for row in client.get_region_data(event_count=1)} == {1, 13, 15}
        assert client.get_cast_data(country="Brazil", year=2023) == []
        assert client.get_deleted_data(deleted_timestamp="2020-01-01") == []


def test_the_python_client_is_told_what_is_wrong(office: Served, acled: Any) -> None:
    errors = pytest.importorskip("acled.exceptions")
    client = acled(office)
    with pytest.raises(errors.ApiError, match="400"):
        client(auth_method="oauth", username="rita", password="not the password")
    with (
        client(auth_method="oauth", username="rita", password=PASSWORD) as logged_in,
        pytest.raises(errors.ClientError),
    ):
        logged_in.get_data(year=2022, query_params={"year_where": "ABOUT"})


def test_the_python_client_logs_in_again_when_its_token_is_over(office: Served, acled: Any) -> None:
    with acled(office)(auth_method="oauth", username="rita", password=PASSWORD) as client:
        with office.store.engine.execution_options(write=True).begin() as connection:
            connection.execute(update(schema.token).where(schema.token.c.kind == "access").values(until="2020"))
        assert client.get_data()


# -- what R's clients and scripts send


def test_the_requests_of_other_clients(many: Served) -> None:
    """The addresses that the documentation and R's acledR and acled.api send, with their odd ways of writing."""
    text = httpx.get(f"{many.address}/api/acled/read?_format=csv&country=Georgia&event_date=2021-01-01|2023-02-01"
                     "&event_date_where=BETWEEN&limit=3000").text  # fmt: skip
    assert {row["country"] for row in csv.DictReader(io.StringIO(text))} == {"Georgia"}
    two = asked(many, "_format=json&country=Georgia:OR:country=Armenia&year=2021"
                      "&fields=event_id_cnty|event_date|event_type|country|fatalities")["data"]  # fmt: skip
    assert {(row["country"], row["event_date"][:4]) for row in two} == {("Georgia", "2021"), ("Armenia", "2021")}
    assert list(two[0]) == ["event_id_cnty", "event_date", "event_type", "country", "fatalities"]
    encoded = asked(many, "country=Georgia%3AOR%3Acountry%3DArmenia&year=2021")["data"]
    assert [row["event_id_cnty"] for row in encoded] == [row["event_id_cnty"] for row in two]
    monadic = asked(many, "_format=json&export_type=monadic&country=Brazil|Mali&event_date=2021-01-01|2022-12-01"
                          "&event_date_where=BETWEEN&timestamp_where=%3E%3D&timestamp=1643056974"
                          "&event_type=BATTLES|PROTESTS&population=true&inter_num=0&limit=0")  # fmt: skip
    assert {row["event_type"] for row in monadic["data"]} == {"Battles", "Protests"}
    assert monadic["data"][0]["population_best"] == ""
    old = asked(many, "key=K&email=E&limit=0&event_date=2019-09-01|2022-01-31&event_date_where=BETWEEN"
                      "&fields=event_id_cnty|region&region=1|15", path="/acled/read/")["data"]  # fmt: skip
    assert {row["region"] for row in old} == {"Western Africa", "South America"}
    deadly = asked(many, "limit=10&fatalities=0&fatalities_where=%3E&region=1&event_type=Battles")["data"]
    assert all(row["fatalities"] > 0 and row["event_type"] == "Battles" for row in deadly)
    assert asked(many, "region=1:OR:region=13&interaction=17:OR:interaction=16", path="/acled/read")["data"]


def test_all_countries_by_name_in_one_address(many: Served) -> None:
    """acledR sends every name it knows, its blanks as %20 and its bars as they are."""
    names = "|".join(each.name.replace(" ", "%20") for each in countries())
    assert len(names) > 2000
    assert asked(many, f"country={names}&limit=0")["count"] == 90


def test_a_table_is_streamed_and_read_by_the_csv_module(many: Served) -> None:
    answer = httpx.get(f"{many.address}/acled/read.csv?limit=0")
    table = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    told = asked(many, "limit=0")["data"]
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "content-length" not in answer.headers
    assert tuple(table[0]) == COLUMNS
    assert [row["event_id_cnty"] for row in table] == [row["event_id_cnty"] for row in told]
    assert {row["notes"] for row in table} == set(NOTES)
    assert {row["location"] for row in table} == {*PLACES, "'=1+1"} - {"=1+1"}  # no formula for a spreadsheet


# -- filters

LIKE = ("event_type", "sub_event_type", "actor1", "actor2", "admin1", "location", "notes", "civilian_targeting",
        "event_id_cnty", "disorder_type")  # fmt: skip
EXACT = ("country", "inter1", "inter2", "interaction", "region")
NUMBERS = ("fatalities", "time_precision", "iso", "geo_precision", "year", "latitude", "longitude")
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda x, y: x == y, ">": lambda x, y: x > y, "<": lambda x, y: x < y, ">=": lambda x, y: x >= y,
    "<=": lambda x, y: x <= y,
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(many: Served) -> list[Row]:
    rows: list[Row] = asked(many, "limit=0")["data"]
    assert len(rows) == 90
    return rows


@st.composite
def filters(draw: st.DrawFn, rows: list[Row]) -> tuple[list[tuple[str, str]], Fits]:
    """Parameters, and the same said in plain Python. Values are taken from the rows and changed a little."""
    kind = draw(st.sampled_from(("like", "exact", "number", "day", "time")))
    name = draw(st.sampled_from({"like": LIKE, "exact": EXACT, "number": NUMBERS, "day": ("event_date",),
                                 "time": ("timestamp",)}[kind]))  # fmt: skip
    values = st.sampled_from([row[name] for row in rows if row[name] not in ("", None)])
    if kind in ("like", "exact"):
        given = draw(st.lists(values, min_size=1, max_size=3))
        if draw(st.booleans()):
            given = [value[draw(st.integers(0, 3)) : draw(st.integers(4, 9))].strip() for value in given]
        given = [value for value in given if value.strip(" |")] or ["zz"]
        like = kind == "like"
        if draw(st.booleans()):
            like = not like
        parts = [part.strip().lower() for value in given for part in value.split("|") if part.strip()]
        shown = [value.upper() if draw(st.booleans()) else value for value in given]
        query = [(name, "|".join(shown)), (f"{name}_where", "LIKE" if like else "=")]
        if like:
            return query, lambda row: any(part in row[name].lower() for part in parts)
        return query, lambda row: row[name].lower() in parts
    sign = draw(st.sampled_from((*COMPARED, "BETWEEN")))
    if sign == "BETWEEN":
        low, high = draw(values), draw(values)
        query = [(name, f"{low}|{high}"), (f"{name}_where", sign)]
        return query, lambda row: row[name] is not None and low <= row[name] <= high
    chosen = draw(st.lists(values, min_size=1, max_size=2))
    query = [(name, "|".join(map(str, chosen))), (f"{name}_where", sign)]
    return query, lambda row: row[name] is not None and any(COMPARED[sign](row[name], value) for value in chosen)


@pytest.fixture(scope="module")
def view(many: Served) -> View:
    return View.read(many.store)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_every_filter_gives_what_plain_python_gives(view: View, whole: list[Row], data: st.DataObject) -> None:
    query, fits = data.draw(several(whole))
    assert ids(view, query) == [row["event_id_cnty"] for row in whole if fits(row)], query


@st.composite
def several(draw: st.DrawFn, rows: list[Row]) -> tuple[str, Fits]:
    """Up to three filters, all of which must hold."""
    chosen = draw(st.lists(filters(rows), min_size=1, max_size=3, unique_by=lambda each: each[0][0][0]))
    pairs = [pair for each, _ in chosen for pair in each]
    return str(httpx.QueryParams([*pairs, ("limit", "0")])), lambda row: all(fits(row) for _, fits in chosen)


def ids(view: View, query: str) -> list[str]:
    return [row[0] for row in told(view, query, ("event_id_cnty",))]


def told(view: View, query: str, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    wanted = read(QueryParams(query), list(QueryParams(query)))
    return [row for part in rows(view, found(view, wanted), columns) for row in part]


def test_alternatives_over_several_columns(many: Served, whole: list[Row]) -> None:
    """`:OR:` may name another column; the rest of the parameters still holds."""
    query = "actor1=jnim:OR:actor2=JNIM:OR:fatalities=12&year=2021&notes_where=LIKE"
    wanted = [
        row["event_id_cnty"] for row in whole
        if row["year"] == 2021 and ("JNIM" in row["actor1"] or "JNIM" in row["actor2"] or row["fatalities"] == 12)
    ]  # fmt: skip
    assert wanted
    assert [row["event_id_cnty"] for row in asked(many, query)["data"]] == wanted


@pytest.mark.parametrize("query", ["", "geo_precision=1", "country=Mali|Niger&fatalities=0"])
def test_pages_follow_each_other_without_gap_or_repetition(many: Served, whole: list[Row], query: str) -> None:
    told: list[str] = []
    for page in range(1, 40):
        found = asked(many, f"{query}&limit=7&page={page}&fields=event_id_cnty")["data"]
        told += [row["event_id_cnty"] for row in found]
        if len(found) < 7:
            break
    assert told == [row["event_id_cnty"] for row in asked(many, f"{query}&limit=0")["data"]]
    assert asked(many, f"{query}&limit=0&page=2")["count"] == 0
    order = [(row["event_date"], row["event_id_cnty"]) for row in whole]
    assert order == sorted(order, reverse=True)


QUERIES = (  # and what fits, in plain Python
    ("notes=5%25 _LEFT", lambda row: row["notes"] == NOTES[0]),
    ("notes=\\", lambda row: row["notes"] == NOTES[2]),
    ("notes=ÉTAT", lambda row: row["notes"] == NOTES[3]),
    ("notes=état&notes_where==", lambda row: row["notes"] == NOTES[3]),
    ("admin2=KITA&fatalities=0|5", lambda row: row["admin2"] == "Kita" and row["fatalities"] in (0, 5)),
    ("latitude=-3.0607", lambda row: row["latitude"] == -3.0607),
    ("time_precision=2|3&time_precision_where=BETWEEN", lambda row: row["time_precision"] in (2, 3)),
    ("iso=46&iso_where=LIKE", lambda row: "46" in str(row["iso"])),
    ("event_date=2021-12&event_date_where=LIKE", lambda row: row["event_date"] < "2022"),
    ("timestamp=2024-01-02", lambda row: row["timestamp"] >= SECOND),
    ("timestamp=2024-01-02&timestamp_where=<", lambda row: row["timestamp"] < SECOND),
    (f"timestamp={SECOND}|{SECOND + 43200}&timestamp_where=BETWEEN", lambda row: row["timestamp"] == SECOND + 43200),
    (f"timestamp={SECOND + 43200}&timestamp_where=>", lambda row: row["timestamp"] > SECOND + 43200),
    (f"timestamp={SECOND + 43200}&timestamp_where==", lambda row: row["timestamp"] == SECOND + 43200),
    ("notes=go:OR:actor1=CÔTE&country=Mali",
     lambda row: row["country"] == "Mali" and ("go" in row["notes"] or "CÔTE" in row["actor1"])),
)  # fmt: skip


def test_filters_on_each_kind_of_database(address: str) -> None:
    """What the index does not know is asked of the database; both kinds give the same."""
    with fill(create_store(address)) as store:
        view = View.read(store)
        everything = [dict(zip(COLUMNS, row, strict=True)) for row in told(view, "limit=0", COLUMNS)]
        for query, fits in QUERIES:
            wanted = [row["event_id_cnty"] for row in everything if fits(row)]
            assert 0 < len(wanted) < 90
            assert ids(view, f"{query}&limit=0") == wanted, query
            assert ids(view, f"{query}&limit=4&page=2") == wanted[4:8], query


# -- what the rows and the envelope say


def test_kinds_of_actors_as_numbers(many: Served, whole: list[Row]) -> None:
    told = asked(many, "inter_num=1&limit=0")["data"]
    for row, number in zip(whole, told, strict=True):
        assert (number["inter1"], number["inter2"]) == (inter_number(row["inter1"]), inter_number(row["inter2"]))
        assert number["interaction"] == interaction_number(row["inter1"], row["inter2"])
    alone = asked(many, "inter2=0&limit=0&inter_num=1")["data"]
    assert alone
    assert {row["inter2"] for row in alone} == {0}


def test_each_main_actor_has_a_row(many: Served, whole: list[Row]) -> None:
    told = asked(many, "export_type=monadic&limit=0&fields=event_id_cnty|actor1|inter1|interaction")["data"]
    wanted = [(row["event_id_cnty"], row[f"actor{side}"], row[f"inter{side}"], row["interaction"])
              for row in whole for side in (1, 2) if row[f"actor{side}"]]  # fmt: skip
    assert [tuple(row.values()) for row in told] == wanted


def test_what_is_not_known_is_empty_text_or_null(whole: list[Row]) -> None:
    assert all(list(row) == list(COLUMNS) for row in whole)
    assert {type(row["fatalities"]) for row in whole} == {int, type(None)}
    assert {type(row["latitude"]) for row in whole} == {float, type(None)}
    assert {row["tags"] for row in whole} == {""}


def test_a_client_that_keeps_up_learns_what_is_new_and_what_is_gone(example: Path, tmp_path: Path, acled: Any) -> None:
    """`timestamp` is when the version came to be here: what was amended or joined is told to those who ask since."""
    with open_store(str(shutil.copy(example, tmp_path / "kept.db"))) as store, serving(store) as served:
        first = {row["event_id_cnty"]: row for row in asked(served)["data"]}
        with store.engine.execution_options(write=True).begin() as connection:  # that was long ago
            connection.execute(update(schema.change).values(at="2024-01-01T00:00:00.000000+00:00"))
        one, other = sorted(name for name, row in first.items() if row["country"] == "Burkina Faso")[:2]
        decide(store, "same", one, other, who="edna", why="the same raid")
        told = asked(served, "timestamp=2024-06-01")["data"]
        now = {row["event_id_cnty"] for row in asked(served)["data"]}
        changed = {name for name in now if name not in first or len(store.history(name)) > 1}
        assert one in changed
        assert {row["event_id_cnty"] for row in told} == changed
        assert asked(served, "timestamp=2024-06-01&timestamp_where=<")["count"] == len(now - changed)
        client = acled(served)(username="a", password="b")
        (gone,) = client.get_deleted_data(deleted_timestamp=date(2024, 6, 1))
        undo(store, store.decisions()[-1]["id"], who="edna")
        assert other not in {row["event_id_cnty"] for row in client.get_deleted_data()}
    assert (gone["event_id_cnty"], gone["merged_into"], gone["deleted_by_role"]) == (other, one, "person")
    assert gone["deleted_timestamp"] == told[0]["timestamp"]


@pytest.mark.parametrize(
    ("query", "said"),
    [("year=May", "year"), ("event_date=2022", "event_date"), ("fatalities=5&fatalities_where=~", "fatalities_where"),
     ("event_date=2022-01-01&event_date_where=BETWEEN", "BETWEEN"), ("limit=-1", "limit"), ("page=0", "page"),
     ("fields=event_date|secret", "secret"), ("latitude=nan", "latitude"), ("latitude=1e12", "latitude"),
     ("region=6", "region"),
     ("inter1=9", "inter1"),
     ("export_type=x", "export_type"), ("_format=xml", "_format"), ("fatalities=99999999999999999999", "fatalities"),
     ("actor1_where=>&actor1=a", "actor1_where"), ("region=Europe&region_where=>", "region"),
     ("timestamp=x", "timestamp"),
     ("fatalities=1:OR:year=x", "year"), ("notes=%00", "NUL"), ("iso=" + "|".join(map(str, range(2500))), "2000")],
)  # fmt: skip
def test_what_is_wrong_is_said_as_the_clients_read_it(many: Served, query: str, said: str) -> None:
    answer = httpx.get(f"{many.address}/api/acled/read?{query}")
    told = answer.json()
    assert (answer.status_code, told["success"], told["status"]) == (400, False, 400)
    assert said in told["error"][0]["message"]


def test_numbers_that_no_event_has_fit_nothing(many: Served) -> None:
    for name in ("fatalities", "iso"):
        assert asked(many, f"{name}=999999999999&{name}_where=>")["count"] == 0
        assert asked(many, f"{name}=999999999999&{name}_where=<")["count"] > 0


def test_what_is_not_known_is_left_aside_and_said(many: Served) -> None:
    told = asked(many, "contry=Mali&limit=3&terms=accept&fields=iso3|country")
    assert told["count"] == 3
    assert told["messages"] == ["contry is not known here and was left aside.", "ACLED has no column iso3 any more."]


# -- who may


def test_tokens_are_given_and_renewed_once(office: Served) -> None:
    form = {"grant_type": "password", "client_id": "acled", "username": "rita", "password": PASSWORD}
    with httpx.Client(base_url=office.address) as client:
        first = client.post("/oauth/token", data=form).json()
        assert (first["token_type"], first["expires_in"]) == ("Bearer", 86400)
        again = {"grant_type": "refresh_token", "client_id": "acled", "refresh_token": first["refresh_token"]}
        second = client.post("/oauth/token", data=again).json()
        assert client.post("/oauth/token", data=again).json()["error"] == "invalid_grant"
        for token, status in (
            (first["access_token"], 200),
            (second["access_token"], 200),
            (second["refresh_token"], 401),
        ):
            answer = client.get("/api/acled/read", headers={"authorization": f"Bearer {token}"})
            assert answer.status_code == status
        wrong = client.post("/oauth/token", data={**form, "password": "wrong"})
        assert (wrong.status_code, wrong.json()["message"]) == (400, "unrecognised username or password")
        assert client.post("/oauth/token", data={"grant_type": "magic"}).json()["error"] == "unsupported_grant_type"
        tries = [client.post("/oauth/token", data={**form, "password": "wrong"}) for _ in range(12)]
    assert tries[-1].status_code == 429
    assert int(tries[-1].headers["retry-after"]) > 0
    held = str(office.store.table(schema.token))
    assert not any(each[name] in held for each in (first, second) for name in ("access_token", "refresh_token"))


def test_a_session_is_begun_and_ended(office: Served) -> None:
    with httpx.Client(base_url=office.address) as client:
        assert client.post("/user/login?_format=json", json={"name": "rita", "pass": "x"}).status_code == 400
        told = client.post("/user/login?_format=json", json={"name": "rita", "pass": PASSWORD}).json()
        assert told["current_user"]["name"] == "rita"
        assert client.get("/api/acled/read").status_code == 200
        assert client.post("/user/logout?token=x").status_code == 403
        assert client.post("/user/logout", params={"token": told["logout_token"]}).status_code == 204
        assert client.get("/api/acled/read").status_code == 401


def test_nothing_is_told_to_those_who_did_not_log_in(office: Served) -> None:
    for path in ("acled", "deleted", "cast", "actor", "actortype", "country", "region"):
        for headers in ({}, {"authorization": "Bearer x"}):
            for query in ("", "?key=x&email=y"):
                answer = httpx.get(f"{office.address}/api/{path}/read{query}", headers=headers)
                assert (answer.status_code, answer.json()["error"][0]["status"]) == (401, 401)


def test_a_key_that_may_only_write_reads_nothing(office: Served) -> None:
    key = people.make_token(office.store, "rita", "x", scopes=("write",), stay=timedelta(days=1)).text
    answer = httpx.get(f"{office.address}/api/acled/read?key={key}&email=e")
    assert (answer.status_code, answer.json()["error"][0]["status"]) == (403, 403)


def test_who_asks_too_often_is_told_when_to_come_back(office: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.serve.acled.oauth.ASKED", Limit(2, seconds=60))
    headers = bearer(office, "rita")
    answers = [httpx.get(f"{office.address}/api/country/read", headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


# -- embargo


def test_readers_see_what_the_rules_leave(guarded: Served, whole: list[Row]) -> None:
    told = asked(guarded, "limit=0", **bearer(guarded, "rita"))
    seen, last = told["data"], told["data_query_restrictions"]["date_recency"]["date"]
    assert last == "2022-01-10"
    assert [row["event_id_cnty"] for row in seen] == [
        row["event_id_cnty"] for row in whole if row["event_date"] <= last
    ]
    assert {(row["notes"], row["actor2"], row["fatalities"], row["geo_precision"]) for row in seen} == {
        ("", "", None, 3)
    }
    assert asked(guarded, "limit=0", **bearer(guarded, "adam"))["count"] == 90
    listed = asked(guarded, path="/api/country/read", **bearer(guarded, "rita"))["data"]
    assert sum(row["event_count"] for row in listed) == len(seen)
    names = {row["actor_name"] for row in asked(guarded, path="/api/actor/read", **bearer(guarded, "rita"))["data"]}
    assert names == {row["actor1"] for row in seen}


@pytest.fixture
def reader(guarded: Served) -> tuple[View, list[Row]]:
    """What readers may see, and all rows of it as they see them."""
    view = View.read(guarded.store, load_public(Path(guarded.store.name).with_name("tocsin.toml")))
    return view, asked(guarded, "limit=0", **bearer(guarded, "rita"))["data"]


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_filter_tells_readers_what_the_rules_hide(
    reader: tuple[View, list[Row]], whole: list[Row], data: st.DataObject
) -> None:
    """Filters are made of true values; they give what plain Python gives on the rows that readers see."""
    view, seen = reader
    query, fits = data.draw(several(whole))
    assert ids(view, query) == [row["event_id_cnty"] for row in seen if fits(row)], query
