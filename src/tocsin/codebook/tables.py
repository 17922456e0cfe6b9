"""Read the codebook's data files and say where they are wrong.

In:  the name of a TOML file in data/, or a path.
Out: its tables as `Row`s that know file and line; whatever is missing, unknown or double raises DataError.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tocsin.errors import DataError
from tocsin.toml import parse_toml

DATA = Path(__file__).parent / "data"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One `[[table]]` of a file."""

    values: Mapping[str, Any]
    where: str  # "path:line"

    def wrong(self, found: object, expected: str) -> DataError:
        return DataError(f"{self.where}: found {found}, expected {expected}")

    def get(self, key: str, kind: type[T], default: T | None = None) -> T:
        """The value of `key`; without a default it must be there."""
        value = self.values.get(key, default)
        if not isinstance(value, kind):
            raise self.wrong(f"{key} = {value!r}", f"{key} of type {kind.__name__}")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty if the key is missing."""
        values = self.get(key, list, [])
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(f"{key} = {values!r}", f"{key} as a list of strings")
        return tuple(values)

    def one_of(self, key: str, known: Collection[str]) -> str:
        value = self.get(key, str)
        if value not in known:
            raise self.wrong(f"{key} = {value!r}", "one of " + ", ".join(sorted(known)))
        return value


@dataclass(frozen=True, slots=True)
class Table:
    """One file."""

    path: Path
    text: str
    data: Mapping[str, Any]

    def rows(self, name: str, keys: Collection[str], unique: str = "") -> Iterator[Row]:
        """The tables `[[name]]`, which may have only `keys`, each with its own value of `unique`."""
        heads = re.finditer(rf"^\[\[{name}\]\]", self.text, re.MULTILINE)
        lines = [self.text.count("\n", 0, head.start()) + 1 for head in heads]
        seen: set[Any] = set()
        for line, values in zip(lines, self.data.get(name, ()), strict=True):
            row = Row(values, f"{self.path}:{line}")
            if unknown := set(values) - set(keys):
                raise row.wrong(f"key {sorted(unknown)[0]!r}", "only " + ", ".join(keys))
            if unique and row.get(unique, object) in seen:
                raise row.wrong(f"a second {values[unique]!r}", f"each {unique} once")
            seen.add(values.get(unique))
            yield row


def read(path: Path) -> Table:
    """Parse a TOML file."""
    text = path.read_text(encoding="utf-8")
    return Table(path, text, parse_toml(text, str(path)))
