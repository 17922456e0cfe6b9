"""The commands that look into a database: events, show.

Data go to standard output, all else to standard error. Exit code 0: done; 1: some input was bad; 2: wrong usage.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer

from tocsin.cli_format import Shaped, is_table
from tocsin.cli_shared import Database, opened, say
from tocsin.errors import UsageError

app = typer.Typer()
LIMIT = 50
UNLIMITED = 10_000  # columns


@app.command(epilog="Example: tocsin events sahel.db --country Mali --since 2022-06 --near Bamako --radius 50km")
def events(
    database: Database,
    country: Annotated[str | None, typer.Option(help="ACLED's name of the country.")] = None,
    admin1: Annotated[str | None, typer.Option(help="Province.")] = None,
    event_type: Annotated[str | None, typer.Option("--type", help="Event type or sub-event type.")] = None,
    actor: Annotated[str | None, typer.Option(help="Part of an actor's name.")] = None,
    since: Annotated[str | None, typer.Option(help="First day, month or year: 2022-06.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day, month or year.")] = None,
    near: Annotated[str | None, typer.Option(help="A place name, or LATITUDE,LONGITUDE.")] = None,
    radius: Annotated[str, typer.Option(help="How far from --near.")] = "50km",
    fatalities: Annotated[int | None, typer.Option(min=0, help="At least so many dead.")] = None,
    text: Annotated[str | None, typer.Option(help="Words in the notes or the place name.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The events as they were at this time.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Lines of the table.")] = LIMIT,
    wide: Annotated[bool, typer.Option("--wide", help="Cut nothing, however long the lines get.")] = False,
    shape: Shaped = None,
) -> None:
    """List events."""
    from tocsin.store import Filter

    with opened(database) as store:
        wanted = Filter(
            country=country, admin1=admin1, actor=actor, since=_first_day(since), until=_last_day(until),
            near=_circle(near, radius, country), fatalities_min=fatalities, text=text,
            event_type=_type(event_type)[0], sub_event_type=_type(event_type)[1],
        )  # fmt: skip
        rows = store.events(wanted, _moment(as_of))
        if is_table(shape):
            _table(rows, limit, wide)
            return
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))


@app.command(epilog="Example: tocsin show sahel.db BFA1")
def show(database: Database, event_id: Annotated[str, typer.Argument(metavar="EVENT")]) -> None:
    """All about one event: fields, claims side by side with their words, why they were joined, history, decisions."""
    from tocsin.dossier import dossier
    from tocsin.exchange import listing
    from tocsin.project import of_event

    with opened(database) as store:
        about, asked = dossier(store, event_id), of_event(store, event_id)
    row, parts = about.row, []
    if row is None:
        last = about.history[-1]
        into = f"; see {last.merged_into}" if last.merged_into else ""
        say(f"{event_id} is no longer published: {last.why}{into}.")
    else:
        parts = [listing.fields(row), listing.section("Claims", listing.side_by_side(about.claims, about.quotes))]
    parts += [listing.section("Waits for a decision", listing.waiting(map(asdict, asked)))] if asked else []
    parts += [listing.section("Why joined", listing.reasons(*joined)) for joined in about.joined]
    versions = [(v.version, v.at, v.why, v.changed) for v in about.history]
    parts.append(listing.section("History", listing.history(versions)))
    for each in about.decisions:
        parts.append(
            f"decision {each['id']} by {each['who']}: {each['kind']} {each['field'] or ''} {each['why'] or ''}"
        )
    draw(parts)


# -- helpers ---------------------------------------------------------------------------------------------------------


def _table(rows: Iterator[dict[str, Any]], limit: int, wide: bool) -> None:
    from itertools import islice

    from tocsin.exchange.listing import listed

    shown = list(islice(rows, limit))
    more = sum(1 for _ in rows)
    draw([listed(shown, whole=wide)], UNLIMITED if wide else None)
    if more:
        say(f"{more} more: --limit {limit + more} shows all, --format jsonl streams them.")
    elif not shown:
        say("No event fits.")


def draw(parts: Iterable[Any], width: int | None = None) -> None:
    from rich.console import Console

    console = Console(highlight=False, width=width)
    for part in parts:
        console.print(part, markup=False) if isinstance(part, str) else console.print(part)


def _type(name: str | None) -> tuple[str | None, str | None]:
    """The name as event type, or as sub-event type."""
    from tocsin.codebook import taxonomy

    if name is None or name in taxonomy().event_types:
        return name, None
    return None, taxonomy().sub_event(name).name


def _circle(near: str | None, radius: str, country: str | None) -> tuple[float, float, float] | None:
    """The point and the kilometres of --near and --radius."""
    if near is None:
        return None
    size = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:km)?\s*", radius)
    if not size:
        raise UsageError(f"--radius: found {radius!r}, expected kilometres such as 50km.")
    point = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*", near)
    latitude, longitude = (float(point[1]), float(point[2])) if point else _point(near, country)
    return latitude, longitude, float(size[1])


def _point(name: str, country: str | None) -> tuple[float, float]:
    """The largest place of that name, in the country if one is given."""
    from tocsin.countries import by_name
    from tocsin.locate.gazetteer import Gazetteer

    home = by_name(country, "en") if country else None
    found = [p for p in Gazetteer.open().named(name) if p.kind == "place" and (home is None or p.country == home.iso3)]
    if not found:
        raise UsageError(f"--near: no place {name!r} is known; give LATITUDE,LONGITUDE.")
    best = max(found, key=lambda place: place.population or 0)
    return best.latitude, best.longitude


def _first_day(text: str | None) -> str | None:
    return _whole(text, "-01", "-01") if text else None


def _last_day(text: str | None) -> str | None:
    return _whole(text, "-12", "-31") if text else None  # days are compared as text: -31 ends any month


def _whole(text: str, month: str, day: str) -> str:
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise UsageError(f"found {text!r}, expected a day, month or year such as 2022-06-30, 2022-06 or 2022.")
    return text + (month + day if len(text) == 4 else day if len(text) == 7 else "")


def _moment(text: str | None) -> int | str | None:
    return int(text) if text and text.isdigit() and len(text) != 4 else text
