"""Who is said to be behind something, and who only says something.

In:  a Reading.
Out: for a mention of an actor, whether the words around it blame it, and whether it is a speaker.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from tocsin.fold import fold
from tocsin.model import ActorMention, Span
from tocsin.read.reader import Reading
from tocsin.toml import read_toml

NEAR = 60  # characters on either side of a name in which the words of blame may stand
ARTICLE = r"(?:[\s,:\"«“']*(?:the|a|an|some|l'|le|la|les|un|une|des|du|de|d')?\s*)$"


@dataclass(frozen=True, slots=True)
class Words:
    before: re.Pattern[str]
    after: re.Pattern[str]
    nobody: re.Pattern[str]


@cache
def load(lang: str) -> Words:
    table = read_toml(resources.files(__package__).joinpath("data/blame.toml"))[lang]
    return Words(
        re.compile(rf"\b(?:{table['before']}){ARTICLE}"),
        re.compile(rf"[\s,\"»”']*(?:{table['after']})"),
        re.compile(rf"\b(?:{table['nobody']})"),
    )


@dataclass(frozen=True)
class Blame:
    """The words of one report that blame and that report speech."""

    reading: Reading
    folded: str
    words: Words
    speakers: tuple[Span, ...]

    @classmethod
    def of(cls, reading: Reading) -> Blame:
        folded, words = fold(reading.text), load(reading.lang)
        speakers = tuple({speech.speaker for speech in reading.speech if speech.speaker})
        return cls(reading, folded, words, speakers)

    def blames(self, mention: ActorMention) -> bool:
        """The text says that this actor did it."""
        start, end = mention.span.start, mention.span.end
        before, after = self.folded[max(0, start - NEAR) : start], self.folded[end : end + NEAR]
        return bool(self.words.before.search(before) or self.words.after.match(after))

    @cached_property
    def unclaimed(self) -> bool:
        """The text says that nobody has owned up."""
        return bool(self.words.nobody.search(self.folded))

    def speaks(self, mention: ActorMention) -> bool:
        return any(mention.span.overlaps(speaker) for speaker in self.speakers)
