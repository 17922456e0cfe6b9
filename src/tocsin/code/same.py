"""Does a mention tell more of a happening that the report has told already? Rules and model weighed: data/same.toml.

In:  a Link: a frame and an Incident, with what the rules say of the two; a Scene with the sight of the model.
Out: how much speaks for one happening (log odds): from 0 on the mention belongs to the incident.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

from tocsin.code.families import family
from tocsin.code.frames import Frame, Scene
from tocsin.toml import read_toml

if TYPE_CHECKING:
    from tocsin.code.events import Incident

Rule = Literal["agrees", "there", "together", "neither"]
SURE = 6.0  # log odds beyond which the model is not believed to be surer


@dataclass(frozen=True, slots=True)
class Link:
    """A mention and an incident told before. `nearest`: no other incident is told nearer before the mention.

    `rule`: day, place and kind agree ("agrees"); day and place only; kinds that go together only; neither.
    """

    frame: Frame
    incident: Incident
    rule: Rule
    nearest: bool


@cache
def weights() -> dict[str, float]:
    """The weight of each sign."""
    table: dict[str, float] = read_toml(resources.files(__package__).joinpath("data/same.toml"))["weight"]
    return table


def likeness(link: Link, scene: Scene) -> float:
    """How much speaks for one happening."""
    return sum(weights().get(sign, 0.0) * value for sign, value in signs(link, scene).items())


def signs(link: Link, scene: Scene) -> dict[str, float]:
    """What can be said of the two, in the words of data/same.toml; 1 where a sign holds."""
    frame, told = link.frame, link.incident.frames
    beside = any(other.sentence.paragraph == frame.sentence.paragraph for other in told)
    found = {
        f"rule_{link.rule}": 1.0,
        f"grade_{frame.grade}": 1.0,
        "nearest": float(link.nearest),
        "same_paragraph": float(beside),
        "same_family": float(family(frame) in link.incident.families),
    }
    if scene.sight:
        found["model"] = log_odds(scene.sight.same(frame.span, told[0].span))
    return found


def log_odds(chance: float) -> float:
    """Of a probability, cut at `SURE`."""
    inside = min(max(chance, 1e-9), 1 - 1e-9)
    return min(max(math.log(inside / (1 - inside)), -SURE), SURE)
