"""HXL hashtags: the row under a header that says what each column holds, in any language.

In:  hxl.toml beside this file.
Out: tags by column, for reading and for writing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path

from tocsin.errors import DataError
from tocsin.toml import read_toml

PATH = Path(__file__).with_name("hxl.toml")
TAG = re.compile(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*")
PARTS = ("tags", "written", "hapi")


def load(path: Path) -> dict[str, dict[str, str]]:
    """Read and check a table of tags: part -> column -> tag."""
    data = read_toml(path)
    if set(data) != set(PARTS):
        raise DataError(f"{path}:1: found {', '.join(data)}, expected {', '.join(PARTS)}")
    for part in data.values():
        for column, tag in part.items():
            if not isinstance(tag, str) or not TAG.fullmatch(tag):
                raise DataError(f"{path}:1: found {column} = {tag!r}, expected a hashtag such as #date+year")
    return data


@cache
def _loaded() -> dict[str, dict[str, str]]:
    return load(PATH)


def read_tags(known: Collection[str]) -> dict[str, str]:
    """Tags by our column, to read a table by; DataError for a column that is not known."""
    found = _loaded()["tags"]
    if unknown := sorted(set(found) - set(known)):
        raise DataError(f"{PATH}:1: found {unknown[0]!r}, expected one of our columns")
    return found


def acled_tags(columns: Sequence[str]) -> tuple[str, ...]:
    """The row of tags for these columns of ours."""
    return _row({**_loaded()["tags"], **_loaded()["written"]}, columns)


def hapi_tags(columns: Sequence[str]) -> tuple[str, ...]:
    """The row of tags for the columns of OCHA's table."""
    return _row(_loaded()["hapi"], columns)


def _row(tags: Mapping[str, str], columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(tags.get(column, "") for column in columns)
