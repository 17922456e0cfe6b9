"""What the model finder sees on texts that it was never trained on, how fast it is and how large.

    python -m bench.finder [--data ../shared] [--weights FOLDER] [--json]

In:  case2021_task2/dev.jsonl (snippets of a type), news-gold/dev.jsonl (the words that report each event).
Out: snippets: F1 by class weighted by how often it is wanted, by the likeliest type of the whole snippet alone.
         Naive: the most frequent class for all.
     reports, by language: the share of wanted events whose evidence holds a trigger that the model proposes; the share
         right of the types that it gives to that evidence. Naive: a trigger everywhere, the most frequent type.
     size in MB, and words a second of one thread in processor time.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.events import Figures, files_of, read, shown
from bench.snippets import NONE, case2021, weighted_f1
from tocsin.finder import Finder
from tocsin.finder.finder import FILES, WEIGHTS
from tocsin.model import Span


def snippets(finder: Finder, data: Path) -> dict[str, Figures]:
    """Weighted F1 over the snippets of CASE 2021, of the model alone."""
    lines = case2021(data)
    pairs = [(line["wanted"], kind_of(finder, line["text"])) for line in lines]
    (most, _), *_ = Counter(wanted for wanted, _ in pairs).most_common()
    return {
        "ours": {"snippets": len(pairs), "weighted F1": weighted_f1(pairs)},
        "naive": {"snippets": len(pairs), "weighted F1": weighted_f1((wanted, most) for wanted, _ in pairs)},
    }


def kind_of(finder: Finder, text: str) -> str:
    """The likeliest sub-event type of a whole text."""
    kinds = finder.look(text).kinds(Span(0, len(text)))
    return max((kind for kind in kinds if kind != NONE), key=kinds.__getitem__)


def reports(finder: Finder, data: Path) -> dict[str, Figures]:
    """Events that the model sees, and the types that it gives them, by language."""
    found: dict[str, Figures] = {}
    for lang in ("en", "fr"):
        rows = [row for line in read(files_of(data, "news-gold")) if line["lang"] == lang for row in seen(finder, line)]
        (_, often), *_ = Counter(wanted for _, _, wanted in rows).most_common()
        number = len(rows)
        found[lang] = {
            "events": number,
            "with a trigger": sum(told for told, _, _ in rows) / number,
            "sub-event type right": sum(kind == wanted for _, kind, wanted in rows) / number,
        }
        found[f"{lang} naive"] = {"events": number, "with a trigger": 1.0, "sub-event type right": often / number}
    return found


def seen(finder: Finder, line: dict[str, Any]) -> list[tuple[bool, str, str]]:
    """For each wanted event: whether a trigger is proposed in its evidence, the type given, the type wanted."""
    sight = finder.look(line["text"], title=line["title"])
    found = []
    for event in line["events"]:
        start = line["text"].find(event["evidence"])
        if start < 0 or event.get("background"):
            continue
        span = Span(start, start + len(event["evidence"]))
        kinds = sight.kinds(span)
        kind = max((kind for kind in kinds if kind != NONE), key=kinds.__getitem__)
        found.append((any(span.overlaps(trigger) for trigger, _ in sight.events), kind, event["sub_event_type"]))
    return found


def size_and_speed(finder: Finder, folder: Path, data: Path) -> dict[str, Figures]:
    """MB of the files; words a second of the reports of news-train, every fifth."""
    lines = list(read(files_of(data, "news-train")))[::5]
    texts = [line["text"] for line in lines]
    for text in texts[:5]:
        finder.look(text)
    begun = time.process_time()
    for line in lines:
        sight = finder.look(line["text"], title=line["title"])
        for trigger, _ in sight.triggers:
            sight.status(trigger)
            sight.kinds(trigger)
    spent = time.process_time() - begun
    size = sum((folder / name).stat().st_size for name in FILES) / 1e6
    return {"model": {"MB": round(size, 1), "words/s": round(sum(len(text.split()) for text in texts) / spent)}}


def main() -> None:
    parser = argparse.ArgumentParser(description="What the model finder sees, how fast it is and how large.")
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    finder = Finder.load(options.weights)
    tables = {
        "case2021": snippets(finder, options.data),
        "news-gold": reports(finder, options.data),
        "size and speed": size_and_speed(finder, options.weights, options.data),
    }
    if options.json:
        print(json.dumps(tables))
        return
    for name, table in tables.items():
        print(f"\n{name}\n{shown(table)}")


if __name__ == "__main__":
    main()
