"""One event or several: the codebook's rules of aggregation.

In:  `Occurrence`s: happenings with their actors, place and day.
Out: one occurrence for each event, its tactics united; the order in which they come first is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tocsin.codebook.decide import Happening, decide
from tocsin.codebook.taxonomy import taxonomy


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A happening with what tells it from others. `issue`: what a demonstration is about, if that is known."""

    happening: Happening
    actors: frozenset[str]
    place: str
    day: date
    issue: str | None = None


def merge(one: Happening, other: Happening) -> Happening:
    """Two happenings of the same actors, place and day as one."""
    return Happening(
        one.tactics | other.tactics, one.side1 | other.side1, one.side2 | other.side2, one.facts | other.facts
    )


def same_event(one: Occurrence, other: Occurrence) -> bool:
    """Same actors, place and day; for demonstrations same issue, place and day, whoever demonstrates."""
    return _identity(one) == _identity(other)


def split(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """One occurrence for each event."""
    events: dict[object, Occurrence] = {}
    for found in occurrences:
        key = _identity(found)
        events[key] = _joined(events[key], found) if key in events else found
    return list(events.values())


def _joined(one: Occurrence, other: Occurrence) -> Occurrence:
    actors = one.actors | other.actors
    return Occurrence(merge(one.happening, other.happening), actors, one.place, one.day, one.issue)


def _identity(found: Occurrence) -> tuple[object, ...]:
    verdict = decide(found.happening)
    if verdict and "demonstration" in taxonomy().sub_event(verdict.sub_event_type).flags:
        return ("demonstration", found.issue, found.place, found.day)
    return ("event", found.actors, found.place, found.day)
