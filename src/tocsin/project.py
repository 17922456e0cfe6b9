"""A project: reports and data sets go in, events come out, people decide; all of it is kept in one database.

In:  a Store; reports, rows of other data sets, decisions.
Out: claims and events in the Store. Each report is one change: read, coded and linked, or not there at all.
     Adding the same things in another order ends in the same events.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from tocsin import __version__
from tocsin.errors import DataError, SourceError, UsageError
from tocsin.link.copies import COPY, Signature, likeness, signature
from tocsin.link.events import Amendment, Member, Policy, build_event
from tocsin.link.item import Item, item_of
from tocsin.link.link import Cluster as Keys
from tocsin.link.link import KeyPair, link, over_borders, relink
from tocsin.model import Issue, Report
from tocsin.pool import Lost, ordered
from tocsin.store import Change, Cluster, Store, lookup, report_id, schema
from tocsin.store.lookup import about, by_country, known, like
from tocsin.store.lookup import near as claims_near

if TYPE_CHECKING:
    from tocsin.code import Tools

Row = dict[str, Any]
CODER = f"rules {__version__}"
MACHINE = "tocsin"
POLICY = "policy"  # the setting
NEVER = "9999"  # sorts after every day
NO_ORIGINS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Read:
    """What coding one report gave: claim rows with hashed rare words, no Span, no parse."""

    rows: tuple[Row, ...]
    issues: tuple[Issue, ...]


@dataclass(slots=True)
class Tally:
    """What an `add` did."""

    reports: int = 0
    known: int = 0
    copies: int = 0
    claims: int = 0
    failed: int = 0


# -- reports in ------------------------------------------------------------------------------------------------------


def add(
    store: Store,
    items: Iterable[Report | Issue],
    *,
    jobs: int = 1,
    notice: Callable[[Issue], None] = lambda issue: None,
    step: Callable[[], None] = lambda: None,
) -> Tally:
    """Code and link the reports that are new. What is accepted is safe at once; the rest can be added again."""
    tally = Tally()

    def hear(issue: Issue) -> None:
        tally.failed += issue.level == "error"
        notice(issue)

    for report, found in ordered(_new(store, items, tally, hear), read_report, jobs):
        if isinstance(found, Lost):
            hear(Issue("error", "code", f"Report {report.id} could not be coded ({found.error}).", report.url))
            continue
        for issue in found.issues:
            if issue.level == "error":
                hear(issue)
        _accept(store, report, found, tally)
        step()
    return tally


def read_report(report: Report) -> Read:
    """Code one report: a pure function, sent to other processes."""
    from tocsin.code import claims_in
    from tocsin.exchange.event import event

    coded = claims_in(report, tools())
    rows = [event(claim, report, position) for position, claim in enumerate(coded.claims)]
    return Read(tuple(_with_words(row, report) for row in rows), coded.issues)


@cache
def tools() -> Tools:
    """The coder's tools, loaded once in each process."""
    from tocsin.code import Tools

    try:
        return Tools.load()
    except (ImportError, OSError) as error:
        raise DataError(f"Models or tables are missing ({error}). Install Tocsin again: pip install .") from error


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


def _accept(store: Store, report: Report, found: Read, tally: Tally) -> None:
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
        keys = change.put_claims(found.rows, report=key, made_by=CODER)
        whole = {"report_id": key, "published": report.published, "source": report.source}
        rows = [{**row, **whole, "key": name} for name, row in zip(keys, found.rows, strict=True)]
        rows += store.claims_where(schema.claim.c.report_id.in_(moved))
        why, cause = f"report {key[:8]} was added", keys[0] if keys else key
        _place(store, change, with_origin(store, rows, origins), why, cause, origins)
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


# -- linking ---------------------------------------------------------------------------------------------------------


def items_of(rows: Iterable[Row]) -> list[Item]:
    """The rows that can be linked."""
    found = [(row, item_of(row, row["key"], report=row["report_id"], origin=row["origin"])) for row in rows]
    return [replace(item, words=tuple(row["words"])) if row.get("words") else item for row, item in found if item]


def _place(
    store: Store, change: Change, rows: Sequence[Row], why: str, cause: str, origins: Mapping[str, str] = NO_ORIGINS
) -> list[str]:
    """Find the events of these claims; write all events that change by it. `origins`: what this change sets."""
    said = Decided(store)
    clusters, known = _around(store, said, rows, origins)
    return change.apply_events(_built(store, said, clusters, known, why, cause))


def _around(
    store: Store, said: Decided, rows: Sequence[Row], origins: Mapping[str, str] = NO_ORIGINS
) -> tuple[list[Keys], dict[str, Row]]:
    """The clusters that these claims touch, and the rows of all their claims."""
    fresh = {row["key"]: row for row in rows}

    def near(items: Sequence[Item]) -> list[Item]:
        found = claims_near(store, items)
        tied = store.claims(said.tied({item.key for item in items}))
        return [item for item in items_of(with_origin(store, [*found, *tied])) if item.key not in said.rejected]

    held = [item for item in items_of(rows) if item.key not in said.rejected]
    clusters = relink(held, near, said.same, said.different)
    others = [key for keys in clusters for key in keys if key not in fresh]
    return clusters, fresh | {row["key"]: row for row in with_origin(store, store.claims(others), origins)}


def _built(
    store: Store, said: Decided, clusters: Iterable[Keys], rows: dict[str, Row], why: str, cause: str | None = None
) -> Iterator[Cluster]:
    """Each cluster with its event; without a cause the cluster's first claim is named."""
    policy, sources = policy_of(store), {row["name"]: row for row in store.table(schema.source)}
    for keys in clusters:
        members = [_member(rows[key], sources.get(rows[key].get("source") or "", {})) for key in keys]
        yield Cluster(keys, build_event(members, said.amendments(keys), policy), why, cause or keys[0])


def _member(row: Row, source: Row) -> Member:
    """The claim for its event; what a person said about its source wins over what the report says of it."""
    row = {**row, "source_scale": source["scale"]} if source.get("scale") else row
    published = row.get("published")
    day = date.fromisoformat(published) if isinstance(published, str) else published
    return Member(row["key"], row, row["origin"], day.toordinal() if day else None, source.get("party") == "yes")


def with_origin(store: Store, rows: Iterable[Row], origins: Mapping[str, str] = NO_ORIGINS) -> list[Row]:
    """Claims with the origin and the day of publication of their report; a data set is its own origin."""
    found = list(rows)
    reports = {row["id"]: row for row in about(store, {row["report_id"] for row in found if row.get("report_id")})}
    for row in found:
        name = row.get("report_id") or ""
        report = reports.get(name, {})
        row["origin"] = origins.get(name) or report.get("copy_of") or name or row["dataset"]
        row["published"] = report.get("published", row.get("published"))
    return found


def link_all(store: Store, *, step: Callable[[], None] = lambda: None) -> int:
    """Link every claim anew: first what may span a border, then country by country; how many events there are."""
    why = "all claims were linked anew"
    with store.change("link", MACHINE, why) as change:
        said = Decided(store)
        clusters, known = _around(store, said, _over_borders(store, said))
        done = {key for keys in clusters for key in keys} | said.rejected
        total = len(change.apply_events(_built(store, said, clusters, known, why)))
        for rows in by_country(store):
            found = {row["key"]: row for row in with_origin(store, rows) if row["key"] not in done}
            clusters = link(items_of(found.values()), said.same, said.different)
            total += len(change.apply_events(_built(store, said, clusters, found, why)))
            step()
    return total


def _over_borders(store: Store, said: Decided) -> list[Row]:
    """Claims that linking one country alone would part: in likely pairs, in `same` decisions, or in one event now."""
    close = items_of(with_origin(store, lookup.at_borders(store)))
    likely = over_borders(item for item in close if item.key not in said.rejected)
    decided = {key for pair in said.same for key in pair}
    return with_origin(store, store.claims(likely | decided | lookup.over_borders(store)))


def set_policy(store: Store, policy: Policy) -> None:
    """Whose number of dead is published from now on; the next `link_all` applies it."""
    with store.change("policy", MACHINE, f"numbers by policy {policy}") as change:
        change.put(schema.setting, key=POLICY, value=policy.value)


def policy_of(store: Store) -> Policy:
    """Whose number of dead is published in this project."""
    chosen = store.row(schema.setting, POLICY)
    return Policy(chosen["value"]) if chosen else Policy.latest


# -- decisions -------------------------------------------------------------------------------------------------------


class Decided:
    """What people have decided and not taken back, by claim."""

    def __init__(self, store: Store) -> None:
        rows = store.decisions()
        self.same: list[KeyPair] = [(row["claim"], row["other"]) for row in rows if row["kind"] == "same"]
        self.different: list[KeyPair] = [(row["claim"], row["other"]) for row in rows if row["kind"] == "different"]
        self.rejected = {row["claim"] for row in rows if row["kind"] == "reject"}
        self._amended = [row for row in rows if row["kind"] == "amend"]

    def tied(self, keys: set[str]) -> set[str]:
        """Claims that a `same` ties to these."""
        return {other for pair in self.same for key, other in (pair, pair[::-1]) if key in keys} - keys

    def amendments(self, keys: Iterable[str]) -> list[Amendment]:
        held = set(keys)
        return [
            Amendment(row["field"], json.loads(row["value"]), row["id"])
            for row in self._amended
            if row["claim"] in held
        ]


def decide(
    store: Store, verdict: str, one: str, other: str | None = None, *, field: str = "", value: Any = None,
    who: str = MACHINE, why: str = "",
) -> list[str]:  # fmt: skip
    """Write a person's decision down and link again what it touches; the ids of the events as they are now.

    `one` and `other` are event ids or claim keys. same, different, unsure: about two of them; amend: `field` and
    `value` of an event; accept, reject: an event or a claim.
    """
    left, right = claims_of(store, one), claims_of(store, other) if other else []
    about_it = {"who": who, "kind": verdict, "event_id": None if one not in left else one, "why": why}
    packed = json.dumps(value, ensure_ascii=False) if field else None
    with store.change("decide", who, why or verdict) as change:
        for claim, against in _decided_pairs(verdict, left, right):
            change.put_decision(claim=claim, other=against, field=field or None, value=packed, **about_it)
    return relink_claims(store, [*left, *right], f"{verdict}: {why}" if why else verdict, f"decision by {who}")


def _decided_pairs(verdict: str, left: Sequence[str], right: Sequence[str]) -> list[tuple[str, str | None]]:
    """The claims that a decision is written down for: `different` holds for every pair, `same` needs one."""
    pairs: list[tuple[str, str | None]] = [(a, b) for a in left for b in right if a != b]
    if not right:
        pairs = [(key, None) for key in left]
    return pairs if verdict in ("different", "reject") else pairs[:1]


def undo(store: Store, decision: int, *, who: str = MACHINE) -> list[str]:
    """Take a decision back; the events are as if it had never been made, the record of it stays."""
    row = next((row for row in store.decisions() if row["id"] == decision), None)
    if row is None:
        raise UsageError(f"there is no decision {decision} that holds; `tocsin show` lists an event's decisions.")
    with store.change("undo", who, f"decision {decision} was taken back") as change:
        change.end_decision(decision)
    keys = [key for key in (row["claim"], row["other"]) if key]
    return relink_claims(store, keys, f"decision {decision} was taken back", f"decision {decision}")


def claims_of(store: Store, name: str) -> list[str]:
    """The claims of an event, or the one claim of that key (`claim:` before it is allowed)."""
    key = name.removeprefix("claim:")
    if store.event(name):
        return store.members(name)
    if store.claims([key]):
        return [key]
    raise UsageError(f"{name} is neither an event nor a claim of {store.name}; `tocsin events` lists what is there.")


def relink_claims(store: Store, keys: Sequence[str], why: str, cause: str) -> list[str]:
    """Link these claims again, with all that stand or stood in one event with them."""
    members = {name: store.members(name) for name in set(store.events_of(keys).values())}
    rows = with_origin(store, store.claims({*keys, *(key for held in members.values() for key in held)}))
    rejected = Decided(store).rejected
    with store.change("link", MACHINE, why) as change:
        change.retire_claims(key for key in keys if key in rejected)
        change.remove_empty((name for name, held in members.items() if rejected.issuperset(held)), why, cause)
        change.restore_claims(key for key in keys if key not in rejected)
        return _place(store, change, [row for row in rows if row["key"] not in rejected], why, cause)


# -- other data sets -------------------------------------------------------------------------------------------------


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
