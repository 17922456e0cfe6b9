"""Pages of a list that stay in place while events come in: each page says behind which event the next one begins.

In:  an Index, a mask, how many rows, the cursor that the page before gave.
Out: `Part`: the rows of the page, how many there are in all, the cursor of the next page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.errors import UsageError
from tocsin.serve.events.index import NO_DAY, Index, Mask, day_number, day_of

CURSOR = (
    r"^(\d{4}-\d\d-\d\d)?~\w{1,40}$"  # the day and the id of the last event; newest first, of one day the last id first
)


@dataclass(frozen=True, slots=True)
class Part:
    """`rows`: numbers of rows of the index. `cursor`: of the next page; None at the end."""

    rows: NDArray[np.int64]
    matched: int
    cursor: str | None


def part(index: Index, mask: Mask, limit: int, cursor: str | None = None, offset: int = 0) -> Part:
    """The page behind the cursor, or else `offset` events further than the first."""
    fitting = np.flatnonzero(mask)
    start = int(np.searchsorted(fitting, _behind(index, cursor))) if cursor else min(offset, len(fitting))
    rows = fitting[start : start + limit]
    more = len(rows) and start + limit < len(fitting)
    return Part(rows, len(fitting), _cursor(index, int(rows[-1])) if more else None)


def only(index: Index, part: Part) -> Mask:
    """The mask of the page alone."""
    mask = np.zeros(len(index), bool)
    mask[part.rows] = True
    return mask


def _cursor(index: Index, row: int) -> str:
    day = index.days[row]
    return f"{'' if day == NO_DAY else day_of(day)}~{index.ids[row]}"


def _behind(index: Index, cursor: str) -> int:
    """The first row behind that event, whether or not it is still there."""
    if not re.fullmatch(CURSOR, cursor, re.ASCII):
        raise UsageError(f"cursor: found {cursor[:40]!r}, expected the one that the page before gave.")
    text, _, last = cursor.partition("~")
    try:
        day = day_number(text) if text else NO_DAY
    except ValueError:
        raise UsageError(f"cursor: found {cursor[:40]!r}, expected the one that the page before gave.") from None
    oldest_first = index.days[::-1]
    after, until = (len(index) - int(np.searchsorted(oldest_first, day, side)) for side in ("right", "left"))
    smaller = int(np.searchsorted(index.ids[after:until][::-1], last, "left"))
    return until - smaller
