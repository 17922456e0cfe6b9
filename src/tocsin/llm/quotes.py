"""Find what a model quotes in the text of the report.

In:  a text, a quote, where it may stand.
Out: the spans of the text that say exactly this; only white space and the signs of quotation may differ.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from tocsin.model import Span

SIGNS = str.maketrans({**dict.fromkeys("’‘ʼ`´", "'"), **dict.fromkeys("“”„«»", '"')})
MARKS = "\"' "
INNER = re.compile(r"«\s+|\s+»")  # the spaces inside French quotation marks belong to the marks
FILL = "\x00"
LONGEST = 400  # characters; more than that is no quote but the report


class Quotes:
    """The words of one text, to look quotes up in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._plain, self._at = _plain(text)

    def find(self, quote: str, within: Sequence[Span]) -> list[Span]:
        """Everywhere the quote stands as whole words inside one of the spans, in order; none if it does not."""
        if not 0 < len(quote) <= LONGEST:
            return []
        wanted = _plain(quote)[0].strip(" ")
        return self._all(wanted, within) or self._all(wanted.strip(MARKS), within)

    def _all(self, wanted: str, within: Sequence[Span]) -> list[Span]:
        return [span for place in within for span in self._inside(wanted, place)] if wanted else []

    def _inside(self, wanted: str, place: Span) -> Iterator[Span]:
        end = bisect_left(self._at, place.end)
        at = self._plain.find(wanted, bisect_left(self._at, place.start), end)
        while at >= 0:
            span = Span(self._at[at], self._at[at + len(wanted) - 1] + 1)
            if self._is_whole(span):
                yield span
            at = self._plain.find(wanted, at + 1, end)

    def _is_whole(self, span: Span) -> bool:
        """It begins and ends where words do: "Mali" does not stand in "Somalia"."""
        return not any(
            0 < edge < len(self.text) and self.text[edge - 1].isalnum() and self.text[edge].isalnum()
            for edge in (span.start, span.end)
        )


def _plain(text: str) -> tuple[str, list[int]]:
    """The text with plain signs and single spaces, and where each of its characters stands in the original."""
    letters: list[str] = []
    at: list[int] = []
    for place, letter in enumerate(INNER.sub(_filled, text).translate(SIGNS)):
        if letter == FILL:
            continue
        if not letter.isspace():
            letters.append(letter)
            at.append(place)
        elif letters and letters[-1] != " ":
            letters.append(" ")
            at.append(place)
    return "".join(letters), at


def _filled(match: re.Match[str]) -> str:
    """The sign, its spaces marked as none."""
    return "".join(FILL if letter.isspace() else letter for letter in match.group())
