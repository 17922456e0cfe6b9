"""Where a village lies that no gazetteer has and the report does not describe.

In:  all mentions of the report. Out: the unknown ones stand at the nearest place that is named, flagged as such.
"""

from __future__ import annotations

from tocsin.fold import fold
from tocsin.locate import tables
from tocsin.locate.found import Found
from tocsin.locate.gazetteer import Gazetteer
from tocsin.model import Place

UNKNOWN_RADIUS = {"place": 25.0, "admin2": 40.0, "admin1": 80.0, "area": 60.0, "region": 100.0, "country": 300.0}
QUARTERS = frozenset(
    [
        "quarter",
        "neighbourhood",
        "neighborhood",
        "suburb",
        "suburbs",
        "slum",
        "quartier",
        "quartiers",
        "faubourg",
        "banlieue",
    ]
)


def settle_unknown(found: list[Found], text: str, gazetteer: Gazetteer, home: str | None) -> None:
    """A village that nobody knows and the report does not describe: at the nearest place that the report names."""
    seen = {fold(f.draft.name): f for f in reversed(found) if not f.known and "described" in f.rule}
    for i, f in enumerate(found):
        name = fold(f.draft.name)
        if f.place is None and name in seen:
            same = seen[name]
            f.place, f.precision, f.rule, f.confidence = same.place, same.precision, same.rule, same.confidence
        elif f.place is None:
            within = unit_after(found, i, text)
            stand(f, within or fallback_of(found, i, text, gazetteer, home), gazetteer)
            if within:
                f.rule = f.rule.replace("unknown", "unknown.within")
        if not f.known and f.place is not None and ("described" in f.rule or "unknown" in f.rule):
            seen.setdefault(name, f)


def fallback_of(found: list[Found], i: int, text: str, gazetteer: Gazetteer, home: str | None) -> Place | None:
    return (
        part_of(found[i].draft.name, home, gazetteer)
        or nearest_named(found, i, text, home)
        or gazetteer.country(home or "")
    )


def stand(f: Found, fallback: Place | None, gazetteer: Gazetteer) -> None:
    if fallback:
        f.place = stand_in(f.draft.name, fallback, gazetteer)
        f.precision = 2 if fallback.kind in ("place", "admin2") else 3
        f.rule, f.confidence = f.rule.replace("unknown", f"unknown.{fallback.kind}"), 0.4


def unit_after(found: list[Found], i: int, text: str) -> Place | None:
    """The place said right after: "X, in Ancuabe district", "X (Sofala)"."""
    end = found[i].draft.end
    for f in found[i + 1 : i + 4]:
        gap = text[end : f.draft.start]
        if len(gap) > 60 or "\n" in gap or ". " in gap:
            return None
        if f.place is not None and f.place.kind != "country" and f.role in ("at", "anchor"):
            return f.place
        end = f.draft.end
    return None


def part_of(name: str, home: str | None, gazetteer: Gazetteer) -> Place | None:
    """A "Dinangourou-Daga" is near Dinangourou, if the country of the report has one."""
    first = name.split("-")[0]
    if len(first) < 4 or first == name or not home:
        return None
    return next((p for p in gazetteer.in_country(first, home) if p.kind == "place"), None)


def nearest_named(found: list[Found], i: int, text: str, home: str | None) -> Place | None:
    """A town named before (same paragraph first), then after; then a unit; a country does not help."""
    here = found[i].draft.start
    usable = [f for j, f in enumerate(found) if j != i and f.place and f.known and usable_for_others(f)]
    usable = [f for f in usable if f.place and (f.place.country == home or abs(f.draft.start - here) < 60)]
    dateline = [f.place for f in found if f.role == "dateline" and f.place and f.place.kind == "place"]
    if dateline and found[i].draft.cue in QUARTERS:
        return dateline[0]
    for kinds in (("place", "admin2"), ("admin1", "area", "region")):
        same = [f for f in usable if f.place and f.place.kind in kinds]
        if same:
            return min(same, key=lambda f: apart(f.draft.start, here, text)).place
    return dateline[0] if dateline and (dateline[0].feature != "PPLC" or found[i].draft.cue == "in") else None


def usable_for_others(f: Found) -> bool:
    local = f.role == "dateline" and f.place is not None and f.place.feature != "PPLC"
    return (f.role in ("at", "anchor") and not f.rule.startswith("elsewhere")) or local


def apart(there: int, here: int, text: str) -> float:
    low, high = min(there, here), max(there, here)
    return high - low + 1000 * text.count("\n\n", low, high) + (150 if there > here else 0)


def stand_in(name: str, fallback: Place, gazetteer: Gazetteer) -> Place:
    seat = gazetteer.seat_of(fallback) if fallback.kind in ("admin1", "admin2") and fallback.geonameid else None
    point = seat or fallback
    radius = max(UNKNOWN_RADIUS.get(fallback.kind, 50.0), fallback.radius_km)
    return Place(
        name, "place", point.latitude, point.longitude, radius, fallback.country, fallback.admin1,
        fallback.admin2 or (seat.admin2 if seat and fallback.kind == "admin2" else None),
    )  # fmt: skip


def forgotten(f: Found) -> bool:
    """A name that no words around it call a place, and that means none in the countries of the report; a group."""
    if not f.known and f.draft.name in tables.context():
        return True
    return (
        not f.known
        and bool(f.draft.candidates)
        and not f.rule.startswith(("described", "unknown.within"))
        and (not f.draft.cue or f.draft.cue.startswith("+"))
        and not f.draft.kind
    )
