"""Web pages: main text and metadata.

In:  the bytes of an HTML page. Nothing that the page names is fetched.
Out: a Draft; SourceError for a page without a report in it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tocsin.acquire.clean import clean, decode, has_words
from tocsin.acquire.dates import iso_date
from tocsin.acquire.draft import Draft
from tocsin.acquire.layout import take_apart
from tocsin.errors import SourceError

MAX_ELEMENTS = 50_000  # a long article with its page has 500 to 5,000; above this the extractor takes minutes
MAX_PAGE = 5_000_000  # bytes of markup; news pages have 50 KB to 2 MB
NO_TEXT = "the page has no main text (a list of links, a log-in page, or made by scripts); save the article as text"
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_OPENING = re.compile(r"<[a-zA-Z]")
_DECLARATION = re.compile(  # XML declaration and entities: an HTML parser takes them for text
    r"\s*(?:<\?xml[^>]{0,200}\?>)?\s*(?:<!DOCTYPE[^<>\[]{0,200}\[[^\]]{0,9999}\]\s*>)?", re.IGNORECASE
)


def draft_of(data: bytes, where: str, *, url: str | None = None, charset: str | None = None) -> Draft:
    """The report on a page, with what its metadata say."""
    declared = _CHARSET.search(data[:4_096])
    html = decode(data, charset or (declared[1].decode("ascii", "ignore") if declared else None))
    if len(data) > MAX_PAGE or len(_OPENING.findall(html)) > MAX_ELEMENTS:
        raise SourceError(
            f"the page is over {MAX_ELEMENTS:,} elements or 5 MB, too large for one report; save the article as text"
        )
    if not has_words(html):
        raise SourceError(NO_TEXT)
    page = _extracted(_DECLARATION.sub("", html, count=1), url)
    text = clean(re.sub(r"\n+", "\n\n", page.text or "")) if page else ""
    if not has_words(text):
        raise SourceError(NO_TEXT)
    layout = take_apart(text, page.title)
    return Draft(
        text=layout.text,
        where=where,
        title=layout.title,
        published=iso_date(page.date) if page.date else layout.published,
        source=page.sitename or layout.source,
        url=url or page.url,
    )


def _extracted(html: str, url: str | None) -> Any:
    """trafilatura's document, or None."""
    from lxml import html as lxml_html  # type: ignore[import-untyped]  # both take 0.3 s to load
    from trafilatura import bare_extraction

    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    with quiet("trafilatura", "htmldate"):
        try:
            tree = lxml_html.document_fromstring(html.encode("utf-8"), parser=parser)
            return bare_extraction(
                tree,
                url=url,
                fast=True,
                with_metadata=True,
                include_comments=False,
                date_extraction_params={"extensive_search": False, "original_date": True},
            )
        except Exception as error:  # hostile markup can raise anything in the parser and the extractor
            raise SourceError(f"the page cannot be read ({type(error).__name__}); save the article as text") from error


@contextmanager
def quiet(*names: str) -> Iterator[None]:
    """Keep a library's complaints about bad input off standard error: the Issue says it better."""
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
