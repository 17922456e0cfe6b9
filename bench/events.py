"""How well reports are coded: our coder and a naive baseline against labelled reports.

    python bench/events.py [--data ../shared] [--sets news-gold news-train] [--files westafrica ...] [--lang fr] [--errors]

The scorer is the one beside the data (tools/score_events.py). Prints a table per set and language.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROWS = (
    ("event detection F1", ("finding", "f1")),
    ("  precision", ("finding", "precision")),
    ("  recall", ("finding", "recall")),
    ("event type", ("coding of paired events", "event_type")),
    ("sub-event type", ("coding of paired events", "sub_event_type")),
    ("date exact", ("coding of paired events", "date")),
    ("date within a day", ("coding of paired events", "date +-1 day")),
    ("country", ("coding of paired events", "country")),
    ("admin1", ("coding of paired events", "admin1")),
    ("within 50 km", ("coding of paired events", "place within 50 km")),
    ("within 10 km", ("coding of paired events", "place within 10 km")),
    ("both actors", ("coding of paired events", "both actors, any order")),
    ("fatalities exact", ("coding of paired events", "fatalities")),
    ("fatalities in range", ("coding of paired events", "fatalities within range")),
    ("strict F1", ("end to end", "f1")),
    ("false events, empty reports", ("reports without events", "false events")),
)


def scorer(data: Path) -> Any:
    """The module tools/score_events.py."""
    spec = importlib.util.spec_from_file_location("score_events", data / "tools" / "score_events.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["score_events"] = module
    spec.loader.exec_module(module)
    return module


def files_of(data: Path, name: str, only: Iterable[str]) -> list[Path]:
    """The report files of a set: those with events, without the snippets."""
    folder = data / "data" / name
    found = sorted(p for p in folder.glob("*.jsonl") if "snippets" not in p.name)
    wanted = set(only)
    return [p for p in found if not wanted or p.stem in wanted]


def read(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines)


def ours(line: dict[str, Any]) -> dict[str, Any]:
    """The line coded by our coder, complete events only (the gold has no others)."""
    from tocsin.code import claims_in
    from tocsin.exchange.event import to_json
    from tocsin.model import Report

    published = date.fromisoformat(line["published"]) if line.get("published") else None
    report = Report(line["id"], line["text"], line.get("title"), published, line.get("source"), lang=line["lang"])
    coded = to_json(claims_in(report, _tools()))
    return {**coded, "events": [event for event in coded["events"] if event["complete"]]}


_loaded: list[Any] = []


def _tools() -> Any:
    if not _loaded:
        from tocsin.code import Tools

        _loaded.append(Tools.load())
    return _loaded[0]


def naive(line: dict[str, Any]) -> dict[str, Any]:
    """One Attack per report, on the day of publication, at the first place that the gazetteer knows."""
    from tocsin.countries import country
    from tocsin.locate import find_places

    places = [m for m in find_places(line["text"], line["lang"], _tools().gazetteer) if m.place and m.place.country]
    if not places or not places[0].place:
        return {"id": line["id"], "events": []}
    place = places[0].place
    name = country(place.country).name
    event = {
        "event_date": line["published"], "event_type": "Violence against civilians", "sub_event_type": "Attack",
        "actor1": f"Unidentified Armed Group ({name})", "actor2": f"Civilians ({name})", "country": name,
        "admin1": place.admin1, "location": place.name, "latitude": place.latitude, "longitude": place.longitude,
        "geo_precision": 1, "fatalities": 0, "evidence": [],
    }  # fmt: skip
    return {"id": line["id"], "events": [event]}


def run(coder: Any, lines: list[dict[str, Any]], jobs: int) -> dict[str, dict[str, Any]]:
    if jobs == 1:
        return {line["id"]: coder(line) for line in lines}
    with get_context("spawn").Pool(jobs) as pool:
        return {line["id"]: line for line in pool.imap(partial(coder), lines, chunksize=8)}


def table(results: dict[str, dict[str, Any]]) -> str:
    """Measures down, systems and languages across."""
    head = f"{'':30}" + "".join(f"{name:>14}" for name in results)
    lines = [head]
    for label, path in ROWS:
        values = []
        for result in results.values():
            value: Any = result
            for key in path:
                value = value.get(key, 0)
            values.append(f"{value:14.3f}" if isinstance(value, float) else f"{value:14}")
        lines.append(f"{label:30}" + "".join(values))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--sets", nargs="*", default=["news-gold", "news-train"])
    parser.add_argument("--files", nargs="*", default=[])
    parser.add_argument("--lang")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--errors", action="store_true", help="list what was missed, false or wrongly coded")
    parser.add_argument("--no-baseline", action="store_true")
    parser.add_argument("--save", type=Path, help="write our output here, JSON Lines")
    options = parser.parse_args()
    if not (options.data / "tools" / "score_events.py").exists():
        print(f"no labelled reports at {options.data}: nothing measured", file=sys.stderr)
        return 0
    score = scorer(options.data).score
    for name in options.sets:
        lines = [line for line in read(files_of(options.data, name, options.files)) if options.lang in (None, line["lang"])]
        gold = {line["id"]: line for line in lines}
        pred = run(ours, lines, options.jobs)
        if options.save:
            options.save.write_text("".join(json.dumps(p, ensure_ascii=False) + "\n" for p in pred.values()))
        results = {"all": score(gold, pred)}
        for lang in sorted({line["lang"] for line in lines}):
            results[lang] = score({k: v for k, v in gold.items() if v["lang"] == lang}, pred)
        if not options.no_baseline:
            results["naive"] = score(gold, run(naive, lines, options.jobs))
        print(f"\n{name}: {len(lines)} reports")
        print(table(results))
        if options.errors:
            print(*results["all"]["errors"], sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
