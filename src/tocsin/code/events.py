"""Bring the mentions of one happening together.

In:  the Frames of one report.
Out: Incidents, each the frames that tell one happening, with its day and place; what was rejected, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tocsin.code.days import Calendar, Day, is_history, is_looser, same_day
from tocsin.code.families import families, family
from tocsin.code.frames import Frame, Scene
from tocsin.code.introduce import Candidate, is_bulletin, table_of, weight
from tocsin.code.linked import is_one_statement, says
from tocsin.code.nearby import in_paragraph, in_report, is_one_point, is_weak, parts, same_place
from tocsin.code.same import Link, Rule, likeness
from tocsin.code.several import places_of
from tocsin.code.status import Judgement
from tocsin.locate import Located
from tocsin.model import ActorMention, Count, Rejected, Span, Status

OLD_DAYS = 366  # older than this before publication is history, not news (ACLED codes what is reported as new)
RECENT_DAYS = 45  # older than this is told as background
TOLD = (Status.HAPPENED, Status.BACKGROUND)
AFTERMATH_DAYS = 2  # the dead and wounded of so few days later are those of the event told before
# What these recall has the day of the recalling.
RECALLED = ("status.past", "status.court", "status.topic-trial", "status.topic-memory")


@dataclass(frozen=True, slots=True)
class Given:
    """Who, where and how many, if the finder says it itself; else the words around the frames are looked at."""

    actors: tuple[ActorMention, ...] = ()
    places: tuple[Located, ...] = ()
    counts: tuple[Count, ...] = ()


@dataclass(slots=True)
class Incident:
    """One happening: the frames that tell it, in the order of the text."""

    frames: list[Frame]
    day: Day | None
    place: Located | None
    background: bool = False
    families: set[str] = field(default_factory=set)
    given: Given | None = None


def gather(scene: Scene, frames: Sequence[Frame]) -> tuple[list[Incident], list[Rejected]]:
    """All incidents of one report, and the mentions that are none."""
    teller = _Teller(scene)
    for frame in frames:
        teller.take(frame)
    if not teller.incidents and teller.weak and scene.reading.is_snippet:
        teller.open_best()
    teller.look_back()
    return teller.incidents, teller.rejected


class _Teller:
    """Goes through a report from top to bottom, keeping what has been told."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.incidents: list[Incident] = []
        self.rejected: list[Rejected] = []
        self.weak: list[tuple[float, Candidate]] = []
        self.calendar = Calendar(scene)
        self.bulletin = is_bulletin(scene)

    # -- one frame ---------------------------------------------------------------------------------------------------

    def take(self, frame: Frame) -> None:
        own_day = self.calendar.of(frame, first=not self.incidents)
        reason = self._unfit(frame, own_day)
        if reason:
            self._reject(frame, *reason)
            return
        candidate = self._candidate(frame, own_day)
        home, alike = self._home(candidate)
        candidate = replace(candidate, alike=alike, beside=not home and self._beside(candidate))
        if home and self._adds(frame):
            self._join(home, frame, own_day)
        elif home or (candidate.beside and not self.scene.sight):
            self._reject(frame, *_reason(frame, "part of another event"))
        else:
            self._open(candidate)

    def _unfit(self, frame: Frame, own_day: Day | None) -> tuple[str, str] | None:
        """Why the mention cannot be an event, whatever else is told."""
        rule, published = frame.judgement.rule, self.scene.reading.report.published
        if frame.status not in TOLD and not self.scene.sight:
            return frame.status.value, rule
        if frame.time and is_history(frame.time) and not own_day:
            return _reason(frame, "background", "no day: " + frame.time.span.of(self.scene.reading.text))
        if own_day and published and not -1 <= (published - own_day.day).days <= OLD_DAYS:
            return _out_of_time(own_day, published)
        if frame.status is Status.BACKGROUND and (rule in RECALLED or not (own_day and frame.place)):
            return "background", rule
        return None

    def _adds(self, frame: Frame) -> bool:
        """Does it say more of what is told? Beside the lexicon, words that only the model sees do not."""
        return frame.status in TOLD and (frame.grade != "model" or not self.scene.lexicon)

    def _candidate(self, frame: Frame, own_day: Day | None) -> Candidate:
        day = own_day or self.calendar.near(frame.sentence)
        place = frame.place or in_paragraph(frame, self.scene)
        before = frozenset(name for incident in self.incidents for name in incident.families)
        return Candidate(frame, own_day, day, place, before, self.bulletin)

    def _reject(self, frame: Frame, reason: str, note: str = "") -> None:
        self.rejected.append(Rejected(frame.span, reason, note))

    def _accept(self, frame: Frame) -> None:
        """Take a rejection back."""
        self.rejected = [mention for mention in self.rejected if mention.span != frame.span]

    # -- which happening ---------------------------------------------------------------------------------------------

    def _home(self, candidate: Candidate) -> tuple[Incident | None, float | None]:
        """The incident that this mention tells more about; with the model, how much speaks for the likeliest one."""
        if not self.scene.sight:
            return next((each for each in self._nearest_first(candidate) if self._agrees(each, candidate)), None), None
        found = [(self._likeness(each, candidate), each) for each in self._nearest_first(candidate)]
        alike, incident = max(found, key=lambda each: each[0], default=(None, None))
        return (incident if alike is not None and alike >= 0 else None), alike

    def _nearest_first(self, candidate: Candidate) -> list[Incident]:
        sentence = candidate.frame.sentence
        same_sentence = [i for i in self.incidents if i.frames[-1].sentence is sentence]
        same_paragraph = [i for i in self.incidents if i.frames[-1].sentence.paragraph == sentence.paragraph]
        return _unique([*same_sentence[::-1], *same_paragraph[::-1], *self.incidents])

    def _likeness(self, incident: Incident, candidate: Candidate) -> float:
        last = max(self.incidents, key=lambda each: each.frames[-1].span)
        return likeness(Link(candidate.frame, incident, self._rule(incident, candidate), incident is last), self.scene)

    def _rule(self, incident: Incident, candidate: Candidate) -> Rule:
        """What the rules say of the two."""
        together = bool(incident.families & families().together[family(candidate.frame)])
        if self._there(incident, candidate):
            return "agrees" if together else "there"
        return "together" if together else "neither"

    def _beside(self, candidate: Candidate) -> bool:
        """Does the same sentence already tell another kind of happening, at that place on that day?"""
        sentence = candidate.frame.sentence
        return any(i.frames[0].sentence is sentence and self._there(i, candidate) for i in self.incidents)

    def _agrees(self, incident: Incident, candidate: Candidate) -> bool:
        if self.scene.sight:
            return self._likeness(incident, candidate) >= 0
        return self._rule(incident, candidate) == "agrees"

    def _there(self, incident: Incident, candidate: Candidate) -> bool:
        """Nothing says that it was another day or another place."""
        frame, place = candidate.frame, candidate.place if candidate.place and parts(candidate.place) else None
        apart = bool(candidate.day and incident.day and not same_day(candidate.day, incident.day))
        if apart and not _is_aftermath(incident, candidate):
            return self._is_shared(incident, candidate, frame.time.span if frame.time else None)
        if incident.place and is_weak(incident.place) and not self._told_before(frame, incident):
            return True  # the main event's own place may still be told, while nothing else is
        if not (place and incident.place) or same_place(place, incident.place):
            return True
        if self._is_shared(incident, candidate, *place.spans):
            return True
        if incident.frames[0].sentence is frame.sentence:
            return _is_among(place, places_of(incident, self.scene))
        return _is_next(incident, frame) and not candidate.own_day and is_one_point(place, incident.place)

    def _is_shared(self, incident: Incident, candidate: Candidate, *spans: Span | None) -> bool:
        """In one sentence, a day or a place that stands outside the clause of the mention keeps nothing apart."""
        frame, reading = candidate.frame, self.scene.reading
        beside = [other for other in incident.frames if other.sentence is frame.sentence]
        if any(is_one_statement(frame, other, reading) for other in beside):
            return True
        return bool(beside) and not says(frame, tuple(span for span in spans if span), reading)

    def _told_before(self, frame: Frame, incident: Incident) -> bool:
        """Does the report tell another event than this one before the mention?"""
        return any(each is not incident and each.frames[0].span < frame.span for each in self.incidents)

    def _join(self, incident: Incident, frame: Frame, own_day: Day | None) -> None:
        incident.frames.append(frame)
        incident.families.add(family(frame))
        if own_day and (incident.day is None or is_looser(incident.day, own_day)):
            incident.day = own_day
        if frame.place and (incident.place is None or _is_better(frame.place, incident.place)):
            incident.place = frame.place
        self.calendar.main = self.incidents[0].day

    # -- new happenings ----------------------------------------------------------------------------------------------

    def _open(self, candidate: Candidate) -> None:
        score = weight(candidate, self.scene)
        if score >= table_of(self.scene)["threshold"]:
            self._add(candidate)
        else:
            self._reject(
                candidate.frame, *_reason(candidate.frame, "no date or place of its own", f"weight {score:.2f}")
            )
            self.weak += [(score, candidate)] if candidate.frame.status in TOLD else []

    def open_best(self) -> None:
        """A snippet tells one thing at least: the mention that comes nearest to an event of its own."""
        _, candidate = max(self.weak, key=lambda each: each[0])
        self._accept(candidate.frame)
        self._add(candidate)

    def look_back(self) -> None:
        """Mentions too weak to stand alone that precede the incident they tell of, as a report's opening often does."""
        for candidate in (candidate for _, candidate in self.weak if self._adds(candidate.frame)):
            frame = candidate.frame
            later = [i for i in self.incidents if i.frames[0].span > frame.span and self._agrees(i, candidate)]
            if later:
                self._join(later[0], frame, None)
                self._accept(frame)

    def _add(self, candidate: Candidate) -> None:
        frame, main = candidate.frame, self.incidents[0] if self.incidents else None
        if frame.status not in TOLD:
            frame.judgement = Judgement(Status.HAPPENED, "model.status", frame.span)
        day = candidate.day or (main.day if main else None) or self.calendar.around(frame)
        place = candidate.place or (main.place if main else in_report(frame, self.scene))
        incident = Incident([frame], day, place, families={family(frame)})
        incident.background = frame.status is Status.BACKGROUND or bool(main and day and self._is_past(day))
        self.incidents.append(incident)
        self.calendar.main = self.incidents[0].day

    def _is_past(self, day: Day) -> bool:
        published = self.scene.reading.report.published
        return bool(published and (published - day.day).days > RECENT_DAYS)


def _is_next(incident: Incident, frame: Frame) -> bool:
    """Is the incident told in the paragraph of the mention?"""
    return incident.frames[-1].sentence.paragraph == frame.sentence.paragraph


def _is_aftermath(incident: Incident, candidate: Candidate) -> bool:
    """'nine died ... two more died the next day', in one paragraph: the harm of a day or two before."""
    if not (candidate.day and incident.day and candidate.frame.grade == "harm"):
        return False
    days = (candidate.day.day - incident.day.day).days
    return 0 < days <= AFTERMATH_DAYS and _is_next(incident, candidate.frame)


def _is_among(place: Located, places: Sequence[Located | None]) -> bool:
    """'attacked X and Y, killing 12': both places are those of one telling."""
    return any(other and other.name == place.name for other in places)


def _is_better(own: Located, known: Located) -> bool:
    return is_weak(known) or own.geo_precision < known.geo_precision


def _reason(frame: Frame, reason: str, note: str = "") -> tuple[str, str]:
    """What a rule says of the mention goes before."""
    return (reason, note) if frame.status in TOLD else (frame.status.value, frame.judgement.rule)


def _out_of_time(own_day: Day, published: date) -> tuple[str, str]:
    if own_day.day > published:
        return "planned", "a day to come"
    return "background", "more than a year before publication"


def _unique(incidents: Iterable[Incident]) -> list[Incident]:
    return list({id(incident): incident for incident in incidents}.values())
