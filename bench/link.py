"""How well claims are grouped into events: news told several times, made mentions beside Splink, gun violence articles.

    python -m bench.link --news [--data ../shared] [--jobs 2] [--errors]
    python -m bench.link --synthetic SEED [--sizes 10000 100000] [--without-splink]
    python -m bench.link --gva

In:  report files with gold events; tools/make_mentions.py, which makes mentions of known events; GVA articles.
Out: B-cubed and pairwise figures, seconds and the peak of memory.
     Each engine on made mentions runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import csv
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bench import link_gva
from bench.events import Line, ours, read, run, scorer
from tocsin.link.cluster import clusters
from tocsin.link.item import Item, item_of
from tocsin.link.link import link

SETS = {"news-gold": ("news-gold", "dev"), "news-train groups": ("news-train", "groups")}


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
    for name, (folder, stem) in SETS.items():
        lines = list(read([data / "data" / folder / f"{stem}.jsonl"]))
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


# -- made mentions ---------------------------------------------------------------------------------------------------


def mentions(path: Path) -> tuple[list[Item], list[str]]:
    """Items and true events of a file by make_mentions.py."""
    items, truth = [], []
    with path.open(newline="") as lines:
        for row in csv.DictReader(lines):
            key = f"m{int(row['mention_id']):08}"
            claim: dict[str, Any] = {name: value or None for name, value in row.items()}
            item = item_of(claim, key, report=key, origin=key, text=row["notes"])
            assert item is not None
            items.append(item)
            truth.append(row["true_event"])
    return items, truth


def by_tocsin(path: Path) -> tuple[list[Any], list[str], float]:
    """A cluster for each mention, the truth, seconds from items to clusters."""
    items, truth = mentions(path)
    start = time.perf_counter()
    first = {key: keys[0] for keys in link(items) for key in keys}
    seconds = time.perf_counter() - start
    return [first[item.key] for item in items], truth, seconds


def by_splink(path: Path) -> tuple[list[Any], list[str], float]:
    """The same with Splink's chances, joined by average link at its own best threshold, chosen with the key."""
    from bench.splink_mentions import chances

    with path.open(newline="") as lines:
        truth = [row["true_event"] for row in csv.DictReader(lines)]
    start = time.perf_counter()
    pairs, chance = chances(path)
    scores = np.log2(np.clip(chance, 1e-12, 1 - 1e-12) / (1 - np.clip(chance, 1e-12, 1 - 1e-12)))
    clusters(len(truth), pairs, scores, threshold=0.5)
    seconds = time.perf_counter() - start
    tried = [clusters(len(truth), pairs, scores, threshold=at).tolist() for at in (0.3, 0.4, 0.5, 0.6, 0.7)]
    return max(tried, key=lambda labels: pairwise_f1(labels, truth)), truth, seconds


ENGINES: dict[str, Callable[[Path], tuple[list[Any], list[str], float]]] = {"tocsin": by_tocsin, "splink": by_splink}


def pairwise_f1(labels: Sequence[Any], truth: Sequence[str]) -> float:
    both, ours_, theirs = (Counter(of) for of in (zip(labels, truth, strict=True), labels, truth))
    two = [sum(n * (n - 1) // 2 for n in sizes.values()) for sizes in (both, ours_, theirs)]
    return 2 * two[0] / (two[1] + two[2]) if two[1] + two[2] else 0.0


def one_engine(name: str, path: Path, data: Path) -> None:
    """Prints the figures of one engine on one file; run in a process of its own."""
    labels, truth, seconds = ENGINES[name](path)
    figures = scorer(data).merging(list(zip(labels, truth, strict=True)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{name:8}{len(truth):10,}{seconds:9.1f}{peak:9.2f}{figures['pairwise']['f1']:10.3f}{figures['b-cubed']['f1']:9.3f}",
        flush=True,
    )


def synthetic(seed: int, sizes: Sequence[int], engines: Sequence[str], data: Path) -> None:
    """Each engine on the same files."""
    print(f"{'':8}{'mentions':>10}{'seconds':>9}{'peak GB':>9}{'pair F1':>10}{'B-cubed':>9}", flush=True)
    with TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.csv"
            make = [str(data / "tools" / "make_mentions.py"), str(path), "--mentions", str(size)]
            given = ["--events", str(size * 2 // 5), "--seed", str(seed)]
            subprocess.run([sys.executable, *make, *given], check=True, stdout=subprocess.DEVNULL)
            for name in engines:
                command = [
                    sys.executable,
                    "-m",
                    "bench.link",
                    "--engine",
                    name,
                    "--file",
                    str(path),
                    "--data",
                    str(data),
                ]
                subprocess.run(command, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--news", action="store_true")
    parser.add_argument("--synthetic", type=int, metavar="SEED")
    parser.add_argument("--gva", action="store_true", help="articles on gun violence, see bench/link_gva.py")
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--without-splink", action="store_true")
    parser.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    if options.news:
        news(options.data, options.jobs, options.errors)
    if options.synthetic is not None:
        engines = ["tocsin"] if options.without_splink else list(ENGINES)
        synthetic(options.synthetic, options.sizes, engines, options.data)
    if options.gva:
        link_gva.show(options.data)
    if options.engine:
        one_engine(options.engine, options.file, options.data)


if __name__ == "__main__":
    main()
