"""Conditions over words, compiled to bit masks so that deciding takes microseconds.

In:  clauses of data/rules.toml: `all` words, one of `any`, none of `none`.
Out: `Condition`s that hold or not for a set of words given as one integer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.codebook.tables import Row

Clause = tuple[int, int, int]  # masks: all, any (0: no demand), none
KEYS = ("all", "any", "none")


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds if one of its clauses holds."""

    clauses: tuple[Clause, ...]

    def holds(self, words: int) -> bool:
        for every, some, never in self.clauses:
            if words & every == every and not words & never and (not some or words & some):
                return True
        return False


def compile_condition(row: Row, bits: Mapping[str, int]) -> Condition:
    """The `when` of a row; words without a bit are an error."""
    clauses = row.get("when", list)
    if not clauses or not all(isinstance(clause, dict) for clause in clauses):
        raise row.wrong(f"when = {clauses!r}", "a list of clauses { all, any, none }")
    return Condition(tuple(_clause(row, clause, bits) for clause in clauses))


def _clause(row: Row, clause: Mapping[str, list[str]], bits: Mapping[str, int]) -> Clause:
    for name, words in clause.items():
        if name not in KEYS:
            raise row.wrong(f"{name!r} in a clause", "one of " + ", ".join(KEYS))
        if unknown := [word for word in words if word not in bits]:
            raise row.wrong(f"word {unknown[0]!r}", "a tactic, a fact, a side or a term defined above")
    every, some, never = (mask(clause.get(name, ()), bits) for name in KEYS)
    return every, some, never


def mask(words: Iterable[str], bits: Mapping[str, int]) -> int:
    """The bits of all words that have one."""
    total = 0
    for word in words:
        total |= bits.get(word, 0)
    return total
