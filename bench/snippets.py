"""How well single snippets get their sub-event type: our coder and a naive baseline.

    python -m bench.snippets [--data ../shared] [--sets case2021 news-train] [--jobs 2] [--mistakes 20] [--json]
                             [--finder rules|model|both] [--folds FOLDER]

In:  case2021_task2/dev.jsonl (its subtask 1: the 25 classes of ACLED) and news-train/*-snippets.jsonl.
Out: F1 by class weighted by how often the class is wanted, and the share right. A snippet is coded as a report without
     title and publication date; what counts is the sub-event type of its first event, complete or not, "none" without
     one. "none" is no class of its own: it is a miss where a class is wanted; where none is wanted, an event found is
     false for its class, and `none right` is the share of such snippets left without an event.
     Naive: always Attack; and the class that is most frequent in the set.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from bench.events import Figures, Line, finder_of, ours, read, run, shown

NONE = "none"
CLASSES = {
    "ABDUCT_DISSAP": "Abduction/forced disappearance",
    "AGREEMENT": "Agreement",
    "AIR_STRIKE": "Air/drone strike",
    "ARMED_CLASH": "Armed clash",
    "ARREST": "Arrests",
    "ART_MISS_ATTACK": "Shelling/artillery/missile attack",
    "ATTACK": "Attack",
    "CHANGE_TO_GROUP_ACT": "Change to group/activity",
    "CHEM_WEAP": "Chemical weapon",
    "DISR_WEAP": "Disrupted weapons use",
    "FORCE_AGAINST_PROTEST": "Excessive force against protesters",
    "GOV_REGAINS_TERIT": "Government regains territory",
    "GRENADE": "Grenade",
    "HQ_ESTABLISHED": "Headquarters or base established",
    "MOB_VIOL": "Mob violence",
    "NON_STATE_ACTOR_OVERTAKES_TER": "Non-state actor overtakes territory",
    "NON_VIOL_TERRIT_TRANSFER": "Non-violent transfer of territory",
    "OTHER": "Other",
    "PEACE_PROTEST": "Peaceful protest",
    "PROPERTY_DISTRUCT": "Looting/property destruction",
    "PROTEST_WITH_INTER": "Protest with intervention",
    "REM_EXPLOS": "Remote explosive/landmine/IED",
    "SEX_VIOL": "Sexual violence",
    "SUIC_BOMB": "Suicide bomb",
    "VIOL_DEMONSTR": "Violent demonstration",
}


def case2021(data: Path) -> list[Line]:
    """The snippets of subtask 1 with `wanted`, the class by its ACLED name."""
    lines = read([data / "data/case2021_task2/dev.jsonl"])
    return [{**line, "lang": "en", "wanted": CLASSES[line["label"]]} for line in lines if line["subtask"] == 1]


def news_train(data: Path) -> list[Line]:
    lines = read(sorted((data / "data/news-train").glob("*-snippets.jsonl")))
    return [{**line, "wanted": line["sub_event_type"]} for line in lines]


SETS = {"case2021": case2021, "news-train": news_train}


def first_type(line: Line, finder: Any = None) -> Line:
    """The sub-event type of the first event of a snippet."""
    bare = {"id": line["id"], "text": line["text"], "lang": line["lang"]}
    events = ours(bare, incomplete=True, finder=finder)["events"]
    return {"id": line["id"], "type": events[0]["sub_event_type"] if events else NONE}


def weighted_f1(pairs: Iterable[tuple[str, str]]) -> float:
    """F1 of each class that is wanted (`NONE` is none), weighted by how often it is; pairs are (wanted, found)."""
    pairs = list(pairs)
    wanted, found = Counter(w for w, _ in pairs), Counter(f for _, f in pairs)
    right = Counter(w for w, f in pairs if w == f)
    del wanted[NONE]
    total = sum(wanted.values())
    return sum(n * 2 * right[name] / (n + found[name]) for name, n in wanted.items()) / total if total else 0.0


def figures(pairs: list[tuple[str, str]]) -> Figures:
    """(wanted, found) of each snippet, in figures."""
    told = [(w, f) for w, f in pairs if w != NONE]
    empty = [f for w, f in pairs if w == NONE]
    given = {"snippets": len(pairs), "weighted F1": weighted_f1(pairs)}
    given["right where an event is wanted"] = sum(w == f for w, f in told) / max(1, len(told))
    if empty:
        given["none right"] = sum(f == NONE for f in empty) / len(empty)
    return given


def measure(lines: list[Line], jobs: int, finder: Any = None) -> tuple[dict[str, Figures], list[tuple[Line, str]]]:
    """The figures of all, of each language and of the baselines; and each snippet with the type found."""
    found = {key: done["type"] for key, done in run(partial(first_type, finder=finder), lines, jobs).items()}
    columns = {"all": figures([(line["wanted"], found[line["id"]]) for line in lines])}
    langs = sorted({line["lang"] for line in lines})
    for lang in langs if len(langs) > 1 else ():
        columns[lang] = figures([(line["wanted"], found[line["id"]]) for line in lines if line["lang"] == lang])
    frequent = Counter(line["wanted"] for line in lines if line["wanted"] != NONE).most_common(1)[0][0]
    columns["naive"] = figures([(line["wanted"], "Attack") for line in lines])
    columns["most frequent"] = figures([(line["wanted"], frequent) for line in lines])
    return columns, [(line, found[line["id"]]) for line in lines]


def mistakes(coded: list[tuple[Line, str]], most: int) -> str:
    """The most frequent confusions."""
    wrong = Counter((line["wanted"], found) for line, found in coded if line["wanted"] != found)
    return "\n".join(f"{n:5}  {wanted} -> {found}" for (wanted, found), n in wrong.most_common(most))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=list(SETS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--mistakes", type=int, default=0, metavar="N", help="list the N most frequent confusions")
    parser.add_argument("--errors", action="store_true", help="list every snippet that went wrong")
    parser.add_argument("--finder", choices=("rules", "model", "both"), default="both")
    parser.add_argument("--folds", type=Path, help="the folder of training, with two models and which.json")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result: dict[str, Any] = {}
    for name in options.sets:
        lines = SETS[name](options.data)
        if not lines:
            print(f"{name}: no labelled snippets at {options.data}", file=sys.stderr)
            continue
        result[name], coded = measure(lines, options.jobs, finder_of(options.finder, options.folds))
        if not options.json:
            print(f"\n{name} snippets\n{shown(result[name])}\n{mistakes(coded, options.mistakes)}")
        for line, found in coded if options.errors else ():
            if found != line["wanted"]:
                print(f"{line['id']} wanted {line['wanted']}, found {found}: {line['text']}")
    if options.json:
        print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
