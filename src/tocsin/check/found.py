"""What a question found, and the verdict that follows.

In:  a figure with its chance over the draws, what it rests on, how well the data cover it.
Out: the verdict with its reason.

A verdict may rest on events that are there ("at least 15": twenty are found; "the first": an earlier one is found);
then no coverage is needed. Or on events that are not there; then it is given only where the data would have them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from tocsin.check.cover import Cover
from tocsin.check.limits import Limits
from tocsin.check.scope import Tried
from tocsin.check.statement import Verdict

LISTED = 1000  # ids


@dataclass(frozen=True, slots=True)
class Found:
    """`said`: the figure in words, without a full stop. `covers`: of the times it is about. `absent`: does a yes, and
    does a no, rest on events that are not there. `doubt`: why no verdict follows whatever the figure."""

    said: str
    tried: Tried
    ids: tuple[str, ...] = ()
    covers: tuple[Cover, ...] = ()
    absent: tuple[bool, bool] = (False, False)
    notes: tuple[str, ...] = ()
    doubt: str = ""


def leaning(found: Found, limits: Limits) -> Verdict:
    """The verdict by chance alone."""
    chance = found.tried.chance if found.tried.chance is not None else float(found.tried.holds)
    if limits.contradicted < chance < limits.supported:
        return "cannot be told"
    return "supported" if chance >= limits.supported else "contradicted"


def verdict(found: Found, loose: Found | None, limits: Limits) -> tuple[Verdict, str]:
    """The verdict and the reason. `loose`: the same with the events of unnamed actors, which may be theirs."""
    given = leaning(found, limits)
    if given == "cannot be told":
        part = 100 * (found.tried.chance or 0)
        return given, f"{found.said}; it holds in {part:.0f} % of what the events may have been."
    if found.doubt:
        return "cannot be told", f"{found.said}; {found.doubt}."
    bad = next((cover.reason for cover in found.covers if not cover.good), "")
    if bad and found.absent[given == "contradicted"]:
        return "cannot be told", f"{found.said}, but {bad}."
    if loose is not None and leaning(loose, limits) != given:
        return "cannot be told", f"{found.said}; events of unnamed actors may be theirs, and with them: {loose.said}."
    return given, f"{found.said}."


def ids(table: pl.DataFrame) -> tuple[str, ...]:
    """Ids of the events, the first ones if there are very many."""
    return tuple(table["id"].head(LISTED).to_list())


def merged(*notes: Sequence[str]) -> tuple[str, ...]:
    """All of the notes, each once."""
    return tuple(dict.fromkeys(note for each in notes for note in each if note))
