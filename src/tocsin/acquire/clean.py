"""Bytes to text, and text to the form in which it is kept.

In:  the bytes of a file or page, or a string taken from one.
Out: Unicode text (NFC) with plain line ends and no control characters. Offsets refer to this text.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from tocsin.errors import SourceError

BOMS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NEWLINES = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_TRAILING = re.compile(r"[ \t\xa0]+$", re.MULTILINE)
_MANY_BLANKS = re.compile(r"\n{3,}")
_LETTER = re.compile(r"[^\W\d_]")
_PLAIN = re.compile("[\\w\\s!-~‘’“”«»…–—°€£]")

NOT_TEXT = "this is not text but binary data; give a text, HTML, PDF, JSON Lines or WARC file"


def decode(data: bytes, charset: str | None = None) -> str:
    """Text of the bytes; SourceError if they are no text."""
    for mark, name in BOMS:
        if data.startswith(mark):
            return _decode_marked(data, name)
    if b"\0" in data:
        raise SourceError(NOT_TEXT)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_declared(data, charset) or _decode_damaged(data)


def _decode_marked(data: bytes, name: str) -> str:
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        text = data.decode(name, "replace")
    if text.count("\ufffd") * 100 > len(text):
        raise SourceError(NOT_TEXT)
    return text


def _decode_declared(data: bytes, charset: str | None) -> str | None:
    """Text by the charset that the page or server declares, if that charset exists and fits."""
    if not charset:
        return None
    try:
        text = codecs.lookup(charset).name and data.decode(charset)
    except (LookupError, ValueError, AssertionError):
        return None
    return text if isinstance(text, str) and _is_plausible(text) else None


def _decode_damaged(data: bytes) -> str:
    """UTF-8 with a few broken bytes, else Windows-1252 if that reads like text."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    intact = sum(char > "\x7f" for char in text) - broken
    if broken * 10 <= intact:
        return text
    western = data.decode("cp1252", "replace")
    if not _is_plausible(western):
        raise SourceError(NOT_TEXT)
    return western


def _is_plausible(text: str) -> bool:
    """Mostly letters, spaces and ordinary punctuation, of which few outside ASCII."""
    sample = text[:20_000]
    plain = len(_PLAIN.findall(sample))
    foreign = sum(char > "\x7f" for char in sample)
    return plain >= 0.95 * len(sample) and foreign <= 0.3 * len(sample)


def clean(text: str) -> str:
    """The text as it is kept: LF line ends, no control characters, at most one blank line in a row."""
    text = _CONTROL.sub("", _NEWLINES.sub("\n", text.replace("\f", "\n\n")))
    text = _TRAILING.sub("", unicodedata.normalize("NFC", text))
    return _MANY_BLANKS.sub("\n\n", text).strip()


def has_words(text: str) -> bool:
    return _LETTER.search(text) is not None


def one_line(text: str | None) -> str | None:
    """A title or name on one line; None if nothing is left."""
    return " ".join(clean(text).split()) or None if text else None
