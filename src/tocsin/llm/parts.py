"""Cut a report into pieces that a model can hold.

In:  a text, how many characters fit, what is left out of it.
Out: `Part`s that together have the whole text; each later one shows the report's opening again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.model import Span

LEAD = 600  # characters of the opening that are shown again: who, where and when a long report is about
BREAKS = ("\n\n", "\n", ". ", " ")  # where a piece may end, the best first
GAP = "\n\n[...]\n\n"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text. `shown`: what is sent of it, in order; `own`: the piece without the opening shown again."""

    shown: tuple[Span, ...]
    own: Span

    def of(self, text: str) -> str:
        """What is sent."""
        return GAP.join(span.of(text).strip() for span in self.shown)


def cut(text: str, room: int, left_out: Sequence[Span] = ()) -> list[Part]:
    """The parts of `text`, none longer than `room` characters; none if nothing is left of it."""
    lead = Span(0, _end(text, 0, min(LEAD, room // 3)))
    parts: list[Part] = []
    start = 0
    while start < len(text):
        space = room - (lead.end + len(GAP) if start else 0)
        own = Span(start, _end(text, start, space))
        shown = [span for part in ((lead, own) if start else (own,)) for span in without(part, left_out)]
        if any(span.overlaps(own) for span in shown if span.of(text).strip()):
            parts.append(Part(tuple(span for span in shown if span.of(text).strip()), own))
        start = own.end
    return parts


def _end(text: str, start: int, size: int) -> int:
    """Where a piece of at most `size` characters ends: at the last break in its second half."""
    if start + size >= len(text):
        return len(text)
    for mark in BREAKS:
        at = text.rfind(mark, start + size // 2, start + size)
        if at >= 0:
            return at + len(mark)
    return start + size


def without(span: Span, left_out: Sequence[Span]) -> list[Span]:
    """What remains of the span."""
    rest, start = [], span.start
    for gone in left_out:
        if gone.overlaps(span):
            rest.append(Span(start, max(start, gone.start)))
            start = gone.end
    rest.append(Span(start, max(start, span.end)))
    return [each for each in rest if each.end > each.start]
