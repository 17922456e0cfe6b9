"""Verdicts as people read them.

In:  Checked statements.
Out: plain lines; how a statement was read, in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin.check.statement import Asked, Checked, Spot, Verdict

IDS = 8  # of the events behind a verdict that are named
MARKS: dict[Verdict, str] = {"supported": "✓", "contradicted": "✗", "cannot be told": "?", "not checkable": "–"}
ORDER: tuple[Verdict, ...] = ("contradicted", "supported", "cannot be told")
WORDS = {
    "count": "how many events", "deaths": "how many dead", "first": "the first", "last": "the last",
    "deadliest": "the deadliest", "closest": "the closest", "change": "a change", "effect": "a change since",
    "expansion": "expansion", "encirclement": "encirclement", "share": "a share", "ranking": "a rank",
    "distance": "a distance", "attribution": "who said that they did it", "status": "a happening",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One line. `name`: what it tells: quote, read, verdict, events, note, not checkable."""

    name: str
    text: str
    verdict: Verdict | None = None


def parts(checked: Sequence[Checked]) -> Iterator[Part]:
    """What was checked in the order of the text, then what cannot be checked."""
    for number, each in enumerate((one for one in checked if one.verdict != "not checkable"), 1):
        assert each.statement.asked
        yield Part("quote", f"{number}. “{flat(each.statement.quote)}”")
        yield Part("read", f"read as: {reading(each.statement.asked)}")
        yield Part("verdict", f"{MARKS[each.verdict]} {each.verdict}: {each.reason}", each.verdict)
        if each.events:
            more = f" and {len(each.events) - IDS} more" if len(each.events) > IDS else ""
            yield Part("events", f"events: {', '.join(each.events[:IDS])}{more}")
        yield from (Part("note", f"note: {note}") for note in each.notes)
    left = [each for each in checked if each.verdict == "not checkable"]
    yield from (Part("not checkable", f"– “{flat(each.statement.quote)}”: {each.reason}") for each in left)


def reading(asked: Asked) -> str:
    """How a statement was read: "how many events; Mali; 2022-06-01 to 2022-07-31; at least 15 events"."""
    found = [
        f"{WORDS[asked.kind]} {asked.happening}" if asked.happening else WORDS[asked.kind],
        ", ".join(asked.sub_event_types or asked.event_types),
        _list("by", asked.actors),
        _list("against", asked.against),
        _spot("in", asked.where),
        _spot(
            {"distance": "to", "closest": "to", "ranking": "of", "expansion": "into"}.get(asked.kind, "at"), asked.place
        ),
        _spot("beyond", asked.beyond),
        f"on {asked.event}" if asked.event else "",
        _span("", asked.since, asked.until),
        _span("against ", asked.than_since, asked.than_until),
        _list("of", asked.than),
        f"of {asked.measure}" if asked.measure else "",
        _stated(asked),
    ]
    return "; ".join(part for part in found if part)


def tally(checked: Sequence[Checked]) -> str:
    """ "5 statements: 1 contradicted, 2 supported, 2 cannot be told; 3 not checkable"."""
    counts = {name: sum(each.verdict == name for each in checked) for name in (*ORDER, "not checkable")}
    told = [f"{counts[name]} {name}" for name in ORDER if counts[name]]
    some = sum(counts[name] for name in ORDER)
    found = f"{some} statement{'s' * (some != 1)}" + (f": {', '.join(told)}" if told else "")
    return found + (f"; {counts['not checkable']} not checkable" if counts["not checkable"] else "")


def flat(text: str) -> str:
    return " ".join(text.split())


def _stated(asked: Asked) -> str:
    number = f"{asked.value:,g} {asked.unit or ''}".strip() if asked.value is not None else ""
    return " ".join(part for part in (asked.comparison or "", number) if part)


def _list(word: str, names: Sequence[str]) -> str:
    return f"{word} {', '.join(names)}" if names else ""


def _spot(word: str, spot: Spot | None) -> str:
    return f"{word} {spot.name}" if spot else ""


def _span(word: str, since: str | None, until: str | None) -> str:
    if since is None and until is None:
        return ""
    if until is None:
        return f"{word}since {since}"
    return f"{word}{since} to {until}" if since else f"{word}until {until}"
