"""Which days the date of a claim may mean.

In:  a day and ACLED's time_precision: 1 the day, 2 the week, 3 the month.
Out: the first and the last of these days, as proleptic ordinals.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache

WEEK, MONTH = 2, 3  # values of time_precision
HALF_WEEK = 3  # days: ACLED writes the middle of the week


@lru_cache(maxsize=8192)  # data sets repeat their days
def days_meant(day: date | str, precision: int | None) -> tuple[int, int]:
    """The day alone; three days on either side of it; its calendar month. An unknown precision: the day."""
    found = day if isinstance(day, date) else date.fromisoformat(day)
    if precision == MONTH:
        first = found.replace(day=1).toordinal()
        return first, first + monthrange(found.year, found.month)[1] - 1
    around = HALF_WEEK if precision == WEEK else 0
    return found.toordinal() - around, found.toordinal() + around
