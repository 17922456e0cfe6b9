"""How well the attack of an article is placed and dated: news on attacks on human-rights defenders.

    python -m bench.hrds [--data ../shared] [--mistakes 20]

In:  hrdsattack/dev.jsonl: 100 articles with title and day of publication; the attack that its annotator chose.
Out: the share of articles whose country, city, year, month and day of the month are right, of those for which the set
     gives one ("None", "unknown" and null are none). `none counts`: over all articles, as the published figures
     seem to be; where the set gives none only no answer is right.
     Our answers are chosen by bench/hrds_fill.py among all places and times that the article names, by weights learned
     from the training articles (bench/fit_hrds.py): the annotator's attack is often an old one, told in passing.
     A place is right if its name is the set's, without case and accents, or the gazetteer has both as one place; the
     set's countries are read by tocsin.countries, and what it gives as a city but is a country or a region is wanted
     as it stands.
     Naive: the first country and the first town named; the day of publication.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bench import hrds_fill
from bench.asked import Asked, command, yes
from bench.events import Line, _tools, read
from bench.options import told

NOTHING = {"", "none", "unknown", "null", "nan"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FIELDS = ("country", "city", "year", "month", "day")
Answer = dict[str, Any]  # field -> value or None


def given(line: Line) -> Answer:
    """What the set wants."""
    one = line["annotations"][0]
    place = {name: _said(one.get(name)) for name in ("country", "city")}
    return {**place, "year": _number(one["year"]), "month": _month(one["month"]), "day": _number(one["date"])}


def _said(value: object) -> str | None:
    text = str(value).strip()
    return None if text.casefold() in NOTHING else text


def _number(value: object) -> int | None:
    match = re.match(r"\d+", str(value))
    return int(match[0]) if match else None


def _month(value: object) -> int | None:
    name = str(value).casefold()[:3]
    return MONTHS.index(name) + 1 if name in MONTHS else _number(value)


def article(line: Line) -> Any:
    from tocsin.model import Report

    published = date.fromisoformat(line["publish_date"][:10]) if line.get("publish_date") else None
    return Report(line["doc_id"], "\n\n".join(line["paragraphs"]), line["title"], published, lang="en")


def answers(line: Line) -> tuple[Answer, Answer]:
    """Ours and the naive one."""
    report = article(line)
    one = told(report)
    named = [mention.place for mention in one.scene.places if mention.place]
    return hrds_fill.fill(one, hrds_fill.learned()), {**_first(named), **_when(report.published)}


def _first(named: Sequence[Any]) -> Answer:
    """The country named first, and the town."""
    from tocsin.countries import country

    home = next((place.country for place in named if place.country), None)
    town = next((place.name for place in named if place.kind == "place"), None)
    return {"country": country(home).name if home else None, "city": town}


def _when(day: date | None) -> Answer:
    return {"year": day and day.year, "month": day and day.month, "day": day and day.day}


def right(field: str, wanted: Any, found: Any) -> bool:
    if wanted is None or found is None or field not in ("country", "city"):
        return bool(wanted == found)
    return _same_country(wanted, found) if field == "country" else _same_town(wanted, found)


def _same_country(wanted: str, found: str) -> bool:
    from tocsin.countries import by_name

    return (by_name(wanted, "en") or wanted) == (by_name(found, "en") or found)


def _same_town(wanted: str, found: str) -> bool:
    from tocsin.fold import fold
    from tocsin.locate import find_places

    if fold(wanted) == fold(found):
        return True
    ids = [
        {m.place.geonameid for m in find_places(x.title(), "en", _tools().gazetteer) if m.place}
        for x in (wanted, found)
    ]
    return bool(ids[0] & ids[1] - {None})


def about(line: Line) -> Iterator[Asked]:
    wanted = given(line)
    ours, naive = answers(line)
    for field in FIELDS:
        good = right(field, wanted[field], ours[field]), right(field, wanted[field], naive[field])
        wrong = f"{line['doc_id']} wanted {wanted[field]}, found {ours[field]}: {line['title'][:80]!r}"
        if wanted[field] is not None:
            yield yes(field, *good, wrong)
        yield yes(f"  {field}, none counts", *good)


def ask(data: Path) -> list[Asked]:
    return [asked for line in read([data / "data/hrdsattack/dev.jsonl"]) for asked in about(line)]


def main() -> int:
    return command(__doc__, "hrdsattack", ask)


if __name__ == "__main__":
    sys.exit(main())
