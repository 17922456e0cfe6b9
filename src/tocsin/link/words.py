"""The words of a text that are worth comparing, as numbers that cannot be read back.

In:  text, and the words that other features compare already (places, actors).
Out: `rare_words`: sorted 32-bit hashes of the words that are in no list of common words (data/common_*.txt).
     The lists are fixed: what is rare does not depend on the claims at hand.
     `sentences`: sorted 32-bit hashes of the sentences and headlines of a data set's notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import files

from tocsin.fold import fold, plain

SHORTEST = 4  # letters
MOST = 64  # words of one claim: the first of its text

LEAST_WORDS = 4  # of a sentence that is compared; shorter ones ("No fatalities.") stand in many notes

_PARTS = re.compile(r";\s*|\.\s")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def words(text: str) -> list[str]:
    """The words of `text` in plain small letters, in order."""
    return [plain(word) for word in _WORD.findall(fold(text))]


@cache
def common() -> frozenset[str]:
    """The words too common to say which happening a text tells."""
    data = files("tocsin.link") / "data"
    lists = [(data / f"common_{lang}.txt").read_text("utf-8").split("\n") for lang in ("en", "fr")]
    return frozenset(word for lines in lists for word in lines if word and not word.startswith("#"))


@lru_cache(maxsize=1 << 18)
def hash_word(word: str) -> int:
    """A stable 32-bit number for the word."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big")


def rare_words(text: str, known: Iterable[str] = ()) -> tuple[int, ...]:
    """Hashes of the first MOST rare words of `text`, without the words of the `known` names; sorted."""
    skip = {word for name in known if name for word in words(name)}
    everyday = common()
    rare = dict.fromkeys(w for w in words(text) if len(w) >= SHORTEST and w not in everyday and w not in skip)
    return tuple(sorted({hash_word(word) for word in list(rare)[:MOST]}))


def sentences(notes: str) -> tuple[int, ...]:
    """Hashes of the parts of `notes` between semicolons and full stops that have LEAST_WORDS or more; sorted."""
    parts = {" ".join(found) for part in _PARTS.split(notes) if len(found := words(part)) >= LEAST_WORDS}
    return tuple(sorted({hash_word(part) for part in parts}))
