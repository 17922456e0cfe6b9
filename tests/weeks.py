"""Events in weeks, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tocsin.analyse.answer import Answer
from tocsin.analyse.events import Events, events_of
from tocsin.store import Filter

SATURDAY = date(2024, 3, 2)  # the first day of the last week


def row(day: date, admin1: str | None = "North", **more: Any) -> dict[str, Any]:
    kind = {"event_type": "Battles", "sub_event_type": "Armed clash", "time_precision": 1, "geo_precision": 1}
    return {**kind, "event_date": day, "country": "Mali", "admin1": admin1, "latitude": 14.0, "longitude": -3.0,
            "fatalities": 1, **more}  # fmt: skip


def rows_of(counts: Mapping[str, Sequence[int]], **more: Any) -> list[dict[str, Any]]:
    """So many events on the Monday of each week; the last week begins on SATURDAY."""
    return [
        row(SATURDAY + timedelta(days=2 - 7 * (len(weeks) - 1 - at)), name, **more)
        for name, weeks in counts.items()
        for at, count in enumerate(weeks)
        for _ in range(count)
    ]


def events_from(rows: list[dict[str, Any]], weeks: int = 60) -> Events:
    """Events of a period of so many whole weeks."""
    wanted = Filter(since=str(SATURDAY - timedelta(days=7 * (weeks - 1))), until=str(SATURDAY + timedelta(days=6)))
    return events_of(rows, wanted=wanted)


def only(answer: Answer, name: str = "North") -> dict[str, Any]:
    """The row of that area, with its details if they have a table of their own."""
    at = answer.table["admin1"].to_list().index(name)
    more = answer.tables["details"].row(at, named=True) if "details" in answer.tables else {}
    return {**answer.table.row(at, named=True), **more}
