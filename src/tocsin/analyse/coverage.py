"""Is it violence or reporting? Whether a rise or fall survives when only sources that were there throughout are used.

In:  Events with their sources, and a date.
Out: events in the months before and after, by whom they are known; what part of the change is due to sources that came
     or went; the ratio of the sources that were there throughout, with its interval; how many events two or more tell.

A ratio's interval is that of counts which vary as the months do (quasi-Poisson: the chi-square of the months within
either side by its degrees of freedom, at least 1), and of the days that are not sure. What is new or lost is told in
tellers.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW, Answer, number, percent
from tocsin.analyse.draws import DRAWS, LEVEL, Draws
from tocsin.analyse.events import Events
from tocsin.analyse.methods.tellers import (
    CAME,
    KINDS,
    NOBODY,
    OCCASIONAL,
    THROUGHOUT,
    WENT,
    Months,
    Tellers,
    counted,
    months_around,
    names_of,
    tellers,
)
from tocsin.errors import UsageError
from tocsin.read.dates_calendar import months_later

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = ("source",)
ALL = list(range(len(KINDS)))
GROUPS = {"all": ALL, "sources there throughout": [KINDS.index(THROUGHOUT)],
          "without new sources": [at for at in ALL if KINDS[at] != CAME],
          "without lost sources": [at for at in ALL if KINDS[at] != WENT]}  # fmt: skip
Ratio = tuple[float, float, float]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Change:
    """Events of some sources before and after. `ratio`: with its bounds, None where events are too few."""

    before: int
    after: int
    ratio: Ratio | None

    @property
    def direction(self) -> int:
        """1: rise, -1: fall, 0: may be chance, or too few."""
        return 0 if self.ratio is None else int(self.ratio[1] > 1) - int(self.ratio[2] < 1)


def coverage(
    events: Events,
    draws: Draws = DRAWS,
    *,
    on: Annotated[date | None, "The date whose two sides are compared. Left out: a year before the end."] = None,
    months: Annotated[int, "Months on either side of the date."] = 12,
) -> Answer:
    """Is it violence or reporting: does a change survive with only the sources that were there throughout?"""
    if not 1 <= months <= 240:
        raise UsageError(f"--months {months}: expected from 1 to 240 months on either side.")
    held = events.dated().where(pl.col("event_date") <= date.today()).demanded(1, "events with a date up to today")
    span = _months(held, on, months)
    found = tellers(held, span)
    near = held.where(pl.col("event_date").is_between(months_later(span.edges[0], -1), months_later(span.edges[-1], 1)))
    marked = _marked(near, found)
    values, shifts = _values(marked, span, draws)
    if not values.sum():
        raise UsageError(
            f"found no event of {held.name} from {span.edges[0]} to {span.edges[-1]}; choose another date."
        )
    changes = [_change(values[:, rows].sum(axis=1), shift) for rows, shift in zip(GROUPS.values(), shifts, strict=True)]
    tables = _tables(marked, found, values, span)
    return Answer("coverage", _sentence(values, span, changes), _table(changes), events.about,
                  tuple(_notes(events, held, tables, span, months)), tables,
                  lambda figure: _draw(figure, values, span))  # fmt: skip


def _months(events: Events, on: date | None, wanted: int) -> Months:
    """As many whole months on either side as there are events for, but no more than wanted."""
    first, last = events.first, min(events.last, date.today())
    end = date.fromordinal(last.toordinal() + 1)
    for count in range(wanted, 0, -1):
        day = on or months_later(end.replace(day=1), -count)
        if months_later(day, -count) >= first and months_later(day, count) <= end:
            return months_around(day, count)
    wanted_months = f"at least a whole month before and after {on}" if on else "at least two whole months"
    there = f"found events from {first} to {last} in {events.name}"
    raise UsageError(f"{there}, expected {wanted_months}; choose another date (--on) or period.")


def _marked(events: Events, found: Tellers) -> Events:
    """Events with the number of those by whom they are known, and of how many tell them."""
    known = found.by_text.with_columns(known=pl.col("known").replace_strict({k: at for at, k in enumerate(KINDS)}))
    table = events.table.with_columns(text=pl.col("source").cast(pl.String))
    joined = table.join(known, left_on="text", right_on="source", how="left", nulls_equal=True, maintain_order="left")
    return events.of(joined.drop("text"))


def _values(events: Events, span: Months, draws: Draws) -> tuple[Counts, list[float]]:
    """Events by month and by whom they are known; for each group the variance of its ratio's logarithm from what the
    events may have been."""
    values, none = counted(events, span), [0.0] * len(GROUPS)
    rough = pl.col("time_precision").fill_null(1) > 1
    if "doubt" in events.table.columns:
        rough |= pl.col("doubt").fill_null(0) > 0
    open_ = events.where(rough)
    if not draws or not len(open_):
        return values, none
    sure = counted(events.where(~rough), span)
    drawn = np.stack([sure + counted(each, span) for each in draws.of(open_)])
    sides = drawn.reshape(len(drawn), 2, span.each_side, len(KINDS)).sum(axis=2)
    sums = [np.maximum(sides[:, :, rows].sum(axis=2), 0.5) for rows in GROUPS.values()]
    return values, [float(np.var(np.log(each[:, 1] / each[:, 0]))) for each in sums]


def _change(values: Counts, shift: float) -> Change:
    """`values`: of each month, half of them before."""
    from scipy.stats import t

    sides = values.reshape(2, -1).astype(float)
    before, after = (int(each) for each in sides.sum(axis=1))
    if min(before, after) < FEW:
        return Change(before, after, None)
    means, free = sides.mean(axis=1, keepdims=True), max(1, values.size - 2)
    spread = max(1.0, float(((sides - means) ** 2 / means).sum() / free))
    error = np.sqrt(spread * (1 / before + 1 / after) + shift)
    log = np.log(after / before)
    low, middle, high = np.exp(np.array([-1, 0, 1]) * t.ppf((1 + LEVEL) / 2, max(free, 5)) * error + log)
    return Change(before, after, (float(middle), float(low), float(high)))


# -- the answer ------------------------------------------------------------------------------------------------------


def _table(changes: list[Change]) -> pl.DataFrame:
    """A row for each group of sources: events before and after, the ratio, and what part of all change is not in it."""
    rows = []
    for name, each in zip(GROUPS, changes, strict=True):
        bounds = each.ratio or (None, None, None)
        rows.append((name, each.before, each.after, *bounds, _part(changes[0], each)))
    columns = ["events_of", "before", "after", "ratio", "ratio_low", "ratio_high", "due_to_others"]
    return pl.DataFrame(rows, columns, orient="row")


def _part(all_: Change, some: Change) -> float | None:
    """What part of the change of all is not in that of some; none where all did not change for sure."""
    whole = all_.after - all_.before
    return 1 - (some.after - some.before) / whole if all_.direction and some is not all_ else None


def _sentence(values: Counts, span: Months, changes: list[Change]) -> str:
    """Whether the change of all events is there in those of the sources there throughout, too."""
    all_, steady = changes[0], changes[1]
    count, on = span.each_side, span.edges[span.each_side]
    months = "month" if count == 1 else f"{count} months"
    said = f"{all_.after:,} events in the {months} from {on}, {all_.before:,} in the {months} before"
    if all_.ratio is None:
        return f"{said}: too few to tell a change."
    said += f", {_times(all_.ratio)}"
    if not all_.direction:
        return f"{said}: no change beyond chance."
    name, who, kind = ("rise", "new", CAME) if all_.direction > 0 else ("fall", "lost", WENT)
    due = int(values[:, KINDS.index(kind)].sum())
    share = percent(due / abs(all_.after - all_.before))
    through = f"{due:,} events are known only through {who} sources, {share} of the {name}."
    if steady.ratio is None:
        return f"{said}; too few events of sources that were there throughout to say what of it is reporting. {through}"
    verdict = _verdict(all_.ratio, steady).format(name)
    told = f"with only the sources that were there throughout {_times(steady.ratio)}: {verdict}"
    return f"{said}; {told}. {through}"


def _verdict(all_: Ratio, steady: Change) -> str:
    """It survives if it is there beyond chance. It does not if it is not, and half of it, as a factor, is ruled out."""
    rise = all_[0] > 1
    if steady.ratio is None or steady.direction == (1 if rise else -1):
        return "the {} survives"
    half = np.sqrt(all_[0])
    gone = steady.ratio[2] < half if rise else steady.ratio[1] > half
    return "the {} does not survive" if gone else "it cannot be told whether the {} survives"


def _times(found: Ratio) -> str:
    return number(*found, places=1 if found[0] >= 3 else 2) + " times"


def _tables(held: Events, found: Tellers, values: Counts, span: Months) -> dict[str, pl.DataFrame]:
    starts = span.edges[:-1]
    at = pl.Series("at", span.of(held.days))
    here = held.table.with_columns(at).filter(pl.col("at").is_between(0, len(starts) - 1))
    months = pl.DataFrame({"month": starts, **dict(zip(KINDS, values.T, strict=True))})
    day = pl.col("at").replace_strict(dict(enumerate(starts)), return_dtype=pl.Date).alias("month")
    share = pl.when(pl.col("events") >= FEW).then(pl.col("several") / pl.col("events"))
    several = here.group_by("at").agg(events=pl.len(), several=(pl.col("tellers") > 1).sum()).sort("at")
    named = here.group_by("at", "source").agg(events=pl.len())
    named = named.with_columns(source=names_of(pl.col("source").cast(pl.String))).explode("source").drop_nulls()
    named = named.group_by("at", "source").agg(pl.col("events").sum()).sort("at", "source")
    return {
        "months": months, "sources": found.sources, "sources by month": named.select(day, "source", "events"),
        "told by two or more": several.select(day, "events", "several", share=share),
    }  # fmt: skip


def _notes(events: Events, held: Events, tables: dict[str, pl.DataFrame], span: Months, wanted: int) -> list[str]:
    notes, count, months = [], span.each_side, tables["months"]
    if len(events) > len(held):
        notes.append(f"{len(events) - len(held):,} events have no date, or one in the future, and are not counted.")
    if without := int(months[NOBODY].sum()):
        notes.append(f"{without:,} of {months.select(KINDS).to_numpy().sum():,} events name no source.")
    if count < wanted:
        notes.append(f"Events are there for {count} whole month{'s' * (count > 1)} on either side only.")
    if held.first >= span.edges[0]:
        notes.append(f"Nothing earlier than {held.first} was read: a source that seems new may be older.")
    return [*notes, *_independent(tables["told by two or more"], span)]


def _independent(several: pl.DataFrame, span: Months) -> list[str]:
    """What part of the events two sources or more tell, before and after."""
    late = pl.col("month") >= span.edges[span.each_side]
    sums = [several.filter(each).select(pl.col("several", "events").sum()).row(0) for each in (~late, late)]
    if min(total for _, total in sums) < FEW:
        return []
    before, after = (percent(some / total) for some, total in sums)
    told = f"Two sources or more tell {before} of the events before and {after} of those after"
    return [f"{told}; whether one copies the other is not looked at."]


def _draw(figure: Figure, values: Counts, span: Months) -> None:
    from tocsin.analyse.figure import COLOURS, INK

    axes, starts = figure.add_subplot(), np.array(span.edges, "datetime64[D]")
    looks = {
        THROUGHOUT: ("told by sources there throughout", COLOURS[0]),
        OCCASIONAL: ("by occasional sources only", "#a9b3c1"),
        CAME: ("by new sources only", COLOURS[1]),
        WENT: ("by lost sources only", COLOURS[3]),
        NOBODY: ("no source named", "#dcdfe4"),
    }
    bottom, widths = np.zeros(len(values)), np.diff(starts).astype(float) * 0.9
    for kind, heights in zip(KINDS, values.T, strict=True):
        name, colour = looks[kind]
        if heights.any():
            axes.bar(starts[:-1], heights, widths, bottom, align="edge", color=colour, label=name)
        bottom += heights
    axes.axvline(starts[span.each_side], color=INK, linewidth=1.4)
    axes.set_ylabel("events per month")
    axes.set_ylim(0, max(1.0, bottom.max() * 1.2))
    axes.legend(loc="upper left", fontsize=8, ncols=2, frameon=True, framealpha=1, edgecolor="none")
