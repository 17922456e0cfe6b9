"""What a client of ACLED's API asks for, in the words of that API.

In:  the parameters of an address: `name=value`, `name_where=operator`, `a|b`, `a:OR:other=b`, limit, page, fields, …
Out: `Wanted`: groups of terms, of which each group must hold (a group holds if one of its terms does), and the page.
"""

from __future__ import annotations

import operator as python
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import reduce
from typing import Any

from tocsin.codebook import COLUMNS, inter_label, interactions
from tocsin.errors import UsageError
from tocsin.serve.events.asked import Query

LIMIT = 5000  # rows of a page, if nobody says
MOST = 2000  # values of all terms together
LARGEST = 10**12  # of a number; PostgreSQL and SQLite know larger ones
LATEST = 253_370_764_800  # seconds: the year 9999
OPERATORS = {"=": python.eq, ">": python.gt, "<": python.lt, ">=": python.ge, "<=": python.le}
REGIONS = {1: "Western Africa", 2: "Middle Africa", 3: "Eastern Africa", 4: "Southern Africa", 5: "Northern Africa",
           7: "South Asia", 9: "Southeast Asia", 11: "Middle East", 12: "Europe", 13: "Caucasus and Central Asia",
           14: "Central America", 15: "South America", 16: "Caribbean", 17: "East Asia", 18: "North America",
           19: "Oceania", 20: "Antarctica"}  # fmt: skip
TEXT, DAY, WHOLE, NUMBER, TIME = "text", "day", "whole number", "number", "time"
Kinds = Mapping[str, tuple[str, str]]  # column -> kind of value, operator if nobody says

EVENT: Kinds = {
    **dict.fromkeys(COLUMNS, (TEXT, "LIKE")),
    **dict.fromkeys(("inter1", "inter2", "interaction", "region", "country"), (TEXT, "=")),
    **dict.fromkeys(("year", "time_precision", "iso", "geo_precision", "fatalities"), (WHOLE, "=")),
    **dict.fromkeys(("latitude", "longitude"), (NUMBER, "=")),
    "event_date": (DAY, "="),
    "timestamp": (TIME, ">="),
}
ALSO = {"key", "email", "terms", "limit", "page", "fields", "export_type", "population", "inter_num", "_format",
        "format", "acled_format", "with_total"}  # fmt: skip
OLD = ("data_id", "event_id_no_cnty", "iso3")  # columns that ACLED no longer has; old scripts name them in `fields`
POPULATION = {"true": ("population_best",),
              "full": ("population_1km", "population_2km", "population_5km", "population_best")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """`values`: any of them will do; texts in small letters; of BETWEEN pairs. The text "" means no value."""

    name: str
    kind: str
    operator: str
    values: tuple[Any, ...]

    def holds(self, value: Any) -> bool:
        """Of one value. What is not known fits nothing but the text ""."""
        if self.kind == TEXT or self.operator == "LIKE":
            text = "" if value is None else str(value).lower()
            return any(part in text for part in self.values) if self.operator == "LIKE" else text in self.values
        return value is not None and bool(self.compare(value))

    def compare(self, x: Any) -> Any:
        """The comparison with a number, with an array of them, or with a column of a database."""
        return compare(x, self.operator, self.values)


Group = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One page of the rows that fit. `messages`: what was not understood and is left aside."""

    groups: tuple[Group, ...] = ()
    limit: int = LIMIT  # 0: no limit
    page: int = 1
    fields: tuple[str, ...] = COLUMNS
    monadic: bool = False
    numeric: bool = False  # kinds of actors as numbers
    csv: bool = False
    messages: tuple[str, ...] = ()

    @property
    def span(self) -> slice:
        """Of all rows that fit, those of the page. Without a limit all are on the first."""
        if self.limit:
            return slice((self.page - 1) * self.limit, self.page * self.limit)
        return slice(None) if self.page == 1 else slice(0, 0)

    def holds(self, row: Mapping[str, Any]) -> bool:
        return all(any(term.holds(row.get(term.name)) for term in group) for group in self.groups)


def compare(x: Any, operator: str, values: Sequence[Any]) -> Any:
    if operator == "BETWEEN":
        parts = [(x >= low) & (x <= high) for low, high in values]
    else:
        parts = [OPERATORS[operator](x, value) for value in values]
    return reduce(python.or_, parts)


def read(query: Query, names: Sequence[str], kinds: Kinds = EVENT, columns: tuple[str, ...] = COLUMNS) -> Wanted:
    """What is asked for. `names`: those of the parameters; UsageError says what is wrong with the first wrong one."""
    given = {name: [value for value in query.getlist(name) if value.strip()] for name in dict.fromkeys(names)}
    if wrong := next((name for name, values in given.items() if "\0" in "".join(values)), None):
        raise UsageError(f"{wrong[:40]}: found a NUL character, expected text.")
    operators = {name: _operator(name, kinds, given.get(f"{name}_where", [])) for name in kinds}
    groups = tuple(_group(name, given[name], operators, kinds) for name in kinds if given.get(name))
    if sum(len(term.values) for group in groups for term in group) > MOST:
        raise UsageError(f"found more than {MOST} values; ask in several requests.")
    known = set(kinds) | {f"{name}_where" for name in kinds} | ALSO
    ignored = [f"{name[:40]} is not known here and was left aside." for name in given if name not in known]
    fields, messages = _fields(given, columns)
    one = {name: values[-1].strip().lower() for name, values in given.items() if values}
    return Wanted(
        groups,
        _count("limit", one.get("limit", str(LIMIT)), 0),
        _count("page", one.get("page", "1"), 1),
        fields,
        _choice("export_type", one.get("export_type", "dyadic"), ("dyadic", "monadic")) == "monadic",
        one.get("inter_num", "0") in ("1", "true"),
        _choice("_format", one.get("_format", "json"), ("json", "csv")) == "csv",
        (*ignored[:20], *messages),
    )


def _fields(given: Mapping[str, Sequence[str]], columns: tuple[str, ...]) -> tuple[tuple[str, ...], list[str]]:
    """The columns of the answer, and what to say about them."""
    people = POPULATION.get("".join(given.get("population", [])[-1:]).strip().lower(), ())
    asked = [name.strip().lower() for value in given.get("fields", []) for name in re.split(r"[|,]", value)]
    if wrong := [name for name in asked if name and name not in (*columns, *people, *OLD)]:
        raise UsageError(f"fields: found {wrong[0][:40]!r}, expected some of {'|'.join(columns)}.")
    messages = [f"ACLED has no column {name} any more." for name in asked if name in OLD]
    if people:
        messages.append("The population is not known here; its columns are empty.")
    kept = tuple(dict.fromkeys(name for name in asked if name and name not in OLD)) or columns
    return (*kept, *(name for name in people if name not in kept)), messages


def _operator(name: str, kinds: Kinds, given: Sequence[str]) -> str:
    kind, usual = kinds[name]
    if not given:
        return usual
    found = given[-1].strip().upper()
    allowed = ["=", "LIKE"] if kind == TEXT and name not in _NUMBERED else [*OPERATORS, "LIKE", "BETWEEN"]
    if kind in (NUMBER, TIME):
        allowed.remove("LIKE")
    if found not in allowed:
        raise UsageError(f"{name}_where: found {given[-1][:20]!r}, expected one of {' '.join(allowed)}.")
    return found


def _group(name: str, given: Sequence[str], operators: Mapping[str, str], kinds: Kinds) -> Group:
    """The terms of a parameter: more than one where `:OR:` names other columns."""
    texts: dict[str, list[str]] = {}
    for value in given:
        first, *others = re.split(":OR:", value, flags=re.IGNORECASE)
        texts.setdefault(name, []).append(first)
        for other in others:
            before, equals, after = other.partition("=")
            column = before.strip().lower()
            named = (column, after) if equals and column in kinds else (name, other)
            texts.setdefault(named[0], []).append(named[1])
    return tuple(_term(each, texts[each], operators[each], kinds[each][0]) for each in texts)


def _term(name: str, given: Sequence[str], operator: str, kind: str) -> Term:
    parts = [[part.strip() for part in text.split("|") if part.strip()] for text in given]
    if operator == "BETWEEN":
        if wrong := next((text for text, pair in zip(given, parts, strict=True) if len(pair) != 2), None):
            raise UsageError(f"{name}: found {wrong[:40]!r}, expected two values for BETWEEN: from|to.")
        values: list[Any] = [tuple(_value(name, each, kind) for each in pair) for pair in parts]
    else:
        flat = [part for pair in parts for part in pair]
        values = [part.lower() for part in flat] if operator == "LIKE" else [_value(name, part, kind) for part in flat]
    if name in _NUMBERED:
        return Term(name, kind, *_labels(name, operator, values))
    if name == "year":
        return Term("event_date", DAY, *_days(operator, values))
    return Term(name, kind, operator, tuple(dict.fromkeys(values)))


def _value(name: str, text: str, kind: str) -> Any:
    if name in _NUMBERED:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text.lower()
    if kind == TEXT:
        return text.lower()
    try:
        return _READ[kind](text)
    except (ValueError, OverflowError):
        raise UsageError(f"{name}: found {text[:40]!r}, expected {_MEANT[kind]}.") from None


def _time(text: str) -> int:
    """Seconds since 1970, given as such or as a day."""
    if re.fullmatch(r"[0-9]{1,12}", text):
        return min(int(text), LATEST)
    day = date.fromisoformat(text)
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _number(text: str) -> float:
    found = float(text)
    if not abs(found) < LARGEST:
        raise ValueError(text)
    return found


def _whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,12}", text):
        raise ValueError(text)
    return int(text)


_READ: Mapping[str, Any] = {DAY: lambda text: date.fromisoformat(text).isoformat(), WHOLE: _whole, NUMBER: _number,
                            TIME: _time}  # fmt: skip
_MEANT = {DAY: "a day such as 2024-03-12", WHOLE: "a whole number", NUMBER: "a number",
          TIME: "seconds since 1970, or a day such as 2024-03-12"}  # fmt: skip


def _inters() -> Mapping[int, str]:
    return {0: "", **{number: inter_label(number) for number in range(1, 9)}}


# Columns of texts that have numbers, too, by which they can be asked for.
_NUMBERED: Mapping[str, Any] = {
    "region": lambda: REGIONS,
    "inter1": _inters,
    "inter2": _inters,
    "interaction": lambda: {0: "", **interactions()},
}


def numbers_of(name: str) -> Mapping[str, int]:
    """The number of each text of a column that has numbers."""
    return {text: number for number, text in _NUMBERED[name]().items()}


def _labels(name: str, operator: str, values: Sequence[Any]) -> tuple[str, tuple[str, ...]]:
    """The texts that are meant by texts and numbers."""
    table: Mapping[int, str] = _NUMBERED[name]()
    numbers = [each for each in values if not isinstance(each, str)]
    texts = [each for each in values if isinstance(each, str)]
    if operator == "LIKE":
        return operator, tuple(texts)
    if operator != "=" and (texts or any(isinstance(part, str) for pair in values if operator == "BETWEEN"
                                         for part in pair)):  # fmt: skip
        raise UsageError(f"{name}_where: found {operator!r} for a text, expected = or LIKE.")
    if wrong := [each for each in numbers if operator == "=" and each not in table]:
        raise UsageError(f"{name}: found {wrong[0]}, expected one of {', '.join(map(str, table))}.")
    meant = [table[each].lower() for each in table if numbers and compare(each, operator, numbers)]
    return "=", tuple(dict.fromkeys((*texts, *meant))) or ("\0",)  # no number fits: nothing does


def _days(operator: str, years: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
    """The days that years mean."""
    flat = [year for each in years for year in (each if isinstance(each, tuple) else (each,))]
    if operator == "LIKE":
        return "LIKE", tuple(f"{year}-" for year in years)
    if wrong := [year for year in flat if not 1 <= year <= 9999]:
        raise UsageError(f"year: found {wrong[0]}, expected a year such as 2024.")
    if operator in ("=", "BETWEEN"):
        pairs = [each if isinstance(each, tuple) else (each, each) for each in years]
        return "BETWEEN", tuple((f"{first:04d}-01-01", f"{last:04d}-12-31") for first, last in pairs)
    end = "12-31" if operator in (">", "<=") else "01-01"
    return operator, tuple(f"{year:04d}-{end}" for year in years)


def _count(name: str, text: str, least: int) -> int:
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) < least:
        raise UsageError(f"{name}: found {text[:20]!r}, expected a number from {least}.")
    return int(text)


def _choice(name: str, text: str, allowed: Sequence[str]) -> str:
    if text not in allowed:
        raise UsageError(f"{name}: found {text[:20]!r}, expected {' or '.join(allowed)}.")
    return text
