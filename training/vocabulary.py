"""Choose the pieces that English and French need.

In:  the encoder's own pieces, texts, names of places, common words of both languages (the package wordfreq).
Out: the chosen pieces in their old order, and rows of the word vectors to keep.
"""

from __future__ import annotations

import csv
import gzip
import io
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import wordfreq

from tocsin.finder.pieces import Pieces
from training.encoder import Encoder

LANGS = ("en", "fr")
COMMON = 60_000  # words of each language
LOUD = 20_000  # of them in capitals too
PLACES = 60_000  # of the most peopled
SPECIAL = 4  # <s>, <pad>, </s>, <unk>
SEEN = 2  # a piece of a rare name is kept from so many on


def choose(encoder: Encoder, texts: Iterable[str], gazetteer: Path) -> list[int]:
    """Ids to keep: of every piece seen in texts or common words, of those seen twice in names, of single characters."""
    full = Pieces({piece: float(score) for piece, score in zip(encoder.pieces, encoder.scores, strict=True)})
    kept = set(range(SPECIAL))
    for lang in LANGS:
        for rank, word in enumerate(wordfreq.top_n_list(lang, COMMON)):
            forms = (word, word.capitalize(), word.upper()) if rank < LOUD else (word, word.capitalize())
            kept |= {piece for form in forms for piece, _ in full.cut(form)}
    for text in texts:
        kept |= {piece for piece, _ in full.cut(text)}
    names = Counter(piece for name in _names(gazetteer) for piece, _ in full.cut(name))
    kept |= {piece for piece, count in names.items() if count >= SEEN}
    kept |= {number for number, piece in enumerate(encoder.pieces) if _plain(piece)}
    return sorted(kept)


def _names(gazetteer: Path) -> Iterable[str]:
    database = sqlite3.connect(gazetteer)
    for (name,) in database.execute("SELECT name FROM places ORDER BY population DESC, id LIMIT ?", (PLACES,)):
        yield str(name)


def _plain(piece: str) -> bool:
    """A single Latin letter, digit or sign, with or without the mark of a start."""
    letter = piece.removeprefix("▁")
    return len(letter) == 1 and (not letter.isalpha() or "LATIN" in unicodedata.name(letter, ""))


def write_pieces(encoder: Encoder, kept: list[int], path: Path) -> None:
    """pieces.csv.gz, the same bytes each time."""
    buffer = io.StringIO(newline="")
    rows = [(encoder.pieces[number], f"{encoder.scores[number]:.4f}") for number in kept]
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    path.write_bytes(gzip.compress(buffer.getvalue().encode(), mtime=0))
