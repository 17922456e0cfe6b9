"""What people see in the terminal."""

from __future__ import annotations

import pytest

from factories import TEXT, claim, coded, incomplete, span
from tocsin.exchange.shown import Shown
from tocsin.exchange.text import plain, quote_around


@pytest.mark.parametrize("width", [60, 80, 140])
@pytest.mark.parametrize("explained", [False, True])
def test_output_fits_the_terminal(explained: bool, width: int) -> None:
    """No line is wider than the terminal."""
    [shown] = Shown(explained, width).rows(coded(claim(), incomplete()))
    assert max(len(line) for line in shown.splitlines()) <= width
    assert "\x1b" not in shown


def test_table_shows_each_event_with_the_sentence_behind_it() -> None:
    """Date, type, deaths, actors, place, quote; and how many mentions were not coded."""
    [shown] = Shown(width=100).rows(coded(claim(background=True)))
    for words in (
        "2024-03-11",
        "Violence against civilians / Attack  3 killed  (background)",
        "Unidentified Armed Group (Burkina Faso) – Civilians (Burkina Faso)",
        "Dano, Sud-Ouest, Burkina Faso (± 5 km)",
        "“Gunmen killed 3 farmers in the village of Dano on Monday, residents said.”",
        "1 mention not coded",
    ):
        assert words in shown


def test_table_says_when_there_is_nothing() -> None:
    """A report without events is shown as such; what an event lacks is named."""
    assert "no event" in Shown().rows(coded())[0]
    [shown] = Shown().rows(coded(incomplete()))
    assert all(words in shown for words in ("no date", "actor not stated", "place not stated", "(incomplete)"))


def test_explain_shows_field_quote_rule_confidence_and_what_was_not_coded() -> None:
    """The answer to "why?"."""
    [shown] = Shown(explained=True, width=160).rows(coded(claim(actor2=None)))
    row = next(line for line in shown.splitlines() if line.startswith("event_date"))
    assert all(words in row for words in ("2024-03-11", "on Monday", "date.weekday", "1.00"))
    assert "not stated: assoc_actor_1, actor2" in shown
    rejected = shown[shown.index("Not coded") :]
    assert all(words in rejected for words in ("denied", "The army denied a raid on Bobo.", "the army says"))
    assert "warning: odd" in shown


def test_colours_only_when_asked() -> None:
    """A pipe gets no escape codes."""
    assert "\x1b[" in Shown(color=True).rows(coded(claim()))[0]


def test_text_from_outside_cannot_drive_the_terminal() -> None:
    """Escape codes, hidden marks and markup in a report are shown as nothing or as they are."""
    hostile = coded(claim(location="Da\x1b[31mno"), title="[bold]x[/bold]\x1b]0;owned\x07 \u202eabc")
    [shown] = Shown().rows(hostile)
    assert "[bold]x[/bold]" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    assert plain("a\n b\x00c\ud800d") == "a b c d"


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (TEXT, "killed", "Gunmen killed 3 farmers in the village of Dano on Monday, residents said."),
        (TEXT, "raid", "The army denied a raid on Bobo."),
        ("Titre\nUn raid a eu lieu", "raid", "Un raid a eu lieu"),
        ("a " * 200 + "raid" + " b" * 200, "raid", "…"),
    ],
)
def test_quote_is_the_sentence_or_the_part_around(text: str, words: str, expected: str) -> None:
    """The words behind an event can be read without the report."""
    quote = quote_around(text, span(words, text))
    assert quote.startswith(expected)
    assert words in quote
    assert len(quote) < 250
