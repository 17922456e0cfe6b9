"""Which time dates which event. Published on Wednesday 15 May 2024."""

from __future__ import annotations

import pytest

from tocsin.code import look
from tocsin.code.frames import Scene
from tocsin.code.timing import time_of
from tocsin.model import Report, Span
from whole import PUBLISHED, tools

TWO = "Gunmen attacked Dano on Monday and burned a school on Tuesday."
DEUX = "Des hommes armés ont attaqué le village de Dano lundi et brûlé une école mardi."
CASES = [  # text, language, the words of the event, the words of its time
    ("Gunmen attacked Dano on Monday.", "en", "attacked", "on Monday"),
    (TWO, "en", "attacked", "on Monday"),
    (TWO, "en", "burned", "on Tuesday"),
    ("Gunmen attacked Dano on Monday, police said on Tuesday.", "en", "attacked", "on Monday"),
    ("Police said on Tuesday that gunmen attacked Dano on Sunday.", "en", "attacked", "on Sunday"),
    ("Police said Tuesday that gunmen had attacked Dano.", "en", "attacked", None),
    ("BAMAKO, May 14 - Gunmen attacked Dano.", "en", "attacked", None),
    ("Two days after the raid, gunmen killed a farmer on Friday.", "en", "killed", "on Friday"),
    ("In recent years rebels fought here, but on Sunday they attacked Dano.", "en", "attacked", "on Sunday"),
    ("Gunmen attacked Dano. Police came on Tuesday.", "en", "attacked", None),
    ("Des hommes armés ont attaqué lundi le village de Dano.", "fr", "attaqué", "lundi"),
    (DEUX, "fr", "attaqué", "lundi"),
    (DEUX, "fr", "brûlé", "mardi"),
    ("Des hommes armés ont attaqué lundi le village de Dano, a-t-on appris mardi.", "fr", "attaqué", "lundi"),
    ("La police a déclaré mardi que des hommes avaient attaqué Dano dimanche.", "fr", "attaqué", "dimanche"),
    ("BAMAKO, 14 mai - Des hommes armés ont attaqué Dano.", "fr", "attaqué", None),
]


def scene(text: str, lang: str) -> Scene:
    return look(Report("r", text, published=PUBLISHED, lang=lang), tools())


@pytest.mark.parametrize(("text", "lang", "event", "time"), CASES)
def test_an_event_has_its_own_time(text: str, lang: str, event: str, time: str | None) -> None:
    here = scene(text, lang)
    at = text.index(event)
    found = time_of(here.reading, here.times, Span(at, at + len(event)), here.reading.sentence_at(at))
    assert (found.span.of(text).removeprefix("on ") if found else None) == (time.removeprefix("on ") if time else None)


def test_the_time_of_speaking_is_no_time_of_an_event() -> None:
    text = "Gunmen attacked Dano on Monday, police said on Tuesday."
    here = scene(text, "en")
    assert len(here.reading.times) == 2
    assert [time.span.of(text).split()[-1] for time in here.times] == ["Monday"]


@pytest.mark.parametrize(
    ("text", "lang", "places"),
    [
        ("Gunmen attacked Gao on Monday, a prosecutor in Paris said.", "en", {"Gao": False, "Paris": True}),
        ("Des hommes armés ont attaqué Gao lundi, a déclaré un ministre à Paris.", "fr", {"Gao": False, "Paris": True}),
    ],
)
def test_the_place_of_a_speaker_is_elsewhere(text: str, lang: str, places: dict[str, bool]) -> None:
    found = {place.name: place.rule.startswith("elsewhere") for place in scene(text, lang).places}
    assert {name: found.get(name) for name in places} == places
