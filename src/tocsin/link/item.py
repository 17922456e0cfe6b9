"""What linking looks at in a claim.

In:  a claim row (the event dictionary of exchange/event.py, or an imported row with the same keys).
Out: an Item: days, place, kind, actors, deaths and rare words; no name of a person, no text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from tocsin.link.days import days_meant
from tocsin.link.words import rare_words, sentences

Row = Mapping[str, Any]

RADIUS_KM = {1: 5.0, 2: 25.0, 3: 100.0}  # by geo_precision, when the claim gives no radius of its own
UNSTATED = "fatalities: fatalities.not-stated"  # the rule behind a 0 that no report states
ACTORS = ("actor1", "actor2", "assoc_actor_1", "assoc_actor_2")


@dataclass(frozen=True, slots=True)
class Item:
    """One claim; days are proleptic ordinals, `first` to `last` are all that the date may mean."""

    key: str
    report: str | None
    origin: str | None
    dataset: str | None
    first: int
    last: int
    day: int
    latitude: float
    longitude: float
    radius_km: float
    country: str
    admin1: str | None
    location: str | None
    event_type: str
    sub_event_type: str
    actors: tuple[str, ...]
    inters: tuple[str, ...]
    low: int | None
    best: int | None
    high: int | None
    words: tuple[int, ...]
    sentences: tuple[int, ...]  # of the notes of a data set's row
    published: int | None
    source: str | None


def item_of(row: Row, key: str, *, report: str | None, origin: str | None, text: str = "") -> Item | None:
    """The claim as an Item, or None without a day, a country or a point: it cannot be linked.

    `text` is what the report says about it; without, the row's notes.
    """
    day, country = _ordinal(row.get("event_date")), row.get("country")
    latitude, longitude = row.get("latitude"), row.get("longitude")
    if day is None or not country or latitude is None or longitude is None:
        return None
    first, last = days_meant(row["event_date"], int(row.get("time_precision") or 1))
    actors = tuple(name for column in ACTORS for name in str(row.get(column) or "").split("; ") if name)
    best = None if UNSTATED in (row.get("rules") or ()) else _count(row.get("fatalities_best"), row.get("fatalities"))
    known = (*actors, country, row.get("location"), row.get("admin1"))
    return Item(
        key=key,
        report=report,
        origin=origin or report,
        dataset=row.get("dataset"),
        first=first,
        last=last,
        day=day,
        latitude=float(latitude),
        longitude=float(longitude),
        radius_km=_radius(row),
        country=country,
        admin1=row.get("admin1"),
        location=row.get("location"),
        event_type=row.get("event_type") or "",
        sub_event_type=row.get("sub_event_type") or "",
        actors=actors,
        inters=tuple(row[column] for column in ("inter1", "inter2") if row.get(column)),
        low=None if best is None else _count(row.get("fatalities_low"), best),
        best=best,
        high=None if best is None else _count(row.get("fatalities_high"), best),
        words=rare_words(text or row.get("notes") or "", known),
        sentences=sentences(row.get("notes") or "") if row.get("dataset") else (),
        published=_published(row.get("timestamp")),
        source=row.get("source"),
    )


def _radius(row: Row) -> float:
    """Where it may have been, around the point, in km; only what is known by its region alone is wide."""
    usual = RADIUS_KM.get(int(row.get("geo_precision") or 1), 5.0)
    radius = float(row.get("place_radius_km") or usual)
    return radius if usual == RADIUS_KM[3] else min(radius, RADIUS_KM[3])


def _ordinal(day: date | str | None) -> int | None:
    if not day:
        return None
    return (day if isinstance(day, date) else date.fromisoformat(day)).toordinal()


def _count(*values: Any) -> int | None:
    return next((int(value) for value in values if value is not None and value != ""), None)


def _published(timestamp: Any) -> int | None:
    return datetime.fromtimestamp(int(timestamp), UTC).toordinal() if timestamp else None
