"""How well single sentences get their PLOVER category, beside the published figure of PETRARCH-2.

    python -m bench.plover [--data ../shared] [--json] [--errors]

In:  the development part of plover_gsr: sentences, each with one gold category.
Out: precision, recall and F1 of categories, and those of naive baselines. How it is counted:
     * A sentence is coded as a report without title and publication date; each event found, complete or not, gives the
       category of its sub-event type in plover.csv, and a category counts once a sentence.
     * Sentences of the same words are one sentence, of which each of its gold categories is wanted.
     * Right: a found category that the gold has. Precision is right / found, recall is right / wanted, both summed over
       all sentences (micro average). The ones whose gold category ACLED does not cover (demands, aid, talks ...) count
       as they come: what is found there is false, what is wanted there is missed. PETRARCH-2 was counted so too.
     * `of what ACLED covers` leaves only the wanted categories out that no sub-event type leads to; found ones stay.
     * The gold has names of PLOVER's first version: FIGHT is read as ASSAULT, DEMAND as REQUEST, DISAPPROVE and
       INVESTIGATE as ACCUSE.
     Naive: ASSAULT for every sentence; the category whose name or telling word is in the sentence.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

from bench.events import Figures, Line, ours, read, run, shown

Categories = frozenset[str]

RENAMED = {"FIGHT": "ASSAULT", "DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "INVESTIGATE": "ACCUSE"}
TELLING = {
    "PROTEST": ("protest", "demonstrat", "strike", "rall"),
    "ASSAULT": ("attack", "kill", "bomb", "shell", "fight"),
    "COERCE": ("arrest", "detain", "jail"),
    "AGREE": ("agree",),
}
PETRARCH_2 = {"  precision": 0.497, "  recall": 0.295, "F1": 0.370}  # all 322 sentences; libraries.md of the references


@cache
def crosswalk() -> dict[str, Categories]:
    """Sub-event type -> PLOVER categories."""
    with Path(__file__).with_name("plover.csv").open(encoding="utf-8", newline="") as file:
        return {row["sub_event_type"]: frozenset(row["plover"].split()) for row in csv.DictReader(file)}


def sentences(data: Path) -> list[Line]:
    """The sentences, each once, with all categories that are `wanted` of it."""
    wanted: dict[str, set[str]] = defaultdict(set)
    first: dict[str, Line] = {}
    for line in read([data / "data/plover_gsr/train.jsonl"]):
        first.setdefault(line["text"], {"id": line["id"], "text": line["text"], "lang": line["language"]})
        wanted[line["text"]].add(RENAMED.get(line["event"], line["event"]))
    return [{**line, "wanted": frozenset(wanted[text])} for text, line in first.items()]


def categories(line: Line) -> Line:
    """The PLOVER categories of all events found in a sentence."""
    bare = {"id": line["id"], "text": line["text"], "lang": line["lang"]}
    types = [event["sub_event_type"] for event in ours(bare, incomplete=True)["events"]]
    return {"id": line["id"], "found": frozenset().union(*(crosswalk()[name] for name in types)), "types": types}


def keyword(line: Line) -> Categories:
    """The first category of which a telling word is in the sentence."""
    text = line["text"].casefold()
    hits = [name for name, stems in TELLING.items() if any(stem in text for stem in stems)]
    return frozenset(hits[:1])


def figures(pairs: list[tuple[Categories, Categories]]) -> Figures:
    """Micro averages of (wanted, found) categories."""
    covered = frozenset().union(*crosswalk().values())
    wanted, found = sum(len(w) for w, _ in pairs), sum(len(f) for _, f in pairs)
    reachable, right = sum(len(w & covered) for w, _ in pairs), sum(len(w & f) for w, f in pairs)
    return {
        "wanted": wanted,
        "found": found,
        "right": right,
        "  precision": right / max(1, found),
        "  recall": right / max(1, wanted),
        "F1": 2 * right / max(1, wanted + found),
        "  recall of what ACLED covers": right / max(1, reachable),
        "F1 of what ACLED covers": 2 * right / max(1, reachable + found),
    }


def measure(lines: list[Line], jobs: int) -> tuple[dict[str, Figures], list[tuple[Line, Line]]]:
    """The figures, ours and naive; and each sentence with what was found in it."""
    done = run(categories, lines, jobs)
    columns = {
        "all": figures([(line["wanted"], done[line["id"]]["found"]) for line in lines]),
        "naive": figures([(line["wanted"], frozenset({"ASSAULT"})) for line in lines]),
        "keyword": figures([(line["wanted"], keyword(line)) for line in lines]),
        "PETRARCH-2": PETRARCH_2,
    }
    return columns, [(line, done[line["id"]]) for line in lines]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--errors", action="store_true", help="list every sentence that went wrong")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    lines = sentences(options.data)
    if not lines:
        print(f"no PLOVER sentences at {options.data}: nothing measured", file=sys.stderr)
        return 0
    columns, coded = measure(lines, jobs=1)
    print(json.dumps({"plover": columns}, indent=2) if options.json else f"\nPLOVER sentences\n{shown(columns)}")
    for line, done in coded if options.errors else ():
        if line["wanted"] != done["found"] and (done["found"] or line["wanted"] & set(TELLING)):
            print(f"{line['id']} wanted {sorted(line['wanted'])}, found {done['types']}: {line['text']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
