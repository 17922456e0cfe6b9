"""What is read off the token vectors: small networks, in numpy.

In:  token vectors (tokens, width) of the encoder, the arrays of heads.npz.
Out: probabilities. The same sums as in training/network.py; tests/test_finder.py holds them against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import erf, expit

from tocsin.finder.windows import Tokens

Array = npt.NDArray[Any]
View = tuple[Array, Array]

GAPS = (-300, -150, -80, -40, -20, -10, -5, -2, 0, 1, 2, 5, 10, 20, 40, 80, 150, 300)  # tokens between two spans
PARAGRAPHS = (-1, 0, 1, 2)  # paragraphs between two spans
TAGS = ("event", "other", "actor1", "actor2", "place", "date", "fatalities", "injured", "weapon")
ROLES = TAGS[2:]


@dataclass(frozen=True, slots=True)
class Heads:
    """The arrays by name, and the names of the classes in the order of the outputs."""

    arrays: dict[str, Array]
    statuses: tuple[str, ...]
    kinds: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Heads:
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files}
        names = [tuple(str(name) for name in arrays.pop(part)) for part in ("statuses", "kinds")]
        return cls(arrays, names[0], names[1])

    def linear(self, name: str, inside: Array) -> Array:
        made: Array = inside @ self.arrays[f"{name}.weight"].T
        if f"{name}.bias" in self.arrays:
            made = made + self.arrays[f"{name}.bias"]
        return made

    def status(self, span: Array) -> Array:
        return softmax(self.linear("status", gelu(self.linear("mention", span))))

    def kind(self, span: Array) -> Array:
        return softmax(self.linear("kind", gelu(self.linear("mention", span))))

    def asking(self, trigger: Array) -> View:
        """A trigger as the head of roles takes it."""
        return self.linear("role_trigger", trigger), self.linear("role_left", trigger)

    def asked(self, span: Array) -> View:
        """A span as the head of roles takes it."""
        return self.linear("role_span", span), self.linear("role_right", span)

    def role(self, trigger: View, span: View, gap: int, paragraphs: int) -> Array:
        """Probability of each role of `span` for the event of `trigger`."""
        hidden = trigger[0] + span[0] + trigger[1] * span[1] + self._between("role", gap, paragraphs)
        return sigmoid(self.linear("role_out", gelu(hidden)))

    def same(self, one: Array, other: Array, gap: int, paragraphs: int) -> float:
        """Probability that two triggers tell the same event; the same whichever comes first."""
        a, b = self.linear("same_view", one), self.linear("same_view", other)
        hidden = self.linear("same_apart", np.abs(a - b)) + self.linear("same_alike", a * b)
        hidden = hidden + self._between("same", abs(gap), abs(paragraphs))
        return float(sigmoid(self.linear("same_out", gelu(hidden)))[0])

    def _between(self, name: str, gap: int, paragraphs: int) -> Array:
        found: Array = self.arrays[f"{name}_gap.weight"][bucket(gap, GAPS)]
        found = found + self.arrays[f"{name}_paragraph.weight"][bucket(paragraphs, PARAGRAPHS)]
        return found


def bucket(value: int, edges: tuple[int, ...]) -> int:
    """How many of the edges are not above the value."""
    return sum(edge <= value for edge in edges)


def gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Tokens from span `one` to span `other`, below 0 if it stands before, 0 if they overlap."""
    if other[0] >= one[1]:
        return other[0] - one[1] + 1
    if one[0] >= other[1]:
        return other[1] - one[0] - 1
    return 0


def paragraphs_between(tokens: Tokens, one: tuple[int, int], other: tuple[int, int]) -> int:
    return tokens.paragraphs[other[0]] - tokens.paragraphs[one[0]]


def gelu(x: Array) -> Array:
    made: Array = 0.5 * x * (1 + erf(x / np.sqrt(np.float32(2))))
    return made


def sigmoid(x: Array) -> Array:
    made: Array = expit(x)
    return made


def softmax(x: Array) -> Array:
    made: Array = np.exp(x - x.max(axis=-1, keepdims=True))
    made /= made.sum(axis=-1, keepdims=True)
    return made
