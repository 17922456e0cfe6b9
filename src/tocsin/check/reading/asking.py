"""Which function reads which kind of statement.

In:  a Clause with who acts in it (`Ask`).
Out: `Asked`s; none if the clause lacks what its kind needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tocsin.check.reading import changes, counts, shares, told, wheres
from tocsin.check.reading.ask import Ask
from tocsin.check.statement import Asked


def asked(ask: Ask) -> list[Asked]:
    """All that the clause asks."""
    return KINDS[ask.clause.rule.kind](ask)


KINDS: Mapping[str, Callable[[Ask], list[Asked]]] = {
    "count": counts.count, "deaths": counts.deaths, "first": counts.record, "last": counts.last,
    "deadliest": counts.record, "closest": counts.closest, "change": changes.change, "effect": changes.change,
    "expansion": wheres.expansion, "encirclement": wheres.encirclement, "share": shares.share,
    "ranking": shares.ranking, "distance": wheres.distance, "attribution": told.attribution, "status": told.status,
}  # fmt: skip
