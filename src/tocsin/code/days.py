"""On which day a mention puts its event.

In:  a Frame, the times of its report, the days named so far.
Out: a Day with the words and the rule that gave it, or None.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tocsin.code.frames import Frame, Scene
from tocsin.fold import fold
from tocsin.model import Span, Time
from tocsin.read.reader import Sentence

COUNTED_FROM = ("after", "before", "following", "since", "apres", "avant", "depuis")
COUNTED_OF = ("de ", "d'", "d’", "du ", "des ", "of ", "after ", "before ", "apres ", "avant ")
REFERENCE_REACH = 60  # characters from "three days after" to the event that it counts from
LOOSE_NIGHT = ("date.overnight", "date.last-night")  # either of two days
SLACK_DAYS = {1: 0, 2: 4, 3: 16}  # by precision: how far apart two days may lie and still mean one


@dataclass(frozen=True, slots=True)
class Day:
    """A resolved day with the words and the rule that gave it."""

    day: date
    precision: int
    rule: str
    spans: tuple[Span, ...]
    confidence: float = 0.9

    @property
    def loose(self) -> bool:
        return self.rule.startswith(LOOSE_NIGHT)


def same_day(one: Day, other: Day) -> bool:
    """Can the two be one day, with their precision?"""
    night = int(one.loose or other.loose)
    slack = max(night, SLACK_DAYS[max(one.precision, other.precision)])
    return abs((one.day - other.day).days) <= slack


def is_looser(known: Day, other: Day) -> bool:
    """'overnight' gives way to a day by name."""
    return known.loose and not other.loose and other.precision == 1


def is_history(time: Time) -> bool:
    """A stretch or a year, not a day that only lacks the date of publication."""
    return time.kind == "vague" and not time.rule.endswith("no-publication-date")


@dataclass(slots=True)
class Calendar:
    """Resolves the times of one report, knowing the day of its main event."""

    scene: Scene
    main: Day | None = None
    references: set[Span] = field(default_factory=set)

    def of(self, frame: Frame, *, first: bool) -> Day | None:
        """The day that the frame's own sentence gives; `first`: no event of the report is known yet."""
        if frame.time and frame.time.span in self.references:
            return None  # counts from an event that the same sentence has told already
        if frame.time and self._is_reference(frame):
            self.references.add(frame.time.span)
            return self._counted_back(frame) if first else None
        return self.resolve(frame.time)

    def resolve(self, time: Time | None) -> Day | None:
        if time is None or time.kind == "vague":
            return None
        if time.kind == "day" and time.day and (time.relation != "since" or self._owned(time)):
            return Day(time.day, time.precision or 1, time.rule, (time.span,))
        base = self._named_before(time) if time.kind == "anchored" else None
        return _counted_from(base, time) if base else None

    def _named_before(self, time: Time) -> Day | None:
        """What "the next day" counts from: the last day that the text names, failing that the main event's."""
        before = [t for t in self.scene.times if t.span.end <= time.span.start and self._is_exact(t)]
        return (self.resolve(before[-1]) if before else None) or self.main

    def _is_exact(self, time: Time) -> bool:
        if time.kind == "anchored":
            return time.offset_days is not None and time.span not in self.references
        return time.kind == "day" and time.relation == "at" and time.precision == 1

    def _owned(self, time: Time) -> bool:
        """'the toll from Sunday's attack': the day is that of the attack, whatever stands before it."""
        return self.scene.reading.text[time.span.end : time.span.end + 2] in ("'s", "’s")

    def _is_reference(self, frame: Frame) -> bool:
        """'three days after the attack', 'au lendemain de l'assaut': the mention is what the days are counted from."""
        time = frame.time
        if time is None or time.kind != "anchored" or time.span.end > frame.span.start:
            return False
        text = self.scene.reading.text
        said, between = fold(time.span.of(text)), fold(text[time.span.end : frame.span.start])
        linked = said.endswith(COUNTED_FROM) or between.lstrip().startswith(COUNTED_OF)
        return linked and len(between) <= REFERENCE_REACH and not any(stop in between for stop in ",;:.")

    def _counted_back(self, frame: Frame) -> Day | None:
        """Counted back from the other day of the sentence, or from publication."""
        time = frame.time
        if time is None or time.offset_days is None:
            return None
        others = [t.day for t in self.scene.times if t.kind == "day" and t.day and frame.sentence.span.covers(t.span)]
        base = others[0] if others else self.scene.reading.report.published
        if base is None:
            return None
        back = base - timedelta(days=time.offset_days)
        return Day(back, 1, f"{time.rule}.back", (time.span,), 0.7 if others else 0.5)

    def near(self, sentence: Sentence) -> Day | None:
        """The last day named earlier in the same paragraph."""
        reading = self.scene.reading
        start = min(s.span.start for s in reading.sentences if s.paragraph == sentence.paragraph)
        times = [t for t in self.scene.times if start <= t.span.start < sentence.span.start and t.relation == "at"]
        found = [day for time in times if (day := self.resolve(time))]
        return found[-1] if found else None

    def around(self, frame: Frame) -> Day | None:
        """The last day named anywhere before, failing that the first one after: a heading dates what follows."""
        exact = [t for t in self.scene.times if t.kind == "day" and t.relation == "at" and (t.precision or 3) < 3]
        before = [t for t in exact if t.span.start < frame.span.start]
        day = self.resolve(before[-1] if before else exact[0] if exact else None)
        return replace(day, rule=f"{day.rule}.context", confidence=0.5) if day else None


def _counted_from(base: Day, time: Time) -> Day | None:
    """'the next day' of a day that is known."""
    if time.offset_days is None:
        return None
    day = base.day + timedelta(days=time.offset_days)
    return Day(day, base.precision, time.rule, (time.span, *base.spans), 0.8)
