"""Events for others: one file in the form that a tool or a partner reads.

In:  event rows, dictionaries or tuples of ACLED's 31 columns (`Store.export_rows`); what to say about them.
Out: a file or a stream. A file appears only when it is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from tocsin.errors import UsageError
from tocsin.exchange.writers import acled, annotate, geojson, hapi, package, parquet, ucdp
from tocsin.exchange.writers.files import AnyRow, Row, Write, into

FORMS: Mapping[str, Write] = {
    "acled-csv": acled.write_csv,
    "acled-json": acled.write_json,
    "geojson": geojson.write_collection,
    "geojsonl": geojson.write_lines,
    "ucdp-csv": ucdp.write_csv,
    "hapi-csv": hapi.write_csv,
    "parquet": parquet.write_parquet,
    "annotations": annotate.write_page,
    "datapackage": package.write_zip,
}

TAGGED = ("acled-csv", "hapi-csv")  # may have a row of HXL hashtags


def write(
    rows: Iterable[AnyRow],
    out: BinaryIO | Path,
    form: str,
    *,
    about: Mapping[str, Any],
    tables: Mapping[str, Iterable[Row]] | None = None,
) -> int:
    """Write the rows and count the records written. `tables`: further tables of a data package, by name."""
    if form not in FORMS:
        raise UsageError(f"{form!r} is no form of export; choose one of {', '.join(FORMS)}.")
    if tables and form != "datapackage":
        raise UsageError(f"{form} holds one table; write a datapackage to add {', '.join(tables)}.")
    if about.get("hxl") and form not in TAGGED:
        raise UsageError(f"{form} has no row of HXL hashtags; {' and '.join(TAGGED)} have.")
    if form == "datapackage":
        return package.write_package(rows, out, about, tables or {})
    if not isinstance(out, Path):
        return FORMS[form](rows, out, about)
    with into(out) as file:
        return FORMS[form](rows, file, about)
