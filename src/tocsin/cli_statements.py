"""The command that checks the statements of a text against events: check.

Verdicts go to standard output, all else to standard error. Exit code 0: checked; 1: some input was bad; 2: wrong usage.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli_analyse import busy, need_extra
from tocsin.cli_project import Kind
from tocsin.cli_shared import day, language, say
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.analyse.events import Events
    from tocsin.check.statement import Checked, Statement
    from tocsin.model import Report
    from tocsin.store import Store

app = typer.Typer()
COLOURS = {"supported": "green", "contradicted": "red", "cannot be told": "yellow"}


class Shape(StrEnum):
    """How verdicts are printed."""

    table = "table"
    json = "json"
    claimreview = "claimreview"
    toml = "toml"


@app.command("check", epilog="Example: tocsin check article.txt --db sahel.db --published 2024-03-12")
def check(
    article: Annotated[str, typer.Argument(metavar="TEXT", help="A file, an address, or - for what is piped in.")],
    database: Annotated[str, typer.Option("--db", help="The database, or with --as a file of another data set.")],
    published: Annotated[
        date | None, typer.Option(parser=day, metavar="YYYY-MM-DD", help="Publication date of the text.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the text: en or fr. Left out: found.")] = None,
    kind: Annotated[Kind | None, typer.Option("--as", help="What the file is, if it is no database.")] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Correct the readings in your editor before the check.")] = False,
    readings: Annotated[
        Path | None, typer.Option(help="Check these readings (TOML, as --format toml prints them).", exists=True)
    ] = None,
    shape: Annotated[
        Shape | None, typer.Option("--format", "-f", help="toml: the readings alone. Left out: table, piped json.")
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write to this file; it appears when whole.")] = None,
    draws: Annotated[int, typer.Option(min=0, max=10_000, help="How often what is uncertain is drawn.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="The same seed, the same verdicts.")] = 1,
) -> None:
    """Check the statements of a text: each is read, answered from the events, and given a verdict with its reason."""
    need_extra()
    from tocsin.analyse.draws import Draws
    from tocsin.check.answer import check_all
    from tocsin.check.shown import tally

    form = shape or (Shape.json if out or not sys.stdout.isatty() else Shape.table)
    report = _report(article, published, language(lang))
    with _source(database, kind) as source:
        with busy("Reading the statements of the text ..."):
            found = _read(report, readings)
        found = _edited(found, report) if edit else found
        if form is Shape.toml:
            _put(_as_toml(found), out)
            return
        with busy(f"Asking the events about {len(found)} statements ..."):
            checked = list(check_all(found, source, Draws(draws, seed), written=report.published))
    _print(checked) if form is Shape.table and not out else _put(_written(checked, form, report), out)
    say(f"{tally(checked)}." + ("" if report.published else " No publication date is known: give --published."))


@contextmanager
def _source(database: str, kind: Kind | None) -> Iterator[Store | Events]:
    """Where the events are: a database that is open, or the events of a file."""
    from tocsin.analyse.events import read_events
    from tocsin.check.scope import COLUMNS
    from tocsin.store import open_store

    if kind:
        yield read_events(database, None, COLUMNS, kind=kind.value)
        return
    with open_store(database) as store:
        yield store


def _report(article: str, published: date | None, lang: str | None) -> Report:
    """The one report that the text is; UsageError if there is none, or there are several."""
    from tocsin.acquire import Options, reports
    from tocsin.model import Issue
    from tocsin.progress import Counter

    with Counter() as counter:
        found = []
        for each in reports([article], Options(published=published, lang=lang)):
            counter.notice(each) if isinstance(each, Issue) else found.append(each)
    if len(found) != 1:
        raise UsageError(f"{article}: found {len(found)} texts, expected one; give the file of one article.")
    return found[0]


def _read(report: Report, readings: Path | None) -> list[Statement]:
    """The statements of the text: as read, or as given."""
    if readings:
        from tocsin.check.edit import from_toml

        return from_toml(readings.read_text(encoding="utf-8"), str(readings), report.text)
    from tocsin.check.reading import statements
    from tocsin.code import Tools

    return list(statements(report, Tools.load()))


def _edited(found: list[Statement], report: Report) -> list[Statement]:
    """As the person corrects them in an editor; as they were, if nothing is saved."""
    from click import edit

    from tocsin.check.edit import from_toml, to_toml

    text = edit(to_toml(found), extension=".toml")
    return from_toml(text, "the readings", report.text) if text else found


def _as_toml(found: Sequence[Statement]) -> str:
    from tocsin.check.edit import to_toml

    return to_toml(found)


def _written(checked: Sequence[Checked], form: Shape, report: Report) -> str:
    from tocsin.check.review import About, reviews, to_json
    from tocsin.check.shown import parts

    if form is Shape.table:
        return "".join(f"{part.text}\n" for part in parts(checked))
    if form is Shape.claimreview:
        about = About(report.title, report.url, report.source, report.published, day=datetime.now(UTC).date())
        return json.dumps(reviews(checked, about), ensure_ascii=False, indent=2) + "\n"
    return "".join(json.dumps(each, ensure_ascii=False, default=str) + "\n" for each in to_json(checked))


def _print(checked: Sequence[Checked]) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    from tocsin.check.shown import parts

    console = Console(highlight=False)
    for part in parts(checked):
        style = {"quote": "bold", "read": "dim", "note": "dim"}.get(part.name, COLOURS.get(part.verdict or "", ""))
        left, above = 0 if part.name in ("quote", "not checkable") else 3, int(part.name == "quote")
        console.print(Padding(Text(part.text, style), (above, 0, 0, left), expand=False))


def _put(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
        return
    from tocsin.exchange.writers.files import into

    with into(out) as file:
        file.write(text.encode())
    say(f"Written: {out}.")
