"""What a batch would cost, before a single word is sent.

In:  Reports, the Settings, prices.
Out: an `Estimate`: reports, calls, tokens, money.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.llm.book import Book
from tocsin.llm.finder import parts
from tocsin.llm.prompt import request
from tocsin.llm.settings import Settings
from tocsin.model import Report


@dataclass(frozen=True, slots=True)
class Estimate:
    """`known`: calls that the cache answers. `received` is the most that the answers can have."""

    reports: int
    calls: int
    known: int
    sent: int
    received: int

    def price(self, per_million_sent: float, per_million_received: float) -> tuple[float, float]:
        """Least and most, in the money of the prices: with empty answers, and with the longest ones."""
        least = self.sent * per_million_sent / 1e6
        return least, least + self.received * per_million_received / 1e6


def estimate(reports: Iterable[Report], settings: Settings) -> Estimate:
    """Count without asking. Tokens are counted by letters, rather too many than too few."""
    book = Book(settings.cache)
    number = calls = known = sent = 0
    for report in reports:
        number += 1
        for part in parts(report, settings):
            asked = request(report, part, settings)
            if book.answer(asked.key):
                known += 1
            else:
                calls, sent = calls + 1, sent + asked.tokens
    return Estimate(number, calls, known, sent, calls * settings.answer)
