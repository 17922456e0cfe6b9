"""The sub-event type between the codebook's verdict and what the model sees."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.code import Tools, claims_in, look
from tocsin.code.both import Both
from tocsin.code.frames import Frame
from tocsin.code.kinds import SIGNS, signs, weigh, weights
from tocsin.codebook import Happening, Verdict, decide, proposed, taxonomy, vocabulary
from tocsin.errors import UsageError
from tocsin.finder import Sight
from tocsin.finder.finder import FILES, WEIGHTS
from tocsin.model import Claim, Report

MARCH = (
    "Hundreds of teachers marched through Lamda on Monday 13 May 2024 to demand their unpaid salaries, and went home "
    "in the evening. Police watched from the kerb and nobody was hurt."
)
BLAST = "A woman blew herself up at the market of Dorsa on Monday, killing six traders, the governor said."


def words(known: object) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(known)), max_size=4)  # type: ignore[call-overload]


@st.composite
def happenings(draw: st.DrawFn) -> Happening:
    known = vocabulary()
    return Happening(*(draw(words(kind)) for kind in (known.tactics, known.sides, known.sides, known.facts)))


@cache
def tools() -> Tools:
    missing = [name for name in FILES if not (WEIGHTS / name).exists()]
    if missing:
        pytest.skip(f"no weights in {WEIGHTS}")
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    return Tools.load(finder=Both())


@cache
def told(text: str) -> tuple[tuple[Frame, ...], Sight]:
    """The frames of the first incident, and what the model sees."""
    found = tools().finder.find(look(Report("kinds-1", text, published=date(2024, 5, 14), lang="en"), tools()))
    assert found.scene.sight
    return tuple(found.incidents[0].frames), found.scene.sight


def claims(text: str) -> tuple[Claim, ...]:
    return claims_in(Report("kinds-2", text, published=date(2024, 5, 14), lang="en"), tools()).claims


def verdict(happening: Happening) -> Verdict:
    found = decide(happening)
    assert found
    return found


@pytest.mark.parametrize(
    ("kind", "happening", "admitted"),
    [
        ("Suicide bomb", Happening(frozenset({"explosion"})), False),
        ("Suicide bomb", Happening(frozenset({"car_bomb"})), True),
        ("Chemical weapon", Happening(frozenset({"shelling"})), False),
        ("Sexual violence", Happening(frozenset({"abduction"}), frozenset({"rebel"})), False),
        ("Excessive force against protesters", Happening(frozenset({"shooting"}), frozenset({"state"})), False),
        ("Excessive force against protesters", Happening(frozenset({"march", "shooting"})), True),
        ("Armed clash", Happening(frozenset({"arson"}), frozenset(), frozenset({"civilians"})), False),
        ("Armed clash", Happening(frozenset({"arson"}), frozenset({"rebel"}), frozenset({"civilians"})), True),
        ("Government regains territory", Happening(frozenset({"protest"})), False),
        ("Attack", Happening(frozenset()), True),
    ],
)
def test_a_type_needs_what_its_definition_cannot_do_without(kind: str, happening: Happening, admitted: bool) -> None:
    found = proposed(happening, kind, "somebody")
    assert bool(found) == admitted
    if found:
        assert (found.sub_event_type, found.rule) == (kind, "somebody")
        assert (found.event_type, found.disorder_type) == (
            taxonomy().event_type_of(kind),
            taxonomy().disorder_of(kind),
        )


def test_a_type_that_the_codebook_lacks_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(UsageError, match="Skirmish"):
        proposed(Happening(frozenset({"clash"})), "Skirmish", "somebody")


@given(happenings())
def test_what_follows_from_a_type_is_the_same_whoever_proposes_it(happening: Happening) -> None:
    ruled = decide(happening)
    found = proposed(happening, ruled.sub_event_type, ruled.rule) if ruled else None
    if ruled and found:
        assert (found.event_type, found.disorder_type) == (ruled.event_type, ruled.disorder_type)
        assert (found.civilian_targeting, found.victim_first) == (ruled.civilian_targeting, ruled.victim_first)


def test_the_weights_stand_in_the_order_of_the_signs() -> None:
    table = dict(zip(SIGNS, weights(), strict=True))
    assert table["decided"] > table["alternative"] > 0
    assert table["model"] > 0


@settings(max_examples=60, deadline=None)
@given(happenings())
def test_the_codebook_can_refuse_and_chances_are_chances(happening: Happening) -> None:
    frames, sight = told(MARCH)
    ruled = decide(happening)
    if ruled is None:
        return
    found, chance = weigh(ruled, happening, frames, sight)
    assert 0 <= chance <= 1
    if found.sub_event_type == ruled.sub_event_type:
        assert found == ruled
    else:
        assert found.rule == f"model.kind + {ruled.rule}"
        assert proposed(happening, found.sub_event_type, found.rule) == found


def test_where_both_agree_the_rule_of_the_codebook_stays() -> None:
    happening = Happening(frozenset({"march"}), frozenset({"protesters"}))
    found, chance = weigh(verdict(happening), happening, *told(MARCH))
    assert (found.sub_event_type, found.rule) == ("Peaceful protest", "protests.peaceful")
    assert chance > 0.8


def test_the_model_overrules_a_weak_reason() -> None:
    frames, sight = told(BLAST)
    happening = Happening(frozenset({"explosion", "suicide_bomb", "assault"}), frozenset(), frozenset({"state"}))
    found, _ = weigh(verdict(happening), happening, frames, sight)
    assert (found.sub_event_type, found.rule) == ("Suicide bomb", "model.kind + battles.bomb-then-clash")


def test_every_type_gets_every_sign() -> None:
    happening = Happening(frozenset({"march"}))
    rows = signs(verdict(happening), happening, *told(MARCH))
    assert set(rows) == set(taxonomy().sub_event_types)
    assert {len(row) for row in rows.values()} == {len(SIGNS)}
    assert sum(row[0] + row[1] for row in rows.values()) == 1


@pytest.mark.parametrize(("text", "kind"), [(MARCH, "Peaceful protest"), (BLAST, "Suicide bomb")])
def test_the_type_is_supported_by_the_words_that_tell_the_event(text: str, kind: str) -> None:
    (claim,) = claims(text)
    assert claim.sub_event_type.value == kind
    assert claim.sub_event_type.spans
    assert claim.event_type.spans == claim.sub_event_type.spans
