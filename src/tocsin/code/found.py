"""What finds the events of a report: rules, a model, a language model. From there on coding is the same.

In:  a Scene.
Out: `Found`: the incidents, the mentions that are none with the reason, what was odd.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tocsin.code.events import Incident, gather
from tocsin.code.frames import Scene, find_frames
from tocsin.model import Issue, Rejected


@dataclass(frozen=True, slots=True)
class Found:
    """What a finder found. `scene` is the one it was given, with the actors and places that it added."""

    scene: Scene
    incidents: tuple[Incident, ...]
    rejected: tuple[Rejected, ...]
    issues: tuple[Issue, ...] = ()


class Finder(Protocol):
    """Finds what a report tells. A value: it can be sent to another process."""

    @property
    def name(self) -> str: ...

    def find(self, scene: Scene) -> Found:
        """All incidents of one report. Same scene, same incidents."""
        ...

    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """The words of the lexicon and the parse around them."""

    @property
    def name(self) -> str:
        return "rules"

    def find(self, scene: Scene) -> Found:
        incidents, rejected = gather(scene, find_frames(scene))
        return Found(scene, tuple(incidents), tuple(rejected))


RULES = Rules()
