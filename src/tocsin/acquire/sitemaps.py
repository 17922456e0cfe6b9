"""Sitemaps and lists of feeds (OPML): what they name.

In:  the bytes of an XML file; entities are not expanded and nothing it names is fetched.
Out: a Listing. SourceError if it cannot be read at all.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tocsin.acquire.dates import iso_date
from tocsin.acquire.feeds import Entry, Listing
from tocsin.errors import SourceError

MAX_LINKS = 1_000  # of one sitemap, newest first; an archive has up to 50,000
MAX_MAPS = 10  # sitemaps that an index of sitemaps leads to, newest first


def sitemap_of(data: bytes) -> Listing:
    """The pages of a sitemap, or the sitemaps of an index, newest first."""
    found = [_named(each) for each in _root(data) if _name(each) in ("url", "sitemap")]
    named = [each for each in found if each.get("loc", "").lower().startswith(("http://", "https://"))]
    named.sort(key=lambda each: each.get("publication_date") or each.get("lastmod") or "", reverse=True)
    if _name(_root(data)) == "sitemapindex":
        return Listing(
            "sitemap", others=tuple(each["loc"] for each in named[:MAX_MAPS]), problem=_left(named, MAX_MAPS)
        )
    entries = tuple(Entry(each["loc"], each.get("title"), "", _day(each)) for each in named[:MAX_LINKS])
    title = next((each["name"] for each in named if "name" in each), None)
    return Listing("sitemap", title, entries, problem=_left(named, MAX_LINKS))


def opml_of(data: bytes) -> Listing:
    """The feeds of an OPML list, however deep they are nested, each once."""
    addresses = (str(_get(each, "xmlurl")).strip() for each in _root(data).iter() if _name(each) == "outline")
    feeds = dict.fromkeys(each for each in addresses if each.lower().startswith(("http://", "https://")))
    return Listing("opml", others=tuple(feeds), problem=None if feeds else "the list names no feed (xmlUrl)")


def _root(data: bytes) -> Any:
    from lxml import etree  # type: ignore[import-untyped]

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise SourceError("the XML is damaged; fetch the file again") from error
    if root is None:
        raise SourceError("the XML is damaged; fetch the file again")
    return root


def _named(element: Any) -> dict[str, str]:
    """Name -> text of everything below an element; the first of a name counts."""
    found: dict[str, str] = {}
    for each in element.iter():
        if text := (each.text or "").strip():
            found.setdefault(_name(each), text)
    return found


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _get(element: Any, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.lower() == name), "")


def _left(named: list[dict[str, str]], limit: int) -> str | None:
    left = len(named) - limit
    return f"it names {left} more; the newest {limit} are read" if left > 0 else None


def _day(named: dict[str, str]) -> date | None:
    """When the page was published; a mere change (lastmod) does not say so."""
    return iso_date(named["publication_date"][:10]) if "publication_date" in named else None
