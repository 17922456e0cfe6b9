"""One match of a rule, with what stands around it.

In:  a Marked text, a sentence, a rule and where it matched.
Out: `Clause`: its periods, places, numbers, words for events.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from tocsin.check.reading.marked import Amount, Marked
from tocsin.check.reading.patterns import MARKS
from tocsin.check.reading.periods import Period, back, end_of
from tocsin.check.reading.spots import Named, spot_of
from tocsin.check.reading.words import Event, Rule
from tocsin.check.statement import Spot
from tocsin.model import Span

DAY = timedelta(days=1)
CLOSE = 6  # characters: "Mozambique's Palma district" is in Palma
BOUND = 34  # characters before a number in which "at least" stands
OPENING = ("first", "closest")
JOINED = 4  # words between two places: ", and in the"
FAR = 12  # characters of "since" alone
THAN = 60  # characters before a period in which "compared with" stands
TIED = r"(?: ?[^\s,;]+){0,4} ?"
KINDS = ("place", "admin2", "admin1", "area", "region", "country")  # the smallest first
CONTENT = ("NOUN", "PROPN", "VERB", "AUX")


@dataclass(frozen=True)
class Clause:
    """`span`: what the rule matched; `sentence`: where its periods, places and actors are looked for."""

    marked: Marked
    sentence: Span
    rule: Rule
    span: Span
    used: tuple[Period, ...] = ()  # periods that a record of the sentence has taken: "the deadliest since 2017"

    # -- when --------------------------------------------------------------------------------------------------------

    @cached_property
    def periods(self) -> list[Period]:
        return [each for each in self.marked.periods if self.sentence.covers(each.span) and each not in self.used]

    @cached_property
    def than(self) -> Period | None:
        """The period that is compared with."""
        return next((each for each in self.periods if each.like or self._is_than(each)), None)

    def _is_than(self, period: Period) -> bool:
        if period.open:  # "more than doubled since the coup"
            return False
        text = self.marked.text[max(self.sentence.start, period.span.start - THAN) : period.span.start]
        words = self.marked.words
        for name in ("versus", "than", "facing"):
            cues = list(words.cues[name].finditer(text))
            rest = text[cues[-1].end() :] if cues else ""
            figure = MARKS["number"] in rest or words.lists["fraction"].search(rest) is not None
            fits = {"versus": True, "than": not figure, "facing": figure or len(rest.split()) <= 1}[name]
            if cues and fits and re.fullmatch(TIED, rest):
                return True
        return False

    @cached_property
    def when(self) -> list[Period]:
        """The periods that the statement itself speaks of, the nearest to the match first."""
        own = [each for each in self.periods if each is not self.than and not each.like and not self._is_than(each)]
        return sorted(own, key=lambda each: gap(each.span, self.span))

    @property
    def begin(self) -> Period | None:
        """ "since ...": the period that has a begin and no end."""
        return next((each for each in self.when if each.open), None)

    @property
    def whole(self) -> Period | None:
        """A period with both ends, longer than a day."""
        return next(
            (each for each in self.when if not each.open and not (each.first and each.first == each.last)), None
        )

    @property
    def day(self) -> Period | None:
        return next((each for each in self.when if not each.open and each.first and each.first == each.last), None)

    @property
    def ends(self) -> tuple[date | None, date | None]:
        """First and last day: a stretch, else since when, else the one day."""
        found = self.whole or self.begin or self.day
        return (found.first, found.last) if found else (None, None)

    @property
    def than_ends(self) -> tuple[date | None, date | None]:
        """The period compared with; "the same period last year" counts from the statement's own."""
        than, (first, last) = self.than, self.ends
        if than is None or than.like in ("", "than"):
            return (than.first, than.last) if than else (None, None)
        last = last or self.marked.published
        if first is None or last is None:
            return None, None
        if than.like == "year-ago":
            return back(first, 12), back(last, 12)
        if first.day == 1 and last == end_of(last.year, last.month):  # whole months: "the previous quarter"
            return back(first, (last.year - first.year) * 12 + last.month - first.month + 1), first - DAY
        return first - (last - first) - DAY, first - DAY

    # -- where -------------------------------------------------------------------------------------------------------

    @cached_property
    def places(self) -> list[Named]:
        return [each for each in self.marked.places if self.sentence.covers(each.span) and self.is_near(each.span)]

    def is_near(self, span: Span, *, subject: bool = False) -> bool:
        """Not in another clause: no word such as "while" between, no comma with more than a preposition behind it.

        The `subject` of a sentence may stand before "but".
        """
        if span.overlaps(self.span):
            return True
        before = span.end <= self.span.start
        between = (
            self.marked.text[span.end : self.span.start] if before else self.marked.text[self.span.end : span.start]
        )
        if ";" in between or (not (before and subject) and self.marked.words.cues["break"].search(between)):
            return False
        since = self.begin if self.begin and self.begin.rule == "happening" else None
        if since and self.span.start < since.span.start < span.start <= self._end_of(since):
            return False
        opening = self.rule.kind in OPENING  # "for the first time in years, ..."
        return (
            before
            or opening
            or "," not in between
            or not self._has_words(Span(self.span.end + between.rindex(","), span.start))
        )

    def _end_of(self, since: Period) -> int:
        """Where the clause of a happening ends: at the next comma, or with the sentence if its words stand far off."""
        comma = self.marked.text.find(",", since.span.end, self.sentence.end)
        far = since.span.end - since.span.start < FAR
        return self.sentence.end if far or comma < 0 else comma

    def _has_words(self, span: Span) -> bool:
        """Does it hold more than prepositions, adverbs and places? ", mainly in the ..." does not."""
        tokens = self.marked.scene.reading.tokens(span)
        named = [each.span for each in self.marked.places]
        return any(
            token.pos_ in CONTENT and not any(each.start <= token.idx < each.end for each in named) for token in tokens
        )

    @property
    def places_inside(self) -> list[Named]:
        return [each for each in self.places if each.span.overlaps(self.span)]

    def where(self, but: Spot | None = None) -> Spot | None:
        """The smallest place of the sentence, failing that the country of the text."""
        found = [each.spot for each in self.places if each.spot != but]
        distinct = list(dict.fromkeys(found))
        if not distinct:
            return self.country
        least = min(distinct, key=size_of)
        equal = [spot for spot in distinct if spot.kind == least.kind]
        least = min((e for e in self.places if e.spot in equal), key=lambda each: gap(each.span, self.span)).spot
        named = [each for each in self.places if each.spot in equal]
        return self.joined(named[0]) if len(equal) > 1 and self._are_joined(named) else least

    @property
    def nearest(self) -> Spot | None:
        """The place nearest to the match: "the deadliest attack in Somalia ... killed 130 in Mogadishu"."""
        end = Span(self.span.end, self.span.end)  # "the attack in Baga is the deadliest in Nigeria": of Nigeria
        found = min(self.places, key=lambda each: (gap(each.span, end) // CLOSE, size_of(each.spot)), default=None)
        return found.spot if found else self.country

    def joined(self, first: Named) -> Spot:
        """The place, with those that "and" joins to it: "Yobe and Adamawa"."""
        later = [each for each in self.places if each.span.start >= first.span.start]
        found = later[:1]
        for each in later[1:]:
            home = each.spot.kind == "country" and each.spot.country == found[-1].spot.country  # "Diffa, Niger"
            if home or not self._are_joined([found[-1], each]):
                break
            found.append(each)
        spots = list(dict.fromkeys(each.spot for each in found))
        if len(spots) == 1:
            return spots[0]
        homes = {spot.country for spot in spots}
        return Spot(" and ".join(spot.name for spot in spots), "region", homes.pop() if len(homes) == 1 else None)

    def _are_joined(self, named: list[Named]) -> bool:
        gaps = (self.marked.folded[a.span.end : b.span.start] for a, b in pairwise(named))
        return all(
            any(gap.startswith(sign) and len(gap.split()) <= JOINED for sign in self.marked.words.conjunctions)
            for gap in gaps
        )

    @property
    def country(self) -> Spot | None:
        """The country of the text."""
        place = self.marked.scene.gazetteer.country(self.marked.home) if self.marked.home else None
        if place is None:
            return None
        return spot_of(place)

    # -- how many ----------------------------------------------------------------------------------------------------

    @cached_property
    def numbers(self) -> list[Amount]:
        return [each for each in self.marked.numbers if self.span.covers(each.span)]

    def bound(self, end: int) -> tuple[str, int] | None:
        """ "at least", "more than", ... right before `end`, and where these words start."""
        start = max(self.sentence.start, end - BOUND)
        for name, pattern in self.marked.words.bounds.items():
            if match := pattern.search(self.marked.folded[start:end]):
                return name, start + match.start()
        return None

    @property
    def nth(self) -> int:
        """1 for "first", 2 for "second", ...; 0 if no such word is there."""
        for number, pattern in self.marked.words.nth.items():
            if pattern.search(self.marked.folded, self.span.start, self.span.end):
                return int(number)
        return 0

    def comparison(self, amount: Amount) -> str:
        """What stands right before or after the number: "at least", "more than", ..."""
        text, words = self.marked.folded, self.marked.words
        if bound := self.bound(amount.span.start):
            return bound[0]
        after = re.sub(r"^ [^\s,.;]+", "", text[amount.span.end : amount.span.end + BOUND])
        for name, pattern in words.after_bounds.items():
            if pattern.match(after.lstrip(", ")):
                return name
        if amount.rule in ("exact", "range"):
            return "exactly" if amount.rule == "exact" else "about"
        return "about" if amount.rule == "about" else "at least"

    # -- what --------------------------------------------------------------------------------------------------------

    @cached_property
    def event(self) -> Event | None:
        """The first word for events of the match, failing that of the sentence."""
        for span in (self.span, self.sentence):
            found = [
                (match.start() - match.end(), match.start(), number, event)
                for number, event in enumerate(self.marked.words.events)
                for match in event.pattern.finditer(self.marked.folded, span.start, span.end)
            ]
            if found:
                first = min(at for _, at, *_ in found)
                return min((each for each in found if each[1] <= first + 1), key=lambda each: each[:3])[3]
        if self.rule.kind not in ("first", "last", "count"):
            return None
        acts = self.marked.words.lists["acts"].search(self.marked.folded, self.sentence.start, self.sentence.end)
        return next((each for each in self.marked.words.events if each.armed), None) if acts else None

    @property
    def has_two_figures(self) -> bool:
        """ "from 60 to 150"."""
        return (
            self.marked.words.cues["from_to"].search(self.marked.text, self.span.start, self.sentence.end) is not None
        )

    @property
    def kind_after(self) -> Event | None:
        """The word for a kind of events that stands after the match: "most protests were peaceful"."""
        text = self.marked.folded
        found = (e for e in self.marked.words.events if e.pattern.search(text, self.span.end, self.sentence.end))
        return next((each for each in found if each.sub_event_types or len(each.event_types) == 1), None)

    @property
    def is_of_deaths(self) -> bool:
        """It counts the dead, or people who were killed rather than events."""
        found = self.marked.words.lists["deaths"].search(self.marked.folded, self.span.start, self.span.end)
        return found is not None or self.is_of_killed(self.span)

    def is_of_killed(self, near: Span) -> bool:
        """ "killed" stands near, and the match has no word for events."""
        words, text = self.marked.words, self.marked.folded
        killed = words.lists["killed"].search(text, near.start, near.end)
        return bool(killed) and not any(e.pattern.search(text, self.span.start, self.span.end) for e in words.events)


def size_of(spot: Spot) -> int:
    """The smaller the place, the smaller the number; what the gazetteer calls otherwise is a small unit."""
    return KINDS.index(spot.kind) if spot.kind in KINDS else 0


def gap(one: Span, other: Span) -> int:
    """Characters between the two; 0 if they overlap."""
    return max(0, max(one.start, other.start) - min(one.end, other.end))
