"""Reading UCDP's and GDELT's events in ACLED's words."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tocsin.codebook import check
from tocsin.errors import DataError, SourceError
from tocsin.exchange.readers import Row, gdelt, read_rows, ucdp
from tocsin.model import Issue

DATA = Path(__file__).parents[2] / "shared" / "data"

GED = {
    "id": "42", "type_of_violence": "1", "side_a": "Government of Mali", "side_b": "JNIM", "where_prec": "1",
    "date_prec": "1", "date_start": "2022-06-03 00:00:00.000", "date_end": "2022-06-03", "country": "Mali",
    "adm_1": "Mopti region", "adm_2": "Bandiagara cercle", "where_coordinates": "Sévaré town",
    "where_description": "a road near Sévaré", "latitude": "14.53", "longitude": "-4.09", "low": "3", "best": "4",
    "high": "6", "source_office": "AFP;Reuters;AFP", "source_headline": "Clash in Mali",
}  # fmt: skip


def parted(found: Any) -> tuple[list[Row], list[Issue]]:
    both = list(found)
    return [each for each in both if isinstance(each, dict)], [each for each in both if isinstance(each, Issue)]


def ged(folder: Path, **changes: str) -> tuple[list[Row], list[Issue]]:
    """The row of a clash with some cells changed."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, list({**GED, **changes}))
    writer.writeheader()
    writer.writerow({**GED, **changes})
    path = folder / "ged.csv"
    path.write_text(lines.getvalue(), encoding="utf-8")
    return parted(read_rows(path, "ucdp-ged"))


def row_of(folder: Path, **changes: str) -> Row:
    rows, issues = ged(folder, **changes)
    assert not issues
    return rows[0]


# -- UCDP ------------------------------------------------------------------------------------------------------------


def test_a_state_based_event(tmp_path: Path) -> None:
    """What UCDP's codes say, in ACLED's words, with the code behind it."""
    row = row_of(tmp_path)
    expected = {
        "event_type": "Battles", "sub_event_type": "Armed clash", "event_date": "2022-06-03", "time_precision": 1,
        "actor1": "Government of Mali", "inter1": "State forces", "actor2": "JNIM", "inter2": "Rebel group",
        "interaction": "State forces-Rebel group", "admin1": "Mopti", "location": "Sévaré", "geo_precision": 1,
        "fatalities": 4, "fatalities_low": 3, "fatalities_high": 6, "source": "AFP; Reuters", "row_id": "42",
        "notes": "Clash in Mali. a road near Sévaré", "event_id_cnty": None, "complete": True,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert "sub_event_type: import.ucdp-ged.type_of_violence.1" in row["rules"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"type_of_violence": "2"}, {"event_type": "Battles", "inter2": None}),
        (
            {"type_of_violence": "3", "side_b": "Civilians"},
            {"sub_event_type": "Attack", "actor2": "Civilians (Mali)", "civilian_targeting": "Civilians targeted"},
        ),
        ({"type_of_violence": "3", "side_a": "IS"}, {"actor1": "IS", "inter1": None}),
        ({"side_a": "Government of France, Government of Mali"}, {"inter1": "External/Other forces"}),
        ({"side_a": "Government of Mali (French Sudan)"}, {"inter1": "State forces"}),
        ({"side_b": "Government of Niger"}, {"inter2": "External/Other forces"}),
        ({"country": "Myanmar (Burma)"}, {"country": "Myanmar"}),
        ({"country": "DR Congo (Zaire)"}, {"country": "Democratic Republic of Congo"}),
        ({"country": "Macedonia, FYR"}, {"country": "North Macedonia"}),
        ({"where_prec": "2"}, {"geo_precision": 2, "place_radius_km": 25.0}),
        (
            {"where_prec": "4", "where_coordinates": "Mopti Region"},
            {"geo_precision": 3, "location": "Mopti", "complete": True},
        ),
        ({"where_prec": "6"}, {"geo_precision": 3, "complete": False}),
        ({"where_coordinates": "Mexico City"}, {"location": "Mexico City"}),
        ({"date_end": "2022-06-08", "date_prec": "3"}, {"event_date": "2022-06-05", "time_precision": 2}),
        ({"date_end": "2022-12-31", "date_prec": "5"}, {"event_date": "2022-09-16", "complete": False}),
        ({"date_end": ""}, {"event_date": "2022-06-03"}),
        ({"low": "5", "best": "4", "high": "3"}, {"fatalities_low": 3, "fatalities_best": 4, "fatalities_high": 5}),
        ({"low": "", "best": "", "high": ""}, {"fatalities": None, "fatalities_low": None}),
    ],
)
def test_the_codes_of_ucdp(tmp_path: Path, changes: dict[str, str], expected: Row) -> None:
    """Each code, and names that UCDP writes in its own way."""
    row = row_of(tmp_path, **changes)
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("type_of_violence", "4", "column type_of_violence: found '4', expected a whole number from 1 to 3"),
        ("date_end", "2022-06-01", "column date_end: found '2022-06-01', expected a day not before date_start"),
        ("best", "x", "column best: found 'x', expected a whole number"),
        ("country", "Ruritania", "expected the name of a country"),
    ],
)
def test_a_bad_cell_of_ucdp(tmp_path: Path, column: str, cell: str, message: str) -> None:
    """Told like any other."""
    rows, issues = ged(tmp_path, **{column: cell})
    assert not rows
    assert message in issues[0].message


def test_another_file_is_no_ged(tmp_path: Path) -> None:
    """The columns that are missing are named."""
    (tmp_path / "a.csv").write_text("id,country\n1,Mali\n")
    with pytest.raises(SourceError, match="type_of_violence, date_start, latitude, longitude are missing"):
        list(read_rows(tmp_path / "a.csv", "ucdp-ged"))


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data")
@pytest.mark.parametrize("name", ["ged_candidate_23_0_10", "ged201_nigeria", "ged251_global_sample10k"])
def test_real_releases_go_in_whole(name: str) -> None:
    """No row of UCDP's own files is refused, and the number of deaths is theirs."""
    path = DATA / "ucdp-ged-events" / f"{name}.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        stated = {each["id"]: each for each in csv.DictReader(lines)}
    rows, issues = parted(read_rows(path, "ucdp-ged"))
    assert not issues
    assert {row["row_id"]: row["fatalities"] for row in rows} == {key: int(row["best"]) for key, row in stated.items()}


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data")
def test_complete_rows_pass_the_codebook() -> None:
    """Types, precisions, interactions and victims are as the codebook has them."""
    rows, _ = parted(read_rows(DATA / "ucdp-ged-events" / "ged191_bangladesh.csv.gz", "ucdp-ged"))
    found = Counter(finding.code for row in rows for finding in check(row))
    assert not set(found) & {"E2", "E3", "E4", "E7", "E11"}, found


# -- GDELT -----------------------------------------------------------------------------------------------------------

FIGHT = {
    "GLOBALEVENTID": "99", "SQLDATE": "20220603", "EventCode": "193", "Actor1Name": "REBEL", "Actor1Type1Code": "REB",
    "Actor2Name": "MALI", "Actor2CountryCode": "MLI", "Actor2Type1Code": "MIL", "ActionGeo_Type": "4",
    "ActionGeo_FullName": "Sévaré, Mopti, Mali", "ActionGeo_CountryCode": "ML", "ActionGeo_Lat": "14.53",
    "ActionGeo_Long": "-4.09", "DATEADDED": "20220604101500", "SOURCEURL": "https://www.example.org/a",
}  # fmt: skip


def events(folder: Path, *records: dict[str, str], older: bool = False) -> tuple[list[Row], list[Issue]]:
    cross = gdelt.crosswalk()
    columns = cross.older_columns if older else cross.columns
    path = folder / "20220604101500.export.CSV"
    lines = ("\t".join({**FIGHT, **record}.get(name, "") for name in columns) for record in records)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return parted(read_rows(path, "gdelt"))


@pytest.mark.parametrize("older", [False, True])
def test_a_fight_in_gdelt(tmp_path: Path, older: bool) -> None:
    """GDELT's codes in ACLED's words, in both versions."""
    rows, issues = events(tmp_path, {}, older=older)
    expected = {
        "event_type": "Battles", "sub_event_type": "Armed clash", "event_date": "2022-06-03", "actor1": "REBEL",
        "inter1": "Rebel group", "actor2": "MALI", "inter2": "State forces", "country": "Mali", "admin1": "Mopti",
        "location": "Sévaré", "latitude": 14.53, "source": "example.org", "timestamp": 1654337700, "row_id": "99",
        "fatalities": None, "geo_precision": 1, "dataset": "gdelt",
    }  # fmt: skip
    assert not issues
    assert {name: rows[0][name] for name in expected} == expected


@pytest.mark.parametrize(
    ("code", "sub_event_type", "actor1"),
    [
        ("141", "Peaceful protest", "Protesters (Mali)"),
        ("1411", "Peaceful protest", "Protesters (Mali)"),
        ("145", "Violent demonstration", "Rioters (Mali)"),
        ("173", "Arrests", "REBEL"),
        ("182", "Attack", "REBEL"),
        ("1831", "Suicide bomb", "REBEL"),
        ("1951", "Air/drone strike", "REBEL"),
        ("2041", "Chemical weapon", "REBEL"),
    ],
)
def test_codes_of_cameo(tmp_path: Path, code: str, sub_event_type: str, actor1: str) -> None:
    """The longest known beginning of a code decides."""
    row = events(tmp_path, {"EventCode": code})[0][0]
    assert (row["sub_event_type"], row["actor1"]) == (sub_event_type, actor1)


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    """Talk, strikes and events placed in a whole country are no rows; one issue says how many and why."""
    left = [{"EventCode": "043"}, {"EventCode": "143"}, {"EventCode": "2042"}, {"ActionGeo_Type": "1"},
            {"ActionGeo_Lat": ""}]  # fmt: skip
    rows, issues = events(tmp_path, {}, *left)
    assert len(rows) == 1
    assert [(issue.level, issue.message) for issue in issues] == [
        ("info", f"left out 5 rows: 3 {gdelt.OTHER_CODE}; 2 {gdelt.ONLY_COUNTRY}")
    ]


def test_forces_abroad_are_external(tmp_path: Path) -> None:
    """An army is external outside its own country."""
    assert events(tmp_path, {"Actor2CountryCode": "FRA"})[0][0]["inter2"] == "External/Other forces"


def test_a_bad_cell_of_gdelt(tmp_path: Path) -> None:
    """Told by GDELT's own column."""
    _, issues = events(tmp_path, {}, {"ActionGeo_Lat": "north"})
    assert "column ActionGeo_Lat: found 'north'" in issues[0].message
    assert str(issues[0].where).endswith(":2")


def test_a_table_with_a_header_is_no_gdelt(tmp_path: Path) -> None:
    """Another number of columns is told."""
    (tmp_path / "a.csv").write_text("id,country\n1,Mali\n")
    with pytest.raises(SourceError, match="61 or 58"):
        list(read_rows(tmp_path / "a.csv", "gdelt"))


# -- data files ------------------------------------------------------------------------------------------------------


def test_a_wrong_crosswalk_is_told(tmp_path: Path) -> None:
    """A sub-event type that the codebook has not is named with its line."""
    for name in ("gdelt.toml", "fips.csv"):
        (tmp_path / name).write_text((gdelt.DATA / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "cameo.csv").write_text("code,sub_event_type,actor1,note\n19,Skirmish,,\n")
    with pytest.raises(DataError, match=r"cameo.csv:2: found 'Skirmish'"):
        gdelt.load_crosswalk(tmp_path)
    text = ucdp.PATH.read_text(encoding="utf-8").replace('"Attack"', '"Attacks"')
    (tmp_path / "ucdp.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"ucdp.toml:\d+: found sub_event_type = 'Attacks'"):
        ucdp.load_crosswalk(tmp_path / "ucdp.toml")
