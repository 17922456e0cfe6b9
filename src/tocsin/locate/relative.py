"""Places that are described: "15 km north-west of Bamako", "près de Kaya", "between Djibo and Bourzanga".

In:  the folded text before a place name, the words of the language.
Out: how the described point lies to that place.
"""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.locate.distance import middle, moved
from tocsin.locate.words import Words
from tocsin.model import Place

REACH = 110  # characters before a place name in which its description can stand
SIDE_KM = 10.0  # "north of X" without a number
RADIUS = {"far": 5.0, "side": 15.0, "near": 10.0}


@dataclass(frozen=True, slots=True)
class Relation:
    """The words `start` to the place name say how something lies to it."""

    rule: str  # far, side, near
    start: int
    km: float = 0.0
    bearing: float | None = None

    def point(self, anchor: Place) -> tuple[float, float]:
        if self.bearing is None or not self.km:
            return anchor.latitude, anchor.longitude
        return moved(anchor.latitude, anchor.longitude, self.km, self.bearing)

    def radius_km(self) -> float:
        """A distance without direction leaves a ring, a rounded one some slack."""
        if self.rule == "far":
            return round(max(RADIUS["far"], 0.3 * self.km if self.bearing is not None else self.km), 1)
        return RADIUS[self.rule]


def relation_before(folded: str, start: int, words: Words) -> Relation | None:
    """What the words just before the name at `start` say, if they describe another point by it."""
    floor = max(0, start - REACH)
    before = folded[max(floor, folded.rfind(". ", floor, start) + 1) : start]
    floor = start - len(before)
    if match := words.far.search(before):
        number = match["number"]
        count = words.numbers.get(number)
        km = (count if count is not None else float(number.replace(",", "."))) * words.units[match["unit"]]
        way = match["way"]
        return Relation("far", floor + match.start(), km, words.directions[way] if way else None) if km < 400 else None
    if match := words.side.search(before):
        return Relation("side", floor + match.start(), SIDE_KM, words.directions[match["way"]])
    if match := words.near.search(before):
        return Relation("near", floor + match.start())
    return None


def between(a: Place, b: Place) -> tuple[float, float]:
    return middle(a.latitude, a.longitude, b.latitude, b.longitude)
