"""The codebook's data, its loaders and what always holds of a decision."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.codebook import (
    Happening,
    decide,
    disorder_type,
    explain,
    inter_label,
    interaction,
    interaction_number,
    interactions,
    merge,
    taxonomy,
    vocabulary,
)
from tocsin.codebook.decide import load_rules, rules
from tocsin.codebook.interaction import load_inters
from tocsin.codebook.tables import DATA
from tocsin.codebook.taxonomy import load_taxonomy
from tocsin.codebook.vocabulary import load_vocabulary
from tocsin.errors import DataError, UsageError


def words(known: object) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(known)), max_size=4)  # type: ignore[call-overload]


@st.composite
def happenings(draw: st.DrawFn) -> Happening:
    known = vocabulary()
    return Happening(*(draw(words(kind)) for kind in (known.tactics, known.sides, known.sides, known.facts)))


# ---- taxonomy -------------------------------------------------------------------------------------------------------


def test_counts() -> None:
    """6 event types, 25 sub-event types, 4 disorder types, 17 of them disorder."""
    known = taxonomy()
    assert (len(known.event_types), len(known.sub_event_types), len(known.disorder_types)) == (6, 25, 4)
    disorder = [s for s in known.sub_event_types.values() if s.flags & {"political_violence", "demonstration"}]
    assert len(disorder) == 17


def test_hierarchy() -> None:
    """Ranks as in the codebook's table; within a type they count up from 1."""
    known = taxonomy()
    order = [sub.name for sub in sorted(known.sub_event_types.values(), key=lambda sub: sub.rank)]
    assert order == list(known.sub_event_types)
    assert known.rank("Armed clash") < known.rank("Peaceful protest") < known.rank("Mob violence")
    assert known.event_type_of("Grenade") == "Explosions/Remote violence"
    assert disorder_type("Mob violence") == known.disorder_of("Mob violence") == "Political violence"
    assert disorder_type("Violent demonstration") == "Demonstrations"


def test_unknown_sub_event_type() -> None:
    with pytest.raises(UsageError, match="'War' is no sub-event type; known: Government regains"):
        taxonomy().sub_event("War")


# ---- interaction ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "text", "number"),
    [
        ("State forces", "Rebel group", "State forces-Rebel group", 12),
        ("Rebel group", "State forces", "State forces-Rebel group", 12),
        ("Protesters", None, "Protesters only", 60),
        (None, "Protesters", "Protesters only", 60),
        ("External/Other forces", "Civilians", "External/Other forces-Civilians", 78),
        ("Protesters", "External/Other forces", "Protesters-External/Other forces", 68),
        ("8", 8, "External/Other forces-External/Other forces", 88),
        (3, "7", "Political militia-Civilians", 37),
        ("", "0", "", 0),
    ],
)
def test_interaction(one: str | int | None, other: str | int | None, text: str, number: int) -> None:
    assert interaction(one, other) == text  # type: ignore[arg-type]
    assert interaction_number(one, other) == number


def test_there_are_44_interactions() -> None:
    """8 one-sided, 36 pairs, all different."""
    assert len(interactions()) == len(set(interactions().values())) == 44


@pytest.mark.parametrize(
    ("alias", "label"),
    [
        ("Rebel Groups", "Rebel group"),
        ("militia  groups", "Political militia"),
        ("Foreign / Others", "External/Other forces"),
        (1, "State forces"),
        ("Communal / Identity Groups", "Identity militia"),
        ("manifestants", "Protesters"),
        ("", ""),
    ],
)
def test_inter_label(alias: str | int, label: str) -> None:
    assert inter_label(alias) == label


def test_unknown_inter() -> None:
    with pytest.raises(UsageError, match="'Aliens' is no kind of actor"):
        inter_label("Aliens")


# ---- decisions ------------------------------------------------------------------------------------------------------


@given(happenings())
def test_a_verdict_is_in_the_taxonomy(found: Happening) -> None:
    """Type, disorder type and rule fit together; an explanation tells the same."""
    verdict = decide(found)
    explanation = explain(found)
    assert explanation.verdict == verdict
    assert explanation.reason
    if verdict:
        assert verdict.event_type == taxonomy().event_type_of(verdict.sub_event_type)
        assert verdict.disorder_type == disorder_type(verdict.sub_event_type)
        assert verdict.rule in {rule.id for rule in rules().rules}
        assert verdict.sub_event_type not in verdict.alternatives


@given(happenings())
def test_civilian_targeting_fits_the_type(found: Happening) -> None:
    """Always with violence against civilians, never with battles and strategic developments."""
    verdict = decide(found)
    if verdict and verdict.event_type == "Violence against civilians":
        assert verdict.civilian_targeting
        assert verdict.victim_first is False
    if verdict and verdict.event_type in ("Battles", "Strategic developments"):
        assert not verdict.civilian_targeting


@given(happenings())
def test_a_battle_stays_a_battle_when_people_die(found: Happening) -> None:
    """A killing never lowers a battle, nor do deaths."""
    verdict = decide(found)
    if verdict and verdict.event_type == "Battles":
        for more in (Happening(frozenset({"killing"})), Happening(frozenset(), facts=frozenset({"deaths"}))):
            after = decide(merge(found, more))
            assert after
            assert taxonomy().rank(after.sub_event_type) <= taxonomy().rank(verdict.sub_event_type)


@given(happenings())
def test_a_clash_of_armed_sides_is_a_battle(found: Happening) -> None:
    """Whatever else is told, unless a crowd, an accident with a bomb or a quiet hand-over is in it."""
    fight = merge(found, Happening(frozenset({"clash"}), frozenset({"rebel"}), frozenset({"state"})))
    if not set(explain(fight).terms) & {"crowd", "misfire", "quiet_entry"}:
        verdict = decide(fight)
        assert verdict
        assert verdict.event_type == "Battles"


@given(happenings(), happenings(), happenings())
def test_merging_has_no_order(one: Happening, two: Happening, three: Happening) -> None:
    assert decide(merge(one, two)) == decide(merge(two, one))
    assert merge(merge(one, two), three) == merge(one, merge(two, three))
    assert merge(one, one) == one


@given(happenings())
def test_no_tactic_no_event_but_what_a_crowd_does(found: Happening) -> None:
    """Facts and sides alone make at most a fight, a demonstration or a riot."""
    verdict = decide(Happening(frozenset(), found.side1, found.side2, found.facts))
    assert verdict is None or verdict.event_type in ("Battles", "Protests", "Riots")


@pytest.mark.parametrize("tactic", sorted(vocabulary().tactics))
def test_a_tactic_leads_where_it_says(tactic: str) -> None:
    """Its usual type comes first for some sides; a tactic that leads nowhere gives no event."""
    leads_to = vocabulary().tactics[tactic].leads_to
    sides = ["", "state", "rebel", "rioters", "protesters", "civilians"]
    facts = [frozenset[str](), frozenset({"significant_person"}), frozenset({"no_fight"})]
    tries = [Happening(frozenset({tactic}), _side(a), _side(b), f) for a in sides for b in sides for f in facts]
    reached = {verdict.sub_event_type for found in tries if (verdict := decide(found))}
    assert leads_to[0] in reached if leads_to else not reached


def _side(name: str) -> frozenset[str]:
    return frozenset({name} if name else ())


def test_reason_for_no_event() -> None:
    assert "ordinary arrest" in explain(Happening(frozenset({"arrest"}), frozenset({"state"}))).reason
    assert explain(Happening(frozenset())).reason == "nothing is said to have been done"


def test_words_outside_the_vocabulary_are_told_and_change_nothing() -> None:
    found = Happening(frozenset({"clash", "dancing"}), frozenset({"rebel"}), frozenset({"state"}))
    assert found.unknown_words() == {"dancing"}
    assert decide(found) == decide(Happening(frozenset({"clash"}), frozenset({"rebel"}), frozenset({"state"})))


def test_the_rules_reach_every_type() -> None:
    """Each of the 25 sub-event types is given by some rule."""
    assert {rule.gives for rule in rules().rules} == set(taxonomy().sub_event_types)


def test_deciding_is_fast() -> None:
    """Below 50 microseconds; the best of five, as other work may run beside."""
    found = Happening(frozenset({"ied", "killing"}), frozenset({"rebel"}), frozenset({"state"}), frozenset({"deaths"}))
    best = min(_seconds(found) for _ in range(5))
    assert best < 50e-6 * 2  # twice the aim: slow machines


def _seconds(found: Happening, runs: int = 500) -> float:
    start = time.perf_counter()
    for _ in range(runs):
        decide(found)
    return (time.perf_counter() - start) / runs


# ---- files that are wrong -------------------------------------------------------------------------------------------


def broken(tmp_path: Path, name: str, old: str, new: str) -> tuple[Path, int]:
    """A copy of a data file with one change, and the line of the table it is in."""
    text = (DATA / name).read_text(encoding="utf-8")
    assert old in text
    copy = tmp_path / name
    copy.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    heads = [n for n, row in enumerate(text.splitlines(), 1) if row.startswith("[[") and n <= line]
    return copy, heads[-1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('event_type = "Riots"', 'event_type = "Riot"', "found event_type = 'Riot', expected one of Battles"),
        ('name = "Grenade"', 'name = "Armed clash"', "found a second 'Armed clash', expected each name once"),
        ('usual = ["of_rioters"]', 'usual = ["of_crowds"]', "found usual 'of_crowds', expected a number or one of"),
        ('disorder_type = "Demonstrations"', 'disorder = "x"', "found key 'disorder', expected only"),
        ("rank = 6\nfr", 'rank = "last"\nfr', "found rank = 'last', expected rank of type int"),
    ],
)
def test_wrong_taxonomy(tmp_path: Path, old: str, new: str, message: str) -> None:
    path, line = broken(tmp_path, "taxonomy.toml", old, new)
    with pytest.raises(DataError, match=rf"taxonomy.toml:{line}: {message}"):
        load_taxonomy(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"crewed_aircraft"], any', '"crewd_aircraft"], any', "found word 'crewd_aircraft', expected a tactic"),
        ('gives = "Grenade"', 'gives = "Grenades"', "found gives = 'Grenades', expected one of"),
        ('all = ["lynching"] }', 'every = ["lynching"] }', "found 'every' in a clause, expected one of all, any, none"),
        ('id = "gathering"', 'id = "protest"', "found term 'protest', which is a word already, expected a new word"),
    ],
)
def test_wrong_rules(tmp_path: Path, old: str, new: str, message: str) -> None:
    path, line = broken(tmp_path, "rules.toml", old, new)
    with pytest.raises(DataError, match=rf"rules.toml:{line}: {message}"):
        load_rules(path, vocabulary())


def test_wrong_vocabulary(tmp_path: Path) -> None:
    path, line = broken(tmp_path, "tactics.toml", '["Agreement"]', '["Peace"]')
    with pytest.raises(DataError, match=rf"tactics.toml:{line}: found leads_to 'Peace'"):
        load_vocabulary(path, DATA / "facts.toml")
    path, line = broken(tmp_path, "facts.toml", 'id = "thrown"', 'id = "clash"')
    with pytest.raises(DataError, match=rf"facts.toml:{line}: found 'clash', a tactic"):
        load_vocabulary(DATA / "tactics.toml", path)


def test_wrong_inters(tmp_path: Path) -> None:
    path, line = broken(tmp_path, "inter.toml", '"Protestors"', '"Rioters"')
    with pytest.raises(DataError, match=rf"inter.toml:{line}: found 'rioters' for a second number"):
        load_inters(path)


def test_a_file_that_is_no_toml(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text("[[rule]]\nid = \n")
    with pytest.raises(DataError, match=r"rules.toml:2: found .*, expected TOML"):
        load_rules(path, vocabulary())
