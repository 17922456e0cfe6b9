"""Tocsin: conflict events that anyone can check, from news reports.

    import tocsin
    coded = tocsin.code(text, published=date(2022, 8, 9))

`tocsin.code` is the package of the coder, and can be called.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.code.callable import code_text as code

__version__ = "0.1.0"
__all__ = ["__version__", "code"]


def __getattr__(name: str) -> object:
    """Load the coder when it is first used: `import tocsin` alone costs nothing."""
    if name == "code":
        return import_module("tocsin.code")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
