"""Where and when the attack of an article was, chosen by learned weights among all places and times that it names.

In:  what Tocsin finds in the article (bench/options.py); bench/hrds_weights.json, learned from the training articles
     (bench/fit_hrds.py).
Out: country, city, year, month and day of the month. The year comes first, since months and days of that year are
     likelier; the country before the city.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bench.events import _tools
from bench.options import Option, Told, best, by, step
from bench.weigh import Row, Weights

ATTACKS = (
    "killing abduction arrest armed_attack shooting torture massacre mob_attack stabbing execution dispersal"
    " mass_arrest sexual_violence explosion"
)
VIOLENT = frozenset(ATTACKS.split())
TOLD = ("happened", "background")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
MONTH = 32  # days; longer times name no month
MANY, MORE = (2, 3, 4, 6, 10), (2, 3, 5, 9)  # options
PEOPLE, PERCENT = (1_000, 20_000, 200_000, 1_000_000), (10, 20, 35, 50, 70)
YEARS, MONTHS, DAYS = (1, 2, 3, 5, 10, 20), (0, 1, 2, 3, 7, 12, 31), (0, 1, 2, 3, 7, 12, 31, 366)  # before publication
FINE = ("place", "admin1", "admin2")


@dataclass(frozen=True, slots=True)
class Said:
    """Words that name a year."""

    span: Any
    rule: str


def violent(one: Told) -> list[Any]:
    """The mentions of attacks on people."""
    return [frame for frame in one.frames if frame.tactics & VIOLENT and frame.status.value in TOLD]


def years(one: Told) -> list[Option]:
    """The years named or meant, and that of publication."""
    from tocsin.model import Span

    reading, pub = one.scene.reading, one.published
    named: dict[int, list[Any]] = defaultdict(list)
    for match in YEAR.finditer(reading.text):
        named[int(match[0])].append(Said(Span(*match.span()), "said"))
    for time in reading.times:
        if day := time.day or time.first:
            named[day.year].append(Said(time.span, "day" if time.kind == "day" else time.rule.split("-")[0]))
    if pub:
        named.setdefault(pub.year, [])
    last = pub.year if pub else max(named, default=0)
    frames = violent(one)
    return [
        Option(year, _year_row(one, year, last, mentions, (len(named), len(frames))))
        for year, mentions in named.items()
        if 1900 < year <= last
    ]


def _year_row(one: Told, year: int, last: int, mentions: Sequence[Any], many: tuple[int, int]) -> Row:
    group = {0: "this", 1: "last"}.get(last - year, "old")
    frames = violent(one)
    row = {group, *(f"{group} {each.rule}" for each in mentions), *one.where(group, mentions, frames)}
    row |= {f"{group} of {step(many[0], MANY)}", f"{group} frames {step(many[1], (1, 2, 4, 8))}"}
    row |= {f"{group} incidents {min(len(one.incidents), 3)}", f"age {step(last - year, YEARS)}"}
    times = [time for time in one.scene.times if _first(time) and _first(time).year == year]
    if any(frame.time in times for frame in frames if frame.time):
        row.add(f"{group} own")
    if any(frame.sentence.span.covers(time.span) for frame in frames for time in times):
        row.add(f"{group} beside")
    if any(each.day and each.day.day.year == year for each in one.incidents):
        row.add(f"{group} coded")
    return frozenset(row)


def _first(time: Any) -> Any:
    return time.day or time.first


def months(one: Told, year: int | None) -> list[Option]:
    """The months named or meant, of any year, and that of publication."""
    named = [t for t in one.scene.reading.times if t.day or (t.first and t.last and (t.last - t.first).days < MONTH)]
    groups = by(named, lambda time: (_first(time).year, _first(time).month))
    if one.published:
        groups.setdefault((one.published.year, one.published.month), [])
    options = []
    for (in_year, month), times in groups.items():
        row = set(_time_row(one, times, len(groups), _is_month(one.published, in_year, month), in_year == year))
        if any(each.day and _is_month(each.day.day, in_year, month) for each in one.incidents):
            row.add("coded")
        if one.published:
            row.add(f"age {step((one.published.year - in_year) * 12 + one.published.month - month, MONTHS)}")
        options.append(Option(month, frozenset(row)))
    return options


def _is_month(day: date | None, year: int, month: int) -> bool:
    return day is not None and (day.year, day.month) == (year, month)


def days(one: Told, year: int | None) -> list[Option]:
    """The days named or meant, and that of publication; the value is the day of the month."""
    named = [time for time in one.scene.reading.times if time.kind == "day" and time.day and time.precision == 1]
    groups = by(named, lambda time: time.day)
    if one.published:
        groups.setdefault(one.published, [])
    options = []
    for day, times in groups.items():
        row = set(_time_row(one, times, len(groups), day == one.published, day.year == year))
        coded = [each.day.day for each in one.incidents if each.day]
        row |= {f"coded {coded.index(day) == 0}"} if day in coded else set()
        if one.published:
            row.add(f"age {step((one.published - day).days, DAYS)}")
        options.append(Option(day.day, frozenset(row)))
    return options


def _time_row(one: Told, times: Sequence[Any], many: int, published: bool, of_year: bool) -> Iterator[str]:
    group, frames = "published" if published else "other", violent(one)
    yield from (group, f"{group} of {step(many, MANY)}", f"{group} year {of_year}")
    yield from one.where(group, times, frames)
    for time in times:
        yield from (f"{group} {time.rule}", f"{group} {time.relation}", f"{group} precision {time.precision}")
    if any(frame.time in times for frame in frames if frame.time):
        yield f"{group} own"
    if any(frame.sentence.span.covers(time.span) for time in times for frame in frames):
        yield f"{group} beside"


def headed(one: Told) -> list[Any]:
    """The places that the title names."""
    from tocsin.locate import find_places

    found = find_places(one.scene.reading.report.title or "", "en", _tools().gazetteer)
    return [mention for mention in found if mention.place]


def countries(one: Told, title: Sequence[Any]) -> list[Option]:
    """The countries named, or of places named; the values are ISO codes."""
    named = [mention for mention in one.scene.places if mention.place and mention.place.country]
    return _places(one, named, title, "country")


def towns(one: Told, title: Sequence[Any], home: str | None) -> list[Option]:
    """The towns and units named; the values are names."""
    named = [mention for mention in one.scene.places if mention.place and mention.place.kind in FINE]
    return _places(one, named, [mention for mention in title if mention.place.kind in FINE], "name", home)


def _places(one: Told, named: Sequence[Any], title: Sequence[Any], what: str, home: str | None = None) -> list[Option]:
    """The options of one kind: `what` is the field of a place that is asked for."""
    groups = by(named, lambda mention: getattr(mention.place, what))
    heads = by([mention for mention in title if getattr(mention.place, what)], lambda m: getattr(m.place, what))
    often = Counter({value: len(mentions) for value, mentions in groups.items()})
    ranks = {value: n for n, (value, _) in enumerate(often.most_common())}
    own = [getattr(frame.place.place, what) for frame in violent(one) if frame.place]
    coded = [getattr(incident.place.place, what) for incident in one.incidents if incident.place]
    options = []
    for value in dict.fromkeys([*groups, *heads]):
        mentions = groups.get(value, [])
        place = [*mentions, *heads.get(value, [])][0].place
        kind = "" if what == "country" else place.kind
        row = {kind, f"rank {min(ranks.get(value, 4), 4)}", f"options {step(len(ranks), MORE)}"}
        row |= {f"{kind} as {m.role}" for m in mentions} | {f"{kind} kind {m.place.kind}" for m in mentions}
        row |= {f"{kind} before {word}" for m in mentions for word in one.words(m.span.start - 12, m.span.start)[-1:]}
        row |= {f"{kind} {sign}" for sign, holds in {
            "title": value in heads, "own": value in own, "own first": value in own[:1], "coded": value in coded,
            "at home": place.country == home}.items() if holds}  # fmt: skip
        row |= {f"{kind} people {step(place.population or 0, PEOPLE)}", *one.where(kind, mentions, violent(one))}
        row.add(f"share {step(100 * len(mentions) // max(1, len(named)), PERCENT)}")
        options.append(Option(value, frozenset(row)))
    return options


@cache
def learned() -> dict[str, Weights]:
    return json.loads(Path(__file__).with_name("hrds_weights.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def value(option: Option | None) -> Any:
    return option.value if option else None


def fill(one: Told, weights: dict[str, Weights]) -> dict[str, Any]:
    """The five answers; None where the article names nothing of the kind."""
    from tocsin.countries import country

    title = headed(one)
    year = value(best(weights["year"], years(one)))
    home = value(best(weights["country"], countries(one, title)))
    nation = country(home) if home else None
    return {
        "country": nation.name if nation else None,
        "city": value(best(weights["city"], towns(one, title, home))),
        "year": year,
        "month": value(best(weights["month"], months(one, year))),
        "day": value(best(weights["day"], days(one, year))),
    }
