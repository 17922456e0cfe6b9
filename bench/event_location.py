"""Which place belongs to which event verb: python -m bench.places --events.

In:  data/event_location/train.jsonl: sentences of reports, each with a verb and the places of its event, if it has any.
Out: how often our rule takes such a place, and how often it does to take the place that stands nearest to the verb.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.event_places import sentences
from bench.events import Figures
from tocsin.locate.event import choose, exact, within
from tocsin.locate.find import find_places
from tocsin.locate.gazetteer import Gazetteer
from tocsin.locate.words import words
from tocsin.model import Place, PlaceMention, Span


def measure(data: Path) -> dict[str, Figures]:
    """Of the sentences whose event has a place: how often it is taken. `named`: it is found at all."""
    lookup, right, total = Gazetteer.open(), Counter[str](), 0
    lines = (data / "data" / "event_location" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, lines):
        if gold := gold_spans(row):
            text, verb = row["text"], Span(row["verb"][0]["start"], row["verb"][0]["end"])
            found = find_places(text, "en", lookup)
            nearest = min(found, key=lambda m, v=verb: apart(m, v), default=None)  # type: ignore[misc]
            total += 1
            right["ours"] += touches(taken(found, verb, text), gold)
            right["nearest"] += touches(nearest, gold)
            right["named"] += any(touches(m, gold) for m in found)
    ours = {"place of the event": right["ours"] / total, "  named at all": right["named"] / total}
    return {"all": ours, "nearest": {"place of the event": right["nearest"] / total}}


def gold_spans(row: dict[str, Any]) -> list[Span]:
    """The places of the event. Some rows count tokens where they should count characters: those are translated."""
    ends, starts, at = [], [], 0
    for token in row["tokens"]:
        at = row["text"].find(token, at)
        starts.append(at)
        at += len(token)
        ends.append(at)
    spans = []
    for place in row["locations"]:
        first, last = place["start"], place["end"]
        if last - first > 2:
            spans.append(Span(first, last))
        elif last < len(ends):
            spans.append(Span(starts[first], ends[last]))
    return spans


def taken(found: Sequence[PlaceMention], verb: Span, text: str) -> PlaceMention | None:
    """What our rule takes: a place of the verb's sentence, else of another, else the nearest country."""
    sentence = next((s for s in sentences(text) if s.overlaps(verb)), Span(0, len(text)))
    known = [m if m.place else replace(m, place=Place(m.name, "place", 0.0, 0.0, 1.0, "")) for m in found]
    usable = exact(known)
    if inside := within([sentence], usable) or within([Span(0, len(text))], usable):
        return choose(inside, verb, text, words("en"))
    countries_ = [m for m in known if m.place and m.place.kind == "country"]
    named = [m for m in countries_ if m.role == "at"] or countries_
    return min(named, key=lambda m: apart(m, verb), default=None)


def apart(m: PlaceMention, verb: Span) -> int:
    """Characters between a name and the verb."""
    return max(m.span.start - verb.end, verb.start - m.span.end)


def touches(m: PlaceMention | None, gold: Sequence[Span]) -> bool:
    return m is not None and any(m.span.overlaps(span) for span in gold)
