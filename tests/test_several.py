"""Places joined by "and": one telling, several events; the dead are divided."""

from __future__ import annotations

import pytest

from tocsin.code.several import share
from tocsin.codebook.fatalities import Toll
from whole import code

CASES = [
    ("Gunmen attacked Djibo and Dori in Burkina Faso on Monday.", "en", {"Djibo", "Dori"}),
    ("Gunmen attacked Djibo, Dori and Kaya in Burkina Faso on Monday.", "en", {"Djibo", "Dori", "Kaya"}),
    ("Des hommes armés ont attaqué lundi Djibo et Dori, au Burkina Faso.", "fr", {"Djibo", "Dori"}),
    ("Gunmen attacked Djibo, Burkina Faso, on Monday.", "en", {"Djibo"}),
    ("Gunmen attacked Djibo on Monday. Dori and Kaya, in Burkina Faso, were calm.", "en", {"Djibo"}),
    ("Gunmen attacked a convoy between Djibo and Dori in Burkina Faso on Monday.", "en", None),
]


@pytest.mark.parametrize(("text", "lang", "places"), CASES)
def test_each_place_is_an_event(text: str, lang: str, places: set[str] | None) -> None:
    """A comma between a place and its country joins nothing; 'between X and Y' is one place."""
    claims = code(text, lang).claims
    assert len(claims) == (len(places) if places else 1)
    assert places is None or {claim.location.value for claim in claims} == places


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Gunmen attacked Djibo and Dori in Burkina Faso on Monday, killing seven civilians.", "en"),
        ("Des hommes armés ont attaqué lundi Djibo et Dori, au Burkina Faso, tuant sept civils.", "fr"),
    ],
)
def test_the_dead_of_two_places_are_divided(text: str, lang: str) -> None:
    assert sorted(claim.fatalities.value or 0 for claim in code(text, lang).claims) == [3, 4]


@pytest.mark.parametrize(("best", "parts"), [(12, 2), (7, 3), (0, 2), (1, 4)])
def test_shares_add_up(best: int, parts: int) -> None:
    toll = Toll(best=best, low=best, high=best, rule="fatalities.exact", spans=())
    shares = [share(toll, part, parts).best for part in range(parts)]
    assert sum(shares) == best
    assert max(shares) - min(shares) <= 1
