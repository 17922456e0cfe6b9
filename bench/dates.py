"""Measures the time expressions: does each `date` mention of news-train have a Time, and is it the day of the event?

Use: python bench/dates.py [FOLDER] [--misses]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from tocsin.model import Time
from tocsin.read.dates import find_times

SLACK_DAYS = {1: 0, 2: 3, 3: 15}  # as tools/score_events.py forgives


def reports(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl")):
        if "snippets" not in path.name:
            yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def judge(event: dict[str, Any], mention: dict[str, Any], times: tuple[Time, ...], events: list[Any]) -> str:
    """How the best Time on the mention agrees with the event."""
    on = [t for t in times if t.span.start < mention["end"] and mention["start"] < t.span.end]
    if not on:
        return "missed"
    day, slack = date.fromisoformat(event["event_date"]), SLACK_DAYS[event["time_precision"]]
    days = [t for t in on if t.day]
    if days:
        right = any(abs((t.day - day).days) <= slack for t in days if t.day)
        return "day right" if right else "day wrong"
    if any(t.kind == "anchored" for t in on):
        others = {date.fromisoformat(e["event_date"]) for e in events}
        gaps = {(day - other).days for other in others}
        return "anchored right" if any(t.offset_days in gaps for t in on) else "anchored wrong"
    return "vague"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/data/news-train"))
    parser.add_argument("--misses", action="store_true", help="list what is not right")
    options = parser.parse_args()
    if not options.folder.is_dir():
        print(f"{options.folder} is not there; give the folder of the reports", file=sys.stderr)
        return 0
    counts: dict[str, Counter[str]] = {"en": Counter(), "fr": Counter()}
    words, seconds = 0, 0.0
    for lang in counts:
        find_times("", lang, None)  # loads the patterns
    for report in reports(options.folder):
        text, published = report["text"], date.fromisoformat(report["published"])
        begun = time.perf_counter()
        times = find_times(text, report["lang"], published)
        seconds += time.perf_counter() - begun
        words += len(text.split())
        for event in report["events"]:
            for mention in event.get("mentions", {}).get("date", [])[:1]:
                result = judge(event, mention, times, report["events"])
                counts[report["lang"]][result] += 1
                if options.misses and not result.endswith("right"):
                    show(report, event, mention, times, result)
    for lang, count in counts.items():
        print(lang, summary(count))
    print(f"{1000 * seconds / words * 400:.2f} ms per 400 words")
    return 0


def summary(count: Counter[str]) -> str:
    total, missed = sum(count.values()), count["missed"]
    right, wrong = count["day right"], count["day wrong"]
    covered, exact = 1 - missed / max(total, 1), right / max(right + wrong, 1)
    head = f"mentions {total}  covered {covered:.3f}  kind=day right {exact:.3f}"
    return head + "  " + "  ".join(f"{name} {n}" for name, n in sorted(count.items()))


def show(report: dict[str, Any], event: dict[str, Any], mention: dict[str, Any], times: Any, result: str) -> None:
    on = [t for t in times if t.span.start < mention["end"] and mention["start"] < t.span.end]
    context = report["text"][max(0, mention["start"] - 40) : mention["end"] + 30].replace("\n", " ")
    got = " / ".join(f"{t.rule} {t.day or t.offset_days}" for t in on)
    print(
        f"{result} | {report['id']} {report['published']} gold {event['event_date']} p{event['time_precision']}"
        f" | {mention['quote']} | {got} | {context}"
    )


if __name__ == "__main__":
    sys.exit(main())
