"""The example that must always work: "Mali Junta Faces Scrutiny After Attack Near Bamako", published on 9 August 2022.

It tells one event, the attack on the base of Kati on 22 July, among threats, measures, trends, warnings, accusations.
The article is not ours, so it is not in the repository: without it these tests are skipped.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from tocsin.acquire import Options, reports
from tocsin.code import claims_in
from tocsin.model import Claim, Coded, Report
from whole import best, values

ARTICLE = Path(__file__).parents[2] / "shared" / "examples" / "adf-2022-kati.txt"
pytestmark = pytest.mark.skipif(not ARTICLE.exists(), reason=f"{ARTICLE} is not here")

NOT_CODED = [  # words of the mention, reasons that fit, where it stands for
    ("increasingly surrounded", {"generic", "statement"}),  # the expert on the trend
    ("15 attacks in June", {"cumulative"}),
    ("closed major roads", {"no date or place of its own", "statement"}),
    ("tightened security", {"no date or place of its own", "statement"}),
    ("we arrest terrorists", {"generic"}),
    ("would be attacked soon", {"threatened"}),
    ("targeting those who cooperate", {"threatened", "background", "hypothetical"}),  # the warning to Kati
    ("suicide bomb vehicle", {"generic", "hypothetical", "threatened"}),  # the message on WhatsApp
    ("target only a military camp", {"generic", "hypothetical", "threatened"}),
    ("attack Mali’s most protected base", {"hypothetical"}),  # "if these groups can … attack"
    ("fight the rebels", {"planned", "hypothetical", "generic"}),
    ("accused of massacring civilians", {"statement", "generic"}),
    ("right to destroy you and target you", {"hypothetical", "threatened", "generic"}),
]


@cache
def coded() -> Coded:
    (report,) = reports([str(ARTICLE)], Options(published=date(2022, 8, 9)))
    assert isinstance(report, Report)
    return claims_in(report, best())


def attack() -> Claim:
    (claim,) = coded().claims
    return claim


def quotes(name: str) -> list[str]:
    return [span.of(coded().report.text) for span in values(attack())[name].spans]


def test_the_attack_of_22_july_is_the_only_event() -> None:
    claim = attack()
    assert (claim.event_type.value, claim.sub_event_type.value) == ("Battles", "Armed clash")
    assert (claim.event_date.value, claim.time_precision.value) == (date(2022, 7, 22), 1)
    assert (claim.country.value, claim.admin1.value, claim.location.value) == ("Mali", "Koulikoro", "Kati")
    assert claim.geo_precision.value == 1


def test_jnim_attacked_the_military() -> None:
    assert str(attack().actor1.value).startswith("JNIM")
    assert (attack().inter1.value, attack().inter2.value) == ("Rebel group", "State forces")
    assert str(attack().actor2.value).startswith("Military Forces of Mali")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("event_date", "July 22"),
        ("location", "Kati"),
        ("actor1", "JNIM"),
        ("actor2", "military base"),
        ("event_type", "attack on Mali’s biggest"),
    ],
)
def test_each_value_is_quoted(name: str, words: str) -> None:
    assert any(words in quote for quote in quotes(name))


@pytest.mark.parametrize(("words", "reasons"), NOT_CODED)
def test_what_only_sounds_like_an_attack_is_rejected(words: str, reasons: set[str]) -> None:
    start = coded().report.text.index(words)
    found = {m.reason for m in coded().rejected if start <= m.span.start and m.span.end <= start + len(words)}
    assert found & reasons, found


def test_nobody_is_said_to_have_died() -> None:
    """The article gives no number; the innocent of the group's message are not those of Kati."""
    assert attack().fatalities.value == 0


def test_the_frame_of_the_page_is_cut_off() -> None:
    assert "You might also like" not in coded().report.text
    assert "Comments are closed" not in coded().report.text
