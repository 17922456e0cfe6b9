"""Choose the sub-event type between what the codebook's rules decide and what the model sees: data/kinds.toml.

In:  the rules' Verdict, the Happening it was made from, the frames that tell it, the Sight of the report.
Out: a Verdict, and how likely it is right; if the model outweighs the rules, its rule begins with "model.kind".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from math import exp, log

from tocsin.code.frames import Frame
from tocsin.code.unforeseen import GRADE as UNFORESEEN
from tocsin.codebook import Happening, Verdict, proposed, taxonomy, vocabulary
from tocsin.errors import DataError
from tocsin.finder import Sight
from tocsin.toml import read_toml

SIGNS = ("decided", "decided_unforeseen", "alternative", "leads_to", "model")
FLOOR = 0.003  # the model is never surer than this that it is not the type
Signs = tuple[float, ...]  # the value of each of SIGNS


@cache
def weights() -> tuple[float, ...]:
    """The weight of each sign, from the file."""
    path = resources.files(__package__).joinpath("data/kinds.toml")
    table = read_toml(path)
    if set(table) != set(SIGNS):
        raise DataError(f"{path}:1: found {', '.join(table)}, expected a number for each of {', '.join(SIGNS)}")
    return tuple(float(table[sign]) for sign in SIGNS)


def weigh(verdict: Verdict, happening: Happening, frames: Sequence[Frame], sight: Sight) -> tuple[Verdict, float]:
    """The best type that the codebook admits, and how likely it is among all types, from 0 to 1."""
    marks = {kind: _sum(row) for kind, row in signs(verdict, happening, frames, sight).items()}
    whole = sum(map(exp, marks.values()))
    for kind in sorted(marks, key=lambda kind: -marks[kind]):
        if kind == verdict.sub_event_type:
            return verdict, exp(marks[kind]) / whole
        found = proposed(happening, kind, f"model.kind + {verdict.rule}")
        if found:
            return found, exp(marks[kind]) / whole
    return verdict, 0.0


def signs(verdict: Verdict, happening: Happening, frames: Sequence[Frame], sight: Sight) -> dict[str, Signs]:
    """What speaks for each sub-event type, in the order of SIGNS."""
    tactics = vocabulary().tactics
    possible = {kind for name in happening.tactics if name in tactics for kind in tactics[name].leads_to}
    seen, foreseen = _seen(frames, sight), frames[0].grade != UNFORESEEN
    return {
        kind: (
            float(foreseen and kind == verdict.sub_event_type),
            float(not foreseen and kind == verdict.sub_event_type),
            float(kind in verdict.alternatives),
            float(kind in possible),
            log(seen[kind] + FLOOR),
        )
        for kind in taxonomy().sub_event_types
    }


def _seen(frames: Sequence[Frame], sight: Sight) -> Mapping[str, float]:
    """The model's probability of each type, as the mean over the sentences that tell the incident."""
    sentences = dict.fromkeys(frame.sentence.span for frame in frames)
    found = [sight.kinds(span) for span in sentences]
    return {kind: sum(each[kind] for each in found) / len(found) for kind in taxonomy().sub_event_types}


def _sum(row: Signs) -> float:
    return sum(weight * value for weight, value in zip(weights(), row, strict=True))
