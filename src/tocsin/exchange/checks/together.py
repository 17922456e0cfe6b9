"""Checks of one event against the others.

In:  an event row, Known, which remembers the events before it.
Out: findings about the later of two.
"""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.codebook import Finding
from tocsin.exchange.checks.known import Known, Row, text

PLACE = ("event_date", "country", "admin1", "location")
SHOWN = 60  # characters of the notes
CROWDS = ("Protests", "Riots")  # those who call for them tell two on one day apart


def w2_twice(row: Row, known: Known) -> Iterator[Finding]:
    actors = sorted(text(row, name) for name in ("actor1", "actor2"))
    beside = (text(row, "assoc_actor_1"), text(row, "assoc_actor_2")) if text(row, "event_type") in CROWDS else ()
    what = (*(text(row, name) for name in PLACE), *actors, *beside)
    if not text(row, "event_date") or not text(row, "location") or not actors[1]:
        return
    if other := known.first("W2", hash(what), text(row, "event_id_cnty")):
        yield Finding(
            "W2", "event_id_cnty", text(row, "event_id_cnty"), f"one event with {other}: same actors, place, day"
        )


def w14_notes(row: Row, known: Known) -> Iterator[Finding]:
    notes = text(row, "notes")
    if len(notes) < known.limits.same_notes:
        return
    if other := known.first("W14", hash(notes), text(row, "event_id_cnty")):
        yield Finding("W14", "notes", f"{notes[:SHOWN]}…", f"notes of its own; {other} has the same")
