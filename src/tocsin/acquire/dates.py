"""Publication dates: as the user or a report line gives them, or plainly written at the top of a text.

In:  a string.
Out: a date; None where the text does not say it plainly. Nothing is guessed from a date in running prose.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import cache
from typing import Any

from tocsin.acquire.words import load

TOP_LINES = 8
MAX_LINE = 120  # characters; a longer line is prose
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:[t ]\d\d:\d\d\S*)?")
_DOTTED = re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})")
_SLASHED = re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})")
_ZONE = r"(?:\s?\(?[a-z]{2,4}(?:[+-]\d+)?\)?)?"
_CLOCK = rf"(?:[\s,|·–—-]*(?:at|a)?\s*\d{{1,2}}\s?[:h.]\s?(?:\d\d)?(?::\d\d)?(?:\s?[ap]\.?m\.?)?{_ZONE})?"
_DATELINE = re.compile(r"[^\W\d_][^\d\n()]{1,60}?,\s+(?P<date>[^()\n–—]{6,40}?)\s*(?:\([^()\n]{2,40}\)\s*)?[-–—]+\s")


def iso_date(value: str) -> date | None:
    """The day of an ISO date or date-time, as written; None if it is neither."""
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(value.strip()).date()
    except ValueError:
        return None


def top_date(text: str) -> date | None:
    """The publication date written at the top of a text, if a line there says nothing else."""
    lines = [line for line in text[:2_000].split("\n") if line.strip()][:TOP_LINES]
    return next((day for line in lines if (day := line_date(line) or dateline_date(line))), None)


def line_date(line: str) -> date | None:
    """The date of a line that is nothing but a date, perhaps with a label: "Publié le 9 août 2022 à 10h12"."""
    if len(line) > MAX_LINE or not any(char.isdigit() for char in line):
        return None
    folded = _fold(line)
    return _after_label(folded) or whole_date(folded) or _document_date(folded)


def is_labelled(line: str) -> bool:
    """The line says that it is about publication: it can be cut off once its date is known."""
    return len(line) <= MAX_LINE and _after_label(_fold(line)) is not None


def dateline_date(line: str) -> date | None:
    """The full date in a wire's dateline: "BAMAKO, Aug 9, 2022 (AFP) -"."""
    found = _DATELINE.match(line)
    return whole_date(_fold(found["date"])) if found else None


def whole_date(words: str, day_first: bool = False) -> date | None:
    """The date that these words are; None if they are more, less, or contradict themselves."""
    words = _fold(words).strip(" .,;:|-–—•*#_()[]")
    for pattern in (*_written(), _ISO, _DOTTED):
        if found := pattern.fullmatch(words):
            return _checked(found.groupdict())
    found = _SLASHED.match(words)
    if found and re.fullmatch(_CLOCK, words[found.end() :]) and (day_first or _is_clear(found)):
        return _checked(found.groupdict())
    return None


def _is_clear(slashed: re.Match[str]) -> bool:
    """08/09/2022 can be two days, 23/09/2022 cannot."""
    return int(slashed["d"]) > 12 or int(slashed["d"]) == int(slashed["m"])


def _after_label(folded: str) -> date | None:
    for day_first, label in _labels():
        if (found := label.match(folded)) and (day := whole_date(folded[found.end() :], day_first)):
            return day
    return None


def _document_date(folded: str) -> date | None:
    """The date at the end of a bulletin's heading: "Flash note no. 2, 14 June 2024"."""
    if not _document().match(folded):
        return None
    for pattern in _written():
        for found in pattern.finditer(folded):
            if found.end() == len(folded.rstrip(" .")):
                return _checked(found.groupdict())
    return None


def _checked(parts: dict[str, Any]) -> date | None:
    """The date, if the calendar has it and the weekday agrees."""
    month = parts["m"] if parts["m"].isdigit() else _names("months")[parts["m"]]
    try:
        day = date(int(parts["y"]), int(month), int(parts["d"]))
    except ValueError:
        return None
    weekday = parts.get("w")
    return None if weekday and day.isoweekday() != _names("weekdays")[weekday] else day


def _fold(text: str) -> str:
    """Lower case, no accents, plain apostrophes: dirty copies lose them anyway."""
    bare = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return " ".join("".join(char for char in bare if not unicodedata.combining(char)).split())


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(_fold(word)) for word in sorted(words, key=len, reverse=True))


@cache
def _labels() -> tuple[tuple[bool, re.Pattern[str]], ...]:
    """For each language: whether 08/09 is 8 September after its labels, and the labels."""
    return tuple(
        (
            table["slashed"] == "day first",
            re.compile(rf"[\W_]*(?:{_alternatives(table['labels'])})\b\s*[:\-–—|]?\s*"),
        )
        for table in load("dates.toml").values()
    )


@cache
def _document() -> re.Pattern[str]:
    words = [word for table in load("dates.toml").values() for word in table["documents"]]
    return re.compile(rf"[\W_]*(?:{_alternatives(words)})\b[^.;!?]{{0,60}}[\s,:–—-]")


@cache
def _names(kind: str) -> dict[str, int]:
    """Number of each month or weekday name, over all languages."""
    numbers: dict[str, int] = {}
    for table in load("dates.toml").values():
        for number, names in enumerate(table[kind], start=1):
            numbers.update((_fold(name), number) for name in names.split("|"))
    return numbers


@cache
def _written() -> tuple[re.Pattern[str], ...]:
    """Patterns for "Tuesday, 9 August 2022" and "Aug. 9, 2022", each perhaps with a time of day after it."""
    month = rf"(?P<m>{_alternatives(list(_names('months')))})\.?"
    weekday = rf"(?:le\s+)?(?:\b(?P<w>{_alternatives(list(_names('weekdays')))})\.?,?\s+(?:the\s+|le\s+)?)?"
    day = r"\b(?P<d>\d{1,2})(?:st|nd|rd|th|er)?"
    return (
        re.compile(rf"{weekday}{day}(?:\s+of)?[\s-]{month},?[\s-](?P<y>\d{{4}}){_CLOCK}"),
        re.compile(rf"{weekday}{month}\s+{day},?\s+(?P<y>\d{{4}}){_CLOCK}"),
    )
