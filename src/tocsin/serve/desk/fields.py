"""The fields of an event as people change them: one by one, each with the columns that go with it.

In:  what a form says of a field, column -> text or number; a blank is what the report does not state.
Out: the columns to set, checked, with those that follow from them; UsageError says what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.codebook.interaction import inters
from tocsin.countries import countries
from tocsin.errors import UsageError
from tocsin.model import QUESTIONS
from tocsin.project.review import amended

Row = Mapping[str, Any]
LONGEST = 4000  # characters of one value
TEXTS = ("notes", "tags")  # any text
LIMITS = {"latitude": (-90, 90), "longitude": (-180, 180), "fatalities": (0, 1_000_000), "place_radius_km": (0, 2000)}
AROUND = ("country", "admin1", "admin2")  # what a chosen place settles, too


@dataclass(frozen=True, slots=True)
class Field:
    """`name`: the column that is judged; `columns`: all that are set with it; `may_be_blank`: reports may be silent."""

    name: str
    label: str
    columns: tuple[str, ...]
    may_be_blank: bool = False


_GROUPS = {names[0]: names for names in QUESTIONS.values()}
FIELDS = (
    Field("event_date", "Date", _GROUPS["event_date"]),
    Field("sub_event_type", "Type", _GROUPS["sub_event_type"]),
    Field("actor1", "Actor 1", _GROUPS["actor1"], True),
    Field("actor2", "Actor 2", _GROUPS["actor2"], True),
    Field("location", "Place", (*_GROUPS["location"], *AROUND), True),
    Field("admin1", "Admin1", _GROUPS["admin1"], True),
    Field("country", "Country", _GROUPS["country"]),
    Field("fatalities", "Fatalities", _GROUPS["fatalities"], True),
    Field("tags", "Tags", ("tags",), True),
    Field("notes", "Notes", ("notes",), True),
)
BY_NAME = {field.name: field for field in FIELDS}
CODED = tuple(field for field in FIELDS if field.name not in TEXTS)  # what two coders are compared on
# Column -> the field that a reader sees it in; a type that is asked about is amended by its sub-type.
FIELD_OF = {column: name for name, columns in _GROUPS.items() for column in columns} | {
    "event_type": "sub_event_type", "disorder_type": "sub_event_type", "trigger": "trigger"}  # fmt: skip


def choices() -> dict[str, Any]:
    """What the editors of the fields offer."""
    return {
        "inters": tuple(inters().labels.values()),
        "countries": sorted(country.name for country in countries()),
        "day_precisions": ((1, "that very day"), (2, "within that week"), (3, "within that month")),
        "place_precisions": ((1, "the place itself"), (2, "near it"), (3, "only the region is known")),
    }


def columns_of(name: str, values: Row) -> dict[str, Any]:
    """The columns that a person sets with the field `name`."""
    field = BY_NAME.get(name)
    if field is None:
        raise UsageError(f"field: found {name[:60]!r}, expected one of {', '.join(BY_NAME)}.")
    if wrong := [each for each in values if each not in field.columns]:
        raise UsageError(f"{name}: found {wrong[0][:60]!r}, expected {', '.join(field.columns)}.")
    if long := [each for each, value in values.items() if len(str(value)) > LONGEST]:
        raise UsageError(f"{long[0]}: expected at most {LONGEST} characters.")
    if is_blank(values.get(name)):
        return _unstated(field)
    if name in TEXTS:
        return {name: str(values[name]).strip()}
    return _checked(field, values)


def is_blank(value: Any) -> bool:
    return value is None or str(value).strip() == ""


def _unstated(field: Field) -> dict[str, Any]:
    if not field.may_be_blank:
        raise UsageError(f"{field.label}: found nothing, expected a value; reject the event if there is none.")
    group = field.columns if field.name in TEXTS else _GROUPS[field.name]
    return dict.fromkeys(group)


def _checked(field: Field, values: Row) -> dict[str, Any]:
    """The field's own columns, then what else the form settles (the units that a place lies in)."""
    own = _GROUPS[field.name]
    told = {name: value for name, value in values.items() if not is_blank(value)}
    found = amended(field.name, {name: _trimmed(value) for name, value in told.items() if name in own})
    blank = [name for name in own if name in values and is_blank(values[name]) and name not in found]
    found |= dict.fromkeys(blank)
    _check_ranges(found)
    others = [name for name in field.columns if name not in own and name in told]
    for name in others:
        found |= amended(name, {name: _trimmed(told[name])}) if name != "admin2" else {name: _trimmed(told[name])}
    if "country" in others:  # a place in a unit without second-order units has none
        found |= {name: None for name in ("admin1", "admin2") if name not in told}
    return found


def _check_ranges(found: Row) -> None:
    """UsageError for numbers that no event can have."""
    limits = {
        "latitude": (-90, 90),
        "longitude": (-180, 180),
        "fatalities": (0, 1_000_000),
        "place_radius_km": (0, 2000),
    }
    for name, (low, high) in limits.items():
        value = found.get(name)
        if value is not None and not low <= value <= high:
            raise UsageError(f"{name}: found {value:g}, expected {low:g} to {high:g}.")


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def shown(row: Row, field: Field) -> str:
    """The value in words, as lists and comparisons show it; blank if it is not stated."""
    value = row.get(field.name)
    if is_blank(value):
        return ""
    if field.name == "location":
        return ", ".join(str(row[name]) for name in ("location", "admin1", "country") if row.get(name))
    return str(value)
