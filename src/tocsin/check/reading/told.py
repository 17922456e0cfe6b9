"""Statements of who said that they did it, and of coups: attribution, status.

In:  a Clause with who acts in it (`Ask`).
Out: `Asked`s; none if nobody is named, or since when is not said.
"""

from __future__ import annotations

from typing import Any

from tocsin.check.reading import sides
from tocsin.check.reading.ask import Ask, iso
from tocsin.check.statement import Asked


def attribution(ask: Ask) -> list[Asked]:
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


def status(ask: Ask) -> list[Asked]:
    clause = ask.clause
    found = max(clause.when, key=lambda each: each.span, default=None) if clause.rule.unit else None  # of "the fifth"
    found = clause.begin or found or clause.whole
    if found is None:
        return []
    first, last = found.first, None if found.open else found.last
    nobody: dict[str, Any] = {"event_types": (), "sub_event_types": (), "actors": (), "against": ()}
    happening = {"happening": clause.rule.happening, "unit": "events"}
    facts = {"since": iso(first), "until": iso(last), **happening, **nobody}
    nth = clause.nth
    if clause.rule.comparison:
        return [ask.base(**facts)]
    if clause.numbers and clause.numbers[-1].value > 0 and not (nth and len(clause.numbers) < 1):
        return [ask.base(value=clause.numbers[-1].value, comparison=clause.comparison(clause.numbers[-1]), **facts)]
    if nth == 1:
        return [ask.base(comparison="none before", **facts)]
    return [ask.base(value=float(nth), comparison="exactly", **facts)] if nth else []
