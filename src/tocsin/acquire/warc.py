"""Web archives: every page and plain text that was fetched with status 200.

In:  a stream of WARC records (gzip already taken off).
Out: a Draft per response, an Issue per one that cannot be read; all other records are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from tocsin.acquire import kinds, pages, texts
from tocsin.acquire.draft import STAGE, Draft
from tocsin.acquire.options import Options
from tocsin.acquire.streams import read_limited
from tocsin.errors import SourceError
from tocsin.model import Issue

HTML_TYPES = ("text/html", "application/xhtml+xml")
TEXT_TYPES = ("text/plain",)


def drafts(stream: IO[bytes], where: str, options: Options) -> Iterator[Draft | Issue]:
    """Pages of the archive in its order."""
    from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

    try:
        for record in ArchiveIterator(stream):
            if _is_page(record):
                yield _draft(record, where, options)
    except SourceError:
        raise
    except Exception as error:  # a damaged or hostile archive can raise anything in the parser
        raise SourceError(
            f"the web archive is damaged from here on ({type(error).__name__}); fetch it again"
        ) from error


def _is_page(record: Any) -> bool:
    return (
        record.rec_type == "response"
        and record.http_headers is not None
        and record.http_headers.get_statuscode() == "200"
        and kinds.media_type(record.http_headers.get_header("Content-Type"))[0] in HTML_TYPES + TEXT_TYPES
    )


def _draft(record: Any, where: str, options: Options) -> Draft | Issue:
    url = record.rec_headers.get_header("WARC-Target-URI")
    here = f"{where}: {url}" if url else where
    try:
        data = read_limited(record.content_stream(), options.max_bytes)
        kind, charset = kinds.media_type(record.http_headers.get_header("Content-Type"))
        if kind in HTML_TYPES:
            return pages.draft_of(data, here, url=url, charset=charset)
        return texts.draft_of(data, here, url=url, charset=charset)
    except SourceError as error:
        return Issue("error", STAGE, str(error), here)
    except Exception as error:  # warcio hands damaged bodies on to whatever decoder they name
        return Issue(
            "error", STAGE, f"the record cannot be unpacked ({type(error).__name__}); fetch the page again", here
        )
