"""The names of events: a country code and a number, such as MLI123.

In:  the country of an event.
Out: the next free name; the last number of each country lies in the table `counter`.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection, select

from tocsin.countries import by_name
from tocsin.store import schema as s
from tocsin.store.rows import insert

NOWHERE = "ZZZ"  # ISO 3166 leaves it to users: an event whose country is not known


class Names:
    """The names that one change gives."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._last = {row.iso3: row.last for row in connection.execute(select(s.counter))}
        self._saved = dict(self._last)

    def new(self, country: str | None) -> str:
        """A name that no event has or had."""
        iso3 = _iso3(country)
        number = self._last[iso3] = self._last.get(iso3, 0) + 1
        return f"{iso3}{number}"

    def save(self) -> None:
        """Write down how far each country has come."""
        changed = sorted(set(self._last.items()) - set(self._saved.items()))
        self.connection.execute(s.counter.delete().where(s.counter.c.iso3.in_([iso3 for iso3, _ in changed])))
        insert(self.connection, s.counter, changed, ("iso3", "last"))
        self._saved = dict(self._last)


@cache
def _iso3(country: str | None) -> str:
    home = by_name(country, "en") if country else None
    return home.iso3 if home else NOWHERE
