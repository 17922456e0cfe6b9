"""Files, pages, report lines and archives become reports.

In:  paths, addresses or "-"; Options with what the user knows.
Out: a stream of Report and Issue. The text of a report is kept as it is from here on: all offsets refer to it.
"""

from __future__ import annotations

from datetime import date

from tocsin.acquire.boilerplate import boilerplate_spans
from tocsin.acquire.draft import Draft, report_of
from tocsin.acquire.inputs import reports
from tocsin.acquire.options import Options
from tocsin.model import Report

__all__ = ["Options", "boilerplate_spans", "report_from_text", "reports"]


def report_from_text(
    text: str,
    *,
    title: str | None = None,
    published: date | None = None,
    source: str | None = None,
    lang: str | None = None,
    url: str | None = None,
    id: str | None = None,
) -> Report:
    """A report of a text that is already there; the text is kept exactly. SourceError if it cannot be coded."""
    draft = Draft(text=text, title=title, source=source, lang=lang, url=url, id=id)
    return report_of(draft, Options(published=published))
