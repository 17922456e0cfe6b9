"""Figures that may not get worse: floors.json.

In:  figures by set, column (all, en, fr) and measure; the labelled data they were measured on.
Out: what is below its floor, and new floors. A floor is a little under the figure it was set from; it only rises,
     unless its name is given. Floors hold for the very files whose SHA-256 stands beside them.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from bench.events import Figures

Sets = dict[str, dict[str, Figures]]  # set -> column -> measure -> value

FILE = Path(__file__).with_name("floors.json")
SLACK = 0.02  # a report or two of 50 may go the other way while the whole gets better
OURS = ("all", "en", "fr")
FAST = ("news-gold", "own", "case2021")  # measured by the tests
FILES = {
    "news-gold": ("data/news-gold/dev.jsonl", "tools/score_events.py"),
    "own": ("tools/score_events.py",),
    "fresh": ("tools/score_events.py",),
    "news-train": ("data/news-train/*.jsonl", "tools/score_events.py"),
    "snippets": ("data/news-train/*-snippets.jsonl",),
    "case2021": ("data/case2021_task2/dev.jsonl",),
    "plover": ("data/plover_gsr/train.jsonl",),
    "awsd": ("data/awsd/train.jsonl",),
    "killed": ("data/gvdb/dev.jsonl", "data/gva_incidents/docs_*.jsonl*", "data/gva_incidents/incidents_*.jsonl"),
    "hrdsattack": ("data/hrdsattack/dev.jsonl",),
    "muc4": ("data/muc4/full_dev.jsonl",),
    "police": ("data/india_police_events/train.jsonl.gz",),
    **{name: (f"data/{name}/{name}.jsonl",) for name in ("lgl", "trnews", "gwn", "geovirus", "wiktor")},
    "event_location": ("data/event_location/train.jsonl",),
}


@dataclass(frozen=True, slots=True)
class Floors:
    """`floors` by name "set/column/measure"; `data` the SHA-256 of each file by its path beside the repository."""

    floors: dict[str, float]
    data: dict[str, str]


@cache
def bars() -> dict[str, Figures]:
    """What each set should reach."""
    return {str(name): dict(part) for name, part in _table()["bars"].items()}  # type: ignore[attr-defined]


@cache
def _table() -> dict[str, object]:
    return tomllib.loads(Path(__file__).with_name("bars.toml").read_text(encoding="utf-8"))


def lower_is_better(measure: str) -> bool:
    return measure in _table()["lower_is_better"]  # type: ignore[operator]


def reached(measure: str, value: float, bar: float) -> bool:
    return value <= bar if lower_is_better(measure) else value >= bar


def load(path: Path = FILE) -> Floors:
    if not path.exists():
        return Floors({}, {})
    given = json.loads(path.read_text(encoding="utf-8"))
    return Floors(given["floors"], given["data"])


def save(floors: Floors, path: Path = FILE) -> None:
    given = {"data": dict(sorted(floors.data.items())), "floors": dict(sorted(floors.floors.items()))}
    path.write_text(json.dumps(given, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def figures(sets: Sets) -> Iterator[tuple[str, str, float]]:
    """Each of our figures that has a floor: name, measure, value.

    Speed has none: it is the machine's too. Nor have details, which are indented: precision may pay for recall.
    """
    for name, columns in sets.items():
        for column in (column for column in OURS if column in columns and name in FILES):
            for measure, value in columns[column].items():
                if not measure.startswith(" ") and (isinstance(value, float) or lower_is_better(measure)):
                    yield f"{name}/{column}/{measure}", measure, value


def below(sets: Sets, floors: Floors) -> list[str]:
    """A line for each figure that is worse than its floor."""
    return [
        f"{name}: {value:.3f}, floor {floors.floors[name]:.3f}"
        for name, measure, value in figures(sets)
        if name in floors.floors and not reached(measure, value, floors.floors[name])
    ]


def updated(floors: Floors, sets: Sets, digests: dict[str, str], lower: Iterable[str] = ()) -> Floors:
    """Floors a little under these figures; a stricter one stays, unless its name begins with one of `lower`."""
    new, allowed = dict(floors.floors), tuple(lower)
    for name, measure, value in figures(sets):
        floor = value + (value > 0) if lower_is_better(measure) else math.floor(round((value - SLACK) * 1000, 6)) / 1000
        old = new.get(name)
        stays = old is not None and reached(measure, old, floor)
        if not stays or (allowed and name.startswith(allowed)):
            new[name] = floor
    return Floors(new, floors.data | digests)


def digests(data: Path, names: Iterable[str] = tuple(FILES)) -> dict[str, str]:
    """SHA-256 of each file of the sets."""
    paths = {path for name in names for pattern in FILES[name] for path in data.glob(pattern)}
    return {path.relative_to(data).as_posix(): sha256(path.read_bytes()).hexdigest() for path in sorted(paths)}


def changed(floors: Floors, found: dict[str, str]) -> list[str]:
    """The files that are not those on which the floors were measured."""
    return [path for path, digest in found.items() if path in floors.data and floors.data[path] != digest]
