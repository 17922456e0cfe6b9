"""Copies of one text: what an agency sold to many papers is one origin, not many sources.

In:  the text of a report.
Out: a `Signature`: MinHash of its runs of five words, as text to keep beside the report; `bands` to look up likely
     copies by; `likeness` of two signatures, an estimate of the share of runs in common (0 to 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from datasketch import MinHash  # type: ignore[import-untyped]

from tocsin.link.columns import Array
from tocsin.link.words import words

RUN = 5  # words
PERMUTATIONS = 96
ROWS = 6  # values in a band: texts that share 80 % of their runs meet in one of 16 bands with a chance of 99 %
SEED = 1
COPY = 0.8  # from this likeness on a report is a copy
SHORTEST = 30  # words; of shorter texts too little is left to compare


@dataclass(frozen=True, slots=True)
class Signature:
    """MinHash values of a text, 32 bit each."""

    values: tuple[int, ...]

    def to_text(self) -> str:
        return np.array(self.values, dtype=">u4").tobytes().hex()

    @staticmethod
    def from_text(text: str) -> Signature:
        return Signature(tuple(int(value) for value in np.frombuffer(bytes.fromhex(text), dtype=">u4")))

    def bands(self) -> list[int]:
        """Signed 64-bit numbers; two texts that share one may be copies."""
        cut = [self.values[at : at + ROWS] for at in range(0, PERMUTATIONS, ROWS)]
        return [_number(at, part) for at, part in enumerate(cut)]


def signature(text: str) -> Signature | None:
    """The signature of a text, or None if it is too short to tell a copy from another text."""
    said = words(text)
    if len(said) < SHORTEST:
        return None
    runs = {" ".join(said[at : at + RUN]).encode() for at in range(len(said) - RUN + 1)}
    hashed = _empty().copy()
    hashed.update_batch(sorted(runs))
    return Signature(tuple(int(value) & 0xFFFFFFFF for value in hashed.hashvalues))


def likeness(one: Signature, other: Signature) -> float:
    """The estimated share of runs of words that both texts have."""
    same: Array = np.equal(one.values, other.values)
    return float(same.mean())


@cache
def _empty() -> MinHash:
    return MinHash(num_perm=PERMUTATIONS, seed=SEED)


def _number(band: int, part: Sequence[int]) -> int:
    """One number for the values of one band."""
    mixed = band
    for value in part:
        mixed = (mixed * 0x9E3779B97F4A7C15 + value + 1) & (2**64 - 1)
    return mixed - 2**63
