"""The options that say which events are meant: place, time, type, actor.

`@filtered` gives them to a command, which gets a Filter in its parameter `wanted`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli_shared import with_options
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.countries import Country
    from tocsin.store import Filter


def wanted(
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
) -> Filter:
    """The filter of these options. Its parameters are the options of a command that takes events."""
    from tocsin.store import Filter

    of_type, of_sub_type = type_of(event_type)
    return Filter(
        country=country_of(country), admin1=admin1, actor=actor, since=first_day(since), until=last_day(until),
        near=_circle(near, radius, country), fatalities_min=fatalities, text=text,
        event_type=of_type, sub_event_type=of_sub_type,
    )  # fmt: skip


filtered = with_options("wanted", wanted)


def country_of(name: str | None) -> str | None:
    """ACLED's name of the country; UsageError if there is none of that name."""
    return home_of(name).name if name else None


def home_of(name: str) -> Country:
    """The country of that name; UsageError if there is none."""
    from tocsin.countries import by_name

    found = by_name(name, "en")
    if found is None:
        raise UsageError(f"--country: found {name!r}, expected the English name of a country such as Mali.")
    return found


def type_of(name: str | None) -> tuple[str | None, str | None]:
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


def first_day(text: str | None) -> str | None:
    """The first day of a day, month or year."""
    if text is None:
        return None
    year, month, day = _parts(text)
    return f"{year}-{month or '01'}-{day or '01'}"


def last_day(text: str | None) -> str | None:
    """The last day of a day, month or year."""
    if text is None:
        return None
    year, month, day = _parts(text)
    return f"{year}-{month or '12'}-{day or monthrange(int(year), int(month or 12))[1]}"


def _parts(text: str) -> tuple[str, str, str]:
    """Year, month and day; what is not said is empty."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text)
    year, month, day = (part or "" for part in found.groups()) if found else ("", "", "")
    try:
        date(int(year or 0), int(month or 1), int(day or 1))
    except ValueError:
        raise UsageError(
            f"found {text!r}, expected a day, month or year such as 2022-06-30, 2022-06 or 2022."
        ) from None
    return year, month, day
