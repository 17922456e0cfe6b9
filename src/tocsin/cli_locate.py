"""The command that locates place names in any text.

Data go to standard output or a file, all else to standard error. Exit code 0: done; 1: some input was bad;
2: wrong usage; 130: interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli_format import Shaped, is_table, width
from tocsin.cli_shared import language, say
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.acquire import Options
    from tocsin.located import LocateInto, Marked
    from tocsin.model import Issue

app = typer.Typer()
INTERRUPTED = 130  # 128 + SIGINT, as shells count it


class InForm(StrEnum):
    """What the input can be said to be."""

    auto = "auto"
    text = "text"
    html = "html"
    pdf = "pdf"
    jsonl = "jsonl"
    warc = "warc"


@app.command(epilog="Example: tocsin locate article.txt --format table")
def locate(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUTS", help="Files, folders, addresses (https://...), or - for what is piped in."),
    ],
    form: Shaped = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write to this file; it appears when it is whole.")
    ] = None,
    spans: Annotated[
        bool, typer.Option("--spans", help='Locate just the "mentions" that each report line has, find no others.')
    ] = False,
    lang: Annotated[str | None, typer.Option(help="Language of the texts: en or fr. Left out: found.")] = None,
    in_format: Annotated[InForm, typer.Option(help="What the inputs are. auto: found out.")] = InForm.auto,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes at once. Left out: one for each core.")] = None,
    max_bytes: Annotated[int, typer.Option(min=1, help="Largest text, in bytes after unpacking.")] = 20_000_000,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for one address.")] = 20.0,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch from private addresses too.")] = False,
) -> None:
    """Find the places that any text names, and where they lie on the globe."""
    from tocsin.acquire import Options
    from tocsin.located import LocateInto
    from tocsin.pool import cores

    options = Options(
        lang=language(lang),
        else_lang="en",
        max_bytes=max_bytes,
        allow_private=allow_private,
        timeout_s=timeout,
        in_format=in_format.value,
    )
    table = is_table(form, out)
    into = LocateInto(width() if table else 0, table and out is None and sys.stdout.isatty())
    raise typer.Exit(_locate(_items(inputs, options, spans), into, out, jobs or cores()))


def _locate(items: Iterator[Marked | Issue], into: LocateInto, out: Path | None, jobs: int) -> int:
    from tocsin.located import locate_all, output
    from tocsin.progress import Counter

    try:
        with Counter() as counter, output(out, sys.stdout) as write:
            failed = locate_all(items, into, write, jobs=jobs, notice=counter.notice, step=counter.step)
    except KeyboardInterrupt:
        say("\ntocsin: interrupted.")
        return INTERRUPTED
    except BrokenPipeError:  # who reads our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return 1 if failed else 0


def _items(inputs: list[str], options: Options, spans: bool) -> Iterator[Marked | Issue]:
    from tocsin.located import marked, unmarked

    if not spans:
        yield from unmarked(inputs, options)
        return
    for name in inputs:
        if name == "-":
            yield from marked(sys.stdin.buffer, name, options)
            continue
        try:
            with Path(name).open("rb") as lines:
                yield from marked(lines, name, options)
        except OSError as error:
            raise UsageError(f"{name}: {error.strerror}; --spans reads files of report lines.") from error
