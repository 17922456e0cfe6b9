"""Which figures belong to which incident: from the whole text to the coded number of dead."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from whole import code

TWO = (
    "On Monday gunmen attacked the village of Dori in Burkina Faso, killing four farmers. "
    "On Tuesday a bomb exploded in Djibo, killing nine soldiers."
)

CASES = [
    ("en", TWO, [4, 9]),
    (
        "en",
        "Gunmen attacked the village of Dori in Burkina Faso on Monday. Four farmers died.\n\n"
        "A bomb exploded in Djibo on Tuesday. Nine soldiers were killed.",
        [4, 9],
    ),
    (
        "en",
        "Gunmen attacked the village of Dori in Burkina Faso on Monday, killing four farmers.\n\n"
        "On Tuesday protesters marched peacefully in Ouagadougou.\n\n"
        "More than 800 people have been killed in the region since January.",
        [4, 0],
    ),
    (
        "fr",
        "Lundi, des hommes armés ont attaqué le village de Dori, au Burkina Faso, tuant quatre paysans.\n\n"
        "Mardi, des manifestants ont défilé dans le calme à Ouagadougou pour réclamer des salaires.",
        [4, 0],
    ),
    (
        "en",
        "Gunmen attacked the village of Dori in Burkina Faso on Monday and killed nine farmers, who had been "
        "without a guard for months.",
        [9],
    ),
    (
        "fr",
        "Une bombe a explosé lundi au passage d'un convoi près de Djibo, au Burkina Faso. "
        "Six militaires ont été tués, dont un officier, et neuf blessés.",
        [6],
    ),
    (
        "en",
        "A bomb exploded in Djibo, Burkina Faso, on Monday, killing nine soldiers. "
        "Two of the wounded died on Wednesday, which brought the death toll to 11, the army said.",
        [11],
    ),
]


@pytest.mark.parametrize(("lang", "text", "dead"), CASES)
def test_each_incident_has_its_own_dead(lang: str, text: str, dead: list[int]) -> None:
    assert [claim.fatalities.value for claim in code(text, lang).claims] == dead


@pytest.mark.parametrize(("lang", "text"), [(lang, text) for lang, text, _ in CASES])
def test_a_figure_goes_to_one_incident_only(lang: str, text: str) -> None:
    spans = sorted(span for claim in code(text, lang).claims for span in claim.fatalities.spans)
    assert all(not one.overlaps(other) for one, other in pairwise(spans))


@pytest.mark.parametrize(("lang", "text"), [(lang, text) for lang, text, _ in CASES])
def test_the_dead_are_quoted_where_there_are_any(lang: str, text: str) -> None:
    for claim in code(text, lang).claims:
        assert bool(claim.fatalities.spans) >= bool(claim.fatalities.value)
        assert claim.fatalities_low.value <= claim.fatalities.value <= claim.fatalities_high.value  # type: ignore[operator]


LINES = (Path(__file__).parent / "data" / "tolls.tsv").read_text(encoding="utf-8").splitlines()[1:]
OPEN = pytest.mark.xfail(reason="not reached yet", strict=True)
REPORTS = [pytest.param(*line.split("\t"), marks=[OPEN] if "\t?" in line else []) for line in LINES]


@pytest.mark.parametrize(("lang", "dead", "text"), REPORTS)
def test_reports_of_several_paragraphs(lang: str, dead: str, text: str) -> None:
    """Reports in which the figures stand apart from what happened."""
    told = code(text.replace(" ¶ ", "\n\n"), lang).claims
    assert [str(claim.fatalities.value) for claim in told] == dead.removeprefix("?").split()
