"""Write reports in the format of the training set.

In:  `Made` reports.
Out: one JSON object each: id, lang, published, source, title, text, events with `mentions`, non_events.
"""

from __future__ import annotations

from typing import Any

from training.generate.draft import Mark
from training.generate.facts import HIDDEN, Event
from training.generate.parties import Party, unknown
from training.generate.teller import STATUSES
from training.generate.write import Made

FIELDS = {
    "trigger": "trigger",
    "a1": "actor1",
    "a2": "actor2",
    "place": "place",
    "date": "date",
    "dead": "fatalities",
    "hurt": "injured",
    "weapon": "weapon",
}
OPTIONAL = ("riot",)  # types whose second side is coded only if it is told
PRECISION = {"week": 2, "weekend": 2, "month": 3}


def record(made: Made, number: int) -> dict[str, Any]:
    """One report as a line of the training set."""
    name = f"made-{made.scene.language.code}-{number:06d}"
    events = [_event(made, index, each, f"{name}-{index + 1}") for index, each in enumerate(made.events)]
    others = [
        {**_span(made.text, mark), "status": mark.label}
        for mark in made.marks
        if mark.owner is None and mark.label in STATUSES
    ]
    return {
        "id": name,
        "lang": made.scene.language.code,
        "published": made.scene.published.isoformat(),
        "source": made.source,
        "title": made.title,
        "text": made.text,
        "events": events,
        "non_events": sorted(others, key=lambda each: each["start"]),
    }


def _span(text: str, mark: Mark) -> dict[str, Any]:
    return {"start": mark.start, "end": mark.end, "quote": text[mark.start : mark.end]}


def _mentions(made: Made, index: int) -> dict[str, list[dict[str, Any]]]:
    """The spans of each field, the best first, none twice."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in FIELDS.values()}
    marks = [mark for mark in made.marks if mark.owner == index and mark.label in FIELDS]
    for mark in sorted(marks, key=lambda each: (each.rank, each.start, each.end)):
        span = _span(made.text, mark)
        if span not in found[FIELDS[mark.label]]:
            found[FIELDS[mark.label]].append(span)
    return found


def _event(made: Made, index: int, event: Event, name: str) -> dict[str, Any]:
    spec, spot = event.spec, event.spot
    mentions = _mentions(made, index)
    evidence = next(mark for mark in made.marks if mark.owner == index and mark.label == "evidence")
    a1 = event.a1
    if not mentions["actor1"] and a1.kind in HIDDEN:
        a1 = unknown(event.iso3, event.day, spot.site.admin1)
    return {
        "event_id": name,
        "event_date": event.day.isoformat(),
        "time_precision": PRECISION.get(event.when, 1),
        "event_type": spec.event,
        "sub_event_type": spec.sub,
        **_actor("1", a1),
        **_actor("2", event.a2 if mentions["actor2"] or spec.key not in OPTIONAL else None),
        "civilian_targeting": event.targets_civilians,
        "country": made.scene.home.name,
        "admin1": spot.site.admin1,
        "admin1_aliases": [],
        "location": spot.site.name,
        "latitude": round(spot.latitude, 4),
        "longitude": round(spot.longitude, 4),
        "geo_precision": spot.precision,
        "fatalities": event.fatalities,
        "fatalities_low": event.fatalities,
        "fatalities_high": max(event.fatalities, event.more),
        "evidence": made.text[evidence.start : evidence.end],
        "mentions": mentions,
    }


def _actor(number: str, party: Party | None) -> dict[str, Any]:
    aliases = list(party.aliases) if party else []
    return {
        f"actor{number}": party.name if party else None,
        f"actor{number}_aliases": aliases,
        f"inter{number}": party.inter if party else None,
    }
