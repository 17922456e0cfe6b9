"""A briefing put together.

In:  a Store, a country, a month, a language.
Out: `Brief`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tocsin.analyse.doubles import with_doubt
from tocsin.analyse.draws import DRAWS, Draws
from tocsin.analyse.events import Events, read_events
from tocsin.check.brief.figures import Picture, pictures
from tocsin.check.brief.lines import Line, Lines, month_end
from tocsin.check.brief.listed import Told, told
from tocsin.check.brief.words import Words, words
from tocsin.check.scope import COLUMNS
from tocsin.check.statement import Spot
from tocsin.countries import Country
from tocsin.errors import UsageError
from tocsin.locate.gazetteer import Gazetteer
from tocsin.store import Filter, Store

LISTED = 300  # events, with their quotes


@dataclass(frozen=True, slots=True)
class Brief:
    """`sections`: headings with sentences; `events`: of the month, then earlier ones that sentences name; `left`:
    sentences that were not written, with the reason; `more`: events that are not listed."""

    words: Words
    title: str
    source: str
    sections: tuple[tuple[str, tuple[Line, ...]], ...]
    figures: tuple[Picture, ...]
    events: tuple[Told, ...]
    earlier: tuple[Told, ...]
    left: tuple[str, ...]
    more: int = 0


def brief(store: Store, country: Country, month: date, lang: str = "en", draws: Draws = DRAWS) -> Brief:
    """The briefing of the month that begins on `month`. UsageError: there is no event of the country up to its end."""
    said, last = words(lang), month_end(month)
    events = read_events(store, Filter(country=country.name, until=last.isoformat()), (*COLUMNS, "civilian_targeting"))
    events = events.dated()
    events, _ = with_doubt(events.demanded(1, f"events of {country.name} up to {last}"), store)
    seat = _capital(country)
    lines = Lines(events, month, last, Spot(country.name, "country", country.name), seat, said, draws)
    sections = tuple((said[name], tuple(getattr(lines, name)())) for name in ("happened", "who", "where"))
    now = lines.month["id"].to_list()
    named = dict.fromkeys(each for _, some in sections for line in some for each in line.events)
    before = [each for each in named if each not in set(now)]
    return Brief(
        said, said.say("title", country=country.name, month=said.month(month)), _about(events, store),
        sections, tuple(pictures(events, month, last, seat, said)), tuple(told(store, now[:LISTED])),
        tuple(told(store, before[:LISTED])), tuple(lines.left),
        max(0, len(now) - LISTED) + max(0, len(before) - LISTED),
    )  # fmt: skip


def month_of(text: str) -> date:
    """The first day of a month written as 2022-07; UsageError if it is not written so."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise UsageError(f"--month: found {text!r}, expected a month such as 2022-07.") from None


def _capital(country: Country) -> Spot | None:
    seat = Gazetteer.open().capital(country.iso3)
    return Spot(seat.name, "place", country.name, seat.latitude, seat.longitude, seat.geonameid) if seat else None


def _about(events: Events, store: Store) -> str:
    return f"{events.about}; change {store.counts().get('change', '')}".rstrip("; change")
