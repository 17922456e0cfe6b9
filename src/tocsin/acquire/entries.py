"""What a feed, a sitemap or a list of feeds announces becomes drafts.

In:  a Listing; a Guest who fetches; a function that reads a fetched page.
Out: a stream of Draft and Issue; the same link is not fetched twice. A page that cannot be had is replaced by what
     the feed itself says, if that is long enough.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from tocsin.acquire.draft import STAGE, Draft
from tocsin.acquire.feeds import Entry, Listing, feed_of
from tocsin.acquire.kinds import listing_root
from tocsin.acquire.polite import Guest
from tocsin.acquire.sitemaps import opml_of, sitemap_of
from tocsin.acquire.streams import GZIP, read_limited, unpacked
from tocsin.acquire.web import Away, Page
from tocsin.errors import SourceError
from tocsin.model import Issue

MIN_WORDS = 40  # a feed's own text of fewer words is a teaser, not a report
MAX_DEPTH = 3  # a list of lists of feeds

Read = Callable[[Page, str], Draft]  # a page, and the link that led to it


@dataclass(slots=True)
class Round:
    """What happened to the links of one listing. `done`: need not be fetched again; `later`: should be."""

    done: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)


def listing_of(data: bytes, url: str) -> Listing:
    """What the bytes list; SourceError if they are no listing."""
    match listing_root(data):
        case "opml":
            return opml_of(data)
        case "urlset" | "sitemapindex":
            return sitemap_of(data)
    return feed_of(data, url)


def listing_on(page: Page, limit: int) -> Listing:
    """What a fetched page lists, unpacked if the file itself is packed (sitemap.xml.gz)."""
    packed = page.body.startswith(GZIP)
    listing = listing_of(read_limited(unpacked(io.BytesIO(page.body)), limit) if packed else page.body, page.url)
    return replace(listing, problem=f"it broke off ({page.cut}); what came whole is read") if page.cut else listing


def drafts(
    listing: Listing, where: str, guest: Guest, read: Read, seen: Round | None = None, depth: int = 0
) -> Iterator[Draft | Issue]:
    """The reports that the listing announces, those of the listings that it names included."""
    seen = seen or Round()
    if listing.problem:
        yield Issue("warning", STAGE, listing.problem, where)
    for entry in listing.entries:
        yield from _entry(entry, listing, where, guest, read, seen)
    for other in listing.others:
        if other not in seen.done and depth < MAX_DEPTH:
            seen.done.add(other)
            yield from _other(other, guest, read, seen, depth + 1)


def _other(url: str, guest: Guest, read: Read, seen: Round, depth: int) -> Iterator[Draft | Issue]:
    try:
        listing = listing_on(guest.fetch(url, part=True), guest.options.max_bytes)
    except SourceError as error:
        yield Issue("error", STAGE, str(error), url)
        return
    yield from drafts(listing, url, guest, read, seen, depth)


def _entry(
    entry: Entry, listing: Listing, where: str, guest: Guest, read: Read, seen: Round
) -> Iterator[Draft | Issue]:
    link = entry.link
    if link in seen.done or (link and guest.options.known(link)):
        seen.done.add(link or "")
        return
    own, why = _own(entry, listing, where), SourceError("the entry has no link, and too little text of its own")
    try:
        if link:
            yield _completed(read(guest.fetch(link), link), own)
            seen.done.add(link)
            return
    except SourceError as error:
        why = error
    if len(entry.text.split()) >= MIN_WORDS:
        if link:
            yield Issue("warning", STAGE, f"the feed's own text is read instead of the page: {why}", link)
        yield own
    else:
        yield Issue("error", STAGE, str(why), link or where)
    if link:
        (seen.later if isinstance(why, Away) and len(entry.text.split()) < MIN_WORDS else seen.done).add(link)


def _own(entry: Entry, listing: Listing, where: str) -> Draft:
    """What the listing itself says of the report."""
    source = listing.title or urlsplit(entry.link or where).hostname
    return Draft(entry.text, entry.link or where, entry.title, entry.published, source, url=entry.link)


def _is_host(source: str | None, url: str | None) -> bool:
    """The page names no source: what stands there is only its host."""
    return not source or source.lower() in urlsplit(url or "").netloc.lower()


def _completed(page: Draft, own: Draft) -> Draft:
    """What the page says; where it is silent, what the feed says. The address is the feed's link."""
    return replace(
        page,
        where=own.where,
        title=page.title or own.title,
        published=page.published or own.published,
        source=own.source if _is_host(page.source, own.url) else page.source,
        url=own.url,
    )
