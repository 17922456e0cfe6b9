"""Runs of capitalised words that may be names.

In:  a text. Out: tokens with offsets, and for each start the possible names, longest first.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tocsin.fold import fold

WORD = re.compile(r"[^\W\d_]+(?:['’ʼ.-](?=[^\W\d_])[^\W\d_]+)*\.?(?<=[^\W_])|\d+(?:[.,]\d+)*|[^\w\s]")
ELISION = re.compile(r"^(?:[dlnsj]|qu|jusqu|lorsqu|puisqu)['’]", re.I)
PARTICLES = frozenset(
    [
        "de",
        "la",
        "du",
        "des",
        "d'",
        "al",
        "el",
        "of",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "di",
        "le",
        "les",
        "l'",
        "e",
        "y",
        "und",
        "sur",
        "en",
        "sous",
        "as",
        "au",
        "aux",
        "lès",
        "les",
        "ben",
        "bin",
        "ould",
        "ag",
        "and",
        "et",
        "the",
    ]
)
LONGEST = 5
OPENING = re.compile(
    r"\s*(?:[,(]\s*(?:\d|[a-zA-Z]+day|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|nuit|now)|[.:–—|]| [-–—:|])"
)
AFTER_HEAD = re.compile(r"[,.:(*|]| [-–—(:|]|\s*(?:\n|$)")
CLOCK = re.compile(r"\d{1,2}[:h.]\d{2}(?: ?(?:am|pm|gmt|utc|h))?$", re.IGNORECASE)


class Token(NamedTuple):
    start: int
    end: int
    text: str
    low: str  # folded
    capital: bool  # starts with a capital letter
    first: bool  # first word of a sentence, heading or list item


def tokens(text: str, roads: frozenset[str] = frozenset()) -> list[Token]:
    """Words, numbers and signs. "d'Inates" is cut after the apostrophe, "the Bichena-Dejen road" at the hyphen."""
    found: list[Token] = []
    folded = fold(text)
    first = True
    for match in WORD.finditer(text):
        word, (start, end) = match[0], match.span()
        if found and "\n" in text[found[-1].end : start]:
            first = True
        cut = ELISION.match(word) if "'" in word or "’" in word else None
        if (
            cut
            and cut.end() < end - start
            and (text[start + cut.end()].isupper() or word[0].islower())
            and not fixed(word)
        ):
            found.append(token(text, folded, start, start + cut.end(), first))
            first, start = False, start + cut.end()
        if "-" in word and word[0].isupper() and is_road(text, found, match.span(), roads):
            half = start + text[start:end].index("-")
            found += [token(text, folded, start, half, first), token(text, folded, half, half + 1, False)]
            first, start = False, half + 1
        if word.endswith(("'s", "’s")) and end - start > 2:
            found.append(token(text, folded, start, end - 2, first))
            first, start = False, end - 2
        found.append(token(text, folded, start, end, first))
        sign = found[-1].text
        first = sign in '.!?:•*«"“' or (first and not sign[0].isalpha()) or (sign in "-–—" and first)
    return found


def is_road(text: str, found: list[Token], span: tuple[int, int], roads: frozenset[str]) -> bool:
    after = re.match(r"\s+([^\W\d_]+)", text[span[1] : span[1] + 20])
    before = {t.low for t in found[-2:]}
    return "-" in text[found[-1].end if found else 0 : span[1]] and bool(
        before & roads or (after and fold(after[1]) in roads)
    )


def token(text: str, folded: str, start: int, end: int, first: bool) -> Token:
    return Token(start, end, text[start:end], folded[start:end], text[start].isupper(), first)


def fixed(word: str) -> bool:
    """Does the apostrophe belong to the name ("N'Djamena")?"""
    return word[0].isupper() and word[0] in "ND" and word[2:3].isupper()


def runs(found: list[Token], text: str, i: int) -> list[int]:
    """Ends (index of last token) of possible names that start at token `i`, longest first."""
    ends = [i]
    last = i
    for j in range(i + 1, min(i + LONGEST + 2, len(found))):
        gap = text[found[j - 1].end : found[j].start]
        if not joined(gap, found[j - 1], found[j]):
            break
        if found[j].capital and found[j].text[0].isalpha():
            last = j
            ends.append(last)
        elif found[j].low not in PARTICLES and found[j].text not in ("-", "’", "'"):
            break
    return ends[::-1]


def joined(gap: str, before: Token, after: Token) -> bool:
    return (
        not (before.text == "-" or after.text == "-")
        and gap in (" ", "\u00a0", "")
        and "\n" not in gap
        and (gap != "" or before.text[-1] in "'’")
    )


def item_head(text: str, start: int, end: int) -> bool:
    """Does the name open a paragraph or list item, as in "Friday 11 - Wadi Umm Kharit, ...", "2) Gao. ..."?"""
    line = text[text.rfind("\n", 0, start) + 1 : start].strip(' *_"«“')
    after = text[end : end + 14]
    if not line:
        return bool(OPENING.match(after))
    if len(line) > 40 or not AFTER_HEAD.match(after):
        return False
    if CLOCK.fullmatch(line):
        return True
    return line[-1] in "-–—:.,)|•*·" and (any(c.isdigit() for c in line) or line.isupper() or len(line.split()) < 3)
