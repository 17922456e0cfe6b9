"""Find the words that name actors.

In:  a text, its language, the Registry.
Out: actor mentions in the order of the text. A country's adjective or name beside the noun is joined to it
     ("Malian soldiers", "l'armée malienne", "the army of Chad"), and so is a noun beside a name ("M23 rebels",
     "combattants du JNIM"). Nothing is decided here about who the actor is: that is `Registry.resolve`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, cast

from tocsin.fold import fold
from tocsin.model import ActorMention, Span
from tocsin.registry.introduced import with_introduced
from tocsin.registry.words import Hit, Joins, Sense

if TYPE_CHECKING:
    from tocsin.registry.registry import Registry

_PLACES = ("adjective", "country", "metonym")
_OPPOSED = re.compile(r"(?:\banti|\bpro|\bnon|\bcounter|\bcontre)[- ]$")
_BACKED = re.compile(
    r"-(?:backed|led|trained|funded|aligned|allied|affiliated|inspired|linked|installed|occupied|controlled|held|made|born|speaking)\b"
)
_LONGEST_GAP = 24


def find_actors(text: str, lang: str, registry: Registry, *, places: bool = False) -> tuple[ActorMention, ...]:
    """All mentions of actors. With `places`, also countries ("Israel bombed") and seats of power ("the Kremlin")."""
    words = registry.words(lang)
    hits = [hit for hit in words.hits(text) if not _opposed(text, hit)]
    hits = _with_countries(text, hits, words.joins)
    hits = _in_pairs(text, hits, words.joins)
    hits = _with_peoples(text, hits, words.joins)
    hits = with_introduced(text, lang, hits, words.joins)
    hits = _with_names(text, hits, words.joins)
    return tuple(mention for hit in hits if (mention := _mention(text, hit, lang, places)))


def _opposed(text: str, hit: Hit) -> bool:
    """The name is only part of another word: "anti-Taliban", "Russian-backed"."""
    if hit.senses[0].kind not in (*_PLACES, "group"):
        return False
    before = fold(text[max(0, hit.start - 9) : hit.start])
    return bool(_OPPOSED.search(before) or _BACKED.match(text, hit.end))


def _with_countries(text: str, hits: list[Hit], joins: Joins) -> list[Hit]:
    """Join each country's adjective or name to the noun beside it."""
    done: list[Hit] = []
    for hit in hits:
        last = done[-1] if done else None
        if last and (joined := _country_pair(text, last, hit, joins)):
            done[-1] = joined
        else:
            done.append(hit)
    return done


def _country_pair(text: str, left: Hit, right: Hit, joins: Joins) -> Hit | None:
    if right.start - left.end > _LONGEST_GAP:
        return None
    gap = fold(text[left.end : right.start])
    if _is_place(left) and _can_have_country(right) and _before(gap, joins):
        return _joined(left, right, country=left.senses[0].country, senses=right.senses)
    if _is_place(right) and _can_have_country(left) and _after(gap, right.senses[0].kind, joins):
        return _joined(left, right, country=right.senses[0].country, senses=left.senses)
    return None


def _before(gap: str, joins: Joins) -> bool:
    """ "Malian soldiers", "Nigeria's army", "Syrian government forces"."""
    for sign in joins.possessive:
        gap = gap.removeprefix(sign)
    words = gap.split()
    plain = gap.startswith(" ") and len(words) <= 2
    return joins.adjective_first and plain and all(word in joins.between for word in words)


def _after(gap: str, kind: str, joins: Joins) -> bool:
    """ "armée malienne", "the army of Chad"."""
    inner = gap.strip()
    if kind == "adjective":
        return not joins.adjective_first and gap[:1] == " " and (not inner or inner in joins.between)
    return gap[:1] == " " and inner in joins.links


def _in_pairs(text: str, hits: list[Hit], joins: Joins) -> list[Hit]:
    """Give a lone adjective its neighbour's noun: "Thai and Cambodian soldiers", "soldats russes et ukrainiens"."""
    done = list(hits)
    for at, (left, right) in enumerate(pairwise(hits)):
        alone, full = (left, right) if joins.adjective_first else (right, left)
        tied = fold(text[left.end : right.start]).strip() in joins.conjunctions
        if tied and alone.senses[0].kind == "adjective" and full.senses[0].kind == "state" and full.senses[0].country:
            place = at if joins.adjective_first else at + 1
            senses = tuple(replace(sense, country=alone.senses[0].country) for sense in full.senses)
            done[place] = Hit(alone.start, alone.end, senses)
    return done


def _with_peoples(text: str, hits: list[Hit], joins: Joins) -> list[Hit]:
    """Armed men of a people: "Murle youths", "miliciens peuls". A people alone, or its farmers, is no armed group."""
    done: list[Hit] = []
    for hit in hits:
        last = done[-1] if done else None
        people, noun = (last, hit) if joins.adjective_first else (hit, last)
        if last and people and noun and text[last.end : hit.start] == " " and _is_people_of_arms(people, noun):
            done[-1] = Hit(last.start, hit.end, (Sense("armed", f"people:{people.senses[0].key}"),))
        else:
            done.append(hit)
    done = _peoples_in_pairs(text, done, joins)
    return [hit for hit in done if hit.senses[0].kind != "people"]


def _peoples_in_pairs(text: str, hits: list[Hit], joins: Joins) -> list[Hit]:
    """Give a lone people its neighbour's arms: "Tuareg and Tebu fighters", "miliciens peuls et dogons".

    Two peoples that face each other or make peace are their armed men: "between Fulani and Berom", "Murle and Dinka
    chiefs".
    """
    done = list(hits)
    for at, (left, right) in enumerate(pairwise(hits)):
        if fold(text[left.end : right.start]).strip() not in joins.conjunctions:
            continue
        alone, armed = (left, right) if joins.adjective_first else (right, left)
        if alone.senses[0].kind == "people" and armed.senses[0].key.startswith("people:"):
            done[at if joins.adjective_first else at + 1] = _in_arms(alone)
        elif left.senses[0].kind == right.senses[0].kind == "people" and _are_sides(text, left, right, joins):
            done[at : at + 2] = [_in_arms(left), _in_arms(right)]
    return done


def _in_arms(people: Hit) -> Hit:
    return Hit(people.start, people.end, (Sense("armed", f"people:{people.senses[0].key}"),))


def _are_sides(text: str, left: Hit, right: Hit, joins: Joins) -> bool:
    before, after = fold(text[max(0, left.start - 40) : left.start]), fold(text[right.end : right.end + 40])
    before = f" {before}" if before.endswith(" ") else f" {before} "
    return before.endswith(joins.facing) or after.startswith(joins.envoys)


def _is_people_of_arms(people: Hit, noun: Hit) -> bool:
    """Raiders, not herders: the noun is for armed people or for men who may be."""
    sense = noun.senses[0]
    armed = sense.kind == "armed" or any(each.kind == "head" and each.key == "heads" for each in noun.senses)
    return people.senses[0].kind == "people" and armed


def _with_names(text: str, hits: list[Hit], joins: Joins) -> list[Hit]:
    """Join a noun to the name beside it: "M23 rebels", "rebels of the M23", "soldats de l'armée malienne"."""
    done: list[Hit] = []
    for hit in hits:
        last = done[-1] if done else None
        if last and (joined := _name_pair(text, last, hit, joins)):
            done[-1] = joined
        else:
            done.append(hit)
    return done


def _name_pair(text: str, left: Hit, right: Hit, joins: Joins) -> Hit | None:
    if right.start - left.end > _LONGEST_GAP:
        return None
    gap = fold(text[left.end : right.start])
    if gap in (" ", "-") and _is_named(left) and _is_noun(right):
        return _joined(left, right, country=None, senses=left.senses)
    linked = gap[:1] == " " and gap.strip() in joins.links
    if linked and _is_noun(left) and (_is_named(right) or _same_body(left, right)):
        return _joined(left, right, country=None, senses=right.senses)
    if gap == " (" and _is_named(right) and _is_named(left):
        return _joined(left, right, country=None, senses=_agreed(left, right))
    return None


def _agreed(left: Hit, right: Hit) -> tuple[Sense, ...]:
    """A name and its abbreviation in brackets: what both can mean, else what the name means."""
    both = tuple(sense for sense in left.senses if sense in right.senses)
    return both or left.senses


def _joined(left: Hit, right: Hit, country: str | None, senses: tuple[Sense, ...]) -> Hit:
    if country:
        senses = tuple(_of_country(sense, country) for sense in senses)
    return Hit(left.start, right.end, senses)


def _of_country(sense: Sense, country: str) -> Sense:
    """The sense with its country; a country's means are its military."""
    return Sense("state", "military", country) if sense.kind == "head" else replace(sense, country=country)


def _is_place(hit: Hit) -> bool:
    return hit.senses[0].kind in ("adjective", "country")


def _can_have_country(hit: Hit) -> bool:
    sense = hit.senses[0]
    if any(each.kind == "head" and each.key == "means" for each in hit.senses) and sense.kind == "head":
        return True
    return sense.kind in ("state", "armed", "crowd", "civilians") and not sense.country


def _is_noun(hit: Hit) -> bool:
    if any(sense.kind == "head" for sense in hit.senses):
        return True
    return hit.senses[0].kind == "armed" or (hit.senses[0].kind == "state" and not _is_named(hit))


def _is_named(hit: Hit) -> bool:
    return hit.senses[0].kind == "group" or (hit.senses[0].kind == "state" and hit.senses[0].country is not None)


def _same_body(left: Hit, right: Hit) -> bool:
    return left.senses[0].kind in ("state", "head") and right.senses[0].kind == "state"


def _mention(text: str, hit: Hit, lang: str, places: bool) -> ActorMention | None:
    """The mention, or None for what names nobody by itself."""
    sense, span = hit.senses[0], Span(hit.start, hit.end)
    if sense.kind == "head":
        return None
    if sense.kind == "adjective":
        people = ActorMention(span, "civilians", "nationals", sense.country)
        return people if _is_people(text, hit, lang) else None
    if sense.kind in ("country", "metonym"):
        return ActorMention(span, "state", sense.kind, sense.country) if places else None
    kind = cast("Literal['group', 'state', 'armed', 'crowd', 'civilians']", sense.kind)
    others = [other for other in hit.senses if other.kind != "head"]
    if len(others) > 1 and any(other.kind == "group" or other.country for other in others):
        return ActorMention(span, "group", "|".join(map(_written, others)))
    return ActorMention(span, kind, sense.key, sense.country, sense.unit)


def _written(sense: Sense) -> str:
    """One of several meanings: a group's id, `armed:key` of the unnamed, or `body@STATE/unit`."""
    if sense.kind == "group":
        return sense.key
    if sense.kind in ("armed", "crowd", "civilians"):
        return f"{sense.kind}:{sense.key}"
    return f"{sense.key}@{sense.country or ''}" + (f"/{sense.unit}" if sense.unit else "")


def _is_people(text: str, hit: Hit, lang: str) -> bool:
    """The word is a noun for people: "nine Palestinians", "des Ukrainiens"."""
    word = text[hit.start : hit.end]
    if lang == "fr":
        starts = text[max(0, hit.start - 2) : hit.start].strip(" ") in ("", ".", "\n", "«")
        return word[:1].isupper() and (not starts or word.endswith("s"))
    return word.endswith("s") and not word.endswith(("'s", "ss"))
