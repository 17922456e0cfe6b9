"""The user's own places: GeoNames dumps, tables, places added by hand, and how they join the built-in gazetteer."""

from __future__ import annotations

import json
import os
import pickle
import re
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from command import ENVIRONMENT, Run
from tocsin import cli_places
from tocsin.errors import DataError, SourceError, UsageError
from tocsin.locate import Gazetteer, mine
from tocsin.locate.distance import kilometres
from tocsin.locate.gazetteer import shipped
from tocsin.locate.geonames import Row, Wanted
from tocsin.locate.joined import MOST, Joined
from tocsin.locate.keys import key
from tocsin.locate.load import Listener, load
from tocsin.locate.make import Loaded

ROOT = Path(__file__).parents[1]
BANDIAGARA, MOPTI = 2460489, 2453347  # GeoNames ids of a town and a region of Mali


def line(
    id_: int, name: str, lat: float, lon: float, *, feature: str = "P.PPL", iso: str = "ML", admin1: str = "04",
    admin2: str = "", people: int = 0, names: str = "",
) -> str:  # fmt: skip
    """A row in GeoNames' form."""
    group, code = feature.split(".")
    cells = (id_, name, name, names, lat, lon, group, code, iso, "", admin1, admin2, "", "", people, "", 250,
             "Africa/Bamako", "2024-01-01")  # fmt: skip
    return "\t".join(map(str, cells))


# Invented villages around two real places.
REGION = line(MOPTI, "Mopti Region", 14.67, -4.0, feature="A.ADM1", names="Cinquième Région")
TOWN = line(BANDIAGARA, "Bandiagara", 14.4, -3.5, people=27_000, names="Banjagara")
VILLAGE = line(90_000_001, "Zambakoro", 14.21, -3.33, names="Zambacoro,Jambakoro,zmbkwrw")
MALI = [REGION, TOWN, VILLAGE]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own.sqlite"


def packed(folder: Path, lines: Sequence[str], name: str = "ML") -> Path:
    """A country's dump as GeoNames has it: a zip archive with a readme and a table."""
    with zipfile.ZipFile(folder / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "Read me first.")
        archive.writestr(f"{name}.txt", "".join(f"{each}\n" for each in lines))
    return folder / f"{name}.zip"


def plain(folder: Path, text: str, name: str = "table.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def joined(path: Path) -> Joined:
    return Joined(shipped(), path)


def loaded(path: Path, *files: Path, wanted: Wanted | None = None, replace: bool = False) -> tuple[Loaded, list[str]]:
    """Load the files; what it did and what was bad."""
    said: list[str] = []
    done = load(files, path, wanted or Wanted(), replace=replace, listener=Listener(bad=said.append))
    return done, [each.replace(f"{path.parent}{os.sep}", "") for each in said]


def test_a_dump_gives_its_villages(tmp_path: Path, path: Path) -> None:
    """A village is found under each of its names, in the unit that its code means, as our gazetteer calls that."""
    assert loaded(path, packed(tmp_path, MALI)) == (Loaded(places=3, bad=0, kept=3), [])
    places = joined(path)
    for name in ("Zambakoro", "ZAMBACORO", "jambakoro"):
        [found] = places.named(name)
        assert (found.name, found.country, found.admin1, found.geonameid) == ("Zambakoro", "MLI", "Mopti", 90_000_001)
        assert (found.latitude, found.longitude) == (14.21, -3.33)
    assert places.named("zmbkwrw") == ()  # a romanisation that nobody writes
    assert [p.name for p in places.sounding("Djambakoro")] == ["Zambakoro"]


def test_a_town_of_both_stands_where_the_user_says(tmp_path: Path, path: Path) -> None:
    """The loaded point and people count, the names of both find it, the units of the built-in one stay."""
    before = next(p for p in Gazetteer(shipped()).named("Bandiagara") if p.kind == "place")
    loaded(path, packed(tmp_path, MALI))
    for name in ("Bandiagara", "Banjagara"):
        after = next(p for p in joined(path).named(name) if p.kind == "place")
        assert (after.latitude, after.longitude, after.population) == (14.4, -3.5, 27_000)
        assert (after.admin1, after.admin2, after.geonameid) == (before.admin1, before.admin2, BANDIAGARA)


def test_a_unit_of_both_stays_with_more_names(tmp_path: Path, path: Path) -> None:
    """The centre and the radius of a unit are better in ours."""
    loaded(path, packed(tmp_path, MALI))
    [before] = [p for p in Gazetteer(shipped()).named("Mopti") if p.kind == "admin1"]
    assert [p for p in joined(path).named("Mopti") if p.kind == "admin1"] == [before]
    assert joined(path).named("Cinquième Région") == (before,)


def test_what_is_not_loaded_stays_as_it_was(tmp_path: Path, path: Path) -> None:
    """Other names give exactly what the built-in gazetteer gives."""
    loaded(path, packed(tmp_path, MALI))
    before, after = Gazetteer(shipped()), joined(path)
    for name in ("Bamako", "Tripoli", "Goma", "Sévaré", "Nowhere At All", "Borno", "Xızı"):
        assert after.named(name) == before.named(name)
        assert after.sounding(name) == before.sounding(name)
    assert after.capital("MLI") == before.capital("MLI")
    assert after.nearest(48.85, 2.35) == before.nearest(48.85, 2.35)


@pytest.mark.parametrize(
    "text",
    [
        "name,latitude,longitude,country,admin1\nZambakoro,14.21,-3.33,Mali,Mopti\n",
        '\ufeffCountry;Name;Lat;Lon;Admin1\r\nML;"Zambakoro";14,21;-3,33;Région de Mopti\r\n',
        "longitude\tlatitude\tcountry\tname\tadmin1\n-3.33\t14.21\tMLI\tZambakoro\tMOPTI\n",
    ],
    ids=["comma", "semicolon", "tab"],
)
def test_a_table_may_be_parted_in_three_ways(tmp_path: Path, path: Path, text: str) -> None:
    assert loaded(path, plain(tmp_path, text))[1] == []
    [found] = joined(path).named("Zambakoro")
    assert (found.latitude, found.longitude, found.country, found.admin1) == (14.21, -3.33, "MLI", "Mopti")
    assert (found.geonameid, found.feature) == (None, "PPL")


def test_a_table_may_say_more(tmp_path: Path, path: Path) -> None:
    text = "name,latitude,longitude,country,geonameid,admin2,feature,population,alternatenames\n" + (
        f'Zamba,14.1,-3.1,ML,90000007,Bandiagara,S.CMPRF,"900","Zambe|Camp Zamba"\n{" " * 0}"Two\nlines",1,1,ML,,,,,\n'
    )
    loaded(path, plain(tmp_path, text))
    [found] = joined(path).named("camp zamba")
    assert (found.geonameid, found.admin2, found.feature, found.population) == (90_000_007, "Bandiagara", "CMPRF", 900)


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        ("90000009\tX", "found 2 columns, expected 19, parted by tabs"),
        (line(9, "Zo", 95.0, 0.0), "latitude: found '95.0', expected degrees from -90 to 90"),
        (line(9, "Zo", 9.0, 0.0).replace("\t0.0\t", "\teast\t"), "longitude: found 'east', expected degrees"),
        (line(9, "Zo", float("nan"), 0.0), "latitude: found 'nan', expected degrees"),
        (line(-9, "Zo", 9.0, 0.0), "geonameid: found '-9', expected a whole number above 0"),
        (line(9, " ", 9.0, 0.0), "name: found nothing, expected a name"),
        (line(9, "Zo", 9.0, 0.0, iso="QQ"), "country code: found 'QQ', expected two letters such as ML"),
        (line(9, "Zo", 9.0, 0.0).replace("\t0\t\t250", "\tmany\t\t250"), "population: found 'many', expected a whole"),
    ],
    ids=lambda text: text[:24],
)  # fmt: skip
def test_a_bad_row_is_named_and_the_rest_goes_in(tmp_path: Path, path: Path, bad: str, expected: str) -> None:
    done, said = loaded(path, packed(tmp_path, [TOWN, bad, VILLAGE]))
    assert (done.places, done.bad, len(said)) == (2, 1, 1)
    assert said[0].startswith(f"ML.zip:ML.txt:2: {expected}")


def test_bad_rows_of_a_table(tmp_path: Path, path: Path) -> None:
    """A line number is that of the line on which the row begins, whatever stands before it."""
    rows = ['"Two\nlines",1,1,Mali', "Zo,1,1", "Zo,1,1,Atlantis", "Zo,1,181,ML", ",1,1,ML", "Zamba,1,1,ML"]
    done, said = loaded(path, plain(tmp_path, "\n".join(["name,latitude,longitude,country", *rows])))
    assert said == [
        "table.csv:4: found 3 columns, expected 4 as in the header",
        "table.csv:5: country: found 'Atlantis', expected a country's name or code, such as Mali, ML or MLI",
        "table.csv:6: longitude: found '181', expected degrees from -180 to 180",
        "table.csv:7: name: found nothing, expected a name",
    ]
    assert (done.places, done.bad) == (2, 4)


def test_bytes_that_are_no_text_are_a_bad_row(tmp_path: Path, path: Path) -> None:
    file = tmp_path / "ML.txt"
    file.write_bytes(f"{TOWN}\n".encode() + b"9\tS\xe9var\xe9" + b"\t" * 17 + f"\n{VILLAGE}\n".encode())
    done, said = loaded(path, file)
    assert (done.places, said) == (2, ["ML.txt:2: found bytes that are no UTF-8, expected UTF-8"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("who,what\nA,B\n", "found 1 columns, expected a table of GeoNames or a header with name, latitude"),
     ('name,latitude,longitude,country\n"Zo' + ",1,1,ML\n" * 30_000, "a quotation mark left open")],
)  # fmt: skip
def test_what_is_no_table_of_places_is_refused(tmp_path: Path, path: Path, text: str, expected: str) -> None:
    with pytest.raises(SourceError, match=expected):
        loaded(path, plain(tmp_path, text))
    assert not path.exists()
    assert list(tmp_path.glob("*.part")) == []


def test_a_bomb_is_refused_and_the_old_file_stays(tmp_path: Path, path: Path) -> None:
    """An archive that unpacks to far more than text does stops the load, unless it is trusted."""
    loaded(path, packed(tmp_path, MALI))
    before = path.read_bytes()
    bomb = packed(tmp_path, [TOWN, *[f"{TOWN}" + " " * 5000] * 4000], "bomb")
    with pytest.raises(SourceError, match=r"bomb\.txt: unpacks to more than 10 MB.*--any-size"):
        load([bomb], path)
    assert path.read_bytes() == before
    assert load([bomb], path, any_size=True).places == 4001


def test_an_endless_line_is_refused(tmp_path: Path, path: Path) -> None:
    with pytest.raises(SourceError, match="found a line of over 1 MB"):
        load([plain(tmp_path, "x" * 3_000_000)], path)


@pytest.mark.parametrize("cut", [10, 60], ids=["no archive", "damaged"])
def test_a_broken_archive_is_named(tmp_path: Path, path: Path, cut: int) -> None:
    whole = packed(tmp_path, MALI * 50).read_bytes()
    broken = tmp_path / "broken.zip"
    broken.write_bytes(whole[:cut] if cut == 10 else whole[:200] + bytes(40) + whole[240:])
    with pytest.raises(SourceError, match=r"broken\.zip.*fetch it again"):
        load([broken], path)
    assert not path.exists()


def test_names_and_units_may_come_in_tables_of_their_own(tmp_path: Path, path: Path) -> None:
    """admin1CodesASCII, admin2Codes and alternateNamesV2, in whatever order they are given."""
    other = [
        "1\t90000002\tfr\tKorozamba-le-Vieux\t\t\t\t\t\t",
        f"2\t{BANDIAGARA}\tfr\tBandiagara-la-Falaise\t1\t\t\t\t\t",
        "3\t90000002\tlink\thttps://example.org/Korozamba\t\t\t\t\t\t",
        "4\t77\tfr\tNobody\t\t\t\t\t\t",
    ]
    names = plain(tmp_path, "\n".join(other), "alternateNamesV2.txt")
    one = plain(tmp_path, f"ML.04\tMopti Region\tMopti Region\t{MOPTI}\n", "admin1CodesASCII.txt")
    two = plain(tmp_path, "ML.04.999\tCercle de Zamba\tCercle de Zamba\t90000099\n", "admin2Codes.txt")
    village = line(90_000_002, "Korozamba", 14.3, -3.3, admin2="999")
    assert loaded(path, names, two, packed(tmp_path, [village]), one)[1] == []
    places = joined(path)
    [found] = places.named("Korozamba le Vieux")
    assert (found.admin1, found.admin2) == ("Mopti", "Zamba")
    assert [p.geonameid for p in places.named("Bandiagara la Falaise")] == [BANDIAGARA]
    assert places.named("Nobody") == Gazetteer(shipped()).named("Nobody")


def test_only_what_is_wanted_is_taken(tmp_path: Path, path: Path) -> None:
    rows = [
        line(90_000_011, "Zambazo", 14.0, -3.0),
        line(90_000_012, "Zambastream", 14.0, -3.0, feature="H.STM"),
        line(90_000_013, "Zambahotel", 14.0, -3.0, feature="S.HTL"),
        line(90_000_014, "Zambacamp", 14.0, -3.0, feature="S.CMPRF"),
        line(90_000_015, "Zambafaso", 12.0, -1.0, iso="BF"),
    ]
    cases = {
        Wanted(): [11, 14, 15],
        Wanted(frozenset(["MLI"])): [11, 14],
        Wanted(frozenset(["MLI"]), frozenset("PH")): [11, 12],
        Wanted(classes=frozenset("S")): [13, 14],
    }
    for wanted, numbers in cases.items():
        loaded(path, packed(tmp_path, rows), wanted=wanted, replace=True)
        with closing(sqlite3.connect(path)) as db:
            assert [id_ - 90_000_000 for (id_,) in db.execute("SELECT id FROM places ORDER BY id")] == numbers


def test_loads_add_up_until_they_are_replaced(tmp_path: Path, path: Path) -> None:
    """Another country comes to what is there; the same one again replaces its places; what was added stays."""
    mine.add(path, Row(None, "Zambadougou", [], "place", 14.5, -3.9, "MLI", "MLI|Mopti", "", None, "PPL", None))
    loaded(path, packed(tmp_path, MALI))
    faso = packed(tmp_path, [line(90_000_021, "Zambafaso", 12.0, -1.0, iso="BF", admin1="")], "BF")
    assert loaded(path, faso)[0].kept == 5
    assert loaded(path, packed(tmp_path, [VILLAGE.replace("14.21", "14.25")]))[0].kept == 5
    places = joined(path)
    assert [p.latitude for p in places.named("Zambakoro")] == [14.25]
    assert [p.admin1 for p in places.named("Zambakoro")] == ["Mopti"]
    assert loaded(path, faso, replace=True)[0].kept == 2
    places = joined(path)
    assert [len(places.named(name)) for name in ("Zambakoro", "Zambafaso", "Zambadougou")] == [0, 1, 1]
    assert places.named("Zambadougou")[0].admin1 == "Mopti"


def test_a_place_added_by_hand_wins(tmp_path: Path, path: Path) -> None:
    """It replaces its namesakes nearby and the place whose id it has; when it is removed they are back."""
    loaded(path, packed(tmp_path, MALI))
    mine.add(path, Row(None, "Zambakoro", ["Zambak"], "place", 14.22, -3.35, "MLI", "", "", None, "PPL", None))
    mine.add(path, Row(BANDIAGARA, "Bandiagara-Ville", [], "place", 14.35, -3.61, "MLI", "", "", None, "PPL", None))
    places = joined(path)
    assert [(p.latitude, p.geonameid) for p in places.named("Zambakoro")] == [(14.22, None)]
    assert [p.name for p in places.named("Zambak")] == ["Zambakoro"]
    assert [(p.name, p.geonameid) for p in places.named("Banjagara")] == [("Bandiagara-Ville", BANDIAGARA)]
    assert places.origin(places.named("Zambakoro")[0]) == ("u1", "added")
    assert (mine.remove(path, 1), mine.remove(path, 2)) == ("Zambakoro", "Bandiagara-Ville")
    places = joined(path)
    assert [p.geonameid for p in places.named("Zambakoro")] == [90_000_001]
    assert [p.name for p in places.named("Banjagara")] == ["Bandiagara"]
    with pytest.raises(UsageError, match="u1: no such place was added"):
        mine.remove(path, 1)


def test_a_village_helps_to_find_units_and_neighbours(tmp_path: Path, path: Path) -> None:
    """The nearest town may be a loaded one; its second-order unit, if the dump does not say it, is that of a town."""
    loaded(path, packed(tmp_path, MALI))
    places = joined(path)
    nearest = places.nearest(14.2, -3.3, "MLI")
    assert nearest is not None
    assert nearest.name == "Zambakoro"
    assert places.admin_for_point(14.2, -3.3, "MLI") == Gazetteer(shipped()).admin_for_point(14.2, -3.3, "MLI")
    around = places.around(14.2, -3.3, 60)
    assert {"Zambakoro", "Bandiagara", "Bankass"} <= {p.name for _, p in around}
    assert [far for far, _ in around] == sorted(far for far, _ in around)


def test_of_a_common_name_the_largest_are_kept(tmp_path: Path, path: Path) -> None:
    rows = [line(91_000_000 + i, "Zambazamba", 10 + i / 100, -3.0, people=i) for i in range(300)]
    loaded(path, packed(tmp_path, rows))
    assert [p.population for p in joined(path).named("Zambazamba")] == list(range(299, 299 - MOST, -1))


def test_other_processes_open_both_files(tmp_path: Path, path: Path) -> None:
    loaded(path, packed(tmp_path, MALI))
    places = joined(path)
    assert pickle.loads(pickle.dumps(places)).named("Zambakoro") == places.named("Zambakoro")


names = st.text(
    st.characters(categories=["Lu", "Ll", "Mn", "Nd", "Pd"], include_characters=" '’"), min_size=1, max_size=9
)
points = st.tuples(st.floats(12, 16), st.floats(-6, -2))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(names, points), max_size=6), st.randoms())
def test_the_order_of_rows_does_not_matter(found: list[tuple[str, tuple[float, float]]], chance: object) -> None:
    """A table or a dump in any order gives the same answers; each place is found under its name, and near its point."""
    found = [(f"Zq{name}", point) for name, point in found]
    rows = [line(92_000_000 + i, name, *point) for i, (name, point) in enumerate(found)] + MALI
    table = [f'"{name}",{point[0]},{point[1]},ML' for name, point in found]
    mixed, shuffled = list(rows), list(table)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    with TemporaryDirectory() as name:
        folder, answers = Path(name), []
        for number, (dump, lines) in enumerate([(rows, table), (mixed, shuffled)]):
            csv = plain(folder, "\n".join(["name,latitude,longitude,country", *lines]), f"{number}.csv")
            assert loaded(folder / f"{number}.sqlite", packed(folder, dump), csv)[0].bad == 0
            places = joined(folder / f"{number}.sqlite")
            answers.append(
                [places.named(each) for each, _ in found] + [places.nearest(14, -4), places.around(14, -4, 50)]
            )
            for each, (lat, lon) in found:
                assert any(kilometres(lat, lon, p.latitude, p.longitude) < 26 for p in places.named(each)), key(each)
            places._db.close()
        assert answers[0] == answers[1]


def test_a_killed_load_leaves_the_old_file(tmp_path: Path, path: Path) -> None:
    """Killed at any moment, what was there is there, and the next load goes through."""
    loaded(path, packed(tmp_path, MALI))
    before, part = path.read_bytes(), path.with_name("own.sqlite.part")
    many = packed(tmp_path, [line(93_000_000 + i, f"Zamba {i}", 14.0, -3.0) for i in range(100_000)], "many")
    command = [sys.executable, "-m", "tocsin", "places", "load", str(many), "--gazetteer", str(path)]
    with subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not (part.exists() and part.stat().st_size > 1_000_000):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert part.exists()
    assert path.read_bytes() == before
    assert joined(path).named("Zambakoro")
    loaded(path, packed(tmp_path, [line(90_000_031, "Zambafini", 14.0, -3.0)]))
    assert not part.exists()
    assert [len(joined(path).named(name)) for name in ("Zambakoro", "Zambafini", "Zamba 7")] == [1, 1, 0]


def test_two_loads_do_not_mix(tmp_path: Path, path: Path) -> None:
    with closing(sqlite3.connect(path.with_name("own.sqlite.part"), isolation_level=None)) as other:
        other.execute("CREATE TABLE t (x)")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UsageError, match="another load is writing it"):
            load([packed(tmp_path, MALI)], path)
    load([packed(tmp_path, MALI)], path)


def test_the_stamp_tells_the_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same loads give one stamp, whatever the file is called; each change gives another."""
    stamps, dump = [], packed(tmp_path, MALI)
    for name in ("a", "b"):
        monkeypatch.setenv(mine.VARIABLE, str(tmp_path / name))
        load([dump], tmp_path / name)
        stamps.append(mine.stamp())
    mine.add(tmp_path / "b", Row(None, "Zo", [], "place", 1.0, 1.0, "MLI", "", "", None, "PPL", None))
    stamps.append(mine.stamp())
    monkeypatch.setenv(mine.VARIABLE, "")
    assert [stamps[0] == stamps[1], stamps[1] == stamps[2], mine.stamp()] == [True, False, ""]


@pytest.mark.parametrize(
    ("text", "expected"), [(None, "is not there"), (b"no database", "cannot be read as a gazetteer")]
)
def test_a_wrong_gazetteer_is_named(
    path: Path, monkeypatch: pytest.MonkeyPatch, text: bytes | None, expected: str
) -> None:
    """A file that is asked for by name must be there, and be one."""
    if text:
        path.write_bytes(text)
    monkeypatch.setenv(mine.VARIABLE, str(path))
    with pytest.raises(DataError, match=expected):
        Gazetteer.open()


@pytest.fixture
def own(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(mine.VARIABLE, str(path))
    return path


def test_a_loaded_village_is_where_an_event_is(tmp_path: Path, own: Path) -> None:
    """`tocsin code` does not know a village before its country is loaded, and puts the event there after."""
    text = "Gunmen killed three farmers in the village of Zambakoro in Mali on Monday, residents said."
    report = plain(tmp_path, text, "report.txt")
    found = []
    for places in ("", str(own)):
        load([packed(tmp_path, MALI)], own)
        command = [sys.executable, "-m", "tocsin", "code", str(report), "--published", "2024-03-12", "-f", "jsonl"]
        done = subprocess.run(command, env=ENVIRONMENT | {mine.VARIABLE: places}, capture_output=True, check=True)
        [event] = json.loads(done.stdout)["events"]
        found.append({name: event[name]["value"] if isinstance(event[name], dict) else event[name]
                      for name in ("location", "latitude", "longitude", "geo_precision", "geonameid")})  # fmt: skip
    assert found[0]["latitude"] != 14.21
    assert found[1] == {"location": "Zambakoro", "latitude": 14.21, "longitude": -3.33, "geo_precision": 1,
                        "geonameid": 90_000_001}  # fmt: skip


def test_the_commands_work_together(tmp_path: Path, own: Path, run: Run) -> None:
    """Load, add, show, near, remove: each says what it did and what to do next."""
    dump = packed(tmp_path, [*MALI, "bad"])
    done = run("places", "load", str(dump), "--countries", "Mali")
    assert (done.code, "ML.txt:4: found 1 columns" in done.err, "3 places loaded" in done.err) == (1, True, True)
    assert run("places", "add", "Zambadougou", "14.5", "-3.9", "--country", "ML", "--also", "Zambadugu").code == 0
    again = run("places", "add", "Zambadougou", "14.51", "-3.9", "--country", "ML")
    assert (again.code, "tocsin places remove u1" in again.err) == (2, True)
    shown = [json.loads(each) for each in run("places", "show", "zambadugu", "--format", "jsonl").out.splitlines()]
    assert [(row["id"], row["name"], row["admin1"], row["source"]) for row in shown] == [
        ("u1", "Zambadougou", "Mopti", "added")
    ]
    assert "ML.zip" in run("places", "show", str(BANDIAGARA), "-f", "table").out
    near = run("places", "near", "14.2", "-3.3", "--km", "20", "-f", "table").out
    assert ("Zambakoro" in near, "Bandiagara, Mopti" in near) == (True, False)
    assert "Zambakoro" in run("places", "near", "Zambakoro", "-f", "jsonl").out
    assert run("places", "remove", "u1").code == 0
    unknown = run("places", "show", "Zambadougou")
    assert (unknown.code, "tocsin places add" in unknown.err) == (2, True)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["load", "none.zip"], "none.zip: no such file"),
        (["load", "none.zip", "--countries", "Atlantis"], "--countries: country: found 'Atlantis'"),
        (["load", "none.zip", "--classes", "P,Q"], "--classes: found Q, expected some of P,A,L"),
        (["add", "Zo", "14", "-3", "--country", "XX"], "--country: country: found 'XX'"),
        (["remove", "Zo"], "expected u and a number"),
        (["remove", "u4"], "there is nothing to remove"),
        (["near", "Nowhere At All"], "give its latitude and longitude"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_says_what_to_do(own: Path, run: Run, typed: list[str], expected: str) -> None:
    done = run("places", *typed)
    assert (done.code, done.out) == (2, "")
    assert expected in done.err


def test_without_a_gazetteer_of_ones_own_places_are_shown_too(own: Path, run: Run) -> None:
    assert "built in" in run("places", "show", "Bandiagara", "-f", "table").out
    assert run("places", "near", "0", "-30", "--km", "5").err == "No place is known within 5 km. Give a larger --km.\n"
    assert not own.exists()


def test_every_option_is_documented() -> None:
    """docs/commands.md names each option of each of these commands."""
    sections = re.split(r"^## ", (ROOT / "docs/commands.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    [section] = [text for text in sections if text.startswith("`tocsin places")]
    commands = typer.main.get_command(cli_places.app).commands  # type: ignore[attr-defined]
    options = {option for command in commands.values() for each in command.params for option in each.opts}
    wanted = {option for option in options if option.startswith("-")}
    assert wanted <= set(re.findall(r"`(-[-a-z0-9]+)`", section))
    assert set(commands) == set(re.findall(r"tocsin places ([a-z]+)", section))
