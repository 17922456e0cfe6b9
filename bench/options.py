"""What Tocsin finds in a text, as options among which learned weights choose: for other people's sets.

In:  a Report.
Out: `Told`: its scene, mentions of events, whether they would be coded or not, and incidents. `Option`: a value that an
     answer may take, with what can be said of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from bench.events import _tools
from bench.weigh import Row, Weights, total

FAR, EARLY, OFTEN = (1, 2, 3, 5), (1, 2, 3, 5, 8, 13), (2, 3, 5)  # sentences apart, sentences before, mentions
WORD = re.compile(r"[a-z]+(?:'s)?|\d+")


@dataclass(frozen=True, slots=True)
class Option:
    """A value that an answer may take, and what can be said of it."""

    value: Any
    row: Row


@dataclass(frozen=True)
class Told:
    """What Tocsin makes of one text."""

    scene: Any
    frames: Sequence[Any]
    incidents: Sequence[Any]

    @property
    def published(self) -> date | None:
        return self.scene.reading.report.published  # type: ignore[no-any-return]

    @cached_property
    def low(self) -> str:
        return str(self.scene.reading.text.lower())

    def words(self, start: int, end: int) -> list[str]:
        return WORD.findall(self.low[max(0, start) : end])

    def beside(self, mention: Any) -> list[str]:
        """The words of its sentence."""
        span = self.scene.reading.sentence_at(mention.span.start).span
        return self.words(span.start, span.end)

    def where(self, group: str, mentions: Sequence[Any], frames: Iterable[Any]) -> Iterator[str]:
        """How often, how early and how near to the frames the mentions are."""
        here = [self.scene.reading.sentence_at(mention.span.start).index for mention in mentions]
        at = sorted({frame.sentence.index for frame in frames})
        yield f"{group} often {step(len(mentions), OFTEN)}"
        if here:
            yield f"{group} early {step(min(here), EARLY)}"
        if not at:
            yield f"{group} without mention"
        elif here:
            yield f"{group} far {step(min(abs(a - b) for a in at for b in here), FAR)}"
            yield f"{group} with the first {at[0] in here}"


def told(report: Any) -> Told:
    """Read and look at one text."""
    from tocsin.code import look
    from tocsin.code.events import gather
    from tocsin.code.frames import find_frames

    scene = look(report, _tools())
    frames = find_frames(scene)
    return Told(scene, frames, gather(scene, frames)[0])


def step(number: int, steps: Sequence[int]) -> int:
    """How many of the steps the number reaches."""
    return sum(number >= each for each in steps)


def plain(text: str) -> str:
    """In small letters, without accents, words parted by one space."""
    from tocsin.fold import fold

    return re.sub(r"\W+", " ", fold(text)).strip()


def by(mentions: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    """The mentions of each key, in the order of the text."""
    groups: dict[Any, list[Any]] = defaultdict(list)
    for mention in mentions:
        groups[key(mention)].append(mention)
    return groups


def best(weights: Weights, options: Sequence[Option], least: float = float("-inf")) -> Option | None:
    """The option for which most speaks, if enough does."""
    fit = [option for option in options if total(weights, option.row) > least]
    return max(fit, key=lambda option: total(weights, option.row), default=None)
