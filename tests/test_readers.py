"""Reading ACLED's files and any table, and files of all shapes."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import claim, coded
from tocsin import codebook
from tocsin.codebook import COLUMNS, taxonomy
from tocsin.countries import countries
from tocsin.errors import DataError, SourceError, UsageError
from tocsin.exchange import AcledCsv
from tocsin.exchange.event import event
from tocsin.exchange.readers import Row, cells, read_rows
from tocsin.model import Issue

CLASH = {
    "event_id_cnty": "MLI123", "event_date": "2022-06-03", "year": "2022", "time_precision": "1",
    "disorder_type": "Political violence", "event_type": "Battles", "sub_event_type": "Armed clash",
    "actor1": "JNIM: Group for Support of Islam and Muslims", "assoc_actor_1": "", "inter1": "Rebel group",
    "actor2": "Military Forces of Mali (2021-)", "assoc_actor_2": "Dozo (Mali);Women (Mali)", "inter2": "State forces",
    "interaction": "State forces-Rebel group", "civilian_targeting": "", "iso": "466", "region": "Western Africa",
    "country": "Mali", "admin1": "Mopti", "admin2": "Bandiagara", "admin3": "", "location": "Sévaré",
    "latitude": "14.5283", "longitude": "-4.0944", "geo_precision": "1", "source": "RFI; Studio Tamani",
    "source_scale": "National", "notes": "A clash.", "fatalities": "3", "tags": "", "timestamp": "1654560000",
}  # fmt: skip


def table(*records: dict[str, str], delimiter: str = ",") -> str:
    """A table with the columns of the first record."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, list(records[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(records)
    return lines.getvalue()


def read(folder: Path, content: str | bytes, kind: str = "acled", **more: Any) -> tuple[list[Row], list[Issue]]:
    """Rows and issues of a table."""
    path = folder / "t.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return parted(read_rows(path, kind, **more))


def parted(found: Any) -> tuple[list[Row], list[Issue]]:
    both = list(found)
    return [each for each in both if isinstance(each, dict)], [each for each in both if isinstance(each, Issue)]


def one(folder: Path, **changes: str) -> Row:
    """The row of a clash with some cells changed."""
    rows, issues = read(folder, table({**CLASH, **changes}))
    assert not issues
    return rows[0]


# -- ACLED -----------------------------------------------------------------------------------------------------------


def test_a_row_has_the_keys_of_an_event(tmp_path: Path) -> None:
    """What is imported and what is coded look the same to all that follows."""
    row = one(tmp_path)
    ours = coded(claim())
    assert set(row) == {*event(ours.claims[0], ours.report, 0), "dataset", "row_id"}
    assert (row["dataset"], row["row_id"], row["rules"], row["evidence"]) == ("acled", "MLI123", ["import.acled"], [])
    assert row["complete"]
    assert not row["background"]


def test_cells_become_typed_values(tmp_path: Path) -> None:
    """Numbers are numbers, lists have one separator, blanks are None."""
    row = one(tmp_path)
    typed = {
        "year": 2022,
        "time_precision": 1,
        "latitude": 14.5283,
        "fatalities": 3,
        "timestamp": 1654560000,
        "iso": 466,
    }
    assert {name: row[name] for name in typed} == typed
    assert row["assoc_actor_2"] == "Dozo (Mali); Women (Mali)"
    assert row["admin3"] is None
    assert row["fatalities_best"] == 3
    assert row["fatalities_low"] is None


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("event_date", "03 June 2022", "2022-06-03"),
        ("event_date", "03-Jun-2022", "2022-06-03"),
        ("event_date", "2022-06-03T00:00:00", "2022-06-03"),
        ("inter1", "2", "Rebel group"),
        ("inter1", "2.0", "Rebel group"),
        ("inter1", "Rebel Forces", "Rebel group"),
        ("fatalities", "12.0", 12),
        ("fatalities", "", None),
        ("notes", "'=2+2", "=2+2"),
        ("notes", "'tis", "'tis"),
        ("event_type", "battles", "Battles"),
        ("location", "  Sévaré ", "Sévaré"),
        ("country", "MLI", "Mali"),
        ("interaction", "12", "State forces-Rebel group"),
    ],
)
def test_older_and_odd_spellings(tmp_path: Path, column: str, cell: str, expected: object) -> None:
    """Cells of older files and of spreadsheets read as those of today."""
    assert one(tmp_path, **{column: cell})[column] == expected


@pytest.mark.parametrize(
    ("old", "inter1", "event_type", "sub_event_type"),
    [
        ("Battle-No change of territory", "2", "Battles", "Armed clash"),
        ("Battle-Government regains territory", "1", "Battles", "Government regains territory"),
        ("Remote violence", "2", "Explosions/Remote violence", None),
        ("Riots/Protests", "5", "Riots", None),
        ("Riots/Protests", "6", "Protests", None),
        ("Strategic development", "1", "Strategic developments", None),
    ],
)
def test_types_before_2019(tmp_path: Path, old: str, inter1: str, event_type: str, sub_event_type: str | None) -> None:
    """Old types say what they say, and no sub-type where they have none."""
    kept = {name: CLASH[name] for name in ("event_id_cnty", "event_date", "actor1", "country", "latitude", "longitude")}
    rows, issues = read(tmp_path, table({"data_id": "9", "ISO3": "MLI", **kept, "inter1": inter1, "EVENT_TYPE": old}))
    assert not issues
    assert (rows[0]["event_type"], rows[0]["sub_event_type"]) == (event_type, sub_event_type)
    assert rows[0]["region"] == "Western Africa"


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("event_date", "2022-13-01", "a day such as 2024-02-05, 05 February 2024, 05-Feb-2024"),
        ("event_date", "", "a value"),
        ("event_date", "01/02/2022", "a day such as 2024-02-05"),
        ("year", "2021", "2022, the year of event_date"),
        ("event_type", "Riots", "Battles, the type of Armed clash"),
        ("sub_event_type", "Arms clash", "one of 25 known ones such as Armed clash"),
        ("inter1", "9", "a kind of actor"),
        ("latitude", "95", "a number from -90 to 90"),
        ("latitude", "nan", "a number from -90 to 90"),
        ("longitude", "1_0", "a number from -180 to 180"),
        ("geo_precision", "4", "a whole number from 1 to 3"),
        ("fatalities", "-1", "a whole number, not negative"),
        ("fatalities", "٣", "a whole number, not negative"),
        ("fatalities", "9" * 5000, "a whole number, not negative"),
        ("country", "Atlantis", "the name of a country"),
    ],
)
def test_a_bad_cell_is_told_and_the_rest_goes_in(tmp_path: Path, column: str, cell: str, expected: str) -> None:
    """File, line, column, what was found and what was expected; the rows around it are read."""
    rows, issues = read(tmp_path, table(CLASH, {**CLASH, column: cell}, {**CLASH, "event_id_cnty": "MLI9"}))
    assert [row["row_id"] for row in rows] == ["MLI123", "MLI9"]
    assert len(issues) == 1
    assert issues[0].where == f"{tmp_path / 't.csv'}:3"
    assert issues[0].message.startswith(f"column {column}: found {cell[:9]!r}"[:-1])
    assert expected in issues[0].message
    assert len(issues[0].message) < 1200


# -- files -----------------------------------------------------------------------------------------------------------


def zipped(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, table(CLASH))
    return data.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        table(CLASH).encode(),
        b"\xef\xbb\xbf" + table(CLASH).encode(),
        gzip.compress(table(CLASH).encode(), mtime=0),
        zipped("a/events.CSV", "__MACOSX/a/._events.csv", "readme.md"),
        table(CLASH, delimiter=";").encode(),
        table(CLASH, delimiter="\t").encode(),
        table(CLASH).replace("\r\n", "\n").encode(),
        (table(CLASH) + "\r\n\r\n").encode(),
    ],
    ids=["plain", "mark", "gzip", "zip", "semicolon", "tab", "unix", "blank lines"],
)
def test_shapes_of_files(tmp_path: Path, content: bytes) -> None:
    """The same row, however the table is packed."""
    rows, issues = read(tmp_path, content)
    assert not issues
    assert rows == [one(tmp_path)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"a,b\n1,2\n", "event_id_cnty"),
        (zipped(), "empty zip"),
        (zipped("readme.md"), "0 tables"),
        (zipped("a.csv", "b.csv"), "2 tables"),
        (zipped("a.csv")[:80], "damaged"),
        (gzip.compress(table(CLASH).encode() * 50, mtime=0)[:200], "damaged or cut off"),
        (gzip.compress(b"event_id_cnty,event_date\n" + b"0" * 30_000_000), "bombs"),
        ("event_id_cnty".encode("utf-16"), "UTF-16"),
        (table({**CLASH, "Actor 1": "x", "actor_1": "x"}).replace("Actor 1", "actor1").encode(), "twice"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes, message: str) -> None:
    """One sentence says what is wrong, and of which file."""
    with pytest.raises(SourceError, match=message) as caught:
        read(tmp_path, content)
    assert str(tmp_path / "t.csv") in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A name that leads nowhere is told."""
    with pytest.raises(SourceError, match="no such file"):
        list(read_rows(tmp_path / "none.csv", "acled"))


@pytest.mark.parametrize(("kind", "mapping"), [("gtd", None), ("acled", "map.toml")])
def test_kinds_that_are_not_there(kind: str, mapping: str | None) -> None:
    """Wrong usage is told before the file is opened."""
    with pytest.raises(UsageError):
        read_rows("x.csv", kind, mapping)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (b"MLI5,2022-06-03\n", "found 2 cells, expected 31"),
        (table({**CLASH, "notes": "caf"}).splitlines()[1].encode().replace(b"caf", b"caf\xe9") + b"\n", "not UTF-8"),
        (table({**CLASH, "notes": "a"}).splitlines()[1].encode().replace(b",a,", b",a\0,") + b"\n", "zero byte"),
        (b"x" * 5_000_000 + b"\n", "longer than"),
        (b"y" * 200_000 + b"\n", "not a record"),
    ],
)
def test_a_broken_line_costs_itself_alone(tmp_path: Path, broken: bytes, message: str) -> None:
    """The rows before and after it are read, with their own line numbers."""
    head, good = table(CLASH).encode().splitlines(keepends=True)
    bad = table({**CLASH, "year": "1900"}).encode().splitlines(keepends=True)[1]
    rows, issues = read(tmp_path, head + good + broken + good + bad)
    assert len(rows) == 2
    assert message in issues[0].message
    assert [str(issue.where).rpartition(":")[2] for issue in issues] == ["3", "5"]


def test_lines_are_counted_where_a_record_begins(tmp_path: Path) -> None:
    """A note with line breaks does not shift the lines told."""
    rows, issues = read(tmp_path, table({**CLASH, "notes": "one\ntwo\nthree"}, {**CLASH, "year": "1"}))
    assert rows[0]["notes"] == "one\ntwo\nthree"
    assert str(issues[0].where).endswith(":5")


def test_hxl_tags_are_no_row(tmp_path: Path) -> None:
    """The hashtag row of humanitarian files is skipped."""
    tags = dict.fromkeys(CLASH, "") | {"event_id_cnty": "#event+code", "fatalities": "#affected+killed"}
    rows, issues = read(tmp_path, table(tags, CLASH))
    assert (len(rows), issues) == (1, [])


def test_columns_nobody_reads_are_told_once(tmp_path: Path) -> None:
    """Known extras are silent, unknown ones named."""
    more = {**CLASH, "population_best": "12", "weather": "dry"}
    _, issues = read(tmp_path, table(more, more))
    assert [(issue.level, issue.message) for issue in issues] == [("info", "columns not used: 'weather'")]


# -- round trips -----------------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20).filter(
    lambda words: not words.strip().startswith("'")
)
LINE = WORDS.map(lambda words: " ".join(words.split()))
NAMES = st.lists(LINE.map(lambda name: name.replace(";", "").strip()).filter(bool), max_size=3).map(tuple)


@settings(deadline=None)
@given(
    day=st.dates(date(1997, 1, 1), date(2030, 1, 1)),
    sub=st.sampled_from(sorted(taxonomy().sub_event_types)),
    home=st.sampled_from(countries()),
    actors=st.tuples(LINE.filter(bool), LINE),
    beside=NAMES,
    place=LINE,
    point=st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
    inters=st.tuples(st.integers(1, 8), st.integers(0, 8)),
    deaths=st.integers(0, 5000),
)
def test_our_own_export_reads_back(tmp_path_factory: Any, day: date, sub: str, home: Any, actors: Any, beside: Any,
                                   place: str, point: Any, inters: Any, deaths: int) -> None:  # fmt: skip
    """What is written as ACLED's CSV reads back as the same 31 columns."""
    written = coded(
        claim(
            event_type=taxonomy().event_type_of(sub), sub_event_type=sub, event_date=day, country=home.name,
            actor1=actors[0], actor2=actors[1] or None, assoc_actor_1=beside, location=place or None,
            latitude=point[0], longitude=point[1], fatalities=deaths,
            inter1=codebook.inter_label(inters[0]), inter2=codebook.inter_label(inters[1]) or None,
        )
    )  # fmt: skip
    content = AcledCsv.head + "".join(AcledCsv().rows(written))
    rows, issues = read(tmp_path_factory.mktemp("trip"), content)
    assert issues == []
    assert {name: rows[0][name] for name in COLUMNS} == expected_row(written)


def expected_row(written: Any) -> Row:
    row = event(written.claims[0], written.report, 0)
    return {name: row[name] for name in COLUMNS}


@given(st.binary(max_size=300), st.sampled_from(["acled", "ucdp-ged", "gdelt", "csv"]))
def test_no_file_breaks_a_reader(tmp_path_factory: Any, content: bytes, kind: str) -> None:
    """Whatever the bytes: rows, issues or one clear error."""
    path = tmp_path_factory.mktemp("any") / "t.csv"
    path.write_bytes(content)
    with suppress(SourceError):
        rows, issues = parted(read_rows(path, kind))
        assert all(row["row_id"] for row in rows)
        assert all(str(path) in str(issue.where) for issue in issues)


@given(st.lists(st.text(max_size=30), min_size=31, max_size=31))
def test_no_row_breaks_a_reader(tmp_path_factory: Any, found: list[str]) -> None:
    """Any text in any cell is a row or an issue."""
    content = table(CLASH, dict(zip(CLASH, found, strict=True))).encode("utf-8", "replace")
    rows, _ = read(tmp_path_factory.mktemp("any"), content)
    assert rows


# -- any table -------------------------------------------------------------------------------------------------------

MAP = """
dataset = "ngo"
date_format = "%d/%m/%Y"
ignore = ["Remarks"]
[columns]
row_id = "No"
event_date = "Date"
sub_event_type = "What"
actor1 = "Who"
location = "Village"
latitude = "Lat"
longitude = "Lon"
fatalities = "Dead"
[constants]
country = "Mali"
geo_precision = 2
[values.sub_event_type]
"IED" = "Remote explosive/landmine/IED"
[values.fatalities]
"none" = "0"
"""
NGO = {"No": "7", "Date": "03/06/2022", "What": "IED", "Who": "Unknown", "Village": "Boni", "Lat": "15.07",
       "Lon": "-2.22", "Dead": "none", "Remarks": "x", "Secret": "y"}  # fmt: skip


def mapped(folder: Path, mapping: str, *records: dict[str, str], **more: Any) -> tuple[list[Row], list[Issue]]:
    (folder / "map.toml").write_text(mapping)
    return read(folder, table(*records), "csv", mapping=folder / "map.toml", **more)


def test_any_table_by_a_mapping(tmp_path: Path) -> None:
    """Columns, constants, values and days in another form; what follows is worked out."""
    rows, issues = mapped(tmp_path, MAP, NGO)
    expected = {
        "dataset": "ngo", "row_id": "7", "event_date": "2022-06-03", "event_type": "Explosions/Remote violence",
        "sub_event_type": "Remote explosive/landmine/IED", "country": "Mali", "iso": 466, "geo_precision": 2,
        "fatalities": 0, "disorder_type": "Political violence", "latitude": 15.07, "complete": True,
    }  # fmt: skip
    assert {name: rows[0][name] for name in expected} == expected
    assert [issue.message for issue in issues] == ["columns not used: 'Secret'"]


def test_the_name_of_the_data_can_be_given(tmp_path: Path) -> None:
    """What the call says wins over the mapping."""
    assert mapped(tmp_path, MAP, NGO, dataset="other")[0][0]["dataset"] == "other"


def test_issues_name_their_own_column(tmp_path: Path) -> None:
    """A user knows the columns of the table, not ours."""
    _, issues = mapped(tmp_path, MAP, {**NGO, "Dead": "two"})
    assert issues[-1].message.startswith("column Dead: found 'two', expected a whole number")


def test_a_table_with_one_column(tmp_path: Path) -> None:
    """All but the day may be the same in every row."""
    mapping = '[columns]\nevent_date = "Date"\n[constants]\ncountry = "Mali"\nevent_type = "Riots"\n'
    rows, issues = mapped(tmp_path, mapping, {"Date": "2022-06-03"}, {"Date": " "})
    assert [(row["event_date"], row["event_type"]) for row in rows] == [("2022-06-03", "Riots")]
    assert [issue.message for issue in issues] == ["column Date: found '', expected a value"]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('dataset = "ngo"', 'data = "ngo"', r"map.toml:2: found 'data', expected one of dataset"),
        ("actor1 =", "actor_one =", r"map.toml:9: found 'actor_one'"),
        ('country = "Mali"', 'country = "Atlantis"', r"found 'Atlantis', expected the name of a country"),
        ('country = "Mali"', 'iso = "466"', "found 'iso', expected it left out, as it follows"),
        ('"IED" =', '"IED" = 5 #', "text in quotes"),
        ("[columns]", "[columns", "expected TOML"),
        ('location = "Village"', 'location = "Who"', "'Who', expected each of their columns once"),
        ('dataset = "ngo"', "dataset = 5", "map.toml:2: found 5, expected text in quotes"),
        ('dataset = "ngo"', 'delimiter = "ab"', "found 'ab', expected one sign"),
        ('dataset = "ngo"', "values = 5", "expected a table|expected TOML"),
        ('ignore = ["Remarks"]', "ignore = 1", "text in quotes"),
    ],
)
def test_a_wrong_mapping_is_told(tmp_path: Path, before: str, after: str, message: str) -> None:
    """With its line, what was found and what was expected."""
    with pytest.raises(DataError, match=message):
        mapped(tmp_path, MAP.replace(before, after), NGO)


def test_a_mapping_of_another_table(tmp_path: Path) -> None:
    """A column that the mapping names must be there."""
    with pytest.raises(SourceError, match="'No', which is no column"):
        mapped(tmp_path, MAP, {"Date": "1"})


def test_hxl_tags_tell_the_columns(tmp_path: Path) -> None:
    """A tagged table needs no mapping, and the order of attributes does not matter."""
    tags = {"Jour": "#date+occurred", "Type": "#event+type", "Pays": "#country+name", "Morts": "#affected+min+killed"}
    event_ = {"Jour": "2022-06-03", "Type": "Riots", "Pays": "Mali", "Morts": "2"}
    rows, _ = read(tmp_path, table(tags, event_), "csv")
    assert (rows[0]["event_type"], rows[0]["fatalities_low"], rows[0]["row_id"]) == ("Riots", 2, "3")
    assert not rows[0]["complete"]


def test_a_table_with_our_names_needs_no_mapping(tmp_path: Path) -> None:
    """Our names are understood as they are."""
    rows, issues = read(tmp_path, table(CLASH), "csv")
    assert not issues
    assert {name: rows[0][name] for name in COLUMNS} == {name: one(tmp_path)[name] for name in COLUMNS}


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)) | st.just(date(2024, 2, 28) + timedelta(1)))
def test_days_in_all_forms(day: date) -> None:
    """Each form of a day reads as the same day."""
    reader = cells.day(("%d %B %Y", "%d/%m/%Y"))
    assert {reader(day.strftime(form)) for form in ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y")} == {day.isoformat()}


def test_messages_say_how_a_day_is_written_in_words(tmp_path: Path) -> None:
    """No codes of strptime, whatever the mapping asks for."""
    path = tmp_path / "m.toml"
    path.write_text('date_format = ["%d/%m/%Y", "%d.%m.%y"]\n', encoding="utf-8")
    table_path = tmp_path / "t.csv"
    table_path.write_text("event_date,event_type,country\nsoon,Battles,Mali\n", encoding="utf-8")
    [issue] = read_rows(table_path, "csv", path)
    assert isinstance(issue, Issue)
    assert issue.message == "column event_date: found 'soon', expected a day such as 2024-02-05, 05/02/2024 or 05.02.24"


def test_the_column_is_named_as_in_the_file(tmp_path: Path) -> None:
    """Also if it is bad only beside another."""
    path = tmp_path / "m.toml"
    path.write_text(
        '[columns]\nevent_date = "Day"\nevent_type = "Kind"\nsub_event_type = "What"\ncountry = "Where"\n',
        encoding="utf-8",
    )
    table_path = tmp_path / "t.csv"
    table_path.write_text("Day,Kind,What,Where\n2022-06-03,Riots,Attack,Mali\n", encoding="utf-8")
    [issue] = read_rows(table_path, "csv", path)
    assert isinstance(issue, Issue)
    assert issue.message.startswith("column Kind: found 'Riots', expected Violence against civilians")


@pytest.mark.parametrize(
    ("kind", "hint"),
    [("acled", "there are a, b. Is it"), ("csv", "there are A, b. Is it another kind of file (--as) or")],
)
def test_a_wrong_header_is_shown(tmp_path: Path, kind: str, hint: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text("A,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SourceError, match=re.escape(hint)):
        list(read_rows(path, kind))
