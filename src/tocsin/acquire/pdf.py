"""PDF files: the text layer.

In:  the bytes of a PDF.
Out: a Draft; SourceError for a PDF that is encrypted, broken, too long, or only pictures of pages.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from tocsin.acquire.clean import clean, has_words
from tocsin.acquire.draft import Draft
from tocsin.acquire.layout import take_apart
from tocsin.acquire.options import Options
from tocsin.acquire.pages import quiet
from tocsin.acquire.streams import too_large
from tocsin.errors import SourceError

MAX_PAGES = 500
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[a-zà-ÿ])")
_FULL_LINE = 0.75  # of the widest line: a shorter one ends its paragraph


def draft_of(data: bytes, where: str, options: Options, *, url: str | None = None) -> Draft:
    """The report in a PDF, its lines put back together to paragraphs."""
    with quiet("pypdf"):
        text = "\n\n".join(_page_texts(data, options))
    text = clean(text)
    if not has_words(text):
        raise SourceError("the PDF has no text layer (scanned pages?); run text recognition (OCR) on it first")
    layout = take_apart(clean("\n\n".join(unwrapped(block) for block in text.split("\n\n"))))
    return Draft(layout.text, where, layout.title, layout.published, layout.source, url=url)


def unwrapped(block: str) -> str:
    """Lines of a printed paragraph joined; a line well short of the widest one ends it."""
    lines = _HYPHEN.sub("", block).split("\n")
    widest = max(map(len, lines))
    joined = lines[0]
    for before, line in pairwise(lines):
        full = len(before) >= _FULL_LINE * widest and widest >= 40
        joined += (" " if full else "\n\n") + line.strip()
    return joined


def _page_texts(data: bytes, options: Options) -> Iterator[str]:
    """Text of each page, until time or size runs out."""
    deadline, size = time.monotonic() + options.timeout_s, 0
    try:
        for page in _pages(data):
            text = str(page.extract_text() or "")
            size += len(text)
            if size > options.max_bytes:
                raise SourceError(too_large(options.max_bytes))
            if time.monotonic() > deadline:
                raise SourceError(
                    f"the PDF takes over {options.timeout_s:g} s to read; give only the pages that matter"
                )
            yield text
    except SourceError:
        raise
    except Exception as error:  # a broken or hostile PDF can raise anything in the parser
        raise SourceError(f"the PDF is broken ({type(error).__name__}); save it anew or as text") from error


def _pages(data: bytes) -> Any:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not _opens_without_password(reader):
        raise SourceError("the PDF is encrypted; save it without a password first")
    if len(reader.pages) > MAX_PAGES:
        raise SourceError(f"the PDF has {len(reader.pages)} pages, over {MAX_PAGES} is no single report; split it")
    return reader.pages


def _opens_without_password(reader: Any) -> bool:
    from pypdf.errors import PyPdfError

    try:
        return bool(reader.decrypt(""))
    except (PyPdfError, NotImplementedError):  # no library for its cipher
        return False
