"""Locating the names of any text: which words are places, which places they mean, and the command `tocsin locate`."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command import Result, Run
from tocsin.errors import DataError
from tocsin.locate import Gazetteer, rank, tables
from tocsin.locate.anywhere import Mention, locate
from tocsin.locate.candidates import candidates
from tocsin.locate.scene import ALONE, TOGETHER, alone, scene_of, together
from tocsin.locate.spot import Spot
from tocsin.model import Place, Span

GAZETTEER = Gazetteer.open()
STORM = "Hail fell on Paris, Texas, and on Bonham. The mayor of Paris asked Oklahoma for help."


def names(text: str, lang: str = "en") -> list[str]:
    return [m.name for m in locate(text, lang, GAZETTEER)]


def place(text: str, name: str, lang: str = "en") -> Place:
    found = next(m.place for m in locate(text, lang, GAZETTEER) if m.name == name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "kind", "home"),
    [
        ("Calif.", "admin1", "California"),
        ("N.Y.", "admin1", "New York"),
        ("NSW", "admin1", "New South Wales"),
        ("Texans", "admin1", "Texas"),
        ("Scottish", "admin1", "Scotland"),
        ("Burkinabe", "country", "Burkina Faso"),
        ("EU", "region", "European Union"),
        ("European", "region", "Europe"),
        ("Liptako-Gourma", "region", "Liptako-Gourma"),
        ("Donbas", "region", "Donbas"),
        ("Black Sea", "area", "Black Sea"),
        ("Harris County", "admin2", "Harris"),
        ("Kebbi State", "admin1", "Kebbi"),
        ("City of Lagos", "place", "Lagos"),
        ("St. Louis", "place", "St. Louis"),
        ("northern Mali", "country", "Mali"),
    ],
)
def test_a_name_leads_to_its_place(name: str, kind: str, home: str) -> None:
    """Short, adjectival and longer names have the place among those that they can mean."""
    assert (kind, home) in {(c.place.kind, c.place.name) for c in candidates(name, "en", GAZETTEER)}


def test_a_word_of_no_place_has_no_candidates() -> None:
    assert candidates("Xyzzyville", "en", GAZETTEER) == ()


def test_continents_and_wide_units_have_ids_and_middles() -> None:
    """As GeoNames has them, so that other tools can join on the id."""
    africa = candidates("Africa", "en", GAZETTEER)[0].place
    texas = next(c.place for c in candidates("Texas", "en", GAZETTEER) if c.place.kind == "admin1")
    assert africa.geonameid == 6255146
    assert candidates("D.C.", "en", GAZETTEER)[0].place.geonameid == 4138106
    assert (round(texas.latitude), round(texas.longitude)) == (32, -99)


@pytest.mark.parametrize(
    ("text", "name", "country", "admin1"),
    [
        (STORM, "Paris", "USA", "Texas"),
        ("The council of London, Ontario, met in Toronto's suburbs on Monday.", "London", "CAN", "Ontario"),
        ("Troops left Tripoli, Lebanon, for Beirut.", "Tripoli", "LBN", None),
        ("From Athens, Ga., they drove to Atlanta.", "Athens", "USA", "Georgia"),
        ("The ferry from Cairns to Brisbane was late, Queensland police said.", "Cairns", "AUS", "Queensland"),
        ("Gunmen from Gao crossed the river towards Ansongo, Malian officials said.", "Gao", "MLI", "Gao"),
    ],
)
def test_a_name_means_the_place_that_fits_the_others(text: str, name: str, country: str, admin1: str | None) -> None:
    found = place(text, name)
    assert found.country == country
    assert admin1 in (None, found.admin1)


def test_a_name_has_one_sense_in_a_text() -> None:
    """Paris stays Paris, Texas, where no state is named beside it."""
    assert {m.place.geonameid for m in locate(STORM, "en", GAZETTEER) if m.name == "Paris" and m.place} == {4717560}


def test_french_texts_are_read_too() -> None:
    found = place("La pluie est tombée sur Ségou et Mopti, au Mali, jeudi.", "Ségou", "fr")
    assert found.country == "MLI"


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Florence Jordan and her son Austin Jordan sang.", "Jordan"),
        ("Mrs Harriet Lincoln spoke. She was tired.", "Lincoln"),
        ("On Sunday the March was cancelled in Lagos.", "March"),
        ("The Washington Post Company wrote to Chad Smith.", "Smith"),
    ],
)
def test_people_and_ordinary_words_are_no_places(text: str, absent: str) -> None:
    assert absent not in names(text)


def test_a_given_span_without_a_place_stays_empty() -> None:
    """It is listed all the same."""
    text = "They met at Xyzzyville."
    assert locate(text, "en", GAZETTEER, [Span(12, 22)]) == (Mention(Span(12, 22), "Xyzzyville", None, 0.0),)


def test_a_town_that_no_list_has_is_named_without_a_place() -> None:
    """The words before it say what it is."""
    found = locate("Hail fell on the village of Xyzzyville near Lagos.", "en", GAZETTEER)
    assert [(m.name, m.place is None) for m in found] == [("Xyzzyville", True), ("Lagos", False)]


def test_a_long_text_is_located_piece_by_piece() -> None:
    """All its names are there, in order; each is told by those around it."""
    found = locate("Hail fell on Springfield, Illinois. " * 300, "en", GAZETTEER)
    assert [m.name for m in found] == ["Springfield", "Illinois"] * 300
    assert {m.place.geonameid for m in found if m.place} == {4250542, 4896861}


def test_given_spans_are_read_beside_the_other_names() -> None:
    """Only the span is answered, but Texas tells which Paris."""
    (found,) = locate(STORM, "en", GAZETTEER, [Span(13, 18)])
    assert found.place is not None
    assert found.place.geonameid == 4717560


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("Paris Lagos, Texas. in (the) St. d'Gao\n-County é")), st.sampled_from(["en", "fr"]))
def test_mentions_lie_in_the_text_in_order(text: str, lang: str) -> None:
    """Whatever the text: spans quote it and do not overlap, and confidence is a share."""
    found = locate(text, lang, GAZETTEER)
    assert all(m.span.of(text) == m.name and 0 <= m.confidence <= 1 for m in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(["Paris", "Texas", "Gao", "Xyzzyville", "EU", "Springfield"]), max_size=8))
def test_chances_sum_to_one(words: list[str]) -> None:
    """For each name; the tables have a row for each candidate and a column for each sign."""
    text = ", ".join(words)
    starts = [sum(len(w) + 2 for w in words[:n]) for n in range(len(words))]
    spots = [Spot(a, a + len(w), w, candidates(w, "en", GAZETTEER)) for a, w in zip(starts, words, strict=True)]
    scene = scene_of(text, spots)
    chance = rank.chances(scene)
    assert alone(scene).shape == (len(scene.places), len(ALONE))
    assert together(scene, chance).shape == (len(scene.places), len(TOGETHER))
    sums = np.bincount(scene.owner, chance, minlength=len(scene.spots))
    assert np.allclose(sums, 1.0)


def test_a_weight_of_an_unknown_sign_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt sign would silently weigh nothing."""
    (tmp_path / "rank.toml").write_text("[first]\nmian = 1.0\n")
    monkeypatch.setattr(tables, "DATA", tmp_path)
    rank.weights.cache_clear()
    tables.toml.cache_clear()
    try:
        with pytest.raises(DataError, match="found 'mian', expected one of main"):
            rank.weights("first", ALONE)
    finally:
        monkeypatch.undo()
        tables.toml.cache_clear()


def test_the_command_writes_a_line_for_each_text(run: Run, tmp_path: Path) -> None:
    """With the fields of the contract, in the order given."""
    (tmp_path / "in.jsonl").write_text(
        "".join(
            json.dumps({"id": str(n), "text": f"Hail fell on {name}."}) + "\n"
            for n, name in enumerate(["Lagos", "Lyon"])
        )
    )
    found = run("locate", "in.jsonl", "--format", "jsonl", "--lang", "en", "--jobs", "1")
    lines = [json.loads(line) for line in found.out.splitlines()]
    assert (found.code, found.err) == (0, "")
    assert [line["id"] for line in lines] == ["0", "1"]
    (lagos,) = lines[0]["mentions"]
    assert list(lagos) == [
        "start",
        "end",
        "text",
        "geonameid",
        "latitude",
        "longitude",
        "kind",
        "radius_km",
        "confidence",
    ]
    assert (lagos["start"], lagos["end"], lagos["text"], lagos["geonameid"]) == (13, 18, "Lagos", 2332459)


def test_the_command_resolves_given_spans(run: Run, tmp_path: Path) -> None:
    """A span outside the text costs that span, a bad line that line; both are named, and the rest goes on."""
    good = {"id": "a", "text": STORM, "mentions": [{"start": 13, "end": 18}, {"start": 13, "end": 999}]}
    lines = [json.dumps(good), '{"id": "b", "text": "No mentions here."}', "nonsense"]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    found = run("locate", "in.jsonl", "--spans", "-o", "out.jsonl", "--max-bytes", "100000", "--timeout", "5")
    (line,) = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert found.code == 1
    assert [m["geonameid"] for m in line["mentions"]] == [4717560]
    for words in ("in.jsonl:1: found", "'end': 999", "in.jsonl:2: the line has no list", "in.jsonl:3: not JSON"):
        assert words in found.err


def test_the_command_shows_a_table(run: Run, tmp_path: Path) -> None:
    """For people; a text in a language that is not served is read with the English words."""
    (tmp_path / "a.txt").write_text("El alcalde de Bogotá viajó ayer a Medellín, dijeron las autoridades de la ciudad.")
    found = run("locate", "a.txt", "--format", "table", "--in-format", "text")
    assert (found.code, found.err) == (0, "")
    for words in ("Bogotá", "Medellín", "Colombia", "± 12 km"):
        assert words in found.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nothing.jsonl", "--spans"), "nothing.jsonl: No such file or directory; --spans reads files of report lines"),
        (("a.txt", "--lang", "tlh"), "--lang: language 'tlh' is not served"),
        (("a.txt", "-o", "no/such/folder.jsonl"), "give the name of a file in a folder that exists"),
    ],
)
def test_wrong_usage_is_told(run: Run, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    (tmp_path / "a.txt").write_text("Hail fell on Lagos.")
    found = run("locate", *arguments)
    assert isinstance(found, Result)
    assert found.code == 2
    assert words in found.err
