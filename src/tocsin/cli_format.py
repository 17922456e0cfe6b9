"""What the output of a command looks like: said by name, or by the ending of the file, or by where it goes."""

from __future__ import annotations

import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.exchange import Format


class FormatName(StrEnum):
    """What the output can look like."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"
    geojson = "geojson"


class Shape(StrEnum):
    """How rows are printed."""

    table = "table"
    jsonl = "jsonl"


Shaped = Annotated[Shape | None, typer.Option("--format", "-f", help="Left out: table, piped jsonl.")]


def is_table(asked: Shape | None, out: Path | None = None) -> bool:
    """A table to read is asked for, or goes to a terminal; else lines for programs."""
    return asked is Shape.table or (asked is None and out is None and sys.stdout.isatty())


def width() -> int:
    """Of the terminal."""
    return max(60, shutil.get_terminal_size((100, 24)).columns)


def chosen_format(name: FormatName | None, out: Path | None, explain: bool) -> Format:
    """The format; UsageError if `explain` is asked of one that is for programs."""
    from tocsin.exchange import AcledCsv, GeoJson, JsonLines
    from tocsin.exchange.shown import Shown

    if explain and name not in (None, FormatName.table):
        raise UsageError(
            f"--explain is for reading, --format {name} for programs: jsonl has the reasons too. Drop one."
        )
    shown = Shown(explain, width(), out is None and sys.stdout.isatty())
    if explain:
        return shown
    match name or _by_ending(out):
        case FormatName.csv:
            return AcledCsv()
        case FormatName.geojson:
            return GeoJson()
        case FormatName.table:
            return shown
        case _:
            return JsonLines()


def _by_ending(out: Path | None) -> FormatName:
    if out is None:
        return FormatName.table if sys.stdout.isatty() else FormatName.jsonl
    ending = out.suffix.removeprefix(".").lower()
    return FormatName(ending) if ending in ("csv", "geojson") else FormatName.jsonl
