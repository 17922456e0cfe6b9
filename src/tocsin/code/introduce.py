"""Is a mention an event of its own? Signs with weights, for people to read and correct: data/introduce.toml.

In:  a Candidate: a frame with the day and place that its sentence or paragraph gives, and the report so far.
Out: the names of the signs that hold, and their weight together (log odds).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tocsin.code.days import Day
from tocsin.code.families import family
from tocsin.code.frames import Frame, Scene
from tocsin.code.same import log_odds
from tocsin.finder import Sight
from tocsin.locate import Located
from tocsin.model import Status
from tocsin.read.reader import Sentence
from tocsin.toml import read_toml

BULLETIN = 0.6  # share of paragraphs with a day of their own from which a report is a round-up
RULES, BOTH = "introduce", "introduce_both"  # tables without and with the signs of the model
LATE = 3  # from the fourth paragraph on, reports mostly tell of other things


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mention that may open an event. `own_day` is from its sentence, `day` and `place` also from its paragraph."""

    frame: Frame
    own_day: Day | None
    day: Day | None
    place: Located | None
    families_before: frozenset[str]  # of the events that the report has told so far
    bulletin: bool
    alike: float | None = None  # how much speaks for the likeliest incident told before; see same.py
    beside: bool = False  # its sentence already tells another kind of happening, at that place on that day


@cache
def weights(name: str = RULES) -> dict[str, float]:
    """The weight of each sign, and the `threshold` from which a mention opens an event; `name`: of the data file."""
    path = resources.files(__package__).joinpath(f"data/{name}.toml")
    tables = read_toml(path)
    return {"threshold": float(tables["threshold"]), **tables["weight"]}


def table_of(scene: Scene) -> dict[str, float]:
    """The weights that go with what is known of the report."""
    return weights(BOTH if scene.sight else RULES)


def weight(candidate: Candidate, scene: Scene) -> float:
    """How much speaks for an event of its own."""
    table = table_of(scene)
    return sum(table.get(sign, 0.0) * value for sign, value in signs(candidate, scene).items())


def signs(candidate: Candidate, scene: Scene) -> dict[str, float]:
    """What can be said of the mention, in the words of data/introduce.toml; 1 where a sign holds."""
    found = dict.fromkeys(_signs(candidate, scene), 1.0)
    return found | _model_signs(candidate, scene.sight) if scene.sight else found


def _model_signs(candidate: Candidate, sight: Sight) -> dict[str, float]:
    """What the model makes of the mention, in log odds, and what the rules say that it may overrule."""
    frame, alike = candidate.frame, candidate.alike
    found = {
        "model_happened": log_odds(sight.status(frame.span)["happened"]),
        "model_event": log_odds(sight.event(frame.span)),
        "model_no_kind": log_odds(sight.kinds(frame.span)["none"]),
        "model_alike": 0.0 if alike is None else min(max(alike, -4.0), 3.0),
        "beside": float(candidate.beside),
    }
    return found if frame.status is Status.HAPPENED else found | {f"said_{frame.status}": 1.0}


def _signs(candidate: Candidate, scene: Scene) -> Iterator[str]:
    frame, day, published = candidate.frame, candidate.day, scene.reading.report.published
    yield "always"
    yield f"grade_{frame.grade}"
    yield f"family_{family(frame)}"
    yield _day_sign(candidate)
    yield _place_sign(candidate)
    yield from (f"agent_{mention.kind}" for mention in frame.roles.agents[:1])
    yield from (f"target_{mention.kind}" for mention in frame.roles.targets[:1])
    yield from (name for name, holds in _facts(candidate, scene).items() if holds)
    if day and published:
        yield _age_sign((published - day.day).days)


def _facts(candidate: Candidate, scene: Scene) -> dict[str, bool]:
    frame, kind = candidate.frame, family(candidate.frame)
    own_day, own_place, first = bool(candidate.own_day), bool(frame.place), not candidate.families_before
    dead = [count for count in frame.counts if count.kind == "killed"]
    return {
        "deaths": any(not count.cumulative for count in dead),
        "sum": any(count.cumulative for count in dead),
        "tolled": bool(dead) and (own_day or own_place),
        "lead": frame.sentence.index == 0,
        "second": frame.sentence.index == 1,
        "late": frame.sentence.paragraph > LATE and not candidate.bulletin,
        "bulletin": candidate.bulletin,
        "first": first,
        "repeat": kind in candidate.families_before,
        "in_title": kind in scene.headline,
        "quoted": frame.quoted,
        "pluperfect": frame.tense == "pluperfect",
        "present": frame.tense == "present",
        "noun": frame.tense == "",
        "elsewhere": own_place and kind in candidate.families_before,
        "own_both": own_day and own_place,
        "own_neither": not (own_day or own_place),
        "neither_later": not (own_day or own_place or first),
    }


def _day_sign(candidate: Candidate) -> str:
    if candidate.own_day:
        return "own_day" if candidate.own_day.precision < 3 else "own_month"
    return "near_day" if candidate.day else "no_day"


def _place_sign(candidate: Candidate) -> str:
    if candidate.frame.place:
        return "own_place" if candidate.frame.place.geo_precision < 3 else "own_area"
    return "near_place" if candidate.place else "no_place"


def _age_sign(days: int) -> str:
    return "age_days" if days <= 7 else "age_weeks" if days <= 31 else "age_months"


def is_bulletin(scene: Scene) -> bool:
    """Do most paragraphs begin with a day of their own? Then each tells another happening."""
    first: dict[int, Sentence] = {}
    for sentence in scene.reading.sentences:
        first.setdefault(sentence.paragraph, sentence)
    dated = [s for s in first.values() if any(s.span.covers(t.span) and t.kind == "day" for t in scene.times)]
    return len(first) > 2 and len(dated) >= BULLETIN * len(first)
