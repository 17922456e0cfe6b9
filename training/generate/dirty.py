"""Give a report the faults of the web: no accents, capitals, broken lines, boilerplate, other quotation marks.

In:  a finished report.
Out: the same report with another text; its marks moved along, so that they stay exact.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from random import Random

from training.generate.write import Made

CURLY = {'"': "”", "'": "’", "« ": "“", " »": "”"}
STRAIGHT = {"’": "'", "« ": '"', " »": '"', "“": '"', "”": '"'}


def soil(made: Made, rng: Random) -> None:
    """Apply one or two faults, and now and then boilerplate."""
    faults: list[Callable[[str, Random], list[str]]] = [_no_accents, _capitals, _broken, _quotes, _spaces]
    for fault in rng.sample(faults, rng.choice((1, 1, 2))):
        _apply(made, fault(made.text, rng))
    if rng.random() < 0.5:
        _surround(made, rng)


def _apply(made: Made, pieces: list[str]) -> None:
    """Replace each character by its piece; marks move with their characters."""
    starts = [0]
    for piece in pieces:
        starts.append(starts[-1] + len(piece))
    made.text = "".join(pieces)
    for mark in made.marks:
        mark.start, mark.end = starts[mark.start], starts[mark.end]
        while mark.end > mark.start and made.text[mark.end - 1].isspace():
            mark.end -= 1


def _no_accents(text: str, rng: Random) -> list[str]:
    return [
        "".join(part for part in unicodedata.normalize("NFD", char) if not unicodedata.combining(part)) for char in text
    ]


def _capitals(text: str, rng: Random) -> list[str]:
    """All of the text, or its first paragraph."""
    end = len(text) if rng.random() < 0.3 else max(text.find("\n"), 0) or len(text)
    return [char.upper() if at < end else char for at, char in enumerate(text)]


def _broken(text: str, rng: Random) -> list[str]:
    """Lines broken at a width, as a copied page has them, or paragraphs run together."""
    if rng.random() < 0.4:
        return [" " if char == "\n" else char for char in text]
    width, since, pieces = rng.choice((60, 72, 80)), 0, []
    for char in text:
        since = 0 if char == "\n" else since + 1
        pieces.append("\n" if char == " " and since > width else char)
        since = 0 if pieces[-1] == "\n" else since
    return pieces


def _quotes(text: str, rng: Random) -> list[str]:
    table = rng.choice((CURLY, STRAIGHT))
    pieces = list(text)
    for at, char in enumerate(text):
        pair = text[at : at + 2]
        if len(pair) == 2 and pair in table:
            pieces[at], pieces[at + 1] = table[pair], ""
        elif char in table and pieces[at]:
            pieces[at] = table[char]
    return pieces


def _spaces(text: str, rng: Random) -> list[str]:
    """Doubled or hard spaces here and there, and full stops without a space."""
    odd = (" \u00a0", "  ", "\u00a0")
    return [rng.choice(odd) if char == " " and rng.random() < 0.04 else char for char in text]


def _surround(made: Made, rng: Random) -> None:
    """Navigation before, notices after."""
    phrases = made.scene.language.phrases
    before, after = (rng.choice(phrases[f"form.{part}"]).source for part in ("before", "after"))
    lead = f"{before}\n\n" if rng.random() < 0.6 else ""
    made.text = f"{lead}{made.text}\n\n{after}" if rng.random() < 0.8 else f"{lead}{made.text}"
    for mark in made.marks:
        mark.start += len(lead)
        mark.end += len(lead)
