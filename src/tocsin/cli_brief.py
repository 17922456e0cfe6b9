"""The command that writes a briefing: brief.

The page goes to a file, all else to standard error. Exit code 0: written; 2: wrong usage.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli_analyse import busy, need_extra
from tocsin.cli_filter import home_of
from tocsin.cli_shared import Database, opened, say

app = typer.Typer()


@app.command(epilog='Example: tocsin brief sahel.db --country "Burkina Faso" --month 2024-02 -o brief.html')
def brief(
    database: Database,
    country: Annotated[str, typer.Option(help="The country, by its English name.")],
    month: Annotated[str, typer.Option(help="The month, as 2024-02.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The page: .html, or .md with its pictures beside it.")],
    lang: Annotated[str, typer.Option(help="Language of the sentences: en or fr.")] = "en",
    draws: Annotated[int, typer.Option(min=0, max=10_000, help="How often what is uncertain is drawn.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="The same seed, the same intervals.")] = 1,
) -> None:
    """Write a briefing of a month: sentences that the events support, each with its events, and their quotes."""
    need_extra()
    from tocsin.analyse.draws import Draws
    from tocsin.check.brief.brief import brief as made
    from tocsin.check.brief.brief import month_of
    from tocsin.check.brief.page import write

    home, first = home_of(country), month_of(month)
    with opened(database) as store, busy("Writing sentences, and checking each ..."):
        found = made(store, home, first, lang, Draws(draws, seed))
        files = write(found, out)
    lines = sum(len(some) for _, some in found.sections)
    left = (
        f", {len(found.left)} not written as the events do not support them (the page says why)" if found.left else ""
    )
    say(f"{lines} sentences{left}; {len(found.events)} events. Written: {', '.join(map(str, files))}.")
