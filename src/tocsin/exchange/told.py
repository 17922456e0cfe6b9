"""Events with what they rest on: their claims, the claims' evidence, and the reports these were read in.

In:  a Store, and events of it as rows.
Out: the same rows, each with `told`: its claims with `values` of the fields that have evidence, and the report's `url`,
     `published`, `title` and, if asked, `text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select

from tocsin.store import Store
from tocsin.store import schema as s
from tocsin.store.errors import told as explained
from tocsin.store.lookup import about
from tocsin.store.rows import batches

Row = dict[str, Any]
AsOf = int | str | None
FIELDS = ("key", "report_id", "dataset", "rules", "evidence")  # of a claim
OF_REPORT = ("url", "published", "title", "text")
BATCH = 200  # events looked up at once


def with_told(store: Store, rows: Iterable[Row], as_of: AsOf = None, *, text: bool = False) -> Iterator[Row]:
    """Each row with its claims, as they were at that time."""
    for batch in batches(rows, BATCH):
        members = _members(store, [row["event_id_cnty"] for row in batch], as_of)
        keys = [key for held in members.values() for key in held]
        claims = {claim["key"]: claim for some in batches(keys) for claim in store.claims(some)}
        ids = {claim["report_id"] for claim in claims.values() if claim["report_id"]}
        reports = {report["id"]: report for report in about(store, ids, text=text)}
        for row in batch:
            held = [claims[key] for key in members.get(row["event_id_cnty"], ())]
            yield {**row, "told": [_told(row, claim, reports.get(claim["report_id"], {})) for claim in held]}


def _told(event: Row, claim: Row, report: Row) -> Row:
    """The claim, without the words for what the event leaves open."""
    about_it = {name: claim.get(name) for name in FIELDS} | {name: report.get(name) for name in OF_REPORT}
    evidence = [each for each in claim.get("evidence") or () if event.get(each["field"], "") is not None]
    values = {each["field"]: claim.get(each["field"]) for each in evidence}
    return {**about_it, "evidence": evidence, "values": values}


def _members(store: Store, events: Sequence[str], as_of: AsOf) -> dict[str, list[str]]:
    """The keys of each event's claims, in the order in which they were stored."""
    if as_of is not None:
        return {event: store.members(event, as_of) for event in events}
    m, c, found = s.member.c, s.claim.c, dict[str, list[str]]()
    query = select(m.event_id, c.key).join(s.claim, m.claim_id == c.id).order_by(c.id)
    with explained(store.name), store.engine.connect() as connection:
        for row in connection.execute(query.where(m.event_id.in_(events), m.until.is_(None))):
            found.setdefault(row.event_id, []).append(row.key)
    return found
