"""The linker's tables of words, checked when they are read.

In:  data/actors.toml, data/taken_for.toml.
Out: side_words, generic, taken_for; DataError with file and line where a table is wrong.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from tocsin.codebook import taxonomy
from tocsin.errors import DataError
from tocsin.link.words import words
from tocsin.toml import line_of, parse_toml

UNIDENTIFIED = "unidentified"  # the last kind of people: any armed group may be meant


@cache
def side_words() -> tuple[frozenset[str], ...]:
    """For each kind of people, in order of precedence, the words that name it; the last is UNIDENTIFIED."""
    return read_actors(_text("actors.toml"))[0]


@cache
def generic() -> frozenset[str]:
    """Words that do not tell one group from another."""
    return read_actors(_text("actors.toml"))[1]


@cache
def taken_for() -> dict[str, tuple[str, ...]]:
    """Sub-event types that one coder uses where another uses the key."""
    return read_taken_for(_text("taken_for.toml"))


def read_actors(text: str) -> tuple[tuple[frozenset[str], ...], frozenset[str]]:
    """The words of each side, and the generic ones."""
    path = "link/data/actors.toml"
    table = tables(path, text, ("side", "generic"))
    sides = tuple(_words(path, text, name, line) for name, line in table["side"].items())
    common = [_words(path, text, name, line) for name, line in table["generic"].items()]
    if (last := [*table["side"]][-1]) != UNIDENTIFIED:
        raise DataError(f"{path}:{line_of(text, last)}: found {last} last, expected {UNIDENTIFIED} as the last kind")
    return sides, frozenset().union(*common)


def _words(path: str, text: str, name: str, line: Any) -> frozenset[str]:
    if not isinstance(line, str) or not line.split():
        raise DataError(f"{path}:{line_of(text, name)}: found {name} = {line!r}, expected words between quotes")
    bad = [word for word in line.split() if [word] != words(word) and "/" not in word]
    if bad:
        at = line_of(text, name)
        raise DataError(f"{path}:{at}: found {bad[0]!r} in {name}, expected plain small letters: {words(bad[0])}")
    return frozenset(line.split())


def read_taken_for(text: str) -> dict[str, tuple[str, ...]]:
    """The table in `text`; only names of the codebook are allowed."""
    path, known = "link/data/taken_for.toml", taxonomy().sub_event_types
    found: dict[str, tuple[str, ...]] = {}
    for name, others in tables(path, text).items():
        odd = [each for each in (name, *others) if each not in known]
        if odd:
            raise DataError(f"{path}:{line_of(text, name)}: found {odd[0]!r}, expected one of the 25 sub-event types")
        found[name] = tuple(others)
    return found


def tables(path: str, text: str, wanted: tuple[str, ...] = ()) -> dict[str, Any]:
    """The TOML of `text`; `wanted` are all its tables, any if none are given."""
    table = parse_toml(text, path)
    if wanted and set(table) != set(wanted):
        raise DataError(f"{path}:1: found tables {sorted(table)}, expected {sorted(wanted)}")
    return table


def _text(name: str) -> str:
    return (files("tocsin.link") / "data" / name).read_text("utf-8")
