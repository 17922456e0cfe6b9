"""What can be asked, and with which options: one module per question, one function of its name.

In:  the name of a question.
Out: `Question`: its function, what it reads, and its options as its signature tells them.

A question's module has `COLUMNS` (what it reads of events) and a function of the module's name, such as
`def trend(events, draws=DRAWS, *, every: Annotated[Every, "Length of a period."] = "month") -> Answer`.
Its keyword parameters are the options on the command line and on the page; their text is their annotation. The value
of an option named `by` is a column that is read, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import Parameter, getdoc, signature
from typing import Annotated, Any, get_args, get_origin

from tocsin.analyse.answer import Answer
from tocsin.errors import UsageError

NAMES = ("trend", "surge", "approach", "spread", "hotspots", "repeat", "change", "severity", "exposure", "volatility",
         "actors", "coverage", "compare")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """One option: `kind` is its type as annotated (str | None, int, float, date | None, bool, a Literal, Path)."""

    name: str
    kind: Any
    default: Any  # Parameter.empty: it must be given
    help: str


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    ask: Callable[..., Answer]
    columns: tuple[str, ...]
    help: str  # one sentence
    options: tuple[Option, ...]


@cache
def question(name: str) -> Question:
    """The question of that name; UsageError if there is none."""
    if name not in NAMES:
        raise UsageError(f"found {name!r}, expected a question that can be asked: {', '.join(NAMES)}.")
    module = import_module(f"tocsin.analyse.{name}")
    ask = getattr(module, name)
    given = signature(ask, eval_str=True).parameters.values()
    options = tuple(_option(each) for each in given if each.kind is Parameter.KEYWORD_ONLY)
    return Question(name, ask, tuple(module.COLUMNS), (getdoc(ask) or "").split("\n")[0], options)


def _option(parameter: Parameter) -> Option:
    kind, text = parameter.annotation, ""
    if get_origin(kind) is Annotated:
        kind, text = get_args(kind)
    return Option(parameter.name, kind, parameter.default, text)
