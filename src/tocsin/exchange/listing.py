"""Events of a database for people to read: a list, or all about one of them.

In:  event rows; for a dossier also the claims, their quotes, the history and what people decided.
Out: rich renderables that fit the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tocsin.exchange.text import plain

Row = Mapping[str, Any]

HEAD = ("event_date", "time_precision", "event_type", "sub_event_type", "actor1", "actor2", "location", "admin1",
        "country", "geo_precision", "place_radius_km", "fatalities", "fatalities_low", "fatalities_high",
        "civilian_targeting", "sources", "source")  # fmt: skip
BESIDE = ("event_date", "sub_event_type", "actor1", "actor2", "location", "fatalities")


def listed(rows: Iterable[Row]) -> Table:
    """One line for each event: id, day, what, who, where, how many dead, how many independent sources."""
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for name, wide in (("event", True), ("date", True), ("type", False), ("actors", False), ("place", False)):
        table.add_column(name, no_wrap=wide, overflow="fold")
    table.add_column("dead", justify="right")
    table.add_column("sources", justify="right")
    for row in rows:
        who = " – ".join(cell(row, name) for name in ("actor1", "actor2") if row.get(name))
        where = ", ".join(cell(row, name) for name in ("location", "country") if row.get(name))
        dead = cell(row, "fatalities")
        table.add_row(cell(row, "event_id_cnty"), cell(row, "event_date"), cell(row, "sub_event_type"), who, where,
                      dead, cell(row, "sources"))  # fmt: skip
    return table


def fields(row: Row) -> Table:
    """The event's fields; beside each the claim or decision that it comes from."""
    table = _table("field", "value")
    for name in HEAD:
        if row.get(name) not in (None, ""):
            table.add_row(name, cell(row, name))
    return table


def side_by_side(claims: Sequence[Row], quotes: Mapping[str, Sequence[str]]) -> Table:
    """The claims under each other, each with who says it and in which words."""
    table = _table("claim", "said by", *BESIDE, "words")
    for claim in claims:
        said = " … ".join(f"“{plain(quote)}”" for quote in quotes.get(claim["key"], ())) or "(no report: imported)"
        by = Text(plain(str(claim.get("source") or claim.get("dataset") or "")))
        table.add_row(short(claim["key"]), by, *(cell(claim, name) for name in BESIDE), Text(said, style="italic"))
    return table


def reasons(one: str, other: str, scores: Iterable[tuple[str, float, str]]) -> Table:
    """Why two claims are one event: each feature with its weight."""
    table = _table(f"{short(one)} and {short(other)}", "weight", "why")
    for feature, weight, why in scores:
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
