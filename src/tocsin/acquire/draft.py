"""What a reader found, and how it becomes a Report.

In:  a Draft: text and whatever the input itself says about it; Options: what the user says.
Out: a Report, and an Issue where something is missing. SourceError if there is nothing to code.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from tocsin.acquire.clean import has_words, one_line
from tocsin.acquire.dates import top_date
from tocsin.acquire.language import given_language, language_of
from tocsin.acquire.options import Options
from tocsin.errors import SourceError
from tocsin.model import Issue, Report

STAGE = "acquire"
NO_DATE = "no publication date: relative dates such as 'on Monday' stay unknown; give --published YYYY-MM-DD"


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as an input gives it. `where`: file, file:line or URL, for messages."""

    text: str
    where: str | None = None
    title: str | None = None
    published: date | None = None
    source: str | None = None
    source_scale: str | None = None
    url: str | None = None
    lang: str | None = None
    id: str | None = None


def finish(draft: Draft, options: Options) -> Iterator[Report | Issue]:
    """The report, after the warnings about it."""
    report = report_of(draft, options)
    if report.published is None:
        yield Issue("warning", STAGE, NO_DATE, draft.where)
    yield report


def report_of(draft: Draft, options: Options) -> Report:
    """The draft with the given values in place, its language and its id."""
    if not has_words(draft.text):
        raise SourceError("the text is empty; nothing to code")
    title = one_line(options.title) or one_line(draft.title)
    return Report(
        id=draft.id or content_id(draft.text, title),
        text=draft.text,
        title=title,
        published=_day(options.published) or draft.published or top_date(draft.text),
        source=one_line(options.source) or one_line(draft.source),
        source_scale=one_line(draft.source_scale),
        url=draft.url,
        lang=_language(options.lang or draft.lang, f"{title or ''}\n{draft.text}", options.else_lang),
    )


def _language(given: str | None, text: str, otherwise: str | None) -> str:
    """The language given or found; `otherwise` for one that is not served, or SourceError."""
    try:
        return given_language(given) if given else language_of(text)
    except SourceError:
        if otherwise is None:
            raise
        return otherwise


def content_id(text: str, title: str | None) -> str:
    """The same words under the same headline are the same report, however their accents are encoded."""
    content = unicodedata.normalize("NFC", f"{text}\n{title or ''}")
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _day(value: date | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value
