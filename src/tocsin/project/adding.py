"""Reports in.

In:  a Store, reports as acquire yields them.
Out: their claims and events in the Store, one change a report; a Tally.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tocsin.link.copies import COPY, Signature, likeness, signature
from tocsin.link.item import item_of
from tocsin.model import Issue, Report
from tocsin.pool import Lost, ordered
from tocsin.project.building import MACHINE
from tocsin.project.linking import place, with_origin
from tocsin.project.registering import groups_of
from tocsin.run import made_by, tools_with
from tocsin.store import Change, Store, report_id, schema
from tocsin.store.lookup import about, known, like

if TYPE_CHECKING:
    from tocsin.code.found import Finder
    from tocsin.registry.tables import Group

Row = dict[str, Any]
NEVER = "9999"  # sorts after every day


@dataclass(frozen=True, slots=True)
class Read:
    """What coding one report gave: claim rows with hashed rare words, no Span, no parse."""

    rows: tuple[Row, ...]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class ReadReport:
    """Code one report. A value: it can be sent to another process."""

    finder: Finder | None = None  # None: rules and model together
    least: float = 0.0  # confidence below which values are withheld until a person decides
    groups: tuple[Group, ...] = ()  # what people say of actors; see registering.py

    def __call__(self, report: Report) -> Read:
        from tocsin.code import claims_in
        from tocsin.exchange.event import event

        coded = claims_in(report, tools_with(self.finder, self.groups))
        asked = {"min_confidence": self.least} if self.least else {}
        rows = [event(claim, report, position) | asked for position, claim in enumerate(coded.claims)]
        return Read(tuple(_with_words(row, report) for row in rows), coded.issues)


@dataclass(slots=True)
class Tally:
    """What an `add` did."""

    reports: int = 0
    known: int = 0
    copies: int = 0
    claims: int = 0
    failed: int = 0


def add(
    store: Store,
    items: Iterable[Report | Issue],
    *,
    jobs: int = 1,
    finder: Finder | None = None,
    least: float = 0.0,
    notice: Callable[[Issue], None] = lambda issue: None,
    step: Callable[[], None] = lambda: None,
) -> Tally:
    """Code and link the reports that are new. What is accepted is safe at once; the rest can be added again.

    Each claim says what found it; values of less confidence than `least` wait for a person (review.py).
    """
    tally, coder = Tally(), made_by(finder)

    def hear(issue: Issue) -> None:
        tally.failed += issue.level == "error"
        notice(issue)

    for report, found in ordered(_new(store, items, tally, hear), ReadReport(finder, least, groups_of(store)), jobs):
        if isinstance(found, Lost):
            hear(Issue("error", "code", f"Report {report.id} could not be coded ({found.error}).", report.url))
            continue
        for issue in found.issues:
            if issue.level == "error":
                hear(issue)
        _accept(store, report, found, coder, tally)
        step()
    return tally


def _with_words(row: Row, report: Report) -> Row:
    """The row with the hashes of the rare words that the report uses about it."""
    item = item_of(row, "", report=report.id, origin=None, text=told_about(row, report.text))
    return {**row, "words": list(item.words) if item else []}


def told_about(row: Row, text: str) -> str:
    """The paragraphs of the report's text that hold the row's evidence."""
    starts = {text.rfind("\n", 0, each["start"]) + 1 for each in row.get("evidence") or ()}
    return "\n".join(text[start:].partition("\n")[0] for start in sorted(starts))


def _new(
    store: Store, items: Iterable[Report | Issue], tally: Tally, hear: Callable[[Issue], None]
) -> Iterator[Report]:
    for item in items:
        if isinstance(item, Issue):
            hear(item)
        elif known(store, [report_id(item.text)]):
            tally.known += 1
        else:
            yield item


def _accept(store: Store, report: Report, found: Read, coder: str, tally: Tally) -> None:
    """Store, code and link one report in one transaction."""
    signed = signature(report.text)
    with store.change("add", MACHINE, f"report {report.id}") as change:
        key, new = change.put_report(report, signature=signed.to_text() if signed else None)
        if not new:
            tally.known += 1
            return
        change.put_bands(key, signed.bands() if signed else ())
        _meet(store, change, report)
        origins, moved = _origins(store, report, key, signed)
        change.set_origins(origins)
        keys = change.put_claims(found.rows, report=key, made_by=coder)
        whole = {"report_id": key, "published": report.published, "source": report.source}
        rows = [{**row, **whole, "key": name} for name, row in zip(keys, found.rows, strict=True)]
        rows += store.claims_where(schema.claim.c.report_id.in_(moved))
        why, cause = f"report {key[:8]} was added", keys[0] if keys else key
        place(store, change, with_origin(store, rows, origins), why, cause, origins)
    tally.reports += 1
    tally.copies += origins != {key: key}
    tally.claims += len(keys)


def _origins(store: Store, report: Report, key: str, signed: Signature | None) -> tuple[dict[str, str], list[str]]:
    """The origins of the new report and of those that it changes: of all that are one text, the earliest published.

    What is like a copy is a copy, too, so that the order of arrival never matters. Also the reports that were one text
    with a part of the others until now: their events count the origins anew.
    """
    alike = _alike(store, signed) if signed else []
    day = (report.published.isoformat() if report.published else NEVER, key)
    roots: set[str] = {row["copy_of"] or row["id"] for row in alike}
    before: list[tuple[str, str]] = [(row["published"] or NEVER, row["id"]) for row in about(store, roots)]
    if not before or (len(before) == 1 and before[0] < day):
        return {key: before[0][1] if before else key}, []
    chain = {row["id"]: row for row in alike}
    edge = list(alike)
    while edge:
        fresh = [row for row in _alike(store, _signature(edge.pop())) if row["id"] not in chain]
        chain |= {row["id"]: row for row in fresh}
        edge += fresh
    return dict.fromkeys([key, *chain], min(day, *before)[1]), list(chain) if len(roots) > 1 else []


def _alike(store: Store, signed: Signature) -> list[Row]:
    """Reports that are copies of a text, and the text itself if it is there."""
    return [row for row in like(store, signed.bands()) if likeness(signed, _signature(row)) >= COPY]


def _signature(row: Row) -> Signature:
    return Signature.from_text(row["signature"])


def _meet(store: Store, change: Change, report: Report) -> None:
    """Write the source down when it is first met."""
    if report.source and store.row(schema.source, report.source) is None:
        first = report.published.isoformat() if report.published else None
        change.put(
            schema.source, id=report.source, name=report.source, first_seen=first,
            **dict.fromkeys(("scale", "country", "lang", "party")),  # what people say: see sources.py
        )  # fmt: skip
