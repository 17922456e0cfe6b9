"""One coded report as plain data: the ACLED columns by their ACLED names, and what supports each value.

In:  a Coded report.
Out: a dictionary that JSON can hold, see docs/output.md. What the report does not state is `None`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, time
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

from tocsin import codebook
from tocsin.codebook.columns import LIST_SEPARATOR
from tocsin.countries import Country, by_name
from tocsin.exchange.notes import note
from tocsin.model import Claim, Coded, Issue, Rejected, Report, Value

Event = dict[str, Any]

ID_DIGITS = (
    12  # a million events of one country share a provisional id with a chance of one half; 9 digits: 37 thousand
)
CONFIDENCE_DECIMALS = 3

# Columns that follow from a coded field, and by which rule.
DERIVED = {
    "year": ("event_date", "derived.year"),
    "disorder_type": ("sub_event_type", "codebook.disorder_type"),
    "interaction": ("inter1", "codebook.interaction"),
    "iso": ("country", "derived.country"),
    "region": ("country", "derived.country"),
}


def to_json(coded: Coded) -> dict[str, Any]:
    """The output line of one report: its events, the mentions that were not coded, and what was odd."""
    report = coded.report
    return {
        "id": report.id,
        "events": [event(claim, report, position) for position, claim in enumerate(coded.claims)],
        "rejected": [_rejected(mention, report.text) for mention in coded.rejected],
        "issues": [_issue(issue) for issue in coded.issues],
    }


def event(claim: Claim, report: Report, position: int) -> Event:
    """The claim as one event; `position` counts the claims of the report from 0."""
    row = {
        **_columns(claim, report, position),
        "fatalities_low": claim.fatalities_low.value,
        "fatalities_best": claim.fatalities_best.value,
        "fatalities_high": claim.fatalities_high.value,
        "background": claim.background,
        "place_radius_km": claim.place_radius_km.value,
        "geonameid": claim.geonameid.value,
        "complete": claim.complete,
        "confidence": {name: round(value.confidence, CONFIDENCE_DECIMALS) for name, value in supported(claim)},
        "rules": [f"{name}: {value.rule}" for name, value in supported(claim)],
        "evidence": evidence(claim, report.text),
    }
    return row | {"notes": note(row)}


def acled_columns(claim: Claim, report: Report, position: int) -> Event:
    """The 31 columns of an ACLED export, in its order."""
    row = event(claim, report, position)
    return {name: row[name] for name in codebook.COLUMNS}


def _columns(claim: Claim, report: Report, position: int) -> Event:
    """The columns of an ACLED export, in its order, without what they tell together."""
    home = by_name(claim.country.value, "en") if claim.country.value else None
    day = claim.event_date.value
    return {
        "event_id_cnty": provisional_id(report, position, home),
        "event_date": day.isoformat() if day else None,
        "year": day.year if day else None,
        "time_precision": claim.time_precision.value,
        "disorder_type": _disorder_type(claim),
        "event_type": claim.event_type.value,
        "sub_event_type": claim.sub_event_type.value,
        "actor1": claim.actor1.value,
        "assoc_actor_1": _joined(claim.assoc_actor_1.value),
        "inter1": claim.inter1.value,
        "actor2": claim.actor2.value,
        "assoc_actor_2": _joined(claim.assoc_actor_2.value),
        "inter2": claim.inter2.value,
        "interaction": _interaction(claim),
        "civilian_targeting": "Civilians targeted" if claim.civilian_targeting.value else None,
        "iso": home.iso if home else None,
        "region": home.region if home else None,
        "country": claim.country.value,
        "admin1": claim.admin1.value,
        "admin2": claim.admin2.value,
        "admin3": None,  # the gazetteer ends at admin2
        "location": claim.location.value,
        "latitude": _degrees(claim.latitude.value),
        "longitude": _degrees(claim.longitude.value),
        "geo_precision": claim.geo_precision.value,
        "source": source(report),
        "source_scale": report.source_scale,
        "notes": None,
        "fatalities": claim.fatalities.value,
        "tags": _joined(claim.tags),
        "timestamp": timestamp(report.published),
    }


def provisional_id(report: Report, position: int, home: Country | None) -> str | None:
    """An id of ACLED's form from the report and the claim's place in it; a database gives the lasting one."""
    if home is None:
        return None
    digest = blake2b(f"{report.id}\n{position}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return f"{home.iso3}{int.from_bytes(digest, 'big') % 10**ID_DIGITS}"


def source(report: Report) -> str | None:
    """The source's name, else the host of the report's address; never an invented one."""
    if report.source:
        return report.source
    host = urlsplit(report.url).hostname if report.url else None
    return host.removeprefix("www.") if host else None


def timestamp(published: date | None) -> int | None:
    """Midnight UTC at the start of the publication day, in Unix seconds: the same input gives the same output."""
    return int(datetime.combine(published, time.min, tzinfo=UTC).timestamp()) if published else None


def values(claim: Claim) -> Iterator[tuple[str, Value[Any]]]:
    """Each coded field of the claim with its name, known or not."""
    for field in fields(claim):
        value = getattr(claim, field.name)
        if isinstance(value, Value):
            yield field.name, value


def supported(claim: Claim) -> Iterator[tuple[str, Value[Any]]]:
    """Each field that has a value, derived columns too, with the rule behind it."""
    coded = {name: value for name, value in values(claim) if value.value not in (None, ())}
    yield from coded.items()
    for column, (basis, rule) in DERIVED.items():
        if basis in coded:
            yield column, Value(coded[basis].value, rule, coded[basis].spans, coded[basis].confidence)


def evidence(claim: Claim, text: str) -> list[Event]:
    """Each span that supports a field, in the order of the fields."""
    return [
        {"field": name, "start": span.start, "end": span.end, "quote": span.of(text)}
        for name, value in values(claim)
        if value.value not in (None, ())
        for span in value.spans
    ]


def _disorder_type(claim: Claim) -> str | None:
    sub = claim.sub_event_type.value
    return codebook.disorder_type(sub) if sub else None


def _interaction(claim: Claim) -> str | None:
    return codebook.interaction(claim.inter1.value, claim.inter2.value) if claim.inter1.value else None


def _rejected(mention: Rejected, text: str) -> Event:
    span = mention.span
    return {
        "quote": span.of(text),
        "start": span.start,
        "end": span.end,
        "reason": str(mention.reason),
        "note": mention.note,
    }


def _issue(issue: Issue) -> Event:
    return {"level": issue.level, "stage": issue.stage, "message": issue.message, "where": issue.where}


def _joined(names: tuple[str, ...] | None) -> str | None:
    return LIST_SEPARATOR.join(names) if names else None


def _degrees(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
