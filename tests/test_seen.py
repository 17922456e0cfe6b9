"""The dead whom only the model sees."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from tocsin.code import Tools, claims_in
from tocsin.code.both import Both
from tocsin.finder.finder import FILES, WEIGHTS
from tocsin.model import Claim, Report, Span
from tocsin.read.pointed import pointed
from tocsin.read.reader import Reader

RAID = "On Monday gunmen attacked the village of Gwoza in Nigeria."


@cache
def tools() -> Tools:
    if not all((WEIGHTS / name).exists() for name in FILES):
        pytest.skip(f"no weights in {WEIGHTS}")
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    return Tools.load(["en"], finder=Both())


def claim(text: str) -> Claim:
    return claims_in(Report("r", text, None, date(2024, 3, 6), lang="en"), tools()).claims[0]


@pytest.mark.parametrize(
    ("lang", "text", "words", "best"),
    [
        ("en", "By the well lay four herders.", "four herders", 4),
        ("en", "By the well lay a dozen old herders.", "herders", 12),
        ("en", "By the well lay a herder.", "a herder", 1),
        ("en", "By the well lay herders.", "herders", None),
        ("en", "Nobody lay by the well.", "Nobody", None),
        ("fr", "Au bord du puits, vingt-deux bergers.", "vingt-deux bergers", 22),
        ("fr", "Au bord du puits, une dizaine de bergers.", "bergers", 10),
    ],
)
def test_figures_that_words_point_at(lang: str, text: str, words: str, best: int | None) -> None:
    reading, start = Reader().read(Report("r", text, lang=lang)), text.index(words)
    found = list(pointed(reading.doc, reading.numbers, lang, text, [Span(start, start + len(words))]))
    assert [count.number.best for count in found] == ([] if best is None else [best])
    assert all(count.rule.startswith("model.") and count.number.span.end <= len(text) for count in found)


def test_the_model_tells_dead_that_no_rule_reads() -> None:
    told = claim(f"{RAID} Dead on the ground the villagers counted six traders.").fatalities
    assert (told.value, told.rule) == (6, "model.fatalities")
    assert len(told.spans) == 1


def test_what_the_rules_read_goes_first() -> None:
    told = claim(f"{RAID} Two boys died. Dead on the ground the villagers counted six traders.").fatalities
    assert told.value == 2
    assert told.rule.startswith("fatalities.")
