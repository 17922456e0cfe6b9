"""The command that checks the events of a database: check-data.

Findings go to standard output, their counts to standard error. Exit code 0: no error; 1: an error was found; 2: wrong
usage.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli_shared import Database, say

if TYPE_CHECKING:
    from tocsin.codebook import Finding

app = typer.Typer()


class Lines(StrEnum):
    """How findings are printed."""

    text = "text"
    jsonl = "jsonl"


@app.command("check-data", epilog="Example: tocsin check-data sahel.db --select E")
def check_data(
    database: Database,
    select: Annotated[str, typer.Option(help="E, W, or codes such as E3,W11.")] = "E,W",
    shape: Annotated[Lines, typer.Option("--format", "-f", help="Lines to read, or JSON.")] = Lines.text,
) -> None:
    """Check every event: E codes are errors, W codes oddities (docs/data-checks.md tells each)."""
    from tocsin.exchange import checks
    from tocsin.exchange.told import with_told
    from tocsin.store import open_store

    codes, found = checks.chosen(select), Counter[str]()
    with open_store(database) as store:
        total, about = store.counts()["event"], checks.known(datetime.now(UTC).date())
        told = any("reports" in checks.checks()[code].needs for code in codes)
        rows = with_told(store, store.events()) if told else store.events()
        for event, finding in checks.findings(rows, codes, about):
            found[finding.code] += 1
            print(_finding(event, finding, shape))
    for code in codes:
        if found[code]:
            say(f"{found[code]:>7} {code:<3} not so: {checks.checks()[code].meaning}")
    say(f"{found.total()} findings in {total} events.")
    raise typer.Exit(1 if any(code.startswith("E") for code in found) else 0)


def _finding(event: str, finding: Finding, shape: Lines) -> str:
    if shape is Lines.jsonl:
        return json.dumps({"event_id_cnty": event, **asdict(finding)}, ensure_ascii=False)
    from tocsin.exchange.text import plain

    return plain(f"{event}: {finding}")
