"""The index brought up to date says the same as one read anew, whatever happened in between."""

from __future__ import annotations

import random
import shutil
from datetime import date
from pathlib import Path

import httpx
import numpy as np
import pytest

from served import REPORTS, Served
from tocsin.exchange.public import Public, Rule
from tocsin.model import Report
from tocsin.project import add, decide, import_rows, undo
from tocsin.serve.events.index import Index
from tocsin.serve.events.read import index_of
from tocsin.serve.events.renew import ROWS
from tocsin.serve.events.view import View
from tocsin.store import Store, open_store

NUMBERS = (
    "fatalities",
    "fatalities_low",
    "fatalities_high",
    "time_precision",
    "geo_precision",
    "radius_km",
    "confidence",
)
PUBLIC = Public(7, (Rule(event_type="Protests", drop=True), Rule(coarsen_to="admin1")))


def told(index: Index) -> dict[str, object]:
    """All that an index says, the texts as texts."""
    names = {name: np.array(column.values)[column.codes].tolist() for name, column in index.names.items()}
    held = {name: sorted({*column.values} - {""}) for name, column in index.names.items()}
    rows = {name: np.nan_to_num(getattr(index, name), nan=-1e9).tolist() for name in ROWS}
    return {"changed": index.changed, "ids": index.ids.tolist(), **names, **rows, "values": held}


def happen(store: Store, chance: random.Random, turn: int, made: list[int]) -> None:
    """Something that changes events."""
    events = list(store.events())
    one, two = chance.sample([row["event_id_cnty"] for row in events], 2)
    before = {row["id"] for row in store.decisions()}
    kind = chance.choice(("add", "import", "amend", "day", "reject", "same", "undo"))
    if kind == "add":
        title, _, source, text = REPORTS[turn % 3]
        add(store, [Report(f"later {turn}", text, title, date(2023, 7, 1 + turn), source, lang="en")])
    elif kind == "import":
        rows = [{**events[0], "dataset": "d", "row_id": f"{turn} {at}", "actor1": f"Group {turn}"} for at in range(3)]
        import_rows(store, rows, name="d")
    elif kind == "amend":
        decide(store, "amend", one, field="actor1", value=f"Group {turn}", who="p", why="")
    elif kind == "day":
        decide(store, "amend", one, field="event_date", value=f"2023-0{1 + turn % 9}-11", who="p", why="")
    elif kind == "undo" and made:
        undo(store, made.pop(), who="p")
    elif kind == "same":
        decide(store, "same", one, two, who="p", why="")
    else:
        decide(store, "reject", one, who="p", why="")
    made += sorted({row["id"] for row in store.decisions()} - before)


def test_what_changed_is_put_into_the_index_as_if_all_were_read_anew(example: Path, tmp_path: Path) -> None:
    chance, made = random.Random(7), list[int]()
    with open_store(str(shutil.copy(example, tmp_path / "p.db"))) as store:
        whole, public = View.read(store), View.read(store, PUBLIC)
        for turn in range(12):
            happen(store, chance, turn, made)
            whole, public = View.read(store, before=whole), View.read(store, PUBLIC, public)
            assert told(whole.index) == told(View.read(store).index), turn
            assert told(public.index) == told(View.read(store, PUBLIC).index), turn


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, (-1, -1, -1, 0, 0, 150.0, 1.0)),
        ({"fatalities": 4, "time_precision": 2, "geo_precision": 1}, (4, 4, 4, 2, 1, 5.0, 1.0)),
        ({"fatalities": 4, "fatalities_low": 3, "fatalities_high": 9, "geo_precision": 2}, (4, 3, 9, 0, 2, 25.0, 1.0)),
        (
            {"fatalities_low": 10, "place_radius_km": 8, "confidence": {"a": 0.5, "b": 0.25}},
            (-1, 10, -1, 0, 0, 8.0, 0.25),
        ),
        ({"fatalities": 2, "fatalities_low": 5, "fatalities_high": 10**12}, (2, 2, 2**31 - 1, 0, 0, 150.0, 1.0)),
        ({"fatalities": 0, "geo_precision": 7}, (0, 0, 0, 0, 7, 150.0, 1.0)),
    ],
)
def test_the_index_holds_what_an_event_says_of_deaths_and_precision(row: dict[str, object], said: tuple[float]) -> None:
    index = index_of([{"event_id_cnty": "MLI1", **row}], 1)
    assert tuple(float(getattr(index, name)[0]) for name in NUMBERS) == said


def test_a_tile_is_asked_for_again_only_when_something_changed(desk: Served) -> None:
    with httpx.Client(base_url=desk.address) as browser:
        tile = browser.get("/tiles/0/0/0.mvt")
        known = {"if-none-match": tile.headers["etag"]}
        again = browser.get("/tiles/0/0/0.mvt", headers=known)
        assert (again.status_code, again.content) == (304, b"")
        decide(desk.store, "reject", next(desk.store.events())["event_id_cnty"], who="p", why="")
        changed = browser.get("/tiles/0/0/0.mvt", headers=known)
        assert changed.status_code == 200
        assert changed.content != tile.content
        assert browser.get("/explore/data").json()["of"] == 3
