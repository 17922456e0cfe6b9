"""A long list on a page: searched, sorted, a part at a time.

In:  `q`, `sort`, `order`, `page` of the address.
Out: `Listed`: which lines to show and in what order; the addresses of the other orders and pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from tocsin.serve.events.index import NO_DAY, day_of
from tocsin.serve.events.totals import SHOWN, Ints

LAST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Listed:
    """`given`: what else the address asks for. `down`: the greatest first."""

    path: str
    given: Mapping[str, str]
    sort: str
    down: bool
    page: int
    found: int = 0

    @classmethod
    def of(cls, path: str, query: Mapping[str, str], kept: tuple[str, ...], sorts: tuple[str, ...]) -> Listed:
        """An unknown order or page is the usual one. `kept`: the names of what else is asked for."""
        sort = query.get("sort", "") if query.get("sort") in sorts else "events"
        page = query.get("page", "")
        number = min(int(page), LAST_PAGE) if page.isascii() and page.isdigit() and len(page) < 8 else 1
        given = {name: value.strip() for name in kept if (value := query.get(name, "")).strip()}
        return cls(path, given, sort, query.get("order", _usual(sort)) == "desc", max(number, 1))

    def address(self, **other: Any) -> str:
        """The address of the list with something else."""
        now = {"sort": self.sort, "order": "desc" if self.down else "asc", "page": self.page}
        return f"{self.path}?{urlencode({**self.given, **now, **other})}"

    def sorted_by(self, sort: str) -> str:
        """The address of the list in another order; the other way round if it is in this one."""
        order = ("asc" if self.down else "desc") if sort == self.sort else _usual(sort)
        return self.address(sort=sort, order=order, page=1)

    def shown(self, chosen: Ints, keys: Mapping[str, NDArray[Any]]) -> Ints:
        """Of the chosen lines those of this page, in order; equal ones by `keys["name"]`."""
        value = keys[self.sort][chosen]
        order = np.lexsort((keys["name"][chosen], -value if self.down else value))
        return chosen[order[(self.page - 1) * SHOWN : self.page * SHOWN]]

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // SHOWN))

    @property
    def begin(self) -> int:
        return (self.page - 1) * SHOWN + 1

    @property
    def end(self) -> int:
        return min(self.page * SHOWN, self.found)


def _usual(sort: str) -> str:
    return "asc" if sort in ("name", "kind", "country") else "desc"


def ranks(texts: list[str]) -> Ints:
    """The place of each text in the alphabet."""
    found = np.empty(len(texts), np.int64)
    found[np.array(sorted(range(len(texts)), key=texts.__getitem__), np.int64)] = np.arange(len(texts))
    return found


def day(number: int) -> str | None:
    """The day of a number, None if it is none."""
    return None if number == NO_DAY else day_of(number)
