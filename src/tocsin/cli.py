"""The command `tocsin`: one short function for each thing it can be asked to do.

Data go to standard output, all else to standard error. Exit code 0: done; 1: some input was bad; 2: wrong usage;
130: interrupted. Heavy parts are imported where they are used, so that `--help` is there at once.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin import (
    __version__,
    cli_analyse,
    cli_brief,
    cli_check,
    cli_events,
    cli_export,
    cli_finder,
    cli_locate,
    cli_places,
    cli_project,
    cli_review,
    cli_serve,
    cli_sources,
    cli_statements,
    cli_watch,
)
from tocsin.cli_finder import Chosen, codes
from tocsin.cli_format import FormatName, chosen_format
from tocsin.cli_shared import day, language
from tocsin.errors import StopError, TocsinError, UsageError

if TYPE_CHECKING:
    from tocsin.acquire import Options
    from tocsin.exchange import Format
    from tocsin.output import Output, Tally
    from tocsin.progress import Counter

INTERRUPTED = 130  # 128 + SIGINT, as shells count it
MAX_BYTES = 20_000_000
EXAMPLES = Path(__file__).with_name("examples")
EXAMPLE_ENDINGS = (".html", ".jsonl", ".txt")

app = typer.Typer(
    name="tocsin",
    help="Tocsin: conflict events that anyone can check, from news reports.",
    epilog="Example: tocsin examples",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class InFormat(StrEnum):
    """What the input can be said to be."""

    auto = "auto"
    text = "text"
    html = "html"
    pdf = "pdf"
    jsonl = "jsonl"
    warc = "warc"


Explain = Annotated[bool, typer.Option("--explain", help="Every field with its quote and rule; what was not coded.")]


def _version(asked: bool) -> None:
    if asked:
        print(f"tocsin {__version__}")
        raise typer.Exit


@app.callback()
def _tocsin(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    pass


@app.command(epilog="Example: tocsin code article.txt --published 2024-03-12 --explain")
@codes
def code(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUTS", help="Files, folders, addresses (https://...), or - for what is piped in."),
    ],
    format_name: Annotated[
        FormatName | None,
        typer.Option("--format", "-f", help="Left out: what the ending of OUT says, table on a terminal, else jsonl."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write to this file; it appears when it is whole.")
    ] = None,
    explain: Explain = False,
    published: Annotated[
        date | None, typer.Option(parser=day, metavar="YYYY-MM-DD", help="Publication date of the reports.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the reports: en or fr. Left out: found.")] = None,
    source: Annotated[str | None, typer.Option(help="Name of the source of the reports.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the report.")] = None,
    in_format: Annotated[InFormat, typer.Option(help="What the inputs are. auto: found out.")] = InFormat.auto,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes at once. Left out: one for each core.")] = None,
    resume: Annotated[
        bool | None,
        typer.Option("--resume/--restart", help="Go on with, or throw away, a run into OUT that was interrupted."),
    ] = None,
    max_bytes: Annotated[int, typer.Option(min=1, help="Largest report, in bytes after unpacking.")] = MAX_BYTES,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for one address.")] = 20.0,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch from private addresses too.")] = False,
    *,
    chosen: Chosen,
) -> None:
    """Code reports of political violence and protest into events, each value with the words that support it."""
    from tocsin.acquire import Options, reports

    options = Options(
        published=published,
        lang=language(lang),
        source=source,
        title=title,
        max_bytes=max_bytes,
        allow_private=allow_private,
        timeout_s=timeout,
        in_format=in_format.value,
    )
    if chosen.estimates(reports(inputs, options)):
        return
    form = chosen_format(format_name, out, explain)
    raise typer.Exit(_code(inputs, options, form, out, chosen.jobs(jobs), resume, chosen))


@app.command(epilog="Example: tocsin examples --explain")
def examples(
    explain: Explain = False,
    copy_to: Annotated[
        Path | None, typer.Option(help="Copy the reports into this folder instead of coding them.")
    ] = None,
) -> None:
    """Code the example reports that come with Tocsin (invented, in English and French)."""
    if copy_to:
        print(f"{_copy_examples(copy_to)} reports are in {copy_to}. Type next: tocsin code {copy_to} --explain")
        return
    from tocsin.acquire import Options

    form = chosen_format(FormatName.table, None, explain)
    raise typer.Exit(_code([str(EXAMPLES)], Options(), form, None, 1, None, cli_finder.chosen()))


app.add_typer(cli_locate.app)
app.add_typer(cli_places.app, name="places")
app.add_typer(cli_project.app)
app.add_typer(cli_events.app)
app.add_typer(cli_review.app)
app.add_typer(cli_check.app)
app.add_typer(cli_export.app)
app.add_typer(cli_analyse.app)
app.add_typer(cli_statements.app)
app.add_typer(cli_brief.app)
app.add_typer(cli_watch.app)
app.add_typer(cli_sources.app)
app.add_typer(cli_serve.app)


def main() -> None:
    """Run the command. Every error is one sentence; `python -X dev -m tocsin` shows where an unexpected one arose."""
    _speak_utf8()
    try:
        app(prog_name="tocsin")
    except TocsinError as error:
        print(f"tocsin: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        print(
            f"tocsin: unexpected {type(error).__name__}: {error}. Please tell the authors what you typed.",
            file=sys.stderr,
        )
        sys.exit(1)


def _code(
    inputs: Sequence[str],
    options: Options,
    form: Format,
    out: Path | None,
    jobs: int,
    resume: bool | None,
    chosen: Chosen,
) -> int:
    from tocsin.acquire import reports
    from tocsin.locate.mine import stamp
    from tocsin.progress import Counter
    from tocsin.run import code_all, made_by

    if resume is not None and out is None:
        raise UsageError("--resume and --restart need -o OUT: only a file can be taken up again.")
    run: dict[str, object] = {
        "version": __version__,
        "format": repr(form),
        "inputs": list(inputs),
        "options": repr(options),
        "least": chosen.least,
        "finder": made_by(chosen.finder),
        "places": stamp(),
    }
    kept = f" What is done is kept: the same command goes on from there ({out}.part)." if out else ""
    try:
        with chosen.told(), Counter() as counter, _output(out, form, run, resume, counter) as output:
            step, notice = counter.step, counter.notice
            found = reports(inputs, options)
            tally = code_all(
                found, form, output, jobs=jobs, least=chosen.least, finder=chosen.finder, notice=notice, step=step
            )
            _sum_up(tally, out, counter)
    except KeyboardInterrupt:
        print(f"\ntocsin: interrupted.{kept}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # who reads our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except StopError as error:
        raise StopError(f"{error}{kept}") from error
    return 1 if tally.failed else 0


@contextmanager
def _output(
    out: Path | None, form: Format, run: dict[str, object], resume: bool | None, counter: Counter
) -> Iterator[Output]:
    from tocsin.output import PartFile, Stream

    if out is None or str(out) == "-":
        yield Stream(sys.stdout, form)
        return
    part = PartFile(out, form, run, resume)
    if part.resumed:
        counter.say(f"Going on with {out}.part: {part.tally.reports} reports are in it (--restart starts anew).")
    try:
        yield part
    finally:
        part.close()


def _sum_up(tally: Tally, out: Path | None, counter: Counter) -> None:
    if tally.left_out:
        counter.say(
            f"{_count(tally.left_out, 'event')} left out: this format needs what the report does not say "
            "(date, place or actor). --format jsonl has all."
        )
    if out:
        counter.say(
            f"{_count(tally.events - tally.left_out, 'event')} from {_count(tally.reports, 'report')} are in {out}."
        )
    if tally.reports == 0 and tally.failed == 0:
        counter.say("No report found in the input. Give files (txt, html, pdf, jsonl, warc), folders or addresses.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _copy_examples(folder: Path) -> int:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        copied = [shutil.copy(path, folder) for path in sorted(EXAMPLES.iterdir()) if path.suffix in EXAMPLE_ENDINGS]
    except OSError as error:
        raise UsageError(f"Cannot copy to {folder}: {error.strerror}. Name a folder that can be written.") from error
    return len(copied)


def _speak_utf8() -> None:
    """Write UTF-8 whatever the locale; the output must not depend on the machine."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
