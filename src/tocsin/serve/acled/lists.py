"""The smaller lists of ACLED's API: what was deleted; actors, kinds of actors, countries, regions with events.

In:  a View.
Out: rows as dictionaries, in one order. Counts are of the events that the view shows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlalchemy import exists, select

from tocsin.codebook import inter_number
from tocsin.countries import by_name
from tocsin.errors import UsageError
from tocsin.project import MACHINE
from tocsin.serve.acled.find import seconds
from tocsin.serve.acled.query import DAY, REGIONS, TEXT, TIME, WHOLE, Kinds
from tocsin.serve.events.index import NO_DAY, Index, day_of
from tocsin.serve.events.view import View
from tocsin.store import schema as s
from tocsin.store.errors import told
from tocsin.store.rows import unpacked

Row = dict[str, Any]
FAR = np.iinfo(np.int32).max
NAME, COUNT = (TEXT, "LIKE"), (WHOLE, ">=")
SEEN: Kinds = {"first_event_date": (DAY, "="), "last_event_date": (DAY, "="), "event_count": COUNT}
DELETED: Kinds = {"event_id_cnty": NAME, "deleted_timestamp": (TIME, ">="), "reason": NAME, "merged_into": NAME,
                  "deleted_by_role": NAME}  # fmt: skip
CAST: Kinds = {"country": NAME, "admin1": NAME, "month": NAME, "year": (WHOLE, "="),
               **{f"{what}_{kind}": (WHOLE, "=") for kind in ("forecast", "observed")
                  for what in ("total", "battles", "erv", "vac")}, "timestamp": (TIME, ">=")}  # fmt: skip
ACTOR: Kinds = {"actor_name": NAME, "label": NAME, "mal_actor_id": (WHOLE, "="), **SEEN}
ACTOR_TYPE: Kinds = {"actor_type_id": (WHOLE, "="), "actor_type_name": NAME, **SEEN}
COUNTRY: Kinds = {"country": NAME, "nicename": NAME, "iso": (WHOLE, "="), "iso3": (TEXT, "="), **SEEN}
REGION: Kinds = {"region": (WHOLE, "="), "region_name": NAME, **SEEN}


def actors(view: View) -> list[Row]:
    return [{"actor_name": name, "label": name, **seen} for name, seen in _activity(view.index, "actor1", "actor2")]


def actor_types(view: View) -> list[Row]:
    found = _activity(view.index, "inter1", "inter2")
    return [{"actor_type_id": _kind(name), "actor_type_name": name, **seen} for name, seen in found]


def countries(view: View) -> list[Row]:
    found = [(name, by_name(name, "en"), seen) for name, seen in _activity(view.index, "country")]
    return [{"country": name, "nicename": name, "iso": at.iso if at else None, "iso3": at.iso3 if at else None, **seen}
            for name, at, seen in found]  # fmt: skip


def regions(view: View) -> list[Row]:
    number = {name: each for each, name in REGIONS.items()}
    found = _activity(view.index, "region")
    return [{"region": number.get(name, 0), "region_name": name, **seen} for name, seen in found]


def _kind(name: str) -> int:
    try:
        return inter_number(name)
    except UsageError:
        return 0


def _activity(index: Index, *columns: str) -> list[tuple[str, Row]]:
    """The values of one column or two, with first and last day and the number of events, the most first."""
    numbers, codes = {"": 0}, []
    for name in columns:
        column = index.names[name]
        places = np.array([numbers.setdefault(value, len(numbers)) for value in column.values])
        codes.append(places[column.codes])
    for second in codes[1:]:
        second[second == codes[0]] = 0  # on both sides of an event: one event
    every, days = np.concatenate(codes), np.tile(index.days, len(codes))
    count, dated = np.bincount(every, minlength=len(numbers)).tolist(), days != NO_DAY
    first, last = np.full(len(numbers), FAR), np.full(len(numbers), NO_DAY)
    np.minimum.at(first, every[dated], days[dated])
    np.maximum.at(last, every[dated], days[dated])
    found = [(value, {"first_event_date": _day(first[at]), "last_event_date": _day(last[at]), "event_count": count[at]})
             for value, at in numbers.items() if at and count[at]]  # fmt: skip
    return sorted(found, key=lambda each: (-each[1]["event_count"], each[0]))


def _day(number: int) -> str | None:
    return None if number in (FAR, NO_DAY) else day_of(number)


def deleted(view: View) -> list[Row]:
    """Events that are no more, the last first. Who may not see all is told of those only that they could have seen."""
    p, c = s.event_past.c, s.change.c
    gone = p.gone_why.is_not(None) & ~exists().where(s.event.c.id == p.id)
    query = select(
        p.id, *(p[name] for name in (*s.BODY, "detail")), c.at, c.who, p.gone_why, p.merged_into, s.person.c.role
    )
    query = query.join(s.change, c.seq == p.until).outerjoin(s.person, s.person.c.name == c.who)
    with told(view.store.name), view.store.engine.connect() as connection:
        found = connection.execute(query.where(gone).order_by(p.until.desc(), p.id.desc())).all()
    rows: dict[str, Row] = {}
    for row in found:
        if row.id not in rows and (view.whole or view.shows(unpacked(row[1:], row.id))):
            role = row.role or ("machine" if row.who == MACHINE else "person")
            more = {"reason": row.gone_why, "merged_into": row.merged_into, "deleted_by_role": role}
            at = {"event_id_cnty": row.id, "deleted_timestamp": seconds(row.at)}
            rows[row.id] = at | (more if view.whole else {})
    return list(rows.values())
