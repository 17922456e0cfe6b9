"""Read a data file in TOML. In: its path. Out: its tables; a syntax error names file and line."""

from __future__ import annotations

import re
import tomllib
from importlib.resources.abc import Traversable
from typing import Any

from tocsin.errors import DataError


def read_toml(path: Traversable) -> dict[str, Any]:
    """The tables of the file, as Python has them."""
    return parse_toml(path.read_text(encoding="utf-8"), str(path))


def parse_toml(text: str, path: str) -> dict[str, Any]:
    """The tables of `text`, which stands in the file `path`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        at = line[1] if line else max(1, len(text.splitlines()))  # else at the end
        raise DataError(f"{path}:{at}: found {error}, expected TOML") from error


def line_of(text: str, name: str) -> int:
    """The line, from 1, that sets `name` or begins the table of that name; 1 if none does."""
    wanted = re.compile(rf"""\s*(?:["']?{re.escape(name)}["']?\s*=|\[+\s*{re.escape(name)}\s*\])""")
    return next((at for at, line in enumerate(text.split("\n"), 1) if wanted.match(line)), 1)
