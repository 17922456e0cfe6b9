"""What an event says of values that its claims are not sure of, and what a person is asked about it.

In:  claim rows, the least confidence asked for, what people decided; worth.toml with the weights.
Out: the rows with what stands; the doubts that remain. Pure functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from math import log2
from pathlib import Path
from typing import Any

from tocsin.errors import DataError
from tocsin.exchange.event import DERIVED
from tocsin.exchange.notes import note
from tocsin.model import NEEDED, QUESTIONS
from tocsin.toml import read_toml

Row = dict[str, Any]
WEIGHTS = Path(__file__).with_name("data") / "worth.toml"
EVENT = "trigger"  # the field that stands for the event itself
NOBODY: frozenset[str] = frozenset()
# The field that is judged -> all columns that stand or fall with it, derived ones too.
COLUMNS = {
    names[0]: (*names, *(column for column, (basis, _) in DERIVED.items() if basis in names))
    for names in QUESTIONS.values()
}
CHOSEN = {  # field -> the part of an event that it comes with, as `chosen` of link/events.py calls it
    "event_date": "date",
    **dict.fromkeys(("event_type", "sub_event_type", "actor1", "actor2"), "type and actors"),
    **dict.fromkeys(("country", "admin1", "location"), "place"),
    "fatalities": "fatalities",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that is withheld, or with field `trigger` a whole event. `claims`: all that say so, the surest first."""

    field: str
    claims: tuple[str, ...]
    confidence: float
    worth: float

    @property
    def id(self) -> str:
        """The same as long as the same claim proposes the value."""
        return blake2b(f"{self.claims[0]}\n{self.field}".encode(), digest_size=8).hexdigest()


def sureness(row: Row, field: str) -> float:
    """The confidence of a field; what a data set says is not judged, and stands."""
    return float((row.get("confidence") or {}).get(field, 1.0))


def standing(row: Row, least: float, accepted: Collection[str] = NOBODY, refused: Collection[str] = NOBODY) -> Row:
    """The claim without the fields that are less sure than `least` or refused by a person; accepted ones are sure."""
    known = [field for field in CHOSEN if row.get(field) is not None]
    gone = [f for f in known if f in refused or (f not in accepted and sureness(row, f) < least)]
    if not gone and not accepted:
        return row
    empty = {column: None for field in gone for column in COLUMNS[field]}
    judged = {name: sure for name, sure in (row.get("confidence") or {}).items() if name not in empty}
    judged |= {column: 1.0 for field in accepted for column in COLUMNS[field] if column in judged}
    found = {**row, **empty, "confidence": judged}
    if gone:
        found["complete"] = row.get("complete", True) and all(found.get(name) is not None for name in NEEDED)
    return found | {"notes": note(found)} if gone and row.get("confidence") else found  # a data set's notes are its own


def sure_enough(events: Iterable[Row], least: float, done: Counter[str]) -> Iterator[Row]:
    """Events, and of these the values, that are this sure; `done` counts what was withheld."""
    for event in events:
        if sureness(event, EVENT) < least:
            done["events"] += 1
            continue
        left = standing(event, least)
        done["values"] += sum(event.get(field) is not None and left[field] is None for field in CHOSEN)
        yield left


def doubts(told: Row, event: Row, whole: Mapping[str, Row], left: Mapping[str, Row]) -> Iterator[Doubt]:
    """The values that the event would have, `told`, were nothing withheld. `whole`, `left`: its claims before, after.

    A value that another claim of the event is sure of is no doubt.
    """
    for field, part in CHOSEN.items():
        key = told["chosen"].get(part)
        if event.get(field) is not None or told.get(field) is None or key not in whole:
            continue
        if whole[key].get(field) is not None and left[key].get(field) is None:
            same = [other for other in whole if other != key and whole[other].get(field) == whole[key][field]]
            sure = sureness(whole[key], field)
            yield Doubt(field, (key, *same), sure, worth(told, field, sure))


def confidence_of(event: Row, rows: Mapping[str, Row]) -> dict[str, float]:
    """How sure each value of the event is: as sure as in the claim that it comes from; nothing if none is judged."""
    judged = {
        column: rows[key]["confidence"][column]
        for field, part in CHOSEN.items()
        for key in [event["chosen"].get(part)]
        for column in COLUMNS[field]
        if key in rows and event.get(column) is not None and column in (rows[key].get("confidence") or {})
    }
    happened = [sureness(row, EVENT) for row in rows.values()]
    return judged | {EVENT: max(happened)} if judged else {}


def event_doubt(told: Row, whole: Mapping[str, Row]) -> Doubt:
    """An event of which no claim is sure enough."""
    keys = sorted(whole, key=lambda key: -sureness(whole[key], EVENT))
    sure = sureness(whole[keys[0]], EVENT)
    return Doubt(EVENT, tuple(keys), sure, worth(told, EVENT, sure))


def worth(event: Row, field: str, confidence: float) -> float:
    """What a decision is worth: uncertainty x weight of the field x weight of the event (worth.toml)."""
    table = weights()
    weigh = table["event"]
    weight = weigh["always"] + weigh["doubling"] * log2(1 + (event.get("fatalities") or 0))
    weight += weigh["civilians"] if event.get("civilian_targeting") else 0.0
    return round(4 * confidence * (1 - confidence) * table["field"][field] * weight, 4)


@cache
def weights() -> Mapping[str, Mapping[str, float]]:
    """The weights, from the file."""
    tables = read_toml(WEIGHTS)
    wanted = {"event": {"always", "doubling", "civilians"}, "field": {EVENT, *CHOSEN}}
    for name, keys in wanted.items():
        found = tables.get(name, {})
        wrong = [key for key in keys if not isinstance(found.get(key), int | float) or found[key] < 0]
        if wrong or set(found) != keys:
            names = sorted({*wrong, *(set(found) ^ keys)})
            raise DataError(f"{WEIGHTS}:1: [{name}]: found a problem with {names[0]}, expected each of "
                            f"{', '.join(sorted(keys))} with a number from 0 up")  # fmt: skip
    return tables
