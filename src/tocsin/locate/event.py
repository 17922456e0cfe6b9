"""Choose where an event happened, among the places that the report mentions.

In:  the trigger's span, its sentence, the sentences before it (nearest first), all place mentions.
Out: one `Located`, or `None` if the report gives no more than a country.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from tocsin.fold import fold
from tocsin.locate.gazetteer import Gazetteer
from tocsin.locate.resolve import BESIDE
from tocsin.locate.unknown import QUARTERS
from tocsin.locate.words import Words, words
from tocsin.model import Issue, Place, PlaceMention, Span

KINDS = {"place": 0, "area": 1, "admin2": 2, "region": 3, "admin1": 3}  # how exact, best first
PARTS = QUARTERS | {"district"}
PART_GAP = 40  # characters between a quarter and its town
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
    """The most exact place near the trigger: in its sentence, its paragraph, what was said before, the whole report."""
    usable = exact(mentions)
    for rule, spans in scopes(sentence, earlier, text):
        if inside := within(spans, usable):
            return located(choose(inside, trigger, text, words(lang)), gazetteer, rule)
    return main_place(usable, mentions, gazetteer)


def place_in_sentence(
    trigger: Span, sentence: Span, mentions: Sequence[PlaceMention], gazetteer: Gazetteer, text: str, lang: str
) -> Located | None:
    """The most exact place near the trigger in its own sentence."""
    inside = within([sentence], exact(mentions))
    return located(choose(inside, trigger, text, words(lang)), gazetteer, "sentence") if inside else None


def exact(mentions: Sequence[PlaceMention]) -> list[PlaceMention]:
    """Those that can be the place of an event: no countries, no people."""
    return [m for m in mentions if m.place and m.place.kind in KINDS and (m.role == "at" or is_local(m))]


def within(spans: Sequence[Span], mentions: Sequence[PlaceMention]) -> list[PlaceMention]:
    """The mentions there; datelines only if there is no other."""
    inside = [m for m in mentions if any(s.overlaps(m.span) for s in spans)]
    return [m for m in inside if m.role == "at"] or inside


def is_local(m: PlaceMention) -> bool:
    """A dateline that is no capital: a reporter on the spot."""
    return m.role == "dateline" and m.place is not None and m.place.feature != "PPLC" and m.place.kind == "place"


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


def choose(inside: Sequence[PlaceMention], trigger: Span, text: str, spoken: Words) -> PlaceMention:
    """Exact before vague, the part before the whole, near the trigger before far."""
    wholes = {whole.span for part, whole in permutations(inside, 2) if is_part(part, whole, text, spoken)}
    return min(
        inside,
        key=lambda m: (
            exactness(m) + far_capital(m, text, spoken) + (m.span in wholes),
            gap(m, trigger, text, spoken),
            m.span.start,
        ),
    )


def is_part(part: PlaceMention, whole: PlaceMention, text: str, spoken: Words) -> bool:
    """Is it "the Hamdallaye quarter of Bamako", "Bamako's western Hamdallaye quarter"?"""
    if whole.span.end <= part.span.start:
        said = fold(text[whole.span.end : part.span.start]).split()
        return said[:1] in (["'s"], ["’s"]) and len(said) <= 3
    if not 0 <= whole.span.start - part.span.end <= PART_GAP:
        return False
    said = fold(text[part.span.end : whole.span.start]).replace("'", "' ").split()
    return said[:1] != [] and said[0] in PARTS and all(w in BESIDE or w in spoken.directions for w in said[1:])


def exactness(m: PlaceMention) -> int:
    assert m.place is not None
    if m.rule.startswith(("the_", "elsewhere")):
        return 1
    if m.rule == "unknown.country":
        return 3
    return 0 if KINDS[m.place.kind] < 2 else KINDS[m.place.kind]


def is_called(m: PlaceMention, text: str, spoken: Words) -> bool:
    """Does "in", "near" or "village of" stand before the name?"""
    before = re.findall(r"[^\W\d_]+", fold(text[max(0, m.span.start - 25) : m.span.start]))[-3:]
    return bool(before) and (before[-1] in spoken.strong_before or bool(set(before) & spoken.kinds_before))


def far_capital(m: PlaceMention, text: str, spoken: Words) -> int:
    """1 for a capital without "in": mostly a government that speaks or deals."""
    return int(m.place is not None and m.place.feature == "PPLC" and not is_called(m, text, spoken))


def gap(m: PlaceMention, trigger: Span, text: str, spoken: Words) -> float:
    """Characters between; commas and semicolons count more, a name after "in" or "village of" less."""
    a = m.span
    low, high = (a.end, trigger.start) if a.end <= trigger.start else (trigger.end, a.start)
    between = text[low:high]
    called = is_called(m, text, spoken)
    head = not text[text.rfind("\n", 0, a.start) + 1 : a.start].strip(" -–—•*.,:)(0123456789|")
    return max(0, high - low) + 15 * between.count(",") + 40 * between.count(";") - (50 if called or head else 0)


def located(chosen: PlaceMention, gazetteer: Gazetteer, rule: str) -> Located | None:
    place = chosen.place
    assert place is not None
    confidence = round(
        chosen.confidence * {"sentence": 1.0, "paragraph": 0.9, "paragraph_after": 0.7}.get(rule, 0.6), 2
    )
    issues = () if chosen.known else (Issue("info", "locate", f"{chosen.name} is not in the gazetteer"),)
    if place.kind in ("admin1", "admin2"):
        seat = gazetteer.seat_of(place) or place
        point = replace(seat, admin1=place.admin1 or seat.admin1, admin2=place.admin2 or seat.admin2)
        radius = max(place.radius_km, SEAT_RADIUS[place.kind])
        precision = 2 if place.kind == "admin2" else 3
        return Located(
            replace(point, radius_km=radius),
            seat.name,
            precision,
            radius,
            (chosen.span,),
            f"{rule}.{chosen.rule}.seat",
            confidence,
            issues,
        )
    if place.admin1 is None and place.country:
        admin1, admin2 = gazetteer.admin_for_point(place.latitude, place.longitude, place.country)
        place = replace(place, admin1=admin1, admin2=place.admin2 or admin2)
    if not place.country:
        near = gazetteer.nearest(place.latitude, place.longitude)
        if near is None:
            return None
        place = replace(place, country=near.country, admin1=near.admin1, admin2=near.admin2)
    return Located(
        place,
        place.name if chosen.known else chosen.name,
        chosen.precision,
        place.radius_km,
        (chosen.span,),
        f"{rule}.{chosen.rule}",
        confidence,
        issues,
    )


def main_place(
    usable: Sequence[PlaceMention], mentions: Sequence[PlaceMention], gazetteer: Gazetteer
) -> Located | None:
    """The first exact place of the report; failing that a dateline that is no capital."""
    if usable:
        first = min(usable, key=lambda m: (exactness(m), m.span.start))
        return located(first, gazetteer, "report")
    dateline = [
        m
        for m in mentions
        if m.role == "dateline" and m.place and m.place.kind == "place" and m.place.feature != "PPLC"
    ]
    return located(dateline[0], gazetteer, "dateline") if dateline else None
