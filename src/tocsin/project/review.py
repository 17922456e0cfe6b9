"""The review queue: what the machine withheld, the most worth a person's look first, and what a person makes of it.

In:  a Store with doubts.
Out: Items with the value proposed and the words behind it; decisions, as deciding.py writes them: undo takes them back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tocsin.codebook import taxonomy
from tocsin.codebook.columns import columns
from tocsin.codebook.interaction import inters
from tocsin.countries import by_name
from tocsin.errors import UsageError
from tocsin.exchange.text import quote_around
from tocsin.model import QUESTIONS, Span
from tocsin.project.building import MACHINE
from tocsin.project.deciding import decide_on
from tocsin.project.doubt import EVENT
from tocsin.store import Store
from tocsin.store.doubts import about_event, beginning_with, count_waiting, waiting
from tocsin.store.lookup import about

Row = dict[str, Any]
GROUPS = {names[0]: names for names in QUESTIONS.values()}
NEEDED = {"location": ("latitude", "longitude"), "actor1": ("inter1",), "actor2": ("inter2",)}
SUPPOSED = {"location": {"geo_precision": 1}, "event_date": {"time_precision": 1}}  # of what a person says


KINDS: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "int": (int, "a whole number"),
    "float": (float, "a number"),
    "date": (lambda text: date.fromisoformat(text).isoformat(), "a day such as 2024-03-11"),
    "str": (str, "text"),
    "list": (str, "text"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to decide. `field`: the value that is withheld; `trigger`: the whole event, which is not published.

    `values`: what the claim says, column -> value. `quotes`: its words for that, `sentence`: where they stand.
    `row`: the claim with all its values. `event`: None if it is not published.
    """

    id: str
    field: str
    event: str | None
    claims: tuple[str, ...]
    confidence: float
    worth: float
    values: Row
    quotes: tuple[str, ...]
    sentence: str
    row: Row
    report: Row


def queue(store: Store, *, country: str | None = None, limit: int | None = None, after: int = 0) -> list[Item]:
    """What waits for a person, the most worth deciding first, without the first `after`; no `limit`: all."""
    return _items(store, waiting(store, country=country, limit=limit, after=after))


def length(store: Store, *, country: str | None = None) -> int:
    """How much waits for a person."""
    return count_waiting(store, country=country)


def of_event(store: Store, event_id: str) -> list[Item]:
    """What waits for a person about one event."""
    return _items(store, about_event(store, event_id))


def item(store: Store, name: str) -> Item:
    """The item whose id begins with `name`; UsageError if it is none or several."""
    found = beginning_with(store, name) if name else []
    if not found:
        raise UsageError(f"{name!r} waits no longer, or never did; `tocsin review {store.name}` lists what does.")
    if len(found) > 1:
        raise UsageError(f"{name!r} begins {len(found)} items; give more of its letters.")
    return _items(store, found)[0]


def settle(
    store: Store, name: str, verdict: str, values: Mapping[str, Any] | None = None, *, who: str = MACHINE, why: str = ""
) -> list[str]:
    """accept, amend or reject an item; the ids of the events as they are now.

    accept: the value, or the event, stands. amend: `values` (column -> value) stand instead. reject: it is wrong, and
    stays unknown; an event that is rejected, with all its claims, is never published.
    """
    found = item(store, name)
    fields: Row = {} if found.field == EVENT else {found.field: found.values[found.field]}
    claims: tuple[str, ...] = found.claims if verdict == "reject" else found.claims[:1]
    if verdict == "amend":
        fields = amended(found.field, values or {})
    elif verdict not in ("accept", "reject"):
        raise UsageError(f"found {verdict!r}, expected accept, amend or reject.")
    return decide_on(store, verdict, claims, fields=fields, event_id=found.event, doubt=found.id, who=who, why=why)


def amended(field: str, values: Mapping[str, Any]) -> Row:
    """The columns that a person sets instead of a field, checked, with those that follow from them."""
    if field == EVENT:
        raise UsageError("an event is accepted or rejected; its fields can be amended when it is published.")
    field = "sub_event_type" if field == "event_type" else field  # the type follows from it
    wanted = (field, *NEEDED.get(field, ()))
    if wrong := [name for name in values if name not in GROUPS[field]]:
        raise UsageError(f"found {wrong[0]!r}, expected {', '.join(GROUPS[field])}.")
    if missing := [name for name in wanted if values.get(name) in (None, "")]:
        raise UsageError(f"{missing[0]} is missing: to amend {field}, set {', '.join(wanted)}.")
    checked = {name: _checked(name, value) for name, value in {**SUPPOSED.get(field, {}), **values}.items()}
    if field == "country":
        home = by_name(str(checked[field]), "en")
        if home is None:
            raise UsageError(f"country: found {checked[field]!r}, expected the English name of a country such as Mali.")
        checked |= {"country": home.name, "iso": home.iso, "region": home.region}
    return checked


def _checked(name: str, value: Any) -> Any:
    """The value as the column has it; UsageError if it cannot."""
    read, expected = KINDS[_kind(name)]
    try:
        found = read(str(value))
    except ValueError:
        raise UsageError(f"{name}: found {value!r}, expected {expected}.") from None
    if (allowed := _allowed(name)) and found not in allowed:
        raise UsageError(f"{name}: found {value!r}, expected one of {', '.join(map(str, allowed))}.")
    return found


def _kind(name: str) -> str:
    """What a column holds; those that ACLED does not have hold numbers."""
    known = {column.name: column.type for column in columns()}
    return known.get(name, "float" if name == "place_radius_km" else "int")


def _allowed(name: str) -> tuple[Any, ...]:
    """All values that the column may have; () if it is open."""
    if name == "sub_event_type":
        return tuple(taxonomy().sub_event_types)
    if name in ("inter1", "inter2"):
        return tuple(inters().labels.values())
    return next((column.values for column in columns() if column.name == name), ())


def _items(store: Store, rows: Iterable[Row]) -> list[Item]:
    found = list(rows)
    claims = {row["key"]: row for row in store.claims({row["claim"] for row in found})}
    ids = {row["report_id"] for row in claims.values() if row["report_id"]}
    reports = {row["id"]: row for row in about(store, ids, text=True)}
    return [_item(row, claims[row["claim"]], reports.get(claims[row["claim"]]["report_id"], {})) for row in found]


def _item(row: Row, claim: Row, report: Row) -> Item:
    evidence = [each for each in claim.get("evidence") or () if each["field"] in GROUPS[row["field"]]]
    spans = [Span(each["start"], each["end"]) for each in evidence]
    return Item(
        id=row["id"],
        field=row["field"],
        event=row["event_id"],
        claims=tuple(json.loads(row["claims"])),
        confidence=row["confidence"],
        worth=row["worth"],
        values={name: claim[name] for name in GROUPS[row["field"]] if claim.get(name) is not None},
        quotes=tuple(dict.fromkeys(each["quote"] for each in evidence)),
        sentence=quote_around(report["text"], spans[0]) if spans and report else "",
        row=claim,
        report={name: value for name, value in report.items() if name != "text"},
    )
