"""How sure is each value? Signs with weights, for people to read and correct: data/confidence.toml.

In:  the claims of one report.
Out: the same claims. A confidence is the share of values with such signs that are right (docs/confidence.md): of the
     `trigger`, that the report tells such an event at all; of every other field, that the value is right if it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from math import exp
from typing import Any

from tocsin.errors import DataError
from tocsin.model import QUESTIONS, Claim, Value
from tocsin.toml import read_toml

FILE = "data/confidence.toml"
LEAST, MOST = 0.02, 0.99  # nothing that a machine read is surer than that
Weights = Mapping[str, Mapping[str, float]]  # question -> sign -> log odds


@cache
def weights() -> Weights:
    """The weights of each question, from the file."""
    path = resources.files(__package__).joinpath(FILE)
    tables = read_toml(path)
    for name, table in tables.items():
        if name not in QUESTIONS or not isinstance(table, dict):
            raise DataError(f"{path}:1: found [{name}], expected one of {', '.join(QUESTIONS)}")
    return tables


def sure(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims of one report with the confidence of each value."""
    return tuple(_sure(claim, position, len(claims)) for position, claim in enumerate(claims))


def _sure(claim: Claim, position: int, among: int) -> Claim:
    common = tuple(shared_signs(claim, position, among))
    changed: dict[str, Any] = {}
    for question, names in QUESTIONS.items():
        chance = probability(question, (*common, *own_signs(question, claim)))
        for name in names:
            value: Value[Any] = getattr(claim, name)
            changed[name] = replace(value, confidence=0.0 if value.value is None else chance)
    return replace(claim, **changed)


def probability(question: str, signs: Sequence[str]) -> float:
    """From 0 to 1, by the weights of the signs."""
    table = weights()[question]
    odds = sum(table.get(sign, 0.0) for sign in signs)
    return round(min(MOST, max(LEAST, 1 / (1 + exp(-odds)))), 3)


def shared_signs(claim: Claim, position: int, among: int) -> Iterator[str]:
    """What bears on every question; `position` counts from 0 among the claims of the report."""
    yield "always"
    yield f"type {claim.event_type.value}"
    yield f"sub-type {claim.sub_event_type.value}"
    yield "first event" if position == 0 else "later event"
    yield "one event" if among == 1 else "two or three events" if among < 4 else "many events"
    yield ("told once", "told twice", "told often")[min(len(claim.event_type.spans), 3) - 1]
    if claim.background:
        yield "background"
    if not claim.complete:
        yield "incomplete"


def own_signs(question: str, claim: Claim) -> Iterator[str]:
    """What bears on one question: the rule that gave the value, and what kind of value it is."""
    if question == "event":  # an event is the surer, the better its values are supported
        for name in ("event_date", "location", "actor1", "actor2", "fatalities", "trigger"):
            yield from (f"{name} {sign}" for sign in _rule_signs(getattr(claim, name)))
        return
    judged: Value[Any] = getattr(claim, QUESTIONS[question][0])
    yield from _rule_signs(judged)
    yield from _value_signs(question, claim)


def _rule_signs(value: Value[Any]) -> Iterator[str]:
    """`a.b.c` is a case of `a.b` and of `a`."""
    words = value.rule.split(".")
    yield from ("rule " + ".".join(words[:n]) for n in range(1, min(len(words), 3) + 1))
    yield "quoted" if value.spans else "not quoted"


def _value_signs(question: str, claim: Claim) -> Iterator[str]:
    if question == "date":
        yield f"time precision {claim.time_precision.value}"
    elif question in ("country", "admin1", "place"):
        yield f"geo precision {claim.geo_precision.value}"
        yield "in the gazetteer" if claim.geonameid.value else "not in the gazetteer"
        yield f"place {_tenth(claim.country.confidence)}"
    elif question in ("actor1", "actor2", "sub_event_type", "event_type"):
        yield f"inter {claim.inter1.value}, {claim.inter2.value}"
        yield f"inter1 {claim.inter1.value}"
        yield f"inter2 {claim.inter2.value}"
        if question in ("event_type", "sub_event_type"):
            yield f"kind {_tenth(claim.sub_event_type.confidence)}"
    elif question == "fatalities":
        best = claim.fatalities.value or 0
        yield "none dead" if not best else "few dead" if best < 4 else "many dead"
        if claim.fatalities_low.value != claim.fatalities_high.value:
            yield "tolls differ"


def _tenth(confidence: float) -> str:
    """How sure the gazetteer was of its choice, or rules and model of the type, in steps."""
    return "sure" if confidence >= 0.85 else "likely" if confidence >= 0.65 else "doubtful"
