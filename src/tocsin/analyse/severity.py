"""How severe is the conflict in each country?

In:  Events of many countries, and the last day of the year.
Out: a row for each country: deadliness, danger, diffusion, fragmentation, the index of all four, its rank and level.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW, Answer, number
from tocsin.analyse.draws import DRAWS, Draws, holding, interval_of
from tocsin.analyse.events import Events
from tocsin.analyse.methods.measures import COLUMNS as COLUMNS
from tocsin.analyse.methods.measures import NAMES, Year, measured, rules
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = 20  # countries in the figure
LARGE = 200_000  # events of a year from which fewer draws are made
FEWER = 20
Numbers = NDArray[np.float64]


def severity(
    events: Events,
    draws: Draws = DRAWS,
    *,
    last: Annotated[date | None, "Last day of the 12 months. Left out: the last day of the events."] = None,
) -> Answer:
    """How severe conflict is in each country: deadliness, danger, diffusion, fragmentation, and all four together."""
    found = measured(events, _last(events, last))
    fewer = bool(draws) and len(found.events) > LARGE and draws.count > FEWER
    draws = Draws(FEWER, draws.seed) if fewer else draws
    enough = found.counts >= FEW
    drawn = [(each, index(each, enough)) for each in found.drawn(draws)]
    table = _table(found, index(found.values, enough), drawn)
    return Answer(
        "severity",
        _sentence(found, table),
        table,
        events.about,
        tuple(_notes(found, table, fewer)),
        draw=lambda figure: _draw(figure, table),
    )


def _last(events: Events, asked: date | None) -> date:
    """The last day of the year; UsageError unless the events' period holds all of it."""
    days, newest = rules().days, min(events.last, date.today())
    found = asked or newest
    if found > newest or (found - events.first).days < days - 1:
        raise UsageError(
            f"found events from {events.first} to {events.last} in {events.name}, expected all {days} days to {found}; "
            "choose another --last, or give the period with --since if the data begin before their first event."
        )
    return found


def scaled(values: Numbers) -> Numbers:
    """Each measure against the highest of the reference: 0 is nothing, 1 the worst of the reference."""
    found: Numbers = np.log1p(values) / np.log1p(np.array(rules().highest))
    return found


def index(values: Numbers, enough: NDArray[np.bool_]) -> Numbers:
    """The mean of the four scaled measures; NaN where there are too few events, or no cells are known."""
    return np.where(enough, scaled(values).mean(axis=1), np.nan)


def ranks(index: Numbers) -> Numbers:
    """1 is the most severe; equals share the better rank; NaN stays."""
    known = index[~np.isnan(index)]
    return np.where(np.isnan(index), np.nan, 1 + (known > index[:, None]).sum(axis=1))


def levels(rank: Numbers) -> list[str | None]:
    """By rank; None where too few countries are ranked to tell."""
    rule = rules()
    if (~np.isnan(rank)).sum() < rule.ranks[-1]:
        return [None] * len(rank)
    return [None if np.isnan(each) else rule.levels[int(np.searchsorted(rule.ranks, each))] for each in rank]


def _table(found: Year, composite: Numbers, drawn: list[tuple[Numbers, Numbers]]) -> pl.DataFrame:
    """One row a country, the most severe first."""
    columns: dict[str, Any] = {"country": found.countries, "events": found.counts}
    rank = ranks(composite)
    figures = {name: (found.values[:, at], [values[:, at] for values, _ in drawn]) for at, name in enumerate(NAMES)}
    figures |= {
        "index": (composite, [each for _, each in drawn]),
        "rank": (rank, [ranks(each) for _, each in drawn]),
    }
    for name, (value, others) in figures.items():
        columns[name] = value
        if drawn:
            band = holding(interval_of(list(others)), value)
            columns |= {f"{name}_low": band.low, f"{name}_high": band.high}
    columns["level"] = pl.Series(levels(rank), dtype=pl.String)
    if drawn:
        same = [[a == b for a, b in zip(levels(ranks(each)), columns["level"], strict=True)] for _, each in drawn]
        chance = np.mean(same, axis=0)
        columns["level_chance"] = [None if level is None else share
                                   for level, share in zip(columns["level"], chance, strict=True)]  # fmt: skip
    whole = pl.DataFrame(columns, schema_overrides={"level_chance": pl.Float64} if drawn else None)
    counted = pl.col("^(deadliness|danger|fragmentation|rank).*$")
    made = whole.with_columns(pl.col(pl.Float64).fill_nan(None)).with_columns(counted.round().cast(pl.Int64))
    return made.sort("rank", "country", nulls_last=True)


def _sentence(found: Year, table: pl.DataFrame) -> str:
    """The most severe country with its measures, and those after it."""
    ranked = table.drop_nulls("rank")
    when = f"in the {rules().days} days to {found.last}"
    if not ranked.height:
        return f"No country had the {FEW} events of political violence {when} that the index needs."
    top, after = ranked.row(0, named=True), ranked["country"].to_list()[1:4]
    said = ", ".join([
        _said(top, "deadliness", "dead"), _said(top, "danger", "events against civilians"),
        _said(top, "diffusion", "% of inhabited cells", 2), _said(top, "fragmentation", "groups"),
    ])  # fmt: skip
    if not after:
        return f"The conflict index of {top['country']} was {_said(top, 'index', '', 2)} {when}: {said}."
    head = f"Of {ranked.height} countries, conflict was most severe in {top['country']} {when}"
    return f"{head} (index {_said(top, 'index', '', 2)}: {said}), then in {', '.join(after)}."


def _said(row: dict[str, Any], name: str, unit: str, places: int = 0) -> str:
    ends = [row.get(f"{name}_{end}") for end in ("low", "high")]
    bounds = [] if None in ends or ends[0] == ends[1] else ends
    return number(row[name], *bounds, unit=unit, places=places)


def _notes(found: Year, table: pl.DataFrame, fewer: bool) -> list[str]:
    rule = rules()
    notes = [
        "Inhabited cells are those within 25 km of a town of the gazetteer, a stand-in for a population grid.",
        f"An index of 1 is the highest of {rule.reference}; the scale is Tocsin's, ACLED has not published its own.",
    ]
    if found.vague:
        notes.append(f"{found.vague:,} events placed worse than {rule.close_km:.0f} km are left out of diffusion.")
    if few := int((found.counts < FEW).sum()):
        notes.append(f"{few} countries with fewer than {FEW} events of political violence have no index.")
    if missing := [name for name, cells in zip(found.countries, found.cells, strict=True) if np.isnan(cells)]:
        notes.append(f"No inhabited cells are known of {', '.join(missing[:5])}: no diffusion and no index.")
    if found.no_kind:
        notes.append(f"{found.no_kind} named groups whose kind the data do not say are counted as armed groups.")
    if table["level"].null_count() == table.height:
        notes.append(f"Levels go by rank in the world and need {rule.ranks[-1]} ranked countries.")
    return [*notes, *([f"So many events: drawn {FEWER} times."] if fewer else [])]


def _draw(figure: Figure, table: pl.DataFrame) -> None:
    """A bar for each country: what each measure adds to the index, and the interval of the index."""
    from tocsin.analyse.figure import COLOURS, INK

    shown = table.drop_nulls("index").head(SHOWN)[::-1]
    axes, at = figure.add_subplot(), np.arange(shown.height)
    left = np.zeros(shown.height)
    parts = scaled(shown.select(NAMES).to_numpy().astype(float)) / len(NAMES)
    for name, width, colour in zip(NAMES, parts.T, COLOURS, strict=False):
        axes.barh(at, width, left=left, color=colour, alpha=0.85, label=name)
        left = left + width
    if "index_low" in shown.columns:
        axes.hlines(at, shown["index_low"].to_numpy(), shown["index_high"].to_numpy(), color=INK, linewidth=2)
    names = [f"{row['rank']}  {row['country']}" for row in shown.iter_rows(named=True)]
    axes.set_yticks(at, names, fontsize=8.5)
    axes.set_ylim(-0.6, shown.height - 0.4)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("index: the mean of the four scaled measures (1: worst of the reference)")
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.12), ncols=4, fontsize=8.5)
