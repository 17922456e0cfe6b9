"""How sure a value is, and withholding what is not sure enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.code import Tools, claims_in, confidence
from tocsin.code.withhold import withhold
from tocsin.errors import DataError
from tocsin.exchange.event import to_json, values
from tocsin.model import Coded, Report

TEXT = (
    "Gunmen killed at least nine villagers in Bankass, central Mali, on Monday, officials said.\n\n"
    "In Gao, dozens of people protested peacefully on Tuesday against the lack of electricity."
)


@pytest.fixture(scope="module")
def coded() -> Coded:
    report = Report("r", TEXT, published=date(2024, 3, 14), lang="en")
    return claims_in(report, Tools.load())


def test_every_value_has_a_confidence_and_no_unknown_has_one(coded: Coded) -> None:
    assert len(coded.claims) == 2
    for claim in coded.claims:
        for name, value in values(claim):
            known = value.value is not None
            assert (confidence.LEAST <= value.confidence <= confidence.MOST) if known else value.confidence == 0.0, name


def test_every_field_of_a_claim_answers_one_question(coded: Coded) -> None:
    asked = [name for names in confidence.QUESTIONS.values() for name in names]
    assert sorted(asked) == sorted(name for name, _ in values(coded.claims[0]))


def test_fields_that_stand_or_fall_together_share_a_confidence(coded: Coded) -> None:
    for claim in coded.claims:
        assert claim.latitude.confidence == claim.location.confidence == claim.geo_precision.confidence
        assert claim.fatalities_low.confidence == claim.fatalities.confidence


def test_a_sign_moves_the_probability_by_its_weight() -> None:
    table = confidence.weights()["date"]
    for sign, weight in table.items():
        alone, with_sign = confidence.probability("date", []), confidence.probability("date", [sign])
        assert (with_sign > alone) == (weight > 0), sign


def test_a_question_that_nobody_asks_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confidence, "read_toml", lambda path: {"weather": {"always": 1.0}})
    confidence.weights.cache_clear()
    with pytest.raises(DataError, match=r"confidence\.toml:1: found \[weather\], expected one of event"):
        confidence.weights()
    confidence.weights.cache_clear()


@given(least=st.floats(0, 1))
def test_what_is_left_is_sure_enough_and_nothing_is_lost(coded: Coded, least: float) -> None:
    left = withhold(coded, least)
    for claim in left.claims:
        assert claim.trigger.confidence >= least
        assert all(value.confidence >= least for _, value in values(claim) if value.value is not None)
    gone = [mention for mention in left.rejected if mention.reason == "doubtful"]
    assert len(left.claims) + len(gone) == len(coded.claims)
    withheld = sum(  # every value that is missing now is named in the issues
        claim_before is not None
        and getattr(claim_before, name).value is not None
        and getattr(after, name).value is None
        for after in left.claims
        for claim_before in [next((c for c in coded.claims if c.event_type.spans == after.event_type.spans), None)]
        for question, (name, *_) in confidence.QUESTIONS.items()
    )
    assert withheld == len(left.issues) - len(coded.issues)


def test_nothing_is_withheld_below_nothing(coded: Coded) -> None:
    assert withhold(coded, 0.0) == coded


def test_an_event_without_a_sure_place_is_not_complete(coded: Coded) -> None:
    claim = coded.claims[0]
    doubtful = replace(claim, location=replace(claim.location, confidence=0.1))
    left = withhold(replace(coded, claims=(doubtful,)), 0.2).claims[0]
    assert (left.location.value, left.latitude.value, left.complete) == (None, None, False)
    assert left.location.rule == "withheld: below 0.2"
    line = to_json(withhold(replace(coded, claims=(doubtful,)), 0.2))
    assert line["issues"][-1]["message"].startswith("event 1: location withheld, 0.10: ")
    assert "location" not in line["events"][0]["confidence"]
