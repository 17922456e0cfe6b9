"""From an incident to a claim: what is coded, with what behind it. Published on Wednesday 15 May 2024."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.model import Claim
from whole import code, values

ATTACK = "Gunmen killed six civilians in Gao, Mali, on Monday."


def only(text: str, lang: str = "en") -> Claim:
    (claim,) = code(text, lang).claims
    return claim


def quotes(claim: Claim, name: str, text: str) -> list[str]:
    return [span.of(text) for span in values(claim)[name].spans]


@pytest.mark.parametrize(
    ("name", "value", "quote"),
    [
        ("event_type", "Violence against civilians", "killed"),
        ("sub_event_type", "Attack", "killed"),
        ("event_date", date(2024, 5, 13), "on Monday"),
        ("time_precision", 1, "on Monday"),
        ("actor1", "Unidentified Armed Group (Mali)", "Gunmen"),
        ("actor2", "Civilians (Mali)", "civilians"),
        ("country", "Mali", "Gao"),
        ("location", "Gao", "Gao"),
        ("fatalities", 6, "six civilians"),
        ("civilian_targeting", True, "killed"),
    ],
)
def test_each_value_stands_with_its_words(name: str, value: object, quote: str) -> None:
    claim = only(ATTACK)
    assert values(claim)[name].value == value
    assert quotes(claim, name, ATTACK) == [quote]


@pytest.mark.parametrize(
    ("text", "lang", "kind"),
    [
        (ATTACK, "en", "Attack"),
        ("Rebels clashed with soldiers near Gao, Mali, on Monday.", "en", "Armed clash"),
        ("Rebels captured Gao, Mali, from the army on Monday.", "en", "Non-state actor overtakes territory"),
        ("Hundreds of people marched peacefully in Lagos, Nigeria, on Monday.", "en", "Peaceful protest"),
        ("An army jet bombed a market in Nyala, Sudan, on Monday.", "en", "Air/drone strike"),
        ("Gunmen abducted a priest in Gao, Mali, on Monday.", "en", "Abduction/forced disappearance"),
        ("Des hommes armés ont tué six civils à Gao, au Mali, lundi.", "fr", "Attack"),
        ("Des rebelles ont affronté des soldats près de Gao, au Mali, lundi.", "fr", "Armed clash"),
        ("Des centaines de personnes ont manifesté à Lomé, au Togo, lundi.", "fr", "Peaceful protest"),
        ("Un avion de l'armée a bombardé un marché à Nyala, au Soudan, lundi.", "fr", "Air/drone strike"),
        ("Un avion de l'armée a bombardé une école à Nyala, au Soudan, lundi.", "fr", "Air/drone strike"),
        ("Des hommes armés ont enlevé un prêtre à Gao, au Mali, lundi.", "fr", "Abduction/forced disappearance"),
        ("The rebels took Gao, Mali, on Monday.", "en", "Non-state actor overtakes territory"),  # a place by its name
        ("Two men shot a teacher in Gao, Mali, on Monday.", "en", "Attack"),  # who shoots is no mob
        ("Ukrainian drones set fire to a distillery in Tula, Russia, on Monday.", "en", "Air/drone strike"),  # no crowd
        ("Gunmen blocked the highway near Gao, Mali, on Monday.", "en", "Change to group/activity"),  # nor here
        (
            "Police detained 140 opposition supporters in Kampala, Uganda, on Monday.",
            "en",
            "Arrests",
        ),  # no protest told
        ("Police fired tear gas at a march in Lagos, Nigeria, on Monday.", "en", "Protest with intervention"),
        (
            "Women gathered outside the mint in Jos, Nigeria, on Monday. Soldiers fired live rounds; four women died.",
            "en",
            "Excessive force against protesters",
        ),
        ("Des obus chargés de chlore sont tombés à Alep, en Syrie, lundi.", "fr", "Chemical weapon"),
        ("Un kamikaze s'est fait exploser à Gao, au Mali, lundi, tuant deux soldats.", "fr", "Suicide bomb"),
    ],
)
def test_one_sentence_of_each_common_kind(text: str, lang: str, kind: str) -> None:
    assert only(text, lang).sub_event_type.value == kind


@pytest.mark.parametrize("text", ["Gunmen killed six civilians.", "Des hommes armés ont tué six civils."])
def test_a_snippet_without_day_and_place_gives_its_type(text: str) -> None:
    """It is no row: the claim says so, and nothing stands in for what the text does not give."""
    claim = only(text, "fr" if "armés" in text else "en")
    assert not claim.complete
    assert (claim.event_date.value, claim.country.value, claim.latitude.value) == (None, None, None)
    assert claim.event_date.rule == "date not stated"


def test_a_stand_in_has_a_rule_and_no_words() -> None:
    """Nobody says who planted the bomb: the actor is unidentified by rule."""
    claim = only("A roadside bomb killed four soldiers near Gao, Mali, on Monday.")
    assert str(claim.actor1.value).startswith("Unidentified Armed Group")
    assert claim.actor1.spans == ()
    assert claim.actor1.rule == "actor.default"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Rebels threatened to attack Gao, Mali.", "threatened"),
        ("The army denied an attack on Gao, Mali, on Monday.", "denied"),
        ("Rebels could attack Gao, Mali, on Friday.", "hypothetical"),
        ("A march is planned in Lagos, Nigeria, for Friday.", "planned"),
        ("L'opposition appelle à une marche à Lomé vendredi.", "planned"),
        ("Aucune attaque n'a eu lieu lundi à Gao, au Mali.", "denied"),
    ],
)
def test_what_did_not_happen_is_rejected_with_its_status(text: str, reason: str) -> None:
    found = code(text, "fr" if "à" in text else "en")
    assert not found.claims
    assert reason in {mention.reason for mention in found.rejected}


def test_a_day_to_come_is_not_coded() -> None:
    """Whatever the words say, nothing happened after publication."""
    assert not code("Gunmen killed six civilians in Gao, Mali, on 20 May 2024.").claims


def test_without_a_day_of_publication_an_issue_says_so() -> None:
    found = code(ATTACK, published=None)
    assert [issue.level for issue in found.issues] == ["warning"]
    assert found.claims[0].event_date.value is None
