"""What a quote stands for: the actors, the place, the day, the people counted, the weapon. Our own words decide it.

In:  a span of the text that was quoted, and the Scene of its report.
Out: values as the rules finder has them, or nothing if our words find none in the quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tocsin.code.days import Calendar, Day
from tocsin.code.frames import Scene
from tocsin.code.lexicon import Entry, Match, load
from tocsin.llm.prompt import sides
from tocsin.locate import Located, find_places, place_event, place_in_sentence
from tocsin.model import ActorMention, Count, CountKind, PlaceMention, Span, Time
from tocsin.registry import Registry, find_actors

NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][\w'’-]*(?:[ -][A-ZÀ-ÖØ-Þ][\w'’-]*)*")  # words with a capital, side by side
NEAR_KM = 30.0  # how far from the town told nearest a village may lie that no gazetteer has
NUMBERED = "quoted.number"  # the rule of a count that only the model calls one of the dead or hurt


@dataclass(frozen=True)
class Meanings:
    """Of the words of one report."""

    scene: Scene
    calendar: Calendar

    @property
    def _text(self) -> str:
        return self.scene.reading.text

    @property
    def _lang(self) -> str:
        return self.scene.reading.lang

    # -- who ---------------------------------------------------------------------------------------------------------

    def actors(self, span: Span, side: str) -> list[ActorMention]:
        """The actors that the words name; if none is known, somebody of that side."""
        known = [mention for mention in self.scene.actors if mention.span.overlaps(span)]
        known = known or self._named(span)
        return [each for mention in known for each in _as_said(mention, side)] or [_nameless(span, side)]

    def _named(self, span: Span) -> list[ActorMention]:
        """Countries and seats of power too: what acts is quoted, so they stand for those who act for them."""
        found = find_actors(span.of(self._text), self._lang, Registry.load(), places=True)
        return [replace(mention, span=_shifted(mention.span, span.start)) for mention in found]

    def people(self, quoted: Iterable[ActorMention]) -> tuple[ActorMention, ...]:
        """Those quoted; where one of them has no name ("the rebels"), each named group of the report may be meant."""
        own = tuple(dict.fromkeys(quoted))
        groups = (mention for mention in self.scene.actors if mention.kind == "group")
        return tuple(dict.fromkeys((*own, *groups))) if any(each.kind == "armed" for each in own) else own

    # -- where -------------------------------------------------------------------------------------------------------

    def place(self, span: Span, trigger: Span) -> Located | None:
        """The most exact place in the words; of a name that no gazetteer has the place told nearest to the trigger."""
        found = self._placed(span, self.scene.places) or self._placed(span, self._places_in(span))
        return found or self._near(span, trigger)

    def _placed(self, span: Span, places: Sequence[PlaceMention]) -> Located | None:
        found = place_in_sentence(span, span, places, self.scene.gazetteer, self._text, self._lang)
        return replace(found, rule=found.rule.replace("sentence", "quoted", 1)) if found else None

    def _places_in(self, span: Span) -> list[PlaceMention]:
        """Those that are found when the words are looked at by themselves, in the countries of the report."""
        found = find_places(span.of(self._text), self._lang, self.scene.gazetteer)
        here = {each.place.country for each in self.scene.places if each.place}
        there = [each for each in found if not here or (each.place and each.place.country in here)]
        return [replace(each, span=_shifted(each.span, span.start), role="at") for each in there]

    def _near(self, span: Span, trigger: Span) -> Located | None:
        """The place told nearest: what "the town" means, or what stands for a village that no gazetteer has."""
        sentence, earlier = self._around(trigger)
        found = place_event(trigger, sentence, earlier, self.scene.places, self.scene.gazetteer, self._text, self._lang)
        if found is None:
            return None
        name = NAME.search(span.of(self._text))
        if name is None:
            return replace(found, spans=(span, *found.spans), rule="quoted.near", confidence=found.confidence * 0.7)
        at = Span(span.start + name.start(), span.start + name.end())
        radius, precision = max(NEAR_KM, found.radius_km), max(2, found.geo_precision)
        return replace(found, name=name[0], geo_precision=precision, radius_km=radius, spans=(at, *found.spans),
                       rule="quoted.unknown", confidence=found.confidence * 0.5)  # fmt: skip

    def _around(self, trigger: Span) -> tuple[Span, list[Span]]:
        """The sentence of the trigger, and those before it, the nearest first."""
        reading = self.scene.reading
        sentence = reading.sentence_at(trigger.start)
        return sentence.span, [each.span for each in reading.sentences[: sentence.index][::-1]]

    # -- when --------------------------------------------------------------------------------------------------------

    def day(self, span: Span) -> tuple[Day | None, Time | None]:
        """The day that the words mean, and the expression in them."""
        times = [time for time in self.scene.reading.times if time.span.overlaps(span)]
        times.sort(key=lambda time: (time.kind == "vague", time.precision or 3, time.span))
        days = ((self.calendar.resolve(replace(time, relation="at")), time) for time in times)  # "since Monday" too
        return next((found for found in days if found[0]), (None, times[0] if times else None))

    # -- how many, with what -----------------------------------------------------------------------------------------

    def counts(self, span: Span, kind: CountKind) -> list[Count]:
        """The people counted in the words; of a number that stands alone what the model says became of them."""
        inside = [count for count in self.scene.reading.counts if count.span.overlaps(span)]
        if inside:
            return [count for count in inside if count.kind == kind and not count.cumulative]
        numbers = [number for number in self.scene.reading.numbers if span.covers(number.span)]
        return [Count(number.span, kind, number, NUMBERED) for number in numbers[:1]]

    def means(self, span: Span) -> list[Entry]:
        """The entries of the lexicon for the words: weapons, manners, and what is done with them."""
        return [match.entry for match in self._matches if match.span.overlaps(span)]

    @cached_property
    def _matches(self) -> list[Match]:
        return load(self._lang).find(self.scene.reading.words)


def _as_said(mention: ActorMention, side: str) -> Iterable[ActorMention]:
    """A name keeps what the registry knows; nameless people are on the side that the model reads."""
    kind, key = sides()[side]
    if mention.kind in ("group", "state") or (mention.kind == kind and kind != "crowd"):
        return (mention,)
    made = ActorMention(mention.span, kind, key, mention.country)  # type: ignore[arg-type]
    return (made, mention) if mention.kind == "civilians" and kind == "crowd" else (made,)


def _nameless(span: Span, side: str) -> ActorMention:
    kind, key = sides()[side]
    return ActorMention(span, kind, key)  # type: ignore[arg-type]


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
