"""Events for people to read in a terminal: a table, or every field with the reason for it.

In:  one Coded report at a time; the width of the terminal and whether it has colours.
Out: rows of text, as for the other formats.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from tocsin.exchange.event import source, values
from tocsin.exchange.text import plain, quote_around
from tocsin.model import Claim, Coded, Rejected, Report


@dataclass(frozen=True, slots=True)
class Shown:
    """Each event with the sentence behind it.

    `explained`: with every field, its quote, its rule and its confidence; then what was not coded, and why.
    """

    explained: bool = False
    width: int = 80
    color: bool = False

    head: ClassVar[str] = ""
    between: ClassVar[str] = "\n"
    tail: ClassVar[str] = ""

    def rows(self, coded: Coded) -> list[str]:
        parts = _explained(coded) if self.explained else _told_shortly(coded)
        return [drawn([_heading(coded.report), *parts], self.width, self.color)]

    def keeps(self, claim: Claim) -> bool:
        return True


def _told_shortly(coded: Coded) -> Iterator[RenderableType]:
    yield _events(coded) if coded.claims else _indented("no event", "dim")
    yield from _count_rejected(coded)


def _explained(coded: Coded) -> Iterator[RenderableType]:
    for number, claim in enumerate(coded.claims, 1):
        yield from (Text(), _title(number, claim), _fields(claim, coded.report.text))
    if not coded.claims:
        yield _indented("no event", "dim")
    if coded.rejected:
        yield from (Text(), Text("Not coded", style="bold"), _reasons(coded.rejected, coded.report.text))
    yield from (Text(f"{issue.level}: {plain(issue.message)}", style="yellow") for issue in coded.issues)


def _heading(report: Report) -> Text:
    published = report.published.isoformat() if report.published else None
    about = [plain(part) for part in (report.title or report.id, source(report), published) if part]
    return Text(" · ".join(about), style="bold")


def _events(coded: Coded) -> Grid:
    grid = Grid(box=None, show_header=False, pad_edge=True, padding=(0, 1), expand=False)
    grid.add_column("date", no_wrap=True, width=10)
    grid.add_column("event", ratio=1)
    for claim in coded.claims:
        day = claim.event_date.value
        grid.add_row(day.isoformat() if day else "no date", _told(claim, coded.report.text))
    return grid


def _told(claim: Claim, text: str) -> Text:
    """What, how many dead, who, where and the sentence, one under the other."""
    told = Text(f"{claim.event_type.value} / {claim.sub_event_type.value}", style="bold cyan")
    if claim.fatalities.value:
        told.append(f"  {claim.fatalities.value} killed", style="bold red")
    for mark in _marks(claim):
        told.append(f"  ({mark})", style="not bold yellow")
    told.append("\n" + _actors(claim), style="not bold default")
    told.append("\n" + _place(claim), style="not bold default")
    if claim.trigger.spans:
        told.append(f"\n“{quote_around(text, claim.trigger.spans[0])}”", style="not bold italic dim default")
    return told


def _actors(claim: Claim) -> str:
    names = [plain(actor.value) for actor in (claim.actor1, claim.actor2) if actor.value]
    return " – ".join(names) or "actor not stated"


def _place(claim: Claim) -> str:
    names = [claim.location.value, claim.admin1.value, claim.country.value]
    known = list(dict.fromkeys(plain(name) for name in names if name))
    radius = claim.place_radius_km.value
    about = f" (± {radius:.0f} km)" if radius and known else ""
    return (", ".join(known) or "place not stated") + about


def _count_rejected(coded: Coded) -> list[RenderableType]:
    count = len(coded.rejected)
    if not count:
        return []
    return [_indented(f"{count} {'mention' if count == 1 else 'mentions'} not coded: --explain says why", "dim")]


def _title(number: int, claim: Claim) -> Text:
    marks = "".join(f" ({mark})" for mark in _marks(claim))
    return Text(f"Event {number}: {claim.sub_event_type.value or 'type not stated'}{marks}", style="bold cyan")


def _fields(claim: Claim, text: str) -> Group:
    grid = _grid(("field", 3), ("value", 5), ("quote", 6), ("rule", 4))
    grid.add_column("sure", justify="right", no_wrap=True)
    silent = []
    for name, value in values(claim):
        if value.value in (None, ()):
            silent.append(name)
            continue
        quotes = " … ".join(plain(span.of(text)) for span in value.spans)
        grid.add_row(name, _shown(value.value), Text(quotes, style="italic"), value.rule, f"{value.confidence:.2f}")
    return Group(grid, Text(f"not stated: {', '.join(silent)}", style="dim")) if silent else Group(grid)


def _shown(value: Any) -> Text:
    if isinstance(value, tuple):
        value = "; ".join(value)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return Text(plain(str(value)))


def _reasons(rejected: tuple[Rejected, ...], text: str) -> Grid:
    grid = _grid(("reason", 2), ("quote", 5), ("note", 3))
    for mention in rejected:
        quote = Text(quote_around(text, mention.span), style="italic")
        grid.add_row(str(mention.reason).replace("_", " "), quote, Text(plain(mention.note)))
    return grid


def _grid(*columns: tuple[str, int]) -> Grid:
    """A table without lines; each column with its share of the width."""
    grid = Grid(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for name, share in columns:
        grid.add_column(name, ratio=share, overflow="fold")
    return grid


def _marks(claim: Claim) -> list[str]:
    return [mark for mark, shown in (("background", claim.background), ("incomplete", not claim.complete)) if shown]


def _indented(words: str, style: str) -> Padding:
    return Padding(Text(words, style=style), (0, 0, 0, 1))


def drawn(parts: list[RenderableType], width: int, color: bool) -> str:
    """The parts as text. Drawn into memory, so that other processes can do it for us."""
    page = io.StringIO()
    system: Literal["standard"] | None = "standard" if color else None
    console = Console(file=page, width=width, force_terminal=color, color_system=system, highlight=False)
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in page.getvalue().rstrip("\n").split("\n")) + "\n"
