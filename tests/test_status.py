"""Did it happen? Sentences, the words that mention the event, the status expected. Published on 15 May 2024."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from tocsin.code.lexicon import Entry, Match, load
from tocsin.code.status import Judgement, StatusJudge
from tocsin.errors import DataError
from tocsin.model import Report, Span, Status
from tocsin.read.reader import Reader

ENGLISH = [
    ("Hundreds protested peacefully on Friday against killings by the police.", "killings", "statement"),
    ("Students marched to denounce the murder of a lecturer.", "murder", "statement"),
    ("A rally was held over the arrest of a journalist.", "arrest", "statement"),
    ("Troops fought over the bridge and an attack against the camp killed two.", "attack", "happened"),
    ("Gunmen attacked the village of Dano on Monday.", "attacked", "happened"),
    ("The army fired no shots.", "fired no shots", "denied"),
    ("Militants have killed three farmers near Gao.", "killed", "happened"),
    ("The soldiers began to shoot at the crowd.", "shoot", "happened"),
    ("The men tried to storm the post.", "storm", "happened"),
    ("Police arrested forty protesters outside parliament.", "arrested", "happened"),
    ("Rebels smashed the windows of the court.", "smashed", "happened"),
    ("A bomber in a football shirt killed two soldiers.", "killed", "happened"),
    ("No group claimed the attack on the market.", "attack", "happened"),
    ("Troops retook the town, which the rebels had held since January.", "retook", "happened"),
    ("He was killed with his wife by rebels on Sunday.", "killed", "happened"),
    ("The army did not attack the village.", "attack", "denied"),
    ("No attack took place in Dano.", "attack", "denied"),
    ("The governor denied that gunmen had attacked the town.", "attacked", "denied"),
    ("Reports of an attack are untrue.", "attack", "denied"),
    ("There were rumours of a raid on the camp.", "raid", "denied"),
    ("There is no evidence of a massacre.", "massacre", "denied"),
    ("The army will attack the town.", "attack", "planned"),
    ("The union is planning a march in Lagos.", "march", "planned"),
    ("A rally is planned for Saturday.", "rally", "planned"),
    ("The opposition called for a protest on Friday.", "protest", "planned"),
    ("The march was called off after talks.", "march", "planned"),
    ("Organisers have cancelled the march.", "march", "planned"),
    ("The group threatened to kill the hostages.", "kill", "threatened"),
    ("The group has vowed to attack polling stations.", "attack", "threatened"),
    ("Rebels could attack the town.", "attack", "hypothetical"),
    ("Residents fear an attack on the camp.", "attack", "hypothetical"),
    ("If rebels attack the town, thousands will flee.", "attack", "hypothetical"),
    ("Soldiers were sent to protect farmers against attacks.", "attacks", "hypothetical"),
    ("The deal aims to prevent a massacre.", "massacre", "hypothetical"),
    ("Bandits often attack travellers on this road.", "attack", "generic"),
    ("Gunmen repeatedly attacked the road in those days.", "attacked", "generic"),
    ("More than 200 people have been killed since January.", "killed", "cumulative"),
    ("So far this year bandits have killed 90 farmers.", "killed", "cumulative"),
    ("In 2012 rebels attacked the same village.", "attacked", "background"),
    ("Rebels killed forty people here in March 2019.", "killed", "background"),
    ("He was sentenced to ten years for the murder of a judge.", "murder", "background"),
    ("The town marked the anniversary of the massacre.", "massacre", "background"),
    ("The critic described the vote as a massacre.", "massacre", "statement"),
    ("A gas cylinder explosion killed two cooks.", "explosion", "not_political"),
    ("An elephant killed a woman in Seronga.", "killed", "not_political"),
    ("Police arrested a driver for speeding.", "arrested", "not_political"),
    ("Robbers shot a jeweller during a robbery.", "shot", "not_political"),
    ("Soldiers stormed the building in a joint exercise.", "stormed", "not_political"),
]

FRENCH = [
    ("Des centaines de personnes ont manifesté contre les tueries.", "tueries", "statement"),
    ("Ils ont marché lundi pour dénoncer l'assassinat d'un imam.", "assassinat", "statement"),
    ("L'armée a lancé un assaut contre le camp.", "assaut", "happened"),
    ("Des hommes armés ont attaqué le village de Dano lundi.", "attaqué", "happened"),
    ("Les djihadistes ont tué trois bergers près de Gao.", "tué", "happened"),
    ("L'armée aurait tué douze civils à Moura.", "tué", "happened"),
    ("Les soldats ont commencé à tirer sur la foule.", "tirer", "happened"),
    ("La police a arrêté quarante manifestants devant le parlement.", "arrêté", "happened"),
    ("Les rebelles ont brûlé le tribunal de Bria.", "brûlé", "happened"),
    ("Les manifestants ont été dispersés au canon à eau.", "dispersés", "happened"),
    ("L'armée a repris la ville, tenue par les rebelles depuis janvier.", "repris", "happened"),
    ("L'armée n'a pas attaqué le village.", "attaqué", "denied"),
    ("Aucune attaque n'a été signalée à Dano.", "attaque", "denied"),
    ("L'attaque n'a pas eu lieu.", "attaque", "denied"),
    ("Le gouverneur a démenti une attaque contre la ville.", "attaque", "denied"),
    ("Des rumeurs d'attaque ont couru en ville.", "attaque", "denied"),
    ("L'armée attaquera la ville.", "attaquera", "planned"),
    ("Une marche est prévue samedi à Lomé.", "marche", "planned"),
    ("Le syndicat appelle à une marche vendredi.", "marche", "planned"),
    ("La marche a été annulée par les organisateurs.", "marche", "planned"),
    ("Les rebelles veulent attaquer la ville.", "attaquer", "planned"),
    ("L'opposition prépare une manifestation à Conakry.", "manifestation", "planned"),
    ("Le groupe menace d'attaquer les bureaux de vote.", "attaquer", "threatened"),
    ("Il a reçu des menaces de mort.", "mort", "threatened"),
    ("Les rebelles pourraient attaquer la ville.", "attaquer", "hypothetical"),
    ("Les habitants craignent une attaque.", "attaque", "hypothetical"),
    ("Si les rebelles attaquent la ville, des milliers fuiront.", "attaquent", "hypothetical"),
    ("L'accord doit permettre d'éviter un massacre.", "massacre", "hypothetical"),
    ("L'armée est capable de prendre la ville.", "prendre", "hypothetical"),
    ("Des bandits attaquent souvent les voyageurs.", "attaquent", "generic"),
    ("Les partisans manifestent chaque vendredi.", "manifestent", "generic"),
    ("Plus de 200 personnes ont été tuées depuis janvier.", "tuées", "cumulative"),
    ("L'association a recensé quarante meurtres.", "meurtres", "cumulative"),
    ("En 2012, des rebelles ont attaqué le même village.", "attaqué", "background"),
    ("Des rebelles ont tué quarante personnes ici en mars 2019.", "tué", "background"),
    ("Il a été condamné à dix ans pour le meurtre d'un juge.", "meurtre", "background"),
    ("La ville a célébré l'anniversaire du massacre.", "massacre", "background"),
    ("Le député a parlé de massacre.", "massacre", "statement"),
    ("L'explosion d'une bouteille de gaz a fait deux morts.", "explosion", "not_political"),
    ("Un éléphant a tué une femme à Pama.", "tué", "not_political"),
    ("La police a arrêté un trafiquant de cannabis.", "arrêté", "not_political"),
    ("Des braqueurs ont tué un bijoutier.", "tué", "not_political"),
    ("Des commandos ont pris le bâtiment lors d'un exercice militaire.", "pris", "not_political"),
]

SPORT = (
    "The visitors shelled the goal for an hour in the final. Their captain scored from a penalty in the second half. "
    "The striker then fired from range, and the keeper was beaten. On Monday rebels attacked a village near the border."
)


@cache
def reader() -> Reader:
    return Reader()


def judged(text: str, event: str, lang: str, title: str | None = None) -> Judgement:
    """The judgement on the words `event` of `text`."""
    reading = reader().read(Report("r", text, title, date(2024, 5, 15), lang=lang))
    start = text.index(event)
    tactic = "arrest" if event in ("arrested", "arrêté") else "armed_attack"
    entry = Entry("test", tactic, "event", frozenset(), frozenset(), frozenset(), False)
    inside = [i for i, word in enumerate(reading.words) if start <= word.start < start + len(event)]
    match = Match(Span(start, start + len(event)), entry, inside[0], inside[-1])
    return StatusJudge(reading).judge(match, reading.sentence_at(start))


@pytest.mark.parametrize(("text", "event", "status"), ENGLISH)
def test_english(text: str, event: str, status: str) -> None:
    assert judged(text, event, "en").status == status


@pytest.mark.parametrize(("text", "event", "status"), FRENCH)
def test_french(text: str, event: str, status: str) -> None:
    assert judged(text, event, "fr").status == status


@pytest.mark.parametrize(("text", "event", "status"), [*ENGLISH, *FRENCH])
def test_every_judgement_but_happened_names_its_words(text: str, event: str, status: str) -> None:
    lang = "en" if (text, event, status) in ENGLISH else "fr"
    judgement = judged(text, event, lang)
    assert judgement.rule.startswith("status.")
    assert (judgement.span is None) == (judgement.status is Status.HAPPENED)
    if judgement.span:
        assert 0 <= judgement.span.start < judgement.span.end <= len(text)


def test_a_report_on_sport_tells_no_attack_but_its_last_sentence_does() -> None:
    title = "Late penalty settles cup final"
    assert judged(SPORT, "shelled", "en", title).rule == "status.topic-sport"
    assert judged(SPORT, "fired", "en", title).status is Status.NOT_POLITICAL
    assert judged(SPORT, "attacked", "en", title).status is Status.HAPPENED


LOCAL = (
    "A couple was found dead in a flat on Monday. The man had killed his wife, detectives said. "
    "He fired twice. Neighbours heard nothing. {}"
)


@pytest.mark.parametrize(
    ("last", "rule"),
    [("The flat is for rent.", "status.no-conflict"), ("He led a rebel group.", "status.happened")],
)
def test_a_report_without_a_word_of_conflict_is_not_political(last: str, rule: str) -> None:
    assert judged(LOCAL.format(last), "fired", "en").rule == rule


def test_every_cue_has_a_known_status_and_a_known_scope() -> None:
    scopes = {
        "governor", "before", "after", "just-before", "just-after", "clause", "cause", "sentence", "condition", "topic",
        "politics", "conflict", "negation", "future", "modal", "light", "happening", "undated", "recalls",
        "gathering", "in-protest",
    }  # fmt: skip
    for lang in ("en", "fr"):
        for entry in load(lang, "cues").entries:
            assert entry.tactic in set(Status), entry.id
            assert {fact for fact in entry.facts if not fact.startswith("of:")} <= scopes, entry.id


def test_both_languages_have_the_same_kinds_of_cue() -> None:
    kinds = {lang: {entry.id for entry in load(lang, "cues").entries} for lang in ("en", "fr")}
    assert kinds["en"] - {"modal"} == kinds["fr"]  # French has a mood where English has modal verbs


def test_a_language_without_cues_is_no_silent_success() -> None:
    with pytest.raises((DataError, FileNotFoundError)):
        load("xx", "cues")
