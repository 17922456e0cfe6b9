"""What people say of actors: a new one, another name, a name that is none. The coder goes by it from then on.

In:  a Store, a group as it is to be, who says so and why.
Out: the registry of this database: that of the package with what people said; the history of it.

A group is written down whole each time. The newest row that holds counts; taking it back brings the one before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import select

from tocsin.countries import country
from tocsin.errors import UsageError
from tocsin.fold import fold
from tocsin.registry import Registry
from tocsin.registry.tables import INTERS, Group
from tocsin.store import Store, schema
from tocsin.store.errors import told

GROUP, IGNORE = "group", "ignore"
PLACE, NO_PLACE = "place", "no place"  # see placing.py
LONGEST = 200  # characters of a name
MANY = 100  # aliases of one group


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that somebody said. `ended`, `ended_by`: when and by whom it was taken back."""

    id: int
    kind: str
    name: str  # of a group its id
    group: Group | None
    at: str
    who: str
    why: str
    ended: str | None = None
    ended_by: str | None = None
    value: str | None = None  # of a place, as JSON


def edits(store: Store) -> list[Edit]:
    """All that was ever said, the newest first."""
    e, began, ended = schema.registry_edit, schema.change.alias(), schema.change.alias()
    joined = e.join(began, began.c.seq == e.c.since).outerjoin(ended, ended.c.seq == e.c.until)
    query = select(e.c.id, e.c.kind, e.c.name, e.c.value, began.c.at, began.c.who, began.c.why,
                   ended.c.at.label("ended"), ended.c.who.label("ended_by")).select_from(joined)  # fmt: skip
    with told(store.name), store.engine.connect() as connection:
        rows = connection.execute(query.order_by(e.c.id.desc())).all()
    groups = (_group(row.value) if row.kind == GROUP else None for row in rows)
    return [
        Edit(row.id, row.kind, row.name, group, *row[4:], row.value) for row, group in zip(rows, groups, strict=True)
    ]


def groups_of(store: Store) -> tuple[Group, ...]:
    """The groups that people added or changed, as they are now."""
    found: dict[str, Group] = {}
    for edit in edits(store):
        if edit.group and not edit.ended:
            found.setdefault(edit.name, edit.group)
    return tuple(found[name] for name in sorted(found))


def registry_of(store: Store) -> Registry:
    """The registry by which reports are coded into this database."""
    groups = groups_of(store)
    return Registry.load().extended(groups) if groups else Registry.load()


def ignored(store: Store, kind: str = IGNORE) -> set[str]:
    """Names that are no actors (or no places), folded."""
    return {fold(edit.name) for edit in edits(store) if edit.kind == kind and not edit.ended}


def put_group(store: Store, group: Group, *, who: str, why: str = "") -> int:
    """From now on the group is so. The number is for taking it back."""
    group = _checked(group)
    known = registry_of(store).groups
    if twin := next((g for g in known.values() if g.name == group.name and g.id != group.id), None):
        raise UsageError(
            f"{twin.name} is in the registry already, as {twin.id!r}: add a name to that one, or choose another name."
        )
    if known.get(group.id) == group:
        raise UsageError(f"Nothing differs from what is known of {group.name}.")
    value = json.dumps(asdict(group), ensure_ascii=False)
    with store.change("registry", who, why or f"{group.name} was changed") as change:
        return change.put_registry_edit(kind=GROUP, name=group.id, value=value)


def ignore(store: Store, name: str, *, who: str, why: str = "", kind: str = IGNORE) -> int:
    """The name is no actor (or no place): it is suggested no more."""
    if not 0 < len(name) <= LONGEST:
        raise UsageError(f"name: found {len(name)} characters, expected 1 to {LONGEST}.")
    with store.change("registry", who, why or f"{name} is {'no actor' if kind == IGNORE else kind}") as change:
        return change.put_registry_edit(kind=kind, name=name, value=None)


def take_back(store: Store, number: int, *, who: str) -> Edit:
    """What was said holds no longer; what was said before it does again."""
    found = next((edit for edit in edits(store) if edit.id == number and not edit.ended), None)
    if found is None:
        raise UsageError(f"There is no edit {number} of the registry that holds.")
    with store.change("registry", who, f"edit {number} of the registry was taken back") as change:
        change.end_registry_edit(number)
    return found


def renamed(group: Group, name: str) -> Group:
    """The group by its right name; the old one stays an alias, so that reports and events with it are still known."""
    if name == group.name:
        return group
    return replace(with_alias(group, group.name), name=name)


def with_alias(group: Group, *names: str, lang: str = "en") -> Group:
    """The group with more names. A name with a capital letter counts in every language."""
    held = group.aliases.get(lang, ())
    return replace(group, aliases={**group.aliases, lang: tuple(dict.fromkeys((*held, *names)))})


def new_id(registry: Registry, name: str) -> str:
    """An id that no group has: "dry-river-front"."""
    word = "-".join("".join(c if c.isalnum() else " " for c in fold(name)).split())[:40] or "group"
    numbers = (f"{word}-{number}" for number in range(2, 10_000))
    return next(each for each in (word, *numbers) if each not in registry.groups)


def _group(value: str) -> Group:
    held: dict[str, Any] = json.loads(value)
    aliases = {lang: tuple(names) for lang, names in held["aliases"].items()}
    return Group(**{**held, "aliases": aliases, "countries": tuple(held["countries"])})


def _checked(group: Group) -> Group:
    """The group without spaces too many. UsageError says what is wrong with it."""
    aliases = {lang: tuple(dict.fromkeys(_clean(each) for each in names)) for lang, names in group.aliases.items()}
    group = replace(group, name=_clean(group.name), aliases={"en": (), "fr": (), **aliases})
    if wrong := next(_wrong(group), None):
        raise UsageError(wrong)
    return group


def _wrong(group: Group) -> Iterator[str]:
    names = [group.name, *(each for held in group.aliases.values() for each in held)]
    if group.inter not in INTERS:
        yield f"kind: found {group.inter!r}, expected one of {', '.join(INTERS)}."
    if len(names) > MANY:
        yield f"other names: found {len(names)}, expected at most {MANY}."
    for name in names:
        if not 2 < len(name) <= LONGEST:
            yield f"name: found {name[:40]!r}, expected 3 to {LONGEST} characters."
        if name == name.lower() and " " not in name:
            yield f"name: found {name!r}, which is a word like others; a name has a capital letter, or several words."
    for code in group.countries:
        if country(code) is None:
            yield f"countries: found {code!r}, expected the name of a country."
    for year in filter(None, (group.valid_from, group.valid_to)):
        if len(year) not in (4, 7, 10) or not year.replace("-", "").isdigit():
            yield f"years: found {year!r}, expected a year or a day, such as 2012 or 2012-04-17."


def _clean(name: str) -> str:
    return " ".join(name.split())
