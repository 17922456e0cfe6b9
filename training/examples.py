"""Texts with what a coder found in them, as training reads them.

In:  files of reports or snippets in the format of news-train (docs/finder.md).
Out: `Example`s.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tocsin.finder.heads import ROLES
from tocsin.model import Span

NONE = "none"
# A mention that is no event has no sub-event type. What is told as background or as a sum has one that nobody coded.
TYPELESS = frozenset({"threatened", "planned", "denied", "generic", "statement", "hypothetical", "not_political", NONE})


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that tell of an event or seem to. `kind`: its sub-event type, None: unknown. `event`: its place in the
    report's list of events, None: not codable. `tagged`: the coder's own span, not one that rules propose."""

    span: Span
    status: str | None
    kind: str | None
    event: int | None = None
    tagged: bool = True


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what is known of it.

    `roles`: event, role, span. `others`: spans that rules propose for a role, and the kind each is: actor,
    place, date, killed, injured ... `whole`: the sub-event type
    of a snippet whose words are not marked. `complete`: what is not marked is nothing.
    `asked`: the roles that were looked for. `share`: of the rounds of training that see it.
    `groups`: examples that have one in common are never parted by a split.
    """

    id: str
    groups: tuple[str, ...]
    lang: str
    text: str
    title: str | None = None
    published: date | None = None
    mentions: tuple[Mention, ...] = ()
    roles: tuple[tuple[int, str, Span], ...] = ()
    others: tuple[tuple[Span, str], ...] = ()
    whole: str | None = None
    complete: bool = True
    asked: tuple[str, ...] = ROLES
    share: float = 1.0


def read_examples(path: Path, *, share: float = 1.0) -> Iterator[Example]:
    """The examples of one file, reports and snippets alike."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield example(json.loads(line), share)


def example(line: dict[str, Any], share: float = 1.0) -> Example:
    """One line of the format."""
    if "events" not in line:
        groups = (f"snippet {line.get('pair') or line['id']}",)
        return Example(
            line["id"], groups, line["lang"], line["text"], whole=line["sub_event_type"], complete=False, share=share
        )
    events = line["events"]
    mentions = [mention for number, event in enumerate(events) for mention in _triggers(number, event)]
    mentions += [_other(row) for row in line.get("non_events", ())]
    return Example(
        line["id"],
        (f"report {line['id']}", *(f"event {event['event_id']}" for event in events)),
        line["lang"],
        line["text"],
        line.get("title"),
        date.fromisoformat(line["published"]) if line.get("published") else None,
        tuple(mentions),
        tuple(_roles(events)),
        share=share,
    )


def _triggers(number: int, event: dict[str, Any]) -> Iterator[Mention]:
    status = "background" if event.get("background") else "happened"
    for row in event["mentions"]["trigger"]:
        yield Mention(_span(row), status, event["sub_event_type"], number)


def _other(row: dict[str, Any]) -> Mention:
    return Mention(_span(row), row["status"], NONE if row["status"] in TYPELESS else None)


def _roles(events: Iterable[dict[str, Any]]) -> Iterator[tuple[int, str, Span]]:
    for number, event in enumerate(events):
        for role in ROLES:
            for row in event["mentions"].get(role, ()):
                yield number, role, _span(row)


def _span(row: dict[str, Any]) -> Span:
    return Span(row["start"], row["end"])
