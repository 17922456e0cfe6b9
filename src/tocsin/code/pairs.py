"""Choose the two main actors of an event.

In:  the verdict of the codebook, the parties on each side, the frames of the incident.
Out: actor 1 and actor 2: those named, those the codebook fixes for the type, else the stand-ins of data/actors.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from tocsin.code.frames import Frame
from tocsin.code.sides import Party, Where
from tocsin.codebook import Verdict
from tocsin.model import ActorMention, Span
from tocsin.registry import Registry

STAND_IN = {
    "armed": ("armed", "gunmen"),
    "police": ("state", "police"),
    "military": ("state", "military"),
    "protesters": ("crowd", "protesters"),
    "rioters": ("crowd", "rioters"),
    "civilians": ("civilians", "civilians"),
}
NOWHERE = Span(0, 0)  # of a stand-in: no words name it


@dataclass(frozen=True, slots=True)
class Pair:
    """The two main actors of an event; either may be missing."""

    first: Party | None
    second: Party | None
    first_assoc: tuple[str, ...] = ()
    second_assoc: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is known of the actors before the two main ones are chosen."""

    verdict: Verdict
    agents: Sequence[Party]
    targets: Sequence[Party]
    frames: Sequence[Frame]
    where: Where


@cache
def _tables() -> dict[str, Any]:
    with resources.files(__package__).joinpath("data/actors.toml").open("rb") as file:
        return tomllib.load(file)


def find_pair(conflict: Conflict, registry: Registry) -> Pair:
    """The main actors: those named, those the codebook fixes, else the stand-ins."""
    tables, kind = _tables(), conflict.verdict.sub_event_type
    agents, targets, where = conflict.agents, conflict.targets, conflict.where
    default = tables["default"][kind]
    if kind in tables["fixed"]:
        return _crowd_pair(tables["fixed"][kind], default["second"], conflict, registry)
    first = _first(agents, lambda p: p.side not in ("civilians", "protesters"))
    victims_only = kind in tables["victims"]["types"]
    second = _first(targets, lambda p: not victims_only or p.side in ("civilians", "protesters", "rioters"))
    if conflict.verdict.event_type == "Battles":
        armed = [p for p in (*agents, *targets) if p.side not in ("civilians", "protesters", "rioters")]
        first = first or _first(armed, lambda p: True)
        second = _first(armed, lambda p: first is None or p.actor.name != first.actor.name)
    if kind in tables["alone"]["types"] and second and second.side == "civilians":
        second = None
    first = first or stand_in(default["first"], where, registry)
    if second is None and kind not in tables["alone"]["types"]:
        second = stand_in(_site_default(conflict.frames, default["second"], victims_only), where, registry)
    return Pair(first, second)


def _crowd_pair(crowd: str, other: str, conflict: Conflict, registry: Registry) -> Pair:
    parties, kind = [*conflict.agents, *conflict.targets], conflict.verdict.sub_event_type
    first = _first(parties, lambda p: p.side == crowd) or stand_in(crowd, conflict.where, registry)
    second = _first(parties, lambda p: p.side not in ("protesters", "rioters", "civilians"))
    if second is None and kind == "Mob violence":
        second = _first(parties, lambda p: p.side == "civilians")
    if kind == "Peaceful protest":
        second = None
    return Pair(first, second or stand_in(other, conflict.where, registry))


def stand_in(name: str, where: Where, registry: Registry) -> Party | None:
    """The actor that data/actors.toml puts where the text names nobody."""
    if not name or not where.country:
        return None
    kind, key = STAND_IN[name]
    mention = ActorMention(NOWHERE, kind, key)  # type: ignore[arg-type]
    actor = registry.resolve(mention, where.country, where.day, admin1=where.admin1)
    return Party(actor, (), 0.0, "actor.default")


def _first(parties: Sequence[Party], wanted: Callable[[Party], bool]) -> Party | None:
    return next((party for party in parties if wanted(party)), None)


def _site_default(frames: Sequence[Frame], default: str, victims_only: bool) -> str:
    """An attack on a base without a named defender meets the army, one on a police post the police."""
    facts = set().union(*(frame.facts for frame in frames))
    if victims_only or default not in ("civilians", "military"):
        return default
    if "site_police" in facts:
        return "police"
    if "site_military" in facts and "site_civilian" not in facts:
        return "military"
    return default
