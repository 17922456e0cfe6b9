"""Locate the place names of any text, whatever it is about.

In:  a text and its language, the gazetteer; perhaps the spans of the names.
Out: `Mention` values in the order of the text. A name that no place bears stays without one.

The coder (find.py) is stricter: it asks for the place of an event, and reads descriptions such as "8 km from X".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.locate.gazetteer import Gazetteer
from tocsin.locate.rank import Floats, chances
from tocsin.locate.scene import scene_of
from tocsin.locate.spot import Spot, read, spot_at, spots
from tocsin.model import Place, Span

PIECE = 200  # names that are told by each other; more than an article has


@dataclass(frozen=True, slots=True)
class Mention:
    """A name and the place it means. `confidence`: that it is a place, and this one."""

    span: Span
    name: str
    place: Place | None
    confidence: float


def locate(text: str, lang: str, gazetteer: Gazetteer, spans: Sequence[Span] | None = None) -> tuple[Mention, ...]:
    """Where the names of the text lie. With `spans` just those names; the others still help to tell where they are."""
    page = read(text, lang)
    found = spots(page, gazetteer)
    if spans is not None:
        given = [spot_at(page, s.start, s.end, gazetteer) for s in spans]
        others = [s for s in found if not any(s.start < g.end and g.start < s.end for g in given)]
        found = sorted([*given, *others], key=lambda s: (s.start, s.end))
        wanted = {(s.start, s.end) for s in spans}
        return tuple(m for m in resolved(text, found) if (m.span.start, m.span.end) in wanted)
    return tuple(resolved(text, found))


def resolved(text: str, found: Sequence[Spot]) -> Iterator[Mention]:
    """Each name with its most likely place; a long text piece by piece, so that memory stays flat."""
    for begin in range(0, len(found), PIECE):
        piece = found[begin : begin + PIECE]
        scene = scene_of(text, piece)
        parts = iter(np.split(chances(scene), scene.begins[1:]) if scene.spots else ())
        yield from (mention(spot, next(parts) if spot.candidates else None) for spot in piece)


def mention(spot: Spot, chance: Floats | None) -> Mention:
    """The name with the likeliest of its candidates."""
    if chance is None:
        return Mention(Span(spot.start, spot.end), spot.name, None, 0.0)
    best = int(np.argmax(chance))
    sure = round(float(chance[best]) * spot.sure, 3)
    return Mention(Span(spot.start, spot.end), spot.name, spot.candidates[best].place, sure)
