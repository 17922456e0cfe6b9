"""How well single incidents are read: summaries of attacks on aid workers.

    python -m bench.awsd [--data ../shared] [--mistakes 20]

In:  the shared part of the Aid Worker Security Database (awsd/train.jsonl): summaries of one to three sentences.
     Each is coded as a report published on the last day of its month (of its year, without a month).
Out: * `killed exact`: the share of summaries whose number of killed aid workers is right: `tocsin.code.told` on the
       counts of the text, without attackers, without state forces (but for guards, volunteers and staff), and without
       those of whom it says that they are not counted.
       `of coded events`: the sum of the fatalities of all events instead.
     * `means, weighted F1`: the F1 of each code, weighted by how often it is wanted; unknown means are left out.
       The code comes from awsd.toml: from words of the text and sub-event types of the events. Car bombs of three
       kinds are one, because few texts tell them apart.
     * `place within 25 km`: the first event with a point lies there; without such an event the finest place that the
       text names. `of those that name it`: the text has the first word of the city's name. `country told` gives the
       name of the country before the text as well: most summaries name none, since the database has a column for it.
     Naive: the first number before killed, else nobody; always S, the most frequent code; the capital of the country.
"""

from __future__ import annotations

import calendar
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from bench.asked import Asked, command, yes
from bench.events import Line, _tools, read
from bench.killed import _reader

NEAR_KM = 25
FIRST = re.compile(r"\b(\d+|one|two|three|four|five|six)\b[^.]{0,80}\bkilled", re.I)
WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
NOT_COUNTED = r"\bnot (?:counted|countered|included)\b"
ASIDE = re.compile(rf"[^.,;]*\([^()]*{NOT_COUNTED}[^()]*\)[^.,;]*|[^.]*{NOT_COUNTED}[^.]*\.", re.I)
AID = re.compile(r"\b(?:i?ngos?|lngos?|un|red cr\w+|icrc|staff\w*|aid|guards?|volunteers?|humanitarian|relief)\b", re.I)
LATIN = re.compile(r"[^\W\d_]+")


@cache
def _means() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("awsd.toml").read_text(encoding="utf-8"))


@cache
def codes() -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule["code"] for rule in _means()["rule"]))


def wanted_means(code: str) -> str:
    return str(_means()["same"].get(code, code))


def means(text: str, types: set[str]) -> str:
    """The code of the first rule that fits; S, the most frequent, if none does."""
    low = text.lower()
    for rule in _means()["rule"]:
        said = "words" not in rule or re.search(rule["words"], low)
        if said and ("types" not in rule or types & set(rule["types"])):
            return str(rule["code"])
    return "S"


def weighted_f1(sums: np.ndarray) -> np.ndarray:
    """Of rows (right, found, wanted) for each code, one after the other."""
    right, found, wanted = np.moveaxis(sums.reshape(*sums.shape[:-1], -1, 3), -1, 0)
    each = 2 * right / np.maximum(found + wanted, 1e-9)
    return np.asarray((each * wanted).sum(-1) / np.maximum(wanted.sum(-1), 1e-9))


def counted(wanted: str, found: str) -> tuple[float, ...]:
    """The row of one summary for `weighted_f1`."""
    return tuple(float(x) for code in codes() for x in (code == wanted == found, code == found, code == wanted))


def published(line: Line) -> date:
    month = line["month"] or 12
    return date(line["year"], month, calendar.monthrange(line["year"], month)[1])


def dead(text: str) -> int:
    """The aid workers that the text says died."""
    from tocsin.code.told import told
    from tocsin.model import Report

    bare = ASIDE.sub(lambda aside: " " * len(aside[0]), text)
    counts = _reader().read(Report("text", bare, lang="en")).counts
    theirs = [count for count in counts if count.side != "state" or AID.search(count.span.of(bare))]
    return told(theirs, ("attackers",)).best


def coded(line: Line, country: str = "") -> Line:
    """The events of a summary, and the finest place it names."""
    from tocsin.code import claims_in
    from tocsin.exchange.event import to_json
    from tocsin.locate import find_places
    from tocsin.model import Report

    text = f"{country}: {line['text']}" if country else line["text"]
    events = to_json(claims_in(Report(line["id"], text, None, published(line), lang="en"), _tools()))["events"]
    places = [m.place for m in find_places(text, "en", _tools().gazetteer) if m.place and m.place.kind != "region"]
    finest = min(places, key=lambda place: KINDS.index(place.kind), default=None)
    return {"events": events, "finest": (finest.latitude, finest.longitude) if finest else None}


KINDS = ("place", "area", "admin2", "admin1", "country")  # the finest first


def point(done: Line) -> tuple[float, float] | None:
    """Where the first event with a point was, else the finest place that the text names."""
    points = [(e["latitude"], e["longitude"]) for e in done["events"] if e["latitude"] is not None]
    return points[0] if points else done["finest"]


def near(line: Line, found: tuple[float, float] | None) -> bool:
    from tocsin.locate.distance import kilometres

    return found is not None and kilometres(line["lat"], line["lon"], *found) <= NEAR_KM


@lru_cache(maxsize=512)
def capital(name: str) -> tuple[float, float] | None:
    """Where the country's capital lies: the naive place."""
    from tocsin.countries import by_name

    country = by_name(name, "en")
    found = _tools().gazetteer.capital(country.iso3) if country else None
    return (found.latitude, found.longitude) if found else None


def about(line: Line) -> Iterator[Asked]:
    """The questions to one summary."""
    text, done = line["text"], coded(line)
    said = f"{line['id']} {text[:220]!r}"
    first = FIRST.search(text)
    naive = int(WORDS.get(first[1].lower(), first[1])) if first else 0
    killed = dead(text)
    summed = sum(event["fatalities"] or 0 for event in done["events"])
    right = naive == line["killed"]
    yield yes("killed exact", killed == line["killed"], right, f"wanted {line['killed']}, found {killed}: {said}")
    yield yes("  of coded events", summed == line["killed"], right)
    if line["means"] != "U":
        wanted, found = wanted_means(line["means"]), means(text, {e["sub_event_type"] for e in done["events"]})
        wrong = f"wanted {wanted}, found {found}: {said}" if wanted != found else ""
        yield Asked("means, weighted F1", counted(wanted, found), counted(wanted, "S"), wrong)
    if line["lat"] is not None:
        yield from _places(line, done, said)


def _places(line: Line, done: Line, said: str) -> Iterator[Asked]:
    simple = near(line, capital(line["country"]))
    told = near(line, point(coded(line, line["country"])))
    names = LATIN.findall(line["city"] or "")
    stated = bool(names) and names[0].lower() in line["text"].lower()
    wrong = f"wanted {line['city']} ({line['country']}): {said}" if stated else ""
    yield yes("place within 25 km", near(line, point(done)), simple)
    yield yes("  country told", told, simple)
    if stated:
        yield yes("  of those that name it", near(line, point(done)), simple, wrong)
        yield yes("  of those that name it, country told", told, simple, wrong)


def ask(data: Path) -> list[Asked]:
    return [asked for line in read([data / "data/awsd/train.jsonl"]) for asked in about(line)]


STATISTICS = {"means, weighted F1": weighted_f1}


def main() -> int:
    return command(__doc__, "awsd", ask, STATISTICS)


if __name__ == "__main__":
    sys.exit(main())
