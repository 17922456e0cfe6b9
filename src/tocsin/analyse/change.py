"""What a date changed: a withdrawal, a coup, a ceasefire.

In:  Events and a date; or counts of periods and a date.
Out: by how many times counts were changed against what the run before lets expect, with its interval; the same at
     dates before at which nothing is said to have happened (placebo dates); change points found without being told;
     against other areas, if some are named.

The regression is in segmented.py, the effect of a date in effect.py, the change points are in breaks.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import Answer, number
from tocsin.analyse.draws import DRAWS, Draws
from tocsin.analyse.events import Events
from tocsin.analyse.methods.effect import FEW_PLACEBOS, Asked, Effect, Every, Placebo, Series, effect_of, placebos
from tocsin.analyse.methods.named import among
from tocsin.analyse.methods.segmented import ratio
from tocsin.analyse.periods import EPOCH, Counts, Measure, counts, number_of, start_of
from tocsin.errors import UsageError

COLUMNS = ("country", "admin1", "fatalities")
BEFORE = {"week": 104, "month": 60}
AFTER = {"week": 26, "month": 12}
SINGLE = (1, 3, 6, 12, 18, 24, 36, 48, 60)  # periods after the date that get a line of their own
MARGIN = timedelta(days=31)  # by how much a draw may move a day
UNEVEN = 0.25  # by how much what is fitted may be off what was, before that is told
Values = NDArray[np.int64]


def change(
    events: Events,
    draws: Draws = DRAWS,
    *,
    on: Annotated[date, "The date: of a withdrawal, a coup, a ceasefire."],
    every: Annotated[Every, "Length of a period."] = "month",
    measure: Annotated[Measure, "Count events, or the dead."] = "events",
    before: Annotated[int | None, "Periods before that tell what to expect. Left out: 60 months, 104 weeks."] = None,
    after: Annotated[int | None, "Periods after that are looked at. Left out: 12 months, 26 weeks."] = None,
    area: Annotated[str | None, 'Where: countries or regions, "Mali; Gao". Left out: all not compared with.'] = None,
    compared_with: Annotated[str | None, 'Areas that the date does not concern, "Niger; Benin".'] = None,
) -> Answer:
    """By how many times counts were changed after a date, against what the run before lets expect."""
    asked = _asked(on, every, measure, before, after)
    held = _until_today(events.dated().demanded(1, "events with a date"))
    own, others = among(held, area, compared_with)
    both = [each for each in (own, others) if each is not None]
    series = _series([counts(each, every, None, measure) for each in both])
    found = _answer(series, asked, _drawn(both, asked, draws), own.about)
    left = len(events) - len(held)
    notes = (f"{left:,} events have no date, or one in the future, and are not counted.",) if left else ()
    return replace(found, notes=(*notes, *found.notes))


def change_of(
    starts: Sequence[date],
    values: Sequence[int] | Values,
    on: date,
    *,
    every: Every = "month",
    measure: Measure = "events",
    before: int | None = None,
    after: int | None = None,
    others: Sequence[int] | Values | None = None,
    source: str = "a series of counts",
) -> Answer:
    """The same for counts of whole periods, in the order of time: their first days, and how many. `others`: counts of
    areas that the date does not concern. A period that is not given is not known, and not zero."""
    asked = _asked(on, every, measure, before, after)
    numbers = number_of(np.array([day.toordinal() - EPOCH for day in starts], np.int64), every)
    held = [np.asarray(each, np.int64) for each in (values, others) if each is not None]
    if any(each.shape != numbers.shape or (each < 0).any() for each in held) or (np.diff(numbers) <= 0).any():
        raise UsageError(f"expected one count of 0 or more for each {every}, in the order of time.")
    return _answer(Series(numbers, held[0], held[1] if len(held) > 1 else None), asked, [], source)


def _asked(on: date, every: Every, measure: Measure, before: int | None, after: int | None) -> Asked:
    for name, value in (("before", before), ("after", after)):
        if value is not None and not 1 <= value <= 2000:
            raise UsageError(f"--{name} {value}: expected from 1 to 2000 {every}s.")
    return Asked(on, every, measure, before or BEFORE[every], after or AFTER[every])


def _until_today(events: Events) -> Events:
    """Without what is said to happen in the future."""
    today = date.today()
    if events.last <= today:
        return events
    held = events.where(pl.col("event_date") <= today).demanded(1, "events with a date up to today")
    return replace(held, period=(events.first, today))


def _series(found: list[Counts]) -> Series:
    """Whole periods only."""
    first = found[0]
    numbers = number_of(np.array([day.toordinal() - EPOCH for day in first.starts], np.int64), first.every)
    values = [each.values[first.whole].sum(axis=1) for each in found]
    return Series(numbers[first.whole], values[0], values[1] if len(values) > 1 else None)


def _drawn(both: list[Events], asked: Asked, draws: Draws) -> list[Series]:
    """The series as it may have been; only what is not sure is drawn."""
    rough = pl.col("time_precision").fill_null(1) > 1
    if asked.measure == "fatalities":
        rough |= (pl.col("fatalities_high") > pl.col("fatalities_low")).fill_null(value=False)
    if "doubt" in both[0].table.columns:
        rough |= pl.col("doubt").fill_null(0) > 0
    start, end = (start_of(at, asked.every) for at in (asked.seen[0], asked.first + asked.after))
    rough &= pl.col("event_date").is_between(pl.lit(start) - MARGIN, pl.lit(end) + MARGIN)
    open_ = [each.where(rough) for each in both]
    if not any(len(each) for each in open_):
        return []
    sure = [_counted(each.where(~rough), asked) for each in both]
    drawn = zip(*(draws.of(each) for each in open_), strict=True)
    return [_series([_sum(_counted(a, asked), b) for a, b in zip(each, sure, strict=True)]) for each in drawn]


def _counted(events: Events, asked: Asked) -> Counts:
    return counts(events, asked.every, None, asked.measure)


def _sum(one: Counts, other: Counts) -> Counts:
    return replace(one, values=one.values + other.values)


# -- the answer ------------------------------------------------------------------------------------------------------


def _answer(series: Series, asked: Asked, drawn: list[Series], source: str) -> Answer:
    from tocsin.analyse.methods.breaks import MOST, breaks
    from tocsin.analyse.shown.change import draw

    found = effect_of(series, asked, drawn)
    placebo = placebos(series, asked) if found.told else []
    newest = series.values[-MOST:]
    turns = _turns(breaks(newest), series.numbers[-MOST:], asked)
    course = _course(found, asked)
    tables = {"course": course, "placebo dates": _placebo(placebo), "change points": turns}
    return Answer(
        "change",
        _sentence(found, asked, placebo),
        _table(found, asked),
        source,
        tuple(_notes(found, asked, placebo)),
        tables,
        lambda figure: draw(figure, course, turns, asked),
    )


def _table(found: Effect, asked: Asked) -> pl.DataFrame:
    """A row for all periods after the date together, and for some of them alone."""
    at = found.series.numbers - asked.first + 1
    last = int(at[-1])
    parts = [(f"1 to {last}", found.after), *((str(each), at == each) for each in SINGLE if each in at[found.after])]
    return pl.DataFrame([_line(found, asked, name, rows) for name, rows in parts], infer_schema_length=None)


def _line(found: Effect, asked: Asked, name: str, rows: NDArray[np.bool_]) -> dict[str, Any]:
    numbers = found.series.numbers[rows]
    expected = ratio(*found.own.expected(rows), found.own.margin)
    line = {asked.every: name, "since": start_of(int(numbers[0]), asked.every),
            "observed": int(found.series.values[rows].sum()),
            "fitted": float(found.own.fitted()[rows].sum()) if found.told else None, **_bounds("expected", expected),
            **_bounds("ratio", ratio(*found.alone(rows), found.own.margin) if found.told else None)}  # fmt: skip
    if found.others is not None:
        others = ratio(*found.others.effect(rows), found.others.margin) if found.told else None
        compared = ratio(*found.against(rows), found.own.margin) if found.told else None
        line |= _bounds("others", others) | _bounds("compared", compared)
    return line


def _bounds(name: str, found: tuple[float, float, float] | None) -> dict[str, float | None]:
    return dict(zip((name, f"{name}_low", f"{name}_high"), found or (None, None, None), strict=True))


def _course(found: Effect, asked: Asked) -> pl.DataFrame:
    """The counts of each period, as fitted, and as expected without the date."""
    middle, low, high = found.own.course()
    columns: dict[str, Any] = {
        "count": found.series.values, "fitted": found.own.fitted(), "expected": middle, "expected_low": low,
        "expected_high": high, "after": found.after,
    }  # fmt: skip
    if found.others is not None:
        columns |= {"others": found.series.others, "others_fitted": found.others.fitted(),
                    "others_expected": found.others.course()[0]}  # fmt: skip
    days = [start_of(int(each), asked.every) for each in found.series.numbers]
    made = pl.DataFrame({asked.every: days, **columns})
    untold = [] if found.told else [pl.when(~pl.col("after")).then(pl.col(name)).alias(name)
                                    for name in made.columns if name.endswith("fitted")]  # fmt: skip
    return made.with_columns(untold)


def _placebo(found: list[Placebo]) -> pl.DataFrame:
    kinds = {"on": pl.Date, "ratio": pl.Float64, "ratio_low": pl.Float64, "ratio_high": pl.Float64}
    return pl.DataFrame([(each.on, *ratio(each.log, each.error, each.margin)) for each in found], kinds, orient="row")


def _turns(found: Sequence[Any], numbers: Values, asked: Asked) -> pl.DataFrame:
    """Change points: the period in which a new level begins, how sure that is, and both levels."""
    kinds = {asked.every: pl.Date, f"{asked.every}_low": pl.Date, f"{asked.every}_high": pl.Date,
             "support": pl.Float64, "mean_before": pl.Float64, "mean_after": pl.Float64}  # fmt: skip
    rows = [(*(start_of(int(numbers[at]), asked.every) for at in (each.at, each.low, each.high)), each.support,
             each.before, each.after) for each in found]  # fmt: skip
    return pl.DataFrame(rows, kinds, orient="row")


def _sentence(found: Effect, asked: Asked, placebo: list[Placebo]) -> str:
    rows, every = found.after, asked.every
    observed, before = int(found.series.values[rows].sum()), int((~rows).sum())
    said = f"{observed:,} {asked.measure} in the {rows.sum()} {every}s after {asked.on}"
    if not found.own.told:
        expected = number(*ratio(*found.own.expected(rows), found.own.margin))
        return f"{said}, where the {before} {every}s before let expect {expected}: too few for a ratio."
    if not found.told:
        return f"{said}; the areas compared with have too few for a ratio."
    own = ratio(*found.alone(rows), found.own.margin)
    if found.others is None:
        told = f"{said}, {times(own)} what the {before} {every}s before let expect."
    else:
        own, others = ratio(*found.against(rows), found.own.margin), ratio(*found.others.effect(rows), 0)
        alone = ratio(*found.alone(rows), 0)
        told = (f"{said}, {times(alone[:1])} what the {before} {every}s before let expect, {times(others[:1])} in the "
                f"areas compared with: {times(own)} as much as there.")  # fmt: skip
    chance = " This may be chance." if own[1] <= 1 <= own[2] else ""
    return told + chance + _unusual(found, placebo)


def times(found: tuple[float, ...]) -> str:
    """A ratio, with its bounds if they are given: "3.2 (90 % interval 1.9 to 5.4) times"."""
    return number(*found, places=0 if found[0] >= 20 else 1 if found[0] >= 3 else 2) + " times"


def _unusual(found: Effect, placebo: list[Placebo]) -> str:
    """At how many placebo dates a change, up or down, is as many standard errors away from none."""
    if len(placebo) < FEW_PLACEBOS:
        return ""
    log, error = found.against(found.after)
    large = sum(abs(each.log) / each.error >= abs(log) / error for each in placebo)
    return f" At {large or 'none'} of {len(placebo)} dates before does a change stand out as much."


def _notes(found: Effect, asked: Asked, placebo: list[Placebo]) -> list[str]:
    every, notes = asked.every, []
    if asked.first > asked.seen[1]:
        left = start_of(asked.seen[1], every)
        notes.append(f"The {every} from {left} is left out: the date lies within it.")
    if (there := int(found.after.sum())) < asked.after:
        notes.append(f"Only {there} {every}s after the date are known.")
    if found.told and len(placebo) < FEW_PLACEBOS:
        notes.append(f"Too few {every}s before the date are known, or too little happened, to try dates before.")
    if found.told and abs(found.own.fitted()[found.after].sum() / found.series.values[found.after].sum() - 1) > UNEVEN:
        notes.append(f"A few {every}s have most {asked.measure}: the ratio is that of usual {every}s, not of the sum.")
    if found.told and not found.own.dispersion:
        notes.append("Counts vary no more than chance makes them.")
    return notes
