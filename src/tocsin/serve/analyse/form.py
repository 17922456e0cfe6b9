"""The options of a question as fields of a form, and back from the address.

In:  a Question; the query part of an address.
Out: `Field`s to show; the options as the question's function takes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from inspect import Parameter
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
    needed: bool = False


def questions() -> list[Question]:
    """Those that the page can ask."""
    return [question(name) for name in NAMES if name != NOT_HERE]!r}, expected {expected}.") from None
