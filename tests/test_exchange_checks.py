"""`check-data`: each code finds its own mistake and nothing in a good row."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import Run
from test_writers import CLASH
from tocsin.codebook import COLUMNS
from tocsin.errors import DataError, UsageError
from tocsin.exchange.checks import LOOKS, checks, chosen, findings, known
from tocsin.exchange.checks.table import PATH, load

ROOT = Path(__file__).parents[1]
TODAY = date(2022, 7, 1)
TOLD = {"published": "2022-06-05", "rules": ["fatalities: count.exact"], "evidence": []}
GOOD: dict[str, Any] = {
    **CLASH, "notes": "On 3 June 2022, fighters attacked an army post in Sévaré.", "admin2": "Mopti",
    "place_radius_km": 5.0, "fatalities_low": 3, "fatalities_best": 3, "fatalities_high": 5, "told": [TOLD],
}  # fmt: skip
MARCH: dict[str, Any] = {
    **GOOD, "disorder_type": "Demonstrations", "event_type": "Protests", "sub_event_type": "Peaceful protest",
    "actor1": "Protesters (Mali)", "inter1": "Protesters", "actor2": None, "inter2": None,
    "interaction": "Protesters only", "fatalities": 0, "fatalities_low": 0, "tags": "crowd size=around 100",
    "notes": "On 3 June 2022, teachers marched in Sévaré for their pay.",
}  # fmt: skip
ALL = tuple(checks())


def found(*rows: dict[str, Any], codes: tuple[str, ...] = ALL) -> list[tuple[str, str]]:
    return [(finding.code, finding.column) for _, finding in findings(rows, codes, known(TODAY))]


def other(**change: Any) -> dict[str, Any]:
    """Another good event, on another day, with a change."""
    notes = "On 2 June 2022, fighters shelled the same army post in Sévaré."
    return {**GOOD, "event_id_cnty": "MLI124", "event_date": "2022-06-02", "notes": notes, **change}


@pytest.mark.parametrize("row", [GOOD, MARCH, {**GOOD, "fatalities": 4, "told": []}, {**GOOD, "longitude": "-4.0944"}])
def test_a_good_row_has_no_findings(row: dict[str, Any]) -> None:
    assert found(row) == []


def test_two_good_rows_have_no_findings() -> None:
    assert found(GOOD, MARCH | {"event_id_cnty": "MLI125"}, other()) == []


ONE = [
    ("E5", "inter1", GOOD | {"inter1": "State forces", "interaction": "State forces-State forces"}),
    ("E5", "inter2", GOOD | {"country": "Niger", "actor2": "Military Forces of Mali (2021-)"}),
    ("E5", "inter1", MARCH | {"inter1": "Rioters"}),
    ("E5", "inter1", GOOD | {"actor1": "Unidentified Armed Group (Mali)"}),
    ("E15", "event_date", GOOD | {"event_date": "2022-07-02"}),
    ("E16", "country", GOOD | {"country": "Malistan"}),
    ("E16", "iso", GOOD | {"iso": 562}),
    ("E16", "region", GOOD | {"region": "Middle Africa"}),
    ("E17", "latitude", GOOD | {"latitude": 9.0579, "longitude": 7.4951}),
    ("E17", "latitude", GOOD | {"latitude": -4.0944, "longitude": 14.5283}),
    ("E17", "latitude", GOOD | {"latitude": 0.0, "longitude": -150.0}),
    ("E18", "fatalities", GOOD | {"fatalities": 6}),
    ("E18", "fatalities", GOOD | {"fatalities": 2}),
    ("E18", "fatalities_best", GOOD | {"fatalities_best": 6}),
    ("E19", "actor1", GOOD | {"actor1": None}),
    ("E19", "location", GOOD | {"location": " "}),
    ("W3", "fatalities", GOOD | {"told": []}),
    ("W4", "location", GOOD | {"country": "Nigeria", "admin1": "Borno", "location": "Maiduguri",
        "told": [{**TOLD, "evidence": [{"field": "location", "quote": "in Borno state"}]}]}),
    ("W6", "event_date", GOOD | {"told": [{**TOLD, "published": "2022-06-02"}]}),
    ("W6", "event_date", GOOD | {"told": [{**TOLD, "published": "2022-09-05"}]}),
    ("W7", "tags", MARCH | {"tags": "women targeted: voters"}),
    ("W8", "admin1", GOOD | {"latitude": 18.4411, "longitude": 1.4078}),
    ("W9", "admin1", GOOD | {"admin1": "Mordor"}),
    ("W9", "admin2", GOOD | {"admin2": "The Shire"}),
    ("W10", "actor1", GOOD | {"actor1": "Army of the Ninth Moon"}),
    ("W12", "fatalities", GOOD | {"fatalities": 501, "fatalities_high": 600}),
    ("W13", "place_radius_km", GOOD | {"place_radius_km": 80.0}),
    ("W13", "place_radius_km", GOOD | {"geo_precision": 3, "place_radius_km": 0.5}),
    ("W15", "event_id_cnty", GOOD | {"event_id_cnty": "NER123"}),
    ("W16", "assoc_actor_2", GOOD | {"assoc_actor_2": "Dozo; Military Forces of Mali (2021-)"}),
    ("W17", "source_scale", GOOD | {"source_scale": None}),
    ("W17", "timestamp", GOOD | {"timestamp": None}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "column", "row"), ONE, ids=[f"{code} {column}" for code, column, _ in ONE])
def test_a_bad_row_is_found(code: str, column: str, row: dict[str, Any]) -> None:
    assert (code, column) in found(row, codes=(code,))


TWO = [
    ("W2", GOOD | {"event_id_cnty": "MLI124"}, True),
    ("W2", GOOD | {"event_id_cnty": "MLI124", "actor1": GOOD["actor2"], "actor2": GOOD["actor1"]}, True),
    ("W2", GOOD | {"event_id_cnty": "MLI124", "location": "Mopti"}, False),
    ("W2", MARCH | {"event_id_cnty": "MLI124"}, False),
    ("W14", other(notes=GOOD["notes"]), True),
    ("W14", other(), False),
    ("W11", other(actor1="JNIM - Group for Support of Islam and Muslims"), True),
    ("W11", other(actor1="JNIM: Group for Suport of Islam and Muslims"), True),
    ("W11", other(actor1="Jnim: group for support of islam and muslims"), True),
    ("W11", other(assoc_actor_1="Military Forces of Mali (2021-)"), False),
    ("W11", other(actor2="Military Forces of Mali (2020-)"), False),
]


@pytest.mark.parametrize(("code", "row", "bad"), TWO)
def test_an_event_is_compared_with_the_others(code: str, row: dict[str, Any], bad: bool) -> None:
    assert bool(found(GOOD, row, codes=(code,))) is bad


def test_protests_called_by_others_are_two_and_countries_are_no_misspellings() -> None:
    calls = [
        MARCH | {"event_id_cnty": f"MLI{i}", "assoc_actor_1": name} for i, name in enumerate(("Teachers", "Women"))
    ]
    assert found(*calls, codes=("W2",)) == []
    assert found(*(other(actor1=f"Friends of {name}") for name in ("Iran", "Iraq")), codes=("W11",)) == []


@pytest.mark.parametrize(
    ("country", "admin1", "location", "quote"),
    [
        ("Nigeria", "Borno", "Maiduguri", "outside Maiduguri"),
        ("Ukraine", "Mykolaiv", "Mykolayiv", "MYKOLAIV"),  # another spelling
        ("Greece", "Attica", "Athens", "the capital"),  # of the country: plain enough
    ],
)
def test_a_capital_may_be_told_by_its_name(country: str, admin1: str, location: str, quote: str) -> None:
    place = {"country": country, "admin1": admin1, "location": location}
    told = [{**TOLD, "evidence": [{"field": "location", "quote": quote}]}]
    assert found(GOOD | place | {"told": told}, codes=("W4",)) == []


def test_background_may_be_old_and_an_unknown_name_is_told_once() -> None:
    old = GOOD | {"background": True, "told": [{**TOLD, "published": "2023-06-05"}]}
    assert found(old, codes=("W6",)) == []
    assert len(found(GOOD | {"admin1": "Mordor"}, other(admin1="Mordor"), codes=("W9",))) == 1


@given(st.dictionaries(st.sampled_from(COLUMNS), st.none() | st.integers() | st.floats() | st.text(max_size=12)))
def test_any_row_can_be_checked(row: dict[str, Any]) -> None:
    """Rubbish gives findings, never an exception."""
    assert {code for code, _ in found(row)} <= set(ALL)


def test_every_code_is_known_tested_and_documented() -> None:
    """checks.toml, the functions, the cases above and docs/data-checks.md name the same codes."""
    tested = {code for code, _, _ in ONE} | {code for code, _, bad in TWO if bad}
    assert tested == set(LOOKS)
    page = (ROOT / "docs/data-checks.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| `(\w+)` \| (.+?) \| (.*?) ?\|$", page, re.MULTILINE)
    assert lines == [(each.code, each.meaning, each.needs) for each in checks().values()]


@pytest.mark.parametrize(
    ("select", "codes"), [("E1", ["E1"]), ("w2, E3", ["E3", "W2"]), ("W", [c for c in ALL if c[0] == "W"])]
)
def test_codes_are_selected(select: str, codes: list[str]) -> None:
    assert list(chosen(select)) == codes


@pytest.mark.parametrize("select", ["E99", "", "X", "E,Q1"])
def test_an_unknown_code_is_named(select: str) -> None:
    with pytest.raises(UsageError, match="--select: found"):
        chosen(select)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('code = "E1"', 'code = "F1"', "found code 'F1'"),
        ("fatalities = 500", "fatalities = -1", "found fatalities = -1"),
        ("1 = [0, 30]", "4 = [0, 30]", "found radius_km"),
        ("outside_km = 100", "", "found limits"),
    ],
)
def test_a_wrong_table_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "checks.toml"
    path.write_text(PATH.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load(path)


def test_the_command_counts_and_fails_on_errors_only(run: Run, tmp_path: Path) -> None:
    columns = (
        "event_id_cnty,event_date,event_type,sub_event_type,actor1,inter1,actor2,inter2,country,latitude,longitude"
    )
    cells = "MLI1,2022-06-03,Battles,Armed clash,JNIM,Rebel group,Dozo,Identity militia,Mali,14.5283,-4.0944"
    (tmp_path / "a.csv").write_text(f"{columns}\n{cells}\n", encoding="utf-8")
    run("init", "t.db")
    run("import", "t.db", "a.csv", "--as", "acled")
    bad = run("check-data", "t.db")
    assert (bad.code, "MLI1: E12 source: found 'nothing', expected at least one source" in bad.out) == (1, True)
    assert "1 E12 not so: there is at least one source" in bad.err
    odd = run("check-data", "t.db", "--select", "W17", "--format", "jsonl")
    assert (odd.code, [json.loads(line)["column"] for line in odd.out.splitlines()]) == (
        0,
        ["source_scale", "timestamp"],
    )
    assert run("check-data", "t.db", "--select", "E77").code == 2
