"""Do events repeat nearby and soon after?

In:  Events whose place and day are known.
Out: a row for each band of distance and time: pairs of events, pairs that chance would make, how many times as many
     there are, and p of the shuffles (Knox test, near-repeat table).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tocsin.analyse.answer import FEW, Answer, number
from tocsin.analyse.draws import DRAWS, Draws, Interval, holding, interval_of
from tocsin.analyse.events import Events
from tocsin.analyse.methods import knox
from tocsin.analyse.methods.sphere import in_space, straight
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS: tuple[str, ...] = ()
MOST_EVENTS = 20_000
MOST_PAIRS = 1_500_000
DRAWN_PAIRS = 10_000_000  # over all draws
MOST_SHUFFLES = 9_999
SURE = 0.05
DARK = 1.2  # powers of two; beyond, the text of a cell is white
FARTHEST, LONGEST = 500, 366  # km, days: an end beyond is not "near"


@dataclass(frozen=True, slots=True)
class Found:
    """`ratio`: pairs against chance, NaN where few; `band`: its interval; all of them distances x times."""

    kilometres: list[int]
    days: list[int]
    pairs: NDArray[np.int64]
    chance: NDArray[np.float64]
    ratio: NDArray[np.float64]
    p: NDArray[np.float64]
    band: Interval | None


def repeat(
    events: Events,
    draws: Draws = DRAWS,
    *,
    distances: Annotated[str, "Upper ends of the bands of distance, in km."] = "10,25,50",
    days: Annotated[str, "Upper ends of the bands of time, in days."] = "2,7,14,30",
    permutations: Annotated[int, "How often the days are shuffled."] = 99,
    precision: Annotated[int, "Take places of up to this precision: 1 exact, 2 also near a place."] = 1,
) -> Answer:
    """Whether events are followed by others nearby, more often than chance would have it (near repeats)."""
    kilometres, ends = _ends(distances, "distances", 1, FARTHEST), _ends(days, "days", 0, LONGEST)
    if not 1 <= permutations <= MOST_SHUFFLES:
        raise UsageError(f"--permutations {permutations}: expected 1 to {MOST_SHUFFLES:,}; 99 give p to the hundredth.")
    held = _known(events, precision).demanded(FEW, "events with a known day and place")
    sample = _sampled(held, kilometres[-1], draws.seed)
    found, fewer = _found(sample, draws, kilometres, ends, permutations)
    return Answer(
        "repeat",
        _sentence(found, permutations),
        _table(found),
        events.about,
        tuple(_notes(events, held, sample, found, (draws, fewer))),
        draw=lambda figure: _draw(figure, found),
    )


def _ends(given: str, name: str, least: int, most: int) -> list[int]:
    try:
        ends = [int(each) for each in given.split(",")]
    except ValueError:
        ends = []
    if not ends or ends != sorted(set(ends)) or ends[0] < least or ends[-1] > most:
        raise UsageError(f"--{name} {given}: expected rising whole numbers up to {most}, as in 5,10,25.")
    return ends


def _known(events: Events, precision: int) -> Events:
    """Those with a known day and a point of that precision."""
    known = (pl.col("time_precision").fill_null(1) == 1) & (pl.col("geo_precision").fill_null(3) <= precision)
    return events.placed().dated().where(known)


def _sampled(events: Events, farthest: int, seed: int) -> Events:
    """So many of them, by chance, that pairs can be counted; the order stays."""
    sample = _some(events, MOST_EVENTS / max(1, len(events)), seed)
    pairs = knox.pairs_within(_points(sample), float(straight(farthest)))
    return _some(sample, np.sqrt(MOST_PAIRS / max(1, pairs)), seed)


def _some(events: Events, part: float, seed: int) -> Events:
    if part >= 1:
        return events
    chosen = np.random.default_rng(seed).choice(len(events), int(part * len(events)), replace=False)
    return events.of(events.table[np.sort(chosen)])


def _points(events: Events) -> NDArray[np.float64]:
    return in_space(events.table["latitude"], events.table["longitude"])


def _found(
    events: Events, draws: Draws, kilometres: list[int], days: list[int], permutations: int
) -> tuple[Found, Draws]:
    """What was found, and the draws that were made."""
    ends = np.array(days)
    pairs = knox.near(_points(events), straight(kilometres))
    count, chance = knox.observed(pairs, events.days, ends), knox.expected(pairs, events.days, ends)
    p = knox.chance(count, knox.shuffled(pairs, events.days, ends, permutations, draws.seed))
    fewer = draws.within(DRAWN_PAIRS, len(pairs.first))
    ratio = _ratio(count, chance)
    drawn = [_ratio_of(each, kilometres, ends) for each in fewer.of(events)]
    band = holding(interval_of([*drawn]), ratio) if drawn else None
    return Found(kilometres, days, count, chance, ratio, p, band), fewer


def _ratio_of(events: Events, kilometres: list[int], ends: NDArray[np.int64]) -> NDArray[np.float64]:
    if len(events) < FEW:
        return np.full((len(kilometres), len(ends)), np.nan)
    pairs = knox.near(_points(events), straight(kilometres))
    return _ratio(knox.observed(pairs, events.days, ends), knox.expected(pairs, events.days, ends))


def _ratio(pairs: NDArray[np.int64], chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pairs against chance; NaN where both are few."""
    some = (np.maximum(pairs, chance) >= FEW) & (chance > 0)
    return np.where(some, pairs / np.where(some, chance, 1), np.nan)


def _table(found: Found) -> pl.DataFrame:
    """One row a band of distance and band of time."""
    far, long = len(found.kilometres), len(found.days)
    columns = {"pairs": found.pairs, "expected": found.chance, "ratio": found.ratio, "p": found.p}
    if found.band:
        columns |= {"ratio_low": found.band.low, "ratio_high": found.band.high}
    unknown = np.isnan(found.ratio).ravel()
    made = pl.DataFrame({
        "km_from": np.repeat([0, *found.kilometres[:-1]], long), "km_to": np.repeat(found.kilometres, long),
        "days_from": np.tile([0, *(each + 1 for each in found.days[:-1])], far), "days_to": np.tile(found.days, far),
        **{name: values.ravel() for name, values in columns.items()},
    })  # fmt: skip
    given = pl.lit(pl.Series(~unknown))
    bounds = [pl.when(given).then(pl.col(name)).alias(name) for name in made.columns if name.startswith("ratio")]
    return made.with_columns(bounds).with_columns(pl.col(pl.Float64).fill_nan(None))


def _sentence(found: Found, permutations: int) -> str:
    """What happens nearest and soonest, and how far that goes."""
    km, days, p = found.kilometres[0], found.days[0], found.p[0, 0]
    where = f"within {km} km and {days} day{'s' * (days != 1)}"
    if np.isnan(found.ratio[0, 0]):
        return f"Too few pairs of events {where} to tell whether events repeat ({found.pairs[0, 0]} found)."
    bounds = (found.band.low[0, 0], found.band.high[0, 0]) if found.band else (None, None)
    times = number(found.ratio[0, 0], *bounds, places=2)
    said = f"{where.capitalize()} there are {times} times as many pairs of events as by chance (p = {p:.2g}, " \
           f"{permutations} shuffles)"  # fmt: skip
    if p > SURE:
        return f"{said}; no sign that events repeat."
    return f"{said}; the excess reaches {_reach(found.kilometres, found.p[:, 0])} km and " \
           f"{_reach(found.days, found.p[0])} days."  # fmt: skip


def _reach(ends: list[int], p: NDArray[np.float64]) -> int:
    """The end of the last band of an unbroken row of sure ones."""
    return ends[int(np.argmin([*(p <= SURE), False])) - 1]


def _notes(events: Events, held: Events, sample: Events, found: Found, made: tuple[Draws, Draws]) -> list[str]:
    notes, cells = [], found.p.size
    if len(events) > len(held):
        notes.append(f"{len(events) - len(held):,} events without an exact day or place are left out.")
    if len(held) > len(sample):
        notes.append(f"Pairs are counted among {len(sample):,} of {len(held):,} events, chosen by chance.")
    if made[1].count < made[0].count:
        notes.append(f"The interval rests on {made[1].count} draws, not {made[0].count}: there are many pairs.")
    if found.band:
        notes.append("Many events are told at the same point of a town; draws move them apart within the town, which "
                     "blurs the nearest band. The interval holds both.")  # fmt: skip
    notes.append(f"Of {cells} cells about {max(1, round(SURE * cells))} have p of {SURE} or less by chance alone.")
    notes.append("The shuffle keeps places and days as they are: a war that moves from one region to another in the "
                 "course of years makes pairs, too. Choose a short period to see repeats alone.")  # fmt: skip
    return notes


def _draw(figure: Figure, found: Found) -> None:
    from matplotlib.colors import TwoSlopeNorm

    from tocsin.analyse.figure import INK

    axes = figure.add_subplot()
    shown = np.log2(np.clip(np.nan_to_num(found.ratio, nan=1.0), 1 / 4, 4))
    axes.imshow(shown, cmap="RdBu_r", norm=TwoSlopeNorm(0, -2, 2), aspect="auto")
    for (row, column), ratio in np.ndenumerate(found.ratio):
        sure = found.p[row, column] <= SURE
        ink = "white" if abs(shown[row, column]) > DARK else INK
        said = "too few" if np.isnan(ratio) else f"{ratio:.2f} ×"
        axes.text(column, row, said, ha="center", va="bottom", color=ink, fontsize=13 if sure else 11,
                  weight="bold" if sure else "normal")  # fmt: skip
        axes.text(column, row + 0.08, _small(found, row, column), ha="center", va="top", color=ink, fontsize=8)
    axes.set_xticks(range(len(found.days)), _bands(found.days, 1))
    axes.set_yticks(range(len(found.kilometres)), _bands(found.kilometres, 0))
    axes.set(xlabel="days between two events", ylabel="km between two events")
    axes.set_title("Pairs of events against chance; bold: p of 0.05 or less", fontsize=9, loc="left")
    axes.grid(visible=False)


def _small(found: Found, row: int, column: int) -> str:
    """The interval and the pairs of a cell."""
    pairs = f"{found.pairs[row, column]:,} pairs"
    if found.band is None or np.isnan([found.ratio[row, column], found.band.low[row, column]]).any():
        return pairs
    return f"{found.band.low[row, column]:.2f} to {found.band.high[row, column]:.2f}\n{pairs}"


def _bands(ends: list[int], step: int) -> list[str]:
    return [f"{low}–{high}" for low, high in zip([0, *(each + step for each in ends[:-1])], ends, strict=True)]
