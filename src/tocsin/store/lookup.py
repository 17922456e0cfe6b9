"""What linking asks the database: known reports, likely copies of a text, claims near a claim, claims of a country.

In:  report ids, bands of signatures, Items.
Out: rows of the report and claim tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import h3.api.numpy_int as h3
from sqlalchemy import Select, func, select, tuple_

from tocsin.link.block import DAYS, FINEST, is_wide
from tocsin.link.item import Item
from tocsin.store import schema as s
from tocsin.store.errors import told
from tocsin.store.filter import box
from tocsin.store.rows import Row, batches, unpacked
from tocsin.store.store import Near, Store

NEAR_KM = 400.0  # two rings of the widest cells that exact and half-exact places are compared in
ROUGH_KM = 2700.0  # the same for places known by their region only
ABOUT = ("id", "title", "published", "url", "lang", "source", "source_scale", "copy_of", "signature")


def known(store: Store, ids: Iterable[str]) -> set[str]:
    """Those of the report ids that are there."""
    return {row["id"] for row in about(store, ids)}


def known_addresses(store: Store, urls: Iterable[str]) -> set[str]:
    """Those of the addresses from which a report is there."""
    query = select(s.report.c.url).distinct()
    return {
        row["url"]
        for batch in batches(sorted(set(urls)))
        for row in _rows(store, query.where(s.report.c.url.in_(batch)))
    }


def about(store: Store, ids: Iterable[str], *, text: bool = False) -> list[Row]:
    """The reports with these ids; their texts only if asked for."""
    columns = [s.report.c[name] for name in ((*ABOUT, "text") if text else ABOUT)]
    return [
        row
        for batch in batches(sorted(set(ids)))
        for row in _rows(store, select(*columns).where(s.report.c.id.in_(batch)))
    ]


def events_named(
    store: Store, ids: Iterable[str], columns: Iterable[str] = s.ACLED, *, whole: bool = False
) -> list[Row]:
    """The events with these ids, in that order; ids that are no event are left out.

    `columns`: ACLED's, of which `event_id_cnty` always comes; `whole`: all of them and what else is known.
    """
    wanted, found = list(ids), {}
    names = (*s.BODY, "detail") if whole else tuple(name for name in columns if name != "event_id_cnty")
    query = select(s.event.c.id, *(s.event.c[name] for name in names))
    with told(store.name), store.engine.connect() as connection:
        for batch in batches(wanted):
            for row in connection.execute(query.where(s.event.c.id.in_(batch))):
                values = (
                    unpacked(row[1:], row[0])
                    if whole
                    else {"event_id_cnty": row[0], **dict(zip(names, row[1:], strict=True))}
                )
                found[row[0]] = values
    return [found[name] for name in wanted if name in found]


def like(store: Store, bands: Iterable[int]) -> list[Row]:
    """Reports that share a band: they may be copies of the text with these bands."""
    query = select(s.band.c.report_id).where(s.band.c.value.in_(list(bands)))
    return about(store, (row["report_id"] for row in _rows(store, query)))


def near(store: Store, items: Iterable[Item]) -> list[Row]:
    """Every live claim that linking could compare with one of the items, and some more."""
    return store.claims_near([box for item in items for box in _boxes(item)])


def by_country(store: Store) -> Iterator[list[Row]]:
    """All live claims, the claims of one country at a time."""
    c = s.claim.c
    countries = select(c.country).where(c.until.is_(None), c.country.is_not(None)).distinct().order_by(c.country)
    for row in _rows(store, countries):
        yield store.claims_where(c.country == row["country"])


def at_borders(store: Store) -> Iterator[Row]:
    """Live claims so close to a claim of another country that linking may compare the two, and some more."""
    c = s.claim.c
    points = select(c.country, c.latitude, c.longitude).distinct().where(c.until.is_(None), c.latitude.is_not(None))
    found = [(row["country"], row["latitude"], row["longitude"]) for row in _rows(store, points)]
    cell = [h3.latlng_to_cell(latitude, longitude, FINEST) for _, latitude, longitude in found]
    countries: dict[int, set[str]] = {}
    for at, (country, _, _) in zip(cell, found, strict=True):
        countries.setdefault(at, set()).add(country)
    mixed = {at for at in countries if len(set().union(*(countries.get(k, ()) for k in h3.grid_disk(at, 1)))) > 1}
    wanted = {(latitude, longitude) for at, (_, latitude, longitude) in zip(cell, found, strict=True) if at in mixed}
    for batch in batches(sorted(wanted)):
        yield from store.claims_where(tuple_(c.latitude, c.longitude).in_(batch))


def over_borders(store: Store) -> set[str]:
    """Keys of the claims whose event has claims in another country, too."""
    c, m = s.claim.c, s.member.c
    now = select(m.event_id).join(s.claim, m.claim_id == c.id).where(m.until.is_(None))
    spanning = now.group_by(m.event_id).having(func.count(c.country.distinct()) > 1)
    return {key for row in _rows(store, spanning) for key in store.members(row["event_id"])}


def _boxes(item: Item) -> Iterator[Near]:
    if is_wide(item):  # all around may be meant
        yield _box(item, ROUGH_KM, rough=False)
        return
    yield _box(item, NEAR_KM, rough=False)
    yield _box(item, ROUGH_KM, rough=True)


def _box(item: Item, km: float, *, rough: bool) -> Near:
    west, south, east, north = box(item.latitude, item.longitude, km)
    return Near(item.first - DAYS, item.last + DAYS, south, north, west, east, rough)


def _rows(store: Store, query: Select[Any]) -> list[Row]:
    with told(store.name), store.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
