"""The finders that ask the model: with the words of the lexicon, or alone.

In:  a Scene.
Out: Found: what rules and model say is weighed together. Alone, the model says which words are events; the rules of
     status, day, place and actors still hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tocsin.code.found import RULES, Found
from tocsin.code.frames import Scene
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
        return weighed(scene, self.see, lexicon=self.lexicon)

    def see(self, scene: Scene) -> Scene:
        """The scene with what the model makes of it."""
        report = scene.reading.report
        sight = _model(self.weights).look(scene.reading.text, title=report.title, published=report.published)
        return replace(scene, sight=sight)


def weighed(scene: Scene, see: Callable[[Scene], Scene], *, lexicon: bool) -> Found:
    """What rules and model find together. `see`: asks the model; it is not asked where the rules suffice."""
    if lexicon and _is_bare(scene):
        by_rules = RULES.find(scene)
        if by_rules.incidents:
            return by_rules
    return RULES.find(replace(see(scene), lexicon=lexicon))


def _is_bare(scene: Scene) -> bool:
    """A sentence or two without title and day: the model knows whole reports, so words of the lexicon go first."""
    report = scene.reading.report
    return scene.reading.is_snippet and not (report.title or report.published)


@cache
def _model(folder: Path) -> Model:
    """Loaded once in each process."""
    return Model.load(folder)
