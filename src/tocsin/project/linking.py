"""Which claims are one event, and what each event says.

In:  a Store, claim rows.
Out: the events that they touch, built anew by the project's policy and what people have decided.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tocsin.link.events import Amendment, Member, Policy, build_event
from tocsin.link.item import Item, item_of
from tocsin.link.link import Cluster as Keys
from tocsin.link.link import KeyPair, link, over_borders, relink
from tocsin.store import Change, Cluster, Store, lookup, schema
from tocsin.store.lookup import about, by_country
from tocsin.store.lookup import near as claims_near

Row = dict[str, Any]
MACHINE = "tocsin"
POLICY = "policy"  # the setting
NO_ORIGINS: Mapping[str, str] = {}


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


def items_of(rows: Iterable[Row]) -> list[Item]:
    """The rows that can be linked."""
    found = [(row, item_of(row, row["key"], report=row["report_id"], origin=row["origin"])) for row in rows]
    return [replace(item, words=tuple(row["words"])) if row.get("words") else item for row, item in found if item]


def place(
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
