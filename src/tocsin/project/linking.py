"""Which claims are one event, and what each event says.

In:  a Store, claim rows.
Out: the events that they touch, built anew by the project's policy and what people have decided.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tocsin.link.item import Item, item_of
from tocsin.link.link import Cluster as Keys
from tocsin.link.link import link, over_borders, relink
from tocsin.project.building import MACHINE, Builder, Built, Decided
from tocsin.project.doubt import Doubt
from tocsin.store import Change, Store, lookup
from tocsin.store.lookup import about, by_country
from tocsin.store.lookup import near as claims_near

Row = dict[str, Any]
NO_ORIGINS: Mapping[str, str] = {}


def items_of(rows: Iterable[Row]) -> list[Item]:
    """The rows that can be linked."""
    found = [(row, item_of(row, row["key"], report=row["report_id"], origin=row["origin"])) for row in rows]
    return [replace(item, words=tuple(row["words"])) if row.get("words") else item for row, item in found if item]


def place(
    store: Store, change: Change, rows: Sequence[Row], why: str, cause: str, origins: Mapping[str, str] = NO_ORIGINS
) -> list[str]:
    """Find the events of these claims; write all events that change by it. `origins`: what this change sets."""
    return place_by(store, change, Decided(store.decisions()), rows, why, cause, origins)


def place_by(
    store: Store, change: Change, said: Decided, rows: Sequence[Row], why: str, cause: str,
    origins: Mapping[str, str] = NO_ORIGINS,
) -> list[str]:  # fmt: skip
    """The same, by these decisions."""
    clusters, known = _around(store, said, rows, origins)
    change.end_doubts(known)
    return _write(change, Builder(store, said).built(clusters, known, why, cause))


def _write(change: Change, built: Iterable[Built]) -> list[str]:
    """The ids of the events that are published; what is not sure enough to be waits for a person."""
    given = list(built)
    change.hold_back([each.cluster for each in given if not each.is_published])
    shown = [each for each in given if each.is_published]
    names = change.apply_events(each.cluster for each in shown)
    ids = {id(each): name for each, name in zip(shown, names, strict=True)}
    change.put_doubts(_row(doubt, ids.get(id(each))) for each in given for doubt in each.doubts)
    return names


def _row(doubt: Doubt, event_id: str | None) -> Row:
    claims = json.dumps(doubt.claims)
    return {"id": doubt.id, "claim": doubt.claims[0], "field": doubt.field, "claims": claims, "event_id": event_id,
            "confidence": doubt.confidence, "worth": doubt.worth}  # fmt: skip


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
        said = Decided(store.decisions())
        builder = Builder(store, said)
        change.end_doubts()
        clusters, known = _around(store, said, _over_borders(store, said))
        done = {key for keys in clusters for key in keys} | said.rejected
        total = len(_write(change, builder.built(clusters, known, why)))
        for rows in by_country(store):
            found = {row["key"]: row for row in with_origin(store, rows) if row["key"] not in done}
            clusters = link(items_of(found.values()), said.same, said.different)
            total += len(_write(change, builder.built(clusters, found, why)))
            step()
    return total


def _over_borders(store: Store, said: Decided) -> list[Row]:
    """Claims that linking one country alone would part: in likely pairs, in `same` decisions, or in one event now."""
    close = items_of(with_origin(store, lookup.at_borders(store)))
    likely = over_borders(item for item in close if item.key not in said.rejected)
    decided = {key for pair in said.same for key in pair}
    return with_origin(store, store.claims(likely | decided | lookup.over_borders(store)))
