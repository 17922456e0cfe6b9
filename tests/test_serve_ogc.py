"""OGC API Features: a real client, QGIS's requests, and every filter against plain Python."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from owslib.ogcapi.features import Features

from served import Served, serving
from test_serve import client
from tocsin.codebook import taxonomy
from tocsin.errors import UsageError
from tocsin.serve.events.index import Index
from tocsin.serve.events.read import index_of
from tocsin.serve.ogc.ask import PARAMETERS
from tocsin.serve.ogc.cql import DEEPEST, LONGEST, where
from tocsin.serve.paging import part
from tocsin.store import open_store

ITEMS = "/ogc/collections/events/items"
Row = dict[str, Any]


@pytest.fixture(scope="module")
def layer(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for all tests here: none of them changes anything."""
    path = shutil.copy(example, tmp_path_factory.mktemp("ogc") / "layer.db")
    with open_store(str(path)) as store, serving(store) as running:
        yield running


@pytest.fixture(scope="module")
def program(layer: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=layer.address) as found:
        yield found


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["features"]]


def test_owslib_reads_what_there_is_and_the_features(layer: Served) -> None:
    there = Features(f"{layer.address}/ogc/")
    assert there.feature_collections() == ["events"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in there.conformance()["conformsTo"]
    assert "/collections/{collection}/items" in there.api()["paths"]
    assert "fatalities" in there.collection_queryables("events")["properties"]
    west, south, east, north = there.collection("events")["extent"]["spatial"]["bbox"][0]
    every = there.collection_items("events")
    assert every["numberMatched"] == every["numberReturned"] == 4
    for feature in every["features"]:
        x, y = feature["geometry"]["coordinates"]
        assert west - 1e-4 <= x <= east + 1e-4
        assert south - 1e-4 <= y <= north + 1e-4
        assert feature["properties"]["uncertainty_km"] > 0
    in_togo = there.collection_items("events", bbox=[0, 6, 1.9, 12], datetime_="2023-06-01/..", limit=5)
    assert [each["properties"]["country"] for each in in_togo["features"]] == ["Togo"]
    second = there.collection_items("events", limit=1, offset=1)["features"][0]
    alone = there.collection_item("events", second["id"])
    assert second["properties"].items() <= alone["properties"].items()
    killed = there.collection_items("events", filter="fatalities >= 9", **{"filter-lang": "cql2-text"})
    assert sorted(each["properties"]["fatalities"] for each in killed["features"])[-1] == 12


def test_what_qgis_asks_is_answered(program: httpx.Client) -> None:
    """The requests of QGIS's provider, in its order, each address taken from the answer before."""
    landing = program.get("/ogc", headers={"accept": "application/json"}).json()
    links = {each["rel"]: each for each in landing["links"]}
    assert links["service-desc"]["type"] == "application/vnd.oai.openapi+json;version=3.0"
    api = program.get(links["service-desc"]["href"]).json()
    assert api["openapi"].startswith("3.0")
    assert api["components"]["parameters"]["limit"]["schema"]["maximum"] >= 1000
    classes = program.get(links["conformance"]["href"]).json()["conformsTo"]
    for name in ("cql2-text", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison"):
        assert f"http://www.opengis.net/spec/cql2/1.0/conf/{name}" in classes
    (events,) = program.get(links["data"]["href"]).json()["collections"]
    links = {each["rel"]: each["href"] for each in events["links"]}
    queryables = program.get(
        links["http://www.opengis.net/def/rel/ogc/1.0/queryables"], headers={"accept": "application/schema+json"}
    ).json()["properties"]
    assert queryables["geometry"]["$ref"] == "https://geojson.org/schema/Point.json"
    assert queryables["event_date"]["format"] == "date"
    items = links["items"]
    assert ids(program.get(f"{items}?limit=10"))
    asked = "limit=1000&filter=(\"event_date\" >= DATE('2023-06-01'))&filter-lang=cql2-text&bbox=-180,-90,180,90"
    assert len(ids(program.get(f"{items}?{asked}"))) == 2
    asked = "filter=((CASEI(country) LIKE CASEI('%TOGO%')) AND (NOT (fatalities > 3)))&filter-lang=cql2-text"
    (feature,) = program.get(f"{items}?{asked}").json()["features"]
    assert feature["properties"]["country"] == "Togo"
    single = program.get(f"{items}/{feature['id']}", headers={"accept": "application/geo+json, application/json"})
    assert single.headers["content-type"] == "application/geo+json"


def test_pages_follow_each_other_newest_first_to_the_end(program: httpx.Client) -> None:
    found: list[Row] = []
    address: str | None = f"{ITEMS}?limit=1&datetime=2023-01-01T00:00:00Z/.."
    while address:
        answer = program.get(address)
        assert answer.headers["content-type"] == "application/geo+json"
        page = answer.json()
        assert (page["numberMatched"], page["numberReturned"]) == (4, 1)
        assert page["timeStamp"].endswith("Z")
        found += page["features"]
        address = next((each["href"] for each in page["links"] if each["rel"] == "next"), None)
    assert len({each["id"] for each in found}) == 4
    days = [each["properties"]["event_date"] for each in found]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("query", "events"),
    [
        ("datetime=2023-06-01/..", 2), ("datetime=../2023-05-31", 2), ("datetime=/2023-05-31", 2),
        ("datetime=2023-06-01/", 2), ("datetime=2023-05-02", 1), ("datetime=2023-05-02T12:00:00Z", 1),
        ("datetime=2023-05-02/2023-05-04", 2), ("datetime=../..", 4), ("bbox=-5,12,5,15", 2),
        ("bbox=-5,12,0,5,15,9000", 2), ("bbox=170,-90,-170,90", 0), ("bbox=100,-90,20,90", 4), ("country=Togo", 1),
        ("country=togo", 0), ("fatalities=0", 1), ("year=2023", 4), ("reviewed=true", 0), ("event_date=2023-05-02", 1),
        ("limit=20000", 4), ("f=json", 4), ("filter=TRUE", 4), ("offset=3", 1),
        ("filter=country IN ('Togo','Nigeria')&fatalities=0", 1),
    ],
)  # fmt: skip
def test_filters(program: httpx.Client, query: str, events: int) -> None:
    assert len(ids(program.get(f"{ITEMS}?{query}"))) == events


@pytest.mark.parametrize(
    "query",
    ["x=1", "bbox=1,2,3", "bbox=1,2,3,nan", "bbox=1,9,2,8", "bbox=", "datetime=May", "datetime=2023-06-01/2023-05-01",
     "datetime=", "datetime=a/b/c", "limit=0", "limit=-1", "limit=x", "limit=1e3", "f=html", "filter-lang=cql2-json",
     "filter-crs=EPSG:3857", "filter=", "filter=country", "cursor=x", "cursor=9999-99-99~A1", "offset=-1", "year=x",
     "reviewed=perhaps", "country=%00", "filter=country='%00", "limit=" + "9" * 5000, "datetime=99999-01-01",
     "filter=" + "(" * 3000, "filter=" + "NOT " * 900 + "TRUE", "bbox=1e999,1,2,3", "geometry=x",
     "filter=fatalities>1e999", "filter=T_AFTER(event_date,DATE('2023-02-30'))"],
)  # fmt: skip
def test_a_wrong_parameter_is_explained(program: httpx.Client, query: str) -> None:
    answer = program.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400, answer.text[:200]
    assert answer.json()["message"]


def test_what_is_not_there_is_told(program: httpx.Client) -> None:
    for path in ("/ogc/collections/x", "/ogc/collections/x/items", f"{ITEMS}/XXX1", f"{ITEMS}/%ED%A0%80"):
        assert program.get(path).status_code == 404
    assert program.get(f"{ITEMS}/TGO1%00").status_code in (400, 404)


def test_every_parameter_of_the_definition_is_taken(program: httpx.Client) -> None:
    usual = {"bbox": "-20,0,20,20", "datetime": "2023-01-01/..", "limit": "1", "cursor": "2023-05-02~BFA1",
             "offset": "0", "filter": "TRUE", "event_date": "2023-05-02"}  # fmt: skip
    for each in PARAMETERS:
        value = usual.get(each["name"]) or each["schema"].get("enum", [""])[0]
        value = value or {"number": "1", "boolean": "true"}.get(each["schema"]["type"], "x")
        assert program.get(ITEMS, params={each["name"]: value}).status_code == 200, each["name"]


def test_only_those_who_log_in_see_features(office: Served) -> None:
    with httpx.Client(base_url=office.address) as nobody, client(office, "rita") as reader:
        for path in ("/ogc", "/ogc/api", "/ogc/collections", ITEMS):
            assert nobody.get(path).status_code == 401
            assert reader.get(path, headers={"accept": "application/json"}).status_code == 200


# -- filters in CQL2 against plain Python -----------------------------------------------------------------------------


def invented(number: int, chance: random.Random) -> Row:
    sub = chance.choice(list(taxonomy().sub_event_types))
    day = date(2021, 12, 25) + timedelta(days=chance.randrange(14))
    return {
        "event_id_cnty": f"MLI{number}", "event_date": chance.choice((day.isoformat(), None)),
        "sub_event_type": sub, "event_type": taxonomy().sub_event_types[sub].event_type,
        "country": chance.choice(("Mali", "Côte d'Ivoire", "MALI", "")),
        "actor1": chance.choice(("a%b", "a_b", "axb", None)),
        "fatalities": chance.choice((None, 0, 3, 12)), "latitude": chance.choice((None, 1.5, -3.25)),
        "longitude": chance.choice((0.5, 179.5, -179.5)), "geo_precision": 1,
        "civilian_targeting": chance.choice((None, "Civilians targeted")),
    }  # fmt: skip


ROWS = [invented(number, random.Random(number)) for number in range(200)]
INDEX: Index = index_of(ROWS, 1)


def fitting(text: str) -> set[str]:
    return set(INDEX.ids[where(INDEX, text)].tolist())


def here(row: Row) -> bool:
    return row["latitude"] is not None


Test = Callable[[Row], bool | None]
CASES: list[tuple[str, Test]] = [
    ("country = 'Mali'", lambda row: row["country"] == "Mali" if row["country"] else None),
    ("country <> 'Mali'", lambda row: row["country"] != "Mali" if row["country"] else None),
    ("CASEI(country) = CASEI('mali')", lambda row: row["country"].lower() == "mali" if row["country"] else None),
    ("country = 'Côte d''Ivoire'", lambda row: "Côte" in row["country"] if row["country"] else None),
    (r"actor1 LIKE 'a\%b'", lambda row: row["actor1"] == "a%b" if row["actor1"] else None),
    ("actor1 LIKE 'a_b'", lambda row: True if row["actor1"] else None),
    (r"actor1 NOT LIKE '%\_%'", lambda row: "_" not in row["actor1"] if row["actor1"] else None),
    ("actor1 IS NULL", lambda row: not row["actor1"]),
    ("fatalities IS NOT NULL", lambda row: row["fatalities"] is not None),
    ("fatalities > 2.5", lambda row: row["fatalities"] > 2 if row["fatalities"] is not None else None),
    ("fatalities BETWEEN 3 AND 12", lambda row: row["fatalities"] >= 3 if row["fatalities"] is not None else None),
    ("fatalities NOT IN (0, 3)", lambda row: row["fatalities"] == 12 if row["fatalities"] is not None else None),
    ("year = 2022", lambda row: row["event_date"][:4] == "2022" if row["event_date"] else None),
    ("civilian_targeting = 'Civilians targeted'", lambda row: True if row["civilian_targeting"] else None),
    ("event_date < DATE('2022-01-01')", lambda row: row["event_date"] < "2022" if row["event_date"] else None),
    ("T_AFTER(event_date, DATE('2021-12-30'))",
     lambda row: row["event_date"] > "2021-12-30" if row["event_date"] else None),
    ("T_DURING(event_date, INTERVAL('2021-12-30', '..'))",
     lambda row: row["event_date"] > "2021-12-30" if row["event_date"] else None),
    ("T_INTERSECTS(event_date, INTERVAL('2021-12-30', '2021-12-31'))",
     lambda row: "2021-12-30" <= row["event_date"] <= "2021-12-31" if row["event_date"] else None),
    ("S_INTERSECTS(geometry, BBOX(179, -10, -179, 10))",
     lambda row: abs(row["longitude"]) > 179 if here(row) else None),
    ("S_INTERSECTS(geometry, POINT(0.5 1.5))",
     lambda row: (row["longitude"], row["latitude"]) == (0.5, 1.5) if here(row) else None),
    ("INTERSECTS(geometry, POLYGON((0 0, 1 0, 1 3, 0 3, 0 0), (0.4 1, 0.6 1, 0.6 2, 0.4 2, 0.4 1)))",
     lambda _row: False if here(_row) else None),
    ("S_INTERSECTS(geometry, MULTIPOLYGON(((0 0,1 0,1 3,0 3,0 0)),((179 -4,180 -4,180 -3,179 -3,179 -4))))",
     lambda row: ((row["longitude"], row["latitude"]) in ((0.5, 1.5), (179.5, -3.25))) if here(row) else None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "test"), CASES, ids=[text for text, _ in CASES])
def test_each_condition_and_its_not(text: str, test: Test) -> None:
    assert fitting(text) == {row["event_id_cnty"] for row in ROWS if test(row)}
    assert fitting(f"NOT ({text})") == {row["event_id_cnty"] for row in ROWS if test(row) is False}


def both(a: bool | None, b: bool | None) -> bool | None:
    return False if a is False or b is False else None if a is None or b is None else True


joined = st.recursive(
    st.sampled_from(CASES),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(
            lambda pair: (f"({pair[0][0]}) AND ({pair[1][0]})",
                          lambda row: both(pair[0][1](row), pair[1][1](row)))),
        st.tuples(inner, inner).map(
            lambda pair: (f"({pair[0][0]}) or ({pair[1][0]})",
                          lambda row: _not(both(_not(pair[0][1](row)), _not(pair[1][1](row)))))),
        inner.map(lambda one: (f"Not ({one[0]})", lambda row: _not(one[1](row)))),
    ), max_leaves=5,
)  # fmt: skip


def _not(a: bool | None) -> bool | None:
    return None if a is None else not a


@settings(max_examples=60, deadline=None)
@given(joined)
def test_conditions_join_as_in_sql(case: tuple[str, Test]) -> None:
    text, test = case
    assert fitting(text) == {row["event_id_cnty"] for row in ROWS if test(row)}


@pytest.mark.parametrize(
    ("text", "fits"),
    [("TRUE OR FALSE AND FALSE", True), ("NOT FALSE AND FALSE", False), ("FALSE AND FALSE OR TRUE", True)],
)
def test_not_goes_before_and_before_or(text: str, fits: bool) -> None:
    assert bool(fitting(text)) == fits


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                [
                    "country",
                    "=",
                    "'a'",
                    "(",
                    ")",
                    "NOT",
                    "AND",
                    "1",
                    "LIKE",
                    "IN",
                    ",",
                    "CASEI",
                    "DATE",
                    "BBOX",
                    "S_INTERSECTS",
                    "geometry",
                    "''",
                    "IS",
                    "NULL",
                    "fatalities",
                    "\0",
                    "\ud800",
                    "POLYGON",
                ]
            ),
            max_size=12,
        ).map(" ".join),
    )
)
def test_any_text_is_a_filter_or_an_error(text: str) -> None:  # fmt: skip
    with suppress(UsageError):
        assert where(INDEX, text).shape == (len(ROWS),)


def test_a_filter_has_an_end() -> None:
    assert len(fitting("(" * DEEPEST + "TRUE" + ")" * DEEPEST)) == len(ROWS)
    for text in ("(" * (DEEPEST + 1) + "TRUE" + ")" * (DEEPEST + 1), "country = '" + "a" * LONGEST + "'"):
        with pytest.raises(UsageError, match="found"):
            where(INDEX, text)
    many = [{**ROWS[0], "actor1": "a" * 3000}]
    assert not where(index_of(many, 1), "actor1 LIKE '" + "%a" * 1500 + "b'").any()  # does not take for ever


def test_pages_stay_in_place_while_events_come_in() -> None:
    every = np.ones(len(INDEX), bool)
    first = part(INDEX, every, 50)
    newer = [{**ROWS[0], "event_id_cnty": f"NER{at}", "event_date": "2030-01-01"} for at in range(7)]
    grown = index_of([*ROWS, *newer], 2)
    second = part(grown, np.ones(len(grown), bool), 50, first.cursor)
    assert grown.ids[second.rows].tolist() == INDEX.ids[50:100].tolist()
    left = index_of([row for row in ROWS if row["event_id_cnty"] != INDEX.ids[49]], 3)  # the last of the page is gone
    third = part(left, np.ones(len(left), bool), 50, first.cursor)
    assert left.ids[third.rows].tolist() == INDEX.ids[50:100].tolist()
    found, cursor = [], None
    while True:
        page = part(INDEX, every, 33, cursor)
        found += INDEX.ids[page.rows].tolist()
        cursor = page.cursor
        if cursor is None:
            break
    assert found == INDEX.ids.tolist()
