"""Where the coders of a batch agree, and where an editor has to decide.

In:  a batch with its answers.
Out: the page: agreement of each field; disagreements side by side. What the editor picks amends the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from statistics import fmean
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from tocsin.locate.keys import key
from tocsin.serve.access.people import Person
from tocsin.serve.access.rights import needs
from tocsin.serve.desk.agreement import Distance, alpha, interval, kappa, nominal, ratio, same
from tocsin.serve.desk.blind import ASKED, Name, is_shown
from tocsin.serve.desk.fields import BY_NAME, Field, is_blank, shown
from tocsin.serve.desk.subject import amendments, versions
from tocsin.serve.desk.tasks import answers, in_batch
from tocsin.serve.desk.verdicts import when
from tocsin.serve.pages import page
from tocsin.store import Store

router = APIRouter(prefix="/desk", include_in_schema=False)
Editor = Annotated[Person, Depends(needs("editor", whole=True))]
Row = Mapping[str, Any]
Said = dict[tuple[str, str], dict[str, dict[str, Any]]]  # (event, person) -> field -> columns
DISTANCES: Mapping[str, tuple[str, Distance]] = {"event_date": ("days", interval), "fatalities": ("counts", ratio)}


@dataclass(frozen=True, slots=True)
class Measure:
    """How far two or more agree on a field. `events`: that at least two have answered."""

    label: str
    events: int
    agree: float | None
    kappa: float | None
    alpha: float | None
    scale: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field on which people, or they and the machine, differ. `said`: by person; `machine`: what stands."""

    field: Field
    said: dict[str, tuple[str, dict[str, Any]]]
    machine: tuple[str, dict[str, Any]]
    agreed: bool  # the people agree, the machine differs
    decided: str


@router.get("/agreement")
def agreement(
    request: Request, person: Annotated[Person, Depends(needs("editor", whole=True))], batch: Name
) -> Response:
    site = request.app.state.site
    tasks = in_batch(site.store, batch)
    if not tasks:
        raise HTTPException(404, f"There is no batch {batch[:100]!r}.")
    said = answers(site.store, batch)
    coders = list(dict.fromkeys(row["person"] for row in tasks))
    done = {name: sum(row["person"] == name and row["until"] is not None for row in tasks) for name in coders}
    return page(
        request, "desk_agreement", batch=batch, coders=coders, done=done, events=len({row["about"] for row in tasks}),
        measures=[measure(field, said) for field in ASKED], machine_shown=is_shown(site.store, batch),
        differing=differing(site.store, said, min(row["since"] for row in tasks)),
    )  # fmt: skip


def value_of(field: Field, columns: Row) -> str:
    """What is compared: spelling and case of names do not count; blank: not stated."""
    value = columns.get(field.name)
    return "" if is_blank(value) else key(str(value)) if field.name not in DISTANCES else str(value)


def measure(field: Field, said: Said) -> Measure:
    """Kappa over all pairs of people (the mean of several), alpha over all at once."""
    by_event: dict[str, dict[str, str]] = {}
    for (event, person), fields in said.items():
        if field.name in fields:
            by_event.setdefault(event, {})[person] = value_of(field, fields[field.name])
    both = [each for each in by_event.values() if len(each) > 1]
    people = sorted({person for each in both for person in each})
    pairs = [[(each[a], each[b]) for each in both if a in each and b in each] for a, b in combinations(people, 2)]
    kappas = [found for each in pairs if (found := kappa(each)) is not None]
    scale, distance = DISTANCES.get(field.name, ("names", nominal))
    units = [_numbers(field, each.values()) if field.name in DISTANCES else list(each.values()) for each in both]
    return Measure(field.label, len(both), same([pair for each in pairs for pair in each]),
                   fmean(kappas) if kappas else None, alpha(units, distance), scale)  # fmt: skip


def _numbers(field: Field, values: Any) -> list[int]:
    """Days and counts as numbers; what is not stated is missing."""
    told = [value for value in values if value]
    return [date.fromisoformat(value).toordinal() if field.name == "event_date" else int(value) for value in told]


def differing(store: Store, said: Said, since: str) -> list[dict[str, Any]]:
    """The events that two or more have answered, with the fields to decide."""
    by_event: dict[str, dict[str, dict[str, dict[str, Any]]]] = {}
    for (event, person), fields in said.items():
        by_event.setdefault(event, {})[person] = fields
    found = []
    for event, told in by_event.items():
        row = store.event(event)
        if row is None or len(told) < 2:
            continue
        decided = _decided(store, event, since)
        differ = [each for field in ASKED if (each := _difference(field, told, row, decided))]
        if differ:
            version = versions(store, [event])[event]
            found.append({"event": event, "row": row, "version": version, "fields": differ,
                          "people": list(told), "open": sum(not each.decided for each in differ)})  # fmt: skip
    return sorted(found, key=lambda each: each["open"] == 0)  # what is decided comes last


def _difference(field: Field, people: Mapping[str, Row], row: Row, decided: Mapping[str, str]) -> Difference | None:
    told = {person: fields.get(field.name, {}) for person, fields in people.items()}
    values = {value_of(field, columns) for columns in told.values()}
    if len(values) == 1 and (values == {value_of(field, row)} and field.name not in decided):
        return None
    said = {person: (shown(columns, field), columns) for person, columns in told.items()}
    machine = {name: row.get(name) for name in field.columns if row.get(name) is not None}
    return Difference(field, said, (shown(row, field), machine), len(values) == 1, decided.get(field.name, ""))


def _decided(store: Store, event: str, since: str) -> dict[str, str]:
    """Field -> who has amended it since the batch was made."""
    made = amendments(store, store.members(event))
    return {row["field"]: row["who"] for row in made if row["field"] in BY_NAME and when(store, row["since"]) >= since}
