"""What kind of input it is: told by its name, by a server's media type, or by its first line."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Literal

from tocsin.acquire.lines import looks_like_lines

Kind = Literal["text", "html", "pdf", "jsonl", "warc", "feed"]

SUFFIXES: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".markdown": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".warc": "warc",
    ".rss": "feed",
    ".atom": "feed",
    ".opml": "feed",
}
MEDIA_TYPES: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "text",
    "application/pdf": "pdf",
    "application/x-ndjson": "jsonl",
    "application/ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
    "text/x-opml": "feed",
    "application/xml": "feed",
    "text/xml": "feed",
    "application/gzip": "feed",  # sitemap.xml.gz
    "application/x-gzip": "feed",
}
STREAMED: tuple[Kind, ...] = ("jsonl", "warc")  # many reports in one file: the size limit holds for each
_MARKUP = re.compile(
    rb"\s*<(?:!doctype html|\?xml|!--|(?:html|head|body|main|article|section|div|p|h1|meta|title)\b)", re.IGNORECASE
)


_ROOT = re.compile(  # atomic, so that a page made of comments costs no more than its length
    rb"(?>(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^<>\[]*(?:\[.*?\]\s*)?>)*)"
    rb"<(?:[\w.-]+:)?(rss|feed|rdf|opml|urlset|sitemapindex)\b",
    re.IGNORECASE | re.DOTALL,
)


def by_name(name: str) -> Kind | None:
    """Kind by the end of a file name, ".gz" aside."""
    path = PurePath(name.lower().removesuffix(".gz"))
    return SUFFIXES.get(path.suffix)


def by_content(head: bytes) -> Kind:
    """Kind by the first line that is not blank (or more)."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"WARC/"):
        return "warc"
    if _MARKUP.match(head):
        return "html"
    return "jsonl" if looks_like_lines(head) else "text"


def listing_root(data: bytes) -> str | None:
    """The root element of a feed, a sitemap or a list of feeds: "rss", "feed", "opml"; None for all else."""
    found = _ROOT.match(data[:4_096].removeprefix(b"\xef\xbb\xbf"))
    return found[1].decode("ascii").lower() if found else None


def media_type(header: str | None) -> tuple[str, str | None]:
    """Type and charset of a Content-Type header: "text/html", "utf-8"."""
    kind, _, rest = (header or "").partition(";")
    charset = rest.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    return kind.strip().lower(), charset or None
