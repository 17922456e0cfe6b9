"""All inputs in, reports out, one at a time.

In:  files, folders, addresses and "-" for standard input, in the order given; folders in sorted order.
Out: a stream of Report and Issue. A warning comes before the report it is about; an error stands in place of a report.
Nothing is kept in memory but the report at hand.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, TypeVar

from tocsin.acquire import kinds, lines, pages, pdf, texts, warc
from tocsin.acquire.draft import STAGE, Draft, finish
from tocsin.acquire.kinds import Kind
from tocsin.acquire.options import Options
from tocsin.acquire.streams import read_limited, rejoined, too_large, unpacked
from tocsin.errors import SourceError
from tocsin.model import Issue, Report

if TYPE_CHECKING:
    from tocsin.acquire import web
    from tocsin.acquire.feeds import Listing

T = TypeVar("T")


def reports(inputs: Iterable[str], options: Options | None = None) -> Iterator[Report | Issue]:
    """Every report of every input, and an issue for all that is odd."""
    options = options or Options()
    for name in inputs:
        yield from finished(_read(name, options), _shown(name), options)


def finished(drafts: Iterator[Draft | Issue], where: str, options: Options) -> Iterator[Report | Issue]:
    """Reports of the drafts, and an issue where one cannot be coded or the drafts break off."""
    for found in _safely(drafts, where):
        yield from _safely(finish(found, options), found.where) if isinstance(found, Draft) else [found]


def _safely(found: Iterator[T | Issue], where: str | None) -> Iterator[T | Issue]:
    """What is found, and an issue where it breaks off."""
    try:
        yield from found
    except SourceError as error:
        yield Issue("error", STAGE, str(error), where)


def _read(name: str, options: Options) -> Iterator[Draft | Issue]:
    """Drafts and issues of one input."""
    if name == "-":
        yield from _read_stream(sys.stdin.buffer, "-", options)
    elif name.lower().startswith(("http://", "https://")):
        yield from _read_address(name, options)
    elif "://" in name:
        raise SourceError("only http and https addresses are fetched")
    elif _what(name) == "folder":
        yield from _read_folder(Path(name), options)
    else:
        yield from _read_file(Path(name), options)


def _what(name: str) -> Literal["folder", "file"]:
    """What lies at a path; SourceError if nothing does."""
    try:
        return "folder" if stat.S_ISDIR(os.stat(name).st_mode) else "file"
    except FileNotFoundError as error:
        raise SourceError("there is no such file or folder; check the spelling") from error
    except (OSError, ValueError) as error:
        raise SourceError(f"the path cannot be read: {_reason(error)}") from error


def _read_folder(folder: Path, options: Options) -> Iterator[Draft | Issue]:
    """All files of known kinds below a folder; hidden ones and links to folders are skipped."""
    skipped: Counter[str] = Counter()
    for path in _files_below(folder):
        if kinds.by_name(path.name):
            yield from _safely(_read_file(path, options), _shown(str(path)))
        else:
            skipped[path.suffix.lower() or "without suffix"] += 1
    if skipped:
        some = ", ".join(f"{count} {suffix}" for suffix, count in skipped.most_common(5))
        message = f"skipped files of other kinds: {some}; to read one, name it itself"
        yield Issue("info", STAGE, message, _shown(str(folder)))


def _files_below(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = (Path(root, name) for name in sorted(files) if not name.startswith("."))
        yield from (path for path in paths if path.is_file())


def _read_file(path: Path, options: Options) -> Iterator[Draft | Issue]:
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            kind = _kind(path.name, options)
            if size > options.max_bytes and kind and kind not in kinds.STREAMED:
                raise SourceError(too_large(options.max_bytes, size))
            yield from _read_stream(stream, _shown(str(path)), options)
    except OSError as error:
        raise SourceError(f"the file cannot be read: {_reason(error)}") from error


def _read_stream(stream: IO[bytes], where: str, options: Options) -> Iterator[Draft | Issue]:
    """Reports of an open file: its kind is told by the user, by its name, or by its first line."""
    plain, kind = unpacked(stream), _kind(where, options)
    if kind is None:
        head = _first_line(plain, options.max_bytes)
        plain, kind = rejoined(head, plain), kinds.by_content(head.lstrip())
    if kind == "jsonl":
        yield from lines.drafts(plain, where, options)
    elif kind == "warc":
        yield from warc.drafts(plain, where, options)
    else:
        data = read_limited(plain, options.max_bytes)
        if _is_listing(data, kind, options):
            from tocsin.acquire import entries

            yield from _announced(entries.listing_of(data, where), where, options)
        else:
            yield _draft(data, kind, where, options)


def _read_address(url: str, options: Options) -> Iterator[Draft | Issue]:
    """The report, the report lines, or what a feed announces, behind an address."""
    from tocsin.acquire import entries, web  # most batches fetch nothing, and its library takes 0.07 s to load

    page = web.fetch(url, options, ask=web.Ask(keep_part=True))
    kind = _page_kind(page, options)
    if _is_listing(page.body, kind, options):
        yield from _announced(entries.listing_on(page, options.max_bytes), url, options)
    elif page.cut:
        raise SourceError(f"the page broke off ({page.cut}); try later, or save the page as a file")
    elif kind in kinds.STREAMED:
        yield from _read_stream(io.BytesIO(page.body), url, options)
    else:
        yield page_draft(page, url, options)


def page_draft(page: web.Page, where: str, options: Options) -> Draft:
    """The one report on a page that was fetched."""
    kind = _page_kind(page, options)
    if kind in kinds.STREAMED or _is_listing(page.body, kind, options):
        raise SourceError("the link leads to a list, not to a report; give its address itself")
    return _draft(page.body, kind, where, options, url=page.url, charset=page.charset)


def _page_kind(page: web.Page, options: Options) -> Kind:
    known = _kind("", options) or kinds.MEDIA_TYPES.get(page.kind)
    if page.kind and not known:
        raise SourceError(f"the address gives {page.kind:.60}, not a page, text or PDF; download it and give the file")
    return known or kinds.by_content(page.body)


def _is_listing(data: bytes, kind: Kind, options: Options) -> bool:
    looks = options.in_format == "auto" and kind in ("html", "text") and kinds.listing_root(data) is not None
    return kind == "feed" or looks


def _announced(listing: Listing, where: str, options: Options) -> Iterator[Draft | Issue]:
    """The reports that a feed, a sitemap or a list of feeds announces."""
    from tocsin.acquire import entries, polite

    def read(page: web.Page, link: str) -> Draft:
        return page_draft(page, link, options)

    yield from entries.drafts(listing, where, polite.guest(options), read)


def _draft(
    data: bytes, kind: Kind, where: str, options: Options, url: str | None = None, charset: str | None = None
) -> Draft:
    if kind == "pdf" or data.startswith(b"%PDF-"):
        return pdf.draft_of(data, where, options, url=url)
    if kind == "html":
        return pages.draft_of(data, where, url=url, charset=charset)
    return texts.draft_of(data, where, url=url, charset=charset)


def _kind(name: str, options: Options) -> Kind | None:
    return kinds.by_name(name) if options.in_format == "auto" else options.in_format


def _first_line(stream: IO[bytes], limit: int) -> bytes:
    """The stream up to the end of its first line that is not blank."""
    head = b""
    while len(head) <= limit and (line := stream.readline(limit + 1)):
        head += line
        if line.strip():
            break
    return head


def _shown(name: str) -> str:
    """A path as it can be printed, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "replace") if "\0" not in name else name


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
