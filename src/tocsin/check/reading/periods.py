"""From when to when a statement speaks.

In:  folded text, its language, the day of publication.
Out: `Period`s in the order of the text, none overlapping another. Words: data/periods_<lang>.toml; the Times of read/
     fill in single days.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from tocsin.check.reading.patterns import compiled
from tocsin.errors import DataError
from tocsin.model import Span, Time
from tocsin.read.dates_calendar import clamp, months_later
from tocsin.toml import read_toml

KEYS = {"id", "do", "patterns", "open", "unit", "like"}
YEAR = re.compile(r"(?<![\w.])((?:19|20)\d\d)(?!\w)")
RECENT = 3  # "in recent months" is read as the last three
QUARTER = re.compile(r"\b([hqst])([1-4])\b")


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both inclusive; None: open. `happening`: begins with a happening of that kind, if the date is known or not.

    `like`: "year-ago" the same days a year before the statement's, "before" the same length just before, "than" itself
    what is compared with.
    """

    span: Span
    rule: str
    first: date | None = None
    last: date | None = None
    open: bool = False
    like: str = ""
    happening: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    do: str
    pattern: re.Pattern[str]
    open: bool
    unit: str
    like: str


@dataclass(frozen=True, slots=True)
class Words:
    """One language's periods: rules, and what months, numbers and units mean."""

    rules: tuple[Rule, ...]
    months: Mapping[str, int]
    numbers: Mapping[str, int]
    units: Mapping[str, int]
    month: re.Pattern[str]
    number: re.Pattern[str]
    unit: re.Pattern[str]
    past_year: re.Pattern[str]  # "last year"
    not_after: re.Pattern[str]  # after what looks like a year: "2000 people"


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one match and what is needed to resolve them."""

    text: str
    rule: Rule
    words: Words
    today: date

    @property
    def years(self) -> list[int]:
        return [int(year) for year in YEAR.findall(self.text)]

    @property
    def months(self) -> list[tuple[int, int]]:
        """(month, where it stands) in order."""
        return [(self.words.months[m[0]], m.start()) for m in self.words.month.finditer(self.text)]

    @property
    def numbers(self) -> list[int]:
        """All numbers that are no years; "last" is -1."""
        found = self.words.number.findall(YEAR.sub("", self.text))
        return [int(word) if word.isdigit() else self.words.numbers[word] for word in found]

    @property
    def count(self) -> int:
        return next((number for number in self.numbers if number > 0), 1)

    @property
    def months_of_unit(self) -> int:
        """Length of the unit said last in months; days are negative."""
        found = self.words.unit.findall(self.text)
        return self.words.units[found[-1]] if found else 12


Ends = tuple[date | None, date | None]


def find_periods(text: str, lang: str, published: date | None, times: Iterable[Time] = ()) -> list[Period]:
    """All periods of folded `text`; without a day of publication only those with a year."""
    words, found = load(lang), list[Period]()
    matches = [(Span(*m.span()), rule, m[0]) for rule in words.rules for m in rule.pattern.finditer(text)]
    days = [(time.span, _of_day(time), "") for time in times if time.kind == "day" and time.first]
    both: list[tuple[Span, Rule | Period, str]] = [*matches, *days]
    for span, rule, said in sorted(both, key=lambda each: (each[0].start - each[0].end, each[0].start)):
        if any(span.overlaps(other.span) for other in found) or words.not_after.match(text, span.end + 1):
            continue
        if isinstance(rule, Period):
            found.append(rule)
        elif period := _resolved(Said(said, rule, words, published or date.max), span, known=published is not None):
            found.append(period)
    return sorted(found, key=lambda period: period.span)


def _of_day(time: Time) -> Period:
    open_ = time.relation == "since"
    return Period(time.span, time.rule, time.first, None if open_ else time.last, open_)


def _resolved(said: Said, span: Span, *, known: bool) -> Period | None:
    rule = said.rule
    if rule.do in ("year-ago", "before"):
        return Period(span, rule.id, like=rule.do)
    if not known and rule.do != "ever" and not said.years:
        return Period(span, f"{rule.id}.no-publication-date", open=rule.open)
    try:
        first, last = RESOLVERS[rule.do](said)
    except ValueError:  # no such day
        return None
    if first and known and first > said.today:
        return None
    if rule.open:
        last = None
    elif last and known:
        last = min(last, said.today)
    return Period(span, rule.id, first, last, rule.open, rule.like)


def _dates(said: Said) -> Ends:
    """Months and years as said; a month without a year is the last one up to the day of the text."""
    months, years = said.months, said.years
    if not months and not years:
        return _last(said)
    if not months:
        return date(years[0], 1, 1), date(years[-1], 12, 31)
    found, follow = [], [(int(m[1]), m.start()) for m in YEAR.finditer(said.text)]
    for month, at in months:
        year = next((year for year, where in follow if where > at), None)
        found.append((month, year))
    shift = -1 if said.words.past_year.search(said.text) else 0
    last_month, last_year = found[-1]
    last_year = last_year or _latest(last_month, said.today, shift)
    month, year = found[0]
    year = year or last_year
    if (year, month) > (last_year, last_month):
        year -= 1
    return date(year, month, 1), end_of(last_year, last_month)


def _latest(month: int, today: date, shift: int) -> int:
    """The year of the last such month that has begun; "of last year" one before."""
    return today.year + shift if shift else today.year - (month > today.month)


def end_of(year: int, month: int) -> date:
    """The last day of the month."""
    return clamp(year, month, 31)


def _this(said: Said) -> Ends:
    today = said.today
    if said.rule.unit == "year":
        year = said.years[0] if said.years else today.year
        return date(year, 1, 1), date(year, 12, 31)
    if said.rule.unit == "month":
        return today.replace(day=1), today
    return today - timedelta(days=today.weekday()), today


def _last(said: Said) -> Ends:
    """The last whole year, month, quarter, week."""
    today, unit = said.today, said.months_of_unit
    if unit < 0:
        monday = today - timedelta(days=today.weekday())
        return monday - timedelta(days=7), monday - timedelta(days=1)
    if unit >= 12:
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    start = today.replace(day=1)
    start = start.replace(month=(start.month - 1) // unit * unit + 1)
    return back(start, unit), start - timedelta(days=1)


def _past(said: Said) -> Ends:
    return _back(said, said.count), said.today


def _recent(said: Said) -> Ends:
    return _back(said, RECENT) if said.words.unit.search(said.text) else back(said.today, RECENT), said.today


def _back(said: Said, count: int) -> date:
    unit = said.months_of_unit
    return said.today + timedelta(days=unit * count) if unit < 0 else back(said.today, unit * count)


def back(day: date, months: int) -> date:
    """The same day of an earlier month, or the last of that month."""
    return months_later(day, -months)


def _part(said: Said) -> Ends:
    """The first six months, the second half, the third quarter of a year."""
    text = said.text
    year = said.years[0] if said.years else said.today.year - bool(said.words.past_year.search(text))
    if short := QUARTER.search(text):
        size, nth, count = (6 if short[1] in "hs" else 3), int(short[2]), 1
    else:
        numbers = said.numbers
        size = max(1, said.words.units[said.words.unit.findall(text)[0]])
        nth, count = _nth(numbers)
    length = size * count
    start = 12 - length if nth < 0 else (nth - 1) * size
    first = date(year, start + 1, 1)
    return first, end_of(year, start + length)


def _nth(numbers: list[int]) -> tuple[int, int]:
    """ "first six months" is (1, 6), "six first months" in some languages (6, 1)."""
    if len(numbers) < 2:
        return (numbers[0] if numbers else 1), 1
    return (numbers[0], numbers[1]) if numbers[0] in (1, -1) else (numbers[1], numbers[0])


def _ever(said: Said) -> Ends:
    return None, None


RESOLVERS: Mapping[str, Callable[[Said], Ends]] = {
    "dates": _dates, "this": _this, "last": _last, "past": _past, "recent": _recent, "part": _part, "ever": _ever,
}  # fmt: skip


@cache
def load(lang: str) -> Words:
    """The periods of one language, checked and compiled."""
    path = resources.files("tocsin.check").joinpath(f"data/periods_{lang}.toml")
    table = read_toml(path)
    months, numbers, units = table["names"], table["numbers"], table["units"]
    rules = tuple(_rule(row, table["lists"], lang, f"{path}: period {n}") for n, row in enumerate(table["period"], 1))
    listed = (_any(months), _any([*numbers, r"\d{1,3}"]), _any(units), *map(_any, table["words"].values()))
    return Words(rules, months, numbers, units, *listed)


def _rule(row: dict[str, Any], lists: dict[str, list[str]], lang: str, where: str) -> Rule:
    if set(row) - KEYS or row.get("do") not in (*RESOLVERS, "year-ago", "before"):
        raise DataError(
            f"{where}: found {sorted(row)}, expected {', '.join(sorted(KEYS))} and do of {', '.join(RESOLVERS)}"
        )
    return Rule(
        row["id"],
        row["do"],
        compiled(row["patterns"], lists, lang, where),
        row.get("open", False),
        row.get("unit", ""),
        row.get("like", ""),
    )


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(words, key=len, reverse=True))})(?!\w)")
