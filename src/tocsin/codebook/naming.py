"""How ACLED writes the names of actors.

In:  data/patterns.toml and the parts of a name: state, regime years, country, region.
Out: the name; and, the other way round, the kind and the parts of a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tocsin.codebook.tables import DATA, Row, read
from tocsin.errors import UsageError

PART = re.compile(r"\{(\w+)\}")
OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
PARTS = {
    "years": r"\d{4}-(?:\d{4})?",
    "abbreviation": r"[^\s:()]{2,}(?: [^\s:()]+)?",
    "country": r"[^()]+",
    "branch": r"[^()]+",
}
YEARS = re.compile(r"\((\d{4})-(\d{4})?\)")
BRACKETED = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Regime:
    """The years of a government: first and, once it is over, last."""

    first: int
    last: int | None = None

    def covers(self, year: int) -> bool:
        return self.first <= year and (self.last is None or year <= self.last)

    def __str__(self) -> str:
        return f"{self.first}-{self.last or ''}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One row of the grammar."""

    id: str
    template: str
    inter: str | None
    regex: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A name taken apart. `kind` is the pattern's id, or "plain"."""

    kind: str
    parts: Mapping[str, str]
    inter: str | None = None  # at home; None: the name does not tell


def load_patterns(path: Path) -> dict[str, Pattern]:
    """Read and check a grammar file."""
    return {row.get("id", str): _pattern(row) for row in read(path).rows("pattern", ("id", "template", "inter"), "id")}


def _pattern(row: Row) -> Pattern:
    template = row.get("template", str)
    try:
        regex = re.compile(_regex(template))
    except re.error as error:
        raise row.wrong(f"template {template!r} ({error})", "{part} and [optional] pairs") from error
    inter = row.values.get("inter")
    return Pattern(row.get("id", str), template, inter, regex)


def _regex(template: str) -> str:
    escaped = re.sub(r"([().+*?])", r"\\\1", template)
    return PART.sub(lambda m: f"(?P<{m[1]}>{PARTS.get(m[1], '.+?')})", OPTIONAL.sub(r"(?:\1)?", escaped))


@cache
def patterns() -> dict[str, Pattern]:
    return load_patterns(DATA / "patterns.toml")


def fill(pattern: str, **parts: object) -> str:
    """The name by the pattern with that id; optional pieces whose part is missing or None are left out."""
    if pattern not in patterns():
        raise UsageError(f"{pattern!r} is no pattern of actor names; known: {', '.join(patterns())}")
    given = {name: str(part) for name, part in parts.items() if part is not None}
    template = OPTIONAL.sub(lambda m: m[1] if _given(m[1], given) else "", patterns()[pattern].template)
    if missing := [name for name in PART.findall(template) if name not in given]:
        raise UsageError(f"a name of the kind {pattern!r} needs {', '.join(missing)}")
    return PART.sub(lambda m: given[m[1]], template)


def _given(piece: str, parts: Mapping[str, str]) -> bool:
    return bool(PART.findall(piece)) and all(name in parts for name in PART.findall(piece))


def military(state: str, regime: Regime, unit: str | None = None) -> str:
    return fill("military", state=state, years=regime, unit=unit)


def mutiny(state: str, regime: Regime, unit: str | None = None) -> str:
    return fill("mutiny", state=state, years=regime, unit=unit)


def police(state: str, regime: Regime, unit: str | None = None) -> str:
    return fill("police", state=state, years=regime, unit=unit)


def government(state: str, regime: Regime) -> str:
    return fill("government", state=state, years=regime)


def generic(group: str, country: str) -> str:
    """ "Protesters", "Rioters", "Civilians", "Students", ... of a country."""
    return fill("associated", group=group, country=country)


def unidentified_armed_group(country: str) -> str:
    return fill("unidentified_group", country=country)


def unidentified_militia(community: str, country: str) -> str:
    """`community`: "Communal", "Ethnic", "Clan", "Tribal"."""
    return fill("unidentified_militia", community=community, country=country)


def communal(region: str, country: str) -> str:
    return fill("communal", region=region, country=country)


def ethnic(name: str, country: str) -> str:
    return fill("ethnic", name=name, country=country)


def clan(name: str, country: str) -> str:
    return fill("clan", name=name, country=country)


def tribal(name: str, country: str) -> str:
    return fill("tribal", name=name, country=country)


def abbreviated(abbreviation: str, name: str) -> str:
    return fill("abbreviated", abbreviation=abbreviation, name=name)


def parse_name(name: str) -> ParsedName:
    """The kind of a name and its parts."""
    for pattern in patterns().values():
        if found := pattern.regex.fullmatch(name):
            parts = {key: part for key, part in found.groupdict().items() if part is not None}
            return ParsedName(pattern.id, parts, pattern.inter)
    return ParsedName("plain", {})


def regime_of(name: str) -> Regime | None:
    """The regime years in a name, None if it has none."""
    found = YEARS.search(name)
    return Regime(int(found[1]), int(found[2]) if found[2] else None) if found else None


def flaws(name: str) -> Iterator[str]:
    """What the grammar forbids in a name."""
    if name != " ".join(name.split()):
        yield "spaces too many"
    if name.count("(") != name.count(")"):
        yield "brackets that do not match"
    if parse_name(name).kind in ("plain", "associated") and name.startswith(STATE_BODIES):
        yield "no regime years"
    for inside in BRACKETED.findall(name):
        if re.search(r"\d{4}\s*[-–]", inside) and not YEARS.fullmatch(f"({inside})"):
            yield f"years written ({inside})"
    regime = regime_of(name)
    if regime and regime.last is not None and regime.last < regime.first:
        yield f"years that end before they begin ({regime})"


STATE_BODIES = ("Military Forces of ", "Police Forces of ", "Government of ", "Mutiny of Military Forces of ")
