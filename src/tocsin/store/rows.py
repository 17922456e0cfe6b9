"""Rows in and out of tables: batches by the fastest way of each driver, JSON for what is no column.

In:  claim or event rows (dictionaries with ACLED's columns and more).
Out: tuples in the order of the table, and back.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, Index, Select, Table

from tocsin.link.days import days_meant
from tocsin.store.schema import ACLED, BODY

T = TypeVar("T")
Row = dict[str, Any]
BATCH = 500  # keys in one look-up; SQLite allows 32,766 parameters
PACK = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode  # made once: json.dumps makes one a call
APART = {*ACLED, "dataset", "row_id", "claims"}  # not part of `detail`


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    found = iter(items)
    while batch := list(islice(found, size)):
        yield batch


def body(row: Row) -> tuple[Any, ...]:
    """The values of BODY and the JSON of the rest."""
    rest = {name: row[name] for name in row if name not in APART}
    values = (*map(row.get, BODY), PACK(rest) if rest else "{}")
    whole = "".join([value for value in values if isinstance(value, str)])
    return values if _is_clean(whole) else tuple(map(clean, values))


def clean(value: T) -> T:
    """A text without NUL (left out) and half surrogates (shown as U+FFFD), which databases refuse; else the value."""
    if not isinstance(value, str) or _is_clean(value):
        return value
    return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # type: ignore[return-value]


def _is_clean(text: str) -> bool:
    if "\0" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def unpacked(values: Sequence[Any], event_id: str | None) -> Row:
    """The row that `body` packed."""
    row, rest = dict(zip(ACLED, (event_id, *values), strict=False)), values[len(BODY)]
    return row if rest == "{}" else {**row, **json.loads(rest)}


def days(row: Row) -> tuple[int | None, int | None]:
    """First and last ordinal day that the row's date may mean."""
    day = row.get("event_date")
    return days_meant(day, row.get("time_precision")) if day else (None, None)


def insert(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]], columns: Sequence[str]) -> None:
    """Add rows in bulk: COPY on PostgreSQL, the raw driver's executemany on SQLite."""
    driver: Any = connection.connection.driver_connection
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(columns))
        driver.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', rows)


def streamed(connection: Connection, query: Select[Any], size: int) -> Generator[tuple[Any, ...]]:
    """The rows of a query as plain tuples, `size` fetched at once; close it before the connection."""
    driver: Any = connection.connection.driver_connection
    compiled = query.compile(dialect=connection.dialect)
    names = getattr(compiled, "positiontup", None)  # SQLite's values go by position, PostgreSQL's by name
    values = compiled.params if names is None else [compiled.params[name] for name in names]
    held = {} if connection.dialect.name == "sqlite" else {"name": f"stream_{uuid4().hex}"}
    with closing(driver.cursor(**held)) as cursor:
        cursor.execute(str(compiled), values)
        while rows := cursor.fetchmany(size):
            yield from rows


@contextmanager
def indexed_later(connection: Connection, indexes: Iterable[Index]) -> Iterator[None]:
    """Take the indexes away and make them anew at the end: faster for many rows than keeping them up row by row."""
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)
