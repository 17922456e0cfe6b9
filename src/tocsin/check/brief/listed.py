"""Events as a briefing lists them: what, where, who, and the words that report them.

In:  a Store and ids of events.
Out: `Told` for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tocsin.store import Store
from tocsin.store.lookup import about, events_named

QUOTED = ("trigger", "fatalities", "location")  # fields whose words are shown
MOST = 3  # reports of one event


@dataclass(frozen=True, slots=True)
class Report:
    """The words of one report; a row of another data set has a name and no words."""

    quotes: tuple[str, ...]
    name: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """An event and who reports it."""

    id: str
    day: str | None
    type: str
    actors: str
    place: str
    deaths: int | None
    reports: tuple[Report, ...]


def told(store: Store, ids: Iterable[str]) -> Iterator[Told]:
    """The events, in the order of their ids as given."""
    for row in events_named(store, ids):
        place = ", ".join(part for part in (row["location"], row["admin1"]) if part)
        actors = " – ".join(part for part in (row["actor1"], row["actor2"]) if part)
        yield Told(row["event_id_cnty"], row["event_date"], row["sub_event_type"] or row["event_type"] or "", actors,
                   place, row["fatalities"], tuple(_reports(store, row)))  # fmt: skip


def _reports(store: Store, event: dict[str, Any]) -> Iterator[Report]:
    claims = store.claims(store.members(event["event_id_cnty"]))
    known = {row["id"]: row for row in about(store, [claim["report_id"] for claim in claims if claim["report_id"]])}
    for claim in claims[:MOST]:
        report = known.get(claim["report_id"])
        if report is None:
            yield Report(_note(event), f"{claim['dataset']} {claim['row_id']}", None)
        else:
            name = ", ".join(part for part in (report["source"], report["title"], report["published"]) if part)
            yield Report(tuple(_quotes(claim)), name or report["id"], report["url"])


def _note(event: dict[str, Any]) -> tuple[str, ...]:
    return (event["notes"],) if event.get("notes") else ()


def _quotes(claim: dict[str, Any]) -> list[str]:
    found = [each["quote"] for name in QUOTED for each in claim.get("evidence") or () if each["field"] == name]
    return list(dict.fromkeys(found))
