"""Compare words regardless of case, accents and typographic signs.

In:  any text.  Out: the folded text, character for character as long as the original, so that offsets stay valid.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_SIGNS = {**dict.fromkeys("’‘ʼ`", "'"), **dict.fromkeys("–‑‐—", "-"), **dict.fromkeys("“”«»", '"')}
_LETTERS = (range(0x41, 0x5B), range(0xC0, 0x250), range(0x370, 0x530), range(0x1E00, 0x1F00))


@cache
def _table() -> dict[int, str]:
    table = {ord(sign): plain for sign, plain in _SIGNS.items()}
    table |= {ord(space): " " for space in "\t\n\r\u00a0\u2009\u202f"}
    for letters in _LETTERS:
        for code in letters:
            base = unicodedata.normalize("NFKD", chr(code))[0].lower()
            table[code] = base if len(base) == 1 else chr(code)
    return table


def fold(text: str) -> str:
    """`text` in lower case without accents; same length, so that `fold(text)[i]` belongs to `text[i]`."""
    return text.translate(_table())
