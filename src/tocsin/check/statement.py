"""A statement of a text, how it was read, and the verdict on it.

A reading is small and plain, so that a person can see at once whether it is right, and write a better one (TOML).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal[
    "count",  # events in a period: "at least 15 attacks in June and July"
    "deaths",  # the dead of a period, or of one happening: "killed more than 300 people this year"
    "first",  # nothing like it before: "the first attack in Tillaberi since 2017"
    "last",  # nothing like it after: "the last attack in the town was in 2019"
    "deadliest",  # none with more dead: "the deadliest attack since 2015"
    "closest",  # none nearer to a place: "never had rebels struck so close to the capital"
    "change",  # more or fewer than in an earlier period: "attacks have doubled this year"
    "effect",  # more or fewer since a date or an event: "increased since the French withdrawal"
    "expansion",  # into areas where it was not: "expands outside its traditional strongholds"
    "encirclement",  # all around places: "cities increasingly surrounded"
    "share",  # a part of all: "most attacks were by JNIM"
    "ranking",  # of places or actors: "the worst-hit region"
    "distance",  # between places, no events needed: "Kati, 15 km from the capital"
    "attribution",  # who said that they did it: "JNIM claimed the attack"
    "status",  # of a country or place: "the first coup since 2012", "two coups since 2020"
]
KINDS: tuple[str, ...] = get_args(Kind)
Comparison = Literal[
    "at least", "at most", "more than", "less than", "about", "exactly", "more", "fewer", "none before"
]
COMPARISONS: tuple[str, ...] = get_args(Comparison)
Unit = Literal["events", "deaths", "km", "percent", "times", "places", "actors"]
UNITS: tuple[str, ...] = get_args(Unit)
Measure = Literal["events", "deaths", "deaths per event"]
MEASURES: tuple[str, ...] = get_args(Measure)
Verdict = Literal["supported", "contradicted", "cannot be told", "not checkable"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a statement. `kind` as the gazetteer has it (country, admin1, admin2, town, ...)."""

    name: str
    kind: str
    country: str | None  # by ACLED's name
    latitude: float | None = None
    longitude: float | None = None
    geonameid: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """How a statement was read: a question that events (or a map) can answer. None and () say "not stated".

    Days are ISO, both ends inclusive. `where`: all events of the question lie there; `place`: what is measured from
    (distance, closest, encirclement) or gone into (expansion), the part (share), or ranked. `event_types`
    and `sub_event_types`: of one of them; mostly only one of the two is given.
    What every kind fills in is told in docs/check.md.
    """

    kind: Kind
    event_types: tuple[str, ...] = ()  # ACLED's
    sub_event_types: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()  # ACLED's names
    against: tuple[str, ...] = ()  # on the other side, ACLED's names: Civilians, ...
    where: Spot | None = None
    place: Spot | None = None
    since: str | None = None
    until: str | None = None
    comparison: Comparison | None = None
    value: float | None = None
    unit: Unit | None = None
    than_since: str | None = None  # the earlier period that a change is measured against
    than_until: str | None = None
    than: tuple[str, ...] = ()  # what the share or the ranking is of: admin1 (places), actors, event types
    event: str | None = None  # the day of the happening that is spoken of: "the Kati attack" -> 2022-07-22
    measure: Measure | None = None  # what changed, is shared out or ranked; `value` and `unit` say by how much
    happening: str | None = None  # kind in data/happenings.csv: what a status counts, what an effect is measured from
    beyond: Spot | None = None  # where it was before an expansion: "beyond Borno"; None: found in the events


@dataclass(frozen=True, slots=True)
class Statement:
    """What the text says. `asked` None: it cannot be checked, and `why` says why (an opinion, a prediction, vague)."""

    quote: str
    start: int  # characters of the text: quote == text[start:end]
    end: int
    asked: Asked | None
    why: str = ""
    rules: tuple[str, ...] = ()  # what made it be read so


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement with the verdict. `chance`: the part of the draws in which it holds; None: not drawn."""

    statement: Statement
    verdict: Verdict
    reason: str  # one plain sentence, with the figure and its interval
    figure: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    events: tuple[str, ...] = ()  # ids of the events behind it
    notes: tuple[str, ...] = field(default=())
