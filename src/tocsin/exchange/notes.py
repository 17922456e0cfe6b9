"""Tell a claim in a few plain words, for the column `notes`.

In:  a Claim; notes.toml with a sentence for each sub-event type.
Out: English prose made of coded fields only: no sentence of the report, no name of a victim or witness.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tocsin.errors import DataError
from tocsin.model import Claim
from tocsin.toml import read_toml

PATH = Path(__file__).with_name("notes.toml")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip


def note(claim: Claim) -> str:
    """ "On 22 July 2022, A clashed with B in Kati (Koulikoro, Mali). 3 fatalities reported." """
    sentence = f"{_when(claim)}{_what(claim)}{_where(claim)}."
    return " ".join(part for part in (sentence[0].upper() + sentence[1:], _deaths(claim)) if part)


def _when(claim: Claim) -> str:
    day = claim.event_date.value
    if day is None:
        return ""
    written = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    form = {2: f"Around {written} (week of), ", 3: f"Around {written} (month of), "}
    return form.get(claim.time_precision.value or 1, f"On {written}, ")


def _what(claim: Claim) -> str:
    forms = templates()
    chosen = forms.get(claim.sub_event_type.value or "unknown", forms["unknown"])
    actor = claim.actor1.value or forms["unknown"]["actor"]
    other = claim.actor2.value
    # replace() and not format(): names come from texts and may hold braces
    if other is None:
        return chosen["one"].replace("{actor1}", actor)
    return _fill(chosen["two"], actor, other)


def _fill(template: str, actor: str, other: str) -> str:
    before, _, after = template.partition("{actor2}")
    return before.replace("{actor1}", actor) + other + after.replace("{actor1}", actor)


def _where(claim: Claim) -> str:
    place = claim.location.value
    wider = [name for name in (claim.admin1.value, claim.country.value) if name and name != place]
    if place is None:
        return f" in {', '.join(wider)}" if wider else ""
    lead = {2: "near", 3: "in the area of"}.get(claim.geo_precision.value or 1, "in")
    return f" {lead} {place}" + (f" ({', '.join(wider)})" if wider else "")


def _deaths(claim: Claim) -> str:
    count, low, high = (value.value for value in (claim.fatalities, claim.fatalities_low, claim.fatalities_high))
    if low is not None and high is not None and low < high:
        return f"Between {low} and {high} fatalities reported; coded as {count}."
    if not count:
        return "No fatalities reported." if claim.fatalities.spans else ""
    return f"{count} {'fatality' if count == 1 else 'fatalities'} reported."


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
