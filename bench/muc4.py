"""How well whole incidents are found and filled in: MUC-4, reports in capitals on Latin America, 1988 to 1991.

    python -m bench.muc4 [--data ../shared] [--mistakes 20]

In:  muc4/full_dev.jsonl (TST1 and TST2), each text coded as a report published on the day of its dateline.
Out: F1 of slots over all templates. Only events that MUC wants are taken: violence (TYPES), without clashes of armed
     groups with state forces in which no civilians stand on a side. Events and templates are paired, one to one, so
     that most slots agree; a pair must agree in type or place. A missing template misses its slots, an event without
     one has its values false; optional templates are paired too, but neither they nor their events count.
     * `type`: see TYPES; burnt property is ARSON, other looted or destroyed property ROBBERY.
     * `perpetrator organisation`: the event's first actor, if it has a name; right if one name is part of the other.
     * `location`: the event's place or its first-level unit is among the names; a country alone wants the country, and
       is half right where more is wanted.
     * `date`: the event's day lies in one of the template's spans of days.
     * `victim number`: how many died; right if a number of human targets, or the range of the dead that the data
       derive from them, is the event's fatalities. Templates without human targets want none.
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

from bench.asked import Asked, command
from bench.events import Line, _tools, read
from bench.interval import f1

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
        ("perpetrator organisation", _org),
        ("location", _place),
        ("date", _date),
        ("victim number", _dead),
    ):
        right[name] = float(same(gold, found[name])) if given[name] and found[name] else 0.0
    return right


def _plain(text: str) -> str:
    from tocsin.fold import fold

    return re.sub(r"\W+", " ", fold(text)).strip()


def _org(gold: Template, found: str) -> bool:
    mine = f" {_plain(found)} "
    names = [_plain(name) for slot in gold["perp_org"] for name in slot["mentions"]]
    return any(f" {name} " in mine or mine in f" {name} " for name in names if name)


def _place(gold: Template, found: Sequence[str]) -> float:
    mine = {_plain(name) for name in found}
    best = 0.0
    for given in gold["location"]["alternatives"]:
        names = list(_flat(given))
        finer = {_plain(each["name"]) for each in names if each["type"] != "country"}
        country = {_plain(each["name"]) for each in names if each["type"] == "country"}
        best = max(best, 1.0 if mine & (finer or country) else 0.5 if mine & country else 0.0)
    return best


def _flat(names: Any) -> Iterator[Line]:
    """The names of a place, also of "between A and B", which is a list of lists."""
    for each in names:
        yield from _flat(each) if isinstance(each, list) else (each,)


def _date(gold: Template, found: str) -> bool:
    spans = gold["date"]["alternatives"]
    return any((s["start"] or "0") <= found <= (s["end"] or "9") for s in spans)


def _dead(gold: Template, found: int) -> bool:
    told = {value for slot in gold["hum_tgt_number"] for value in slot["values"]}
    derived = gold["deaths_derived"]
    low, high = derived["min"] or 0, derived["max"] if derived["max"] is not None else found
    return str(found) in told or (bool(derived["any_death"]) and low <= found <= high)


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
    found = events(line)
    ours, simple = rows(line["templates"], found), rows(line["templates"], naive(line))
    for name in SLOTS:
        wrong = ours[name][0] < max(ours[name][1:])
        told = f"{line['docid']} found {[each[name] for each in found]}, wanted {int(ours[name][2])}"
        yield Asked(name, ours[name], simple[name], told if wrong else "")


def ask(data: Path) -> list[Asked]:
    return [asked for line in read([data / "data/muc4/full_dev.jsonl"]) for asked in about(line)]


STATISTICS = dict.fromkeys(SLOTS, f1)


def main() -> int:
    return command(__doc__, "muc4", ask, STATISTICS)


if __name__ == "__main__":
    sys.exit(main())
