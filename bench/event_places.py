"""How well the places of events are found: python bench/event_places.py FOLDER-OR-FILE... [--errors] [--every N].

In:  report lines with gold events whose `mentions.place` and `mentions.trigger` are spans (as in news-train).
Out: by language: gold places that have an overlapping mention, country, admin1, within 50 and 10 km; the same for
`place_event`, given the trigger; milliseconds a report; share of gold locations that the gazetteer knows.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tocsin import countries
from tocsin.locate.distance import kilometres
from tocsin.locate.event import place_event
from tocsin.locate.find import find_places
from tocsin.locate.gazetteer import Gazetteer
from tocsin.model import Place, PlaceMention, Span

SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*[\"”»]?|\n")


def plain(name: str | None) -> str:
    folded = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", folded.casefold()).split())


def reports(paths: list[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
            for line in file.read_text(encoding="utf-8").splitlines() if "snippets" not in file.name else ():
                yield json.loads(line)


def sentences(text: str) -> list[Span]:
    return [Span(*m.span()) for m in SENTENCE.finditer(text) if m[0].strip()]


def marks(place: Place | None, gold: dict[str, Any]) -> dict[str, bool]:
    if place is None:
        return {"found": False, "country": False, "admin1": False, "50 km": False, "10 km": False}
    home = countries.country(place.country)
    km = kilometres(place.latitude, place.longitude, gold["latitude"], gold["longitude"])
    names = {plain(n) for n in (gold["admin1"], *(gold.get("admin1_aliases") or ()))}
    points = [
        (gold["latitude"], gold["longitude"]),
        *((a["latitude"], a["longitude"]) for a in gold.get("place_alternatives") or ()),
    ]
    km = min(kilometres(place.latitude, place.longitude, *p) for p in points)
    same = home is not None and plain(home.name) == plain(gold["country"])
    return {
        "found": True,
        "country": same,
        "admin1": same and plain(place.admin1) in names,
        "50 km": km <= 50,
        "10 km": km <= 10,
    }


def at_span(found: tuple[PlaceMention, ...], spans: list[dict[str, int]]) -> Place | None:
    for s in spans:
        span = Span(s["start"], s["end"])
        over = [m for m in found if m.span.overlaps(span) and m.place and m.role != "demonym"]
        if over:
            return min(
                over, key=lambda m: (m.role == "anchor", m.place.kind == "country" if m.place else True, m.span.start)
            ).place
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--errors", type=int, default=0, help="print so many mistakes of each language")
    parser.add_argument("--every", type=int, default=1, help="take each Nth report")
    parser.add_argument("--gazetteer", type=Path)
    given = parser.parse_args()
    gazetteer = Gazetteer.open(given.gazetteer)
    sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    spent = [0.0, 0]
    shown: Counter[str] = Counter()
    for n, report in enumerate(reports(given.paths)):
        if n % given.every == 0:
            run(report, gazetteer, sums, spent, shown, given.errors)
    for (what, lang), c in sorted(sums.items()):
        shares = "  ".join(
            f"{k} {c[k] / c['n']:.3f}" for k in ("found", "country", "admin1", "50 km", "10 km", "known", "precision")
        )
        print(f"{what:10} {lang}  n {c['n']:4}  {shares}")
    print(f"{1000 * spent[0] / max(1, spent[1]):.2f} ms a report")


def run(
    report: dict[str, Any], gazetteer: Gazetteer, sums: Any, spent: list[float], shown: Counter[str], errors: int
) -> None:
    text, lang = report["text"], report["lang"]
    began = time.perf_counter()
    found = find_places(text, lang, gazetteer)
    spent[0] += time.perf_counter() - began
    spent[1] += 1
    cut = sentences(text)
    for gold in report["events"]:
        spans = gold.get("mentions", {}).get("place") or []
        triggers = gold.get("mentions", {}).get("trigger") or []
        if spans:
            place = at_span(found, spans)
            count(sums["mention", lang], marks(place, gold), bool(gazetteer.named(gold["location"])), False)
        if triggers:
            trigger = Span(triggers[0]["start"], triggers[0]["end"])
            at = next((i for i, s in enumerate(cut) if s.overlaps(trigger)), 0)
            located = place_event(trigger, cut[at], cut[:at][::-1], found, gazetteer, text, lang)
            good = marks(located.place if located else None, gold)
            right = located is not None and located.geo_precision == gold["geo_precision"]
            count(sums["event", lang], good, bool(gazetteer.named(gold["location"])), right)
            if not good["50 km"] and shown[lang] < errors:
                shown[lang] += 1
                tell(report, gold, located, cut[at].of(text), spans)


def count(c: Counter[str], good: dict[str, bool], known: bool, right: bool) -> None:
    c.update({"n": 1, **good, "known": known, "precision": right})


def tell(
    report: dict[str, Any], gold: dict[str, Any], located: Any, sentence: str, spans: list[dict[str, Any]]
) -> None:
    quotes = [s["quote"] for s in spans]
    said = (
        f"{located.name} {located.place.country} {located.place.admin1} "
        f"({located.place.latitude}, {located.place.longitude}) {located.rule}"
        if located
        else None
    )
    print(
        f"{report['id']}: gold {gold['location']}, {gold['admin1']}, {gold['country']} "
        f"({gold['latitude']}, {gold['longitude']}) {quotes}\n   got {said}\n   {sentence.strip()[:260]}"
    )


if __name__ == "__main__":
    main()
