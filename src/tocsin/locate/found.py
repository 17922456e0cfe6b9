"""A mention while its description and surroundings are worked in."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.locate.relative import Relation
from tocsin.locate.toponyms import Draft
from tocsin.model import Place


@dataclass(slots=True)
class Found:
    """A mention while its description and surroundings are worked in."""

    draft: Draft
    place: Place | None
    confidence: float
    role: str
    rule: str
    precision: int = 1
    known: bool = True
    relation: Relation | None = None
    end: int = 0
