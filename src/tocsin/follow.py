"""Follow feeds: which are due, what is new in them, and how they are.

In:  a Store whose `feed` table says what is followed; a Guest who fetches; the time.
Out: new reports coded and linked in the Store. When all of them are safe, the feeds' state is written, so that an
     interrupted round is simply done again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table

from tocsin import project
from tocsin.acquire.draft import STAGE, Draft
from tocsin.acquire.entries import Round, drafts, listing_on
from tocsin.acquire.feeds import Listing
from tocsin.acquire.inputs import finished, page_draft
from tocsin.acquire.polite import Guest
from tocsin.acquire.sitemaps import opml_of
from tocsin.acquire.web import Page
from tocsin.errors import SourceError, UsageError
from tocsin.model import Issue, Report
from tocsin.store import Change, Store, schema
from tocsin.store.lookup import known_addresses

if TYPE_CHECKING:
    from tocsin.code.found import Finder

DAY = timedelta(days=1)
SEEN = "feed seen "  # setting: the links of a feed that need not be fetched again
STOPPED = "feed stopped "  # setting: a feed that no list of feeds may bring back
WHO = "tocsin watch"

Row = dict[str, Any]


@dataclass(slots=True)
class Watched:
    """What one round did. `states`: the feeds' new rows; `seen`: feed -> links that are done with."""

    tally: project.Tally = field(default_factory=project.Tally)
    states: dict[str, Row] = field(default_factory=dict)
    seen: dict[str, list[str]] = field(default_factory=dict)

    @property
    def failed(self) -> list[Row]:
        return [row for row in self.states.values() if row["failures"]]


def subscribe(store: Store, names: Iterable[str], now: datetime) -> int:
    """Follow these addresses, and those that OPML files list; how many are new."""
    known = {row["url"] for row in store.table(schema.feed)}
    new = [url for name in names for url in _addresses(name) if url not in known]
    with store.change("watch", WHO, "feeds to follow") as change:
        for url in dict.fromkeys(new):
            change.put(schema.feed, **fresh(url, now))
            _remove(change, schema.setting, STOPPED + url)
    return len(set(new))


def stop(store: Store, names: Iterable[str], who: str) -> int:
    """Follow these addresses, and those that OPML files list, no longer; how many. Their reports stay."""
    urls = [url for name in names for url in _addresses(name)]
    for url in urls:
        if store.row(schema.feed, url) is None:
            raise UsageError(f"{url} is not followed; `tocsin watch {store.name} --health` lists what is.")
    with store.change("watch", who, f"no longer followed: {', '.join(urls)}") as change:
        for url in urls:
            _remove(change, schema.feed, url)
            _remove(change, schema.setting, SEEN + url)
            change.put(schema.setting, key=STOPPED + url, value="")
    return len(urls)


def _remove(change: Change, table: Table, key: str) -> None:
    change.connection.execute(table.delete().where(next(iter(table.primary_key.columns)) == key))


def due(store: Store, now: datetime, slack: timedelta = timedelta(0)) -> list[Row]:
    """The feeds whose turn it is, the longest overdue first. `slack`: how much too early is soon enough."""
    until = _text(now + slack)
    return sorted((row for row in store.table(schema.feed) if row["next"] <= until), key=lambda row: row["next"])


def watch(
    store: Store,
    guest: Guest,
    every: timedelta,
    now: datetime,
    *,
    jobs: int = 1,
    finder: Finder | None = None,
    least: float = 0.0,
    notice: Callable[[Issue], None] = lambda issue: None,
    step: Callable[[], None] = lambda: None,
) -> Watched:
    """One round: the feeds that are due are fetched, what is new in them is coded and linked, as `project.add` does."""
    watched = Watched()
    queue = due(store, now, every / 10)
    if not queue:
        return watched
    before = {row["url"] for row in store.table(schema.feed)}
    items = _new_in(store, guest, every, now, queue, watched)
    watched.tally = project.add(store, items, jobs=jobs, finder=finder, least=least, notice=notice, step=step)
    with store.change("watch", WHO, f"{len(watched.states)} feeds were looked at") as change:
        stopped = before - {row["url"] for row in store.table(schema.feed)}  # while this round was on
        for url, row in watched.states.items():
            if url not in stopped:
                change.put(schema.feed, **row)
        for url in watched.seen.keys() - stopped:
            change.put(schema.setting, key=SEEN + url, value=json.dumps(sorted(watched.seen[url])))
    return watched


def fresh(url: str, now: datetime) -> Row:
    """A feed that was never looked at, and is due."""
    empty = dict.fromkeys(("kind", "etag", "last_modified", "fetched", "problem"))
    return {"url": url, **empty, "next": _text(now), "failures": 0}


def after_success(row: Row, page: Page, kind: str | None, whole: bool, now: datetime, every: timedelta) -> Row:
    """The feed's row after an answer. `whole`: no entry is left for later, so that "unchanged" may be believed."""
    marks = {"etag": page.etag, "last_modified": page.last_modified}
    if page.unchanged:
        marks = {name: value or row[name] for name, value in marks.items()}
    elif not whole:
        marks = {"etag": None, "last_modified": None}
    times = {"fetched": _text(now), "next": _text(now + every)}
    return {**row, **marks, **times, "kind": kind or row["kind"], "problem": None, "failures": 0}


def after_failure(row: Row, error: SourceError, now: datetime, every: timedelta) -> Row:
    """The feed's row after a failure: the pause doubles up to a day, and is as long as the server asks."""
    failures = row["failures"] + 1
    pause = min(every * 2 ** min(failures, 20), max(DAY, every))
    asked = timedelta(seconds=min(getattr(error, "again_s", None) or 0.0, DAY.total_seconds()))
    return {**row, "next": _text(now + max(pause, asked)), "failures": failures, "problem": str(error)}


def _new_in(
    store: Store, guest: Guest, every: timedelta, now: datetime, queue: list[Row], watched: Watched
) -> Iterator[Report | Issue]:
    kept = {row["key"]: row["value"] for row in store.table(schema.setting)}
    known = {row["url"] for row in store.table(schema.feed)}
    known |= {key.removeprefix(STOPPED) for key in kept if key.startswith(STOPPED)}
    for row in queue:  # grows when a list of feeds names new ones
        url = row["url"]
        try:
            page = guest.fetch(url, etag=row["etag"], last_modified=row["last_modified"], part=True)
            listing = None if page.unchanged else listing_on(page, guest.options.max_bytes)
        except SourceError as error:
            watched.states[url] = after_failure(row, error, now, every)
            yield Issue("error", STAGE, _trouble(error, watched.states[url]), url)
            continue
        links = Round()
        if listing and listing.kind == "opml":
            new = [other for other in listing.others if other not in known]
            known.update(new)
            queue.extend(fresh(other, now) for other in new)
        elif listing:
            yield from _reports(store, guest, url, listing, links, set(json.loads(kept.get(SEEN + url, "[]"))))
            watched.seen[url] = [e.link for e in listing.entries if e.link in links.done]
        whole = not links.later and not (listing and listing.problem)
        watched.states[url] = after_success(row, page, listing.kind if listing else None, whole, now, every)


def _reports(
    store: Store, guest: Guest, url: str, listing: Listing, links: Round, seen: set[str]
) -> Iterator[Report | Issue]:
    """The reports of a feed that were not read before."""
    links.done |= seen | known_addresses(store, (entry.link for entry in listing.entries if entry.link))

    def read(page: Page, link: str) -> Draft:
        return page_draft(page, link, guest.options)

    yield from finished(drafts(listing, url, guest, read, links), url, guest.options)


def _addresses(name: str) -> list[str]:
    """The address itself, or those that an OPML file lists."""
    if name.lower().startswith(("http://", "https://")):
        return [name]
    try:
        found = opml_of(Path(name).read_bytes())
    except (OSError, SourceError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{name}: found {reason}, expected the address of a feed or an OPML file.") from error
    if found.problem:
        raise UsageError(f"{name}: {found.problem}; give the address of a feed or an OPML file.")
    return list(found.others)


def _trouble(error: SourceError, row: Row) -> str:
    tail = f" (failed {row['failures']} times in a row)" if row["failures"] > 1 else ""
    return f"{error}; it is asked again after {row['next'][:16]} UTC{tail}"


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
