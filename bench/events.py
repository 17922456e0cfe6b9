"""How well reports are coded: our coder and a naive baseline against labelled reports.

    python bench/events.py [--data ../shared] [--sets news-gold own news-train] [--files westafrica ...] [--lang fr]
                           [--errors] [--json] [--finder rules|model|both] [--folds FOLDER]

In:  the report files of the sets, and the scorer beside the data (tools/score_events.py), which pairs events.
Out: a table for each set: measures down, all reports, each language and the baseline of each across.
     The naive coder reports one Attack by unidentified men on the day of publication at the first place named.
     With --folds, the folder of training, the model is one that has not seen the report (bench/folds.py).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

Line = dict[str, Any]  # one line of a JSON Lines file
Figures = dict[str, float]  # measure -> value

CODING = "coding of paired events"
ROWS = (
    ("event detection F1", ("finding", "f1")),
    ("  precision", ("finding", "precision")),
    ("  recall", ("finding", "recall")),
    ("event type", (CODING, "event_type")),
    ("sub-event type", (CODING, "sub_event_type")),
    ("date exact", (CODING, "date")),
    ("date within a day", (CODING, "date +-1 day")),
    ("country", (CODING, "country")),
    ("admin1", (CODING, "admin1")),
    ("within 50 km", (CODING, "place within 50 km")),
    ("within 10 km", (CODING, "place within 10 km")),
    ("both actors", (CODING, "both actors, any order")),
    ("fatalities exact", (CODING, "fatalities")),
    ("fatalities in range", (CODING, "fatalities within range")),
    ("strict F1", ("end to end", "f1")),
    ("false events, empty reports", ("reports without events", "false events")),
)
UNSUPPORTED = "values without quote or rule"
UNQUOTED = "  values by rule alone"


def scorer(data: Path) -> Any:
    """The module tools/score_events.py."""
    spec = importlib.util.spec_from_file_location("score_events", data / "tools" / "score_events.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["score_events"] = module
    spec.loader.exec_module(module)
    return module


def files_of(data: Path, name: str, only: Iterable[str] = ()) -> list[Path]:
    """The report files of a set: those with events, without the snippets. `own` and `fresh` lie in this folder."""
    folder = Path(__file__).with_name(name) if name in ("own", "fresh") else data / "data" / name
    found = sorted(p for p in folder.glob("*.jsonl") if "snippets" not in p.name)
    wanted = set(only)
    return [p for p in found if not wanted or p.stem in wanted]


def read(paths: Iterable[Path]) -> Iterator[Line]:
    """The lines of all the files that are there."""
    for path in paths:
        if path.exists():
            with path.open(encoding="utf-8") as lines:
                yield from (json.loads(line) for line in lines)


def ours(line: Line, *, incomplete: bool = False, finder: Any = None) -> Line:
    """The line coded by our coder; the gold sets have complete events only, so `incomplete` ones are left out."""
    from tocsin.code import claims_in
    from tocsin.exchange.event import to_json
    from tocsin.model import Report

    published = date.fromisoformat(line["published"]) if line.get("published") else None
    report = Report(line["id"], line["text"], line.get("title"), published, line.get("source"), lang=line["lang"])
    coded = to_json(claims_in(report, _tools(finder)))
    return {**coded, "events": [event for event in coded["events"] if event["complete"] or incomplete]}


@cache
def _tools(finder: Any = None) -> Any:
    from tocsin.code import Tools

    return Tools.load(finder=finder)


def finder_of(name: str, folds: Path | None) -> Any:
    """What finds the events; a model is one that has not seen the report, if `folds` are given."""
    from bench.folds import Folds
    from tocsin.code.both import Both
    from tocsin.code.found import RULES

    if name == "rules":
        return RULES
    with_words = name == "both"
    return Folds(folds.resolve(), with_words) if folds else Both(lexicon=with_words)


def naive(line: Line) -> Line:
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


def run(coder: Callable[[Line], Line], lines: list[Line], jobs: int) -> dict[str, Line]:
    """What the coder makes of each line, by id."""
    if jobs == 1:
        return {line["id"]: coder(line) for line in lines}
    with get_context("spawn").Pool(jobs) as pool:
        return {line["id"]: line for line in pool.imap(coder, lines, chunksize=8)}


def figures(result: dict[str, Any]) -> Figures:
    """The rows that we show of all that the scorer gives."""
    found = {}
    for label, path in ROWS:
        value: Any = result
        for key in path:
            value = value.get(key, 0)
        found[label] = value
    return found


def support(lines: Iterable[tuple[Line, Line]]) -> Figures:
    """Values with neither words of the text nor a rule behind them; pairs are (report, coded report).

    A quote that is not what stands at its place in the text is no quote.
    """
    neither = alone = 0
    for report, coded in lines:
        for event in coded["events"]:
            right = [e for e in event["evidence"] if e["quote"] == report["text"][e["start"] : e["end"]] != ""]
            quoted = {e["field"] for e in right}
            ruled = {name for name, _, rule in (text.partition(": ") for text in event["rules"]) if rule}
            neither += sum(name not in quoted | ruled for name in event["confidence"])
            neither += len(event["evidence"]) - len(right)
            alone += sum(name in ruled - quoted for name in event["confidence"])
    return {UNSUPPORTED: neither, UNQUOTED: alone}


def measure(
    data: Path, lines: list[Line], jobs: int, baseline: bool = True, finder: Any = None
) -> tuple[dict[str, Figures], dict[str, Line], list[str]]:
    """The figures of all reports and of each language, ours and naive; our output; each mistake."""
    score, columns = scorer(data).score, {}
    pred = run(partial(ours, finder=finder), lines, jobs)
    guess = run(naive, lines, 1) if baseline else {}
    langs = sorted({line["lang"] for line in lines})
    errors: list[str] = []
    for lang in ("", *langs) if len(langs) > 1 else ("",):
        gold = {line["id"]: line for line in lines if lang in ("", line["lang"])}
        result = score(gold, pred)
        errors = errors or result["errors"]
        columns[lang or "all"] = figures(result) | support((line, pred[id]) for id, line in gold.items())
        if baseline:
            columns[f"naive {lang}".strip()] = figures(score(gold, guess))
    return columns, pred, errors


def table(results: dict[str, dict[str, Any]]) -> str:
    """Measures down, systems and languages across; from the scorer's full results."""
    return shown({name: figures(result) for name, result in results.items()})


def shown(columns: dict[str, Figures], bars: Figures | None = None) -> str:
    """Measures down, columns across; beside them the bars, if given."""
    labels = dict.fromkeys(label for column in columns.values() for label in column)
    width = max(map(len, labels)) + 2
    given: dict[str, Figures] = {**columns, **({"bar": bars} if bars else {})}
    lines = [" " * width + "".join(f"{name:>14}" for name in given)]
    for label in labels:
        lines.append(f"{label:{width}}" + "".join(f"{number(column.get(label)):>14}" for column in given.values()))
    return "\n".join(lines)


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else f"{value:,}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--sets", nargs="*", default=["news-gold", "own", "news-train"])
    parser.add_argument("--files", nargs="*", default=[])
    parser.add_argument("--lang")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--errors", action="store_true", help="list what was missed, false or wrongly coded")
    parser.add_argument("--no-baseline", action="store_true")
    parser.add_argument("--finder", choices=("rules", "model", "both"), default="both")
    parser.add_argument("--folds", type=Path, help="the folder of training, with two models and which.json")
    parser.add_argument("--save", type=Path, help="write our output here, JSON Lines")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON: set, column, measure")
    options = parser.parse_args()
    if not (options.data / "tools" / "score_events.py").exists():
        print(f"no labelled reports at {options.data}: nothing measured", file=sys.stderr)
        return 0
    given: dict[str, dict[str, Figures]] = {}
    for name in options.sets:
        lines = list(read(files_of(options.data, name, options.files)))
        lines = [line for line in lines if options.lang in (None, line["lang"])]
        finder = finder_of(options.finder, options.folds)
        given[name], pred, errors = measure(options.data, lines, options.jobs, not options.no_baseline, finder)
        if options.save:
            options.save.write_text("".join(json.dumps(p, ensure_ascii=False) + "\n" for p in pred.values()))
        if not options.json:
            print(f"\n{name}: {len(lines)} reports\n{shown(given[name])}")
        if options.errors:
            print(*errors, sep="\n", file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(json.dumps(given, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
