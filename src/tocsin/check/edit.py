"""Readings as TOML that a person corrects, and back.

In:  Statements.
Out: TOML with a comment at each field; from such a text the Statements again. A mistake in it names file and line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tocsin.check.statement import COMPARISONS, KINDS, MEASURES, UNITS, Asked, Spot, Statement
from tocsin.codebook import taxonomy
from tocsin.errors import DataError
from tocsin.toml import parse_toml

HEAD = """# How each statement was read. Correct what is wrong, save, and it is checked by what stands here.
# A line that begins with # is not read: take the # away to state what the text states.
# Take `asked` away, and give `why`, for a statement that cannot be checked.
"""
SPOT = 'name, kind (country, admin1, admin2, place), country, latitude, longitude: { name = "Kati", kind = "place" }'
HELP = {
    "kind": " | ".join(KINDS),
    "event_types": "ACLED's event types; with neither types nor sub-event types: any political violence",
    "sub_event_types": "ACLED's sub-event types",
    "actors": "ACLED's names of who did it",
    "against": "ACLED's names of the other side: Civilians, ...",
    "where": f"all events lie there; {SPOT}",
    "place": "what is measured from, surrounded, spread into, ranked, or the part of a share; like `where`",
    "since": "first day: 2022-06-01",
    "until": "last day",
    "comparison": " | ".join(COMPARISONS),
    "value": "the number that the text states",
    "unit": " | ".join(UNITS),
    "than_since": "first day of the earlier time",
    "than_until": "last day of the earlier time",
    "than": "what a share or a ranking is of: country, admin1, location, actors, event types",
    "event": "day of the one event that is spoken of",
    "measure": " | ".join(MEASURES),
    "happening": "what a status counts, or an effect is measured from: coup, withdrawal, ... (data/happenings.csv)",
    "beyond": "where it was before it spread; like `where`",
}
DAYS = ("since", "until", "than_since", "than_until", "event")
SPOTS = ("where", "place", "beyond")
ABOUT = ("quote", "start", "end", "why", "rules", "asked")
INDENT = "    "


# -- out -------------------------------------------------------------------------------------------------------------


def to_toml(statements: Iterable[Statement]) -> str:
    """All of the statements, in their order."""
    return HEAD + "".join(f"\n{each}\n" for statement in statements for each in ["\n".join(_lines(statement))])


def _lines(statement: Statement) -> Iterator[str]:
    yield "[[statement]]"
    for name in ABOUT[:-1]:
        value = getattr(statement, name)
        if value or name in ABOUT[:3]:
            yield f"{name} = {_toml(value)}"
    if statement.asked is not None:
        yield f"{INDENT}[statement.asked]"
        for each in fields(Asked):
            value = getattr(statement.asked, each.name)
            given = value not in (None, ())
            line = f"{INDENT}{'' if given else '# '}{each.name} = {_toml(value) if given else _empty(each.name)}"
            yield f"{line}  # {HELP[each.name]}"


def _empty(name: str) -> str:
    """What stands for a field that the text does not state."""
    if name in SPOTS:
        return "{}"
    return "[]" if name in ("event_types", "sub_event_types", "actors", "against", "than") else '""'


def _toml(value: Any) -> str:
    if isinstance(value, Spot):
        given = {each.name: getattr(value, each.name) for each in fields(Spot)}
        return "{ " + ", ".join(f"{name} = {_toml(part)}" for name, part in given.items() if part is not None) + " }"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


# -- in --------------------------------------------------------------------------------------------------------------


def from_toml(text: str, path: str, whole: str | None = None) -> list[Statement]:
    """The statements of a TOML text that stands in the file `path`; DataError names the line of a mistake.

    `whole`: the text that the quotes come from, if they are to be compared with it.
    """
    tables = parse_toml(text, path)
    if wrong := sorted(set(tables) - {"statement"}):
        raise DataError(f"{path}:{_line(text, 0, wrong[0])}: found {wrong[0]}, expected [[statement]]")
    held = tables.get("statement", [])
    if not isinstance(held, list) or not all(isinstance(each, dict) for each in held):
        raise DataError(f"{path}:{_line(text, 0, 'statement')}: found a single statement, expected [[statement]]")
    return [_statement(table, Place(text, path, at), whole) for at, table in enumerate(held, 1)]


class Place:
    """Where the statement number `at` (from 1) stands; makes errors."""

    def __init__(self, text: str, path: str, at: int) -> None:
        self.text, self.path, self.at = text, path, at

    def wrong(self, name: str, found: object, expected: str) -> DataError:
        line = _line(self.text, self.at, name)
        return DataError(f"{self.path}:{line}: found {name} = {_shown(found)}, expected {expected}")

    def lacks(self, steps: Sequence[str]) -> DataError:
        """The last of the steps to a value is not there."""
        line = _line(self.text, self.at, steps[-2] if len(steps) > 1 else "")
        return DataError(f"{self.path}:{line}: found no {steps[-1]}, expected it")


def _statement(table: dict[str, Any], place: Place, whole: str | None) -> Statement:
    for name in table:
        if name not in ABOUT:
            raise place.wrong(name, table[name], f"one of {', '.join(ABOUT)}")
    made: Statement = _made(_adapter(Statement), _filled(table), place)
    if made.end < made.start or made.start < 0:
        raise place.wrong("end", made.end, f"{made.start} or more")
    if whole is not None and whole[made.start : made.end] != made.quote:
        raise place.wrong("quote", made.quote, f"the words from {made.start} to {made.end} of the text")
    if made.asked is not None:
        _known(made.asked, table["asked"], place)
    return made


def _filled(table: dict[str, Any]) -> dict[str, Any]:
    """With null for what need not stand in the text, but has no default."""
    asked = table.get("asked")
    if isinstance(asked, dict):
        spots = {name: {"country": None, **asked[name]} for name in SPOTS if isinstance(asked.get(name), dict)}
        asked = {**asked, **spots}
    return {**table, "asked": asked}


def _known(asked: Asked, table: dict[str, Any], place: Place) -> None:
    """DataError: a key, a day, or a type that there is not."""
    names, spot = list(HELP), [each.name for each in fields(Spot)]
    for keys, known, of in ((table, names, ""), *((table.get(each, {}), spot, each) for each in SPOTS)):
        if wrong := [key for key in keys if key not in known]:
            raise place.wrong(of or wrong[0], wrong[0], f"one of {', '.join(known)}")
    for name in DAYS:
        if (day := getattr(asked, name)) is not None and not _is_day(day):
            raise place.wrong(name, day, "a day such as 2022-07-22")
    for name, known_types in (("event_types", list(taxonomy().event_types)), ("sub_event_types", _subs())):
        for each in getattr(asked, name):
            if each not in known_types:
                raise place.wrong(name, each, f"one of {', '.join(known_types)}")
    if asked.since and asked.until and asked.since > asked.until:
        raise place.wrong("until", asked.until, f"{asked.since} or later")


def _made(adapter: TypeAdapter[Any], table: dict[str, Any], place: Place) -> Any:
    """JSON has no dates of its own and lists for tuples, so that strict types can be asked of it."""
    try:
        return adapter.validate_json(json.dumps(table, default=str), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        steps = [str(step) for step in first["loc"]]
        if first["type"] == "missing":
            raise place.lacks(steps) from None
        key = next(step for step in reversed(steps) if step in (*HELP, *ABOUT))
        raise place.wrong(key, first["input"], first["msg"].removeprefix("Input should be ")) from None


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@cache
def _subs() -> list[str]:
    return list(taxonomy().sub_event_types)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) < 100 else f"{text[:97]}..."


def _line(text: str, at: int, name: str) -> int:
    """The line with the key in statement number `at`; else where the statement begins; else 1."""
    seen, begin = 0, 1
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"\s*\[\[\s*statement\s*\]\]", line):
            seen, begin = seen + 1, number if seen + 1 == at else begin
        if seen == at and re.match(rf"\s*(?:\[+\s*)?(?:statement\.)?{re.escape(name)}\b", line):
            return number
    return begin
