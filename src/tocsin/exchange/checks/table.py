"""The table of checks: what each code means, and the numbers above which something is odd.

In:  checks.toml beside this file.
Out: `checks()` by code, `limits()`; `chosen` for what a user selects. DataError names file and line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tocsin.codebook.tables import read
from tocsin.errors import DataError, UsageError

PATH = Path(__file__).with_name("checks.toml")
NUMBERS = ("fatalities", "days_to_report", "outside_km", "admin_slack", "admin_km", "same_notes")


@dataclass(frozen=True, slots=True)
class Check:
    """One code. `meaning`: what holds in a good row; `needs`: what is looked at besides the row, "" if nothing."""

    code: str
    meaning: str
    needs: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers above which something is odd; radius_km: geo_precision -> (least, most)."""

    fatalities: float
    days_to_report: float
    outside_km: float
    admin_slack: float
    admin_km: float
    same_notes: float
    vague_fatalities: tuple[int, ...]
    radius_km: Mapping[int, tuple[float, float]]


def load(path: Path) -> tuple[dict[str, Check], Limits]:
    """Read and check a table of checks."""
    table, found = read(path), {}
    for row in table.rows("check", ("code", "meaning", "needs"), "code"):
        code = row.get("code", str)
        if not re.fullmatch(r"[EW][1-9]\d*", code):
            raise row.wrong(f"code {code!r}", "E or W and a number")
        found[code] = Check(code, row.get("meaning", str), row.get("needs", str, ""))
    return found, _limits(path, table.data)


def _limits(path: Path, data: Mapping[str, Any]) -> Limits:
    given, radius = data.get("limits", {}), data.get("radius_km", {})
    if set(given) != {*NUMBERS, "vague_fatalities"}:
        raise DataError(f"{path}:1: found limits {', '.join(given)}, expected {', '.join(NUMBERS)}, vague_fatalities")
    for name in NUMBERS:
        if type(given[name]) not in (int, float) or given[name] < 0:
            raise DataError(f"{path}:1: found {name} = {given[name]!r}, expected a number, not negative")
    if set(radius) != {"1", "2", "3"} or not all(len(pair) == 2 for pair in radius.values()):
        raise DataError(f"{path}:1: found radius_km {radius!r}, expected least and most for 1, 2 and 3")
    return Limits(
        **{name: given[name] for name in NUMBERS},
        vague_fatalities=tuple(given["vague_fatalities"]),
        radius_km={int(precision): (least, most) for precision, (least, most) in radius.items()},
    )


@cache
def _loaded() -> tuple[dict[str, Check], Limits]:
    return load(PATH)


def checks() -> dict[str, Check]:
    return _loaded()[0]


def limits() -> Limits:
    return _loaded()[1]


def chosen(select: str) -> tuple[str, ...]:
    """The codes that "E", "W2" or "E,W11" name, in the order of the table; UsageError for one that there is not."""
    wanted = [part.strip().upper() for part in select.split(",") if part.strip()]
    for part in wanted or [select]:
        if part not in ("E", "W", *checks()):
            raise UsageError(f"--select: found {part!r}, expected E, W or codes of docs/data-checks.md such as E3,W11.")
    return tuple(code for code in checks() if code in wanted or code[0] in wanted)
