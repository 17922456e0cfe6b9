"""The registry of sources: who reports, from where, for whom, and whether it fights in the conflict itself.

In:  a Store; what a person says about a source.
Out: one `Source` for each source of a report. What a person said wins over what the reports say; each saying is a
     change of the database, with who, when and why.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from difflib import get_close_matches

from tocsin.countries import by_name, country
from tocsin.errors import UsageError
from tocsin.store import Store, schema
from tocsin.store.sources import SAID, source_changes, source_rows

# ACLED's codebook, source scale; an event of several sources has a pair of them.
SCALES = ("Local partner", "Other", "New media", "Subnational", "National", "Regional", "International")
PARTY = ("yes", "no")
UNKNOWN = ("", "unknown")  # takes back what was said
FIELDS = ("country", "scale", "lang", "party")


@dataclass(frozen=True, slots=True)
class Source:
    """A source of reports. `original`: its reports that are no copies of another's. `party`: "yes", "no" or unknown."""

    name: str
    scale: str | None
    country: str | None  # ACLED's name
    lang: str | None
    party: str | None
    reports: int
    original: int
    first_seen: str | None  # publication day of its first report


@dataclass(frozen=True, slots=True)
class Saying:
    """One change of what is known about a source."""

    at: str
    who: str
    what: str


def sources(store: Store) -> list[Source]:
    """All sources, by name."""
    return [
        Source(
            row["name"],
            row["scale"] or _agreed(row.get("scales")),
            row["country"],
            row["lang"] or _agreed(row.get("langs")),
            row["party"],
            row.get("reports", 0),
            row.get("reports", 0) - row.get("copies", 0),
            row.get("first_day") or row["first_seen"],
        )
        for row in source_rows(store)
    ]


def one(store: Store, name: str) -> Source:
    """The source of that name."""
    known = {source.name: source for source in sources(store)}
    if name in known:
        return known[name]
    like = get_close_matches(name, known, 1)
    hint = f"did you mean {like[0]!r}?" if like else "`tocsin sources` lists them."
    raise UsageError(f"no report in {store.name} has the source {name!r}; {hint}")


def describe(store: Store, name: str, said: dict[str, str], *, who: str, why: str = "") -> list[str]:
    """Write down what a person says about a source: field -> value; what changed. "unknown" takes a value back."""
    before = asdict(one(store, name))
    wanted = {field: checked(field, value) for field, value in said.items()}
    row = store.row(schema.source, name) or {"id": name, "name": name, "first_seen": before["first_seen"]}
    changed = [f"{field} {row.get(field) or 'unknown'} → {value or 'unknown'}" for field, value in wanted.items()
               if row.get(field) != value]  # fmt: skip
    if changed:
        what = ", ".join(changed) + (f" ({why})" if why else "")
        with store.change(SAID, who, _beginning(name) + what) as change:
            change.put(schema.source, **{**dict.fromkeys(FIELDS), **row, **wanted})
    return changed


def sayings(store: Store, name: str) -> list[Saying]:
    """What was said about a source, in its order."""
    start = _beginning(name)
    return [Saying(row["at"], row["who"], row["why"][len(start) :]) for row in source_changes(store, start)]


def checked(field: str, value: str) -> str | None:
    """The value as it is stored, None for unknown."""
    value = value.strip()
    if value.lower() in UNKNOWN:
        return None
    if field == "country":
        found = by_name(value, "en") or country(value)
        if found is None:
            raise UsageError(f"--country: found {value!r}, expected ACLED's name of a country or its ISO code.")
        return found.name
    if field == "lang":
        if not re.fullmatch(r"[A-Za-z]{2,3}", value):
            raise UsageError(f"--lang: found {value!r}, expected a code of two or three letters such as fr.")
        return value.lower()
    choices = {choice.lower(): choice for choice in (SCALES if field == "scale" else PARTY)}
    if value.lower() not in choices:
        raise UsageError(f"--{field}: found {value!r}, expected one of: {', '.join(choices.values())}, unknown.")
    return choices[value.lower()]


def _beginning(name: str) -> str:
    """How the reason of a change about this source begins; the quotes keep names apart that begin alike."""
    return f"{json.dumps(name, ensure_ascii=False)}: "


def _agreed(ends: list[str | None] | None) -> str | None:
    """What all reports say that say anything."""
    first, last = ends or (None, None)
    return first if first == last else None
