"""How well whole incidents are found and filled in: MUC-4, reports in capitals on Latin America, 1988 to 1991.

    python -m bench.muc4 [--data ../shared] [--mistakes 20]

In:  muc4/full_dev.jsonl (TST1 and TST2), each text read as a report published on the day of its dateline.
Out: F1 of slots over all templates. Ours are filled by bench/muc4_fill.py from all that is found in the text, also
     from mentions that would not be coded, by weights learned from the training texts (bench/fit_muc4.py): MUC wants
     a template for what ACLED calls incomplete too. `coded events` are only the events that would be coded, without
     clashes of armed groups with state forces in which no civilians stand on a side.
     Templates are paired, one to one, so that most slots agree; a pair must agree in type or place. A missing template
     misses its slots, one too many has its values false; optional templates are paired too, but neither they nor their
     pairs count.
     * `type`: see TYPES and bench/muc4_fill.py.
     * `perpetrator organisation`: right if one name is part of the other.
     * `location`: the place or its first-level unit is among the names; a country alone wants the country, and is half
       right where more is wanted.
     * `date`: the day lies in one of the template's spans of days.
     * `victim number`: right if a number of human targets is it, or it lies in the range of the dead that the data
       derive from them. Templates without human targets want none.
     Naive: an ATTACK for each text, on the day of the dateline, in its place; no organisation, one victim.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from bench import muc4_fill
from bench.asked import Asked, command
from bench.events import Line, _tools, read
from bench.interval import f1
from bench.options import plain

TYPES = {
    "Attack": "ATTACK",
    "Armed clash": "ATTACK",
    "Mob violence": "ATTACK",
    "Excessive force against protesters": "ATTACK",
    "Sexual violence": "ATTACK",
    "Air/drone strike": "ATTACK",
    "Shelling/artillery/missile attack": "ATTACK",
    "Remote explosive/landmine/IED": "BOMBING",
    "Suicide bomb": "BOMBING",
    "Grenade": "BOMBING",
    "Abduction/forced disappearance": "KIDNAPPING",
    "Looting/property destruction": "ROBBERY",
}
BURNT = re.compile(r"\b(?:burn\w*|fire|arson|torch\w*|ablaze|incendiary)\b", re.I)
SLOTS = ("type", "perpetrator organisation", "location", "date", "victim number")
NAMELESS = ("Unidentified", "Civilians", "Protesters", "Rioters")
Template = dict[str, Any]


def events(line: Line) -> list[Template]:
    """The events of a text that MUC wants, in its terms."""
    from tocsin.code import claims_in
    from tocsin.exchange.event import to_json
    from tocsin.model import Report

    report = Report(line["docid"], line["text"], None, _day(line), lang="en")
    return [template(event) for event in to_json(claims_in(report, _tools()))["events"] if relevant(event)]


def _day(line: Line) -> date | None:
    told = (line.get("dateline") or {}).get("date")
    return date.fromisoformat(told) if told else None


def relevant(event: Line) -> bool:
    """Violence, but for armed groups and state forces that fight each other."""
    sides = {event["inter1"], event["inter2"]} - {None}
    clash = event["sub_event_type"] == "Armed clash" and not any("ivilian" in side for side in sides)
    return event["sub_event_type"] in TYPES and not clash


def template(event: Line) -> Template:
    kind = TYPES[event["sub_event_type"]]
    if kind == "ROBBERY" and any(BURNT.search(each["quote"]) for each in event["evidence"]):
        kind = "ARSON"
    actor = event["actor1"] or ""
    return {
        "type": kind,
        "perpetrator organisation": actor if actor and not actor.startswith(NAMELESS) else None,
        "location": [event[name] for name in ("location", "admin1", "country") if event[name]] or None,
        "date": event["event_date"],
        "victim number": event["fatalities"] or None,
    }


def naive(line: Line) -> list[Template]:
    where = (line.get("dateline") or {}).get("place")
    day = _day(line)
    return [{"type": "ATTACK", "perpetrator organisation": None, "location": [where] if where else None,
             "date": day.isoformat() if day else None, "victim number": 1}]  # fmt: skip


def wanted(gold: Template) -> dict[str, bool]:
    """Which slots the template fills."""
    filled = {"perpetrator organisation": gold["perp_org"], "location": (gold["location"] or {}).get("alternatives"),
              "date": (gold["date"] or {}).get("alternatives"), "victim number": gold["hum_tgt_number"]}  # fmt: skip
    return {"type": True, **{name: bool(value) for name, value in filled.items()}}


def agreed(gold: Template, found: Template) -> dict[str, float]:
    """How right each slot of the event is."""
    given = wanted(gold)
    right = {"type": float(found["type"] in gold["type"])}
    for name, same in (
        ("perpetrator organisation", organisation_of),
        ("location", place_of),
        ("date", date_of),
        ("victim number", number_of),
    ):
        right[name] = float(same(gold, found[name])) if given[name] and found[name] else 0.0
    return right


def organisation_of(gold: Template, found: str | Sequence[str]) -> bool:
    """Is one of the names found part of a wanted one, or the other way round?"""
    names = [plain(name) for slot in gold["perp_org"] for name in slot["mentions"]]
    ours = [f" {plain(name)} " for name in ([found] if isinstance(found, str) else found)]
    return any(f" {name} " in mine or mine in f" {name} " for mine in ours for name in names if name)


def place_of(gold: Template, found: Sequence[str]) -> float:
    """How right the names of a place are."""
    mine = {plain(name) for name in found}
    best = 0.0
    for given in (gold["location"] or {}).get("alternatives", ()):
        names = list(_flat(given))
        finer = {plain(each["name"]) for each in names if each["type"] != "country"}
        country = {plain(each["name"]) for each in names if each["type"] == "country"}
        best = max(best, 1.0 if mine & (finer or country) else 0.5 if mine & country else 0.0)
    return best


def _flat(names: Any) -> Iterator[Line]:
    """The names of a place, also of "between A and B", which is a list of lists."""
    for each in names:
        yield from _flat(each) if isinstance(each, list) else (each,)


def date_of(gold: Template, found: str) -> bool:
    spans = (gold["date"] or {}).get("alternatives", ())
    return any((s["start"] or "0") <= found <= (s["end"] or "9") for s in spans)


def number_of(gold: Template, found: int) -> bool:
    told = {value for slot in gold["hum_tgt_number"] for value in slot["values"]}
    derived = gold["deaths_derived"]
    low, high = derived["min"] or 0, derived["max"] if derived["max"] is not None else found
    return bool(told) and (str(found) in told or (bool(derived["any_death"]) and low <= found <= high))


def rows(gold: Sequence[Template], found: Sequence[Template]) -> dict[str, tuple[float, float, float]]:
    """Right, found and wanted of each slot in one text."""
    right = [[agreed(one, other) for other in found] for one in gold]
    worth = np.array([[sum(each.values()) * (each["type"] + each["location"] > 0) for each in row] for row in right])
    pairs = list(zip(*linear_sum_assignment(-worth), strict=True)) if gold and found else []
    pairs = [(int(i), int(j)) for i, j in pairs if worth[i, j] > 0]
    free = {j for i, j in pairs if gold[i]["optional"]}
    sums = {}
    for name in SLOTS:
        hits = sum(right[i][j][name] for i, j in pairs if not gold[i]["optional"])
        told = sum(each[name] is not None for j, each in enumerate(found) if j not in free)
        asked = sum(wanted(each)[name] for each in gold if not each["optional"])
        sums[name] = (float(hits), float(told), float(asked))
    return sums


def about(line: Line) -> Iterator[Asked]:
    found = muc4_fill.fill(muc4_fill.read(line), muc4_fill.learned())
    ours, simple = rows(line["templates"], found), rows(line["templates"], naive(line))
    coded = rows(line["templates"], events(line))
    for name in SLOTS:
        wrong = ours[name][0] < max(ours[name][1:])
        shown = f"{line['docid']} found {[each[name] for each in found]}, wanted {int(ours[name][2])}"
        yield Asked(name, ours[name], simple[name], shown if wrong else "")
        yield Asked(f"  {name}, coded events", coded[name], simple[name])


def ask(data: Path) -> list[Asked]:
    return [asked for line in read([data / "data/muc4/full_dev.jsonl"]) for asked in about(line)]


STATISTICS = dict.fromkeys([name + end for name in SLOTS for end in ("", ", coded events")], f1)


def main() -> int:
    return command(__doc__, "muc4", ask, STATISTICS)


if __name__ == "__main__":
    sys.exit(main())
