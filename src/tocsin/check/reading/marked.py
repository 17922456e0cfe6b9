"""A text in which numbers, periods, places and actors are marked, so that patterns can name them.

In:  a Scene of code/ (reading, actors, places), the words of the language.
Out: `Marked`: the folded text with every such word replaced by signs of the same length, and what each means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Protocol, TypeVar

from tocsin.check.reading import periods
from tocsin.check.reading.patterns import MARKS
from tocsin.check.reading.periods import Period
from tocsin.check.reading.since import begun_with
from tocsin.check.reading.spots import Named, home_of, home_of_groups, places_of
from tocsin.check.reading.words import Words
from tocsin.code.frames import Scene
from tocsin.fold import fold
from tocsin.model import ActorMention, Number, Span
from tocsin.read.numbers import every_number
from tocsin.registry import Registry

ARMED = ("group", "armed", "state")
DECIMAL = re.compile(r"(?<![\d.,])\d+[.,]\d{1,2}(?![\d.,]*\d)")
ENDS = re.compile(r"(?:[.!?…][\"'”»’)\]]*\s*|\n\s*)$")
LINK = 4  # characters of " de " between "État" and its name


class _Spanned(Protocol):
    @property
    def span(self) -> Span: ...


Standing = TypeVar("Standing", bound=_Spanned)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it stands in the text. `rule`: of read/numbers ("exact", "about", "dozens", ...)."""

    span: Span
    value: float
    rule: str


@dataclass(frozen=True)
class Marked:
    """One text, marked."""

    scene: Scene
    words: Words
    folded: str
    home: str | None  # ISO alpha-3 of the country that the text is about
    periods: tuple[Period, ...]
    places: tuple[Named, ...]
    actors: tuple[ActorMention, ...]
    numbers: tuple[Amount, ...]

    @property
    def published(self) -> date | None:
        return self.scene.reading.report.published

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        return sentences(self.scene)

    @cached_property
    def text(self) -> str:
        """The folded text with the marks."""
        signs = list(self.folded)
        marks: dict[str, tuple[_Spanned, ...]] = {
            "time": self.periods,
            "place": self.places,
            "actor": self.actors,
            "number": self.numbers,
        }
        for kind, found in marks.items():
            for each in found:
                signs[each.span.start : each.span.end] = MARKS[kind] * (each.span.end - each.span.start)
        return "".join(signs)


def marked(scene: Scene, words: Words, registry: Registry) -> Marked:
    """The text of `scene` with all that patterns can name; nothing overlaps what was marked before it."""
    reading = scene.reading
    folded, home = fold(reading.text), home_of(scene) or home_of_groups(scene, registry)
    found = periods.find_periods(folded, words.lang, reading.report.published, reading.times)
    begun = {each.span.start for each in found}
    spoken = [
        each
        for sentence in sentences(scene)
        for each in begun_with(scene, folded, sentence, words.lang, home, found)
        if each.span.start not in begun
    ]
    times = [*spoken, *_free(found, spoken)]
    named = [each for each in scene.actors if each.kind in ARMED]  # "Mali's army" is no place
    places = _free(places_of(scene, folded, words, home), [*times, *named])
    coups = [_Words(Span(*m.span())) for name in ("coup", "not_actors") for m in words.lists[name].finditer(folded)]
    known = [_trimmed(each, folded, words) for each in scene.actors if each.kind in ARMED]
    actors = [each for each in known if not _is_of_place(each, places, folded)]
    actors = _free(actors, [*times, *places, *coups])
    parts = [_Words(Span(*m.span())) for m in words.lists["fraction"].finditer(folded)]
    numbers = _free(_numbers(reading.text, folded, words.lang), [*times, *places, *actors, *parts])
    return Marked(scene, words, folded, home, _ordered(times), _ordered(places), _ordered(actors), _ordered(numbers))


@dataclass(frozen=True, slots=True)
class _Words:
    span: Span


def sentences(scene: Scene) -> tuple[Span, ...]:
    """Sentences that end where a sentence can end: the parser also cuts long ones in their middle."""
    found: list[Span] = []
    text = scene.reading.text
    for each in scene.reading.sentences:
        if found and not ENDS.search(text[found[-1].start : each.span.start]):
            found[-1] = Span(found[-1].start, each.span.end)
        else:
            found.append(each.span)
    return tuple(found)


def _trimmed(mention: ActorMention, folded: str, words: Words) -> ActorMention:
    """ "Al-Shabaab attacks": the word for events is none of the name."""
    last = folded.rfind(" ", mention.span.start, mention.span.end)
    if last > 0 and words.lists["topic"].fullmatch(folded, last + 1, mention.span.end):
        return replace(mention, span=Span(mention.span.start, last))
    return mention


def _is_of_place(mention: ActorMention, places: list[Named], folded: str) -> bool:
    """ "l'État de Borno" is a place, not a state that acts."""
    ends = mention.span.end
    near = (p.span.start for p in places if p.spot.kind == "admin1" and 0 < p.span.start - ends <= LINK)
    return mention.key == "government" and any(len(folded[ends:start].split()) == 1 for start in near)


def _ordered(found: list[Standing]) -> tuple[Standing, ...]:
    return tuple(sorted(found, key=lambda each: each.span))


def _free(found: Iterable[Standing], taken: Iterable[_Spanned]) -> list[Standing]:
    """Those that nothing marked before overlaps."""
    taken = list(taken)
    return [each for each in found if not any(each.span.overlaps(other.span) for other in taken)]


def _numbers(text: str, folded: str, lang: str) -> list[Amount]:
    decimals = [Amount(Span(*m.span()), float(m[0].replace(",", ".")), "exact") for m in DECIMAL.finditer(folded)]
    whole = [_amount(each) for each in every_number(text, lang) if each.rule != "several"]
    return [*decimals, *_free(whole, decimals)]


def _amount(number: Number) -> Amount:
    value = number.low if number.high is None or number.high == number.low else (number.low + number.high) / 2
    return Amount(number.span, float(value), number.rule)
