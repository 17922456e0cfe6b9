"""What the database knows about the sources of its reports.

In:  a Store.
Out: for each source what people said about it and what its reports show; who said what about one source, and when.
"""

from __future__ import annotations

from sqlalchemy import func, select

from tocsin.store import schema as s
from tocsin.store.errors import told
from tocsin.store.rows import Row
from tocsin.store.store import Store

SAID = "source"  # the kind of change that says something about a source


def source_rows(store: Store) -> list[Row]:
    """Every source by name: its row, with `reports`, `copies` among them, `first_day` and what reports say themselves.

    `scales` and `langs` are the smallest and the largest of what reports say; first and last differ if they disagree.
    """
    r = s.report.c
    spread = (
        func.min(r.published),
        func.min(r.source_scale),
        func.max(r.source_scale),
        func.min(r.lang),
        func.max(r.lang),
    )
    query = (
        select(r.source, func.count(), func.count(r.copy_of), *spread).where(r.source.is_not(None)).group_by(r.source)
    )
    with told(store.name), store.engine.connect() as connection:
        known = {row["id"]: dict(row) for row in connection.execute(select(s.source)).mappings()}
        for name, reports, copies, day, *said in connection.execute(query):
            row = known.setdefault(name, {column.name: None for column in s.source.c} | {"id": name, "name": name})
            row |= {"reports": reports, "copies": copies, "first_day": day, "scales": said[:2], "langs": said[2:]}
    return [known[name] for name in sorted(known)]


def source_changes(store: Store, beginning: str) -> list[Row]:
    """The changes (at, who, why) that said something about a source, whose `why` has this beginning, in their order."""
    c = s.change.c
    query = (
        select(c.at, c.who, c.why).where(c.kind == SAID, c.why.startswith(beginning, autoescape=True)).order_by(c.seq)
    )
    with told(store.name), store.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
