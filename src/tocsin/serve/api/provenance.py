"""How an event came about, in W3C PROV-JSON: so that others can check who made which version of what.

In:  a Store, an event's id.
Out: entities (the event, its versions, claims, reports), activities (changes of the database), agents (programs and
     people).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from tocsin.project import MACHINE
from tocsin.store import Store, Version
from tocsin.store import schema as s
from tocsin.store.errors import told
from tocsin.store.lookup import about
from tocsin.store.rows import batches

Json = dict[str, Any]
PREFIXES = {"tocsin": "urn:tocsin:", "prov": "http://www.w3.org/ns/prov#", "xsd": "http://www.w3.org/2001/XMLSchema#"}
PERSON, PROGRAM = "prov:Person", "prov:SoftwareAgent"


class _Graph:
    """A PROV document as it grows. Relations get numbers; things, each once, get names."""

    def __init__(self) -> None:
        self.parts: dict[str, Json] = {"prefix": PREFIXES, "entity": {}, "activity": {}, "agent": {}}

    def put(self, kind: str, name: str, **values: Any) -> str:
        found = self.parts[kind].setdefault(name, {})
        found |= _named(values)
        return name

    def relate(self, relation: str, **ends: str) -> None:
        held = self.parts.setdefault(relation, {})
        held[f"_:{relation}{len(held) + 1}"] = _named(ends)


def provenance(store: Store, event_id: str) -> Json | None:
    """None if there never was such an event."""
    steps = store.history(event_id)
    if not steps:
        return None
    graph = _Graph()
    whole = graph.put("entity", _name("event", event_id), prov_type="tocsin:Event")
    changes = _changes(store, [step.since for step in steps])
    before = None
    for step in steps:
        change = changes[step.since]
        activity = _activity(graph, change)
        if step.gone:
            graph.relate("wasInvalidatedBy", prov_entity=str(before), prov_activity=activity, prov_time=step.at)
            continue
        before = _version(graph, whole, step, activity, before)
        graph.relate("wasAttributedTo", prov_entity=before, prov_agent=_agent(graph, change["who"]))
        _claims(graph, store, event_id, step, before)
    return graph.parts


def _version(graph: _Graph, whole: str, step: Version, activity: str, before: str | None) -> str:
    version = graph.put("entity", f"{whole}/v{step.version}", prov_type="tocsin:EventVersion", tocsin_why=step.why)
    graph.relate("specializationOf", prov_specificEntity=version, prov_generalEntity=whole)
    graph.relate("wasGeneratedBy", prov_entity=version, prov_activity=activity, prov_time=step.at)
    if before:
        graph.relate("wasDerivedFrom", prov_generatedEntity=version, prov_usedEntity=before, prov_type="prov:Revision")
    return version


def _claims(graph: _Graph, store: Store, event_id: str, step: Version, version: str) -> None:
    """The claims that the version was made of, and the reports that they were read in."""
    rows = [row for keys in batches(store.members(event_id, step.since)) for row in store.claims(keys)]
    reports = {row["id"]: row for row in about(store, {row["report_id"] for row in rows if row["report_id"]})}
    for row in rows:
        known = _name("claim", row["key"]) in graph.parts["entity"]
        claim = graph.put("entity", _name("claim", row["key"]), prov_type="tocsin:Claim", tocsin_dataset=row["dataset"])
        graph.relate("wasDerivedFrom", prov_generatedEntity=version, prov_usedEntity=claim)
        if known:
            continue
        if row["made_by"]:
            graph.relate("wasAttributedTo", prov_entity=claim, prov_agent=_agent(graph, row["made_by"], PROGRAM))
        if report := reports.get(row["report_id"]):
            source = graph.put("entity", _name("report", report["id"]), prov_type="tocsin:Report",
                               prov_label=report["title"], tocsin_url=report["url"], tocsin_source=report["source"],
                               tocsin_published=report["published"])  # fmt: skip
            graph.relate("wasDerivedFrom", prov_generatedEntity=claim, prov_usedEntity=source,
                         prov_type="prov:PrimarySource")  # fmt: skip


def _activity(graph: _Graph, change: Json) -> str:
    known = _name("change", str(change["seq"])) in graph.parts["activity"]
    found = graph.put("activity", _name("change", str(change["seq"])), prov_startTime=change["at"],
                      prov_endTime=change["at"], prov_type=f"tocsin:{_part(change['kind'] or 'change')}",
                      tocsin_why=change["why"])  # fmt: skip
    if not known:
        graph.relate("wasAssociatedWith", prov_activity=found, prov_agent=_agent(graph, change["who"]))
    return found


def _agent(graph: _Graph, who: str | None, kind: str = "") -> str:
    name = who or MACHINE
    kind = kind or (PROGRAM if name == MACHINE else PERSON)
    return graph.put("agent", _name("agent", name), prov_type=kind, prov_label=name)


def _changes(store: Store, numbers: Sequence[int]) -> dict[int, Json]:
    with told(store.name), store.engine.connect() as connection:
        query = select(s.change).where(s.change.c.seq.in_(set(numbers)))
        return {row["seq"]: dict(row) for row in connection.execute(query).mappings()}


def _named(values: Mapping[str, Any]) -> Json:
    """prov_type=… as PROV-JSON has it; what is not known is left out."""
    found = {key.replace("_", ":", 1): value for key, value in values.items() if value is not None}
    if "prov:type" in found:
        found["prov:type"] = {"$": found["prov:type"], "type": "prov:QUALIFIED_NAME"}
    return found


def _name(kind: str, key: str) -> str:
    return f"tocsin:{kind}/{_part(key)}"


def _part(text: str) -> str:
    """What may stand in a name of PROV."""
    return quote(text.encode("utf-8", "replace"), safe="/")
