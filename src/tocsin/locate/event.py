"""Choose where an event happened, among the places that the report mentions.

In:  the trigger's span, its sentence, the sentences before it (nearest first), all place mentions.
Out: one `Located`, or `None` if the report gives no more than a country.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tocsin.locate.gazetteer import Gazetteer
from tocsin.locate.resolve import holds
from tocsin.model import Issue, Place, PlaceMention, Span

KINDS = {"place": 0, "area": 1, "admin2": 2, "region": 3, "admin1": 3}  # how exact, best first
SEAT_RADIUS = {"admin2": 30.0, "admin1": 80.0}


@dataclass(frozen=True, slots=True)
class Located:
    """Where an event happened, with the words that say so."""

    place: Place
    name: str
    geo_precision: int
    radius_km: float
    spans: tuple[Span, ...]
    rule: str
    confidence: float
    issues: tuple[Issue, ...] = ()


def place_event(
    trigger: Span, sentence: Span, earlier: Sequence[Span], mentions: Sequence[PlaceMention], gazetteer: Gazetteer,
    text: str, lang: str,
) -> Located | None:  # fmt: skip
    """The most exact place near the trigger: its sentence, its paragraph, then what was said before, then the report's main place."""
    usable = [m for m in mentions if m.place and m.place.kind in KINDS and m.role == "at"]
    for rule, spans in scopes(sentence, earlier, text):
        inside = [m for m in usable if any(s.overlaps(m.span) for s in spans)]
        if inside:
            chosen = choose(inside, trigger, text)
            return located(chosen, refine(chosen, usable, inside, rule), gazetteer, rule)
    return main_place(usable, mentions, gazetteer)


def scopes(sentence: Span, earlier: Sequence[Span], text: str) -> list[tuple[str, list[Span]]]:
    """Where to look, one after the other: the sentence, the paragraph before it, its heading, the paragraphs before."""
    paragraph = text.rfind("\n\n", 0, sentence.start) + 2
    within = [s for s in earlier if s.end > paragraph]
    before = [s for s in earlier if s.end <= paragraph]
    after = Span(sentence.end, end_of_paragraph(text, sentence.end))
    return [
        ("sentence", [sentence]), *(("paragraph", [s]) for s in within), ("paragraph_after", [after]),
        *(("before", [s]) for s in before[:12]),
    ]  # fmt: skip


def end_of_paragraph(text: str, start: int) -> int:
    end = text.find("\n\n", start)
    return len(text) if end < 0 else end


def choose(inside: Sequence[PlaceMention], trigger: Span, text: str) -> PlaceMention:
    """Exact before vague, near the trigger before far."""
    return min(inside, key=lambda m: (exactness(m), gap(m.span, trigger, text), m.span.start))


def exactness(m: PlaceMention) -> int:
    assert m.place is not None
    return 0 if KINDS[m.place.kind] < 2 else KINDS[m.place.kind]


def gap(a: Span, b: Span, text: str) -> float:
    """Characters between, commas and semicolons counting more."""
    low, high = (a.end, b.start) if a.end <= b.start else (b.end, a.start)
    between = text[low:high]
    return max(0, high - low) + 15 * between.count(",") + 40 * between.count(";")


def refine(chosen: PlaceMention, usable: Sequence[PlaceMention], inside: Sequence[PlaceMention], rule: str) -> PlaceMention:
    """A district or state alone: a town in it, named elsewhere in the same paragraph scope, is not assumed."""
    return chosen


def located(chosen: PlaceMention, refined: PlaceMention, gazetteer: Gazetteer, rule: str) -> Located | None:
    place = refined.place
    assert place is not None
    confidence = round(refined.confidence * {"sentence": 1.0, "paragraph": 0.9, "paragraph_after": 0.7}.get(rule, 0.6), 2)
    issues = () if refined.known else (Issue("info", "locate", f"{refined.name} is not in the gazetteer"),)
    if place.kind in ("admin1", "admin2"):
        seat = gazetteer.seat_of(place) or place
        point = replace(seat, admin1=place.admin1 or seat.admin1, admin2=place.admin2 or seat.admin2)
        radius = max(place.radius_km, SEAT_RADIUS[place.kind])
        precision = 2 if place.kind == "admin2" else 3
        return Located(replace(point, radius_km=radius), seat.name, precision, radius, (chosen.span,), f"{rule}.{refined.rule}.seat", confidence, issues)
    if place.admin1 is None and place.country:
        admin1, admin2 = gazetteer.admin_for_point(place.latitude, place.longitude, place.country)
        place = replace(place, admin1=admin1, admin2=place.admin2 or admin2)
    if not place.country:
        near = gazetteer.nearest(place.latitude, place.longitude)
        if near is None:
            return None
        place = replace(place, country=near.country, admin1=near.admin1, admin2=near.admin2)
    return Located(place, place.name if refined.known else refined.name, refined.precision, place.radius_km, (chosen.span,), f"{rule}.{refined.rule}", confidence, issues)


def main_place(usable: Sequence[PlaceMention], mentions: Sequence[PlaceMention], gazetteer: Gazetteer) -> Located | None:
    """The first exact place of the report; failing that a dateline that is no capital."""
    if usable:
        first = min(usable, key=lambda m: (exactness(m), m.span.start))
        return located(first, first, gazetteer, "report")
    dateline = [m for m in mentions if m.role == "dateline" and m.place and m.place.kind == "place" and m.place.feature != "PPLC"]
    return located(dateline[0], dateline[0], gazetteer, "dateline") if dateline else None


__all__ = ["Located", "holds", "place_event"]
