"""Filters in CQL2, the query language of OGC (21-065r2), as text. docs/serve/ogc.md says which part of it.

In:  an Index, a filter such as `country = 'Mali' AND fatalities > 5`.
Out: which events fit. What is not known fits neither a condition nor its NOT, as in SQL. UsageError says what is wrong.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import date
from functools import cache, reduce
from typing import Any

import numpy as np
from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, UnexpectedToken, VisitError

from tocsin.errors import UsageError
from tocsin.serve.events.asked import CORNERS, VALUES, Asked
from tocsin.serve.events.index import NO_DAY, Index, Mask, day_number
from tocsin.serve.ogc.queryables import Truth, box, compared, day, kind_of, known, number, texts

LONGEST = 4000  # characters of a filter
DEEPEST = 20  # brackets in brackets
GRAMMAR = r"""
?start: either
?either: both (_OR both)*
?both: factor (_AND factor)*
?factor: primary | NOT primary -> negated
?primary: "(" either ")" | predicate
?predicate: operand COMPARED literal -> compared
    | operand NOT? _LIKE literal -> like
    | operand NOT? _IN "(" literal ("," literal)* ")" -> among
    | operand NOT? _BETWEEN literal _AND literal -> between
    | NAME _IS NOT? _NULL -> missing
    | _INTERSECTS "(" NAME "," shape ")" -> intersects
    | TEMPORAL "(" NAME "," moment ")" -> temporal
    | BOOLEAN -> constant
operand: NAME | CASEI "(" NAME ")"
?literal: plain | CASEI "(" plain ")" -> folded
plain: STRING | NUMBER | BOOLEAN | instant
?instant: (_DATE | _TIMESTAMP) "(" STRING ")" -> instant
?moment: instant | _INTERVAL "(" STRING "," STRING ")" -> interval
?shape: _POINT "(" corner ")" -> point
    | _BBOX "(" NUMBER ("," NUMBER)* ")" -> bbox
    | _POLYGON rings -> polygon
    | _MULTIPOLYGON "(" rings ("," rings)* ")" -> polygon
rings: "(" ring ("," ring)* ")"
ring: "(" corner ("," corner)* ")"
corner: NUMBER NUMBER NUMBER?
_OR.3: /OR\b/i
_AND.3: /AND\b/i
NOT.3: /NOT\b/i
_LIKE.3: /LIKE\b/i
_IN.3: /IN\b/i
_BETWEEN.3: /BETWEEN\b/i
_IS.3: /IS\b/i
_NULL.3: /NULL\b/i
_INTERSECTS.3: /(S_)?INTERSECTS\b/i
TEMPORAL.3: /T_(AFTER|BEFORE|DURING|EQUALS|INTERSECTS)\b/i
CASEI.3: /CASEI\b/i
BOOLEAN.3: /(TRUE|FALSE)\b/i
_DATE.3: /DATE\b/i
_TIMESTAMP.3: /TIMESTAMP\b/i
_INTERVAL.3: /INTERVAL\b/i
_POINT.3: /POINT\b/i
_BBOX.3: /BBOX\b/i
_POLYGON.3: /POLYGON\b/i
_MULTIPOLYGON.3: /MULTIPOLYGON\b/i
COMPARED: "=" | "<>" | "<=" | ">=" | "<" | ">"
NAME: /[A-Za-z_][A-Za-z_0-9]*/ | /"[^"]+"/
STRING: /'([^'\\]|''|\\[\s\S])*'/
NUMBER: /[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?/
%ignore /\s+/
"""


def where(index: Index, text: str) -> Mask:
    """The events that fit the filter."""
    if len(text) > LONGEST:
        raise UsageError(f"filter: found {len(text)} characters, expected at most {LONGEST}.")
    if _depth(text) > DEEPEST:
        raise UsageError(f"filter: found more than {DEEPEST} brackets in brackets.")
    try:
        found: Truth = _Answer(index).transform(_parser().parse(text))
    except UnexpectedInput as error:
        ends = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        at = len(text) if ends else error.pos_in_stream or 0
        what = "the end" if ends else repr(text[at : at + 20])
        raise UsageError(
            f"filter: found {what} at character {at + 1}, expected CQL2 text such as country = 'Mali' AND "
            "fatalities > 5."
        ) from None
    except VisitError as error:
        raise error.orig_exc from None
    return found.yes


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr")


def _depth(text: str) -> int:
    """The most brackets that are open at once."""
    deepest = depth = 0
    for sign in re.findall(r"'(?:[^'\\]|\\.)*'|[()]", text, re.S):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        deepest = max(deepest, depth)
    return deepest


@v_args(inline=True)
class _Answer(Transformer[Token, Any]):
    """Works a filter out from its innermost part to the whole."""

    def __init__(self, index: Index) -> None:
        super().__init__()
        self.index = index

    def either(self, *parts: Truth) -> Truth:
        return reduce(operator.or_, parts)

    def both(self, *parts: Truth) -> Truth:
        return reduce(operator.and_, parts)

    def negated(self, _not: Token, part: Truth) -> Truth:
        return ~part

    def constant(self, token: Token) -> Truth:
        every = np.ones(len(self.index), bool)
        return Truth(every, ~every) if token.upper() == "TRUE" else Truth(~every, every)

    def operand(self, *tokens: Token) -> tuple[str, bool]:
        return _name(tokens[-1]), len(tokens) == 2

    def plain(self, value: Any) -> Any:
        if not isinstance(value, Token):
            return value
        if value.type == "STRING":
            return re.sub(r"''|\\(['\\])", lambda found: found[1] or "'", value[1:-1])
        return number(value) if value.type == "NUMBER" else value.upper() == "TRUE"

    def folded(self, _casei: Token, value: Any) -> Any:
        return value

    def instant(self, token: Token) -> date:
        return day(token[1:-1])

    def interval(self, start: Token, end: Token) -> tuple[date | None, date | None]:
        first, last = (None if each[1:-1] in ("..", "") else day(each[1:-1]) for each in (start, end))
        return first, last

    def compared(self, operand: tuple[str, bool], sign: Token, value: Any) -> Truth:
        return compared(self.index, operand[0], sign, value, folded=operand[1])

    def among(self, operand: tuple[str, bool], *rest: Any) -> Truth:
        turned, values = _turned(rest)
        if len(values) > VALUES:
            raise UsageError(f"filter: found {len(values)} values after IN, expected at most {VALUES}.")
        parts = [compared(self.index, operand[0], "=", value, folded=operand[1]) for value in values]
        return turned(reduce(operator.or_, parts))

    def between(self, operand: tuple[str, bool], *rest: Any) -> Truth:
        turned, (low, high) = _turned(rest)
        parts = [compared(self.index, operand[0], sign, value, folded=operand[1])
                 for sign, value in ((">=", low), ("<=", high))]  # fmt: skip
        return turned(parts[0] & parts[1])

    def like(self, operand: tuple[str, bool], *rest: Any) -> Truth:
        turned, (pattern,) = _turned(rest)
        name, folded = operand
        if kind_of(name) != "text" or name == "event_id_cnty" or not isinstance(pattern, str):
            raise UsageError(f"filter: LIKE compares a text property with a text; found {name} LIKE {pattern!r:.40}.")
        fits = re.compile(_regular(pattern), re.S | (re.I if folded else 0)).fullmatch
        return turned(texts(self.index, name, lambda value: fits(value) is not None))

    def missing(self, name: Token, *rest: Any) -> Truth:
        turned, _ = _turned(rest)
        is_known = known(self.index, _name(name))
        return turned(Truth(~is_known, is_known))

    def intersects(self, name: Token, shape: Mask) -> Truth:
        if kind_of(_name(name)) != "place":
            raise UsageError(f"filter: S_INTERSECTS is about the property geometry; found {_name(name)}.")
        return Truth.of(shape, known(self.index, "geometry"))

    def point(self, corner: tuple[float, float]) -> Mask:
        x, y = corner
        return self.index.where(Asked(bbox=(x, y, x, y)))

    def bbox(self, *tokens: Token) -> Mask:
        return box(self.index, "filter: BBOX", list(map(number, tokens)))

    def polygon(self, *polygons: list[list[tuple[float, float]]]) -> Mask:
        if sum(len(ring) for rings in polygons for ring in rings) > CORNERS:
            raise UsageError(f"filter: found more than {CORNERS} corners.")
        parts = [
            reduce(operator.xor, [self.index.where(Asked(area=tuple(ring))) for ring in rings]) for rings in polygons
        ]
        return reduce(operator.or_, parts)

    def rings(self, *rings: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
        return list(rings)

    def ring(self, *corners: tuple[float, float]) -> list[tuple[float, float]]:
        return list(corners)

    def corner(self, x: Token, y: Token, _height: Token | None = None) -> tuple[float, float]:
        return number(x), number(y)

    def temporal(self, token: Token, name: Token, moment: Any) -> Truth:
        if kind_of(_name(name)) != "day":
            raise UsageError(f"filter: {token.upper()} is about the property event_date; found {_name(name)}.")
        first, last = moment if isinstance(moment, tuple) else (moment, moment)
        low = day_number(first.isoformat()) if first else -np.inf
        high = day_number(last.isoformat()) if last else np.inf
        days = self.index.days
        right = {"T_AFTER": days > high, "T_BEFORE": days < low, "T_DURING": (days > low) & (days < high),
                 "T_EQUALS": (days == low) & (days == high),
                 "T_INTERSECTS": (days >= low) & (days <= high)}[token.upper()]  # fmt: skip
        return Truth.of(right, days != NO_DAY)


def _name(token: Token) -> str:
    name = str(token).strip('"')
    kind_of(name)  # or UsageError
    return name


def _turned(rest: tuple[Any, ...]) -> tuple[Callable[[Truth], Truth], tuple[Any, ...]]:
    """What NOT, if it is there, does to the answer; the values."""
    if rest and isinstance(rest[0], Token) and rest[0].type == "NOT":
        return operator.invert, rest[1:]
    return operator.pos, rest


def _regular(pattern: str) -> str:
    """A pattern of LIKE as a regular expression that never tries a text in more than one way."""
    found = [""]
    for sign in re.findall(r"\\.|.", pattern, re.S):
        if sign == "%":
            found.append("")
        else:
            found[-1] += "." if sign == "_" else re.escape(sign[-1])
    if len(found) == 1:
        return found[0]
    first, *middle, last = found
    return first + "".join(f"(?>.*?{part})" for part in middle if part) + f".*{last}"
