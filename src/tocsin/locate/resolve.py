"""Choose which place each name means, looking at the whole report.

In:  drafts with candidates, the weights of weights.toml.
Out: for each draft its place (`None`: no candidate) and a confidence; the country of the report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log10

from tocsin.errors import DataError
from tocsin.locate import tables
from tocsin.locate.distance import roughly
from tocsin.locate.keys import key
from tocsin.locate.toponyms import Draft
from tocsin.model import Place

SEATS = {"PPLC": "capital", "PPLA": "first_seat", "PPLA2": "second_seat", "PPLX": "section", "AIRP": "airport"}
BESIDE = frozenset(
    [
        ",",
        "(",
        "in",
        "en",
        "dans",
        "au",
        "of",
        "de",
        "du",
        "d'",
        "-",
        "the",
        "la",
        "le",
        "l'",
        "province",
        "state",
        "région",
        "region",
    ]
)
WITHIN = frozenset(["in", "in the", "en", "au", "dans le", "dans la", "of"])
NEAR_KM, FAR_KM = 150.0, 600.0
LIKELY = 0.3  # share of the votes that makes a country one of the report
SPOKEN = 3  # a namesake in a country of the report's language is so many times likelier
ABROAD = 400_000  # inhabitants; a town of that size may be named in any report


@dataclass(frozen=True, slots=True)
class Weights:
    """The rows of weights.toml."""

    main_name: float
    log_population: float
    capital: float
    first_seat: float
    second_seat: float
    section: float
    country: float
    admin1: float
    admin2: float
    area: float
    airport: float
    own: float
    kind_said: float
    kind_denied: float
    country_vote: float
    country_beside: float
    admin_beside: float
    near_other: float


@cache
def weights() -> Weights:
    try:
        return Weights(**tables.toml("weights.toml"))
    except TypeError as wrong:
        raise DataError(f"{tables.DATA / 'weights.toml'}:1: {wrong}") from wrong


@dataclass(frozen=True, slots=True)
class Choice:
    place: Place | None
    confidence: float


def homes_of(drafts: Sequence[Draft], said: Counter[str], spoken: frozenset[str]) -> frozenset[str]:
    return home_countries(drafts, country_votes(drafts, said, spoken))


def resolve(
    drafts: Sequence[Draft], text: str, said: Counter[str], spoken: frozenset[str]
) -> tuple[list[Choice], dict[str, float]]:
    """The best place for each draft, and the share of each country in what the report mentions.

    `said` are the votes of the groups and forces that the text names, `spoken` the countries of its language.
    """
    w = weights()
    votes = country_votes(drafts, said, spoken)
    homes = home_countries(drafts, votes)
    beside = [neighbours(drafts, i, text) for i in range(len(drafts))]
    alone = [
        {
            p: score_alone(p, d, w) + context(p, votes, near, w)
            for p in d.candidates
            if at_home(p, d, homes, near) and not outside(p, near)
        }
        for d, near in zip(drafts, beside, strict=True)
    ]
    first = [max(s, key=lambda p: s[p]) if s else None for s in alone]
    points = [p for p in first if p is not None and p.kind in ("place", "admin1", "admin2", "area")]
    choices = []
    for scores in alone:
        known = len(scores) > 1
        final = {p: s + (near_others(p, points, w) if known else 0.0) for p, s in scores.items()}
        choices.append(pick(final))
    return choices, votes


def home_countries(drafts: Sequence[Draft], votes: dict[str, float]) -> frozenset[str]:
    """Countries that the report names, and the one that most of its places lie in; none if that is open."""
    named = {p.country for d in drafts for p in d.candidates if p.kind == "country"}
    best = max(votes, key=lambda c: votes[c], default=None)
    likely = {c for c in votes if votes[c] >= LIKELY}
    return frozenset(named | likely | {best}) if best and (votes[best] > 0.3 or named) else frozenset()


def at_home(p: Place, d: Draft, homes: frozenset[str], near: list[Draft]) -> bool:
    """A small town abroad is hardly meant by a report that never speaks of that country."""
    if not homes or p.country in homes or p.country == "" or p.kind in ("country", "region", "area"):
        return True
    own = key(p.name) == key(d.name)
    large = (p.population or 0) >= (ABROAD if own and not d.head else 20_000 if own else 5 * ABROAD)
    return large or p.feature == "PPLC" or any(holds(q, p) for d in near for q in d.candidates)


def outside(p: Place, near: list[Draft]) -> bool:
    """The report says right after the name in which province or district it lies, and this one lies elsewhere."""
    if p.kind != "place" or p.admin1 is None:
        return False
    for d in near:
        units = [q for q in d.candidates if q.kind == d.kind and q.country == p.country]
        if d.kind in ("admin1", "admin2") and units:
            return p.admin1 not in {q.admin1 or q.name for q in units}
    return False


def pick(scores: dict[Place, float]) -> Choice:
    if not scores:
        return Choice(None, 0.0)
    ranked = sorted(scores, key=lambda p: (-scores[p], p.geonameid or 0))
    lead = scores[ranked[0]] - scores[ranked[1]] if len(ranked) > 1 else 3.0
    return Choice(ranked[0], round(min(0.98, 0.55 + 0.15 * lead), 2))


def score_alone(p: Place, d: Draft, w: Weights) -> float:
    """What speaks for this place whatever else the report says."""
    points = w.main_name if key(p.name) == key(d.name) else 0.0
    points += w.log_population * log10(max(p.population or 300, 1)) if p.kind == "place" else 0.0
    points += getattr(w, SEATS[p.feature]) if p.feature in SEATS else 0.0
    points += w.own if p.geonameid is None and p.feature != "AIRP" else 0.0
    points += {
        "country": w.country,
        "admin1": w.admin1 + 1.2,
        "admin2": w.admin2 + 1.2,
        "area": w.area,
        "region": w.area,
    }.get(p.kind, 0.0)
    if d.kind:
        kind = "area" if p.kind == "region" else p.kind
        said = {"admin1": ("admin1", "admin2"), "admin2": ("admin2", "admin1"), "place": ("place",), "area": ("area",)}[
            d.kind
        ]
        points += w.kind_said - 0.5 * said.index(kind) if kind in said else w.kind_denied
    return points


def context(p: Place, votes: dict[str, float], near: list[Draft], w: Weights) -> float:
    """What the rest of the report says for its country and unit."""
    points = w.country_vote * votes.get(p.country, 0.0)
    for other in near:
        if any(q.kind == "country" and q.country == p.country for q in other.candidates):
            points += w.country_beside
        elif p.kind in ("place", "admin2") and any(holds(q, p) for q in other.candidates):
            points += w.admin_beside
    return points


def holds(unit: Place, p: Place) -> bool:
    if unit.country != p.country:
        return False
    return (unit.kind == "admin1" and unit.name == p.admin1) or (
        unit.kind == "admin2" and p.kind == "place" and unit.name == p.admin2
    )


def neighbours(drafts: Sequence[Draft], i: int, text: str) -> list[Draft]:
    """The one or two names said right after this one: "Mera, Augie local government area, Kebbi State"."""
    found = []
    end = drafts[i].end
    for d in drafts[i + 1 : i + 3]:
        gap = text[end : d.start]
        if (
            len(gap) > 45
            or "." in gap
            or "\n" in gap
            or not (
                gap.strip()[:1] in (",", "(") or gap.strip() in ("in", "in the", "en", "au", "dans le", "dans la", "of")
            )
        ):
            break
        found.append(d)
        end = d.end
    return found


def country_votes(drafts: Sequence[Draft], said: Counter[str], spoken: frozenset[str]) -> dict[str, float]:
    """Share of each country among the names; a country's own name and people count most."""
    votes: Counter[str] = Counter(said)
    for d in once(drafts):
        homes = {p.country for p in d.candidates if p.country}
        countries = {p.country for p in d.candidates if p.kind == "country"}
        if countries and (d.kind is None):
            votes.update(dict.fromkeys(countries, VOTES.get(d.role, 2.0)))
        elif len(homes) == 1:
            votes.update(dict.fromkeys(homes, 2.0 if any(p.kind == "admin1" for p in d.candidates) else 1.5))
        elif homes:
            largest: Counter[str] = Counter()
            for p in d.candidates:
                largest[p.country] = max(largest[p.country], weight_of(p, d.name, spoken))
            total = sum(largest.values())
            votes.update({home: n / total for home, n in largest.items()})
    total = sum(votes.values())
    return {home: n / total for home, n in votes.items()} if total else {}


VOTES = {"metonym": 0.4, "demonym": 1.2}


def actor_votes(text: str) -> Counter[str]:
    """Groups and forces named in the text vote for their country."""
    homes = tables.context()
    return Counter(
        {c: 1.0 * n for c, n in Counter(homes[w] for w in dict.fromkeys(actor_words().findall(text))).items()}
    )


@cache
def actor_words() -> re.Pattern[str]:
    longest = sorted(tables.context(), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, longest)) + r")(?![\w-])")


def once(drafts: Sequence[Draft]) -> list[Draft]:
    """Each name once: a communiqué says its own country many times."""
    return list({(key(d.name), d.role): d for d in drafts}.values())


def weight_of(p: Place, name: str, homes: frozenset[str]) -> int:
    """How much a place says for its country; by a name that is not its first it says little."""
    weight = 400 if p.kind == "admin1" else max(20, int((p.population or 400) ** 0.5))
    weight *= SPOKEN if p.country in homes else 1
    weight *= 2 if p.name == name and not name.isascii() else 1  # accents and all
    return weight if key(p.name) == key(name) else weight // 4


def near_others(p: Place, points: Sequence[Place], w: Weights) -> float:
    near = sorted(roughly(p.latitude, p.longitude, q.latitude, q.longitude) for q in points if q.name != p.name)[:2]
    return sum(w.near_other / len(near) * max(0.0, min(1.0, (FAR_KM - km) / (FAR_KM - NEAR_KM))) for km in near)
