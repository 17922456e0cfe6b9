"""Who does it to whom: actors of the registry, valid in the country on the day.

In:  a kind of side ("army", "rebels", "civilians" ...), a country, a day, a random generator.
Out: `Party`s with the name and inter label that the codebook gives them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

from tocsin.model import Actor, ActorMention, Span
from tocsin.registry import Registry
from tocsin.registry.tables import Group, People
from training.generate.tables import lands, types

ARMED = ("Rebel group", "Political militia")
WANTED = {"gang": ("Political militia",), "communal": ("Identity militia",)}
FIRST = "2"  # a side of the same kind as the other one ends in it: rebels2
YEARS = re.compile(r" \(\d{4}-(?:\d{4})?\)")
AWKWARD = re.compile(r"[,/;(]| - |^.{1,2}$|^A-|'s gang|^(?:self-styled|so-called)")


@dataclass(frozen=True, slots=True)
class Party:
    """One side of an event. `names`: of an organisation, by language; `people`: adjective forms, by language."""

    kind: str
    name: str
    inter: str
    aliases: tuple[str, ...]
    state: str  # ISO alpha-3 of the country whose adjective it bears
    names: dict[str, tuple[str, ...]]
    people: dict[str, str]


def party(kind: str, iso3: str, day: date, admin1: str, rng: Random) -> Party | None:
    """A side of this kind; where the country has none, the kind that stands in for it; None for "none"."""
    plain = kind.removesuffix(FIRST)
    plain = types().instead.get(iso3, {}).get(plain, plain)
    if plain == "none":
        return None
    if plain in ("rebels", "gang"):
        groups = () if iso3 in types().unnamed else _groups(iso3, day.year, plain)
        return _organisation(kind, rng.choice(groups), iso3, day) if groups else _instead(kind, iso3, day, admin1, rng)
    if plain == "foreign":
        states = [each.state for each in types().abroad if each.at == iso3 and each.since <= day <= each.until]
        return _state("foreign", rng.choice(states), iso3, day) if states else _instead(plain, iso3, day, admin1, rng)
    if plain == "communal":
        militias: list[Group | People] = [*_groups(iso3, day.year, plain), *_peoples(iso3)]
        return _militia(kind, rng.choice(militias), iso3, day) if militias else _instead(kind, iso3, day, admin1, rng)
    return _generic(kind, iso3, day, admin1)


def unknown(iso3: str, day: date, admin1: str) -> Party:
    """Whom a coder names when the report does not say who did it."""
    return _generic("unknown", iso3, day, admin1)


def _instead(kind: str, iso3: str, day: date, admin1: str, rng: Random) -> Party | None:
    return party(types().fallback[kind], iso3, day, admin1, rng)


@cache
def _registry() -> Registry:
    return Registry.load()


@cache
def _groups(iso3: str, year: int, kind: str) -> tuple[Group, ...]:
    """Organisations active in the country that year: of a political aim, or (gang) any militia."""
    wanted = WANTED.get(kind) or (ARMED if lands()[iso3].war else ARMED[:1])
    start, end = str(year), str(year)
    return tuple(
        group
        for group in _registry().groups.values()
        if iso3 in group.countries
        and group.inter in wanted
        and (not group.valid_from or group.valid_from[:4] < start)
        and (not group.valid_to or group.valid_to[:4] > end)
        and all(_usable(group.aliases.get(lang, ())) for lang in ("en", "fr"))
    )


def _usable(aliases: tuple[str, ...]) -> tuple[str, ...]:
    """The names that read well in a sentence: up to five words; those that say people only if there is no other."""
    fine = tuple(alias for alias in aliases[:5] if not AWKWARD.search(alias) and len(alias.split()) <= 5)
    return tuple(alias for alias in fine if not alias[0].islower()) or fine


@cache
def _peoples(iso3: str) -> tuple[People, ...]:
    known = (each for each in _registry().peoples.values() if iso3 in each.countries)
    return tuple(each for each in known if each.forms.get("en") and each.forms.get("fr"))


def _actor(mention: ActorMention, iso3: str, day: date, admin1: str | None = None) -> Actor:
    return _registry().resolve(mention, iso3, day, admin1)


def _organisation(kind: str, group: Group, iso3: str, day: date) -> Party:
    actor = _actor(ActorMention(Span(0, 0), "group", group.id), iso3, day)
    names = {lang: _usable(group.aliases[lang]) for lang in ("en", "fr")}
    aliases = tuple(dict.fromkeys([*group.aliases["en"][:5], *group.aliases["fr"][:3]]))
    return Party(kind, actor.name, actor.inter, aliases, iso3, names, {})


def _militia(kind: str, found: Group | People, iso3: str, day: date) -> Party:
    return _organisation(kind, found, iso3, day) if isinstance(found, Group) else _people(kind, found, iso3, day)


def _people(kind: str, people: People, iso3: str, day: date) -> Party:
    actor = _actor(ActorMention(Span(0, 0), "armed", f"people:{people.name}"), iso3, day)
    plural = [
        form for form in people.forms["fr"] if form[:1].islower() and form.endswith("s") and not form.endswith("es")
    ]
    french = next(iter(plural), people.forms["fr"][0].lower())
    return Party(kind, actor.name, actor.inter, (people.name,), iso3, {}, {"en": people.forms["en"][0], "fr": french})


def _state(kind: str, state: str, iso3: str, day: date) -> Party:
    actor = _actor(ActorMention(Span(0, 0), "state", "military", country=state), iso3, day)
    return Party(kind, actor.name, actor.inter, (YEARS.sub("", actor.name),), state, {}, {})


@cache
def _generic(kind: str, iso3: str, day: date, admin1: str) -> Party:
    """A body of the state, a crowd, civilians, armed people without a name."""
    what, key = types().kinds[kind]
    actor = _actor(ActorMention(Span(0, 0), what, key), iso3, day, admin1)  # type: ignore[arg-type]
    plain = YEARS.sub("", actor.name)
    bare = re.sub(r" \([^()]*\)$", "", plain)
    aliases = tuple(dict.fromkeys(each for each in (plain, bare) if each != actor.name))
    return Party(kind, actor.name, actor.inter, aliases, iso3 if iso3 in lands() else "", {}, {})


def by_region() -> dict[str, list[str]]:
    """The generator's countries by ACLED region."""
    from tocsin.countries import country

    found: dict[str, list[str]] = defaultdict(list)
    for iso3 in lands():
        known = country(iso3)
        assert known is not None, iso3
        found[known.region].append(iso3)
    return dict(found)
