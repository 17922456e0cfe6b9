"""Checks of what the event rests on: its claims and their reports.

In:  an event row with `told`: its claims, each with `published` (ISO or None), `rules` and `evidence`; Known.
Out: findings. An event without reports (imported) has no W6.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tocsin.codebook import Finding
from tocsin.exchange.checks.known import Known, Row, day, text, whole


def w3_vague(row: Row, known: Known) -> Iterator[Finding]:
    rules = [rule for claim in row.get("told") or () for rule in claim["rules"] or ()]
    if whole(row, "fatalities") in known.limits.vague_fatalities and not any(r.startswith("fatalities") for r in rules):
        yield Finding("W3", "fatalities", text(row, "fatalities"), "a rule that says where the number comes from")


def w6_report(row: Row, known: Known) -> Iterator[Finding]:
    found = day(row)
    published = [date.fromisoformat(c["published"][:10]) for c in row.get("told") or () if c["published"]]
    if found is None or not published:
        return
    first = min(published)
    if found > first:
        yield Finding("W6", "event_date", found.isoformat(), f"a day up to {first}, when it was first reported")
    elif (first - found).days > known.limits.days_to_report and not row.get("background"):
        expected = f"a day up to {known.limits.days_to_report:g} days before {first}, when it was first reported"
        yield Finding("W6", "event_date", found.isoformat(), expected)
