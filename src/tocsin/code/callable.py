"""Make the package `tocsin.code` callable: `tocsin.code(text, published=date(2022, 8, 9))`.

At the end of code/__init__.py:  make_callable(__name__)
"""

from __future__ import annotations

import sys
from datetime import date
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

from tocsin.model import Coded

if TYPE_CHECKING:
    from tocsin.code import Tools


def code_text(
    text: str,
    *,
    published: date | None = None,
    title: str | None = None,
    lang: str | None = None,
    source: str | None = None,
) -> Coded:
    """Code one text: its events with evidence, what was rejected, what was odd.

    Without `published`, days such as "on Monday" stay open. Without `lang` the language is found.
    """
    from tocsin.acquire import report_from_text
    from tocsin.code import claims_in

    report = report_from_text(text, published=published, title=title, lang=lang, source=source)
    return claims_in(report, _tools())


@cache
def _tools() -> Tools:
    from tocsin.code import Tools

    return Tools.load()


class _Callable(ModuleType):
    """A package that does, when called, what it is for."""

    __call__ = staticmethod(code_text)


def make_callable(package: str) -> None:
    """Let the package be called as `code_text` is."""
    sys.modules[package].__class__ = _Callable
