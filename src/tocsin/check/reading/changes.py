"""Statements of more and fewer: changes and effects.

In:  a Clause with who acts in it (`Ask`).
Out: `Asked`s; none if the clause says neither since when nor compared with what.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tocsin.check.reading.ask import Ask, iso, measure
from tocsin.check.reading.clause import Clause, gap
from tocsin.check.reading.periods import back
from tocsin.check.statement import Asked
from tocsin.model import Span

NEAR_NUMBER = 25  # characters from the words for a change to its two figures
OPPOSITE = {"more": "at most", "fewer": "at least"}  # "attacks have not increased"


def change(ask: Ask) -> list[Asked]:
    clause = ask.clause
    if two := _from_to(ask):
        return [ask.base(measure=measure(ask), **two)]
    begin = clause.begin if clause.begin and clause.begin.rule != "in-years" else None
    if begin is None and not clause.periods:
        begin = ask.story.since
    if begin:
        ask.story.since = begin
        facts: dict[str, Any] = {"kind": "effect", "since": iso(begin.first), "happening": begin.happening or None}
    elif clause.begin:  # "in one year"
        facts = {"since": iso(clause.begin.first), "until": iso(clause.marked.published)}
    elif clause.whole or clause.than:
        facts = _periods(clause)
    else:
        return []
    facts |= _size(ask)
    if _negated(clause):
        facts |= {"comparison": OPPOSITE[clause.rule.comparison or "more"], "value": None, "unit": None}
    return [ask.base(measure=each, **facts) for each in (clause.rule.measures or (measure(ask),))]


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
        times = dict(
            zip(
                ("than_since", "than_until", "since", "until"),
                (iso(d) for p in periods for d in (p.first, p.last)),
                strict=True,
            )
        )
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
