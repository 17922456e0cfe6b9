"""The options of a question as fields of a form, and back from the address.

In:  a Question; the query part of an address.
Out: `Field`s to show; the options as the question's function takes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from inspect import Parameter
from math import isfinite
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from tocsin.analyse.question import NAMES, Option, Question, question
from tocsin.errors import UsageError

NOT_HERE = "compare"  # needs another data set; a file of the server's machine is nobody's business on a page


@dataclass(frozen=True, slots=True)
class Field:
    """`kind`: what the input is: text, number, date, yes (a box) or choice. `value`: what it shows."""

    name: str
    kind: str
    label: str
    value: str
    choices: tuple[str, ...] = ()


def questions() -> list[Question]:
    """Those that the page can ask."""
    return [question(name) for name in NAMES if name != NOT_HERE]


def fields(asked: Question, given: Mapping[str, str]) -> list[Field]:
    """What the form shows: what was given, else the defaults."""
    return [_field(option, given) for option in _shown(asked)]


def options(asked: Question, given: Mapping[str, str]) -> dict[str, Any]:
    """The options that were given, read; UsageError says what is wrong with one, or that it is missing."""
    found = {}
    for option in _shown(asked):
        kind, text = _kind(option), given.get(option.name, "").strip()
        if kind is bool and text:
            found[option.name] = text == "yes"
        elif text:
            found[option.name] = _read(option.name, kind, text)
        elif option.default is Parameter.empty:
            raise UsageError(f"Say this first: {option.help}")
    return found


def _shown(asked: Question) -> Iterator[Option]:
    return (option for option in asked.options if _kind(option) is not Path)


def _kind(option: Option) -> Any:
    """The type without None."""
    if isinstance(option.kind, UnionType):
        return next(each for each in get_args(option.kind) if each is not type(None))
    return option.kind


def _field(option: Option, given: Mapping[str, str]) -> Field:
    kind = _kind(option)
    value = given.get(option.name, "" if option.default in (None, Parameter.empty) else _text(option.default))
    choices = tuple(map(str, get_args(kind))) if get_origin(kind) is Literal else ()
    shown = {bool: "yes", int: "number", float: "number", date: "date"}.get(kind, "choice" if choices else "text")
    return Field(option.name, shown, option.help, value, choices)


def _text(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _read(name: str, kind: Any, text: str) -> Any:
    if get_origin(kind) is Literal:
        if text not in get_args(kind):
            raise UsageError(f"{name}: found {text[:40]!r}, expected one of {', '.join(map(str, get_args(kind)))}.")
        return text
    try:
        found: Any = date.fromisoformat(text) if kind is date else kind(text)
        if kind is float and not isfinite(found):
            raise ValueError(text)
    except ValueError:
        expected = {int: "a whole number", float: "a number", date: "a day such as 2024-03-12"}[kind]
        raise UsageError(f"{name}: found {text[:40]!r}, expected {expected}.") from None
    return found
