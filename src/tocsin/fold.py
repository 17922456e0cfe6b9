"""Compare words regardless of case, accents and typographic signs.

In:  any text, or the words of one.
Out: `fold`: the text in plain letters, character for character as long as the original, so that offsets stay valid;
     `spell`: words for look-up, ligatures spelt out, in which a last -é stays: "marché" is a market, "marche" a march.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_SIGNS = {**dict.fromkeys("’‘ʼ`", "'"), **dict.fromkeys("–‑‐—−", "-"), **dict.fromkeys("“”«»", '"')}
_LETTERS = (range(0x41, 0x5B), range(0xC0, 0x250), range(0x370, 0x530), range(0x1E00, 0x1F00))
_OTHER = re.compile(r"(?!é(?:e?s?)\b)[^\x00-\x7f]")  # all but the accent that makes a participle of a noun or present
_ACCENTS = re.compile("[àâçéèêîôû]", re.IGNORECASE)


@cache
def _table() -> dict[int, str]:
    table = {ord(sign): plain for sign, plain in _SIGNS.items()}
    table |= {ord(space): " " for space in "\t\r\u00a0\u2009\u202f"}
    for letters in _LETTERS:
        for code in letters:
            base = unicodedata.normalize("NFKD", chr(code))[0].lower()
            table[code] = base if len(base) == 1 else chr(code)
    return table


@cache
def _one_line() -> dict[int, str]:
    return {**_table(), ord("\n"): " "}


def fold(text: str, *, lines: bool = False) -> str:
    """`text` in lower case without accents; same length, so that `fold(text)[i]` belongs to `text[i]`.

    Ends of lines become spaces, unless `lines` are kept.
    """
    return text.translate(_table() if lines else _one_line())


@lru_cache(maxsize=1 << 16)  # more than the words of a language that the press uses; names come and go
def spell(words: str) -> str:
    """Lower case without accents but a last -é: 'Érigée' -> 'erigée', 'Œuvre' -> 'oeuvre'."""
    words = words.casefold()
    if words.isascii():
        return words
    composed = unicodedata.normalize("NFC", words).replace("œ", "oe").replace("æ", "ae")
    return _OTHER.sub(lambda letter: plain(letter[0]), composed)


def plain(word: str) -> str:
    """The word without any accent."""
    if word.isascii():
        return word
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))


def accented(text: str) -> bool:
    """Whether the text is written with accents at all: telegrams, old wires and headlines in capitals are not."""
    return _ACCENTS.search(text) is not None
