"""The names under which a place is found, and what an admin unit is called.

In:  names as the archives give them. Out: keys, sounds, one plain name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tocsin.locate import tables
from tocsin.locate.archives import Outline, Unit
from tocsin.locate.draft import Draft
from tocsin.locate.keys import ascii_letters, key, sound, spellings

SCRIPTS = re.compile(
    r"[^\u0000-\u024f\u0250-\u036f\u0400-\u052f\u0600-\u077f\u1e00-\u1eff\u2000-\u206f]"
)  # Latin, Cyrillic, Arabic are kept
LATIN = re.compile(r"[^\u0000-\u024f\u0250-\u036f\u1e00-\u1eff\u2000-\u206f]")
SMALL = 5000  # inhabitants
# Countries whose reports spell their places one way.
PLAIN = frozenset(
    [
        "USA",
        "CAN",
        "GBR",
        "IRL",
        "AUS",
        "NZL",
        "FRA",
        "DEU",
        "AUT",
        "CHE",
        "BEL",
        "NLD",
        "LUX",
        "ITA",
        "ESP",
        "PRT",
        "DNK",
        "NOR",
        "SWE",
        "FIN",
        "ISL",
        "POL",
        "CZE",
        "SVK",
        "HUN",
        "SVN",
        "HRV",
        "ROU",
        "BGR",
        "GRC",
        "EST",
        "LVA",
        "LTU",
        "BRA",
        "ARG",
        "CHL",
        "URY",
        "PRY",
        "PER",
        "BOL",
        "ECU",
        "MEX",
        "CRI",
        "PAN",
        "CUB",
        "DOM",
        "PRI",
        "JPN",
        "KOR",
        "TWN",
        "CHN",
        "IDN",
        "PHL",
        "MYS",
        "VNM",
        "THA",
    ]
)


class AdminWords:
    """Strips the generic part of an admin unit's name."""

    def __init__(self) -> None:
        words = tables.toml("admin_words.toml")
        longest = sorted(words["before"], key=len, reverse=True)
        before = "|".join(re.escape(w) + ("" if w.endswith("'") else " ") for w in longest)
        after = "|".join(sorted(map(re.escape, words["after"]), key=len, reverse=True))
        self.before = re.compile(rf"^(?:{before})", re.I)
        self.after = re.compile(rf"[ ,]+(?:{after})$", re.I)

    def strip(self, name: str) -> str:
        return self.after.sub("", self.before.sub("", name)).strip() or name


def shares_name(outline: Outline, names: Iterable[str], words: AdminWords) -> bool:
    return key(words.strip(outline.name)) in {key(n) for n in names}


def unit_name(unit: Unit, outline: Outline | None, words: AdminWords) -> str:
    """The English name without generic words or accents."""
    return (
        ascii_letters(words.strip(outline.name if outline and unit.level == 1 else unit.name))
        .replace("`", "'")
        .strip("'‘’")
    )


def romanised(name: str) -> bool:
    """Is it a romanisation ("tmbktw", "ting ba ke tu") that nobody writes in a report?"""
    return name.isascii() and (name.islower() or (name.isupper() and len(name) <= 4))


def kept_names(draft: Draft) -> dict[str, int]:
    """Key -> 1 for the principal name, 0 for others. Small places keep their Latin names only."""
    other = LATIN if draft.kind == "place" and (draft.population or 0) < SMALL else SCRIPTS
    names = [n for n in draft.names if not romanised(n) and not other.search(n)]
    return {k: 0 for n in names for k in spellings(n) if len(k) > 2} | dict.fromkeys(spellings(draft.name), 1)


def sounds(draft: Draft) -> set[str]:
    """How its names sound, for spellings that no list has; for places where spellings vary."""
    if draft.kind in ("country", "admin2") or draft.country in PLAIN or (draft.feature == "PPLX" and draft.id > 0):
        return set()
    return {
        s for n in {draft.name, *draft.names} if not LATIN.search(n) and not romanised(n) and len(s := sound(n)) > 3
    }
