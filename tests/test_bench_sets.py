"""Figures on other people's sets and what they needed: intervals, slots, tolls of a text, texts in capitals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from bench import awsd, hrds, hrds_fill, muc4, muc4_fill, police
from bench.asked import Asked, columns, mistakes, yes
from bench.interval import f1, interval
from bench.options import told as look_at
from bench.weigh import fit, total
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.code import Tools, look
from tocsin.code.told import told
from tocsin.model import Report
from tocsin.read.case import in_capitals, restored
from tocsin.read.reader import Reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_a_figure_lies_in_its_interval() -> None:
    figure, low, high = interval([(1.0, 1.0)] * 30 + [(0.0, 1.0)] * 10)
    assert figure == pytest.approx(0.75)
    assert 0.55 < low < figure < high < 0.92


def test_f1_of_sums() -> None:
    assert interval([(1, 2, 1), (0, 0, 1)], f1)[0] == pytest.approx(2 * 1 / (2 + 2))


def test_a_table_keeps_ours_and_naive_apart() -> None:
    table = columns([yes("right", True, False), yes("right", True, True)])
    assert (table["all"]["right"], table["naive"]["right"]) == (1.0, 0.5)


def test_only_what_is_wrong_is_shown() -> None:
    assert mistakes([yes("day", True, True, "a"), yes("day", False, True, "b")], 5) == ["day: b"]
    assert mistakes([Asked("day", (0, 1), (0, 1), "c")], 0) == []


@pytest.mark.parametrize(
    ("text", "types", "code"),
    [
        ("Two nurses were kidnapped and later found dead.", set(), "KK"),
        ("A driver was abducted and freed after a week.", set(), "K"),
        ("A car bomb went off at the gate.", set(), "VBIED"),
        ("Their vehicle hit a landmine.", set(), "LM"),
        ("Staff were beaten by a crowd.", set(), "BA"),
        ("A convoy came under fire.", set(), "S"),
        ("The office was hit.", {"Shelling/artillery/missile attack"}, "AB"),
    ],
)
def test_means_of_attack(text: str, types: set[str], code: str) -> None:
    assert awsd.means(text, types) == code


def test_weighted_f1_is_one_where_all_is_right() -> None:
    rows = np.array([awsd.counted("S", "S"), awsd.counted("K", "K")])
    assert awsd.weighted_f1(rows.sum(0)) == pytest.approx(1.0)
    rows = np.array([awsd.counted("S", "K"), awsd.counted("K", "K")])
    assert awsd.weighted_f1(rows.sum(0)) == pytest.approx(0.5 * 2 / 3)


def test_nothing_given_is_nothing_wanted() -> None:
    line = {"annotations": [{"country": "None", "city": "Accra", "year": "2021.0", "month": "Sept", "date": None}]}
    assert hrds.given(line) == {"country": None, "city": "Accra", "year": 2021, "month": 9, "day": None}


def gold(**more: Any) -> dict[str, Any]:
    slots = {"type": ["BOMBING"], "perp_org": [], "location": None, "date": None, "hum_tgt_number": []}
    return {**slots, "optional": False, "deaths_derived": {"any_death": False, "min": 0, "max": 0}, **more}


def found(**more: Any) -> dict[str, Any]:
    return {**dict.fromkeys(muc4.SLOTS), "type": "BOMBING", **more}


def test_a_missing_template_misses_its_slots_and_an_event_without_one_is_false() -> None:
    assert muc4.rows([gold()], [])["type"] == (0.0, 0.0, 1.0)
    assert muc4.rows([], [found()])["type"] == (0.0, 1.0, 0.0)
    assert muc4.rows([gold()], [found()])["type"] == (1.0, 1.0, 1.0)


def test_optional_templates_neither_help_nor_hurt() -> None:
    assert muc4.rows([gold(optional=True)], [found()])["type"] == (0.0, 0.0, 0.0)
    assert muc4.rows([gold(optional=True)], [])["type"] == (0.0, 0.0, 0.0)


def test_a_country_alone_is_half_a_place() -> None:
    where = {"alternatives": [[{"name": "PERU", "type": "country"}, {"name": "LIMA", "type": "city"}]]}
    one = gold(location=where)
    assert muc4.rows([one], [found(location=["Lima", "Peru"])])["location"][0] == 1.0
    assert muc4.rows([one], [found(location=["Peru"])])["location"][0] == 0.5


def test_recall_at_the_lowest_cut_that_is_precise_enough() -> None:
    assert police.recall_at([4, 3, 2, 1], [True, True, False, True]) == 1.0
    assert police.recall_at([4, 3, 2, 1], [True, False, False, True]) == pytest.approx(0.5)
    assert police.recall_at([1, 1], [True, False]) == 0.0


def test_weights_tell_what_is_wanted() -> None:
    rows = [frozenset({"curfew"}), frozenset({"cricket"})] * 20
    weights = fit(rows, [True, False] * 20)
    assert weights["curfew"] > 0 > weights["cricket"]
    assert total(weights, rows[0]) > 0 > total(weights, rows[1])


def test_a_template_is_filled_from_a_text_in_capitals() -> None:
    lead = "LIMA, 12 MAR 89 (AFP) -- [TEXT] SHINING PATH GUERRILLAS KILLED FIVE PEASANTS YESTERDAY IN HUANTA. "
    text = lead + "THE ATTACK TOOK PLACE AT NIGHT, POLICE SAID."
    line = {"docid": "d", "text": text, "dateline": {"date": "1989-03-12"}}
    one = muc4_fill.read(line)
    assert {option.value for option in muc4_fill.days(one, "ATTACK")} == {"1989-03-11", "1989-03-12"}
    found = muc4_fill.fill(one, muc4_fill.learned())
    assert [each["type"] for each in found] == ["ATTACK"]
    assert found[0]["perpetrator organisation"] == ["SHINING PATH GUERRILLAS".lower()]
    assert found[0]["location"][0] == "Huanta"
    assert found[0]["victim number"] == 5


def test_the_attack_of_an_article_is_placed_and_dated() -> None:
    body = "Police in Nairobi arrested the lawyer Anna Kamau on 3 May 2021. Kenya said on Monday she is free."
    report = hrds.article(
        {"doc_id": "a", "title": "Kenya frees lawyer", "publish_date": "2021-06-07", "paragraphs": [body]}
    )
    one = look_at(report)
    assert {option.value for option in hrds_fill.years(one)} == {2021}
    assert {option.value for option in hrds_fill.months(one, 2021)} == {5, 6}
    found = hrds_fill.fill(one, hrds_fill.learned())
    assert (found["country"], found["city"], found["year"], found["month"], found["day"]) == (
        "Kenya", "Nairobi", 2021, 5, 3,
    )  # fmt: skip


def test_signs_of_an_act_of_the_police() -> None:
    assert {"stem arrest", "police - arrest"} <= police.pairs("The police arrested men.")
    line = {
        "doc_id": "p",
        "date": "2002-03-04",
        "sentences": [{"text": "the weather was fine."}, {"text": "police arrested ten men in the town."}],
    }
    calm, busy = police.found(line)
    assert "tactic arrest" not in calm
    assert {"tactic arrest", "by police"} <= busy


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("A man was shot dead on Monday. Police named him as Adam Reyes, 31, of Elm Street. Reyes died at once.", 1),
        ("Two people are dead. One man died at the scene and a woman died in hospital.", 2),
        ("A teacher and her son were killed. The woman died in the ambulance.", 2),
        ("An officer accidentally shot himself in the foot.", 0),
        ("Lena Moss, 44 - Neighbourhood news. Moss was killed in the 2300 block of Pine Road.", 1),
        ("Three bodies lay in the flat. A father and two boys died. Both boys were found dead upstairs.", 3),
        ("A baker was shot dead. In 2011 two bakers were killed here. The baker died at dawn.", 1),
        ("A cook and her two sons were killed.", 3),
        ("A roofer killed his wife and then killed himself.", 2),
        ("A roofer killed himself. A roofer of 40 had killed himself.", 1),
        ("No one was killed.", 0),
        ("4 NGO staff killed May 11.", 4),
    ],
)
def test_the_dead_of_a_text(reader: Reader, text: str, dead: int) -> None:
    """A man, his name and his age are one dead."""
    assert told(reader.read(Report("r", text, lang="en")).counts).best == dead


def test_those_of_a_side_may_be_left_out(reader: Reader) -> None:
    counts = reader.read(Report("r", "Three villagers and five rebels were killed.", lang="en")).counts
    assert told(counts, ("attackers",)).best == 3


WORDS = "the soldiers soldier attacked attacks attack village villages near bamako Bamako Village members member"
KNOWN = frozenset(WORDS.split(" "))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SOLDIERS ATTACKED THE VILLAGE NEAR BAMAKO.", "Soldiers attacked the village near Bamako."),
        ("MEMBERS OF (FMLN) ATTACKED. THE FMLN ATTACKS.", "Members of (FMLN) attacked. The FMLN attacks."),
        ("THE SOLDIERS ATTACKED ORZUKA.", "The soldiers attacked Orzuka."),
        ("Soldiers attacked the village near Bamako.", "Soldiers attacked the village near Bamako."),
        ("UNHCR", "UNHCR"),
    ],
)
def test_small_letters_come_back(text: str, expected: str) -> None:
    assert restored(text, "en", KNOWN) == expected


def test_small_letters_in_french(reader: Reader) -> None:
    text = "TROIS SOLDATS ONT ÉTÉ TUÉS PRÈS DE DJIBO, AU NORD DE OUAGADOUGOU."
    read = reader.read(Report("r", text, lang="fr"))
    assert read.text == "Trois soldats ont été tués près de Djibo, au nord de Ouagadougou."
    assert [(count.kind, count.number.best) for count in read.counts] == [("killed", 3)]


def test_groups_named_by_common_words_are_found_in_capitals() -> None:
    text = "SHINING PATH GUERRILLAS KILLED FIVE PEASANTS IN HUANTA YESTERDAY, POLICE SAID."
    scene = look(Report("r", text, lang="en"), Tools.load(["en"]))
    assert [mention.key for mention in scene.actors] == ["shining-path", "farmers", "police"]


@given(st.text(max_size=80))
@settings(deadline=None)
def test_every_character_keeps_its_place(text: str) -> None:
    for lang in ("en", "fr"):
        assert len(restored(text, lang, KNOWN)) == len(text)
    assert restored(text, "en", KNOWN).casefold() == text.casefold() or in_capitals(text)
