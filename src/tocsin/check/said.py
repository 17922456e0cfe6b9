"""Statements that events alone do not answer: who said that they did it, and what happened to a country.

In:  a Case with a Store, for a claim; a Case, for a status.
Out: Found. The words of claiming are in data/claiming.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import func, or_, select

from tocsin.check.compare import fits, stated, valued
from tocsin.check.counting import happening
from tocsin.check.found import Found, ids
from tocsin.check.limits import limits
from tocsin.check.scope import CannotTell, Case, Tried, after_named, country_of, day_of, is_one_of
from tocsin.check.statement import Asked
from tocsin.countries import by_name
from tocsin.errors import DataError
from tocsin.fold import fold
from tocsin.registry import Registry
from tocsin.registry.find import find_actors
from tocsin.store import Store, schema
from tocsin.store.errors import told
from tocsin.store.lookup import about, events_named
from tocsin.toml import read_toml

if TYPE_CHECKING:
    from tocsin.check.reading.happenings import Happening

WORDS = ("after", "before", "not")
LANGUAGES = ("en", "fr")
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
MOST = 500  # reports that name a place
YES = Tried(1.0, holds=True)


@dataclass(frozen=True, slots=True)
class Claiming:
    """The words of one language. `before` ends where the name begins; `after` begins where it ends."""

    after: re.Pattern[str]
    before: re.Pattern[str]
    none: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Said:
    """Who claims something in a sentence, by ACLED's name."""

    who: str
    sentence: str
    told_by: str


@cache
def _days() -> int:
    path = resources.files(__package__).joinpath("data/claiming.toml")
    days = read_toml(path).get("days")
    if not isinstance(days, int):
        raise DataError(f"{path}:1: found days = {days!r}, expected a whole number")
    return days


@cache
def claiming(lang: str) -> Claiming:
    """The words of a language; DataError if one is not there or cannot be read."""
    path = resources.files(__package__).joinpath("data/claiming.toml")
    table = read_toml(path).get(lang, {})
    if missing := [name for name in (*WORDS, "gap") if name not in table]:
        raise DataError(f"{path}:1: found no {missing[0]} in [{lang}], expected it")
    try:
        return Claiming(
            re.compile(rf"[^.;!?]{{0,{int(table['gap'])}}}?\b(?:{table['after']})"),
            re.compile(rf"\b(?:{table['before']})\s*(?:the |a |an |le |la |les |l'|du |des |de la )?[\"«“( ]*$"),
            re.compile(rf"\b(?:{table['not']})"),
        )
    except re.error as error:
        raise DataError(f"{path}:1: found a wrong expression in [{lang}] ({error}), expected one") from error


def attribution(case: Case) -> Found:
    """Whether the reports of the happening have its actor say that they did it. Silence is no denial."""
    if not case.asked.actors:
        raise CannotTell("the text does not say who claimed it")
    if not case.asked.event:
        raise CannotTell("the text does not say which event was claimed")
    rows = happening(case, actors=False)
    if case.store is None:
        raise CannotTell(f"{case.events.name} keeps no reports in which a claim could be looked up")
    places = rows["location"].cast(pl.String).drop_nulls().unique().to_list()
    day = day_of(case.asked.event)
    said = list(claims_in(case.store, rows["id"].to_list(), places, country_of(case.asked), day))
    own = [each for each in said if is_one_of(each.who, case.asked.actors)]
    name = case.asked.actors[0]
    if not own:
        others = sorted({each.who for each in said})
        more = f"; claimed by {', '.join(others)}" if others else ""
        of = "the event" if len(rows) == 1 else f"the {len(rows)} events"
        raise CannotTell(f"no report of {of} of {case.asked.event} says that {name} claimed it{more}")
    quotes = tuple(f"{each.told_by}: “{each.sentence}”" for each in own[:3])
    reports = len({each.told_by for each in own})
    said_so = "1 report says" if reports == 1 else f"{reports} reports say"
    return Found(f"{said_so} that {name} claimed it", YES, ids(rows), notes=quotes)


def claims_in(
    store: Store, events: list[str], places: Sequence[str], country: str | None, day: date | None
) -> Iterator[Said]:
    """Who claims something in the reports of these events and in their notes; and, in a sentence that names one of the
    places, in reports of the next days that tell of no event themselves."""
    keys = [key for event in events for key in store.members(event)]
    own = {claim["report_id"] for claim in store.claims(keys)} - {None}
    near = set(_naming(store, places, day)) if day else set()
    for row in about(store, own | near, text=True):
        named = row["source"] or row["title"] or row["id"][:12]
        for each in claims_of(row["text"], row["lang"] or "en", country, day, named):
            if row["id"] in own or any(fold(place) in fold(each.sentence) for place in places):
                yield each
    for row in events_named(store, events, ("notes",)):
        yield from claims_of(row["notes"] or "", "en", country, day, f"notes of {row['event_id_cnty']}")


def _naming(store: Store, places: Sequence[str], day: date) -> list[str]:
    """Ids of the reports of these days that name one of the places."""
    report, end = schema.report.c, day + timedelta(days=_days() + 1)
    named = or_(*(func.lower(report.text).contains(place.lower(), autoescape=True) for place in places))
    query = select(report.id).where(report.published >= day.isoformat(), report.published < end.isoformat(), named)
    with told(store.name), store.engine.connect() as connection:
        return list(connection.scalars(query.limit(MOST)))


def claims_of(text: str, lang: str, country: str | None, day: date | None, told_by: str) -> Iterator[Said]:
    """Who claims something in a text, sentence by sentence."""
    lang = lang if lang in LANGUAGES else "en"
    home = by_name(country or "", "en")
    words, registry = claiming(lang), Registry.load()
    for sentence in filter(None, map(str.strip, SENTENCE.split(text))):
        folded = fold(sentence)
        if words.none.search(folded):
            continue
        for mention in find_actors(sentence, lang, registry):
            behind, front = folded[mention.span.end :], folded[: mention.span.start]
            if words.after.match(behind) or words.before.search(front):
                actor = registry.resolve(mention, home.iso3 if home else "", day)
                yield Said(actor.name, sentence, told_by)


def status(asked: Asked, written: date | None, quote: str = "") -> Found:
    """How often a happening of a kind befell a country, or whether it is the first: by data/happenings.csv."""
    from tocsin.check.reading.happenings import counted, happenings

    home = by_name(country_of(asked) or "", "en")
    if not asked.happening or home is None:
        raise CannotTell("the reading does not say what happened to which country; give `happening` and `where`")
    known = [each for each in happenings() if each.country == home.iso3 and each.kind == asked.happening]
    if not known:
        raise CannotTell(f"the list of happenings has no {asked.happening} of {home.name}")
    since, until = day_of(asked.since), day_of(asked.until) or written
    begun = happenings()[0].day
    if asked.comparison == "none before":
        return _first(asked, known, after_named(since, until or date.max, quote), until, begun)
    rows = counted(asked.happening, home.iso3, since, until)
    tried = Tried(len(rows), holds=fits(asked, len(rows), limits()))
    said = f"{len(rows)} {_plural(asked.happening, len(rows))} since {since or begun}; the text says {stated(asked)}"
    fewer = len(rows) < valued(asked) and not tried.holds
    return Found(said, tried, notes=_told(rows), doubt="the list of happenings may lack some" if fewer else "")


def _first(asked: Asked, known: Sequence[Happening], since: date | None, until: date | None, begun: date) -> Found:
    """Whether the one that is spoken of, the last until the day of the text, has none before it since then."""
    day = day_of(asked.event) or max((each.day for each in known if each.day <= (until or date.max)), default=None)
    if day is None:
        raise CannotTell(f"the list of happenings has no {asked.happening} until {until}")
    earlier = [each for each in known if (since or date.min) <= each.day < day]
    own = [each for each in known if each.day == day]
    other = f"one on {earlier[-1].day}" if earlier else f"none before it since {since or begun}"
    short = since is None or since < begun
    doubt = f"the list of happenings begins on {begun}" if short and not earlier else ""
    return Found(f"the {asked.happening} of {day}: {other}", Tried(len(earlier), holds=not earlier),
                 notes=_told([*earlier, *own]), doubt=doubt)  # fmt: skip


def _told(rows: Sequence[Happening]) -> tuple[str, ...]:
    return ("by the list of happenings, data/happenings.csv", *(f"{each.day}: {each.what}" for each in rows))


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
