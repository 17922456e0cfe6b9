"""English words that report events: each of the 25 sub-event types, in the words of press, armies and NGOs."""

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
    ("Armed clash", "The two patrols exchanged heavy fire at dusk.", "clash", "event"),
    ("Armed clash", "A shoot-out in the reeds left both sides shaken.", "clash", "event"),
    ("Armed clash", "The infantry probe was beaten off before midnight.", "clash", "event"),
    ("Armed clash", "The column walked into an ambush below the ford.", "ambush", "event"),
    ("Armed clash", "Raiders stormed the forward base from three sides.", "armed_attack", "event"),
    ("Armed clash", "The two batteries pounded each other across the strait.", "mutual_bombardment", "event"),
    ("Government regains territory", "The paratroopers recaptured the ferry town.", "retake_territory", "event"),
    ("Government regains territory", "Soldiers fought their way back to the quay.", "retake_territory", "event"),
    ("Non-state actor overtakes territory", "The insurgents overran the district.", "capture_territory", "event"),
    ("Non-state actor overtakes territory", "The garrison town fell to the rebels.", "capture_territory", "event"),
    ("Air/drone strike", "Warplanes struck a brickworks.", "air_strike", "event"),
    ("Air/drone strike", "A helicopter let two barrels fall on the orchard.", "air_strike", "event"),
    ("Air/drone strike", "An armed quadcopter hit the mill.", "drone_strike", "event"),
    ("Suicide bomb", "A youth blew himself up among the porters.", "suicide_bomb", "event"),
    ("Suicide bomb", "She pressed the switch beside the queue.", "suicide_bomb", "event"),
    ("Suicide bomb", "A novice set off the charge under her shawl.", "suicide_bomb", "event"),
    ("Suicide bomb", "The rider detonated the load from the cab.", "suicide_bomb", "event"),
    ("Chemical weapon", "Rockets filled with chlorine came down on the tannery.", "chemical_weapon", "event"),
    ("Air/drone strike", "Drones have set the tank farm ablaze.", "drone_strike", "event"),
    ("Grenade", "A pipe bomb was hurled through the skylight.", "grenade", "event"),
    ("Attack", "The bodies of two ferrymen with their hands tied lay on the shingle.", "bodies_found", "event"),
    ("Excessive force against protesters", "The column of pupils was met by gunfire.", "live_fire", "event"),
    ("Excessive force against protesters", "A police bullet hit the flautist.", "live_fire", "event"),
    ("Agreement", "Six raiders handed their rifles to the army.", "surrender", "event"),
    ("Disrupted weapons use", "Marines stopped a dhow laden with rockets.", "weapons_seized", "event"),
    ("Abduction/forced disappearance", "They marched six grocers into the forest.", "abduction", "event"),
    ("Change to group/activity", "Forty conscripts deserted from their barracks.", "defection", "event"),
    ("Shelling/artillery/missile attack", "Mortar rounds landed behind the dispensary.", "shelling", "event"),
    ("Shelling/artillery/missile attack", "A ballistic missile hit the grain pier.", "missile", "event"),
    ("Remote explosive/landmine/IED", "A roadside bomb wrecked the water lorry.", "ied", "event"),
    ("Remote explosive/landmine/IED", "Their cart set off a buried charge.", "ied", "event"),
    ("Remote explosive/landmine/IED", "A beekeeper trod on a mine.", "landmine", "event"),
    ("Remote explosive/landmine/IED", "A car bomb gutted the arcade.", "car_bomb", "event"),
    ("Remote explosive/landmine/IED", "A shell left over from the war exploded.", "unexploded_ordnance", "event"),
    ("Grenade", "Somebody lobbed a grenade over the hedge.", "grenade", "event"),
    ("Grenade", "A grenade was rolled under the counter.", "grenade", "event"),
    ("Chemical weapon", "Canisters of chlorine burst on the roofs.", "chemical_weapon", "event"),
    ("Attack", "The sexton was shot dead on his porch.", "killing", "harm"),
    ("Attack", "Three millers were found with their throats cut.", "execution", "event"),
    ("Attack", "They went from house to house with lists.", "armed_attack", "event"),
    ("Attack", "The clerk was knifed at the tram stop.", "stabbing", "event"),
    ("Attack", "Constables beat him with rifle butts.", "beating", "event"),
    ("Sexual violence", "Two herders' wives were gang-raped at the barrier.", "sexual_violence", "event"),
    ("Abduction/forced disappearance", "The surveyors were marched into the bush.", "abduction", "event"),
    ("Abduction/forced disappearance", "Four men bundled her into a grey van.", "abduction", "event"),
    ("Abduction/forced disappearance", "The printer has not been seen since.", "disappearance", "event"),
    ("Peaceful protest", "Weavers marched to the town hall.", "march", "event"),
    ("Peaceful protest", "The midwives held a sit-in on the stairs.", "sit_in", "event"),
    ("Peaceful protest", "Ferrymen formed a human chain along the mole.", "protest", "event"),
    ("Protest with intervention", "Gendarmes broke up a march of bakers.", "dispersal", "event"),
    ("Protest with intervention", "A water cannon soaked the singers.", "tear_gas", "event"),
    ("Excessive force against protesters", "Guards opened fire on the demonstrators.", "live_fire", "event"),
    ("Violent demonstration", "Masked youths hurled bricks at the depot.", "stone_throwing", "event"),
    ("Violent demonstration", "They blocked the causeway with burning tyres.", "barricade", "event"),
    ("Violent demonstration", "The rally turned violent after dark.", "riot", "event"),
    ("Violent demonstration", "A petrol bomb singed the customs shed.", "petrol_bomb", "event"),
    ("Mob violence", "An angry crowd took the watchman.", "mob_attack", "event"),
    ("Mob violence", "Two pedlars were lynched at the ferry.", "lynching", "event"),
    ("Mob violence", "A communal brawl over a pump cost teeth.", "brawl", "event"),
    ("Agreement", "The two clans signed a pact on wells.", "agreement", "event"),
    ("Agreement", "A truce was declared for the harvest.", "ceasefire", "event"),
    ("Agreement", "The sides swapped 14 prisoners at the weir.", "prisoner_exchange", "event"),
    ("Agreement", "The captors set free the two nurses.", "release", "event"),
    ("Agreement", "Nine gunmen laid down their rifles.", "surrender", "event"),
    ("Arrests", "The former premier was taken into custody.", "arrest", "event"),
    ("Arrests", "Police detained dozens of party workers.", "mass_arrest", "event"),
    ("Change to group/activity", "Both fronts have merged under one emir.", "group_merged", "event"),
    ("Change to group/activity", "Sixty militiamen defected to the rebels.", "defection", "event"),
    ("Change to group/activity", "The ministry deployed two battalions to the ridge.", "deployment", "event"),
    ("Change to group/activity", "Police put up checkpoints round the port.", "security_measure", "event"),
    ("Disrupted weapons use", "Sappers defused a device below the viaduct.", "defused", "event"),
    ("Disrupted weapons use", "The charge went off too early.", "premature_detonation", "event"),
    ("Disrupted weapons use", "Gunners shot down four drones over the bay.", "interception", "event"),
    ("Disrupted weapons use", "Rangers unearthed a cache of rifles.", "weapons_seized", "event"),
    ("Headquarters or base established", "The brigade opened a base on the islet.", "base_established", "event"),
    ("Looting/property destruction", "Raiders emptied the granary.", "looting", "event"),
    ("Looting/property destruction", "The chapel was set ablaze.", "arson", "event"),
    ("Looting/property destruction", "Bulldozers demolished eleven sheds.", "property_destruction", "event"),
    ("Non-violent transfer of territory", "The scouts entered the port unopposed.", "territory_transfer", "event"),
    ("Non-violent transfer of territory", "The mayor handed over the keys of the fort.", "territory_transfer", "event"),
    ("Other", "Workmen uncovered a pit with the remains of nine people.", "mass_grave", "event"),
    ("Other", "Some 800 people fled their homes.", "displacement", "event"),
    ("Other", "Officers overthrew the president before breakfast.", "coup", "event"),
    ("Other", "A curfew was imposed from dusk.", "curfew", "event"),
]
# Words that look like an event and are none, or another one.
NOT = [
    ("Riot police stood by the fountain.", "riot"),
    ("The treaty museum opened on 3 March in the old mint.", "march"),
    ("The deputy mayor had a heart attack.", "armed_attack"),
    ("Camps for displaced people are full.", "displacement"),
    ("The drone was shot down over the reeds.", "shooting"),
    ("Lawmakers stormed out of parliament.", "riot"),
    ("They found the streets deserted.", "defection"),
    ("A mass burial was held behind the chapel.", "mass_grave"),
    ("Engineers spent the day clearing the road.", "dispersal"),
    ("Police fired tear gas at the gate.", "chemical_weapon"),
    ("The talks have taken place in the district.", "capture_territory"),
]
# Verbs that change when they are inflected, with forms that must be known.
FORMS = [
    ("lob", "lobbed"), ("stab", "stabbing"), ("shell", "shelled"), ("fling", "flung"), ("undertake", "undertook"),
    ("initial", "initialled"), ("enrol", "enrolled"), ("waylay", "waylaid"), ("gas", "gassed"), ("strip", "stripped"),
    ("bury", "buried"), ("occupy", "occupying"), ("overthrow", "overthrew"), ("seize", "seizing"), ("repel", "repels"),
    ("surrender", "surrendered"), ("split", "splitting"), ("light", "lit"), ("open", "opening"), ("clash", "clashes"),
]  # fmt: skip
TYPES = 25


def entries() -> list[dict[str, Any]]:
    path = resources.files("tocsin.code").joinpath("data/lexicon_en.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))["entry"]


def matches(text: str) -> list[Match]:
    return load("en").find(words(text))


@pytest.mark.parametrize(("kind", "text", "tactic", "grade"), CASES)
def test_sentence_is_found(kind: str, text: str, tactic: str, grade: str) -> None:
    assert (tactic, grade) in {(m.entry.tactic, m.entry.grade) for m in matches(text)}, kind


@pytest.mark.parametrize(("text", "tactic"), NOT)
def test_lookalike_is_not_found(text: str, tactic: str) -> None:
    assert tactic not in {m.entry.tactic for m in matches(text) if m.entry.grade not in ("weak", "means")}


def test_every_sub_event_type_has_a_case_that_its_tactic_leads_to() -> None:
    path = resources.files("tocsin.codebook").joinpath("data/tactics.toml")
    leads = {row["id"]: row["leads_to"] for row in tomllib.loads(path.read_text(encoding="utf-8"))["tactic"]}
    assert len({kind for kind, *_ in CASES}) == TYPES
    assert [(kind, tactic) for kind, _, tactic, _ in CASES if kind not in leads[tactic]] == []


@pytest.mark.parametrize(("lemma", "form"), FORMS)
def test_verb_is_inflected(lemma: str, form: str) -> None:
    assert form in forms(lemma, "en")


def test_ids_are_unique_and_tactics_are_known() -> None:
    path = resources.files("tocsin.codebook").joinpath("data/tactics.toml")
    known = {row["id"] for row in tomllib.loads(path.read_text(encoding="utf-8"))["tactic"]}
    ids = [entry["id"] for entry in entries()]
    assert len(ids) == len(set(ids))
    assert {entry["tactic"] for entry in entries()} - known <= {""}


def test_facts_are_known() -> None:
    path = resources.files("tocsin.codebook").joinpath("data/facts.toml")
    known = {row["id"] for row in tomllib.loads(path.read_text(encoding="utf-8"))["fact"]}
    assert {fact for entry in entries() for fact in entry.get("facts", ())} <= known


def test_no_pattern_begins_with_a_word_that_may_be_missing() -> None:
    firsts = {text.split()[0] for entry in entries() for text in entry["words"]}
    assert not {first for first in firsts if first == "*" or first.endswith("?")}


def test_verbs_are_lemmas() -> None:
    lemmas = {lemma for entry in entries() for text in entry["words"] for lemma in re.findall(r"\{(\w+)\}", text)}
    assert not {lemma for lemma in lemmas if lemma.endswith(("ied", "ssed", "nned", "oned"))}
