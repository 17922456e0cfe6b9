"""Names that reports use and that the registry or the gazetteer does not know, with the words in which they stand.

In:  a Store: its claims with their rules and evidence, its newest reports.
Out: `Unknown` names, those of the most reports first; a person decides what they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from tocsin.fold import fold
from tocsin.model import Span
from tocsin.project.registering import ignored, registry_of
from tocsin.registry import Registry, find_actors, suggest
from tocsin.registry.registry import LANGUAGES
from tocsin.store import Store, schema
from tocsin.store.errors import told
from tocsin.store.lookup import about
from tocsin.store.rows import unpacked

Claim = Mapping[str, Any]
AROUND = 110  # characters shown on each side of a name
QUOTES = 3  # shown of each name
READ = 300  # of the newest reports are read for names of organisations
MOST = 5_000  # claims looked at, the newest
LISTED = 100
ACTORS = (("actor1", "inter1"), ("actor2", "inter2"))
INTRODUCED, ORGANISATION = "coded as an actor because the report says that it is armed", "looks like an organisation"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a report around a name."""

    before: str
    words: str
    after: str
    report: str
    title: str
    source: str
    published: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name. `kind`: what it was coded as; `why`: how it came to be here."""

    name: str
    kind: str
    country: str
    why: str
    reports: int
    quotes: tuple[Quote, ...]

    @property
    def words(self) -> list[str]:
        """As reports write it, where that is more than one word and has not the name in it."""
        return sorted({quote.words for quote in self.quotes if " " in quote.words and self.name not in quote.words})


@lru_cache(maxsize=2)
def unknown_actors(store: Store, change: int) -> list[Unknown]:
    """Names of actors that the registry does not know. `change`: the database's last, so that nothing old is shown."""
    registry, skipped = registry_of(store), ignored(store)
    known = {fold(name) for group in registry.groups.values() for name in (group.name, *_aliases(group.aliases))}
    found = [*_introduced(store), *_organisations(store, registry)]
    return _listed(each for each in found if fold(each[0]) not in known | skipped)


Seen = tuple[str, str, str, str, Quote]  # name, kind, country, why, where


def _introduced(store: Store) -> Iterator[Seen]:
    """Actors of claims that only the report names."""
    claims = claims_ruled(store, "group.introduced.")
    reports = {row["id"]: row for row in about(store, (claim["report_id"] for claim in claims), text=True)}
    for claim in claims:
        for actor, inter in ACTORS:
            ruled = any(rule.startswith(f"{actor}: group.introduced.") for rule in claim.get("rules") or ())
            report = reports.get(claim["report_id"])
            if ruled and report and claim[actor]:
                for span in spans(claim, actor)[:1]:
                    yield claim[actor], claim[inter] or "", claim["country"] or "", INTRODUCED, quote(report, span)


def _organisations(store: Store, registry: Registry) -> Iterator[Seen]:
    """Names in the newest reports that look like those of organisations and are no actor of an event."""
    r = schema.report
    query = select(r.c.id).where(r.c.copy_of.is_(None), r.c.lang.in_(LANGUAGES)).order_by(r.c.change.desc())
    with told(store.name), store.engine.connect() as connection:
        newest = list(connection.scalars(query.limit(READ)))
    for report in about(store, newest, text=True):
        text, lang = report["text"], report["lang"]
        named = (mention.span for mention in find_actors(text, lang, registry))
        for each in suggest(text, named, lang):
            yield each.name, "", "", ORGANISATION, quote(report, each.span)


def _listed(seen: Iterable[Seen]) -> list[Unknown]:
    held: dict[str, list[Seen]] = defaultdict(list)
    for each in seen:
        held[fold(each[0])].append(each)
    found = []
    for some in held.values():
        reports = {each[4].report: each[4] for each in reversed(some)}
        name, kind, country, why, _ = min(some, key=lambda each: each[3] != INTRODUCED)
        found.append(Unknown(name, kind, country, why, len(reports), tuple(reports.values())[:QUOTES]))
    found.sort(key=lambda each: (each.why != INTRODUCED, -each.reports, each.name))
    return found


def claims_ruled(store: Store, part: str) -> list[Claim]:
    """The newest live claims of reports that a rule with this part made."""
    c = schema.claim.c
    columns = (c.key, c.report_id, *(c[name] for name in schema.BODY), c.detail)
    query = select(*columns).where(
        c.until.is_(None), c.report_id.is_not(None), c.detail.contains(part, autoescape=True)
    )
    with told(store.name), store.engine.connect() as connection:
        return [_claim(tuple(row)) for row in connection.execute(query.order_by(c.id.desc()).limit(MOST))]


def spans(claim: Claim, field: str) -> list[Span]:
    """Where the report says it."""
    return [Span(each["start"], each["end"]) for each in claim.get("evidence") or () if each["field"] == field]


def quote(report: Claim, span: Span) -> Quote:
    """The words with those around them."""
    text = report["text"]
    before, after = text[max(0, span.start - AROUND) : span.start], text[span.end : span.end + AROUND]
    if span.start > AROUND:
        before = "…" + before.partition(" ")[2]
    if span.end + AROUND < len(text):
        after = after.rpartition(" ")[0] + "…"
    return Quote(before, span.of(text), after, report["id"], report["title"] or "", report["source"] or "",
                 report["published"] or "")  # fmt: skip


def _claim(row: tuple[Any, ...]) -> Claim:
    return {**unpacked(row[2:], None), "key": row[0], "report_id": row[1]}


def _aliases(aliases: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [name for held in aliases.values() for name in held]
