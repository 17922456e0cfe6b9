"""Cut a text into the word pieces that the encoder reads.

In:  a text; a table of pieces with their scores (logarithms of how often each stands in the languages served).
Out: the ids of the pieces with the characters that each covers.

A piece that starts a word has "▁" in front. Among all ways to cut a word the one with the highest sum of scores is
taken (Kudo 2018, Unigram language model, arXiv 1804.10959), found by dynamic programming.
"""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from tocsin.errors import DataError
from tocsin.model import Span

START = "▁"
WORD = re.compile(r"\S+")
LONGEST_WORD = 100  # characters; the rest of a longer one is cut as a word of its own
UNKNOWN = "<unk>"
UNKNOWN_COST = -40.0  # of a character that no piece has: lower than the score of any piece

Piece = tuple[int, int, int]  # id, first character, last character + 1


class Pieces:
    """The table of pieces. Ids are places in the table."""

    def __init__(self, scores: Mapping[str, float]) -> None:
        self.ids = {piece: place for place, piece in enumerate(scores)}
        self._scores = dict(scores)
        self._longest = max(map(len, scores))
        self._known: dict[str, tuple[Piece, ...]] = {}
        self._unknown = self.ids[UNKNOWN]

    @classmethod
    def read(cls, path: Path) -> Pieces:
        """The table of a file `piece,score`, packed by gzip."""
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        for number, row in enumerate(rows, 1):
            if len(row) != 2:
                raise DataError(f"{path}:{number}: found {row!r}, expected piece,score")
        return cls({piece: float(score) for piece, score in rows})

    def cut(self, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, Span]]:
        """Ids and spans of the pieces of `text[start:end]`; spans count from the start of `text`."""
        for match in WORD.finditer(text, start, len(text) if end is None else end):
            for first in range(match.start(), match.end(), LONGEST_WORD):
                word = text[first : min(first + LONGEST_WORD, match.end())]
                for piece, begin, stop in self._word(word):
                    yield piece, Span(first + begin, first + stop)

    def _word(self, word: str) -> tuple[Piece, ...]:
        found = self._known.get(word)
        if found is None:
            found = self._known[word] = tuple(self._best(word))
        return found

    def _best(self, word: str) -> list[Piece]:
        letters, places = normal(word)
        text = START + letters
        best = [0.0] + [float("-inf")] * len(text)
        back = [0] * (len(text) + 1)
        for begin in range(len(text)):
            for end in range(begin + 1, min(begin + self._longest, len(text)) + 1):
                score = self._scores.get(text[begin:end], UNKNOWN_COST if end == begin + 1 else None)
                if score is not None and best[begin] + score > best[end]:
                    best[end], back[end] = best[begin] + score, begin
        found: list[Piece] = []
        end = len(text)
        while end > 0:
            begin = back[end]
            found.append((self.ids.get(text[begin:end], self._unknown), *_covered(places, begin - 1, end - 1)))
            end = begin
        return found[::-1]


def normal(word: str) -> tuple[str, list[tuple[int, int]]]:
    """The word in Unicode's compatibility form, and for each of its characters the ones of `word` it came from."""
    if unicodedata.is_normalized("NFKC", word):
        return word, [(place, place + 1) for place in range(len(word))]
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    while at < len(word):
        end = at + 1
        while end < len(word) and unicodedata.combining(word[end]):
            end += 1
        made = unicodedata.normalize("NFKC", word[at:end]).replace(" ", "")
        letters += made
        places += [(at, end)] * len(made)
        at = end
    return "".join(letters), places


def _covered(places: list[tuple[int, int]], begin: int, end: int) -> tuple[int, int]:
    """Characters of the word that the letters from `begin` to `end` cover; `begin` is -1 with the mark of a start."""
    if end <= 0:  # the mark alone
        return (places[0][0], places[0][0]) if places else (0, 0)
    return places[max(begin, 0)][0], places[end - 1][1]
