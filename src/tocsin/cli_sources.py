"""The command for the sources of reports: sources.

The list goes to standard output, all else to standard error. Exit code 0: done; 2: wrong usage.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from getpass import getuser
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli_format import Shaped, is_table
from tocsin.cli_shared import Database, say
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.sources import Saying, Source

app = typer.Typer()


@app.command("sources", epilog="Example: tocsin sources sahel.db --format jsonl")
def sources_(
    database: Database,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Left out: all are listed.")] = None,
    country: Annotated[str | None, typer.Option(help="Where it is: ACLED's name of the country.")] = None,
    scale: Annotated[str | None, typer.Option(help="National, International and so on, as ACLED has them.")] = None,
    lang: Annotated[str | None, typer.Option(help="Its language, such as fr.")] = None,
    party: Annotated[str | None, typer.Option(help="Does it fight in the conflict? yes or no.")] = None,
    why: Annotated[str, typer.Option(help="The reason, for those who look at the history.")] = "",
    who: Annotated[str | None, typer.Option(help="Who says so. Left out: the name of this account.")] = None,
    shape: Shaped = None,
) -> None:
    """List who reports; or say of one source where it is, for whom it writes, and whether it is a party."""
    from tocsin import sources
    from tocsin.store import open_store

    given = {"country": country, "scale": scale, "lang": lang, "party": party}
    said = {field: value for field, value in given.items() if value is not None}
    if said and name is None:
        raise UsageError(f"--{next(iter(said))} needs the NAME of a source: tocsin sources {database} NAME …")
    with open_store(database) as store:
        if name is None:
            _list(sources.sources(store), (), shape)
            return
        if said:
            changed = sources.describe(store, name, said, who=who or getuser(), why=why)
            say(f"{name}: {', '.join(changed) or 'nothing new'}."
                + (f" For the events there are, type next: tocsin link {database}" if changed else ""))  # fmt: skip
        else:
            _list([sources.one(store, name)], sources.sayings(store, name), shape)


def _list(found: Sequence[Source], said: Sequence[Saying], shape: Shaped) -> None:
    from rich.console import Console

    from tocsin.exchange.listing import Fitted, cell

    if not is_table(shape):
        for source in found:
            history = {"history": [asdict(each) for each in said]} if said else {}
            print(json.dumps(asdict(source) | history, ensure_ascii=False))
        return
    names = ("name", "scale", "country", "lang", "party", "reports", "original", "first_seen")
    rows = [[cell(asdict(source), name) for name in names] for source in found]
    numbers = ("reports", "original")
    head = ("source", *names[1:-1], "first seen")
    Console(highlight=False).print(Fitted(head, rows, ("source", "country", "scale"), numbers))
    for each in said:
        print(f"{each.at[:16].replace('T', ' ')}  {each.who}: {each.what}")
