"""What the public may see: recent events held back, places made coarser, columns emptied.

In:  event rows, and a project's settings (TOML, see docs/export.md).
Out: rows fit to publish, and a count of what was done to them. The rows that came in are not changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from math import ceil, cos, floor, radians
from pathlib import Path
from typing import Any

from tocsin.codebook import COLUMNS, taxonomy
from tocsin.countries import by_name
from tocsin.errors import DataError
from tocsin.locate.gazetteer import Gazetteer, shipped
from tocsin.locate.keys import key
from tocsin.model import Place
from tocsin.toml import parse_toml

Row = dict[str, Any]
KM_PER_DEGREE = 111.2
UNITS = {"admin2": 2, "admin1": 3}  # coarse unit -> geo_precision
TELLING = ("admin3", "geonameid", "notes", "evidence")  # they would give a coarse place away
TOLLS = ("fatalities", "fatalities_low", "fatalities_best", "fatalities_high")
WITH = {"fatalities": TOLLS}  # columns that go together
SHOWN = (*COLUMNS, *TOLLS[1:], "background", "place_radius_km", "complete", "confidence", "rules", "evidence")
KEPT = ("event_id_cnty", "event_date", "country", "latitude", "longitude")  # coarsen or drop instead
ROLES = ("reader", "coder", "editor")  # an admin sees all
KEYS = {"embargo_days", "coarsen_to", "redact", "rule", "roles"}
RULE_KEYS = {"event_type", "sub_event_type", "tag", "coarsen_to", "redact", "drop"}


@dataclass(frozen=True, slots=True)
class Rule:
    """What to do with rows that fit; a condition that is None fits all."""

    event_type: str | None = None
    sub_event_type: str | None = None
    tag: str | None = None
    coarsen_to: str | float | None = None
    redact: tuple[str, ...] = ()
    drop: bool = False

    def fits(self, row: Row) -> bool:
        tags = (row.get("tags") or "").split("; ")
        named = ((self.event_type, row["event_type"]), (self.sub_event_type, row["sub_event_type"]))
        return all(w is None or w == found for w, found in named) and (self.tag is None or self.tag in tags)


@dataclass(frozen=True, slots=True)
class Public:
    """A project's settings for publishing; the first rule is the one for all rows.

    `roles`: who sees only what the public may see, too, on the project's own server.
    """

    embargo_days: int = 0
    rules: tuple[Rule, ...] = ()
    roles: tuple[str, ...] = ("reader",)

    def apply(self, rows: Iterable[Row], today: date, done: Counter[str]) -> Iterator[Row]:
        """The rows as the public may see them; `done` counts what was done."""
        last = (today - timedelta(days=self.embargo_days)).isoformat()
        for row in rows:
            rules = [rule for rule in self.rules if rule.fits(row)]
            if self.embargo_days and (row["event_date"] or "9999") > last:
                done["held back by the embargo"] += 1
            elif any(rule.drop for rule in rules):
                done["dropped by a rule"] += 1
            else:
                yield _shown(row, rules, done)


def _shown(row: Row, rules: Iterable[Rule], done: Counter[str]) -> Row:
    for rule in rules:
        if rule.coarsen_to is not None:
            row = coarse(row, rule.coarsen_to)
            done[f"place coarsened to {rule.coarsen_to}"] += 1
        for name in rule.redact:
            done[f"{name} redacted"] += row.get(name) is not None
            row = {
                **row,
                **dict.fromkeys(WITH.get(name, (name,))),
                "evidence": None,
            }  # quotes tell more than their field
    return {name: row[name] for name in SHOWN if name in row}


def coarse(row: Row, to: str | float) -> Row:
    """The row with the middle of its unit for a point; or moved to the middle of a cell `to` km wide."""
    place = _by_unit(row, to) if isinstance(to, str) else _by_cell(row, to)
    name = place["admin2"] or row["admin1"] or row["country"]
    return {**row, **place, "location": name, **dict.fromkeys(TELLING)}


def _by_unit(row: Row, to: str) -> Row:
    """The middle and the reach of the unit, which say no more than its name; no point if it is not known."""
    admin2 = row["admin2"] if to == "admin2" else None
    unit = unit_of(row["country"], row["admin1"], admin2)
    precision = max(UNITS["admin2" if admin2 else "admin1"], row["geo_precision"] or 0)
    latitude, longitude = (round(unit.latitude, 4), round(unit.longitude, 4)) if unit else (None, None)
    return {"admin2": admin2, "latitude": latitude, "longitude": longitude, "geo_precision": precision,
            "place_radius_km": unit.radius_km if unit else None}  # fmt: skip


def _by_cell(row: Row, km: float) -> Row:
    latitude, longitude = _cell(row["latitude"], row["longitude"], km)
    precision = max(2 if km <= 25 else 3, row["geo_precision"] or 0)
    radius = ceil(7.1 * km + 10 * (row.get("place_radius_km") or 0)) / 10  # to a corner of the cell
    return {"admin2": None, "latitude": latitude, "longitude": longitude, "geo_precision": precision,
            "place_radius_km": radius}  # fmt: skip


@lru_cache(10_000)
def unit_of(country: str | None, admin1: str | None, admin2: str | None) -> Place | None:
    """The unit in the gazetteer: the second-order one if it is named, else the first-order; None if not one only."""
    home = by_name(country, "en") if country else None
    kind, name = ("admin2", admin2) if admin2 else ("admin1", admin1)
    if home is None or not name:
        return None
    units = [p for p in gazetteer().in_country(name, home.iso3) if p.kind == kind]
    if kind == "admin2" and len(units) > 1:
        units = [p for p in units if p.admin1 and admin1 and key(p.admin1) == key(admin1)]
    exact = [p for p in units if key(p.name) == key(name)] or units
    return exact[0] if len(exact) == 1 else None


@cache
def gazetteer() -> Gazetteer:
    """The one that comes with Tocsin, so that a release verifies wherever it is."""
    return Gazetteer.open(shipped())


def _cell(lat: float | None, lon: float | None, km: float) -> tuple[float | None, float | None]:
    """The middle of the cell that the point is in."""
    if lat is None or lon is None:
        return None, None
    high = km / KM_PER_DEGREE
    middle = min(90.0, max(-90.0, (floor(lat / high) + 0.5) * high))
    wide = min(360.0, high / max(cos(radians(middle)), 0.01))
    return round(middle, 4), round(min(180.0, max(-180.0, (floor(lon / wide) + 0.5) * wide)), 4)


def load_public(path: Path) -> Public:
    """Read and check the settings."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise DataError(f"{path}:1: the settings cannot be read ({why}); docs/export.md shows some to copy.") from None
    return parse_public(text, str(path))


def parse_public(text: str, path: str) -> Public:
    """The settings in a text; `path` names it in messages."""
    return _Settings(path, text.splitlines()).public(parse_toml(text, path))


@dataclass(frozen=True, slots=True)
class _Settings:
    """Checks settings, and knows on which line they are wrong."""

    path: str
    lines: Sequence[str]

    def public(self, data: Mapping[str, Any]) -> Public:
        self.known(data, KEYS)
        days = data.get("embargo_days", 0)
        if type(days) is not int or days < 0:
            raise self.wrong("embargo_days", days, "a number of days")
        roles = tuple(data.get("roles", Public().roles))
        if wrong := [role for role in roles if role not in ROLES]:
            raise self.wrong("roles", wrong[0], f"one of {', '.join(ROLES)}")
        general = {name: data[name] for name in ("coarsen_to", "redact") if name in data}
        return Public(days, (self.rule(general), *map(self.rule, data.get("rule", []))), roles)

    def rule(self, data: Mapping[str, Any]) -> Rule:
        self.known(data, RULE_KEYS)
        to, redact, drop = data.get("coarsen_to"), tuple(data.get("redact", ())), data.get("drop", False)
        number = isinstance(to, int | float) and not isinstance(to, bool) and to > 0
        if not (to is None or to in UNITS or number):
            raise self.wrong("coarsen_to", to, "admin1, admin2 or a number of km")
        if wrong := [name for name in redact if name not in COLUMNS or name in KEPT]:
            raise self.wrong("redact", wrong[0], f"a column other than {', '.join(KEPT)}")
        if type(drop) is not bool:
            raise self.wrong("drop", drop, "true or false")
        for name, allowed in (("event_type", taxonomy().event_types), ("sub_event_type", taxonomy().sub_event_types)):
            if data.get(name, next(iter(allowed))) not in allowed:
                raise self.wrong(name, data[name], f"one of {', '.join(allowed)}")
        return Rule(**{**data, "redact": redact})

    def known(self, data: Mapping[str, Any], keys: set[str]) -> None:
        if wrong := sorted(set(data) - keys):
            raise self.wrong(wrong[0], wrong[0], f"one of {', '.join(sorted(keys))}")

    def wrong(self, name: str, found: object, expected: str) -> DataError:
        """An error that points at the line where `name` stands beside the value, else at its first."""
        of_name = [(i, line) for i, line in enumerate(self.lines, 1) if line.lstrip(" [").startswith(name)]
        exact = [i for i, line in of_name if str(found) in line] or [i for i, _ in of_name] or [1]
        shown = repr(found) if found == name else f"{name} = {found!r}"
        return DataError(f"{self.path}:{exact[0]}: found {shown}, expected {expected}")
