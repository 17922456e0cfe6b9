"""How well claims are grouped into events: news told several times, made mentions beside Splink, gun violence articles.

    python bench/link.py --news [--data ../shared] [--jobs 2] [--errors]
    python bench/link.py --synthetic SEED [--sizes 10000 100000] [--without-splink]
    python bench/link.py --gva [--errors]

In:  report files with gold events; tools/make_mentions.py, which makes mentions of known events; GVA articles.
Out: B-cubed and pairwise figures, seconds and the peak of memory.
     Each engine on made mentions runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.events import Line, ours, read, run, scorer
from tocsin.link.item import Item, item_of
from tocsin.link.link import link

SETS = {"news-gold": ("news-gold", ("dev",)), "news-train groups": ("news-train", ("groups",))}


# -- news ------------------------------------------------------------------------------------------------------------


def told_about(event: Line, text: str) -> str:
    """The paragraphs that hold the event's evidence; spans, quotes or one quote."""
    evidence = event.get("evidence") or []
    quotes = [evidence] if isinstance(evidence, str) else [part["quote"] for part in evidence]
    parts = text.split("\n")
    return "\n".join(part for part in parts if any(quote and _holds(part, quote) for quote in quotes))


def _holds(part: str, quote: str) -> bool:
    return quote in part or (bool(part.strip()) and part in quote)


def items_of(line: Line, text: str) -> Iterator[tuple[Line, Item | None]]:
    """The events of one coded report, each with its Item."""
    for position, event in enumerate(line["events"]):
        told = told_about(event, text)
        yield event, item_of(event, f"{line['id']}:{position:02}", report=line["id"], origin=None, text=told)


def clustered(lines: Iterable[Line], texts: dict[str, str]) -> dict[str, Line]:
    """The lines by id, each event with the `cluster` it is in."""
    done, items = {}, []
    for line in lines:
        events = []
        for event, item in items_of(line, texts[line["id"]]):
            events.append({**event, "cluster": item.key if item else f"{line['id']} {len(events)}"})
            items += [item] if item else []
        done[line["id"]] = {**line, "events": events}
    first = {key: keys[0] for keys in link(items) for key in keys}
    for line in done.values():
        for event in line["events"]:
            event["cluster"] = first.get(event["cluster"], event["cluster"])
    return done


def merged(tools: Any, gold: dict[str, Line], coded: dict[str, Line]) -> list[tuple[str, Line, Line]]:
    """(report, coded event, gold event) of every paired event."""
    return [
        (name, coded[name]["events"][p], line["events"][g])
        for name, line in gold.items()
        for p, g in tools.pair(coded[name]["events"], line["events"], line["text"])
    ]


def mistakes(found: list[tuple[str, Line, Line]]) -> Iterator[str]:
    """Pairs of one event in two clusters, and of two events in one."""
    for at, (report, event, gold) in enumerate(found):
        for other, with_event, with_gold in found[:at]:
            joined, same = event["cluster"] == with_event["cluster"], gold["event_id"] == with_gold["event_id"]
            if joined != same:
                said = [f"{e['event_date']} {e['location']} {e['sub_event_type']}" for e in (event, with_event)]
                yield f"{'joined' if joined else 'parted'}: {report} {said[0]} | {other} {said[1]}"


def news(data: Path, jobs: int, errors: bool) -> None:
    """Both sets, by our coder's claims and by gold claims."""
    tools = scorer(data)
    print(f"{'':34}{'B-cubed':>9}{'pairwise':>10}{'joined':>8}{'parted':>8}")
    for name, (folder, stems) in SETS.items():
        lines = list(read(data / "data" / folder / f"{stem}.jsonl" for stem in stems))
        gold, texts = {line["id"]: line for line in lines}, {line["id"]: line["text"] for line in lines}
        for by, claims in (("gold claims", lines), ("our coder", list(run(ours, lines, jobs).values()))):
            coded = clustered(claims, texts)
            figures = tools.score(gold, coded)["merging"]
            wrong = list(mistakes(merged(tools, gold, coded)))
            counts = Counter(text.split(":")[0] for text in wrong)
            print(
                f"{name + ', ' + by:34}{figures['b-cubed']['f1']:9.3f}{figures['pairwise']['f1']:10.3f}"
                f"{counts['joined']:8}{counts['parted']:8}"
            )
            if errors:
                print(*wrong, sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--news", action="store_true")
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    if options.news:
        news(options.data, options.jobs, options.errors)


if __name__ == "__main__":
    main()
