"""One event from all the claims that tell it.

In:  the claims of one cluster (`Member`s), what people decided about the event, and a policy for numbers.
Out: one event row: ACLED's columns; `chosen` says which claim each came from, `tolls` who counted how many dead.
     The order of the claims never matters.

Fields that only make sense together (a place and its coordinates, a type and who did it) come from one claim. The claim
is the one that says most, then the one that most independent origins agree with, then the earliest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tocsin.codebook import interaction, taxonomy
from tocsin.codebook.columns import LIST_SEPARATOR
from tocsin.link.item import UNSTATED

Row = dict[str, Any]

DAY = ("event_date", "year", "time_precision")
KIND = (
    "disorder_type",
    "event_type",
    "sub_event_type",
    "civilian_targeting",
    "actor1",
    "assoc_actor_1",
    "inter1",
    "actor2",
    "assoc_actor_2",
    "inter2",
    "interaction",
)
PLACE = ("iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision",
         "place_radius_km", "geonameid")  # fmt: skip
UNNAMED = ("Unidentified", "Civilians", "Protesters", "Rioters")
UNKNOWN_PRECISION = 9  # vaguer than any


class Policy(StrEnum):
    """Whose number of dead is published when reports differ."""

    lowest = "lowest"
    latest = "latest"
    most_reliable = "most-reliable"
    majority = "majority"


@dataclass(frozen=True, slots=True)
class Member:
    """A claim of the cluster. `origin`: copies of one text share it. `party`: its source fights in this conflict."""

    key: str
    row: Mapping[str, Any]
    origin: str
    published: int | None = None  # ordinal day
    party: bool = False


@dataclass(frozen=True, slots=True)
class Amendment:
    """A person's value for one field."""

    field: str
    value: Any
    decision: int


def build_event(members: Sequence[Member], amendments: Sequence[Amendment] = (), policy: Policy = Policy.latest) -> Row:
    """The event that these claims tell; people's amendments win, the later one of two."""
    told = sorted(members, key=lambda member: (_when(member), member.key))
    day, kind, place = _best(told, DAY, _vague_day), _best(told, KIND, _unnamed), _best(told, PLACE, _vague_place)
    row = {**_part(day, DAY), **_part(kind, KIND), **_part(place, PLACE)}
    toll = deaths(told, policy)
    row |= _deaths(told, toll) | _sources(told) | _told(told, kind)
    row["chosen"] = {"date": day.key, "type and actors": kind.key, "place": place.key}
    row["chosen"] |= {"fatalities": toll.key} if toll else {}
    return _amended(row, amendments)


def deaths(told: Sequence[Member], policy: Policy) -> Member | None:
    """The claim whose number of dead is published; of equals the lower number, as ACLED does."""
    counted = _counted(told)
    if not counted:
        return None
    agreed = Counter(number for _, number in {(member.origin, _dead(member)) for member in counted})
    order: dict[Policy, Callable[[Member], tuple[Any, ...]]] = {
        Policy.lowest: lambda member: (),
        Policy.latest: lambda member: (-_when(member),),
        Policy.most_reliable: lambda member: (member.party, -_sure(member), -agreed[_dead(member)]),
        Policy.majority: lambda member: (-agreed[_dead(member)],),
    }
    return min(counted, key=lambda member: (*order[policy](member), _dead(member), _when(member), member.key))


def _counted(told: Sequence[Member]) -> list[Member]:
    """The claims that give a number of dead. A report that says nothing of dead gives 0 only where none gives more."""
    counted = [member for member in told if member.row.get("fatalities") is not None]
    return [member for member in counted if not _is_silent(member.row)] or counted


def _is_silent(row: Mapping[str, Any]) -> bool:
    return any(rule.startswith(UNSTATED) for rule in row.get("rules") or ())


# -- which claim -----------------------------------------------------------------------------------------------------


def _best(told: Sequence[Member], fields: Sequence[str], vagueness: Callable[[Member], int]) -> Member:
    """The least vague claim; of those, one that most origins agree with; of those, the earliest."""
    least = min(map(vagueness, told))
    clear = [member for member in told if vagueness(member) == least]
    says = {member.key: tuple(map(str, map(member.row.get, fields))) for member in clear}
    agreed = Counter(value for _, value in {(member.origin, says[member.key]) for member in clear})
    return max(clear, key=lambda member: agreed[says[member.key]])  # `told` has the earliest first


def _vague_day(member: Member) -> int:
    return member.row.get("time_precision") or UNKNOWN_PRECISION


def _vague_place(member: Member) -> int:
    return member.row.get("geo_precision") or UNKNOWN_PRECISION


def _unnamed(member: Member) -> int:
    """How many of the two actors are not called by their name."""
    names = (member.row.get("actor1"), member.row.get("actor2"))
    return sum(2 if not name else name.startswith(UNNAMED) for name in names)


# -- the parts of the row --------------------------------------------------------------------------------------------


def _part(member: Member, fields: Sequence[str]) -> Row:
    return {name: member.row.get(name) for name in fields}


def _deaths(told: Sequence[Member], toll: Member | None) -> Row:
    """The published number, and the range over all claims."""
    counted = [member.row for member in _counted(told)]
    if toll is None:
        return dict.fromkeys(("fatalities", "fatalities_low", "fatalities_best", "fatalities_high")) | {"tolls": []}
    return {
        "fatalities": toll.row["fatalities"],
        "fatalities_low": min(_bound(row, "fatalities_low") for row in counted),
        "fatalities_best": _bound(toll.row, "fatalities_best"),
        "fatalities_high": max(_bound(row, "fatalities_high") for row in counted),
        "tolls": [{"claim": m.key, "fatalities": _dead(m)} for m in told if m.row.get("fatalities") is not None],
    }


def _sources(told: Sequence[Member]) -> Row:
    return {
        "source": _joined(told, "source"),
        "source_scale": _joined(told, "source_scale"),
        "tags": _joined(told, "tags"),
        "timestamp": max((m.row["timestamp"] for m in told if m.row.get("timestamp")), default=None),
        "sources": len({member.origin for member in told}),
        "claims": len(told),
    }


def _told(told: Sequence[Member], kind: Member) -> Row:
    return {
        "notes": kind.row.get("notes"),
        "background": all(member.row.get("background") for member in told),
        "complete": any(member.row.get("complete", True) for member in told),
    }


def _amended(row: Row, amendments: Sequence[Amendment]) -> Row:
    """The row with people's values, and what follows from them."""
    for each in sorted(amendments, key=lambda amendment: amendment.decision):
        row[each.field] = each.value
        row["chosen"][each.field] = f"decision {each.decision}"
    return row | _derived(row, {each.field for each in amendments})


def _derived(row: Row, amended: set[str]) -> Row:
    """The columns that follow from amended ones."""
    derived: Row = {}
    if "event_date" in amended:
        derived["year"] = int(str(row["event_date"])[:4])
    if "fatalities" in amended and row["fatalities"] is not None:
        bounds = [row["fatalities"], *(row[n] for n in ("fatalities_low", "fatalities_high") if row[n] is not None)]
        derived |= {"fatalities_best": row["fatalities"], "fatalities_low": min(bounds), "fatalities_high": max(bounds)}
    if "sub_event_type" in amended:
        kind = taxonomy().sub_event(row["sub_event_type"])
        derived |= {"event_type": kind.event_type, "disorder_type": kind.disorder_type}
    if amended & {"inter1", "inter2"}:
        derived["interaction"] = interaction(row["inter1"], row["inter2"]) if row["inter1"] else None
    return derived


# -- small readings --------------------------------------------------------------------------------------------------


def _when(member: Member) -> int:
    return member.published or 0


def _dead(member: Member) -> int:
    return int(member.row["fatalities"])


def _bound(row: Mapping[str, Any], name: str) -> int:
    value = row.get(name)
    return int(row["fatalities"] if value is None else value)


def _sure(member: Member) -> float:
    confidence: Mapping[str, float] = member.row.get("confidence") or {}
    return float(confidence.get("fatalities", 0.0))


def _joined(told: Sequence[Member], name: str) -> str | None:
    """All names of that column, each once, in alphabetical order."""
    names = {part for member in told for part in str(member.row.get(name) or "").split(LIST_SEPARATOR) if part}
    return LIST_SEPARATOR.join(sorted(names)) or None
