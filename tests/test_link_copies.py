"""Copies of one text are known as such; texts on the same happening are not."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin import project
from tocsin.link.copies import COPY, PERMUTATIONS, Signature, likeness, signature
from tocsin.model import Report
from tocsin.store import create_store

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


DANO = "Gunmen killed nine farmers in the village of Dano in Burkina Faso on Tuesday, residents said.\n\n"
FILLER = (
    "The village lies on the road to the river, where most families grow millet and cotton. The rains came late this "
    "year and prices for grain have risen since. A clinic was opened there in spring with money from abroad, and a "
    "second well is to follow. The mayor said that the school will have two new rooms before winter."
)
ADDED = (
    " Our correspondent could not reach the district since the mast is out of order again.",
    " The cotton company expects as many bales as last year from the fields around it.",
)
ELSEWHERE = " The radio has no reporter there and rests on what callers from Dano told it in the course of the morning."
CHAIN = [
    Report(name, DANO + text, published=date(2024, 3, day), source=name, lang="en")
    for name, text, day in (
        ("agency", FILLER, 14),
        ("daily", FILLER + ADDED[0], 13),
        ("weekly", FILLER + ADDED[0] + ADDED[1], 15),
        ("radio", ELSEWHERE, 13),
    )
]


def test_the_chain_is_one() -> None:
    """The first and the third text are too far apart for a copy; the second is like both."""
    one, two, three = (signature(report.text) for report in CHAIN[:3])
    assert one
    assert two
    assert three
    assert min(likeness(one, two), likeness(two, three)) >= COPY > likeness(one, three)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_copies_never_matters(order: tuple[int, ...], tmp_path: Path) -> None:
    """Three papers with one text are one origin, the earliest of them; the radio is another."""
    with create_store(str(tmp_path / "p.db")) as store:
        tally = project.add(store, [CHAIN[3], *(CHAIN[at] for at in order)])
        assert (tally.reports, tally.failed) == (4, 0)
        [event] = store.events()
        assert (event["sources"], len(store.members(event["event_id_cnty"]))) == (2, 4)
        claims = project.with_origin(store, store.claims(store.members(event["event_id_cnty"])))
        names = {claim["report_id"]: claim["source"] for claim in claims}
        assert {claim["source"]: names[claim["origin"]] for claim in claims} == {
            "agency": "daily", "daily": "daily", "weekly": "daily", "radio": "radio",
        }  # fmt: skip
        project.link_all(store)
        assert list(store.events()) == [event]
