"""Checks of one row against itself and the numbers of checks.toml.

In:  an event row, Known.
Out: findings.
"""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.codebook import Finding
from tocsin.exchange.checks.known import Known, Row, day, home, listed, text, whole

MUST = ("actor1", "country", "location", "notes")
SHOULD = ("source_scale", "timestamp")
CROWDS = ("Protests", "Riots")
CROWD_TAG = "crowd size"  # the codebook's tag, in any language


def e15_future(row: Row, known: Known) -> Iterator[Finding]:
    found = day(row)
    if found and found > known.today:
        yield Finding("E15", "event_date", found.isoformat(), f"a day up to {known.today}")


def e16_country(row: Row, known: Known) -> Iterator[Finding]:
    where = home(row)
    if where is None:
        if text(row, "country"):
            yield Finding("E16", "country", text(row, "country"), "the name of a country")
        return
    for column, expected in (("iso", str(where.iso)), ("region", where.region)):
        if text(row, column) != expected:
            yield Finding("E16", column, text(row, column), f"{expected}, that of {where.name}")


def e18_range(row: Row, known: Known) -> Iterator[Finding]:
    low, high = whole(row, "fatalities_low"), whole(row, "fatalities_high")
    for column in ("fatalities", "fatalities_best"):
        found = whole(row, column)
        if found is not None and (found < (low or 0) or (high is not None and found > high)):
            yield Finding("E18", column, str(found), f"from {low or 0} to {'any' if high is None else high}")


def e19_missing(row: Row, known: Known) -> Iterator[Finding]:
    for column in MUST:
        if not text(row, column):
            yield Finding("E19", column, "", "a value")


def w7_crowd(row: Row, known: Known) -> Iterator[Finding]:
    if text(row, "event_type") in CROWDS and not any(t.startswith(CROWD_TAG) for t in listed(row, "tags")):
        yield Finding("W7", "tags", text(row, "tags"), f"{CROWD_TAG}=..., no report if nobody says")


def w12_plausible(row: Row, known: Known) -> Iterator[Finding]:
    dead, most = whole(row, "fatalities"), known.limits.fatalities
    if dead is not None and dead > most:
        yield Finding("W12", "fatalities", str(dead), f"at most {most:g} in one event")


def w13_radius(row: Row, known: Known) -> Iterator[Finding]:
    precision, radius = whole(row, "geo_precision"), row.get("place_radius_km")
    if precision is None or precision not in known.limits.radius_km or not isinstance(radius, int | float):
        return
    least, most = known.limits.radius_km[precision]
    if not least <= radius <= most:
        expected = f"{least:g} to {most:g} km at geo_precision {precision}"
        yield Finding("W13", "place_radius_km", f"{radius:g}", expected)


def w15_letters(row: Row, known: Known) -> Iterator[Finding]:
    where, found = home(row), text(row, "event_id_cnty")
    if where and found and not found.startswith(where.iso3):
        yield Finding("W15", "event_id_cnty", found, f"{where.iso3} at its start, for {where.name}")


def w16_itself(row: Row, known: Known) -> Iterator[Finding]:
    for actor, beside in (("actor1", "assoc_actor_1"), ("actor2", "assoc_actor_2")):
        if text(row, actor) and text(row, actor) in listed(row, beside):
            yield Finding("W16", beside, text(row, actor), f"others than {actor}")


def w17_missing(row: Row, known: Known) -> Iterator[Finding]:
    for column in SHOULD:
        if not text(row, column):
            yield Finding("W17", column, "", "a value")
