"""French words that report events: each of the 25 sub-event types, in the words of the press and of armies."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import Any

import pytest

from tocsin.code.lexicon import Match, load
from tocsin.read.words import forms, words

# sub-event type, sentence, tactic, grade
CASES = [
    ("Armed clash", "Un accrochage a opposé les FAMa à un groupe armé près du puits.", "clash", "event"),
    ("Suicide bomb", "Elle a actionné la charge dissimulée sous son voile.", "suicide_bomb", "event"),
    ("Chemical weapon", "Des roquettes remplies de chlore ont touché la tannerie.", "chemical_weapon", "event"),
    ("Abduction/forced disappearance", "Ils sont repartis avec le curé.", "abduction", "event"),
    ("Non-state actor overtakes territory", "Les insurgés ont enlevé le village.", "capture_territory", "event"),
    ("Disrupted weapons use", "Les douaniers ont saisi douze bâtons de dynamite.", "weapons_seized", "event"),
    ("Other", "Une fosse contenant neuf corps a été découverte.", "mass_grave", "event"),
    ("Armed clash", "Les deux patrouilles ont échangé des tirs nourris à la tombée du jour.", "clash", "event"),
    ("Armed clash", "Bilan du ratissage : onze terroristes mis hors d'état de nuire.", "clash", "event"),
    ("Armed clash", "La colonne est tombée dans une embuscade à la sortie du gué.", "ambush", "event"),
    ("Armed clash", "Les assaillants ont pris d'assaut la caserne avant l'aube.", "assault", "event"),
    ("Armed clash", "Duel d'artillerie de part et d'autre de la ligne de front.", "mutual_bombardment", "event"),
    ("Government regains territory", "L'armée a repris la localité aux insurgés.", "retake_territory", "event"),
    ("Government regains territory", "L'armée a rétabli son contrôle sur le bourg.", "retake_territory", "event"),
    ("Non-state actor overtakes territory", "Les rebelles se sont emparés du bourg.", "capture_territory", "event"),
    ("Non-state actor overtakes territory", "La garnison a fui, la ville est tombée.", "capture_territory", "event"),
    ("Air/drone strike", "Deux hélicoptères ont mitraillé la lisière de la forêt.", "air_strike", "event"),
    ("Air/drone strike", "Un vecteur aérien a traité la position.", "air_strike", "event"),
    ("Air/drone strike", "Une frappe de drone a visé un pick-up sur la piste.", "drone_strike", "event"),
    ("Suicide bomb", "Une adolescente s'est fait exploser à l'entrée du marché.", "suicide_bomb", "event"),
    ("Suicide bomb", "L'homme a actionné sa ceinture devant la guérite.", "suicide_bomb", "event"),
    ("Shelling/artillery/missile attack", "Trois obus de mortier se sont abattus sur le camp.", "shelling", "event"),
    ("Shelling/artillery/missile attack", "Un missile balistique a touché le port.", "missile", "event"),
    ("Remote explosive/landmine/IED", "Leur véhicule a sauté sur un engin explosif improvisé.", "ied", "event"),
    ("Remote explosive/landmine/IED", "Un berger a posé le pied sur une mine antipersonnel.", "landmine", "event"),
    ("Remote explosive/landmine/IED", "Un obus non explosé a tué deux ferrailleurs.", "unexploded_ordnance", "event"),
    ("Remote explosive/landmine/IED", "Une voiture piégée a ravagé l'avenue.", "car_bomb", "event"),
    ("Grenade", "Un inconnu a lancé une grenade dans la cour du bar.", "grenade", "event"),
    ("Chemical weapon", "Des barils de chlore ont intoxiqué une quarantaine d'habitants.", "chemical_weapon", "event"),
    ("Attack", "Quatre bergers ont été égorgés dans leur campement.", "stabbing", "event"),
    ("Attack", "Les captifs ont été passés par les armes au bord du canal.", "execution", "event"),
    ("Attack", "Des hommes en moto ont ouvert le feu sur les clients d'un café.", "shooting", "event"),
    ("Attack", "Un instituteur a été roué de coups par des miliciens.", "beating", "event"),
    ("Attack", "Le corps criblé de balles du notable a été repêché.", "bodies_found", "event"),
    ("Sexual violence", "Six femmes parties chercher du bois ont été violées.", "sexual_violence", "event"),
    ("Sexual violence", "Ils ont abusé de plusieurs passagères.", "sexual_violence", "event"),
    ("Abduction/forced disappearance", "Le curé a été enlevé dans son presbytère.", "abduction", "event"),
    ("Abduction/forced disappearance", "On l'a fait monter de force dans une camionnette.", "abduction", "event"),
    ("Peaceful protest", "Les retraités ont défilé sous la pluie.", "march", "event"),
    ("Peaceful protest", "Les mères se sont rassemblées devant le tribunal.", "protest", "event"),
    ("Peaceful protest", "Les infirmières ont tenu un sit-in de deux heures.", "sit_in", "event"),
    ("Protest with intervention", "La police a dispersé le cortège à la matraque.", "dispersal", "event"),
    ("Protest with intervention", "Les étudiants ont reçu du gaz lacrymogène.", "tear_gas", "event"),
    ("Excessive force against protesters", "Les gendarmes ont tiré à balles réelles.", "live_fire", "event"),
    ("Excessive force against protesters", "Deux manifestants ont été abattus sur le pont.", "live_fire", "event"),
    ("Violent demonstration", "Des jeunes ont dressé des barricades et brûlé des pneus.", "barricade", "event"),
    ("Violent demonstration", "La marche a dégénéré devant la préfecture.", "riot", "event"),
    ("Violent demonstration", "Le bus des supporters a été caillassé.", "stone_throwing", "event"),
    ("Mob violence", "Accusé de vol, il a été lynché sur la place.", "lynching", "event"),
    ("Mob violence", "Une rixe entre jeunes de deux villages a fait un mort.", "brawl", "event"),
    ("Agreement", "Les deux camps ont signé un accord sous l'égide de l'évêque.", "agreement", "event"),
    ("Agreement", "Une trêve de dix jours entre en vigueur.", "ceasefire", "event"),
    ("Agreement", "Vingt combattants se sont rendus aux autorités.", "surrender", "event"),
    ("Agreement", "Quarante prisonniers ont été échangés au poste frontière.", "prisoner_exchange", "event"),
    ("Arrests", "L'ancien ministre a été placé sous mandat de dépôt.", "arrest", "event"),
    ("Change to group/activity", "Le commandant a prêté allégeance au califat.", "allegiance", "event"),
    ("Change to group/activity", "Une centaine d'hommes ont fait défection.", "defection", "event"),
    ("Change to group/activity", "Le préfet décrète un couvre-feu sur tout le cercle.", "security_measure", "event"),
    ("Disrupted weapons use", "Les démineurs ont désamorcé la bombe.", "defused", "event"),
    ("Disrupted weapons use", "La douane a saisi des munitions dans une citerne.", "weapons_seized", "event"),
    ("Disrupted weapons use", "La défense antiaérienne a abattu six drones.", "interception", "event"),
    ("Headquarters or base established", "La brigade a installé un poste sur la crête.", "base_established", "event"),
    ("Looting/property destruction", "Les miliciens ont vidé la pharmacie.", "looting", "event"),
    ("Looting/property destruction", "Le hameau a été réduit en cendres.", "arson", "event"),
    ("Looting/property destruction", "Ils ont saccagé le musée.", "property_destruction", "event"),
    ("Non-violent transfer of territory", "Les soldats y sont entrés sans tirer.", "territory_transfer", "event"),
    ("Other", "Le comité militaire a renversé dimanche le président.", "coup", "event"),
    ("Other", "Une fosse commune a été mise au jour derrière la gare.", "mass_grave", "event"),
    ("Other", "Des centaines de familles ont pris la fuite.", "displacement", "event"),
    ("Other", "Cent détenus se sont évadés de la prison.", "jailbreak", "event"),
    ("Attack", "Une attaque a endeuillé le quartier.", "armed_attack", "mention"),
    ("Attack", "Onze personnes ont péri.", "killing", "harm"),
    ("Armed clash", "Les soldats ont neutralisé trois hommes.", "clash", "weak"),
    ("Abduction/forced disappearance", "Ils ont emmené le maire.", "abduction", "weak"),
]

# Words that look like an event's and are none: nouns, prepositions and adverbs with the letters of a verb.
SILENT = [
    "Au marché aux poissons, les prix montent.",
    "Entre deux averses, la pluie dure pendant une heure.",
    "La visite du ministre s'achève aujourd'hui.",
    "Le fossé longe la route.",
    "Le visa coûte cher.",
]


def _matches(text: str) -> list[Match]:
    return load("fr").find(words(text))


@pytest.mark.parametrize(("kind", "text", "tactic", "grade"), CASES)
def test_sentence_reports_its_tactic(kind: str, text: str, tactic: str, grade: str) -> None:
    found = {(m.entry.tactic, m.entry.grade) for m in _matches(text)}
    assert (tactic, grade) in found


@pytest.mark.parametrize("text", SILENT)
def test_look_alikes_are_silent(text: str) -> None:
    assert [m.entry.id for m in _matches(text) if m.entry.grade != "means"] == []


@pytest.mark.parametrize(
    ("text", "tactic"),
    [
        ("Les rebelles ont incendié le dépôt.", "arson"),
        ("Un incendie a ravagé le dépôt.", None),  # no participle
        ("LES REBELLES ONT INCENDIE LE DEPOT.", "arson"),  # without any accent nobody can tell
    ],
)
def test_a_last_accent_makes_another_word(text: str, tactic: str | None) -> None:
    assert (tactic in {m.entry.tactic for m in _matches(text)}) == (tactic is not None)


def _table(package: str, name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(package).joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))


def test_every_sub_event_type_has_a_case_that_its_tactic_leads_to() -> None:
    leads = {row["id"]: row["leads_to"] for row in _table("tocsin.codebook", "tactics")["tactic"]}
    assert len({kind for kind, *_ in CASES}) == 25
    assert [(kind, tactic) for kind, _, tactic, _ in CASES if kind not in leads[tactic]] == []


def test_entries_use_the_words_of_the_codebook() -> None:
    tactics = {row["id"] for row in _table("tocsin.codebook", "tactics")["tactic"]}
    facts = {row["id"] for row in _table("tocsin.codebook", "facts")["fact"]}
    for entry in load("fr").entries:
        assert not entry.tactic or entry.tactic in tactics, entry.id
        assert entry.facts <= facts, entry.id


def test_ids_are_unique_and_no_pattern_starts_with_a_word_that_may_be_missing() -> None:
    rows = _table("tocsin.code", "lexicon_fr")["entry"]
    ids = [row["id"] for row in rows]
    assert sorted(set(ids)) == sorted(ids)
    starts = [(row["id"], text) for row in rows for text in row["words"] if text.split()[0].endswith(("?", "*"))]
    assert starts == []


def test_every_verb_of_the_lexicon_is_inflected_in_french() -> None:
    irregular = _table("tocsin.read", "inflect_fr")["irregular"]
    text = resources.files("tocsin.code").joinpath("data/lexicon_fr.toml").read_text(encoding="utf-8")
    verbs = set(re.findall(r"\{([^}]+)\}", "".join(line for line in text.splitlines() if not line.startswith("#"))))
    assert [verb for verb in verbs if verb not in irregular and not verb.endswith(("er", "ir"))] == []


@pytest.mark.parametrize(
    ("verb", "inflected"),
    [
        ("faire", "fait font fit faisant faits fera"),
        ("reprendre", "reprend reprennent reprit repris reprise reprenant"),
        ("abattre", "abat abattent abattit abattu abattues"),
        ("détruire", "detruit detruisent detruite detruisant"),
        ("ouvrir", "ouvre ouvert ouvrirent ouvrant"),
        ("enlever", "enleve enlevent enlevées enleverent enlevant enlevera"),
        ("jeter", "jette jettent jetées jeterent jetait"),
        ("assiéger", "assiege assiegeait assiegeant assiegées"),
        ("essuyer", "essuie essuient essuyaient essuyé"),
        ("rejoindre", "rejoint rejoignent rejoignit rejointe"),
        ("emparer", "empare emparent emparées emparerent"),
        ("périr", "perit perissent peri perirent"),
    ],
)
def test_verbs_are_inflected(verb: str, inflected: str) -> None:
    assert set(inflected.split()) <= forms(verb, "fr")
