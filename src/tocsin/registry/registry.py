"""Who an actor is, on one day in one country.

In:  an actor mention, the country of the event, its day, its first-level unit.
Out: the actor with its ACLED name and inter label, and the rule that decided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from tocsin.countries import countries, country
from tocsin.errors import DataError, UsageError
from tocsin.model import Actor, ActorMention, Span
from tocsin.registry import tables
from tocsin.registry.introduced import MARK
from tocsin.registry.tables import Body, Group, People, Regime, State, Succession
from tocsin.registry.words import Sense, Words, generic, joins
from tocsin.toml import read_toml

DATA = Path(__file__).with_name("data")
LANGUAGES = ("en", "fr")


@dataclass(frozen=True, slots=True, eq=False)
class Registry:
    """All actors that are known by name, and how to name those that are not."""

    groups: dict[str, Group]
    regimes: dict[str, tuple[Regime, ...]]
    states: dict[str, State]
    bodies: tuple[Body, ...]
    territories: dict[str, tuple[str, str | None]]
    successions: dict[str, tuple[Succession, ...]]
    peoples: dict[str, People]
    labels: dict[str, Any]
    shown: dict[str, bool]
    folder: Path = DATA
    _words: dict[str, Words] = field(default_factory=dict)

    @staticmethod
    def load(extra: Path | None = None) -> Registry:
        """The registry of the package; groups of `extra` (a groups.csv) are added, same ids replaced."""
        return _load(extra)

    def extended(self, groups: Iterable[Group]) -> Registry:
        """The registry with these groups, too; same ids replaced."""
        return replace(self, groups=self.groups | {group.id: group for group in groups}, _words={})

    def words(self, lang: str) -> Words:
        """The words of a language, made on first use."""
        if lang not in self._words:
            self._words[lang] = _words(self, lang)
        return self._words[lang]

    def resolve(self, mention: ActorMention, country: str, day: date | None, admin1: str | None = None) -> Actor:
        """The actor that `mention` means in an event in `country` (ISO alpha-3) on `day`."""
        if mention.key.startswith(MARK):
            return self._introduced(mention.key, country)
        if mention.kind == "group":
            return self._named(mention.key.split("|"), country, day)
        if mention.kind == "state":
            return self._state(mention.key, mention.country, mention.unit, country, day)
        if mention.kind == "armed":
            return self._armed(mention.key, country, admin1)
        if mention.kind == "crowd":
            name, inter = self._label("crowd", mention.key)
            return Actor(name.format(country=_name(country)), inter, f"crowd.{mention.key}", country)
        return Actor(f"Civilians ({_name(country)})", "Civilians", f"civilians.{mention.key}", country)

    def associated(self, mention: ActorMention, country: str, day: date | None = None) -> str | None:
        """ACLED's associated actor for a group of people: "Students (Mali)"; None if it has none."""
        pattern = self.labels["associated"].get(mention.key) if mention.kind == "civilians" else None
        if pattern is None:
            return None
        return str(pattern.format(country=_name(country), state=self.state_name(country, day)[0]))

    def state_name(self, state: str, day: date | None) -> tuple[str, bool]:
        """ "Mali (2021-)": the state with the years of its regime on `day`; False if no regime is known."""
        name = self.states[state].name if state in self.states else _name(state)
        found = self.regime(state, day)
        return (f"{name} ({found.years})", True) if found else (name, False)

    def regime(self, state: str, day: date | None) -> Regime | None:
        """The regime in power on `day`, or the last before it, or the first; today's if there is no day."""
        known = self.regimes.get(state, ())
        moment = day.isoformat() if day else "9999"
        begun = [each for each in known if each.start <= moment]
        return begun[-1] if begun else (known[0] if known else None)

    def foe(self, country: str, day: date | None) -> str | None:
        """The state that is at war with the country that day, if labels.toml knows one."""
        found = self.labels["foes"].get(country)
        return found["state"] if found and (day is None or day.isoformat() >= found["since"]) else None

    def _named(self, keys: list[str], country: str, day: date | None) -> Actor:
        """The group, or of several with the same name the one that fits country and day best."""
        best = max(keys, key=lambda key: self._fit(key, country, day))
        kind, _, unnamed = best.partition(":")
        if unnamed:
            return self.resolve(ActorMention(Span(0, 0), kind, unnamed), country, day)  # type: ignore[arg-type]
        if "@" in best:
            body, _, rest = best.partition("@")
            state, _, unit = rest.partition("/")
            return self._state(body, state or None, unit or None, country, day)
        if best not in self.groups:
            raise UsageError(f"no group {best!r} in the registry; add it to {self.folder / 'groups.csv'}")
        if became := self._became(best, country, day):
            actor = self._state(became.body, became.state, became.unit, country, day)
            return replace(actor, rule="group.became_state", id=best)
        group, rule = self.groups[best], "group.name" if len(keys) == 1 else "group.by_country"
        home = group.countries[0] if group.countries else None
        abroad = group.inter == "State forces" and home not in (None, country)
        return Actor(group.name, "External/Other forces" if abroad else group.inter, rule, home, best)

    def _fit(self, key: str, country: str, day: date | None) -> tuple[int, int]:
        """How well one of several meanings fits: at home 3, active there 2, elsewhere 0; then in force that day."""
        if "@" in key:
            body, _, rest = key.partition("@")
            if body == "peacekeepers":
                return (4 if self._peacekeepers(country, day).id else -1, 1)
            state = rest.partition("/")[0]
            return (3 if state == country else 1 if not state else 0, 1)
        if ":" in key:
            return (1, 1)
        group = self.groups.get(key)
        if group is None:
            return (-1, 0)
        place = 3 if group.countries[:1] == (country,) else 2 if country in group.countries else 0
        valid = _in_force(group.valid_from, group.valid_to, day)
        return (place if valid else place - 3, int(valid))

    def _became(self, group: str, country: str, day: date | None) -> Succession | None:
        moment = day.isoformat() if day else "9999"
        for each in self.successions.get(group, ()):
            if each.start <= moment and each.state == country:
                return each
        return None

    def _state(self, body: str, state: str | None, unit: str | None, country: str, day: date | None) -> Actor:
        """A body of a state: of the country of the event, unless the words name another."""
        if body == "peacekeepers":
            return self._peacekeepers(country, day)
        if body == "occupiers" or (body == "military" and country == "PSE"):
            state = state or self.labels["occupiers"].get(country)
        territory, local_unit = self.territories.get(country, (None, None))
        at_home = state in (None, country, territory) or self._lies_in(state, country)
        owner = (territory or country) if state in (None, country) else state
        name, known = self.state_name(owner, day)
        label = str(self._label("bodies", body)).format(state=name)
        shown = unit if unit and self.shown.get(unit, True) else local_unit if owner == territory else None
        rule = f"state.{body}" + ("" if at_home else ".abroad") + ("" if known else ".no_regime")
        inter = "State forces" if at_home else "External/Other forces"
        return Actor(f"{label} {shown}" if shown else label, inter, rule, owner)

    def _lies_in(self, state: str | None, country: str) -> bool:
        return state in self.states and self.states[state].home == country

    def _peacekeepers(self, country: str, day: date | None) -> Actor:
        """The mission that serves in the country that day; else the United Nations."""
        for name in self.labels["peacekeepers"].get(country, ()):
            group = self.groups.get(name.lower())
            if group and _in_force(group.valid_from, group.valid_to, day):
                return Actor(group.name, group.inter, "state.peacekeepers", None, group.id)
        return Actor("United Nations", "External/Other forces", "state.peacekeepers.unknown")

    def _armed(self, key: str, country: str, admin1: str | None) -> Actor:
        """Armed people without a name, by the convention of the country if there is one."""
        if key.startswith("people:"):
            people = self.peoples[key.removeprefix("people:")]
            name = f"{people.name} {people.kind} Militia ({_name(country)})"
            return Actor(name, "Identity militia", "armed.people", country)
        local = self.labels["armed_in"].get(country, {}).get(key)
        if local and (admin1 or "{admin1}" not in local[0]):
            name, inter = local
            return Actor(name.format(admin1=admin1, country=_name(country)), inter, f"armed.{key}.{country}", country)
        name, inter = self._label("armed", key)
        return Actor(name.format(country=_name(country)), inter, f"armed.{key}", country)

    def _introduced(self, key: str, country: str) -> Actor:
        """A group that only the report names: "report/clan/Lai"."""
        _, kind, said = key.split("/", 2)
        name, inter = self._label("introduced", kind)
        return Actor(name.format(name=said, country=_name(country)), inter, f"group.introduced.{kind}", country)

    def _label(self, part: str, key: str) -> Any:
        try:
            return self.labels[part][key]
        except KeyError:
            raise UsageError(f"no {part} key {key!r}; known: {', '.join(self.labels[part])}") from None


def _name(iso3: str) -> str:
    found = country(iso3)
    return found.name if found else iso3


def _in_force(start: str, end: str, day: date | None) -> bool:
    """Whether the day lies in a period whose ends may be years or months."""
    if day is None:
        return not end
    moment = day.isoformat()
    return (not start or moment[: len(start)] >= start) and (not end or moment[: len(end)] <= end)


@cache
def _load(extra: Path | None) -> Registry:
    regimes: dict[str, list[Regime]] = defaultdict(list)
    for regime in tables.regimes(DATA / "regimes.csv"):
        regimes[regime.state].append(regime)
    successions: dict[str, list[Succession]] = defaultdict(list)
    for each in tables.successions(DATA / "successions.csv"):
        successions[each.group].append(each)
    return Registry(
        groups=_groups(extra),
        regimes={state: tuple(sorted(found, key=lambda each: each.start)) for state, found in regimes.items()},
        states={each.code: each for each in tables.states(DATA / "states.csv")},
        peoples={each.name: each for each in tables.peoples(DATA / "peoples.csv")},
        bodies=tuple(tables.bodies(DATA / "bodies.csv")),
        territories=tables.territories(DATA / "territories.csv"),
        successions={group: tuple(found) for group, found in successions.items()},
        labels=read_toml(DATA / "labels.toml"),
        shown=read_toml(DATA / "units.toml")["shown"],
    )


def _groups(extra: Path | None) -> dict[str, Group]:
    own = DATA / "groups.csv"
    found: dict[str, Group] = {}
    for group in tables.groups(own):
        if group.id in found:
            raise DataError(f"{own}: found id {group.id!r} twice, expected it once")
        found[group.id] = group
    if extra is not None:
        found |= {group.id: group for group in tables.groups(extra)}
    return found


def _words(registry: Registry, lang: str) -> Words:
    path = registry.folder / f"generic_{lang}.toml"
    if not path.exists():
        raise UsageError(f"no actor words for language {lang!r}; expected {path}")
    table = read_toml(path)
    ties = joins(table)
    named = [forms(registry, lang) for forms in (_place_forms, _people_forms, _body_forms)]
    return Words(chain(generic(table, path), *named, _group_forms(registry, lang, ties.small)), ties)


def _place_forms(registry: Registry, lang: str) -> Iterator[tuple[str, Sense]]:
    for each in countries():
        yield from ((name, Sense("country", "country", each.iso3)) for name in each.names[lang])
        yield from ((name, Sense("metonym", "metonym", each.iso3)) for name in each.metonyms)
        yield from ((word, Sense("adjective", "adjective", each.iso3)) for word in each.demonyms[lang])
    for state in registry.states.values():
        yield from ((name, Sense("country", "country", state.code)) for name in state.names[lang])
        yield from ((word, Sense("adjective", "adjective", state.code)) for word in state.demonyms[lang])


def _body_forms(registry: Registry, lang: str) -> Iterator[tuple[str, Sense]]:
    for body in registry.bodies:
        sense = Sense("state", body.body, body.state, body.unit)
        yield from ((name, sense) for name in body.names[lang])


def _people_forms(registry: Registry, lang: str) -> Iterator[tuple[str, Sense]]:
    for people in registry.peoples.values():
        yield from ((form, Sense("people", people.name)) for form in people.forms[lang])


def _group_forms(registry: Registry, lang: str, small: frozenset[str]) -> Iterator[tuple[str, Sense]]:
    """Names of groups in the language, and those of the other languages that are proper names."""
    for group in registry.groups.values():
        sense = Sense("group", group.id)
        own = (group.name, *group.name.split(": "), *group.aliases.get(lang, ()))
        foreign = (name for other in LANGUAGES if other != lang for name in group.aliases[other])
        others = (name for name in foreign if not name[:1].islower())
        long = 4 if lang == "en" else 3  # "Fact" and "Mend" are words of English
        shouted = (name.capitalize() for name in own if name.isalpha() and name.isupper() and len(name) > long)
        names = (*own, *others, *shouted, *_written_small(own, small))
        yield from ((name, sense) for name in dict.fromkeys(names) if len(name) > 1)


def _written_small(names: Iterable[str], nouns: frozenset[str]) -> Iterator[str]:
    """ "Sinaloa cartel", "front de libération de l'Azawad": names whose noun is written without a capital."""
    for name in names:
        first, *rest = name.split(" ")
        if rest and rest[-1] in nouns and len(rest) + 1 < 5:
            yield " ".join((first, *rest[:-1], rest[-1].lower()))
        if len(rest) > 1 and first in nouns:
            yield " ".join((first.lower(), *rest))
