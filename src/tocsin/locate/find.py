"""Find all places that a report names or describes.

In:  a text and its language, the gazetteer.
Out: `PlaceMention` values in the order of the text, each with its place, role, precision and the rule that fired.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

from tocsin.fold import fold
from tocsin.locate.distance import bearing, kilometres
from tocsin.locate.found import Found
from tocsin.locate.gazetteer import Gazetteer
from tocsin.locate.names import tokens
from tocsin.locate.relative import Relation, between, relation_before
from tocsin.locate.resolve import Choice, actor_votes, homes_of, resolve
from tocsin.locate.toponyms import Draft, find, sounding
from tocsin.locate.unknown import forgotten, settle_unknown
from tocsin.locate.words import Words, words
from tocsin.model import Place, PlaceMention, Span

SAME_PLACE_KM = 40.0  # a known village this far from its description is still the one meant
HALFWAY_KM = 20.0  # beyond it halfway would be nowhere: the town that represents the area is coded (codebook §7)
SIDE_FAR_KM = 200.0  # "X, north of Y" may be this far away
SIDE_DEGREES = 70.0  # and lie this far off the direction said
LINK = 70  # characters between a village's name and its description


def find_places(
    text: str, lang: str, gazetteer: Gazetteer, *, doc: Any = None, source: str | None = None
) -> tuple[PlaceMention, ...]:
    """All places of the text. `doc` and `source` are not needed; they may sharpen the choice one day."""
    spoken = words(lang)
    folded = fold(text)
    drafts = find(text, tokens(text, spoken.road), spoken, gazetteer)
    said = actor_votes(text)
    drafts = sounding(drafts, homes_of(drafts, said, spoken.homes), gazetteer)
    choices, votes = resolve(drafts, text, said, spoken.homes)
    home = max(votes, key=lambda c: votes[c]) if votes else None
    found = [start(d, c, folded, spoken) for d, c in zip(drafts, choices, strict=True)]
    found = with_capital(found, folded, spoken, gazetteer, home, text)
    describe(found, folded, gazetteer, spoken)
    halfway(found, folded, spoken)
    settle_unknown(found, text, gazetteer, home)
    return tuple(mention(f, text) for f in found if not forgotten(f))


def start(draft: Draft, choice: Choice, folded: str, spoken: Words) -> Found:
    rule = f"named.{choice.place.kind}" if choice.place else "unknown"
    relation = relation_before(folded, draft.start, spoken) if draft.role != "demonym" else None
    precision = precision_of(choice.place) if choice.place else 2
    if (
        draft.role == "at"
        and relation is None
        and spoken.elsewhere.search(folded[max(0, draft.start - 45) : draft.start])
    ):
        rule = "elsewhere." + rule
    return Found(
        draft,
        choice.place,
        choice.confidence,
        draft.role,
        rule,
        precision,
        choice.place is not None,
        relation,
        draft.end,
    )


def precision_of(place: Place) -> int:
    return {"place": 1, "admin2": 2}.get(place.kind, 3)


def with_capital(
    found: list[Found], folded: str, spoken: Words, gazetteer: Gazetteer, home: str | None, text: str
) -> list[Found]:
    """Words like "the capital" and "the town" stand for a place named before, after "in" or a description."""
    extra = []
    for match in spoken.here.finditer(folded):
        relation = relation_before(folded, match.start(), spoken)
        preceding = folded[: match.start()].split()[-1:]
        if relation is None and not (preceding and preceding[0].rstrip("'") in spoken.strong_before):
            continue
        if any(f.draft.start <= match.end() + 4 and match.start() < f.draft.end for f in found):
            continue
        capital = match[0] in spoken.capital
        place = gazetteer.capital(home) if capital and home else last_town(found, match.start())
        if place:
            draft = Draft(match.start(), match.end(), place.name, 0, 0, (place,), "at", "")
            extra.append(
                Found(draft, place, 0.7, "at", "the_capital" if capital else "the_town", 1, True, relation, match.end())
            )
    return sorted([*found, *extra], key=lambda f: f.draft.start)


def last_town(found: list[Found], before: int) -> Place | None:
    towns = [
        f.place
        for f in found
        if f.draft.end <= before
        and f.place
        and f.place.kind == "place"
        and (f.role == "at" or f.role == "dateline")
        and f.place.feature != "PPLC"
    ]
    return towns[-1] if towns else None


def describe(found: list[Found], folded: str, gazetteer: Gazetteer, spoken: Words) -> None:
    """Work descriptions in: onto the village named just before, or as a point of their own."""
    for i, anchor in enumerate(found):
        relation = anchor.relation
        if relation and any(relation.start < f.draft.start and f.role != "demonym" for f in found[:i]):
            relation = anchor.relation = None  # it describes by the name that stands in between
        if relation is None or anchor.place is None or anchor.place.kind == "country":
            continue
        subject = subject_of(found, i, relation, folded)
        if subject is None:
            stand_alone(anchor, relation, gazetteer)
        else:
            anchor.role = "anchor"
            apply(subject, anchor.place, relation, gazetteer)


def subject_of(found: list[Found], i: int, relation: Relation, folded: str) -> Found | None:
    """The village that the description is about: named just before it in the sentence."""
    for f in reversed(found[:i]):
        if f.role in ("demonym", "metonym", "dateline") or f.draft.end > relation.start:
            continue
        gap = folded[f.draft.end : relation.start]
        if len(gap) > LINK or "\n" in gap or re.search(r"[.;:!?]\s", gap):
            return None
        if f.place is not None and f.place.kind not in ("place", "area"):
            continue
        if relation.rule != "far" and not gap.lstrip().startswith((",", "(")):
            return None
        return f
    return None


def stand_alone(anchor: Found, relation: Relation, gazetteer: Gazetteer) -> None:
    """Nothing but the description: the point described, named after the place it hangs on."""
    assert anchor.place is not None
    if anchor.place.kind in ("place", "admin2", "area"):
        anchor.place = moved_place(anchor.place, anchor.place.name, relation, gazetteer)
        anchor.precision, anchor.rule = max(2, anchor.precision), f"described.{relation.rule}"
        anchor.confidence = round(anchor.confidence * 0.9, 2)


def apply(subject: Found, anchor: Place, relation: Relation, gazetteer: Gazetteer) -> None:
    """The village lies where the report says; a known one of that name nearby is that village."""
    described = moved_place(anchor, subject.draft.name, relation, gazetteer)
    slack = SAME_PLACE_KM + relation.km * 0.4
    near = [p for p in subject.draft.candidates if p.kind in ("place", "area") and distance(p, described) <= slack]
    if near:
        subject.place = min(near, key=lambda p: distance(p, described))
        subject.confidence = 0.95
        return
    if subject.known and subject.place and fits(subject.place, anchor, relation):
        return
    subject.place, subject.known, subject.precision = described, False, 1
    subject.rule, subject.confidence = f"described.{relation.rule}", 0.75


def fits(place: Place, anchor: Place, relation: Relation) -> bool:
    """May a known village be the one described without a distance: "X, west of Y"?"""
    if relation.rule == "far" or place.country != anchor.country:
        return False
    if relation.rule == "near" or relation.bearing is None:
        return True
    way = bearing(anchor.latitude, anchor.longitude, place.latitude, place.longitude)
    return distance(place, anchor) <= SIDE_FAR_KM and abs((way - relation.bearing + 180) % 360 - 180) <= SIDE_DEGREES


def moved_place(anchor: Place, name: str, relation: Relation, gazetteer: Gazetteer) -> Place:
    lat, lon = relation.point(anchor)
    admin1, admin2 = anchor.admin1, anchor.admin2
    if relation.km > 15 and relation.bearing is not None and anchor.country:
        admin1, admin2 = gazetteer.admin_for_point(lat, lon, anchor.country)
    same = name == anchor.name
    wide = anchor.radius_km if anchor.kind != "place" else 0.0
    return Place(
        name, "place", lat, lon, relation.radius_km() + wide, anchor.country,
        admin1, admin2, anchor.geonameid if same else None, None, anchor.feature if same else None,
    )  # fmt: skip


def distance(a: Place, b: Place) -> float:
    return kilometres(a.latitude, a.longitude, b.latitude, b.longitude)


def halfway(found: list[Found], folded: str, spoken: Words) -> None:
    """The point between X and Y or on the X-Y road; if that is long, X, which then stands for the area."""
    for one, other in pairwise(found):
        if not (one.place and other.place) or one.place.kind != "place" or other.place.kind != "place":
            continue
        gap = folded[one.draft.end : other.draft.start].strip()
        before = folded[max(0, one.draft.start - 25) : one.draft.start].split()
        paired = gap == spoken.between[1] and spoken.between[0] in before[-4:]
        after = folded[other.draft.end : other.draft.end + 12].split()
        road = gap in ("-", "–", "—", "to", "a") and bool(spoken.road & {*before[-3:], *after[:1]})
        km = distance(one.place, other.place)
        if (paired or road) and km < 400:
            lat, lon = (
                between(one.place, other.place) if km <= HALFWAY_KM else (one.place.latitude, one.place.longitude)
            )
            one.place = replace(one.place, latitude=lat, longitude=lon, radius_km=round(max(5.0, km / 2), 1))
            one.precision, one.rule, one.end, other.role = 2, "between", other.draft.end, "anchor"


def mention(f: Found, text: str) -> PlaceMention:
    begin = f.relation.start if f.relation and f.rule.startswith("described") and f.known else f.draft.start
    span = Span(begin, f.end or f.draft.end)
    return PlaceMention(span, f.draft.name, f.place, f.role, f.rule, f.confidence, f.precision, f.known)  # type: ignore[arg-type]
