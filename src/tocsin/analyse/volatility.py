"""How volatile is violence, and how far can its risk be predicted?

In:  Events; the area that is looked at, and the last week of the year.
Out: a row for each area: spike weeks, events a week, and one of four classes.

Source of the definition: ACLED, Volatility and Risk Predictability Index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import Answer, number
from tocsin.analyse.draws import DRAWS, Draws, holding, interval_of
from tocsin.analyse.events import Events
from tocsin.analyse.methods.settings import DATA, settings
from tocsin.analyse.methods.weekly import COLUMNS as COLUMNS
from tocsin.analyse.methods.weekly import Unit, Weeks, names_of, weekly
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMED = 5  # areas of a class in the sentence, and names in the figure
CLASS_COLOURS = ("#9aa3ae", "#1f5fa8", "#b08900", "#c2410c")  # in the order of the classes


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What data/volatility.toml says."""

    year: int
    spike: float
    volatile: int
    high_baseline: float
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """For each area: spike weeks, events a week, and the place of the class in `classes` of the thresholds."""

    spikes: NDArray[np.int64]
    baseline: NDArray[np.float64]
    kind: NDArray[np.int64]


def thresholds() -> Thresholds:
    return settings(Thresholds, DATA / "volatility.toml")


def index(values: NDArray[np.int64]) -> Index:
    """The index of areas x weeks. The deviation is that of the weeks themselves (of the population, not of a sample);
    where all weeks are alike there are no spikes."""
    rule, mean, deviation = thresholds(), values.mean(axis=1), values.std(axis=1)
    spikes = ((values >= (mean + rule.spike * deviation)[:, None]) & (deviation > 0)[:, None]).sum(axis=1)
    return Index(spikes, mean, 2 * (spikes >= rule.volatile) + (mean > rule.high_baseline))


def volatility(
    events: Events,
    draws: Draws = DRAWS,
    *,
    unit: Annotated[Unit, "What is looked at: first-order units or countries."] = "admin1",
    week: Annotated[date | None, "Any day of the last week of the year. Left out: the last whole week."] = None,
) -> Answer:
    """How volatile violence is in each area, and how predictable its risk: four classes by spike weeks and baseline."""
    rule = thresholds()
    found = weekly(events, unit, rule.year, week)
    if (weeks := len(found.starts)) < rule.year:
        raise UsageError(
            f"found {weeks} whole weeks up to that from {found.starts[-1]} in {events.name}, expected {rule.year}; "
            "choose a later week, or give the period with --since if the data begin before their first event."
        )
    seen = index(found.values)
    drawn = [index(each) for each in found.drawn(draws)]
    table = _table(found, seen, drawn)
    return Answer(
        "volatility",
        _sentence(found, seen, drawn, table),
        table,
        events.about,
        tuple(_notes(events, unit)),
        draw=lambda figure: _draw(figure, table),
    )


def _table(found: Weeks, seen: Index, drawn: list[Index]) -> pl.DataFrame:
    """One row an area, the riskiest first."""
    rule = thresholds()
    columns: dict[str, Any] = {"events": found.values.sum(axis=1), "spike_weeks": seen.spikes}
    if drawn:
        band = holding(interval_of([each.spikes for each in drawn]), seen.spikes)
        columns |= {"spike_weeks_low": band.low, "spike_weeks_high": band.high}
    columns |= {"baseline": seen.baseline}
    if drawn:
        band = holding(interval_of([each.baseline for each in drawn]), seen.baseline)
        columns |= {"baseline_low": band.low, "baseline_high": band.high}
    columns |= {"class": [rule.classes[at] for at in seen.kind]}
    if drawn:
        columns |= {"class_chance": np.mean([each.kind == seen.kind for each in drawn], axis=0)}
    table = pl.concat(
        [found.areas.drop("area", "latitude", "longitude"), pl.DataFrame(columns).with_columns(kind=seen.kind)],
        how="horizontal",
    )
    return table.sort("kind", "baseline", descending=True, maintain_order=True).drop("kind")


def _sentence(found: Weeks, seen: Index, drawn: list[Index], table: pl.DataFrame) -> str:
    """How many areas are in each class, the riskiest by name."""
    rule, unit = thresholds(), "areas" if "admin1" in table.columns else "countries"
    told = []
    for kind in range(len(rule.classes) - 1, -1, -1):
        total, *bounds = (int((each.kind == kind).sum()) for each in (seen, *drawn))
        names = _names(table, rule.classes[kind]) if kind else ""
        told.append(f"{rule.classes[kind]} {_count(total, bounds)}{names}")
    return f"In the {rule.year} weeks from {found.starts[0]}, of {len(seen.kind):,} {unit}: {'; '.join(told)}."


def _count(total: int, drawn: Sequence[int]) -> str:
    """With its bounds where they differ from it."""
    band = holding(interval_of(list(drawn)), total) if drawn else None
    ends = (round(float(band.low)), round(float(band.high))) if band else (total, total)
    return number(total, *(ends if ends != (total, total) else ()))


def _names(table: pl.DataFrame, kind: str) -> str:
    named = [name for name, found in zip(names_of(table), table["class"], strict=True) if found == kind]
    more = [f"{len(named) - NAMED:,} more"] if len(named) > NAMED else []
    return f" ({'; '.join([*named[:NAMED], *more])})" if named else ""


def _notes(events: Events, unit: Unit) -> list[str]:
    notes = ["An area without a violent event in these weeks is not in the table; its risk is low by definition."]
    if unit == "admin1" and (unknown := int(events.table["admin1"].null_count())):
        notes.append(f"{unknown:,} events without a first-order unit are left out.")
    return notes


def _draw(figure: Figure, table: pl.DataFrame) -> None:
    """Spike weeks against events a week, with the borders of the four classes."""
    rule, axes = thresholds(), figure.add_subplot()
    across, up = (table[name].to_numpy().astype(float) for name in ("baseline", "spike_weeks"))
    across = np.maximum(across, 1 / rule.year)
    if "baseline_low" in table.columns:
        low, high = (table[f"spike_weeks_{end}"].to_numpy() for end in ("low", "high"))
        axes.vlines(across, low, high, color="#c3c9d1", linewidth=1.2, zorder=1)
    for kind, colour in zip(rule.classes, CLASS_COLOURS, strict=True):
        there = (table["class"] == kind).to_numpy()
        axes.scatter(across[there], up[there], s=34, color=colour, label=f"{kind} ({there.sum()})", zorder=2)
    axes.axhline(rule.volatile - 0.5, color="#667080", linewidth=0.9, linestyle="--")
    axes.axvline(rule.high_baseline, color="#667080", linewidth=0.9, linestyle="--")
    for name, x, y in _labels(table, across, up):
        axes.annotate(name, (x, y), xytext=(5, 4), textcoords="offset points", fontsize=8)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_ylim(-0.4, max(rule.volatile + 1.5, up.max() + 1))
    axes.set_xlim(right=2.5 * max(across.max(), rule.high_baseline))
    axes.set_xlabel("violent events a week (baseline)")
    axes.set_ylabel(f"spike weeks of {rule.year}")
    axes.legend(loc="upper left", fontsize=8)


def _labels(
    table: pl.DataFrame, across: NDArray[np.float64], up: NDArray[np.float64]
) -> list[tuple[str, float, float]]:
    """Names of the riskiest and of those with most events, as far as they do not lie over one another."""
    names = names_of(table)
    order = [*np.flatnonzero(up >= thresholds().volatile)[:NAMED], *np.argsort(-across)[: 2 * NAMED]]
    found: list[tuple[str, float, float]] = []
    for at in order:
        x, y = float(across[at]), float(up[at])
        if all(abs(np.log(x / other)) > 0.9 or abs(y - height) > 0.4 for _, other, height in found):
            found.append((names[at], x, y))
    return found
