"""Statements of numbers and records: counts, deaths, first, last, deadliest, closest.

In:  a Clause with who acts in it (`Ask`).
Out: `Asked`s; none if the clause lacks what its kind needs.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tocsin.check.reading.ask import Ask, iso, measure
from tocsin.check.reading.clause import gap
from tocsin.check.reading.periods import end_of
from tocsin.check.statement import Asked

MONTH = "month"  # in the names of rules for periods of a month


def count(ask: Ask) -> list[Asked]:
    if ask.clause.rule.value is not None:
        return [ask.during()]
    amount = next(iter(ask.clause.numbers), None)
    if amount is None:
        return [ask.during(value=float(nth), comparison="exactly")] if (nth := ask.clause.nth) > 1 else []
    return [ask.during(value=amount.value, comparison=ask.clause.comparison(amount))]


def deaths(ask: Ask) -> list[Asked]:
    """Of a period, or of one happening."""
    amount, rule = next(iter(ask.clause.numbers), None), ask.clause.rule
    if amount is None and rule.value is None:
        return []
    facts: dict[str, Any] = (
        {} if amount is None else {"value": amount.value, "comparison": ask.clause.comparison(amount)}
    )
    if rule.id.endswith("lost"):  # the army lost them: it is the other side
        facts |= {"actors": (), "against": ask.actors}
    if ask.clause.whole or ask.clause.begin:
        return [ask.during(**facts)]
    day = ask.clause.day
    return [ask.base(event=iso(day.first), **facts)] if day else []


# -- records ----------------------------------------------------------------------------------------------------------


def record(ask: Ask) -> list[Asked]:
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
    facts: dict[str, Any] = {
        "since": iso(begin),
        "until": iso(until),
        "event": iso(ask.event_day),
        "where": clause.nearest,
    }
    if clause.rule.measures:
        facts["measure"] = measure(ask)
    return [ask.base(**facts)]


def last(ask: Ask) -> list[Asked]:
    first, last = ask.clause.ends
    if first and last is None:  # "dates from January 2019"
        begin = ask.clause.begin
        last = end_of(first.year, first.month if begin and MONTH in begin.rule else 12)
    return [ask.base(since=iso(first), until=iso(last))] if first else []


def closest(ask: Ask) -> list[Asked]:
    clause = ask.clause
    near = sorted(clause.places, key=lambda e: (e.span.start < clause.span.start, gap(e.span, clause.span)))
    near = [each for each in near if each.spot.kind != "country"]
    if not near:
        return []
    begin = iso(clause.begin.first) if clause.begin else None
    facts = {"place": near[0].spot, "where": clause.country, "since": begin, "event": iso(ask.event_day)}
    return [ask.base(unit="km", **facts)]
