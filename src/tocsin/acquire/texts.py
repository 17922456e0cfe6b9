"""Plain text files and pages.

In:  bytes.
Out: a Draft whose text is cleaned and cut to the report.
"""

from __future__ import annotations

from tocsin.acquire.clean import clean, decode, has_words
from tocsin.acquire.draft import Draft
from tocsin.acquire.layout import take_apart
from tocsin.errors import SourceError


def draft_of(data: bytes, where: str, *, url: str | None = None, charset: str | None = None) -> Draft:
    """The report in a plain text."""
    text = clean(decode(data, charset))
    if not has_words(text):
        raise SourceError("there is no text in it; nothing to code")
    layout = take_apart(text)
    return Draft(layout.text, where, layout.title, layout.published, layout.source, url=url)
