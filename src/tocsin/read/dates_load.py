"""Reads `data/dates_<language>.toml` into compiled patterns, once per language.

The file's templates are plain words with four signs: `[x]` optional, `(x|y)` either, `{slot}` a word list or number,
a space any white space. `{name}` of the table `macro` stands for each template listed there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from tocsin.errors import DataError
from tocsin.fold import fold
from tocsin.toml import read_toml

DATA = Path(__file__).parent / "data"
SPACE = r" ?[ \n] ?"
# Numbers are the same in every language, but for the ending of an ordinal: {ordinal}.
NUMBERS = {
    "day": r"(?:3[01]|[12]\d|0?[1-9])(?:{ordinal})?",
    "ord": r"(?:3[01]|[12]\d|0?[1-9])(?:{ordinal})",
    "nd": r"(?:3[01]|[12]\d|0[1-9])",
    "nm": r"(?:1[0-2]|0?[1-9])",
    "mm": r"(?:1[0-2]|0[1-9])",
    "year": r"(?:19|20)\d\d",
    "yy": r"[0-3]\d",
    "figure": r"\d{{1,3}}",
}
SIGNS = {
    "digit": r"\d",
    "letter": r"[a-z]",
    "open": r"\(",
    "close": r"\)",
    "end": r"$",
    "line": r"(?:^|\n)",
}  # never captured
ALIASES = {"ord": "day", "nd": "day", "nm": "month", "mm": "month", "wd": "weekday", "yy": "year"}
ALIASES |= {"figure": "count", "number": "count", "few": "count"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One `[[rule]]` of the data file."""

    id: str
    do: str
    options: Mapping[str, Any]
    precede: re.Pattern[str] | None
    unless_precede: re.Pattern[str] | None
    exclude: frozenset[str]
    spelled: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """One compiled template of a rule."""

    rule: Rule
    regex: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All that is known about time expressions of one language."""

    by_first: Mapping[str, tuple[Pattern, ...]]
    values: Mapping[str, Mapping[str, int]]
    capital: frozenset[str]
    lead: re.Pattern[str]
    tail: re.Pattern[str]
    late: re.Pattern[str]
    rules: tuple[Rule, ...] = field(default=())


def lexicon(lang: str) -> Lexicon | None:
    """The patterns of a language, None if it has no data file."""
    path = DATA / f"dates_{lang}.toml"
    return load(path) if lang.isalpha() and path.exists() else None


@cache
def load(path: Path) -> Lexicon:
    """Compile one data file. Raises DataError if it contradicts itself."""
    try:
        return _Compiler(path, read_toml(path)).lexicon()
    except KeyError as error:
        raise DataError(f"{path}:1: found no {error}, expected that table or slot") from error


# A template, parsed: words, ("slot", name) or ("any", alternatives, optional)
Node = str | tuple[str, str] | tuple[str, list[list[Any]], bool]


def parse(template: str) -> list[Any]:
    """The template as a tree. Raises ValueError if brackets do not match."""
    pieces = iter(re.findall(r"\{\w+\}|[\[\]()|]|[^\[\](){}|]+", template))
    alternatives = _parse(pieces, "")
    return [("any", alternatives, False)]


def _parse(pieces: Iterator[str], close: str) -> list[list[Any]]:
    alternatives: list[list[Any]] = [[]]
    for piece in pieces:
        if piece == close:
            return alternatives
        if piece in "[(":
            end = "]" if piece == "[" else ")"
            alternatives[-1].append(("any", _parse(pieces, end), piece == "["))
        elif piece == "|":
            alternatives.append([])
        elif piece[0] == "{":
            alternatives[-1].append(("slot", piece[1:-1]))
        elif piece in "])":
            raise ValueError(f"found {piece!r}, expected a matching bracket")
        else:
            alternatives[-1].append(fold(piece))
    if close:
        raise ValueError(f"found the end, expected {close!r}")
    return alternatives


class _Compiler:
    """Turns the tables of one file into a Lexicon."""

    def __init__(self, path: Path, data: dict[str, Any]) -> None:
        self.path, self.data = path, data
        self.values = {name: _table(table, 1 if name == "month" else 0) for name, table in data["words"].items()}
        self.macros: dict[str, list[str]] = data.get("macro", {})
        self.slots = {name: _either(table) for name, table in self.values.items()}
        ordinal = "|".join(fold(word) for word in data["ordinal"])
        self.slots |= {name: regex.format(ordinal=ordinal) for name, regex in NUMBERS.items()}
        self.unnamed = SIGNS | {"clock": "|".join(data["clock"])}

    def lexicon(self) -> Lexicon:
        by_first: dict[str, list[Pattern]] = {}
        rules = []
        for row in self.data["rule"]:
            rule = self.rule(row)
            rules.append(rule)
            for template in row["patterns"]:
                self._add(rule, template, row, by_first)
        return Lexicon(
            by_first={word: tuple(patterns) for word, patterns in by_first.items()},
            values=self.values,
            capital=frozenset(fold(word) for word in self.data["capital"]),
            lead=self._lead(),
            tail=re.compile(rf"(?:{self._any(self.data['tail'])}){{1,3}}(?!\w)"),
            late=re.compile(rf"(?<![\w:.])(?:{'|'.join(self.data['late'])})(?!\w)"),
            rules=tuple(rules),
        )

    def rule(self, row: dict[str, Any]) -> Rule:
        known = {"id", "do", "patterns", "precede", "unless_precede", "follow", "unless_follow", "exclude", "spelled"}
        return Rule(
            id=row["id"],
            do=row["do"],
            options={key: value for key, value in row.items() if key not in known},
            precede=self._before(row, "precede"),
            unless_precede=self._before(row, "unless_precede"),
            exclude=frozenset(fold(word) for word in row.get("exclude", ())),
            spelled=row.get("spelled", ""),
        )

    def _add(self, rule: Rule, template: str, row: dict[str, Any], by_first: dict[str, list[Pattern]]) -> None:
        ahead = "".join(
            f"({sign}{self._any(row[key])})" for key, sign in (("follow", "?="), ("unless_follow", "?!")) if key in row
        )
        for expanded in self.expand(template):
            tree = self._tree(expanded, template)
            try:
                pattern = Pattern(rule, re.compile(rf"{self.regex(tree)}(?!\w){ahead}"))
            except re.error as error:
                raise DataError(f"{self.path}:{self._line(template)}: {error}, in {template!r}") from error
            for word in self.firsts(tree):
                by_first.setdefault(word, []).append(pattern)

    def _tree(self, expanded: str, template: str) -> list[Any]:
        try:
            return parse(expanded)
        except ValueError as error:
            raise DataError(f"{self.path}:{self._line(template)}: {error}, in {template!r}") from error

    def _line(self, template: str) -> int:
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return next((n for n, line in enumerate(lines, 1) if template in line), 1)

    def expand(self, template: str) -> list[str]:
        """The template with each macro replaced by each of its templates."""
        pieces = re.split(r"(\{\w+\})", template)
        choices = [self.macros.get(piece[1:-1], [piece]) if piece[:1] == "{" else [piece] for piece in pieces]
        expanded = ["".join(choice) for choice in product(*choices)]
        return expanded if expanded == [template] else [e for x in expanded for e in self.expand(x)]

    def regex(self, tree: list[Any], *, named: bool = True) -> str:
        return "".join(self._node(node, named) for node in tree)

    def _node(self, node: Any, named: bool) -> str:
        if isinstance(node, str):
            return re.escape(node).replace(r"\ ", SPACE).replace(r"\-", "-")
        if node[0] == "slot":
            if node[1] in self.unnamed:
                return f"(?:{self.unnamed[node[1]]})"
            regex = self.slots[node[1].rstrip("123456789")]
            return f"(?P<{node[1]}>{regex})" if named else f"(?:{regex})"
        body = "|".join(self.regex(branch, named=named) for branch in node[1])
        return f"(?:{body}){'?' if node[2] else ''}"

    def firsts(self, tree: list[Any]) -> set[str]:
        """The words a match can begin with; "#" is a number, "" that it can be empty."""
        found: set[str] = set()
        for node in tree:
            words = self._first(node)
            found |= words - {""}
            if "" not in words:
                return found
        return found | {""}

    def _first(self, node: Any) -> set[str]:
        if isinstance(node, str):
            return {_word(node)}
        if node[0] == "slot":
            name = node[1].rstrip("123456789")
            return {"#"} if name in NUMBERS | self.unnamed else {_word(word) for word in self.values[name]}
        return set().union(*(self.firsts(branch) for branch in node[1]), {""} if node[2] else set())

    def _any(self, templates: list[str]) -> str:
        return "|".join(self.regex(self._tree(e, t), named=False) for t in templates for e in self.expand(t))

    def _before(self, row: dict[str, Any], key: str) -> re.Pattern[str] | None:
        return re.compile(rf"(?<!\w)(?:{self._any(row[key])})$") if key in row else None

    def _lead(self) -> re.Pattern[str]:
        at = f"(?:{self._any(self.data['lead']['at'])})"
        others = "|".join(
            f"(?P<{name}>{self._any(words)})" for name, words in self.data["lead"].items() if name != "at"
        )
        return re.compile(rf"(?<![\w'])(?:{at}{{1,4}}|(?:{others}){at}{{0,4}})$")


def _word(text: str) -> str:
    found = re.match(r"\w+", text)
    if not found:
        return ""
    return "#" if found[0][0].isdigit() else found[0]


def _table(table: Any, start: int) -> dict[str, int]:
    """Word to value: of a table as it stands, of lists in lists their number, of a plain list 1."""
    if isinstance(table, dict):
        return {fold(word): value for word, value in table.items()}
    if table and isinstance(table[0], list):
        return {fold(word): n for n, words in enumerate(table, start) for word in words}
    return {fold(word): 1 for word in table}


def _either(words: Mapping[str, int]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", SPACE).replace(r"\-", "-") for word in ordered)
