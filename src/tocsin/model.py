"""The nouns that every stage shares.

Report  -> Reading -> Frame -> Claim.  A Report is what was published, a Claim what it says happened.
All offsets are in characters of `Report.text`, half open: `text[start:end]`.
A value that the report does not state is `None`, never a default.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, Literal, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a text: characters `start` up to, not including, `end`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


class Status(StrEnum):
    """What a mention of an event is. Only `HAPPENED` and dated `BACKGROUND` become claims."""

    HAPPENED = "happened"
    BACKGROUND = "background"
    THREATENED = "threatened"
    PLANNED = "planned"
    DENIED = "denied"
    GENERIC = "generic"
    CUMULATIVE = "cumulative"
    STATEMENT = "statement"
    HYPOTHETICAL = "hypothetical"
    NOT_POLITICAL = "not_political"


@dataclass(frozen=True, slots=True)
class Report:
    """A text and where it came from. Never changed."""

    id: str
    text: str
    title: str | None = None
    published: date | None = None
    source: str | None = None
    source_scale: str | None = None
    url: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """One input was odd. A row, not an exception; the work goes on."""

    level: Literal["error", "warning", "info"]
    stage: str
    message: str
    where: str | None = None  # file, file:line or URL


@dataclass(frozen=True, slots=True)
class Time:
    """A time expression, resolved as far as the text alone allows.

    `day` is what ACLED would code, `first` and `last` the days it can mean (inclusive).
    `kind`: "day" is complete; "anchored" counts `offset_days` from the day of another event
    ("two days later", "la veille") and has no `day` until code/ knows that event; "vague" is longer than a
    month or has no point in time ("in recent years", "since 2015") and never dates an event.
    """

    span: Span
    kind: Literal["day", "anchored", "vague"]
    rule: str
    day: date | None = None
    first: date | None = None
    last: date | None = None
    precision: Literal[1, 2, 3] | None = None
    offset_days: int | None = None
    relation: Literal["at", "since", "until", "before", "after"] = "at"


@dataclass(frozen=True, slots=True)
class Number:
    """A number or vague quantity: "at least 37", "dozens", "une quarantaine", "between 35 and 40"."""

    span: Span
    low: int
    best: int | None  # None: vague, the codebook's rule for that word decides
    high: int | None  # None: open ended
    rule: str  # "exact", "at_least", "up_to", "about", "range", "dozens", "several", "none", ...


CountKind = Literal["killed", "injured", "abducted", "arrested", "missing", "displaced", "crowd", "released"]
Side = Literal["attackers", "state", "civilians"]


@dataclass(frozen=True, slots=True)
class Count:
    """People counted by the report: how many, what became of them, which side they were on."""

    span: Span  # number and noun: "nine Palestinians", "trois hommes"
    kind: CountKind
    number: Number
    rule: str
    who: Span | None = None  # the people: "Palestinians", "hommes"
    side: Side | None = None
    cumulative: bool = False  # a sum over months or many attacks, not of one event
    said_by: Literal["perpetrator", "official", "other"] | None = None
    revision: bool = False  # replaces an earlier figure ("the toll rose to 40")


@dataclass(frozen=True, slots=True)
class ActorMention:
    """Words that name somebody who acts or suffers.

    `kind`: "group" a registered organisation (`key` = its registry id); "state" a body of a state (`key` =
    "military", "police", "government", "intelligence", ...); "armed" unnamed armed people (`key` = "gunmen", "rebels",
    "jihadists", "bandits", "communal", "gang", ...); "crowd" (`key` = "protesters" or "rioters"); "civilians"
    (`key` = "civilians" or a group such as "students").
    `country`: ISO alpha-3 when the words themselves say it ("Malian soldiers", "armée burkinabè").
    """

    span: Span
    kind: Literal["group", "state", "armed", "crowd", "civilians"]
    key: str
    country: str | None = None
    unit: str | None = None  # "Air Force", "Gendarmerie"


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor with its ACLED name at one date in one country."""

    name: str
    inter: str  # label of the codebook: "State forces", "Rebel group", ...
    rule: str
    country: str | None = None  # home country, ISO alpha-3
    id: str | None = None  # registry id of a registered group


PlaceKind = Literal["country", "admin1", "admin2", "place", "region", "area"]


@dataclass(frozen=True, slots=True)
class Place:
    """A point with a name. `radius_km`: where the event may really have been, around the point."""

    name: str
    kind: PlaceKind
    latitude: float
    longitude: float
    radius_km: float
    country: str  # ISO alpha-3; "" for macro-regions over several countries
    admin1: str | None = None
    admin2: str | None = None
    geonameid: int | None = None
    population: int | None = None
    feature: str | None = None  # GeoNames feature code: PPL, PPLA, PPLC, ADM1, ...


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named in the text. `place` is None if no gazetteer has it.

    `role`: "at" an ordinary mention; "dateline"; "demonym" ("Malian"); "metonym" (a capital that speaks or acts);
    "anchor" only used to describe another place ("15 km north of X": X is the anchor).
    """

    span: Span
    name: str
    place: Place | None
    role: Literal["at", "dateline", "demonym", "metonym", "anchor"]
    rule: str
    confidence: float
    precision: Literal[1, 2, 3] = 1
    known: bool = True  # False: the name is not in the gazetteer, `place` is the point described or a nearby seat


@dataclass(frozen=True, slots=True)
class Value(Generic[T]):
    """A coded value with what supports it: words of the text, or a rule that derives it."""

    value: T | None
    rule: str
    spans: tuple[Span, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Rejected:
    """A mention that was not coded, and why."""

    span: Span
    reason: str  # a Status, or "duplicate", "no date", ...
    note: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one report says happened, coded. Never edited: a better reading is a new claim.

    `complete` is False when date, place or actor are not in the text; such a claim is no ACLED row.
    """

    event_type: Value[str]
    sub_event_type: Value[str]
    event_date: Value[date]
    time_precision: Value[int]
    actor1: Value[str]
    inter1: Value[str]
    assoc_actor_1: Value[tuple[str, ...]]
    actor2: Value[str]
    inter2: Value[str]
    assoc_actor_2: Value[tuple[str, ...]]
    civilian_targeting: Value[bool]
    country: Value[str]  # ACLED country name
    admin1: Value[str]
    admin2: Value[str]
    location: Value[str]
    latitude: Value[float]
    longitude: Value[float]
    geo_precision: Value[int]
    place_radius_km: Value[float]
    geonameid: Value[int]
    fatalities: Value[int]
    fatalities_low: Value[int]
    fatalities_best: Value[int]
    fatalities_high: Value[int]
    trigger: Value[str]
    background: bool = False
    tags: tuple[str, ...] = ()
    complete: bool = True


QUESTIONS = {  # what is asked of a claim -> the fields that share the answer; the first of them is judged
    "event": ("trigger",),
    "event_type": ("event_type",),
    "sub_event_type": ("sub_event_type", "civilian_targeting"),
    "date": ("event_date", "time_precision"),
    "country": ("country",),
    "admin1": ("admin1", "admin2"),
    "place": ("location", "latitude", "longitude", "geo_precision", "place_radius_km", "geonameid"),
    "actor1": ("actor1", "inter1", "assoc_actor_1"),
    "actor2": ("actor2", "inter2", "assoc_actor_2"),
    "fatalities": ("fatalities", "fatalities_low", "fatalities_best", "fatalities_high"),
}
NEEDED = ("event_date", "country", "location", "actor1")  # without one of these a claim is not complete


@dataclass(frozen=True, slots=True)
class Coded:
    """One report with all that was found in it."""

    report: Report
    claims: tuple[Claim, ...]
    rejected: tuple[Rejected, ...]
    issues: tuple[Issue, ...] = field(default=())
