"""Find the names of places in any text: a small weighed sum of signs says which capitalised words are one.

In:  a text, its language, the gazetteer, the weights of spot.toml.
Out: `Spot` values in the order of the text, each with all places it can mean and how surely it is a place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from math import exp, log10

from tocsin.errors import DataError
from tocsin.locate import tables
from tocsin.locate.candidates import Candidate, candidates
from tocsin.locate.gazetteer import Gazetteer
from tocsin.locate.names import Token, runs, tokens
from tocsin.locate.toponyms import kind_after, surroundings, unknown_at
from tocsin.locate.words import Words, words

Signs = dict[str, float]
NONE = Token(0, 0, "", "", False, False)  # there is no word
UNLISTED = 0.5  # how sure a name is that no list has; half of them and more are towns
LINKED = " -"  # what may stand between two words of one name


@dataclass(frozen=True, slots=True)
class Spot:
    """A name that may be a place. `sure`: 0 to 1, that it is one."""

    start: int
    end: int
    name: str
    candidates: tuple[Candidate, ...]
    kind: str | None = None  # what the words beside it say it is: place, admin1, admin2, area
    sure: float = 1.0


@dataclass(slots=True)
class Page:
    """The text as the finder looks at it."""

    text: str
    lang: str
    words: Words
    found: list[Token]
    lower: set[str]  # words that the text also writes small
    people: frozenset[str] = frozenset()  # last words of names after a title or a first name
    called: frozenset[str] = frozenset()  # names that "in" or "at" stands before somewhere
    seconds: frozenset[str] = frozenset()  # words that follow another capitalised word


def spots(page: Page, gazetteer: Gazetteer) -> list[Spot]:
    """All names that are more likely a place than not, those that no list has among them."""
    found: list[Spot] = []
    i = 0
    while i < len(page.found):
        best = best_at(page, i, gazetteer) or unlisted_at(page, i)
        i += 1
        if best:
            found.append(best)
            while i < len(page.found) and page.found[i].start < best.end:
                i += 1
    return found


def spot_at(page: Page, start: int, end: int, gazetteer: Gazetteer) -> Spot:
    """The name at a given span, whatever it is."""
    name, tokens_ = page.text[start:end], page.found
    first = bisect_left(tokens_, start, key=lambda t: t.start)
    last = bisect_left(tokens_, end, key=lambda t: t.end)
    kind = kind_said(page, first, last) if first <= last < len(tokens_) else None
    return Spot(start, end, name, candidates(name, page.lang, gazetteer), kind)


def kind_said(page: Page, first: int, last: int) -> str | None:
    """The kind of place that the words before or after the name say: "Gao region", "the town of Gao"."""
    return kind_after(page.found, last, page.words) or surroundings(page.found, first, page.words)[1]


def best_at(page: Page, i: int, gazetteer: Gazetteer) -> Spot | None:
    """The longest name that starts at word `i` and is sure enough."""
    for spot, found in possible(page, i, gazetteer):
        if (sure := likelihood(found, weights())) >= least():
            return replace(spot, sure=sure)
    return None


def unlisted_at(page: Page, i: int) -> Spot | None:
    """A name that is in no list, if the words before it say that it is a town: "the village of X"."""
    before = page.found[i - 1] if i else NONE
    if not page.found[i].capital or before.capital or before is NONE or page.found[i].low in given_names():
        return None
    cue, said = surroundings(page.found, i, page.words)
    if cue not in page.words.appositions:
        return None
    found = unknown_at(page.text, page.found, i, page.words, cue, said, page.lower)
    if found is None or found.kind != "place":
        return None
    return Spot(found.start, found.end, found.name, (), found.kind, UNLISTED)


def possible(page: Page, i: int, gazetteer: Gazetteer) -> Iterator[tuple[Spot, Signs]]:
    """Names that start at word `i` and have candidates, longest first, with their signs."""
    if not page.found[i].capital:
        return
    for last in runs(page.found, page.text, i):
        end = stopped(page, last)
        name = page.text[page.found[i].start : end]
        known = tuple(c for c in candidates(name, page.lang, gazetteer) if c.way != "part")
        if known and not (page.found[i].low in articles() and known[0].place.kind in ("country", "region")):
            kind = kind_said(page, i, last)
            yield Spot(page.found[i].start, end, name, known, kind), signs(page, i, last, known)


def stopped(page: Page, last: int) -> int:
    """Where the name ends; the dot of "Calif." belongs to it."""
    t = page.found[last]
    dotted = page.text[t.end : t.end + 1] == "." and ("." in t.text or t.text + "." in tables.short_names())
    return t.end + dotted


def read(text: str, lang: str) -> Page:
    spoken = words(lang)
    found = dotted(tokens(text, spoken.road), text)
    page = Page(text, lang, spoken, found, {t.low for t in found if not t.capital})
    page.people = frozenset(people(page))
    page.seconds = frozenset(seconds(page))
    page.called = frozenset(t.low for word, t in pairwise(found) if t.capital and word.low in spoken.strong_before)
    return page


def dotted(found: list[Token], text: str) -> list[Token]:
    """ "St", "." before a name as one word: "St. Petersburg"."""
    short = tables.toml("name_parts.toml")["shortened"]
    joined: list[Token] = []
    for t in found:
        last = joined[-1] if joined else NONE
        if (
            t.text == "."
            and last.end == t.start
            and f"{last.text}." in short
            and text[t.end : t.end + 2].strip().isalpha()
        ):
            joined[-1] = last._replace(end=t.end, text=f"{last.text}.")
        else:
            joined.append(t._replace(first=False) if last.text.endswith(".") and len(last.text) > 1 else t)
    return joined


def people(page: Page) -> Iterator[str]:
    """Last words of what is surely a person's name: "Alice Walker", "Gov. Perry"."""
    for i, t in enumerate(page.found):
        if t.capital and (t.low in given_names() or t.low.rstrip(".") in page.words.titles):
            last = runs(page.found, page.text, i)[0]
            if last > i:
                yield page.found[last].low


def seconds(page: Page) -> Iterator[str]:
    """Words that follow a capitalised one that is neither a direction nor another ordinary word: "Dana Milton"."""
    ordinary = page.words.stop | page.words.kind_of.keys()
    for before, t in pairwise(page.found):
        named = t.capital and before.capital and not before.first and before.low not in ordinary
        if named and page.text[before.end : t.start] == " ":
            yield t.low


@cache
def articles() -> frozenset[str]:
    return frozenset(tables.toml("name_parts.toml")["articles"])


@cache
def given_names() -> frozenset[str]:
    lines = (tables.DATA / "given_names.txt").read_text(encoding="utf-8").split("\n", 1)[1]
    return words("en").first_names | frozenset(lines.split())


def signs(page: Page, i: int, last: int, known: Sequence[Candidate]) -> Signs:
    """What speaks for and against a place, by the names of spot.toml."""
    found = {"always": 1.0, **of_places(known), **of_name(page, i, last), **of_surroundings(page, i, last)}
    short = tables.short_names().get(page.text[page.found[i].start : stopped(page, last)])
    found["short_alone"] = float(short is not None and short.after and not found["comma_before"])
    group = "adjective" if found["adjective"] else "wide" if any(found[name] for name in WIDE) else None
    if group:
        found.update({f"{name}_{group}": found.pop(name) for name in GROUPED})
    return found


# Signs that tell less against a country, a people or a province than against a town; those have weights of their own.
WIDE = ("country", "short", "admin1", "region")
GROUPED = ("stop_word", "name_before", "name_after", "small_elsewhere", "short_capitals", "first_name", "the_before",
        "seconds", "person_elsewhere")  # fmt: skip


def of_places(known: Sequence[Candidate]) -> Signs:
    kinds = {c.place.kind for c in known if c.way != "adjective"}
    main = [c.place for c in known if c.way in ("main", "kind")]
    people = max((p.population or 0 for p in main if p.kind == "place"), default=0)
    return {
        "country": float("country" in kinds),
        "admin1": float(any(p.kind == "admin1" for p in main)),
        "admin2": float(any(p.kind == "admin2" for p in main)),
        "region": float(bool(kinds & {"region", "area"})),
        "adjective": float(any(c.way == "adjective" for c in known)),
        "short": float(any(c.way == "short" for c in known)),
        "kind_in_name": float(any(c.way == "kind" for c in known)),
        "log_population": log10(max(people, 100)) - 2,
        "large": float(people >= 100_000),
        "only_other_name": float(not main and not kinds & {"country", "region"}),
        "many": log10(len(known)),
    }


def of_name(page: Page, i: int, last: int) -> Signs:
    first, final = page.found[i], page.found[last]
    single = i == last
    return {
        "words": float(last - i),
        "stop_word": float(single and first.low in page.words.stop),
        "stop_word_first": float(not single and first.low in page.words.stop),
        "small_elsewhere": float(single and first.low in page.lower),
        "capitals": float(first.text.isupper() and len(first.text) > 4),
        "short_capitals": float(single and first.text.isupper() and len(first.text) <= 4),
        "first_name": float(first.low in given_names()),
        "seconds": float(single and first.low in page.seconds),
        "person_elsewhere": float(final.low in page.people),
        "called_elsewhere": float(first.low in page.called),
        "starts_sentence": float(first.first),
    }


def of_surroundings(page: Page, i: int, last: int) -> Signs:
    after = page.found[last + 1 : last + 3]
    next_word, second = (*after, NONE, NONE)[:2]
    before, spoken = page.found[i - 1] if i else NONE, page.words
    cue, _ = surroundings(page.found, i, spoken)
    joined = before if linked(page, before, page.found[i]) else NONE
    follows = next_word if linked(page, page.found[last], next_word) and next_word.text[0].isalpha() else NONE
    signs = {
        "in_before": cue in spoken.strong_before,
        "word_before": cue.startswith("+"),
        "kind_before": bool(cue) and not cue.startswith("+") and cue not in spoken.strong_before,
        "kind_after": kind_after(page.found, last, spoken) is not None,
        "title_before": joined.low.rstrip(".") in spoken.titles,
        "first_name_before": joined.capital and joined.low in given_names(),
        "name_before": joined.capital and not joined.first,
        "name_after": follows.capital,
        "organisation_after": follows.low in spoken.organisation_after,
        "says_after": follows.low in spoken.metonym_after,
        "the_before": before.low in articles(),
        "comma_before": before.text == "," and i > 1 and page.found[i - 2].capital,
        "comma_after": next_word.text == "," and second.capital,
        "bracket_before": before.text == "(",
        "genitive_after": next_word.low in ("'s", "’s"),
    }
    return {name: float(value) for name, value in signs.items()}


def linked(page: Page, one: Token, other: Token) -> bool:
    """Do they stand side by side, like words of one name?"""
    return one is not NONE and other is not NONE and page.text[one.end : other.start] in LINKED


def likelihood(found: Signs, table: Mapping[str, float]) -> float:
    """That it is a place, 0 to 1."""
    total = sum(table.get(name, 0.0) * value for name, value in found.items() if value)
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


@cache
def weights() -> dict[str, float]:
    raw = tables.toml("spot.toml")
    try:
        return {str(name): float(weight) for name, weight in raw["weights"].items()}
    except (KeyError, ValueError) as wrong:
        raise DataError(f"{tables.DATA / 'spot.toml'}:1: found {wrong}, expected a number for each sign") from wrong


@cache
def least() -> float:
    """How sure a name must be."""
    return float(tables.toml("spot.toml")["least"])
