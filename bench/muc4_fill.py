"""What Tocsin finds in a text, put into MUC-4 templates by learned weights.

In:  a Scene with its mentions of events, whether they would be coded or not; bench/muc4_weights.json.
Out: templates: for each type that enough speaks for, the place, day, organisation and number that most speaks for;
     one more for each further town that enough speaks for.
The weights are learned from MUC-4's training texts (bench/fit_muc4.py). A sign is a word or a fact, see `kind_row`,
`places`, `days`, `organisations`, `numbers`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bench.events import Line
from bench.options import Option, Told, best, by, plain, step, told
from bench.weigh import Row, Weights, total

TACTICS = {
    "ATTACK": "killing armed_attack shooting ambush massacre stabbing shelling air_strike execution mob_attack torture"
    " bodies_found clash",
    "BOMBING": "explosion ied car_bomb grenade landmine suicide_bombing remote_explosive defused",
    "KIDNAPPING": "abduction",
    "ARSON": "arson petrol_bomb",
}
KINDS = {kind: frozenset(names.split()) for kind, names in TACTICS.items()}
TOLD = ("happened", "background")
HARM = ("killed", "injured", "abducted", "missing")
LEAST = {"kind": -0.6, "organisation": -1.2, "number": -0.8, "more": -1.0}  # from which weight on an answer is given
AGES = (0, 1, 2, 3, 8, 32, 366)  # days before the dateline's
TEXT = re.compile(r"\[text\]", re.I)
Template = dict[str, Any]


def read(line: Line) -> Told:
    """A text as a report published on the day of its dateline."""
    from tocsin.model import Report

    day = (line.get("dateline") or {}).get("date")
    return told(Report(line["docid"], line["text"], None, date.fromisoformat(day) if day else None, lang="en"))


def happened(one: Told, kind: str) -> list[Any]:
    """The mentions of events of this type."""
    return [frame for frame in one.frames if frame.tactics & KINDS[kind] and frame.status.value in TOLD]


def kind_row(one: Told, kind: str) -> Row:
    """What can be said of a text for having a template of this type."""
    opening = TEXT.search(one.low)
    words = one.words(opening.end() if opening else 0, len(one.low))
    mine = [frame for frame in one.frames if frame.tactics & KINDS[kind]]
    row = {f"w {word}" for word in words} | {f"long {step(len(words), (100, 200, 400, 700))}"}
    row |= {f"n {n}" for n in range(1, 1 + min(4, len(happened(one, kind))))}
    for frame in mine:
        early = "early" if frame.sentence.index < 3 else "later"
        row |= {f"{frame.status.value} {name}" for name in (frame.grade, early, frame.trigger.entry.id)}
    for frame in happened(one, kind):
        row |= {f"by {who.kind} {who.key}" for who in frame.roles.agents} | {f"tactic {name}" for name in frame.tactics}
        row |= {f"to {who.kind} {who.key}" for who in frame.roles.targets}
        row |= {f"has {name}" for name in ("time", "place") if getattr(frame, name)}
    row |= {f"other {other}" for other in KINDS if other != kind and happened(one, other)}
    if any(frame in incident.frames for incident in one.incidents for frame in mine):
        row.add("incident")
    return frozenset(row)


def places(one: Told, kind: str) -> list[Option]:
    """The places named; the value is all names that it answers to, the finest first."""
    from tocsin.countries import country

    named = [mention for mention in one.scene.places if mention.place and mention.place.kind != "region"]
    finer = {m.place.country for m in named if m.place.kind != "country" and m.role != "dateline"}
    line = next((m.place.country for m in named if m.role == "dateline"), None)
    own = {plain(frame.place.place.name) for frame in happened(one, kind) if frame.place}
    coded = {plain(incident.place.place.name) for incident in one.incidents if incident.place}
    options = []
    for name, mentions in by(named, lambda mention: plain(mention.place.name)).items():
        place, group = mentions[0].place, mentions[0].place.kind
        row = {group, *one.where(group, mentions, happened(one, kind)), *(f"{group} as {m.role}" for m in mentions)}
        row |= {f"before {word}" for m in mentions for word in one.words(m.span.start - 14, m.span.start)[-1:]}
        row |= {f"{group} {sign}" for sign, holds in {
            "own": name in own, "coded": name in coded, "here": place.country == line,
            "has finer": group != "place" and place.country in finer}.items() if holds}  # fmt: skip
        home = country(place.country) if place.country else None
        names = (mentions[0].name, place.name, None if group == "country" else place.admin1, home and home.name)
        options.append(Option([each for each in names if each], frozenset(row)))
    return options


def days(one: Told, kind: str) -> list[Option]:
    """The days named, and the dateline's."""
    named = [time for time in one.scene.reading.times if time.kind == "day" and time.day]
    own = {frame.time.day for frame in happened(one, kind) if frame.time and frame.time.day}
    groups = by(named, lambda time: time.day)
    if one.published:
        groups.setdefault(one.published, [])
    options = []
    for day, mentions in groups.items():
        group = "dateline" if day == one.published else "other"
        body = [time for time in mentions if group == "other" or time.span.start >= 60]
        row = {
            group,
            *one.where(group, body, happened(one, kind)),
            *(f"{group} {time.rule} {time.precision}" for time in body),
        }
        row |= {f"{group} own {day in own}", f"own days {step(len(own), (1, 2))}"}
        if one.published:
            row.add(f"age {step((one.published - day).days, AGES)}")
        options.append(Option(day.isoformat(), frozenset(row)))
    return options


def organisations(one: Told, kind: str) -> list[Option]:
    """The groups and bodies of states named; the value is every way the text puts it."""
    named = [who for who in one.scene.actors if who.kind in ("group", "state") or who.key in ("gang", "militia")]
    agents = {(who.kind, who.key) for frame in happened(one, kind) for who in frame.roles.agents}
    targets = {(who.kind, who.key) for frame in happened(one, kind) for who in frame.roles.targets}
    groups = len({who.key for who in named if who.kind == "group"})
    options = []
    for (sort, key), mentions in by(named, lambda who: (who.kind, who.key)).items():
        group = sort if sort == "group" else key
        row = {group, f"key {key}", f"groups {min(groups, 4)}", *one.where(group, mentions, happened(one, kind))}
        row |= {f"{group} acts"} if (sort, key) in agents else set()
        row |= {f"{group} suffers"} if (sort, key) in targets else set()
        for who in mentions:
            row |= {f"before {word}" for word in one.words(who.span.start - 60, who.span.start)[-4:]}
            row |= {f"after {word}" for word in one.words(who.span.end, who.span.end + 50)[:3]}
            row |= {f"beside {word}" for word in one.beside(who)}
        said = [" ".join(who.span.of(one.scene.reading.text).split()) for who in mentions]
        options.append(Option(said, frozenset(row)))
    return options


def numbers(one: Told, kind: str) -> list[Option]:
    """The numbers of people harmed, and one: most templates have one victim, who is named and not counted."""
    harmed = [count for count in one.scene.reading.counts if count.kind in HARM and count.number.best]
    groups = by(harmed, lambda count: count.number.best)
    groups.setdefault(1, [])
    people = {f"{who.kind} {who.key}" for frame in happened(one, kind) for who in frame.roles.targets}
    words = {word for frame in happened(one, kind) for word in one.beside(frame)}
    options = []
    for value, counts in groups.items():
        group = "one" if value == 1 else "more"
        row = {
            f"size {step(value, (1, 2, 3, 5, 10, 20, 50))}",
            f"{group} {kind}",
            *one.where(group, counts, happened(one, kind)),
        }
        row |= {f"{group} beside {min(len(groups) - 1, 3)}"}
        row |= {f"{group} {count.kind} {count.side} {count.cumulative}" for count in counts}
        row |= {f"{group} to {who}" for who in people} | {f"{group} w {word}" for word in words}
        options.append(Option(value, frozenset(row)))
    return options


def further(one: Told, kind: str, main: Option | None) -> list[Option]:
    """The other towns, which may have seen another event of this type."""
    told_often = f"mentions {step(len(happened(one, kind)), (1, 2, 3, 5, 8))}"
    row = {told_often, f"incidents {min(len(one.incidents), 4)}", f"type {kind}"}
    others = [each for each in places(one, kind) if main and each.value != main.value and "place" in each.row]
    return [Option(each.value, each.row | row) for each in others]


@cache
def learned() -> dict[str, Weights]:
    return json.loads(Path(__file__).with_name("muc4_weights.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def fill(one: Told, weights: dict[str, Weights]) -> list[Template]:
    """All templates of one text."""
    kinds = (kind for kind in KINDS if total(weights[kind], kind_row(one, kind)) > LEAST["kind"])
    return [template for kind in kinds for template in _templates(one, kind, weights)]


def _templates(one: Told, kind: str, weights: dict[str, Weights]) -> Iterator[Template]:
    place = best(weights["place"], places(one, kind))
    day = best(weights["day"], days(one, kind))
    who = best(weights["organisation"], organisations(one, kind), LEAST["organisation"])
    number = best(weights["number"], numbers(one, kind), LEAST["number"])
    template = {
        "type": kind,
        "perpetrator organisation": who and who.value,
        "location": place and place.value,
        "date": day and day.value,
        "victim number": number and number.value,
    }
    yield template
    for other in further(one, kind, place):
        if total(weights["more"], other.row) > LEAST["more"]:
            yield {**template, "location": other.value}
