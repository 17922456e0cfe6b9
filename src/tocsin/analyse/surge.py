"""Where is violence surging?

In:  Events; the area that is looked at, and the week.
Out: a row for each area: ACLED's surge and threat trackers and its change levels, and whether the week is unusual.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW, Answer, number
from tocsin.analyse.draws import DRAWS, Draws, holding, interval_of
from tocsin.analyse.events import Events
from tocsin.analyse.methods.trackers import change_level, mean_before, surging, threatened, thresholds
from tocsin.analyse.methods.unusual import limits, score
from tocsin.analyse.methods.weekly import COLUMNS as COLUMNS
from tocsin.analyse.methods.weekly import Unit, Weeks, names_of, weekly
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FLAGS = ("surge", "threat", "alarm")
DETAILS = ("week", "latitude", "longitude", "change_month", "change_year", "p")  # in a table of their own
NAMED = 3  # areas in the sentence for each flag
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one count of the weeks shows, for each area. NaN: too few events or weeks to say."""

    now: Numbers  # events in the week
    surge: Numbers  # 0 or 1, as the next
    threat: Numbers
    alarm: Numbers  # 0 to 1


def surge(
    events: Events,
    draws: Draws = DRAWS,
    *,
    unit: Annotated[Unit, "What is looked at: first-order units or countries."] = "admin1",
    week: Annotated[date | None, "Any day of the week to look at. Left out: the last whole week."] = None,
    alpha: Annotated[float, "False alarms among quiet areas in a week, 0.05: one of 20."] = 0.05,
) -> Answer:
    """Where violent events surge: ACLED's surge and threat trackers, change levels, and what is unusual."""
    if not 0.001 <= alpha <= 0.5:
        raise UsageError(f"--alpha {alpha}: expected a rate of false alarms from 0.001 to 0.5.")
    rule = thresholds()
    found = weekly(events, unit, max(rule.month + rule.year, rule.baseline + rule.gap + 1), week)
    seen = _seen(found.values, alpha)
    drawn = [_seen(each, alpha) for each in found.drawn(draws)]
    table = _table(found, seen, drawn, alpha)
    main, details = _parts(table)
    return Answer(
        "surge",
        _sentence(found, seen, drawn, table, alpha),
        main,
        events.about,
        tuple(_notes(events, found, unit, alpha)),
        {"details": details},
        draw=lambda figure: _draw(figure, table, alpha),
    )


def _seen(values: NDArray[np.int64], alpha: float) -> Seen:
    """Surge, threat and alarm of each area."""
    nothing = np.full(len(values), np.nan)
    surge, threat = (_numbers(flags, nothing) for flags in (surging(values), threatened(values)))
    baseline = _baseline(values)
    alarm = nothing.copy()
    if baseline is not None:
        enough = baseline.sum(axis=1) + values[:, -1] >= FEW
        alarm[enough] = score(baseline[enough], values[enough, -1]).alarm(alpha)
    return Seen(values[:, -1].astype(float), surge, threat, alarm)


def _numbers(flags: NDArray[np.bool_] | None, nothing: Numbers) -> Numbers:
    return nothing if flags is None else flags.astype(np.float64)


def _baseline(values: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """The weeks that the last is held against; None if there are too few."""
    rule, end = thresholds(), values.shape[1] - 1 - thresholds().gap
    return values[:, max(0, end - rule.baseline) : end] if end >= rule.least_baseline else None


def _table(found: Weeks, seen: Seen, drawn: list[Seen], alpha: float) -> pl.DataFrame:
    """One row an area, those that stand out first."""
    columns: dict[str, Any] = {"week": pl.repeat(found.starts[-1], len(seen.now), eager=True), "events": seen.now}
    if drawn:
        band = holding(interval_of([each.now for each in drawn]), seen.now)
        columns |= {"events_low": band.low, "events_high": band.high}
    columns |= _against(found) | _expected(found, alpha)
    columns |= {"surge": _yes(seen.surge), "threat": _yes(seen.threat), "unusual": _unusual(seen.alarm)}
    if drawn:
        columns |= {f"{name}_chance": np.mean([getattr(each, name) for each in drawn], axis=0) for name in FLAGS}
    made = pl.DataFrame(columns).with_columns(pl.col(pl.Float64).fill_nan(None))
    made = made.with_columns(pl.col("^events.*$", "limit").cast(pl.Int64))
    whole = pl.concat([found.areas.drop("area"), made], how="horizontal")
    rank = (pl.col("unusual").replace_strict({"yes": 2, "borderline": 1}, default=0, return_dtype=pl.Int8),
            *(pl.col(name).fill_null(value=False) for name in ("surge", "threat")), pl.col("events"))  # fmt: skip
    return whole.sort(*rank, descending=True, maintain_order=True)


def _parts(table: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What is read at a glance, and the rest of each area."""
    rest = [name for name in table.columns if name in DETAILS or name.endswith("_chance")]
    keys = [name for name in ("country", "admin1") if name in table.columns]
    return table.drop(rest), table.select(*keys, *rest)


def _against(found: Weeks) -> dict[str, Any]:
    """Mean, change and level against the month and the year before the week."""
    rule, now = thresholds(), found.values[:, -1]
    columns: dict[str, Any] = {}
    for name, weeks in (("month", rule.month), ("year", rule.year)):
        mean = mean_before(found.values, weeks)
        if mean is None:
            nothing = np.full(len(now), np.nan)
            columns |= {f"mean_{name}": nothing, f"change_{name}": nothing, f"level_{name}": [None] * len(now)}
            continue
        change = np.where(mean * weeks >= FEW, now / np.maximum(mean, 1 / weeks) - 1, np.nan)
        level = [rule.levels[at] for at in change_level(now, mean)]
        columns |= {f"mean_{name}": mean, f"change_{name}": change, f"level_{name}": level}
    return {name: pl.Series(each, dtype=pl.String) if name[0] == "l" else each for name, each in columns.items()}


def _expected(found: Weeks, alpha: float) -> dict[str, Any]:
    """The most events that are not an alarm for sure, and the chance of as many as there were in a quiet week."""
    baseline, now = _baseline(found.values), found.values[:, -1]
    limit, chance = (np.full(len(now), np.nan) for _ in range(2))
    if baseline is not None:
        enough = baseline.sum(axis=1) + now >= FEW
        limit[enough] = limits(baseline[enough], alpha)
        chance[enough] = score(baseline[enough], now[enough]).at_least
    return {"limit": limit, "p": chance}


def _yes(flags: Numbers) -> pl.Series:
    return pl.Series(flags, nan_to_null=True).cast(pl.Boolean)


def _unusual(alarm: Numbers) -> pl.Series:
    """In words; null where nothing can be said."""
    said = np.select([np.isnan(alarm), alarm >= 1, alarm > 0], ["", "yes", "borderline"], "no")
    return pl.Series(said.tolist(), dtype=pl.String).replace("", None)


def _sentence(found: Weeks, seen: Seen, drawn: list[Seen], table: pl.DataFrame, alpha: float) -> str:
    start, unit = found.starts[-1], "areas" if "admin1" in found.areas.columns else "countries"
    said = {"surge": "surging", "threat": "on the threat tracker", "alarm": "unusual"}
    known = [name for name in said if not np.isnan(getattr(seen, name)).all()]
    if not known:
        return f"There are too few weeks before that from {start} to say where violence surges."
    told = [f"{said[name]} {_count(name, seen, drawn)}{_names(table, name)}" for name in known]
    if "alarm" in known:
        whole, tested = float(np.nansum(seen.alarm)), int((~np.isnan(seen.alarm)).sum())
        edge = f", {whole:,.1f} with those right at their limit" if (table["unusual"] == "borderline").any() else ""
        told[-1] += f"{edge}, {alpha * tested:,.1f} expected by chance"
    return f"In the week from {start}, of {len(seen.now):,} {unit}: {'; '.join(told)}."


def _count(name: str, seen: Seen, drawn: list[Seen]) -> str:
    """How many areas have the flag for sure. Bounds only where they differ."""
    total, *bounds = (int((getattr(each, name) >= 1).sum()) for each in (seen, *drawn))
    band = holding(interval_of(list(bounds)), total) if bounds else None
    ends = (round(float(band.low)), round(float(band.high))) if band else (total, total)
    return number(total, *(ends if ends != (total, total) else ()))


def _names(table: pl.DataFrame, flag: str) -> str:
    """The areas that have it for sure, those with most events first, with their events."""
    there = (table["unusual"] == "yes" if flag == "alarm" else table[flag]).fill_null(value=False)
    named = table.with_columns(name=pl.Series(names_of(table))).filter(there)
    first = [f"{row['name']}: {row['events']}" for row in named.head(NAMED).iter_rows(named=True)]
    more = [f"{named.height - NAMED:,} more"] if named.height > NAMED else []
    return f" ({'; '.join([*first, *more])})" if first else ""


def _notes(events: Events, found: Weeks, unit: Unit, alpha: float) -> list[str]:
    rule, weeks = thresholds(), found.values.shape[1]
    notes = []
    if weeks < rule.month + rule.year:
        notes.append(
            f"Only {weeks} whole weeks up to this one; what needs more (up to {rule.month + rule.year}) is not said."
        )
    if _baseline(found.values) is not None and (few := int((found.values.sum(axis=1) < FEW).sum())):
        notes.append(f"{few} of {len(found.values)} had fewer than {FEW} violent events in these weeks: not tested.")
    if not found.values[:, -1].any():
        notes.append("No violent event in this week at all: do the data cover it?")
    if unit == "admin1" and (unknown := int(events.table["admin1"].null_count())):
        notes.append(f"{unknown:,} events without a first-order unit are left out.")
    if alpha < 0.05:
        notes.append(
            "Below 0.05 the rate of false alarms holds over many areas; of one area it may be half of it, or half more."
        )
    return notes


def _draw(figure: Figure, table: pl.DataFrame, alpha: float) -> None:
    from tocsin.analyse.shown.surge import draw

    draw(figure, table, alpha)
