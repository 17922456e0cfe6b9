"""The finder that weighs rules and model together.

In:  a Scene.
Out: Found, by the rules; whether a mention is an event of its own is weighed with what the model makes of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tocsin.code.found import RULES, Found
from tocsin.code.frames import Scene
from tocsin.finder import Finder as Model
from tocsin.finder.finder import WEIGHTS


@dataclass(frozen=True, slots=True)
class Both:
    """`weights`: the folder of the model."""

    weights: Path = WEIGHTS

    def __post_init__(self) -> None:
        _model(self.weights)  # what is missing is told at once

    @property
    def name(self) -> str:
        return "both"

    def find(self, scene: Scene) -> Found:
        report = scene.reading.report
        sight = _model(self.weights).look(scene.reading.text, title=report.title, published=report.published)
        return RULES.find(replace(scene, sight=sight))


@cache
def _model(folder: Path) -> Model:
    """Loaded once in each process."""
    return Model.load(folder)
