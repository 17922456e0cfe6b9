"""Names that a report gives to armed groups which the registry does not know.

In:  a text, its language, the hits of the registry's words in it.
Out: the hits, with those names. Clans and tribes are named as ACLED names their armed men ("Lai Clan Militia"), an
     organisation as the report names it, if its name or the words beside it say that it is armed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tocsin.fold import fold
from tocsin.model import Span
from tocsin.registry.suggest import Suggestion, suggest
from tocsin.registry.words import Hit, Joins, Sense
from tocsin.toml import read_toml

DATA = Path(__file__).with_name("data")
MARK = "report/"  # starts the key of such a group: "report/clan/Lai"
NAME = r"[^\W\d_a-zà-ÿ][\w'’-]*(?:(?: |-)[^\W\d_a-zà-ÿ][\w'’-]*){0,2}"
ABOUT = 24  # characters between a name and the word that says that it is armed


def with_introduced(text: str, lang: str, hits: Sequence[Hit], ties: Joins) -> list[Hit]:
    """The hits in the order of the text; a new name takes the place of the unnamed people in its words."""
    known = [Span(hit.start, hit.end) for hit in hits if not _is_unnamed(hit)]
    found: list[Hit] = []
    for new in (*_communities(text, lang, hits), *_organisations(text, lang, hits, ties)):
        span = Span(new.start, new.end)
        if not any(span.overlaps(other) for other in (*known, *(Span(hit.start, hit.end) for hit in found))):
            found.append(new)
    if not found:
        return list(hits)
    kept = [hit for hit in hits if not any(hit.start < new.end and new.start < hit.end for new in found)]
    return sorted([*kept, *found], key=lambda hit: hit.start)


def _is_unnamed(hit: Hit) -> bool:
    """Words that name nobody in particular: "tribesmen", "the commanders"."""
    sense = hit.senses[0]
    return sense.kind in ("armed", "civilians", "head") and not sense.country and ":" not in sense.key


def _communities(text: str, lang: str, hits: Sequence[Hit]) -> Iterator[Hit]:
    """ "the Lai clan", "Bani Hilal tribesmen", "les clans Saad et Ayr"; then also "Lai men"."""
    arms = {hit.start for hit in hits if _is_unnamed(hit) and any(s.kind in ("armed", "head") for s in hit.senses)}
    for kind, pattern in _patterns(lang):
        for match in pattern.finditer(text):
            for name, at in ((match[part], match.start(part)) for part in ("name", "other") if match[part]):
                again = (other.start() for other in re.finditer(rf"\b{re.escape(name)} ", text) if other.end() in arms)
                yield from (_hit(start, start + len(name), kind, name) for start in (at, *again))


def _organisations(text: str, lang: str, hits: Sequence[Hit], ties: Joins) -> Iterator[Hit]:
    """ "the Dry River Liberation Front (DRLF)", wherever it is named again by its letters."""
    for new in suggest(text, (Span(hit.start, hit.end) for hit in hits if not _is_unnamed(hit)), lang):
        kind = _kind_of(new, lang) or ("rebels" if _beside_arms(text, new.span, hits, ties) else "")
        if kind:
            name = f"{new.abbreviation}: {new.name}" if new.abbreviation else new.name
            words = "|".join(re.escape(each) for each in (new.name, new.abbreviation) if each)
            for match in re.finditer(rf"\b(?:{words})\b", text):
                yield _hit(match.start(), match.end(), kind, name)


def _hit(start: int, end: int, kind: str, name: str) -> Hit:
    return Hit(start, end, (Sense("group", f"{MARK}{kind}/{name}"),))


def _kind_of(new: Suggestion, lang: str) -> str:
    """Whether a noun of the name tells that it is armed, and how."""
    words = set(new.name.split())
    kinds: dict[str, list[str]] = _table(lang)["armed"]
    return next((kind for kind, nouns in kinds.items() if words & set(nouns)), "")


def _beside_arms(text: str, span: Span, hits: Sequence[Hit], ties: Joins) -> bool:
    """ "fighters of X", "X gunmen"."""
    for hit in hits:
        if hit.senses[0].kind != "armed":
            continue
        before, after = text[hit.end : span.start], text[span.end : hit.start]
        if hit.end <= span.start <= hit.end + ABOUT and fold(before).strip() in ties.links:
            return True
        if after == " ":
            return True
    return False


@cache
def _patterns(lang: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """NAME is one to three words with a capital letter, none of which opens a sentence."""
    patterns: dict[str, str] = _table(lang)["communities"]
    return tuple((kind, re.compile(pattern.replace("NAME", NAME))) for kind, pattern in patterns.items())


@cache
def _table(lang: str) -> dict[str, Any]:
    table: dict[str, Any] = read_toml(DATA / "organisations.toml")[lang]
    return table
