"""What is written opens in the tools that people use, and says there what it said here."""

from __future__ import annotations

import csv
import json
import math
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from command import Run
from test_writers import CLASH
from tocsin.codebook import COLUMNS
from tocsin.exchange.writers import write
from tocsin.exchange.writers.ucdp import COLUMNS as UCDP

ROWS: list[dict[str, Any]] = [
    CLASH,
    {
        **CLASH,
        "event_id_cnty": "MLI124",
        "notes": 'Quotes ", commas, lines\nand "=1+1"',
        "fatalities": 0,
        "admin1": None,
    },
    {**CLASH, "event_id_cnty": "MLI125", "actor1": "Жители села", "geo_precision": 2, "place_radius_km": 25.0},
]
Records = list[dict[str, Any]]


def by_csv(path: Path) -> Records:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def by_polars(path: Path) -> Records:
    polars = pytest.importorskip("polars", reason="polars is not installed")
    read = {".csv": polars.read_csv, ".parquet": polars.read_parquet, ".geojsonl": polars.read_ndjson}
    return list(read[path.suffix](path).to_dicts())


def by_duckdb(path: Path) -> Records:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    options = ", max_line_size=1000000, header=true, quote='\"'" if path.suffix == ".csv" else ""
    read = {".csv": "read_csv", ".parquet": "read_parquet", ".geojsonl": "read_json_auto"}[path.suffix]
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM {read}(?{options})", [str(path)])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


READERS = [by_csv, by_polars, by_duckdb]


def written(tmp_path: Path, form: str, ending: str) -> Path:
    path = tmp_path / f"t.{ending}"
    assert write(ROWS, path, form, about={}) == len(ROWS)
    return path


@pytest.mark.parametrize("read", READERS)
def test_acled_csv(tmp_path: Path, read: Callable[[Path], Records]) -> None:
    found = read(written(tmp_path, "acled-csv", "csv"))
    assert [list(row) for row in found] == [list(COLUMNS)] * 3
    assert [row["event_id_cnty"] for row in found] == ["MLI123", "MLI124", "MLI125"]
    assert found[1]["notes"] == ROWS[1]["notes"]
    assert found[2]["actor1"] == "Жители села"
    assert [int(row["fatalities"]) for row in found] == [3, 0, 3]
    assert all(math.isclose(float(row["latitude"]), 14.5283) for row in found)


@pytest.mark.parametrize("read", READERS)
def test_ucdp_csv(tmp_path: Path, read: Callable[[Path], Records]) -> None:
    path = tmp_path / "t.csv"
    assert write(ROWS, path, "ucdp-csv", about={}) == 2
    found = read(path)
    assert [list(row) for row in found] == [list(UCDP)] * 2
    assert [int(row["best"]) for row in found] == [3, 3]


@pytest.mark.parametrize("read", READERS)
def test_hapi_csv(tmp_path: Path, read: Callable[[Path], Records]) -> None:
    path = tmp_path / "t.csv"
    assert write(ROWS, path, "hapi-csv", about={}) == 6
    found = read(path)
    assert {row["location_code"] for row in found} == {"MLI"}
    assert sum(int(row["events"]) for row in found) == 3


@pytest.mark.parametrize("read", [by_polars, by_duckdb])
def test_parquet(tmp_path: Path, read: Callable[[Path], Records]) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    found = read(written(tmp_path, "parquet", "parquet"))
    same = [name for name in COLUMNS if name != "event_date"]
    assert [{name: row[name] for name in same} for row in found] == [{name: row[name] for name in same} for row in ROWS]
    assert {row["event_date"].isoformat() for row in found} == {"2022-06-03"}


def point(geometry: Any) -> tuple[float, ...]:
    """Of the object, or of well-known binary, as newer DuckDB has it."""
    return struct.unpack("<bIdd", geometry)[2:] if isinstance(geometry, bytes) else tuple(geometry["coordinates"])


@pytest.mark.parametrize("read", [by_polars, by_duckdb])
def test_lines_of_geojson(tmp_path: Path, read: Callable[[Path], Records]) -> None:
    found = read(written(tmp_path, "geojsonl", "geojsonl"))
    assert [point(row["geometry"]) for row in found] == [(-4.0944, 14.5283)] * 3
    assert [row.get("properties", row)["event_id_cnty"] for row in found] == ["MLI123", "MLI124", "MLI125"]


def test_geojson_keeps_the_rules_of_rfc_7946(tmp_path: Path) -> None:
    """No crs, positions of two numbers with longitude first, closed rings, unique ids."""
    found = json.loads(written(tmp_path, "geojson", "geojson").read_text(encoding="utf-8"))
    assert (found["type"], "crs" in found) == ("FeatureCollection", False)
    assert len({feature["id"] for feature in found["features"]}) == 3
    for feature in found["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        longitude, latitude = feature["geometry"]["coordinates"]
        assert (abs(longitude) <= 180, abs(latitude) <= 90) == (True, True)
    (ring,) = found["features"][2]["properties"]["area"]["coordinates"]
    assert (len(ring) >= 4, ring[0] == ring[-1]) == (True, True)


FORMS = ("acled-csv", "acled-json", "geojson", "geojsonl", "ucdp-csv", "hapi-csv", "annotations", "datapackage")


def test_an_empty_database_gives_empty_files_and_bad_paths_are_told(run: Run, tmp_path: Path) -> None:
    """A message of one line with the path, never a surprise; nothing is left behind."""
    (tmp_path / "folder").mkdir()
    run("init", "e.db")
    for form in FORMS:
        assert run("export", "e.db", "--as", form, "-o", f"{form}.out").code == 0
        for path, message in (("folder", "folder"), ("nowhere/t.zip", "cannot be written")):
            bad = run("export", "e.db", "--as", form, "-o", path)
            assert (bad.code, bad.err.count("\n"), "unexpected" in bad.err) == (2, 1, False), bad.err
            assert message in bad.err
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]
    for wrong in (["--country", "Malii"], ["--since", "2022-02-30"], ["--as-of", "yesterday"], ["--as", "xls"]):
        assert run("export", "e.db", "--as", "geojson", *wrong).code == 2
    assert "no release yet" in run("release", "e.db").err
