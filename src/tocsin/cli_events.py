"""The commands that look into a database: events, show.

Data go to standard output, all else to standard error. Exit code 0: done; 1: some input was bad; 2: wrong usage.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli_filter import filtered
from tocsin.cli_format import Shaped, is_table
from tocsin.cli_shared import Database, moment, opened, say

if TYPE_CHECKING:
    from tocsin.store import Filter

app = typer.Typer()
LIMIT = 50
UNLIMITED = 10_000  # columns


@app.command(epilog="Example: tocsin events sahel.db --country Mali --since 2022-06 --near Bamako --radius 50km")
@filtered
def events(
    database: Database,
    as_of: Annotated[str | None, typer.Option(help="The events as they were at this time.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Lines of the table.")] = LIMIT,
    wide: Annotated[bool, typer.Option("--wide", help="Cut nothing, however long the lines get.")] = False,
    shape: Shaped = None,
    *,
    wanted: Filter,
) -> None:
    """List events."""
    with opened(database) as store:
        rows = store.events(wanted, moment(as_of))
        if is_table(shape):
            _table(rows, limit, wide)
            return
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))


@app.command(epilog="Example: tocsin show sahel.db BFA1")
def show(database: Database, event_id: Annotated[str, typer.Argument(metavar="EVENT")]) -> None:
    """All about one event: fields, claims side by side with their words, why they were joined, history, decisions."""
    from tocsin.dossier import dossier
    from tocsin.exchange import listing
    from tocsin.project import of_event

    with opened(database) as store:
        about, asked = dossier(store, event_id), of_event(store, event_id)
    row, parts = about.row, []
    if row is None:
        last = about.history[-1]
        into = f"; see {last.merged_into}" if last.merged_into else ""
        say(f"{event_id} is no longer published: {last.why}{into}.")
    else:
        parts = [listing.fields(row), listing.section("Claims", listing.side_by_side(about.claims, about.quotes))]
    parts += [listing.section("Waits for a decision", listing.waiting(map(asdict, asked)))] if asked else []
    parts += [listing.section("Why joined", listing.reasons(*joined)) for joined in about.joined]
    versions = [(v.version, v.at, v.why, v.changed) for v in about.history]
    parts.append(listing.section("History", listing.history(versions)))
    for each in about.decisions:
        parts.append(
            f"decision {each['id']} by {each['who']}: {each['kind']} {each['field'] or ''} {each['why'] or ''}"
        )
    draw(parts)


# -- helpers ---------------------------------------------------------------------------------------------------------


def _table(rows: Iterator[dict[str, Any]], limit: int, wide: bool) -> None:
    from itertools import islice

    from tocsin.exchange.listing import listed

    shown = list(islice(rows, limit))
    more = sum(1 for _ in rows)
    draw([listed(shown, whole=wide)], UNLIMITED if wide else None)
    if more:
        say(f"{more} more: --limit {limit + more} shows all, --format jsonl streams them.")
    elif not shown:
        say("No event fits.")


def draw(parts: Iterable[Any], width: int | None = None) -> None:
    from rich.console import Console

    console = Console(highlight=False, width=width)
    for part in parts:
        console.print(part, markup=False) if isinstance(part, str) else console.print(part)
