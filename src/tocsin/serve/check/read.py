"""The statements of a text, read in the coder's process, so that no text can hold up the server."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tocsin.acquire.language import given_language
from tocsin.model import Report

if TYPE_CHECKING:
    from tocsin.check.statement import Statement


def read(text: str, published: date | None, lang: str | None) -> list[Statement]:
    """The statements. `lang` None: told from the text. SourceError: it is in no language that is served."""
    from tocsin.acquire.language import language_of
    from tocsin.check.reading import statements
    from tocsin.code import Tools

    known = given_language(lang) if lang else language_of(text)
    return list(statements(Report("text", text, published=published, lang=known), Tools.load()))
