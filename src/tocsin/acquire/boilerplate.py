"""Find the lines of a text that are not part of the report: buttons, bylines, blurbs, teasers.

In:  a text, and perhaps its language.
Out: spans of whole lines, in order. Nothing is cut here; the word lists are in boilerplate.toml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from tocsin.acquire.words import load
from tocsin.model import Span

Kind = Literal["line", "tail", "byline", "blurb", "name"]

MAX_LINE = 200  # characters; a longer line is prose
HEAD_LINES = 8  # bylines and blurbs are looked for in so many lines at the top ...
FOOT_LINES = 6  # ... and at the end
_MARKS = ' \t\xa0»«›‹→←▶►•·*#_~|>=+-–—:…!?."“”[](){}↓↑✓✔☰×'
_LINE = re.compile(r"[^\n]+")
_NUMBER = re.compile(r"^(?:\d+|[ivx]+|[a-h])[.)](?:\d+[.)]?)*\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank."""

    span: Span
    raw: str  # as written, without space around it
    words: str  # the same with curly apostrophes, as in the patterns
    key: str  # for look-up: lower case, no accents, no marks around it
    is_prose: bool


@dataclass(frozen=True, slots=True)
class _Lists:
    """The word lists of one language, ready for look-up."""

    line_whole: frozenset[str]
    line_starts: tuple[str, ...]
    line_pattern: re.Pattern[str]
    tail_whole: frozenset[str]
    tail_starts: tuple[str, ...]
    byline: re.Pattern[str]
    blurb: re.Pattern[str]
    section: frozenset[str]
    field_starts: tuple[str, ...]


def boilerplate_spans(text: str, lang: str | None = None) -> list[Span]:
    """Lines that are not part of the report; without `lang` the lists of all languages are used."""
    return [line.span for line, _ in boilerplate_lines(lines_of(text), lang)]


def boilerplate_lines(lines: list[Line], lang: str | None = None) -> list[tuple[Line, Kind]]:
    """The same as lines with their kinds. A text of nothing but such lines is left whole."""
    kinds = [kind_of(line, lang, _is_edge(at, len(lines))) for at, line in enumerate(lines)]
    _mark_teasers(lines, kinds)
    _mark_names(lines, kinds)
    found = [(line, kind) for line, kind in zip(lines, kinds, strict=True) if kind]
    return found if len(found) < len(lines) else []


def lines_of(text: str) -> list[Line]:
    """All lines that are not blank."""
    return [_line(text, found.start(), found.end()) for found in _LINE.finditer(text) if not found[0].isspace()]


def kind_of(line: Line, lang: str | None, is_edge: bool) -> Kind | None:
    """What the line is by itself; `is_edge`: it is near the top or the end of the text."""
    return next((kind for lists in _lists(lang) if (kind := _kind(line, lists, is_edge))), None)


def is_section(line: Line) -> bool:
    """A heading inside a bulletin, such as "HIGHLIGHTS" or "1. SECURITY", or a field such as "Location: ..."."""
    key = _NUMBER.sub("", line.key)
    return any(key in lists.section or key.startswith(lists.field_starts) for lists in _lists(None))


def _kind(line: Line, lists: _Lists, is_edge: bool) -> Kind | None:
    if is_edge and len(line.words) <= 1_000 and lists.blurb.search(line.words):
        return "blurb"
    if len(line.words) > MAX_LINE:
        return None
    if line.key in lists.tail_whole or line.key.startswith(lists.tail_starts):
        return "tail"
    if line.key in lists.line_whole or line.key.startswith(lists.line_starts) or lists.line_pattern.search(line.words):
        return "line"
    return "byline" if is_edge and lists.byline.search(line.words) else None


def _is_edge(at: int, count: int) -> bool:
    return at < HEAD_LINES or at >= count - FOOT_LINES


def _mark_teasers(lines: list[Line], kinds: list[Kind | None]) -> None:
    """After "You might also like" everything up to the next prose is a teaser, if the report has begun before."""
    begun = teasers = False
    for at, line in enumerate(lines):
        if line.is_prose and not kinds[at]:
            begun, teasers = True, False
        elif kinds[at] == "tail":
            teasers = begun
        elif teasers and not kinds[at]:
            kinds[at] = "tail"


def _mark_names(lines: list[Line], kinds: list[Kind | None]) -> None:
    """The short line above a blurb at the top is the outlet's name."""
    for at, line in enumerate(lines[:HEAD_LINES]):
        if kinds[at + 1 : at + 2] == ["blurb"] and not kinds[at] and not line.is_prose and at <= 1:
            kinds[at] = "name"


def _line(text: str, start: int, end: int) -> Line:
    raw = text[start:end].strip()
    words = raw.replace("'", "’")
    return Line(Span(start, end), raw, words, line_key(raw), _is_prose(words))


def _is_prose(words: str) -> bool:
    """A paragraph of the report rather than a heading or teaser."""
    return len(words) >= 160 or (len(words) >= 60 and words.rstrip('"”»’)').endswith((".", "!", "?", " …")))


def line_key(words: str) -> str:
    """The form in which lines are compared."""
    return _fold(words[: MAX_LINE + 1]).lstrip(_MARKS.replace("(", "")).rstrip(_MARKS)


def _fold(words: str) -> str:
    """Lower case, no accents, single spaces."""
    folded = words.replace("’", "'").casefold()
    if not folded.isascii():
        folded = "".join(char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char))
    return " ".join(folded.split())


@cache
def _lists(lang: str | None) -> tuple[_Lists, ...]:
    table = load("boilerplate.toml")
    return tuple(_lists_of(table[code]) for code in table if lang in (None, code) or code == "en")


def _lists_of(table: dict[str, dict[str, list[str]]]) -> _Lists:
    return _Lists(
        line_whole=frozenset(_keys(table["line"]["whole"])),
        line_starts=tuple(_starts(table["line"]["starts"])),
        line_pattern=_any(table["line"]["patterns"]),
        tail_whole=frozenset(_keys(table["tail"]["whole"])),
        tail_starts=tuple(_starts(table["tail"]["starts"])),
        byline=_any(table["byline"]["patterns"]),
        blurb=_any(table["blurb"]["patterns"]),
        section=frozenset(_keys(table["section"]["whole"])),
        field_starts=tuple(_starts(table["section"]["starts"])),
    )


def _keys(words: list[str]) -> Iterator[str]:
    return (line_key(word) for word in words)


def _starts(words: list[str]) -> Iterator[str]:
    """Beginnings keep the colon or space at their end, which tells "Read:" from "Read the ..."."""
    return (_fold(word) + " " * word.endswith(" ") for word in words)


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
