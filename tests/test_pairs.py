"""The two main actors of an event, from short reports."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.code import Tools, claims_in
from tocsin.code.found import RULES
from tocsin.code.pairs import Conflict, find_pair
from tocsin.code.sides import Party, Where
from tocsin.codebook import Verdict
from tocsin.model import Actor, ActorMention, Claim, Report, Span
from tocsin.registry import Registry

PUBLISHED = date(2022, 7, 22)  # a Friday

CASES = [
    # A claim of responsibility names the unnamed attackers.
    (
        "en",
        "Gunmen attacked an army base at Kati in Mali on Thursday, killing four soldiers. "
        "The attack was claimed by JNIM.",
        ("JNIM: Group for Support of Islam and Muslims", "Military Forces of Mali (2021-)"),
    ),
    # Nobody knows who: they stay unidentified.
    (
        "en",
        "Unknown gunmen shot dead three farmers near Gao in Mali on Thursday. No group has claimed responsibility.",
        ("Unidentified Armed Group (Mali)", "Civilians (Mali)"),
    ),
    ("en", "Hundreds of students marched peacefully in Bamako, Mali, on Thursday.", ("Protesters (Mali)", None)),
    (
        "fr",
        "Des combattants du JNIM ont tendu une embuscade à l'armée malienne jeudi près de Gao, au Mali. "
        "Cinq soldats ont été tués.",
        ("JNIM: Group for Support of Islam and Muslims", "Military Forces of Mali (2021-)"),
    ),
    # Two that talk are both parties, also as the nouns of one word.
    (
        "en",
        "Talks between Berom and Fulani elders in Jos, Nigeria, ended on Thursday with a signed pledge to stop the "
        "fighting.",
        ("Berom Ethnic Militia (Nigeria)", "Fulani Ethnic Militia (Nigeria)"),
    ),
    # Who takes the ground stands first.
    (
        "en",
        "Malian soldiers recaptured the town of Gao in Mali from JNIM on Thursday.",
        ("Military Forces of Mali (2021-)", "JNIM: Group for Support of Islam and Muslims"),
    ),
    (
        "en",
        "JNIM captured the town of Gao in Mali from Malian soldiers on Thursday.",
        ("JNIM: Group for Support of Islam and Muslims", "Military Forces of Mali (2021-)"),
    ),
    # Nobody says whose missile it was, but the country is at war.
    (
        "en",
        "A missile hit a block of flats in Kharkiv, Ukraine, on Thursday. Three residents were killed.",
        ("Military Forces of Russia (2000-)", "Civilians (Ukraine)"),
    ),
    # An official signs for the government, and is a civilian when he is shot.
    (
        "en",
        "The governor of Gao, in Mali, signed a ceasefire with JNIM on Thursday.",
        ("JNIM: Group for Support of Islam and Muslims", "Government of Mali (2021-)"),
    ),
    (
        "en",
        "Gunmen shot dead the governor of Gao, in Mali, on Thursday.",
        ("Unidentified Armed Group (Mali)", "Civilians (Mali)"),
    ),
    # Of two that fight, the one that acts stands in front.
    (
        "en",
        "Police shot dead two gunmen in a gun battle in Gao, Mali, on Thursday.",
        ("Police Forces of Mali (2021-)", "Unidentified Armed Group (Mali)"),
    ),
    (
        "fr",
        "Des hommes armés ont enlevé trois commerçants jeudi à Ménaka, au Mali.",
        ("Unidentified Armed Group (Mali)", "Civilians (Mali)"),
    ),
]


@pytest.fixture(scope="module")
def tools() -> Tools:
    return Tools.load(finder=RULES)


def coded(tools: Tools, lang: str, text: str) -> Claim:
    claims = claims_in(Report("r", text, None, PUBLISHED, lang=lang), tools).claims
    assert claims, "nothing was coded"
    return claims[0]


@pytest.mark.parametrize(("lang", "text", "actors"), CASES)
def test_main_actors(tools: Tools, lang: str, text: str, actors: tuple[str, str | None]) -> None:
    claim = coded(tools, lang, text)
    assert (claim.actor1.value, claim.actor2.value) == actors


def test_groups_of_people_are_associated(tools: Tools) -> None:
    claim = coded(tools, "en", "Hundreds of students marched peacefully in Bamako, Mali, on Thursday.")
    assert claim.assoc_actor_1.value == ("Students (Mali)",)


def test_a_stand_in_has_no_words(tools: Tools) -> None:
    claim = coded(tools, "en", "A roadside bomb killed three soldiers near Gao in Mali on Thursday.")
    assert (claim.actor1.value, claim.actor1.rule) == ("Unidentified Armed Group (Mali)", "actor.default")
    assert claim.actor1.spans == ()


@pytest.mark.parametrize("likely", [0, 1])
def test_of_two_alike_the_one_that_the_model_finds_likely_is_taken(likely: int) -> None:
    def party(name: str, inter: str, odds: tuple[float, ...]) -> Party:
        return Party(Actor(name, inter, ""), (ActorMention(Span(0, 1), "group", name),), frozenset({"before"}), odds)

    acts, suffers, no_part = (4.0, -4.0, 3.0, -3.0), (-4.0, 4.0, -3.0, 3.0), (-4.0, -4.0, -3.0, -3.0)
    rebels = [party(name, "Rebel group", acts if at == likely else no_part) for at, name in enumerate(("Blue", "Red"))]
    army = party("Military Forces of Mali (2021-)", "State forces", suffers)
    verdict = Verdict("Battles", "Armed clash", "", civilian_targeting=False, disorder_type="Political violence")
    pair = find_pair(Conflict(verdict, [*rebels, army], (), Where("", None, None)), Registry.load())
    assert {pair.first, pair.second} == {rebels[likely], army}
