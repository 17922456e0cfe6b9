"""Tell a claim in a few plain words, for the column `notes`.

In:  the columns of an event; notes.toml with a sentence for each sub-event type.
Out: English prose made of coded fields only: no sentence of the report, no name of a victim or witness.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tocsin.errors import DataError
from tocsin.toml import read_toml

Row = Mapping[str, Any]
PATH = Path(__file__).with_name("notes.toml")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip


def note(row: Row) -> str:
    """ "On 22 July 2022, A clashed with B in Kati (Koulikoro, Mali). 3 fatalities reported." """
    sentence = f"{_when(row)}{_what(row)}{_where(row)}."
    return " ".join(part for part in (sentence[0].upper() + sentence[1:], _deaths(row)) if part)


def _when(row: Row) -> str:
    if row["event_date"] is None:
        return ""
    day = date.fromisoformat(row["event_date"])
    written = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    form = {2: f"Around {written} (week of), ", 3: f"Around {written} (month of), "}
    return form.get(row["time_precision"] or 1, f"On {written}, ")


def _what(row: Row) -> str:
    forms = templates()
    chosen = forms.get(row["sub_event_type"] or "unknown", forms["unknown"])
    actor = row["actor1"] or forms["unknown"]["actor"]
    other = row["actor2"]
    # replace() and not format(): names come from texts and may hold braces
    if other is None:
        return chosen["one"].replace("{actor1}", actor)
    return _fill(chosen["two"], actor, other)


def _fill(template: str, actor: str, other: str) -> str:
    before, _, after = template.partition("{actor2}")
    return before.replace("{actor1}", actor) + other + after.replace("{actor1}", actor)


def _where(row: Row) -> str:
    place = row["location"]
    wider = [name for name in (row["admin1"], row["country"]) if name and name != place]
    if place is None:
        return f" in {', '.join(wider)}" if wider else ""
    lead = {2: "near", 3: "in the area of"}.get(row["geo_precision"] or 1, "in")
    return f" {lead} {place}" + (f" ({', '.join(wider)})" if wider else "")


def _deaths(row: Row) -> str:
    count, low, high = (row[name] for name in ("fatalities", "fatalities_low", "fatalities_high"))
    if low is not None and high is not None and low < high:
        return f"Between {low} and {high} fatalities reported; coded as {count}."
    if not count:
        return "No fatalities reported." if count == 0 and _is_quoted(row, "fatalities") else ""
    return f"{count} {'fatality' if count == 1 else 'fatalities'} reported."


def _is_quoted(row: Row, field: str) -> bool:
    return any(each["field"] == field for each in row.get("evidence") or ())


@cache
def templates() -> dict[str, dict[str, str]]:
    """The sentences by sub-event type."""
    forms: dict[str, dict[str, str]] = read_toml(PATH)
    for name, form in forms.items():
        if "{actor1}" not in form.get("one", "") or not {"{actor1}", "{actor2}"} <= set(_slots(form.get("two", ""))):
            raise DataError(f"{PATH}: {name!r}: found {form}, expected `one` with {{actor1}}, `two` with both actors")
    return forms


def _slots(template: str) -> list[str]:
    return [slot for slot in ("{actor1}", "{actor2}") if slot in template]
