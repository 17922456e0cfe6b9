"""A report's text with the words marked that support what was coded.

In:  the text, evidence (field, start, end) in characters of it.
Out: Pieces of the text in order, each with the fields that it supports; together they are the whole text.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# A question, and the columns that one answer settles: what a reader sees as one value.
QUESTIONS = {
    "what": ("event_type", "sub_event_type", "disorder_type", "civilian_targeting"),
    "when": ("event_date", "year", "time_precision"),
    "who first": ("actor1", "inter1", "assoc_actor_1"),
    "who second": ("actor2", "inter2", "assoc_actor_2"),
    "where": ("country", "admin1", "admin2", "location", "latitude", "longitude", "geo_precision", "geonameid",
              "place_radius_km", "iso", "region"),
    "how many dead": ("fatalities", "fatalities_low", "fatalities_best", "fatalities_high"),
}  # fmt: skip
QUESTION_OF = {column: question for question, columns in QUESTIONS.items() for column in columns}


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that support the same questions. `marks`: pairs of the event's key and the question."""

    text: str
    marks: tuple[tuple[str, str], ...]

    @property
    def names(self) -> str:
        """As a list of words for a page: questions, then `event-question` for each mark."""
        return " ".join(f"{key}:{question.replace(' ', '-')}" for key, question in self.marks)

    @property
    def label(self) -> str:
        return ", ".join(dict.fromkeys(question for _, question in self.marks))


def pieces(text: str, evidence: Mapping[str, Iterable[Mapping[str, Any]]]) -> list[Piece]:
    """The text, parted wherever words begin or cease to support something. `evidence`: by the event's key."""
    marks = {
        (max(0, each["start"]), min(len(text), each["end"]), key, QUESTION_OF[each["field"]])
        for key, held in evidence.items()
        for each in held
        if each["field"] in QUESTION_OF and each["start"] < each["end"]
    }
    cuts = sorted({0, len(text), *(edge for start, end, *_ in marks for edge in (start, end))})
    found = []
    for start, end in itertools.pairwise(cuts):
        here = sorted({(key, question) for first, last, key, question in marks if first <= start and end <= last})
        found.append(Piece(text[start:end], tuple(here)))
    return found


def quotes_of(evidence: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The words behind each column, each once."""
    found: dict[str, list[str]] = {}
    for each in evidence:
        held = found.setdefault(each["field"], [])
        if each["quote"] not in held:
            held.append(each["quote"])
    return found
