"""Items as numpy columns, so that millions of pairs are compared at once.

In:  items.
Out: Columns; names are numbered, actors are reduced to what tells one group from another:
     distinctive words (with initials), and the kind of people they are (data/actors.toml).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tocsin.codebook.columns import LIST_SEPARATOR
from tocsin.link.item import Item
from tocsin.link.tables import generic, side_words
from tocsin.link.words import hash_word, words

Array = NDArray[Any]

SLOTS = 3  # actors of a claim that are compared; the last slot holds all further ones
TOKENS = 4  # distinctive words of one slot
_SHORT_NAME = re.compile(r"[A-Z][A-Za-z]*[A-Z]\b")  # JNIM, ISSP, ADF


@dataclass(frozen=True, slots=True)
class Columns:
    """One row for each item. `tokens`: (n, SLOTS, TOKENS), 0 for none; `sides`: bits; deaths: -1 unknown."""

    first: Array
    last: Array
    day: Array
    point: Array  # (n, 3) on the unit sphere
    radius_km: Array
    country: Array
    admin1: Array
    place: Array
    trigrams: Array  # (n, 4) bits of the letters of the place's name
    kind: Array
    sub_kind: Array
    tokens: Array
    named: Array
    sides: Array
    low: Array
    best: Array
    high: Array
    told_by: Array
    dataset: Array
    release: Array  # the data set that others here are releases of, too; -1 for none
    actors: Array
    sources: csr_matrix
    sentences: csr_matrix
    words: csr_matrix
    kinds: tuple[str, ...]

    @property
    def teller(self) -> Array:
        """(n,) the report or else the data set that an item is of; -1 for neither."""
        rows = np.where(self.dataset >= 0, self.dataset + len(self.told_by), -1)
        teller: Array = np.where(self.told_by >= 0, self.told_by, rows)
        return teller


def columns(items: Sequence[Item]) -> Columns:
    """The columns of `items`, in their order."""
    kinds, tokens = _kinds(items), _all_tokens(items)
    return Columns(
        first=_numbers(items, lambda item: item.first),
        last=_numbers(items, lambda item: item.last),
        day=_numbers(items, lambda item: item.day),
        point=_points(items),
        radius_km=np.array([item.radius_km for item in items], dtype=np.float64),
        country=_numbered(items, lambda item: item.country),
        admin1=_numbered(items, lambda item: item.admin1),
        place=_numbered(items, lambda item: _place(item.location)),
        trigrams=np.array([_trigrams(_place(item.location)) for item in items], dtype=np.uint64).reshape(-1, 4),
        kind=np.array([kinds[item.event_type] for item in items], dtype=np.int32),
        sub_kind=np.array([kinds[item.sub_event_type] for item in items], dtype=np.int32),
        tokens=tokens,
        named=(tokens > 0).any(axis=2).sum(axis=1),
        sides=_numbers(items, lambda item: _sides(item.actors)),
        low=_numbers(items, lambda item: item.low),
        best=_numbers(items, lambda item: item.best),
        high=_numbers(items, lambda item: item.high),
        told_by=_numbered(items, lambda item: item.report),
        dataset=_numbered(items, lambda item: item.dataset),
        release=_releases(items),
        actors=_numbered(items, lambda item: item.actors),
        sources=_matrix(items, _sources),
        sentences=_matrix(items, lambda item: item.sentences),
        words=_matrix(items, lambda item: item.words),
        kinds=tuple(kinds),
    )


def _kinds(items: Sequence[Item]) -> dict[str, int]:
    """A number for each event type and sub-event type."""
    names = dict.fromkeys(name for item in items for name in (item.event_type, item.sub_event_type))
    return {name: at for at, name in enumerate(names)}


def _numbers(items: Sequence[Item], of: Callable[[Item], int | None]) -> Array:
    """The numbers; -1 where there is none."""
    values = (-1 if value is None else value for value in map(of, items))
    return np.fromiter(values, dtype=np.int64, count=len(items))


def _numbered(items: Sequence[Item], of: Callable[[Item], Hashable]) -> Array:
    """A number for each different value; -1 where there is none."""
    seen: dict[Hashable, int] = {}
    values = (seen.setdefault(value, len(seen)) if value else -1 for value in map(of, items))
    return np.fromiter(values, dtype=np.int32, count=len(items))


def _points(items: Sequence[Item]) -> Array:
    latitude = np.radians(np.array([item.latitude for item in items], dtype=np.float64))
    longitude = np.radians(np.array([item.longitude for item in items], dtype=np.float64))
    flat = np.cos(latitude)
    return np.stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)], axis=1)


def _place(name: str | None) -> str:
    return " ".join(words(name)) if name else ""


@cache
def _trigrams(name: str) -> tuple[int, ...]:
    """256 bits, one for each pair of letters."""
    bits = [0, 0, 0, 0]
    padded = f"^{name}$"
    for at in range(len(padded) - 1 if name else 0):
        number = hash_word(padded[at : at + 2])
        bits[number & 3] |= 1 << (number >> 2 & 63)
    return tuple(bits)


def _releases(items: Sequence[Item]) -> Array:
    """Data sets named alike but for digits are releases of one: 'ucdp-ged 19.1' and 'ucdp-ged 22.1'."""
    name = {dataset: " ".join(words(dataset)) for dataset in {item.dataset for item in items} if dataset}
    count = Counter(name.values())
    several = {dataset: stem for dataset, stem in name.items() if count[stem] > 1}
    return _numbered(items, lambda item: several.get(item.dataset or ""))


def _sources(item: Item) -> tuple[int, ...]:
    """Hashes of the sources that a data set's row cites."""
    cited = (item.source or "").split(LIST_SEPARATOR) if item.dataset else []
    return tuple(sorted({hash_word(name) for name in cited if name}))


def _matrix(items: Sequence[Item], of: Callable[[Item], tuple[int, ...]]) -> csr_matrix:
    """(n, different numbers): 1 where the item has that number."""
    found = list(map(of, items))
    ends = np.cumsum([0, *map(len, found)])
    flat = np.fromiter((number for numbers in found for number in numbers), dtype=np.int64, count=int(ends[-1]))
    different, numbers = np.unique(flat, return_inverse=True)
    ones = np.ones(len(flat), dtype=np.int32)
    return csr_matrix((ones, numbers, ends), shape=(len(items), max(1, len(different))))


@cache
def _sides(actors: tuple[str, ...]) -> int:
    """Bits: which kinds of people the actors are."""
    bits = 0
    for actor in actors:
        bits |= _side(actor)
    return bits


@cache
def _side(actor: str) -> int:
    spoken = set(words(actor))
    found = next((1 << at for at, known in enumerate(side_words()) if spoken & known), 0)
    return found or (1 << len(side_words()) if spoken else 0)  # a name that says no kind: a group


def _all_tokens(items: Sequence[Item]) -> Array:
    slots = [_slots(item.actors, item.country) for item in items]
    return np.array(slots, dtype=np.int64).reshape(-1, SLOTS, TOKENS)


@cache
def _slots(actors: tuple[str, ...], country: str) -> tuple[tuple[int, ...], ...]:
    """TOKENS hashes for each of SLOTS actors; generic actors take no slot."""
    found = [tokens for tokens in (_tokens(actor, country) for actor in actors) if tokens]
    rest = tuple(token for tokens in found[SLOTS - 1 :] for token in tokens)
    slots = [*found[: SLOTS - 1], rest]
    slots += [()] * (SLOTS - len(slots))
    return tuple((tokens + (0,) * TOKENS)[:TOKENS] for tokens in slots)


@cache
def _tokens(actor: str, country: str) -> tuple[int, ...]:
    """The distinctive words of a group's name and its initials; none for 'Civilians (Mali)'."""
    skip = generic() | set(words(country))
    distinctive = [word for word in words(actor) if word not in skip and len(word) > 1]
    if not distinctive:
        return ()
    full = actor.split(": ")[-1].split(" (")[0].split()
    capitals = "".join(word[0] for word in full if word[0].isupper())
    short = [capitals.lower()] if len(capitals) > 2 else []
    short += [name.lower() for name in _SHORT_NAME.findall(actor)]
    return tuple(hash_word(word) + 1 for word in dict.fromkeys(short + distinctive))
