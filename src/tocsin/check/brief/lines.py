"""The sentences of a briefing. Each is a statement that is checked like those of other people's texts, and written only
if the events support it.

In:  the events of a country up to the end of a month, and the words of a language.
Out: `Line`s with the events behind them; what was not written, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from tocsin.analyse.answer import FEW
from tocsin.analyse.draws import Draws, Interval
from tocsin.analyse.events import Events
from tocsin.check.answer import check
from tocsin.check.brief.words import Words
from tocsin.check.limits import limits
from tocsin.check.scope import within
from tocsin.check.statement import Asked, Checked, Spot, Statement
from tocsin.locate.distance import kilometres_from
from tocsin.read.dates_calendar import clamp, months_later

SURE = 0.9  # a share is told as "at least" this part of itself, so that a doubtful event more or less does not matter
BACK = ("event_date", "location")
ARMED = ("State forces", "Rebel group", "Political militia", "Identity militia", "External/Other forces")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that was checked; `events`: ids of those it rests on."""

    text: str
    events: tuple[str, ...]


@dataclass
class Lines:
    """Writes sentences. `country` and `capital` as places; `left`: what was not written, and why."""

    events: Events
    first: date
    last: date
    country: Spot
    capital: Spot | None
    words: Words
    draws: Draws
    left: list[str] = field(default_factory=list)

    @property
    def month(self) -> pl.DataFrame:
        return within(self.events.table, self.first, self.last)

    def happened(self) -> Iterator[Line]:
        """How many events and dead, against a month and a year before."""
        yield from self._totals("counted", "events")
        yield from self._totals("died", "deaths")
        for back in (_month_before(self.first), self.first.replace(year=self.first.year - 1)):
            yield from self._change(back)
        yield from self._deadliest()

    def who(self) -> Iterator[Line]:
        """The most active actor, and civilians."""
        yield from self._actor()
        rows = self.month.filter(pl.col("civilian_targeting").is_not_null())
        if len(rows):
            asked = self._asked("count", against=("Civilians",), comparison="at least", value=len(rows), unit="events")
            yield from self._said("civilians", asked, low=len(rows))

    def where(self) -> Iterator[Line]:
        """The worst-hit unit, and what came nearest to the capital."""
        yield from self._worst()
        if self.capital:
            yield from self._nearest(self.capital)

    # -- sentences -------------------------------------------------------------------------------------------------

    def _totals(self, name: str, unit: str) -> Iterator[Line]:
        """With both ends of the interval checked; where events may be missing, "at least"."""
        value, band = self._total(self.events, unit), self.draws.interval(self.events, lambda e: self._total(e, unit))
        low, high = _ends(value, band)
        if not value:
            return
        least = self._asked("count" if unit == "events" else "deaths", comparison="at least", value=low, unit=unit)
        most = self._checked(self._asked(least.kind, comparison="at most", value=high, unit=unit))
        shown = self.words.ranged(value, low, high)
        if most.verdict == "supported":
            yield from self._said(name, least, country=self.country.name, month=self._name(self.first), count=shown)
        else:
            asked = {"country": self.country.name, "month": self._name(self.first), "low": f"{low:,.0f}"}
            yield from self._said(f"{name}_least", least, **asked)

    def _change(self, back: date) -> Iterator[Line]:
        """More or fewer than in an earlier month; nothing if either has few events, or as many."""
        until = month_end(back)
        then, now = len(within(self.events.table, back, until)), len(self.month)
        if min(then, now) < FEW or then == now:
            return
        name = "more" if now > then else "fewer"
        asked = self._asked("change", comparison=name, measure="events", unit="events", than_since=back.isoformat(),
                            than_until=until.isoformat())  # fmt: skip
        yield from self._said(name, asked, before=self._name(back), then=f"{then:,}", now=f"{now:,}")

    def _deadliest(self) -> Iterator[Line]:
        rows = self.month.filter(pl.col("fatalities") > 0, *(pl.col(name).is_not_null() for name in BACK))
        if rows.is_empty():
            return
        worst = rows.sort("fatalities", "id", descending=[True, False]).row(0, named=True)
        earlier = self.events.table.filter(
            pl.col("event_date") < self.first, pl.col("fatalities") > worst["fatalities"]
        )
        since = self._since(earlier)
        asked = self._asked("deadliest", event=_iso(worst), place=_spot(worst), comparison="none before",
                            measure="deaths", since=since.isoformat(), until=self.last.isoformat())  # fmt: skip
        yield from self._said("deadliest", asked, location=worst["location"], day=_iso(worst),
                              dead=worst["fatalities"], since=since)  # fmt: skip

    def _actor(self) -> Iterator[Line]:
        """Whoever takes part in most events, on either side."""
        rows = self.month
        sides = [rows.filter(pl.col(kind).cast(pl.String).is_in(ARMED))[name].cast(pl.String).alias("actor")
                 for name, kind in (("actor1", "inter1"), ("actor2", "inter2"))]  # fmt: skip
        known = pl.concat(sides).drop_nulls().value_counts(sort=True)
        if len(rows) < FEW or known.is_empty():
            return
        name, count = known.sort("count", "actor", descending=[True, False]).row(0)
        low = int(SURE * 100 * count / len(rows))
        asked = self._asked("share", actors=(name,), than=("actors",), comparison="at least", value=low, unit="percent",
                            measure="events")  # fmt: skip
        yield from self._said("actor", asked, actor=name, share=low)

    def _worst(self) -> Iterator[Line]:
        rows = self.month.filter(pl.col("admin1").is_not_null())
        if len(rows) < FEW:
            return
        name, count = rows["admin1"].cast(pl.String).value_counts(sort=True).row(0)
        spot = Spot(name, "admin1", self.country.name)
        asked = self._asked("ranking", place=spot, than=("admin1",), comparison="more", value=1, measure="events")
        yield from self._said("worst", asked, admin1=name, count=f"{count:,}")

    def _nearest(self, capital: Spot) -> Iterator[Line]:
        """The nearest event whose place is known well, and since when none was nearer."""
        assert capital.latitude is not None
        assert capital.longitude is not None
        fine = self.events.table.filter(
            pl.col("radius_km") <= limits().coarse_km, *(pl.col(name).is_not_null() for name in BACK)
        )
        away = kilometres_from(fine["latitude"].to_numpy(), fine["longitude"].to_numpy(), capital.latitude,
                               capital.longitude)  # fmt: skip
        fine = fine.with_columns(km=pl.Series(away))
        rows = within(fine, self.first, self.last).sort("km", "id")
        if rows.is_empty():
            return
        near = rows.row(0, named=True)
        since = self._since(fine.filter(pl.col("event_date") < near["event_date"], pl.col("km") <= near["km"]))
        asked = self._asked("closest", place=capital, event=_iso(near), comparison="none before", unit="km",
                            since=since.isoformat(), until=near["event_date"].isoformat())  # fmt: skip
        yield from self._said("closest", asked, capital=capital.name, km=f"{near['km']:.0f}", day=_iso(near),
                              location=near["location"], since=since)  # fmt: skip

    # -- helpers ---------------------------------------------------------------------------------------------------

    def _said(self, name: str, asked: Asked, **values: object) -> Iterator[Line]:
        """The sentence, if the events support it."""
        if not self.words.has(name):
            return
        text, found = self.words.say(name, **values), self._checked(asked)
        if found.verdict == "supported":
            yield Line(text, found.events)
        else:
            self.left.append(f"{text} ({found.reason})")

    def _checked(self, asked: Asked) -> Checked:
        return check(Statement("", 0, 0, asked), self.events, self.draws)

    def _asked(self, kind: str, **given: object) -> Asked:
        span = {"since": self.first.isoformat(), "until": self.last.isoformat()}
        return Asked(kind, where=self.country, **{**span, **given})  # type: ignore[arg-type]

    def _total(self, events: Events, unit: str) -> float:
        rows = within(events.table, self.first, self.last)
        return float(len(rows) if unit == "events" else rows["fatalities"].fill_null(0).sum())

    def _since(self, stronger: pl.DataFrame) -> date:
        """The day after the last one that was stronger; the first of all days if there is none."""
        last = stronger["event_date"].max()
        return last + timedelta(days=1) if isinstance(last, date) else self.events.first

    def _name(self, day: date) -> str:
        return self.words.month(day)


def _ends(value: float, band: Interval | None) -> tuple[float, float]:
    """Ends of the interval, the best figure within: high estimates of deaths lie further off than low ones."""
    return (min(value, float(band.low)), max(value, float(band.high))) if band else (value, value)


def _spot(row: dict[str, object]) -> Spot:
    return Spot(str(row["location"]), "place", str(row["country"]), row["latitude"], row["longitude"])  # type: ignore[arg-type]


def _iso(row: dict[str, object]) -> str:
    return str(row["event_date"])


def _month_before(first: date) -> date:
    return months_later(first, -1)


def month_end(first: date) -> date:
    return clamp(first.year, first.month, 31)
