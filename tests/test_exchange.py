"""What the output formats hold."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import TEXT, claim, coded, incomplete, report, value
from tocsin.exchange import COLUMNS, AcledCsv, Format, GeoJson, JsonLines, to_json
from tocsin.exchange.event import provisional_id, source
from tocsin.model import Coded


def written(form: Format, *all_coded: Coded) -> str:
    """The whole file for these reports."""
    return form.head + form.between.join(row for each in all_coded for row in form.rows(each)) + form.tail


def event(**changes: object) -> dict[str, object]:
    found: dict[str, object] = to_json(coded(claim(**changes)))["events"][0]
    return found


def test_event_has_the_acled_columns_first_and_in_order() -> None:
    """Whoever reads ACLED exports finds the same names in the same order."""
    assert tuple(event())[:31] == COLUMNS


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("event_date", "2024-03-11"),
        ("year", 2024),
        ("disorder_type", "Political violence"),
        ("interaction", "Political militia-Civilians"),
        ("civilian_targeting", "Civilians targeted"),
        ("iso", 854),
        ("region", "Western Africa"),
        ("assoc_actor_1", None),
        ("assoc_actor_2", "Farmers (Burkina Faso)"),
        ("latitude", 11.1494),
        ("longitude", -3.0608),
        ("source", "Example Wire"),
        ("timestamp", 1710201600),  # 2024-03-12 00:00 UTC
        ("geonameid", 2361082),
        ("fatalities", 3),
        ("complete", True),
    ],
)
def test_columns_follow_from_the_claim(column: str, expected: object) -> None:
    """Each derived column has ACLED's form."""
    assert event()[column] == expected


def test_each_value_has_a_rule_and_each_quote_is_in_the_text() -> None:
    """Evidence can be checked by anyone who has the text."""
    found = to_json(coded(claim()))["events"][0]
    named = {rule.split(": ")[0] for rule in found["rules"]}
    assert {"event_date: date.weekday", "year: derived.year", "iso: derived.country"} <= set(found["rules"])
    assert named == set(found["confidence"])
    assert found["confidence"]["actor1"] == 0.812
    assert all(TEXT[item["start"] : item["end"]] == item["quote"] for item in found["evidence"])
    assert {"event_date", "fatalities", "trigger"} <= {item["field"] for item in found["evidence"]}


def test_what_is_not_stated_is_null_and_has_no_rule() -> None:
    """A bare snippet gives its type and nothing invented."""
    found = to_json(coded(incomplete()))["events"][0]
    assert found["sub_event_type"] == "Attack"
    empty = ("event_id_cnty", "event_date", "year", "actor1", "country", "iso", "latitude", "fatalities", "interaction")
    assert all(found[name] is None for name in empty)
    assert found["complete"] is False
    assert not any(rule.startswith(empty) for rule in found["rules"])


def test_rejected_mentions_and_issues_are_told() -> None:
    """The line says what was not coded and what was odd."""
    line = to_json(coded(claim()))
    assert [(item["quote"], item["reason"]) for item in line["rejected"]] == [("denied a raid", "denied")]
    assert line["issues"] == [{"level": "warning", "stage": "read", "message": "odd", "where": "a.txt"}]


def test_provisional_ids_have_acleds_form_and_differ_by_report_and_position() -> None:
    """The same report gives the same ids; no two events share one."""
    lines = [to_json(coded(claim(), claim(), id=name)) for name in ("a", "b")]
    ids = [found["event_id_cnty"] for line in lines for found in line["events"]]
    assert len(set(ids)) == 4
    assert all(re.fullmatch("BFA[0-9]+", found) for found in ids)
    assert to_json(coded(claim(), id="a"))["events"][0]["event_id_cnty"] == ids[0]
    assert provisional_id(report(), 0, None) is None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"source": "Wire", "url": "https://news.example/a"}, "Wire"),
        ({"source": None, "url": "https://www.news.example:8080/a"}, "news.example"),
        ({"source": None, "url": None}, None),
    ],
)
def test_source_is_the_name_or_the_host_or_unknown(facts: dict[str, str | None], expected: str | None) -> None:
    """No source is ever made up."""
    assert source(report(**facts)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {},
            "On 11 March 2024, Unidentified Armed Group (Burkina Faso) attacked Civilians (Burkina Faso) in Dano "
            "(Sud-Ouest, Burkina Faso). 3 fatalities reported.",
        ),
        (
            {"time_precision": 2, "geo_precision": 2, "fatalities": 1, "fatalities_high": 3, "fatalities_low": 1},
            "Around 11 March 2024 (week of), Unidentified Armed Group (Burkina Faso) attacked Civilians (Burkina Faso) "
            "near Dano (Sud-Ouest, Burkina Faso). Between 1 and 3 fatalities reported; coded as 1.",
        ),
        (
            {
                "actor2": None,
                "location": None,
                "admin1": None,
                "fatalities": 0,
                "fatalities_high": 0,
                "fatalities_low": 0,
            },
            "On 11 March 2024, Unidentified Armed Group (Burkina Faso) carried out an attack in Burkina Faso. "
            "No fatalities reported.",
        ),
    ],
)
def test_notes_tell_the_event_in_acleds_manner(changes: dict[str, object], expected: str) -> None:
    """Prose from coded fields only."""
    assert event(**changes)["notes"] == expected


def test_notes_of_a_snippet_say_only_the_type() -> None:
    """Nothing is known but the type."""
    assert to_json(coded(incomplete()))["events"][0]["notes"] == "An actor not named carried out an attack."


def test_csv_has_31_columns_and_leaves_incomplete_events_out() -> None:
    """The file can be read where an ACLED export can."""
    form = AcledCsv()
    rows = list(csv.DictReader(io.StringIO(written(form, coded(claim(), incomplete()), coded()))))
    assert [tuple(row) for row in rows] == [COLUMNS]
    assert rows[0]["fatalities"] == "3"
    assert rows[0]["assoc_actor_1"] == ""
    assert not form.keeps(incomplete())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_cells_are_no_formulas_but_numbers_stay(start: str) -> None:
    """A spreadsheet must not run what a report says."""
    found = coded(claim(location=f"{start}cmd"), source=f"{start}1+1")
    [row] = csv.DictReader(io.StringIO(written(AcledCsv(), found), newline=""))
    assert row["location"] == f"'{start}cmd"
    assert row["source"] == f"'{start}1+1"
    assert row["longitude"] == "-3.0608"


def test_csv_keeps_the_id_that_json_gives() -> None:
    """An incomplete event before it does not change an event's id."""
    found = coded(incomplete(), claim())
    [row] = csv.DictReader(io.StringIO(written(AcledCsv(), found)))
    assert row["event_id_cnty"] == to_json(found)["events"][1]["event_id_cnty"]


def test_geojson_is_a_feature_collection_of_points() -> None:
    """Longitude first, four decimals, the radius with it; without coordinates an event is left out."""
    collection = json.loads(written(GeoJson(), coded(claim(), incomplete()), coded(), coded(claim(), id="r2")))
    assert set(collection) == {"type", "features"}
    assert [feature["geometry"] for feature in collection["features"]] == [
        {"type": "Point", "coordinates": [-3.0608, 11.1494]}
    ] * 2
    first = collection["features"][0]
    assert first["id"] == first["properties"]["event_id_cnty"]
    assert first["properties"]["uncertainty_km"] == 5.0


@pytest.mark.parametrize("form", [JsonLines(), AcledCsv(), GeoJson()])
def test_nothing_coded_is_still_a_whole_file(form: Format) -> None:
    """An empty result can be read like any other."""
    text = written(form)
    assert text == "" if isinstance(form, JsonLines) else text.endswith("\n")
    if isinstance(form, GeoJson):
        assert json.loads(text)["features"] == []


@given(st.text())
def test_json_line_is_one_line_and_comes_back_as_it_was(text: str) -> None:
    """Whatever the report holds, a line stays a line."""
    line = written(JsonLines(), Coded(report(), (claim(location=value(text)),), ()))
    assert line.endswith("\n")
    assert len(line.splitlines()) == 1
    assert json.loads(line)["events"][0]["location"] == text


def test_background_and_unknown_publication_date() -> None:
    """No publication date, no timestamp."""
    found = to_json(coded(claim(background=True, event_date=date(2020, 1, 2)), published=None))["events"][0]
    assert (found["background"], found["timestamp"], found["year"]) == (True, None, 2020)
