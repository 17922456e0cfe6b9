"""A user's own table of places.

In:  lines of a CSV with the columns name, latitude, longitude, country, and perhaps geonameid, admin1, admin2, feature,
     population, alternatenames; parted by commas, semicolons or tabs.
Out: `Row` values; of a bad row the line it begins on and what is wrong.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator

from tocsin import countries
from tocsin.errors import SourceError
from tocsin.locate.geonames import BadRow, Row, Wanted, degrees, iso3_of, people, rule_of, whole
from tocsin.locate.streams import is_utf8

NEEDED = ("name", "latitude", "longitude", "country")
SHORT = {"lat": "latitude", "lon": "longitude", "lng": "longitude", "long": "longitude", "id": "geonameid"}


def header(line: str) -> tuple[str, list[str]] | None:
    """What parts the columns, and their names; None if this is no header of places."""
    for mark in ",;\t":
        cells = next(csv.reader([line.removeprefix("\ufeff")], delimiter=mark), [])
        names = [SHORT.get(cell.strip().casefold(), cell.strip().casefold()) for cell in cells]
        if set(NEEDED) <= set(names):
            return mark, names
    return None


def rows(
    name: str, lines: Iterator[str], shape: tuple[str, list[str]], wanted: Wanted, bad: Callable[[int, BadRow], None]
) -> Iterator[Row]:
    """The rows of a table, from its second line on; `shape`: what `header` says of the first."""
    mark, columns = shape
    reader, begins = csv.reader((line + "\n" for line in lines), delimiter=mark), 2
    try:
        for cells in reader:
            line, begins = begins, reader.line_num + 2
            try:
                row = made(cells, columns, mark) if any(cells) else None
            except BadRow as wrong:
                bad(line, wrong)
                continue
            if row and wanted.has(row.country):
                yield row
    except csv.Error as error:
        raise SourceError(f"{name}:{reader.line_num + 1}: {error}; is a quotation mark left open?") from error


def made(cells: list[str], columns: list[str], mark: str) -> Row:
    if len(cells) != len(columns):
        raise BadRow("", f"{len(cells)} columns", f"{len(columns)} as in the header")
    if odd := next((c for c, cell in zip(columns, cells, strict=True) if not is_utf8(cell)), None):
        raise BadRow(odd, "bytes that are no UTF-8", "UTF-8; save the table as UTF-8")
    said = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    if not said["name"]:
        raise BadRow("name", "nothing", "a name")
    country, rule = country_of(said["country"]), rule_of(code := said.get("feature", "").rpartition(".")[2] or "PPL")
    one = f"{country}|{said['admin1']}" if said.get("admin1") else ""
    two = f"{one or country + '|'}|{said['admin2']}" if said.get("admin2") else ""
    lat, lon = (said[c].replace(",", ".") if mark == ";" else said[c] for c in ("latitude", "longitude"))
    number = said.get("geonameid", "")
    return Row(
        whole("geonameid", number) if number else None, said["name"], others(said.get("alternatenames", "")),
        rule.kind, degrees("latitude", lat, 90), degrees("longitude", lon, 180), country, one, two,
        people(said.get("population", "")), code, rule.radius,
    )  # fmt: skip


def others(cell: str) -> list[str]:
    """Other names, parted by | or, as GeoNames has them, by commas."""
    return [name.strip() for name in cell.split("|" if "|" in cell else ",") if name.strip()]


def country_of(said: str) -> str:
    """ISO alpha-3 of a code or an English or French name."""
    found = iso3_of().get(said.upper()) if len(said) < 4 else None
    if not found:
        home = countries.by_name(said, "en") or countries.by_name(said, "fr")
        found = home.iso3 if home else None
    if not found:
        raise BadRow("country", repr(said), "a country's name or code, such as Mali, ML or MLI")
    return found
