"""Check one row of an export against the codebook.

In:  a row: column name -> value, as text or typed; missing and empty cells are blank.
Out: `Finding`s: code, level, column, what was found and what was expected.

E1   event_id_cnty is three capital letters and a number
E2   year is that of event_date
E3   sub_event_type belongs to event_type
E4   disorder_type follows from sub_event_type
E6   interaction follows from inter1 and inter2
E7   violence against civilians has an actor2 and targets civilians; battles and strategic developments never do
E8   battles have two armed actors
E9   protests have Protesters, riots have Rioters
E10  precisions are 1, 2 or 3; coordinates are on the globe, with at most 4 decimals
E11  fatalities is a whole number, not negative
E12  at least one source
E13  actor names are well formed, and regime years cover the date
E14  lists are separated by "; "
W1   the interaction is unusual for the sub_event_type
W5   a strategic development with fatalities

The other codes need more than the row: exchange/checks/ has them, and a table of all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tocsin.codebook.columns import columns
from tocsin.codebook.interaction import inter_number, interaction, interaction_number, interactions
from tocsin.codebook.naming import flaws, regime_of
from tocsin.codebook.taxonomy import SubEventType, taxonomy
from tocsin.errors import UsageError

Row = Mapping[str, object]
TARGETED = "Civilians targeted"
ARMED = frozenset({1, 2, 3, 4, 8})
NEVER_TARGETED = ("Battles", "Strategic developments")
CROWDS = {"Protests": "Protesters (", "Riots": "Rioters ("}
DECIMALS = re.compile(r"-?\d{1,3}(\.\d{1,4}0*)?")
COORDINATES = {"latitude": 90.0, "longitude": 180.0}
SEPARATOR = re.compile(r";(?! \S)|\s;|;\s{2,}")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong ("error") or odd ("warning") in one cell."""

    code: str
    column: str
    found: str
    expected: str

    @property
    def level(self) -> str:
        return "error" if self.code.startswith("E") else "warning"

    def __str__(self) -> str:
        return f"{self.code} {self.column}: found {self.found or 'nothing'!r}, expected {self.expected}"


def check(row: Row) -> list[Finding]:
    """All findings of one row, in the order of their codes."""
    return [finding for look in CHECKS for finding in look(row)]


def text(row: Row, column: str) -> str:
    """The cell as text, "" if it is blank."""
    value = row.get(column)
    return "" if value is None else str(value).strip()


def kind(row: Row) -> SubEventType | None:
    return taxonomy().sub_event_types.get(text(row, "sub_event_type"))


def inters(row: Row) -> tuple[int, int] | None:
    """Both kinds of actor as numbers; None if one is no kind that we know."""
    try:
        return inter_number(text(row, "inter1")), inter_number(text(row, "inter2"))
    except UsageError:
        return None


def e1(row: Row) -> Iterator[Finding]:
    found = text(row, "event_id_cnty")
    if not re.fullmatch(r"[A-Z]{3}[0-9]+", found):
        yield Finding("E1", "event_id_cnty", found, "three capital letters and a number, as ETH9766")


def e2(row: Row) -> Iterator[Finding]:
    day, year = text(row, "event_date"), text(row, "year")
    if not day_of(day):
        yield Finding("E2", "event_date", day, "a day written YYYY-MM-DD")
    elif year != day[:4]:
        yield Finding("E2", "year", year, f"{day[:4]}, the year of event_date")


def day_of(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        return None


def e3(row: Row) -> Iterator[Finding]:
    found, event_type = kind(row), text(row, "event_type")
    if found is None:
        yield Finding("E3", "sub_event_type", text(row, "sub_event_type"), "one of the 25 sub-event types")
    elif event_type != found.event_type:
        yield Finding("E3", "event_type", event_type, f"{found.event_type}, the type of {found.name}")


def e4(row: Row) -> Iterator[Finding]:
    found, disorder = kind(row), text(row, "disorder_type")
    if found and disorder != found.disorder_type:
        yield Finding("E4", "disorder_type", disorder, f"{found.disorder_type}, that of {found.name}")


def e6(row: Row) -> Iterator[Finding]:
    pair, found = inters(row), text(row, "interaction")
    if pair is None:
        yield Finding(
            "E6", "inter1", f"{text(row, 'inter1')} / {text(row, 'inter2')}", "two of the eight kinds of actor"
        )
        return
    number = interaction_number(*pair)
    if number == 0:
        yield Finding("E6", "inter1", "", "a kind of actor")
    elif found not in (str(number), interactions()[number]):
        yield Finding("E6", "interaction", found, f"{interaction(*pair)} ({number})")


def e7(row: Row) -> Iterator[Finding]:
    event_type, targeting = text(row, "event_type"), text(row, "civilian_targeting")
    if targeting not in ("", TARGETED):
        yield Finding("E7", "civilian_targeting", targeting, f"{TARGETED!r} or nothing")
    elif event_type in NEVER_TARGETED and targeting:
        yield Finding("E7", "civilian_targeting", targeting, f"nothing: never with {event_type}")
    elif event_type == "Violence against civilians":
        if not targeting:
            yield Finding("E7", "civilian_targeting", "", f"{TARGETED!r}: always with {event_type}")
        if not text(row, "actor2"):
            yield Finding("E7", "actor2", "", "the victims")


def e8(row: Row) -> Iterator[Finding]:
    pair = inters(row)
    if text(row, "event_type") == "Battles" and pair and not set(pair) <= ARMED:
        expected = "two armed actors: no rioters, protesters, civilians"
        yield Finding("E8", "inter2" if pair[0] in ARMED else "inter1", f"{pair[0]} / {pair[1]}", expected)


def e9(row: Row) -> Iterator[Finding]:
    wanted = CROWDS.get(text(row, "event_type"))
    actors = text(row, "actor1"), text(row, "actor2")
    if wanted and not any(actor.startswith(wanted) for actor in actors):
        yield Finding("E9", "actor1", " / ".join(filter(None, actors)), f"an actor {wanted}Country)")


def e10(row: Row) -> Iterator[Finding]:
    for column in ("time_precision", "geo_precision"):
        if text(row, column) not in ("1", "2", "3"):
            yield Finding("E10", column, text(row, column), "1, 2 or 3")
    for column, limit in COORDINATES.items():
        found = text(row, column)
        if not DECIMALS.fullmatch(found) or abs(float(found)) > limit:
            yield Finding("E10", column, found, f"degrees from -{limit:.0f} to {limit:.0f} with at most 4 decimals")


def e11(row: Row) -> Iterator[Finding]:
    found = text(row, "fatalities")
    if not re.fullmatch(r"\d+", found, re.ASCII):
        yield Finding("E11", "fatalities", found, "a whole number, 0 if nothing is reported")


def e12(row: Row) -> Iterator[Finding]:
    if not text(row, "source").strip("; "):
        yield Finding("E12", "source", "", "at least one source")


def e13(row: Row) -> Iterator[Finding]:
    day = day_of(text(row, "event_date"))
    for column, name in actor_names(row):
        for flaw in flaws(name):
            yield Finding("E13", column, f"{name}: {flaw}", "a name as the codebook writes it")
        regime = regime_of(name)
        if regime and day and not regime.covers(day.year):
            yield Finding("E13", column, name, f"the regime of {day.year}")


def actor_names(row: Row) -> Iterator[tuple[str, str]]:
    for column in ("actor1", "actor2"):
        if text(row, column):
            yield column, text(row, column)
    for column in ("assoc_actor_1", "assoc_actor_2"):
        for name in text(row, column).split(";"):
            if name.strip():
                yield column, name.strip()


def e14(row: Row) -> Iterator[Finding]:
    for column in columns():
        found = text(row, column.name)
        if column.type == "list" and (SEPARATOR.search(found) or found.startswith(";")):
            yield Finding("E14", column.name, found, 'entries separated by "; "')


def w1(row: Row) -> Iterator[Finding]:
    found, pair = kind(row), inters(row)
    if found and found.usual and pair:
        number = interaction_number(*pair)
        if number and number not in found.usual:
            yield Finding("W1", "interaction", interactions()[number], f"an interaction seen with {found.name}")


def w5(row: Row) -> Iterator[Finding]:
    deaths = text(row, "fatalities")
    if text(row, "event_type") == "Strategic developments" and deaths.isdecimal() and int(deaths):
        yield Finding("W5", "fatalities", deaths, "0 in a strategic development")


CHECKS: tuple[Callable[[Row], Iterator[Finding]], ...] = (
    e1,
    e2,
    e3,
    e4,
    e6,
    e7,
    e8,
    e9,
    e10,
    e11,
    e12,
    e13,
    e14,
    w1,
    w5,
)
