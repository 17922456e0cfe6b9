"""The commands for the user's own gazetteer: places load, add, remove, show, near.

Places go to standard output, all else to standard error. Exit code 0: done; 1: some rows were bad; 2: wrong usage.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.cli_format import Shaped, is_table
from tocsin.cli_shared import say
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.locate.joined import Joined
    from tocsin.locate.load import Listener
    from tocsin.model import Place

app = typer.Typer(no_args_is_help=True, help="Load, add and look up places.", rich_markup_mode=None)
INTERRUPTED = 130  # 128 + SIGINT, as shells count it
SAID = 50  # bad rows that are named; the others are counted
Mine = Annotated[
    Path | None,
    typer.Option("--gazetteer", help="Your gazetteer. Left out: TOCSIN_PLACES, else the one in your data folder."),
]


@app.callback(epilog="Example: tocsin places show Bandiagara")
def places() -> None:
    """Load, add and look up places. What you load or add is used by every command that codes or locates."""


@app.command(epilog="Example: tocsin places load ML.zip BF.zip")
def load(
    files: Annotated[list[Path], typer.Argument(metavar="FILES", help="GeoNames dumps (ML.zip), CSV.")],
    countries: Annotated[str | None, typer.Option(help="Only these: ML,BF. Left out: all.")] = None,
    classes: Annotated[
        str | None, typer.Option(help="All of these feature classes: P,A,L,S,T,H. Left out: what matters in reports.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Forget what was loaded before.")] = False,
    any_size: Annotated[bool, typer.Option("--any-size", help="Unpack archives however large they get.")] = False,
    gazetteer: Mine = None,
) -> None:
    """Load places from GeoNames dumps or tables of your own; they stay until you load them anew or replace them."""
    from tocsin.locate.geonames import Wanted
    from tocsin.locate.load import load
    from tocsin.locate.mine import usual_path

    path, wanted, begun = gazetteer or usual_path(), Wanted(_countries(countries), _classes(classes)), monotonic()
    try:
        with _listener() as listener:
            done = load(files, path, wanted, replace=replace, any_size=any_size, listener=listener)
    except KeyboardInterrupt:
        say(f"\ntocsin: interrupted; {path} is as it was.")
        raise typer.Exit(INTERRUPTED) from None
    if done.bad > SAID:
        say(f"… and {done.bad - SAID:,} more bad rows.")
    rate = done.places / max(monotonic() - begun, 0.001)
    say(f"{done.places:,} places loaded, {rate:,.0f} a second; {path} has {done.kept:,}.")
    raise typer.Exit(1 if done.bad else 0)


@app.command(epilog='Example: tocsin places add Diallassagou 13.75 -3.62 --country ML --gazetteer own.sqlite',
             context_settings={"ignore_unknown_options": True})  # fmt: skip
def add(
    name: Annotated[str, typer.Argument(help="As reports spell it.")],
    latitude: Annotated[float, typer.Argument(min=-90, max=90)],
    longitude: Annotated[float, typer.Argument(min=-180, max=180)],
    country: Annotated[str, typer.Option(help="Name or ISO code.")],
    admin1: Annotated[str | None, typer.Option(help="First-order unit. Left out: that of the nearest town.")] = None,
    admin2: Annotated[str | None, typer.Option(help="Second-order unit. Left out: that of the nearest town.")] = None,
    kind: Annotated[str, typer.Option(help="GeoNames feature code: PPL, CMPRF, MILB, FRST and so on.")] = "PPL",
    population: Annotated[int | None, typer.Option(min=0)] = None,
    also: Annotated[list[str] | None, typer.Option(help="Another spelling; repeatable.")] = None,
    geonameid: Annotated[int | None, typer.Option(min=1, help="GeoNames id of the place that this corrects.")] = None,
    gazetteer: Mine = None,
) -> None:
    """Add a place of your own, or correct one. It wins over the gazetteers where they say otherwise."""
    from tocsin.locate import added
    from tocsin.locate.mine import usual_path

    path = gazetteer or usual_path()
    said = added.Said(
        name, latitude, longitude, country, admin1, admin2, kind, population, tuple(also or ()), geonameid
    )
    number, kept = added.add(path, said)
    where = ", ".join(part for part in (name, kept.admin2, kept.admin1, kept.country) if part)
    say(f"{number}: {where} is in {path}.")


@app.command(epilog="Example: tocsin places remove u1")
def remove(number: Annotated[str, typer.Argument(help="As `places show` has it: u1.")], gazetteer: Mine = None) -> None:
    """Remove a place that you added."""
    from tocsin.locate import added
    from tocsin.locate.mine import usual_path

    path = gazetteer or usual_path()
    say(f"{added.remove(path, number)} is no longer in {path}.")


@app.command(epilog="Example: tocsin places show Bandiagara")
def show(
    name: Annotated[str, typer.Argument(metavar="NAME_OR_ID", help="A name, or a GeoNames id.")],
    shape: Shaped = None,
    gazetteer: Mine = None,
) -> None:
    """Show every place of a name, and where each is known from."""
    from tocsin.locate.mine import usual_path

    places = _open(gazetteer or usual_path())
    found = [places.with_id(int(name))] if name.isascii() and name.isdigit() else [*places.named(name)]
    if not (rows := [_row(place, places) for place in found if place]):
        alike = list(dict.fromkeys(place.name for place in places.sounding(name)))[:5]
        hint = f" Is it {' or '.join(alike)}?" if alike else ""
        raise UsageError(f"No place {name!r} is known.{hint} Add it: tocsin places add {name!r} LATITUDE LONGITUDE "
                         "--country …, or load its country from GeoNames: tocsin places load ML.zip")  # fmt: skip
    _print(rows, shape)


@app.command(epilog="Example: tocsin places near Bandiagara --km 20", context_settings={"ignore_unknown_options": True})
def near(
    where: Annotated[list[str], typer.Argument(metavar="WHERE", help="A name, or latitude and longitude.")],
    km: Annotated[float, typer.Option(min=0.1, max=500, help="How far.")] = 20.0,
    shape: Shaped = None,
    gazetteer: Mine = None,
) -> None:
    """List the places around a point or a place, the nearest first."""
    from tocsin.locate.mine import usual_path

    places = _open(gazetteer or usual_path())
    rows = [{"km": round(far, 1), **_row(place, places)} for far, place in places.around(*_point(where, places), km)]
    if rows:
        _print(rows, shape)
    else:
        say(f"No place is known within {km:g} km. Give a larger --km.")


def _row(place: Place, places: Joined) -> dict[str, Any]:
    """A place as it is shown."""
    from tocsin.countries import country

    home, (id_, source) = country(place.country), places.origin(place)
    return {
        "id": id_ or None,
        "name": place.name,
        "kind": place.kind,
        "feature": place.feature,
        "country": home.name if home else place.country,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "population": place.population,
        "source": source,
    }


def _print(rows: Sequence[dict[str, Any]], shape: Shaped) -> None:
    from rich.console import Console

    from tocsin.exchange.listing import Fitted

    if not is_table(shape):
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
        return
    cells = [_cells(row) for row in rows]
    lines = [list(each.values()) for each in cells]
    Console(highlight=False).print(Fitted(tuple(cells[0]), lines, ("name", "in", "source"), ("km", "population")))


def _cells(row: dict[str, Any]) -> dict[str, str]:
    """The row as a line of the table."""
    cells = {
        "id": row["id"] or "",
        "name": row["name"],
        "kind": row["feature"] or row["kind"],
        "in": ", ".join(part for part in (row["admin2"], row["admin1"], row["country"]) if part),
        "point": f"{row['latitude']:.2f} {row['longitude']:.2f}",
        "population": f"{row['population']:,}" if row["population"] else "",
        "source": row["source"],
    }
    return {"km": f"{row['km']:.1f}", **cells} if "km" in row else cells


def _open(path: Path) -> Joined:
    """The built-in gazetteer with the one at `path`, if that is there."""
    from tocsin.locate.added import together

    return together(path)


def _point(where: list[str], places: Joined) -> tuple[float, float]:
    """The point that is named or given."""
    said = " ".join(where)
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?)[ ,]+(-?\d+(?:\.\d+)?)", said)
    if found and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180:
        return float(found[1]), float(found[2])
    named = sorted(places.named(said), key=lambda place: place.kind != "place")
    if not named:
        raise UsageError(f"No place {said!r} is known; give its latitude and longitude: tocsin places near 13.5 -3.6")
    if len(named) > 1:
        first, (id_, _) = named[0], places.origin(named[0])
        say(f"Around {first.name}, {first.admin1 or first.country} ({id_ or 'built in'}), of {len(named)} so named.")
    return named[0].latitude, named[0].longitude


def _countries(said: str | None) -> frozenset[str]:
    from tocsin.locate.geonames import BadRow
    from tocsin.locate.sheets import country_of

    try:
        return frozenset(country_of(part.strip()) for part in (said or "").split(",") if part.strip())
    except BadRow as wrong:
        raise UsageError(f"--countries: {wrong}.") from wrong


def _classes(said: str | None) -> frozenset[str]:
    from tocsin.locate.geonames import CLASSES

    found = frozenset(part.strip().upper() for part in (said or "").split(",") if part.strip())
    if odd := found - set(CLASSES):
        raise UsageError(f"--classes: found {', '.join(sorted(odd))}, expected some of {','.join(CLASSES)}.")
    return found


@contextmanager
def _listener() -> Iterator[Listener]:
    """A bar on a terminal: what is read, how fast, and for how long still. Bad rows are said above it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.text import Text

    from tocsin.exchange.text import plain
    from tocsin.locate.load import Listener

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rate]:,.0f} rows a second"),
               TimeRemainingColumn())  # fmt: skip
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    state, begun = {"bad": 0, "rows": 0}, monotonic()
    bar.add_task("", total=None, rate=0.0)

    def table(name: str, size: int) -> None:
        bar.reset(bar.task_ids[0], description=Path(name).name, total=size, rate=0.0)

    def read(size: int, rows: int) -> None:
        state["rows"] += rows
        bar.update(bar.task_ids[0], advance=size, rate=state["rows"] / max(monotonic() - begun, 0.001))

    def bad(message: str) -> None:
        state["bad"] += 1
        if state["bad"] <= SAID:
            console.print(Text(plain(f"error: {message}")))

    with bar:
        yield Listener(table, read, bad, lambda what: bar.update(bar.task_ids[0], description=what))
