"""The 36 tie-break cases of the codebook reference, and the boundary cases between neighbouring types."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.codebook import Happening, Occurrence, decide, explain, interaction_number, merge, same_event, split
from tocsin.codebook.decide import rules

REBEL, STATE, CIVIL = "rebel", "state", "civilians"


def happening(tactics: str, by: str = "", on: str = "", facts: str = "") -> Happening:
    """Words separated by spaces."""
    return Happening(*(frozenset(words.split()) for words in (tactics, by, on, facts)))


def occurrence(found: Happening, actors: str, day: int = 1, place: str = "Gao", issue: str | None = None) -> Occurrence:
    return Occurrence(found, frozenset(actors.split()), place, date(2024, 5, day), issue)


# vector, what happened, sub-event type (None: no event), civilians targeted
VECTORS = [
    ("T1", happening("suicide_bomb clash killing", REBEL, STATE, "deaths suicide"), "Armed clash", False),
    ("T2", happening("suicide_bomb killing", REBEL, CIVIL, "deaths suicide site_civilian"), "Suicide bomb", True),
    ("T3", happening("air_strike clash", STATE, REBEL), "Armed clash", False),
    ("T4", happening("shelling air_strike", STATE, REBEL), "Air/drone strike", False),
    ("T5", happening("ied shooting killing", REBEL, CIVIL, "deaths"), "Remote explosive/landmine/IED", True),
    ("T6", happening("abduction killing", REBEL, CIVIL, "same_day deaths"), "Attack", True),
    ("T7", happening("abduction", REBEL, CIVIL), "Abduction/forced disappearance", True),
    ("T7", happening("killing", REBEL, "prisoners", "captive deaths"), "Attack", True),
    ("T8", happening("clash", REBEL, STATE), "Armed clash", False),
    ("T8", happening("abduction", REBEL, CIVIL), "Abduction/forced disappearance", True),
    ("T9", happening("clash killing", REBEL, "state civilians", "deaths"), "Armed clash", False),
    (
        "T10",
        happening("air_strike killing", STATE, "rebel civilians", "deaths site_military"),
        "Air/drone strike",
        False,
    ),
    (
        "T11",
        happening(
            "air_strike killing", STATE, "rebel civilians", "deaths vague_militant_presence civilians_main_target"
        ),
        "Air/drone strike",
        True,
    ),
    ("T12", happening("march tear_gas", STATE, "protesters", "crowd_peaceful"), "Protest with intervention", False),
    (
        "T13",
        happening("march live_fire killing", STATE, "protesters", "crowd_peaceful deaths"),
        "Excessive force against protesters",
        True,
    ),
    ("T14", happening("march barricade arson", "protesters", "", "crowd_violent"), "Violent demonstration", False),
    ("T15", happening("protest ied", REBEL, "protesters", "deaths"), "Excessive force against protesters", True),
    ("T16", happening("mob_attack beating killing", "rioters", CIVIL, "deaths"), "Mob violence", True),
    ("T17", happening("arrest", STATE, CIVIL, "judicial"), None, False),
    ("T18", happening("arrest", STATE, CIVIL, "judicial significant_person"), "Arrests", False),
    ("T19", happening("arrest", REBEL, CIVIL), "Abduction/forced disappearance", True),
    ("T20", happening("capture_territory", STATE, "", "no_fight"), "Non-violent transfer of territory", False),
    ("T21", happening("retake_territory clash", STATE, REBEL, "lost_same_day"), "Armed clash", False),
    ("T22", happening("capture_territory clash", "external", STATE), "Non-state actor overtakes territory", False),
    ("T23", happening("interception drone_strike", STATE, REBEL, "nobody_hurt"), "Disrupted weapons use", False),
    (
        "T24",
        happening("interception missile", REBEL, STATE, "crewed_aircraft deaths"),
        "Shelling/artillery/missile attack",
        False,
    ),
    ("T25", happening("mutual_bombardment shelling", STATE, "external"), "Armed clash", False),
    ("T25", happening("shelling", STATE, "external", "mutual_fire"), "Armed clash", False),
    ("T26", happening("defused killing", "", STATE, "others_harmed deaths"), "Remote explosive/landmine/IED", False),
    (
        "T27",
        happening("premature_detonation killing", REBEL, "", "planter_only_harmed deaths"),
        "Disrupted weapons use",
        False,
    ),
    ("T28", happening("arson", "political_militia", "property"), "Looting/property destruction", False),
    ("T29", happening("arson killing", "political_militia", CIVIL, "deaths"), "Attack", True),
    ("T30", happening("petrol_bomb protest", "rioters", STATE, "in_demonstration"), "Violent demonstration", False),
    ("T31", happening("strike", CIVIL), None, False),
    ("T32", happening("walkout", "officials"), None, False),
    ("T33", happening("shooting killing", "unidentified_armed", "off_duty", "deaths"), "Attack", True),
    ("T33", happening("shooting killing", "unidentified_armed", STATE, "off_duty deaths"), "Attack", True),
    ("T34", happening("execution", STATE, REBEL, "captive"), "Attack", True),
    ("T35", happening("march mob_attack", "rioters", "protesters"), "Protest with intervention", False),
    (
        "T35",
        happening("march mob_attack beating", "rioters", "protesters", "serious_injuries"),
        "Excessive force against protesters",
        True,
    ),
    ("T36", happening("protest", "protesters", "protesters"), "Peaceful protest", False),
]


@pytest.mark.parametrize(("vector", "found", "expected", "targeted"), VECTORS)
def test_vector(vector: str, found: Happening, expected: str | None, targeted: bool) -> None:
    """The codebook's tie-break cases come out as it says."""
    verdict = decide(found)
    assert (verdict and verdict.sub_event_type) == expected
    assert bool(verdict and verdict.civilian_targeting) == targeted


def test_every_vector_is_tested_and_named_by_a_rule() -> None:
    """No case of the reference is left out, here or in the rule file."""
    wanted = {f"T{number}" for number in range(1, 37)}
    assert {vector for vector, *_ in VECTORS} == wanted
    table = (*rules().rules, *rules().outside)
    named = {vector for rule in table for vector in rule.vectors}
    assert named == wanted


@pytest.mark.parametrize(("vector", "found", "expected", "targeted"), VECTORS)
def test_the_rule_that_decides_is_one_that_names_the_vector(
    vector: str, found: Happening, expected: str | None, targeted: bool
) -> None:
    """`vectors` in the rule file is true."""
    explanation = explain(found)
    deciding = explanation.rules[0][0]
    rule = next(rule for rule in (*rules().rules, *rules().outside) if rule.id == deciding)
    assert vector in rule.vectors


def test_a_bombers_death_is_noted() -> None:
    """T1: the verdict reminds of the bomber."""
    verdict = decide(VECTORS[0][1])
    assert verdict
    assert "bomber" in verdict.note


def test_joint_disorder_type() -> None:
    """T13 is political violence and a demonstration."""
    verdict = decide(happening("march live_fire", STATE, "protesters", "deaths"))
    assert verdict
    assert verdict.disorder_type == "Political violence; Demonstrations"


def test_interactions_of_crowds() -> None:
    """T35 is 56, T36 is 66."""
    assert interaction_number("Rioters", "Protesters") == 56
    assert interaction_number("Protesters", "Protesters") == 66


# ---- one event or several -------------------------------------------------------------------------------------------


def test_kidnapped_then_killed_a_week_later_is_two_events() -> None:
    """T7."""
    taken = occurrence(happening("abduction", REBEL, CIVIL), "jnim civilians", 1)
    killed = occurrence(happening("execution", REBEL, CIVIL), "jnim civilians", 8)
    assert not same_event(taken, killed)
    assert [decide(o.happening).sub_event_type for o in split([taken, killed])] == [  # type: ignore[union-attr]
        "Abduction/forced disappearance",
        "Attack",
    ]


def test_kidnapped_and_killed_on_one_day_is_one_event() -> None:
    """T6."""
    taken = occurrence(happening("abduction", REBEL, CIVIL), "jnim civilians")
    killed = occurrence(happening("killing", REBEL, CIVIL), "jnim civilians")
    (event,) = split([taken, killed])
    assert decide(event.happening).sub_event_type == "Attack"  # type: ignore[union-attr]


def test_fight_with_police_and_abduction_of_civilians_are_two_events() -> None:
    """T8: different actors."""
    fight = occurrence(happening("clash", REBEL, STATE), "jnim police")
    taken = occurrence(happening("abduction", REBEL, CIVIL), "jnim civilians")
    assert len(split([fight, taken])) == 2


def test_air_support_and_ground_battle_are_one_event() -> None:
    """T3, T4: same actors, place and day; the higher tactic names it."""
    strike = occurrence(happening("air_strike", STATE, REBEL), "army jnim")
    fight = occurrence(happening("clash", STATE, REBEL), "army jnim")
    (event,) = split([strike, fight])
    assert decide(event.happening).sub_event_type == "Armed clash"  # type: ignore[union-attr]
    assert len(split([strike, occurrence(fight.happening, "army jnim", place="Kidal")])) == 2


def test_demonstrations_are_told_apart_by_issue() -> None:
    """Same day, place and issue is one protest, whoever calls for it; another issue is another."""
    prices = occurrence(happening("protest", "protesters"), "unions", issue="prices")
    again = occurrence(happening("march", "protesters"), "students", issue="prices")
    votes = occurrence(happening("protest", "protesters"), "unions", issue="election")
    assert same_event(prices, again)
    assert not same_event(prices, votes)
    assert len(split([prices, again, votes])) == 2


def test_merge_unites_everything() -> None:
    one, other = happening("ied", REBEL, STATE, "deaths"), happening("clash", REBEL, CIVIL, "mutual_fire")
    assert merge(one, other) == happening("ied clash", REBEL, "state civilians", "deaths mutual_fire")


# ---- boundaries -----------------------------------------------------------------------------------------------------

BOUNDARIES = [
    # battles and what looks like them
    (happening("armed_attack killing", "unidentified_armed", STATE, "deaths"), "Armed clash"),
    (happening("shooting", "", STATE), "Armed clash"),
    (happening("armed_attack", REBEL, "", "site_military"), "Armed clash"),
    (happening("armed_attack", REBEL, "", "site_civilian"), "Attack"),
    (happening("ambush killing", REBEL, CIVIL, "deaths"), "Attack"),
    (happening("ambush"), "Armed clash"),
    (happening("looting", REBEL, CIVIL, "deaths"), "Attack"),
    (happening("interception", STATE, REBEL, "others_harmed"), "Air/drone strike"),
    (happening("ambush ied killing", REBEL, STATE, "deaths"), "Armed clash"),
    (happening("ied killing", REBEL, STATE, "deaths"), "Remote explosive/landmine/IED"),
    (happening("armed_attack killing massacre", REBEL, "state civilians", "deaths"), "Attack"),
    (happening("killing", STATE, "", "deaths"), "Armed clash"),
    (happening("killing", STATE, CIVIL, "deaths"), "Attack"),
    (happening("air_strike", STATE, REBEL, "ground_can_fire_back"), "Armed clash"),
    (happening("clash coup", STATE, STATE), "Armed clash"),
    # territory
    (happening("capture_territory clash", REBEL, STATE), "Non-state actor overtakes territory"),
    (happening("capture_territory", STATE, REBEL), "Government regains territory"),
    (happening("retake_territory", "external", REBEL, "government_ally"), "Government regains territory"),
    (happening("retake_territory", REBEL, REBEL), "Non-state actor overtakes territory"),
    (happening("capture_territory clash", REBEL, STATE, "repelled"), "Armed clash"),
    (happening("capture_territory withdrawal", REBEL, STATE, "no_fight"), "Non-violent transfer of territory"),
    (happening("territory_transfer clash", REBEL, STATE, "no_fight deaths"), "Armed clash"),
    (happening("territory_transfer clash", REBEL, STATE, "no_fight"), "Non-violent transfer of territory"),
    # protests and riots
    (happening("protest", "protesters"), "Peaceful protest"),
    (happening("protest dispersal", STATE, "protesters", "dispersal_order_only"), "Peaceful protest"),
    (happening("protest arrest", STATE, "protesters"), "Protest with intervention"),
    (happening("protest live_fire", STATE, "protesters", "warning_only"), "Protest with intervention"),
    (happening("protest tear_gas", STATE, "protesters", "serious_injuries"), "Excessive force against protesters"),
    (happening("protest tear_gas stone_throwing", "protesters", STATE, "deaths"), "Violent demonstration"),
    (happening("protest live_fire killing", STATE, "rioters", "deaths crowd_violent"), "Violent demonstration"),
    (happening("clash", "protesters", STATE), "Violent demonstration"),
    (happening("barricade", CIVIL), "Violent demonstration"),
    (happening("lynching", "", CIVIL, "deaths"), "Mob violence"),
    (happening("brawl", "identity_militia", "identity_militia"), "Mob violence"),
    (happening("clash", CIVIL, CIVIL), "Mob violence"),
    (happening("arson looting", "rioters", CIVIL), "Mob violence"),
    (happening("mob_attack tear_gas", "rioters", CIVIL), "Mob violence"),
    (happening("arson killing", REBEL, CIVIL, "crowd_violent deaths"), "Attack"),
    # explosions
    (happening("grenade killing", "unidentified_armed", CIVIL, "deaths thrown"), "Grenade"),
    (happening("grenade", "unidentified_armed", CIVIL, "launched"), "Shelling/artillery/missile attack"),
    (happening("ied", "unidentified_armed", CIVIL, "thrown"), "Grenade"),
    (happening("grenade drone_strike", REBEL, STATE), "Air/drone strike"),
    (happening("explosion"), "Remote explosive/landmine/IED"),
    (happening("car_bomb", REBEL, CIVIL, "suicide"), "Suicide bomb"),
    (happening("car_bomb", REBEL, CIVIL), "Remote explosive/landmine/IED"),
    (happening("shelling chemical_weapon", STATE, CIVIL), "Chemical weapon"),
    (happening("explosion property_destruction", REBEL, "property", "nobody_hurt"), "Looting/property destruction"),
    # disrupted weapons use and explosions
    (happening("defused ied", STATE, REBEL), "Disrupted weapons use"),
    (happening("weapons_seized shelling", STATE, REBEL), "Disrupted weapons use"),
    (happening("weapons_seized clash killing", STATE, REBEL, "deaths"), "Armed clash"),
    (happening("suicide_bomb", REBEL, CIVIL, "planter_only_harmed deaths"), "Disrupted weapons use"),
    (happening("premature_detonation", REBEL, CIVIL, "others_harmed deaths"), "Remote explosive/landmine/IED"),
    (happening("interception drone_strike", "external", STATE, "deaths"), "Air/drone strike"),
    # violence against civilians, crime, and arrests
    (happening("sexual_violence", REBEL, CIVIL), "Sexual violence"),
    (happening("sexual_violence killing", REBEL, CIVIL, "deaths"), "Sexual violence"),
    (happening("sexual_violence", CIVIL, CIVIL), None),
    (happening("abduction", CIVIL, CIVIL), None),
    (happening("armed_attack abduction", "unidentified_armed", CIVIL), "Abduction/forced disappearance"),
    (happening("detention", STATE, CIVIL, "extrajudicial"), "Abduction/forced disappearance"),
    (happening("abduction arrest", STATE, CIVIL, "judicial significant_person"), "Arrests"),
    (happening("abduction", REBEL, CIVIL, "judicial"), "Abduction/forced disappearance"),
    (happening("abduction", CIVIL, REBEL), "Abduction/forced disappearance"),
    (happening("protest", "protesters", STATE, "mutual_fire"), "Violent demonstration"),
    (happening("disappearance", STATE, CIVIL), "Abduction/forced disappearance"),
    (happening("mass_arrest", STATE, CIVIL), "Arrests"),
    (happening("arrest", STATE, "officials"), "Arrests"),
    (happening("bodies_found", "", CIVIL, "deaths"), "Attack"),
    (happening("mass_grave killing", "", CIVIL, "deaths"), "Other"),
    # strategic developments among themselves
    (happening("armed_attack looting", "unidentified_armed", CIVIL), "Looting/property destruction"),
    (happening("looting abduction", REBEL, CIVIL), "Abduction/forced disappearance"),
    (happening("surrender agreement", REBEL, STATE), "Agreement"),
    (happening("release", REBEL, CIVIL), "Agreement"),
    (happening("defection", REBEL), "Change to group/activity"),
    (happening("withdrawal", "external"), "Change to group/activity"),
    (happening("withdrawal territory_transfer", "external", STATE), "Non-violent transfer of territory"),
    (happening("deployment base_established", "external"), "Headquarters or base established"),
    (happening("security_measure curfew", STATE), "Change to group/activity"),
    (happening("curfew", STATE), "Other"),
    (happening("coup detention deployment", STATE, "officials"), "Other"),
    (happening("coup arrest", STATE, STATE, "judicial significant_person"), "Arrests"),
    (happening("suspicious_death", "", "officials"), "Other"),
    (happening("displacement"), "Other"),
    (happening("lone_protest"), None),
    (happening(""), None),
]


@pytest.mark.parametrize(("found", "expected"), BOUNDARIES)
def test_boundary(found: Happening, expected: str | None) -> None:
    """Neighbouring types are told apart."""
    verdict = decide(found)
    assert (verdict and verdict.sub_event_type) == expected
    assert not found.unknown_words()


def test_no_rule_is_dead() -> None:
    """Each rule decides at least one of the cases above."""
    cases = [found for _, found, *_ in VECTORS] + [found for found, _ in BOUNDARIES]
    deciding = {explanation.rules[0][0] for found in cases if (explanation := explain(found)).rules}
    assert deciding == {rule.id for rule in (*rules().rules, *rules().outside)}
