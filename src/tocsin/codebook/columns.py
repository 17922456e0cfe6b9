"""The columns of an ACLED export.

In:  data/columns.toml.
Out: `columns()`, in the order of the export, and `COLUMNS`, their names.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tocsin.codebook.tables import DATA, Row, read

TYPES = ("str", "int", "float", "date", "list")
LIST_SEPARATOR = "; "


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `values`: all that is allowed, empty if open; `pattern`: what the whole text must match."""

    name: str
    type: str
    blank: bool
    values: tuple[object, ...]
    pattern: str | None


def load_columns(path: Path) -> tuple[Column, ...]:
    """Read and check a column file."""
    return tuple(
        _column(row) for row in read(path).rows("column", ("name", "type", "blank", "values", "pattern"), "name")
    )


def _column(row: Row) -> Column:
    return Column(
        name=row.get("name", str),
        type=row.one_of("type", TYPES),
        blank=row.get("blank", bool, False),
        values=tuple(row.get("values", list, [])),
        pattern=row.get("pattern", str, "") or None,
    )


@cache
def columns() -> tuple[Column, ...]:
    return load_columns(DATA / "columns.toml")


COLUMNS = tuple(column.name for column in columns())
