"""How events, or deaths, went over time.

In:  Events.
Out: a row for each period and group: the count, its interval, the rolling mean, the change against the period before
     and against the same period a year before, and how the season usually is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW, Answer, number, percent
from tocsin.analyse.draws import DRAWS, Draws, Interval, holding
from tocsin.analyse.events import Events
from tocsin.analyse.periods import EPOCH, Counts, Every, Measure, counts, number_of, start_of
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = ("fatalities",)
YEARLY = {"day": 365, "week": 52, "month": 12, "year": 1}
ROLLING = {"day": 7, "week": 4, "month": 3, "year": 3}
SHOWN = 6  # groups in the figure
Table = NDArray[np.float64]


def trend(
    events: Events,
    draws: Draws = DRAWS,
    *,
    every: Annotated[Every, "Length of a period."] = "month",
    by: Annotated[str | None, "Count each value of this column apart: event_type, admin1, actor1, ..."] = None,
    measure: Annotated[Measure, "Count events, or the dead."] = "events",
    rolling: Annotated[int | None, "Periods of the rolling mean. Left out: 7 days, 4 weeks, 3 months or years."] = None,
) -> Answer:
    """Events or fatalities per period, by any field, with rolling means, changes and the usual season."""
    if rolling is not None and rolling < 1:
        raise UsageError(f"--rolling {rolling}: a mean is of 1 period or more.")
    held = events.dated().demanded(1, "events with a date")
    found = counts(held, every, by, measure)
    drawn = draws.interval(held, lambda each: _aligned(counts(each, every, by, measure), found))
    drawn = holding(drawn, _aligned(found, found)) if drawn else None
    band = Interval(drawn.low[:, :-1], drawn.high[:, :-1]) if drawn else None
    table = _table(found, band, rolling or ROLLING[every])
    season = _season(found)
    return Answer(
        "trend",
        _sentence(found, Interval(drawn.low[:, -1], drawn.high[:, -1]) if drawn else None, measure),
        table,
        events.about,
        tuple(_notes(events, held, found)),
        {"season": season} if season is not None else {},
        lambda figure: _draw(figure, found, band, rolling or ROLLING[every], measure),
        newest_last=True,
    )


def _aligned(drawn: Counts, like: Counts) -> Table:
    """The draw's counts in the columns of the first, and their total; a group that a draw has not is 0."""
    at = {name: place for place, name in enumerate(drawn.groups)}
    columns = [drawn.values[:, at[name]] if name in at else np.zeros(len(like.starts)) for name in like.groups]
    return np.stack([*columns, drawn.values.sum(axis=1)], axis=1).astype(float)


def _table(found: Counts, band: Interval | None, rolling: int) -> pl.DataFrame:
    """One row a period and group, in the order of time."""
    values = found.values.astype(float)
    before, year = _change(values, 1, found.whole), _change(values, YEARLY[found.every], found.whole)
    columns = {"count": found.values, "mean": _rolling(values, rolling), "change": before, "change_year": year}
    if band:
        columns |= {"count_low": band.low, "count_high": band.high}
    periods, groups = len(found.starts), len(found.groups)
    named = {"group": np.tile(np.array(found.groups, object), periods)} if found.groups != [""] else {}
    made = pl.DataFrame({
        "period": np.repeat(np.array(found.starts, "datetime64[D]"), groups),
        **{name: pl.Series(each.tolist(), dtype=pl.String) for name, each in named.items()},
        **{name: each.ravel() for name, each in columns.items()},
        "whole": np.repeat(found.whole, groups),
    })  # fmt: skip
    return made.with_columns(pl.col(pl.Float64).fill_nan(None))


def _rolling(values: Table, length: int) -> Table:
    """The mean of the last periods; none before there are that many."""
    found = np.full(values.shape, np.nan)
    if len(values) >= length:
        found[length - 1 :] = np.lib.stride_tricks.sliding_window_view(values, length, axis=0).mean(axis=-1)
    return found


def _change(values: Table, back: int, whole: NDArray[np.bool_]) -> Table:
    """Change against an earlier period as a part of it; none where either is cut or rests on fewer than FEW."""
    found = np.full(values.shape, np.nan)
    if len(values) > back:
        now, then = values[back:], values[:-back]
        fair = (then >= FEW) & (whole[back:] & whole[:-back])[:, None]
        found[back:] = np.where(fair, now / np.maximum(then, 1) - 1, np.nan)
    return found


def _season(found: Counts) -> pl.DataFrame | None:
    """The mean of each month of the year against the mean of all; None for less than two years or few events."""
    months = np.array([start.month for start in found.starts])
    total = found.values.sum(axis=1)[found.whole]
    if found.every != "month" or len(total) < 2 * 12 or total.sum() < FEW * 12:
        return None
    there = months[found.whole]
    means = [total[there == month].mean() for month in range(1, 13)]
    return pl.DataFrame({"month": range(1, 13), "mean": means, "ratio": np.array(means) / total.mean()})


def _sentence(found: Counts, band: Interval | None, measure: str) -> str:
    """The total of the last whole period, and its change against a year before or the period before.

    `band`: of the totals.
    """
    whole = np.flatnonzero(found.whole)
    last = int(whole[-1]) if len(whole) else len(found.starts) - 1
    total = found.values.sum(axis=1)
    low, high = (float(band.low[last]), float(band.high[last])) if band else (None, None)
    said = f"{number(float(total[last]), low, high, unit=measure)} in the {found.every} from {found.starts[last]}"
    for back, name in ((YEARLY[found.every], "a year before"), (1, f"the {found.every} before")):
        then = last - back
        if then >= 0 and found.whole[then] and total[then] >= FEW:
            return f"{said}, {percent(total[last] / total[then] - 1, signed=True)} against {name} ({total[then]:,})."
    return f"{said}; too few before to compare."


def _notes(events: Events, held: Events, found: Counts) -> list[str]:
    notes = [f"{len(events) - len(held):,} events have no date and are not counted."] if len(events) > len(held) else []
    cut = len(found.whole) - int(found.whole.sum())
    if cut:
        notes.append(f"{cut} period{'s' * (cut > 1)} at the ends are only partly covered (whole: false); not compared.")
    return notes


def _draw(figure: Figure, found: Counts, band: Interval | None, rolling: int, measure: str) -> None:
    from tocsin.analyse.figure import BAND, COLOURS

    axes, edges = figure.add_subplot(), _edges(found)
    middle = edges[:-1] + (edges[1:] - edges[:-1]) / 2
    order = np.argsort(-found.values.sum(axis=0), kind="stable")[:SHOWN]
    for colour, at in zip(COLOURS, order, strict=False):
        values = found.values[:, at].astype(float)
        if len(order) == 1:  # of several the means alone can be told apart
            axes.stairs(values, edges, color=colour, linewidth=0.9, alpha=0.55)
        if band and len(order) == 1:
            low, high = (np.append(each[:, at], each[-1, at]) for each in (band.low, band.high))
            axes.fill_between(edges, low, high, color=BAND, linewidth=0, step="post", zorder=0.5)
        mean = _rolling(values[:, None], rolling)[:, 0]
        name = found.groups[at] or f"{measure} per {found.every}"
        axes.plot(middle, mean, color=colour, linewidth=2, label=f"{name}, mean of {rolling}".replace("$", r"\$"))
    axes.set_ylabel(f"{measure} per {found.every}")
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left", fontsize=8)


def _edges(found: Counts) -> NDArray[np.datetime64]:
    """The first days of the periods, and the day after the last one; in seconds, so that middles can be told."""
    last = np.array([found.starts[-1].toordinal() - EPOCH], np.int64)
    after = start_of(int(number_of(last, found.every)[0]) + 1, found.every)
    return np.array([*found.starts, after], "datetime64[s]")
