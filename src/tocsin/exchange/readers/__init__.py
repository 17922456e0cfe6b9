"""Read other people's event data: ACLED, UCDP GED and Candidate, GDELT 2, and any table with a mapping.

In:  a file (.csv, .csv.gz, .zip) and its kind.
Out: a stream of claim rows, one for each event, and of Issues; nothing is decided, nothing kept in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tocsin.errors import SourceError, UsageError
from tocsin.exchange.readers.acled import read_acled
from tocsin.exchange.readers.files import opened, table
from tocsin.exchange.readers.gdelt import gdelt_table, read_gdelt
from tocsin.exchange.readers.mapped import load_mapping, read_mapped
from tocsin.exchange.readers.rows import Row
from tocsin.exchange.readers.ucdp import read_ucdp
from tocsin.model import Issue

KINDS = ("acled", "ucdp-ged", "gdelt", "csv")

__all__ = ["KINDS", "Row", "read_rows"]


def read_rows(
    path: Path | str, kind: str, mapping: Path | str | None = None, dataset: str | None = None
) -> Iterator[Row | Issue]:
    """Every event of a file as a claim row, and an issue for all that is odd.

    `dataset` names the data in every row; left out, the kind, or what the mapping says.
    SourceError: the file cannot be read. UsageError: no such kind. DataError: the mapping is wrong.
    """
    if kind not in KINDS:
        raise UsageError(f"{kind!r} is no kind of data that is imported; known: {', '.join(KINDS)}")
    if mapping and kind != "csv":
        raise UsageError(f"a mapping is for tables of other kinds (csv), not for {kind}")
    return _rows(Path(path), kind, Path(mapping) if mapping else None, dataset)


def _rows(path: Path, kind: str, mapping: Path | None, dataset: str | None) -> Iterator[Row | Issue]:
    how = load_mapping(mapping)
    where = str(path)
    try:
        with opened(path) as stream:
            if kind == "acled":
                yield from read_acled(table(stream), where, dataset or kind)
            elif kind == "ucdp-ged":
                yield from read_ucdp(table(stream), where, dataset or kind)
            elif kind == "gdelt":
                yield from read_gdelt(gdelt_table(stream), where, dataset or kind)
            else:
                yield from read_mapped(table(stream, how.delimiter), where, dataset or how.dataset, how)
    except SourceError as error:
        raise error if where in str(error) else SourceError(f"{where}: {error}") from error
