"""Export: what is written is what the standards and our own readers expect."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import frictionless
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.codebook import COLUMNS
from tocsin.errors import DataError, UsageError
from tocsin.exchange import hxl
from tocsin.exchange.readers import read_rows
from tocsin.exchange.writers import write
from tocsin.exchange.writers.geojson import circle
from tocsin.exchange.writers.ucdp import deaths, number, priogrid

CLASH: dict[str, Any] = {
    **dict.fromkeys(COLUMNS), "event_id_cnty": "MLI123", "event_date": "2022-06-03", "year": 2022, "time_precision": 1,
    "disorder_type": "Political violence", "event_type": "Battles", "sub_event_type": "Armed clash",
    "actor1": "JNIM: Group for Support of Islam and Muslims", "inter1": "Rebel group",
    "actor2": "Military Forces of Mali (2021-)", "inter2": "State forces", "interaction": "State forces-Rebel group",
    "iso": 466, "region": "Western Africa", "country": "Mali", "admin1": "Mopti", "location": "Sévaré",
    "latitude": 14.5283, "longitude": -4.0944, "geo_precision": 1, "source": "RFI; Studio Tamani",
    "source_scale": "National", "notes": "A clash.", "fatalities": 3, "timestamp": 1654560000,
}  # fmt: skip
CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)


def written(form: str, *rows: Any, **about: Any) -> bytes:
    out = io.BytesIO()
    write(rows, out, form, about=about)
    return out.getvalue()


def table(form: str, *rows: Any, **about: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(form, *rows, **about).decode("utf-8-sig"), newline="")))


def test_acled_csv_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    assert write([CLASH, {**CLASH, "event_id_cnty": "MLI124", "notes": "=1+1"}], path, "acled-csv", about={}) == 2
    rows = [row for row in read_rows(path, "acled") if isinstance(row, dict)]
    assert {name: rows[0][name] for name in COLUMNS} == CLASH
    assert rows[1]["notes"] == "=1+1"


def test_tuples_and_dictionaries_are_written_alike() -> None:
    assert written("acled-csv", CLASH) == written("acled-csv", tuple(CLASH.values()))


@given(notes=CELLS, source=st.sampled_from(["=cmd", "+1", "-x", "@a", "\tb", "\rc"]))
def test_no_cell_of_text_is_a_formula(notes: str, source: str) -> None:
    (row,) = table("acled-csv", {**CLASH, "notes": notes, "source": source})
    assert row["source"] == f"'{source}"
    assert row["notes"][:1] not in {"=", "+", "-", "@"}
    assert row["longitude"] == "-4.0944"


def test_the_envelope_counts_and_says_nothing_as_clients_expect() -> None:
    found = json.loads(written("acled-json", CLASH, {**CLASH, "iso": None}))
    assert (found["status"], found["success"], found["count"]) == (200, True, 2)
    assert (found["data"][1]["admin2"], found["data"][1]["iso"]) == ("", None)


def test_points_say_how_far_off_they_are() -> None:
    rough = {**CLASH, "geo_precision": 3, "place_radius_km": 80.0}
    points = json.loads(written("geojson", CLASH, rough, {**CLASH, "latitude": None}))["features"]
    assert [point["properties"]["uncertainty_km"] for point in points] == [5.0, 80.0]
    assert ["area" in point["properties"] for point in points] == [False, True]
    assert len(written("geojsonl", CLASH, rough).splitlines()) == 2


def parts(area: dict[str, Any]) -> list[list[list[float]]]:
    """The rings of a polygon, or of several."""
    polygons = [area["coordinates"]] if area["type"] == "Polygon" else area["coordinates"]
    return [ring for (ring,) in polygons]


def size(area: dict[str, Any]) -> float:
    """In square degrees; positive if counterclockwise."""
    return sum(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2 for ring in parts(area))


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(1, 300))
def test_circles_are_closed_counterclockwise_and_on_the_map(latitude: float, longitude: float, km: float) -> None:
    if area := circle(latitude, longitude, km):
        for ring in parts(area):
            assert ring[0] == ring[-1]
            assert all(abs(x) <= 180 and abs(y) <= 90 for x, y in ring)
            assert max(x for x, _ in ring) - min(x for x, _ in ring) <= 180
        there = circle(latitude, 0.0, km)
        assert there is not None
        assert size(area) == pytest.approx(size(there), abs=0.05, rel=0.02)


@pytest.mark.parametrize("longitude", [179.9, -179.9, 180.0])
def test_circles_are_cut_at_the_antimeridian(longitude: float) -> None:
    """Fiji: two parts, one on either side, and none around the whole globe."""
    area = circle(-17.0, longitude, 50.0)
    assert area is not None
    assert area["type"] == "MultiPolygon"
    west, east = sorted(parts(area), key=lambda ring: ring[0][0])
    assert (min(x for x, _ in west), max(x for x, _ in east)) == (-180, 180)
    assert max(x for x, _ in west) < -179 < 179 < min(x for x, _ in east)


@pytest.mark.parametrize(("latitude", "drawn"), [(89.0, True), (89.8, False), (90.0, False), (-89.8, False)])
def test_a_circle_that_holds_a_pole_is_not_drawn(latitude: float, drawn: bool) -> None:
    assert (circle(latitude, 10.0, 50.0) is not None) is drawn


def test_a_row_of_hashtags_is_read_back(tmp_path: Path) -> None:
    """As ACLED's file, and as a table of which only the hashtags are known."""
    path = tmp_path / "t.csv"
    assert write([CLASH], path, "acled-csv", about={"hxl": True}) == 1
    header, tags, row = path.read_text(encoding="utf-8").splitlines()
    assert (header.split(",")[:2], tags.split(",")[:2]) == (
        ["event_id_cnty", "event_date"],
        ["#event+code", "#date+occurred"],
    )
    assert len(tags.split(",")) == 31
    (back,) = (row for row in read_rows(path, "acled") if isinstance(row, dict))
    assert {name: back[name] for name in COLUMNS} == CLASH
    path.write_text("\n".join([",".join(f"c{i}" for i in range(31)), tags, row]), encoding="utf-8")
    (back,) = (row for row in read_rows(path, "csv") if isinstance(row, dict))
    untagged = {"inter1", "inter2", "interaction", "source_scale", "timestamp"}
    assert {name for name in COLUMNS if back[name] != CLASH[name]} == untagged


def test_ochas_table_may_have_hashtags() -> None:
    head, tags, *rows = written("hapi-csv", CLASH, hxl=True).decode("utf-8-sig").splitlines()
    assert (len(head.split(",")), len(tags.split(",")), len(rows)) == (19, 19, 3)
    assert tags.startswith("#country+code,#meta+has_hrp,#meta+in_gho,#adm1+name+provider")
    assert tags.endswith("#date+start,#date+end,#meta+dataset_id,#meta+resource_id,#meta+warning,#meta+error")


@pytest.mark.parametrize("form", ["geojson", "parquet", "ucdp-csv"])
def test_other_forms_have_no_hashtags(form: str) -> None:
    with pytest.raises(UsageError, match="acled-csv and hapi-csv have"):
        written(form, CLASH, hxl=True)


@pytest.mark.parametrize(("old", "new"), [('"#event+code"', '"event code"'), ("[hapi]", "[ocha]")])
def test_wrong_hashtags_are_named(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "hxl.toml"
    path.write_text(hxl.PATH.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=r"hxl\.toml:1: found"):
        hxl.load(path)


ATTACK = {**CLASH, "event_type": "Violence against civilians", "sub_event_type": "Attack",
          "civilian_targeting": "Civilians targeted", "actor2": "Civilians (Mali)", "inter2": "Civilians"}  # fmt: skip
MILITIAS = {**CLASH, "actor2": "Dan Na Ambassagou", "inter2": "Identity militia"}


@pytest.mark.parametrize(("row", "kind"), [(CLASH, "1"), (MILITIAS, "2"), (ATTACK, "3")])
def test_ucdp_is_read_back(tmp_path: Path, row: dict[str, Any], kind: str) -> None:
    path = tmp_path / "t.csv"
    assert write([row], path, "ucdp-csv", about={}) == 1
    (line,) = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    assert (len(line), line["type_of_violence"]) == (49, kind)
    (back,) = (found for found in read_rows(path, "ucdp-ged") if isinstance(found, dict))
    same = ("event_date", "time_precision", "event_type", "country", "latitude", "longitude", "fatalities", "source")
    assert {name: back[name] for name in same} == {name: row[name] for name in same}


@pytest.mark.parametrize("gap", [{"fatalities": 0}, {"latitude": None}, {"actor2": None}, {"event_type": "Protests"}])
def test_ucdp_leaves_out_what_it_does_not_know(gap: dict[str, Any]) -> None:
    assert table("ucdp-csv", {**CLASH, **gap}) == []


@given(*[st.none() | st.integers(0, 99)] * 4)
def test_tolls_are_in_order(low: int | None, best: int | None, high: int | None, stated: int | None) -> None:
    row = {"fatalities": stated, "fatalities_low": low, "fatalities_best": best, "fatalities_high": high}
    assert list(deaths(row)) == sorted(deaths(row))


def test_cells_of_the_grid_and_numbers_of_events() -> None:
    assert [priogrid(-90, -180), priogrid(90, 180), priogrid(43.5675, 8.21972)] == [1, 259200, 267 * 720 + 376 + 1]
    assert number(CLASH) == 466000000000123


def test_months_without_events_are_told() -> None:
    assert written("hapi-csv", CLASH).startswith(b"\xef\xbb\xbflocation_code")
    rows = table("hapi-csv", CLASH, {**ATTACK, "event_date": "2022-08-01"})
    found = {(row["reference_period_end"], row["event_type"]): (row["events"], row["fatalities"]) for row in rows}
    assert (len(rows), len(rows[0])) == (9, 19)
    assert found["2022-07-31", "political_violence"] == ("0", "0")
    assert found["2022-06-30", "demonstration"] == ("0", "")
    assert found["2022-06-30", "civilian_targeting"] == ("0", "0")


def test_parquet_has_types_and_says_what_it_is() -> None:
    found = pq.read_table(io.BytesIO(written("parquet", CLASH, query="all")))
    assert (found.num_rows, str(found.schema.field("event_date").type)) == (1, "date32[day]")
    assert json.loads(found.schema.metadata[b"tocsin"]) == {"query": "all"}


def test_a_package_is_valid(tmp_path: Path) -> None:
    out = tmp_path / "p"
    tables = {"sources": [{"name": "RFI", "scale": "International"}]}
    assert write([CLASH], out, "datapackage", about={"query": "Mali"}, tables=tables) == 1
    longest = csv.field_size_limit()
    report = frictionless.validate(str(out / "datapackage.json"))
    csv.field_size_limit(longest)  # frictionless sets it for everybody
    assert report.valid, report.flatten(["message"])
    with zipfile.ZipFile(io.BytesIO(written("datapackage", CLASH))) as packed:
        assert sorted(packed.namelist()) == ["datapackage.json", "events.csv"]
    with pytest.raises(UsageError, match="is there already"):
        write([CLASH], out, "datapackage", about={})


def test_a_file_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield CLASH
        raise OSError("away")

    path = tmp_path / "t.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(OSError, match="away"):
        write(rows(), path, "acled-csv", about={})
    assert [(p.name, p.read_text(encoding="utf-8")) for p in tmp_path.iterdir()] == [("t.csv", "old")]


def test_an_unknown_form_names_the_known() -> None:
    with pytest.raises(UsageError, match="acled-csv, acled-json"):
        written("xls", CLASH)
