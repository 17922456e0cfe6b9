"""The commands that fill a database: init, add, import, decide, undo, link.

Each is a few lines: open the database, call the function of that name in project.py, print.
Data go to standard output, all else to standard error. Exit code 0: done; 1: some input was bad; 2: wrong usage.
"""

from __future__ import annotations

import sys
from datetime import date
from enum import StrEnum
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli_events import draw
from tocsin.cli_finder import Chosen, codes
from tocsin.cli_shared import Database, Who, Why, day, opened, say, setting, waits
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.store import Store

app = typer.Typer()

Yes = Annotated[bool, typer.Option("--explain", help="Why claims were joined: each feature with its weight.")]


class Verdict(StrEnum):
    """What a person can decide."""

    same = "same"
    different = "different"
    unsure = "unsure"
    amend = "amend"
    accept = "accept"
    reject = "reject"


class PolicyName(StrEnum):
    """Whose number of dead is published when reports differ."""

    lowest = "lowest"
    latest = "latest"
    most_reliable = "most-reliable"
    majority = "majority"


class Kind(StrEnum):
    """Data sets that can be imported."""

    acled = "acled"
    ucdp_ged = "ucdp-ged"
    gdelt = "gdelt"
    csv = "csv"


@app.command(epilog="Example: tocsin init mali.db")
def init(database: Database) -> None:
    """Make an empty database: an SQLite file, or tables in a PostgreSQL database."""
    from tocsin.store import create_store

    create_store(database).close()
    print(f"{database} is ready. Type next: tocsin add {database} my-reports/", file=sys.stderr)


@app.command(epilog="Example: tocsin add sahel.db my-reports/ reports.jsonl")
@codes
def add(
    database: Database,
    inputs: Annotated[list[str], typer.Argument(metavar="INPUTS", help="Files, folders, addresses, or -.")],
    published: Annotated[
        date | None, typer.Option(parser=day, metavar="YYYY-MM-DD", help="Publication date of the reports.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Name of the source of the reports.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes at once. Left out: one for each core.")] = None,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch from private addresses too.")] = False,
    *,
    chosen: Chosen,
) -> None:
    """Code reports and link them with what is there. Safe to repeat: a known report is not added twice."""
    from tocsin import project
    from tocsin.acquire import Options, reports
    from tocsin.progress import Counter
    from tocsin.store.lookup import known_addresses

    with opened(database) as store, chosen.told(), Counter() as counter:
        options = Options(published=published, source=source, allow_private=allow_private,
                          known=lambda url: bool(known_addresses(store, [url])))  # fmt: skip
        if chosen.estimates(reports(inputs, options)):
            return
        done = project.add(
            store, reports(inputs, options), jobs=chosen.jobs(jobs), finder=chosen.finder, least=chosen.least,
            notice=counter.notice, step=counter.step,
        )  # fmt: skip
        events, wait = store.counts()["event"], project.length(store)
    say(f"{done.reports} reports added ({done.copies} of them copies), {done.known} known already; "
         f"{done.claims} claims; {database} has {events} events." + waits(database, wait))  # fmt: skip
    raise typer.Exit(1 if done.failed else 0)


@app.command("import", epilog="Example: tocsin import sahel.db acled.csv --as acled --dataset ours")
def import_(
    database: Database,
    files: Annotated[list[Path], typer.Argument(metavar="FILES", help=".csv, .csv.gz or .zip")],
    kind: Annotated[Kind, typer.Option("--as", help="What the files are.")],
    mapping: Annotated[Path | None, typer.Option(help="For csv: which column is which (TOML).")] = None,
    dataset: Annotated[str | None, typer.Option(help="Name of the data set. Left out: its kind.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first bad row; its file stays out.")] = False,
) -> None:
    """Take in another data set: each row a claim of that source. Then `tocsin link` compares it with the rest."""
    from tocsin import project
    from tocsin.exchange.readers import read_rows
    from tocsin.progress import Counter

    failed = 0
    with opened(database) as store, Counter() as counter:
        for path in files:
            rows = read_rows(path, kind.value, mapping, dataset)
            done = project.import_rows(store, rows, name=str(path), strict=strict, notice=counter.notice,
                                       step=counter.step)  # fmt: skip
            failed += done.failed
            say(f"{path}: {done.claims} events taken in, {done.known} known already, {done.failed} bad rows left out.")
    raise typer.Exit(1 if failed else 0)


@app.command(epilog='Example: tocsin decide sahel.db different BFA1 BFA2 --why "another village of that name"')
def decide(
    database: Database,
    verdict: Verdict,
    one: Annotated[str, typer.Argument(metavar="EVENT_OR_CLAIM")],
    other: Annotated[str | None, typer.Argument(metavar="OTHER", help="For same, different, unsure.")] = None,
    field: Annotated[str | None, typer.Option("--set", metavar="FIELD=VALUE", help="For amend.")] = None,
    why: Why = "",
    who: Who = None,
) -> None:
    """Say that two are the same or different, amend a field, accept or reject. Undone by `tocsin undo`."""
    from tocsin import project

    if verdict in (Verdict.same, Verdict.different, Verdict.unsure) and not other:
        raise UsageError(f"{verdict} needs two events or claims.")
    name, value = setting(field or "") if verdict is Verdict.amend else ("", None)
    with opened(database) as store:
        now = project.decide(store, verdict.value, one, other, field=name, value=value, who=who or getuser(), why=why)
        made = max((row["id"] for row in store.decisions()), default=0)
    say(f"Decision {made} is written down. Events now: {', '.join(now) or 'none'}. To take it back: "
         f"tocsin undo {database} {made}")  # fmt: skip


@app.command(epilog="Example: tocsin undo sahel.db 1")
def undo(database: Database, decision: int, who: Who = None) -> None:
    """Take a decision back."""
    from tocsin import project

    with opened(database) as store:
        now = project.undo(store, decision, who=who or getuser())
    say(f"Decision {decision} no longer holds. Events now: {', '.join(now) or 'none'}.")


@app.command(epilog="Example: tocsin link sahel.db --policy lowest")
@codes
def link(
    database: Annotated[str, typer.Argument(metavar="DATABASE_OR_FILE", help="A database, or report or event lines.")],
    policy: Annotated[PolicyName | None, typer.Option(help="Whose number of dead is published.")] = None,
    explain: Yes = False,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="For lines: write to this file.")] = None,
    shape: Annotated[str, typer.Option("--format", "-f", help="For lines: jsonl.")] = "jsonl",
    *,
    chosen: Chosen,
) -> None:
    """Link all claims of a database anew; or give each event of report lines (or of `code` output) its cluster."""
    from tocsin import project
    from tocsin.lines import link_lines
    from tocsin.link.events import Policy

    chosen.refuse_estimate()
    if database == "-" or database.endswith((".jsonl", ".json", ".ndjson")):
        with chosen.told():
            finder, least = chosen.finder, chosen.least
            raise typer.Exit(link_lines(database, out, explain=explain, say=say, finder=finder, least=least))
    with opened(database) as store:
        if policy:
            project.set_policy(store, Policy(policy.value))
        if chosen.asked is not None:
            project.set_least(store, chosen.asked)
        count = project.link_all(store)
        if explain:
            _explain(store)
        wait = project.length(store)
    say(f"{count} events after linking." + waits(database, wait))


# -- helpers ---------------------------------------------------------------------------------------------------------


def _explain(store: Store) -> None:
    from tocsin.dossier import dossier
    from tocsin.exchange import listing

    for row in store.events():
        if (row.get("sources") or 0) > 1 or len(store.members(row["event_id_cnty"])) > 1:
            about = dossier(store, row["event_id_cnty"])
            draw([listing.section(row["event_id_cnty"], listing.listed([row]))])
            draw(listing.reasons(*joined) for joined in about.joined)
