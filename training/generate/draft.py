"""A text under construction, with the marks of its pieces.

In:  pieces of text, in order, and where marks begin and end.
Out: the text and its marks; spaces, capitals after a full stop and commas are kept right while writing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

STOPS = (". ", "! ", "? ", "\n", "- ", "• ", "* ")
EDGES = " ,;\n"
PAUSES = ",.;:("


@dataclass(slots=True)
class Mark:
    """A piece of the text: whose it is (number of the event; None: of no event), what it states, how well (0 best)."""

    owner: int | None
    label: str
    start: int
    end: int
    rank: int = 0


class Draft:
    """Write pieces one after the other; `finish` gives the text."""

    def __init__(self, before: str = "\n") -> None:
        """`before`: what stands before the text; after a new line or a full stop it begins with a capital."""
        self._pieces: list[str] = []
        self._length = 0
        self._tail = before
        self.marks: list[Mark] = []

    def write(self, piece: str) -> None:
        """Add a piece: no two spaces in a row, no space before a comma, a capital at the start of a sentence."""
        mark = piece.lstrip(" ")[:1]
        if mark and mark in PAUSES and self._length:  # no space before it, no two of them: " ,", ",.", ", ("
            self._drop(" ,")
            spaced = mark == "(" or (piece[0] == " " and mark in ":;")
            piece = " " * spaced + piece.lstrip(" ")
        elif self._tail[-1] in " \n":
            piece = piece.lstrip(" ")
        if not piece:
            return
        if self.starts:
            piece = piece[0].upper() + piece[1:]
        self._pieces.append(piece)
        self._length += len(piece)
        self._tail = (self._tail + piece)[-2:]

    @property
    def starts(self) -> bool:
        """Whether the next piece begins a sentence."""
        return self._tail.endswith(STOPS)

    def _drop(self, ends: str) -> None:
        """Take back what was written last, if it is one of these characters."""
        while self._pieces and self._pieces[-1] and self._pieces[-1][-1] in ends:
            self._pieces[-1] = self._pieces[-1][:-1]
            self._length -= 1
            if not self._pieces[-1]:
                self._pieces.pop()
        self._tail = ("\n" + "".join(self._pieces[-2:]))[-2:] if self._pieces else self._tail

    @contextmanager
    def mark(self, owner: int | None, label: str, rank: int = 0) -> Iterator[None]:
        """Mark what is written inside."""
        start = self._length
        yield
        if self._length > start:
            self.marks.append(Mark(owner, label, start, self._length, rank))

    def raw(self) -> str:
        """The text as written, spaces at its end and all."""
        return "".join(self._pieces)

    def finish(self) -> str:
        """The text; the marks are trimmed to words, and those that became empty are dropped."""
        text = self.raw().rstrip()
        kept = []
        for mark in self.marks:
            mark.end = min(mark.end, len(text))
            while mark.start < mark.end and text[mark.start] in EDGES:
                mark.start += 1
            while mark.end > mark.start and text[mark.end - 1] in EDGES:
                mark.end -= 1
            if mark.end > mark.start:
                kept.append(mark)
        self.marks = kept
        return text
