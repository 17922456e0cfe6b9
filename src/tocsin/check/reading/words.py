"""The words of statements in one language.

In:  data/words_<lang>.toml, data/statements_<lang>.toml, data/markers_<lang>.toml.
Out: `Words`: what events are called, cue words, the rules for statements, the signs of what cannot be checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tocsin.check.reading.patterns import Lists, compiled
from tocsin.check.statement import COMPARISONS, KINDS, MEASURES, UNITS
from tocsin.codebook import taxonomy
from tocsin.errors import DataError
from tocsin.toml import read_toml

RULE_KEYS = {"id", "kind", "patterns", "not", "needs", "comparison", "value", "unit", "measure", "measures"}
RULE_KEYS |= {"happening", "factor"}
EVENT_KEYS = {"words", "event_types", "sub_event_types", "armed", "countable"}
MARKER_KEYS = {"id", "why", "patterns", "alone"}
NEEDS = ("time", "place", "actor", "armed", "topic")
SIZE_KEYS = {"patterns", "value", "unit"}
LISTS = (
    "topic", "deaths", "people", "severity", "violence", "coup", "fraction", "not_actors", "acts", "killed",
    "group", "area",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """What a word for events means in the types of the codebook. `armed`: those of whom the text speaks did it."""

    pattern: re.Pattern[str]
    event_types: tuple[str, ...]
    sub_event_types: tuple[str, ...]
    armed: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to word a kind of statement; `without` are words that make it something else."""

    id: str
    kind: str
    pattern: re.Pattern[str]
    without: re.Pattern[str] | None
    needs: tuple[str, ...]
    comparison: str | None
    value: float | None
    unit: str | None
    measures: tuple[str, ...]  # "topic": that of the words for it
    happening: str | None
    factor: float


@dataclass(frozen=True, slots=True)
class Size:
    """How much more or fewer: "doubled", "by 30 percent"; without a value that of the number in it."""

    pattern: re.Pattern[str]
    value: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Marker:
    """A sign of an opinion, a prediction or vagueness; `alone`: enough to list a sentence about violence."""

    id: str
    why: str
    pattern: re.Pattern[str]
    alone: bool


@dataclass(frozen=True, slots=True)
class Words:
    """All of one language."""

    lang: str
    events: tuple[Event, ...]
    rules: tuple[Rule, ...]
    sizes: tuple[Size, ...]
    markers: tuple[Marker, ...]
    bounds: Mapping[str, re.Pattern[str]]  # end right before a number
    bounds_inside: Mapping[str, re.Pattern[str]]  # the same, anywhere
    after_bounds: Mapping[str, re.Pattern[str]]  # begin right after it
    nth: Mapping[str, re.Pattern[str]]
    cues: Mapping[str, re.Pattern[str]]
    parts: Mapping[str, re.Pattern[str]]
    parts_of_country: Mapping[str, re.Pattern[str]]
    joiners: frozenset[str]  # words between a part and its whole: "of", "du"
    conjunctions: tuple[str, ...]
    lists: Mapping[str, re.Pattern[str]]


@cache
def load(lang: str) -> Words:
    """The words of one language, checked and compiled."""
    folder = resources.files("tocsin.check").joinpath("data")
    words, statements, markers = (
        read_toml(folder.joinpath(f"{name}_{lang}.toml")) for name in ("words", "statements", "markers")
    )
    lists, where = _lists(words), f"words_{lang}.toml"

    def read(patterns: Sequence[str], what: str) -> re.Pattern[str]:
        return compiled(patterns, lists, lang, f"{where}: {what}")

    def table(name: str) -> dict[str, re.Pattern[str]]:
        return {key: read(patterns, f"[{name}] {key}") for key, patterns in words[name].items()}

    bounds = table("bounds")
    ends = {key: re.compile(rf"(?:{p.pattern})\s*$") for key, p in bounds.items()}
    return Words(
        lang=lang,
        events=tuple(_event(row, lists, lang, f"{where}: event {n}") for n, row in enumerate(words["event"], 1)),
        rules=tuple(
            _rule(row, lists, lang, f"statements_{lang}.toml: rule {n}") for n, row in enumerate(statements["rule"], 1)
        ),
        sizes=tuple(_size(row, lists, lang, f"{where}: size {n}") for n, row in enumerate(words["size"], 1)),
        markers=tuple(
            _marker(row, lists, lang, f"markers_{lang}.toml: marker {n}") for n, row in enumerate(markers["marker"], 1)
        ),
        bounds=ends,
        bounds_inside=bounds,
        nth=table("nth"),
        after_bounds=table("after_bounds"),
        cues=table("cues"),
        parts=table("parts"),
        parts_of_country=table("parts_of_country"),
        joiners=frozenset(words["joiners"]["words"]),
        conjunctions=tuple(words["joiners"]["conjunctions"]),
        lists={name: read(lists[name], name) for name in LISTS},
    )


def _lists(words: dict[str, Any]) -> Lists:
    """The lists of the file, and those of its words for events."""
    rows = words["event"]
    countable = [word for row in rows if row.get("countable", True) for word in row["words"]]
    violence = [word for row in rows if not row.get("countable", True) for word in row["words"]]
    own = {"countable": countable, "violence": violence, "topic": ["{countable}", "{violence}", "{deaths}"]}
    return {**words["lists"], **own}


def _checked(row: dict[str, Any], keys: set[str], where: str, **options: tuple[str, ...]) -> None:
    if set(row) - keys or not (row.get("patterns") or row.get("words")):
        raise DataError(
            f"{where}: found {', '.join(sorted(row))}, expected patterns and some of {', '.join(sorted(keys))}"
        )
    for name, known in options.items():
        found = row.get(name, [])
        for value in [found] if isinstance(found, str) else found:
            if value not in known:
                raise DataError(f"{where}: found {name} {value!r}, expected one of {', '.join(known)}")


def _event(row: dict[str, Any], lists: Lists, lang: str, where: str) -> Event:
    types = taxonomy()
    known, subs = tuple(types.event_types), tuple(types.sub_event_types)
    _checked(row, EVENT_KEYS, where, event_types=known, sub_event_types=subs)
    found = compiled(row["words"], lists, lang, where)
    return Event(
        found, tuple(row.get("event_types", ())), tuple(row.get("sub_event_types", ())), row.get("armed", False)
    )


def _rule(row: dict[str, Any], lists: Lists, lang: str, where: str) -> Rule:
    where = f"{where} ({row.get('id', '?')})"
    measures = ("topic", *MEASURES)
    known = {"kind": KINDS, "comparison": COMPARISONS, "unit": UNITS, "needs": NEEDS}
    _checked(row, RULE_KEYS, where, **known, measure=measures, measures=measures)
    return Rule(
        id=row["id"],
        kind=row["kind"],
        pattern=compiled(row["patterns"], lists, lang, where),
        without=compiled(row["not"], lists, lang, where) if "not" in row else None,
        needs=tuple(row.get("needs", ())),
        comparison=row.get("comparison"),
        value=row.get("value"),
        unit=row.get("unit"),
        measures=tuple(row.get("measures", [row["measure"]] if "measure" in row else ())),
        happening=row.get("happening"),
        factor=row.get("factor", 1.0),
    )


def _size(row: dict[str, Any], lists: Lists, lang: str, where: str) -> Size:
    _checked(row, SIZE_KEYS, where, unit=UNITS)
    return Size(compiled(row["patterns"], lists, lang, where), row.get("value"), row["unit"])


def _marker(row: dict[str, Any], lists: Lists, lang: str, where: str) -> Marker:
    _checked(row, MARKER_KEYS, where)
    return Marker(row["id"], row["why"], compiled(row["patterns"], lists, lang, where), row.get("alone", True))
