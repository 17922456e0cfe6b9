"""Answers written down: CSV, JSON, Parquet, and a table for the terminal.

In:  an Answer or its table.
Out: text or bytes; a file appears when it is whole.
"""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from tocsin.analyse.answer import Answer
from tocsin.errors import UsageError
from tocsin.exchange.writers.files import into, write_table

if TYPE_CHECKING:
    from rich.table import Table

FORMS = (".csv", ".json", ".parquet")
WIDEST, GAP, FEWEST = 32, 2, 2  # of a printed table: characters of a column, between two, columns at least


def write(answer: Answer, path: Path) -> None:
    """The table into a file of the form that its ending says; UsageError if it says another."""
    if path.suffix not in FORMS:
        raise UsageError(f"{path}: found the ending {path.suffix!r}, expected one of {', '.join(FORMS)}.")
    with into(path) as out:
        if path.suffix == ".parquet":
            answer.table.write_parquet(out)
        else:
            out.write(as_csv(answer.table) if path.suffix == ".csv" else as_json(answer).encode())


def as_csv(table: pl.DataFrame) -> bytes:
    """RFC 4180; cells of text that start like a formula are made harmless."""
    out = BytesIO()
    write_table(plain(table).iter_rows(), out, table.columns)
    return out.getvalue()


def as_json(answer: Answer) -> str:
    """All of the answer but its figure."""
    return json.dumps({
        "question": answer.question, "sentence": answer.sentence, "notes": list(answer.notes), "source": answer.source,
        "events": list(answer.events), "table": plain(answer.table).to_dicts(),
        "tables": {name: plain(table).to_dicts() for name, table in answer.tables.items()},
    }, ensure_ascii=False)  # fmt: skip


def plain(table: pl.DataFrame) -> pl.DataFrame:
    """Days and categories as texts, numbers that are not known as nothing."""
    return table.with_columns(
        pl.col(pl.Date, pl.Categorical).cast(pl.String), pl.col(pl.Float32, pl.Float64).fill_nan(None)
    )


def cells(table: pl.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Headings and rows as people read them; bounds stand behind their value: 12 (10 to 15)."""
    bounds = {name: (f"{name}_low", f"{name}_high") for name in table.columns if f"{name}_low" in table.columns}
    names = [name for name in table.columns if not any(name in pair for pair in bounds.values())]
    rows = [[_cell(row, name, bounds.get(name)) for name in names] for row in table.iter_rows(named=True)]
    return names, rows


def readable(table: pl.DataFrame, width: int) -> tuple[Table, list[str]]:
    """A table for a terminal of this width, and the names of the columns that it has no room for."""
    from rich.table import Table

    names, rows = cells(table)
    wide = [min(WIDEST, max(map(len, (_head(name), *(row[at] for row in rows))))) for at, name in enumerate(names)]
    shown, room = Table(box=None, header_style="bold", pad_edge=False), width
    fitting: list[int] = []
    for at, name in enumerate(names):
        room -= wide[at] + GAP
        if room < -GAP and len(fitting) >= FEWEST:
            break
        fitting.append(at)
        right = table[name].dtype.is_numeric()
        shown.add_column(_head(name), justify="right" if right else "left", max_width=WIDEST, overflow="fold")
    for row in rows:
        shown.add_row(*(row[at] for at in fitting))
    return shown, [_head(name) for at, name in enumerate(names) if at not in fitting]


def _head(name: str) -> str:
    return name.replace("_", " ")


def _cell(row: dict[str, Any], name: str, bounds: tuple[str, str] | None) -> str:
    value = _text(row[name])
    if bounds is None or row[name] is None or row[bounds[0]] is None or row[bounds[0]] == row[bounds[1]] == row[name]:
        return value
    return f"{value} ({_text(row[bounds[0]])} to {_text(row[bounds[1]])})"


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if value == round(value) or abs(value) >= 100 else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value) if isinstance(value, date) else f"{value}"
