"""What a clause asks of events, one function for each kind of statement.

In:  a Clause, who acts in it, what the text tells.
Out: `Asked`s; none if the clause lacks what its kind needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from tocsin.check.reading import sides
from tocsin.check.reading.clause import Clause, gap
from tocsin.check.reading.marked import Named
from tocsin.check.reading.periods import back
from tocsin.check.reading.story import Story
from tocsin.check.statement import Asked, Spot
from tocsin.model import ActorMention, Span
from tocsin.registry import Registry

NEAR_NUMBER = 25  # characters after a number in which stands whom it counts
BEFORE_PLACE = 50  # characters before a place in which "into" or "beyond" stands
POSSESSIVE = 3  # characters of "'s "
TIED = 4  # words between: "outside its traditional strongholds in"
OPPOSITE = {"more": "at most", "fewer": "at least"}  # "attacks have not increased"
RANKED = {"country": "country", "admin1": "admin1", "admin2": "admin2"}


@dataclass(frozen=True)
class Ask:
    """A clause with all that its reading looks at."""

    clause: Clause
    registry: Registry
    story: Story

    @cached_property
    def _split(self) -> tuple[list[ActorMention], list[ActorMention]]:
        return sides.split(self.clause, self.victims)

    @cached_property
    def victims(self) -> list[Span]:
        """Whom the numbers of the clause count, and whom the text says to have been killed."""
        after = [Span(n.span.end, n.span.end + NEAR_NUMBER) for n in self.clause.numbers] if self.of_dead else []
        counts = self.clause.marked.scene.reading.counts
        dead = [c.who for c in counts if c.kind == "killed" and c.who and self.clause.sentence.covers(c.span)]
        return [*(dead if self.of_dead else []), *after]

    @property
    def of_dead(self) -> bool:
        return self.clause.rule.kind == "deaths" or self.clause.is_of_deaths

    @property
    def acting(self) -> list[ActorMention]:
        return self._split[0]

    @property
    def days(self) -> list[date | None]:
        """Days on which actors have their names: the last one first."""
        first, last = self.clause.ends
        latest = last or self.clause.marked.published
        return list(dict.fromkeys(day for day in (latest, first) if day)) or [None]

    @cached_property
    def actors(self) -> tuple[str, ...]:
        """Who acts; if the sentence does not say, for attacks the armed groups of which the text speaks."""
        found = sides.names(self.clause.marked, self.acting, self.registry, self.days)
        event, home = self.clause.event, self.clause.marked.home
        if found or not (event and event.armed) or not home or self._split[1]:
            return found
        return sides.named_rebels(self.clause.marked, self.registry, home, self.days[0])

    @cached_property
    def against(self) -> tuple[str, ...]:
        mentions = [m for m in self._split[1] if m.key != "people"]
        return sides.names(self.clause.marked, mentions, self.registry, self.days[:1])

    @property
    def event_day(self) -> date | None:
        """The day of the one happening that is spoken of."""
        if self.clause.day:
            return self.clause.day.first
        if len(self.clause.marked.scene.reading.sentences) < 2:
            return None
        named = (self.story.day_at(each.spot.name) for each in self.clause.places if each.spot.kind == "place")
        return next((day for day in named if day), None) or self.story.main

    def base(self, **facts: Any) -> Asked:
        """Kind, types, sides and place, which all kinds have."""
        event, rule = self.clause.event, self.clause.rule
        known: dict[str, Any] = {
            "kind": rule.kind,
            "event_types": event.event_types if event else (),
            "sub_event_types": event.sub_event_types if event else (),
            "actors": self.actors,
            "against": self.against,
            "where": self.clause.where(),
            "comparison": rule.comparison,
            "value": rule.value,
            "unit": rule.unit,
        }
        return Asked(**known | facts)

    def during(self, **facts: Any) -> Asked:
        first, last = self.clause.ends
        return self.base(since=iso(first), until=iso(last), **facts)


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def asked(ask: Ask) -> list[Asked]:
    """All that the clause asks."""
    return KINDS[ask.clause.rule.kind](ask)


# -- how many ---------------------------------------------------------------------------------------------------------


def _count(ask: Ask) -> list[Asked]:
    if ask.clause.rule.value is not None:
        return [ask.during()]
    amount = next(iter(ask.clause.numbers), None)
    if amount is None:
        return []
    return [ask.during(value=amount.value, comparison=ask.clause.comparison(amount))]


def _deaths(ask: Ask) -> list[Asked]:
    """Of a period, or of one happening."""
    amount, rule = next(iter(ask.clause.numbers), None), ask.clause.rule
    if amount is None and rule.value is None:
        return []
    facts: dict[str, Any] = {} if amount is None else {"value": amount.value, "comparison": ask.clause.comparison(amount)}
    if rule.id.endswith("lost"):  # the army lost them: it is the other side
        facts |= {"actors": (), "against": ask.actors}
    if ask.clause.whole or ask.clause.begin:
        return [ask.during(**facts)]
    day = ask.clause.day
    return [ask.base(event=iso(day.first), **facts)] if day else []


# -- records ----------------------------------------------------------------------------------------------------------


def _record(ask: Ask) -> list[Asked]:
    """First, deadliest: since when there was none, and the happening itself."""
    clause = ask.clause
    whole = clause.whole or (clause.than if clause.than and not clause.than.like else None)
    found = clause.begin or whole
    if found is None and clause.rule.kind == "first" and not clause.places:
        return []
    begin = found.first if found else None
    until = whole.last if whole else None
    if clause.begin and whole and (whole.first or date.min) < (begin or date.min):
        return []
    facts: dict[str, Any] = {"since": iso(begin), "until": iso(until), "event": iso(ask.event_day), "where": clause.nearest}
    if clause.rule.measures:
        facts["measure"] = _measure(ask)
    return [ask.base(**facts)]


def _last(ask: Ask) -> list[Asked]:
    first, last = ask.clause.ends
    return [ask.base(since=iso(first), until=iso(last))] if first else []


def _closest(ask: Ask) -> list[Asked]:
    near = sorted(ask.clause.places, key=lambda each: (each.spot.kind == "country", each.span.start < ask.clause.span.start, gap(each.span, ask.clause.span)))  # fmt: skip
    if not near or near[0].spot.kind == "country":
        return []
    place = near[0].spot
    begin = ask.clause.begin
    return [ask.base(place=place, where=ask.clause.country, since=iso(begin.first if begin else None), event=iso(ask.event_day), unit="km")]  # fmt: skip


# -- more and fewer ---------------------------------------------------------------------------------------------------


def _change(ask: Ask) -> list[Asked]:
    clause = ask.clause
    if two := _from_to(ask):
        return [ask.base(measure=_measure(ask), **two)]
    begin = clause.begin if clause.begin and clause.begin.rule != "in-years" else None
    if begin is None and not clause.periods:
        begin = ask.story.since
    if begin:
        ask.story.since = begin
        facts: dict[str, Any] = {"kind": "effect", "since": iso(begin.first), "happening": begin.happening or None}
    elif clause.whole or clause.than:
        facts = _periods(clause)
    else:
        return []
    facts |= _size(ask)
    if _negated(clause):
        facts |= {"comparison": OPPOSITE[clause.rule.comparison or "more"], "value": None, "unit": None}
    return [ask.base(measure=measure, **facts) for measure in clause.rule.measures or (_measure(ask),)]


def _from_to(ask: Ask) -> dict[str, Any]:
    """ "from 60 in 2021 to 150 in 2022": two figures, with their periods if the text says them."""
    clause = ask.clause
    match = clause.marked.words.cues["from_to"].search(clause.marked.text, clause.span.start, clause.sentence.end)
    if match is None or gap(Span(*match.span()), clause.span) > NEAR_NUMBER:
        return {}
    span = Span(*match.span())
    old, new = [n.value for n in clause.marked.numbers if span.covers(n.span)][:2]
    periods = [each for each in clause.periods if span.covers(each.span) and each.first]
    if len(periods) == 2 and old > 0:
        times = dict(zip(("than_since", "than_until", "since", "until"), (iso(d) for p in periods for d in (p.first, p.last)), strict=True))
    elif clause.whole or clause.than:
        times = _periods(clause)
    else:
        return {}
    size = {"value": round(new / old if new > old else old / new, 2), "unit": "times"} if old and new else {}
    return {**times, **size, "comparison": "more" if new > old else "fewer"}


def _periods(clause: Clause) -> dict[str, Any]:
    """The period, and the one that it is compared with, in ISO days."""
    (first, last), (than_first, than_last) = clause.ends, clause.than_ends
    if clause.than is None and clause.whole and clause.whole.rule == "from-to" and first and last:
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):  # "between 2021 and 2022"
            than_first, than_last, first = first, date(first.year, 12, 31), date(last.year, 1, 1)
    elif first is None and clause.than and clause.than.like == "year-ago" and clause.marked.published:
        today = clause.marked.published
        first, last = date(today.year, 1, 1), today
        than_first, than_last = back(first, 12), back(last, 12)
    elif first is None and than_first and than_last and clause.marked.published:
        today = clause.marked.published
        first, last = (today.replace(day=1) if (than_last - than_first).days < 32 else date(today.year, 1, 1)), today
    return {"since": iso(first), "until": iso(last), "than_since": iso(than_first), "than_until": iso(than_last)}


def _size(ask: Ask) -> dict[str, Any]:
    """By how much, if the sentence says it."""
    clause, text = ask.clause, ask.clause.marked.text
    found = []
    for size in clause.marked.words.sizes:
        for match in size.pattern.finditer(text, clause.sentence.start, clause.sentence.end):
            span = Span(*match.span())
            number = next((n for n in clause.marked.numbers if span.covers(n.span)), None)
            value = size.value if size.value is not None else number.value if number else None
            if value is not None:
                found.append((gap(span, clause.span), -(span.end - span.start), value, size.unit))
    if not found or min(found)[0] > 40:
        return {}
    _, _, value, unit = min(found)
    return {"value": value, "unit": unit}


def _negated(clause: Clause) -> bool:
    text = clause.marked.folded
    return bool(
        clause.marked.words.cues["not"].search(text, max(clause.sentence.start, clause.span.start - 4), clause.span.end)
    )


def _measure(ask: Ask) -> str:
    clause = ask.clause
    if clause.rule.kind == "share":
        counted = clause.marked.words.lists["deaths"].search(clause.marked.folded, clause.span.start, min(clause.sentence.end, clause.span.end + NEAR_NUMBER))
        return "deaths" if counted else "events"
    if ask.clause.rule.measures and ask.clause.rule.measures[0] != "topic":
        return ask.clause.rule.measures[0]
    return "deaths" if ask.of_dead else "events"


# -- shares and ranks -------------------------------------------------------------------------------------------------


def _share(ask: Ask) -> list[Asked]:
    clause = ask.clause
    value, comparison = _part_of_all(clause)
    if value is None:
        return []
    facts: dict[str, Any] = {"value": value, "comparison": comparison, "measure": _measure(ask)}
    country, spots = clause.country, [each.spot for each in clause.places if each.spot.kind != "country"]
    if ask.acting:
        return [ask.during(than=("actors",), **facts)]
    if against := ask.against or _whom(ask):
        return [ask.during(than=("against",), **facts | {"against": against})]
    if spots:
        return [ask.during(than=(RANKED.get(spots[0].kind, "location"),), place=spots[0], where=country, **facts)]
    kind = clause.kind_after
    if kind is None:
        return []
    return [ask.during(than=("event types",), event_types=kind.event_types, sub_event_types=kind.sub_event_types, **facts)]


def _whom(ask: Ask) -> tuple[str, ...]:
    """ "most of the victims were civilians"."""
    clause = ask.clause
    people = [m for m in clause.marked.scene.actors if m.kind == "civilians" and m.key != "people"]
    said = [m for m in people if clause.sentence.covers(m.span) and not m.span.overlaps(clause.span)]
    return sides.names(clause.marked, said, ask.registry, ask.days[:1])


def _part_of_all(clause: Clause) -> tuple[float | None, str | None]:
    rule = clause.rule
    if rule.value is not None:
        before = clause.marked.folded[max(clause.sentence.start, clause.span.start - 30) : clause.span.start]
        inside = clause.marked.folded[clause.span.start : clause.span.end]
        said = next((name for name, p in clause.marked.words.bounds.items() if p.search(before)), None)
        said = said or next((n for n, p in clause.marked.words.bounds_inside.items() if p.search(inside)), None)
        return rule.value, rule.comparison or said or "about"
    numbers = clause.numbers
    if not numbers:
        return None, None
    if clause.marked.words.cues["one_in"].search(clause.marked.text, *_ends(clause.span)) and len(numbers) == 1:
        return (round(100 / numbers[0].value, 1), "exactly") if numbers[0].value >= 1 else (None, None)
    if len(numbers) > 1 and not clause.marked.words.cues["percent"].search(clause.marked.text, *_ends(clause.span)):
        first, second = numbers[0].value, numbers[1].value
        return (round(100 * first / second, 1) if second >= first > 0 else None), clause.comparison(numbers[0])
    return numbers[0].value, clause.comparison(numbers[0])


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _ranking(ask: Ask) -> list[Asked]:
    clause, text = ask.clause, ask.clause.marked.folded
    lists, groups = clause.marked.words.lists, [m for m in ask.acting if m.kind in ("group", "state")]
    of_groups = bool(lists["group"].search(text, *_ends(clause.span)))
    of_areas = bool(lists["area"].search(text, *_ends(clause.span)))
    facts: dict[str, Any] = {"measure": "deaths" if _is_deadly(clause) else "events"}
    if groups and (of_groups or not of_areas):
        return [ask.during(than=("actors",), unit="actors", **facts)]
    near = sorted(clause.places, key=lambda each: (each.spot.kind == "country", gap(each.span, clause.span)))
    if not near:
        return []
    place = near[0].spot
    where = None if place.kind == "country" else clause.country
    than = (RANKED.get(place.kind, "location"),)
    return [
        ask.during(place=place, where=where, than=than, unit="places", actors=ask.actors if groups else (), **facts)
    ]


def _is_deadly(clause: Clause) -> bool:
    return (
        bool(clause.marked.words.cues["deadly"].search(clause.marked.folded, *_ends(clause.span)))
        or clause.is_of_deaths
    )


# -- where ------------------------------------------------------------------------------------------------------------


def _distance(ask: Ask) -> list[Asked]:
    clause = ask.clause
    if not clause.numbers or not clause.places_inside:
        return []
    to = clause.places_inside[-1]
    others = [each for each in clause.places if each is not to and each.spot != to.spot]
    before = [each for each in others if each.span.end <= clause.span.end]
    here = max(before, key=lambda each: each.span.end, default=None) or min(
        others, key=lambda each: each.span.start, default=None
    )
    if here is None or here.spot.kind == "country":
        return []
    amount = clause.numbers[0]
    value = round(amount.value * clause.rule.factor, 1)
    event = _no_event(ask)
    return [replace(event, where=here.spot, place=to.spot, value=value, comparison=clause.comparison(amount))]  # type: ignore[arg-type]


def _no_event(ask: Ask) -> Asked:
    return Asked(kind=ask.clause.rule.kind, unit=ask.clause.rule.unit)  # type: ignore[arg-type]


def _encirclement(ask: Ask) -> list[Asked]:
    clause = ask.clause
    if clause.day or clause.country is None:
        return []
    towns = [each.spot for each in clause.places if each.spot.kind != "country"]
    place = next((each.spot for each in clause.places_inside if each.spot.kind != "country"), None) or next(
        iter(towns), None
    )
    if place is None and clause.marked.words.cues["capitals"].search(clause.marked.folded, *_ends(clause.sentence)):
        place = _capital(clause)
    return [ask.during(place=place, where=clause.country)]


def _capital(clause: Clause) -> Spot | None:
    from tocsin.check.reading.marked import spot_of

    found = clause.marked.scene.gazetteer.capital(clause.marked.home or "")
    return spot_of(found) if found else None


def _expansion(ask: Ask) -> list[Asked]:
    """Where it goes, and beyond where: by the words before each place."""
    clause, words = ask.clause, ask.clause.marked.words.cues
    goal: Named | None = None
    beyond: Named | None = None
    for each in clause.places:
        said = clause.marked.text[max(clause.sentence.start, each.span.start - BEFORE_PLACE) : each.span.start]
        if _ends_with(words["beyond"], said) and beyond is None:
            beyond = each
        elif goal is None and _ends_with(words["into"], said) and each.span.end > clause.span.start:
            goal = each
    if goal is None and beyond is None and not words["beyond"].search(clause.marked.folded, *_ends(clause.sentence)):
        inside = [each for each in clause.places_inside if each.span.start > clause.span.start]
        if not inside:
            return []
        goal = inside[-1]
    if goal and goal.spot.kind == "country":  # "Cameroon's Far North"
        own = (e for e in clause.places if 0 < e.span.start - goal.span.end <= POSSESSIVE and e.spot.country == goal.spot.country)
        goal = next(own, goal)
    place = clause.joined(goal) if goal else None
    old = beyond.spot if beyond and beyond.spot.kind != "country" else None
    where = place if place and place.kind == "country" else clause.country
    return [ask.during(place=place, beyond=old, where=where)]


def _ends_with(cue: re.Pattern[str], said: str) -> bool:
    """The last such word stands right before the place, with at most a few words between."""
    found = list(cue.finditer(said))
    return bool(found) and len(said[found[-1].end() :].split()) <= TIED


# -- who said it, coups -----------------------------------------------------------------------------------------------


def _attribution(ask: Ask) -> list[Asked]:
    clause = ask.clause
    mentions = [
        m for m in clause.marked.scene.actors if m.kind in ("group", "armed") and clause.sentence.covers(m.span)
    ]
    inside = [m for m in mentions if m.span.overlaps(clause.span)] or mentions
    names = sides.names(clause.marked, inside[:1], ask.registry, ask.days[:1])
    if not names and clause.rule.value is None:
        return []
    where = next((each.spot for each in clause.places if each.spot.kind != "country"), clause.country)
    return [ask.base(actors=names, against=(), where=where, event=iso(ask.event_day))]


def _status(ask: Ask) -> list[Asked]:
    clause = ask.clause
    found = clause.begin or clause.whole
    if found is None:
        return []
    first, last = (clause.begin.first, None) if clause.begin else clause.ends
    facts: dict[str, Any] = {"since": iso(first), "until": iso(last), "happening": clause.rule.happening, "unit": "events",
                             "event_types": (), "sub_event_types": (), "actors": (), "against": ()}  # fmt: skip
    nth = _nth(clause)
    if clause.rule.comparison:
        return [ask.base(**facts)]
    if clause.numbers and clause.numbers[-1].value > 0 and not (nth and len(clause.numbers) < 1):
        return [ask.base(value=clause.numbers[-1].value, comparison=clause.comparison(clause.numbers[-1]), **facts)]
    if nth == 1:
        return [ask.base(comparison="none before", **facts)]
    return [ask.base(value=float(nth), comparison="exactly", **facts)] if nth else []


def _nth(clause: Clause) -> int:
    """1 for "first", 2 for "second", ...; 0 if no such word is there."""
    text = clause.marked.folded
    for number, pattern in clause.marked.words.nth.items():
        if pattern.search(text, *_ends(clause.span)):
            return int(number)
    return 0


KINDS: Mapping[str, Callable[[Ask], list[Asked]]] = {
    "count": _count, "deaths": _deaths, "first": _record, "last": _last, "deadliest": _record, "closest": _closest,
    "change": _change, "effect": _change, "expansion": _expansion, "encirclement": _encirclement, "share": _share,
    "ranking": _ranking, "distance": _distance, "attribution": _attribution, "status": _status,
}  # fmt: skip
