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
