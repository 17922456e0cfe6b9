"""Text from outside, made fit to be shown: no terminal codes, no hidden direction marks, not too long."""

from __future__ import annotations

import re

from tocsin.model import Span

# C0 and C1 controls could drive the terminal, direction overrides could disguise what is written.
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
_END = re.compile(r"[.!?…][\"»”’)\]]*\s|\n")
QUOTE_LENGTH = 240


def plain(text: str) -> str:
    """The text on one line, with nothing in it but what can be seen."""
    return " ".join(_HIDDEN.sub(" ", text).split())


def quote_around(text: str, span: Span) -> str:
    """The sentence around the span; of a long one, the part around it, with "…" where it is cut."""
    start = max((found.end() for found in _END.finditer(text, 0, span.start)), default=0)
    ending = _END.search(text, max(span.start, span.end - 1))
    end = ending.end() if ending else len(text)
    return plain(text[start:end]) if end - start <= QUOTE_LENGTH else _cut(text, span, start, end)


def _cut(text: str, span: Span, start: int, end: int) -> str:
    """The part of text[start:end] around the span, in whole words."""
    room = max(0, QUOTE_LENGTH - (span.end - span.start)) // 2
    first, last = max(start, span.start - room), min(end, span.end + room)
    before = "…" + text[first : span.start].partition(" ")[2] if first > start else text[start : span.start]
    after = text[span.end : last].rpartition(" ")[0] + "…" if last < end else text[span.end : end]
    return plain(before + span.of(text) + after)
