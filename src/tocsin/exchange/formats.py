"""What the output can look like. Every format has the same shape, so that `run` knows none of them.

In:  one Coded report at a time.
Out: rows of text; the file is `head`, the rows with `between` between them, `tail`.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from tocsin.codebook import COLUMNS
from tocsin.exchange.event import Event, acled_columns, event, to_json
from tocsin.model import Claim, Coded

# A spreadsheet takes a cell that starts with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Format(Protocol):
    """One way to write events down. A value: it can be sent to another process."""

    @property
    def head(self) -> str: ...
    @property
    def between(self) -> str: ...
    @property
    def tail(self) -> str: ...

    def rows(self, coded: Coded) -> list[str]:
        """The rows of one report, none if it has nothing to show."""
        ...

    def keeps(self, claim: Claim) -> bool:
        """Can the format hold this claim?"""
        ...


@dataclass(frozen=True, slots=True)
class JsonLines:
    """One line for each report, with all that was found and why."""

    head: ClassVar[str] = ""
    between: ClassVar[str] = ""
    tail: ClassVar[str] = ""

    def rows(self, coded: Coded) -> list[str]:
        return [json_line(to_json(coded)) + "\n"]

    def keeps(self, claim: Claim) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class AcledCsv:
    """The 31 columns of an ACLED export; an event without date, place or actor is left out."""

    head: ClassVar[str] = ",".join(COLUMNS) + "\n"
    between: ClassVar[str] = ""
    tail: ClassVar[str] = ""

    def rows(self, coded: Coded) -> list[str]:
        kept = [(i, claim) for i, claim in enumerate(coded.claims) if self.keeps(claim)]
        return [_csv_row(acled_columns(claim, coded.report, position)) for position, claim in kept]

    def keeps(self, claim: Claim) -> bool:
        return claim.complete


@dataclass(frozen=True, slots=True)
class GeoJson:
    """An RFC 7946 feature collection of points; an event without coordinates is left out."""

    head: ClassVar[str] = '{"type": "FeatureCollection", "features": [\n'
    between: ClassVar[str] = ",\n"
    tail: ClassVar[str] = "\n]}\n"

    def rows(self, coded: Coded) -> list[str]:
        kept = [(i, claim) for i, claim in enumerate(coded.claims) if self.keeps(claim)]
        return [json_line(_feature(event(claim, coded.report, position))) for position, claim in kept]

    def keeps(self, claim: Claim) -> bool:
        return claim.latitude.value is not None and claim.longitude.value is not None


def _feature(coded: Event) -> Event:
    """One event as a feature; `uncertainty_km` says how far off the point may be, so that maps need not pretend."""
    point = [coded["longitude"], coded["latitude"]]
    properties = {**coded, "uncertainty_km": coded["place_radius_km"]}
    feature: Event = {"type": "Feature"}
    if coded["event_id_cnty"]:
        feature["id"] = coded["event_id_cnty"]
    return {**feature, "geometry": {"type": "Point", "coordinates": point}, "properties": properties}


def _csv_row(columns: Event) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_cell(columns[name]) for name in COLUMNS])  # ends in CR LF, so a CR in a cell is quoted
    return line.getvalue().removesuffix("\r\n") + "\n"


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet runs: text that starts like a formula gets an apostrophe, numbers stay as they are."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def json_line(value: Event) -> str:
    """JSON on one line, also for readers that take U+2028, U+2029 and U+0085 for the end of a line."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    for mark in ("\u2028", "\u2029", "\u0085"):
        line = line.replace(mark, f"\\u{ord(mark):04x}")
    return line
