"""The command that answers questions about events: analyse.

Each question of `tocsin.analyse` is a command of its own; its options are those of its function. The answer goes to
standard output, all else to standard error. Exit code 0: answered; 1: some input was bad; 2: wrong usage.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from tocsin.analyse import missing
from tocsin.cli_filter import filtered
from tocsin.cli_project import Kind
from tocsin.cli_shared import say, with_options
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from rich.status import Status

    from tocsin.analyse.answer import Answer
    from tocsin.analyse.question import Option, Question
    from tocsin.store import Filter

LINES = 20  # of a table that is printed to be read
Source = Annotated[str, typer.Argument(metavar="DATABASE", help="A database, or with --as a file of another data set.")]


class Look(StrEnum):
    """How an answer is printed."""

    table = "table"
    csv = "csv"
    json = "json"


@dataclass(frozen=True, slots=True)
class Given:
    """Where the events are, how much uncertainty is drawn, and what becomes of the answer."""

    kind: str | None
    draws: int
    seed: int
    look: Look
    out: Path | None
    figure: Path | None
    lines: int


def given(
    kind: Annotated[Kind | None, typer.Option("--as", help="What the file is, if it is no database.")] = None,
    draws: Annotated[
        int, typer.Option(min=0, max=10_000, help="How often place, date, deaths and doubles are drawn.")
    ] = 100,
    seed: Annotated[int, typer.Option(min=0, help="The same seed, the same intervals.")] = 1,
    no_uncertainty: Annotated[
        bool, typer.Option("--no-uncertainty", help="Draw nothing: faster, no intervals.")
    ] = False,
    look: Annotated[Look | None, typer.Option("--format", "-f", help="Left out: table, piped json.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="The table: .csv, .json or .parquet.")] = None,
    figure: Annotated[Path | None, typer.Option(help="Draw it to this .png or .svg file.")] = None,
    lines: Annotated[int, typer.Option(min=1, help="Lines of the table that are printed.")] = LINES,
) -> Given:
    """What these options say. Its parameters are the options of every question."""
    chosen = look or (Look.table if sys.stdout.isatty() or out else Look.json)
    return Given(kind.value if kind else None, 0 if no_uncertainty else draws, seed, chosen, out, figure, lines)


class Questions(TyperGroup):
    """A command for each question, made when it is asked for, so that `tocsin --help` is there at once."""

    def list_commands(self, ctx: Any) -> list[str]:
        need_extra()
        from tocsin.analyse.question import NAMES

        return list(NAMES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        need_extra()
        from tocsin.analyse.question import NAMES, question

        return command_of(question(cmd_name)) if cmd_name in NAMES else None


app = typer.Typer()
analyse = typer.Typer(cls=Questions, no_args_is_help=True, epilog="Example: tocsin analyse trend sahel.db --every week")
app.add_typer(analyse, name="analyse")


@analyse.callback()
def _analyse() -> None:
    """Answer a question about events: one sentence with its uncertainty, a table, a figure."""


def need_extra() -> None:
    """UsageError where Tocsin was installed without what analyses need."""
    if lacking := missing():
        raise UsageError(f"analyses need {', '.join(lacking)}; type: pip install 'tocsin[analyse]'")


def command_of(asked: Question) -> Any:
    """The command of a question: its own options, those of the filter, and those of every question."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    epilog = f"Example: tocsin analyse {asked.name} sahel.db" + _example(asked)
    app.command(asked.name, help=asked.help, epilog=epilog)(_function(asked))
    return typer.main.get_command(app)


def _example(asked: Question) -> str:
    """The options that must be given, as they could be."""
    needed = [option for option in asked.options if option.default is Parameter.empty]
    like = {"on": "2024-02-01", "other": "other.db"}
    return "".join(f" --{option.name.replace('_', '-')} {like.get(option.name, '...')}" for option in needed)


def _function(asked: Question) -> Callable[..., None]:
    def own(**given: Any) -> dict[str, Any]:
        return given

    own.__signature__ = Signature([_parameter(option) for option in asked.options])  # type: ignore[attr-defined]

    @filtered
    @with_options("given", given)
    @with_options("own", own)
    def typed(source: Source, *, own: Any, given: Any, wanted: Any) -> None:
        _answer(asked, source, wanted, given, own)

    return typed


def _parameter(option: Option) -> Parameter:
    """An option as Typer wants it; a day is typed as 2022-07-31."""
    from datetime import date

    from tocsin.cli_shared import day

    is_day = date in (option.kind, *getattr(option.kind, "__args__", ()))
    as_day: dict[str, Any] = {"parser": day, "metavar": "YYYY-MM-DD"} if is_day else {}
    kind: Any = Annotated[option.kind, typer.Option(help=option.help, **as_day)]
    return Parameter(option.name, Parameter.KEYWORD_ONLY, default=option.default, annotation=kind)


def _answer(asked: Question, source: str, wanted: Filter, given: Given, own: dict[str, Any]) -> None:
    from tocsin.analyse.doubles import with_doubt
    from tocsin.analyse.draws import Draws
    from tocsin.analyse.events import read_events
    from tocsin.progress import Counter

    columns = (*asked.columns, *([own["by"]] if own.get("by") else []))
    with Counter() as counter, busy("Reading events ...") as status:
        events = read_events(source, wanted, columns, kind=given.kind, notice=counter.notice)
        status.update(f"Working out {asked.name} of {len(events):,} events ...")
        events, note = with_doubt(events, source) if given.draws and not given.kind else (events, "")
        answer = asked.ask(events, Draws(given.draws, given.seed), **own)
    answer = replace(answer, notes=(*answer.notes, note)) if note else answer
    if given.figure:
        from tocsin.analyse.figure import save

        save(answer, given.figure)
    if given.out:
        from tocsin.analyse.written import write

        write(answer, given.out)
    _print(answer, given)


def busy(text: str) -> Status:
    """A line on the terminal that says what is being done, while it lasts; nothing elsewhere."""
    from rich.console import Console

    return Console(stderr=True).status(text)


def _print(answer: Answer, given: Given) -> None:
    from tocsin.analyse.written import as_csv, as_json

    if given.look is Look.csv:
        sys.stdout.write(as_csv(answer.table).decode())
    elif given.look is Look.json:
        print(as_json(answer))
    else:
        print(answer.sentence)
        if not given.out:
            _table(answer, given.lines)
    for note in answer.notes:
        say(f"Note: {note}")
    say(f"Source: {answer.source}.")
    for path in (given.out, given.figure):
        if path:
            say(f"Written: {path}.")


def _table(answer: Answer, lines: int) -> None:
    from tocsin.analyse.written import readable
    from tocsin.cli_events import draw
    from tocsin.cli_format import width

    shown, left = readable(answer.table.tail(lines) if answer.newest_last else answer.table.head(lines), width())
    draw([shown])
    if left:
        say(f"Columns without room here: {', '.join(left)}; a wider terminal, or -o table.csv, shows them.")
    if (more := answer.table.height - lines) > 0:
        say(f"{more:,} more lines: --lines {answer.table.height}, or -o table.csv.")
