"""Which events a statement is about, and what they may have been.

In:  an Asked, the events of its country, how to draw.
Out: `Case`: conditions on the events, periods, and a question tried on each draw; `CannotTell` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import isnan

import polars as pl

from tocsin.analyse.draws import Draws, interval_of
from tocsin.analyse.events import WHEN, WHERE, WHO, Events
from tocsin.check.cover import Cover, cover_of
from tocsin.check.limits import Limits
from tocsin.check.statement import Asked, Spot
from tocsin.codebook import taxonomy
from tocsin.errors import TocsinError
from tocsin.fold import fold
from tocsin.locate.distance import kilometres_from
from tocsin.registry import Registry
from tocsin.store import Store

COLUMNS = (*WHEN, *WHERE, *WHO, "inter1", "inter2", "country", "admin1", "admin2", "location", "event_type",
           "sub_event_type", "fatalities", "source")  # fmt: skip
SIDES = (("actor1", "assoc_actor_1", "inter1"), ("actor2", "assoc_actor_2", "inter2"))
UNITS = ("admin1", "admin2")  # kinds of spots that are a column of an event
VIOLENCE = "Political violence"  # the codebook's disorder type; "Political violence; Demonstrations" has a part in it
MOST = 20_000_000  # events times draws; for more, fewer are drawn
ROUGH = 3  # geo_precision of an event that is known by its region only; it has the name of the region's seat
ROUGH_DAYS = 31  # no event's day may be further off
Keep = Callable[[pl.DataFrame], pl.DataFrame]
Ask = Callable[[pl.DataFrame], tuple[float, bool]]  # the figure (NaN: there is none), and whether the statement holds


class CannotTell(TocsinError):
    """These data cannot answer; the message is the reason, a clause without a full stop."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A figure, whether the statement holds, and both over the draws (None: not drawn)."""

    figure: float
    holds: bool
    low: float | None = None
    high: float | None = None
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One statement with what is needed to answer it.

    `events`: those of its country that have a day. `unnamed`: events of actors whom nobody has named count as theirs.
    `written`: the day of the text; what happened later was not spoken of.
    """

    asked: Asked
    events: Events
    draws: Draws
    limits: Limits
    written: date | None = None
    store: Store | None = None
    quote: str = ""
    unnamed: bool = False

    @property
    def place(self) -> str | None:
        """What the events are of: a country; None if the text names none."""
        return country_of(self.asked)

    @property
    def end(self) -> date:
        """The last day that the text can speak of: its own, or that of the last event."""
        until = day_of(self.asked.until) or self.written
        return until or self.events.last

    def cover(self, since: date | None, until: date | None, *, ever: bool = False) -> Cover:
        """How well the events cover these days; CannotTell if they have nothing at all in them."""
        found = cover_of(self.events, since, until, self.limits, self.place, ever=ever)
        if not found.events:
            raise CannotTell(found.reason)
        return found

    def chosen(self, *, actors: bool = True, types: bool = True, where: bool = True) -> Events:
        """The events that fit what the text says of them but their day, and the point for a town (see `there`)."""
        table, found = self.events.table, [pl.lit(value=True)]
        if types:
            found.append(of_types(self.asked))
        if actors:
            found.append(by_actors(table, self.asked, self.limits, unnamed=self.unnamed))
        if where and self.asked.where:
            found.append(in_unit(table, self.asked.where))
        return self.events.where(pl.all_horizontal(found))

    @property
    def there(self) -> Keep:
        """Keeps what lies in the town that the text names, by its point in the draw; all if it names none."""
        spot = self.asked.where
        return (lambda table: table) if spot is None or spot.kind in ("country", *UNITS) else self.town(spot)

    def inside(self, spot: Spot) -> Keep:
        """Keeps what lies in a place: a country, a unit or a town."""
        lies = in_unit(self.events.table, spot)
        return (lambda table: table.filter(lies)) if spot.kind in ("country", *UNITS) else self.town(spot)

    def town(self, spot: Spot) -> Keep:
        """Keeps what lies near the point of a town, or has its name."""
        latitude, longitude = point_of(spot)
        name = fold(spot.name)

        def keep(table: pl.DataFrame) -> pl.DataFrame:
            near = away(table, latitude, longitude) <= self.limits.town_km
            named = is_named(table, "location", (name,)) & (table["geo_precision"] != ROUGH).fill_null(value=True)
            return table.filter(near.fill_null(value=False) | named)

        return keep

    def tried(self, events: Events, ask: Ask) -> Tried:
        """The question put to the events, and to each of their draws."""
        figure, holds = ask(events.table)
        many = [ask(each.table) for each in self.draws.within(MOST, len(events)).of(events)]
        if not many:
            return Tried(figure, holds)
        band = interval_of([each for each, _ in many])
        low, high = float(band.low), float(band.high)
        chance = sum(true for _, true in many) / len(many)
        if isnan(low):
            return Tried(figure, holds, chance=chance)
        return Tried(figure, holds, min(low, figure), max(high, figure), chance)


def country_of(asked: Asked) -> str | None:
    """The country of the question, by ACLED's name."""
    for spot in (asked.where, asked.place):
        if spot and (found := spot.name if spot.kind == "country" else spot.country):
            return found
    return None


def day_of(text: str | None) -> date | None:
    """The day of an ISO text; CannotTell if it is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CannotTell(f"{text!r} in the reading is no day; write it as 2022-07-22") from None


def after_named(since: date | None, until: date, quote: str) -> date | None:
    """The begin of the time without one: "since 2017" speaks of one in 2017, so that year is left out."""
    if since and (since.month, since.day) == (1, 1) and since.year < until.year and str(since.year) in quote:
        return date(since.year + 1, 1, 1)
    return since


def before(day: date, days: int = 1) -> date:
    return day - timedelta(days=days)


# -- conditions ------------------------------------------------------------------------------------------------------


def of_types(asked: Asked) -> pl.Expr:
    """Of one of the types or sub-event types; of political violence, if the text names neither."""
    known, named = taxonomy(), {"event_type": asked.event_types, "sub_event_type": asked.sub_event_types}
    if not any(named.values()):
        violent = [each for each in known.sub_event_types if VIOLENCE in known.disorder_of(each)]
        types = {known.sub_event(each).event_type for each in violent if known.disorder_of(each) == VIOLENCE}
        named = {"sub_event_type": tuple(violent)}
        unknown = pl.col("sub_event_type").is_null() & pl.col("event_type").cast(pl.String).is_in(sorted(types))
    else:
        unknown = pl.lit(value=False)
    found = [pl.col(name).cast(pl.String).is_in(values).fill_null(value=False) for name, values in named.items()]
    return pl.any_horizontal(*found, unknown)


def sure(events: Events, rows: pl.DataFrame) -> Events:
    """The events, of which these are no doubles of others: the text speaks of them."""
    if "doubt" not in events.table.columns:
        return events
    spoken_of = pl.col("id").is_in(rows["id"].to_list())
    return events.of(events.table.with_columns(doubt=pl.when(spoken_of).then(0.0).otherwise(pl.col("doubt"))))


def by_actors(table: pl.DataFrame, asked: Asked, limits: Limits, *, unnamed: bool) -> pl.Expr:
    """The actors are the first side, or either side of a battle; who they act against is the other side."""
    either = pl.col("event_type").cast(pl.String).is_in(limits.either_side).fill_null(value=False)
    (first, second), turned = SIDES, [pl.lit(value=True)]
    straight = [pl.lit(value=True)]
    for names, here, there in ((asked.actors, first, second), (asked.against, second, first)):
        if names:
            loose = limits.unnamed if unnamed and names is asked.actors else ()
            straight.append(on_side(table, here, names, loose))
            turned.append(either & on_side(table, there, names, loose))
    return pl.all_horizontal(straight) | pl.all_horizontal(turned)


def on_side(table: pl.DataFrame, columns: Sequence[str], names: Sequence[str], loose: Sequence[str] = ()) -> pl.Expr:
    """One of the names stands in one of the columns; a name that begins with a `loose` word may be any."""
    found = []
    for column in columns:
        if column in table.columns:
            values = table[column].cast(pl.String).unique().drop_nulls().to_list()
            fits = [value for value in values if is_one_of(value, names) or value.startswith(tuple(loose) or ("\0",))]
            found.append(pl.col(column).cast(pl.String).is_in(fits).fill_null(value=False))
    return pl.any_horizontal(found or [pl.lit(value=False)])


def is_one_of(value: str, names: Iterable[str]) -> bool:
    """One of the parts of a value is a name, the name and more in brackets, or another name of that group."""
    parts = [part.strip() for part in value.split(";")]
    return any(
        part == name or part.startswith(f"{name} (") or fold(part) in other_names(name)
        for part in parts
        for name in names
    )


@cache
def other_names(name: str) -> frozenset[str]:
    """How the registry's group of this name is called besides, folded; other data sets call it so."""
    groups = [group for group in Registry.load().groups.values() if group.name == name]
    return frozenset(fold(alias) for group in groups for aliases in group.aliases.values() for alias in aliases)


def in_unit(table: pl.DataFrame, spot: Spot) -> pl.Expr:
    """Lies in the country, or in the administrative unit; CannotTell if no event is in a unit of that name."""
    home = spot.name if spot.kind == "country" else spot.country
    inside = pl.lit(value=True) if home is None else pl.col("country").cast(pl.String) == home
    if spot.kind in UNITS:
        values = table[spot.kind].cast(pl.String).unique().drop_nulls().to_list()
        same = [value for value in values if fold(value) == fold(spot.name)]
        if not same:
            raise CannotTell(f"no event lies in a unit ({spot.kind}) of the name {spot.name}, in whatever time")
        return inside & pl.col(spot.kind).cast(pl.String).is_in(same)
    if spot.kind in ("region", "area") or (spot.kind != "country" and spot.latitude is None):
        raise CannotTell(f"where {spot.name} begins and ends is not known; name a country, a unit or a town")
    return inside


def point_of(spot: Spot) -> tuple[float, float]:
    if spot.latitude is None or spot.longitude is None:
        raise CannotTell(f"the point of {spot.name} is not known; give latitude and longitude")
    return spot.latitude, spot.longitude


def is_named(table: pl.DataFrame, column: str, folded: Sequence[str]) -> pl.Series:
    """Whether the column has one of the names, whatever the accents and capitals."""
    values = table[column].cast(pl.String)
    fits = [value for value in values.unique().drop_nulls().to_list() if fold(value) in folded]
    return values.is_in(fits).fill_null(value=False)


def away(table: pl.DataFrame, latitude: float, longitude: float) -> pl.Series:
    """Kilometres from the point; NaN for an event without one."""
    lats, lons = (table[name].cast(pl.Float64).to_numpy() for name in ("latitude", "longitude"))
    return pl.Series(kilometres_from(lats, lons, latitude, longitude), dtype=pl.Float64)


def around(events: Events, since: date, until: date) -> Events:
    """Those that may lie in these days, however roughly their own day is known; fewer to draw."""
    return events.of(within(events.table, before(since, ROUGH_DAYS), before(until, -ROUGH_DAYS)))


def within(table: pl.DataFrame, since: date | None, until: date | None) -> pl.DataFrame:
    """Those of these days, both ends inclusive."""
    day = pl.col("event_date")
    return table.filter(day >= (since or date.min), day <= (until or date.max))
