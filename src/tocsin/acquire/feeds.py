"""News feeds: what RSS and Atom files list.

In:  the bytes of a feed that we fetched; the parser itself fetches nothing and expands no entities.
Out: a Listing: its entries, and what is wrong with it. SourceError if it is no feed.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from tocsin.acquire.clean import clean, one_line
from tocsin.errors import SourceError

MAX_FEED = 5_000_000  # bytes; news feeds have 10 KB to 1 MB
BROKEN_OFF = "the feed breaks off; the entries that came whole are read"
_ENDS = re.compile(rb"</(?:rss|feed|[\w.-]+:RDF)\s*>", re.IGNORECASE)
_ITEM = re.compile(rb"</(?:item|entry)\s*>", re.IGNORECASE)
_BEGIN = re.compile(rb"<(?:item|entry)\b", re.IGNORECASE)
_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Entry:
    """A report that is announced. `text`: what the listing itself says of it."""

    link: str | None
    title: str | None = None
    text: str = ""
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed, a sitemap or a list of feeds names. `others`: addresses of further listings."""

    kind: Literal["feed", "sitemap", "opml"]
    title: str | None = None
    entries: tuple[Entry, ...] = ()
    others: tuple[str, ...] = ()
    problem: str | None = None


def feed_of(data: bytes, url: str) -> Listing:
    """The entries of an RSS or Atom feed, in its order. `url`: for relative links."""
    import feedparser  # type: ignore[import-untyped]  # takes 0.1 s to load

    if len(data) > MAX_FEED:
        raise SourceError(f"the feed is over {MAX_FEED // 1_000_000} MB; ask its publisher for a shorter one")
    whole = _ENDS.search(data) is not None
    try:
        found = feedparser.parse(
            io.BytesIO(data if whole else _without_half(data)), response_headers={"content-location": url}
        )
    except Exception as error:  # hostile markup can raise anything in the parser
        raise SourceError(f"the feed cannot be read ({type(error).__name__}); check the address") from error
    if not found.get("version") and not found.entries:
        raise SourceError("this is no feed that can be read; check the address")
    entries = tuple(_entries(found.entries))
    problem = BROKEN_OFF if not whole else _problem(found) if not entries else None
    return Listing("feed", one_line(_plain(found.feed.get("title"))), entries, problem=problem)


def _without_half(data: bytes) -> bytes:
    """A feed that breaks off, without the entry in which it does."""
    ends = [found.end() for found in _ITEM.finditer(data)]
    begins = _BEGIN.search(data)
    return data[: ends[-1]] if ends else data[: begins.start()] if begins else data


def _problem(found: Any) -> str | None:
    return "the feed is not well-formed and no entry can be read; tell its publisher" if found.bozo else None


def _entries(found: list[Any]) -> Iterator[Entry]:
    for each in found:
        link = str(each.get("link") or "").strip()
        texts = [part.get("value") or "" for part in each.get("content") or ()] or [each.get("summary") or ""]
        yield Entry(
            link if link.lower().startswith(("http://", "https://")) else None,
            one_line(_plain(each.get("title"))),
            max((_plain(text) for text in texts), key=len),
            _day(each.get("published_parsed") or each.get("updated_parsed")),
        )


def _plain(markup: str | None) -> str:
    """Text of the markup in a feed."""
    return clean(html.unescape(_TAG.sub("", _BREAKS.sub("\n\n", markup or ""))))


def _day(moment: Any) -> date | None:
    try:
        return date(*moment[:3]) if moment else None
    except (TypeError, ValueError):
        return None
