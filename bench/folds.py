"""The finders `both` and `model` on reports not seen by the model: weights are fitted and choices measured on them.

In:  the folder of `python -m training.train`: two models, `a` and `b`, and `which.json`, which says for each report of
     the training sets the one that has not seen it. Other reports go to the shipped model, which has not seen them.
Out: a finder like `tocsin.code.both.Both`. What a model sees is kept under the folder, so that a second run is as fast
     as the rules are; delete FOLDER/seen after training.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from tocsin.code.both import weighed
from tocsin.code.found import Found
from tocsin.code.frames import Scene
from tocsin.finder import Finder as Model
from tocsin.finder import Sight
from tocsin.finder.finder import WEIGHTS
from tocsin.finder.windows import tokens


@dataclass(frozen=True, slots=True)
class Folds:
    """Each report seen by a model that was trained without it; with the words of the lexicon, or without."""

    folder: Path
    lexicon: bool = True

    @property
    def name(self) -> str:
        return "both" if self.lexicon else "model"

    def find(self, scene: Scene) -> Found:
        return weighed(scene, self.see, lexicon=self.lexicon)

    def see(self, scene: Scene) -> Scene:
        """The scene with what the model makes of it."""
        report, text = scene.reading.report, scene.reading.text
        weights = _weights(self.folder, report.id)
        model, kept = _model(weights), self.folder / "seen" / weights.name / f"{report.id}.npz"
        if kept.exists():
            with np.load(kept) as held:
                arrays = [held[name].astype(np.float32) for name in ("vectors", "tags", "focus")]
            return replace(scene, sight=Sight(text, tokens(text, model.pieces), *arrays, model.heads))
        sight = model.look(text, title=report.title, published=report.published)
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, vectors=sight.vectors.astype(np.float16), tags=sight.tags, focus=sight.focus)
        return replace(scene, sight=sight)


def _weights(folder: Path, report: str) -> Path:
    fold = _which(folder).get(report)
    return folder / fold if fold else WEIGHTS


@cache
def _which(folder: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((folder / "which.json").read_text(encoding="utf-8"))
    return found


@cache
def _model(folder: Path) -> Model:
    return Model.load(folder)
