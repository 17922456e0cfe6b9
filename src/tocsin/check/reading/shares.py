"""Statements of parts and ranks: share, ranking.

In:  a Clause with who acts in it (`Ask`).
Out: `Asked`s; none if nobody can tell what the part is.
"""

from __future__ import annotations

from typing import Any

from tocsin.check.reading import sides
from tocsin.check.reading.ask import Ask, ends, measure
from tocsin.check.reading.clause import Clause, gap
from tocsin.check.statement import Asked

NOUN = 12  # characters of "country" after "any other"
RANKED = {"country": "country", "admin1": "admin1", "admin2": "admin2"}


def share(ask: Ask) -> list[Asked]:
    clause = ask.clause
    value, comparison = _part_of_all(clause)
    if value is None:
        return []
    facts: dict[str, Any] = {"value": value, "comparison": comparison, "measure": measure(ask)}
    country, spots = clause.country, [each.spot for each in clause.places if each.spot.kind != "country"]
    if ask.acting:
        return [ask.during(than=("actors",), **facts)]
    if (against := ask.against or _whom(ask)) and not (spots and _is_of_whole(ask)):
        return [ask.during(than=("against",), **facts | {"against": against})]
    if spots:
        return [ask.during(than=(RANKED.get(spots[0].kind, "location"),), place=spots[0], where=country, **facts)]
    kind = clause.kind_after
    if kind is None:
        return []
    return [
        ask.during(than=("event types",), event_types=kind.event_types, sub_event_types=kind.sub_event_types, **facts)
    ]


def _is_of_whole(ask: Ask) -> bool:
    """ "one in three attacks on candidates was in Guerrero": whom they are against is said of all of them."""
    return all(mention.span.overlaps(ask.clause.span) for mention in ask.suffering)


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
    if clause.marked.words.cues["one_in"].search(clause.marked.text, *ends(clause.span)) and len(numbers) == 1:
        return (round(100 / numbers[0].value, 1), "exactly") if numbers[0].value >= 1 else (None, None)
    if len(numbers) > 1 and not clause.marked.words.cues["percent"].search(clause.marked.text, *ends(clause.span)):
        first, second = sorted((numbers[0].value, numbers[1].value))  # "of the 120 protests, 90"
        return (round(100 * first / second, 1) if second >= first > 0 else None), clause.comparison(numbers[0])
    return numbers[0].value, clause.comparison(numbers[0])


def ranking(ask: Ask) -> list[Asked]:
    clause, text = ask.clause, ask.clause.marked.folded
    lists, groups = clause.marked.words.lists, [m for m in ask.acting if m.kind in ("group", "state")]
    of_groups = bool(lists["group"].search(text, *ends(clause.span)))
    of_areas = bool(lists["area"].search(text, *ends(clause.span)))
    facts: dict[str, Any] = {"measure": "deaths" if _is_deadly(clause) else "events"}
    if groups and (of_groups or not of_areas):
        best = min(groups, key=lambda each: (each.kind != "group", gap(each.span, clause.span)))
        facts["actors"] = sides.names(clause.marked, [best], ask.registry, ask.days)
        return [ask.during(than=("actors",), unit="actors", **facts)]
    of_countries = bool(
        clause.marked.words.cues["other_countries"].search(text, clause.span.start, clause.span.end + NOUN)
    )
    near = sorted(
        (each for each in clause.places if not of_countries or each.spot.kind == "country"),
        key=lambda each: (each.spot.kind == "country", gap(each.span, clause.span)),
    )
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
        bool(clause.marked.words.cues["deadly"].search(clause.marked.folded, *ends(clause.span))) or clause.is_of_deaths
    )
