"""What the user says about the inputs. Given values win over anything found in a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from tocsin.errors import UsageError

Format = Literal["auto", "text", "html", "pdf", "jsonl", "warc"]


@dataclass(frozen=True, slots=True)
class Options:
    """`published`, `lang`, `source` and `title` hold for every report of the batch."""

    published: date | None = None
    lang: str | None = None
    source: str | None = None
    title: str | None = None
    max_bytes: int = 20_000_000  # of one report, after decompression
    allow_private: bool = False  # fetch from private, loopback and link-local addresses
    timeout_s: float = 20.0  # for one page or one PDF
    in_format: Format = "auto"
    else_lang: str | None = None  # taken for a language that is not served; None: such a text is refused
    pause_s: float = 1.0  # between two pages of one host, for the links of feeds
    known: Callable[[str], bool] = field(default=lambda url: False, repr=False)  # link read before?

    def __post_init__(self) -> None:
        if self.in_format not in get_args(Format):
            raise UsageError(f"input format {self.in_format!r} is unknown; known: {', '.join(get_args(Format))}")
        if self.max_bytes < 1 or self.timeout_s <= 0:
            raise UsageError("max_bytes and timeout_s must be above zero")
