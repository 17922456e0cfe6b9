"""Word lists of this stage, one TOML file each with a table per language.

In:  boilerplate.toml, languages.toml, dates.toml beside this file.
Out: nested dicts, checked: every leaf is a list of different, non-empty strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tocsin.errors import DataError
from tocsin.toml import parse_toml

Table = dict[str, Any]


@cache
def load(name: str) -> Table:
    """The table of one data file of this folder."""
    return read_table(Path(__file__).with_name(name))


def read_table(path: Path) -> Table:
    """Read and check one data file."""
    raw = path.read_text(encoding="utf-8")
    table = parse_toml(raw, str(path))
    for key, values in _leaves(table):
        _check(path, raw, key, values)
    return table


def _leaves(table: Table, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _check(path: Path, raw: str, key: str, values: Any) -> None:
    items = values if isinstance(values, list) else [values]
    seen: set[str] = set()
    for item in items:
        if not isinstance(item, str) or not item.strip() or item in seen:
            raise DataError(f"{path}:{_line_of(raw, item)}: found {item!r} in {key}, expected a new, non-empty string")
        seen.add(item)
        if key.endswith("patterns"):
            _check_pattern(path, raw, key, item)


def _check_pattern(path: Path, raw: str, key: str, item: str) -> None:
    try:
        re.compile(item)
    except re.error as error:
        raise DataError(
            f"{path}:{_line_of(raw, item)}: found {item!r} in {key}, expected a regular expression: {error}"
        ) from error


def _line_of(raw: str, item: object) -> int:
    """Line of the last place where the item is written; 1 if it cannot be found."""
    for quoted in (f'"{item}"', f"'{item}'", str(item)):
        at = raw.rfind(quoted)
        if at >= 0:
            return raw.count("\n", 0, at) + 1
    return 1
