"""Whether a figure is what the text says, and how that is said.

In:  an Asked's comparison and value.
Out: a test on a figure; the words for it.
"""

from __future__ import annotations

from tocsin.check.limits import Limits
from tocsin.check.scope import CannotTell
from tocsin.check.statement import Asked

OPEN_ABOVE = ("at least", "more than", "more")  # more events never make these false


def fits(asked: Asked, figure: float, limits: Limits) -> bool:
    """Whether the figure is at least, about, ... the value of the text; a bare number is taken as "about"."""
    value = valued(asked)
    match asked.comparison:
        case "at least":
            return figure >= value
        case "at most":
            return figure <= value
        case "more than" | "more":
            return figure > value
        case "less than" | "fewer":
            return figure < value
        case "exactly":
            return abs(figure - value) <= max(0.5, limits.exactly * value)
        case "none before":
            return figure == 0
    return abs(figure - value) <= limits.about * abs(value)


def doubtful(asked: Asked, holds: bool, low: float | None, high: float | None) -> str:
    """Why a figure that is not the stated one is no contradiction: the interval has the stated one in it."""
    inside = low is not None and high is not None and low <= (asked.value or 0) <= high
    two_sided = asked.comparison in ("exactly", "about", None)
    return "the interval has the stated figure in it" if two_sided and inside and not holds else ""


def valued(asked: Asked) -> float:
    if asked.value is None and asked.comparison != "none before":
        raise CannotTell("the text states no number to compare with")
    return asked.value or 0.0


def stated(asked: Asked, unit: str = "") -> str:
    """ "at least 15 events": what the text says."""
    return " ".join(part for part in (asked.comparison or "about", f"{valued(asked):,g}", unit) if part)
