"""The command that follows feeds: watch.

Progress, warnings and errors go to standard error. Exit code 0: done; 1: a feed or a report could not be had;
2: wrong usage; 130: interrupted.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from getpass import getuser
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli_finder import Chosen, codes
from tocsin.cli_shared import Database, say
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.acquire.polite import Guest
    from tocsin.follow import Watched
    from tocsin.store import Store

INTERRUPTED = 130
LEAST = timedelta(minutes=1)
UNITS = {"m": "minutes", "h": "hours", "d": "days"}

app = typer.Typer()


@app.command(epilog="Example: tocsin watch sahel.db --once")
@codes
def watch(
    database: Database,
    feeds: Annotated[
        list[str] | None, typer.Argument(metavar="[FEEDS]", help="Addresses of feeds or sitemaps, or OPML files.")
    ] = None,
    every: Annotated[str, typer.Option(help="How often each feed is looked at: 15m, 2h, 1d.")] = "15m",
    once: Annotated[bool, typer.Option("--once", help="Look at the feeds that are due, then stop.")] = False,
    health: Annotated[bool, typer.Option("--health", help="List the feeds and how they are; fetch nothing.")] = False,
    stop: Annotated[
        list[str] | None, typer.Option(metavar="FEED", help="Follow this one no longer; its reports stay. Repeatable.")
    ] = None,
    pause: Annotated[float, typer.Option(min=0.0, help="Seconds between two pages of one host.")] = 1.0,
    jobs: Annotated[int, typer.Option(min=1, help="Processes at once.")] = 1,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch from private addresses too.")] = False,
    *,
    chosen: Chosen,
) -> None:
    """Follow feeds: what is new in them is fetched, coded and linked. FEEDS are added to those followed already."""
    from tocsin import follow
    from tocsin.acquire import Options
    from tocsin.acquire.polite import Guest
    from tocsin.store import open_store

    chosen.refuse_estimate()
    pace = _span(every)
    with open_store(database) as store:
        if feeds:
            follow.subscribe(store, feeds, datetime.now(UTC))
        if stop:
            say(f"{follow.stop(store, stop, getuser())} feeds are followed no longer; their reports stay.")
        if health:
            _health(store)
        if health or stop:
            return
        guest = Guest(Options(allow_private=allow_private, pause_s=pause))
        try:
            with chosen.told():
                raise typer.Exit(_rounds(store, guest, pace, jobs, once, chosen))
        except KeyboardInterrupt:
            say("\ntocsin: interrupted. The reports that were added are kept; the same command goes on.")
            raise typer.Exit(INTERRUPTED) from None


def _rounds(store: Store, guest: Guest, pace: timedelta, jobs: int, once: bool, chosen: Chosen) -> int:
    """Rounds until interrupted, or one; its exit code."""
    from tocsin import follow
    from tocsin.progress import Counter
    from tocsin.store import schema

    while True:
        if not store.table(schema.feed):
            say(f"No feed is followed yet. Type: tocsin watch {store.name} ADDRESS")
            return 0
        with Counter() as counter:
            now = datetime.now(UTC)
            done = follow.watch(
                store, guest, pace, now, jobs=jobs, finder=chosen.finder, least=chosen.least, notice=counter.notice,
                step=counter.step,
            )  # fmt: skip
        if once or done.states:
            say(_summary(done))
        if once:
            return 1 if done.tally.failed else 0
        time.sleep(_wait(store, pace))


def _wait(store: Store, pace: timedelta) -> float:
    """Seconds until the next feed is due, at least some and at most the pace."""
    from tocsin.store import schema

    times = (datetime.fromisoformat(row["next"]) for row in store.table(schema.feed))
    soonest = min(times, default=datetime.now(UTC))
    return min(max((soonest - datetime.now(UTC)).total_seconds(), 5.0), pace.total_seconds())


def _summary(done: Watched) -> str:
    tally = done.tally
    failed = f", {len(done.failed)} of them could not be had" if done.failed else ""
    return f"{len(done.states)} feeds looked at{failed}; {tally.reports} reports added, {tally.claims} claims."


def _health(store: Store) -> None:
    from tocsin.exchange.text import plain
    from tocsin.store import schema

    for row in sorted(store.table(schema.feed), key=lambda row: (-row["failures"], str(row["url"]))):
        state = f"failed {row['failures']} times: {row['problem']}" if row["failures"] else "well"
        seen = f"read {row['fetched'][:16]}" if row["fetched"] else "never read"
        print(plain(row["url"]), seen, f"next {row['next'][:16]}", plain(state), sep="\t")


def _span(text: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,5})([mhd])", text.strip())
    span = timedelta(**{UNITS[found[2]]: int(found[1])}) if found else timedelta(0)
    if span < LEAST:
        raise UsageError(f"--every: found {text!r}, expected a time of a minute or more such as 15m, 2h or 1d.")
    return span
