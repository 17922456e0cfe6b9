"""Who tells of which events, counted over the index: so the counts tell no more than the role may see.

In:  an Index.
Out: `Tellers`: for each source its events, those only it tells, its first and last day; who fell silent; events by
     month with and without sources that are new.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from hashlib import blake2b
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tocsin.codebook.columns import LIST_SEPARATOR
from tocsin.serve.events.index import EPOCH, NO_DAY, Index, Mask, day_of
from tocsin.serve.explore.vector import Kept

Numbers = NDArray[np.int64]
STEADY, OF_WEEKS = 8, 12  # a source is steady in a country if it told events in so many of so many weeks
SILENT_WEEKS = 4  # then a silence of so many whole weeks is told
MONTHS = 120  # more are shown by year
_KEPT = Kept(4)


@dataclass(frozen=True, slots=True)
class Silence:
    """A source that told events of a country nearly every week, until it did not."""

    name: str
    country: str
    last: str  # Monday of the last week in which it did
    weeks: int  # whole ones since then
    others: int  # events of the country that others told since


@dataclass(frozen=True)
class Tellers:
    """One pair for each event and each source that tells it: `rows` of the index, `which` source. `alone`: it only."""

    index: Index
    names: list[str]
    rows: Numbers
    which: Numbers
    alone: Mask

    @property
    def number_of(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.names)}

    def events(self) -> Numbers:
        """Events of each source."""
        return np.bincount(self.which, minlength=len(self.names)).astype(np.int64)

    def only(self) -> Numbers:
        """Events of each source that no other tells."""
        return np.bincount(self.which[self.alone], minlength=len(self.names)).astype(np.int64)

    def ends(self) -> tuple[Numbers, Numbers]:
        """First and last day of the events of each source; NO_DAY where none has a date."""
        days = self.index.days[self.rows].astype(np.int64)
        dated = days != NO_DAY
        first = np.full(len(self.names), np.iinfo(np.int64).max)
        last = np.full(len(self.names), np.int64(NO_DAY))
        np.minimum.at(first, self.which[dated], days[dated])
        np.maximum.at(last, self.which[dated], days[dated])
        return np.where(last == NO_DAY, NO_DAY, first), last

    @cached_property
    def silent(self) -> list[Silence]:
        """Sources that fell silent, the last first."""
        return silences(self, datetime.now(UTC).date())

    def of(self, name: str) -> Numbers:
        """Rows of the events that a source tells, newest first."""
        at = self.number_of.get(name)
        return np.sort(self.rows[self.which == at]) if at is not None else np.zeros(0, np.int64)


def tellers(index: Index) -> Tellers:
    """Worked out once for each state of the database."""
    key = (id(index), index.changed)
    found = _KEPT.get(key)
    return found if isinstance(found, Tellers) and found.index is index else _KEPT.put(key, _read(index))


def key_of(name: str) -> str:
    """What stands for a source in an address: its name may be anything."""
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def silences(found: Tellers, today: date) -> list[Silence]:
    """Sources that fell silent, the last first; the newest event says what time it is, and not the clock."""
    index, countries = found.index, found.index.names["country"]
    days = index.days.astype(np.int64)
    past = (days != NO_DAY) & (days <= _newest(days, today))
    dated = past[found.rows]
    if not dated.any():
        return []
    weeks = _week(days)
    start = int(weeks[past].min()) - OF_WEEKS  # so that weeks of one pair never touch those of the next
    now = int(weeks[past].max())
    span = now - start + 1
    told = np.sort(countries.codes[past] * span + weeks[past] - start)
    rows, which = found.rows[dated], found.which[dated]
    pair = which * len(countries.values) + countries.codes[rows]
    keys = np.sort(pair * span + weeks[rows] - start)
    keys = keys[np.diff(keys, prepend=-1) > 0]  # ten times as quick as np.unique
    final = np.flatnonzero(np.diff(keys // span, append=-1))
    steady = final - np.searchsorted(keys, keys[final] - OF_WEEKS + 1) + 1
    last = keys[final] % span + start
    quiet = now - last - 1  # the newest week is not over
    out = []
    for at in np.flatnonzero((steady >= STEADY) & (quiet >= SILENT_WEEKS)).tolist():
        source, code = divmod(int(keys[final[at]] // span), len(countries.values))
        since = code * span + int(last[at]) - start + 1
        others = int(np.searchsorted(told, (code + 1) * span) - np.searchsorted(told, since))
        if code and others:  # if nobody tells any more, it is the database that is not fed
            out.append(
                Silence(found.names[source], countries.values[code], _monday(int(last[at])), int(quiet[at]), others)
            )
    return sorted(out, key=lambda each: (each.weeks, each.name))


def months(index: Index, mask: Mask, apart: Mask) -> list[dict[str, Any]]:
    """Events of the mask by month, or by year where months are too many: those in `apart`, and the rest."""
    mask = mask & (index.days != NO_DAY)
    if not mask.any():
        return []
    days = index.days[mask].astype("datetime64[D]")
    unit: Literal["M", "Y"] = "M" if _span(days, "M") <= MONTHS else "Y"
    step = days.astype(f"datetime64[{unit}]").astype(np.int64)
    first, count = int(step.min()), _span(days, unit)
    held = np.bincount(step[apart[mask]] - first, minlength=count)
    rest = np.bincount(step[~apart[mask]] - first, minlength=count)
    return [{"start": str(np.datetime64(first + at, unit)), "apart": int(held[at]), "rest": int(rest[at])}
            for at in range(count)]  # fmt: skip


def only_through(found: Tellers, new: Mask) -> Mask:
    """Events that would be missing without the sources marked as new."""
    old = np.zeros(len(found.index), bool)
    old[found.rows[~new[found.which]]] = True
    told = np.zeros(len(found.index), bool)
    told[found.rows] = True
    missing: Mask = told & ~old
    return missing


def newest(index: Index) -> str | None:
    """The day of the newest event that is not in the future."""
    days = index.days[index.days != NO_DAY].astype(np.int64)
    return day_of(_newest(days)) if len(days) else None


def _newest(days: Numbers, today: date | None = None) -> int:
    now = (today or datetime.now(UTC).date()).toordinal() - EPOCH
    past = days[days <= now]
    return int(past.max()) if len(past) else NO_DAY


def _read(index: Index) -> Tellers:
    column = index.names["source"]
    told = [list(dict.fromkeys(filter(None, value.split(LIST_SEPARATOR)))) for value in column.values]
    names = sorted({name for each in told for name in each})
    at = {name: number for number, name in enumerate(names)}
    many = np.array([len(each) for each in told], np.int64)
    flat = np.array([at[name] for each in told for name in each], np.int64)
    count = many[column.codes] if len(index) else np.zeros(0, np.int64)
    rows = np.repeat(np.arange(len(index)), count)
    start = np.repeat((np.cumsum(many) - many)[column.codes] if len(index) else count, count)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    return Tellers(index, names, rows, flat[start + within] if len(rows) else rows, count[rows] == 1)


def _week(days: Numbers) -> Numbers:
    """Weeks from Monday on; the first day of 1970 was a Thursday."""
    found: Numbers = (days + 3) // 7
    return found


def _monday(week: int) -> str:
    return day_of(week * 7 - 3)


def _span(days: NDArray[np.datetime64], unit: Literal["M", "Y"]) -> int:
    steps = days.astype(f"datetime64[{unit}]").astype(np.int64)
    return int(steps.max() - steps.min()) + 1
