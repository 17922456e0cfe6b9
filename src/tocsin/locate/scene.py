"""The names of a text and all they can mean, as rows of numbers.

In:  the text and its spots.
Out: a Scene; `alone`: what speaks for each candidate by itself and the names beside it; `together`: what speaks for it
given what the other names most likely are. A row for each candidate, a column for each sign.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

import numpy as np
from numpy.typing import NDArray

from tocsin.locate.distance import EARTH_KM
from tocsin.locate.keys import key
from tocsin.locate.spot import Spot
from tocsin.model import Place

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WAYS = ("main", "other", "short", "adjective", "kind", "part")
KINDS = ("country", "admin1", "admin2", "region", "area", "place")
FEATURES = {"PPLC": "capital", "PPLA": "first_seat", "PPLA2": "second_seat", "PPLA3": "lower_seat",
            "PPLA4": "lower_seat", "PPLX": "section"}  # fmt: skip
SEATS = tuple(dict.fromkeys(FEATURES.values()))
OTHERS = ("log_population", "no_population", "shares_town_name", "kind_said", "kind_denied", "inside_next",
          "inside_sentence")  # fmt: skip
ALONE = (*WAYS, *(f"is_{kind}" for kind in KINDS), *SEATS, *OTHERS)
TOGETHER = ("country_share", "country_share_of_place", "first_unit_share", "second_unit_share", "country_named",
            "unit_named", "near_50", "near_200", "near_800", "neighbour_near", "abroad")  # fmt: skip
JOINED = re.compile(r"\s*[,(]\s*(?:[A-Za-z]{2,3}\s)?|\s+(?:[^\W\d_A-Z]{1,4}\s+){1,2}")  # ", ", " (", " in ", " in the "
SENTENCE = re.compile(r"[.!?]\s+[A-Z\"“]|\n\s*\n")
REACH = 160  # characters after a name in which the same sentence may say where it lies


@dataclass(frozen=True, slots=True)
class Scene:
    """`owner`: candidate -> spot; `begins`: spot -> its first candidate; spots without candidates are left out."""

    spots: Sequence[Spot]
    places: Sequence[Place]
    ways: Sequence[str]
    owner: Ints
    begins: Ints
    names: Ints  # spot -> number of its name
    point: Floats  # candidates x (latitude, longitude) in radians
    country: Ints  # candidate -> number of its country, and so on; 0: none
    first_unit: Ints
    second_unit: Ints
    beside: Sequence[tuple[int, ...]]  # spot -> the spots right after it ("Paris, Texas")
    after: Sequence[tuple[int, ...]]  # spot -> those later in its sentence


def scene_of(text: str, spots: Sequence[Spot]) -> Scene:
    spots = [s for s in spots if s.candidates]
    found = [(i, c) for i, s in enumerate(spots) for c in s.candidates]
    places = [c.place for _, c in found]
    owner = np.array([i for i, _ in found], dtype=np.int64)
    return Scene(
        spots, places, [c.way for _, c in found], owner,
        np.searchsorted(owner, np.arange(len(spots))) if spots else owner,
        numbered([key(s.name) for s in spots]),
        np.radians(np.array([(p.latitude, p.longitude) for p in places]).reshape(-1, 2)),
        numbered([p.country for p in places]),
        numbered([(p.country, p.admin1) if p.admin1 else "" for p in places]),
        numbered([(p.country, p.admin1, p.admin2) if p.admin2 else "" for p in places]),
        *neighbours(text, spots),
    )  # fmt: skip


def numbered(values: Sequence[object]) -> Ints:
    """Equal values get equal numbers; the empty one gets 0."""
    numbers: dict[object, int] = {"": 0}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.int64)


def neighbours(text: str, spots: Sequence[Spot]) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    beside: list[tuple[int, ...]] = []
    after: list[tuple[int, ...]] = []
    for i, spot in enumerate(spots):
        near: list[int] = []
        later: list[int] = []
        end = spot.end
        for j in range(i + 1, min(i + 5, len(spots))):
            if spots[j].start - spot.end > REACH or SENTENCE.search(text[spot.end : spots[j].start]):
                break
            later.append(j)
            if len(near) == j - i - 1 and JOINED.fullmatch(text[end : spots[j].start]):
                near.append(j)
                end = spots[j].end
        beside.append(tuple(near))
        after.append(tuple(later))
    return beside, after


def alone(scene: Scene) -> Floats:
    """Candidates x ALONE."""
    table = np.zeros((len(scene.places), len(ALONE)))
    column = {name: n for n, name in enumerate(ALONE)}
    for row, (place, way) in enumerate(zip(scene.places, scene.ways, strict=True)):
        table[row, column[way]] = 1
        table[row, column[f"is_{place.kind}"]] = 1
        if place.feature in FEATURES:
            table[row, column[FEATURES[place.feature]]] = 1
        if place.kind == "place":
            table[row, column["log_population"]] = log10(max(place.population or 200, 100)) - 2
            table[row, column["no_population"]] = not place.population
        elif place.kind in ("admin1", "admin2"):
            table[row, column["shares_town_name"]] = has_town(scene, row)
        if kind := scene.spots[scene.owner[row]].kind:
            table[row, column["kind_said" if place.kind in SAID[kind] else "kind_denied"]] = 1
    inside(scene, table, column)
    return table


# What a reporter's word may mean: many a "district" is a first-order unit.
SAID = {"place": ("place",), "admin1": ("admin1", "admin2"), "admin2": ("admin2", "admin1"), "area": ("area", "region")}


def has_town(scene: Scene, row: int) -> bool:
    """Is there a town of that name in this unit? Then the name alone mostly means the town."""
    unit = scene.places[row]
    return any(
        c.place.kind == "place" and unit_key(unit) in holders(c.place) and (c.place.population or 0) > 0
        for c in scene.spots[scene.owner[row]].candidates
    )


def inside(scene: Scene, table: Floats, column: dict[str, int]) -> None:
    """Which candidates lie in what is named right after them, or later in the sentence."""
    units = [{unit_key(c.place) for c in spot.candidates} - {None} for spot in scene.spots]
    for i, begin in enumerate(scene.begins):
        places = [c.place for c in scene.spots[i].candidates]
        rows = table[begin : begin + len(places)]
        for name, others in (("inside_next", scene.beside[i]), ("inside_sentence", scene.after[i])):
            wide = set().union(*(units[j] for j in others))
            if wide:
                rows[:, column[name]] = [not wide.isdisjoint(holders(p)) for p in places]


Key = tuple[str | None, ...]


def unit_key(unit: Place) -> Key | None:
    """What the places in a unit or country have in common; None for a place that holds no others."""
    if unit.kind == "country":
        return (unit.country,)
    if unit.kind == "admin1":
        return unit.country, unit.name
    return (unit.country, unit.admin1, unit.name) if unit.kind == "admin2" else None


def holders(p: Place) -> list[Key]:
    """The keys of the units that hold the place; it does not hold itself."""
    if p.kind in ("country", "region"):
        return []
    keys: list[Key] = [(p.country,)]
    if p.kind != "admin1" and p.admin1:
        keys.append((p.country, p.admin1))
    if p.kind == "place" and p.admin2:
        keys.append((p.country, p.admin1, p.admin2))
    return keys


def together(scene: Scene, chance: Floats) -> Floats:
    """Candidates x TOGETHER, given the chance of each candidate."""
    if not len(chance):
        return np.zeros((0, len(TOGETHER)))
    sure = np.array([s.sure for s in scene.spots])[scene.owner]
    name = scene.names[scene.owner]
    often = np.bincount(scene.names, minlength=scene.names.max() + 1)[name]
    votes = chance * sure * (1 + np.log(often)) / often  # all mentions of a name together count little more than one
    country = others_share(scene.country, name, votes)
    place = np.array([p.kind != "country" for p in scene.places])
    named = np.array([p.kind == "country" for p in scene.places])
    unit = np.array([p.kind == "admin1" for p in scene.places])
    columns = [
        country, country * place, others_share(scene.first_unit, name, votes),
        others_share(scene.second_unit, name, votes),
        others_any(scene.country, name, votes * named) * place,
        others_any(scene.first_unit, name, votes * unit) * ~unit,
        *nearness(scene, chance * sure, name), (country < 0.02) * place,
    ]  # fmt: skip
    return np.column_stack(columns)


def others_share(group: Ints, name: Ints, votes: Floats) -> Floats:
    """The share of a candidate's country or unit in the votes of the other names; 0 if it has none."""
    all_votes, by_name = np.bincount(group, votes), np.bincount(name, votes)
    own = pair_sums(group, name, votes)
    rest = votes.sum() - by_name[name]
    return np.asarray(np.where((rest > 1e-9) & (group > 0), (all_votes[group] - own) / np.maximum(rest, 1e-9), 0.0))


def others_any(group: Ints, name: Ints, votes: Floats) -> Floats:
    """Do other names speak of that very country or unit? 0 to 1."""
    rest = np.bincount(group, votes)[group] - pair_sums(group, name, votes)
    return np.asarray(np.where(group > 0, np.minimum(1.0, rest), 0.0))


def pair_sums(group: Ints, name: Ints, votes: Floats) -> Floats:
    """For each candidate the votes of its own name for its group."""
    pair = group * (name.max() + 1) + name
    _, numbers = np.unique(pair, return_inverse=True)
    return np.asarray(np.bincount(numbers, votes)[numbers])


def nearness(scene: Scene, chance: Floats, name: Ints) -> list[Floats]:
    """How near the most likely places of the other names are: three reaches, then the spots just before and after."""
    best = scene.begins + np.array([int(np.argmax(part)) for part in np.split(chance, scene.begins[1:])])
    narrow = np.array([p.kind in ("place", "admin2", "area") for p in scene.places])
    points, at = np.unique(scene.point[best], axis=0, return_inverse=True)
    km = kilometres(scene.point, points)
    once = np.zeros((scene.names.max() + 1, len(points)))  # name x point: how surely the name means that point
    np.add.at(once, (scene.names, at), narrow[best] * chance[best] / np.bincount(scene.names)[scene.names])
    others = (once.sum(axis=0)[None, :] - once[name]) * narrow[:, None]
    reaches = [np.log1p(np.maximum(0.0, (others * np.exp(-km / reach)).sum(axis=1))) for reach in (50.0, 200.0, 800.0)]
    close = np.zeros(len(scene.places))
    for step in (-2, -1, 1, 2):
        spot = np.clip(scene.owner + step, 0, len(best) - 1)
        counts = (scene.names[spot] != name) & narrow[best[spot]] & narrow
        near = counts * chance[best[spot]] * np.exp(-km[np.arange(len(km)), at[spot]] / 100.0)
        close = np.maximum(close, near)
    return [*reaches, close]


def kilometres(a: Floats, b: Floats) -> Floats:
    """Great-circle distances of all points of `a` (n x 2, radians) to all of `b` (m x 2): n x m."""
    lat, other = a[:, :1], b[:, 0][None, :]
    half = np.sin((other - lat) / 2) ** 2 + np.cos(lat) * np.cos(other) * np.sin((b[:, 1][None, :] - a[:, 1:]) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, half))))
