"""What people say of places. It goes into the user's gazetteer, by which every report is coded from then on.

In:  a Store, a place as somebody says it, who says so and why.
Out: the place in the gazetteer, and in the database the history of what was said.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, replace

from tocsin.errors import UsageError
from tocsin.locate import added
from tocsin.locate.added import Said
from tocsin.project.registering import PLACE, Edit, edits, take_back
from tocsin.store import Store


def put_place(store: Store, said: Said, *, who: str, why: str = "", instead_of: str = "") -> int:
    """Add a place, or correct one. `instead_of`: the number of a place added before that this one replaces."""
    if not 1 < len(said.name) <= 200:
        raise UsageError(f"name: found {len(said.name)} characters, expected 2 to 200.")
    if not (-90 <= said.latitude <= 90 and -180 <= said.longitude <= 180):
        raise UsageError(f"point: found {said.latitude:g} {said.longitude:g}, expected latitude, then longitude.")
    path = added.target()
    if instead_of:
        added.remove(path, instead_of)
    number, kept = added.add(path, said)
    kept = replace(said, country=kept.country)  # units left out stay left out: they follow the point
    try:
        with store.change("registry", who, why or f"{said.name} was placed") as change:
            value = json.dumps(asdict(kept), ensure_ascii=False)
            return change.put_registry_edit(kind=PLACE, name=said.name, value=value)
    except BaseException:
        added.remove(path, number)
        raise


def take_place_back(store: Store, number: int, *, who: str) -> Edit:
    """What was said of a place holds no longer; what was said of it before does again."""
    ended = take_back(store, number, who=who)
    gone, path = said_in(ended), added.target()
    places = added.together(path)
    with suppress(UsageError):  # somebody removed it by the command
        if twin := added.twin_of(places, gone.name, gone.country, gone.latitude, gone.longitude):
            added.remove(path, twin)
    if before := _before(edits(store), gone):
        with suppress(UsageError):  # it is there still
            added.add(path, before)
    return ended


def said_in(edit: Edit) -> Said:
    """The place of an edit."""
    held = json.loads(edit.value or "{}")
    return Said(**{**held, "also": tuple(held["also"])})


def _before(history: Iterable[Edit], gone: Said) -> Said | None:
    """What was said last of the place and holds."""
    held = (said_in(edit) for edit in history if edit.kind == PLACE and not edit.ended)
    return next((said for said in held if (said.name, said.country) == (gone.name, gone.country)), None)
