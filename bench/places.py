"""How well the names of any text are located: five public sets, each beside the most populous place of the name.

    python -m bench.places [--data ../shared] [--sets lgl ...] [--errors N] [--every N]
    python -m bench.places --events [--data ../shared]     which place belongs to which event (event_location.py)

In:  data/<set>/<set>.jsonl: texts with spans and the GeoNames id or point of each.
Out: for each set the share of all its names with a point that are located (the same id; else within 161 km), with the
     spans given and from the bare text; precision and recall of the spans found; texts a second; kinds of error.
     WikToR marks one name in each text only, so that its precision means nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench import event_location, floors
from bench.events import Figures, shown
from tocsin.locate import Gazetteer
from tocsin.locate.anywhere import Mention, locate
from tocsin.locate.candidates import candidates
from tocsin.locate.distance import kilometres
from tocsin.model import Place, Span

Line = dict[str, Any]
SETS = ("lgl", "trnews", "gwn", "geovirus", "wiktor")
NEAR_KM = 161.0  # a hundred miles, as everybody measures
EVERY = {"wiktor": 5}  # its texts are many, and much alike


@dataclass(frozen=True, slots=True)
class Gold:
    """A name of a text and where it lies. `wanted`: it has a point; the others are names all the same."""

    span: Span
    name: str
    geonameid: int | None
    latitude: float
    longitude: float
    within_km: float = NEAR_KM


@dataclass(frozen=True, slots=True)
class Text:
    """`ignored`: spans that are marked, but not as places that could be located."""

    id: str
    text: str
    gold: tuple[Gold, ...]
    ignored: tuple[Span, ...] = ()
    lang: str = "en"


def texts(data: Path, name: str, every: int = 1) -> Iterator[Text]:
    with (data / "data" / name / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                yield text_of(json.loads(line))


def text_of(row: Line) -> Text:
    wanted = [m for m in row["mentions"] if m.get("lat") is not None and not m.get("non_locational")]
    ignored = tuple(Span(m["start"], m["end"]) for m in row["mentions"] if m not in wanted)
    gold = (
        Gold(
            Span(m["start"], m["end"]),
            m["text"],
            int(m["geonames_id"]) if m.get("geonames_id") else None,
            m["lat"],
            m["lon"],
        )
        for m in wanted
    )
    return Text(row["id"], row["text"], tuple(gold), ignored)


def is_right(gold: Gold, place: Place | None) -> bool:
    """The same GeoNames id, else within 161 km or what the set allows."""
    if place is None:
        return False
    same = gold.geonameid is not None and place.geonameid == gold.geonameid
    return same or kilometres(place.latitude, place.longitude, gold.latitude, gold.longitude) <= gold.within_km


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def most_populous(name: str) -> Place | None:
    """The naive answer: a country of that name, else its largest town."""
    places = [c.place for c in candidates(name, "en", gazetteer())]
    return max(places, key=lambda p: (p.kind == "country", p.population or 0), default=None)


def measure(
    data: Path, name: str, every: int | None = None, errors: Counter[tuple[str, str]] | None = None
) -> dict[str, Figures]:
    """Our figures for a set, and those of the naive answer."""
    seen = [*texts(data, name, every or EVERY.get(name, 1))]
    total = sum(len(t.gold) for t in seen)
    right: Counter[str] = Counter()
    spent = 0.0
    for t in seen:
        given = locate(t.text, "en", gazetteer(), tuple(g.span for g in t.gold))
        begun = time.process_time()
        found = locate(t.text, "en", gazetteer())
        spent += time.process_time() - begun
        by_span = {m.span: m for m in given}
        for g in t.gold:
            answer = by_span[g.span].place
            right["gold spans"] += is_right(g, answer)
            right["most populous"] += is_right(g, most_populous(g.name))
            here = [m for m in found if m.span.overlaps(g.span)]
            right["raw text"] += any(is_right(g, m.place) for m in here)
            right["raw, most populous"] += any(is_right(g, most_populous(m.name)) for m in here)
            if errors is not None and not is_right(g, answer):
                errors[kind_of_error(g), g.name] += 1
            if errors is not None and not here:
                errors["not found", g.name] += 1
        right.update(counts(t, found))
    share = {what: n / total for what, n in right.items()}
    precision = right["exact"] / max(1, right["found"])
    recall = right["exact"] / total
    ours = {"gold spans": share["gold spans"], "raw text": share["raw text"], "  recall of spans": recall}
    if name != "wiktor":
        ours |= {"  precision of spans": precision, "  F1 of spans": 2 * precision * recall / (precision + recall)}
    ours["  texts a second"] = len(seen) / spent
    naive = {"gold spans": share["most populous"], "raw text": share["raw, most populous"]}
    return {"all": ours, "most populous": naive}


def counts(t: Text, found: Sequence[Mention]) -> Counter[str]:
    """Spans found, and those that are exactly a gold one; what the set leaves open does not count."""
    gold = {g.span for g in t.gold}
    mine = [m.span for m in found if m.place and (m.span in gold or not any(m.span.overlaps(s) for s in t.ignored))]
    return Counter({"found": len(mine), "exact": sum(s in gold for s in mine)})


def kind_of_error(g: Gold) -> str:
    """Why a name whose span was given is wrong."""
    places = [c.place for c in candidates(g.name, "en", gazetteer())]
    if not places:
        return "no such name in the gazetteer"
    if any(is_right(g, p) for p in places):
        return "another place chosen"
    wide = any(p.kind in ("country", "region", "area", "admin1") for p in places)
    return "wide: another point" if wide else "namesakes only"


def tell(name: str, errors: Counter[tuple[str, str]], most: int) -> None:
    """Kinds of error with their commonest names."""
    for kind in sorted({kind for kind, _ in errors}):
        same = Counter({what: n for (k, what), n in errors.items() if k == kind})
        listed = ", ".join(f"{what} {n}" for what, n in same.most_common(most))
        print(f"  {name}: {kind}: {same.total()}: {listed}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--sets", nargs="*", choices=SETS, default=SETS)
    parser.add_argument("--every", type=int, help="take each Nth text")
    parser.add_argument("--errors", type=int, default=0, help="list so many names of each kind of error")
    parser.add_argument("--events", action="store_true", help="which place belongs to which event, instead")
    given = parser.parse_args()
    if given.events:
        print(shown(event_location.measure(given.data), floors.bars().get("event_location")))
        return
    for name in given.sets:
        if not (given.data / "data" / name).is_dir():
            print(f"bench: {given.data / 'data' / name} is not there, so it is not measured.", file=sys.stderr)
            continue
        errors: Counter[tuple[str, str]] | None = Counter() if given.errors else None
        print(f"{name}\n{shown(measure(given.data, name, given.every, errors), floors.bars().get(name))}\n", flush=True)
        if errors is not None:
            tell(name, errors, given.errors)


if __name__ == "__main__":
    main()
