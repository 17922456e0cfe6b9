"""Words that the model takes for an event: mentions that no word list foresaw.

In:  a Scene with the sight of the model.
Out: `Match`es like those of the lexicon, of the grade "model", with the tactics and facts that stand for the sub-event
     type that the model sees (data/types.toml). The codebook still decides on the type, with the sides.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from tocsin.code.lexicon import Entry, Match
from tocsin.codebook import taxonomy, vocabulary
from tocsin.errors import DataError
from tocsin.finder import Sight
from tocsin.model import Span
from tocsin.read.reader import Reading
from tocsin.toml import read_toml

GRADE = "model"


@cache
def stand_ins() -> Mapping[str, tuple[str, ...]]:
    """data/types.toml: each sub-event type with the tactics and facts that stand for it, the main tactic first."""
    path = resources.files(__package__).joinpath("data/types.toml")
    table = read_toml(path)["words"]
    if set(table) != set(taxonomy().sub_event_types):
        raise DataError(f"{path}:1: found other types, expected the {len(taxonomy().sub_event_types)} of the taxonomy")
    words = {*vocabulary().tactics, *vocabulary().facts}
    if unknown := {word for row in table.values() for word in row} - words:
        raise DataError(f"{path}:1: found {min(unknown)!r}, expected tactics and facts of the codebook")
    return {kind: tuple(row) for kind, row in table.items()}


def unforeseen(reading: Reading, sight: Sight) -> Iterator[Match]:
    """The mentions that the model sees, in the order of the text; one match for each tactic."""
    starts, ends = [word.start for word in reading.words], [word.end for word in reading.words]
    for span, _ in sight.events:
        first, last = bisect_right(ends, span.start), bisect_left(starts, span.end) - 1
        if first <= last:
            yield from (Match(span, entry, first, last) for entry in _entries(_kind(sight, span)))


def _kind(sight: Sight, span: Span) -> str:
    """The sub-event type that the model finds likeliest."""
    kinds = sight.kinds(span)
    return max(stand_ins(), key=lambda kind: kinds.get(kind, 0.0))


@cache
def _entries(kind: str) -> tuple[Entry, ...]:
    known, none = vocabulary(), frozenset[str]()
    facts = frozenset(word for word in stand_ins()[kind] if word in known.facts)
    tactics = [word for word in stand_ins()[kind] if word in known.tactics]
    return tuple(Entry(f"model.{tactic}", tactic, GRADE, none, none, facts, noun=False) for tactic in tactics)
