"""The effect of a date on a series of counts, and of dates at which nothing is said to have happened.

In:  a Series and what is Asked of it.
Out: `Effect`: over any of the periods after; placebo effects. UsageError: too few periods, or events, to tell.

The period in which the date lies is left out, unless it begins with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW
from tocsin.analyse.methods.segmented import Fit, apart, fit
from tocsin.analyse.periods import EPOCH, Measure, number_of, start_of
from tocsin.errors import UsageError

Every = Literal["week", "month"]
YEARLY = {"week": 365.2425 / 7, "month": 12.0}
LEAST_BEFORE, LEAST_AFTER = 12, 3  # periods
PLACEBOS, FEW_PLACEBOS = 60, 10  # dates: no more are tried; fewer tell nothing
Values = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Asked:
    """`before`, `after`: how many periods the regression sees."""

    on: date
    every: Every
    measure: Measure
    before: int
    after: int

    @property
    def first(self) -> int:
        """The number of the first period after the date."""
        at = self._at
        return at if start_of(at, self.every) == self.on else at + 1

    @property
    def seen(self) -> tuple[int, int]:
        """The numbers of the first period of the regression and of the first one not before the date."""
        return self._at - self.before, self._at

    @property
    def _at(self) -> int:
        return int(number_of(np.array([self.on.toordinal() - EPOCH]), self.every)[0])


@dataclass(frozen=True, slots=True)
class Series:
    """Counts of whole periods by their `numbers`, rising; `others`: those of the areas compared with, if there are."""

    numbers: Values
    values: Values
    others: Values | None = None

    def window(self, asked: Asked) -> Series:
        """The periods that the regression sees."""
        start, end = asked.seen
        at, first = self.numbers, asked.first
        rows = ((at >= start) & (at < end)) | ((at >= first) & (at < first + asked.after))
        return Series(at[rows], self.values[rows], None if self.others is None else self.others[rows])


@dataclass(frozen=True, slots=True)
class Effect:
    """The regression of the area, and that of the others. `shift`: the variance of the logarithm from what the events
    may have been."""

    series: Series  # of the regression
    own: Fit
    others: Fit | None
    both: Fit | None  # with the errors of the difference of the two
    shift: float = 0.0

    @property
    def told(self) -> bool:
        """Are events enough for a ratio?"""
        return self.own.told and (self.others is None or self.others.told)

    @property
    def after(self) -> Mask:
        return self.own.after

    def alone(self, rows: Mask) -> tuple[float, float]:
        """log of the ratio over these periods to what was expected, and its standard error."""
        log, error = self.own.effect(rows)
        return log, float(np.hypot(error, np.sqrt(self.shift)))

    def against(self, rows: Mask) -> tuple[float, float]:
        """The same as a ratio to that of the others."""
        if self.others is None:
            return self.alone(rows)
        error = self.both.effect(rows)[1] if self.both else 0.0
        return self.own.effect(rows)[0] - self.others.effect(rows)[0], float(np.hypot(error, np.sqrt(self.shift)))


@dataclass(frozen=True, slots=True)
class Placebo:
    """A date at which nothing is said to have happened: log of the ratio found there, its standard error, margin."""

    on: date
    log: float
    error: float
    margin: float


def effect_of(series: Series, asked: Asked, drawn: Sequence[Series] = ()) -> Effect:
    """`drawn`: the series as it may have been."""
    window = series.window(asked)
    _enough(series, window, asked)
    found = _fitted(window, asked, errors=True)
    if not drawn or not found.told:
        return found
    tried = [_tried(each, asked, errors=False) for each in drawn]
    logs = [each.against(each.after)[0] for each in tried if each]
    return replace(found, shift=float(np.var(logs)) if logs else 0.0)


def placebos(series: Series, asked: Asked) -> list[Placebo]:
    """The effect that the same regression finds at dates before; what is after the date is not seen.

    As many periods before and after as asked for; half as many before, if dates are few otherwise.
    """
    early = series.numbers < asked.seen[1]
    numbers = series.numbers[early]
    past = Series(numbers, series.values[early], None if series.others is None else series.others[early])
    if len(numbers) < asked.before + asked.after + FEW_PLACEBOS:
        asked = replace(asked, before=(asked.before + 1) // 2)
    starts = numbers[asked.before : max(0, len(numbers) - asked.after + 1)]
    if len(starts) > PLACEBOS:
        starts = starts[np.unique(np.linspace(0, len(starts) - 1, PLACEBOS).round().astype(int))]
    dates = [start_of(int(each), asked.every) for each in starts]
    found = [(day, _tried(past, replace(asked, on=day))) for day in dates]
    return [Placebo(day, *effect.against(effect.after), effect.own.margin) for day, effect in found if effect]


def _tried(series: Series, asked: Asked, *, errors: bool = True) -> Effect | None:
    """The effect, or None if events are too few or too uneven to tell."""
    window = series.window(asked)
    early = window.numbers < asked.first
    if early.all() or any(values[early].sum() < FEW for values in _values(window)):
        return None
    try:
        found = _fitted(window, asked, errors=errors)
    except UsageError:
        return None
    return found if found.told else None


def _fitted(window: Series, asked: Asked, *, errors: bool) -> Effect:
    yearly = YEARLY[asked.every]
    own = fit(window.values, window.numbers, asked.first, yearly, errors=errors)
    if window.others is None:
        return Effect(window, own, None, None)
    others = fit(window.others, window.numbers, asked.first, yearly, errors=errors, like=own)
    return Effect(window, own, others, apart(own, others) if errors and own.told and others.told else None)


def _values(series: Series) -> list[Values]:
    return [series.values] if series.others is None else [series.values, series.others]


def _enough(series: Series, window: Series, asked: Asked) -> None:
    """UsageError if periods or events are too few."""
    late, every = window.numbers >= asked.first, asked.every
    there = f"found {(~late).sum()} whole {every}s before {asked.on} and {late.sum()} after it"
    if len(series.numbers):
        ends = [start_of(int(series.numbers[at]), every) for at in (0, -1)]
        there += f" (the {every}s known begin on {ends[0]} to {ends[1]})"
    if (~late).sum() < LEAST_BEFORE or late.sum() < LEAST_AFTER:
        raise UsageError(f"{there}, expected at least {LEAST_BEFORE} and {LEAST_AFTER}; choose another date or period.")
    for values, whose in zip(_values(window), ("", " in the areas compared with"), strict=False):
        if (total := values[~late].sum()) < FEW:
            raise UsageError(
                f"found {total} {asked.measure}{whose} in the {(~late).sum()} {every}s before {asked.on}, expected at "
                f"least {FEW}: there is nothing to compare with; look at more {every}s (--before) or a wider area."
            )
