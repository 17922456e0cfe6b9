"""Parquet, for analysis with pandas, polars, DuckDB and R.

In:  event rows.
Out: typed columns in zstd; row groups are written as they fill. `about` is in the file's metadata.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from typing import Any, BinaryIO

from tocsin.codebook import COLUMNS
from tocsin.errors import UsageError
from tocsin.exchange.formats import json_line
from tocsin.exchange.writers.files import AnyRow, as_dict

GROUP = 50_000  # rows in a row group
WHOLE = ("year", "time_precision", "iso", "geo_precision", "fatalities", "fatalities_low", "fatalities_best",
         "fatalities_high", "geonameid")  # fmt: skip
TYPES = {**dict.fromkeys(WHOLE, "int32"), "timestamp": "int64", "event_date": "date32",
         **dict.fromkeys(("latitude", "longitude", "place_radius_km"), "float64"),
         **dict.fromkeys(("background", "complete"), "bool_")}  # fmt: skip
ADDED = ("fatalities_low", "fatalities_best", "fatalities_high", "background", "place_radius_km", "geonameid",
         "complete")  # fmt: skip


def write_parquet(rows: Iterable[AnyRow], out: BinaryIO, about: Mapping[str, Any]) -> int:
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as pq  # type: ignore[import-untyped]
    except ImportError as error:
        raise UsageError("Parquet needs one more package; type: pip install 'tocsin[parquet]'") from error
    types = [(name, getattr(pa, TYPES.get(name, "string"))()) for name in (*COLUMNS, *ADDED)]
    schema = pa.schema(types).with_metadata({"tocsin": json_line(dict(about))})
    count, left = 0, map(as_dict, rows)
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        while batch := list(islice(left, GROUP)):
            columns = [pa.array(_column(batch, field.name), field.type) for field in schema]
            writer.write_batch(pa.record_batch(columns, schema=schema))
            count += len(batch)
    return count


def _column(batch: list[dict[str, Any]], name: str) -> list[Any]:
    found = [row.get(name) for row in batch]
    return [day and date.fromisoformat(day) for day in found] if name == "event_date" else found
