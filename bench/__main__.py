"""All figures in one summary, each with its bar: `python -m bench`, or `make bench`.

    python -m bench [--data ../shared] [--only news-gold ...] [--update-floors [--lower NAME ...]] [--json]
    python -m bench --stages     dates, numbers, actors and places alone, each on the gold spans of news-train

Out: a table for each set, ours beside naive baselines; what is below its bar; what is below its floor (floors.json).
     Exit code 1 if a figure is below its floor or the data are not those of the floors.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench import awsd, event_location, events, floors, hrds, killed, muc4, places, plover, police, snippets, speed
from bench.asked import columns
from bench.events import Figures

Part = Callable[[], dict[str, Figures]]

STAGES = {"dates": (), "counts": (), "actors": (), "event_places": ("--every", "4")}  # file here, more arguments


def labelled(data: Path, jobs: int, baseline: bool = True) -> dict[str, Part]:
    """The sets whose files are there, with what measures each."""
    reports = {
        name: partial(_reports, data, name, jobs, baseline) for name in ("news-gold", "own", "fresh", "news-train")
    }
    others: dict[str, Part] = {
        "snippets": lambda: snippets.measure(snippets.news_train(data), jobs, events.finder_of("rules", None))[0],
        "case2021": lambda: snippets.measure(snippets.case2021(data), jobs)[0],
        "plover": lambda: plover.measure(plover.sentences(data), 1)[0],
        "awsd": lambda: columns(awsd.ask(data), awsd.STATISTICS),
        "killed": lambda: columns(killed.ask(data)),
        "hrdsattack": lambda: columns(hrds.ask(data)),
        "muc4": lambda: columns(muc4.ask(data), muc4.STATISTICS),
        "police": lambda: police.measure(data),
        **{name: partial(places.measure, data, name) for name in places.SETS},
        "event_location": lambda: event_location.measure(data),
    }
    return {name: part for name, part in {**reports, **others}.items() if not absent(data, name)}


def _reports(data: Path, name: str, jobs: int, baseline: bool) -> dict[str, Figures]:
    """The model has seen news-train, so there the rules alone are measured; `bench.finders --folds` measures both."""
    finder = events.finder_of("rules", None) if name == "news-train" else None
    return events.measure(data, list(events.read(events.files_of(data, name))), jobs, baseline, finder)[0]


def absent(data: Path, name: str) -> list[str]:
    """The files of a set that are missing."""
    return [pattern for pattern in floors.FILES[name] if not any(data.glob(pattern))]


def summary(sets: floors.Sets) -> str:
    """A table for each set, and the bars that are not reached yet."""
    tables = [f"{name}\n{events.shown(columns, floors.bars().get(name))}" for name, columns in sets.items()]
    open_ones = [
        f"  {name}, {column}: {measure.strip()} {events.number(value)}, bar {events.number(bar)}"
        for name, columns in sets.items()
        for column, figures in columns.items()
        if column in ("all", "one process", "jobs 1", "jobs 2") or name == "words"
        for measure, value in figures.items()
        if (bar := floors.bars().get(name, {}).get(measure)) is not None and not floors.reached(measure, value, bar)
    ]
    return "\n\n".join([*tables, "\n".join(["Bars not reached:", *(open_ones or ["  none"])])])


def main() -> int:
    options = _arguments()
    if options.stages:
        return _stages(options.data / "data/news-train")
    sets: floors.Sets = {}
    for name in floors.FILES:
        for path in absent(options.data, name):
            print(f"bench: {options.data / path} is not there, so {name} is not measured.", file=sys.stderr)
    parts = labelled(options.data, options.jobs)
    for name in (name for name in parts if not options.only or name in options.only):
        sets[name] = _timed(name, parts[name])
    if not options.only or "speed" in options.only:
        begun = time.perf_counter()
        sets |= speed.measure(options.data, options.reports)
        print(f"bench: speed took {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    if not sets:
        print("bench: nothing was measured.", file=sys.stderr)
        return 0
    print(json.dumps(sets, indent=1) if options.json else summary(sets))
    return _keep(options, sets) if options.update_floors else _check(options.data, sets)


def _stages(folder: Path) -> int:
    """Each stage alone; they measure more, and list their errors, when called by themselves."""
    if not folder.is_dir():
        print(f"bench: {folder} is not there, so nothing is measured.", file=sys.stderr)
        return 0
    for name, more in STAGES.items():
        print(f"\n{name}", flush=True)
        subprocess.run([sys.executable, str(Path(__file__).with_name(f"{name}.py")), str(folder), *more], check=True)
    return 0


def _timed(name: str, part: Part) -> dict[str, Figures]:
    begun = time.perf_counter()
    found = part()
    print(f"bench: {name} took {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return found


def _keep(options: argparse.Namespace, sets: floors.Sets) -> int:
    digests = floors.digests(options.data, [name for name in sets if name in floors.FILES])
    floors.save(floors.updated(floors.load(), sets, digests, options.lower))
    for line in floors.below(sets, floors.load()):
        print(f"bench: kept, although below: {line}; say --lower NAME to lower it", file=sys.stderr)
    return 0


def _check(data: Path, sets: floors.Sets) -> int:
    kept = floors.load()
    changed = floors.changed(kept, floors.digests(data, [name for name in sets if name in floors.FILES]))
    for path in changed:
        print(f"bench: {path} has changed since the floors were set; say --update-floors", file=sys.stderr)
    worse = floors.below(sets, kept)
    for line in worse:
        print(f"bench: below its floor: {line}", file=sys.stderr)
    return int(bool(worse or changed))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--only", nargs="*", choices=[*floors.FILES, "speed"], help="measure only these")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--reports", type=int, default=1000, help="size of the made-up folder for speed")
    parser.add_argument("--stages", action="store_true", help="measure the stages alone instead")
    parser.add_argument("--update-floors", action="store_true")
    parser.add_argument(
        "--lower", nargs="*", default=[], metavar="NAME", help="floors that may fall: set/column/measure"
    )
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
