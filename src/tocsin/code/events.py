"""Bring the mentions of one happening together.

In:  the Frames of one report.
Out: Incidents, each the frames that tell one happening, with its day and place; and what was rejected, with the reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from importlib import resources
from math import asin, cos, radians, sin, sqrt
from typing import Any

from tocsin.code.frames import Frame, Scene
from tocsin.fold import fold
from tocsin.locate import Located, place_event
from tocsin.model import Rejected, Span, Status, Time
from tocsin.read.reader import Sentence

OLD_DAYS = 366  # older than this before publication is history, not news (ACLED codes what is reported as new)
RECENT_DAYS = 45  # older than this is told as background
BULLETIN = 0.6  # share of paragraphs with a day of their own from which a report is a round-up
COUNTED_FROM = ("after", "before", "following", "since", "apres", "avant", "depuis")
COUNTED_OF = ("de ", "d'", "d’", "du ", "des ", "of ", "after ", "before ", "apres ", "avant ")
REFERENCE_REACH = 60  # characters from "three days after" to the event that it counts from
LOOSE_NIGHT = ("date.overnight", "date.last-night")  # either of two days
RECALLED = ("status.past", "status.court", "status.topic-trial", "status.topic-memory")  # the day is that of the recalling
SNIPPET = 3  # a text of so few sentences may be a bare snippet
LATE = 3  # from the fourth paragraph on, reports mostly tell of other things
SAME_PLACE_KM = 12  # two points this near are one place unless their names differ in one sentence


@dataclass(frozen=True, slots=True)
class Day:
    """A resolved day with the words and the rule that gave it."""

    day: date
    precision: int
    rule: str
    spans: tuple[Span, ...]
    confidence: float = 0.9


@dataclass(slots=True)
class Incident:
    """One happening: the frames that tell it, in the order of the text."""

    frames: list[Frame]
    day: Day | None
    place: Located | None
    background: bool = False
    families: set[str] = field(default_factory=set)


@cache
def families() -> dict[str, Any]:
    with resources.files(__package__).joinpath("data/families.toml").open("rb") as file:
        tables = tomllib.load(file)
    tables["of"] = {tactic: name for name, tactics in tables["family"].items() for tactic in tactics}
    return tables


@cache
def introduce() -> dict[str, float]:
    """The weights of the signs that a mention is an event of its own."""
    with resources.files(__package__).joinpath("data/introduce.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {"threshold": float(tables["threshold"]), **tables["weight"]}


def family(frame: Frame) -> str:
    """The family of the word that reports it."""
    return str(families()["of"].get(frame.trigger.entry.tactic, "other"))


def gather(scene: Scene, frames: Sequence[Frame]) -> tuple[list[Incident], list[Rejected]]:
    """All incidents of one report, and the mentions that are none."""
    teller = _Teller(scene)
    for frame in frames:
        teller.take(frame)
    if not teller.incidents and teller.weak and len(scene.reading.sentences) <= SNIPPET:
        teller.open_best()
    teller.look_back()
    return teller.incidents, teller.rejected


class _Teller:
    """Goes through a report from top to bottom, keeping the day and place that are being talked about."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.incidents: list[Incident] = []
        self.rejected: list[Rejected] = []
        self.last_day: Day | None = None
        self.weak: list[tuple[float, Frame, Day | None, Located | None]] = []
        self.bulletin = _is_bulletin(scene)

    # -- one frame ---------------------------------------------------------------------------------------------------

    def take(self, frame: Frame) -> None:
        if frame.status not in (Status.HAPPENED, Status.BACKGROUND):
            self._reject(frame, frame.status.value, frame.judgement.rule)
            return
        own_day = self._day_before_telling(frame) if self._is_reference(frame) else self._resolve(frame.time)
        if frame.time and _is_history(frame.time) and not own_day:
            self._reject(frame, "background", "no day: " + frame.time.span.of(self.scene.reading.text))
            return
        published = self.scene.reading.report.published
        if own_day and published and not self._in_time(frame, own_day, published):
            return
        if frame.status is Status.BACKGROUND and (frame.judgement.rule in RECALLED or not (own_day and frame.place)):
            self._reject(frame, "background", frame.judgement.rule)
            return
        day, place = own_day or self._near_day(frame.sentence), frame.place or self._near_place(frame)
        home = self._home(frame, day, place)
        if home:
            self._join(home, frame, own_day)
        elif self._beside(frame, day, place):
            self._reject(frame, "part of another event")
        else:
            self._open(frame, own_day, day, place)
        self.last_day = own_day or self.last_day

    def _in_time(self, frame: Frame, own_day: Day, published: date) -> bool:
        age = (published - own_day.day).days
        if age < -1:
            self._reject(frame, "planned", "a day to come")
        elif age > OLD_DAYS:
            self._reject(frame, "background", "more than a year before publication")
        return -1 <= age <= OLD_DAYS

    def _reject(self, frame: Frame, reason: str, note: str = "") -> None:
        self.rejected.append(Rejected(frame.span, reason, note))

    # -- when --------------------------------------------------------------------------------------------------------

    def _resolve(self, time: Time | None) -> Day | None:
        if time is None or time.kind == "vague":
            return None
        if time.kind == "day" and time.day and (time.relation != "since" or self._owned(time)):
            return Day(time.day, time.precision or 1, time.rule, (time.span,))
        base = self.last_day or (self.incidents[0].day if self.incidents else None)
        if time.kind == "anchored" and base and time.offset_days is not None:
            day = base.day + timedelta(days=time.offset_days)
            return Day(day, base.precision, time.rule, (time.span, *base.spans), 0.8)
        return None

    def _is_reference(self, frame: Frame) -> bool:
        """'three days after the attack', 'au lendemain de l'assaut': the mention is what the days are counted from."""
        time = frame.time
        if time is None or time.kind != "anchored" or time.span.end > frame.span.start:
            return False
        text = self.scene.reading.text
        said, between = fold(time.span.of(text)), fold(text[time.span.end : frame.span.start])
        linked = said.endswith(COUNTED_FROM) or between.lstrip().startswith(COUNTED_OF)
        return linked and len(between) <= REFERENCE_REACH and not any(stop in between for stop in ",;:.")

    def _day_before_telling(self, frame: Frame) -> Day | None:
        """The day counted back from the other day of the sentence, or from publication; none if the event is known already."""
        time, published = frame.time, self.scene.reading.report.published
        if time is None or time.offset_days is None or self.incidents:
            return None
        others = [t for t in self.scene.times if t.kind == "day" and t.day and frame.sentence.span.covers(t.span)]
        base = others[0].day if others else published
        if base is None:
            return None
        return Day(base - timedelta(days=time.offset_days), 1, f"{time.rule}.back", (time.span,), 0.7 if others else 0.5)

    def _owned(self, time: Time) -> bool:
        """'the toll from Sunday's attack': the day is that of the attack, whatever stands before it."""
        return self.scene.reading.text[time.span.end : time.span.end + 2] in ("'s", "’s")

    def _near_day(self, sentence: Sentence) -> Day | None:
        """The last day named earlier in the same paragraph."""
        reading = self.scene.reading
        start = min(s.span.start for s in reading.sentences if s.paragraph == sentence.paragraph)
        times = [t for t in self.scene.times if start <= t.span.start < sentence.span.start and t.relation == "at"]
        found = [day for time in times if (day := self._resolve(time))]
        return found[-1] if found else None

    def _context_day(self, frame: Frame) -> Day | None:
        """The last day named anywhere before; failing that the first one after: a heading or a dateline dates what follows."""
        exact = [t for t in self.scene.times if t.kind == "day" and t.relation == "at" and (t.precision or 3) < 3]
        before = [t for t in exact if t.span.start < frame.span.start]
        time = before[-1] if before else exact[0] if exact else None
        day = self._resolve(time)
        return replace(day, rule=f"{day.rule}.context", confidence=0.5) if day else None

    # -- which happening ---------------------------------------------------------------------------------------------

    def _home(self, frame: Frame, day: Day | None, place: Located | None) -> Incident | None:
        """The incident that this mention tells more about."""
        same_sentence = [i for i in self.incidents if i.frames[-1].sentence is frame.sentence]
        same_paragraph = [i for i in self.incidents if i.frames[-1].sentence.paragraph == frame.sentence.paragraph]
        nearest_first = _unique([*same_sentence[::-1], *same_paragraph[::-1], *self.incidents])
        return next((incident for incident in nearest_first if self._agrees(incident, frame, day, place)), None)

    def _beside(self, frame: Frame, day: Day | None, place: Located | None) -> bool:
        """Does the same sentence already tell another kind of happening, at that place on that day?"""
        return any(
            incident.frames[0].sentence is frame.sentence and self._there(incident, day, place)
            for incident in self.incidents
        )

    def _agrees(self, incident: Incident, frame: Frame, day: Day | None, place: Located | None) -> bool:
        together = families()["together"][family(frame)]
        return bool(incident.families & set(together)) and self._there(incident, day, place)

    def _there(self, incident: Incident, day: Day | None, place: Located | None) -> bool:
        """Nothing says that it was another day or another place."""
        if day and incident.day and not _same_day(day, incident.day):
            return False
        return not (place and incident.place) or same_place(place, incident.place)

    def _join(self, incident: Incident, frame: Frame, own_day: Day | None) -> None:
        incident.frames.append(frame)
        incident.families.add(family(frame))
        if own_day and (incident.day is None or _is_looser(incident.day, own_day)):
            incident.day = own_day
        if frame.place and (incident.place is None or frame.place.geo_precision < incident.place.geo_precision):
            incident.place = frame.place

    def _open(self, frame: Frame, own_day: Day | None, day: Day | None, place: Located | None) -> None:
        score = self._weight(frame, own_day, day, place)
        if score < introduce()["threshold"]:
            self.weak.append((score, frame, day, place))
            self._reject(frame, "no date or place of its own", f"weight {score:.2f}")
            return
        self._add(frame, day, place)

    def open_best(self) -> None:
        """A snippet tells one thing at least: the mention that comes nearest to an event of its own."""
        _, frame, day, place = max(self.weak, key=lambda each: each[0])
        self.rejected = [mention for mention in self.rejected if mention.span != frame.span]
        self._add(frame, day, place)

    def look_back(self) -> None:
        """Mentions too weak to stand alone that came before the incident they tell of, as the opening of a report often does."""
        for _, frame, day, place in self.weak:
            later = [i for i in self.incidents if i.frames[0].span > frame.span and self._agrees(i, frame, day, place)]
            if later:
                self._join(later[0], frame, None)
                self.rejected = [mention for mention in self.rejected if mention.span != frame.span]

    def _add(self, frame: Frame, day: Day | None, place: Located | None) -> None:
        main = self.incidents[0] if self.incidents else None
        day = day or (main.day if main else None) or self._context_day(frame)
        place = place or (main.place if main else self._any_place(frame))
        incident = Incident([frame], day, place, families={family(frame)})
        published = self.scene.reading.report.published
        incident.background = bool(
            frame.status is Status.BACKGROUND or (day and published and main and (published - day.day).days > RECENT_DAYS)
        )
        self.incidents.append(incident)

    def _near_place(self, frame: Frame) -> Located | None:
        """The place named earlier in the same paragraph."""
        scene, reading = self.scene, self.scene.reading
        earlier = [
            s.span for s in reading.sentences[: frame.sentence.index][::-1] if s.paragraph == frame.sentence.paragraph
        ]
        found = place_event(
            frame.span, frame.sentence.span, earlier, scene.places, scene.gazetteer, reading.text, reading.lang
        )
        return found if found and found.rule.startswith(("paragraph", "sentence")) else None

    def _any_place(self, frame: Frame) -> Located | None:
        """Wherever the report puts it, for the first incident whose sentence and paragraph name no place."""
        scene, reading = self.scene, self.scene.reading
        earlier = [s.span for s in reading.sentences[: frame.sentence.index][::-1]]
        return place_event(frame.span, frame.sentence.span, earlier, scene.places, scene.gazetteer, reading.text, reading.lang)

    def _weight(self, frame: Frame, own_day: Day | None, day: Day | None, place: Located | None) -> float:
        """How much speaks for a new event; the weights are in data/introduce.toml."""
        weights = introduce()
        return sum(weights.get(sign, 0.0) for sign in self.signs(frame, own_day, day, place))

    def signs(self, frame: Frame, own_day: Day | None, day: Day | None, place: Located | None) -> Iterator[str]:
        """What can be said of a mention that might be a new event, in the words of data/introduce.toml."""
        yield "always"
        yield f"grade_{frame.grade}"
        yield f"family_{family(frame)}"
        yield _day_sign(own_day, day)
        yield _place_sign(frame.place, place)
        yield from (f"agent_{mention.kind}" for mention in frame.roles.agents[:1])
        yield from (f"target_{mention.kind}" for mention in frame.roles.targets[:1])
        dead = [count for count in frame.counts if count.kind == "killed"]
        signs = {
            "deaths": any(not count.cumulative for count in dead),
            "sum": any(count.cumulative for count in dead),
            "lead": frame.sentence.index == 0,
            "second": frame.sentence.index == 1,
            "late": frame.sentence.paragraph > LATE and not self.bulletin,
            "bulletin": self.bulletin,
            "repeat": any(family(frame) in incident.families for incident in self.incidents),
            "quoted": frame.quoted,
            "in_title": family(frame) in self.scene.headline,
            "pluperfect": frame.tense == "pluperfect",
            "present": frame.tense == "present",
            "noun": frame.tense == "",
            "first": not self.incidents,
            "own_both": bool(own_day and frame.place),
            "own_neither": not (own_day or frame.place),
            "neither_later": not (own_day or frame.place) and bool(self.incidents),
            "tolled": bool(dead) and bool(own_day or frame.place),
        }
        yield from (name for name, holds in signs.items() if holds)
        if day and self.scene.reading.report.published:
            yield _age_sign((self.scene.reading.report.published - day.day).days)


def _is_looser(known: Day, other: Day) -> bool:
    """'overnight' gives way to a day by name."""
    return known.rule.startswith(LOOSE_NIGHT) and not other.rule.startswith(LOOSE_NIGHT) and other.precision == 1


def _is_history(time: Time) -> bool:
    """A stretch or a year, not a day that only lacks the date of publication."""
    return time.kind == "vague" and not time.rule.endswith("no-publication-date")


def _age_sign(days: int) -> str:
    return "age_days" if days <= 7 else "age_weeks" if days <= 31 else "age_months"


def _is_bulletin(scene: Scene) -> bool:
    """Does most of the paragraphs begin with a day of its own? Then each tells another happening."""
    first: dict[int, Sentence] = {}
    for sentence in scene.reading.sentences:
        first.setdefault(sentence.paragraph, sentence)
    dated = [s for s in first.values() if any(s.span.covers(t.span) and t.kind == "day" for t in scene.times)]
    return len(first) > 2 and len(dated) >= BULLETIN * len(first)


def _day_sign(own_day: Day | None, day: Day | None) -> str:
    if own_day:
        return "own_day" if own_day.precision < 3 else "own_month"
    return "near_day" if day else "no_day"


def _place_sign(own: Located | None, place: Located | None) -> str:
    if own:
        return "own_place" if own.geo_precision < 3 else "own_area"
    return "near_place" if place else "no_place"


def _unique(incidents: Iterable[Incident]) -> list[Incident]:
    return list({id(incident): incident for incident in incidents}.values())


def _same_day(one: Day, other: Day) -> bool:
    night = 1 if any(day.rule.startswith(LOOSE_NIGHT) for day in (one, other)) else 0
    slack = {1: night, 2: 4, 3: 16}[max(one.precision, other.precision)]
    return abs((one.day - other.day).days) <= slack


def same_place(one: Located, other: Located) -> bool:
    """The same name, near enough, or the one lies in the area that the other names."""
    if one.place.country != other.place.country and one.place.country and other.place.country:
        return False
    if fold(one.name) == fold(other.name):
        return True
    for area, inside in ((one, other), (other, one)):
        if area.rule.endswith(".seat") or area.place.kind in ("admin1", "admin2", "region", "area"):
            return _holds(area, inside)
    if "unknown" in one.rule + other.rule:
        return False  # two villages of different names, however near the points that stand for them
    return kilometres(one.place.latitude, one.place.longitude, other.place.latitude, other.place.longitude) <= SAME_PLACE_KM


def _holds(area: Located, inside: Located) -> bool:
    """Is the place in the district, province or region?"""
    if area.geo_precision == 2 and area.place.admin2 and inside.place.admin2:
        return area.place.admin2 == inside.place.admin2
    if area.place.admin1 and inside.place.admin1:
        return area.place.admin1 == inside.place.admin1
    gap = kilometres(area.place.latitude, area.place.longitude, inside.place.latitude, inside.place.longitude)
    return gap <= max(area.radius_km, inside.radius_km)


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance."""
    a, b, half = radians(lat1), radians(lat2), radians(lon2 - lon1) / 2
    chord = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(half) ** 2
    return 12742 * asin(min(1.0, sqrt(chord)))
