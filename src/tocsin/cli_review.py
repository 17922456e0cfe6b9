"""The command for what waits for a person: review.

Data go to standard output, all else to standard error. Exit code 0: done; 1: some input was bad; 2: wrong usage.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from getpass import getuser
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli_events import draw
from tocsin.cli_format import Shaped, is_table
from tocsin.cli_shared import Database, Who, Why, opened, say, setting
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.project import Item
    from tocsin.store import Store

app = typer.Typer()
LIMIT = 10


class Verdict(StrEnum):
    """What a person can make of an item."""

    accept = "accept"
    amend = "amend"
    reject = "reject"


@app.command(epilog="Example: tocsin review sahel.db --limit 5")
def review(
    database: Database,
    verdict: Annotated[Verdict | None, typer.Argument(help="Left out: what waits is listed.")] = None,
    name: Annotated[str | None, typer.Argument(metavar="ITEM", help="Its id, or how that begins.")] = None,
    fields: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="For amend; repeatable.")
    ] = None,
    why: Why = "",
    who: Who = None,
    country: Annotated[str | None, typer.Option(help="Of the list: ACLED's name of the country.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Items of the list.")] = LIMIT,
    shape: Shaped = None,
) -> None:
    """What was withheld as not sure enough, the most worth deciding first; accept, amend or reject it."""
    from tocsin import project

    if verdict and not name:
        raise UsageError(f"{verdict} what? Give the item: tocsin review {database} {verdict} ITEM")
    with opened(database) as store:
        if verdict is None or name is None:
            _list(store, country, limit, shape)
            return
        values = dict(map(setting, fields or [""])) if verdict is Verdict.amend else {}
        now = project.settle(store, name, verdict.value, values, who=who or getuser(), why=why)
        made, left = max(row["id"] for row in store.decisions()), project.length(store)
    say(f"Decision {made} is written down. Events now: {', '.join(now) or 'none'}. {left} wait. To take it back: "
         f"tocsin undo {database} {made}")  # fmt: skip


def _list(store: Store, country: str | None, limit: int, shape: Shaped) -> None:
    from tocsin import project
    from tocsin.exchange import listing

    found, total = project.queue(store, country=country, limit=limit), project.length(store, country=country)
    if not is_table(shape):
        for item in found:
            print(json.dumps(_line(item), ensure_ascii=False))
        return
    draw([listing.waiting(map(asdict, found))])
    if not found:
        say("Nothing waits.")
        return
    first = found[0].id[: listing.SHORT]
    say(f"{total} wait. Type: tocsin review {store.name} accept {first}, or reject, or amend with --set.")


def _line(item: Item) -> dict[str, object]:
    """The item as a line; of the claim what says which event it is."""
    about = ("event_date", "sub_event_type", "actor1", "actor2", "location", "country", "fatalities", "source")
    return {**asdict(item), "row": {name: item.row.get(name) for name in about}}
