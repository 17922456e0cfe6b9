"""Lay a report out in the windows that the encoder reads one by one.

In:  a text, its title and date, a table of pieces.
Out: `Tokens` of the text, and `windows` of ids: beginning, date, title, end, a part of the text, end.

A window holds whole paragraphs where it can, else whole sentences. Every window starts with date and title, so that it
knows what the report is about.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date

from tocsin.finder.pieces import Pieces
from tocsin.model import Span

SIZE = 256  # pieces in a window, with all around the text
TITLE = 40  # pieces of date and title at most
STOPS = frozenset('.!?…»”"')


@dataclass(frozen=True, slots=True)
class Tokens:
    """The pieces of a text: their ids, first and last characters, and the paragraph each stands in."""

    ids: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    paragraphs: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def of(self, span: Span) -> tuple[int, int]:
        """First and last + 1 of the tokens that `span` touches; the nearest one if it touches none."""
        first = bisect_right(self.ends, span.start)
        last = bisect_left(self.starts, span.end)
        first = min(first, len(self) - 1)
        return first, max(last, first + 1)

    def span(self, first: int, last: int) -> Span:
        """The characters from token `first` up to, not including, token `last`."""
        return Span(self.starts[first], self.ends[last - 1])


@dataclass(frozen=True, slots=True)
class Window:
    """What the encoder reads at once: `ids`, of which those from `offset` on are tokens `first` to `last` - 1."""

    ids: tuple[int, ...]
    offset: int
    first: int
    last: int


def tokens(text: str, pieces: Pieces) -> Tokens:
    """The pieces of the text."""
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    paragraphs: list[int] = []
    paragraph = end = 0
    for piece, span in pieces.cut(text):
        if "\n" in text[end : span.start] and ids:
            paragraph += 1
        end = span.end
        ids.append(piece)
        starts.append(span.start)
        ends.append(span.end)
        paragraphs.append(paragraph)
    return Tokens(tuple(ids), tuple(starts), tuple(ends), tuple(paragraphs))


def windows(text: str, found: Tokens, pieces: Pieces, *, title: str | None, published: date | None) -> list[Window]:
    """The windows of the text, in its order; none if it has no token."""
    begin, end = pieces.ids["<s>"], pieces.ids["</s>"]
    about = f"{published.isoformat() if published else ''} {title or ''}"
    head = (begin, *[piece for piece, _ in pieces.cut(about)][:TITLE], end)
    made = []
    first = 0
    while first < len(found):
        last = _break(text, found, first, first + SIZE - len(head) - 1)
        made.append(Window((*head, *found.ids[first:last], end), len(head), first, last))
        first = last
    return made


def _break(text: str, found: Tokens, first: int, limit: int) -> int:
    """Where the window that starts at token `first` ends: at most at `limit`, in its second half."""
    if limit >= len(found):
        return len(found)
    places = range(limit, (first + limit) // 2, -1)
    for place in places:
        if found.paragraphs[place] != found.paragraphs[place - 1]:
            return place
    for place in places:
        if text[found.ends[place - 1] - 1] in STOPS and found.ends[place - 1] < found.starts[place]:
            return place
    return limit
