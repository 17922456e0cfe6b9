"""Events of a database for people to read: a list, or all about one of them.

In:  event rows; for a dossier also the claims, their quotes, the history and what people decided.
Out: rich renderables that fit the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tocsin.exchange.text import plain

Row = Mapping[str, Any]

HEAD = ("event_date", "time_precision", "event_type", "sub_event_type", "actor1", "actor2", "location", "admin1",
        "country", "geo_precision", "place_radius_km", "fatalities", "fatalities_low", "fatalities_high",
        "civilian_targeting", "sources", "source")  # fmt: skip
GAP = 2  # columns of the terminal between two columns of a table
SPEAKS = 0.05  # a smaller weight is shown as 0.0
LEAST = 6  # a column is never cut to less
SHORT = 8  # letters of an item's id
BESIDE = ("event_date", "sub_event_type", "actor1", "actor2", "location", "fatalities")


@dataclass(frozen=True, slots=True)
class Fitted:
    """A table with one line for each row. Where the line is too short, `loose` columns are cut, with "…"."""

    names: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    loose: tuple[str, ...]
    numbers: tuple[str, ...] = ()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, GAP, 0, 0))
        for name, width in zip(self.names, self.widths(options.max_width), strict=True):
            side: Literal["left", "right"] = "right" if name in self.numbers else "left"
            table.add_column(name, no_wrap=True, overflow="ellipsis", width=width, justify=side)
        for row in self.rows:
            table.add_row(*(Text(value) for value in row))
        yield table

    def widths(self, room: int) -> list[int]:
        """What each column gets: the firm ones all they need, the loose ones share the rest, the short ones first."""
        wanted = {column[0]: max(map(cell_len, column)) for column in zip(self.names, *self.rows, strict=True)}
        left = room - GAP * (len(wanted) - 1) - sum(size for name, size in wanted.items() if name not in self.loose)
        for done, name in enumerate(sorted(self.loose, key=lambda name: wanted[name])):
            wanted[name] = min(wanted[name], max(left // (len(self.loose) - done), LEAST))
            left -= wanted[name]
        return list(wanted.values())


def listed(rows: Iterable[Row], *, whole: bool = False) -> Fitted:
    """One line for each event: id, day, what, where, who, how many dead, how many independent sources.

    Actors are called by the first part of their name, unless the `whole` of it is asked for.
    """
    lines = [
        (
            cell(row, "event_id_cnty"),
            cell(row, "event_date"),
            cell(row, "sub_event_type"),
            ", ".join(cell(row, name) for name in ("location", "country") if row.get(name)),
            " – ".join(_called(cell(row, name), whole) for name in ("actor1", "actor2") if row.get(name)),
            cell(row, "fatalities"),
            cell(row, "sources"),
        )
        for row in rows
    ]
    return Fitted(("event", "date", "type", "place", "actors", "dead", "sources"), lines, ("type", "place", "actors"),
                  ("dead", "sources"))  # fmt: skip


def _called(actor: str, whole: bool) -> str:
    """The actor's name without what explains it: "ADF: Allied Democratic Forces" is the ADF."""
    return actor if whole else re.sub(r"(?<=.)(: .*| \([^()]*\))$", "", actor)


def fields(row: Row) -> Table:
    """The event's fields; beside each the claim or decision that it comes from."""
    table = _table("field", "value")
    for name in HEAD:
        if row.get(name) not in (None, ""):
            table.add_row(name, cell(row, name))
    return table


def side_by_side(claims: Sequence[Row], quotes: Mapping[str, Sequence[str]]) -> Group:
    """The claims under each other: who says it, what, in which words. "≠" marks what the claims tell differently."""
    differing = {name for name in BESIDE if len({cell(claim, name) for claim in claims}) > 1}
    return Group(*(part for claim in claims for part in _claim(claim, differing, quotes.get(claim["key"], ()))))


def _claim(claim: Row, differing: set[str], quotes: Sequence[str]) -> Iterator[RenderableType]:
    def told(name: str, unit: str = "") -> str:
        value = cell(claim, name) or "not said"
        return ("≠ " if name in differing else "") + value + unit

    by = plain(str(claim.get("source") or claim.get("dataset") or ""))
    yield Text(f"{by}, claim {short(claim['key'])}", style="dim")
    what = [told("event_date"), told("sub_event_type"), told("location"), told("fatalities", " dead")]
    yield Padding(Text(" · ".join(what)), (0, 0, 0, 2))
    yield Padding(Text(f"{told('actor1')} – {told('actor2')}"), (0, 0, 0, 2))
    said = " … ".join(f"“{plain(quote)}”" for quote in quotes) or "(no report: imported)"
    yield Padding(Text(said, style="italic"), (0, 0, 0, 2))


def reasons(one: str, other: str, scores: Iterable[tuple[str, float, str]]) -> Table:
    """Why two claims are one event: each feature that speaks for or against it, with its weight."""
    table = _table(f"{short(one)} and {short(other)}", "weight", "why")
    for feature, weight, why in scores:
        if abs(weight) >= SPEAKS:
            table.add_row(feature, f"{weight:+.1f}", plain(why))
    return table


def history(versions: Iterable[tuple[int, str, str, Mapping[str, tuple[Any, Any]]]]) -> Table:
    """What changed, when and why."""
    table = _table("version", "when", "why", "what changed")
    for version, at, why, changed in versions:
        what = "; ".join(
            f"{name}: {before} → {after}"
            for name, (before, after) in changed.items()
            if name in HEAD and before is not None
        )
        table.add_row(str(version), at[:16].replace("T", " "), plain(why), plain(what))
    return table


def waiting(items: Iterable[Row]) -> Group:
    """What a person is asked (Items of project/review.py): what is proposed, of which event, in which words."""
    return Group(*map(_asked, items))


def _asked(item: Row) -> Group:
    field, row = item["field"], item["row"]
    what = "did it happen?" if field == "trigger" else f"{field}: {cell(item['values'], field)}?"
    head = Text(f"{item['id'][:SHORT]}  {what}", style="bold")
    head.append(
        f"  sure {item['confidence']:.2f}, worth {item['worth']:.1f}  {item['event'] or 'not published'}", "dim"
    )
    place = ", ".join(cell(row, name) for name in ("location", "country") if row.get(name))
    actors = " – ".join(_called(cell(row, name), False) for name in ("actor1", "actor2") if row.get(name))
    dead = f"{cell(row, 'fatalities')} dead" if row.get("fatalities") else ""
    parts = (cell(row, "event_date"), cell(row, "sub_event_type"), actors, place, dead, cell(row, "source"))
    lines: list[RenderableType] = [head, Padding(Text(" · ".join(filter(None, parts))), (0, 0, 0, SHORT + 2))]
    if said := item["sentence"] or " … ".join(map(plain, item["quotes"])):
        lines.append(Padding(Text(f"“{said}”", style="italic dim"), (0, 0, 0, SHORT + 2)))
    return Group(*lines)


def section(title: str, body: RenderableType) -> Group:
    return Group(Text(f"\n{title}", style="bold"), body)


def cell(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else plain(str(value))


def short(key: str) -> str:
    """A claim's key, with eight letters of its report's hash."""
    head, _, rest = key.partition(":")
    return f"{head[:8]}:{rest}" if len(head) == 32 else key


def _table(*names: str) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for name in names:
        table.add_column(name, overflow="fold")
    return table
