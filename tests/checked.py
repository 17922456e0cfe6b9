"""Hand-made events of a country that is covered, and statements about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tocsin.analyse.draws import Draws
from tocsin.analyse.events import Events, events_of
from tocsin.check.answer import check
from tocsin.check.statement import Asked, Checked, Spot, Statement

DRAWS = Draws(40)
MALI = Spot("Mali", "country", "Mali", 17.0, -4.0)
CAPITAL = Spot("Bamako", "place", "Mali", 12.65, -8.0)
KATI = Spot("Kati", "place", "Mali", 12.74, -8.07)
NORTH = Spot("Gao", "admin1", "Mali")
GROUP, OTHER = "JNIM: Group for Support of Islam and Muslims", "Islamic State Sahel Province (ISSP)"
UNNAMED = "Unidentified Armed Group (Mali)"


def event(day: str, **given: Any) -> dict[str, Any]:
    """An attack by GROUP on civilians in Gao, far from the capital, of which all is known."""
    return {
        "event_date": day, "time_precision": 1, "geo_precision": 1, "place_radius_km": 3.0, "latitude": 16.27,
        "longitude": -0.04, "country": "Mali", "admin1": "Gao", "location": "Gao", "fatalities": 2,
        "event_type": "Violence against civilians", "sub_event_type": "Attack", "actor1": GROUP,
        "actor2": "Civilians (Mali)", "source": "Agency", **given,
    }  # fmt: skip


def quiet(first: int = 2015, last: int = 2022, country: str = "Mali") -> list[dict[str, Any]]:
    """Two marches each month, told by two sources: no violence, but they show that the data would have it."""
    march = {"event_type": "Protests", "sub_event_type": "Peaceful protest", "actor1": f"Protesters ({country})",
             "actor2": None, "fatalities": 0, "country": country, "admin1": "Bamako", "location": "Bamako",
             "latitude": CAPITAL.latitude, "longitude": CAPITAL.longitude}  # fmt: skip
    return [
        event(f"{year}-{month:02}-{day}", **{**march, "source": source})
        for year in range(first, last + 1)
        for month in range(1, 13)
        for day, source in (("03", "Agency"), ("28", "Paper; Radio"))
    ]


def data(*rows: dict[str, Any], covered: bool = True) -> Events:
    return events_of([*rows, *(quiet() if covered else [])], "mali.csv")


def asked(kind: Any, **given: Any) -> Asked:
    return replace(Asked(kind, where=MALI), **given)


def answered(question: Asked, events: Events, written: str | None = "2022-12-31", quote: str = "said") -> Checked:
    statement = Statement(quote, 0, len(quote), question)
    return check(statement, events, DRAWS, written=date.fromisoformat(written) if written else None)
