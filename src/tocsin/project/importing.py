"""Other data sets in.

In:  a Store, rows as the readers yield them.
Out: a claim and an event for each row; a Tally.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any

from tocsin.errors import SourceError
from tocsin.model import Issue
from tocsin.project.adding import Tally
from tocsin.project.building import MACHINE
from tocsin.store import Store

Row = dict[str, Any]


def import_rows(
    store: Store, rows: Iterable[Row | Issue], *, name: str, notice: Callable[[Issue], None] = lambda issue: None,
    strict: bool = False, batch: int = 50_000, step: Callable[[], None] = lambda: None,
) -> Tally:  # fmt: skip
    """Take in the rows of a data set, each a claim and an event of its own until `link_all` compares it with others.

    A change for each batch, so that others can write in between; one change if there are no claims yet. `strict`: one
    change, and the first bad or repeated row is a SourceError that leaves nothing behind.
    """
    tally, first, repeated = Tally(), 0, 0

    def hear(issue: Issue) -> None:
        if strict and issue.level == "error":
            raise _refused(issue, name)
        tally.failed += issue.level == "error"
        notice(issue)

    def twice(key: str) -> None:
        nonlocal repeated
        repeated += 1
        hear(Issue("error", "import", f"{key} is there twice; the first row is kept. Give each row its own id.", name))

    stream = _good(rows, tally, hear, step)
    for row in stream:
        with store.change("import", MACHINE, f"rows of {name}") as change:
            first = first or change.seq
            whole = strict or not change.has_claims
            some = chain([row], stream if whole else islice(stream, batch - 1))
            made_by, why = f"import {name}", f"imported from {name}"
            tally.claims += change.import_rows(some, made_by=made_by, why=why, first=first, twice=twice)
    tally.known = tally.reports - tally.claims - repeated
    return tally


def _good(
    rows: Iterable[Row | Issue], tally: Tally, hear: Callable[[Issue], None], step: Callable[[], None]
) -> Iterator[Row]:
    """The rows that could be read, counted as reports."""
    for row in rows:
        if isinstance(row, Issue):
            hear(row)
        else:
            tally.reports += 1
            step()
            yield row


def _refused(issue: Issue, name: str) -> SourceError:
    where = f"{issue.where}: " if issue.where and issue.where not in issue.message else ""
    return SourceError(f"{where}{issue.message.rstrip('.')}. Nothing of {name} was taken in (--strict).")
