"""Locate the names of many texts: acquire, locate on all cores, write.

In:  reports and issues as acquire yields them, or report lines that say themselves which spans to locate.
Out: for each text a line of JSON or a table, in the order given; what was odd goes to `notice`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import IO, Any

from rich.table import Table as Grid
from rich.text import Text

from tocsin import countries
from tocsin.acquire import Options, reports
from tocsin.acquire.draft import NO_DATE, STAGE, report_of
from tocsin.acquire.lines import draft_of, parse
from tocsin.errors import SourceError, UsageError
from tocsin.exchange.shown import drawn
from tocsin.exchange.text import plain
from tocsin.locate import Gazetteer
from tocsin.locate.anywhere import Mention, locate
from tocsin.model import Issue, Report, Span
from tocsin.pool import Lost, ordered

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Marked:
    """A report, and the spans in it to locate; None: find the names too."""

    report: Report
    spans: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class LocateInto:
    """Locate one text and write it down. A value: it can be sent to another process. `width` 0: JSON."""

    width: int = 0
    color: bool = False

    def __call__(self, marked: Marked) -> str:
        report = marked.report
        mentions = locate(report.text, report.lang or "en", _gazetteer(), marked.spans)
        if self.width:
            return shown(report, mentions, self.width, self.color)
        return json.dumps({"id": report.id, "mentions": [to_json(m) for m in mentions]}, ensure_ascii=False)


def locate_all(
    items: Iterable[Marked | Issue],
    form: LocateInto,
    write: Callable[[str], object],
    *,
    jobs: int = 1,
    notice: Callable[[Issue], None] = lambda issue: None,
    step: Callable[[], None] = lambda: None,
) -> int:
    """Locate all and write a line or table for each; how many inputs were bad."""
    failed = 0

    def hear(issue: Issue) -> None:
        nonlocal failed
        failed += issue.level == "error"
        if issue.message != NO_DATE:  # no matter here
            notice(issue)

    for marked, result in ordered(_only_marked(items, hear), form, jobs):
        if isinstance(result, Lost):
            hear(Issue("error", "locate", f"Report {marked.report.id} could not be located ({result.error})"))
        else:
            write(result + "\n")
        step()
    return failed


def _only_marked(items: Iterable[Marked | Issue], hear: Callable[[Issue], None]) -> Iterator[Marked]:
    for item in items:
        if isinstance(item, Issue):
            hear(item)
        else:
            yield item


def unmarked(inputs: Iterable[str], options: Options) -> Iterator[Marked | Issue]:
    """All texts of the inputs."""
    return (Marked(item) if isinstance(item, Report) else item for item in reports(inputs, options))


def marked(lines: IO[bytes], name: str, options: Options) -> Iterator[Marked | Issue]:
    """The texts of report lines with their own `mentions`."""
    for number, raw in zip(count(1), lines, strict=False):
        here = f"{name}:{number}"
        try:
            if raw.strip():
                line = parse(raw)
                report = report_of(draft_of(line, here, is_dated=True), options)
                spans, issues = spans_of(line, len(report.text), here)
                yield from issues
                yield Marked(report, spans)
        except SourceError as error:
            yield Issue("error", STAGE, str(error), here)


def spans_of(line: Row, length: int, where: str) -> tuple[tuple[Span, ...], list[Issue]]:
    """The spans of a line, and an issue for each that lies outside the text; SourceError if it has none."""
    given = line.get("mentions")
    if not isinstance(given, list):
        raise SourceError('the line has no list "mentions"; --spans needs {"start", "end"} for each name')
    spans, issues = list[Span](), list[Issue]()
    for each in given:
        start, end = (each.get("start"), each.get("end")) if isinstance(each, dict) else (None, None)
        if type(start) is int and type(end) is int and 0 <= start < end <= length:
            spans.append(Span(start, end))
        else:
            wrong = f'found {each!r:.80} in "mentions", expected 0 <= start < end <= {length}, the length of the text'
            issues.append(Issue("error", STAGE, f"{wrong}; it is left out", where))
    return tuple(spans), issues


def to_json(m: Mention) -> Row:
    """One mention by design.md §8; nulls where no place bears the name."""
    p = m.place
    return {
        "start": m.span.start,
        "end": m.span.end,
        "text": m.name,
        "geonameid": p.geonameid if p else None,
        "latitude": p.latitude if p else None,
        "longitude": p.longitude if p else None,
        "kind": p.kind if p else None,
        "radius_km": p.radius_km if p else None,
        "confidence": m.confidence if p else None,
    }


def shown(report: Report, mentions: Iterable[Mention], width: int, color: bool) -> str:
    """The mentions of a text for people to read."""
    grid = Grid(box=None, padding=(0, 1), header_style="dim")
    for name in ("text", "place", "point", "kind", "sure"):
        grid.add_column(name, justify="right" if name == "sure" else "left", overflow="fold")
    for m in mentions:
        grid.add_row(Text(plain(m.name)), *_cells(m))
    body = grid if grid.row_count else Text("  no place named", style="dim")
    return drawn([Text(plain(report.title or report.id), style="bold"), body], width, color).rstrip("\n")


def _cells(m: Mention) -> tuple[str, ...]:
    p = m.place
    if p is None:
        return ("not known", "", "", "")
    home = countries.country(p.country)
    chain = dict.fromkeys(n for n in (p.name, p.admin1, home.name if home else None) if n)
    point = f"{p.latitude:.2f}, {p.longitude:.2f} ± {p.radius_km:.0f} km"
    return ", ".join(chain), point, p.kind, f"{m.confidence:.2f}"


@contextmanager
def output(out: Path | None, stream: IO[str]) -> Iterator[Callable[[str], object]]:
    """The stream, or a file that appears when it is whole."""
    if out is None or str(out) == "-":
        yield lambda text: (stream.write(text), stream.flush())
        return
    if out.is_dir() or not out.parent.is_dir():
        raise UsageError(f"Cannot write {out}: give the name of a file in a folder that exists.")
    part = out.with_name(out.name + ".part")
    with part.open("w", encoding="utf-8") as written:
        yield written.write
    part.replace(out)


@cache
def _gazetteer() -> Gazetteer:
    """Opened once in each process."""
    return Gazetteer.open()
