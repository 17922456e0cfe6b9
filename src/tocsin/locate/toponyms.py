"""Find the names of places in a text, with all the places each can mean.

In:  tokens of the text, the words of its language, the gazetteer.
Out: `Draft` values in the order of the text, also for unknown names if the words around them call them a place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tocsin import countries
from tocsin.locate.gazetteer import Gazetteer
from tocsin.locate.names import Token, item_head, runs
from tocsin.locate.words import Words
from tocsin.model import Place

DATELINE = re.compile(r"^(?:,\s[^.\n(]{1,50}?)?(?:\s*\([^)\n]{1,50}\))?\s*(?:–|—|--| -(?= )|:)")
SHORT = 4  # letters; an acronym of so few is a place only if a country is called so
SMALL = 15_000  # inhabitants; a smaller town needs a word beside it that calls for a place


@dataclass(frozen=True, slots=True)
class Draft:
    """A name and what it can mean."""

    start: int
    end: int
    name: str
    first: int  # index of its first token
    last: int
    candidates: tuple[Place, ...]  # none: not in the gazetteer
    role: str
    cue: str  # the word beside it that calls for a place; "" if none
    kind: str | None = None  # place, admin1, admin2, area: the kind said beside it
    head: bool = False  # opens a paragraph or list item


def sounding(drafts: list[Draft], homes: frozenset[str], gazetteer: Gazetteer) -> list[Draft]:
    """Unknown names with the places of the report's countries that sound like them ("Djowhar": Jowhar)."""
    return [replace(d, candidates=alike(d.name, homes, gazetteer)) if not d.candidates else d for d in drafts]


def alike(name: str, homes: frozenset[str], gazetteer: Gazetteer) -> tuple[Place, ...]:
    return tuple(p for p in gazetteer.sounding(name) if p.country in homes)


def find(text: str, found: list[Token], words: Words, gazetteer: Gazetteer) -> list[Draft]:
    drafts: list[Draft] = []
    lower = {t.low for t in found if not t.capital}
    i = 0
    while i < len(found):
        draft = demonym_at(found, i, words, gazetteer) or (
            name_at(text, found, i, words, gazetteer, lower) if found[i].capital else None
        )
        if draft:
            drafts.append(draft)
            i = draft.last + 1
        else:
            i += skip(text, found, i, words)
    return drafts


def skip(text: str, found: list[Token], i: int, words: Words) -> int:
    """How far to go on where no place starts: past a person's whole name, else one word."""
    if found[i].capital and (found[i].low in words.first_names or found[i].low in words.facilities):
        return runs(found, text, i)[0] - i + 1
    return 1


def demonym_at(found: list[Token], i: int, words: Words, gazetteer: Gazetteer) -> Draft | None:
    t = found[i]
    if len(t.text) < 4 or not t.text[0].isalpha() or (words.lang == "en" and not t.capital):
        return None
    home = countries.demonym(t.text, words.lang)
    place = gazetteer.country(home.iso3) if home else None
    if place is None or t.low in words.stop:
        return None
    return Draft(t.start, t.end, t.text, i, i, (place,), "demonym", "")


def name_at(text: str, found: list[Token], i: int, words: Words, gazetteer: Gazetteer, lower: set[str]) -> Draft | None:
    cue, said = surroundings(found, i, words)
    person = is_person(text, found, i, words)
    whole = whole_name(text, found, i, words)
    for last in runs(found, text, i):
        name = text[found[i].start : found[last].end]
        after = kind_after(found, last, words)
        soft = found[i].low in words.soft_stop and bool(after or said or (cue and cue[0] != "+" and not found[i].first))
        places = () if i == last and found[i].low in words.stop and not soft else lookup(name, words.lang, gazetteer)
        if not places or (person and not cue):
            continue
        if last < whole and not any(weighty(p) for p in places):
            continue
        draft = Draft(found[i].start, found[last].end, name, i, last, places, "at", cue, after or said)
        if believable(draft, text, found, words, lower):
            return replace(draft, role=role_of(draft, text, found, words), head=item_head(text, draft.start, draft.end))
    return None if person else unknown_at(text, found, i, words, cue, said, lower)


def whole_name(text: str, found: list[Token], i: int, words: Words) -> int:
    """Index of the last word that surely belongs to the name at `i`: "Filo de la Cruz", "Khan Abad"."""
    last = i
    for end in reversed(runs(found, text, i)):
        between = {t.low for t in found[last + 1 : end]}
        if between and not between <= words.binders:
            break
        if found[end].low in words.kind_of or found[end].low in words.stop:
            break
        last = end
    return last


def weighty(p: Place) -> bool:
    return p.kind in ("country", "region", "area", "admin1") or (p.population or 0) >= 100_000


SUFFIX = re.compile(r"[- ](?:[Cc]entre|[Vv]ille|[Cc]ité|[Tt]own|[Cc]ity)$")  # "Lubero-centre", "Leer town"


def lookup(name: str, lang: str, gazetteer: Gazetteer) -> tuple[Place, ...]:
    """Places of that name; a country only by a name that it has in this language."""
    found = gazetteer.named(name) or gazetteer.named(SUFFIX.sub("", name))
    places = tuple(p for p in found if p.kind != "country")
    if any(p.kind in ("region", "admin1") and p.country == "PSE" for p in places):
        return places
    home = countries.by_name(name, lang)
    country = gazetteer.country(home.iso3) if home else None
    return (country, *places) if country else places


def surroundings(found: list[Token], i: int, words: Words) -> tuple[str, str | None]:
    """The word before that calls for a place, and the kind of place it says: "village de" -> ("village", "place")."""
    j = i - 1
    while j >= 0 and i - j <= 4 and found[j].low.rstrip("'’") in LINKS:
        j -= 1
    if (
        j >= 0
        and found[j].low in words.kinds_before
        and (j < i - 1 or not found[j].capital or found[j].low in words.kind_of)
    ):
        return found[j].low, words.kind_of.get(found[j].low)
    before = found[i - 1].low.rstrip("'’") if i else ""
    if before in words.strong_before or (
        before in ("the", "la", "le", "l") and i > 1 and found[i - 2].low in words.strong_before
    ):
        return before, None
    return ("+" + before, None) if before in words.before or before in words.taken else ("", None)


LINKS = frozenset(["of", "the", "de", "du", "des", "d", "la", "le", "les", "l"])


def kind_after(found: list[Token], last: int, words: Words) -> str | None:
    for n in (3, 2, 1):
        said = " ".join(t.low for t in found[last + 1 : last + 1 + n])
        if said in words.kind_of and words.lang == "en":
            return words.kind_of[said]
    return None


def is_person(text: str, found: list[Token], i: int, words: Words) -> bool:
    """A title or first name stands before it, or it is a first name before another name."""
    after = found[i + 1] if i + 1 < len(found) else None
    if found[i].low in words.first_names and after and after.capital and text[found[i].end : after.start] == " ":
        return True
    if i == 0 or text[found[i - 1].end : found[i].start] != " ":
        return False
    before = found[i - 1]
    return before.low in words.titles or (before.capital and before.low in words.first_names)


def believable(d: Draft, text: str, found: list[Token], words: Words, lower: set[str]) -> bool:
    """Is this name, here, really a place?"""
    single, token = d.first == d.last, found[d.first]
    large = any(p.kind in ("country", "region", "area", "admin1") or p.feature == "PPLC" for p in d.candidates)
    if d.first and found[d.first - 1].low in words.facilities and text[d.start - 1] == " ":
        return False
    head = item_head(text, d.start, d.end)
    if (
        single
        and token.text.isupper()
        and len(token.text) <= SHORT
        and not (large if head else any(p.kind == "country" for p in d.candidates))
    ):
        return False
    after = found[d.last + 1] if d.last + 1 < len(found) else None
    joined = after is not None and text[d.end : after.start] in (" ", "-") and after.capital
    if joined and after and after.low in words.organisation_after:
        return False
    called = bool(d.cue) or d.kind is not None
    if joined and after and after.text[0].isalpha() and not called and after.low not in words.kind_of:
        return False
    before = found[d.first - 1] if d.first else None
    if (
        single
        and not called
        and before
        and before.capital
        and not before.first
        and text[before.end : token.start] == " "
    ):
        return False
    if single and token.first and token.low in lower:
        return False
    if large or (called and not d.cue.startswith("+")):
        return True
    return head or well_known(d) or listed(found, d, text) or (d.cue.startswith("+") and token.low not in lower)


def well_known(d: Draft) -> bool:
    return any(
        (p.population or 0) >= SMALL or p.feature in ("PPLA", "PPLC", "PPLA2") or p.geonameid is None
        for p in d.candidates
    )


def listed(found: list[Token], d: Draft, text: str) -> bool:
    """Alone at the head of an item, or in a list: "Sargodha, 14 Nov.", "Gao, Ansongo et Labbezanga"."""
    after = text[d.end : d.end + 2]
    return (found[d.first].first and after[:1] in ",.:(") or (bool(d.first) and found[d.first - 1].text in (",", "("))


def role_of(d: Draft, text: str, found: list[Token], words: Words) -> str:
    if d.start <= 3 and DATELINE.match(text[d.end : d.end + 110]):
        return "dateline"
    if any(p.feature == "PPLC" or p.kind == "country" for p in d.candidates) and (not d.cue or d.cue.startswith("+")):
        after = [t.low for t in found[d.last + 1 : d.last + 4] if t.low not in ("'s", "’s")][:2]
        if (after[:1] and after[0] in words.rulers) or (d.first > 1 and found[d.first - 2].low in words.rulers):
            return "metonym"
        if after[:1] and (
            after[0] in words.metonym_after or (after[0] in words.auxiliaries and after[-1] in words.metonym_after)
        ):
            return "metonym"
    return "at"


def unknown_at(
    text: str, found: list[Token], i: int, words: Words, cue: str, kind: str | None, lower: set[str]
) -> Draft | None:
    """A name that no gazetteer has, where the words around it call for a place."""
    token, last = found[i], whole_name(text, found, i, words)
    name = text[token.start : found[last].end]
    if (
        token.low in words.stop and (i == last or token.low not in ARTICLES or token.first)
    ) or token.low in words.first_names:
        return None
    if len(name) < 3 or (token.text.isupper() and len(token.text) <= SHORT + 1) or COMPOUND.search(name):
        return None
    after = kind_after(found, last, words)
    apposed = is_apposed(found, last, words)
    head = item_head(text, token.start, found[last].end)
    loose = i > 0 and found[i - 1].low.rstrip("'’") in LOOSE and loosely(found, i, words)
    strong = (cue and not cue.startswith("+") and cue not in words.strong_before) or after or apposed or head
    weak = cue in words.strong_before or cue[1:] in words.taken or loose
    if not strong and not (weak and token.low not in lower and not token.first):
        return None
    if last + 1 < len(found) and found[last + 1].low in words.organisation_after:
        return None
    return Draft(
        token.start,
        found[last].end,
        name,
        i,
        last,
        (),
        "at",
        cue.lstrip("+") if not loose else "of" if cue[:1] == "+" else cue,
        after or kind,
    )


LOOSE = frozenset(["of", "de", "d"])
COMPOUND = re.compile(r"-[a-z]{3,}$")  # "rebel-held" in capitals at the start of a sentence, "ELN-led"


def loosely(found: list[Token], i: int, words: Words) -> bool:
    """X in "the bakery of X", "maîtresse de X" may be a place, unless people or offices stand before."""
    before = found[i - 2] if i > 1 else None
    if before is None or before.capital or not before.text[0].isalpha():
        return False
    return before.low not in words.people and before.low not in words.titles


ARTICLES = frozenset(
    ["la", "le", "les", "el", "los", "las", "al", "san", "santa", "saint", "sainte", "port", "fort", "mont"]
)


def is_apposed(found: list[Token], last: int, words: Words) -> bool:
    """Is it followed by ", a village ...", ", hameau ..." or ", in Sofala"?"""
    after = [t.low for t in found[last + 1 : last + 6]]
    if after[:1] != [","]:
        return False
    return any(w in words.appositions for w in after[1:4]) or (
        len(after) > 1 and after[1] in words.strong_before and any(t.capital for t in found[last + 2 : last + 8])
    )
