"""Who did it to whom around one word: sentence, that word, the agents, the targets."""

from __future__ import annotations

import pytest

from tocsin.code.roles import find_roles
from tocsin.model import Report, Span
from tocsin.read.reader import Reader
from tocsin.registry import Registry, find_actors

ENGLISH = [
    ("Gunmen attacked a village near Ansongo, killing ten residents.", "attacked", "Gunmen", "residents"),
    ("Gunmen killed ten residents near Ansongo.", "killed", "Gunmen", "residents"),
    ("Ten soldiers were killed by rebels in the north.", "killed", "rebels", "soldiers"),
    ("The patrol of the army was ambushed by M23 rebels on Monday.", "ambushed", "M23 rebels", "patrol of the army"),
    ("Rebels who attacked the police station fled at dawn.", "attacked", "Rebels", "police station"),
    ("An attack by gunmen on soldiers left four dead.", "attack", "gunmen", "soldiers"),
    ("A raid by Boko Haram against the police failed.", "raid", "Boko Haram", "police"),
    ("Police fired tear gas at protesters in the capital.", "fired", "Police", "protesters"),
    ("Soldiers clashed with insurgents for two hours.", "clashed", "Soldiers", "insurgents"),
    ("Police officers arrested three journalists on Friday.", "arrested", "Police officers", "journalists"),
    ("Students were beaten by policemen outside the ministry.", "beaten", "policemen", "Students"),
    ("Clashes between rebels and soldiers broke out on Sunday.", "Clashes", "rebels", "soldiers"),
    ("Israeli warplanes bombed Hezbollah positions overnight.", "bombed", "Israeli warplanes", "Hezbollah positions"),
    ("Fighters of the M23 stormed the camp and killed five soldiers.", "killed", "Fighters of the M23", "soldiers"),
    ("A mortar fired by rebels struck the residents of Gao.", "struck", "rebels", "residents"),
]
FRENCH = [
    ("Des hommes armés ont attaqué un village près d'Ansongo.", "attaqué", "hommes armés", ""),
    ("Des hommes armés ont tué dix habitants lundi.", "tué", "hommes armés", "habitants"),
    ("Dix soldats ont été tués par des rebelles dans le nord.", "tués", "rebelles", "soldats"),
    ("Une attaque des rebelles contre l'armée a fait quatre morts.", "attaque", "rebelles", "armée"),
    ("Les rebelles qui ont attaqué le commissariat ont fui.", "attaqué", "rebelles", "commissariat"),
    ("La police a dispersé les manifestants avec des gaz lacrymogènes.", "dispersé", "police", "manifestants"),
    ("Les soldats ont affronté des insurgés pendant deux heures.", "affronté", "soldats", "insurgés"),
    ("Des étudiants ont été frappés par des policiers devant le ministère.", "frappés", "policiers", "étudiants"),
    ("Des affrontements entre rebelles et soldats ont éclaté dimanche.", "affrontements", "rebelles", "soldats"),
    ("Les gendarmes ont arrêté trois journalistes vendredi.", "arrêté", "gendarmes", "journalistes"),
    ("Embuscade contre l'armée à Titao : cinq morts.", "Embuscade", "", "armée"),
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def roles(reader: Reader, lang: str, text: str, word: str) -> tuple[str, str]:
    reading = reader.read(Report("r", text, lang=lang))
    trigger = Span(text.index(word), text.index(word) + len(word))
    found = find_roles(reading.head(trigger), trigger, find_actors(text, lang, Registry.load()))
    return named(found.agents, text), named(found.targets, text)


def named(mentions: object, text: str) -> str:
    """The words of the mentions, without an article."""
    words = " + ".join(mention.span.of(text) for mention in mentions)  # type: ignore[attr-defined]
    for article in ("l'", "La ", "la ", "Les ", "les ", "The ", "the "):
        words = words.removeprefix(article)
    return words


CASES = [("en", *case) for case in ENGLISH] + [("fr", *case) for case in FRENCH]


@pytest.mark.parametrize(("lang", "text", "word", "agent", "target"), CASES)
def test_roles(reader: Reader, lang: str, text: str, word: str, agent: str, target: str) -> None:
    assert roles(reader, lang, text, word) == (agent, target)


@pytest.mark.parametrize(
    ("lang", "text", "word", "they"),
    [
        ("en", "They also attacked the mill.", "attacked", "agent"),
        ("en", "The same men burned the mill.", "burned", "agent"),
        ("fr", "Ils ont ensuite attaqué le moulin.", "attaqué", "agent"),
        ("fr", "Le même groupe a brûlé le moulin.", "brûlé", "agent"),
        ("en", "Gunmen attacked the mill.", "attacked", ""),
    ],
)
def test_who_was_told_before(reader: Reader, lang: str, text: str, word: str, they: str) -> None:
    """A pronoun or "the same men" stands for somebody whom an earlier sentence names."""
    reading = reader.read(Report("r", text, lang=lang))
    trigger = Span(text.index(word), text.index(word) + len(word))
    assert find_roles(reading.head(trigger), trigger, ()).they == they
