"""Reports, claims and coded reports for tests, with only what the test is about spelled out."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

from tocsin.model import Claim, Coded, Issue, Rejected, Report, Span, Value

TEXT = "Gunmen killed 3 farmers in the village of Dano on Monday, residents said. The army denied a raid on Bobo."


def report(text: str = TEXT, **facts: Any) -> Report:
    return Report(**{"id": "r1", "text": text, "published": date(2024, 3, 12), "source": "Example Wire", **facts})


def span(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def value(coded: Any, rule: str = "test.rule", *quotes: str, text: str = TEXT, confidence: float = 1.0) -> Value[Any]:
    return Value(coded, rule, tuple(span(quote, text) for quote in quotes), confidence)


ATTACK: dict[str, Value[Any]] = {
    "event_type": value("Violence against civilians", "codebook.attack", "killed"),
    "sub_event_type": value("Attack", "codebook.attack", "killed"),
    "event_date": value(date(2024, 3, 11), "date.weekday", "on Monday"),
    "time_precision": value(1, "date.weekday", "on Monday"),
    "actor1": value("Unidentified Armed Group (Burkina Faso)", "actor.gunmen", "Gunmen", confidence=0.81234),
    "inter1": value("Political militia", "actor.gunmen", "Gunmen"),
    "assoc_actor_1": value((), "none"),
    "actor2": value("Civilians (Burkina Faso)", "actor.civilians", "farmers"),
    "inter2": value("Civilians", "actor.civilians", "farmers"),
    "assoc_actor_2": value(("Farmers (Burkina Faso)",), "actor.civilians", "farmers"),
    "civilian_targeting": value(True, "codebook.civilian_targeting", "farmers"),
    "country": value("Burkina Faso", "place.country", "Dano"),
    "admin1": value("Sud-Ouest", "place.country", "Dano"),
    "admin2": value("Ioba", "place.country", "Dano"),
    "location": value("Dano", "place.named", "Dano"),
    "latitude": value(11.149412, "place.named", "Dano"),
    "longitude": value(-3.060761, "place.named", "Dano"),
    "geo_precision": value(1, "place.named", "Dano"),
    "place_radius_km": value(5.0, "place.named", "Dano"),
    "geonameid": value(2361082, "place.named", "Dano"),
    "fatalities": value(3, "count.exact", "3 farmers"),
    "fatalities_low": value(3, "count.exact", "3 farmers"),
    "fatalities_best": value(3, "count.exact", "3 farmers"),
    "fatalities_high": value(3, "count.exact", "3 farmers"),
    "trigger": value("kill", "frame.kill", "killed"),
}


def claim(**changes: Any) -> Claim:
    """An attack in Dano; a plain value for a field keeps the field's rule and quotes, None takes them away."""
    whole = Claim(**ATTACK)
    named = {field.name for field in fields(Claim)}
    assert set(changes) <= named, f"no such field: {set(changes) - named}"
    return replace(whole, **{name: _changed(ATTACK.get(name), new) for name, new in changes.items()})


def _changed(old: Value[Any] | None, new: Any) -> Any:
    if old is None or isinstance(new, Value):
        return new
    return Value(None, "unknown") if new is None else replace(old, value=new)


def incomplete(**changes: Any) -> Claim:
    """A snippet's event: a type and no more."""
    unknown = dict.fromkeys(set(ATTACK) - {"event_type", "sub_event_type", "trigger"})
    return claim(**{**unknown, "complete": False, **changes})


def coded(*claims: Claim, **facts: Any) -> Coded:
    """The report with these claims, and the denial in its second sentence as rejected."""
    denial = Rejected(span("denied a raid"), "denied", "the army says it did not happen")
    return Coded(report(**facts), claims, (denial,), (Issue("warning", "read", "odd", "a.txt"),))
