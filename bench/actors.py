"""Measure the actor registry against reports with gold actors and their spans.

    python bench/actors.py FOLDER [--errors] [--lang fr]

In:  a folder of JSON Lines files, each line a report with `events`, each event with `mentions.actor1/actor2` spans.
Out: by language: how many gold actors have a mention on one of their spans, and how many of those resolve, at the
     event's country and day, to the gold name or one of its aliases; then the most frequent confusions.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from tocsin.countries import countries
from tocsin.model import Span
from tocsin.registry import Registry, find_actors


def plain(text: object) -> str:
    """Lower case, without accents, punctuation and regime years."""
    text = re.sub(r"\(\d{4}-(\d{4})?\)", " ", str(text or ""))
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.casefold()).split())


def names(actor: str, aliases: list[str]) -> set[str]:
    """All accepted spellings; of "JNIM: Group for ..." either half will do."""
    return {plain(part) for name in (actor, *aliases) for part in (name, *str(name).split(": "))}


def reports(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            report = json.loads(line)
            if report.get("events"):
                yield report


def measure(folder: Path, lang: str | None, show: int) -> None:
    registry, codes = Registry.load(), {each.name: each.iso3 for each in countries()}
    count: Counter[tuple[str, str]] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    seconds, number = 0.0, 0
    for report in reports(folder):
        if lang and report["lang"] != lang:
            continue
        registry.words(report["lang"])
        start = time.perf_counter()
        found = find_actors(report["text"], report["lang"], registry, places=True)
        seconds, number = seconds + time.perf_counter() - start, number + 1
        for event in report["events"]:
            for key in ("actor1", "actor2"):
                spans = [Span(m["start"], m["end"]) for m in event.get("mentions", {}).get(key, ())]
                if not event.get(key) or not spans:
                    continue
                kind = event[f"inter{key[-1]}"]
                count[report["lang"], "gold"] += 1
                count[kind, "gold"] += 1
                hits = [m for m in found if any(m.span.overlaps(span) for span in spans)]
                if not hits:
                    missed[f"{spans[0].of(report['text'])[:60]!r} ({event[key]})"] += 1
                    continue
                day, iso3 = date.fromisoformat(event["event_date"]), codes[event["country"]]
                got = [registry.resolve(m, iso3, day, event.get("admin1")) for m in hits]
                good = names(event[key], event.get(f"{key}_aliases") or [])
                right = any(plain(part) in good for actor in got for part in (actor.name, *actor.name.split(": ")))
                for row in (report["lang"], kind):
                    count[row, "span"] += 1
                    count[row, "right"] += right
                    count[row, "inter"] += any(actor.inter == kind for actor in got)
                if not right:
                    wrong[f"{event[key]} <- {got[0].name} {hits[0].span.of(report['text'])[:50]!r}"] += 1
    for row in sorted({row for row, _ in count}):
        gold, span = count[row, "gold"], count[row, "span"]
        print(f"{row:24} gold {gold:5}  span {span / gold:.3f}  name {count[row, 'right'] / max(span, 1):.3f}"
              f"  both {count[row, 'right'] / gold:.3f}  inter {count[row, 'inter'] / max(span, 1):.3f}")  # fmt: skip
    print(f"{1000 * seconds / max(number, 1):.2f} ms per report over {number} reports")
    for title, table in (("wrong", wrong), ("missed", missed)):
        print(f"\n{title}:" if show else "", *(f"{n:4} {text}" for text, n in table.most_common(show)), sep="\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show the N most frequent errors")
    parser.add_argument("--lang", choices=("en", "fr"))
    arguments = parser.parse_args()
    measure(arguments.folder, arguments.lang, arguments.errors)
    return 0


if __name__ == "__main__":
    sys.exit(main())
