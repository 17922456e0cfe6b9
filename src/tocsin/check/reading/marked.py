"""A text in which numbers, periods, places and actors are marked, so that patterns can name them.

In:  a Scene of code/ (reading, actors, places), the words of the language.
Out: `Marked`: the folded text with every such word replaced by signs of the same length, and what each means.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from spacy.tokens import Token

from tocsin.check.reading import happenings, periods
from tocsin.check.reading.happenings import Happening
from tocsin.check.reading.patterns import MARKS
from tocsin.check.reading.periods import Period
from tocsin.check.reading.words import Words
from tocsin.check.statement import Spot
from tocsin.code.frames import Scene
from tocsin.countries import by_name, country, demonym
from tocsin.fold import fold
from tocsin.model import ActorMention, Number, Place, PlaceMention, Span
from tocsin.read.numbers import every_number
from tocsin.registry import Registry

ARMED = ("group", "armed", "state")
DECIMAL = re.compile(r"(?<![\d.,])\d+[.,]\d{1,2}(?![\d.,]*\d)")
APPOSED = re.compile(r"(?:,? (?:city )?(?:of |de |d')?|,? ?\(?)")
ENDS = re.compile(r"(?:[.!?…][\"'”»’)\]]*\s*|\n\s*)$")
WORD = re.compile(r"[\w'’-]+")
FAR = 40  # characters from "since" to the happening
LINK = 4  # characters of " de " between "État" and its name
LOOSE = ("takeover", "war", "fall", "election", "intervention", "insurgency")  # words for them mean much else
CLAUSES = {"relcl", "acl:relcl", "appos"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it stands in the text. `rule`: of read/numbers ("exact", "about", "dozens", ...)."""

    span: Span
    value: float
    rule: str


@dataclass(frozen=True, slots=True)
class Named:
    """A place as it stands in the text."""

    span: Span
    spot: Spot
    anchor: bool = False


@dataclass(frozen=True)
class Marked:
    """One text, marked."""

    scene: Scene
    words: Words
    folded: str
    home: str | None  # ISO alpha-3 of the country that the text is about
    periods: tuple[Period, ...]
    places: tuple[Named, ...]
    actors: tuple[ActorMention, ...]
    numbers: tuple[Amount, ...]

    @property
    def published(self) -> date | None:
        return self.scene.reading.report.published

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        return sentences(self.scene)

    @cached_property
    def text(self) -> str:
        """The folded text with the marks."""
        signs = list(self.folded)
        for kind, found in (("time", self.periods), ("place", self.places), ("actor", self.actors), ("number", self.numbers)):  # fmt: skip
            for each in found:
                signs[each.span.start : each.span.end] = MARKS[kind] * (each.span.end - each.span.start)
        return "".join(signs)


def marked(scene: Scene, words: Words, registry: Registry) -> Marked:
    """The text of `scene` with all that patterns can name; what was found earlier is not overlapped by what comes later."""
    reading = scene.reading
    folded, home = fold(reading.text), home_of(scene) or _home_of_groups(scene, registry)
    found = periods.find_periods(folded, words.lang, reading.report.published, reading.times)
    begun = {each.span.start for each in found}
    spoken = [
        each
        for sentence in sentences(scene)
        for each in _happenings(scene, folded, sentence, words.lang, home, found)
        if each.span.start not in begun
    ]
    times = [*spoken, *_free(found, spoken)]
    named = [each for each in scene.actors if each.kind in ARMED]  # "Mali's army" is no place
    places = _free(_places(scene, folded, words, home), [*times, *named])
    coups = [_Words(Span(*m.span())) for name in ("coup", "not_actors") for m in words.lists[name].finditer(folded)]
    known = [_trimmed(each, folded, words) for each in scene.actors if each.kind in ARMED]
    actors = [each for each in known if not _is_of_place(each, places, folded)]
    actors = _free(actors, [*times, *places, *coups])
    parts = [_Words(Span(*m.span())) for m in words.lists["fraction"].finditer(folded)]
    numbers = _free(_numbers(reading.text, folded, words.lang), [*times, *places, *actors, *parts])
    return Marked(scene, words, folded, home, *(tuple(sorted(each, key=lambda e: e.span)) for each in (times, places, actors, numbers)))  # type: ignore[arg-type]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Words:
    span: Span


def sentences(scene: Scene) -> tuple[Span, ...]:
    """Sentences that end where a sentence can end: the parser also cuts long ones in their middle."""
    found: list[Span] = []
    text = scene.reading.text
    for each in scene.reading.sentences:
        if found and not ENDS.search(text[found[-1].start : each.span.start]):
            found[-1] = Span(found[-1].start, each.span.end)
        else:
            found.append(each.span)
    return tuple(found)


def _trimmed(mention: ActorMention, folded: str, words: Words) -> ActorMention:
    """ "Al-Shabaab attacks": the word for events is none of the name."""
    last = folded.rfind(" ", mention.span.start, mention.span.end)
    if last > 0 and words.lists["topic"].fullmatch(folded, last + 1, mention.span.end):
        return replace(mention, span=Span(mention.span.start, last))
    return mention


def _is_of_place(mention: ActorMention, places: list[Named], folded: str) -> bool:
    """ "l'État de Borno" is a place, not a state that acts."""
    ends = mention.span.end
    near = (p.span.start for p in places if p.spot.kind == "admin1" and 0 < p.span.start - ends <= LINK)
    return mention.key == "government" and any(len(folded[ends:start].split()) == 1 for start in near)


def _free(found: list, taken: list) -> list:  # type: ignore[type-arg]
    return [each for each in found if not any(each.span.overlaps(other.span) for other in taken)]


# -- where -----------------------------------------------------------------------------------------------------------


def home_of(scene: Scene) -> str | None:
    """The country that most names of the text speak of; the first one of several."""
    votes = Counter(each.place.country for each in scene.places if each.place and each.place.country)
    votes.update(each.country for each in scene.actors if each.country and each.kind == "state")
    return votes.most_common(1)[0][0] if votes else None


def _home_of_groups(scene: Scene, registry: Registry) -> str | None:
    """Where the first group of the text is at home, if the text names no place at all."""
    keys = [each.key.split("|") for each in scene.actors if each.kind == "group"]
    known = [registry.groups[key[0]].countries for key in keys if len(key) == 1 and key[0] in registry.groups]
    return next((countries[0] for countries in known if len(countries) > 0), None)


def spot_of(place: Place) -> Spot:
    """The gazetteer's place, its country by ACLED's name."""
    home = country(place.country)
    name = home.name if home and place.kind == "country" else place.name
    return Spot(name, place.kind, home.name if home else None, place.latitude, place.longitude, place.geonameid)


def _places(scene: Scene, folded: str, words: Words, home: str | None) -> list[Named]:
    """Names, parts of what is named ("northern Mali"), and words for the capital and parts of the country."""
    named = [
        _named(each, folded)
        for each in scene.places
        if each.place and each.role in ("at", "anchor", "metonym", "dateline")
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


# -- how many --------------------------------------------------------------------------------------------------------


def _numbers(text: str, folded: str, lang: str) -> list[Amount]:
    decimals = [Amount(Span(*m.span()), float(m[0].replace(",", ".")), "exact") for m in DECIMAL.finditer(folded)]
    whole = [_amount(each) for each in every_number(text, lang) if each.rule != "several"]
    return [*decimals, *_free(whole, decimals)]


def _amount(number: Number) -> Amount:
    value = number.low if number.high is None or number.high == number.low else (number.low + number.high) / 2
    return Amount(number.span, float(value), number.rule)


# -- since which happening -------------------------------------------------------------------------------------------


def _happenings(
    scene: Scene, folded: str, sentence: Span, lang: str, home: str | None, dated: list[Period]
) -> list[Period]:
    """Periods that begin with a happening: "since the French withdrawal". One that nobody dated has no day."""
    reading, found = scene.reading, list[Period]()
    for match in happenings.load(lang).after.finditer(folded, sentence.start, sentence.end):
        token = reading.tokens(Span(*match.span()))[0]
        clause = _clause(token, folded, match.end(), sentence.end)
        here, begins = Span(*match.span()), happenings.load(lang).since.fullmatch(match[0])
        if any(each.span.overlaps(here) for each in found):
            continue
        spoken = happenings.spoken_of(clause, lang, _adjectives(scene, Span(match.end(), sentence.end)))
        stop = folded.find(",", match.end(), sentence.end)
        inside = Span(match.end(), stop if stop > 0 else sentence.end)
        said = next((each for each in dated if inside.covers(each.span) and each.first and not each.open), None)
        if spoken is None:
            found += [_begun(here, "", said)] if begins else []
            continue
        known = _known(scene, spoken, Span(match.start(), match.end() + spoken.end), sentence, home)
        if known is None and spoken.kind in LOOSE and not begins:
            continue
        far = spoken.start > FAR  # then other things are said between
        span = Span(match.start(), match.end() + (0 if far else spoken.end))
        day = Period(span, "happening", known.day, None, True, happening=spoken.kind) if known else None
        found.append(day or _begun(span, "" if spoken.kind in LOOSE else spoken.kind, said))
    return found


def _begun(span: Span, kind: str, said: Period | None) -> Period:
    """A happening that the file does not know begins when the text says: "since the offensive in March"."""
    end = max(span.end, said.span.end) if said and said.span.start - span.end < FAR else span.end
    return Period(Span(span.start, end), "happening", said.first if said else None, None, True, happening=kind)


def _clause(token: Token, folded: str, start: int, end: int) -> str:
    """The words that depend on "since", without relative clauses; as long as the text from `start` to where they end."""
    top = token.head if token.dep_ in ("mark", "case", "advmod") else token
    left = {below.i for child in top.subtree if child.dep_ in CLAUSES for below in child.subtree if child is not top}
    signs = [" "] * (end - start)
    for each in top.subtree:
        if each.idx >= start and each.i not in left and each.idx < end:
            at = each.idx - start
            signs[at : at + len(each)] = folded[each.idx : each.idx + len(each)]
    return re.sub(r"\s{40,}$", "", "".join(signs[: end - start]))


def _adjectives(scene: Scene, span: Span) -> frozenset[str]:
    """Countries named in the words: "French", "France"."""
    named = {each.place.country for each in scene.places if each.place and span.covers(each.span)}
    return frozenset(named | {each.country for each in scene.actors if each.country and span.covers(each.span)})


def _known(scene: Scene, spoken: happenings.Spoken, span: Span, sentence: Span, home: str | None) -> Happening | None:
    """The happening in the country that the words name, failing that in that of the sentence, then in that of the text."""
    named = [e for e in scene.places if e.place and e.role != "demonym" and sentence.covers(e.span)]
    inside = [e.place.country for e in named if e.place and span.covers(e.span)]
    around = [e.place.country for e in named if e.place]
    for country in dict.fromkeys([*inside, *around, home]):
        if found := happenings.resolve(spoken, country, scene.reading.report.published):
            return found
    return None
