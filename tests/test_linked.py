"""Which words of a sentence are those of one mention. Published on Wednesday 15 May 2024."""

from __future__ import annotations

import pytest

from tocsin.code import look
from tocsin.code.frames import Frame, Scene, find_frames
from tocsin.code.linked import is_one_statement, says
from tocsin.model import Report, Span
from whole import PUBLISHED, tools


def _scene(text: str, lang: str) -> Scene:
    return look(Report(id="r", text=text, published=PUBLISHED, lang=lang), tools())


def _frame(scene: Scene, word: str) -> Frame:
    return next(frame for frame in find_frames(scene) if word in frame.span.of(scene.reading.text))


@pytest.mark.parametrize(
    ("text", "lang", "one", "other", "same"),
    [
        ("The raid killed nine people in Ansongo.", "en", "raid", "killed", True),
        ("L'attaque a tué neuf personnes à Ansongo.", "fr", "attaque", "tué", True),
        ("Gunmen attacked Ansongo and soldiers shelled Gao.", "en", "attacked", "shelled", False),
        ("Des hommes armés ont attaqué Ansongo et l'armée a bombardé Gao.", "fr", "attaqué", "bombardé", False),
    ],
)
def test_the_noun_a_verb_is_said_of_is_one_statement_with_it(
    text: str, lang: str, one: str, other: str, *, same: bool
) -> None:
    scene = _scene(text, lang)
    assert is_one_statement(_frame(scene, one), _frame(scene, other), scene.reading) is same


@pytest.mark.parametrize(
    ("text", "lang", "trigger", "words", "own"),
    [
        ("Gunmen attacked Ansongo on Monday after soldiers shelled Gao.", "en", "attacked", "Ansongo", True),
        ("Gunmen attacked Ansongo on Monday after soldiers shelled Gao.", "en", "attacked", "Gao", False),
        ("Gunmen attacked Ansongo on Monday after soldiers shelled Gao.", "en", "shelled", "Gao", True),
        ("Des bandits ont attaqué Ansongo après que l'armée a bombardé Gao.", "fr", "attaqué", "Gao", False),
        ("Des bandits ont attaqué Ansongo après que l'armée a bombardé Gao.", "fr", "bombardé", "Gao", True),
    ],
)
def test_a_mention_says_what_its_own_clause_says(text: str, lang: str, trigger: str, words: str, *, own: bool) -> None:
    scene, at = _scene(text, lang), text.index(words)
    assert says(_frame(scene, trigger), (Span(at, at + len(words)),), scene.reading) is own
