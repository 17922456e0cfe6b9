"""The page of one event: its fields with the words behind them, the claims side by side, why they are one, its history.

In:  an event's id in the address.
Out: the page; for an event that was merged, the page of the one it is part of now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tocsin.dossier import Dossier
from tocsin.errors import UsageError
from tocsin.serve.access.people import Person
from tocsin.serve.access.rights import needs
from tocsin.serve.desk.quotes import pieces, quotes_of
from tocsin.serve.pages import page
from tocsin.store import Store, Version
from tocsin.store.lookup import about

router = APIRouter(include_in_schema=False)
Row = Mapping[str, Any]

FIELDS = (  # label, column
    ("Date", "event_date"), ("Type", "sub_event_type"), ("Actor 1", "actor1"), ("with", "assoc_actor_1"),
    ("Actor 2", "actor2"), ("with", "assoc_actor_2"), ("Civilians targeted", "civilian_targeting"),
    ("Place", "location"), ("Admin1", "admin1"), ("Country", "country"), ("Fatalities", "fatalities"),
    ("Tags", "tags"), ("Notes", "notes"), ("Sources", "source"),
)  # fmt: skip
BESIDE = ("event_date", "sub_event_type", "actor1", "actor2", "location", "fatalities")
TIMES = {1: "the day is stated", 2: "within a week", 3: "within a month"}
PLACES = {1: "the place is named", 2: "near a named place", 3: "only the region is known"}
SPEAKS = 0.05  # weights smaller than this say nothing


@router.get("/event/{event_id}")
def event(request: Request, person: Annotated[Person, Depends(needs("reader"))], event_id: str) -> Response:
    view = request.app.state.site.view(person)
    row = view.event(event_id)
    try:
        whole = view.dossier(event_id)
    except UsageError:
        whole = None
    if row is None:
        return _gone(request, whole, event_id)
    shown = {"row": row, "values": values(row, whole), "whole": whole, "is_coder": person.may("coder")}
    if whole:
        shown |= {
            "reports": reports(view.store, whole.claims),
            "beside": beside(whole.claims),
            "joined": [(a, b, [part for part in why if abs(part[1]) >= SPEAKS]) for a, b, why in whole.joined],
            "history": [step(version) for version in reversed(whole.history)],
            "event_version": whole.history[-1].version,
            "names": {claim["key"]: told_by(claim) for claim in whole.claims},
        }
    return page(request, "event", **shown)


def _gone(request: Request, whole: Dossier | None, event_id: str) -> Response:
    if whole is None or not whole.history:
        raise HTTPException(404, f"There is no event {event_id[:40]}.")
    last = whole.history[-1]
    if last.merged_into:
        return RedirectResponse(f"/event/{last.merged_into}?was={event_id}", 302)
    history = [step(version) for version in reversed(whole.history)]
    found: HTMLResponse = page(request, "event_gone", 410, event_id=event_id, last=last, history=history)
    return found


def values(row: Row, whole: Dossier | None) -> list[dict[str, Any]]:
    """Each field of the event with its words, its rule and how sure it is, as its claims say."""
    claims = whole.claims if whole else []
    found = []
    for label, name in FIELDS:
        if row.get(name) in (None, "") and name not in BESIDE:
            continue
        best = next((claim for claim in claims if claim.get(name) == row.get(name)), None)
        quotes = quotes_of(best.get("evidence") or ()).get(name, []) if best else []
        rule = _rule(best, name) if best and best.get("rules") else ""
        sure = (best.get("confidence") or {}).get(name) if best else None
        found.append({"label": label, "name": name, "value": row.get(name), "quotes": quotes, "rule": rule,
                      "sure": sure, "note": _note(row, name)})  # fmt: skip
    return found


def _rule(claim: Row, name: str) -> str:
    return next((rule.partition(": ")[2] for rule in claim["rules"] if rule.startswith(f"{name}: ")), "")


def _note(row: Row, name: str) -> str:
    """What must be known to read the value right."""
    if name == "event_date":
        return TIMES.get(row.get("time_precision") or 0, "")
    if name == "location":
        radius = row.get("place_radius_km")
        return PLACES.get(row.get("geo_precision") or 0, "") + (f", give or take {radius:g} km" if radius else "")
    low, high = row.get("fatalities_low"), row.get("fatalities_high")
    if name == "fatalities" and low is not None and (low, high) != (row.get(name),) * 2:
        return f"reports say {low} to {high}"
    return str(row.get("event_type") or "") if name == "sub_event_type" else ""


def beside(claims: Sequence[Row]) -> list[dict[str, Any]]:
    """A line for each field: what each claim says, and whether they differ."""
    labels = {column: label for label, column in FIELDS}
    return [
        {"label": labels[name], "told": [claim.get(name) for claim in claims],
         "differ": len({str(claim.get(name)) for claim in claims}) > 1}
        for name in BESIDE
    ]  # fmt: skip


def told_by(claim: Row) -> str:
    """Who makes the claim, for people."""
    return str(claim.get("source") or claim.get("dataset") or "a report without a source")


def reports(store: Store, claims: Iterable[Row]) -> list[dict[str, Any]]:
    """The reports behind the claims, with the words marked."""
    evidence: dict[str, dict[str, Any]] = {}
    for claim in claims:
        if claim.get("report_id"):
            evidence.setdefault(claim["report_id"], {})[claim["key"]] = claim.get("evidence") or []
    rows = {row["id"]: row for row in about(store, evidence, text=True)}
    return [{**rows[key], "pieces": pieces(rows[key]["text"], held)} for key, held in evidence.items() if key in rows]


def step(version: Version) -> dict[str, Any]:
    """A line of the history."""
    first = version.version == 1 and not version.gone
    shown = {column for _, column in FIELDS}
    changed = [] if first else [(name, *pair) for name, pair in version.changed.items() if name in shown]
    return {"version": version.version, "at": version.at[:16].replace("T", " "), "why": version.why,
            "cause": version.cause, "changed": changed, "gone": version.gone, "into": version.merged_into}  # fmt: skip
