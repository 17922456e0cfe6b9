"""The finders that ask the model: with the words of the lexicon, or alone.

In:  a Scene.
Out: Found: what rules and model say is weighed together. Alone, the model says which words are events; the rules of
     status, day, place and actors still hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tocsin.code.found import RULES, Found
from tocsin.code.frames import SNIPPET, Scene
from tocsin.finder import Finder as Model
from tocsin.finder.finder import WEIGHTS


@dataclass(frozen=True, slots=True)
class Both:
    """`weights`: the folder of the model. `lexicon`: are events also found by its words?"""

    weights: Path = WEIGHTS
    lexicon: bool = True

    def __post_init__(self) -> None:
        _model(self.weights)  # what is missing is told at once

    @property
    def name(self) -> str:
        return "both" if self.lexicon else "model"

    def find(self, scene: Scene) -> Found:
        by_rules = RULES.find(scene) if self.lexicon and is_bare(scene) else None
        if by_rules and by_rules.incidents:
            return by_rules
        report = scene.reading.report
        sight = _model(self.weights).look(scene.reading.text, title=report.title, published=report.published)
        return RULES.find(replace(scene, sight=sight, lexicon=self.lexicon))


def is_bare(scene: Scene) -> bool:
    """A sentence or two without title and day: the model knows whole reports, so words of the lexicon go first."""
    report = scene.reading.report
    return len(scene.reading.sentences) <= SNIPPET and not (report.title or report.published)


@cache
def _model(folder: Path) -> Model:
    """Loaded once in each process."""
    return Model.load(folder)
