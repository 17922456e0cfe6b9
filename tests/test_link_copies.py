"""Copies of one text are known as such; texts on the same happening are not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tocsin.link.copies import COPY, PERMUTATIONS, Signature, likeness, signature

AGENCY = (
    "Gunmen on motorcycles attacked the weekly market of Barsalogo on Tuesday afternoon and killed at least nine "
    "traders before they fled towards the forest, the mayor of the town and two witnesses told our reporter. Soldiers "
    "reached the place an hour later and found burnt stalls and a damaged ambulance near the river crossing. No group "
    "has said that it was behind the raid, the third on a market of the province in two months. The governor has "
    "forbidden motorcycles after dark and asks the people of the surrounding hamlets to report strangers to the police."
)
OTHER = (
    "At least nine people died when armed men raided the market at Barsalogo on Tuesday. Residents said the attackers "
    "arrived on motorcycles, shot at traders and burnt dozens of stalls. An army patrol came after they had gone. "
    "It was not clear who was responsible. Markets in the area have been hit three times since the rains ended, and "
    "the authorities have limited the use of motorcycles at night, a step that farmers say cuts them off from help."
)


def test_a_text_with_another_frame_is_a_copy() -> None:
    sold = "OUAGADOUGOU (Daily Post) - " + AGENCY + " (With agencies)"
    one, two = signature(AGENCY), signature(sold)
    assert one
    assert two
    assert likeness(one, two) >= COPY
    assert set(one.bands()) & set(two.bands())


def test_another_report_of_the_same_happening_is_no_copy() -> None:
    one, two = signature(AGENCY), signature(OTHER)
    assert one
    assert two
    assert likeness(one, two) < 0.2
    assert not set(one.bands()) & set(two.bands())


def test_a_short_text_has_no_signature() -> None:
    assert signature("Nine traders were killed.") is None


@given(st.lists(st.integers(0, 2**32 - 1), min_size=PERMUTATIONS, max_size=PERMUTATIONS))
def test_a_signature_survives_being_stored(values: list[int]) -> None:
    made = Signature(tuple(values))
    assert Signature.from_text(made.to_text()) == made
    assert all(-(2**63) <= band < 2**63 for band in made.bands())
