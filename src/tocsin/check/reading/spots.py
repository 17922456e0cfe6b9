"""The places of a text as statements speak of them: names, "northern Mali", "the capital".

In:  a Scene of code/, the words of the language.
Out: `Named`s, each a Spot with where it stands; the country that the text is about.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from tocsin.check.reading.words import Words
from tocsin.check.statement import Spot
from tocsin.code.frames import Scene
from tocsin.countries import by_name, country, demonym
from tocsin.fold import fold
from tocsin.model import Place, PlaceMention, Span
from tocsin.registry import Registry

ABROAD = "External/Other forces"  # missions and alliances: where they sit tells nothing
ROLES = ("at", "anchor", "metonym", "dateline")
APPOSED = re.compile(r"(?:,? (?:city )?(?:of |de |d')?|,? ?\(?)")
WORD = re.compile(r"[\w'’-]+")


@dataclass(frozen=True, slots=True)
class Named:
    """A place as it stands in the text."""

    span: Span
    spot: Spot
    anchor: bool = False


def home_of(scene: Scene) -> str | None:
    """The country that most names of the text speak of; the first one of several."""
    named = [each for each in scene.places if each.place and each.place.country]
    heard = [each for each in named if not _speaks(scene, each)] or named
    votes = Counter(each.place.country for each in heard if each.place)
    votes.update(each.country for each in scene.actors if each.country and each.kind == "state")
    return votes.most_common(1)[0][0] if votes else None


def home_of_groups(scene: Scene, registry: Registry) -> str | None:
    """Where the first group of the text is at home, if the text names no place at all."""
    keys = [each.key.split("|") for each in scene.actors if each.kind == "group"]
    known = [registry.groups[key[0]] for key in keys if len(key) == 1 and key[0] in registry.groups]
    return next((each.countries[0] for each in known if each.countries and each.inter != ABROAD), None)


def _speaks(scene: Scene, mention: PlaceMention) -> bool:
    """ "according to Manila": a government by the name of its capital, no place."""
    speakers = [each.speaker for each in scene.reading.speech if each.speaker]
    around = [each for each in speakers if each.covers(mention.span)]
    return any(len(each.of(scene.reading.text).split()) - len(mention.name.split()) <= 1 for each in around)


def spot_of(place: Place) -> Spot:
    """The gazetteer's place, its country by ACLED's name."""
    home = country(place.country)
    name = home.name if home and place.kind == "country" else place.name
    return Spot(name, place.kind, home.name if home else None, place.latitude, place.longitude, place.geonameid)


def places_of(scene: Scene, folded: str, words: Words, home: str | None) -> list[Named]:
    """Names, parts of what is named ("northern Mali"), and words for the capital and parts of the country."""
    named = [
        _named(each, folded) for each in scene.places if each.place and each.role in ROLES and not _speaks(scene, each)
    ]
    found = [_part(each, folded, words) for each in named]
    for name, pattern in words.parts_of_country.items():
        found += [
            Named(Span(*m.span()), part_of(name, _country(scene, home))) for m in pattern.finditer(folded) if home
        ]
    return [*_capitals(scene, folded, words, home, found), *found]


def _named(mention: PlaceMention, folded: str) -> Named:
    """The name alone: "close to" is not masked."""
    assert mention.place
    start = folded.rfind(fold(mention.name), mention.span.start, mention.span.end)
    span = Span(start, start + len(mention.name)) if start > mention.span.start else mention.span
    return Named(span, spot_of(mention.place), mention.role == "anchor")


def _country(scene: Scene, iso3: str | None) -> Spot:
    place = scene.gazetteer.country(iso3) if iso3 else None
    found = country(iso3) if iso3 else None
    return spot_of(place) if place else Spot(found.name if found else "", "country", found.name if found else None)


def part_of(part: str, whole: Spot) -> Spot:
    """ "northern Mali": nobody knows where it ends, so it has no point."""
    return Spot(f"{part} {whole.name}", "region", whole.country)


def _part(named: Named, folded: str, words: Words) -> Named:
    """ "northern Mali", "northern and central Mali"."""
    said: list[str] = []
    start = named.span.start
    while named.spot.kind in ("country", "admin1", "region") and (found := _part_before(folded[:start], words)):
        said.insert(0, found[0])
        start = found[1]
    return Named(Span(start, named.span.end), part_of(" and ".join(said), named.spot), named.anchor) if said else named


def _part_before(before: str, words: Words) -> tuple[str, int] | None:
    """The part whose words end `before`, and where they start."""
    floor = max(0, len(before) - 40)
    for name, pattern in words.parts.items():
        for match in reversed(list(pattern.finditer(before, floor))):
            rest = before[match.end() :].strip(" '")
            if not rest or rest in words.joiners:
                return name, match.start()
    return None


def _capitals(scene: Scene, folded: str, words: Words, home: str | None, named: list[Named]) -> list[Named]:
    """ "the capital", "Mali's seat of power", "la capitale tchadienne"; not where its name stands beside it."""
    found = []
    for match in words.cues["capital"].finditer(folded):
        before, after = folded[: match.start()], folded[match.end() :]
        if any(
            m.start() <= match.end() and match.start() <= m.end() for m in words.cues["not_capital"].finditer(folded)
        ):
            continue
        beside = [
            n
            for n in named
            if 0 <= n.span.start - match.end() < 9 and APPOSED.fullmatch(folded[match.end() : n.span.start])
        ]
        if any(n.spot.kind == "place" for n in beside):
            continue
        owner = _owner(scene, before, after, beside, words.lang) or home
        place = scene.gazetteer.capital(owner) if owner else None
        if place:
            found.append(Named(Span(*match.span()), spot_of(place)))
    return found


def _owner(scene: Scene, before: str, after: str, beside: list[Named], lang: str) -> str | None:
    """Whose capital: "Mali's", "the Malian", "tchadienne", "du Tchad"."""
    text = scene.reading.text
    near = [
        *WORD.findall(text[max(0, len(before) - 30) : len(before)])[-2:],
        *WORD.findall(text[len(text) - len(after) :][:30])[:1],
    ]
    for word in reversed(near):
        bare = re.sub(r"['’]s?$", "", word)
        if found := demonym(bare, lang) or by_name(bare, lang):
            return found.iso3
    known = beside[0].spot.country if beside and beside[0].spot.kind == "country" else None
    found = by_name(known, "en") if known else None
    return found.iso3 if found else None
