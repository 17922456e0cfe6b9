"""The patterns in which the data files of `check` say how statements are worded.

In:  a pattern, the word lists that it may name.
Out: a compiled regular expression over folded text in which numbers, times, places and actors are masked.

A pattern is plain words. `[x]` may be missing, `(x|y)` is either, `...` stands for up to six words, `....` for up to
25, `<rise>` for every form of that verb, `{events}` for one of the words of that list, `{number}`, `{time}`, `{place}`,
`{actor}` for one that was found before. `?` after a bracket: it may be missing; `*`: it may be there any number of
times. A hyphen is a hyphen or a space. All is compared in small letters without accents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tocsin.errors import DataError
from tocsin.fold import fold
from tocsin.read.words import forms

MARKS = {"number": "\ue000", "time": "\ue001", "place": "\ue002", "actor": "\ue003"}
WORD = r"[^\s.;:!?]+"
GAP = rf"(?:(?<=[ '])| )(?:{WORD} ){{0,6}}?(?:\w{{1,2}}')?"
WIDE = rf"(?:(?<=[ '])| )(?:{WORD} ){{0,25}}?(?:\w{{1,2}}')?"
PIECE = re.compile(r" ?\.{3,4} ?|\{\w+\}|<[^>]+>|[\[\]()|?*]| +|-|[^\s\[\]()|{}<>?*-]+")

Lists = Mapping[str, Sequence[str]]


def compiled(patterns: Sequence[str], lists: Lists, lang: str, where: str) -> re.Pattern[str]:
    """Any of the patterns, at the limits of words. `where`: file and entry for errors."""
    try:
        either = "|".join(f"(?:{_regex(pattern, lists, lang)})" for pattern in patterns)
        return re.compile(rf"(?<!\w)(?:{either})(?!\w)")
    except (re.error, RecursionError) as error:
        raise DataError(f"{where}: found {error}, expected patterns as in check/reading/patterns.py") from error
    except KeyError as error:
        raise DataError(f"{where}: found the list {error}, expected one of {', '.join([*MARKS, *lists])}") from error


def _regex(pattern: str, lists: Lists, lang: str) -> str:
    return "".join(_piece(piece, lists, lang) for piece in PIECE.findall(pattern)).replace(")?*", ")*")


def _piece(piece: str, lists: Lists, lang: str) -> str:
    if piece.strip() in ("...", "...."):
        return GAP if piece.strip() == "..." else WIDE
    if piece[0] == "{":
        name = piece[1:-1]
        if name in MARKS:
            return f"{MARKS[name]}+"
        return "(?:" + "|".join(_regex(each, lists, lang) for each in _longest_first(lists[name])) + ")"
    if piece[0] == "<":
        found = {fold(form) for verb in piece[1:-1].split("|") for form in forms(verb, lang)}
        return "(?:" + "|".join(map(re.escape, _longest_first(found))) + ")"
    if piece in "[]()|?*":
        return {"[": "(?:", "]": ")?", "(": "(?:"}.get(piece, piece)
    if piece.isspace():
        return " "
    if "\\" in piece:  # a regular expression: "20\\d\\d"
        return piece
    return "[- ]" if piece == "-" else re.escape(fold(piece))


def _longest_first(words: Sequence[str] | set[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))
