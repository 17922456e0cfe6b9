"""Take a plain text apart: headline, byline, blurb, date line, report, what follows it.

In:  a cleaned text without markup, from a file, a PDF or a page.
Out: a Layout whose `text` is what is kept; offsets refer to it from then on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tocsin.acquire.boilerplate import HEAD_LINES, Line, boilerplate_lines, is_section, line_key, lines_of
from tocsin.acquire.clean import clean
from tocsin.acquire.dates import is_labelled, top_date
from tocsin.model import Span

MAX_TITLE = 200  # characters of a headline over all its lines
MAX_TITLE_LINES = 3
KICKER_WORDS = 3  # "AFRICA" or "Sahara Wire" above the headline
_START = re.compile(r"[\"“«‘(\[]*\s*[^\W_]")  # no list item, table row or rule
_MARKDOWN_TITLE = re.compile(r"#{1,2}\s+(.+?)\s*#*$")
_LABELLED_TITLE = re.compile(r"(?:title|headline|titre)\s*:\s*(.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """`source`: the outlet that the blurb above the headline describes."""

    text: str
    title: str | None
    source: str | None
    published: date | None


def take_apart(text: str, title: str | None = None) -> Layout:
    """Find the headline unless it is known; cut it and all boilerplate off."""
    lines = lines_of(text)
    furniture = boilerplate_lines(lines)
    cut = {line.span for line, _ in furniture} | {line.span for line in lines[:HEAD_LINES] if is_labelled(line.words)}
    head = [line for line in lines if line.span not in cut]
    headline = _same_as(title, head) if title else _headline(text, head)
    if len(headline) < len(head):
        cut |= {line.span for line in headline}
        title = title or _joined(headline)
    source = next((line.raw for line, kind in furniture if kind == "name"), None)
    return Layout(_without(text, cut), title, source, top_date(text))


def _headline(text: str, lines: list[Line]) -> list[Line]:
    """The lines of the headline among those at the top; none if the text begins with the report itself."""
    blocks = list(_heading_blocks(text, lines[:HEAD_LINES]))
    for block in blocks:
        if _marked(block[0]):
            return block[:1]
    if len(blocks) > 1 and len(_joined(blocks[0]).split()) <= KICKER_WORDS < len(_joined(blocks[1]).split()):
        return blocks[1]
    return blocks[0] if blocks else []


def _heading_blocks(text: str, lines: list[Line]) -> Iterator[list[Line]]:
    """Blocks of short lines before the first prose; a block ends at a blank line."""
    block: list[Line] = []
    for line in lines:
        if block and "\n\n" in text[block[-1].span.end : line.span.start]:
            yield block
            block = []
        if not _is_heading(line) or len(_joined([*block, line])) > MAX_TITLE or len(block) == MAX_TITLE_LINES:
            if block and (_marked(block[0]) or (line.is_prose and "\n\n" not in text)):
                yield block[:1]
            return  # else a short line right above prose is part of it
        block.append(line)


def _is_heading(line: Line) -> bool:
    if _marked(line):
        return True
    ends_open = not line.words.endswith((".", ";", ",", ":")) or line.words.endswith("...")
    return ends_open and not line.is_prose and not is_section(line) and _START.match(line.words) is not None


def _marked(line: Line) -> re.Match[str] | None:
    """The line says that it is a title: "# Title" or "Title: ..."."""
    return _MARKDOWN_TITLE.match(line.raw) or _LABELLED_TITLE.match(line.raw)


def _joined(lines: list[Line]) -> str:
    return " ".join(found[1] if (found := _marked(line)) else line.raw for line in lines)


def _same_as(title: str, lines: list[Line]) -> list[Line]:
    """The known headline where the text repeats it at the top."""
    return [line for line in lines[:2] if line.key == line_key(title)][:1]


def _without(text: str, cut: set[Span]) -> str:
    """The text without the lines cut off."""
    kept, at = [], 0
    for span in sorted(cut):
        kept.append(text[at : span.start])
        at = span.end
    return clean("".join(kept) + text[at:])
