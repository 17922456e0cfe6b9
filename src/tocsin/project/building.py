"""Events from clusters of claims, by a project's settings and by what people have decided.

In:  a Store with its settings, decisions, clusters of claims with their rows.
Out: each cluster as an event to publish or to hold back, with the doubts that wait for a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tocsin.link.events import Amendment, Member, Policy, build_event
from tocsin.link.link import Cluster as Keys
from tocsin.link.link import KeyPair
from tocsin.model import NEEDED
from tocsin.project.doubt import EVENT, Doubt, confidence_of, doubts, event_doubt, standing, sureness
from tocsin.store import Cluster, Store, schema

Row = dict[str, Any]
MACHINE = "tocsin"
POLICY, LEAST = "policy", "least confidence"  # settings


class Decided:
    """What people have decided and not taken back, by claim."""

    def __init__(self, rows: Iterable[Row]) -> None:
        rows = list(rows)
        self.same: list[KeyPair] = [(row["claim"], row["other"]) for row in rows if row["kind"] == "same"]
        self.different: list[KeyPair] = [(row["claim"], row["other"]) for row in rows if row["kind"] == "different"]
        self.rejected = {row["claim"] for row in rows if row["kind"] == "reject" and not row["field"]}
        self.accepted = _fields(row for row in rows if row["kind"] == "accept")
        self.refused = _fields(row for row in rows if row["kind"] == "reject" and row["field"])
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


def _fields(rows: Iterable[Row]) -> dict[str, set[str]]:
    """The fields that these decisions name, by claim; the event itself if they name none."""
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["claim"], set()).add(row["field"] or EVENT)
    return found


@dataclass(frozen=True, slots=True)
class Built:
    """A cluster with its event. It is published if a claim of it is sure enough; `doubts` wait for a person."""

    cluster: Cluster
    is_published: bool
    doubts: tuple[Doubt, ...]


class Builder:
    """Builds events by the project's settings and by what people have decided."""

    def __init__(self, store: Store, said: Decided) -> None:
        self.said, self.policy, self.least = said, policy_of(store), least_of(store)
        self.sources = {row["name"]: row for row in store.table(schema.source)}

    def built(
        self, clusters: Iterable[Keys], rows: Mapping[str, Row], why: str, cause: str | None = None
    ) -> Iterator[Built]:
        """Each cluster with its event; without a cause the cluster's first claim is named."""
        for keys in clusters:
            left = {key: self._standing(key, rows[key], self._least(rows[key])) for key in keys}
            event = self._event(keys, left)
            if all(left[key] is rows[key] for key in keys) and self._is_sure(keys, rows):
                yield Built(Cluster(keys, event, why, cause or keys[0]), True, ())
                continue
            whole = {key: self._standing(key, rows[key], 0.0) for key in keys}
            told = self._event(keys, whole)
            sure = self._is_sure(keys, rows)
            found = tuple(doubts(told, event, whole, left)) if sure else (event_doubt(told, whole),)
            event["complete"] = told["complete"] and all(event.get(name) is not None for name in NEEDED)
            yield Built(Cluster(keys, event, why, cause or keys[0]), sure, found)

    def _event(self, keys: Keys, rows: Mapping[str, Row]) -> Row:
        """The event, with how sure each value is."""
        members = [_member(rows[key], self.sources.get(rows[key].get("source") or "", {})) for key in keys]
        amendments = self.said.amendments(keys)
        event = build_event(members, amendments, self.policy)
        judged = confidence_of(event, rows) | {each.field: 1.0 for each in amendments}
        judged |= {EVENT: 1.0} if any(self._is_accepted(key) for key in keys) else {}
        return event | {"confidence": judged} if judged else event

    def _standing(self, key: str, row: Row, least: float) -> Row:
        accepted, refused = (by_claim.get(key, set()) - {EVENT} for by_claim in (self.said.accepted, self.said.refused))
        return standing(row, least, accepted, refused)

    def _is_sure(self, keys: Keys, rows: Mapping[str, Row]) -> bool:
        """Whether one of the claims is sure enough that the event happened, or a person says so."""
        return any(sureness(rows[key], EVENT) >= self._least(rows[key]) or self._is_accepted(key) for key in keys)

    def _is_accepted(self, key: str) -> bool:
        return EVENT in self.said.accepted.get(key, ())

    def _least(self, row: Row) -> float:
        """The least confidence: the project's, else what was asked for when the claim was added."""
        return float(row.get("min_confidence") or 0.0) if self.least is None else self.least


def _member(row: Row, source: Row) -> Member:
    """The claim for its event; what a person said about its source wins over what the report says of it."""
    row = {**row, "source_scale": source["scale"]} if source.get("scale") else row
    published = row.get("published")
    day = date.fromisoformat(published) if isinstance(published, str) else published
    return Member(row["key"], row, row["origin"], day.toordinal() if day else None, source.get("party") == "yes")


def set_policy(store: Store, policy: Policy) -> None:
    """Whose number of dead is published from now on; the next `link_all` applies it."""
    with store.change("policy", MACHINE, f"numbers by policy {policy}") as change:
        change.put(schema.setting, key=POLICY, value=policy.value)


def set_least(store: Store, least: float) -> None:
    """How sure what is published must be from now on, whatever was asked for before; the next `link_all` applies it."""
    with store.change("policy", MACHINE, f"least confidence {least:g}") as change:
        change.put(schema.setting, key=LEAST, value=repr(least))


def least_of(store: Store) -> float | None:
    """How sure what is published must be in this project; None: as sure as was asked for with each claim."""
    chosen = store.row(schema.setting, LEAST)
    return float(chosen["value"]) if chosen else None


def policy_of(store: Store) -> Policy:
    """Whose number of dead is published in this project."""
    chosen = store.row(schema.setting, POLICY)
    return Policy(chosen["value"]) if chosen else Policy.latest
